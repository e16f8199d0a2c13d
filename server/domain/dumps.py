"""The public dataset, or a part of it, as one file: statements, or EDM records.

Written from a snapshot, so that it is of one moment while contributions go on, and streamed: a
page of records is all that is in memory.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from server.commit import Desk
from server.domain import dump_parts, dump_plans, dump_records, dump_snapshots, dump_statements
from server.domain.dump_offers import ALL, COLLECTIONS, Form
from server.domain.dump_plans import Plan
from server.domain.dump_snapshots import Snapshot
from server.errors import Unavailable
from server.formats.edm_write import collection_xml, record_xml
from server.formats.outputs import packed, replacing
from server.formats.zips import ZipWriter
from server.i18n import _

#: Told (what is done, of how many): records of EDM, else bytes, of an unknown number (0).
Progress = Callable[[int, int], None]
_TOLD = 100  # records


def _silent(_done: int, _total: int) -> None:
    """For callers who watch nothing."""


def write_file(
    desk: Desk, target: Path, form: Form, collections: Sequence[str] = (),
    progress: Progress = _silent, plan: Plan | None = None,
) -> int:  # fmt: skip
    """Make a file that appears when it is whole, packed by its ending (.gz .zst, EDM also .zip).

    Returns the number of the last entry in it. With `collections`, only these and the campaigns
    over them; a `plan` says more. Raises Invalid, NotFound for a collection, Unavailable in an
    update, OSError.
    """
    plan = plan or _plan(form, collections, target.name)
    dump_plans.check(plan)
    with replacing(target) as file:
        return write_stream(desk, file, form, collections, progress, plan)


def write_stream(
    desk: Desk, stream: IO[bytes], form: Form, collections: Sequence[str] = (),
    progress: Progress = _silent, plan: Plan | None = None,
) -> int:  # fmt: skip
    """As `write_file`, into a stream that is open; packed only where the plan's name says so."""
    plan = plan or _plan(form, collections, "-")
    with tempfile.TemporaryDirectory() as folder, dump_snapshots.snapshot(desk) as state:
        plan = dump_plans.listing(desk, plan, Path(folder))
        watched: Any = _Watched(desk, stream, _silent if plan.form == "edm" else progress)
        write(state, plan, watched, progress)
        return state.sequence


def _plan(form: Form, collections: Sequence[str], name: str) -> Plan:
    kind = COLLECTIONS if collections else ALL
    return Plan(form, kind=kind, names=tuple(collections), name=name)


def write(state: Snapshot, plan: Plan, stream: IO[bytes], progress: Progress = _silent) -> int:
    """Write it all; returns how many records, or 0 for statements.

    Raises NotFound for a collection.
    """
    if plan.form != "edm":
        with packed(stream, plan.name) as out:
            for piece in dump_statements.pieces(state, plan):
                out.write(piece)
        return 0
    records = _Counted(_records(state, plan), plan.total, progress)
    if plan.name.endswith(".zip"):
        with ZipWriter(stream) as archive:
            for name, iri, said in records:
                archive.add(name, record_xml(iri, said))
        return records.number
    with packed(stream, plan.name) as out:
        for piece in collection_xml((iri, said) for _name, iri, said in records):
            out.write(piece)
    return records.number


_Found = tuple[str, str, list[Any]]


def _records(state: Snapshot, plan: Plan) -> Iterator[_Found]:
    """(name of its file, item, statements); internal EDM is valid only with a file for each."""
    only = None
    if plan.kind not in (ALL, COLLECTIONS) and plan.content == "enrichments":
        only = state.names.graph("published", plan.names[0]) if plan.kind == "campaigns" else None
    parts = {"": dump_parts.items(state, plan)} if plan.listed else {
        f"{slug}/": dump_parts.items_of(state, graph)
        for slug, graph in state.collections(plan.names).items()
    }  # fmt: skip
    for folder, items in parts.items():
        for iri, said in dump_records.statements(state, items, plan.content, only):
            if said:
                yield f"{folder}{state.names.item_id(iri)}.xml", iri, said


class _Counted:
    """Records as they go by."""

    def __init__(self, records: Iterator[_Found], total: int, progress: Progress) -> None:
        self._records, self._total, self._progress = records, total, progress
        self.number = 0

    def __iter__(self) -> Iterator[_Found]:
        for record in self._records:
            yield record
            self.number += 1
            if self.number % _TOLD == 0:
                self._progress(self.number, max(self._total, self.number))
        self._progress(self.number, self.number)


class _Watched:
    """A stream that only goes forward: it tells how far it is, and ends when the server stops."""

    def __init__(self, desk: Desk, stream: IO[bytes], progress: Progress) -> None:
        self._stopping = desk.stopping
        self._stream = stream
        self._progress = progress
        self._done = 0

    def write(self, data: bytes) -> int:
        if self._stopping.is_set():
            raise Unavailable(_("The server is stopping. Please try again in a moment."))
        self._stream.write(data)
        self._done += len(data)
        self._progress(self._done, 0)
        return len(data)

    def flush(self) -> None:
        self._stream.flush()
