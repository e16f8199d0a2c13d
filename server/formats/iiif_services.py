"""Image services elsewhere, by the IIIF Image API 2 and 3: what they say, and how they are asked.

https://iiif.io/api/image/3.0/ and https://iiif.io/api/image/2.1/
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from server.errors import Malformed
from server.formats.iiif import Grid, Tile
from server.i18n import _

CONTEXTS = {
    "http://iiif.io/api/image/2/context.json": 2,
    "http://iiif.io/api/image/3/context.json": 3,
}
_MOST_PIXELS = 10**11
_LONGEST = 500_000  # pixels of a side
_TILE_SIDES = range(64, 2049)
_LEVEL = re.compile(r"(?:http://iiif\.io/api/image/2/)?level([012])(?:\.json)?")


@dataclass(frozen=True, slots=True)
class Service:
    """What an image service elsewhere says of one image. `grid` is None where it has no tiles."""

    version: int
    width: int
    height: int
    grid: Grid | None
    sizes: tuple[tuple[int, int], ...]
    scales: bool  # whether it makes any size that it is asked for


def read_info(data: Any, side: int) -> Service:
    """What a service says of an image; `side` is that of tiles where it says nothing of them.

    Raises Malformed where it is no image service of version 2 or 3, or claims what cannot be.
    """
    if not isinstance(data, Mapping):
        raise Malformed(_("This is no description of an image by IIIF."))
    version = _version(data)
    width: Any = data.get("width")
    height: Any = data.get("height")
    if not version or not _is_side(width) or not _is_side(height) or width * height > _MOST_PIXELS:
        raise Malformed(_("This is no description of an image by IIIF."))
    scales = _level(data.get("profile")) > 0
    grid = _grid(data, width, height, side if scales else 0)
    return Service(version, width, height, grid, tuple(_sizes(data, width, height)), scales)


def _version(data: Mapping[str, Any]) -> int:
    contexts = data.get("@context")
    for each in contexts if isinstance(contexts, list) else [contexts]:
        if isinstance(each, str) and each in CONTEXTS:
            return CONTEXTS[each]
    return 0


def _is_side(value: Any) -> bool:
    return type(value) is int and 0 < value <= _LONGEST


def _level(profile: Any) -> int:
    """2.1, 5.3: a name or a list that begins with one; 3.0, 5.1: a word."""
    first = profile[0] if isinstance(profile, list) and profile else profile
    found = _LEVEL.fullmatch(first.rpartition("#")[2]) if isinstance(first, str) else None
    return int(found[1]) if found else 0


def _grid(data: Mapping[str, Any], width: int, height: int, side: int) -> Grid | None:
    """Its own tiles where they are of a size that we pass on; else any, where it makes any."""
    tiles = data.get("tiles")
    for each in tiles[:10] if isinstance(tiles, list) else []:
        if not isinstance(each, Mapping):
            continue
        across: Any = each.get("width")
        down: Any = each.get("height", across)
        factors = _factors(each.get("scaleFactors"))
        if across in _TILE_SIDES and down in _TILE_SIDES and factors:
            return Grid(width, height, across, down, factors)
    if not side:
        return None
    factors = (1,)
    while max(width, height) > side * factors[-1]:
        factors = (*factors, 2 * factors[-1])
    return Grid(width, height, side, side, factors)


def _factors(told: Any) -> tuple[int, ...]:
    """1, 2, 4, … as far as they go without a gap, which viewers cannot show."""
    known = {each for each in told if type(each) is int} if isinstance(told, list) else set()
    factors: list[int] = []
    while 2 ** len(factors) in known and len(factors) < 20:
        factors.append(2 ** len(factors))
    return tuple(factors)


def _sizes(data: Mapping[str, Any], width: int, height: int) -> Iterator[tuple[int, int]]:
    told = data.get("sizes")
    for each in told[:100] if isinstance(told, list) else []:
        if isinstance(each, Mapping):
            size: Any = each.get("width"), each.get("height")
            if _is_side(size[0]) and _is_side(size[1]) and size[0] <= width and size[1] <= height:
                yield size


def tile_path(service: Service, tile: Tile) -> str:
    """What to ask of a service for a tile, as viewers and makers of static tiles write it."""
    grid = service.grid
    assert grid is not None
    left, top, right, bottom = grid.region(tile)
    whole = (left, top, right, bottom) == (0, 0, service.width, service.height)
    region = "full" if whole else f"{left},{top},{right - left},{bottom - top}"
    return f"{region}/{_asked(service, tile.width, tile.height)}/0/default.jpg"


def picture_path(service: Service, side: int) -> str:
    """What to ask for the whole image with a longer side of about `side` pixels."""
    longer = max(service.width, service.height)
    if longer <= side:
        return f"full/{_asked(service, service.width, service.height)}/0/default.jpg"
    if service.scales:
        width = max(1, round(service.width * side / longer))
        height = max(1, round(service.height * side / longer))
        return f"full/{_asked(service, width, height)}/0/default.jpg"
    fitting = sorted(each for each in service.sizes if max(each) <= 2 * side)
    width, height = fitting[-1] if fitting else (service.width, service.height)
    return f"full/{_asked(service, width, height)}/0/default.jpg"


def _asked(service: Service, width: int, height: int) -> str:
    """The canonical size (2.1, 4.7; 3.0, 4.7)."""
    if (width, height) == (service.width, service.height):
        return "full" if service.version == 2 else "max"
    return f"{width}," if service.version == 2 else f"{width},{height}"
