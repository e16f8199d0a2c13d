"""The files in folders, zips and packed files, read as streams that stop at bombs and damage."""

import bz2
import gzip
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from server.errors import Malformed, NotFound
from server.formats.limited_streams import DAMAGE, Budget, Counted, Limits, Tally, damaged
from server.i18n import _

#: Dumps are large, and read in little memory: only what swells beyond reason is a bomb.
_LIMITS = Limits(members=10_000, member=4_000_000_000_000, total=8_000_000_000_000, ratio=400)
_BUFFER = 1 << 20


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file, named for a person (`explicit.zip/AATOut_2Terms.nt`); `size` as it lies on disk."""

    name: str
    size: int
    path: Path
    entry: str = ""

    @contextmanager
    def opened(self) -> Iterator[tuple[BinaryIO, Callable[[], int]]]:
        """Its bytes, unpacked, and what tells how many of `size` have been read.

        Malformed where the packed data is damaged, TooLarge where it swells like a bomb.
        """
        try:
            with self._raw() as raw, raw:
                tally = Tally(raw)
                yield cast(BinaryIO, self._unpacked(tally)), lambda: self._done(tally.size)
        except (*DAMAGE, NotImplementedError, RuntimeError) as error:
            raise damaged(self.name) from error

    @contextmanager
    def _raw(self) -> Iterator[IO[bytes]]:
        if self.entry:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.entry) as member:
                yield member
        else:
            with self.path.open("rb") as file:
                yield file

    def _unpacked(self, tally: Tally) -> io.BufferedReader:
        file = io.BufferedReader(tally, _BUFFER)
        start = file.peek(3)[:3]
        packed: Tally | int | None = self.size if self.entry else None
        stream: IO[bytes] = file
        if start[:2] == b"\x1f\x8b":
            stream, packed = cast(IO[bytes], gzip.GzipFile(fileobj=file)), tally
        elif start == b"BZh":
            stream, packed = bz2.BZ2File(file), tally
        return io.BufferedReader(Counted(stream, self.name, Budget(_LIMITS), packed), _BUFFER)

    def _done(self, count: int) -> int:
        if not self.entry:
            return count
        with_all = max(_unpacked_size(self.path, self.entry), 1)
        return self.size * count // with_all


def find(paths: Iterable[Path], wanted: Callable[[str], bool]) -> list[PackedFile]:
    """The files that the paths name, and those in folders and zips whose name is wanted.

    NotFound for a path that is not there, Malformed for a zip that is not whole.
    """
    found: list[PackedFile] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.is_file())
            named = [file for file in inside if wanted(file.name)]
            found += [PackedFile(file.name, file.stat().st_size, file) for file in named]
        elif not path.exists():
            raise NotFound(_("There is no file {name}.", name=path.name))
        elif _starts_like_a_zip(path):
            found += _entries(path, wanted)
        else:
            found.append(PackedFile(path.name, path.stat().st_size, path))
    return found


def _starts_like_a_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def _entries(path: Path, wanted: Callable[[str], bool]) -> list[PackedFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = sorted(archive.infolist(), key=lambda entry: entry.filename)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise Malformed(_("{name} is no complete zip file.", name=path.name)) from error
    return [
        PackedFile(f"{path.name}/{entry.filename}", entry.compress_size, path, entry.filename)
        for entry in entries
        if not entry.is_dir() and wanted(entry.filename.rsplit("/", 1)[-1])
    ]


def _unpacked_size(path: Path, entry: str) -> int:
    with zipfile.ZipFile(path) as archive:
        return archive.getinfo(entry).file_size
