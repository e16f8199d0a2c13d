"""The rows of a table that goes back to a museum: its own, and what was said of each object."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from pyoxigraph import Literal as Text
from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import (
    annotation_bodies,
    annotations,
    campaigns,
    fields,
    imports,
    makers,
    publications,
)
from server.domain.annotations import Annotation
from server.domain.campaigns import Campaign
from server.errors import Unavailable
from server.formats import sheet_records, sheets
from server.formats.sheet_writing import Cell, Form, Workbook
from server.i18n import _
from server.index import items, queues
from server.index.contributions import AnnotationRow
from server.index.items import ItemRow
from server.names import WGS84
from server.viewers import Viewer

Status = Literal["published", "accepted"]
STATUSES: dict[Status, tuple[str, ...]] = {
    "published": ("published",),
    "accepted": ("published", "accepted"),
}
PAGE = 200  # items whose annotations are read together
_SEPARATOR = " | "
_ALL = Viewer(sees_work=True)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the table is to hold.

    `campaigns` are slugs, none means all; `since` is the number of an entry: only items of which
    something was said, or decided, after it.
    """

    collection: str
    form: Form = "xlsx"
    status: Status = "published"
    campaigns: tuple[str, ...] = ()
    since: int = 0
    language: str = "en"


def campaigns_over(desk: Desk, collection: str) -> list[Campaign]:
    """The campaigns over a collection, drafts too."""
    slugs = queues.campaigns_of_collection(desk.index.read(), collection)
    found = (campaigns.find_standing(desk, slug) for slug in slugs)
    return [campaign for campaign in found if campaign is not None]


class Table:
    """The rows of one table on their way into a workbook."""

    def __init__(
        self, desk: Desk, wish: Wish, book: Workbook, progress: Progress, stop: Callable[[], bool]
    ) -> None:
        self._desk, self._wish, self._book = desk, wish, book
        self._progress, self._stop = progress, stop
        self._campaigns = [
            campaign
            for campaign in campaigns_over(desk, wish.collection)
            if not wish.campaigns or campaign.slug in wish.campaigns
        ]
        self._fields = _fields(self._campaigns)
        self.items = 0
        self.statements = 0

    def write(self) -> None:
        self._book.add(_("Statements"), _statement_header())
        rows = _imported(self._desk, self._wish.collection)
        header, found = rows or (_plain_header(), _plain(self._desk, self._wish))
        cells = [*header, *self._added_header(header)]
        self._book.add(_("Objects"), cells, given=len(header))
        row = items.find_collection(_ALL, self._desk.index.read(), self._wish.collection)
        total = row.items if row else 0
        while page := list(islice(found, PAGE)):
            if self._stop():
                raise Unavailable(_("It was stopped."))
            self._page(page, len(header), len(header) if rows else 0)
            self._progress(_("objects"), self.items, max(total, self.items))

    def _page(self, page: list[tuple[Sequence[str], str]], width: int, given: int) -> None:
        connection = self._desk.index.read()
        known = items.find_items(_ALL, connection, [iri for _cells, iri in page])
        of_items = {row.iri: row for row in known}
        slugs = tuple(campaign.slug for campaign in self._campaigns)
        said = queues.annotations_of_items(connection, list(of_items), slugs)
        changed = {
            row.item
            for rows in said.values()
            for row in rows
            if not self._wish.since or queues.last_entry(connection, row.iri) > self._wish.since
        }
        for cells, iri in page:
            if self._wish.since and iri not in changed:
                continue
            wanted = [row for row in said.get(iri, []) if row.status in STATUSES[self._wish.status]]
            self._item(cells, of_items.get(iri), wanted, width, given)

    def _item(
        self, cells: Sequence[str], item: ItemRow | None, rows: list[AnnotationRow], width: int,
        given: int,
    ) -> None:  # fmt: skip
        values: dict[str, list[tuple[str, str]]] = {}
        for row in rows:
            annotation = annotations.get(self._desk, row.iri)
            label, iri = self._said(annotation)
            if row.field:
                values.setdefault(row.field, []).append((label, iri))
            self._book.add(
                _("Statements"),
                _statement(self._desk, row, annotation, item, label, iri),
            )
            self.statements += 1
        self.items += 1
        own = [*cells, *[""] * (width - len(cells))]
        added = [text for field in self._fields for text in _joined(values.get(field, []))]
        self._book.add(_("Objects"), [*own, *added], given=given)

    def _said(self, annotation: Annotation) -> tuple[str, str]:
        """What it says as words, and as an IRI; a point has a `geo:` address (RFC 5870)."""
        view = annotation_bodies.view(self._desk, _ALL, annotation, self._wish.language)
        value = publications.value(annotation)
        if isinstance(value, Text):
            return value.value, ""
        part = annotation.content.of("body")
        lat, long = (part.get(each, [None])[0] for each in (WGS84.lat, WGS84.long))
        if isinstance(lat, Text) and isinstance(long, Text):
            return view.label, f"geo:{lat.value},{long.value}"
        return view.label, value.value if isinstance(value, NamedNode) else ""

    def _added_header(self, header: Sequence[str]) -> list[str]:
        """Two columns for each field, by names that the table has not got."""
        taken, added = set(header), []
        for field in self._fields:
            name = fields.name(field)
            for title in (_("{field} (crowd)", field=name), _("{field} (crowd) IRI", field=name)):
                unique = title
                while unique in taken:
                    unique += "*"
                taken.add(unique)
                added.append(unique)
        return added


def _fields(asked: Sequence[Campaign]) -> list[str]:
    """The fields that the campaigns fill, in the order of their questions."""
    found = (task.field for campaign in asked for task in campaign.tasks if task.field)
    return list(dict.fromkeys(found))


def _joined(values: list[tuple[str, str]]) -> tuple[str, str]:
    unique = list(dict.fromkeys(values))
    labels = _SEPARATOR.join(label.replace("|", r"\|") for label, _iri in unique)
    return labels, _SEPARATOR.join(iri for _label, iri in unique if iri)


def _imported(
    desk: Desk, slug: str
) -> tuple[Sequence[str], Iterator[tuple[Sequence[str], str]]] | None:
    """The header and rows of the spreadsheets that the collection came in, with their items.

    None where it came in another form, or in tables with different columns.
    """
    mapping, kept = imports.find_mapping(desk, slug), imports.find_kept(desk, slug)
    if mapping is None or not kept:
        return None
    headers = []
    for path in kept:
        with path.open("rb") as stream:
            headers.append(sheets.read_table(stream, path.name).header)
    if any(header != headers[0] for header in headers):
        return None

    def rows() -> Iterator[tuple[Sequence[str], str]]:
        for path in kept:
            with path.open("rb") as stream:
                table = sheets.read_table(stream, path.name)
                base = desk.names.base
                for row, _values, item in sheet_records.identified(table, mapping, base, slug):
                    yield row.cells, item

    return headers[0], rows()


def _plain_header() -> list[str]:
    return [_("Identifier"), _("Title"), _("Provider"), _("Page")]


def _plain(desk: Desk, wish: Wish) -> Iterator[tuple[Sequence[str], str]]:
    """The items of a collection that came as records, by their IRIs."""
    after = ""
    while page := items.items_after(desk.index.read(), wish.collection, after, PAGE):
        for row in page:
            address = desk.names.path(f"items/{row.id}").value
            yield (row.iri, row.title(wish.language), row.provider or "", address), row.iri
        after = page[-1].iri


def _statement_header() -> list[str]:
    return [
        _("Identifier"), _("Field"), _("Value"), _("IRI"), _("Kind"), _("Campaign"), _("Status"),
        _("Approvals"), _("Rejections"), _("Not sure"), _("Made by"), _("Since"), _("Annotation"),
    ]  # fmt: skip


def _statement(
    desk: Desk, row: AnnotationRow, annotation: Annotation, item: ItemRow | None, label: str,
    iri: str,
) -> list[Cell]:  # fmt: skip
    kind = row.kind.rpartition("#")[2] or row.kind
    return [
        item.iri if item else row.item, fields.name(row.field) if row.field else "", label, iri,
        kind, row.campaign, row.status, row.approvals, row.rejections, row.unsure,
        makers.made_by(desk, annotation, ""), row.created, row.iri,
    ]  # fmt: skip
