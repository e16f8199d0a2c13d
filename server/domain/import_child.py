"""What runs in the limited child process of an import (`python -m server.domain.import_child`).

A job is `survey` (what a table holds, and what its columns may mean) or `read` (the whole new
state of a collection, how it differs from what stands, and the reports), all in a working folder.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from server import i18n, sandbox
from server.domain import import_states
from server.domain.import_reading import REPORTS, Job, Reader, Send, Tally
from server.domain.import_states import Before
from server.errors import CrowdHeritageError, Malformed, TooLarge
from server.formats import children, sheets
from server.formats.sheet_fields import preview
from server.formats.sheet_mapping import Mapping, guess_mapping
from server.i18n import _

_SHOWN = 10  # rows
_OUT_OF_MEMORY = 77


def main(job: Job, send: Send) -> None:
    i18n.language.set(job.get("language", "en"))
    if job["do"] == "survey":
        send({"survey": survey(job)})
    else:
        send({"done": read(job, send)})


def survey(job: Job) -> Job:
    """The header, the first rows as they are and as they would be understood, the mapping."""
    path = Path(job["sources"][0])
    with path.open("rb") as stream:
        table = sheets.read_table(stream, path.name)
        sample = table.sample()
        given = job.get("mapping")
        mapping = Mapping.from_json(given) if given else guess_mapping(table.header, sample)
        shown = preview(table, mapping, _SHOWN) if any(c.property for c in mapping.columns) else []
        rows = [list(row.cells) for row in sample[:_SHOWN]]
        return {
            "name": path.name,
            "header": list(table.header),
            "rows": rows,
            "total": sum(1 for _row in table),
            "mapping": mapping.to_json(),
            "previews": [asdict(one) for one in shown],
        }


def read(job: Job, send: Send) -> Job:
    """Everything that an import needs to know, in files of the working folder."""
    folder = Path(job["folder"])
    with _others(job, send):
        reader = Reader(job, 0, send)
        reader.read()
        if job["readers"] > 1:
            reader.runs.spill()  # while the others do: each sorts what is its own
    tally = _together(reader, job["readers"])
    _join_reports(folder, job["readers"], tally)
    old = Path(job["old"]) if job.get("old") else None
    before = Before.read(old)
    gone, tombstones = before.tombstones_after(
        tally.items, tally.replaced, f" <{job['graph']}> .\n", job["now"]
    )
    runs = sorted(folder.glob("*.run"))
    full = import_states.write(folder / "full.nq", reader.runs.lines + tombstones, runs)
    for run in runs:
        run.unlink()
    return {
        "records": tally.records,
        "reports": tally.reports,
        "full": asdict(full),
        **_compared(folder, old, before, tally, gone),
    }


def _compared(folder: Path, old: Path | None, before: Before, tally: Tally, gone: list[str]) -> Job:
    """Counts, files of the difference, and the items that it touches, each list in a file."""
    items = set(tally.items)
    files: Job = {"add": None, "remove": None}
    changed: set[str] = set()
    if old is not None:
        found = import_states.difference(old, folder / "full.nq", folder)
        files = found.to_json()
        changed = import_states.items_of(folder / "full.nq", found.changed, items & before.items)
    moved = before.items & tally.replaced
    _list(folder / "items.txt", items)
    _list(folder / "gone.txt", gone)
    _list(folder / "touched.txt", {*changed, *gone, *moved})
    counts = {"added": len(items - before.items), "changed": len(changed), "gone": len(gone)}
    return {**files, **counts}


def _list(path: Path, items: set[str] | list[str]) -> None:
    path.write_text("".join(f"{item[1:-1]}\n" for item in sorted(items)), encoding="utf-8")


def _together(reader: Reader, readers: int) -> Tally:
    tally = reader.tally
    for number in range(1, readers):
        tally.add((reader.folder / f"{number}.json").read_text())
    return tally


def _join_reports(folder: Path, readers: int, tally: Tally) -> None:
    """One file of each kind, and a warning for each item that stands in several records."""
    for kind in REPORTS:
        with (folder / f"{kind}.jsonl").open("wb") as whole:
            for number in range(readers):
                part = folder / f"{kind}-{number}.jsonl"
                whole.write(part.read_bytes())
                part.unlink()
            if kind == "warnings":
                whole.write(_repeated(tally).encode())


def _repeated(tally: Tally) -> str:
    message = _("Several records describe it; their statements were put together.")
    lines = [
        json.dumps(["", None, item[1:-1], message], ensure_ascii=False) + "\n"
        for item, count in tally.items.items()
        if count > 1
    ]
    tally.reports["warnings"] += len(lines)
    return "".join(lines)


@contextmanager
def _others(job: Job, send: Send) -> Iterator[None]:
    """The other readers, each a fork of this process with the same limits."""
    pids = {number: _fork(job, number, send) for number in range(1, job["readers"])}
    yield
    for number, pid in pids.items():
        _pid, status = os.waitpid(pid, 0)
        if status:
            _raise_for(Path(job["folder"]) / f"{number}.error", os.waitstatus_to_exitcode(status))


def _fork(job: Job, number: int, send: Send) -> int:
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        sandbox.die_with_parent()
        reader = Reader(job, number, send)
        reader.read()
        reader.finish()
        status = 0
    except CrowdHeritageError as error:
        text = json.dumps([type(error).__name__, str(error)])
        (Path(job["folder"]) / f"{number}.error").write_text(text)
    except MemoryError:
        status = _OUT_OF_MEMORY
    finally:
        os._exit(status)


def _raise_for(path: Path, status: int) -> None:
    if path.exists():
        kind, reason = json.loads(path.read_text())
        raise (TooLarge if kind == "TooLarge" else Malformed)(reason)
    if status == _OUT_OF_MEMORY:
        raise MemoryError
    if status < 0:  # killed by a signal: end the same way, so that the parent knows why
        os.kill(os.getpid(), -status)
    os._exit(1)


if __name__ == "__main__":
    children.serve(main)
