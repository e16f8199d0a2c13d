"""The pictures of items, always from our own server: kept files, or fetched ones made anew."""

import asyncio
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from server.commit import Desk
from server.domain.flights import Flights
from server.domain.media import Medium
from server.domain.remote_addresses import Listed, Unreachable
from server.domain.remote_pictures import OF_ONE_HOST as OF_ONE_HOST
from server.domain.remote_pictures import PictureServers
from server.domain.shelves import Shelf
from server.errors import Malformed, NotFound, TooLarge
from server.formats import iiif_services, image_sizes, image_tiles, images_svg
from server.formats.iiif_services import Service
from server.formats.image_sizes import Facts
from server.i18n import _
from server.index.items import ItemRow
from server.names import is_slug, short_hash

#: Pixels of the longer side.
SIZES = {"full": 2000, "400": 400}
DECODING = 2  # at the same time: pictures in memory
#: Browsers show these; other kept files (TIFF) are made anew.
MEDIA_TYPES = {
    ".jpg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp",
    ".svg": "image/svg+xml",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A file to answer with."""

    path: Path
    media_type: str


class Pictures:
    """The pictures of one instance: on one event loop, disk and pixels in threads.

    A medium is given to its methods as `media` tells of it; the asker may see its item.
    """

    def __init__(self, desk: Desk) -> None:
        settings = desk.settings
        self._data = settings.data
        self._media = f"{desk.names.base}media/"
        self._shelf = Shelf(settings.data / "thumbnails", min_free=settings.min_free)
        self.servers = PictureServers(Listed.parse(settings.image_hosts))
        self.flights = Flights()
        self.decoding = asyncio.Semaphore(DECODING)
        self._services: dict[str, Service] = {}

    async def find(self, row: ItemRow, medium: Medium, size: str) -> Shown:
        """A picture; `size` is a key of SIZES.

        Raises NotFound where its file is missing, Malformed for another size, Unreachable or
        Late when it cannot be had (for ten minutes without asking again).
        """
        known = self.known(row, medium.iri, size)
        if known is not None:
            return known
        name = name_of(row, medium.iri)
        await self.flights.once(name, lambda: self._make(name, medium))
        return Shown(self._shelf.folder / f"{name}.{size}.webp", "image/webp")

    def known(self, row: ItemRow, address: str, size: str) -> Shown | None:
        """A picture of which the files are there. Raises as `find`."""
        if size not in SIZES:
            raise Malformed(_("The size of a picture is one of {names}.", names=", ".join(SIZES)))
        kept = self.kept(address)
        if kept is not None and (shown := _as_it_is(kept, size)) is not None:
            return shown
        found = self._shelf.find(f"{name_of(row, address)}.{size}.webp")
        return Shown(found, "image/webp") if found else None

    async def facts(self, row: ItemRow, medium: Medium) -> Facts:
        """The size of a picture as it came, upright, and its colour. Raises as `find`."""
        name = name_of(row, medium.iri)
        kept = self.kept(medium.iri)
        if self._shelf.find(f"{name}.json") is None:
            work = (lambda: self._measure(name, kept)) if kept else lambda: self._make(name, medium)
            await self.flights.once(f"{name}.json" if kept else name, work)
        said = json.loads((self._shelf.folder / f"{name}.json").read_bytes())
        return Facts(said["width"], said["height"], said["colour"])

    async def service(self, medium: Medium) -> Service | None:
        """What its image service says of a picture; None where it has none that answers well,
        or one that has no tiles, from which nothing is gained."""
        if not medium.service:
            return None
        if medium.service not in self._services:
            try:
                await self.flights.once(medium.service, lambda: self._describe(medium.service))
            except Unreachable:
                return None
        found = self._services.get(medium.service)
        return found if found is not None and found.grid is not None else None

    def kept(self, address: str) -> Path | None:
        """The file of ours that an address of ours means. Raises NotFound where it is missing."""
        if not address.startswith(self._media):
            return None
        slug, _slash, name = address[len(self._media) :].partition("/")
        plain = name.replace(".", "").replace("-", "").replace("_", "").isalnum()
        path = self._data / "media" / slug / name
        if not is_slug(slug) or name.startswith(".") or not plain or not path.is_file():
            raise NotFound(_("The file of this picture is missing."))
        return path

    async def original(self, medium: Medium) -> bytes:
        """The picture as it is at its address. Raises Unreachable or Late."""
        kept = self.kept(medium.iri)
        if kept is not None:
            return await asyncio.to_thread(kept.read_bytes)
        return await self.servers.fetch(medium.iri)

    async def _describe(self, address: str) -> None:
        said = await self.servers.describe(address)
        try:
            found = iiif_services.read_info(said, image_tiles.SIDE)
        except Malformed as error:
            raise Unreachable(str(error)) from error
        while len(self._services) >= 10_000:
            del self._services[next(iter(self._services))]
        self._services[address] = found

    async def _make(self, name: str, medium: Medium) -> None:
        service = None if self.kept(medium.iri) else await self.service(medium)
        data = await self._of_service(medium, service) if service else None
        if data is None:
            data = await self.original(medium)
        async with self.decoding:
            await asyncio.to_thread(self._store, name, data, service)

    async def _of_service(self, medium: Medium, service: Service) -> bytes | None:
        """The picture no larger than it is shown, for the whole may be of hundreds of megabytes."""
        path = iiif_services.picture_path(service, SIZES["full"])
        try:
            return await self.servers.fetch(f"{medium.service}/{path}")
        except Unreachable:
            return None

    def _store(self, name: str, data: bytes, service: Service | None) -> None:
        try:
            facts, made = image_sizes.made_anew(data, SIZES.values())
        except (Malformed, TooLarge) as error:
            raise Unreachable(str(error)) from error
        if service is not None:
            facts = Facts(service.width, service.height, facts.colour)
        files = {f"{name}.{size}.webp": made[side] for size, side in SIZES.items()}
        self._shelf.put({f"{name}.json": _as_json(facts), **files})

    async def _measure(self, name: str, kept: Path) -> None:
        async with self.decoding:
            await asyncio.to_thread(self._store_facts, name, kept)

    def _store_facts(self, name: str, kept: Path) -> None:
        data = kept.read_bytes()
        if kept.suffix == ".svg":
            facts = Facts(*images_svg.clean_svg(data)[1:])
        else:
            facts = image_sizes.measured(data)
        self._shelf.put({f"{name}.json": _as_json(facts)})


def name_of(row: ItemRow, address: str) -> str:
    """How the files of a picture begin: with its item, whose rows may have to be erased."""
    return f"{row.id}-{short_hash(address)[:8]}"


def _as_json(facts: Facts) -> bytes:
    return json.dumps(asdict(facts)).encode()


def _as_it_is(kept: Path, size: str) -> Shown | None:
    """A kept file, or the thumbnail beside it; None where it must be made anew."""
    if kept.suffix == ".svg":
        return Shown(kept, MEDIA_TYPES[".svg"])
    small = kept.with_name(f"{kept.stem}.400.webp")
    path = small if size == "400" else kept
    if path.suffix not in MEDIA_TYPES or not path.is_file():
        return None
    return Shown(path, MEDIA_TYPES[path.suffix])
