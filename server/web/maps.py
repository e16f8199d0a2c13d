"""What maps are drawn on: the outline of the world that comes with us, or tiles of some server."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from server.errors import Malformed
from server.i18n import _
from server.settings import Settings

_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Tiles:
    """`url` has {z}, {x} and {y}; from `origin` the policy of pages must let pictures come."""

    url: str
    attribution: str
    origin: str


def tiles(settings: Settings) -> Tiles | None:
    """None where no server of tiles is set. Raises Malformed for an address that is none."""
    url = settings.map_tiles.strip()
    if not url:
        return None
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}"
    if (
        parts.scheme not in ("http", "https")
        or not _HOST.fullmatch(parts.netloc)
        or not all(mark in path for mark in ("{z}", "{x}", "{y}"))
        or re.search(r"[\s;,\"'<>\\]", url)
    ):
        raise Malformed(
            _(
                "CROWDHERITAGE_MAP_TILES must be an address with one host and with {marks} in it.",
                marks="{z}, {x}, {y}",
            )
        )
    return Tiles(url, settings.map_attribution, f"{parts.scheme}://{parts.netloc}")


def origin(settings: Settings) -> str:
    """From where tiles come; empty where nowhere."""
    found = tiles(settings)
    return found.origin if found else ""
