"""Large pictures in tiles: cut once and kept together in one file, put together for any cut.

The file is a zip whose members (`{factor}/{column},{row}.webp`) are not packed again.
"""

import io
import zipfile
from pathlib import Path

from PIL import Image

from server.errors import Malformed
from server.formats.iiif import Cut, Grid, Tile
from server.formats.image_sizes import FORMATS, bare, decoded, opened, reading, upright_size
from server.i18n import _

SIDE = 512  # of a tile
MAX_TILE_PIXELS = 6_000_000  # of what a server may answer when it is asked for a tile
_QUALITY, _METHOD = 84, 2  # method 4 takes twice as long for 4% less (measured)


def grid_of(width: int, height: int) -> Grid:
    """The tiles of a picture of that natural size."""
    factors = [1]
    while max(width, height) > SIDE * factors[-1]:
        factors.append(2 * factors[-1])
    return Grid(width, height, SIDE, SIDE, tuple(factors))


def cut(data: bytes, target: Path) -> None:
    """Write the file of all tiles of a picture. Raises Malformed and TooLarge."""
    with reading():
        image = opened(data)
        grid = grid_of(*upright_size(image))
        level = decoded(image, max(image.size))
        level.info.clear()  # what came with it would go along into the tiles
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for factor in grid.factors:
                if level.size != grid.level_size(factor):
                    level = level.resize(grid.level_size(factor), Image.Resampling.BOX)
                for tile in grid.tiles(factor):
                    archive.writestr(_name(tile), _encoded(level.crop(tile.box), "webp"))


def read(path: Path, tile: Tile) -> bytes:
    """A tile as it was cut. Raises Malformed where there was none: of another picture by now."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(_name(tile))
    except (KeyError, zipfile.BadZipFile) as error:
        raise Malformed(_("The image has changed where it comes from.")) from error


def checked(data: bytes, tile: Tile) -> bytes:
    """The answer of another server made anew, in the size that was asked for.

    Raises Malformed where it is no image, or not of that size.
    """
    with reading():
        image = opened(data, MAX_TILE_PIXELS)
        width, height = tile.width, tile.height
        if abs(image.width - width) > 2 or abs(image.height - height) > 2:
            raise Malformed(_("The server of this image answers with another part of it."))
        plain = bare(decoded(image, max(image.size)))
        if plain.size != (width, height):
            plain = plain.resize((width, height), Image.Resampling.BILINEAR)
        return _encoded(plain, "webp")


def assembled(wanted: Cut, factor: int, tiles: dict[Tile, bytes]) -> bytes:
    """A cut made of the tiles that it touches, of the level `factor`."""
    left, top = wanted.box[0] // factor, wanted.box[1] // factor
    size = max(1, round(wanted.box[2] / factor) - left), max(1, round(wanted.box[3] / factor) - top)
    canvas = Image.new("RGB", size, "white")
    for tile, data in tiles.items():
        with reading():
            part = Image.open(io.BytesIO(data), formats=FORMATS).convert("RGB")
            canvas.paste(part, (tile.box[0] - left, tile.box[1] - top))
    shown = canvas.resize((wanted.out_width, wanted.out_height), Image.Resampling.LANCZOS)
    return _encoded(shown, wanted.form)


def converted(data: bytes, form: str) -> bytes:
    """A tile of ours in another format."""
    return _encoded(Image.open(io.BytesIO(data), formats=FORMATS), form)


def _encoded(image: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    if form == "jpg":
        image.convert("RGB").save(out, "JPEG", quality=_QUALITY)
    else:
        image.save(out, "WEBP", quality=_QUALITY, method=_METHOD)
    return out.getvalue()


def _name(tile: Tile) -> str:
    return f"{tile.factor}/{tile.column},{tile.row}.webp"
