"""Identifiers of what is no document: each leads to what describes it, by 303.

https://www.w3.org/TR/cooluris/#r303gendocument
"""

from starlette.requests import Request
from starlette.responses import Response

from server.domain import descriptions, item_identifiers
from server.errors import NotFound
from server.i18n import _
from server.names import FOAF, ORE, is_safe_iri
from server.web import linked_data
from server.web.cross_origin import DataRoute
from server.web.requests import desk, path, viewer

#: Where named graphs of the public dataset are described, by the kind of the graph.
_GRAPHS = {
    "collection": "/collections/{}",
    "matches": "/collections/{}",
    "vocabulary": "/vocabularies/{}",
    "terms": "/vocabularies/{}",
    "campaign": "/campaigns/{}",
    "published": "/campaigns/{}",
    "rejections": "/campaigns/{}",
    "provider": "/providers/{}",
}


def part_of_item(request: Request) -> Response:
    """A proxy or an aggregation of ours, on which the crowd's work stands; people read of it on
    the item's page."""
    kind = request.url.path.split("/")[1]
    return linked_data.data(
        request,
        path(request, "id"),
        lambda name: descriptions.part_of_item(desk(request), kind, name),
        page=lambda name: f"/items/{name}",
        about=ORE.Proxy if kind == "proxy" else ORE.Aggregation,
        public=True,
    )


def agent(request: Request) -> Response:
    """Who contributed, as an opaque identifier."""
    return linked_data.data(
        request,
        path(request, "id"),
        lambda name: descriptions.agent(desk(request), name),
        about=FOAF.Agent,
    )


def provider(request: Request) -> Response:
    return linked_data.see(f"/providers/{path(request, 'key')}")


def graph(request: Request) -> Response:
    """A named graph: what it is the data of says more of it."""
    described = _GRAPHS.get(path(request, "kind"))
    if described is None:
        raise NotFound(_("There is nothing at this address."))
    return linked_data.see(described.format(path(request, "slug")))


def made_object(request: Request) -> Response:
    """An object that got its IRI here, as from a spreadsheet, or its aggregation."""
    opened, iri = desk(request), _iri(request)
    found = item_identifiers.find(opened, viewer(request), iri)
    if not found:
        raise descriptions.missing_item(opened, opened.names.item_id(iri))
    return linked_data.see(f"/items/{found[0].id}")


def nameless(request: Request) -> Response:
    """What a record describes without a name of its own, and so got one here
    (https://www.w3.org/TR/rdf11-concepts/#section-skolemization)."""
    folder, _slash, last = _iri(request).rpartition("/")
    return linked_data.data(
        request,
        last,
        lambda name: descriptions.node(desk(request), f"{folder}/{name}"),
        public=True,
    )


def _iri(request: Request) -> str:
    """Of the whole path. Raises NotFound for what is no IRI."""
    path_: str = request.scope["path"]
    iri = desk(request).names.base + path_.removeprefix("/")
    if not is_safe_iri(iri):
        raise NotFound(_("There is nothing at this address."))
    return iri


routes = [
    DataRoute("/object/{name:path}", made_object),
    DataRoute("/.well-known/genid/{name:path}", nameless),
    DataRoute("/local/{name:path}", nameless),
    DataRoute("/proxy/{id}", part_of_item),
    DataRoute("/aggregation/{id}", part_of_item),
    DataRoute("/agent/{id}", agent),
    DataRoute("/provider/{key}", provider),
    DataRoute("/graph/{kind}/{slug}", graph),
]
