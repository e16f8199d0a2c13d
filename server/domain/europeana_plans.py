"""What has to be sent to Europeana: what is published compared with what was sent before.

The outcome is the queue, rows of `journal.europeana` that are waiting; nothing is sent here.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from server.commit import Desk
from server.domain import blindness, campaigns, europeana_exports, permissions
from server.domain.accounts import Person
from server.domain.campaigns import Campaign
from server.domain.europeana_exports import PAGE, Prepared
from server.domain.europeana_items import Cache
from server.errors import Conflict, NotFound, Unavailable
from server.formats import europeana_annotations
from server.i18n import _
from server.journal import europeana
from server.journal.accounts import writing
from server.journal.europeana import PushRow
from server.names import timestamp
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)
_STATES = ("waiting", "sending", "sent", "refused", "unsendable", "deleted")
Progress = Callable[[str, int, int], None]


def require(desk: Desk, person: Person | None, slug: str) -> Campaign:
    """The campaign, of which this person may publish. Raises NotFound, NotSignedIn, Forbidden."""
    campaign = campaigns.get_campaign(desk, permissions.viewer(person), slug)
    permissions.require(person, "publish", campaign)
    return campaign


def set_by_itself(desk: Desk, organiser: Person, slug: str, on: bool, *, now: datetime) -> Campaign:
    """Whether what is published goes to Europeana without anybody's starting it."""
    require(desk, organiser, slug)
    standing = campaigns.find_standing(desk, slug)
    if standing is None:
        raise NotFound(_("There is no such campaign."))
    return campaigns.edit(desk, organiser, replace(standing, to_europeana=on), now=now)


def is_sendable(campaign: Campaign) -> bool:
    """Of a draft, or a blind campaign that is not closed, things are only taken back."""
    return campaign.dataset == "public" and not blindness.in_force(campaign)


def require_sendable(campaign: Campaign) -> None:
    """Raises Conflict for a draft, and for a blind campaign that is not closed."""
    if campaign.dataset != "public":
        raise Conflict(_("Open the campaign before you publish from it."))
    blindness.require_publishable(campaign)


def prepare(
    desk: Desk, slug: str, *, now: datetime, again: bool = False,
    progress: Progress = lambda *_: None, stop: Callable[[], bool] = lambda: False,
) -> int:  # fmt: skip
    """Bring the queue level with what a campaign has published; returns how many were looked at.

    With `again`, what was refused before is tried once more. Nothing changes at Europeana.
    """
    _withdraw_absent(desk, slug, now, stop)
    if not is_sendable(campaigns.get_campaign(desk, _ALL, slug)):
        return 0
    items, done = Cache(desk), 0
    for names in europeana_exports.pages(desk, slug):
        if stop():
            raise Unavailable(_("The work was stopped."))
        found = [each for name in names if (each := europeana_exports.prepare(desk, name, items))]
        _queue(desk, slug, found, now, again)
        done += len(names)
        progress(_("annotations"), done, 0)
    return done


def level(row: PushRow | None, prepared: Prepared, slug: str, at: str, again: bool) -> PushRow:
    """The row as it should be for what is published now."""
    row = row or PushRow(prepared.id, slug)
    row = replace(row, campaign=slug, item=prepared.item)
    if prepared.annotation is None:
        return _unsendable(row, prepared.reason, prepared.detail, at)
    row = replace(
        row, digest=europeana_annotations.digest(prepared.annotation), same=prepared.same,
        target=row.target if row.state == "sending" else prepared.target,
    )  # fmt: skip
    if row.state == "sending":  # perhaps it stands there: see `europeana_runs`
        return replace(row, task="create", reason="", detail="")
    if row.state == "refused" and not again and row.digest == row.sent_digest:
        return row
    if row.remote and row.digest == row.sent_digest and row.state != "refused":
        return replace(row, state="sent", task="", reason="", detail="", not_before="")
    task = "update" if row.remote else "create"
    if row.state == "waiting" and row.task == task:
        return row
    return replace(
        row, state="waiting", task=task, reason="", detail="", not_before="", tries=0, at=at
    )


def _unsendable(row: PushRow, reason: str, detail: str, at: str) -> PushRow:
    """What stands there and cannot be sent any more is taken back."""
    if stands(row):
        return withdrawn(row, at, reason, detail)
    if row.state == "unsendable" and (row.reason, row.detail) == (reason, detail):
        return row
    return replace(row, state="unsendable", task="", reason=reason, detail=detail, at=at)


def stands(row: PushRow) -> bool:
    """Whether it is there, or may be."""
    return bool(row.remote) or row.state == "sending"


def withdrawn(row: PushRow, at: str, reason: str = "withdrawn", detail: str = "") -> PushRow:
    """To be deleted there. A creation of which nobody knows whether it was done is found first."""
    if row.task == "delete" and (row.reason, row.detail) == (reason, detail):
        return row
    return replace(
        row, state="sending" if row.state == "sending" else "waiting", task="delete",
        reason=reason, detail=detail, not_before="", tries=0, at=at,
    )  # fmt: skip


def _queue(desk: Desk, slug: str, found: list[Prepared], now: datetime, again: bool) -> None:
    at = timestamp(now)
    with writing(europeana.create_tables(desk.accounts)) as connection:
        known = europeana.find(connection, [each.id for each in found])
        for prepared in found:
            before = known.get(prepared.id)
            row = level(before, prepared, slug, at, again)
            creates = row.task == "create" and row.state == "waiting"
            if creates and (twin := europeana.twin(connection, row.same, row.annotation)):
                row = _unsendable(row, "twice", twin, at)
            if row != before:
                europeana.put(connection, [row])


def _withdraw_absent(desk: Desk, slug: str, now: datetime, stop: Callable[[], bool]) -> None:
    """What is published no longer is to be deleted there; what never was sent is forgotten."""
    for rows in _rows(desk, slug):
        if stop():
            raise Unavailable(_("The work was stopped."))
        gone = [
            row for row in rows
            if row.state != "deleted" and not europeana_exports.is_published(desk, row.annotation)
        ]  # fmt: skip
        with writing(desk.accounts) as connection:
            for row in gone:
                if stands(row):
                    europeana.put(connection, [withdrawn(row, timestamp(now))])
                else:
                    europeana.remove(connection, row.annotation)


def _rows(desk: Desk, slug: str) -> Iterator[list[PushRow]]:
    after = ""
    while True:
        with europeana.create_tables(desk.accounts).connect() as connection:
            rows = europeana.page(connection, slug, _STATES, after=after, limit=PAGE)
        if not rows:
            return
        yield rows
        after = rows[-1].annotation
