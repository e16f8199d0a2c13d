"""A picture from elsewhere: verified, and encoded anew in the sizes that pages show."""

import io
from collections.abc import Iterable

from PIL import Image, ImageOps, UnidentifiedImageError

from server.errors import Malformed, TooLarge
from server.formats.images import MAX_PIXELS
from server.i18n import _

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF")


def resized(data: bytes, sides: Iterable[int]) -> dict[int, bytes]:
    """The picture as WebP for each longest side in pixels; never larger than it is.

    Only its first frame, upright, and without what came with it (EXIF with positions, comments).
    Raises Malformed where it is no image of the known kinds, TooLarge over the limit of pixels.
    """
    wanted = sorted(sides, reverse=True)
    try:
        image = _decoded(data, wanted[0])
        return {side: _webp(image, side) for side in wanted}
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooLarge(_("The image has too many pixels.")) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, KeyError, TypeError,
            EOFError, IndexError, OverflowError, ZeroDivisionError) as error:  # fmt: skip
        # Pillow's decoders raise all of these on damaged files.
        raise Malformed(_("This is no JPEG, PNG, GIF, WebP or TIFF image.")) from error


def _decoded(data: bytes, side: int) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=FORMATS)
    if image.width * image.height > MAX_PIXELS:
        raise TooLarge(
            _("The image has more than {limit} megapixels.", limit=MAX_PIXELS // 1_000_000)
        )
    image.draft("RGB", (2 * side, 2 * side))  # JPEG decodes at a fraction of its size
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    mode = "RGBA" if has_alpha else "RGB"
    plain = image if image.mode == mode else image.convert(mode)
    plain.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return ImageOps.exif_transpose(plain)


def _webp(image: Image.Image, side: int) -> bytes:
    """Made of its pixels alone, so that nothing else comes along."""
    small = Image.frombytes(image.mode, image.size, image.tobytes())
    small.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=82, method=4)
    return out.getvalue()
