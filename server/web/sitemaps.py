"""/sitemap.xml, its lists, and /robots.txt."""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from server.domain import sitemaps
from server.web.requests import desk, path

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XML = "application/xml"
_PIECE = 1_000  # addresses
#: What is no page, or makes us work for nothing.
_CLOSED = (
    "/sparql?", "/q/", "/login", "/register", "/account", "/admin", "/jobs/", "/reconcile/",
    "/terms/suggest", "/terms/live", "/api/", "/oai", "/campaigns/*/next", "/images/*/iiif/",
)  # fmt: skip


def index(request: Request) -> Response:
    """The lists there are."""
    root = _root(request)
    lists = "".join(
        f"<sitemap><loc>{escape(f'{root}/sitemaps/{part}.xml')}</loc></sitemap>\n"
        for part in sitemaps.parts(desk(request))
    )
    text = f'{_HEAD}<sitemapindex xmlns="{_NAMESPACE}">\n{lists}</sitemapindex>\n'
    return Response(text, media_type=_XML)


def part(request: Request) -> Response:
    """One list, written as it is read."""
    found = sitemaps.entries(desk(request), path(request, "part"))
    return StreamingResponse(_pieces(found, _root(request)), media_type=_XML)


def _pieces(entries: Iterable[sitemaps.Entry], root: str) -> Iterator[str]:
    yield f'{_HEAD}<urlset xmlns="{_NAMESPACE}">\n'
    piece: list[str] = []
    for address, at in entries:
        changed = f"<lastmod>{at}</lastmod>" if at else ""
        piece.append(f"<url><loc>{escape(root + address)}</loc>{changed}</url>\n")
        if len(piece) == _PIECE:
            yield "".join(piece)
            piece.clear()
    yield "".join(piece) + "</urlset>\n"


def robots(request: Request) -> Response:
    """What robots shall leave alone (RFC 9309), and where the map is."""
    closed = "\n".join(f"Disallow: {each}" for each in _CLOSED)
    text = f"User-agent: *\n{closed}\n\nSitemap: {_root(request)}/sitemap.xml\n"
    return PlainTextResponse(text)


def _root(request: Request) -> str:
    """Where we are asked; our own name where that is the same host, as it knows of https."""
    base = desk(request).names.base.rstrip("/")
    host = request.url.netloc
    return base if base.partition("://")[2] == host else f"{request.url.scheme}://{host}"


routes = [
    Route("/sitemap.xml", index),
    Route("/sitemaps/{part}.xml", part),
    Route("/robots.txt", robots),
]
