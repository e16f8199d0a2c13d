"""The kinds of contribution: what each is for, its fields, and its shape as linked data."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import kind_views
from server.names import CH
from server.web import linked_data
from server.web.cross_origin import DataRoute
from server.web.pages import page
from server.web.requests import desk, path


def index(request: Request) -> Response:
    return page(request, "kinds/index.html", kinds=kind_views.listing(desk(request)))


def show(request: Request) -> Response:
    opened = desk(request)
    return linked_data.respond(
        request,
        path(request, "name"),
        page=lambda name: page(request, "kinds/page.html", kind=kind_views.get_page(opened, name)),
        triples=lambda name: linked_data.in_order(kind_views.triples(opened, name)),
        about=CH.Kind,
    )


routes = [Route("/kinds", index), DataRoute("/kinds/{name}", show)]
