"""The statements of a reader as one sorted file of N-Quads, by two processes where that helps.

Where a reader can read in parts, a fork reads one of them, and each sorts its own. What any other
reads is sorted by a fork while it reads.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

from server.domain.import_states import Written
from server.domain.vocabulary_files import Sorter
from server.domain.vocabulary_forks import ForkedSorter
from server.formats import forks
from server.formats.vocabularies import Fault, Part, Reading, VocabularyData
from server.i18n import _
from server.sorting import Spool

Tell = Callable[[str, int, int], None]
_CHUNK = 5_000  # statements that are handed on at once


@dataclass(frozen=True, slots=True)
class Place:
    """Where a load works, and against what: `old` is the standing state, `used` the list of terms
    that annotations name; `language` is that of the labels to show.

    `vocabulary` is the IRI under which the site knows it. The last `spare` bytes of the disk stay
    free; `forks` says whether this process may fork.
    """

    folder: Path
    graph: str
    base: str
    vocabulary: str
    old: Path | None = None
    used: Path | None = None
    language: str = "en"
    spare: int = 0
    forks: bool = False


class Takes(Protocol):
    """See `vocabulary_files.Sorter`."""

    def add(self, lines: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class _Found:
    """What a fork has read, besides the lines that it left in a spool: their bytes and number."""

    size: int
    count: int
    left_out: Counter[str]
    faults: list[Fault]
    retired: dict[str, str | None]


def in_order(data: VocabularyData, reading: Reading, place: Place, tell: Tell) -> Written:
    """Write all statements to `new.nq`, each once, in order.

    `tell` hears of ("sort", done, total) in bytes; of reading, the reader tells.
    """
    path, told = place.folder / "new.nq", lambda done, total: tell("sort", done, total)
    if not (place.forks and forks.may_fork()):
        sorter = Sorter(place.folder, place.spare)
        _fill(sorter, data.statements, place, reading)
        return sorter.finish(path, told)
    if data.parts:
        return _in_parts(data.parts, reading, place).finish(path, told)
    beside = ForkedSorter(place.folder, place.spare, tell)
    try:
        _fill(beside, data.statements, place, reading)
        return beside.finish(path)
    finally:
        beside.end()


def _in_parts(parts: tuple[Part, Part], reading: Reading, place: Place) -> Sorter:
    run = Spool(place.folder)

    def work() -> _Found:
        apart = _apart(reading)
        sorter = Sorter(place.folder, place.spare)
        _fill(sorter, parts[1](), place, apart)
        size = sorter.write_to(run)
        return _Found(size, run.count, apart.left_out, apart.faults, apart.retired)

    fork = forks.Fork(work)
    try:
        sorter = Sorter(place.folder, place.spare)
        _fill(sorter, parts[0](), place, reading)
        _join(sorter, run, fork.result(), reading)
    finally:
        fork.end()
    return sorter


def _apart(reading: Reading) -> Reading:
    """In a fork: what is noted from now on; another process tells of the progress."""
    reading.left_out.clear()
    reading.faults.clear()
    reading.retired.clear()
    reading.progress = lambda _done, _total: None
    return reading


def _join(sorter: Sorter, run: Spool, part: _Found, reading: Reading) -> None:
    run.count = part.count
    sorter.join(run, part.size)
    reading.left_out.update(part.left_out)
    reading.retired.update(part.retired)
    for fault in part.faults:
        reading.fault(fault.file, fault.line, fault.reason)


def _fill(sorter: Takes, statements: Iterator[str], place: Place, reading: Reading) -> None:
    """As N-Quads lines of the graph, without those that speak for this site."""
    end, ours, own = f" <{place.graph}> .\n", f"<{place.base}", f"<{place.base}term/"
    while chunk := list(islice(statements, _CHUNK)):
        text = end.join([*chunk, ""])
        if ours in text:
            kept = [line for line in chunk if not line.startswith(ours) or line.startswith(own)]
            if left := len(chunk) - len(kept):
                reading.leave_out(_("statements that only this site itself can make"), left)
            text = end.join([*kept, ""]) if kept else ""
        sorter.add(text.encode())
