"""Applying the files of a bulk change to a dataset.

Most graphs are changed either by patches or by files, so that the two may be replayed in any order.
What is published is changed by both: such a change (`Bulk.in_order`) has its place between the
patches, and a marker of its own says how far they are in.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, RdfFormat, parse

from server.journal import bulk_files
from server.names import CH
from server.patches import Bulk, Dataset, Patch

if TYPE_CHECKING:
    from server.commit import Desk

Progress = Callable[[str, int, int], None]
Write = Callable[[Callable[[], None]], None]


def apply(desk: "Desk", bulk: Bulk, progress: Progress, write: Write) -> None:
    """Remove in chunks, each when it is our turn (`write`); then load what is added."""
    dataset = desk.datasets[bulk.dataset]
    # Both are looked at before anything is changed.
    remove, add = (
        bulk_files.path(desk.bulk_folder, file) if file else None
        for file in (bulk.remove, bulk.add)
    )
    if bulk.remove and remove:
        done = 0
        with remove.open("rb") as stream:
            for update in dataset.remove_chunked(parse(stream, RdfFormat.N_QUADS)):
                write(lambda u=update: dataset.run_chunk(u))  # type: ignore[misc]
                done = min(done + 5_000, bulk.remove.quads)
                progress("remove", done, bulk.remove.quads)
    if bulk.add and add:
        dataset.bulk_load(add)
        progress("add", bulk.add.quads, bulk.add.quads)


def apply_in_order(desk: "Desk", name: Dataset, seq: int) -> None:
    """In our turn to write, while a dataset is brought level: those changes of an entry that stand
    between patches. In the running server they are applied as all are; until then no patch touches
    their graphs (`Desk.owed`)."""
    every = Patch.from_json(desk.journal.get(seq).patch).bulk
    if found := [bulk for bulk in every if bulk.in_order and bulk.dataset == name]:
        for bulk in found:
            apply(desk, bulk, lambda *_: None, lambda step: step())
        mark_in_order(desk, name, seq)


def mark_in_order(desk: "Desk", name: Dataset, seq: int) -> None:
    dataset = desk.datasets[name]
    if dataset.sequence(CH.orderedSequence) < seq:
        dataset.mark(seq, CH.orderedSequence)


def marker(bulk: Bulk) -> NamedNode:
    """What says how far changes of this sort are in."""
    return CH.orderedSequence if bulk.in_order else CH.bulkSequence
