"""What the instance says of itself to programs: VoID, DCAT, the service, schema.org, sitemaps."""

import re
import urllib.robotparser
from collections.abc import Iterator
from hashlib import sha256

import httpx
import orjson
import pytest
from lxml import etree, html
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF, VOID

from server.domain import catalogue_counts, query_words, sitemaps
from server.index import sitemaps as item_lists
from tests.web import campaign_site
from tests.web.campaign_site import World
from tests.web.test_sparql_answers import wait_for_snapshot
from tests.web.visitors import Visitor

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
TURTLE = {"Accept": "text/turtle"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("catalogue") / "data") as made:
        wait_for_snapshot(made)
        catalogue_counts.of(made.desk).refresh()
        query_words.of(made.desk).refresh()
        yield made


@pytest.fixture(scope="module")
def base(site: World) -> str:
    return site.desk.names.base


@pytest.fixture(scope="module")
def described(site: World) -> Graph:
    text = httpx.get(f"{site.address}/data", headers=TURTLE).text
    return Graph().parse(data=text, format="turtle")


@pytest.fixture
def stranger(site: World) -> Visitor:
    return site.visitor()


def ask(site: World, query: str) -> list[list[str]]:
    got = httpx.get(f"{site.address}/sparql", params={"query": query, "format": "csv"})
    return [line.split(",") for line in got.text.strip().split("\r\n")[1:]]


# --- VoID and DCAT -------------------------------------------------------------------------------


def test_the_whole_is_a_catalogue_and_a_dataset(described: Graph, base: str) -> None:
    me = URIRef(f"{base}data")
    assert {VOID.Dataset, DCAT.Catalog, DCAT.Dataset} <= set(described.objects(me, RDF.type))
    assert (me, VOID.sparqlEndpoint, URIRef(f"{base}sparql")) in described
    assert (me, VOID.uriSpace, Literal(base)) in described
    assert (me, VOID.vocabulary, URIRef("http://www.w3.org/ns/oa#")) in described
    for needed in (DCTERMS.title, DCTERMS.license, DCTERMS.publisher, DCTERMS.issued):
        assert (me, needed, None) in described, needed


def test_parts_are_those_that_are_public(described: Graph, base: str) -> None:
    parts = {str(part).removeprefix(base) for part in described.objects(None, VOID.subset)}
    assert {"collection/prints", "vocabulary/aat", "campaign/done"} <= parts
    assert "campaign/hidden" not in parts
    assert {str(p).removeprefix(base) for p in described.objects(None, DCAT.dataset)} == parts


def test_counts_are_what_a_query_counts(site: World, described: Graph, base: str) -> None:
    for part, graphs in {
        "collection/prints": ["collection/prints"],
        "vocabulary/aat": ["vocabulary/aat"],
        "campaign/done": ["campaign/done", "published/done"],
    }.items():
        values = " ".join(f"<{base}graph/{graph}>" for graph in graphs)
        ((count,),) = ask(
            site,
            f"SELECT (COUNT(*) AS ?n) {{ VALUES ?g {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }}",
        )
        assert str(described.value(URIRef(base + part), VOID.triples)) == count, part
    entities = {
        part: int(described.value(URIRef(base + part), VOID.entities) or -1)
        for part in ("collection/prints", "campaign/done")
    }
    assert entities == {"collection/prints": campaign_site.ITEMS, "campaign/done": 2}


def test_dumps_are_distributions_that_can_be_downloaded(
    site: World, described: Graph, base: str
) -> None:
    found = set(described.subjects(RDF.type, DCAT.Distribution))
    assert found
    for each in found:
        address = str(described.value(each, DCAT.downloadURL))
        assert address.startswith(f"{base}dumps/")
        assert described.value(each, DCAT.mediaType) is not None
    path = "dumps/all/enriched.nq.gz"
    content = httpx.get(f"{site.address}/{path}").content
    now = Graph().parse(
        data=httpx.get(f"{site.address}/data", headers=TURTLE).text, format="turtle"
    )
    gzip = now.value(predicate=DCAT.downloadURL, object=URIRef(base + path))
    assert int(now.value(gzip, DCAT.byteSize)) == len(content)  # type: ignore[arg-type]
    checksum = now.value(gzip, SPDX.checksum)
    assert str(now.value(checksum, SPDX.checksumValue)) == sha256(content).hexdigest()


def test_services_say_what_they_speak(described: Graph, base: str) -> None:
    found = {str(each).removeprefix(base) for each in described.objects(None, DCAT.service)}
    assert found == {"sparql", "oai", "annotations/", "reconcile", "feed", "api"}
    for each in found:
        me = URIRef(base + each)
        assert (me, RDF.type, DCAT.DataService) in described
        assert described.value(me, DCTERMS.conformsTo) and described.value(me, DCAT.endpointURL)


def test_each_syntax_says_the_same(site: World) -> None:
    turtle = httpx.get(f"{site.address}/data.ttl").text
    described = Graph().parse(data=turtle, format="turtle")
    for suffix, name in {".rdf": "xml", ".nt": "nt", ".jsonld": "json-ld"}.items():
        text = httpx.get(f"{site.address}/data{suffix}").text
        assert len(Graph().parse(data=text, format=name)) == len(described), suffix


def test_programs_are_led_to_it_from_the_well_known_place(site: World) -> None:
    got = httpx.get(f"{site.address}/.well-known/void", headers=TURTLE)
    assert (got.status_code, got.headers["Location"]) == (303, "/data")
    followed = httpx.get(f"{site.address}/.well-known/void", headers=TURTLE, follow_redirects=True)
    assert followed.headers["Content-Type"].startswith("text/turtle")


# --- the service ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def service(site: World) -> Graph:
    text = httpx.get(f"{site.address}/sparql", headers=TURTLE).text
    return Graph().parse(data=text, format="turtle")


def test_the_service_names_its_graphs_formats_and_limits(
    site: World, service: Graph, base: str
) -> None:
    me = service.value(predicate=RDF.type, object=SD.Service)
    names = {str(name).removeprefix(f"{base}graph/") for name in service.objects(None, SD.name)}
    assert {"collection/prints", "vocabulary/aat", "published/done"} <= names
    assert not {name for name in names if "hidden" in name}
    listed = {row[0].removeprefix(f"{base}graph/") for row in
              ask(site, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")}  # fmt: skip
    assert names == {name for name in listed if not name.startswith("http")}
    assert len(list(service.objects(me, SD.resultFormat))) == 8
    ch = Namespace("https://w3id.org/crowdheritage/ns#")
    limits = [service.value(me, ch[each]) for each in ("querySeconds", "queryBytes", "resultBytes")]
    assert [float(each or 0) for each in limits] == [10, 16_000, 10_000_000]


def test_a_description_of_the_service_can_be_had_in_each_syntax(
    site: World, service: Graph
) -> None:
    for accept, name in {"application/rdf+xml": "xml", "application/n-triples": "nt"}.items():
        text = httpx.get(f"{site.address}/sparql", headers={"Accept": accept}).text
        assert len(Graph().parse(data=text, format=name)) == len(service)


# --- schema.org ----------------------------------------------------------------------------------


def structured(page: str) -> dict[str, object]:
    (block,) = html.fromstring(page).xpath("//script[@type='application/ld+json']/text()")
    found: dict[str, object] = orjson.loads(str(block))
    assert found.pop("@context") == "https://schema.org"
    return found


def test_pages_say_in_schema_org_what_they_are_about(
    site: World, stranger: Visitor, base: str
) -> None:
    item = structured(stranger.get(f"/items/{site.item(3)}").text)
    assert (item["@type"], item["name"]) == ("VisualArtwork", "Print 3")
    assert item["@id"] == "http://items.example.org/3"
    assert item["url"] == f"{base}items/{site.item(3)}"
    collection = structured(stranger.get("/collections/prints").text)
    assert (collection["@type"], collection["name"]) == ("Dataset", "Prints")
    whole = structured(stranger.get("/data").text)
    assert whole["@type"] == ["DataCatalog", "Dataset"]
    assert {each["name"] for each in whole["dataset"]} >= {"Prints", "Done"}  # type: ignore[attr-defined]


# --- Link headers --------------------------------------------------------------------------------


def test_pages_of_things_link_to_their_data(site: World, stranger: Visitor) -> None:
    path = f"/items/{site.item(3)}"
    page = stranger.get(path)
    links = dict(re.findall(r'<([^>]+)>; rel="([^"]+)"', page.headers["Link"]))
    assert {f"{path}.jsonld", f"{path}.nt", f"{path}.rdf", "/data"} <= links.keys()
    assert f'<{path}.ttl>; rel="describedby"; type="text/turtle"' in page.headers["Link"]
    ours = [address for address, rel in links.items() if rel in ("alternate", "describedby")]
    for address in [*ours, "/data"]:
        assert httpx.get(site.address + address).status_code == 200
    data = stranger.get(f"{path}.ttl")
    assert f'<{path}>; rel="alternate"; type="text/html"' in data.headers["Link"]


# --- sitemaps ------------------------------------------------------------------------------------


def addresses(site: World, path: str) -> list[str]:
    got = httpx.get(site.address + path)
    assert got.headers["Content-Type"].startswith("application/xml")
    return [
        str(node.text).removeprefix(site.address)
        for node in etree.fromstring(got.content).iter(f"{SITEMAP}loc")
    ]


def test_the_map_of_the_site_leads_to_every_public_page(site: World) -> None:
    lists = addresses(site, "/sitemap.xml")
    assert lists == ["/sitemaps/pages.xml", "/sitemaps/items.xml"]
    pages, items = (addresses(site, each) for each in lists)
    assert {"/", "/data", "/collections/prints", "/vocabularies/aat", "/campaigns/done"} <= {*pages}
    assert "/campaigns/hidden" not in pages
    # Twelve prints and one map; the other map is gone.
    assert len(items) == campaign_site.ITEMS + 1 and f"/items/{site.item(3)}" in items
    for address in (pages[0], "/campaigns/done", items[0]):
        assert httpx.get(site.address + address, headers={"Accept": "text/html"}).is_success


def test_an_item_says_when_it_changed(site: World) -> None:
    root = etree.fromstring(httpx.get(f"{site.address}/sitemaps/items.xml").content)
    found = [node.text or "" for node in root.iter(f"{SITEMAP}lastmod")]
    assert len(found) == campaign_site.ITEMS + 1
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", each) for each in found)


def test_many_items_are_spread_over_lists_by_the_beginnings_of_their_identifiers(
    site: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [path for path, _at in sitemaps.entries(site.desk, "items")]
    monkeypatch.setattr(sitemaps, "_COMFORTABLE", 5)
    monkeypatch.setattr(sitemaps, "_PAGE", 2)
    parts = sitemaps.parts(site.desk)
    assert parts == ["pages", *(f"items-{letter}" for letter in item_lists.LETTERS)]
    found = [path for part in parts[1:] for path, _at in sitemaps.entries(site.desk, part)]
    assert sorted(found) == sorted(whole) and len(set(found)) == len(found)


@pytest.mark.parametrize(
    "part", ["x", "items-", "items-1", "items-aaa", "items-%27", "..", "pages-a"]
)
def test_there_are_no_other_lists(site: World, part: str) -> None:
    assert httpx.get(f"{site.address}/sitemaps/{part}.xml").status_code == 404


def test_robots_are_told_what_to_leave_alone_and_where_the_map_is(site: World) -> None:
    text = httpx.get(f"{site.address}/robots.txt").text
    rules = urllib.robotparser.RobotFileParser()
    rules.parse(text.splitlines())
    assert rules.site_maps() == [f"{site.address}/sitemap.xml"]
    assert rules.can_fetch("x", "/data") and rules.can_fetch("x", "/items/abc")
    assert not rules.can_fetch("x", "/sparql?query=ASK{}") and not rules.can_fetch("x", "/q/abc")


def test_a_forged_host_does_not_get_into_the_map_as_markup(site: World) -> None:
    got = httpx.get(f"{site.address}/sitemap.xml", headers={"Host": 'a"><x>&'})
    assert b"<x>" not in got.content
