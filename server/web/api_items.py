"""Items and collections for programs."""

from starlette.requests import Request
from starlette.responses import Response

from server.domain import api_collections, api_items, items
from server.domain.api_collections import CollectionFacts, CollectionList
from server.domain.api_items import ItemFacts, ItemList
from server.domain.collection_views import get_row
from server.errors import NotFound
from server.i18n import _
from server.web.api_operations import AFTER, LIMIT, Operation, Query, answer, further, limit
from server.web.requests import context, path

_TAG = "Items and collections"
ITEM = Operation(
    "An item with its metadata", _TAG, ItemFacts, name="item", rdf=True,
    also={410: "The item has left its collection, and is described all the same."},
    words="As linked data by its media types, or by the suffixes .ttl, .jsonld, .nt, .rdf.",
)  # fmt: skip
COLLECTIONS = Operation(
    "The collections that one may see", _TAG, CollectionList, query=(AFTER, LIMIT),
    name="collections",
)  # fmt: skip
COLLECTION = Operation("A collection", _TAG, CollectionFacts, name="collection", rdf=True)
ITEMS = Operation(
    "The items of a collection by title, or those that a search finds", _TAG, ItemList,
    name="collection_items", page=False,
    query=(Query("q", "Words that titles have, or their beginnings."), AFTER, LIMIT),
)  # fmt: skip


def item(request: Request) -> Response:
    opened, viewer, language = context(request)
    row = items.get_standing(opened, viewer, path(request, "id"))
    found = api_items.facts(opened, viewer, row, language)
    return answer(request, found, status=410 if row.gone else 200)


def collections(request: Request) -> Response:
    opened, viewer, language = context(request)
    after, most = request.query_params.get("after", ""), limit(request)
    found, more = api_collections.listing(opened, viewer, language, after, most)
    following = further(request, after=more) if more else None
    return answer(request, CollectionList(found, following), following=following)


def collection(request: Request) -> Response:
    opened, viewer, language = context(request)
    return answer(request, api_collections.facts(opened, viewer, path(request, "slug"), language))


def collection_items(request: Request) -> Response:
    opened, viewer, language = context(request)
    query, slug = request.query_params, get_row(opened, viewer, path(request, "slug")).slug
    after = query.get("after", "")
    if after and items.get_standing(opened, viewer, after).collection != slug:
        raise NotFound(_("This page of the list cannot be found."))
    found, more = api_items.of_collection(
        opened, viewer, slug, query.get("q", ""), after, limit(request), language
    )
    following = further(request, after=more) if more else None
    return answer(request, ItemList(found, following), following=following)
