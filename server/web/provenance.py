"""“Why is this here?”: of one published statement, and of all that are about an object."""

from collections.abc import Iterator
from urllib.parse import urlencode

from pyoxigraph import Triple
from starlette.requests import Request
from starlette.responses import Response

from server.domain import provenance, provenance_searches, provenance_views
from server.errors import NotFound
from server.i18n import _
from server.names import PROV
from server.web import linked_data, negotiation
from server.web.cross_origin import DataRoute
from server.web.link_headers import Document
from server.web.pages import page
from server.web.requests import desk, language, path

_PROFILE = "http://www.w3.org/ns/prov-o"
_ASKED = ("iri", "field", "value")


def show(request: Request) -> Response:
    opened = desk(request)
    return linked_data.respond(
        request,
        path(request, "id"),
        page=lambda name: page(
            request, "provenance/page.html", why=provenance_views.get(opened, name, language())
        ),
        triples=lambda name: provenance.describe(opened, name),
        about=PROV.Entity,
        profile=_PROFILE,
    )


def find(request: Request) -> Response:
    """/why?iri= an annotation, a proxy or an item, perhaps with a `field` and a `value` of it:
    sends on to the one statement that is meant, or tells of all."""
    asked = {name: request.query_params.get(name, "").strip() for name in _ASKED}
    if not asked["iri"]:
        return page(request, "provenance/find.html", asked="", lines=[])
    found = provenance_searches.find(desk(request), **asked)
    if len(found) == 1:
        return linked_data.see(f"/why/{found[0]}")
    query = urlencode({name: value for name, value in asked.items() if value})
    wanted = negotiation.SUFFIXES.get(request.query_params.get("format", ""))
    return linked_data.show(
        request, Document(f"/why?{query}", query=True, about=PROV.Entity), wanted,
        lambda: _list(request, asked["iri"], found), lambda: _all(request, found),
    )  # fmt: skip


def _list(request: Request, asked: str, found: list[str]) -> Response:
    lines = [provenance_views.line(desk(request), each, language()) for each in found]
    return page(
        request, "provenance/find.html", status_code=200 if lines else 404, asked=asked, lines=lines
    )


def _all(request: Request, found: list[str]) -> Iterator[Triple]:
    if not found:
        raise NotFound(_("Nothing that was published is meant by this."))
    for each in found:
        yield from provenance.describe(desk(request), each)


routes = [
    DataRoute("/why", find),
    DataRoute("/why/{id}", show),
]
