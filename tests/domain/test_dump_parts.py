"""Item by item: all that belongs to the items of a dump, once, and nothing of the others."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from server.domain import dump_statements
from server.domain.dump_plans import Plan
from server.domain.dump_snapshots import Snapshot
from server.names import CH, DC, DCTERMS, EDM, OA, ORE, RDF, SKOS, Names
from server.resources import folder
from server.store import queries

NAMES = Names("http://127.0.0.1:8000/")
GRAPH, PUBLISHED = NAMES.graph("collection", "vases"), NAMES.graph("published", "words")
CLAY = NamedNode("http://terms.example/clay")
MATERIAL = NamedNode("info:terms/material")
AWKWARD = f'> <{CLAY.value}> .\n\t"quoted" back\\slash \\U0001F3FA \x0b\x7f\u00ad\U0001f3fa '
VASES = 350  # more than a page


def vase(number: int) -> NamedNode:
    return NamedNode(f"http://museum.example/{number}")


def record(number: int) -> list[Quad]:
    """With a number, a part of another item, and a concept that all have and that has another."""
    item, aggregation = vase(number), NamedNode(f"{vase(number).value}#aggregation")
    said = [
        (item, RDF.type, EDM.ProvidedCHO), (item, DCTERMS.extent, Literal(number)),
        (item, DC.title, Literal(f"{AWKWARD}{number}")), (item, DC.subject, CLAY),
        (item, DCTERMS.isPartOf, vase((number + 1) % VASES)),
        (aggregation, RDF.type, ORE.Aggregation), (aggregation, EDM.aggregatedCHO, item),
    ]  # fmt: skip
    return [Quad(*each, GRAPH) for each in said]


def annotation(number: int) -> list[Quad]:
    me, target = (
        NAMES.annotation(str(number)),
        NamedNode(f"{NAMES.annotation(str(number)).value}#t"),
    )
    said = [
        (me, RDF.type, OA.Annotation), (me, OA.hasTarget, target), (me, OA.hasBody, CLAY),
        (target, OA.hasSource, vase(number)), (NAMES.proxy(vase(number).value), DC.subject, CLAY),
        (CLAY, RDF.type, SKOS.Concept),
    ]  # fmt: skip
    return [Quad(*each, PUBLISHED) for each in said]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    store = Store(tmp_path_factory.mktemp("vases") / "store")
    store.bulk_extend(quad for number in range(VASES) for quad in record(number))
    store.bulk_extend(quad for number in range(VASES) for quad in annotation(number))
    store.extend([
        Quad(CLAY, RDF.type, SKOS.Concept, GRAPH), Quad(CLAY, SKOS.broader, MATERIAL, GRAPH),
        Quad(MATERIAL, SKOS.prefLabel, Literal("material", language="en"), GRAPH),
        Quad(NAMES.collection("vases"), RDF.type, EDM.Collection, GRAPH),
        Quad(NAMES.campaign("words"), RDF.type, CH.Campaign, NAMES.graph("campaign", "words")),
    ])  # fmt: skip
    return Snapshot(NAMES, store, queries.load(folder("queries")))


def listed(tmp_path: Path, numbers: range) -> str:
    path = tmp_path / "items"
    path.write_text("".join(f"{vase(number).value}\n" for number in numbers), encoding="utf-8")
    return str(path)


def expected(state: Snapshot, numbers: range, content: str) -> set[Quad]:
    """What was put in of them, and of what they share."""
    shared = {CLAY, MATERIAL}
    quads = {quad for quad in state.store if quad.subject in shared}
    for number in numbers:
        quads |= {*record(number), *annotation(number)}
    graphs = {"plain": {GRAPH}, "enrichments": {PUBLISHED}}.get(content, {GRAPH, PUBLISHED})
    return {quad for quad in quads if quad.graph_name in graphs}


@pytest.mark.parametrize("content", ["plain", "enriched", "enrichments"])
def test_a_provider_has_its_own_alone(state: Snapshot, tmp_path: Path, content: str) -> None:
    numbers = range(0, VASES, 2)
    plan = Plan(
        "nquads", content, "providers", ("museum",), listed=listed(tmp_path, numbers)  # type: ignore[arg-type]
    )  # fmt: skip
    data = b"".join(dump_statements.pieces(state, plan))
    assert set(parse(data, RdfFormat.N_QUADS)) == expected(state, numbers, content)
    assert len(set(data.splitlines())) == len(data.splitlines())


@pytest.mark.parametrize(
    ("form", "read"),
    [("ntriples", RdfFormat.N_TRIPLES), ("turtle", RdfFormat.TURTLE),
     ("jsonld", RdfFormat.JSON_LD)],
)  # fmt: skip
def test_each_format_says_the_same(
    state: Snapshot, tmp_path: Path, form: str, read: RdfFormat
) -> None:
    numbers = range(5)
    plan = Plan(form, "enriched", "providers", ("museum",), listed=listed(tmp_path, numbers))  # type: ignore[arg-type]
    found = {quad.triple for quad in parse(b"".join(dump_statements.pieces(state, plan)), read)}
    assert found == {quad.triple for quad in expected(state, numbers, "enriched")}


def test_a_campaign_has_its_items_and_its_graphs(state: Snapshot, tmp_path: Path) -> None:
    plan = Plan("nquads", "enriched", "campaigns", ("words",), listed=listed(tmp_path, range(3)))
    found = set(parse(b"".join(dump_statements.pieces(state, plan)), RdfFormat.N_QUADS))
    assert {quad for quad in found if quad.graph_name == GRAPH} == expected(
        state, range(3), "plain"
    )
    whole = set(state.store.quads_for_pattern(None, None, None, PUBLISHED))
    assert {quad for quad in found if quad.graph_name == PUBLISHED} == whole
