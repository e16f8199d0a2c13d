"""Sickle, a client of OAI-PMH that others wrote, harvests a real server."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree
from pyoxigraph import RdfFormat, Triple, parse
from sickle import Sickle, oaiexceptions
from sickle.iterator import OAIItemIterator
from sickle.models import Record

from server.domain import opening, publishing
from server.names import RDF
from tests import worlds
from tests.web import oai_site
from tests.web.oai_site import PREFIXES, Print
from tests.worlds import World

_RDF = f"{{{RDF.base}}}RDF"
MANY = 900  # three parts of a list


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, World]]:
    with oai_site.serve(tmp_path_factory.mktemp("many") / "data") as (address, world):
        oai_site.things(world, MANY)
        yield address, world


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, World]]:
    """Twelve prints, listed in parts of four; the clock is that of the machine."""
    monkeypatch.setattr("server.domain.oai_lists.RECORDS", 4)
    with oai_site.serve(tmp_path / "data") as (address, world):
        oai_site.things(world, 12)
        oai_site.publish(world, 0)
        publishing.unpublish(world.desk, world.organiser, world.campaign, now=datetime.now(UTC))
        yield address, world


def ids(world: World, *numbers: int) -> set[str]:
    return {f"oai:127.0.0.1:{world.desk.names.item_id(worlds.item(n))}" for n in numbers}


def copy(records: Iterator[Record]) -> dict[str, str | None]:
    """What a harvester keeps: identifier → the record's XML, None where it was deleted."""
    found: dict[str, str | None] = {}
    for each in records:
        assert each.header.identifier not in found, "it came twice"
        found[each.header.identifier] = None if each.deleted else each.raw
    return found


def triples(record: Record) -> set[Triple]:
    (rdf,) = record.xml.iter(_RDF)
    return {quad.triple for quad in parse(etree.tostring(rdf), RdfFormat.RDF_XML)}


@pytest.mark.parametrize("prefix", PREFIXES)
def test_it_harvests_everything_in_each_format(many: tuple[str, World], prefix: str) -> None:
    address, world = many
    records = Sickle(address).ListRecords(metadataPrefix=prefix)
    found = {each.header.identifier: each for each in records}
    assert found.keys() == ids(world, *range(MANY))
    if prefix == "oai_dc":
        assert {each.metadata["title"][0] for each in found.values()} == {
            f"Print {n}" for n in range(MANY)
        }
        return
    graph = world.desk.names.graph("collection", "prints")
    store = world.desk.datasets["public"].store
    imported = {
        quad.triple for quad in store.quads_for_pattern(None, None, None, graph)
        if quad.subject != world.desk.names.collection("prints")
    }  # fmt: skip
    assert set().union(*map(triples, found.values())) == imported


def test_it_asks_what_the_server_is(many: tuple[str, World]) -> None:
    address, world = many
    client = Sickle(address)
    identity = client.Identify()
    assert (identity.deletedRecord, identity.protocolVersion) == ("persistent", "2.0")
    assert [each.metadataPrefix for each in client.ListMetadataFormats()] == list(PREFIXES)
    assert "collection:prints" in [each.setSpec for each in client.ListSets()]
    (identifier,) = ids(world, 3)
    assert client.GetRecord(metadataPrefix="oai_dc", identifier=identifier).metadata["title"] == [
        "Print 3"
    ]
    headers = list(client.ListIdentifiers(metadataPrefix="edm", set="collection:prints"))
    assert {each.identifier for each in headers} == ids(world, *range(MANY))


@pytest.mark.parametrize(
    ("error", "question"),
    [
        (oaiexceptions.BadArgument, {"metadataPrefix": "edm", "from": "never"}),
        (oaiexceptions.CannotDisseminateFormat, {"metadataPrefix": "marc21"}),
        (oaiexceptions.NoRecordsMatch, {"metadataPrefix": "edm", "set": "nothing"}),
        (oaiexceptions.BadResumptionToken, {"resumptionToken": "nonsense"}),
    ],
)
def test_it_understands_the_errors(
    many: tuple[str, World], error: type[Exception], question: dict[str, str]
) -> None:
    with pytest.raises(error):
        Sickle(many[0]).ListRecords(**question)


def test_what_changes_meanwhile_is_neither_skipped_nor_repeated(few: tuple[str, World]) -> None:
    """Its copy is the server's, once it has asked for what changed since it began."""
    address, world = few
    records = Sickle(address).ListRecords(metadataPrefix="edm_enriched")
    assert isinstance(records, OAIItemIterator)
    began = records.oai_response.xml.findtext("{*}responseDate")
    changes = _changes(world)
    first: dict[str, str | None] = {}
    for number, each in enumerate(records):
        assert each.header.identifier not in first
        first[each.header.identifier] = None if each.deleted else each.raw
        if number % 4 == 1:
            next(changes, None)
    assert first.keys() == ids(world, *range(12))
    later = Sickle(address).ListRecords(metadataPrefix="edm_enriched", **{"from": began})
    kept = first | copy(later)
    assert kept == copy(Sickle(address).ListRecords(metadataPrefix="edm_enriched"))
    assert {each for each, xml in kept.items() if xml is None} == ids(world, 5, 9)


def _changes(world: World) -> Iterator[None]:
    """What happens between the parts: an import that adds, changes and deletes; publishing; taking
    it back."""
    texts = {n: f"Print {n}" for n in range(14) if n != 5} | {1: "Another", 11: "Other"}
    worlds.import_things(
        world.desk, world.organiser, "prints",
        [*(Print(n, text) for n, text in texts.items()), Print(5, "", gone=True)],
    )  # fmt: skip
    yield
    oai_site.publish(world, 2)
    oai_site.publish(world, 11)
    yield
    publishing.unpublish(world.desk, world.organiser, world.campaign, now=worlds.now())
    texts = {n: text for n, text in texts.items() if n != 9}
    worlds.import_things(
        world.desk, world.organiser, "prints",
        [*(Print(n, text) for n, text in texts.items()),
         *(Print(n, "", gone=True) for n in (5, 9))],
    )  # fmt: skip
    yield


def test_it_asks_for_what_changed_and_is_told_what_was_deleted(few: tuple[str, World]) -> None:
    address, world = few
    stamps = [each.datestamp for each in Sickle(address).ListIdentifiers(metadataPrefix="edm")]
    worlds.import_things(
        world.desk, world.organiser, "prints",
        [*(Print(n, f"Print {n}") for n in range(11)), Print(11, "", gone=True),
         Print(12, "New")],
    )  # fmt: skip
    changed = copy(Sickle(address).ListRecords(metadataPrefix="edm", **{"from": max(stamps)}))
    assert ids(world, 11, 12) <= changed.keys()
    (deleted,) = ids(world, 11)
    assert changed[deleted] is None
    left = Sickle(address).ListRecords(metadataPrefix="edm", ignore_deleted=True)
    assert copy(left).keys() == ids(world, *range(11), 12)


def test_it_goes_on_after_the_server_was_started_anew(tmp_path: Path) -> None:
    """At another address; each part of the list comes from another start."""
    settings = worlds.create(tmp_path / "data")
    with opening.opened(settings) as desk:
        world = worlds.furnish(desk)
        oai_site.things(world, MANY)
        expected = ids(world, *range(MANY))
    found: list[str] = []
    given = {"metadataPrefix": "edm"}
    while given:
        with oai_site.serve_again(settings) as (address, _desk):
            records = Sickle(address).ListRecords(**given)
            found += [each.header.identifier for each in _first_part(records)]
            token = records.resumption_token
            given = {"resumptionToken": token.token} if token and token.token else {}
    assert len(found) == len(set(found)) == MANY
    assert set(found) == expected


def _first_part(records: OAIItemIterator) -> Iterator[Record]:
    for element in records.oai_response.xml.iter("{*}record"):
        yield Record(element)


def test_it_goes_on_after_everything_was_made_anew_from_the_journal(
    few: tuple[str, World], tmp_path: Path
) -> None:
    address, world = few
    records = Sickle(address).ListRecords(metadataPrefix="edm")
    first = [each.header.identifier for each in _first_part(records)]
    with worlds.rebuilt(world.desk.settings, tmp_path / "fresh") as fresh:
        settings = fresh.settings
    with oai_site.serve_again(settings) as (elsewhere, _desk):
        rest = Sickle(elsewhere).ListRecords(resumptionToken=records.resumption_token.token)
        assert {*first, *copy(rest)} == ids(world, *range(12))
