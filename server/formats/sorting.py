"""Sorting and joining lines of text on disk, in little memory.

Runs lie in files without a name, which the system takes away with the process, however it ends.
They are merged block by block: of all blocks at hand what is not beyond the smallest last line is
put together and sorted, which for lists that are sorted already is the work of C alone.
"""

import os
import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path

#: How much text is kept before it goes to disk, in characters: with all about a quarter of a GB.
CHUNK = 80_000_000
_OVERHEAD = 64  # what a text takes besides its characters
_BLOCK = 1 << 20


class Spool:
    """Lines in a file that has no name, in the order in which they were written."""

    def __init__(self, folder: Path) -> None:
        with tempfile.TemporaryFile(dir=folder) as file:
            self._descriptor = os.dup(file.fileno())
        self.count = 0

    def __del__(self) -> None:
        with suppress(OSError, AttributeError):
            os.close(self._descriptor)

    def write(self, lines: list[str]) -> None:
        with open(self._descriptor, "ab", closefd=False) as file:
            for start in range(0, len(lines), 10_000):
                file.write(("\n".join(lines[start : start + 10_000]) + "\n").encode())
        self.count += len(lines)

    def blocks(self) -> Iterator[list[str]]:
        """The lines, some thousand at a time; for after all have been written."""
        rest, place = b"", 0
        while data := os.pread(self._descriptor, _BLOCK, place):
            place += len(data)
            whole, end, tail = data.rpartition(b"\n")
            if end:
                yield (rest + whole).decode().split("\n")
                rest = tail
            else:
                rest += data


class Lines:
    """Lines without line ends that come out sorted by code points, each once; read again at will.

    Iterate only after all have been added.
    """

    def __init__(self, folder: Path, chunk: int = 0) -> None:
        self._folder, self._chunk = folder, chunk or CHUNK
        self._kept: list[str] = []
        self._size = 0
        self._runs: list[Spool] = []
        self._sorted = True

    def add(self, lines: Iterable[str]) -> None:
        before = len(self._kept)
        self._kept += lines
        added = self._kept[before:]
        self._size += sum(map(len, added)) + _OVERHEAD * len(added)
        self._sorted = False
        if self._size > self._chunk:
            self._spill()

    def blocks(self) -> Iterator[list[str]]:
        """The sorted lines, some thousand at a time."""
        if not self._runs:
            kept = self._in_order()
            for start in range(0, len(kept), 10_000):
                yield kept[start : start + 10_000]
            return
        if self._kept:
            self._spill()
        yield from _merged(self._runs)

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self.blocks())

    def write_to(self, spool: Spool) -> int:
        """All lines to a spool, for `join` in another process; returns their number."""
        for block in self.blocks():
            spool.write(block)
        return spool.count

    def join(self, run: Spool) -> None:
        """Add lines that are sorted already."""
        self._runs.append(run)

    def _spill(self) -> None:
        run = Spool(self._folder)
        run.write(self._in_order())
        self._runs.append(run)
        self._kept, self._size = [], 0

    def _in_order(self) -> list[str]:
        if not self._sorted:
            self._kept = list(dict.fromkeys(sorted(self._kept)))
            self._sorted = True
        return self._kept


def groups(lines: Lines, separator: str = "\t") -> Iterator[tuple[str, list[str]]]:
    """The lines by what stands before the first separator: the key, and the rests in order.

    With lines of two kinds under the same key this is a join.
    """
    parts = (line.partition(separator) for line in lines)
    for key, same in groupby(parts, itemgetter(0)):
        yield key, [rest for _key, _separator, rest in same]


class _Head:
    """The block of a run that is being merged; `rest` is empty when the run has come to its end."""

    __slots__ = ("_blocks", "rest")

    def __init__(self, run: Spool) -> None:
        self._blocks = run.blocks()
        self.rest = next(self._blocks, [])

    def take(self, bound: str) -> list[str]:
        """The lines up to the bound, with it."""
        cut = bisect_right(self.rest, bound)
        taken, self.rest = self.rest[:cut], self.rest[cut:] or next(self._blocks, [])
        return taken


def _merged(runs: list[Spool]) -> Iterator[list[str]]:
    """Blocks of the lines of all runs in order, those that stand in several runs once."""
    heads = [_Head(run) for run in runs]
    while heads := [head for head in heads if head.rest]:
        bound = min(head.rest[-1] for head in heads)
        taken = list(chain.from_iterable([head.take(bound) for head in heads]))
        taken.sort()
        yield list(dict.fromkeys(taken))
