"""From files to checked lines and reports: one of the processes that share the reading.

Each process takes the files of its own number, so that all cores read.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import IO, Any

from server.domain.import_checks import Checks
from server.domain.import_states import Runs
from server.errors import Malformed, TooLarge
from server.formats import edm_read, images, sheet_records, sheets
from server.formats.archives import members
from server.formats.images import Kept
from server.formats.limited_streams import Limits
from server.formats.records import Record, Unreadable
from server.formats.sheet_mapping import Mapping
from server.i18n import _
from server.names import DCTERMS, EDM, XSD

Job = dict[str, Any]
Send = Callable[[Job], None]
REPORTS = ("problems", "warnings", "mends")
_PAUSE = 0.2  # seconds between two messages of progress
_REPLACES = f" {DCTERMS.replaces} "
_OURS = "https://w3id.org/crowdheritage/ns#"
#: Of our terms what a provider may say of an item: that it is shown only when asked for.
_SAYABLE = f"<{_OURS}sensitive>"
#: What an import may describe below the base IRI; all else there is the instance's own.
_OPEN_PATHS = ("object/", "media/", "aggregation/", ".well-known/genid/", "local/")


@dataclass(slots=True)
class Tally:
    """What one process has read; `items` counts records by item."""

    records: int = 0
    items: Counter[str] = field(default_factory=Counter)
    replaced: set[str] = field(default_factory=set)
    reports: Counter[str] = field(default_factory=Counter)

    def to_json(self) -> str:
        return json.dumps([self.records, self.items, sorted(self.replaced), self.reports])

    def add(self, text: str) -> None:
        records, items, replaced, reports = json.loads(text)
        self.records += records
        self.items.update(items)
        self.replaced.update(replaced)
        self.reports.update(reports)


class Reader:
    """Reads what is its own of a job's sources, into sorted runs and files of reports."""

    def __init__(self, job: Job, number: int, send: Send) -> None:
        self.job, self.number, self.send = job, number, send
        self.folder = Path(job["folder"])
        self.tally = Tally()
        self.runs = Runs(self.folder, str(number))
        self._checks = Checks()
        self._end = f" <{job['graph']}> .\n"
        self._next = monotonic() + _PAUSE

    def read(self) -> None:
        with _Reports(self.folder, self.number) as reports:
            for found in records(self.job, self.number):
                if isinstance(found, Unreadable):
                    self._report(reports, "problems", found, found.record, (found.reason,))
                else:
                    self._take(found, reports)
                if monotonic() > self._next:
                    self._next = monotonic() + _PAUSE
                    self.send({"reader": self.number, "records": self.tally.records})

    def finish(self) -> None:
        """Leave all on disk for the process that puts the parts together."""
        self.runs.spill()
        (self.folder / f"{self.number}.json").write_text(self.tally.to_json())

    def _take(self, record: Record, reports: "_Reports") -> None:
        item = f"<{record.item}>"
        lines, left_out = own_statements(record.lines, self.job["base"])
        self.tally.records += 1
        self.tally.items[item] += 1
        end = self._end
        self.runs.add([line[:-2] + end for line in lines])
        self.tally.replaced.update(
            [line.split(" ", 3)[2] for line in lines if _REPLACES in line and line.startswith(item)]
        )
        if mends := (*record.mends, *left_out):
            self._report(reports, "mends", record, record.item, mends)
        if warnings := self._checks.warnings(lines):
            messages = [message for _field, message in warnings]
            self._report(reports, "warnings", record, record.item, messages)

    def _report(
        self, reports: "_Reports", kind: str, where: Record | Unreadable, record: str | None,
        messages: Iterable[str],
    ) -> None:  # fmt: skip
        for message in messages:
            reports.write(kind, where.file, where.line, record, message)
            self.tally.reports[kind] += 1


class _Reports:
    """The open report files of one process: a JSON array (file, line, record, message) a line."""

    def __init__(self, folder: Path, number: int) -> None:
        self._files: dict[str, IO[str]] = {
            kind: (folder / f"{kind}-{number}.jsonl").open("w", encoding="utf-8")
            for kind in REPORTS
        }

    def write(self, kind: str, *values: object) -> None:
        self._files[kind].write(json.dumps(values, ensure_ascii=False) + "\n")

    def __enter__(self) -> "_Reports":
        return self

    def __exit__(self, *_error: object) -> None:
        for file in self._files.values():
            file.close()


def own_statements(lines: list[str], base: str) -> tuple[list[str], tuple[str, ...]]:
    """The lines without those that would speak for this site, and what was left out, in words."""
    start, length = f"<{base}", len(base) + 1
    text = "\n".join(lines)
    if start not in text and _OURS not in text:
        return lines, ()
    kept = [
        line
        for line in lines
        if not (line.startswith(start) and not line.startswith(_OPEN_PATHS, length))
        and not any(
            part.startswith(f"<{_OURS}") and part != _SAYABLE for part in line.split(" ", 2)[1:]
        )
    ]
    if len(kept) == len(lines):
        return lines, ()
    return kept, (_("Statements that only this site itself can make were left out."),)


def records(job: Job, number: int) -> Iterator[Record | Unreadable]:
    """Those that the process with that number reads."""
    if job.get("mapping"):
        if number == 0:
            yield from _table_records(job)
        return
    limits = Limits(**job.get("limits", {}))
    for place, member in enumerate(members(job["sources"], limits)):
        if place % job["readers"] != number:
            continue
        if isinstance(member, Unreadable):
            yield member
            continue
        try:
            data = member.stream.read()
        except Malformed as error:
            yield Unreadable(member.name, None, str(error))
            continue
        yield from edm_read.read_document(
            member.name, data, base=job["base"], local=job["local"], form=job["form"]
        )


def _table_records(job: Job) -> Iterator[Record | Unreadable]:
    mapping = Mapping.from_json(job["mapping"])
    pictures = Pictures(job)
    for source in map(Path, job["sources"]):
        with source.open("rb") as stream:
            table = sheets.read_table(stream, source.name)
            found = sheet_records.to_records(
                table, mapping, job["base"], job["slug"], pictures.look_up
            )
            yield from (pictures.finish(record) for record in found)
    pictures.remember()


class Pictures:
    """The images of a table, kept in the data directory when a row first names them.

    They are remembered by name, so that a mapping can be corrected without the files.
    """

    def __init__(self, job: Job) -> None:
        self._media = Path(job["media"])
        self._start = f"<{job['base']}media/{job['slug']}/"
        self._memory = Path(job["images_memory"])
        self._found = images.collect(Path(job["images"])) if job.get("images") else {}
        self._kept: dict[str, Kept] = {}
        self._colours: dict[str, str] = {}
        self._faults: list[str] = []
        if self._memory.exists():
            known = json.loads(self._memory.read_text())
            self._kept = {name: Kept(**values) for name, values in known.items()}

    def look_up(self, name: str) -> Kept | None:
        folded = images.fold_name(name)
        opener = images.find(self._found, name)
        if opener is not None:
            try:
                self._kept[folded] = images.keep(opener, self._media)
            except (Malformed, TooLarge) as error:
                self._faults.append(f"{name[:100]}: {error}")
                return None
        kept = self._kept.get(folded)
        if kept:
            self._colours[f"{self._start}{kept.file}>"] = kept.colour
        return kept

    def finish(self, record: Record | Unreadable) -> Record | Unreadable:
        """The record with the main colour of each image (edm:componentColor), and their faults."""
        faults, self._faults = tuple(self._faults), []
        if isinstance(record, Record):
            record = replace(record, mends=(*record.mends, *faults))
            for subject in dict.fromkeys(line.partition(" ")[0] for line in record.lines):
                if colour := self._colours.get(subject):
                    value = f'"{colour[1:].upper()}"^^{XSD.hexBinary}'
                    record.lines.append(f"{subject} {EDM.componentColor} {value} .")
        return record

    def remember(self) -> None:
        kept = {name: asdict(each) for name, each in self._kept.items()}
        self._memory.write_text(json.dumps(kept), encoding="utf-8")


def readers_for(sources: list[str]) -> int:
    """How many processes share the reading: one for what is small."""
    size = 0
    for source in map(Path, sources):
        files = source.rglob("*") if source.is_dir() else [source]
        size += sum(file.stat().st_size for file in files if file.is_file())
    return min(4, os.cpu_count() or 1) if size > 4_000_000 else 1
