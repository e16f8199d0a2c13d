"""What there is: /data for people, and as VoID and DCAT for programs."""

from starlette.requests import Request
from starlette.responses import Response

from server.domain import catalogue, data_views, structured_views
from server.errors import NotFound
from server.i18n import _
from server.names import VOID
from server.web import linked_data, structured_data
from server.web.cross_origin import DataRoute
from server.web.negotiation import SUFFIXES
from server.web.pages import page
from server.web.requests import context, desk


def show(request: Request) -> Response:
    suffix = request.path_params.get("suffix", "")
    if suffix and suffix not in SUFFIXES:
        raise NotFound(_("There is no page at this address."))
    name = "data" + suffix
    return linked_data.respond(
        request,
        name,
        page=lambda _name: _page(request),
        triples=lambda _name: catalogue.dataset(desk(request)),
        about=VOID.Dataset,
    )


def _page(request: Request) -> Response:
    opened, viewer, language = context(request)
    return page(
        request,
        "data/index.html",
        structured=structured_data.script(structured_views.whole(opened, language)),
        **data_views.page(opened, viewer, language),
    )


def void(_request: Request) -> Response:
    """Where programs look for the description (https://www.w3.org/TR/void/#well-known)."""
    return linked_data.see("/data")


routes = [
    DataRoute("/data", show),
    DataRoute("/data{suffix}", show),
    DataRoute("/.well-known/void", void),
]
