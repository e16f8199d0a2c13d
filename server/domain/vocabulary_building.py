"""From a reader's statements to the files of a load: the new state, and what differs from the old.

All in the load's folder: `full.nq` sorted, `add.nq` and `remove.nq` where something stands,
`changes/` with what becomes of each term, `faults.jsonl` with the lines that were passed over.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, astuple, dataclass
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

from pyoxigraph import NamedNode

from server.domain.import_states import Written
from server.domain.vocabulary_differences import compare
from server.domain.vocabulary_files import whole_lines
from server.errors import Malformed
from server.formats.vocabularies import Reading, VocabularyData
from server.i18n import _
from server.names import RDF, SKOS

Tell = Callable[[str, int, int], None]
_CHUNK = 5_000  # statements that are handed on at once
_BLOCK = 1 << 24
_PAUSE = 0.2  # seconds between two messages of progress
_MOST_METADATA, _MOST_TEXT, _MOST_REASONS = 200, 20_000, 100


class Sorts(Protocol):
    """See `vocabulary_files.Sorter`."""

    def add(self, lines: bytes) -> None: ...

    def finish(self, path: Path, progress: Callable[[int, int], None]) -> Written: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a load works, and against what: `old` is the standing state, `used` the list of terms
    that annotations name; `language` is that of the labels to show."""

    folder: Path
    graph: str
    base: str
    old: Path | None = None
    used: Path | None = None
    language: str = "en"


def build(
    data: VocabularyData, reading: Reading, place: Place, sorter: Sorts, tell: Tell
) -> dict[str, Any]:
    """Write the files, and say what is in them, as JSON values. Raises Malformed if it is nothing.

    `tell` hears of ("sort" | "compare", done, total) in bytes; of reading, the reader tells.
    """
    for chunk in lines(data.statements, place, reading):
        sorter.add(chunk)
    full = place.folder / "full.nq"
    written = sorter.finish(full, lambda done, total: tell("sort", done, total))
    terms = count_concepts(full, place.graph)
    if not terms:
        raise Malformed(_("There are no concepts in this source."))
    faults = place.folder / "faults.jsonl"
    faults.write_text(
        "".join(json.dumps(astuple(fault), ensure_ascii=False) + "\n" for fault in reading.faults)
    )
    return {
        "scheme": data.scheme or "", "metadata": metadata(data), "terms": terms,
        "statements": written.quads, "left_out": dict(reading.left_out.most_common(_MOST_REASONS)),
        "faults": len(reading.faults), "retired": len(reading.retired), "full": asdict(written),
        **_compared(full, reading, place, tell),
    }  # fmt: skip


def _compared(full: Path, reading: Reading, place: Place, tell: Tell) -> dict[str, Any]:
    if place.old is None:
        return {"add": None, "remove": None, "kinds": {}, "used": {}}
    total = full.stat().st_size
    found = compare(
        place.old, full, place.folder, retired=reading.retired, used=place.used,
        language=place.language, progress=lambda done: tell("compare", done, total),
    )  # fmt: skip
    add, remove = (asdict(each) if each else None for each in (found.add, found.remove))
    return {"add": add, "remove": remove, "kinds": dict(found.kinds), "used": dict(found.used)}


def lines(statements: Iterator[str], place: Place, reading: Reading) -> Iterator[bytes]:
    """The statements as N-Quads lines of the graph, without those that speak for this site."""
    end, ours, own = f" <{place.graph}> .\n", f"<{place.base}", f"<{place.base}term/"
    while chunk := list(islice(statements, _CHUNK)):
        text = end.join([*chunk, ""])
        if ours in text:
            kept = [line for line in chunk if not line.startswith(ours) or line.startswith(own)]
            if left := len(chunk) - len(kept):
                reading.leave_out(_("statements that only this site itself can make"), left)
            text = end.join([*kept, ""]) if kept else ""
        yield text.encode()


def count_concepts(path: Path, graph: str) -> int:
    wanted, count = f" {RDF.type} {SKOS.Concept} <{graph}> .\n".encode(), 0
    with path.open("rb") as file:
        while block := whole_lines(file, _BLOCK):
            count += block.count(wanted)
    return count


def metadata(data: VocabularyData) -> list[tuple[str, str]]:
    """What is said of the vocabulary as a whole, as (IRI, N-Triples term)."""
    said = [
        (property_.value, str(value))
        for property_, value in data.metadata
        if isinstance(value, NamedNode) or len(value.value) <= _MOST_TEXT
    ]
    return said[:_MOST_METADATA]


def seldom(tell: Tell) -> Tell:
    """Tells of a phase when it begins, then a few times in a second."""
    last, due = "", 0.0

    def told(what: str, done: int, total: int) -> None:
        nonlocal last, due
        if what != last or monotonic() >= due:
            last, due = what, monotonic() + _PAUSE
            tell(what, done, total)

    return told
