"""Regions of an item's images: drawn on the picture, or given by numbers."""

from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from server.domain import media, picture_sizes, region_selectors, regions
from server.domain.annotation_contents import ANNOTATION, TARGET, Content, Part, Said
from server.domain.kinds import Entry
from server.domain.media import Medium
from server.domain.regions import Polygon, Rectangle, Region, Size
from server.domain.widgets.model import Asked, Display, Editor, Showing, Values, first, refuse
from server.errors import Invalid
from server.i18n import _
from server.index import items
from server.index.items import ItemRow
from server.names import CH, DCTERMS, OA, RDF, XSD

_SELECTOR = "selector"
_AT = (OA.hasTarget, OA.hasSelector)
_SIDES = ("-x", "-y", "-width", "-height")
_UNITS = ("pixel", "percent")
_SHAPES = ("rectangle", "polygon")


@dataclass(frozen=True, slots=True)
class RegionView:
    """A region of a picture of ours; `points` and `outline` are numbers for SVG, from 0 to 1.

    `crop` is the address of the region alone, where an image service makes it; else empty.
    """

    picture: Medium
    points: str
    outline: str
    words: str
    crop: str = ""


# --- read -----------------------------------------------------------------------------------------


def _read(asked: Asked, entry: Entry, values: Values) -> list[Said]:
    if not _is_given(entry, values):
        return []
    picture = _chosen(asked, entry, values)
    try:
        region = _region(entry, values, _size(picture))
    except Invalid as error:
        raise refuse(entry, str(error)) from error
    return [
        *_bodies(asked, values),
        (TARGET, OA.hasScope, NamedNode(asked.item.iri)),
        (TARGET, OA.hasSource, NamedNode(picture.iri)),
        (TARGET, OA.hasSelector, Part(_SELECTOR)),
        *_selector(region),
    ]


def _is_given(entry: Entry, values: Values) -> bool:
    return any(first(entry, values, suffix) for suffix in (*_SIDES, "-points"))


def _chosen(asked: Asked, entry: Entry, values: Values) -> Medium:
    """By its number or its IRI; where none is named, the only one."""
    pictures, named = _pictures(asked), first(entry, values, "-image")
    if not named and len(pictures) == 1:
        return pictures[0]
    for picture in pictures:
        if named in (str(picture.number), picture.iri):
            return picture
    raise refuse(entry, _("Choose one of the pictures of this object."))


def _pictures(asked: Asked) -> list[Medium]:
    found = media.of_item(asked.desk, asked.viewer, asked.item, asked.language)
    return [
        picture_sizes.with_size(asked.desk, asked.item, medium)
        for medium in found
        if medium.kind == "image"
    ]


def _size(picture: Medium) -> Size | None:
    return (picture.width, picture.height) if picture.width and picture.height else None


def _region(entry: Entry, values: Values, size: Size | None) -> Region:
    unit = first(entry, values, "-unit") or _UNITS[0 if size else 1]
    if first(entry, values, "-shape") == "polygon" or not first(entry, values, _SIDES[0]):
        return regions.polygon(first(entry, values, "-points"), unit, size)
    x, y, width, height = (regions.number(first(entry, values, side)) for side in _SIDES)
    return regions.rectangle((x, y, width, height), unit, size)


def _selector(region: Region) -> list[Said]:
    """W3C Web Annotation, 4.2.1 and 4.2.7."""
    about: list[tuple[NamedNode, Any]] = [(RDF.value, Literal(region_selectors.text(region)))]
    if isinstance(region, Polygon):
        about.append((RDF.type, OA.SvgSelector))
    else:
        about += [
            (RDF.type, OA.FragmentSelector),
            (DCTERMS.conformsTo, NamedNode(region_selectors.FRAGMENTS)),
        ]
        if not region.percent:
            about += [
                (CH.imageWidth, Literal(str(region.of[0]), datatype=XSD.integer)),
                (CH.imageHeight, Literal(str(region.of[1]), datatype=XSD.integer)),
            ]
    return [(_SELECTOR, property_, value) for property_, value in about]


def _bodies(asked: Asked, values: Values) -> list[Said]:
    """Who only says something about the region comments; who names what is there tags."""
    bodies = [each for each in asked.kind.editable if each.path[0] == OA.hasBody]
    said = [each for each in bodies if first(each, values)]
    motivation: Said = (ANNOTATION, OA.motivatedBy, OA.tagging if said else OA.commenting)
    return [motivation, *((each.part, RDF.type, OA.TextualBody) for each in said if each.part)]


# --- and back -------------------------------------------------------------------------------------


def standing(content: Content) -> Region | None:
    """The region that an annotation selects, where its selector is such as we write."""
    wide, high = (content.text(*_AT, side) for side in (CH.imageWidth, CH.imageHeight))
    of = (int(wide), int(high)) if wide.isdecimal() and high.isdecimal() else None
    return region_selectors.read(content.text(*_AT, RDF.value), of)


def _options(asked: Asked, _entry: Entry) -> dict[str, Any]:
    return {"pictures": _pictures(asked)}


def _fill(asked: Asked, entry: Entry, content: Content) -> dict[str, list[str]]:
    region, source = standing(content), content.text(OA.hasTarget, OA.hasSource)
    if region is None:
        return {}
    numbers = [picture.number for picture in _pictures(asked) if picture.iri == source]
    found = {
        "-image": str(numbers[0]) if numbers else "",
        "-unit": _UNITS[region.percent],
        "-shape": _SHAPES[isinstance(region, Polygon)],
    }
    if isinstance(region, Rectangle):
        found |= zip(_SIDES, map(region_selectors.plain, region.numbers), strict=True)
    else:
        found["-points"] = region_selectors.points_text(region)
    return {f"{entry.name}{suffix}": [text] for suffix, text in found.items()}


def _show(showing: Showing, _entry: Entry, content: Content) -> RegionView | None:
    """Where the reader may see the item, and it still has the picture."""
    connection, source = showing.desk.index.read(), content.text(OA.hasTarget, OA.hasSource)
    item = items.current_item(connection, showing.item)
    row = items.find_item_by_iri(showing.viewer, connection, item)
    found = media.of_item(showing.desk, showing.viewer, row, showing.language) if row else ()
    picture = next((each for each in found if each.iri == source and each.kind == "image"), None)
    region = standing(content)
    if region is None or picture is None or row is None:
        return None
    corners = [f"{x:g},{y:g}" for x, y in regions.fractions(region)]
    outline = "M0,0H1V1H0ZM" + "L".join(corners) + "Z"
    crop = _crop(showing, row, picture, region)
    return RegionView(picture, " ".join(corners), outline, regions.words(region), crop)


def _crop(showing: Showing, row: ItemRow, picture: Medium, region: Region) -> str:
    """The region alone, as our image service cuts it; "" where the size is not known for sure."""
    size = picture_sizes.measured(showing.desk, row, picture)
    size = size or (_size(picture) if picture.service else None)
    if size is None or picture.iri.endswith(".svg"):
        return ""
    cut = regions.iiif(region, size)
    return f"/images/{row.id}/{picture.number}/iiif/{cut}/!800,800/0/default.jpg"


def _words(_value: Any) -> str:
    """Nothing: what the annotation is called by is what is there, not where."""
    return ""


EDITORS = {CH.RegionEditor: Editor("region", _read, _options, _fill, scripts=("regions",))}
DISPLAYS = {CH.RegionViewer: Display("region", _show, _words)}
