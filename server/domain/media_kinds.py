"""What kind of medium is at an address: by its media type, its ending, or what its item is."""

import re
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import urlsplit

Kind = Literal["image", "audio", "video", "text", "3d", "other"]

_ENDINGS: dict[Kind, str] = {
    "image": "jpg jpeg jpe png gif webp tif tiff svg jp2 bmp avif",
    "audio": "mp3 ogg oga opus wav flac m4a aac weba",
    "video": "mp4 m4v webm ogv mov mkv avi mpg mpeg 3gp",
    "text": "txt pdf xml djvu epub rtf doc docx odt",
    "3d": "glb gltf obj stl ply fbx dae 3ds x3d usdz nxs",
    "other": "html htm xhtml php asp aspx jsp",
}
_BY_ENDING = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings.split()}
_BY_TYPE: dict[str, Kind] = {
    "IMAGE": "image", "SOUND": "audio", "VIDEO": "video", "TEXT": "text", "3D": "3d",
}  # fmt: skip
_TEXTS = {"application/pdf", "application/epub+zip", "application/xml", "application/rtf"}
_PAGES = {"text/html", "application/xhtml+xml"}
#: IIIF Image API 3.0, 4: {base}/{region}/{size}/{rotation}/{quality}.{format}; 2.1 is the same.
_IIIF = re.compile(
    r"(https?://[^?#\s]+)/(?:full|square|(?:pct:)?[\d.]+,[\d.]+,[\d.]+,[\d.]+)"
    r"/(?:\^?max|full|\^?pct:[\d.]+|\^?!?\d*,\d*)/!?\d+(?:\.\d+)?"
    r"/(?:default|native|color|colour|gray|grey|bitonal)(?:\.(?:jpe?g|png|webp|gif|tif|jp2))?"
)


def kind_of(iri: str, mime: str = "", item_type: str = "") -> Kind:
    """`item_type` is the edm:type, which decides where address and media type tell nothing."""
    found = _by_mime(mime)
    if found is not None:
        return found
    if iiif_service(iri):
        return "image"
    return _BY_ENDING.get(_ending(iri)) or _BY_TYPE.get(item_type.upper(), "image")


def iiif_service(iri: str) -> str:
    """The address of the IIIF image service that this address asks for an image, or nothing."""
    found = _IIIF.fullmatch(iri)
    return found[1] if found else ""


def _by_mime(mime: str) -> Kind | None:
    plain = mime.partition(";")[0].strip().lower()
    if plain in _PAGES:
        return "other"
    if plain in _TEXTS:
        return "text"
    if plain == "application/ogg":
        return "audio"
    main = plain.partition("/")[0]
    families: dict[str, Kind] = {
        "image": "image", "audio": "audio", "video": "video", "text": "text", "model": "3d",
    }  # fmt: skip
    return families.get(main)


def _ending(iri: str) -> str:
    try:
        path = urlsplit(iri).path
    except ValueError:
        return ""
    return PurePosixPath(path).suffix.lower().removeprefix(".")
