"""Sorted N-Quads files of any size in little memory: written, gone through, looked up.

Lines are bytes and their order that of the bytes (`server.sorting`).
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby, islice
from pathlib import Path
from typing import BinaryIO

from server.domain.import_states import Written
from server.sorting import Lines, Spool, merged, require_room

_AHEAD = 4  # blocks that wait to be written


class Sorter:
    """Takes whole lines in any order; `finish` writes each once, in order."""

    def __init__(self, folder: Path, spare: int = 0, run: int = 0) -> None:
        self._lines, self._spare, self._size = Lines(folder, run, spare), spare, 0

    def add(self, lines: bytes) -> None:
        """Some whole lines, each with its end."""
        self._size += len(lines)
        self._lines.add(lines)

    def join(self, run: Spool, size: int) -> None:
        """Add lines that are sorted already; `size` is how many bytes they have."""
        self._size += size
        self._lines.join(run)

    def write_to(self, run: Spool) -> int:
        """All lines for `join` in another process; how many bytes went in."""
        self._lines.write_to(run)
        return self._size

    def finish(self, path: Path, progress: Callable[[int, int], None] = lambda *_: None) -> Written:
        """`progress` is told (done, total) in bytes, about."""
        return write(
            path, self._lines.blocks(), self._spare, lambda done: progress(done, self._size)
        )


def write(
    path: Path, blocks: Iterable[list[bytes]], spare: int = 0,
    progress: Callable[[int], None] = lambda _: None,
) -> Written:  # fmt: skip
    """Blocks of lines without their ends, as a file; digested and written beside the caller.

    Raises StorageFull rather than use the last `spare` bytes of the disk.
    """
    digest, count, size = hashlib.sha256(), 0, 0
    with path.open("wb", buffering=0) as file, ThreadPoolExecutor(1) as beside:

        def put(data: bytes) -> None:
            digest.update(data)
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]

        waiting = []
        for block in filter(None, blocks):
            data = b"\n".join([*block, b""])
            waiting.append(beside.submit(put, data))
            count, size = count + len(block), size + len(data)
            if len(waiting) > _AHEAD:
                waiting.pop(0).result()
                progress(size)
                if spare:
                    require_room(path.parent, spare)
        for one in waiting:
            one.result()
    if spare:
        require_room(path.parent, spare)
    return Written(digest.hexdigest(), count)


def join(path: Path, parts: list[Path], spare: int = 0) -> Written:
    """Sorted files as one."""
    return write(path, merged([Spool.of(part) for part in parts]), spare)


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
