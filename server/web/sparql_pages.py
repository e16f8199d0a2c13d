"""The page of the SPARQL endpoint: the editor, examples, an answer as people look at it."""

from typing import Any
from urllib.parse import urlencode

from pyoxigraph import Triple
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import (
    catalogue_graphs,
    query_examples,
    query_words,
    short_queries,
    sparql_views,
)
from server.domain.sparql_views import Views
from server.domain.widgets import places
from server.names import PREFIXES
from server.web import service_descriptions, sparql
from server.web.conditional_json import answered
from server.web.negotiation import N_TRIPLES
from server.web.pages import page
from server.web.problems import status_of
from server.web.requests import by_htmx, desk, language
from server.web.sparql import Told

ROWS = (("csv", "CSV"), ("tsv", "TSV"), ("json", "JSON"), ("xml", "XML"))
GRAPH = (("ttl", "Turtle"), ("jsonld", "JSON-LD"), ("nt", "N-Triples"), ("rdf", "RDF/XML"))


def show(request: Request, told: Told | None = None) -> Response:
    """The editor with the query and its answer, or with one of the examples."""
    status = status_of(told.error) if told and told.error else 200
    if by_htmx(request) and told:
        return page(request, "sparql/_results.html", status_code=status, **answer(request, told))
    return page(request, "sparql/page.html", status_code=status, **editor(request, told))


def editor(request: Request, told: Told | None, short: str = "") -> dict[str, Any]:
    """The context of the page; `short` is the address that the query has already."""
    groups = query_examples.grouped(desk(request))
    examples = [each for _title, found in groups for each in found]
    asked = request.query_params.get("example", "")
    chosen = next((each for each in examples if each.key == asked), examples[0])
    query = told.query if told else chosen.query
    return {
        "groups": groups,
        "query": query,
        "title": short_queries.title(query) if told else "",
        "prefixes": PREFIXES,
        **answer(request, told or Told(query), short),
    }


def answer(request: Request, told: Told, short: str = "", more: str = "") -> dict[str, Any]:
    """The context of the answer alone; `more` are parameters that its own address keeps."""
    views = _views(request, told)
    own = f"/q/{short}?" if short else f"/sparql?{urlencode({'query': told.query})}&"
    return {
        "views": views,
        "seconds": told.seconds,
        "error": str(told.error) if told.error else None,
        "own": own + more,
        "short": short,
        "formats": GRAPH if views and views.text else ROWS,
        "ground": places.ground(desk(request)),
    }


def _views(request: Request, told: Told) -> Views | None:
    if told.answer is None:
        return None
    opened, body = desk(request), told.answer.body
    if told.answer.media_type == N_TRIPLES:
        return sparql_views.of_graph(opened, told.query, body, language(), told.view)
    return sparql_views.of_answer(opened, told.query, body, language(), told.view, told.chart)


def words(request: Request) -> Response:
    """What the editor completes: prefixes, and the classes and properties that are in the data."""
    return answered(request, query_words.of(desk(request)).known())


def describe(request: Request, endpoint: str) -> list[Triple]:
    """The service with what this instance holds, and what it allows."""
    opened = desk(request)
    graphs = [(each.iri, each.part.titles, each.triples) for each in catalogue_graphs.named(opened)]
    return service_descriptions.service(endpoint, graphs, opened.settings)


routes = [
    sparql.route(show, describe=describe),
    Route("/sparql/words", words),
]
