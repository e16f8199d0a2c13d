"""A picture from elsewhere: verified, and encoded anew in the sizes that pages show."""

import contextlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from server.errors import Malformed, TooLarge
from server.formats.images import MAX_PIXELS, dominant
from server.i18n import _

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF")
_ORIENTATION = 0x0112  # Exif 2.32, 4.6.4: from 5 on it lies on its side


@dataclass(frozen=True, slots=True)
class Facts:
    """Pixels of a picture as it came, upright; its dominant colour as #rrggbb."""

    width: int
    height: int
    colour: str


def resized(data: bytes, sides: Iterable[int]) -> dict[int, bytes]:
    """The picture as WebP for each longest side in pixels; never larger than it is.

    Only its first frame, upright, and without what came with it (EXIF with positions, comments).
    Raises Malformed where it is no image of the known kinds, TooLarge over the limit of pixels.
    """
    return made_anew(data, sides)[1]


def made_anew(data: bytes, sides: Iterable[int]) -> tuple[Facts, dict[int, bytes]]:
    """As `resized`, and what the picture is like."""
    wanted = sorted(sides, reverse=True)
    with reading():
        image = opened(data)
        width, height = upright_size(image)
        plain = decoded(image, wanted[0])
        files = {side: _webp(plain, side) for side in wanted}
        small = plain.copy()
        small.thumbnail((100, 100))
        return Facts(width, height, dominant(small)), files


def measured(data: bytes) -> Facts:
    """What a picture is like, of which no file is to be made. Raises as `resized`."""
    with reading():
        image = opened(data)
        width, height = upright_size(image)
        return Facts(width, height, dominant(decoded(image, 100)))


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """Within it, pictures are decoded: raises Malformed and TooLarge."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooLarge(_("The image has too many pixels.")) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, KeyError, TypeError,
            EOFError, IndexError, OverflowError, ZeroDivisionError) as error:  # fmt: skip
        # Pillow's decoders raise all of these on damaged files.
        raise Malformed(_("This is no JPEG, PNG, GIF, WebP or TIFF image.")) from error


def opened(data: bytes, most: int = MAX_PIXELS) -> Image.Image:
    """Nothing of it is decoded yet. TooLarge over that many pixels."""
    image = Image.open(io.BytesIO(data), formats=FORMATS)
    if image.width * image.height > most:
        raise TooLarge(_("The image has more than {limit} megapixels.", limit=most // 1_000_000))
    return image


def upright_size(image: Image.Image) -> tuple[int, int]:
    turned = image.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8)
    return image.size[::-1] if turned else image.size


def decoded(image: Image.Image, side: int) -> Image.Image:
    """Its first frame, upright, as RGB or RGBA, its longer side no more than `side` pixels."""
    image.draft("RGB", (2 * side, 2 * side))  # JPEG decodes at a fraction of its size
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    mode = "RGBA" if has_alpha else "RGB"
    plain = image if image.mode == mode else image.convert(mode)
    plain.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if plain.getexif().get(_ORIENTATION, 1) == 1:
        return plain  # turned or not, the other way makes a copy
    return ImageOps.exif_transpose(plain)


def bare(image: Image.Image) -> Image.Image:
    """Its pixels alone, so that nothing else comes along."""
    return Image.frombytes(image.mode, image.size, image.tobytes())


def _webp(image: Image.Image, side: int) -> bytes:
    small = bare(image)
    small.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=82, method=4)
    return out.getvalue()
