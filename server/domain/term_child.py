"""What runs in the child process of a table of terms (`python -m server.domain.term_child`).

It writes the statements sorted by term to a file, and says what the columns are and what is wrong.
"""

from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

from server import i18n
from server.domain.import_reading import Send
from server.formats import children, term_sheets
from server.formats.term_sheets import Options
from server.formats.vocabularies import Reading
from server.sorting import Lines

_SHOWN = 200  # faults


def main(job: dict[str, Any], send: Send) -> None:
    i18n.language.set(job["language"])
    folder, path = Path(job["folder"]), Path(job["path"])
    reading = Reading(folder, lambda done, total: send({"told": [done, total]}))
    data = term_sheets.read([path], Options(base=job["base"], keep_retired=True), reading)
    lines = Lines(folder)
    while batch := list(islice(data.statements, 10_000)):
        lines.add_texts(batch)
    terms = _write(lines, folder / "terms.nt")
    faults = [[fault.line, fault.reason] for fault in reading.faults[:_SHOWN]]
    send(
        {
            "done": {
                "terms": terms,
                "columns": [[one.name, one.language] for one in term_sheets.columns_of(path)],
                "faults": faults,
                "faulty": len(reading.faults),
                "left_out": dict(Counter(reading.left_out)),
            }
        }
    )


def _write(lines: Lines, target: Path) -> int:
    """How many terms the lines are about."""
    terms, last = 0, ""
    with target.open("w", encoding="utf-8", newline="\n") as file:
        for line in lines:
            subject = line.partition(" ")[0]
            if subject != last:
                terms, last = terms + 1, subject
            file.write(f"{line} .\n")
    return terms


if __name__ == "__main__":
    children.serve(main)
