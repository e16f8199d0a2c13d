"""Items as people read them: the provider's metadata as a museum label, enrichments marked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from server.commit import Desk
from server.domain import fields, links, rights, texts
from server.errors import Gone, NotFound
from server.i18n import _
from server.index import items, labels, queues
from server.index.items import ItemRow
from server.names import DC, DCTERMS, EDM, ORE, PROV, RDF
from server.patches import Dataset
from server.viewers import Viewer

#: The order of a museum label: what it is, who made it when and where, then the rest.
_ORDER = (
    DC.title, DCTERMS.alternative, DC.creator, DC.contributor, DCTERMS.created, DC.date,
    DCTERMS.issued, DCTERMS.temporal, DC.type, DC.format, DCTERMS.medium, DCTERMS.extent,
    DC.subject, DCTERMS.spatial, DC.coverage, DC.description, DC.publisher, DCTERMS.isPartOf,
    EDM.currentLocation, DC.source, DC.identifier, DC.language, DCTERMS.provenance, DC.rights,
)  # fmt: skip
#: The space kept for a picture whose size nobody told.
_UNKNOWN = (800, 600)
_RANK = {field.value: rank for rank, field in enumerate(_ORDER)}
_HIDDEN = {
    node.value
    for node in (
        RDF.type, EDM.type, EDM.europeanaProxy, ORE.proxyFor, ORE.proxyIn, ORE.lineage,
        PROV.wasDerivedFrom, EDM.isNextInSequence, EDM.hasView, DCTERMS.replaces,
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its text, its language tag or "", its IRI and where that leads, if it has one."""

    text: str
    lang: str = ""
    iri: str | None = None
    href: str | None = None
    enrichment: bool = False
    annotation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A property with its values; `name` is qualified (`dc:subject`), `label` for people."""

    label: str
    name: str
    iri: str
    values: tuple[Value, ...]


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

    @property
    def id(self) -> str:
        return self.row.id

    @property
    def iri(self) -> str:
        return self.row.iri


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
    names = _labels(desk, viewer, dataset, rows, language)
    told = _Told(rows, names, _sources(desk, row.iri))
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
    )


def picture(row: ItemRow, alt: str) -> Picture | None:
    """Through our own server, so that no third party sees who looks."""
    if row.picture is None:
        return None
    base = f"/images/{row.id}"
    width, height = row.width or _UNKNOWN[0], row.height or _UNKNOWN[1]
    return Picture(base, f"{base}?size=400", alt, width, height, row.colour)


def thumbnail(row: ItemRow, alt: str) -> Picture | None:
    """The picture small, for grids."""
    large = picture(row, alt)
    return large and replace(large, src=large.thumb)


class _Told:
    """The statements about one item, by what they stand on: object, proxy or aggregation."""

    def __init__(
        self, rows: list[dict[str, Any]], names: dict[str, tuple[str, str, str | None]],
        sources: dict[tuple[str, str], str],
    ) -> None:  # fmt: skip
        self._names = names
        self._sources = sources
        self._kinds: dict[str, dict[NamedNode, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            self._kinds[row["kind"].value][row["p"]].append(row["o"])

    def of_kind(self, kind: str) -> dict[NamedNode, list[Any]]:
        return self._kinds[kind]

    def text(self, terms: list[Any]) -> str:
        return ", ".join(value.text for value in self._values(terms, enrichment=False))

    def fields(self) -> list[Field]:
        values: dict[str, dict[Value, None]] = defaultdict(dict)
        for kind, enrichment in (("object", False), ("proxy", False), ("enrichment", True)):
            for property_, terms in self._kinds[kind].items():
                if property_.value not in _HIDDEN:
                    for value in self._values(terms, enrichment=enrichment):
                        values[property_.value].setdefault(self._sourced(property_, value))
        order = sorted(values, key=lambda iri: (_RANK.get(iri, len(_RANK)), iri))
        return [
            Field(fields.label(iri), fields.name(iri), iri, tuple(values[iri])) for iri in order
        ]

    def _sourced(self, property_: NamedNode, value: Value) -> Value:
        """An enrichment knows the annotation that it comes from."""
        if not value.enrichment or value.iri is None:
            return value
        return replace(value, annotation_id=self._sources.get((property_.value, value.iri)))

    def _values(self, terms: Iterable[Any], *, enrichment: bool) -> list[Value]:
        found = []
        for term in terms:
            if isinstance(term, Literal):
                found.append(Value(term.value, term.language or "", enrichment=enrichment))
            elif isinstance(term, NamedNode):
                unnamed = term.value, "", links.address(term.value)
                text, lang, href = self._names.get(term.value, unnamed)
                found.append(Value(text, lang, term.value, href, enrichment))
        return sorted(found, key=lambda value: (value.iri is not None, value.lang, value.text))


def _labels(
    desk: Desk, viewer: Viewer, dataset: Dataset, rows: list[dict[str, Any]], language: str
) -> dict[str, tuple[str, str, str | None]]:
    """(label, language, address) of each IRI among the values: our terms, else the record's."""
    nodes = {row["o"] for row in rows if isinstance(row["o"], NamedNode)}
    if not nodes:
        return {}
    found: dict[str, tuple[str, str, str | None]] = {}
    named: dict[str, list[Any]] = defaultdict(list)
    for row in desk.select("node_labels", dataset, nodes=sorted(nodes, key=str)):
        named[row["node"].value].append(row["label"])
    for iri, literals in named.items():
        wanted = texts.collect(literals)
        text = texts.choose(wanted, language)
        lang = next(code for code, each in wanted.items() if each == text)
        found[iri] = (text, lang, links.address(iri))
    known = labels.labels_of(viewer, desk.index, [node.value for node in nodes], language)
    for iri, (text, lang) in known.items():
        found[iri] = (text, lang, "/terms?iri=" + quote(iri, safe=""))
    return found


def _sources(desk: Desk, item: str) -> dict[tuple[str, str], str]:
    """The `{id}` of the published annotation behind each (field, term)."""
    found = queues.annotations_of_item(desk.index.read(), item)
    return {
        (row.field, row.body): desk.names.local(row.iri, "annotation") or ""
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
