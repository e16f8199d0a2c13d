"""Collections as programs read them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from server.commit import Desk
from server.domain import collection_views
from server.domain.api_items import CampaignName
from server.errors import NotFound
from server.i18n import _
from server.index import items as item_index
from server.viewers import Viewer


@dataclass(frozen=True, slots=True)
class CollectionEntry:
    """A collection in a list; `items` is how many it has."""

    slug: str
    iri: str
    href: str
    title: str
    items: int
    state: Literal["public", "private"]


@dataclass(frozen=True, slots=True)
class CollectionList:
    """A page of collections; `next` is the address of the page after it."""

    collections: list[CollectionEntry]
    next: str | None


@dataclass(frozen=True, slots=True)
class CollectionFacts(CollectionEntry):
    """A collection with the campaigns about it; `items_href` is the address of its items."""

    description: str
    provider: str
    rights: str | None
    modified: datetime | None
    campaigns: list[CampaignName]
    items_href: str


def listing(
    desk: Desk, viewer: Viewer, language: str, after: str, limit: int
) -> tuple[list[CollectionEntry], str | None]:
    """Those after the one of that short name, and where the next page begins. Raises NotFound."""
    rows = item_index.collections(viewer, desk.index.read())
    slugs = [row.slug for row in rows]
    if after and after not in slugs:
        raise NotFound(_("This page of the list cannot be found."))
    start = slugs.index(after) + 1 if after else 0
    shown = rows[start : start + limit]
    found = [
        CollectionEntry(
            row.slug, desk.names.collection(row.slug).value, f"/collections/{row.slug}", row.title,
            row.items, "public" if row.dataset == "public" else "private",
        )
        for row in shown
    ]  # fmt: skip
    return found, shown[-1].slug if start + limit < len(rows) else None


def facts(desk: Desk, viewer: Viewer, slug: str, language: str) -> CollectionFacts:
    """Raises NotFound."""
    found = collection_views.page(desk, viewer, slug, language)
    return CollectionFacts(
        slug=slug,
        iri=desk.names.collection(slug).value,
        href=f"/collections/{slug}",
        title=found.title,
        items=found.items,
        state="public" if found.state == "public" else "private",
        description=found.description,
        provider=found.provider,
        rights=found.rights.iri if found.rights else None,
        modified=found.modified,
        campaigns=[CampaignName(each.slug, each.title, each.state) for each in found.campaigns],
        items_href=f"/collections/{slug}/items",
    )
