"""Dumps for download: made when they are asked for, kept until the public dataset moves on."""

import re
import shutil
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from server.commit import Desk
from server.domain import dumps
from server.domain.dump_snapshots import folder
from server.domain.dumps import Form
from server.errors import NotFound, StorageFull
from server.i18n import _

#: Name → format and media type. The public dataset changes often, so only packed ones are kept.
OFFERED: dict[str, tuple[Form, str]] = {
    "all.nq.gz": ("nquads", "application/gzip"), "all.nq.zst": ("nquads", "application/zstd"),
    "all.ttl.gz": ("turtle", "application/gzip"), "all.ttl.zst": ("turtle", "application/zstd"),
    "edm.zip": ("edm", "application/zip"), "edm.xml.gz": ("edm", "application/gzip"),
    "edm.xml.zst": ("edm", "application/zstd"),
}  # fmt: skip
#: One that took longer than this is given out a while after the data moved: ten times as long.
QUICK_SECONDS = 2.0
_LONGEST_SECONDS = 600.0
_KEPT = 2  # of each name, as somebody may be downloading the one before
_FILE = re.compile(r"(\d{12})\.(.+)")


@dataclass(frozen=True, slots=True)
class Dump:
    """A file; `sequence` is the last entry of the public dataset in it; sizes in bytes."""

    name: str
    path: Path
    sequence: int
    size: int

    @property
    def media_type(self) -> str:
        return OFFERED[self.name][1]


class DumpFiles:
    """Makes one dump at a time, in a thread of its own."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._folder = folder(desk.settings.data)
        self._lock = threading.Lock()
        self._running: dict[str, Future[Dump]] = {}
        self._good_until: dict[str, float] = {}
        self._builder = ThreadPoolExecutor(1, thread_name_prefix="dumps")
        self._remove_partial()

    def current(self, name: str) -> Dump | None:
        """The file that may be given out now, if there is one. Raises NotFound for a name."""
        if name not in OFFERED:
            raise NotFound(_("There is no dump of this name."))
        found = standing(self._desk, name)
        if not found:
            return None
        good = time.monotonic() < self._good_until.get(name, 0.0)
        return found[-1] if good or found[-1].sequence == self._desk.public_sequence() else None

    def make(self, name: str) -> Future[Dump]:
        """The dump of now, soon; whoever asks while it is being made waits for the same."""
        with self._lock:
            future = self._running.get(name)
            if future is None:
                future = self._running[name] = self._builder.submit(self._make, name)
            return future

    def _make(self, name: str) -> Dump:
        try:
            return self.current(name) or self._made(name)
        finally:
            with self._lock:
                del self._running[name]

    def _made(self, name: str) -> Dump:
        free = shutil.disk_usage(self._folder).free
        if free < 2 * self._desk.settings.min_free:
            raise StorageFull(_("There is no room for a dump on the disk."))
        started = time.monotonic()
        part = self._folder / f".{name}"
        sequence = dumps.write_file(self._desk, part, OFFERED[name][0])
        made = part.replace(self._folder / f"{sequence:012d}.{name}")
        took = time.monotonic() - started
        if took > QUICK_SECONDS:
            self._good_until[name] = time.monotonic() + min(_LONGEST_SECONDS, 10 * took)
        for old in standing(self._desk, name)[:-_KEPT]:
            old.path.unlink(missing_ok=True)
        return Dump(name, made, sequence, made.stat().st_size)

    def _remove_partial(self) -> None:
        """What a process that was killed left behind."""
        for path in self._folder.glob(".*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def standing(desk: Desk, name: str) -> Sequence[Dump]:
    """The files of a name, oldest first."""
    found = []
    for path in sorted(folder(desk.settings.data).glob(f"[0-9]*.{name}")):
        match = _FILE.fullmatch(path.name)
        if match and match[2] == name:
            with suppress(FileNotFoundError):
                found.append(Dump(name, path, int(match[1]), path.stat().st_size))
    return found


def listing(desk: Desk) -> list[tuple[str, str, str, str]]:
    """(address, title, description, size in words) of each dump on offer."""
    about = {
        "nquads": _("All statements with the graphs that they are in."),
        "turtle": _("All statements without graphs, to be read by people too."),
        "edm": _("The records as Europeana takes them, with what was published."),
    }
    titles = {"nquads": "N-Quads", "turtle": "Turtle", "edm": "EDM (RDF/XML)"}
    return [
        (f"/dumps/{name}", f"{titles[form]}, .{_ending(name)}", about[form], _size(desk, name))
        for name, (form, _media_type) in OFFERED.items()
    ]


def _ending(name: str) -> str:
    return name.partition(".")[2]


def _size(desk: Desk, name: str) -> str:
    found = standing(desk, name)
    if not found:
        return _("made when you ask")
    size = found[-1].size
    if size < 1_000_000:
        return _("{size} kB", size=max(1, round(size / 1000)))
    return _("{size} MB", size=f"{size / 1e6:.1f}")
