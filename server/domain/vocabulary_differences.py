"""What changes from one state of a vocabulary to the next: statements, and terms; in little memory.

Both states are sorted files, so a term's statements stand together and the two are read side by
side. Terms that annotations name leave a tombstone when they go (`vocabulary_tombstones`).
Each change is a line of JSON in the file of its kind, `changes/{kind}.jsonl`, with the labels
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
from server.domain.vocabulary_sorting import Place
from server.domain.vocabulary_tombstones import Tombstones


@dataclass(slots=True)
class Outcome:
    """The files of the difference, and how many terms changed by kind (`used`: of these, named).

    `tombstones` says whether `tombstones.nq` holds what the new state has besides the source.
    """

    add: Written | None
    remove: Written | None
    tombstones: bool = False
    kinds: Counter[str] = field(default_factory=Counter)
    used: Counter[str] = field(default_factory=Counter)


def compare(
    old: Path, new: Path, place: Place, retired: Mapping[str, str | None],
    progress: Callable[[int], None] = lambda _: None,
) -> Outcome:  # fmt: skip
    """Write `add.nq`, `remove.nq`, `tombstones.nq` and the changes, from the standing state to what
    a source says; `progress` is told bytes of the latter."""
    done = 0
    with ExitStack() as stack:
        found = _Comparison(old, new, place, retired, stack)
        for subject, before, after in pairs(old, new):
            done += sum(map(len, after))
            progress(done)
            if before != after:
                found.take(subject, before, after)
    tombstones = found.tombstones.written is not None
    return Outcome(
        found.add.written, found.remove.written, tombstones, found.lists.kinds, found.lists.used
    )


class _Comparison:
    """What is written while two states are gone through side by side."""

    def __init__(
        self, old: Path, new: Path, place: Place, retired: Mapping[str, str | None],
        stack: ExitStack,
    ) -> None:  # fmt: skip
        self.add, self.remove = _Part(place.folder / "add.nq"), _Part(place.folder / "remove.nq")
        self.tombstones = _Part(place.folder / "tombstones.nq")
        self.lists = _Lists(place.folder / "changes")
        for part in (self.add, self.remove, self.tombstones):
            stack.enter_context(part)
        stack.enter_context(self.lists)
        self._states = State(old, place.language), State(new, place.language)
        for state in self._states:
            stack.callback(state.close)
        self._retired, self._named = retired, _Named(place.used)
        self._stones = Tombstones(place.vocabulary, place.graph)

    def take(self, subject: bytes, before: list[bytes], after: list[bytes]) -> None:
        """A subject of which the source says something else than what stands."""
        was_gone, is_used = self._stones.is_one(subject, before), self._named.holds(subject)
        known = [] if was_gone and after else before
        change = change_of(subject, known, after, self._states, self._retired, is_used)
        if not after and (was_gone or (is_used and self._stones.is_concept(subject, before))):
            replacement = change.replacement[0] if change.replacement else ""
            after = self._stones.of(subject, before, replacement)
            self.tombstones.write(after)
            if before == after:
                return
        self.add.write_missing(after, before)
        self.remove.write_missing(before, after)
        self.lists.write(change)


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
        self.write([line for line in lines if line not in known])

    def write(self, lines: list[bytes]) -> None:
        data = b"".join(lines)
        self._digest.update(data)
        self._file.write(data)
        self._count += len(lines)

    def __enter__(self) -> "_Part":
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()
        if self._count:
            self.written = Written(self._digest.hexdigest(), self._count)
        else:
            self._path.unlink()
