"""Publishing by itself, at a time or regularly, in the running server.

What was carried out is remembered beside the journal, and the entry that it made has the time that
it was due at as its key: so it is done once, however often the server is started anew. What was
due while no server ran is done when one does, once for all the days that were missed.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from weakref import WeakKeyDictionary

from server.commit import Desk
from server.domain import (
    accounts,
    campaigns,
    jobs,
    publication_outcomes,
    publication_writing,
    publishing,
)
from server.domain.accounts import Person
from server.domain.campaigns import Campaign
from server.domain.jobs import Job
from server.errors import CrowdHeritageError, NotFound, Unavailable
from server.i18n import _
from server.index import queues
from server.journal.entries import RepeatedKey
from server.names import timestamp
from server.viewers import Viewer

logger = logging.getLogger(__name__)
_ALL = Viewer(sees_work=True)
_PAUSE = timedelta(minutes=1)  # before what failed for want of room is tried again


@dataclass(frozen=True, slots=True)
class Due:
    """A publication of a campaign (a slug) that was to be done at a time; `name` is of its fact."""

    slug: str
    at: datetime
    name: str

    @property
    def key(self) -> str:
        return f"publish/{self.slug}/{timestamp(self.at)}"


def keep(desk: Desk, now: datetime) -> None:
    """Begin what is due, and go on with what was left over; called every few seconds."""
    if desk.owed and not publication_writing.is_under_way(desk):
        _begin(desk, "", lambda: publication_writing.work_in(desk))
    for each in due(desk, now):
        if not publication_writing.is_under_way(desk, each.slug):
            _begin(desk, each.slug, lambda d=each: run(desk, d, now=now))  # type: ignore[misc]


def due(desk: Desk, now: datetime) -> list[Due]:
    """What is to be published by now and was not yet."""
    slugs = [row.slug for row in queues.campaigns(_ALL, desk.index.read())]
    return [each for slug in slugs for each in _of_campaign(desk, slug, now)]


def _of_campaign(desk: Desk, slug: str, now: datetime) -> Iterator[Due]:
    try:
        campaign = campaigns.get_campaign(desk, _ALL, slug)
    except NotFound:
        return
    at, name = campaign.publish_at, f"published/{slug}/at"
    if at is not None and at <= now and desk.journal.fact(name) != timestamp(at):
        yield Due(slug, at, name)
    yield from _regular(desk, campaign, now)


def _regular(desk: Desk, campaign: Campaign, now: datetime) -> Iterator[Due]:
    """The first time is the next one after the rule was seen first."""
    name = f"published/{campaign.slug}/every"
    known = desk.journal.fact(name) or ""
    every, _space, done = known.partition(" ")
    if every != campaign.publish_every:
        said = f"{campaign.publish_every} {timestamp(now)}" if campaign.publish_every else ""
        desk.journal.set_fact(name, said)
    elif campaign.publish_every and done < timestamp(last := latest(every, now)):
        yield Due(campaign.slug, last, name)


def latest(every: str, now: datetime) -> datetime:
    """The last midnight (UTC), of weeks that before Monday."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=midnight.weekday()) if every == "week" else midnight


def following(campaign: Campaign, now: datetime) -> datetime | None:
    """When it will be published next by itself, as far as is known."""
    step = {"day": timedelta(days=1), "week": timedelta(weeks=1)}.get(campaign.publish_every)
    times = [latest(campaign.publish_every, now) + step] if step else []
    if campaign.publish_at is not None and campaign.publish_at > now:
        times.append(campaign.publish_at)
    return min(times, default=None)


def run(desk: Desk, due: Due, *, now: datetime) -> None:
    """Publish it, once. What keeps it from being published is noted for the organisers; what keeps
    the server from writing is tried again later (raises Unavailable)."""
    person = system(desk)
    try:
        if desk.journal.find_key(due.key) is None:
            publishing.carry_out(desk, person, due.slug, "publish", now=now, key=due.key)
    except RepeatedKey:
        logger.info("%s was done before", due.key)
    except Unavailable:
        raise
    except CrowdHeritageError as error:
        why = _("It was to be published by itself, but: {reason}", reason=error)
        publication_outcomes.note_failure(desk, due.slug, why, person.agent.value, now)
    _note(desk, due)


def _note(desk: Desk, due: Due) -> None:
    campaign = campaigns.find_standing(desk, due.slug)
    every = campaign.publish_every if campaign else ""
    regular = due.name.endswith("/every")
    desk.journal.set_fact(
        due.name, f"{every} {timestamp(due.at)}" if regular else timestamp(due.at)
    )


def system(desk: Desk) -> Person:
    """Who publishes where nobody presses a button."""
    return Person(
        id=accounts.SYSTEM, name="System", role="admin", guest=False,
        agent=desk.names.agent(accounts.SYSTEM),
    )  # fmt: skip


# --- in the background -----------------------------------------------------------------------


@dataclass(slots=True)
class _Begun:
    until: datetime | None = None


_begun: "WeakKeyDictionary[Desk, dict[str, _Begun]]" = WeakKeyDictionary()
_guard = threading.Lock()


def _begin(desk: Desk, slug: str, work: Callable[[], None]) -> None:
    """As a job, unless it runs, or failed a moment ago."""
    with _guard:
        known = _begun.setdefault(desk, {})
        before = known.get(slug)
        if before and (before.until is None or datetime.now(UTC) < before.until):
            return
        begun = known[slug] = _Begun()

    def done(_job: Job) -> str:
        try:
            work()
        except BaseException:
            begun.until = datetime.now(UTC) + _PAUSE
            raise
        with _guard:
            known.pop(slug, None)
        return f"/campaigns/{slug}/publish" if slug else "/"

    job = Job(_("Publishing by itself"), may_stop=False, again=f"/campaigns/{slug}/publish")
    jobs.of(desk).start(job, done)
