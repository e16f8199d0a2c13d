"""An image service on a loopback port, written from the specifications of versions 2 and 3."""

import io
import json
import re
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from PIL import Image

from tests.web.picture_site import Origin, send

CONTEXT = "http://iiif.io/api/image/{}/context.json"


def gradient(width: int, height: int) -> Image.Image:
    """Each place has its own colour: red grows to the right, green downwards."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (across, down, Image.new("L", (width, height), 90)))


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


@dataclass
class ImageService:
    """One image; `said` overrides what its info.json says."""

    origin: Origin
    version: int
    size: tuple[int, int]
    path: str = "/iiif/one"
    tile: int = 256
    said: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.image = gradient(*self.size)
        self.origin.answers[f"{self.path}/"] = self.answer

    @property
    def address(self) -> str:
        return self.origin.address(self.path)

    @property
    def whole(self) -> str:
        """The address of the image as records give it."""
        return f"{self.address}/full/{'full' if self.version == 2 else 'max'}/0/default.jpg"

    def info(self) -> dict[str, Any]:
        width, height = self.size
        tiles = [{"width": self.tile, "scaleFactors": [1, 2, 4, 8]}]
        said: dict[str, Any] = {
            "@context": CONTEXT.format(self.version), "protocol": "http://iiif.io/api/image",
            "width": width, "height": height, "tiles": tiles,
        }  # fmt: skip
        if self.version == 2:
            said |= {"@id": self.address, "profile": ["http://iiif.io/api/image/2/level1.json"]}
        else:
            said |= {"id": self.address, "type": "ImageService3", "profile": "level1"}
        return said | self.said

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        rest = handler.path.removeprefix(f"{self.path}/")
        if rest == "info.json":
            send(handler, json.dumps(self.info()).encode(), "application/json", {})
            return
        region, size, rotation, file = rest.split("/")
        assert (rotation, file) == ("0", "default.jpg")
        part = self.image.crop(self.box(region))
        shown = part.resize(self.shown(size, part.size))
        send(handler, encoded(shown, "JPEG"), "image/jpeg", {})

    def box(self, region: str) -> tuple[int, int, int, int]:
        if region == "full":
            return 0, 0, *self.size
        left, top, width, height = map(int, region.split(","))
        assert width > 0 and height > 0 and left < self.size[0] and top < self.size[1]
        return left, top, min(left + width, self.size[0]), min(top + height, self.size[1])

    def shown(self, size: str, part: tuple[int, int]) -> tuple[int, int]:
        """2.1, 4.2: `full`, or `w,`; 3.0, 4.2: `max`, or `w,h`, and nothing larger than it is."""
        if size == ("full" if self.version == 2 else "max"):
            return part
        found = re.fullmatch(r"(\d+),(\d*)", size)
        assert found is not None and bool(found[2]) == (self.version == 3), size
        width = int(found[1])
        height = int(found[2]) if found[2] else max(1, round(part[1] * width / part[0]))
        assert width <= part[0] and height <= part[1], (size, part)
        return width, height
