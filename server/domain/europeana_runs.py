"""Sending what waits to Europeana: the queue of a campaign, one run at a time."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from weakref import WeakKeyDictionary

from server.commit import Desk
from server.domain import europeana_batches, europeana_deliveries, europeana_plans
from server.domain.europeana_deliveries import Run
from server.domain.europeana_requests import Limited, Rejected, Unanswered
from server.errors import Conflict, Unavailable
from server.i18n import _
from server.journal import europeana
from server.journal.accounts import writing
from server.journal.europeana import PushRow
from server.names import timestamp

PAGE = 50
_OPEN = ("sending", "waiting")
_MOST_SILENT = 3  # annotations in a row without an answer, before the run ends
_ORDER = ("delete", "update", "create")  # what is taken back makes room for the same by others


def send(
    run: Run, *, progress: europeana_plans.Progress = lambda *_: None,
    stop: Callable[[], bool] = lambda: False,
) -> Counter[str]:  # fmt: skip
    """Send what waits and is due. Raises Unavailable where Europeana wants or gives no more.

    Whatever happens, the queue says what is done and what is not.
    """
    with alone(run.desk):
        run.client.require_access()
        done, total = 0, _waiting(run)
        for rows in europeana_batches.grouped(_due(run), run.desk.settings.europeana_batch):
            if stop() or run.desk.stopping.is_set():
                raise Unavailable(_("The work was stopped."))
            for row in _left_of_batch(run, rows) if len(rows) > 1 else rows:
                _one(run, row)
            done += len(rows)
            progress(_("annotations"), done, total)
    return run.counts


def _waiting(run: Run) -> int:
    with europeana.create_tables(run.desk.accounts).connect() as connection:
        counts = europeana.counts(connection, run.slug)
    return sum(count for (state, _), count in counts.items() if state in _OPEN)


def _due(run: Run) -> Iterator[PushRow]:
    """Each once: what is put off meanwhile comes again in the next run."""
    due = run.at()
    for task in _ORDER:
        after = ""
        while True:
            with run.desk.accounts.connect() as connection:
                rows = europeana.page(
                    connection, run.slug, _OPEN, after=after, limit=PAGE,
                    task=task, due=due,
                )  # fmt: skip
            if not rows:
                break
            yield from rows
            after = rows[-1].annotation


def _left_of_batch(run: Run, rows: list[PushRow]) -> list[PushRow]:
    try:
        return europeana_batches.create(run, rows)
    except Unanswered:  # each is looked for
        return rows
    except Limited as error:
        _postpone(run, error)
        raise


def _postpone(run: Run, error: Limited) -> None:
    until = timestamp(run.clock() + timedelta(seconds=error.seconds))
    with writing(run.desk.accounts) as connection:
        europeana.postpone(connection, run.slug, until)


def _one(run: Run, row: PushRow) -> None:
    """Raises what ends the run; what is about this annotation alone is noted."""
    try:
        europeana_deliveries.deliver(run, row)
        run.silent = 0
    except Limited as error:
        _postpone(run, error)
        raise
    except Unanswered as error:
        europeana_deliveries.put_off(run, row, str(error))
        run.silent += 1
        if run.silent >= _MOST_SILENT:
            raise
    except Rejected as error:
        europeana_deliveries.refused(run, row, error)


_locks: "WeakKeyDictionary[Desk, threading.Lock]" = WeakKeyDictionary()
_guard = threading.Lock()


@contextmanager
def alone(desk: Desk) -> Iterator[None]:
    """One run at a time. Raises Conflict where one is under way."""
    with _guard:
        lock = _locks.setdefault(desk, threading.Lock())
    if not lock.acquire(blocking=False):
        raise Conflict(_("Something is being sent to Europeana already."))
    try:
        yield
    finally:
        lock.release()
