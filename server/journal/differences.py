"""The difference between two states of a graph, as sorted N-Quads files, in constant memory."""

from collections.abc import Iterator
from pathlib import Path


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


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as file:
        yield from file
