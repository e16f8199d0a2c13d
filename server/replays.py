"""Bringing a projection level: the journal's entries that it lacks, replayed in their order.

An entry that is refused twice is set aside, so that what comes after it is not held up. A
projection that cannot be written at all (a full disk) refuses nothing: it stays behind.
"""

import logging
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from server import bulk_changes
from server.errors import Unavailable
from server.journal.entries import Entry
from server.names import CH
from server.patches import Dataset, Patch

if TYPE_CHECKING:
    from server.commit import Desk

logger = logging.getLogger(__name__)
Projected = Literal["public", "work", "index"]


def catch_up(desk: "Desk", projection: Projected) -> None:
    """In our turn to write. Raises what keeps the projection from being written."""
    if projection == "index":
        _index(desk)
    else:
        _dataset(desk, projection)


def twice(
    desk: "Desk", seq: int, projection: str, work: Callable[[], None], pass_over: Callable[[], None]
) -> None:
    """Do the work of an entry; set it aside where that fails again.

    `pass_over` writes the projection's mark alone: where even that fails, it is not the entry that
    is at fault, and the error goes on to the caller.
    """
    for again in (False, True):
        try:
            work()
            return
        except (OSError, sqlite3.OperationalError, Unavailable):
            raise  # the disk, not the entry
        except Exception as error:
            logger.exception("%s refuses entry %s", projection, seq)
            if again:
                pass_over()
                desk.journal.set_aside(seq, projection, f"{type(error).__name__}: {error}")


def _dataset(desk: "Desk", name: Dataset) -> None:
    dataset = desk.datasets[name]
    after = dataset.sequence()
    if after == 0:
        desk.journal.forget_refusals(name)
    for entry in desk.journal.entries(after):
        if "bulk" in entry.patch:
            _in_order(desk, name, entry.seq)
        if name in entry.patch:
            twice(
                desk, entry.seq, name,
                lambda e=entry: dataset.apply(Patch.from_json(e.patch).change(name), e.seq),  # type: ignore[misc]
                lambda e=entry: dataset.mark(e.seq),  # type: ignore[misc]
            )  # fmt: skip


def _in_order(desk: "Desk", name: Dataset, until: int) -> None:
    """The bulk changes up to an entry that stand between patches, as far as they are lacking."""
    after = desk.datasets[name].sequence(CH.orderedSequence)
    for seq in desk.journal.bulk_sequences(after):
        if seq <= until:
            twice(
                desk, seq, name,
                lambda s=seq: bulk_changes.apply_in_order(desk, name, s),  # type: ignore[misc]
                lambda s=seq: bulk_changes.mark_in_order(desk, name, s),  # type: ignore[misc]
            )  # fmt: skip


def _index(desk: "Desk") -> None:
    """All that the missing entries touched is read anew from the stores, at once if that works."""
    after, last = desk.index.marked("sequence"), desk.journal.last()
    if after == 0:
        desk.journal.forget_refusals("index")
    if after >= last:
        return
    try:
        with desk.index.write:
            for step in desk.projection.replay(desk, after):
                step()
            desk.index.mark("sequence", last)
    except Exception:
        logger.exception("the index takes its entries one by one")
        for entry in desk.journal.entries(after):
            _index_entry(desk, entry)


def _index_entry(desk: "Desk", entry: Entry) -> None:
    def pass_over() -> None:
        with desk.index.write:
            desk.index.mark("sequence", entry.seq)

    twice(
        desk, entry.seq, "index",
        lambda: desk.project_index(entry, Patch.from_json(entry.patch)), pass_over,
    )  # fmt: skip
