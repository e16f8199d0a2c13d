"""The IIIF Image API 3: how an image is divided, and what may be asked of it.

https://iiif.io/api/image/3.0/
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

from server.errors import Malformed
from server.i18n import _

PROTOCOL = "http://iiif.io/api/image"
FORMS = {"webp": "image/webp", "jpg": "image/jpeg"}
LARGEST_OUT = 2000  # pixels of the longer side of a cut
_REGION = re.compile(r"(\d{1,7}),(\d{1,7}),(\d{1,7}),(\d{1,7})", re.ASCII)
_SIZE = re.compile(r"(!?)([1-9]\d{0,4})?,([1-9]\d{0,4})?", re.ASCII)
_FILE = re.compile(r"(?:default|color)\.(webp|jpg)")
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: `box` are left, top, right, bottom in pixels of its level."""

    factor: int
    column: int
    row: int
    box: Box

    @property
    def width(self) -> int:
        return self.box[2] - self.box[0]

    @property
    def height(self) -> int:
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of an image, in its own pixels, and how large it is to be shown."""

    box: Box
    out_width: int
    out_height: int
    form: str


@dataclass(frozen=True, slots=True)
class Grid:
    """The tiles of an image: at each factor it is so many times smaller than it is."""

    width: int
    height: int
    tile_width: int
    tile_height: int
    factors: tuple[int, ...]

    def level_size(self, factor: int) -> tuple[int, int]:
        return ceil(self.width / factor), ceil(self.height / factor)

    def tile(self, factor: int, column: int, row: int) -> Tile:
        width, height = self.level_size(factor)
        left, top = column * self.tile_width, row * self.tile_height
        box = left, top, min(left + self.tile_width, width), min(top + self.tile_height, height)
        return Tile(factor, column, row, box)

    def tiles(self, factor: int, box: Box | None = None) -> Iterator[Tile]:
        """All of a level, or those that a box (in its pixels) touches."""
        width, height = self.level_size(factor)
        left, top, right, bottom = box or (0, 0, width, height)
        last_row = (min(bottom, height) - 1) // self.tile_height
        last_column = (min(right, width) - 1) // self.tile_width
        for row in range(top // self.tile_height, last_row + 1):
            for column in range(left // self.tile_width, last_column + 1):
                yield self.tile(factor, column, row)

    def region(self, tile: Tile) -> Box:
        """Left, top, right, bottom of a tile in pixels of the image."""
        left, top, right, bottom = (part * tile.factor for part in tile.box)
        return left, top, min(right, self.width), min(bottom, self.height)

    def tile_of(self, cut: Cut) -> Tile | None:
        """The tile that is asked for, where it is one; viewers round sizes in their own ways."""
        for factor in self.factors:
            column, odd = divmod(cut.box[0], self.tile_width * factor)
            row, odd_too = divmod(cut.box[1], self.tile_height * factor)
            tile = self.tile(factor, column, row)
            if (
                not (odd or odd_too)
                and self.region(tile) == cut.box
                and abs(tile.width - cut.out_width) <= 1
                and abs(tile.height - cut.out_height) <= 1
            ):
                return tile
        return None

    def level_for(self, cut: Cut) -> int:
        """The factor of the smallest level that has all that the cut shows."""
        wanted = (cut.box[2] - cut.box[0]) / cut.out_width
        return max((each for each in self.factors if each <= wanted), default=self.factors[0])


def read_cut(region: str, size: str, rotation: str, file: str, grid: Grid) -> Cut:
    """What a request asks for (3.0, 4). Raises Malformed: also for all that we do not offer."""
    found = _FILE.fullmatch(file)
    if found is None or rotation != "0":
        raise Malformed(_("This image comes unturned, in its own colours, as .webp or .jpg."))
    box = _box(region, grid)
    width, height = _size(size, box[2] - box[0], box[3] - box[1])
    return Cut(box, width, height, found[1])


def _box(region: str, grid: Grid) -> Box:
    if region == "full":
        return 0, 0, grid.width, grid.height
    found = _REGION.fullmatch(region)
    if found is None:
        raise Malformed(_("A region is “full”, or x,y,w,h in pixels."))
    left, top, width, height = map(int, found.groups())
    if not (width and height and left < grid.width and top < grid.height):
        raise Malformed(_("This region lies outside of the image."))
    return left, top, min(left + width, grid.width), min(top + height, grid.height)


def _size(size: str, width: int, height: int) -> tuple[int, int]:
    """The size in which a region of that size is to be shown (3.0, 4.2), never enlarged."""
    if size in ("max", "full"):
        factor = max(1.0, max(width, height) / LARGEST_OUT)
        return max(1, int(width / factor)), max(1, int(height / factor))
    found = _SIZE.fullmatch(size)
    if found is None or not any(found.groups()[1:]) or (found[1] and not all(found.groups()[1:])):
        raise Malformed(_("A size is “max”, w,h or w, in pixels."))
    across, down = int(found[2] or 0), int(found[3] or 0)
    if found[1]:  # within the box, in its own proportions
        share = min(across / width, down / height, 1.0)
        across, down = max(1, round(width * share)), max(1, round(height * share))
    across = across or max(1, round(width * down / height))
    down = down or max(1, round(height * across / width))
    if max(across, down) > LARGEST_OUT or across > width + 1 or down > height + 1:
        raise Malformed(_("An image is not shown larger than it is, nor than {size} pixels.",
                          size=LARGEST_OUT))  # fmt: skip
    return max(1, across), max(1, down)


def write_info(address: str, grid: Grid) -> dict[str, Any]:
    """What we say of an image of ours (3.0, 5)."""
    return {
        "@context": "http://iiif.io/api/image/3/context.json",
        "id": address,
        "type": "ImageService3",
        "protocol": PROTOCOL,
        "profile": "level1",
        "width": grid.width,
        "height": grid.height,
        "maxWidth": LARGEST_OUT,
        "maxHeight": LARGEST_OUT,
        "preferredFormats": ["webp"],
        "extraFormats": ["webp"],
        "tiles": [
            {
                "width": grid.tile_width,
                "height": grid.tile_height,
                "scaleFactors": list(grid.factors),
            }
        ],
    }
