"""Dumps: everything public and nothing else, of one moment, and EDM that is valid and enriched."""

import gzip
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import zstandard
from lxml import etree
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from server.commit import Desk
from server.domain import (
    contributing,
    dump_plans,
    dumps,
    graph_states,
    opening,
    publishing,
)
from server.domain.campaigns import Campaign, Task, create
from server.domain.dump_plans import Plan
from server.errors import Invalid, NotFound
from server.formats import edm_read
from server.formats.edm_order import EXTERNAL
from server.formats.edm_write import profile_of, record_xml
from server.formats.records import Record
from server.names import CH, DC, DCTERMS, EDM, ORE, RDF, SKOS
from tests import worlds
from tests.worlds import World, now

TERM = NamedNode(worlds.term(2))
LABEL = '"kind 2"@en'


@contextmanager
def published(folder: Path, annotations: int = 1) -> Iterator[World]:
    """A world with some published annotations, and one more that is pending."""
    with opening.opened(worlds.create(folder)) as desk:
        world = worlds.furnish(desk)
        for number in range(annotations):
            accept(world, worlds.item(number), worlds.term(2))
        publishing.publish(desk, world.organiser, world.campaign, now=now())
        world.propose(world.people[1], worlds.item(5), worlds.term(7))
        yield world


def accept(world: World, item: str, term: str) -> None:
    iri = world.propose(world.people[1], item, term)
    for voter in (world.organiser, world.people[2]):
        contributing.vote(world.desk, voter, iri, "approve", now=now())


@cache
def schema(shared_data: Path, name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(shared_data / "edm-schema" / name)))


def public(desk: Desk) -> set[Quad]:
    return set(desk.datasets["public"].store)


def triples_of(data: bytes) -> set[Triple]:
    return {quad.triple for quad in parse(data, RdfFormat.RDF_XML)}


def test_nquads_are_the_whole_public_dataset_and_nothing_of_work(tmp_path: Path) -> None:
    with published(tmp_path / "data") as world:
        dumps.write_file(world.desk, tmp_path / "all.nq", "nquads")
        assert set(parse(path=tmp_path / "all.nq")) == public(world.desk)
        text = (tmp_path / "all.nq").read_text()
        assert "Vote" not in text and "graph/annotations" not in text


@pytest.mark.parametrize(
    ("name", "unpack"),
    [("x.ttl", bytes), ("x.ttl.gz", gzip.decompress),
     ("x.ttl.zst", lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data))],
)  # fmt: skip
def test_turtle_has_every_triple_packed_by_the_name(tmp_path: Path, name: str, unpack) -> None:  # type: ignore[no-untyped-def]
    with published(tmp_path / "data") as world:
        dumps.write_file(world.desk, tmp_path / name, "turtle")
        data = unpack((tmp_path / name).read_bytes())
        found = {quad.triple for quad in parse(data, RdfFormat.TURTLE)}
        assert found == {quad.triple for quad in public(world.desk)}
        assert b"edm:ProvidedCHO" in data


def test_the_same_data_gives_the_same_file(tmp_path: Path) -> None:
    with published(tmp_path / "data") as world:
        for name in ("one.nq.gz", "two.nq.gz"):
            dumps.write_file(world.desk, tmp_path / name, "nquads")
        assert (tmp_path / "one.nq.gz").read_bytes() == (tmp_path / "two.nq.gz").read_bytes()


def test_published_values_stand_on_their_item_and_on_no_other(tmp_path: Path) -> None:
    with published(tmp_path / "data", annotations=2) as world:
        out = io.BytesIO()
        dumps.write_stream(world.desk, out, "edm")
        found = triples_of(out.getvalue())
        enriched = {t.subject.value for t in found if t.predicate == DC.subject}
        assert enriched == {worlds.item(0), worlds.item(1)}
        assert Triple(TERM, RDF.type, SKOS.Concept) in found
        assert f"{TERM} {SKOS.prefLabel} {LABEL}" in map(str, found)
        items = [t.subject for t in found if t.object == EDM.ProvidedCHO]
        assert len(items) == 6


def test_every_kind_of_value_is_dumped_and_no_answer_that_is_none(tmp_path: Path) -> None:
    """A text of one's own, a point on the map, and that a place cannot be identified."""
    spatial = DCTERMS.spatial.value
    tasks = (
        Task(1, DC.subject.value, {"en": "Your words?"}, kind=CH.FreeTag.value),
        Task(2, spatial, {"en": "Where?"}, ("kinds",), kind=CH.Place.value),
    )
    point = {"place-lat": ["41.9"], "place-long": ["12.5"], "place-accuracy": ["500"]}
    unknown = {"place": [CH.NotIdentifiable.value]}
    with opening.opened(worlds.create(tmp_path / "data")) as desk:
        world = worlds.furnish(desk)
        world.campaign = "words"
        made = Campaign("words", {"en": "W"}, {"en": "W"}, ("prints",), tasks, 9, state="open")
        create(desk, world.organiser, made, now=now())
        for person in world.people:
            world.agree(person)
        said = [(0, 1, {"tag": ["sea horse"], "tag-lang": ["en"]}), (1, 2, point), (2, 2, unknown)]
        for item, task, values in said:
            proposal = contributing.Proposal("words", worlds.item(item), task, values)
            iri = contributing.propose(desk, world.organiser, proposal, now=now())
            contributing.vote(desk, world.people[1], iri, "approve", now=now())
        assert publishing.publish(desk, world.organiser, "words", now=now()) == len(said)
        out = io.BytesIO()
        dumps.write_stream(desk, out, "edm")
        found = triples_of(out.getvalue())
    assert (
        Triple(NamedNode(worlds.item(0)), DC.subject, Literal("sea horse", language="en")) in found
    )
    (where,) = (t for t in found if t.predicate == DCTERMS.spatial)
    assert where.subject == NamedNode(worlds.item(1))
    assert Triple(where.object, RDF.type, EDM.Place) in found  # type: ignore[arg-type]
    assert not [t for t in found if t.object == CH.NotIdentifiable]


def test_what_was_withdrawn_is_in_no_later_dump(tmp_path: Path) -> None:
    with published(tmp_path / "data") as world:
        publishing.unpublish(world.desk, world.organiser, world.campaign, now=now())
        out = io.BytesIO()
        dumps.write_stream(world.desk, out, "edm")
        assert TERM.value.encode() not in out.getvalue()


def test_values_stay_with_an_item_that_has_another_identifier_by_now(tmp_path: Path) -> None:
    with published(tmp_path / "data") as world:
        things = [worlds.Thing("new", "Print 0", replaces=(worlds.item(0),))]
        worlds.import_things(world.desk, world.organiser, "prints", things)
        out = io.BytesIO()
        dumps.write_stream(world.desk, out, "edm")
        subject = Triple(NamedNode(worlds.item("new")), DC.subject, TERM)
        assert subject in triples_of(out.getvalue())


def test_a_dump_of_a_collection_has_its_campaigns_but_no_other_collection(tmp_path: Path) -> None:
    with published(tmp_path / "data") as world:
        things = [worlds.Thing("vase", "A vase")]
        worlds.import_things(world.desk, world.organiser, "vases", things)
        for form, wanted in (("nquads", "graph/published/subjects"), ("edm", TERM.value)):
            out = io.BytesIO()
            dumps.write_stream(world.desk, out, form, ["prints"])  # type: ignore[arg-type]
            text = out.getvalue().decode()
            assert worlds.item(0) in text and wanted in text
            assert worlds.item("vase") not in text
        with pytest.raises(NotFound):
            dumps.write_file(world.desk, tmp_path / "x.nq", "nquads", ["nothing"])


def test_what_fails_leaves_the_former_file_and_nothing_else(tmp_path: Path) -> None:
    with published(tmp_path / "data") as world:
        target = tmp_path / "out" / "x.xml"
        target.parent.mkdir()
        target.write_text("former")

        def stop(_done: int, _total: int) -> None:
            raise OSError("no space left")

        with pytest.raises(OSError, match="no space left"):
            dumps.write_file(world.desk, target, "edm", (), stop)
        assert target.read_text() == "former"
        assert [path.name for path in target.parent.iterdir()] == ["x.xml"]
        assert list((tmp_path / "data" / "dumps").iterdir()) == []


def test_only_edm_comes_as_zip(tmp_path: Path) -> None:
    for plan in (Plan("nquads", name="x.zip"), Plan("rdfa"), Plan("edm", "rich")):  # type: ignore[arg-type]
        with pytest.raises(Invalid):
            dump_plans.check(plan)


# --- real records ------------------------------------------------------------------------------


@dataclass
class Imported:
    desk: Desk
    records: list[Record]
    enriched: list[str]


@contextmanager
def imported(folder: Path, sources: list[Path]) -> Iterator[Imported]:
    """Real records in a collection, some with a published annotation."""
    with opening.opened(worlds.create(folder)) as desk:
        world = worlds.furnish(desk)
        found = edm_read.read(sources, base=desk.names.base)
        by_item = {one.item: one for one in found if isinstance(one, Record)}
        graph = desk.names.graph("collection", "real")
        lines = (line.removesuffix(" .") for one in by_item.values() for line in one.lines)
        prepared = graph_states.prepare(desk, "public", graph, lines)
        worlds.commit_bulk(desk, world.organiser, "real", prepared.bulk)
        world.campaign = "real"
        task = Task(1, DC.subject.value, {"en": "What?"}, ("kinds",))
        campaign = Campaign("real", {"en": "R"}, {"en": "R"}, ("real",), (task,), 9, state="open")
        create(desk, world.organiser, campaign, now=now())
        for person in world.people:
            world.agree(person)
        items = sorted(by_item)[:: max(1, len(by_item) // 12)]
        for item in items:
            accept(world, item, TERM.value)
        publishing.publish(desk, world.organiser, "real", now=now())
        yield Imported(desk, list(by_item.values()), items)


def dumped(desk: Desk, target: Path) -> dict[str, bytes]:
    """Item → its document, from a dump as .zip."""
    dumps.write_file(desk, target, "edm", ["real"])
    found = {}
    with zipfile.ZipFile(target) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            found[
                next(t.subject.value for t in triples_of(data) if t.object == EDM.ProvidedCHO)
            ] = data
    return found


def original(record: Record) -> list[Triple]:
    return [quad.triple for quad in parse("\n".join(record.lines), format=RdfFormat.N_TRIPLES)]


@pytest.mark.parametrize("source", ["ekt", "europeana"])
def test_real_records_are_valid_where_they_were_and_enriched(
    shared_data: Path, tmp_path: Path, source: str
) -> None:

    count = 0
    with imported(tmp_path / "data", [shared_data / "edm" / source]) as real:
        documents = dumped(real.desk, tmp_path / "real.zip")
        assert documents.keys() == {record.item for record in real.records}
        for record in real.records:
            triples = original(record)
            external = profile_of(triples) is EXTERNAL
            xsd = schema(shared_data, "EDM.xsd" if external else "EDM-INTERNAL.xsd")
            if xsd.validate(etree.fromstring(record_xml(record.item, triples))):
                xsd.assertValid(etree.fromstring(documents[record.item]))
                count += 1
            if record.item in real.enriched:
                assert_enriched(real.desk, record.item, documents[record.item], external)
    assert count >= 5


def assert_enriched(desk: Desk, item: str, document: bytes, external: bool) -> None:
    found = triples_of(document)
    proxy = desk.names.proxy(item)
    assert Triple(NamedNode(item) if external else proxy, DC.subject, TERM) in found
    assert Triple(TERM, RDF.type, SKOS.Concept) in found
    assert f"{TERM} {SKOS.prefLabel} {LABEL}" in map(str, found)
    ours = {t.predicate: t.object for t in found if t.subject == proxy}
    if external:
        assert not ours
    else:
        assert getattr(ours[EDM.europeanaProxy], "value", "") == "false"
        told = (t for t in found if t.predicate == EDM.europeanaProxy and t.subject != proxy)
        providers = {t.subject for t in told if getattr(t.object, "value", "") == "false"}
        assert not providers or ours[ORE.lineage] in providers


def test_what_was_imported_comes_out_again(shared_data: Path, tmp_path: Path) -> None:

    with imported(tmp_path / "data", [shared_data / "edm" / "ekt"]) as real:
        documents = dumped(real.desk, tmp_path / "real.zip")
        for record in real.records:
            wanted = triples_of(record_xml(record.item, original(record)))
            assert wanted <= triples_of(documents[record.item])


def test_external_records_are_one_valid_document(shared_data: Path, tmp_path: Path) -> None:
    with imported(tmp_path / "data", [shared_data / "edm" / "ekt"]) as real:
        dumps.write_file(real.desk, tmp_path / "real.xml", "edm", ["real"])
        document = etree.parse(str(tmp_path / "real.xml"))
        schema(shared_data, "EDM.xsd").assertValid(document)
        cho = "{http://www.europeana.eu/schemas/edm/}ProvidedCHO"
        assert len(document.findall(cho)) == len(real.records)


def test_a_dump_reads_back_into_a_store(tmp_path: Path) -> None:
    with published(tmp_path / "data") as world:
        dumps.write_file(world.desk, tmp_path / "all.nq", "nquads")
        store = Store()
        store.bulk_load(path=tmp_path / "all.nq", format=RdfFormat.N_QUADS)
        assert set(store) == public(world.desk)
