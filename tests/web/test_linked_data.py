"""One thing, many representations: by negotiation, by suffix, the same triples in each."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad
from rdflib import Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.compare import isomorphic
from rdflib.namespace import DC, DCTERMS, FOAF, RDF, RDFS, SKOS, VOID

from server.domain import accounts, graph_states
from server.names import DC as DC_
from server.names import EDM as EDM_
from server.names import RDF as RDF_
from server.names import Names
from server.patches import Patch, on
from server.web.cross_origin import DataRoute
from server.web.routes import routes
from tests import worlds
from tests.web.annotation_client import inlined
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
    "a collection": lambda world: "/collections/prints",
    "a museum": lambda world: "/providers/a-museum",
    "a kind": lambda world: "/kinds/semantic-tag",
    "why it is here": lambda world: f"/why/{published(world)}",
}
#: Things that are no documents, and where people read of them ("": nowhere, they get data).
NO_DOCUMENTS: dict[str, Callable[[World], tuple[str, str]]] = {
    "a proxy": lambda world: (f"/proxy/{world.item(0)}", f"/items/{world.item(0)}"),
    "an aggregation": lambda world: (f"/aggregation/{world.item(0)}", f"/items/{world.item(0)}"),
    "an agent": lambda world: (f"/agent/{world.people['ada'].id}", ""),
}
#: Identifiers that lead to a document of their own address, whoever asks.
LEADING = [
    ("/campaign/done", "/campaigns/done"),
    ("/vocabulary/aat", "/vocabularies/aat"),
    ("/collection/prints", "/collections/prints"),
    ("/provider/a-museum", "/providers/a-museum"),
    ("/graph/collection/prints", "/collections/prints"),
    ("/graph/vocabulary/aat", "/vocabularies/aat"),
    ("/graph/published/done", "/campaigns/done"),
    ("/.well-known/void", "/data"),
]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize("thing", NO_DOCUMENTS)
def test_what_is_no_document_leads_to_one(world: World, visitor: Visitor, thing: str) -> None:
    path, page = NO_DOCUMENTS[thing](world)
    for accept, expected in [
        (BROWSER, page or f"{path}.ttl"),
        ("application/ld+json", f"{path}.jsonld"),
        ("application/n-triples;q=0.5, application/rdf+xml", f"{path}.rdf"),
    ]:
        answer = visitor.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["Location"]) == (303, expected)
        assert "Accept" in answer.headers["Vary"]
        assert visitor.get(expected).status_code == 200
    assert visitor.get(f"{path}.html").status_code == 404
    refused = visitor.get(path, headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert f'<{path}.ttl>; rel="alternate"' in refused.headers["Link"]


@pytest.mark.parametrize("thing", NO_DOCUMENTS)
def test_its_document_says_the_same_in_every_form(
    world: World, visitor: Visitor, thing: str
) -> None:
    path, _page = NO_DOCUMENTS[thing](world)
    graphs = [
        parsed(visitor.get(path + suffix), media_type)
        for media_type, (suffix, _name) in FORMATS.items()
    ]
    assert all(isomorphic(graphs[0], each) for each in graphs[1:])
    me = URIRef(world.desk.names.path(path[1:]).value)
    assert set(graphs[0].objects(None, FOAF.primaryTopic)) == {me}


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
    return THINGS[thing](world)


def parsed(answer: httpx.Response, media_type: str) -> Graph:
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].partition(";")[0] == media_type
    graph, text = Graph(), answer.text
    if '"@context"' in text:  # rdflib would fetch it
        text = json.dumps(inlined(answer.json(), Names("http://127.0.0.1:8000/")))
    graph.parse(data=text, format=FORMATS[media_type][1])
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


@pytest.mark.parametrize("thing", THINGS)
def test_browsers_get_pages_and_others_what_they_ask_for(
    world: World, visitor: Visitor, thing: str
) -> None:
    path = address(world, thing)
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for accept, expected in (
        (browser, "text/html"),
        ("*/*", "application/ld+json" if thing == "an annotation" else "text/html"),
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


@pytest.mark.parametrize(("identifier", "page"), LEADING)
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


# --- the audit: every address of data -------------------------------------------------------------

DATA = [route for route in routes if isinstance(route, DataRoute)]
#: By the path of the route: something that is there.
REAL: dict[str, Callable[[World], str]] = {
    "/items": lambda world: f"/items?iri={quote(worlds.item(0), safe='')}",
    "/items/{id}": THINGS["an item"],
    "/campaigns/{slug}": THINGS["a campaign"],
    "/campaign/{slug}": lambda _world: "/campaign/done",
    "/collections/{slug}": THINGS["a collection"],
    "/collection/{slug}": lambda _world: "/collection/prints",
    "/vocabularies/{slug}": THINGS["a vocabulary"],
    "/vocabularies/{slug}/terms.ttl": lambda _world: "/vocabularies/aat/terms.ttl",
    "/vocabulary/{slug}": lambda _world: "/vocabulary/aat",
    "/kinds/{name}": THINGS["a kind"],
    "/providers": lambda _world: "/providers",
    "/providers/{key}": THINGS["a museum"],
    "/provider/{key}": lambda _world: "/provider/a-museum",
    "/proxy/{id}": lambda world: f"/proxy/{world.item(0)}",
    "/aggregation/{id}": lambda world: f"/aggregation/{world.item(0)}",
    "/agent/{id}": lambda world: f"/agent/{world.people['ada'].id}",
    "/graph/{kind}/{slug}": lambda _world: "/graph/collection/prints",
    "/why": lambda world: f"/why?iri={quote(worlds.item(0), safe='')}",
    "/why/{id}": THINGS["why it is here"],
    "/terms": lambda _world: f"/terms?iri={quote(FARMS, safe='')}",
    "/term/{slug}/{id}": lambda world: f"/term/own/{own_term(world)}",
    "/object/{name:path}": lambda world: f"/{of_a_sheet(world)[0]}",
    "/.well-known/genid/{name:path}": lambda world: f"/{of_a_sheet(world)[1]}",
    "/local/{name:path}": lambda world: f"/{of_a_sheet(world)[2]}",
    "/data": THINGS["the data"],
    "/data{suffix}": lambda _world: "/data.ttl",
    "/.well-known/void": lambda _world: "/.well-known/void",
}

#: Services in forms of their own, which their own tests know.
SERVICES = {
    "/collections/{slug}/items": "/collections/prints/items",
    "/feed": "/feed",
    "/feed/pages/{page}": "/feed/pages/after-0",
    "/feed.atom": "/feed.atom",
    "/api": "/api",
    "/api/openapi.json": "/api/openapi.json",
}


def of_a_sheet(world: World) -> tuple[str, str, str]:
    """The paths of an object that got its IRI here, and of two things that its record describes."""
    paths = ("object/sheet/a-1", ".well-known/genid/x1", "local/sheet/maker")
    thing, maker, place = (world.desk.names.path(each) for each in paths)
    graph = world.desk.names.graph("collection", "sheet")
    lines = [
        f"{thing} {RDF_.type} {EDM_.ProvidedCHO}", f"{thing} {DC_.title} {Literal('A sheet')}",
        f"{thing} {DC_.creator} {maker}", f"{maker} {RDF_.type} {EDM_.Agent}",
        f"{place} {RDF_.type} {EDM_.Place}", f"{thing} {DC_.coverage} {place}",
    ]  # fmt: skip
    prepared = graph_states.prepare(world.desk, "public", graph, lines)
    if prepared.changes_something:
        worlds.commit_bulk(world.desk, world.people["olga"], "sheet", prepared.bulk)
    return paths


def own_term(world: World) -> str:
    """The name of a term of a vocabulary that is made here."""
    olga = world.visitor("olga")
    if world.visitor().get("/vocabularies/own").status_code == 404:
        assert olga.submit("/vocabularies/new", title="Own", slug="own").status_code == 303
        fields = {"label-1-language": "en", "label-1-text": "a term of our own"}
        assert olga.submit("/vocabularies/own/terms/new", **fields).status_code == 303
    rows = world.desk.index.read().execute("SELECT file FROM term_vocabulary WHERE slug = 'own'")
    assert rows.fetchone()
    base = world.desk.names.path("term/own/").value
    store = world.desk.datasets["public"].store
    found = {q.subject.value for q in store if str(q.subject).startswith(f"<{base}")}
    return str(sorted(found)[0]).removeprefix(base)


def named(route: DataRoute) -> str:
    return route.path


@pytest.fixture(params=[route for route in DATA if route.path in REAL], ids=named)
def place(request: pytest.FixtureRequest, world: World) -> str:
    """Each address of data, of something that is there."""
    return REAL[request.param.path](world)


def test_every_identifier_of_ours_in_the_public_data_leads_somewhere(
    world: World, visitor: Visitor
) -> None:
    of_a_sheet(world)
    base, by_kind = world.desk.names.base, dict[str, set[str]]()
    for quad in world.desk.datasets["public"].store:
        for node in (quad.subject, quad.object, quad.graph_name):
            if isinstance(node, NamedNode) and node.value.startswith(base):
                path = node.value.removeprefix(base).partition("#")[0]
                kind = "/".join(path.split("/")[: 2 if path.startswith("graph/") else 1])
                by_kind.setdefault(kind, set()).add(path)
    assert {"annotation", "proxy", "agent", "object", "graph/published"} <= by_kind.keys()
    for kind, paths in by_kind.items():
        for path in sorted(paths)[:3]:
            for accept in ("text/turtle", "text/html"):
                asked = {"Accept": accept}
                answer = visitor.get(f"/{path}", headers=asked, follow_redirects=True)
                assert answer.status_code == 200, (kind, path, accept)


def test_every_address_of_data_is_audited() -> None:
    assert {route.path for route in DATA} == {*REAL, *SERVICES}


@pytest.mark.parametrize("path", SERVICES.values())
def test_services_may_be_used_by_pages_elsewhere(visitor: Visitor, path: str) -> None:
    headers = {"Accept": "*/*", "Origin": "https://x.org"}
    got, head = (visitor.request(each, path, headers=headers) for each in ("GET", "HEAD"))
    assert got.status_code == head.status_code == 200
    assert head.headers["Content-Type"] == got.headers["Content-Type"]
    assert got.headers["Access-Control-Allow-Origin"] == "*"
    preflight = headers | {"Access-Control-Request-Method": "GET"}
    assert visitor.options(path, headers=preflight).status_code in (200, 204)


@pytest.mark.parametrize("accept", ["text/turtle", BROWSER])
def test_it_is_there_or_leads_to_what_is(visitor: Visitor, place: str, accept: str) -> None:
    answer = visitor.get(place, headers={"Accept": accept})
    assert answer.status_code in (200, 303)
    if answer.status_code == 303:
        there = visitor.get(answer.headers["Location"], headers={"Accept": accept})
        assert there.status_code == 200
    elif not place.endswith(".ttl"):
        assert "Accept" in answer.headers["Vary"]


def test_pages_elsewhere_may_read_it(visitor: Visitor, place: str) -> None:
    answer = visitor.get(place, headers={"Accept": "text/turtle", "Origin": "https://x.org"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
    asked = {"Origin": "https://x.org", "Access-Control-Request-Method": "GET",
             "Access-Control-Request-Headers": "if-none-match"}  # fmt: skip
    before = visitor.options(place, headers=asked)
    assert before.status_code == 204
    assert before.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in before.headers["Access-Control-Allow-Methods"]
    assert "If-None-Match" in before.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in before.headers


@pytest.mark.parametrize("path", ["/items/nothing", "/annotation/nothing.ttl", "/why/nothing"])
def test_that_it_is_not_there_may_be_read_elsewhere_too(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path, headers={"Accept": "text/turtle", "Origin": "https://x.org"})
    assert answer.status_code == 404
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json", "text/html"])
def test_head_is_get_without_the_body(visitor: Visitor, place: str, accept: str) -> None:
    got = visitor.get(place, headers={"Accept": accept})
    head = visitor.head(place, headers={"Accept": accept})
    assert (head.status_code, head.content) == (got.status_code, b"")
    apart = {"date", "set-cookie", "transfer-encoding"}
    headers = [
        {name: value for name, value in each.headers.items() if name not in apart}
        for each in (head, got)
    ]
    if 'name="csrf"' in got.text:  # a form's token is as long, but each is another
        assert headers[0].keys() == headers[1].keys()
    else:
        assert headers[0] == headers[1]


def test_what_is_known_already_is_not_sent_again(visitor: Visitor, place: str) -> None:
    asked = {"Accept": "text/turtle"}
    first = visitor.get(place, headers=asked, follow_redirects=True)
    if first.headers["Content-Type"].partition(";")[0] != "text/turtle":
        return  # the address has pages alone
    etag, address = first.headers["ETag"], str(first.url)
    for known in (etag, f"W/{etag.removeprefix('W/')}", f'"other", {etag}', "*"):
        again = visitor.get(address, headers=asked | {"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == etag
        assert again.headers["Access-Control-Allow-Origin"] == "*"
        assert again.headers.get("Content-Location") == first.headers.get("Content-Location")
    for unknown in ('"other"', etag.strip('"'), ""):
        assert visitor.get(address, headers=asked | {"If-None-Match": unknown}).status_code == 200
    if modified := first.headers.get("Last-Modified"):
        since = {"If-Modified-Since": modified}
        assert visitor.get(address, headers=asked | since).status_code == 304
        assert visitor.get(address, headers=asked | since | {"If-None-Match": '"x"'}).is_success
        for early in ("Mon, 01 Jan 2001 00:00:00 GMT", "yesterday", "0", ""):
            old = {"If-Modified-Since": early}
            assert visitor.get(address, headers=asked | old).status_code == 200


def test_it_says_where_else_it_is(visitor: Visitor, place: str) -> None:
    for accept in ("text/turtle", BROWSER):
        answer = visitor.get(place, headers={"Accept": accept}, follow_redirects=True)
        if not answer.headers.get("Content-Location"):
            continue  # one form alone, or its own address
        links = answer.headers["Link"]
        for media_type in FORMATS:
            assert f'rel="alternate"; type="{media_type}"' in links or media_type in links
        assert 'rel="canonical"' in links and 'rel="type"' in links
        there = visitor.get(answer.headers["Content-Location"])
        kind = answer.headers["Content-Type"].partition(";")[0]
        assert there.headers["Content-Type"].partition(";")[0] == kind
        if kind == "text/html":
            assert 'rel="describedby"' in links
        else:
            assert there.content == answer.content


# --- what changes, and what that does to tags and dates -------------------------------------------


def test_a_tag_changes_when_what_is_said_does_and_not_otherwise(
    world: World, visitor: Visitor
) -> None:
    slug = world.campaign()
    paths = [f"/items/{world.item(number)}.ttl" for number in (7, 8)]
    before = [visitor.get(path).headers for path in paths]
    world.publish(slug, 7, RESORTS)
    after = [visitor.get(path).headers for path in paths]
    assert before[0]["ETag"] != after[0]["ETag"]
    assert before[1]["ETag"] == after[1]["ETag"]
    assert before[1]["Last-Modified"] == after[1]["Last-Modified"]
    tags = {
        visitor.get(path + suffix).headers["ETag"]
        for path in [paths[0].removesuffix(".ttl")]
        for suffix in (".ttl", ".nt", ".jsonld", ".rdf")
    }
    assert len(tags) == 4


def test_a_term_that_is_renamed_changes_the_items_that_have_it(
    world: World, visitor: Visitor
) -> None:
    path = f"/items/{world.item(1)}.ttl"
    before = visitor.get(path)
    assert "resorts" in before.text
    olga = world.people["olga"]
    graph = world.desk.names.graph("terms", "aat")
    added = Quad(NamedNode(RESORTS), NamedNode(str(SKOS.altLabel)), Literal("spas"), graph)

    def commit(patch: Patch) -> None:
        by, then = olga.agent.value, datetime.now(UTC)
        world.desk.commit(lambda _desk: (patch, None), by=by, action="test", now=then)

    commit(on("public", add=[added]))
    after = visitor.get(path)
    assert "spas" in after.text
    assert before.headers["ETag"] != after.headers["ETag"]
    since = before.headers["Last-Modified"]
    moved = after.headers["Last-Modified"] != since
    unchanged = visitor.get(path, headers={"If-Modified-Since": since}).status_code == 304
    commit(on("public", remove=[added]))  # other tests of this site need the term as it came
    assert moved != unchanged  # in the same second a date says nothing


def test_the_names_of_what_it_leads_to_come_with_it(world: World, visitor: Visitor) -> None:
    graph = parsed(visitor.get(f"/items/{world.item(0)}.ttl"), "text/turtle")
    item = URIRef(worlds.item(0))
    document = URIRef(world.desk.names.path(f"items/{world.item(0)}").value)
    assert (item, RDFS.label, RdfLiteral("Print 0", lang="en")) in graph
    assert (document, FOAF.primaryTopic, item) in graph
    data = {URIRef(world.desk.names.path(each).value) for each in ("data", "collection/prints")}
    assert set(graph.objects(document, VOID.inDataset)) == data
    assert list(graph.objects(document, DCTERMS.license))
    campaign = parsed(visitor.get("/campaigns/done.ttl"), "text/turtle")
    prints = URIRef(world.desk.names.collection("prints").value)
    assert "Prints" in {str(label) for label in campaign.objects(prints, DCTERMS.title)}
    assert not list(graph.predicate_objects(URIRef(world.people["olga"].agent.value)))


def test_what_was_enriched_once_and_is_no_more_is_gone(
    world: World, visitor: Visitor, organiser: Visitor
) -> None:
    slug = world.campaign()
    world.publish(slug, 9, RESORTS)
    path = f"/proxy/{world.item(9)}"
    assert visitor.get(path).status_code == 303
    organiser.submit(f"/campaigns/{slug}/unpublish")
    for address in (path, f"{path}.ttl", f"/aggregation/{world.item(9)}.nt"):
        assert visitor.get(address, headers={"Accept": "text/turtle"}).status_code == 410
