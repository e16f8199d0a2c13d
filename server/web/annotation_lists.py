"""The page of a container of annotations, for people who come by its address."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from server.domain import annotation_containers, annotation_lines, annotation_searches
from server.domain.annotation_containers import Place, View
from server.web import pages
from server.web.requests import context, desk, person


def page(request: Request, view: View) -> Response:
    """The annotations in lines, with the ways on and back, and the forms for programs."""
    given, opened = request.query_params, desk(request)
    place = annotation_containers.read_place(dict(given)) if "page" in given else Place()
    found, beside = annotation_containers.look(opened, person(request), view, place)
    _opened, viewer, language = context(request)
    response = pages.page(
        request,
        "annotations/container.html",
        container=view.container,
        lines=annotation_lines.lines(opened, viewer, found.rows, language),
        total=annotation_searches.total(opened, view.search),
        filters=dict(view.search.filters),
        beside={name: _path(annotation_containers.address(opened, view, each))
                for name, each in beside},
        address=opened.names.path(view.container.path).value,
    )  # fmt: skip
    response.headers.add_vary_header("Accept")
    return response


def _path(address: str) -> str:
    """Links in pages are relative: any name of the server will do."""
    parts = urlsplit(address)
    return f"?{parts.query}"
