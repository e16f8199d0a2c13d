"""Linked data: one thing, many representations, by negotiation and by suffix."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from pyoxigraph import RdfFormat, Triple, serialize
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from server.errors import NotFound
from server.i18n import _
from server.names import PREFIXES
from server.web import negotiation
from server.web.negotiation import HTML, RDF, VARY

_PIECE = 2_000  # triples
_HEADERS = {
    **VARY,
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def respond(
    request: Request, name: str, *, page: Callable[[str], Response],
    triples: Callable[[str], Iterable[Triple]], gone: Callable[[str], bool] = lambda _name: False,
) -> Response:  # fmt: skip
    """The page or the RDF of what `name` (from the path, perhaps with a suffix) stands for.

    What is `gone` is still described, with 410. Raises NotFound where there are no triples,
    NotAcceptable (406).
    """
    name, wanted = negotiation.split_suffix(name)
    media_type = wanted or negotiation.negotiate(request.headers.get("accept"), (HTML, *RDF))
    if media_type == HTML:
        response = page(name)
        response.headers.add_vary_header("Accept")
        return response
    response = rdf(triples(name), media_type)
    response.status_code = 410 if gone(name) else 200
    return response


def data(request: Request, name: str, triples: Callable[[str], Iterable[Triple]]) -> Response:
    """The RDF of something that has no page of its own; Turtle for browsers."""
    name, wanted = negotiation.split_suffix(name)
    if wanted == HTML:
        raise NotFound(_("There is no page at this address."))
    accept = request.headers.get("accept")
    return rdf(triples(name), wanted or negotiation.choose(accept, RDF) or negotiation.TURTLE)


def rdf(triples: Iterable[Triple], media_type: str) -> Response:
    found = list(dict.fromkeys(triples))
    if not found:
        raise NotFound(_("There is nothing at this address."))
    return Response(write(found, media_type), media_type=media_type, headers=_HEADERS)


def stream(triples: Iterator[Triple]) -> Response:
    """Turtle, piece by piece: however much it is, little of it is in memory."""
    return StreamingResponse(_pieces(triples), media_type=negotiation.TURTLE, headers=_HEADERS)


def _pieces(triples: Iterator[Triple]) -> Iterator[bytes]:
    """The lines of the prefixes, whose order changes, stand before the first piece alone."""
    yield write(islice(triples, _PIECE), negotiation.TURTLE)
    while piece := list(islice(triples, _PIECE)):
        yield write(piece, negotiation.TURTLE).split(b"\n", len(PREFIXES))[-1]


def write(triples: Iterable[Any], media_type: str) -> bytes:
    """The triples in one of the RDF media types, with our prefixes where it has any."""
    format_ = RdfFormat.from_media_type(media_type)
    assert format_ is not None
    prefixes = PREFIXES if format_ in (RdfFormat.TURTLE, RdfFormat.RDF_XML) else None
    data = serialize(triples, format=format_, prefixes=prefixes)
    assert data is not None
    return data


def see(address: str) -> Response:
    """303 from a thing's identifier to what describes it (https://www.w3.org/TR/cooluris/)."""
    return RedirectResponse(address, 303, headers=_HEADERS)  # scripts elsewhere follow it as well
