"""Sorting and joining lines on disk, in little memory.

Lines are bytes without their ends, and their order that of the bytes, which for UTF-8 is that of
the code points. What is too much for the memory lies in files without a name, which the system
takes away with the process, however it ends. Such runs are merged block by block: of all blocks at
hand what is not beyond the smallest last line is put together and sorted, which for lists that are
sorted already is the work of C alone.
"""

import os
import shutil
import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, groupby, islice, pairwise
from operator import itemgetter
from pathlib import Path

from server.errors import StorageFull
from server.i18n import _

#: Bytes that are sorted at once; with the lines as objects four times as much in memory.
RUN = 32_000_000
_MERGED = 64_000_000  # bytes of all runs together that are in memory while they are merged
_LEAST, _MOST = 1 << 16, 1 << 20  # bytes of one run that are
_MOST_RUNS = 250  # files that are open at once
_PIECE = 20_000  # lines that are handed on at once


class Spool:
    """Lines in a file that has no name, in the order in which they were written."""

    def __init__(self, folder: Path) -> None:
        with tempfile.TemporaryFile(dir=folder) as file:
            self._descriptor = os.dup(file.fileno())
        self.count = 0

    @classmethod
    def of(cls, path: Path) -> "Spool":
        """A file that stands under a name."""
        spool = cls.__new__(cls)
        spool._descriptor, spool.count = os.open(path, os.O_RDONLY), 0
        return spool

    def __del__(self) -> None:
        with suppress(OSError, AttributeError):
            os.close(self._descriptor)

    def write(self, lines: list[bytes]) -> None:
        with open(self._descriptor, "ab", closefd=False) as file:
            for piece in _pieces(lines):
                file.write(b"\n".join([*piece, b""]))
        self.count += len(lines)

    def write_texts(self, lines: list[str]) -> None:
        with open(self._descriptor, "ab", closefd=False) as file:
            file.write("\n".join([*lines, ""]).encode())
        self.count += len(lines)

    def blocks(self, size: int = 0) -> Iterator[list[bytes]]:
        """The lines, those of so many bytes at a time; for after all have been written."""
        rest, place, size = b"", 0, size or _MOST
        while data := os.pread(self._descriptor, size, place):
            place += len(data)
            whole, end, tail = data.rpartition(b"\n")
            if end:
                yield (rest + whole).split(b"\n")
                rest = tail
            else:
                rest += data

    def texts(self) -> Iterator[list[str]]:
        """The same as texts."""
        return map(_decoded, self.blocks())


class Lines:
    """Lines that come out sorted, each once; read again at will.

    Iterate only after all have been added. Raises StorageFull rather than use the last `spare`
    bytes of the disk.
    """

    def __init__(self, folder: Path, run: int = 0, spare: int = 0) -> None:
        self._folder, self._run, self._spare = folder, run or RUN, spare
        self._parts: list[bytes] = []
        self._kept: list[bytes] = []
        self._size = 0
        self._runs: list[Spool] = []

    def add(self, lines: bytes) -> None:
        """Some whole lines, each with its end."""
        self._parts.append(lines)
        self._size += len(lines)
        if self._size >= self._run:
            self._spill()

    def add_texts(self, lines: list[str]) -> None:
        """The same for texts without ends."""
        if lines:
            self.add("\n".join([*lines, ""]).encode())

    def blocks(self) -> Iterator[list[bytes]]:
        """The sorted lines, some thousand at a time."""
        if not self._runs:
            return _pieces(self._in_order())
        if self._size:
            self._spill()
        self._join_many()
        return merged(self._runs)

    def texts(self) -> Iterator[list[str]]:
        """The same as texts."""
        return map(_decoded, self.blocks())

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self.texts())

    def write_to(self, spool: Spool) -> int:
        """All lines to a spool, for `join` in another process; returns their number."""
        for block in self.blocks():
            spool.write(block)
        return spool.count

    def join(self, run: Spool) -> None:
        """Add lines that are sorted already."""
        self._runs.append(run)

    def _spill(self) -> None:
        self._require_room()
        run = Spool(self._folder)
        run.write(self._in_order())
        self._runs.append(run)
        self._kept, self._size = [], 0

    def _in_order(self) -> list[bytes]:
        if self._parts:
            lines = b"".join(self._parts).split(b"\n")
            self._parts = []
            lines.pop()
            self._kept += lines
            self._kept.sort()
            self._kept = unique(self._kept)
        return self._kept

    def _join_many(self) -> None:
        """As many runs as there may be files open."""
        while len(self._runs) > _MOST_RUNS:
            self._require_room()
            some, run = self._runs[:_MOST_RUNS], Spool(self._folder)
            for block in merged(some):
                run.write(block)
            self._runs = [*self._runs[_MOST_RUNS:], run]

    def _require_room(self) -> None:
        if self._spare:
            require_room(self._folder, self._spare)


def sorted_lines(lines: Iterable[str], folder: Path) -> Iterator[str]:
    """Texts with their ends, each once and in order; more than a run is sorted on disk."""
    rest, kept = iter(lines), Lines(folder)
    while some := list(islice(rest, _PIECE)):
        kept.add("".join(some).encode())
    return (f"{line}\n" for line in kept)


def groups(lines: Lines, separator: str = "\t") -> Iterator[tuple[str, list[str]]]:
    """The lines by what stands before the first separator: the key, and the rests in order.

    With lines of two kinds under the same key this is a join.
    """
    parts = (line.partition(separator) for line in lines)
    for key, same in groupby(parts, itemgetter(0)):
        yield key, [rest for _key, _separator, rest in same]


def unique(lines: list[bytes]) -> list[bytes]:
    """Sorted lines, each once: neighbours are compared, which is less than hashing every line."""
    return lines[:1] + [line for last, line in pairwise(lines) if line != last]


def require_room(folder: Path, spare: int) -> None:
    """Raises StorageFull where less than `spare` bytes of the disk are free."""
    if shutil.disk_usage(folder).free < spare:
        raise StorageFull(_("The disk is nearly full. Nothing was stored."))


def _decoded(block: list[bytes]) -> list[str]:
    return b"\n".join(block).decode().split("\n")


def _pieces(lines: list[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(lines), _PIECE):
        yield lines[start : start + _PIECE]


class _Head:
    """The block of a run that is being merged; `rest` is empty when the run has come to its end."""

    __slots__ = ("_blocks", "rest")

    def __init__(self, run: Spool, size: int) -> None:
        self._blocks = run.blocks(size)
        self.rest = next(self._blocks, [])

    def take(self, bound: bytes) -> list[bytes]:
        """The lines up to the bound, with it."""
        cut = bisect_right(self.rest, bound)
        taken, self.rest = self.rest[:cut], self.rest[cut:] or next(self._blocks, [])
        return taken


def merged(runs: list[Spool]) -> Iterator[list[bytes]]:
    """Blocks of the lines of all sorted runs in order, those that stand in several runs once."""
    size = min(max(_MERGED // len(runs), _LEAST), _MOST)
    heads = [_Head(run, size) for run in runs]
    while heads := [head for head in heads if head.rest]:
        bound = min(head.rest[-1] for head in heads)
        taken = list(chain.from_iterable([head.take(bound) for head in heads]))
        taken.sort()
        yield unique(taken)
