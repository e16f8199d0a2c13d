"""The SPARQL 1.1 Protocol, spoken to a real server on a loopback port with real workers."""

import contextlib
import socket
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from pyoxigraph import NamedNode, Quad, Store
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection
from SPARQLWrapper import CSV, JSON, POST, RDFXML, TURTLE, XML, SPARQLWrapper
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse

from server.settings import Settings
from server.store.pool import QueryPool
from server.store.snapshots import Snapshots
from server.web import problems, sparql
from tests.web.loopback import serve

KASEI = "http://kasei.us/2009/09/sparql/data/"
DOCUMENT = NamedNode("http://xmlns.com/foaf/0.1/Document")
TYPE = NamedNode(str(RDF.type))
GRAPHS = [f"{KASEI}data{number}.rdf" for number in (1, 2, 3)]
ENDLESS = "SELECT (COUNT(*) AS ?n) { %s }" % " ".join(  # noqa: UP031
    f"VALUES ?x{n} {{ 1 2 3 4 5 6 }}" for n in range(40)
)
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")


def page(request: Request, told: sparql.Told | None = None) -> HTMLResponse:
    return HTMLResponse("<title>SPARQL</title>")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The data of the W3C's protocol tests: a document per graph, typed in its own graph."""
    store = Store(tmp_path_factory.mktemp("sparql") / "public")
    for graph in GRAPHS:
        store.add(Quad(NamedNode(graph), TYPE, DOCUMENT, NamedNode(graph)))
    return store


@pytest.fixture(scope="module")
def endpoint(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(
        sparql_memory=900_000_000, sparql_result=50_000, sparql_seconds=30, sparql_workers=2
    )
    directory = tmp_path_factory.getbasetemp() / "snapshots"

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with QueryPool(settings, Snapshots(directory, store.backup, lambda: 0)) as pool:
            app.state.pool = pool
            yield

    app = Starlette(
        routes=[sparql.route(page)],
        exception_handlers=problems.exception_handlers,
        lifespan=lifespan,
    )
    with serve(problems.Problems(app)) as address:
        yield f"http://{address}/sparql"


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=60) as client:
        yield client


# The W3C's own tests

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
W3C = """query_post_form query_dataset_default_graphs_get query_dataset_default_graphs_post
query_dataset_named_graphs_post query_dataset_named_graphs_get query_dataset_full
query_multiple_dataset query_get query_content_type_select query_content_type_ask
query_content_type_describe query_content_type_construct query_post_direct"""
FORMATS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": set(sparql.RESULTS[:4]),
    "RDF": {"text/turtle", "application/n-triples", "application/rdf+xml"},
}


@pytest.fixture(scope="module")
def manifest(shared_data: Path) -> Graph:
    text = (shared_data / "sparql-protocol" / "manifest.ttl").read_text()
    return Graph().parse(data=text, format="turtle", publicID="http://example.org/")


@pytest.mark.parametrize("name", W3C.split())
def test_the_protocol_tests_of_the_w3c_pass(
    name: str, manifest: Graph, endpoint: str, client: httpx.Client
) -> None:
    graph = manifest
    base = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/manifest#"
    connection = graph.value(URIRef(base + name), MF.action)
    requests = list(Collection(graph, graph.value(connection, HT.requests)))
    assert requests
    for request in requests:
        response = client.request(
            str(graph.value(request, HT.methodName)),
            endpoint + str(graph.value(request, HT.absolutePath)).removeprefix("/sparql/"),
            content=_content(graph, request),
            headers=_headers(graph, request),
        )
        expected = graph.value(request, HT.resp)
        assert response.is_success
        kind = str(graph.value(expected, MF.expectedFormat))
        assert response.headers["content-type"].partition(";")[0] in FORMATS[kind]
        if (boolean := graph.value(expected, MF.expectedBoolean)) is not None:
            assert response.json()["boolean"] is boolean.toPython()


def _content(graph: Graph, request: URIRef) -> bytes | None:
    body = graph.value(request, HT.body)
    return str(graph.value(body, CNT.chars)).encode() if body is not None else None


def _headers(graph: Graph, request: URIRef) -> list[tuple[str, str]]:
    headers = graph.value(request, HT.headers)
    if headers is None:
        return []
    return [
        (str(graph.value(header, HT.fieldName)), str(graph.value(header, HT.fieldValue)))
        for header in Collection(graph, headers)
    ]


# Our own: they need no data from elsewhere


def test_a_query_comes_by_get_by_form_and_as_bare_text(endpoint: str, client: httpx.Client) -> None:
    query = 'SELECT ?x { VALUES ?x { "é" } }'
    responses = [
        client.get(endpoint, params={"query": query}),
        client.post(endpoint, data={"query": query}),
        client.post(
            endpoint,
            content=query.encode(),
            headers={"Content-Type": "application/sparql-query; charset=utf-8"},
        ),
    ]
    for response in responses:
        assert response.status_code == 200
        assert response.headers["content-type"] == "application/sparql-results+json"
        assert response.json()["results"]["bindings"][0]["x"]["value"] == "é"
        assert "Accept" in response.headers["vary"]


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        *[("ASK {}", media_type, media_type) for media_type in sparql.RESULTS],
        *[("DESCRIBE <a:b>", media_type, media_type) for media_type in sparql.RDF],
        ("SELECT * {}", "text/csv;q=0.1, application/sparql-results+xml", sparql.RESULTS[1]),
        ("SELECT * {}", "text/html,*/*;q=0.1", "text/html"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "*/*", "text/turtle"),
        # Each form of query has formats of its own.
        ("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv, application/rdf+xml;q=0.1", sparql.RDF[3]),
    ],
)
def test_the_format_is_negotiated(
    endpoint: str, client: httpx.Client, query: str, accept: str, media_type: str
) -> None:
    response = client.get(endpoint, params={"query": query}, headers={"Accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == media_type


def test_an_unknown_format_is_answered_by_the_list_of_formats(
    endpoint: str, client: httpx.Client
) -> None:
    response = client.get(endpoint, params={"query": "ASK {}"}, headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "application/sparql-results+json" in response.json()["detail"]


def ask(client: httpx.Client, endpoint: str, query: str, **parameters: str | list[str]) -> bool:
    response = client.get(endpoint, params={"query": query, **parameters})
    assert response.status_code == 200, response.text
    found: bool = response.json()["boolean"]
    return found


def test_the_default_graph_is_the_union_unless_a_dataset_is_named(
    endpoint: str, client: httpx.Client
) -> None:
    one, two, _three = GRAPHS
    query = f"ASK {{ <{one}> a ?x . <{two}> a ?y }}"
    assert ask(client, endpoint, query)
    assert not ask(client, endpoint, query.replace("ASK", f"ASK FROM <{one}>"))
    assert ask(client, endpoint, query.replace("ASK", f"ASK FROM <{one}> FROM <{two}>"))
    assert not ask(client, endpoint, query, **{"default-graph-uri": one})
    assert ask(client, endpoint, query, **{"default-graph-uri": [one, two]})
    assert not ask(client, endpoint, query, **{"named-graph-uri": one})
    assert ask(client, endpoint, f"ASK {{ GRAPH <{two}> {{ <{two}> a ?x }} }}")
    assert ask(client, endpoint, f"ASK FROM NAMED <{two}> {{ GRAPH ?g {{ <{two}> a ?x }} }}")


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"query": "SELECT * { ?s ?p"}, "not valid SPARQL"),
        ({"query": "SELECT * { SERVICE <http://127.0.0.1/> {} }"}, "SERVICE"),
        ({"query": "SELECT * {" + "{" * 2200 + "}" * 2200 + "}"}, "nests deeper"),
        ({"query": "DROP ALL"}, "update"),
        ({"query": ["ASK {}", "ASK {}"]}, "more than once"),
        ({"query": "ASK {}", "default-graph-uri": "no iri"}, "no IRI"),
        ({"query": "ASK {}", "named-graph-uri": [f"a:{n}" for n in range(101)]}, "at most 100"),
        ({"update": "DROP ALL"}, "only answers queries"),
        ({"query": "ASK {}", "update": "DROP ALL"}, "only answers queries"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_bad_request_is_answered_with_400_in_words(
    endpoint: str,
    client: httpx.Client,
    method: str,
    parameters: dict[str, str | list[str]],
    words: str,
) -> None:
    text = urlencode(parameters, doseq=True)
    if method == "GET":
        response = client.get(f"{endpoint}?{text}")
    else:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        response = client.post(endpoint, content=text, headers=headers)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert words in response.json()["detail"]


def test_case_16_updates_are_refused_and_change_nothing(
    endpoint: str, client: httpx.Client, store: Store
) -> None:
    update = "DELETE WHERE { ?s ?p ?o }"
    before = sorted(map(str, store))
    bare = {"Content-Type": "application/sparql-update"}
    assert client.post(endpoint, content=update, headers=bare).status_code == 400
    assert client.post(endpoint, data={"update": update}).status_code == 400
    assert client.post(endpoint, data={"query": update}).status_code == 400
    query = {"Content-Type": "application/sparql-query"}
    assert client.post(endpoint, content=update, headers=query).status_code == 400
    assert sorted(map(str, store)) == before
    assert ask(client, endpoint, "ASK { ?s ?p ?o }")


def test_case_17_a_result_over_the_cap_is_an_error_and_never_cut(
    endpoint: str, client: httpx.Client
) -> None:
    rows = " ".join(f"VALUES ?x{n} {{ 1 2 3 4 5 6 7 8 9 0 }}" for n in range(4))
    response = client.get(endpoint, params={"query": f"SELECT * {{ {rows} }}"})
    assert response.status_code == 413
    assert "LIMIT" in response.json()["detail"]


def test_case_18_a_client_that_leaves_frees_its_worker(endpoint: str, client: httpx.Client) -> None:
    for method in ("GET", "POST"):
        with pytest.raises(httpx.ReadTimeout):
            if method == "GET":
                httpx.get(endpoint, params={"query": ENDLESS}, timeout=0.3)
            else:
                httpx.post(endpoint, data={"query": ENDLESS}, timeout=0.3)
        # The same address may ask again long before the query's deadline of 30 seconds.
        deadline = time.monotonic() + 10
        while (status := client.get(endpoint, params={"query": "ASK {}"}).status_code) == 429:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert status == 200


def test_bodies_of_other_kinds_are_refused(endpoint: str, client: httpx.Client) -> None:
    for media_type in ("text/plain", "multipart/form-data; boundary=x", "application/json"):
        headers = {"Content-Type": media_type}
        response = client.post(endpoint, content=b"ASK {}", headers=headers)
        assert response.status_code == 415
        assert "application/sparql-query" in response.headers["accept-post"]
    assert client.post(endpoint, content=b"ASK {}").status_code == 415


def test_large_and_unreadable_bodies_are_refused(endpoint: str, client: httpx.Client) -> None:
    bare = {"Content-Type": "application/sparql-query"}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post(endpoint, content=b"#" * 1_000_001, headers=bare).status_code == 413
    chunks = (b"#" * 10_000 for _number in range(200))
    assert client.post(endpoint, content=chunks, headers=bare).status_code == 413
    assert client.post(endpoint, content=b"ASK {}" * 3_000, headers=bare).status_code == 400
    for headers in (bare, form):
        response = client.post(endpoint, content=b"query=ASK \xff{}", headers=headers)
        assert response.status_code == 400
        assert "UTF-8" in response.json()["detail"]
    assert client.get(endpoint + "?query=%FF").status_code == 400
    assert client.post(endpoint, content=b"", headers=form).status_code == 400


def test_other_methods_are_refused(endpoint: str, client: httpx.Client) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        assert client.request(method, endpoint).status_code == 405
    assert client.options(endpoint).headers["allow"] == "GET, HEAD, POST, OPTIONS"
    response = client.head(endpoint, params={"query": "ASK {}"})
    assert response.status_code == 200 and response.content == b""


def test_pages_of_any_site_may_query_without_credentials(
    endpoint: str, client: httpx.Client
) -> None:
    origin = {"Origin": "https://example.org"}
    for query in ("ASK {}", "ASK {"):
        response = client.get(endpoint, params={"query": query}, headers=origin)
        assert response.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in response.headers
    preflight = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    response = client.options(endpoint, headers={**origin, **preflight})
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"


def test_browsers_get_a_page_and_programs_the_service_description(
    endpoint: str, client: httpx.Client
) -> None:
    html = client.get(endpoint, headers={"Accept": "text/html,*/*;q=0.8"})
    assert html.headers["content-type"].startswith("text/html")
    for accept, rdf_format in [("*/*", "turtle"), ("application/rdf+xml", "xml")]:
        response = client.get(endpoint, headers={"Accept": accept})
        assert response.status_code == 200
        graph = Graph().parse(data=response.text, format=rdf_format)
        service = graph.value(predicate=RDF.type, object=SD.Service)
        assert graph.value(service, SD.endpoint) == URIRef(endpoint)
        assert (service, SD.feature, SD.UnionDefaultGraph) in graph


def test_sparqlwrapper_is_served_in_each_of_its_formats(endpoint: str) -> None:
    def run(query: str, returns: str, method: str = "GET") -> object:
        wrapper = SPARQLWrapper(endpoint)
        wrapper.setQuery(query)
        wrapper.setReturnFormat(returns)
        wrapper.setMethod(method)
        return wrapper.queryAndConvert()

    select = "SELECT ?s { ?s a ?type } ORDER BY ?s"
    for method in ("GET", POST):
        rows = run(select, JSON, method)["results"]["bindings"]  # type: ignore[index]
        assert [row["s"]["value"] for row in rows] == GRAPHS
    assert GRAPHS[0] in run(select, XML).toxml()  # type: ignore[attr-defined]
    assert bytes(run(select, CSV)).decode().split() == ["s", *GRAPHS]  # type: ignore[call-overload]
    construct = "CONSTRUCT WHERE { ?s a ?type }"
    turtle = bytes(run(construct, TURTLE))  # type: ignore[call-overload]
    assert len(Graph().parse(data=turtle, format="turtle")) == 3
    assert len(run(construct, RDFXML)) == 3  # type: ignore[arg-type]
    assert run("ASK {}", JSON)["boolean"] is True  # type: ignore[index]


def test_a_forged_host_does_not_get_into_the_description(endpoint: str) -> None:
    host, _, port = endpoint.split("/")[2].partition(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b'GET /sparql HTTP/1.1\r\nHost: a"><x\r\nConnection: close\r\n\r\n')
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"><x" not in answer
    assert f"<{endpoint}>".encode() in answer
