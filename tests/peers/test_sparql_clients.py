"""SPARQL clients that nobody here wrote, against a running server: of Python, and of JavaScript."""

from collections.abc import Iterator
from typing import Any

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DC
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from tests import worlds
from tests.peers import node_clients
from tests.web import campaign_site
from tests.web.campaign_site import FARMS, RESORTS, World
from tests.web.test_sparql_answers import wait_for_snapshot

#: The items that people tagged in the campaign “done”, with the terms.
SELECT = """PREFIX oa: <http://www.w3.org/ns/oa#>
SELECT DISTINCT ?item ?term WHERE { ?a oa:hasBody ?term ; oa:hasTarget/oa:hasSource ?item }
ORDER BY ?item"""
FOUND = [
    {"item": worlds.item(0), "term": FARMS},
    {"item": worlds.item(1), "term": RESORTS},
]
CONSTRUCT = f"""PREFIX dc: <{DC}>
CONSTRUCT {{ ?item dc:title ?title }} WHERE {{
  VALUES ?item {{ <{worlds.item(0)}> <{worlds.item(1)}> }} ?item dc:title ?title
}}"""
TRIPLES = [
    [worlds.item(0), str(DC.title), "Print 0", "en"],
    [worlds.item(1), str(DC.title), "Print 1", "en"],
]
WRONG = "SELECT ?x WHERE { ?x ?y }"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("peers") / "data") as made:
        wait_for_snapshot(made)
        yield made


@pytest.fixture(scope="module")
def endpoint(site: World) -> str:
    return f"{site.address}/sparql"


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_finds_what_was_published(endpoint: str, method: str) -> None:
    wrapper = SPARQLWrapper(endpoint)
    wrapper.setQuery(SELECT)
    wrapper.setReturnFormat(JSON)
    wrapper.setMethod(method)
    rows = wrapper.queryAndConvert()["results"]["bindings"]  # type: ignore[index,call-overload]
    assert [{name: term["value"] for name, term in row.items()} for row in rows] == FOUND
    wrapper.setQuery(WRONG)
    with pytest.raises(QueryBadFormed):
        wrapper.query()


def test_rdflib_reads_the_server_as_if_it_were_its_own_store(site: World, endpoint: str) -> None:
    graph = Graph(SPARQLStore(endpoint, returnFormat="json"))
    print_0 = URIRef(worlds.item(0))
    assert list(graph.objects(print_0, DC.title)) == [Literal("Print 0", lang="en")]
    assert (print_0, DC.title, Literal("Print 0", lang="en")) in graph
    assert (print_0, DC.title, Literal("Print 1", lang="en")) not in graph
    rows = [(str(item), str(term)) for item, term in graph.query(SELECT)]
    assert rows == [(row["item"], row["term"]) for row in FOUND]


def test_rdflib_reads_one_named_graph(site: World, endpoint: str) -> None:
    """As a graph of its own, and as a statement of a query."""
    base = site.desk.names.base
    name = f"{base}graph/collection/prints"
    graph = Graph(SPARQLStore(endpoint, returnFormat="json"), identifier=URIRef(name))
    titles = {str(title) for title in graph.objects(None, DC.title)}
    assert titles == {f"Print {n}" for n in range(campaign_site.ITEMS)}


@pytest.fixture(scope="module")
def told(endpoint: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = node_clients.run(
        "sparql_clients.mjs", endpoint, SELECT, CONSTRUCT, WRONG
    )
    return found


def test_clients_from_npm_find_what_was_published(told: dict[str, dict[str, Any]]) -> None:
    assert len(told) == 5
    for name, found in told.items():
        assert found["select"] == FOUND, name
        assert found["construct"] == TRIPLES, name
        assert found["ask"] is True, name


def test_clients_from_npm_understand_that_a_query_is_wrong(told: dict[str, dict[str, Any]]) -> None:
    for name, found in told.items():
        assert "400" in found["wrong"] or "Bad Request" in found["wrong"], name
