"""Real records, enriched with every kind of contribution, against XSDs and Schematron rules.

What was valid before it was imported, or as it was mended then, is valid as it comes out, plain
and enriched.
`EDM_RECORDS=all` takes every record there is, instead of a sample.
"""

import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from server.commit import Desk
from server.domain import (
    contributing,
    dump_records,
    dump_snapshots,
    graph_states,
    item_values,
    opening,
    publishing,
    vocabularies,
)
from server.domain.campaigns import Campaign, Task, create
from server.domain.contributing import Proposal
from server.domain.dump_records import Content
from server.domain.item_values import ItemValue
from server.formats import edm_read
from server.formats.edm_write import record_xml
from server.formats.records import Record
from server.formats.vocabularies import VocabularyData, as_statements
from server.names import CH, DC, DCTERMS, EDM, ORE, RDF, SKOS, WGS84, XSD
from tests import worlds
from tests.schematron import Schematron
from tests.worlds import World, now

#: Of each profile: the schema, the rules.
SCHEMAS = {
    "external": ("EDM.xsd", "schematron.xsl"),
    "internal": ("EDM-INTERNAL.xsd", "schematron-internal.xsl"),
}
STEP = 20
CONCEPT, PLACE, NAMED_PLACE, PERSON, SPAN, COLOUR = map(worlds.term, range(6))
PARIS = [(WGS84.lat, "48.85"), (WGS84.long, "2.35")]
KINDS: dict[str, tuple[NamedNode, list[tuple[NamedNode, Any]]]] = {
    CONCEPT: (SKOS.Concept, [(SKOS.broader, NamedNode(worlds.term(9)))]),
    PLACE: (EDM.Place, [(p, Literal(value, datatype=XSD.decimal)) for p, value in PARIS]),
    NAMED_PLACE: (EDM.Place, []),
    PERSON: (EDM.Agent, [(EDM.begin, Literal("1598"))]),
    SPAN: (EDM.TimeSpan, [(EDM.begin, Literal("1900")), (EDM.end, Literal("1999"))]),
    COLOUR: (SKOS.Concept, [(CH.hex, Literal("#1F4AA8"))]),
}
FIELDS = {CONCEPT: DC.type, PLACE: DCTERMS.spatial, NAMED_PLACE: DC.coverage, PERSON: DC.creator,
          SPAN: DCTERMS.created}  # fmt: skip


class Rules:
    """Both checks of both profiles."""

    def __init__(self, folder: Path, schematron: Schematron) -> None:
        self.folder = folder
        self.schematron = schematron

    @cache  # noqa: B019 (one of it)
    def schema(self, profile: str) -> etree.XMLSchema:
        return etree.XMLSchema(etree.parse(str(self.folder / SCHEMAS[profile][0])))

    def faults(self, profile: str, document: bytes) -> list[str]:
        parser = etree.XMLParser(resolve_entities=False)
        schema = self.schema(profile)
        try:
            tree = etree.fromstring(document, parser)
        except etree.XMLSyntaxError as error:
            return [str(error)]
        if not schema.validate(tree):
            return [str(error) for error in schema.error_log]
        stylesheet = self.folder / "schematron" / SCHEMAS[profile][1]
        return self.schematron.faults(stylesheet, etree.tostring(tree, encoding="unicode"))

    def profile(self, document: bytes) -> str | None:
        return next((each for each in SCHEMAS if not self.faults(each, document)), None)


@dataclass
class Real:
    """`profiles`: what each item's record was valid as, before it was imported."""

    rules: Rules
    desk: Desk
    profiles: dict[str, str]
    proposed: int

    def documents(self, content: Content) -> Iterator[tuple[str, bytes]]:
        source = dump_snapshots.live(self.desk)
        return dump_records.documents(source, [NamedNode(each) for each in self.profiles], content)


@pytest.fixture(scope="module")
def real(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    settings = worlds.create(tmp_path_factory.mktemp("edm") / "data")
    with Schematron() as schematron, opening.opened(settings) as desk:
        rules = Rules(shared_data / "edm-schema", schematron)
        everything = os.environ.get("EDM_RECORDS") == "all"
        records = dict[str, tuple[Record, str]]()
        for number, (data, record) in enumerate(single_records(desk, shared_data / "edm")):
            if everything or number % STEP == 0 or number > 200:  # those of Europeana come last
                profile = rules.profile(data) or rules.profile(read_and_written(record))
                if profile:
                    records[record.item] = (record, profile)
        world = furnish(desk, [record for record, _profile in records.values()])
        proposed = sum(enrich(world, item) for item in records)
        publishing.publish(desk, world.organiser, "real", now=now())
        profiles = {item: profile for item, (_record, profile) in records.items()}
        yield Real(rules, desk, profiles, proposed)


def read_and_written(record: Record) -> bytes:
    """What was mended when it was read is valid since then."""
    found = parse("\n".join(record.lines), format=RdfFormat.N_TRIPLES)
    return record_xml(record.item, [quad.triple for quad in found])


def single_records(desk: Desk, folder: Path) -> Iterator[tuple[bytes, Record]]:
    """(document, the only record in it)."""
    for path in sorted(folder.glob("*/*")):
        for name, data in files(path):
            read = edm_read.read_document(name, data, base=desk.names.base)
            found = [record for record in read if isinstance(record, Record)]
            if len(found) == 1:
                yield data, found[0]


def files(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.suffix != ".zip":
        yield path.name, path.read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield name, archive.read(name)


def furnish(desk: Desk, records: list[Record]) -> World:
    """The records as a collection, and a campaign with a question of each kind about them."""
    world = worlds.furnish(desk)
    lines = (line.removesuffix(" .") for record in records for line in record.lines)
    graph = desk.names.graph("collection", "real")
    prepared = graph_states.prepare(desk, "public", graph, lines)
    worlds.commit_bulk(desk, world.organiser, "real", prepared.bulk)
    title = ((DCTERMS.title, Literal("All kinds", language="en")),)
    data = VocabularyData(worlds.TERMS, title, as_statements(triples()))
    vocabularies.load(desk, world.organiser, "all", data, now=now())
    tasks = [Task(n, f.value, {"en": "?"}, ("all",)) for n, f in enumerate(FIELDS.values(), 1)]
    about = (DC.title.value, DC.description.value)
    tasks += [
        Task(6, DC.format.value, {"en": "?"}, ("all",), kind=CH.ColourTag.value),
        Task(7, "", {"en": "?"}, kind=CH.Correction.value, about=about),
        Task(8, "", {"en": "?"}, kind=CH.Translation.value, about=about, languages=("nl", "el")),
        Task(9, DCTERMS.spatial.value, {"en": "?"}, ("all",), kind=CH.Place.value),
        Task(10, DC.subject.value, {"en": "?"}, kind=CH.FreeTag.value),
    ]
    named = {"en": "Real"}
    made = Campaign("real", named, named, ("real",), tuple(tasks), 9, state="open")
    create(desk, world.organiser, made, now=now())
    world.campaign = "real"
    world.agree(world.people[1])
    return world


def triples() -> Iterator[Any]:
    for iri, (kind, more) in KINDS.items():
        me = NamedNode(iri)
        said = [(RDF.type, kind), (RDF.type, SKOS.Concept)]
        said += [(SKOS.prefLabel, Literal(f"<{n} & co>", language=n)) for n in ("en", "de", "el")]
        said += [(SKOS.scopeNote, Literal("A note", language="en"))]
        yield from (Quad(me, p, o).triple for p, o in (*said, *more))


def enrich(world: World, item: str) -> int:
    """Every kind that the item can have, accepted by an organiser; how many that were."""
    person = world.people[1]
    given = [Proposal.of_term("real", item, n, term) for n, term in enumerate(FIELDS, 1)]
    said: list[tuple[int, dict[str, list[str]]]] = [
        (6, {"colour": [COLOUR]}),
        (9, {"place-lat": ["41.9"], "place-long": ["12.5"], "place-accuracy": ["500"]}),
        (10, {"tag": ["sea & <horse>"], "tag-lang": ["en"]}),
    ]
    for value in values(world.desk, item):
        text = {"value": [value], "text": ["Corrected <text> & more"], "text-lang": ["nl"]}
        said += [(7, text), (8, {**text, "text": ["Vertaald"]})]
    given += [Proposal("real", item, task, form) for task, form in said]
    for proposal in given:
        iri = contributing.propose(world.desk, person, proposal, now=now())
        publishing.decide(world.desk, world.organiser, iri, "accept", "It is so.", now=now())
    return len(given)


def values(desk: Desk, item: str) -> list[str]:
    """A title or description that can be corrected and translated, as forms name it."""
    wanted = [DC.title.value, DC.description.value]
    found = item_values.standing(desk, "public", item, wanted)
    return [ItemValue(p, o, "").id for p, o in found if isinstance(o, Literal)][:1]


@pytest.mark.parametrize("content", ["plain", "enriched"])
def test_what_was_valid_before_import_is_valid_after(real: Real, content: Content) -> None:
    wrong = {
        item: faults
        for item, document in real.documents(content)
        if (faults := real.rules.faults(real.profiles[item], document))
    }
    assert wrong == {}
    assert set(real.profiles.values()) == {"external", "internal"}
    assert len(dict(real.documents(content))) == len(real.profiles) > 20


def test_every_kind_of_contribution_is_in_the_enriched_records(real: Real) -> None:
    assert real.proposed >= 8 * len(real.profiles)
    fields = {*FIELDS.values(), DC.format, DC.subject, DC.title, DC.description}
    for item, document in real.documents("enriched"):
        tree = etree.fromstring(document)
        external = real.profiles[item] == "external"
        me = item if external else real.desk.names.proxy(item).value
        (holder,) = (e for e in tree if e.get(f"{{{RDF}}}about") == me and is_holder(e, external))
        said = {f"{{{field.value.rsplit('/', 1)[0]}/}}{field.value.rsplit('/', 1)[1]}"
                for field in fields}  # fmt: skip
        found = {child.tag for child in holder}
        assert len(found & said) >= 7
        about = {each.get(f"{{{RDF}}}about"): each.tag for each in tree}
        for term, (kind, _more) in KINDS.items():
            assert about[term].endswith(kind.value.rpartition("/")[2].rpartition("#")[2]), term
        assert "<de &amp; co>".replace("<", "&lt;").replace(">", "&gt;").encode() in document


def is_holder(element: etree._Element, external: bool) -> bool:
    kind = EDM.ProvidedCHO if external else ORE.Proxy
    namespace, _hash, local = kind.value.rpartition("/")
    return bool(element.tag == f"{{{namespace}/}}{local}")
