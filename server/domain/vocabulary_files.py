"""Sorted N-Quads files of any size in little memory: lines go in as they come, runs go to disk.

Lines are bytes and their order that of the bytes, which for UTF-8 is that of the code points.
"""

import hashlib
import os
import shutil
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, groupby, islice, pairwise
from pathlib import Path
from typing import BinaryIO

from server.domain.import_states import Written
from server.errors import StorageFull
from server.i18n import _

RUN = 48_000_000  # bytes that are sorted at once; with the lines as objects four times as much
_MERGED = 64_000_000  # bytes of all runs together that are in memory while they are merged
_MOST_RUNS = 250  # files that are open at once
_BLOCK = 1 << 20


class Sorter:
    """Takes whole lines in any order; `finish` writes each once, in order.

    Raises StorageFull rather than use the last `spare` bytes of the disk.
    """

    def __init__(self, folder: Path, spare: int = 0, run: int = RUN) -> None:
        self._folder, self._spare, self._run = folder, spare, run
        self._parts: list[bytes] = []
        self._size = 0
        self._runs: list[Path] = []

    def add(self, lines: bytes) -> None:
        """Some whole lines, each with its end."""
        self._parts.append(lines)
        self._size += len(lines)
        if self._size >= self._run:
            self._spill()

    def finish(self, path: Path, progress: Callable[[int, int], None] = lambda *_: None) -> Written:
        """`progress` is told (done, total) in bytes, about."""
        if not self._runs:
            return write(path, _pieces(unique(self._sorted())), self._spare)
        if self._parts:
            self._spill()
        while len(self._runs) > _MOST_RUNS:
            some, self._runs = self._runs[:_MOST_RUNS], self._runs[_MOST_RUNS:]
            self._keep(merged(some))
            _remove(some)
        total = sum(run.stat().st_size for run in self._runs)
        written = write(path, merged(self._runs), self._spare, lambda done: progress(done, total))
        _remove(self._runs)
        return written

    def _sorted(self) -> list[bytes]:
        lines = b"".join(self._parts).split(b"\n")
        self._parts, self._size = [], 0
        lines.pop()
        lines.sort()
        return lines

    def _spill(self) -> None:
        self._keep(_pieces(self._sorted()))

    def _keep(self, blocks: Iterable[list[bytes]]) -> None:
        require_room(self._folder, self._spare)
        path = self._folder / f"{len(self._runs)}-{os.urandom(4).hex()}.run"
        with path.open("wb") as file:
            for block in blocks:
                file.write(_text(block))
        self._runs.append(path)


def require_room(folder: Path, spare: int) -> None:
    """Raises StorageFull where less than `spare` bytes of the disk are free."""
    if shutil.disk_usage(folder).free < spare:
        raise StorageFull(_("The disk is nearly full. Nothing was stored."))


def unique(lines: list[bytes]) -> list[bytes]:
    """Sorted lines, each once."""
    return lines[:1] + [line for last, line in pairwise(lines) if line != last]


def write(
    path: Path, blocks: Iterable[list[bytes]], spare: int = 0,
    progress: Callable[[int], None] = lambda _: None,
) -> Written:  # fmt: skip
    """Blocks of lines without their ends, as a file."""
    digest, count, size = hashlib.sha256(), 0, 0
    with path.open("wb") as file:
        for block in blocks:
            data = _text(block)
            digest.update(data)
            file.write(data)
            count += len(block)
            size += len(data)
            progress(size)
            if spare:
                require_room(path.parent, spare)
    return Written(digest.hexdigest(), count)


def _text(block: list[bytes]) -> bytes:
    return b"\n".join([*block, b""]) if block else b""


def _pieces(lines: list[bytes], size: int = 20_000) -> Iterator[list[bytes]]:
    for start in range(0, len(lines), size):
        yield lines[start : start + size]


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink()


# --- merging -------------------------------------------------------------------------------------


def merged(runs: list[Path]) -> Iterator[list[bytes]]:
    """The lines of sorted files, each once, in order, as blocks.

    Of each file a block is in memory; what is not behind the earliest end of these is complete,
    and sorting it makes use of the order that it has.
    """
    size = max(_MERGED // len(runs), 1 << 16)
    heads = [_Head(path, size) for path in runs]
    try:
        while heads := [head for head in heads if head.fill()]:
            bound = min(head.lines[-1] for head in heads)
            block = list(chain.from_iterable(head.take(bound) for head in heads))
            block.sort()
            yield unique(block)
    finally:
        for head in heads:
            head.close()


class _Head:
    """The lines of a sorted file that are in memory."""

    def __init__(self, path: Path, size: int) -> None:
        self._file, self._size = path.open("rb"), size
        self.lines: list[bytes] = []

    def fill(self) -> bool:
        """Whether there are lines; those behind the last ones are read where none are left."""
        if not self.lines:
            self.lines = whole_lines(self._file, self._size).split(b"\n")
            self.lines.pop()
            if not self.lines:
                self.close()
        return bool(self.lines)

    def take(self, bound: bytes) -> list[bytes]:
        """The lines up to and with the bound."""
        end = bisect_right(self.lines, bound)
        taken, self.lines = self.lines[:end], self.lines[end:]
        return taken

    def close(self) -> None:
        self._file.close()


def whole_lines(file: BinaryIO, size: int) -> bytes:
    """About so many bytes, up to the end of a line."""
    data = file.read(size)
    return data + file.readline() if data else data


# --- reading -------------------------------------------------------------------------------------


def subject_of(line: bytes) -> bytes:
    """Its first term: `<iri>`."""
    return line[: line.index(b"> ") + 1]


def groups(path: Path | None) -> Iterator[tuple[bytes, list[bytes]]]:
    """(subject, its lines) of a sorted file: what begins alike stands together."""
    if path is None:
        return
    with path.open("rb") as file:
        for subject, lines in groupby(file, subject_of):
            yield subject, list(lines)


class Finder:
    """Looks subjects up in a sorted file, by halving; memory does not grow with the file."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._size = path.stat().st_size

    def find(self, subject: bytes) -> tuple[bytes, ...]:
        """The lines of `<iri>`; none where it does not stand."""
        wanted = subject + b" "
        low, high = 0, self._size  # the first line that is not before it begins in low…high
        while low < high:
            middle = (low + high) // 2
            start = self._line_start(middle)
            line = self._file.readline()
            if line and line < wanted:
                low = start + len(line)
            else:
                high = middle
        self._file.seek(low)
        lines = iter(self._file.readline, b"")
        found: list[bytes] = []
        for line in islice(lines, 10_000):
            if not line.startswith(wanted):
                break
            found.append(line)
        return tuple(found)

    def _line_start(self, place: int) -> int:
        """The start of the first line that begins at or behind a place, which is then read."""
        if place == 0:
            self._file.seek(0)
            return 0
        self._file.seek(place - 1)
        self._file.readline()
        return self._file.tell()

    def close(self) -> None:
        self._file.close()
