"""What of which item somebody's annotation is about: the item, a picture of it, a part of either.

The target may name the item, the address of its page, one of its pictures within the scope of the
item, or a canvas of its IIIF manifest here.
"""

import re
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from server.commit import Desk
from server.domain import item_suggestions, media, picture_sizes, region_selectors, regions
from server.domain.annotation_contents import TARGET, Part, Said
from server.domain.media import Medium
from server.domain.regions import Polygon, Rectangle, Region, Size
from server.errors import Invalid, NotFound
from server.formats.webanno_graphs import Part as SentPart
from server.formats.webanno_graphs import Sent, wrong
from server.i18n import _
from server.index import items
from server.index.items import ItemRow
from server.names import CH, OA, RDF, XSD
from server.viewers import Viewer

SELECTOR = "selector"
#: Of a canvas whose picture's size is not known, both sides.
CANVAS = 1000
_CANVAS = re.compile(r"iiif/([a-z2-7]{26})/canvas/([0-9]{1,4})")
_FRAGMENT = re.compile(r"xywh=(?:(pixel|percent):)?([0-9.]+),([0-9.]+),([0-9.]+),([0-9.]+)", re.A)
_POLYGON = re.compile(
    r"""<(?:\w+:)?polygon\b[^<>]*\bpoints=["']([0-9., \n\t]{1,10000})["']""", re.A
)
_BOX = re.compile(r"""\bviewBox=["']0[ ,]+0[ ,]+([0-9]{1,7})[ ,]+([0-9]{1,7})["']""", re.A)


@dataclass(frozen=True, slots=True)
class Aim:
    """The item, and the picture of it that is meant, if one is; `canvas` says that numbers are
    those of its canvas."""

    item: ItemRow
    picture: Medium | None = None
    canvas: bool = False


def resolve(desk: Desk, viewer: Viewer, sent: Sent, item: str) -> Aim:
    """`item` is the IRI of the item of the container it was sent to, "" for others.

    Raises Invalid.
    """
    source, scope = sent.iri(TARGET, OA.hasSource), sent.iri(TARGET, OA.hasScope)
    on_canvas = _CANVAS.fullmatch(source.removeprefix(desk.names.base))
    if on_canvas:
        return _of_canvas(desk, viewer, on_canvas[1], int(on_canvas[2]))
    row = item_suggestions.find(desk, viewer, source)
    if row is not None:
        if scope and item_suggestions.find(desk, viewer, scope) != row:
            raise wrong("target.scope", _("The scope is another object than the source."))
        return Aim(_same(desk, row, item))
    row = item_suggestions.find(desk, viewer, scope or item) if scope or item else None
    if row is None:
        words = _("Name an object of this server, or a picture of one with the object as scope.")
        raise wrong("target.scope" if scope else "target.source", words)
    for picture in media.of_item(desk, viewer, _same(desk, row, item)):
        if picture.iri == source:
            return Aim(row, picture_sizes.with_size(desk, row, picture))
    raise wrong("target.source", _("The object has no such picture."))


def _same(desk: Desk, row: ItemRow, item: str) -> ItemRow:
    if item and items.current_item(desk.index.read(), item) != row.iri:
        raise wrong("target.source", _("This container is for annotations on another object."))
    return row


def _of_canvas(desk: Desk, viewer: Viewer, item_id: str, number: int) -> Aim:
    row = items.find_item(viewer, desk.index.read(), item_id)
    try:
        if row is None or row.gone:
            raise NotFound
        picture = media.get(desk, viewer, row, number, ("image",))
    except NotFound as error:
        raise wrong("target.source", _("There is no such canvas.")) from error
    return Aim(row, picture_sizes.with_size(desk, row, picture), canvas=True)


# --- the part of it ------------------------------------------------------------------------------


def said(sent: Sent, aim: Aim) -> list[Said]:
    """The target as ours are written, without what the fields of a form say anew."""
    found: list[Said] = [(TARGET, OA.hasSource, NamedNode(aim.item.iri))]
    if aim.picture is not None:
        found = [
            (TARGET, OA.hasSource, NamedNode(aim.picture.iri)),
            (TARGET, OA.hasScope, NamedNode(aim.item.iri)),
        ]
    selectors = sent.all(TARGET, OA.hasSelector)
    if not selectors:
        return found
    found.append((TARGET, OA.hasSelector, Part(SELECTOR)))
    names = [each.name for each in selectors if isinstance(each, SentPart)]
    for name in names:
        region = _region(sent, name, aim)
        if region is not None:
            return found + _written(region)
    if not names:
        raise wrong("target.selector", _("A selector says what it selects."))
    return found + _value(sent, names[0])


def _region(sent: Sent, name: str, aim: Aim) -> Region | None:
    """In pixels of the picture where its size is known, else in per cent."""
    types, text = sent.all(name, RDF.type), sent.text(name, RDF.value)
    if not {OA.FragmentSelector, OA.SvgSelector}.intersection(types):
        return None
    if aim.picture is None:
        raise wrong("target.source", _("A region is one of a picture: name it as the source."))
    size = _size(aim)
    try:
        if OA.FragmentSelector in types:
            return _rectangle(text, size, aim.canvas)
        return _polygon(text, size, aim.canvas)
    except Invalid as error:
        raise wrong("target.selector.value", str(error)) from error


def _size(aim: Aim) -> Size | None:
    assert aim.picture is not None
    wide, high = aim.picture.width, aim.picture.height
    return (wide, high) if wide and high else None


def _rectangle(text: str, size: Size | None, canvas: bool) -> Rectangle:
    found = _FRAGMENT.fullmatch(text)
    if found is None:
        raise Invalid(_("Give the rectangle as {example}.", example="xywh=10,20,30,40"))
    x, y, width, height = (regions.number(each) for each in found.groups()[1:])
    unit = found[1] or "pixel"
    if unit == "pixel" and size is None and canvas:
        share = 100 / CANVAS
        return regions.rectangle(
            (x * share, y * share, width * share, height * share), "percent", None
        )
    return regions.rectangle((x, y, width, height), unit, size)


def _polygon(text: str, size: Size | None, canvas: bool) -> Polygon:
    """Of a drawing the one polygon; numbers are those of its view box, if it has one."""
    found, box = _POLYGON.findall(text), _BOX.search(text)
    if len(found) != 1 or text.count("<") > 4:
        raise Invalid(_("Give the region as an SVG with one polygon."))
    of = (int(box[1]), int(box[2])) if box else (CANVAS, CANVAS) if canvas else None
    if size is not None and (box is None or of == size):
        return regions.polygon(_points(found[0]), "pixel", size)
    if of is None:
        raise Invalid(_("The size of this picture is not known: give the SVG a view box."))
    points = [each.split(",") for each in _points(found[0]).split()]
    shares = [(100 * float(x) / of[0], 100 * float(y) / of[1]) for x, y in points if of[0] * of[1]]
    text = " ".join(f"{x:.6f},{y:.6f}" for x, y in shares)
    return regions.polygon(text, "percent", size)


def _points(text: str) -> str:
    """Pairs with a comma between their numbers, whichever way SVG has them."""
    numbers = [f"{regions.number(each):.6f}" for each in text.replace(",", " ").split()]
    if len(numbers) % 2:
        raise Invalid(_("Points are pairs of numbers."))
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return " ".join(f"{x},{y}" for x, y in pairs)


def _written(region: Region) -> list[Said]:
    type_ = OA.FragmentSelector if isinstance(region, Rectangle) else OA.SvgSelector
    found: list[Said] = [
        (SELECTOR, RDF.type, type_),
        (SELECTOR, RDF.value, Literal(region_selectors.text(region))),
    ]
    if not region.percent:
        sides = zip((CH.imageWidth, CH.imageHeight), region.of, strict=True)
        found += [(SELECTOR, p, Literal(str(n), datatype=XSD.integer)) for p, n in sides]
    return found


def _value(sent: Sent, name: str) -> list[Said]:
    """A selector of a metadata value, and of words in it, as it was sent."""
    found: list[Said] = []
    todo, seen = [(name, SELECTOR)], set()
    while todo:
        sent_name, ours = todo.pop()
        seen.add(sent_name)
        for property_, values in sent.parts.get(sent_name, {}).items():
            for value in values:
                if not isinstance(value, SentPart):
                    found.append((ours, property_, value))
                elif value.name not in seen:
                    found.append((ours, property_, Part(value.name)))
                    todo.append((value.name, value.name))
    return found
