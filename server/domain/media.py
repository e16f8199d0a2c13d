"""All media of an item, in order: pictures, sounds, films, texts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode

from server.commit import Desk
from server.domain import links, media_kinds, texts
from server.domain.media_kinds import Kind
from server.domain.media_resources import Resource, ordered, resources
from server.errors import NotFound
from server.i18n import _
from server.index.items import ItemRow
from server.names import DC, DCTERMS, EDM, PROV, RDFS, Namespace, value_of
from server.patches import Dataset
from server.viewers import Viewer

MOST = 500  # of one item; a book has more pages than anybody wants to load at once
_EBUCORE = Namespace("http://www.ebu.ch/metadata/ontologies/ebucore/ebucore#")
_HAS_SERVICE = NamedNode("http://rdfs.org/sioc/services#has_service")
_IMAGE_API = "iiif.io/api/image"
_LINKS = (EDM.isShownBy, EDM.hasView)
_MAKERS = (DC.creator, PROV.wasAttributedTo, DCTERMS.creator)
_NAMES = (DC.title, RDFS.label, DC.description)
_MOST_KNOWN = 200
#: Media of public items by data directory, the sequence number of its public data, and item.
_known: dict[tuple[str, int, str], tuple["Medium", ...]] = {}
_LARGEST = 1_000_000  # pixels of a side that a record may claim


@dataclass(frozen=True, slots=True)
class Medium:
    """`iri` is that of the web resource, `src` and `thumb` are our own addresses (or empty).

    `number` counts from 1; width and height are pixels of the original, where they are known;
    `colour` is #rrggbb. `maker` is an IRI or a name: who, or what software, made this rendering.
    `service` is the address of its IIIF image service, `mime` its media type; empty where there
    is none.
    """

    number: int
    kind: Kind
    iri: str
    src: str = ""
    thumb: str = ""
    width: int | None = None
    height: int | None = None
    colour: str | None = None
    label: str = ""
    attribution: str = ""
    maker: str = ""
    maker_label: str = ""
    service: str = ""
    mime: str = ""

    @property
    def href(self) -> str:
        """Where a browser goes for it: through us, or, for texts and the like, to the original."""
        return self.src or links.address(self.iri) or ""


def of_item(desk: Desk, viewer: Viewer, row: ItemRow, language: str = "en") -> tuple[Medium, ...]:
    """What is shown first, further views in their order; else the picture that stands for it.

    The asker may see the item: `row` was given to them. Empty for a tombstone.
    """
    dataset: Dataset = "work" if row.dataset == "work" and viewer.sees_work else "public"
    found = resources(desk.select("item_media", dataset, item=NamedNode(row.iri)))
    kinds = {each.iri: _kind(each, row) for each in found}
    main = [each for each in ordered(found) if each.links.intersection(_LINKS)]
    if not any(kinds[each.iri] == "image" for each in main):
        main += [
            each for each in found
            if each not in main and _kind(each, None) == "image"
        ]  # fmt: skip
        kinds |= {each.iri: "image" for each in main if not each.links.intersection(_LINKS)}
    return tuple(
        _medium(number, kinds[each.iri], each, row, language)
        for number, each in enumerate(main[:MOST], 1)
    )


def get(
    desk: Desk, viewer: Viewer, row: ItemRow, number: int, kinds: Iterable[Kind]
) -> Medium:  # fmt: skip
    """The medium of that number, where it is of one of the kinds. Raises NotFound."""
    for medium in _remembered(desk, viewer, row):
        if medium.number == number and medium.kind in kinds:
            return medium
    raise NotFound(_("This item has no such medium."))


def _remembered(desk: Desk, viewer: Viewer, row: ItemRow) -> tuple[Medium, ...]:
    """Whoever looks at a book asks for each of its pages: its media are read once."""
    if row.dataset != "public":
        return of_item(desk, viewer, row)
    key = str(desk.settings.data), desk.public_sequence(), row.iri
    found = _known.get(key)
    if found is None:
        while len(_known) >= _MOST_KNOWN:
            _known.pop(next(iter(_known)), None)
        found = _known[key] = of_item(desk, viewer, row)
    return found


def picture_of(desk: Desk, viewer: Viewer, row: ItemRow) -> Medium | None:
    """The picture that lists show of the item, with all that is known of it."""
    if row.picture is None:
        return None
    known = (each for each in of_item(desk, viewer, row) if each.iri == row.picture)
    bare = Medium(1, "image", row.picture, width=row.width, height=row.height, colour=row.colour)
    return next(known, replace(bare, service=media_kinds.iiif_service(row.picture)))


def _kind(resource: Resource, row: ItemRow | None) -> Kind:
    if _service(resource):
        return "image"
    mime = resource.first(_EBUCORE.hasMimeType)
    return media_kinds.kind_of(resource.iri, mime, (row and row.type) or "")


def _service(resource: Resource) -> str:
    """The one that the record names where it is one of images, else the one that it asks."""
    for term in sorted(resource.said[_HAS_SERVICE], key=str):
        told = [value_of(name) for name in resource.names[term]]
        if isinstance(term, NamedNode) and (not told or any(_IMAGE_API in each for each in told)):
            return value_of(term).removesuffix("/info.json").rstrip("/")
    return media_kinds.iiif_service(resource.iri)


def _medium(
    number: int, kind: Kind, resource: Resource, row: ItemRow, language: str
) -> Medium:  # fmt: skip
    src = _src(number, kind, resource.iri, row)
    maker = resource.first(*_MAKERS)
    maker_label = _maker_label(resource, language)
    return Medium(
        number=number,
        kind=kind,
        iri=resource.iri,
        src=src,
        thumb=f"{src}?size=400" if kind == "image" else "",
        width=pixels(resource.first(_EBUCORE.width)),
        height=pixels(resource.first(_EBUCORE.height)),
        colour=colour(resource.first(EDM.componentColor)),
        label=_text(resource, language, *_NAMES),
        attribution=_text(resource, language, DC.rights) or maker_label,
        maker=maker,
        maker_label=maker_label,
        service=_service(resource) if kind == "image" else "",
        mime=resource.first(_EBUCORE.hasMimeType),
    )


def _src(number: int, kind: Kind, iri: str, row: ItemRow) -> str:
    if kind == "image":
        return f"/images/{row.id}" if iri == row.picture else f"/images/{row.id}/{number}"
    return f"/media/{row.id}/{number}" if kind in ("audio", "video") else ""


def _maker_label(resource: Resource, language: str) -> str:
    for property_ in _MAKERS:
        for term in sorted(resource.said[property_], key=str):
            if isinstance(term, Literal):
                return str(term.value)
            named = [each for each in resource.names[term] if isinstance(each, Literal)]
            return texts.choose(texts.collect(named), language) if named else _last(term.value)
    return ""


def _last(iri: str) -> str:
    """The last part of an address, which mostly says most."""
    try:
        path = urlsplit(iri).path.rstrip("/")
    except ValueError:
        return iri
    return path.rpartition("/")[2] or iri


def _text(resource: Resource, language: str, *properties: NamedNode) -> str:
    for each in properties:
        literals = [term for term in resource.said[each] if isinstance(term, Literal)]
        if literals:
            return texts.choose(texts.collect(literals), language)[:300]
    return ""


def pixels(text: str) -> int | None:
    """Where it is a number that can be one of a picture's side."""
    return int(text) if text.isdecimal() and len(text) < 9 and 0 < int(text) <= _LARGEST else None


def colour(text: str) -> str | None:
    """As #rrggbb, where it is one in hexadecimal."""
    found = re.fullmatch(r"#?([0-9A-Fa-f]{6})", text)
    return f"#{found[1].lower()}" if found else None
