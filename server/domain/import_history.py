"""Which imports of a collection stand, going by the journal."""

from collections.abc import Iterator

from pyoxigraph import NamedNode

from server.commit import Desk
from server.patches import Bulk, BulkFile, Dataset, Patch


def last_import(desk: Desk, dataset: Dataset, slug: str) -> tuple[Bulk, BulkFile | None] | None:
    """The last change by an import that stands, and the state before it."""
    graph = desk.names.graph("collection", slug)
    stack: list[tuple[Bulk, BulkFile | None]] = []
    before: BulkFile | None = None
    for action, bulk in _history(desk, dataset, graph):
        if action == "import":
            stack.append((bulk, before))
        elif action == "undo import" and stack:
            stack.pop()
        else:
            stack.clear()
        before = bulk.full
    return stack[-1] if stack else None


def _history(desk: Desk, dataset: Dataset, graph: NamedNode) -> Iterator[tuple[str, Bulk]]:
    """(action, change) of each bulk entry of a graph, oldest first."""
    for seq in desk.journal.bulk_sequences():
        entry = desk.journal.get(seq)
        for bulk in Patch.from_json({"bulk": entry.patch["bulk"]}).bulk:
            if bulk.dataset == dataset and bulk.graph == graph.value:
                yield entry.action, bulk
