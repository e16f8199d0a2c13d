"""The few SVG pieces that all demonstration drawings are made of."""

import math
import re
from collections.abc import Iterable
from copy import deepcopy
from xml.etree import ElementTree

Palette = tuple[str, ...]


def number(value: float) -> str:
    """A coordinate with one decimal at most, as short as it can be written."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def points(pairs: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in pairs)


def polygon(pairs: Iterable[tuple[float, float]], fill: str, more: str = "") -> str:
    return f'<polygon points="{points(pairs)}" fill="{fill}"{more}/>'


def rect(x: float, y: float, w: float, h: float, fill: str, more: str = "") -> str:
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(w)}" height="{number(h)}"'
        f' fill="{fill}"{more}/>'
    )


def circle(x: float, y: float, r: float, fill: str, more: str = "") -> str:
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(r)}" fill="{fill}"{more}/>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, more: str = "") -> str:
    centre = f'cx="{number(x)}" cy="{number(y)}"'
    return f'<ellipse {centre} rx="{number(rx)}" ry="{number(ry)}" fill="{fill}"{more}/>'


def path(d: str, fill: str = "none", stroke: str = "", width: float = 0, more: str = "") -> str:
    line = f' stroke="{stroke}" stroke-width="{number(width)}"' if stroke else ""
    return f'<path d="{d}" fill="{fill}"{line}{more}/>'


def group(body: str, transform: str = "", more: str = "") -> str:
    at = f' transform="{transform}"' if transform else ""
    return f"<g{at}{more}>{body}</g>"


def symbol(name: str, body: str) -> str:
    return f'<defs><g id="{name}">{body}</g></defs>'


def use(name: str, x: float = 0, y: float = 0, turn: str = "") -> str:
    """One copy of a symbol, moved and then turned or scaled about its own origin."""
    move = f"translate({number(x)},{number(y)})"
    return f'<use href="#{name}" transform="{move}{" " + turn if turn else ""}"/>'


def around(name: str, count: int, x: float = 0, y: float = 0, start: float = 0) -> str:
    """Copies of a symbol set round a centre like the petals of a flower."""
    step = 360 / count
    return "".join(use(name, x, y, f"rotate({number(start + i * step)})") for i in range(count))


def tile(name: str, w: float, h: float, body: str, transform: str = "") -> str:
    """A pattern that can be used as `url(#name)`."""
    turned = f' patternTransform="{transform}"' if transform else ""
    size = f'width="{number(w)}" height="{number(h)}"'
    return (
        f'<defs><pattern id="{name}" {size} patternUnits="userSpaceOnUse"{turned}>'
        f"{body}</pattern></defs>"
    )


def half_drop(name: str, w: float, h: float, body: str) -> str:
    """A pattern in which each second column hangs half a repeat lower."""
    places = ((w / 2, h / 2), (0, 0), (w, 0), (0, h), (w, h))
    copies = "".join(use(name + "m", x, y) for x, y in places)
    return symbol(name + "m", body) + tile(name, w, h, copies)


def star(x: float, y: float, outer: float, inner: float, tips: int, start: float = -90) -> str:
    """The points of a star, for a polygon."""
    pairs = []
    for i in range(tips * 2):
        reach = inner if i % 2 else outer
        angle = math.radians(start + i * 180 / tips)
        pairs.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    return points(pairs)


def flattened(body: str) -> str:
    """The drawing with every `use` inside of a symbol written out.

    Cleaners of foreign SVG take nested ones away, because they can multiply without end.
    """
    root = ElementTree.fromstring(f"<svg>{body}</svg>")
    named = {g.get("id"): g for g in root.iter("g") if g.get("id")}

    def write_out(element: ElementTree.Element) -> None:
        for place, child in enumerate(list(element)):
            if child.tag == "use":
                copy = ElementTree.Element("g", {k: v for k, v in child.items() if k != "href"})
                target = named[child.get("href", "")[1:]]
                copy.extend(deepcopy(part) for part in target if part.tag != "defs")
                element[place] = copy
                write_out(copy)
            elif child.tag != "defs":
                write_out(child)

    for symbol_ in named.values():
        write_out(symbol_)
    return "".join(ElementTree.tostring(child, encoding="unicode") for child in root)


def picture(body: str, width: int, height: int, ground: str, label: str) -> str:
    """A whole SVG file; drawn at twice its units, so that one can zoom in."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width * 2}" height="{height * 2}" role="img">'
        f"<title>{label}</title>{rect(0, 0, width, height, ground)}{flattened(body)}</svg>\n"
    )


def part(svg: str, box: tuple[int, int, int, int]) -> str:
    """The same file, showing only a part of it: x, y, width and height in its units."""
    size = f'width="{box[2] * 3}" height="{box[3] * 3}"'
    seen = f'viewBox="{" ".join(map(str, box))}"'
    return re.sub(r'viewBox="[^"]*" width="\d+" height="\d+"', f"{seen} {size}", svg, count=1)
