"""From a reader's statements to the files of a load: the new state, and what differs from the old.

All in the load's folder: `full.nq` sorted, `add.nq` and `remove.nq` where something stands,
`changes/` with what becomes of each term, `faults.jsonl` with the lines that were passed over.
"""

import json
from dataclasses import asdict, astuple
from pathlib import Path
from time import monotonic
from typing import Any

from pyoxigraph import NamedNode

from server.domain.import_states import Written
from server.domain.vocabulary_differences import compare
from server.domain.vocabulary_files import join, whole_lines
from server.domain.vocabulary_sorting import Place, Tell, in_order
from server.errors import Malformed
from server.formats.vocabularies import Reading, VocabularyData
from server.i18n import _
from server.names import RDF, SKOS

_BLOCK = 1 << 24
_PAUSE = 0.2  # seconds between two messages of progress
_MOST_METADATA, _MOST_TEXT, _MOST_REASONS = 200, 20_000, 100


def build(data: VocabularyData, reading: Reading, place: Place, tell: Tell) -> dict[str, Any]:
    """Write the files, and say what is in them, as JSON values. Raises Malformed if it is nothing.

    `tell` hears of ("sort" | "compare", done, total) in bytes; of reading, the reader tells.
    """
    new = in_order(data, reading, place, tell)
    terms = count_concepts(place.folder / "new.nq", place.graph)
    if not terms:
        raise Malformed(_("There are no concepts in this source."))
    faults = place.folder / "faults.jsonl"
    faults.write_text(
        "".join(json.dumps(astuple(fault), ensure_ascii=False) + "\n" for fault in reading.faults)
    )
    return {
        "scheme": data.scheme or "", "metadata": metadata(data), "terms": terms,
        "left_out": dict(reading.left_out.most_common(_MOST_REASONS)),
        "faults": len(reading.faults), "retired": len(reading.retired),
        **_compared(new, reading, place, tell),
    }  # fmt: skip


def _compared(new: Written, reading: Reading, place: Place, tell: Tell) -> dict[str, Any]:
    """The files, and what became of terms; the new state is what was read, with tombstones."""
    path, full = place.folder / "new.nq", place.folder / "full.nq"
    if place.old is None:
        path.rename(full)
        return {"full": asdict(new), "add": None, "remove": None, "kinds": {}, "used": {},
                "statements": new.quads}  # fmt: skip
    total = path.stat().st_size
    found = compare(
        place.old, path, place, reading.retired, progress=lambda done: tell("compare", done, total)
    )
    if found.tombstones:
        new = join(full, [path, place.folder / "tombstones.nq"], place.spare)
        path.unlink()
    else:
        path.rename(full)
    add, remove = (asdict(each) if each else None for each in (found.add, found.remove))
    return {"full": asdict(new), "add": add, "remove": remove, "kinds": dict(found.kinds),
            "used": dict(found.used), "statements": new.quads}  # fmt: skip


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
