"""What changes from one state of a vocabulary to the next: statements, and terms; in little memory.

Both states are sorted files, so a term's statements stand together and the two are read side by
side. Each change is a line of JSON in the file of its kind, `changes/{kind}.jsonl`, with the labels
as they were and as they will be, since neither state is kept for ever. Runs in the limited child.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from server.domain.import_states import Written
from server.domain.vocabulary_changes import Change, State, change_of
from server.domain.vocabulary_files import groups


@dataclass(slots=True)
class Outcome:
    """The files of the difference, and how many terms changed by kind (`used`: of these, named)."""

    add: Written | None
    remove: Written | None
    kinds: Counter[str] = field(default_factory=Counter)
    used: Counter[str] = field(default_factory=Counter)


def compare(
    old: Path, new: Path, folder: Path, *, retired: Mapping[str, str | None], used: Path | None,
    language: str, progress: Callable[[int], None] = lambda _: None,
) -> Outcome:  # fmt: skip
    """Write `add.nq`, `remove.nq` and the changes; `progress` is told bytes of the new state."""
    lists, done = _Lists(folder / "changes"), 0
    add, remove = _Part(folder / "add.nq"), _Part(folder / "remove.nq")
    with ExitStack() as stack:
        for each in (lists, add, remove):
            stack.enter_context(each)
        states = State(old, language), State(new, language)
        stack.callback(states[0].close)
        stack.callback(states[1].close)
        named = _Named(used)
        for subject, before, after in pairs(old, new):
            done += sum(map(len, after))
            progress(done)
            if before != after:
                add.write_missing(after, before)
                remove.write_missing(before, after)
                is_used = named.holds(subject)
                lists.write(change_of(subject, before, after, states, retired, is_used))
    return Outcome(add.written, remove.written, lists.kinds, lists.used)


def pairs(old: Path, new: Path) -> Iterator[tuple[bytes, list[bytes], list[bytes]]]:
    """(subject, its lines before, its lines after), side by side."""
    before, after = groups(old), groups(new)
    left, right = next(before, None), next(after, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left[0] + b" " < right[0] + b" "):
            assert left is not None
            yield left[0], left[1], []
            left = next(before, None)
        elif left is None or right[0] != left[0]:
            yield right[0], [], right[1]
            right = next(after, None)
        else:
            yield left[0], left[1], right[1]
            left, right = next(before, None), next(after, None)


class _Named:
    """Whether a term is named by an annotation: a list (`<iri>` a line) in the states' order."""

    def __init__(self, path: Path | None) -> None:
        self._rest = _lines(path)
        self._next = next(self._rest, None)

    def holds(self, subject: bytes) -> bool:
        while self._next is not None and self._next + b" " < subject + b" ":
            self._next = next(self._rest, None)
        return self._next == subject


def _lines(path: Path | None) -> Iterator[bytes]:
    if path is not None:
        with path.open("rb") as file:
            yield from (line.rstrip(b"\n") for line in file)


class _Lists:
    """The files of changes by kind; a change of several kinds stands in each."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._files: dict[str, IO[str]] = {}
        self.kinds: Counter[str] = Counter()
        self.used: Counter[str] = Counter()

    def write(self, change: Change) -> None:
        text = change.to_json()
        for kind in change.kinds:
            self._file(kind).write(text)
            self.kinds[kind] += 1
            if change.used:
                self._file(f"{kind}-used").write(text)
                self.used[kind] += 1

    def _file(self, name: str) -> IO[str]:
        if name not in self._files:
            path = self._folder / f"{name}.jsonl"
            self._files[name] = path.open("w", encoding="utf-8")
        return self._files[name]

    def __enter__(self) -> "_Lists":
        return self

    def __exit__(self, *_error: object) -> None:
        for file in self._files.values():
            file.close()


class _Part:
    """One side of the difference; its file is there only if it has lines."""

    def __init__(self, path: Path) -> None:
        self._path, self._file = path, path.open("wb")
        self._digest, self._count = hashlib.sha256(), 0
        self.written: Written | None = None

    def write_missing(self, lines: list[bytes], others: list[bytes]) -> None:
        """The lines that are not among the others."""
        known = set(others)
        for line in lines:
            if line not in known:
                self._digest.update(line)
                self._file.write(line)
                self._count += 1

    def __enter__(self) -> "_Part":
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()
        if self._count:
            self.written = Written(self._digest.hexdigest(), self._count)
        else:
            self._path.unlink()
