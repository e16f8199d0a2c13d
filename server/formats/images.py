"""Image files that come with a spreadsheet: found by name, verified, kept, and made small."""

import hashlib
import io
import os
import warnings
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from server.errors import Malformed, TooLarge
from server.formats.images_svg import clean_svg
from server.i18n import _

MAX_BYTES = 100_000_000  # of one file
MAX_PIXELS = 120_000_000
MAX_FRAMES = 500
MAX_FILES = 200_000
MAX_RATIO = 200  # of a zip's member, unpacked to packed
THUMBNAIL = 400  # pixels of the longer side

Opener = Callable[[], BinaryIO]
_FORMATS = {
    "JPEG": ("image/jpeg", "jpg"), "PNG": ("image/png", "png"), "GIF": ("image/gif", "gif"),
    "WEBP": ("image/webp", "webp"), "TIFF": ("image/tiff", "tif"),
}  # fmt: skip
_SUFFIXES = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".tif", ".tiff", ".svg"}
_ORIENTATION = 0x0112
#: How pixels are turned upright, by EXIF's orientation (Exif 2.32, 4.6.4).
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """An image that was kept: its file name, size in pixels as seen, and dominant colour.

    `file` is the original, unchanged (an SVG: cleaned); `thumbnail` is no larger than 400 pixels.
    """

    file: str
    width: int
    height: int
    mime: str
    colour: str  # "#rrggbb"
    thumbnail: str


def collect(path: Path) -> dict[str, Opener]:
    """The images in a folder or a zip by their folded name, with and without its ending.

    Of two files with the same name the first counts. Raises Malformed and TooLarge.
    """
    named = _in_folder(path) if path.is_dir() else _in_zip(path)
    full: dict[str, Opener] = {}
    for count, (name, opener) in enumerate(named):
        if count >= MAX_FILES:
            raise TooLarge(_("There are more than {limit} image files.", limit=MAX_FILES))
        full.setdefault(fold_name(name), opener)
    stems: dict[str, Opener] = {}
    for name, opener in full.items():
        stems.setdefault(PurePosixPath(name).stem, opener)
    return stems | full


def find(images: dict[str, Opener], name: str) -> Opener | None:
    """The image that a cell names: in any case, with or without path and ending."""
    folded = fold_name(name)
    return images.get(folded) or images.get(_stem(folded))


def fold_name(name: str) -> str:
    return name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1].strip().casefold()


def keep(opener: Opener, target_dir: Path) -> Kept:
    """Verify an image, and write it with its thumbnail into a directory.

    Raises Malformed where it is no image that we show, TooLarge over a limit.
    """
    with opener() as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise TooLarge(_("The image file is larger than {size} MB.", size=MAX_BYTES // 1_000_000))
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return _keep_svg(data, target_dir)
    return _keep_pixels(data, target_dir)


def _stem(name: str) -> str:
    """The name without an image's ending; `plate.12` keeps its number."""
    path = PurePosixPath(name)
    return path.stem if path.suffix in _SUFFIXES else name


def _in_folder(folder: Path) -> Iterable[tuple[str, Opener]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _SUFFIXES and path.is_file() and not path.is_symlink():
            yield path.name, lambda path=path: path.open("rb")  # type: ignore[misc]


def _in_zip(path: Path) -> Iterable[tuple[str, Opener]]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise Malformed(_("The images are neither a folder nor a readable zip file.")) from error
    for member in members:
        if PurePosixPath(member.filename.lower()).suffix in _SUFFIXES and not member.is_dir():
            yield member.filename, lambda member=member: _unpack(path, member)  # type: ignore[misc]


def _unpack(path: Path, member: zipfile.ZipInfo) -> BinaryIO:
    packed = max(1, member.compress_size)
    if member.file_size > MAX_BYTES or member.file_size > max(1_000_000, MAX_RATIO * packed):
        raise TooLarge(_("“{name}” is far larger unpacked than it may be.", name=member.filename))
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member) as opened:
            return io.BytesIO(opened.read(MAX_BYTES + 1))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        message = _("“{name}” cannot be unpacked.", name=member.filename)
        raise Malformed(message) from error


def _keep_pixels(data: bytes, target_dir: Path) -> Kept:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own limit warns late; ours is below
            image = Image.open(io.BytesIO(data), formats=list(_FORMATS))
            _refuse_huge(image)
            mime, ending = _FORMATS[image.format or ""]
            turned = image.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8)
            width, height = image.size[::-1] if turned else image.size
            small = _small(image)
    except Image.DecompressionBombError as error:
        raise TooLarge(_("The image has too many pixels.")) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, KeyError, TypeError,
            EOFError, IndexError, OverflowError, ZeroDivisionError) as error:  # fmt: skip
        # Pillow's decoders raise all of these on damaged files.
        raise Malformed(_("This is no JPEG, PNG, GIF, WebP, TIFF or SVG image.")) from error
    name = hashlib.sha256(data).hexdigest()[:32]
    thumbnail = f"{name}.400.webp"
    _write(target_dir / f"{name}.{ending}", data)
    _write(target_dir / thumbnail, _webp(small))
    return Kept(f"{name}.{ending}", width, height, mime, dominant(small), thumbnail)


def _refuse_huge(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise TooLarge(_("The image has more than {limit} megapixels.",
                         limit=MAX_PIXELS // 1_000_000))  # fmt: skip
    if getattr(image, "n_frames", 1) > MAX_FRAMES:
        raise TooLarge(_("The image has more than {limit} frames.", limit=MAX_FRAMES))


def _small(image: Image.Image) -> Image.Image:
    """The first frame, no larger than a thumbnail, upright, as RGB or RGBA."""
    image.draft("RGB", (2 * THUMBNAIL, 2 * THUMBNAIL))  # JPEG decodes at a fraction of its size
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    small = image.convert("RGBA" if has_alpha else "RGB")
    small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS, reducing_gap=2.0)
    turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    return small if turn is None else small.transpose(turn)


def _webp(image: Image.Image) -> bytes:
    """Encoded anew from its pixels alone: no EXIF, so no position, comes along."""
    bare = Image.frombytes(image.mode, image.size, image.tobytes())
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=80, method=4)
    return out.getvalue()


def dominant(image: Image.Image) -> str:
    """The colour that covers most after reduction to eight (median cut)."""
    opaque = Image.new("RGB", image.size, "white")
    opaque.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    opaque.thumbnail((64, 64))
    few = opaque.quantize(8)
    counts = few.getcolors() or []
    palette = few.getpalette() or [0, 0, 0]
    place = max((count, index) for count, index in counts if isinstance(index, int))[1]
    red, green, blue = palette[3 * place : 3 * place + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"


def _keep_svg(data: bytes, target_dir: Path) -> Kept:
    clean, width, height, colour = clean_svg(data)
    name = f"{hashlib.sha256(clean).hexdigest()[:32]}.svg"
    _write(target_dir / name, clean)
    return Kept(name, width, height, "image/svg+xml", colour, name)  # it scales by itself


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: the name tells the content, so that one that is there is right."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with part.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)
