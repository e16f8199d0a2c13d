"""The page of an annotation: why something is here."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import annotation_views, descriptions
from server.web import linked_data
from server.web.pages import page
from server.web.requests import context, desk, path


def show(request: Request) -> Response:
    return linked_data.respond(
        request,
        path(request, "id"),
        page=lambda annotation_id: _page(request, annotation_id),
        triples=lambda annotation_id: descriptions.annotation(desk(request), annotation_id),
    )


def _page(request: Request, annotation_id: str) -> Response:
    opened, viewer, language = context(request)
    view, history = annotation_views.get_page(
        opened, viewer, request.state.person, annotation_id, language
    )
    return page(request, "annotations/page.html", annotation=view, history=history)


routes = [Route("/annotation/{id}", show)]
