"""One annotation on its way to Europeana: created, updated or deleted there, never twice.

Before an annotation is created, that it is being sent is noted; what is found so later (the
process ended, no answer came) is looked for over there first, by our own address in it.
"""

import contextlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from server.commit import Desk
from server.domain import europeana_exports, europeana_plans
from server.domain.europeana_clients import Client
from server.domain.europeana_exports import Prepared
from server.domain.europeana_items import Cache
from server.domain.europeana_requests import Changed, Rejected, Unanswered, Vanished
from server.errors import CrowdHeritageError
from server.formats.europeana_answers import Remote
from server.journal import europeana
from server.journal.accounts import writing
from server.journal.europeana import PushRow
from server.names import timestamp

_TRIES = 3  # to create one, looking for it in between
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
Clock = Callable[[], datetime]


@dataclass(slots=True)
class Run:
    """One run over the queue of a campaign; `counts` by outcome."""

    desk: Desk
    slug: str
    client: Client
    clock: Clock = lambda: datetime.now(UTC)
    counts: Counter[str] = field(default_factory=Counter)
    silent: int = 0
    items: Cache = field(init=False)

    def __post_init__(self) -> None:
        self.items = Cache(self.desk)

    def at(self) -> str:
        return timestamp(self.clock())

    def put(self, row: PushRow) -> None:
        with writing(self.desk.accounts) as connection:
            europeana.put(connection, [row])

    def forget(self, row: PushRow) -> None:
        with writing(self.desk.accounts) as connection:
            europeana.remove(connection, row.annotation)


def deliver(run: Run, row: PushRow) -> None:
    """Do what is to be done. Raises Rejected, Unanswered and what ends a run."""
    for turn in range(_TRIES):
        current = _current(run, row)
        try:
            if current.state == "sending":
                current = _looked_up(run, current)
            if current.task == "delete":
                _delete(run, current)
            elif current.task:
                _write(run, current)
            return
        except Unanswered:
            if turn == _TRIES - 1 or _current(run, row).state != "sending":
                raise
        run.client.rest(turn)


def _current(run: Run, row: PushRow) -> PushRow:
    """The row as it stands by now."""
    with run.desk.accounts.connect() as connection:
        return europeana.find(connection, [row.annotation]).get(row.annotation, row)


def _looked_up(run: Run, row: PushRow) -> PushRow:
    """After a creation of which nobody knows how it ended. What is found is written once more:
    it may have changed since."""
    iri = run.desk.names.annotation(row.annotation).value
    found = run.client.find(row.target, iri)
    if found is None and row.task == "delete":
        run.forget(row)
        return replace(row, state="deleted", task="")
    known = replace(row, state="waiting", sent_digest="")
    if found is not None:
        task = "delete" if row.task == "delete" else "update"
        known = replace(known, task=task, remote=found.iri, etag=found.etag, sent=run.at())
    run.put(known)
    return known


def _write(run: Run, row: PushRow) -> None:
    prepared = europeana_exports.prepare(run.desk, row.annotation, run.items)
    if prepared is None:  # withdrawn since it was queued
        if row.remote:
            _delete(run, europeana_plans.withdrawn(row, run.at()))
        else:
            run.forget(row)
        return
    row = europeana_plans.level(row, prepared, run.slug, run.at(), True)
    if prepared.annotation is None or row.state != "waiting":
        run.put(row)
        return
    if row.remote:
        _update(run, row, prepared)
    else:
        _create(run, row, prepared)


def _create(run: Run, row: PushRow, prepared: Prepared) -> None:
    assert prepared.annotation is not None
    sending = replace(row, state="sending", target=prepared.target, at=run.at())
    run.put(sending)
    try:
        remote = run.client.create(prepared.annotation)
    except Unanswered:
        raise  # it stays as being sent
    except CrowdHeritageError as error:
        run.put(replace(sending, state="waiting"))
        if not isinstance(error, Rejected) or error.status not in (400, 409):
            raise
        # Perhaps it stands there already, from before a backup was put back.
        found = run.client.find(prepared.target, prepared.annotation["canonical"])
        if found is None:
            raise
        _update(run, replace(sending, remote=found.iri, etag=found.etag), prepared)
        return
    sent(run, sending, remote, "created")


def _update(run: Run, row: PushRow, prepared: Prepared) -> None:
    assert prepared.annotation is not None
    remote = Remote(row.remote, row.etag)
    try:
        remote = run.client.update(remote, prepared.annotation)
    except Changed:
        remote = run.client.update(run.client.get(remote), prepared.annotation)
    sent(run, row, remote, "updated")


def _delete(run: Run, row: PushRow) -> None:
    remote = Remote(row.remote, row.etag)
    with contextlib.suppress(Vanished):
        try:
            run.client.delete(remote)
        except Changed:
            run.client.delete(run.client.get(remote))
    reason = row.reason or "withdrawn"
    run.counts["deleted"] += 1
    run.put(replace(
        row, state="deleted", task="", digest="", sent_digest="", etag="", reason=reason,
        remote="", detail=row.remote, not_before="", at=run.at(),
    ))  # fmt: skip


def sent(run: Run, row: PushRow, remote: Remote, outcome: str) -> None:
    now = run.at()
    run.counts[outcome] += 1
    run.put(replace(
        row, state="sent", task="", sent_digest=row.digest, remote=remote.iri, etag=remote.etag,
        reason="", detail="", not_before="", tries=0, at=now, sent=now,
    ))  # fmt: skip


def refused(run: Run, row: PushRow, error: Rejected) -> None:
    """Until the annotation changes, or an organiser has it tried again."""
    current = _current(run, row)
    run.counts["refused"] += 1
    gone = isinstance(error, Vanished)
    run.put(replace(
        current, state="refused", task="", sent_digest=current.digest, reason=str(error.status),
        detail=str(error), remote="" if gone else current.remote, at=run.at(),
    ))  # fmt: skip


def put_off(run: Run, row: PushRow, why: str) -> None:
    """Tried again later, each time later; one that was being created stays so."""
    current = _current(run, row)
    wait = min(_FIRST_WAIT * 2 ** min(current.tries, 10), _LONGEST_WAIT)
    run.counts["waiting"] += 1
    run.put(replace(
        current, tries=current.tries + 1, not_before=timestamp(run.clock() + wait), detail=why,
    ))  # fmt: skip
