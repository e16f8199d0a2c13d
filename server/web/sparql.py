"""`/sparql`: the query operation of the SPARQL 1.1 Protocol, read by anybody from any origin."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode, Triple
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from server.errors import CrowdHeritageError, Malformed, TooLarge
from server.i18n import _
from server.store import guard
from server.store.guard import Checked
from server.store.pool import Answer, Dataset, QueryPool
from server.web import negotiation, service_descriptions
from server.web.negotiation import HTML, RDF, VARY
from server.web.pages import page

MAX_BODY = 1_000_000
MAX_GRAPHS = 100  # a query's cost grows with the number of graphs in its dataset
RESULTS = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
    "application/json",
    "application/xml",
)
QUERY, UPDATE = "application/sparql-query", "application/sparql-update"
FORM = "application/x-www-form-urlencoded"
_CORS = Middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_methods=["GET", "POST"],
    allow_headers=["Accept", "Content-Type"],
    max_age=86_400,
)

#: Pages of other sites may read what is public, and each representation is cached apart.
_HEADERS = {**VARY, "Cross-Origin-Resource-Policy": "cross-origin"}

Render = Callable[[Request, "Told | None"], Response]
#: What the service at an address can do, as triples.
Describe = Callable[[Request, str], Iterable[Triple]]
#: `format=` in the address, for links and forms of a page without scripts.
_FORMATS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": negotiation.TURTLE,
    "nt": negotiation.N_TRIPLES,
    "jsonld": negotiation.JSON_LD,
    "rdf": negotiation.RDF_XML,
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a page tells about a query that was run: its answer, or what went wrong.

    `view` and `chart` are how somebody wants to see it, where they said so.
    """

    query: str
    answer: Answer | None = None
    error: CrowdHeritageError | None = None
    seconds: float = 0.0
    view: str = ""
    chart: str = ""


class UnsupportedMediaType(HTTPException):
    """415: a body in a media type that this address does not read."""

    def __init__(self) -> None:
        detail = _("Send a query as {query} or {form}.", query=QUERY, form=FORM)
        super().__init__(415, detail, headers={"Accept-Post": f"{QUERY}, {FORM}"})


@dataclass(frozen=True, slots=True)
class Operation:
    """A query operation (SPARQL 1.1 Protocol, 2.1), `query` empty where none was sent."""

    query: str
    dataset: Dataset
    view: str = ""
    chart: str = ""


def render_page(request: Request, _told: Told | None = None) -> Response:
    """The page for people: a template with the editor."""
    return page(request, "sparql/page.html")


def route(
    render: Render = render_page,
    path: str = "/sparql",
    describe: Describe = lambda _request, address: service_descriptions.service(address),
) -> Route:
    """The address; `render` makes the page that a browser sees, `describe` the description."""

    async def sparql(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": "GET, HEAD, POST, OPTIONS"})
        asked = await operation(request)
        if asked.query:
            return await answer(request, asked, render)
        if request.method == "POST":
            raise Malformed(_("The parameter “query” is missing."))
        return await run_in_threadpool(_introduce, request, render, describe)

    return Route(path, sparql, methods=["GET", "POST", "OPTIONS"], middleware=[_CORS])


async def answer(request: Request, operation: Operation, render: Render) -> Response:
    """What the query finds: in the page where a person looks, else as data."""
    if _wants_page(request):
        return await _tell(request, operation, render)
    return await _answer(request, operation)


def _wants_page(request: Request) -> bool:
    """Whether a person looks: the page's form, or a browser that was given a link to a query."""
    if "format" in request.query_params:
        return False
    chosen = negotiation.choose(_accept(request), (*RESULTS, *RDF, HTML))
    return "page" in request.query_params or chosen == HTML


async def _tell(request: Request, operation: Operation, render: Render) -> Response:
    """The page with the answer in it; a graph is asked for as N-Triples."""
    told = Told(operation.query, view=operation.view, chart=operation.chart)
    began = time.monotonic()
    try:
        checked = guard.check(operation.query)
        accept = RESULTS[0] if checked.form in ("SELECT", "ASK") else negotiation.N_TRIPLES
        found = await _run(request, operation, checked, accept)
        told = replace(told, answer=found, seconds=time.monotonic() - began)
    except CrowdHeritageError as error:
        told = replace(told, error=error)
    response = await run_in_threadpool(render, request, told)
    response.headers.add_vary_header("Accept, HX-Request")
    return response


async def _answer(request: Request, operation: Operation) -> Response:
    checked = guard.check(operation.query)
    offers = RESULTS if checked.form in ("SELECT", "ASK") else RDF
    wanted = _FORMATS.get(request.query_params.get("format", ""), "")
    accept = wanted if wanted in offers else negotiation.negotiate(_accept(request), offers)
    answer = await _run(request, operation, checked, accept)
    return Response(answer.body, media_type=answer.media_type, headers=_HEADERS)


async def _run(request: Request, operation: Operation, checked: Checked, accept: str) -> Answer:
    dataset = replace(operation.dataset, union=not checked.names_dataset)
    pool: QueryPool = request.app.state.pool
    client = request.client.host if request.client else ""
    return await _unless_gone(
        request, pool.run(operation.query, accept=accept, dataset=dataset, client=client)
    )


async def _unless_gone(request: Request, running: Coroutine[Any, Any, Answer]) -> Answer:
    """The answer, or ClientDisconnect as soon as nobody waits for it: that frees the worker."""
    query = asyncio.create_task(running)
    gone = asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait((query, gone), return_when=asyncio.FIRST_COMPLETED)
        if not query.done():
            raise ClientDisconnect
        return query.result()
    finally:
        gone.cancel()
        query.cancel()
        await asyncio.gather(query, gone, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _introduce(request: Request, render: Render, describe: Describe) -> Response:
    """Without a query: a page for people, the service description for everybody else."""
    accept = negotiation.negotiate(_accept(request), (*RDF, HTML))
    if accept == HTML:
        response = render(request, None)
        response.headers.add_vary_header("Accept")
        return response
    # Where it was asked, for clients compare; Starlette has refused a Host that is none.
    endpoint = str(request.url.replace(query="", fragment=""))
    body = service_descriptions.written(describe(request, endpoint), accept)
    return Response(body, media_type=accept, headers=_HEADERS)


def _accept(request: Request) -> str:
    """Several Accept headers mean the same as one list (RFC 9110, 5.3)."""
    return ",".join(request.headers.getlist("accept"))


async def operation(request: Request) -> Operation:
    """What is asked, by the address or in the body. Raises Malformed, TooLarge."""
    parameters = _parameters(request.url.query)
    if request.method == "POST":
        parameters += await _posted(request)
    if any(name == "update" for name, _value in parameters):
        raise Malformed(_("Updates are not accepted here; this address only answers queries."))
    queries = [value for name, value in parameters if name == "query"]
    if len(queries) > 1:
        raise Malformed(_("The parameter “query” was sent more than once."))
    default = _graphs(parameters, "default-graph-uri")
    named = _graphs(parameters, "named-graph-uri")
    if len(default) + len(named) > MAX_GRAPHS:
        raise Malformed(_("A dataset has at most {limit} graphs.", limit=MAX_GRAPHS))
    view, chart = (
        next((value for name, value in parameters if name == wanted), "")
        for wanted in ("view", "chart")
    )
    return Operation(queries[0] if queries else "", Dataset(default, named), view, chart)


async def _posted(request: Request) -> list[tuple[str, str]]:
    """The parameters in a body: a form, or the bare text of a query."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == UPDATE:
        raise Malformed(_("Updates are not accepted here; this address only answers queries."))
    if media_type not in (QUERY, FORM):
        raise UnsupportedMediaType
    try:
        text = (await _body(request)).decode()
    except UnicodeDecodeError:
        raise Malformed(_("The body is not UTF-8.")) from None
    return _parameters(text) if media_type == FORM else [("query", text)]


async def _body(request: Request) -> bytes:
    """The body, counted as it comes in: neither Starlette nor Content-Length limits it."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise TooLarge(_("The body is larger than {limit} bytes.", limit=MAX_BODY))
    return bytes(body)


def _parameters(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=300)
    except ValueError:  # UnicodeDecodeError is one as well
        raise Malformed(_("The parameters cannot be read: is this UTF-8?")) from None


def _graphs(parameters: list[tuple[str, str]], wanted: str) -> tuple[str, ...]:
    iris = tuple(value for name, value in parameters if name == wanted)
    for iri in iris:
        try:
            NamedNode(iri)
        except ValueError:
            raise Malformed(_("“{iri}” in {name} is no IRI.", iri=iri, name=wanted)) from None
    return iris
