"""The lists of a load that stand beside its report: changes of terms by kind, faulty lines."""

import csv
import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from server.domain.vocabulary_changes import KINDS, Change
from server.domain.vocabulary_reports import Report, folder
from server.errors import NotFound
from server.formats.sheets import escape_cell
from server.formats.vocabularies import Fault
from server.i18n import _

_LOOKED_THROUGH = 200_000  # changes that one page of a search reads
_BACKWARDS = 1 << 16


@dataclass(frozen=True, slots=True)
class Page:
    """Some changes; `next` is where to go on (a place in the file), None at the end; `previous`
    where the page before begins, None on the first."""

    changes: list[Change]
    next: int | None
    previous: int | None = None


def page(
    data: Path, report: Report, kind: str, *, at: int = 0, limit: int = 50, query: str = "",
    used: bool = False,
) -> Page:  # fmt: skip
    """The changes of a kind from a place on; those alone that annotations name, or that fit a
    query: words of a label, or an IRI. A page is short where a search has read very far.
    """
    wanted, found, number = query.casefold().split(), [], 0
    with _opened(data, report, kind, used) as file:
        _go_to_line(file, at)
        start = file.tell()
        previous = _before(file, start, wanted, limit) if start else None
        file.seek(start)
        while (line := file.readline()) and number < _LOOKED_THROUGH:
            number += 1
            if _fits(line, wanted):
                found.append(Change.from_json(line))
            if len(found) == limit:
                break
        place = file.tell()
        return Page(found, place if file.readline() else None, previous)


def _before(file: BinaryIO, at: int, wanted: list[str], limit: int) -> int:
    """Where so many changes begin that end at a place; read backwards."""
    rest, found, number = b"", 0, 0
    while at > 0 and number < _LOOKED_THROUGH:
        start = max(at - _BACKWARDS, 0)
        file.seek(start)
        lines = (file.read(at - start) + rest).split(b"\n")
        at, rest = start, lines[0]
        place = at + sum(len(line) + 1 for line in lines)
        for line in reversed(lines[1:] if start else lines):
            place -= len(line) + 1
            number += 1
            found += bool(line) and _fits(line, wanted)
            if found == limit:
                return place
    return at


def _go_to_line(file: BinaryIO, at: int) -> None:
    """To the first line that begins at a place or behind it."""
    file.seek(max(min(at, file.seek(0, os.SEEK_END)) - 1, 0))
    if at:
        file.readline()


def _opened(data: Path, report: Report, kind: str, used: bool) -> BinaryIO:
    if kind not in KINDS:
        raise NotFound(_("There is no such change."))
    name = f"{kind}-used" if used else kind
    path = folder(data, report.slug, report.id) / "changes" / f"{name}.jsonl"
    return (path if path.exists() else Path(os.devnull)).open("rb")


def _fits(line: bytes, wanted: list[str]) -> bool:
    if not wanted:
        return True
    text = line.decode().casefold()
    if not all(word in text for word in wanted):
        return False
    change = Change.from_json(line)
    shown = [change.iri, *(label[0] for label in (change.was, change.will) if label)]
    return all(word in " ".join(shown).casefold() for word in wanted)


def changes(
    data: Path, report: Report, kinds: tuple[str, ...] = KINDS, *, used: bool = False
) -> Iterator[Change]:
    """All changes of these kinds, each once."""
    for kind in kinds:
        with _opened(data, report, kind, used) as file:
            for line in file:
                change = Change.from_json(line)
                if next(each for each in change.kinds if each in kinds) == kind:
                    yield change


def csv_lines(data: Path, report: Report, kinds: tuple[str, ...] = KINDS) -> Iterator[str]:
    """All changes of these kinds as lines of a table, with its header."""
    yield _row(
        "term", "changes", "label before", "label after", "broader before", "broader after",
        "replacement", "label of the replacement", "named by annotations",
    )  # fmt: skip
    for change in changes(data, report, kinds):
        yield _row(
            change.iri, " ".join(change.kinds), change.was[0] if change.was else "",
            change.will[0] if change.will else "", _named(change.broader_was),
            _named(change.broader_will), *(change.replacement or ("", "")),
            "yes" if change.used else "no",
        )  # fmt: skip


def _named(terms: tuple[tuple[str, str], ...]) -> str:
    return "; ".join(text or iri for iri, text in terms)


def _row(*cells: str) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([escape_cell(cell) for cell in cells])
    return line.getvalue()


def faults(data: Path, report: Report) -> list[Fault]:
    """The lines of the source that were passed over."""
    path = folder(data, report.slug, report.id) / "faults.jsonl"
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as file:
        return [Fault(*json.loads(line)) for line in file]
