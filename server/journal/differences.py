"""The difference between two states of a graph, as sorted N-Quads files, in constant memory."""

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

_CHUNK = 500_000


def sorted_lines(lines: Iterable[str], folder: Path) -> Iterator[str]:
    """Each line once, in code-point order; more than a chunk is sorted on disk, in `folder`."""
    rest = iter(lines)
    first = sorted(set(islice(rest, _CHUNK)))
    if len(first) < _CHUNK and (more := next(rest, None)) is None:
        yield from first
        return
    with tempfile.TemporaryDirectory(dir=folder, prefix="sort-") as spilled:
        runs = [_spill(first, Path(spilled), 0)]
        head = [more] if len(first) < _CHUNK and more is not None else []
        while chunk := sorted(set([*head, *islice(rest, _CHUNK)])):
            head = []
            runs.append(_spill(chunk, Path(spilled), len(runs)))
        last = ""
        for line in heapq.merge(*(_lines(run) for run in runs)):
            if line != last:
                last = line
                yield line


def removed_and_added(old: Path | None, new: Path) -> Iterator[tuple[str, str]]:
    """("-", line) for what only the old file has, ("+", line) for what only the new one has."""
    before = _lines(old) if old else iter(())
    after = _lines(new)
    left, right = next(before, None), next(after, None)
    while left is not None or right is not None:
        if left == right:
            left, right = next(before, None), next(after, None)
        elif right is None or (left is not None and left < right):
            assert left is not None
            yield "-", left
            left = next(before, None)
        else:
            yield "+", right
            right = next(after, None)


def _spill(lines: list[str], folder: Path, number: int) -> Path:
    path = folder / f"{number}.nq"
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)
    return path


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as file:
        yield from file
