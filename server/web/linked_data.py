"""Linked data: one thing, many representations, by negotiation and by suffix."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import quote

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, serialize
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from server.domain import document_dates
from server.errors import NotFound
from server.formats import rdf_xml
from server.i18n import _
from server.names import PREFIXES
from server.web import conditions, link_headers, negotiation, representations
from server.web.cross_origin import SHARED
from server.web.link_headers import Document
from server.web.negotiation import HTML, RDF, VARY, NotAcceptable
from server.web.representations import Kept, Validators
from server.web.requests import desk

_PIECE = 2_000  # triples
_HEADERS = {**VARY, **SHARED}
#: What the words of a page follow beside what is asked for.
_OF_PAGES = ("Accept", "Accept-Language", "Cookie")
Triples = Callable[[str], Iterable[Triple]]
Found = list[Triple]
#: The time (UTC) since which it has been as it is.
Modified = Callable[[str], str]


def respond(
    request: Request, name: str, *, page: Callable[[str], Response], triples: Triples,
    gone: Callable[[Found], bool] = lambda _found: False, about: NamedNode | None = None,
    profile: str = "", public: bool = False, modified: Modified | None = None,
) -> Response:  # fmt: skip
    """The page or the RDF of what `name` (from the path, perhaps with a suffix) stands for.

    What is `gone` is still described, with 410. `about` and `profile` are as in `Document`;
    `public`: its RDF follows from the public dataset alone. Raises NotFound where there are no
    triples, NotAcceptable (406).
    """
    name, wanted = negotiation.split_suffix(name)
    document = Document(_path(request, name), about=about, profile=profile)
    return show(
        request, document, wanted, lambda: page(name), lambda: triples(name),
        gone=gone, public=public,
        modified=(lambda: modified(name)) if modified else None,
    )  # fmt: skip


def _path(request: Request, name: str) -> str:
    """The address without its suffix."""
    return quote(request.scope["path"].rpartition("/")[0] + "/" + name)


def show(
    request: Request, document: Document, wanted: str | None, page: Callable[[], Response],
    triples: Callable[[], Iterable[Triple]], *, public: bool = False,
    gone: Callable[[Found], bool] = lambda _found: False,
    modified: Callable[[], str] | None = None,
) -> Response:  # fmt: skip
    """As `respond`, of a document at whatever address; `wanted` is a media type that it names."""
    media_type = wanted or choose(request, document)
    if media_type == HTML:
        response = page()
        for name in _OF_PAGES:
            response.headers.add_vary_header(name)
        if response.status_code >= 300 and response.status_code != 410:
            return response
        response.headers.append("Link", link_headers.of(request, document, media_type))
    else:
        response = _rdf(request, document, media_type, triples, gone, modified, public=public)
    if wanted is None and response.status_code in (200, 304):
        response.headers["Content-Location"] = document.address(media_type)
    return response


def choose(request: Request, document: Document) -> str:
    """What is accepted most of what there is. Raises NotAcceptable, which names all of it."""
    accept = request.headers.get("accept")
    chosen = negotiation.choose(accept, document.offers)
    if chosen is None:
        raise NotAcceptable(document.offers, document.alternates())
    return chosen


def data(
    request: Request, name: str, triples: Triples, *, page: Callable[[str], str] | None = None,
    about: NamedNode | None = None, public: bool = False,
) -> Response:  # fmt: skip
    """The RDF of what is no document: at addresses with a suffix. Its identifier leads to one of
    them, or to the address of the `page` where people read of it (Turtle where there is none).

    https://www.w3.org/TR/cooluris/#r303gendocument
    """
    name, wanted = negotiation.split_suffix(name)
    if wanted == HTML:
        raise NotFound(_("There is no page at this address."))
    document = Document(_path(request, name), has_page=False, about=about)
    if wanted is not None:
        return show(
            request, document, wanted, Response, lambda: triples(name), public=public
        )  # fmt: skip
    if not any(True for _triple in triples(name)):
        raise _nothing()
    return _lead(request, document, page(name) if page else None)


def _lead(request: Request, document: Document, page: str | None) -> Response:
    accept = request.headers.get("accept")
    chosen = negotiation.choose(accept, (HTML, *RDF))
    if chosen is None:
        raise NotAcceptable(RDF, document.alternates())
    if chosen == HTML:
        address = page or document.address(negotiation.TURTLE)
    else:
        address = document.address(chosen)
    response = see(address)
    response.headers["Link"] = document.alternates()
    return response


def _rdf(
    request: Request, document: Document, media_type: str,
    triples: Callable[[], Iterable[Triple]], gone: Callable[[Found], bool],
    modified: Callable[[], str] | None, *, public: bool,
) -> Response:  # fmt: skip
    opened, address = desk(request), document.address(media_type)
    state = representations.state_of(opened) if public else 0
    kept = representations.find(opened, address, state)
    if kept is None:
        found = list(dict.fromkeys(triples()))
        if not found:
            raise _nothing()
        body = write(found, media_type)
        headers = {**_HEADERS, "Link": link_headers.of(request, document, media_type)}
        if gone(found):
            return Response(body, 410, media_type=media_type, headers=headers)
        since = modified() if modified else document_dates.of_public(opened) if public else ""
        validators = Validators(conditions.tag_of(body), since)
        kept = Kept(state, body, validators, headers | validators.headers())
        representations.keep(opened, address, kept)
    return representations.answer(request, kept, media_type)


def _nothing() -> NotFound:
    return NotFound(_("There is nothing at this address."))


def in_order(triples: Iterable[Triple]) -> list[Triple]:
    """With blank nodes that are named by where they stand: the same each time they are read."""
    names: dict[BlankNode, BlankNode] = {}

    def named(node: Any) -> Any:
        if not isinstance(node, BlankNode):
            return node
        return names.setdefault(node, BlankNode(f"b{len(names)}"))

    return [Triple(named(t.subject), t.predicate, named(t.object)) for t in triples]


def stream(request: Request, triples: Callable[[], Iterator[Triple]]) -> Response:
    """Turtle, piece by piece: however much it is, little of it is in memory.

    It follows from the public dataset alone, whose state is its (weak) tag.
    """
    opened = desk(request)
    etag = f'W/"{opened.public_sequence()}"'
    known = Validators(etag, document_dates.of_public(opened))
    headers = {**_HEADERS, **known.headers()}
    answered = None if opened.updating else conditions.not_modified(request, headers)
    return answered or StreamingResponse(
        _pieces(triples()), media_type=negotiation.TURTLE, headers=headers
    )


def _pieces(triples: Iterator[Triple]) -> Iterator[bytes]:
    """The lines of the prefixes, whose order changes, stand before the first piece alone."""
    yield write(islice(triples, _PIECE), negotiation.TURTLE)
    while piece := list(islice(triples, _PIECE)):
        yield write(piece, negotiation.TURTLE).split(b"\n", len(PREFIXES))[-1]


def write(triples: Iterable[Any], media_type: str) -> bytes:
    """The triples in one of the RDF media types, with our prefixes where it has any."""
    if media_type == negotiation.RDF_XML:
        return b'<?xml version="1.0" encoding="UTF-8"?>\n' + rdf_xml.write(triples)
    format_ = RdfFormat.from_media_type(media_type)
    assert format_ is not None
    prefixes = PREFIXES if format_ == RdfFormat.TURTLE else None
    data = serialize(triples, format=format_, prefixes=prefixes)
    assert data is not None
    return data


def see(address: str) -> Response:
    """303 from a thing's identifier to what describes it (https://www.w3.org/TR/cooluris/)."""
    return RedirectResponse(address, 303, headers=_HEADERS)  # scripts elsewhere follow it as well
