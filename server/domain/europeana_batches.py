"""Several new annotations in one upload (`POST /annotations/`), which the API takes whole or not.

It wants the rights of an administrator, so that the setting `europeana_batch` is 1 by default.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby, islice

from server.domain import europeana_exports, europeana_plans
from server.domain.europeana_deliveries import Run
from server.domain.europeana_exports import Prepared
from server.domain.europeana_requests import Limited, Unanswered
from server.errors import CrowdHeritageError
from server.journal import europeana
from server.journal.accounts import writing
from server.journal.europeana import PushRow


def grouped(rows: Iterable[PushRow], size: int) -> Iterator[list[PushRow]]:
    """New ones together, as many as go into one upload; all others one by one."""
    for new, run in groupby(rows, key=lambda row: (row.task, row.state) == ("create", "waiting")):
        while part := list(islice(run, max(size, 1) if new else 1)):
            yield part


def create(run: Run, rows: list[PushRow]) -> list[PushRow]:
    """Returns those that are left to be sent one by one: all of them where one is refused.

    Raises Unanswered; they stay as being sent, and each is looked for before it is sent again.
    """
    ready = list(_ready(run, rows))
    names = {row.annotation for row, _prepared in ready}
    left = [row for row in rows if row.annotation not in names]
    if len(ready) < 2:
        return rows
    _put(run, [row for row, _prepared in ready])
    try:
        made = run.client.create_many([each.annotation or {} for _row, each in ready])
    except Unanswered:
        raise
    except CrowdHeritageError as error:
        waiting = [replace(row, state="waiting") for row, _prepared in ready]
        _put(run, waiting)
        if isinstance(error, Limited):
            raise
        return rows
    now = run.at()
    run.counts["created"] += len(ready)
    _put(run, [
        replace(row, state="sent", task="", sent_digest=row.digest, remote=remote.iri,
                etag=remote.etag, reason="", detail="", at=now, sent=now)
        for (row, _prepared), remote in zip(ready, made, strict=True)
    ])  # fmt: skip
    return left


def _ready(run: Run, rows: list[PushRow]) -> Iterator[tuple[PushRow, Prepared]]:
    """Those that can go as they are, each as it is while being sent."""
    for row in rows:
        prepared = europeana_exports.prepare(run.desk, row.annotation, run.items)
        if prepared is None or prepared.annotation is None:
            continue
        level = europeana_plans.level(row, prepared, run.slug, run.at(), True)
        if (level.task, level.state) == ("create", "waiting"):
            yield replace(level, state="sending", target=prepared.target, at=run.at()), prepared


def _put(run: Run, rows: list[PushRow]) -> None:
    with writing(run.desk.accounts) as connection:
        europeana.put(connection, rows)
