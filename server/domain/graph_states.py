"""From a graph's wanted state to a bulk change: kept files, and the difference to what stands."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from server.commit import Desk
from server.errors import Conflict
from server.i18n import _
from server.journal import bulk_files
from server.journal.differences import removed_and_added
from server.patches import Bulk, BulkFile, Dataset
from server.sorting import sorted_lines


@dataclass(frozen=True, slots=True)
class Prepared:
    """A bulk change, and the number of the bulk entry (0: none) that it starts from."""

    bulk: Bulk
    since: int

    @property
    def changes_something(self) -> bool:
        return self.bulk.add is not None or self.bulk.remove is not None


def prepare(desk: Desk, dataset: Dataset, graph: NamedNode, lines: Iterable[str]) -> Prepared:
    """The change that makes a graph hold exactly these statements (`s p o`, no graph, no dot)."""
    quads = (f"{line} {graph} .\n" for line in lines)
    full = bulk_files.write(desk.bulk_folder, sorted_lines(quads, desk.bulk_folder))
    return compare(desk, dataset, graph, full)


def compare(desk: Desk, dataset: Dataset, graph: NamedNode, full: BulkFile | None) -> Prepared:
    """The change from what stands to a kept file of sorted N-Quads (None: an empty graph)."""
    since, before = standing(desk, dataset, graph)
    if before is None:
        return Prepared(Bulk(dataset, graph.value, add=full, full=full), since)
    if full is None:
        return Prepared(Bulk(dataset, graph.value, remove=before), since)
    old, new = (bulk_files.path(desk.bulk_folder, file) for file in (before, full))
    remove, add = (
        bulk_files.write(
            desk.bulk_folder,
            (line for kind, line in removed_and_added(old, new) if kind == sign),
        )
        for sign in ("-", "+")
    )
    return Prepared(Bulk(dataset, graph.value, add=add, remove=remove, full=full), since)


def standing(desk: Desk, dataset: Dataset, graph: NamedNode) -> tuple[int, BulkFile | None]:
    """The number of the last bulk entry of a graph, and the file of its state."""
    found = desk.journal.graph_file(dataset, graph.value)
    if found is None:
        return 0, None
    seq, file = found
    return seq, BulkFile(**file) if file else None


def require_unchanged(desk: Desk, prepared: Prepared) -> None:
    """Raises Conflict where somebody else changed the graph since; for use inside a decision."""
    graph = NamedNode(prepared.bulk.graph)
    if standing(desk, prepared.bulk.dataset, graph)[0] != prepared.since:
        raise Conflict(_("It was changed by somebody else meanwhile. Please look again."))


def inverse(bulk: Bulk, before: BulkFile | None) -> Bulk:
    """The change that takes a bulk change back; `before` is the state that it started from."""
    return Bulk(bulk.dataset, bulk.graph, add=bulk.remove, remove=bulk.add, full=before)
