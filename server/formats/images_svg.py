"""SVG made harmless: only drawing elements and attributes stay, and nothing from elsewhere."""

import re

from lxml import etree

from server.errors import Malformed, TooLarge
from server.i18n import _

MAX_SVG = 10_000_000  # bytes
MAX_ELEMENTS = 100_000
MAX_DEPTH = 100
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

#: SVG 1.1's static drawing; no script, style sheet, foreignObject, animation, link or image.
_ELEMENTS = set(
    """svg g defs symbol use title desc metadata path rect circle ellipse line polyline polygon
    text tspan textPath linearGradient radialGradient stop pattern clipPath mask marker filter
    feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting
    feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
    feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting
    feSpotLight feTile feTurbulence switch view""".split()  # noqa: SIM905
)
_URL = re.compile(r"url\s*\(\s*['\"]?\s*([^'\")]*)", re.IGNORECASE)
_STYLE_REFUSED = re.compile(
    r"\\|@import|expression|javascript:|image-set|image\s*\(|src\s*\(", re.I
)
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(px|pt|mm|cm|in|pc)?\s*")
_UNITS = {"px": 1.0, "pt": 4 / 3, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "pc": 16.0}
_HEX = re.compile(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


def clean_svg(data: bytes) -> tuple[bytes, int, int, str]:
    """The drawing without what could act or fetch, its width and height, its first colour.

    Raises Malformed where it is no SVG or declares a document type with entities.
    """
    root = _parse(data)
    for depth, element in _walk(root):
        if depth > MAX_DEPTH:
            raise Malformed(_("The SVG image is nested too deeply."))
        _clean_attributes(element)
    _flatten(root)
    width, height = _size(root)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="utf-8"), width, height, _colour(root)


def _parse(data: bytes) -> etree._Element:
    if len(data) > MAX_SVG:
        raise TooLarge(_("The SVG image is larger than {size} MB.", size=MAX_SVG // 1_000_000))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True, huge_tree=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Malformed(_("This is no JPEG, PNG, GIF, WebP, TIFF or SVG image.")) from error
    if root.tag != f"{_SVG}svg":
        raise Malformed(_("This is no JPEG, PNG, GIF, WebP, TIFF or SVG image."))
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _entity in dtd.iterentities()):
        raise Malformed(_("The SVG image declares entities, which it may not."))
    return root


def _walk(root: etree._Element) -> list[tuple[int, etree._Element]]:
    """The elements that stay, with their depth; all others are taken out, with what they hold."""
    kept, waiting = [], [(0, root)]
    while waiting:
        depth, element = waiting.pop()
        kept.append((depth, element))
        if len(kept) > MAX_ELEMENTS:
            raise TooLarge(_("The SVG image has too many elements."))
        for child in list(element):
            if _stays(child):
                waiting.append((depth + 1, child))
            else:
                _remove(child)
    return kept


def _stays(element: etree._Element) -> bool:
    tag = element.tag
    return isinstance(tag, str) and tag.startswith(_SVG) and tag[len(_SVG) :] in _ELEMENTS


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        element.tail = None
        parent.remove(element)


def _clean_attributes(element: etree._Element) -> None:
    for name, value in list(element.attrib.items()):
        if not _harmless(str(name), str(value)):
            del element.attrib[name]


def _harmless(name: str, value: str) -> bool:
    """References stay within the drawing; events, other namespaces and odd styles go."""
    if name in ("href", _XLINK_HREF):
        return value.strip().startswith("#")
    if name.startswith("{"):
        return name == _XML_SPACE
    if name.lower().startswith("on"):
        return False
    if any(not url.strip().startswith("#") for url in _URL.findall(value)):
        return False
    return _STYLE_REFUSED.search(value) is None  # attributes like `fill` are parsed as CSS too


def _flatten(root: etree._Element) -> None:
    """Take out each `use` of what holds a `use` itself: nested ones multiply without end."""
    uses = list(root.iter(f"{_SVG}use"))
    holding = {element for use in uses for element in (use, *use.iterancestors())}
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    for use in uses:
        target = named.get((use.get("href") or use.get(_XLINK_HREF) or "").strip()[1:])
        if target is not None and target in holding:
            _remove(use)


def _size(root: etree._Element) -> tuple[int, int]:
    """Pixels by the viewBox, else by width and height, else what browsers take."""
    try:
        box = [float(part) for part in re.split(r"[\s,]+", root.get("viewBox", "").strip())]
    except ValueError:
        box = []
    if len(box) == 4 and 0 < box[2] < 1e6 and 0 < box[3] < 1e6:
        return max(1, round(box[2])), max(1, round(box[3]))
    return _pixels(root.get("width"), 300), _pixels(root.get("height"), 150)


def _pixels(text: str | None, default: int) -> int:
    found = _LENGTH.fullmatch(text or "")
    size = float(found[1]) * _UNITS[found[2] or "px"] if found else 0.0
    return max(1, round(size)) if 0 < size < 1e6 else default


def _colour(root: etree._Element) -> str:
    """The fill that is painted first, which is mostly the background; else grey."""
    for element in root.iter():
        found = _HEX.match(element.get("fill", ""))
        if found is not None and element.tag != f"{_SVG}stop":
            digits = found[1] if len(found[1]) == 6 else "".join(2 * c for c in found[1])
            return f"#{digits.lower()}"
    return "#808080"
