"""Who uses a term: items that carry it, by annotation or by their own metadata, and campaigns."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import fields
from server.domain.campaign_views import Named
from server.domain.item_views import ItemCard, cards
from server.index import items, queues
from server.names import is_safe_iri
from server.viewers import Viewer

PAGE = 24
_FURTHEST = 400  # pages
_COUNTED = 2_000  # beyond that, there are "more than"
_CAMPAIGNS = 50


@dataclass(frozen=True, slots=True)
class Carriers:
    """A page of items; `total` counts at most `_COUNTED` of them, `more` says that there are more.

    None of the sizes that are looked at grows with what is not shown.
    """

    items: list[ItemCard]
    number: int = 1
    total: int = 0
    more: bool = False
    previous: int | None = None
    next: int | None = None


def annotated(desk: Desk, viewer: Viewer, iri: str, number: int, language: str) -> Carriers:
    """Items that carry the term by a published annotation."""
    number = max(1, min(number, _FURTHEST))
    connection = desk.index.read()
    found = queues.published_items_with(connection, iri, PAGE + 1, (number - 1) * PAGE)
    total = queues.count_published_with(connection, iri, _COUNTED + 1)
    return _carriers(desk, viewer, found, number, language, total)


def described(desk: Desk, viewer: Viewer, iri: str, number: int, language: str) -> Carriers:
    """Items whose own metadata has the term, as their provider gave it."""
    if not is_safe_iri(iri):
        return Carriers([])
    number = max(1, min(number, _FURTHEST))
    rows = desk.select(
        "items_with_term", fields=fields.ENRICHABLE, term=NamedNode(iri),
        limit=PAGE + 1, offset=(number - 1) * PAGE,
    )  # fmt: skip
    return _carriers(desk, viewer, [row["item"].value for row in rows], number, language)


def _carriers(
    desk: Desk, viewer: Viewer, iris: list[str], number: int, language: str, total: int = 0
) -> Carriers:
    rows = items.find_items(viewer, desk.index.read(), iris[:PAGE])
    return Carriers(
        cards([row for row in rows if not row.gone], language),
        number,
        min(total, _COUNTED),
        total > _COUNTED,
        previous=number - 1 if number > 1 else None,
        next=number + 1 if len(iris) > PAGE and number < _FURTHEST else None,
    )


def campaigns(desk: Desk, viewer: Viewer, iri: str) -> list[Named]:
    """The campaigns in which the term was published, of those that the viewer may see."""
    connection = desk.index.read()
    slugs = queues.campaigns_with(connection, iri, _CAMPAIGNS)
    rows = [queues.find_campaign(viewer, connection, slug) for slug in slugs]
    return [Named(row.slug, row.title, state=row.state) for row in rows if row]
