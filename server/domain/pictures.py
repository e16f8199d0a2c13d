"""The picture of an item, always from our own server: kept files, or fetched ones made anew."""

import asyncio
import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from server.commit import Desk
from server.domain import remote_pictures
from server.domain.remote_pictures import Listed, Unreachable
from server.errors import CrowdHeritageError, Malformed, NotFound, TooLarge, Unavailable
from server.formats.image_sizes import resized
from server.i18n import _
from server.index.items import ItemRow
from server.names import is_slug, short_hash

#: Pixels of the longer side.
SIZES = {"full": 2000, "400": 400}
FETCHING, DECODING = 16, 2  # at the same time: connections, and pictures in memory
OF_ONE_HOST = 4  # so that a slow server holds up nobody else's pictures
WAITING = 500
FAILURE_SECONDS = 600.0
_REMEMBERED = 10_000
#: Browsers show these; other kept files (TIFF) are made anew.
MEDIA_TYPES = {
    ".jpg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp",
    ".svg": "image/svg+xml",
}  # fmt: skip
_Failure = tuple[float, CrowdHeritageError]


@dataclass(frozen=True, slots=True)
class Shown:
    """A file to answer with."""

    path: Path
    media_type: str


class Pictures:
    """The pictures of one instance: on one event loop, disk and pixels in threads."""

    def __init__(self, desk: Desk) -> None:
        self._data = desk.settings.data
        self._media = f"{desk.names.base}media/"
        self._min_free = desk.settings.min_free
        self._listed = Listed.parse(desk.settings.image_hosts)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._failures: dict[str, _Failure] = {}
        self._fetching = asyncio.Semaphore(FETCHING)
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._decoding = asyncio.Semaphore(DECODING)

    async def find(self, row: ItemRow, size: str) -> Shown:
        """The picture of an item that the asker may see; `size` is a key of SIZES.

        Raises NotFound where there is none, Malformed for another size, Unreachable or Late
        when it cannot be had (for ten minutes without asking again).
        """
        if size not in SIZES:
            raise Malformed(_("The size of a picture is one of {names}.", names=", ".join(SIZES)))
        if row.picture is None:
            raise NotFound(_("This item has no picture."))
        kept = self._kept(row.picture)
        if kept is not None and (shown := _as_it_is(kept, size)) is not None:
            return shown
        name = f"{row.id}-{short_hash(row.picture)[:8]}"
        path = self._data / "thumbnails" / f"{name}.{size}.webp"
        if not path.is_file():
            await self._made(name, row.picture, kept)
        return Shown(path, "image/webp")

    def _kept(self, address: str) -> Path | None:
        """The file of ours that an address of ours means. Raises NotFound where it is missing."""
        if not address.startswith(self._media):
            return None
        slug, _slash, name = address[len(self._media) :].partition("/")
        plain = name.replace(".", "").replace("-", "").replace("_", "").isalnum()
        path = self._data / "media" / slug / name
        if not is_slug(slug) or name.startswith(".") or not plain or not path.is_file():
            raise NotFound(_("The file of this picture is missing."))
        return path

    async def _made(self, name: str, address: str, kept: Path | None) -> None:
        """Make the files of a picture, once however many ask at the same time."""
        self._refuse_failed(name)
        task = self._running.get(name)
        if task is None:
            if len(self._running) >= WAITING:
                raise Unavailable(_("Too many pictures are being fetched. Please try again."))
            task = self._running[name] = asyncio.create_task(self._make(name, address, kept))
            task.add_done_callback(lambda done: self._finished(name, done))
        await asyncio.shield(task)  # one who leaves does not end it for the others

    def _finished(self, name: str, task: asyncio.Task[None]) -> None:
        del self._running[name]
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Unreachable):
            while len(self._failures) >= _REMEMBERED:
                del self._failures[next(iter(self._failures))]
            self._failures[name] = (time.monotonic() + FAILURE_SECONDS, error)

    def _refuse_failed(self, name: str) -> None:
        until, error = self._failures.get(name, (0.0, None))
        if error is not None and time.monotonic() < until:
            raise type(error)(str(error))
        self._failures.pop(name, None)

    async def _make(self, name: str, address: str, kept: Path | None) -> None:
        async with self._of_host(address), self._fetching:
            data = await (
                asyncio.to_thread(kept.read_bytes)
                if kept
                else remote_pictures.fetch(address, self._listed)
            )
        async with self._decoding:
            await asyncio.to_thread(self._store, name, data)

    def _of_host(self, address: str) -> asyncio.Semaphore:
        host = address.partition("://")[2].partition("/")[0]
        return self._hosts.setdefault(host, asyncio.Semaphore(OF_ONE_HOST))

    def _store(self, name: str, data: bytes) -> None:
        try:
            made = resized(data, SIZES.values())
        except (Malformed, TooLarge) as error:
            raise Unreachable(str(error)) from error
        folder = self._data / "thumbnails"
        folder.mkdir(exist_ok=True)
        self._make_room(folder)
        for size, side in SIZES.items():
            part = folder / f".{name}.{size}.{os.getpid()}"
            part.write_bytes(made[side])
            part.replace(folder / f"{name}.{size}.webp")

    def _make_room(self, folder: Path) -> None:
        """Let the oldest tenth go when the disk fills: what people write comes first."""
        if shutil.disk_usage(folder).free > 5 * self._min_free:
            return
        aged = sorted((entry.stat().st_mtime, entry.path) for entry in os.scandir(folder))
        for _age, path in aged[: len(aged) // 10 + 1]:
            with suppress(FileNotFoundError):
                os.unlink(path)


def _as_it_is(kept: Path, size: str) -> Shown | None:
    """A kept file, or the thumbnail beside it; None where it must be made anew."""
    if kept.suffix == ".svg":
        return Shown(kept, MEDIA_TYPES[".svg"])
    small = kept.with_name(f"{kept.stem}.400.webp")
    path = small if size == "400" else kept
    if path.suffix not in MEDIA_TYPES or not path.is_file():
        return None
    return Shown(path, MEDIA_TYPES[path.suffix])
