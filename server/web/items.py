"""The public page of an item, and the identifiers that lead to pages."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import descriptions, items
from server.domain.campaign_views import Named
from server.domain.items import Item
from server.domain.metadata_values import Field
from server.domain.widgets import places
from server.index import items as item_index
from server.index import queues
from server.web import linked_data, shortcuts
from server.web.pages import page
from server.web.requests import Values, context, desk, language, path, viewer

#: The language in which a visitor reads metadata; js/item.js sets it.
_LANGUAGE = "metadata-language"
_ALL = "all"


def show(request: Request) -> Response:
    return linked_data.respond(
        request,
        path(request, "id"),
        page=lambda item_id: _page(request, item_id),
        triples=lambda item_id: descriptions.item(desk(request), item_id),
        gone=lambda item_id: items.get_standing(desk(request), viewer(request), item_id).gone,
    )


def _page(request: Request, item_id: str) -> Response:
    opened, viewer_, language = context(request)
    row = items.get_standing(opened, viewer_, item_id)
    found = item_index.find_collection(viewer_, opened.index.read(), row.collection)
    campaigns = queues.campaigns_of_item(viewer_, opened.index.read(), row.iri)
    item = items.describe(opened, viewer_, row, language)
    return page(
        request,
        "items/page.html",
        status_code=410 if row.gone else 200,
        item=item,
        collections=[(found.slug, found.title)] if found else [],
        campaigns=[Named(each.slug, each.title, state=each.state) for each in campaigns],
        gone=row.gone,
        shortcuts=shortcuts.kept(request),
        **label(request, item, item.fields),
    )


def label(request: Request, item: Item, fields: Sequence[Field]) -> Values:
    """What the museum label of an item needs, and the scripts for it."""
    has_map = any(value.spot for field in fields for value in field.values)
    return {
        "fields": fields,
        "ground": places.ground(desk(request)),
        "metadata_language": _metadata_language(request, item),
        "scripts": ["map"] if has_map else [],
    }


def _metadata_language(request: Request, item: Item) -> str:
    """The one chosen by the address or before, else the page's; "" for all."""
    chosen = request.query_params.get("metadata") or request.cookies.get(_LANGUAGE, "")
    wanted = () if chosen == _ALL else (chosen, language())
    return next((code for code in wanted if code in item.languages), "")


def other(request: Request) -> Response:
    """A proxy, an aggregation, or another part that only has RDF."""
    kind = request.url.path.split("/")[1]
    return linked_data.data(
        request,
        path(request, "id"),
        lambda name: descriptions.node(desk(request), f"{kind}/{name}"),
    )


def agent(request: Request) -> Response:
    """Who contributed, as an opaque identifier."""
    return linked_data.data(
        request, path(request, "id"), lambda name: descriptions.agent(desk(request), name)
    )


routes = [
    Route("/items/{id}", show),
    Route("/proxy/{id}", other),
    Route("/aggregation/{id}", other),
    Route("/agent/{id}", agent),
]
