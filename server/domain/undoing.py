"""Taking back what one did in this visit: the inverse of an entry of the journal, as a new entry.

The new entry is stored under the key `undo/{number}`, which is the reference to the one that it
takes back, and keeps anybody from taking it back twice. Only what is still as that entry left it
goes back; what others have said since stands, and where they built on it nothing is taken back.
"""

from datetime import datetime, timedelta

from server.commit import Desk
from server.domain import batches, entry_readings, inverses
from server.domain.accounts import Person
from server.errors import Conflict, NotFound
from server.i18n import _
from server.index import histories
from server.index.histories import Mark
from server.journal.entries import Entry, RepeatedKey
from server.names import timestamp
from server.patches import Patch

#: How long a visit is: what was done before is taken back where it stands, one by one.
VISIT = timedelta(hours=12)
ACTIONS = ("propose", "vote", "withdraw", "finished", "skipped", "decide")
_BATCH = "#batch-"


def undo(desk: Desk, person: Person, seq: int, *, now: datetime) -> Entry:
    """Take back what one's own entry did; returns that entry.

    Raises NotFound for what is no entry of theirs, Conflict for what cannot be taken back: it is
    too old or of another kind, was taken back before, has changed since, or others built on it.
    """
    entry = get_own(desk, person, seq)
    refusal = why_not(desk, entry, now)
    if refusal:
        raise Conflict(refusal)
    if batch := batch_of(entry):
        _undo_batch(desk, person, batch, now)
        return entry

    def decide(desk: Desk) -> tuple[Patch, Entry]:
        return inverses.of(desk, person, entry, now), entry

    try:
        return desk.commit(
            decide, by=person.agent.value, action="undo", now=now, key=f"{entry_readings.UNDO}{seq}"
        )
    except RepeatedKey:
        raise Conflict(_("This was taken back already.")) from None


def get_own(desk: Desk, person: Person, seq: int) -> Entry:
    """Raises NotFound, also for somebody else's."""
    entry = desk.journal.find_some([seq]).get(seq) if 0 < seq < histories.NEWEST else None
    if entry is None or entry.agent != person.agent.value:
        raise NotFound(_("There is nothing of yours to take back here."))
    return entry


def why_not(desk: Desk, entry: Entry, now: datetime) -> str:
    """What speaks against taking it back at first sight, in words; "" for nothing."""
    if entry.action not in ACTIONS:
        return _("This cannot be taken back here.")
    if entry.at < timestamp(now - VISIT):
        return _("This is too long ago to be taken back at once.")
    if desk.journal.find_keys([f"{entry_readings.UNDO}{entry.seq}"]):
        return _("This was taken back already.")
    return ""


def visit(
    desk: Desk, person: Person, now: datetime, limit: int, before: int = histories.NEWEST
) -> list[Mark]:
    """What this person did in this visit, newest first."""
    since = timestamp(now - VISIT)
    connection = desk.index.read()
    return histories.of_agent(connection, person.agent.value, since, ACTIONS, limit, before)


def latest(desk: Desk, person: Person, since: datetime) -> int | None:
    """The number of the last thing that they did from then on, where it can be taken back."""
    connection, agent = desk.index.read(), person.agent.value
    marks = histories.of_agent(connection, agent, timestamp(since), ACTIONS, 1)
    return marks[0].seq if marks else None


def batch_of(entry: Entry) -> str:
    """The batch (an IRI) that the entry is a page of; "" for a single contribution."""
    work = entry.patch.get("work", {})
    lines = (*work.get("add", ()), *work.get("remove", ()))
    subjects = (line.partition("> ")[0][1:] for line in lines)
    return next((each for each in subjects if _BATCH in each), "")


def _undo_batch(desk: Desk, person: Person, batch: str, now: datetime) -> None:
    campaign, _hash, name = batch.partition(_BATCH)
    slug = desk.names.local(campaign, "campaign") or ""
    try:
        row = batches.get(desk, person, slug, name)
    except NotFound:
        raise Conflict(_("This was taken back already.")) from None
    batches.undo(desk, person, row, now=now)
