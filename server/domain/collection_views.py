"""Collections as pages show them: cards, the page of one, and what an import did."""

from dataclasses import dataclass
from datetime import datetime

from pyoxigraph import Literal, NamedNode

from server.commit import Desk
from server.domain import (
    campaign_views,
    collections,
    import_reports,
    imports,
    item_views,
    items,
    paging,
)
from server.domain.campaign_views import Named
from server.domain.import_reports import Line, Report
from server.domain.item_views import ItemCard
from server.domain.items import Picture, Rights
from server.domain.texts import choose, collect
from server.errors import NotFound
from server.i18n import _
from server.index import items as item_index
from server.index import queues
from server.index.items import CollectionRow
from server.names import DCTERMS
from server.patches import Dataset
from server.viewers import Viewer

PAGE = 60  # items
_FOUND = 600  # items of a search


@dataclass(frozen=True, slots=True)
class CollectionCard:
    """`state` is public or private."""

    slug: str
    title: str
    description: str
    items: int
    provider: str
    state: str
    pictures: list[Picture]


@dataclass(frozen=True, slots=True)
class CollectionPage(CollectionCard):
    rights: Rights | None
    modified: datetime | None
    campaigns: list[Named]
    dumps: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report with the beginnings of its lists."""

    report: Report
    problems: list[Line]
    warnings: list[Line]
    mends: list[Line]
    examples_gone: list[tuple[str, str]]
    can_undo: bool


def cards(desk: Desk, viewer: Viewer, language: str) -> list[CollectionCard]:
    rows = item_index.collections(viewer, desk.index.read())
    return [CollectionCard(*_card(desk, viewer, row, language)) for row in rows]


def get_row(desk: Desk, viewer: Viewer, slug: str) -> CollectionRow:
    """Raises NotFound."""
    row = item_index.find_collection(viewer, desk.index.read(), slug)
    if row is None:
        raise NotFound(_("There is no such collection."))
    return row


def page(desk: Desk, viewer: Viewer, slug: str, language: str) -> CollectionPage:
    """Raises NotFound."""
    row = get_row(desk, viewer, slug)
    said = collections.metadata(desk, slug, _dataset(row))
    rights = next((q.object for q in said if q.predicate == DCTERMS.rights), None)
    modified = next((q.object for q in said if q.predicate == DCTERMS.modified), None)
    return CollectionPage(
        *_card(desk, viewer, row, language),
        rights=campaign_views.licence(rights.value) if isinstance(rights, NamedNode) else None,
        modified=datetime.fromisoformat(modified.value) if isinstance(modified, Literal) else None,
        campaigns=_campaigns(desk, viewer, slug),
        dumps=[(f"/dumps/collections/{slug}/", _("All forms"))] if row.dataset == "public" else [],
    )


def _card(
    desk: Desk, viewer: Viewer, row: CollectionRow, language: str
) -> tuple[str, str, str, int, str, str, list[Picture]]:
    said = collections.metadata(desk, row.slug, _dataset(row))
    title, description = (
        choose(collect(q.object for q in said if q.predicate == property_), language, default)
        for property_, default in ((DCTERMS.title, row.title), (DCTERMS.description, ""))
    )
    first = item_index.items_of(viewer, desk.index.read(), row.slug, limit=12)
    pictures = [items.thumbnail(one, one.title(language)) for one in first]
    provider = next((one.provider for one in first if one.provider), "") or ""
    state = "public" if row.dataset == "public" else "private"
    shown = [picture for picture in pictures if picture][:3]
    return row.slug, title, description, row.items, provider, state, shown


def _dataset(row: CollectionRow) -> Dataset:
    return "work" if row.dataset == "work" else "public"


def _campaigns(desk: Desk, viewer: Viewer, slug: str) -> list[Named]:
    connection = desk.index.read()
    rows = [
        queues.find_campaign(viewer, connection, campaign)
        for campaign in queues.campaigns_of_collection(connection, slug)
    ]
    return [Named(row.slug, row.title, state=row.state) for row in rows if row]


def listing(
    desk: Desk, viewer: Viewer, slug: str, query: str, number: int, language: str
) -> tuple[list[ItemCard], int, paging.Pages]:
    """A page of the items, or of those that a search found; their number; the pages."""
    row = get_row(desk, viewer, slug)
    connection, start = desk.index.read(), (max(number, 1) - 1) * PAGE
    address = f"/collections/{slug}"
    if query.strip():
        found = item_index.search_items(viewer, connection, slug, query, limit=_FOUND)
        shown, total = found[:PAGE], len(found)
        return item_views.cards(shown, language), total, paging.ONLY
    shown = item_index.items_of(viewer, connection, slug, limit=PAGE, offset=start)
    last = paging.pages_of(row.items, PAGE)
    pages = paging.Pages(
        number=max(number, 1),
        last=last,
        previous=f"{address}?page={number - 1}" if number > 1 else None,
        next=f"{address}?page={number + 1}" if number < last else None,
    )
    return item_views.cards(shown, language), row.items, pages


def report(desk: Desk, viewer: Viewer, slug: str, import_id: str, language: str) -> ReportView:
    """Raises NotFound."""
    data = desk.settings.data
    found = import_reports.get(data, slug, import_id)
    problems, warnings, mends = (
        import_reports.lines(data, found, kind) for kind in import_reports.LISTS
    )
    last = next((one for one in imports.find_reports(desk, slug) if one.state == "applied"), None)
    return ReportView(
        found, problems, warnings, mends,
        examples_gone=_gone(desk, viewer, found, language),
        can_undo=last is not None and last.id == import_id and imports.can_undo(desk, slug),
    )  # fmt: skip


def _gone(desk: Desk, viewer: Viewer, found: Report, language: str) -> list[tuple[str, str]]:
    listed = import_reports.listed(desk.settings.data, found, "gone")
    iris = [iri for _number, iri in zip(range(5), listed, strict=False)]
    rows = item_index.find_items(viewer, desk.index.read(), iris)
    return [(row.id, row.title(language)) for row in rows]
