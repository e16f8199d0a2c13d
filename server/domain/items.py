"""Items as people read them: the provider's metadata as a museum label, enrichments marked."""

from dataclasses import dataclass, replace
from typing import Any

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import links, media, metadata_names, metadata_values, rights
from server.domain.media import Medium
from server.domain.metadata_values import Field, Told
from server.errors import Gone, NotFound
from server.i18n import _
from server.index import items, queues
from server.index.items import ItemRow
from server.names import EDM
from server.patches import Dataset
from server.viewers import Viewer

#: The space kept for a picture whose size nobody told.
_UNKNOWN = (800, 600)


@dataclass(frozen=True, slots=True)
class Rights:
    iri: str
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Addresses of our own; sizes in pixels, `colour` #rrggbb fills the reserved space."""

    src: str
    thumb: str
    alt: str
    width: int
    height: int
    colour: str | None
    sensitive: bool = False  # blurred until somebody asks for it


@dataclass(frozen=True, slots=True)
class Item:
    row: ItemRow
    title: str
    subtitle: str
    fields: tuple[Field, ...]
    picture: Picture | None
    provider: str
    data_provider: str
    rights: Rights | None
    original: str | None
    media: tuple[Medium, ...] = ()

    @property
    def id(self) -> str:
        return self.row.id

    @property
    def iri(self) -> str:
        return self.row.iri

    @property
    def languages(self) -> tuple[str, ...]:
        """Those in which its metadata can be read."""
        return metadata_values.languages(self.fields)


def get_standing(desk: Desk, viewer: Viewer, item_id: str) -> ItemRow:
    """The row of an item, or of its tombstone. Raises NotFound."""
    row = items.find_item(viewer, desk.index.read(), item_id)
    if row is None:
        raise NotFound(_("There is no such item."))
    return row


def get_row(desk: Desk, viewer: Viewer, item_id: str) -> ItemRow:
    """Raises NotFound, or Gone for a tombstone."""
    row = get_standing(desk, viewer, item_id)
    if row.gone:
        raise Gone(_("This item is no longer part of its collection."))
    return row


def get_row_by_iri(desk: Desk, viewer: Viewer, iri: str) -> ItemRow:
    """As `get_row`, by the item's own IRI."""
    return get_row(desk, viewer, desk.names.item_id(iri))


def get_item(desk: Desk, viewer: Viewer, item_id: str, language: str) -> Item:
    """All that the item's page shows. Raises NotFound or Gone."""
    return describe(desk, viewer, get_row(desk, viewer, item_id), language)


def describe(desk: Desk, viewer: Viewer, row: ItemRow, language: str) -> Item:
    dataset: Dataset = "work" if row.dataset == "work" else "public"
    rows = desk.select("item_statements", dataset, item=NamedNode(row.iri))
    nodes = [each["o"] for each in rows if isinstance(each["o"], NamedNode)]
    names = metadata_names.names(desk, viewer, dataset, nodes, language)
    told = Told(rows, names, _sources(desk, row.iri), language)
    shown = told.fields()
    aggregation = told.of_kind("aggregation")
    return Item(
        row=row,
        title=row.title(language),
        subtitle=_subtitle(shown),
        fields=tuple(shown),
        picture=picture(row, row.title(language)),
        provider=told.text(aggregation[EDM.provider]),
        data_provider=told.text(aggregation[EDM.dataProvider]),
        rights=_rights(row.rights),
        original=_first_link(aggregation[EDM.isShownAt]),
        media=media.of_item(desk, viewer, row, language),
    )


def picture(row: ItemRow, alt: str, *, veiled: bool = False) -> Picture | None:
    """Through our own server, so that no third party sees who looks.

    It is blurred where the record or (`veiled`) the organiser says that it is sensitive.
    """
    if row.picture is None:
        return None
    base = f"/images/{row.id}"
    width, height = row.width or _UNKNOWN[0], row.height or _UNKNOWN[1]
    sensitive = row.sensitive or veiled
    return Picture(base, f"{base}?size=400", alt, width, height, row.colour, sensitive)


def thumbnail(row: ItemRow, alt: str) -> Picture | None:
    """The picture small, for grids."""
    large = picture(row, alt)
    return large and replace(large, src=large.thumb)


def _sources(desk: Desk, item: str) -> dict[tuple[str, str], str]:
    """The `{id}` of the published annotation behind each (field, term or text)."""
    found = queues.annotations_of_item(desk.index.read(), item)
    return {
        (row.field, row.body or row.text): desk.names.local(row.iri, "annotation") or ""
        for row in found
        if row.status == "published"
    }


def _subtitle(shown: list[Field]) -> str:
    """Kind, maker and date in a line, as beneath a title on a museum wall."""
    by_name = {field.name: field for field in shown}
    picked = [
        by_name[name].values[0].text
        for name in ("dc:type", "dc:creator", "dcterms:created", "dc:date")
        if name in by_name and not by_name[name].values[0].enrichment
    ]
    return ", ".join(dict.fromkeys(text for text in picked[:3] if len(text) <= 80))


def _first_link(terms: list[Any]) -> str | None:
    return next((found for term in terms if (found := links.address(term.value))), None)


def _rights(iri: str | None) -> Rights | None:
    return Rights(iri, rights.label(iri)) if iri and links.address(iri) else None
