"""What there is: /data for people and as VoID, and the page of the SPARQL endpoint."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import data_views
from server.errors import NotFound
from server.i18n import _
from server.web import linked_data, sparql
from server.web.negotiation import SUFFIXES
from server.web.pages import page
from server.web.problems import status_of
from server.web.requests import context, desk
from server.web.sparql import Told


def show(request: Request) -> Response:
    suffix = request.path_params.get("suffix", "")
    if suffix and suffix not in SUFFIXES:
        raise NotFound(_("There is no page at this address."))
    name = "data" + suffix
    return linked_data.respond(
        request,
        name,
        page=lambda _name: page(request, "data/index.html", **data_views.page(*context(request))),
        triples=lambda _name: data_views.dataset(desk(request)),
    )


def sparql_page(request: Request, told: Told | None = None) -> Response:
    """The editor with the query and its answer, or with one of the examples."""
    examples = data_views.examples(desk(request))
    numbers = [str(number) for number in range(1, len(examples) + 1)]
    number = request.query_params.get("example", "1")
    chosen = numbers.index(number) if number in numbers else 0
    return page(
        request,
        "sparql/page.html",
        status_code=status_of(told.error) if told and told.error else 200,
        examples=examples,
        query=told.query if told else examples[chosen][1],
        prefixes=data_views.PREFIXES,
        error=str(told.error) if told and told.error else None,
        results=data_views.results(told.answer.body) if told and told.answer else None,
    )


routes = [
    Route("/data", show),
    Route("/data{suffix}", show),
    sparql.route(sparql_page),
]
