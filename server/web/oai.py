"""`/oai`: OAI-PMH 2.0 by GET and by POST, and a page for people who come without a question.

https://www.openarchives.org/OAI/openarchivesprotocol.html. Errors of the protocol are answers with
status 200 (section 3.6); 503 with Retry-After asks to come back (section 3.1.2.2).
"""

import gzip
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import parse_qsl

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import oai_answers, oai_views
from server.errors import Malformed, Unavailable
from server.i18n import _
from server.web import negotiation
from server.web.forms import read_form
from server.web.limits import client_address, network
from server.web.pages import page
from server.web.requests import context, desk, now, settings

_XML = "text/xml"
_MOST_FIELDS = 50
_AT_ONCE = 2  # answers that are made: they share the cores with everybody else
_OF_A_CLIENT = 4  # requests that run or wait
_WAITING = 40
_LEVEL = 3  # of gzip: a quarter of the size for a tenth of the time
_LOCK = threading.Lock()
_HEADERS = {
    "Vary": "Accept-Encoding, Accept",
    "Cache-Control": "no-cache",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


class Gate:
    """Lets a few harvesters in at a time, and none more often than others."""

    def __init__(self) -> None:
        self.limiter = anyio.CapacityLimiter(_AT_ONCE)
        self._clients: Counter[str] = Counter()

    @contextmanager
    def entered(self, client: str) -> Iterator[None]:
        """Raises Unavailable where too many are inside, or of this client."""
        if self._clients[client] >= _OF_A_CLIENT:
            raise Unavailable(_("Too many requests of yours run at once. Please wait a little."))
        if self._clients.total() >= _WAITING:
            raise Unavailable(_("Many are harvesting at the moment. Please wait a little."))
        self._clients[client] += 1
        try:
            yield
        finally:
            self._clients[client] -= 1
            self._clients += Counter()  # forgets those that left


async def serve(request: Request) -> Response:
    """The answer as XML; for a browser that asks nothing the page."""
    if request.method != "POST" and not request.url.query and _wants_page(request):
        return await anyio.to_thread.run_sync(_page, request)
    pairs = await _pairs(request)
    client = network(client_address(request.scope, settings(request).trusted_proxies))
    gate = _gate(request)
    with gate.entered(client):
        return await anyio.to_thread.run_sync(_answer, request, pairs, limiter=gate.limiter)


def _answer(request: Request, pairs: Sequence[tuple[str, str]] | str) -> Response:
    """To fields, or to what is wrong with them in words."""
    if isinstance(pairs, str):
        document = oai_answers.refuse(desk(request), pairs, now())
    else:
        document = oai_answers.answer(desk(request), pairs, now())
    headers = dict(_HEADERS)
    if _takes_gzip(request):
        document = gzip.compress(document, _LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(document, media_type=_XML, headers=headers)


async def _pairs(request: Request) -> Sequence[tuple[str, str]] | str:
    """The fields of the address, and those of the form (section 3.1.1)."""
    try:
        form = await read_form(request) if request.method == "POST" else None
        asked = parse_qsl(
            request.url.query, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except Malformed as error:
        return str(error)
    except ValueError:  # not in UTF-8, or too many
        return _("The request cannot be read.")
    return [*asked, *(form.fields if form else ())]


def _page(request: Request) -> Response:
    response = page(request, "oai/page.html", **oai_views.page(*context(request)))
    response.headers.add_vary_header("Accept")
    return response


def _wants_page(request: Request) -> bool:
    accepted = request.headers.get("accept")
    return negotiation.choose(accepted, (_XML, negotiation.HTML)) == negotiation.HTML


def _takes_gzip(request: Request) -> bool:
    """Whether gzip is among the codings that are accepted (RFC 9110, 12.5.3)."""
    for part in request.headers.get("accept-encoding", "").lower().split(","):
        coding, _semicolon, weight = part.replace(" ", "").partition(";")
        if coding in ("gzip", "x-gzip", "*"):
            return not weight.startswith("q=0") or weight.strip("q=0.") != ""
    return False


def _gate(request: Request) -> Gate:
    """One for all requests."""
    state = request.app.state
    with _LOCK:
        if not hasattr(state, "oai_gate"):
            state.oai_gate = Gate()
        found: Gate = state.oai_gate
    return found


routes = [Route("/oai", serve, methods=["GET", "POST"])]
