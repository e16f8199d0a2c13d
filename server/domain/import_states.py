"""The whole new state of a graph as one sorted file, and how it differs from the one that stands.

Runs in the limited child: the server process reads none of a stranger's statements.
"""

import hashlib
import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice, pairwise
from pathlib import Path
from typing import TypeVar

from server.journal.differences import removed_and_added
from server.names import CH, DCTERMS, EDM, ORE, RDF

_IN_MEMORY = 2_000_000  # lines
RUN = 500_000  # lines that one process sorts at once
_CHUNK = 20_000  # lines that are written at once
_TYPE, _MODIFIED = f" {RDF.type} ", f" {DCTERMS.modified} "
_ITEM, _TOMBSTONE = f"{_TYPE}{EDM.ProvidedCHO} ", f"{_TYPE}{CH.Tombstone} "
_OWNERS = (f" {EDM.aggregatedCHO} ", f" {ORE.proxyFor} ")
Line = TypeVar("Line", str, bytes)


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file: its SHA-256 and how many lines it has."""

    sha256: str
    quads: int


@dataclass(slots=True)
class Runs:
    """Lines on their way into a sorted file: some thousand in memory, the rest in sorted runs."""

    folder: Path
    prefix: str
    lines: list[str] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)

    def add(self, lines: list[str]) -> None:
        self.lines += lines
        if len(self.lines) > RUN:
            self.spill()

    def spill(self) -> None:
        if self.lines:
            path = self.folder / f"{self.prefix}-{len(self.paths)}.run"
            path.write_bytes("".join(_unique(self.lines)).encode())
            self.paths.append(path)
            self.lines = []


def write(path: Path, lines: list[str], runs: list[Path]) -> Written:
    """All lines and runs as one file, each line once, in code-point order."""
    if not runs:
        return write_lines(path, _unique(lines))
    if len(lines) + sum(run.stat().st_size for run in runs) // 200 < _IN_MEMORY:
        return _write(path, _joined(_in_memory(lines, runs)))
    merged = heapq.merge(_unique(lines), *map(_read, runs))
    return write_lines(path, _each_once(merged))


def write_lines(path: Path, lines: Iterable[str]) -> Written:
    rest = iter(lines)
    chunks = iter(lambda: list(islice(rest, _CHUNK)), [])
    return _write(path, (("".join(chunk).encode(), len(chunk)) for chunk in chunks))


def _write(path: Path, pieces: Iterable[tuple[bytes, int]]) -> Written:
    """Pieces of the file, each with its number of lines."""
    digest, count = hashlib.sha256(), 0
    with path.open("wb") as file:
        for data, lines in pieces:
            digest.update(data)
            file.write(data)
            count += lines
    return Written(digest.hexdigest(), count)


def _in_memory(lines: list[str], runs: list[Path]) -> list[bytes]:
    """As bytes, whose order is that of the code points; without their ends."""
    every = "".join(lines).encode().split(b"\n")[:-1]
    for run in runs:
        every += run.read_bytes().split(b"\n")[:-1]
    return _unique(every)


def _joined(lines: list[bytes]) -> Iterator[tuple[bytes, int]]:
    for start in range(0, len(lines), _CHUNK):
        chunk = lines[start : start + _CHUNK]
        yield b"\n".join([*chunk, b""]), len(chunk)


def _unique(lines: list[Line]) -> list[Line]:
    # Lines come in long sorted stretches, which sorting makes use of; so that neighbours are
    # compared after it, instead of hashing every line before.
    lines = sorted(lines)
    return lines[:1] + [line for last, line in pairwise(lines) if line != last]


def _read(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as file:
        yield from file


def _each_once(lines: Iterable[str]) -> Iterator[str]:
    last = ""
    for line in lines:
        if line != last:
            last = line
            yield line


# --- what stood before ---------------------------------------------------------------------------


@dataclass(slots=True)
class Before:
    """The items (as `<iri>`) of the standing state, and the lines of its tombstones."""

    items: set[str] = field(default_factory=set)
    tombstones: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path | None) -> "Before":
        found = cls()
        for line in _read(path) if path else ():
            if _ITEM in line:
                found.items.add(line.partition(" ")[0])
            elif _TOMBSTONE in line:
                found.tombstones[line.partition(" ")[0]] = [line]
        if found.tombstones and path:
            for line in _read(path):
                if _MODIFIED in line and (subject := line.partition(" ")[0]) in found.tombstones:
                    found.tombstones[subject].append(line)
        return found

    def tombstones_after(
        self, items: Iterable[str], replaced: Iterable[str], end: str, now: str
    ) -> tuple[list[str], list[str]]:
        """(items that are gone now, the lines of all tombstones) once these items stand.

        What came back has no tombstone, nor what a new item replaces.
        """
        standing = set(items)
        settled = standing | set(replaced)
        gone = sorted(self.items - settled)
        lines = [
            line for item, lines in self.tombstones.items() if item not in settled for line in lines
        ]
        modified = f'"{now}"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
        for item in gone:
            lines.append(f"{item}{_TYPE}{CH.Tombstone}{end}")
            lines.append(f"{item}{_MODIFIED}{modified}{end}")
        return gone, lines


@dataclass(frozen=True, slots=True)
class Difference:
    add: Written | None
    remove: Written | None
    changed: set[str]  # subjects

    def to_json(self) -> dict[str, object]:
        return {
            name: asdict(written) if written else None
            for name, written in (("add", self.add), ("remove", self.remove))
        }


def difference(old: Path, new: Path, folder: Path) -> Difference:
    """Write `add.nq` and `remove.nq`, what changes from the old file to the new one."""
    changed: set[str] = set()
    written: dict[str, Written | None] = {}
    for sign, name in (("+", "add"), ("-", "remove")):
        lines = (line for kind, line in removed_and_added(old, new) if kind == sign)
        found = write_lines(folder / f"{name}.nq", _noting(lines, changed))
        written[name] = found if found.quads else None
        if not found.quads:
            (folder / f"{name}.nq").unlink()
    return Difference(written["add"], written["remove"], changed)


def _noting(lines: Iterable[str], subjects: set[str]) -> Iterator[str]:
    for line in lines:
        subjects.add(line.partition(" ")[0])
        yield line


def items_of(new: Path, subjects: set[str], items: set[str]) -> set[str]:
    """Those of the items that the subjects are, or that refer to them by a step or two."""
    found = subjects & items
    if found == subjects:
        return found
    owners: dict[str, set[str]] = defaultdict(set)
    for line in _read(new):
        if _OWNERS[0] in line or _OWNERS[1] in line:
            subject, _predicate, item, _rest = line.split(" ", 3)
            owners[subject].add(item)
            if subject in subjects:
                found.add(item)
    for line in _read(new):
        subject, _predicate, thing = line.split(" ", 2)
        if thing[0] == "<" and thing.partition(" ")[0] in subjects:
            found |= owners.get(subject, {subject})
    return found & items
