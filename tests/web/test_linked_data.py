"""One thing, many representations: by negotiation, by suffix, the same triples in each."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

import httpx
import pytest
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DC, RDF, SKOS

from server.domain import accounts
from tests import worlds
from tests.web.campaign_site import FARMS, RESORTS, World
from tests.web.visitors import Visitor

FORMATS = {
    "text/turtle": (".ttl", "turtle"),
    "application/n-triples": (".nt", "nt"),
    "application/ld+json": (".jsonld", "json-ld"),
    "application/rdf+xml": (".rdf", "xml"),
}
EDM = "http://www.europeana.eu/schemas/edm/"
ORE = "http://www.openarchives.org/ore/terms/"
OA = "http://www.w3.org/ns/oa#"


def published(world: World) -> str:
    done = world.visitor().get("/campaigns/done").text
    return done.partition('href="/annotation/')[2].partition('"')[0]


THINGS: dict[str, Callable[[World], str]] = {
    "an item": lambda world: f"/items/{world.item(0)}",
    "an annotation": lambda world: f"/annotation/{published(world)}",
    "a campaign": lambda world: "/campaigns/done",
    "a vocabulary": lambda world: "/vocabularies/aat",
    "the data": lambda world: "/data",
    "a proxy": lambda world: f"/proxy/{world.item(0)}",
    "an aggregation": lambda world: f"/aggregation/{world.item(0)}",
    "an agent": lambda world: f"/agent/{world.people['ada'].id}",
    "a collection": lambda world: "/collections/prints",
}
WITHOUT_PAGE = ("a proxy", "an aggregation", "an agent")


@pytest.mark.parametrize("thing", WITHOUT_PAGE)
def test_what_has_no_page_says_so(world: World, thing: str) -> None:
    assert world.visitor().get(f"{THINGS[thing](world)}.html").status_code == 404


def test_scripts_elsewhere_follow_an_identifier(world: World) -> None:
    answer = world.visitor().get("/collection/prints", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_an_erased_agent_stays_without_a_name(world: World) -> None:
    desk, now = world.desk, datetime.now(UTC)
    person = accounts.create_user(
        desk, "Gone Girl", "gone@example.org", "long enough", "contributor", now=now
    )
    accounts.erase(desk, person, now=now)
    answer = world.visitor().get(f"/agent/{person.id}.nt")
    assert answer.status_code == 200
    assert "Gone" not in answer.text
    assert world.visitor().get("/agent/system.nt").status_code == 200
    assert world.visitor().get("/agent/nobody.nt").status_code == 404


def address(world: World, thing: str) -> str:
    path = THINGS[thing](world)
    if path.startswith("/collections") and world.visitor().get(path).status_code == 404:
        pytest.skip("collections have no pages yet")
    return path


def parsed(answer: httpx.Response, media_type: str) -> Graph:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].partition(";")[0] == media_type
    graph = Graph()
    graph.parse(data=answer.text, format=FORMATS[media_type][1])
    assert len(graph) > 0
    return graph


@pytest.mark.parametrize("thing", THINGS)
def test_every_representation_says_the_same(world: World, visitor: Visitor, thing: str) -> None:
    path = address(world, thing)
    graphs = []
    for media_type, (suffix, _name) in FORMATS.items():
        asked = visitor.get(path, headers={"Accept": media_type})
        graphs.append(parsed(asked, media_type))
        graphs.append(parsed(visitor.get(path + suffix), media_type))
        assert "Accept" in asked.headers["Vary"]
        assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert all(isomorphic(graphs[0], each) for each in graphs[1:])


@pytest.mark.parametrize("thing", THINGS)
def test_head_says_what_get_would(world: World, visitor: Visitor, thing: str) -> None:
    path = address(world, thing)
    for accept in ("text/turtle", "text/html"):
        got = visitor.get(path, headers={"Accept": accept})
        head = visitor.head(path, headers={"Accept": accept})
        assert (head.status_code, head.content) == (got.status_code, b"")
        for name in ("Content-Type", "Vary", "Content-Length"):
            assert head.headers.get(name) == got.headers.get(name)


@pytest.mark.parametrize("thing", [each for each in THINGS if each not in WITHOUT_PAGE])
def test_browsers_get_pages_and_others_what_they_ask_for(
    world: World, visitor: Visitor, thing: str
) -> None:
    path = address(world, thing)
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for accept, expected in (
        (browser, "text/html"),
        ("*/*", "text/html"),
        ("text/turtle;q=0.5, application/ld+json", "application/ld+json"),
        ('application/ld+json;profile="http://www.w3.org/ns/anno.jsonld"', "application/ld+json"),
        ("application/rdf+xml, text/html;q=0.1", "application/rdf+xml"),
    ):
        answer = visitor.get(path, headers={"Accept": accept})
        assert answer.headers["Content-Type"].partition(";")[0] == expected
        assert "Accept" in answer.headers["Vary"]
    refused = visitor.get(path, headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert "text/turtle" in refused.text
    assert "Accept" in refused.headers["Vary"]


def test_an_item_comes_with_its_enrichment_and_what_the_term_is_called(
    world: World, visitor: Visitor
) -> None:
    answer = visitor.get(f"/items/{world.item(0)}.ttl")
    graph = parsed(answer, "text/turtle")
    item = URIRef(worlds.item(0))
    assert (item, RDF.type, URIRef(EDM + "ProvidedCHO")) in graph
    (proxy,) = graph.subjects(URIRef(ORE + "proxyFor"), item)
    assert (proxy, DC.subject, URIRef(FARMS)) in graph
    assert "farms" in {str(label) for label in graph.objects(URIRef(FARMS), SKOS.prefLabel)}


def test_a_published_annotation_is_a_web_annotation(world: World, visitor: Visitor) -> None:
    slug = world.campaign()
    made = world.publish(slug, 5, RESORTS)
    graph = parsed(visitor.get(f"/annotation/{made}.nt"), "application/n-triples")
    me = URIRef(world.iri(made))
    assert (me, RDF.type, URIRef(OA + "Annotation")) in graph
    assert (me, URIRef(OA + "hasBody"), URIRef(RESORTS)) in graph
    (target,) = graph.objects(me, URIRef(OA + "hasTarget"))
    assert (target, URIRef(OA + "hasSource"), URIRef(worlds.item(5))) in graph


def test_a_term_answers_in_every_format(visitor: Visitor) -> None:
    path = f"/terms?iri={quote(FARMS, safe='')}"
    graphs = [
        parsed(visitor.get(path, headers={"Accept": media_type}), media_type)
        for media_type in FORMATS
    ]
    graphs += [
        parsed(visitor.get(f"{path}&format={suffix}"), media_type)
        for media_type, (suffix, _name) in FORMATS.items()
    ]
    assert all(isomorphic(graphs[0], each) for each in graphs[1:])
    assert "farms" in visitor.get(path).text
    for accept in ("text/html", "text/turtle"):
        for unknown in ("http://example.org/nothing", "javascript:alert(1)", 'x" } UNION {', "x"):
            asked = f"/terms?iri={quote(unknown, safe='')}"
            assert visitor.get(asked, headers={"Accept": accept}).status_code == 404


def test_the_whole_vocabulary_can_be_taken_away(visitor: Visitor) -> None:
    graph = parsed(visitor.get("/vocabularies/aat/terms.ttl"), "text/turtle")
    assert len(set(graph.subjects(RDF.type, SKOS.Concept))) > 400


@pytest.mark.parametrize(
    ("identifier", "page"),
    [("/campaign/done", "/campaigns/done"), ("/vocabulary/aat", "/vocabularies/aat")],
)
def test_identifiers_lead_to_what_describes_them(
    visitor: Visitor, identifier: str, page: str
) -> None:
    for accept in ("text/html", "text/turtle"):
        answer = visitor.get(identifier, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["Location"]) == (303, page)
        assert "Accept" in answer.headers["Vary"]
    followed = visitor.get(identifier, headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert parsed(followed, "text/turtle")


@pytest.mark.parametrize("accept", ["text/html", *FORMATS])
def test_what_was_published_and_is_no_more_is_gone(
    world: World, visitor: Visitor, organiser: Visitor, accept: str
) -> None:
    slug = world.campaign()
    made = world.publish(slug)
    organiser.submit(f"/campaigns/{slug}/unpublish")
    assert visitor.get(f"/annotation/{made}", headers={"Accept": accept}).status_code == 410


@pytest.mark.parametrize("accept", ["text/html", *FORMATS])
def test_an_item_that_left_its_collection_is_gone(
    world: World, visitor: Visitor, accept: str
) -> None:
    path = f"/items/{world.desk.names.item_id(worlds.item('lost'))}"
    answer = visitor.get(path, headers={"Accept": accept})
    assert answer.status_code == 410
    if accept == "text/turtle":  # the body says so to programs
        assert "Tombstone" in answer.text


@pytest.mark.parametrize("suffix", ["", ".ttl", ".nt", ".jsonld", ".rdf", ".nq", ".html"])
@pytest.mark.parametrize(
    "path",
    [
        "/items/nothing", "/annotation/nothing", "/campaigns/nothing", "/campaigns/hidden",
        "/vocabularies/nothing", "/proxy/nothing", "/aggregation/nothing", "/agent/nothing",
        "/term/aat/nothing", "/database", "/data.txt",
        # parts of paths that make no IRI
        "/items/a%20b", "/annotation/%22%20%7D%20UNION%20%7B", "/campaigns/%00", "/proxy/%3Cx%3E",
        "/vocabularies/%E2%80%AEx", "/agent/%FF", "/term/%20/%20", "/aggregation/%7Bx%7D",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(visitor: Visitor, path: str, suffix: str) -> None:
    for accept in ("text/html", "text/turtle"):
        assert visitor.get(path + suffix, headers={"Accept": accept}).status_code == 404


def test_quads_by_suffix_are_the_same_statements(world: World, visitor: Visitor) -> None:
    path = f"/items/{world.item(0)}"
    lines = [set(visitor.get(path + suffix).text.splitlines()) for suffix in (".nq", ".nt")]
    assert lines[0] == lines[1]
