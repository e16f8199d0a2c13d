"""Items as programs read them: with their fields, and in lists that go on after a row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from server.commit import Desk
from server.domain import items
from server.domain.items import Item
from server.domain.metadata_values import Field, Value
from server.index import collection_items, queues
from server.index import items as item_index
from server.index.items import ItemRow
from server.viewers import Viewer


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """Addresses on this server; sizes in pixels; `sensitive` is blurred until one asks for it."""

    src: str
    thumb: str
    width: int
    height: int
    colour: str | None
    sensitive: bool


@dataclass(frozen=True, slots=True)
class ItemCard:
    """An item in a list; `id` is that of its page, `iri` names it in the data."""

    id: str
    iri: str
    title: str
    provider: str
    thumb: str | None
    href: str


@dataclass(frozen=True, slots=True)
class ItemList:
    """A page of items; `next` is the address of the page after it."""

    items: list[ItemCard]
    next: str | None


@dataclass(frozen=True, slots=True)
class FieldValue:
    """`origin` is who said it; `annotation` is the `{id}` of the published annotation, or of the
    proposal; `lat` and `long` are degrees of WGS84."""

    text: str
    lang: str
    iri: str | None
    origin: Literal["provider", "enrichment", "proposal"]
    annotation: str | None
    original: str
    lat: float | None
    long: float | None


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """A property of the item: its IRI, as `dc:subject`, and in words."""

    iri: str
    name: str
    label: str
    values: list[FieldValue]


@dataclass(frozen=True, slots=True)
class MediumFacts:
    """One of the media of an item; `iri` is that of the web resource."""

    number: int
    kind: str
    iri: str
    src: str
    width: int | None
    height: int | None
    label: str


@dataclass(frozen=True, slots=True)
class CampaignName:
    slug: str
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item with its metadata; `gone`: it has left its collection. `original` is its page at the
    museum, `rights` the IRI of its rights statement."""

    id: str
    iri: str
    title: str
    collection: str
    provider: str
    data_provider: str
    rights: str | None
    original: str | None
    gone: bool
    picture: ImageFacts | None
    media: list[MediumFacts]
    fields: list[FieldFacts]
    campaigns: list[CampaignName]
    rdf: list[str]


def card(row: ItemRow, language: str, base: str = "/items") -> ItemCard:
    title = row.title(language)
    picture = items.thumbnail(row, title)
    thumb = picture.src if picture else None
    return ItemCard(row.id, row.iri, title, row.provider or "", thumb, f"{base}/{row.id}")


def cards(rows: Iterable[ItemRow], language: str, base: str = "/items") -> list[ItemCard]:
    return [card(row, language, base) for row in rows]


def facts(
    desk: Desk, viewer: Viewer, row: ItemRow, language: str,
    fields: Sequence[Field] | None = None,
) -> ItemFacts:  # fmt: skip
    """`fields` in place of the item's own: with what is proposed."""
    item = items.describe(desk, viewer, row, language)
    rows = queues.campaigns_of_item(viewer, desk.index.read(), row.iri)
    return ItemFacts(
        id=row.id,
        iri=row.iri,
        title=item.title,
        collection=row.collection,
        provider=item.provider,
        data_provider=item.data_provider,
        rights=row.rights,
        original=item.original,
        gone=row.gone,
        picture=_picture(item),
        media=[
            MediumFacts(each.number, each.kind, each.iri, each.src, each.width, each.height,
                        each.label)
            for each in item.media
        ],
        fields=[_field(each) for each in (item.fields if fields is None else fields)],
        campaigns=[CampaignName(each.slug, each.title, each.state) for each in rows],
        rdf=[f"/items/{row.id}{suffix}" for suffix in (".ttl", ".jsonld", ".nt", ".rdf")],
    )  # fmt: skip


def _picture(item: Item) -> ImageFacts | None:
    found = item.picture
    if found is None:
        return None
    return ImageFacts(
        found.src, found.thumb, found.width, found.height, found.colour, found.sensitive
    )


def _field(field: Field) -> FieldFacts:
    return FieldFacts(field.iri, field.name, field.label, [_value(each) for each in field.values])


def _value(value: Value) -> FieldValue:
    lat, long = value.spot or (None, None)
    return FieldValue(
        value.text, value.lang, value.iri, value.origin, value.annotation_id, value.original,
        lat, long,
    )  # fmt: skip


def of_collection(
    desk: Desk, viewer: Viewer, slug: str, query: str, after: str, limit: int, language: str
) -> tuple[list[ItemCard], str | None]:
    """The items by title after the one of that `{id}`, or those that a search finds; and where the
    next page begins."""
    connection = desk.index.read()
    if query.strip():
        found = item_index.search_items(viewer, connection, slug, query, limit=limit)
        return cards(found, language), None
    begun = items.get_standing(desk, viewer, after) if after else None
    rows = collection_items.page(viewer, connection, slug, begun.iri if begun else "", limit + 1)
    following = rows[limit - 1].id if len(rows) > limit else None
    return cards(rows[:limit], language), following
