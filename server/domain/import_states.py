"""The whole new state of a graph as one sorted file, and how it differs from the one that stands.

Runs in the limited child: the server process reads none of a stranger's statements.
"""

import hashlib
import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from server.journal.differences import removed_and_added
from server.names import CH, DCTERMS, EDM, ORE, RDF

_IN_MEMORY = 2_000_000  # lines
RUN = 500_000  # lines that one process sorts at once
_TYPE, _MODIFIED = f" {RDF.type} ", f" {DCTERMS.modified} "
_ITEM, _TOMBSTONE = f"{_TYPE}{EDM.ProvidedCHO} ", f"{_TYPE}{CH.Tombstone} "
_OWNERS = (f" {EDM.aggregatedCHO} ", f" {ORE.proxyFor} ")


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
            path.write_text("".join(_unique(self.lines)), encoding="utf-8", newline="\n")
            self.paths.append(path)
            self.lines = []


def write(path: Path, lines: list[str], runs: list[Path]) -> Written:
    """All lines and runs as one file, each line once, in code-point order."""
    if not runs:
        return write_lines(path, _unique(lines))
    if len(lines) + sum(run.stat().st_size for run in runs) // 200 < _IN_MEMORY:
        for run in runs:
            lines += _read(run)
        return write_lines(path, _unique(lines))
    merged = heapq.merge(_unique(lines), *map(_read, runs))
    return write_lines(path, _each_once(merged))


def write_lines(path: Path, lines: Iterable[str]) -> Written:
    digest, count = hashlib.sha256(), 0
    with path.open("wb") as file:
        rest = iter(lines)
        while chunk := _take(rest):
            data = "".join(chunk).encode()
            digest.update(data)
            file.write(data)
            count += len(chunk)
    return Written(digest.hexdigest(), count)


def _take(rest: Iterator[str]) -> list[str]:
    return [line for _number, line in zip(range(20_000), rest, strict=False)]


def _unique(lines: list[str]) -> list[str]:
    # dict.fromkeys keeps the order, in which a record's lines stand sorted: sorting is then fast.
    once = list(dict.fromkeys(lines))
    once.sort()
    return once


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
