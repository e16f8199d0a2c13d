"""The public page of an item, and how items are found by what else they are called."""

from collections.abc import Sequence

import orjson
from starlette.requests import Request
from starlette.responses import Response

from server.commit import Desk
from server.domain import (
    descriptions,
    document_dates,
    item_identifiers,
    item_views,
    items,
    structured_views,
)
from server.domain.campaign_views import Named
from server.domain.items import Item
from server.domain.metadata_values import Field
from server.domain.widgets import places
from server.errors import NotFound
from server.i18n import _
from server.index import items as item_index
from server.index import queues
from server.index.items import ItemRow
from server.names import EDM
from server.viewers import Viewer
from server.web import api_items, linked_data, negotiation, shortcuts, structured_data
from server.web.api_operations import described
from server.web.cross_origin import DataRoute
from server.web.pages import page
from server.web.requests import Values, context, desk, language, path

#: The language in which a visitor reads metadata; js/item.js sets it.
_LANGUAGE = "metadata-language"
_ALL = "all"
_JSON = "application/json"
_OFFERS = (negotiation.HTML, _JSON)
#: What records follow: the Europeana Data Model.
_PROFILE = "http://www.europeana.eu/schemas/edm/"


@described(api_items.ITEM, api_items.item)
def show(request: Request) -> Response:
    opened = desk(request)
    return linked_data.respond(
        request,
        path(request, "id"),
        page=lambda item_id: _page(request, item_id),
        triples=lambda item_id: descriptions.item(opened, item_id),
        gone=descriptions.is_tombstone,
        about=EDM.ProvidedCHO,
        profile=_PROFILE,
        public=True,
        modified=lambda item_id: document_dates.of_item(opened, item_id),
    )


def _page(request: Request, item_id: str) -> Response:
    opened, viewer_, language = context(request)
    row = _standing(opened, viewer_, item_id)
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
        structured=structured_data.script(structured_views.item(opened, row, item, language)),
        shortcuts=shortcuts.kept(request),
        **label(request, item, item.fields),
    )


def _standing(opened: Desk, viewer_: Viewer, item_id: str) -> ItemRow:
    """Raises NotFound, or Gone for what left without a tombstone."""
    row = item_index.find_item(viewer_, opened.index.read(), item_id)
    if row is None:
        raise descriptions.missing_item(opened, item_id)
    return row


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


def find(request: Request) -> Response:
    """/items?iri= sends on to the item that an address or identifier means: its IRI, an address of
    Europeana's, the provider's identifier or page, a former IRI. 300 where there are several."""
    opened, viewer_, language_ = context(request)
    text = request.query_params.get("iri", "").strip()
    found = item_identifiers.find(opened, viewer_, text) if text else []
    if len(found) == 1:
        return linked_data.see(f"/items/{found[0].id}")
    as_json = negotiation.negotiate(request.headers.get("accept"), _OFFERS) == _JSON
    status = 300 if found else 404 if text else 200
    if as_json:
        response = _choices(found, language_, status)
    else:
        cards = item_views.cards(found, language_)
        response = page(request, "items/find.html", status_code=status, asked=text, items=cards)
    response.headers.add_vary_header("Accept")
    return response


def _choices(found: Sequence[ItemRow], language_: str, status: int) -> Response:
    listed = [
        {"id": row.id, "iri": row.iri, "title": row.title(language_), "href": f"/items/{row.id}"}
        for row in found
    ]
    if not found and status == 404:
        raise NotFound(_("There is no such item."))
    return Response(orjson.dumps({"items": listed}), status, media_type=_JSON)


routes = [
    DataRoute("/items", find),
    DataRoute("/items/{id}", show),
]
