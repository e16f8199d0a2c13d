"""The public dataset as one file: N-Quads, Turtle, or EDM records with what was published.

Written from a snapshot, so that it is of one moment while contributions go on, and streamed: a
page of records is all that is in memory.
"""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Literal

from pyoxigraph import NamedNode, RdfFormat

from server.commit import Desk
from server.domain import dump_records
from server.domain.dump_snapshots import Snapshot, snapshot
from server.errors import Invalid, Unavailable
from server.formats.edm_write import collection_xml, record_xml
from server.formats.outputs import packed, replacing
from server.i18n import _
from server.index import items
from server.names import PREFIXES, Names
from server.viewers import PUBLIC

Form = Literal["nquads", "turtle", "edm"]
FORMS: tuple[Form, ...] = ("nquads", "turtle", "edm")
#: Told (what is done, of how many): records of EDM, else bytes, of an unknown number (0).
Progress = Callable[[int, int], None]
_DATE = (1980, 1, 1, 0, 0, 0)  # in a zip: the same data gives the same file
_Found = tuple[str, str, list[Any]]


def _silent(_done: int, _total: int) -> None:
    """For callers who watch nothing."""


def write_file(
    desk: Desk, target: Path, form: Form, collections: Sequence[str] = (),
    progress: Progress = _silent,
) -> int:  # fmt: skip
    """Make a file that appears when it is whole, packed by its ending (.gz .zst, EDM also .zip).

    Returns the number of the last entry in it. With `collections`, only these and the campaigns
    over them. Raises Invalid, NotFound for a collection, Unavailable in an update, OSError.
    """
    check(form, target.name)
    with snapshot(desk) as state, replacing(target) as file:
        _write(desk, state, file, target.name, form, collections, progress)
        return state.sequence


def write_stream(
    desk: Desk, stream: IO[bytes], form: Form, collections: Sequence[str] = (),
    progress: Progress = _silent,
) -> int:  # fmt: skip
    """As `write_file`, into a stream that is open, and not packed."""
    with snapshot(desk) as state:
        _write(desk, state, stream, "-", form, collections, progress)
        return state.sequence


def check(form: str, name: str) -> None:
    """Raises Invalid for a format that a file of this name cannot hold."""
    if form not in FORMS:
        raise Invalid(_("The format is one of {names}.", names=", ".join(FORMS)))
    if name.endswith(".zip") and form != "edm":
        raise Invalid(_("Only EDM comes as .zip: a file for each record. Use .gz or .zst."))


def _write(
    desk: Desk, state: Snapshot, stream: IO[bytes], name: str, form: Form,
    collections: Sequence[str], progress: Progress,
) -> None:  # fmt: skip
    watched: Any
    if form != "edm":
        watched = _Watched(desk, stream, progress)
        with packed(watched, name) as out:
            _write_rdf(state, out, form, collections)
        return
    graphs = state.collections(collections)
    records = _counted(_records(state, graphs), _count(desk, graphs), progress)
    watched = _Watched(desk, stream, _silent)
    if name.endswith(".zip"):
        _write_zip(watched, state.names, records)
        return
    with packed(watched, name) as out:
        for piece in collection_xml((iri, triples) for _slug, iri, triples in records):
            out.write(piece)


def _write_rdf(state: Snapshot, out: IO[bytes], form: Form, collections: Sequence[str]) -> None:
    """Graph by graph; Turtle has no names for them, and says twice what two graphs say."""
    if form == "nquads" and not collections:
        state.store.dump(out, RdfFormat.N_QUADS)
        return
    for graph in state.graphs(collections):
        if form == "turtle":
            state.store.dump(out, RdfFormat.TURTLE, from_graph=graph, prefixes=PREFIXES)
        else:
            for row in state.rows("dump_graph", graph=graph):
                out.write(f"{row['s']} {row['p']} {row['o']} {graph} .\n".encode())


def _records(state: Snapshot, graphs: dict[str, NamedNode]) -> Iterator[_Found]:
    """(collection, item, statements)"""
    for slug, graph in graphs.items():
        for iri, triples in dump_records.records(state, graph):
            yield slug, iri, triples


def _counted(records: Iterator[_Found], total: int, progress: Progress) -> Iterator[_Found]:
    number = 0
    for number, record in enumerate(records, 1):
        yield record
        if number % 100 == 0:
            progress(number, max(total, number))
    progress(number, number)


def _count(desk: Desk, graphs: dict[str, NamedNode]) -> int:
    """How many records to expect: what the index knows, which may be an entry ahead."""
    known = items.collections(PUBLIC, desk.index.read())
    return sum(row.items for row in known if row.slug in graphs)


def _write_zip(stream: IO[bytes], names: Names, records: Iterator[_Found]) -> None:
    """A document for each record, as internal EDM is valid only so."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for slug, iri, triples in records:
            member = zipfile.ZipInfo(f"{slug}/{names.item_id(iri)}.xml", _DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, record_xml(iri, triples))


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
