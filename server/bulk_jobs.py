"""Applying bulk entries: their files, in chunks between which contributions go through.

Every part may be repeated: removing and adding the same quads, and writing rows from what the
stores hold. The marks are moved at the end, so an interrupted entry is simply begun anew.
"""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from server import bulk_changes, replays
from server.bulk_changes import Progress
from server.errors import Unavailable
from server.i18n import _
from server.names import CH
from server.patches import DATASETS, Patch

if TYPE_CHECKING:
    from server.commit import Desk

logger = logging.getLogger(__name__)


def run(desk: "Desk", progress: Progress) -> None:
    """Every entry that a projection lacks, in order. Raises what keeps one from being applied."""
    if desk.stopping.is_set():
        raise Unavailable(_("The server is stopping. Please try again in a moment."))
    for seq in desk.journal.bulk_sequences(_done(desk)):
        _run_entry(desk, seq, progress)


def mend(desk: "Desk") -> None:
    """At start: as `run`, but an entry that is refused twice (its file is damaged) is set aside."""
    done = _done(desk)
    if done == 0:
        desk.journal.forget_refusals("bulk")
    try:
        for seq in desk.journal.bulk_sequences(done):
            desk.owe(Patch.from_json(desk.journal.get(seq).patch))
            replays.twice(
                desk, seq, "bulk",
                lambda s=seq: _run_entry(desk, s, lambda *_: None),  # type: ignore[misc]
                lambda s=seq: _mark(desk, s),  # type: ignore[misc]
            )  # fmt: skip
    except Exception:
        logger.exception("bulk entries lag behind")
        desk.behind.add("bulk")


def _done(desk: "Desk") -> int:
    marks = [desk.datasets[name].sequence(CH.bulkSequence) for name in DATASETS]
    return min(*marks, desk.index.marked("bulk"))


def _run_entry(desk: "Desk", seq: int, progress: Progress) -> None:
    entry = desk.journal.get(seq)
    patch = Patch.from_json(entry.patch)
    for bulk in patch.bulk:
        if desk.datasets[bulk.dataset].sequence(bulk_changes.marker(bulk)) < seq:
            bulk_changes.apply(desk, bulk, progress, desk.write)
    for name in {bulk.dataset for bulk in patch.bulk if bulk.in_order}:
        desk.write(lambda n=name: bulk_changes.mark_in_order(desk, n, seq))  # type: ignore[misc]
    _mark_datasets(desk, seq)
    for bulk in patch.bulk:
        for step in desk.projection.bulk(desk, bulk, entry):
            desk.write(lambda s=step: _index_step(desk, s))  # type: ignore[misc]
    desk.write(lambda: _mark_index(desk, seq))


def _mark(desk: "Desk", seq: int) -> None:
    _mark_datasets(desk, seq)
    desk.write(lambda: _mark_index(desk, seq))


def _mark_datasets(desk: "Desk", seq: int) -> None:
    for name in DATASETS:
        dataset = desk.datasets[name]
        if dataset.sequence(CH.bulkSequence) < seq:
            desk.write(lambda d=dataset: d.mark(seq, CH.bulkSequence))  # type: ignore[misc]


def _index_step(desk: "Desk", step: Callable[[], None]) -> None:
    with desk.index.write:
        step()


def _mark_index(desk: "Desk", seq: int) -> None:
    with desk.index.write:
        desk.index.mark("bulk", seq)
