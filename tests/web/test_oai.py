"""OAI-PMH 2.0 at /oai: the six verbs, their errors, sets, times, deleted records."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from lxml import etree
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from server.domain import campaigns, publishing
from server.errors import Unavailable
from server.names import DC, DCTERMS, EDM, ORE, RDF
from server.viewers import Viewer
from server.web.oai import Gate
from tests import worlds
from tests.web import oai_site
from tests.web.oai_site import (
    OAI,
    PREFIXES,
    Print,
    ask,
    assert_valid,
    codes,
    identifiers,
    pages,
    token,
)
from tests.worlds import Thing, World

HOSTILE = "]]> & <b>\x01\x0b\ufffe</record> \"'>\r\n\u202e\U0001f600 " + "é" * 3


class Odd(Print):
    """An item whose texts try to break out of the XML, in other ways than most."""

    def lines(self) -> Iterator[str]:
        yield from super().lines()
        me = NamedNode(self.iri)
        for property_ in (DC.title, DC.description, DCTERMS.alternative):
            yield f"{me} {property_} {Literal(HOSTILE, language='en')}"
        yield f"{me} <http://example.org/123> {Literal('its property has no name')}"
        yield f"{me} <http://example.org/x?a=1&b=ok> {Literal('an ampersand')}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, World]]:
    """Eight prints; one is enriched, one gone; and a map with texts that mean no good."""
    with oai_site.serve(tmp_path_factory.mktemp("oai") / "data") as (address, world):
        prints = [Print(n, f"Print {n}") for n in range(7)]
        worlds.import_things(world.desk, world.organiser, "prints", [*prints, Print(7, "Lost")])
        worlds.import_things(world.desk, world.organiser, "maps", [Odd("map", "A map")])
        oai_site.publish(world, 2)
        gone = [*prints, Print(7, "", gone=True)]
        worlds.import_things(world.desk, world.organiser, "prints", gone)
        yield address, world


@pytest.fixture
def address(site: tuple[str, World]) -> str:
    return site[0]


@pytest.fixture
def world(site: tuple[str, World]) -> World:
    return site[1]


def oai_id(world: World, number: int | str) -> str:
    return f"oai:127.0.0.1:{world.desk.names.item_id(worlds.item(number))}"


def record(root: etree._Element, identifier: str) -> etree._Element:
    (found,) = [
        each for each in root.iter(f"{OAI}record")
        if each.findtext(f"{OAI}header/{OAI}identifier") == identifier
    ]  # fmt: skip
    return found


# --- the verbs -----------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["Identify", "ListSets", "ListMetadataFormats"])
def test_what_is_said_of_the_server_is_valid(shared_data: Path, address: str, verb: str) -> None:
    assert_valid(shared_data, ask(address, verb=verb))


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers", "GetRecord"])
@pytest.mark.parametrize("prefix", PREFIXES)
def test_records_are_valid_by_the_schemas(
    shared_data: Path, address: str, world: World, verb: str, prefix: str
) -> None:
    arguments = {"verb": verb, "metadataPrefix": prefix}
    if verb == "GetRecord":
        arguments["identifier"] = oai_id(world, "map")
    root = ask(address, **arguments)
    assert_valid(shared_data, root)
    assert len(identifiers(root)) == (1 if verb == "GetRecord" else 9)


def test_identify_tells_what_a_harvester_needs(address: str, world: World) -> None:
    told = ask(address, verb="Identify").find(f"{OAI}Identify")
    assert told is not None
    names = ("baseURL", "deletedRecord", "granularity", "compression", "adminEmail")
    assert [told.findtext(f"{OAI}{name}") for name in names] == [
        "http://127.0.0.1:8000/oai", "persistent", "YYYY-MM-DDThh:mm:ssZ", "gzip",
        "admin@127.0.0.1",
    ]  # fmt: skip
    stamps = [each.text for each in ask(
        address, verb="ListIdentifiers", metadataPrefix="edm"
    ).iter(f"{OAI}datestamp")]  # fmt: skip
    assert told.findtext(f"{OAI}earliestDatestamp") <= min(stamps)


def test_a_domain_is_described_as_the_home_of_identifiers(
    shared_data: Path, tmp_path: Path
) -> None:
    settings = {"base_iri": "https://data.museum.example/", "admin_email": "oai@museum.example"}
    with oai_site.serve(tmp_path / "data", **settings) as (address, _world):
        root = ask(address, verb="Identify")
        assert_valid(shared_data, root)
        text = etree.tostring(root).decode()
        assert "<repositoryIdentifier>data.museum.example</repositoryIdentifier>" in text
        assert "oai:data.museum.example:" in text and "oai@museum.example" in text


def test_get_and_post_are_the_same(address: str) -> None:
    given = {"verb": "ListRecords", "metadataPrefix": "edm"}
    got, posted = httpx.get(address, params=given), httpx.post(address, data=given)
    assert posted.status_code == 200
    assert [identifiers(etree.fromstring(each.content)) for each in (got, posted)][0]
    assert identifiers(etree.fromstring(got.content)) == identifiers(
        etree.fromstring(posted.content)
    )
    assert httpx.head(address, params=given).status_code == 200


def test_an_answer_is_packed_for_those_who_take_it(address: str) -> None:
    question = f"{address}?verb=ListRecords&metadataPrefix=edm"
    with httpx.Client() as client:
        for accepted, packed in (("gzip", True), ("gzip;q=0", False), ("br, *;q=0.1", True),
                                 ("identity", False)):  # fmt: skip
            headers = {"Accept-Encoding": accepted}
            with client.stream("GET", question, headers=headers) as answer:
                raw = b"".join(answer.iter_raw())
            assert (answer.headers.get("Content-Encoding") == "gzip") is packed
            assert "Accept-Encoding" in answer.headers["Vary"]
            etree.fromstring(gzip.decompress(raw) if packed else raw)


def test_a_browser_without_a_question_gets_a_page(address: str) -> None:
    answer = httpx.get(address, headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "verb=Identify" in answer.text and "collection:prints" in answer.text
    assert (
        httpx.get(f"{address}?verb=Identify", headers={"Accept": "text/html"})
        .headers["Content-Type"]
        .startswith("text/xml")
    )
    assert codes(ask(address)) == ["badVerb"]


def test_formats_are_listed_and_those_of_an_item(address: str, world: World) -> None:
    def listed(**arguments: str) -> list[str | None]:
        root = ask(address, verb="ListMetadataFormats", **arguments)
        return [each.text for each in root.iter(f"{OAI}metadataPrefix")]

    assert listed() == list(PREFIXES) == listed(identifier=oai_id(world, 1))
    deleted = ask(address, verb="ListMetadataFormats", identifier=oai_id(world, 7))
    assert codes(deleted) == ["noMetadataFormats"]


# --- records -------------------------------------------------------------------------------------


def test_dublin_core_has_values_names_and_addresses(address: str, world: World) -> None:
    root = ask(address, verb="GetRecord", metadataPrefix="oai_dc", identifier=oai_id(world, 2))
    said = {(etree.QName(each).localname, each.text) for each in root.iter("{*}*")}
    assert {
        ("title", "Print 2"), ("type", "IMAGE"), ("publisher", "A museum"),
        ("identifier", worlds.item(2)), ("subject", "kind 1"), ("subject", worlds.term(1)),
    } <= said  # fmt: skip


def test_published_values_stand_in_what_is_enriched_alone(address: str, world: World) -> None:
    def subjects(prefix: str) -> set[str]:
        root = ask(address, verb="GetRecord", metadataPrefix=prefix, identifier=oai_id(world, 2))
        (rdf,) = root.iter(f"{{{RDF.base}}}RDF")
        triples = [quad.triple for quad in parse(etree.tostring(rdf), RdfFormat.RDF_XML)]
        return {t.subject.value for t in triples if t.predicate == DC.subject}  # type: ignore[union-attr]

    assert subjects("edm") == set()
    assert subjects("edm_enriched") == {worlds.item(2)}
    assert subjects("rdf") == {world.desk.names.proxy(worlds.item(2)).value}


def test_rdf_holds_the_record_our_proxy_and_the_annotation(address: str, world: World) -> None:
    root = ask(address, verb="GetRecord", metadataPrefix="rdf", identifier=oai_id(world, 2))
    (rdf,) = root.iter(f"{{{RDF.base}}}RDF")
    found = {quad.triple for quad in parse(etree.tostring(rdf), RdfFormat.RDF_XML)}
    about = {t.subject.value: t for t in found}  # type: ignore[union-attr]
    public = {quad.triple for quad in world.desk.datasets["public"].store}
    assert found <= public
    own = {t for t in public if t.subject.value.startswith(worlds.item(2))}  # type: ignore[union-attr]
    assert own <= found
    annotations = [t.subject for t in found if t.object == NamedNode(
        "http://www.w3.org/ns/oa#Annotation")]  # fmt: skip
    assert len(annotations) == 1
    assert f"{annotations[0].value}#target" in about  # type: ignore[union-attr]
    assert {t for t in public if t.subject in annotations} <= found


@pytest.mark.parametrize("prefix", PREFIXES)
def test_hostile_texts_stay_texts(address: str, world: World, prefix: str) -> None:
    root = ask(address, verb="ListRecords", metadataPrefix=prefix, set="collection:maps")
    assert len(list(root.iter(f"{OAI}record"))) == 1
    texts = {each.text for each in root.iter(f"{{{DC.base}}}title")}
    said = HOSTILE.replace("\x01\x0b\ufffe", "")
    assert said in texts  # without what no XML can hold
    assert root.find(".//{*}b") is None


def test_internal_edm_is_given_as_it_is(shared_data: Path, tmp_path: Path) -> None:
    with oai_site.serve(tmp_path / "data") as (address, world):
        me, proxy, around = (NamedNode(worlds.item(f"in{part}")) for part in ("", "#p", "#a"))
        lines = [
            f"{me} {RDF.type} {EDM.ProvidedCHO}", f"{proxy} {RDF.type} {ORE.Proxy}",
            f"{proxy} {ORE.proxyFor} {me}", f"{proxy} {ORE.proxyIn} {around}",
            f"{proxy} {EDM.europeanaProxy} {Literal('false')}",
            f"{proxy} {DC.title} {Literal('Within', language='en')}",
            f"{proxy} {EDM.type} {Literal('IMAGE')}", f"{around} {RDF.type} {ORE.Aggregation}",
            f"{around} {EDM.aggregatedCHO} {me}",
            f"{around} {EDM.dataProvider} {Literal('A museum')}",
        ]  # fmt: skip
        prepared = type("Lines", (Thing,), {"lines": lambda self: iter(lines)})("in", "Within")
        worlds.import_things(world.desk, world.organiser, "inner", [prepared])
        for prefix in ("edm", "edm_enriched"):
            root = ask(address, verb="ListRecords", metadataPrefix=prefix, set="collection:inner")
            assert root.find(f".//{{{ORE.base}}}Proxy") is not None
        formats = ask(address, verb="ListMetadataFormats", identifier=oai_id(world, "in"))
        schemas = {
            each.findtext(f"{OAI}metadataPrefix"): each.findtext(f"{OAI}schema")
            for each in formats.iter(f"{OAI}metadataFormat")
        }
        assert schemas["edm"].endswith("/EDM-INTERNAL.xsd")  # type: ignore[union-attr]
        root = ask(address, verb="GetRecord", metadataPrefix="oai_dc",
                   identifier=oai_id(world, "in"))  # fmt: skip
        assert [each.text for each in root.iter(f"{{{DC.base}}}title")] == ["Within"]


def test_what_left_is_a_header_that_says_so(address: str, world: World) -> None:
    gone = oai_id(world, 7)
    for verb in ("ListRecords", "GetRecord"):
        arguments = {"identifier": gone} if verb == "GetRecord" else {"set": "collection:prints"}
        root = ask(address, verb=verb, metadataPrefix="edm", **arguments)
        found = record(root, gone)
        assert found.find(f"{OAI}header").get("status") == "deleted"  # type: ignore[union-attr]
        assert found.find(f"{OAI}metadata") is None
        assert found.findtext(f"{OAI}header/{OAI}setSpec") == "collection:prints"


# --- sets and times ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "numbers"),
    [("collection:maps", ["map"]), ("campaign:subjects", [2]), ("campaign", [2]),
     ("provider:a-museum", [0, 1, 2, 3, 4, 5, 6, 7, "map"]),
     ("collection", [0, 1, 2, 3, 4, 5, 6, 7, "map"]),
     ("provider", [0, 1, 2, 3, 4, 5, 6, 7, "map"])],
)  # fmt: skip
def test_a_set_is_harvested_alone(
    address: str, world: World, spec: str, numbers: list[int | str]
) -> None:
    listed = ask(address, verb="ListSets")
    assert spec in [each.text for each in listed.iter(f"{OAI}setSpec")]
    root = ask(address, verb="ListIdentifiers", metadataPrefix="oai_dc", set=spec)
    assert sorted(identifiers(root)) == sorted(oai_id(world, each) for each in numbers)


def test_the_header_names_the_sets(address: str, world: World) -> None:
    root = ask(address, verb="GetRecord", metadataPrefix="edm", identifier=oai_id(world, 2))
    assert {each.text for each in root.iter(f"{OAI}setSpec")} == {
        "campaign:subjects", "collection:prints", "provider:a-museum",
    }  # fmt: skip


def test_what_changed_from_and_until_a_time(address: str, world: World) -> None:
    def listed(**arguments: str) -> dict[str, str]:
        given = {name.rstrip("_"): value for name, value in arguments.items()}
        root = ask(address, verb="ListIdentifiers", metadataPrefix="edm", **given)
        return {
            str(each.findtext(f"{OAI}identifier")): str(each.findtext(f"{OAI}datestamp"))
            for each in root.iter(f"{OAI}header")
        }

    all_ = listed()
    for time in sorted(set(all_.values())):
        assert listed(from_=time) == {i: at for i, at in all_.items() if at >= time}
        assert listed(until=time) == {i: at for i, at in all_.items() if at <= time}
        assert listed(from_=time, until=time) == {i: at for i, at in all_.items() if at == time}
    day = min(all_.values())[:10]
    assert listed(from_=day, until=day) == all_
    assert codes(ask(address, verb="ListRecords", metadataPrefix="edm", until="1999-12-31")) == [
        "noRecordsMatch"
    ]
    assert codes(ask(address, verb="ListRecords", metadataPrefix="edm", **{"from": "2999-01-01"}))


# --- errors --------------------------------------------------------------------------------------

GET = "verb=GetRecord&"
LIST = "verb=ListRecords&"
WRONG = [
    ("", "badVerb"), ("verb=", "badVerb"), ("verb=identify", "badVerb"),
    ("verb=Nothing", "badVerb"),
    ("verb=Identify&verb=Identify", "badVerb"), ("verb=%FF", "badArgument"),
    ("verb=Identify&metadataPrefix=edm", "badArgument"), ("verb=Identify&x=y", "badArgument"),
    ("verb=Identify&resumptionToken=x", "badArgument"), ("verb=ListSets&set=x", "badArgument"),
    (GET + "metadataPrefix=edm", "badArgument"), (GET + "identifier=oai:x:y", "badArgument"),
    (GET + "metadataPrefix=edm&identifier=", "badArgument"),
    (GET + "metadataPrefix=edm&identifier=no uri", "badArgument"),
    (GET + "metadataPrefix=edm&identifier=oai:x:y&identifier=oai:x:y", "badArgument"),
    (GET + "metadataPrefix=edm&identifier=oai:127.0.0.1:nothing", "idDoesNotExist"),
    (GET + "metadataPrefix=edm&identifier=http://items.example.org/1", "idDoesNotExist"),
    (GET + "metadataPrefix=marc21&identifier={item}", "cannotDisseminateFormat"),
    ("verb=ListMetadataFormats&identifier=oai:other.example:x", "idDoesNotExist"),
    ("verb=ListRecords", "badArgument"), (LIST + "metadataPrefix=", "badArgument"),
    (LIST + "metadataPrefix=marc21", "cannotDisseminateFormat"),
    (LIST + "metadataPrefix=edm&metadataPrefix=rdf", "badArgument"),
    (LIST + "metadataPrefix=edm&set=a%20b", "badArgument"),
    (LIST + "metadataPrefix=edm&set=collection:nothing", "noRecordsMatch"),
    (LIST + "metadataPrefix=edm&set=nothing", "noRecordsMatch"),
    (LIST + "metadataPrefix=edm&set=collection:prints:x", "noRecordsMatch"),
    (LIST + "metadataPrefix=edm&from=2026", "badArgument"),
    (LIST + "metadataPrefix=edm&from=2026-02-30", "badArgument"),
    (LIST + "metadataPrefix=edm&from=2026-01-01T00:00:00", "badArgument"),
    (LIST + "metadataPrefix=edm&from=2026-01-01T00:00:00.5Z", "badArgument"),
    (LIST + "metadataPrefix=edm&until=yesterday", "badArgument"),
    (LIST + "metadataPrefix=edm&from=2026-01-02&until=2026-01-01", "badArgument"),
    (LIST + "metadataPrefix=edm&from=2026-01-01&until=2026-01-01T00:00:00Z", "badArgument"),
    (LIST + "resumptionToken=", "badResumptionToken"),
    (LIST + "resumptionToken=nonsense", "badResumptionToken"),
    (LIST + "resumptionToken=" + "A" * 5000, "badResumptionToken"),
    (LIST + "resumptionToken=%C3%A9", "badResumptionToken"),
    (LIST + "resumptionToken=x&metadataPrefix=edm", "badArgument"),
    (LIST + "resumptionToken=x&resumptionToken=x", "badArgument"),
    ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
    ("verb=ListIdentifiers&metadataPrefix=%3Cscript%3E", "badArgument"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "code"), WRONG, ids=[query[:60] or "none" for query, _ in WRONG])
def test_a_wrong_request_gets_the_protocols_error(
    shared_data: Path, address: str, world: World, query: str, code: str
) -> None:
    query = query.format(item=oai_id(world, 1)).replace(" ", "%20")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for answer in (
        httpx.get(f"{address}?{query}"),
        httpx.post(address, content=query.encode(), headers=form),
    ):
        assert answer.status_code == 200
        root = etree.fromstring(answer.content)
        assert code in codes(root)
        assert_valid(shared_data, root)
        repeated = root.find(f"{OAI}request").attrib  # type: ignore[union-attr]
        assert bool(repeated) is (code not in ("badVerb", "badArgument"))


@pytest.mark.parametrize(
    ("kind", "content"),
    [("application/json", b"{}"), ("multipart/form-data; boundary=x", b"--x\r\n"),
     ("application/x-www-form-urlencoded", b"verb=%00"),
     ("application/x-www-form-urlencoded", b"a=b&" * 2000)],
)  # fmt: skip
def test_what_is_no_form_of_ours_is_a_bad_request(address: str, kind: str, content: bytes) -> None:
    answer = httpx.post(address, content=content, headers={"Content-Type": kind})
    assert answer.status_code == 200
    assert set(codes(etree.fromstring(answer.content))) <= {"badArgument", "badVerb"}


# --- going on ------------------------------------------------------------------------------------


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists come in parts of four."""
    for name in ("RECORDS", "IDENTIFIERS", "SETS"):
        monkeypatch.setattr(f"server.domain.oai_lists.{name}", 4)


@pytest.mark.usefixtures("in_parts")
@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers", "ListSets"])
def test_a_list_comes_in_parts_that_say_how_far_it_is(
    shared_data: Path, address: str, verb: str
) -> None:
    given = {} if verb == "ListSets" else {"metadataPrefix": "oai_dc"}
    found = list(pages(address, verb, **given))
    tokens = [each.find(f".//{OAI}resumptionToken") for each in found]
    name = "setSpec" if verb == "ListSets" else "identifier"
    named = [each.text for root in found for each in root.iter(f"{OAI}{name}")
             if verb == "ListSets" or each.getparent().tag == f"{OAI}header"]  # fmt: skip
    assert [each.get("cursor") for each in tokens if each is not None] == [
        str(4 * number) for number in range(len(found))
    ]
    assert len(set(named)) == len(named) == (9 if verb != "ListSets" else 7)
    if verb != "ListSets":
        assert {each.get("completeListSize") for each in tokens if each is not None} == {"9"}
    for root in found:
        assert_valid(shared_data, root)


@pytest.mark.usefixtures("in_parts")
def test_a_token_that_was_tampered_with_is_refused(address: str) -> None:
    real = token(ask(address, verb="ListRecords", metadataPrefix="edm"))
    assert codes(ask(address, verb="ListRecords", resumptionToken=real)) == []
    forged = [real[:-1], real + "A", real[::-1], real.swapcase(), f" {real}",
              *(f"{real[:n]}{'A' if real[n] != 'A' else 'B'}{real[n + 1:]}"
                for n in range(0, len(real) - 1, 7))]  # fmt: skip
    for each in forged:
        root = ask(address, verb="ListRecords", resumptionToken=each)
        assert codes(root) == ["badResumptionToken"], each
    other = ask(address, verb="ListIdentifiers", resumptionToken=real)
    assert codes(other) == ["badResumptionToken"]


@pytest.mark.usefixtures("in_parts")
def test_a_token_of_another_server_is_refused(address: str, tmp_path: Path) -> None:
    real = token(ask(address, verb="ListRecords", metadataPrefix="edm"))
    with oai_site.serve(tmp_path / "data") as (elsewhere, _world):
        root = ask(elsewhere, verb="ListRecords", resumptionToken=real)
        assert codes(root) == ["badResumptionToken"]


# --- when it is busy -----------------------------------------------------------------------------


def test_while_a_collection_is_updated_harvesters_are_asked_to_come_back(
    address: str, world: World
) -> None:
    world.desk.behind.add("bulk")
    try:
        answer = httpx.get(f"{address}?verb=ListRecords&metadataPrefix=edm")
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert codes(ask(address, verb="Identify")) == []
    finally:
        world.desk.behind.discard("bulk")
    assert codes(ask(address, verb="ListRecords", metadataPrefix="edm")) == []


def test_no_client_takes_all_the_room() -> None:
    gate = Gate()

    def enter(client: str, times: int) -> None:
        if times:
            with gate.entered(client):
                enter(client, times - 1)

    enter("a", 4)
    with pytest.raises(Unavailable):
        enter("a", 5)
    enter("a", 4)  # those that left are forgotten
    with pytest.raises(Unavailable):
        _enter_as_many(gate, 41)


def _enter_as_many(gate: Gate, number: int) -> None:
    if number:
        with gate.entered(f"client {number}"):
            _enter_as_many(gate, number - 1)


# --- privacy -------------------------------------------------------------------------------------


def test_a_campaign_that_is_not_public_any_more_is_no_set(tmp_path: Path) -> None:
    with oai_site.serve(tmp_path / "data") as (address, world):
        oai_site.publish(world, 1)
        publishing.unpublish(world.desk, world.organiser, "subjects", now=worlds.now())
        graph = world.desk.names.graph("campaign", "subjects")
        assert list(world.desk.datasets["public"].store.quads_for_pattern(None, None, None, graph))
        _take_back(world)
        for root in (ask(address, verb="ListSets"),
                     ask(address, verb="ListRecords", metadataPrefix="rdf")):  # fmt: skip
            assert "subjects" not in etree.tostring(root).decode()


def _take_back(world: World) -> None:
    standing = campaigns.get_campaign(world.desk, Viewer(sees_work=True), "subjects")
    campaigns.edit(world.desk, world.organiser, replace(standing, state="draft"), now=worlds.now())
