"""`/q`: short addresses of queries, to share them and to show their answers elsewhere."""

import threading

import orjson
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import short_queries
from server.errors import Malformed, TooMany
from server.i18n import _
from server.store.pool import Dataset
from server.web import maps, negotiation, sparql, sparql_pages
from server.web.counters import Counters
from server.web.limits import client_address, network
from server.web.pages import page
from server.web.problems import status_of
from server.web.requests import by_htmx, desk, now, path, see_other, settings
from server.web.sparql import Operation, Told

#: Queries that a client may share in five minutes: to flood us takes more than patience.
MOST, MINUTES = 30, 5
_JSON = "application/json"
_CORS = Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET"])
#: What anybody has written is not for search engines.
_UNLISTED = {"X-Robots-Tag": "noindex"}
_LOCK = threading.Lock()


class ShareRate:
    """How many queries each client has shared lately."""

    def __init__(self) -> None:
        self._item = RateLimitItemPerMinute(MOST, MINUTES)
        self._limiter = FixedWindowRateLimiter(Counters())

    def take(self, client: str) -> None:
        """Raises TooMany."""
        if not self._limiter.hit(self._item, "share", network(client)):
            raise TooMany(_("Too many queries were shared. Please wait a little."), MINUTES * 60)


async def share(request: Request) -> Response:
    """POST: gives the query an address; programs are told it, people are led to it."""
    operation = await sparql.operation(request)
    if not operation.query:
        raise Malformed(_("The parameter “query” is missing."))
    client = client_address(request.scope, settings(request).trusted_proxies)
    _rate(request).take(client)
    opened = desk(request)
    short = await run_in_threadpool(short_queries.share, opened, operation.query, now=now())
    address = f"/q/{short}"
    accept = request.headers.get("accept")
    if negotiation.choose(accept, (_JSON, negotiation.HTML)) == negotiation.HTML:
        return see_other(address)
    said = {"address": address, "title": short_queries.title(operation.query)}
    headers = {"Location": address, **negotiation.VARY}
    return Response(orjson.dumps(said), 201, headers=headers, media_type=_JSON)


async def show(request: Request) -> Response:
    """The editor with the query and its answer; the answer alone for programs and frames."""
    short = path(request, "short")
    query = await run_in_threadpool(short_queries.get, desk(request), short)
    asked = request.query_params
    operation = Operation(query, Dataset(), asked.get("view", ""), asked.get("chart", ""))

    def render(request: Request, told: Told | None) -> Response:
        return _page(request, told or Told(query), short)

    response = await sparql.answer(request, operation, render)
    response.headers.update(_UNLISTED)
    return response


def _page(request: Request, told: Told, short: str) -> Response:
    status = status_of(told.error) if told.error else 200
    if "embed" in request.query_params:
        return _embedded(request, told, short, status)
    if by_htmx(request):
        found = sparql_pages.answer(request, told, short)
        return page(request, "sparql/_results.html", status_code=status, **found)
    context = sparql_pages.editor(request, told, short)
    return page(request, "sparql/page.html", status_code=status, **context)


def _embedded(request: Request, told: Told, short: str, status: int) -> Response:
    title = short_queries.title(told.query)
    found = sparql_pages.answer(request, told, short, "embed=1&")
    response = page(request, "sparql/embed.html", status_code=status, title=title, **found)
    response.headers["Content-Security-Policy"] = _framed(maps.origin(settings(request)))
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _framed(tiles: str) -> str:
    """A page for frames of other sites: it has no form, and nothing that is done for somebody."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            f"img-src 'self' data: {tiles}".strip(),
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors *",
        )
    )


def _rate(request: Request) -> ShareRate:
    """One for all requests of the server."""
    state = request.app.state
    with _LOCK:
        if not hasattr(state, "share_rate"):
            state.share_rate = ShareRate()
        found: ShareRate = state.share_rate
    return found


routes = [
    Route("/q", share, methods=["POST"]),
    Route("/q/{short}", show, middleware=[_CORS]),
]
