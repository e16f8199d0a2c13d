"""Regions of an image: rectangles and polygons, as people write them and as they are shown; pure.

Pixels are those of the original image; where its size is not known, numbers are per cent. A region
knows of which size its numbers are, so that it holds for the same image in any other.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from server.domain import polygon_sides
from server.domain.polygon_sides import Point
from server.errors import Invalid
from server.i18n import _

LEAST_POINTS, MOST_POINTS = 3, 200
#: Plain decimals, so neither NaN nor 1e999; more is no size of an image.
_NUMBER = re.compile(r"-?[0-9]{1,7}(?:[.][0-9]{1,12})?", re.ASCII)
_PERCENT = (100, 100)
_LONGEST_TEXT = 10_000

Size = tuple[int, int]
Numbers = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """`of` is the size that the numbers belong to: pixels, or (100, 100) for per cent."""

    x: float
    y: float
    width: float
    height: float
    of: Size
    percent: bool = False

    @property
    def points(self) -> tuple[Point, ...]:
        right, below = self.x + self.width, self.y + self.height
        return ((self.x, self.y), (right, self.y), (right, below), (self.x, below))

    @property
    def numbers(self) -> Numbers:
        return (self.x, self.y, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Polygon:
    points: tuple[Point, ...]
    of: Size
    percent: bool = False


Region = Rectangle | Polygon


# --- from what people write ---------------------------------------------------------------------


def number(text: str) -> float:
    """A plain decimal; a comma may stand for the point. Raises Invalid for anything else."""
    written = text.strip().replace(",", ".")
    if _NUMBER.fullmatch(written) is None:
        raise Invalid(_("“{text}” is not a number.", text=text.strip()[:40]))
    return float(written)


def rectangle(numbers: Numbers, unit: str, size: Size | None) -> Rectangle:
    """Of x, y, width and height in pixels or per cent (`unit`: pixel, percent). Raises Invalid."""
    of = _measure(unit, size)
    x, y, width, height = numbers
    if width <= 0 or height <= 0:
        raise Invalid(_("A rectangle needs a width and a height above 0."))
    _require_inside(((x, y), (x + width, y + height)), of, unit)
    if unit == "percent" and size is None:
        x, y, width, height = (round(each, 3) for each in numbers)
        return Rectangle(x, y, max(width, 0.001), max(height, 0.001), of, percent=True)
    return _on_pixels(Rectangle(x, y, width, height, of), size or of)


def polygon(text: str, unit: str, size: Size | None) -> Polygon:
    """Of points such as `10,20 30,40 15,60`. Raises Invalid."""
    of, points = _measure(unit, size), _points(text)
    if not LEAST_POINTS <= len(points) <= MOST_POINTS:
        raise Invalid(
            _("A polygon has {least} to {most} points.", least=LEAST_POINTS, most=MOST_POINTS)
        )
    _require_inside(points, of, unit)
    if unit == "percent" and size:
        points, of = _scaled(points, of, size), size
    percent = of == _PERCENT and not size
    found = tuple((round(x, 3 if percent else 1), round(y, 3 if percent else 1)) for x, y in points)
    if polygon_sides.flat(found):
        raise Invalid(_("These points have no inside: they lie on one line."))
    if polygon_sides.cross(found):
        raise Invalid(_("The sides of a polygon must not cross or touch each other."))
    return Polygon(found, of, percent)


def _measure(unit: str, size: Size | None) -> Size:
    if unit == "percent":
        return _PERCENT
    if unit != "pixel":
        raise Invalid(_("The numbers are in pixels or in per cent."))
    if size is None:
        raise Invalid(_("The size of this picture is not known: give the numbers in per cent."))
    return size


def _points(text: str) -> tuple[Point, ...]:
    """A last point that closes the line is left out."""
    if len(text) > _LONGEST_TEXT:
        raise Invalid(_("That is too long for a list of points."))
    points = []
    for written in text.replace(";", " ").split():
        x, comma, y = written.partition(",")
        if not comma:
            raise Invalid(
                _("Write each point as two numbers with a comma, such as {example}.",
                  example="10,20")
            )  # fmt: skip
        points.append((number(x), number(y)))
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    return tuple(points)


def _require_inside(points: Sequence[Point], of: Size, unit: str) -> None:
    if all(0 <= x <= of[0] and 0 <= y <= of[1] for x, y in points):
        return
    if unit == "percent":
        raise Invalid(_("That is outside of the picture: per cent go from 0 to 100."))
    raise Invalid(
        _("That is outside of the picture, which is {width} × {height} pixels.",
          width=of[0], height=of[1])
    )  # fmt: skip


def _on_pixels(found: Rectangle, size: Size) -> Rectangle:
    """In whole pixels, as media fragments have them, and at least one."""
    (x, y), _right, (right, below), _left = _scaled(found.points, found.of, size)
    left, top = min(round(x), size[0] - 1), min(round(y), size[1] - 1)
    return Rectangle(
        left, top, max(1, round(right) - left), max(1, round(below) - top), of=size
    )  # fmt: skip


def _scaled(points: Sequence[Point], of: Size, size: Size) -> tuple[Point, ...]:
    return tuple((x * size[0] / of[0], y * size[1] / of[1]) for x, y in points)


# --- as they are shown ----------------------------------------------------------------------------


def fractions(region: Region) -> tuple[Point, ...]:
    """Its corners, each number between 0 and 1."""
    return tuple(
        (round(x, 6), round(y, 6)) for x, y in _scaled(region.points, region.of, (1, 1))
    )  # fmt: skip


def box(region: Region) -> Rectangle:
    """The rectangle around it."""
    if isinstance(region, Rectangle):
        return region
    xs, ys = zip(*region.points, strict=True)
    left, top = min(xs), min(ys)
    return Rectangle(left, top, max(xs) - left, max(ys) - top, region.of, region.percent)


def iiif(region: Region, size: Size) -> str:
    """The region of an image request (https://iiif.io/api/image/3.0/#41-region), for the image in
    that size: the box around it, in whole pixels."""
    around = box(region)
    (left, top), _right, (right, below), _left = _scaled(around.points, around.of, size)
    x, y = min(int(left), size[0] - 1), min(int(top), size[1] - 1)
    return f"{x},{y},{max(1, math.ceil(right) - x)},{max(1, math.ceil(below) - y)}"


def words(region: Region) -> str:
    """For those who do not see it: what it is, where and how large."""
    x, y, width, height = (f"{round(100 * each)}" for each in _shares(box(region)))
    where = {"x": x, "y": y, "width": width, "height": height}
    if isinstance(region, Rectangle):
        return _(
            "Rectangle, {x} % from the left, {y} % from the top, {width} % wide, {height} % high",
            **where,
        )
    return _(
        "Polygon with {points} points, {x} % from the left, {y} % from the top, {width} % wide,"
        " {height} % high",
        points=len(region.points), **where,
    )  # fmt: skip


def _shares(around: Rectangle) -> Numbers:
    wide, high = around.of
    return (around.x / wide, around.y / high, around.width / wide, around.height / high)
