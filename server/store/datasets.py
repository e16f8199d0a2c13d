"""One dataset: an embedded Oxigraph store that knows which journal entries it holds."""

import logging
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import IO, Any, Protocol, cast

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from server.errors import Damaged, Locked, StorageFull, Unavailable
from server.i18n import _
from server.names import CH, XSD
from server.patches import Change
from server.store import checksums, file_pieces
from server.store.file_pieces import FilePiece
from server.store.queries import NamedQuery, Value

#: A removal of this many quads holds the writer for about 50 ms (measured).
CHUNK = 2_500
#: Bytes of a bulk file that are loaded at once: 100,000 quads, which take about 100 MB.
PIECE = 16_000_000
_LOADERS = 2
Row = dict[str, Any]
logger = logging.getLogger(__name__)


class Rows(Protocol):
    """What readers need of a dataset."""

    def select(
        self, query: NamedQuery, values: dict[str, Value], limit: int | None, offset: int
    ) -> list[Row]: ...


class OxigraphDataset:
    """A directory of Oxigraph's; `subject` carries the markers, in the graph of the same name.

    Raises Damaged when the directory does not hold what it should; Locked, StorageFull or
    Unavailable when it cannot be opened for another reason.
    """

    def __init__(self, path: Path, subject: NamedNode) -> None:
        self.path = path
        self.subject = subject
        checksums.remove_leftovers(path)
        if broken := checksums.damaged(path):
            raise Damaged(f"{path.name}: {', '.join(broken)}")
        self.store = _open(path)
        self._changed = True
        self._digesting = threading.Lock()
        if broken_tables := self._unlevel():
            del self.store  # no handle may live on a directory that is moved aside
            raise Damaged(f"{path.name}: {broken_tables}")

    def select(
        self, query: NamedQuery, values: dict[str, Value], limit: int | None = None, offset: int = 0
    ) -> list[Row]:
        """The solutions as dicts by the query's output names; an unbound one is None."""
        found: Any = self.store.query(
            query.bind(values, limit, offset), use_default_graph_as_union=True
        )
        names = [variable.value for variable in found.variables]
        return [dict(zip(names, row, strict=True)) for row in found]

    def ask(self, query: NamedQuery, values: dict[str, Value]) -> bool:
        return bool(self.store.query(query.bind(values, None, 0), use_default_graph_as_union=True))

    def construct(self, query: NamedQuery, values: dict[str, Value]) -> list[Any]:
        """The triples, as pyoxigraph's Triple."""
        found: Any = self.store.query(query.bind(values, None, 0), use_default_graph_as_union=True)
        return list(found)

    def about(self, node: NamedNode) -> list[tuple[NamedNode, Any]]:
        """(property, value) of each statement about a node, in whatever graph: a look-up, which
        takes a fifth of the time of a query that says the same (measured)."""
        found: Any = self.store.quads_for_pattern(node, None, None, None)
        return list(dict.fromkeys((quad.predicate, quad.object) for quad in found))

    def pointing(self, property_: NamedNode, node: NamedNode) -> list[NamedNode]:
        """What has this node as a value of a property."""
        found: Any = self.store.quads_for_pattern(None, property_, node, None)
        return list(dict.fromkeys(quad.subject for quad in found))

    def apply(self, change: Change, seq: int) -> None:
        """One transaction: the change, and the marker that says it is in."""
        self.run_chunk(_update_text(change, self._marker_text(CH.sequence, seq)))

    def remove_chunked(self, quads: Iterable[Quad]) -> Iterator[str]:
        """Updates that remove the quads in chunks; each is to be run by `run_chunk`."""
        rest = iter(quads)
        while chunk := tuple(islice(rest, CHUNK)):
            yield _update_text(Change(remove=chunk), "")

    def run_chunk(self, update: str) -> None:
        self.store.update(update)
        self._changed = True

    def bulk_load(self, path: Path) -> None:
        """Load an N-Quads file; repeating changes nothing.

        Small ones are atomic, also under kill (measured). Of large ones two pieces at a time are
        parsed and sorted, and are there as they come: a whole one would take 2 GB of memory.
        Our own files were checked when they were written, so the parser need not.
        """
        pieces = list(file_pieces.pieces(path, PIECE))
        try:
            with ThreadPoolExecutor(_LOADERS) as loaders:
                for done in [loaders.submit(self._load_piece, piece) for piece in pieces]:
                    done.result()
        finally:
            self._changed = True

    def _load_piece(self, piece: FilePiece) -> None:
        with piece:
            self.store.bulk_load(cast(IO[bytes], piece), RdfFormat.N_QUADS, lenient=True)

    def mark(self, seq: int, marker: NamedNode = CH.sequence) -> None:
        self.run_chunk(self._marker_text(marker, seq))

    def sequence(self, marker: NamedNode = CH.sequence) -> int:
        """The number of the last entry that changed this dataset; 0 in an empty one."""
        return max(self._marked(marker), default=0)

    def _marked(self, marker: NamedNode) -> list[int]:
        found: Any = self.store.quads_for_pattern(self.subject, marker, None, self.subject)
        return [int(quad.object.value) for quad in found]

    def backup(self, target: Path) -> None:
        """A snapshot by hard links, in milliseconds; the target must not exist."""
        self.store.backup(target)

    def record_digests(self) -> None:
        """Make damage to the table files written so far noticeable at the next opening."""
        with self._digesting:
            if self._changed and hasattr(self, "store"):
                self._changed = False
                checksums.record(self.path, self.store.backup)

    def dump(self, output: Any) -> None:
        self.store.dump(output, RdfFormat.N_QUADS)

    def close(self) -> None:
        """Write what is in memory to disk and let go of the directory's lock."""
        with self._digesting:
            try:
                self.store.flush()
                del self.store
                checksums.record_closed(self.path)
            except OSError:  # nothing is lost: the journal has it all
                logger.exception("%s could not be written out", self.path.name)

    def _unlevel(self) -> str:
        """What is wrong, if Oxigraph's six indexes don't all tell the same markers, else "".

        A lost end of the write-ahead log may leave some tables newer than others (they are flushed
        one by one); every update moves the marker in all of them.
        """
        try:
            if all(self._is_level(marker) for marker in (CH.sequence, CH.bulkSequence)):
                return ""
        except (OSError, ValueError, RuntimeError) as error:
            return str(error)
        return "tables of different age"

    def _is_level(self, marker: NamedNode) -> bool:
        me, graph = self.subject, self.subject
        standing = {Quad(me, marker, Literal(str(n), datatype=XSD.integer), graph)
                    for n in self._marked(marker)}  # fmt: skip
        value = next((quad.object for quad in standing), None)
        patterns: tuple[tuple[Any, Any, Any, Any], ...] = (
            (me, marker, None, None), (None, marker, None, None), (me, None, value, None),
            (None, marker, None, graph), (me, None, value, graph),
        )  # fmt: skip
        return all(
            standing == {q for q in found if (q.subject, q.predicate, q.graph_name)
                         == (me, marker, graph)}
            for found in (self.store.quads_for_pattern(*pattern) for pattern in patterns)
        )  # fmt: skip

    def _marker_text(self, marker: NamedNode, seq: int) -> str:
        graph, subject = self.subject, self.subject
        number = Literal(str(seq), datatype=XSD.integer)
        return (
            f"DELETE WHERE {{ GRAPH {graph} {{ {subject} {marker} ?before }} }} ;\n"
            f"INSERT DATA {{ GRAPH {graph} {{ {subject} {marker} {number} }} }}"
        )


def _open(path: Path) -> Store:
    try:
        return Store(path)
    except (OSError, ValueError, RuntimeError) as error:
        text = str(error)
        if "lock" in text.lower():
            raise Locked(_("{path} is open in another process.", path=path)) from error
        if "No space left" in text:
            raise StorageFull(_("The disk is full.")) from error
        if "Permission denied" in text or "Read-only" in text or "Too many open files" in text:
            raise Unavailable(_("{path} cannot be opened.", path=path)) from error
        raise Damaged(f"{path.name}: {text}") from error


def _update_text(change: Change, marker: str) -> str:
    """The one place that makes SPARQL text from quads; terms are written by `str(term)` alone."""
    steps = []
    if change.remove:
        steps.append(f"DELETE DATA {{ {_graphs(change.remove)} }}")
    if change.add:
        steps.append(f"INSERT DATA {{ {_graphs(change.add)} }}")
    return " ;\n".join([*steps, *([marker] if marker else [])])


def _graphs(quads: Iterable[Quad]) -> str:
    return "\n".join(
        f"GRAPH {quad.graph_name} {{ {quad.subject} {quad.predicate} {quad.object} }}"
        for quad in quads
    )
