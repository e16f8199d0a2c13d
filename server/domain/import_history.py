"""Which imports of a collection, or loads of a vocabulary, stand, going by the journal."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from server.commit import Desk
from server.patches import Bulk, BulkFile, Dataset, Patch


@dataclass(frozen=True, slots=True)
class Done:
    """A change of a graph: the number of its entry, and the state before it."""

    seq: int
    bulk: Bulk
    before: BulkFile | None


def last_import(desk: Desk, dataset: Dataset, slug: str) -> tuple[Bulk, BulkFile | None] | None:
    """The last change by an import that stands, and the state before it."""
    graph = desk.names.graph("collection", slug)
    found = last_done(desk, dataset, graph, "import", "undo import")
    return (found.bulk, found.before) if found else None


def last_done(
    desk: Desk, dataset: Dataset, graph: NamedNode, done: str, undone: str
) -> Done | None:
    """The last change by an action that stands, where another takes it back."""
    stack: list[Done] = []
    before: BulkFile | None = None
    for seq, action, bulk in _history(desk, dataset, graph):
        if action == done:
            stack.append(Done(seq, bulk, before))
        elif action == undone and stack:
            stack.pop()
        else:
            stack.clear()
        before = bulk.full
    return stack[-1] if stack else None


def _history(desk: Desk, dataset: Dataset, graph: NamedNode) -> Iterator[tuple[int, str, Bulk]]:
    """(number, action, change) of each bulk entry of a graph, oldest first."""
    for seq in desk.journal.bulk_sequences():
        entry = desk.journal.get(seq)
        for bulk in Patch.from_json({"bulk": entry.patch["bulk"]}).bulk:
            if bulk.dataset == dataset and bulk.graph == graph.value:
                yield seq, entry.action, bulk
