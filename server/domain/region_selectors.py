"""Regions as selectors of Web Annotations, and back; pure.

A rectangle is a media fragment (https://www.w3.org/TR/media-frags/, 4.2.2), a polygon an SVG that
we write ourselves from numbers: none of anybody else is ever passed on.
"""

import re

from server.domain import regions
from server.domain.regions import Rectangle, Region, Size
from server.errors import CrowdHeritageError

FRAGMENTS = "http://www.w3.org/TR/media-frags/"
_FRAGMENT = re.compile(r"xywh=(pixel|percent):([0-9.]+),([0-9.]+),([0-9.]+),([0-9.]+)", re.ASCII)
_SVG = re.compile(
    r'<svg xmlns="http://www\.w3\.org/2000/svg" viewBox="0 0 ([0-9]+) ([0-9]+)"'
    r'(?: preserveAspectRatio="none")?><polygon points="([0-9., ]+)"/></svg>',
    re.ASCII,
)


def text(region: Region) -> str:
    """The rdf:value of its selector."""
    if isinstance(region, Rectangle):
        unit = "percent" if region.percent else "pixel"
        return f"xywh={unit}:" + ",".join(map(plain, region.numbers))
    stretched = ' preserveAspectRatio="none"' if region.percent else ""
    box = f"0 0 {region.of[0]} {region.of[1]}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"{stretched}>'
        f'<polygon points="{points_text(region)}"/></svg>'
    )


def points_text(region: Region) -> str:
    """Its corners as people write them: `10,20 30,40`."""
    return " ".join(f"{plain(x)},{plain(y)}" for x, y in region.points)


def plain(number_: float) -> str:
    """Without needless zeros: 10, 12.5."""
    return f"{number_:.3f}".rstrip("0").rstrip(".")


def read(value: str, of: Size | None) -> Region | None:
    """The region of a selector such as we write; None for any other.

    `of` is the size that the pixels of a rectangle belong to.
    """
    try:
        return _read(value, of)
    except (CrowdHeritageError, ValueError):
        return None


def _read(value: str, of: Size | None) -> Region | None:
    if found := _FRAGMENT.fullmatch(value):
        unit, *numbers = found.groups()
        x, y, width, height = (regions.number(each) for each in numbers)
        return regions.rectangle((x, y, width, height), unit, None if unit == "percent" else of)
    if found := _SVG.fullmatch(value):
        wide, high, points = found.groups()
        if "preserveAspectRatio" in value:
            return regions.polygon(points, "percent", None)
        return regions.polygon(points, "pixel", (int(wide), int(high)))
    return None
