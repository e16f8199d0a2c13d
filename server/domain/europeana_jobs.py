"""Sending to Europeana in the background: when an organiser starts it, or by itself.

Where a campaign says so (`ch:toEuropeana`), what is published, changed or taken back goes there
within a minute or so, as does what was put off and has become due.
"""

import logging
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

from sqlalchemy.exc import SQLAlchemyError

from server.commit import Desk
from server.domain import (
    campaigns,
    europeana_matches,
    europeana_plans,
    europeana_runs,
    jobs,
)
from server.domain.accounts import Person
from server.domain.campaigns import Campaign
from server.domain.europeana_clients import Client
from server.domain.europeana_deliveries import Run
from server.domain.jobs import Job
from server.errors import CrowdHeritageError
from server.i18n import _, ngettext
from server.index import changes, queues
from server.journal import europeana
from server.names import timestamp
from server.viewers import Viewer

logger = logging.getLogger(__name__)
_ALL = Viewer(sees_work=True)
_PAUSE_SECONDS = 300.0  # after what did not work


def push(desk: Desk, organiser: Person, slug: str, *, again: bool, dry: bool) -> Job:
    """Raises NotFound, NotSignedIn or Forbidden; what goes wrong later is told by the job."""
    europeana_plans.require(desk, organiser, slug)
    title = _("Looking at what would be sent to Europeana") if dry else _("Sending to Europeana")

    def work(job: Job) -> str:
        job.message = _run(desk, slug, job, again=again, dry=dry)
        return _address(slug)

    return jobs.of(desk).start(Job(title, again=_address(slug)), work)


def search(desk: Desk, organiser: Person, slug: str, *, again: bool) -> Job:
    """Looks for items at Europeana that could be those of the campaign that nobody knows there."""
    europeana_plans.require(desk, organiser, slug)
    address = f"{_address(slug)}/matches"

    def work(job: Job) -> str:
        client = client_of(desk, job)
        client.require_key()
        found = europeana_matches.search(
            desk, slug, client, now=datetime.now(UTC), again=again, progress=job.tell,
            stop=job.stopping.is_set,
        )  # fmt: skip
        job.message = ngettext(
            "{count} item has a candidate.", "{count} items have candidates.", found
        )
        return address

    return jobs.of(desk).start(Job(_("Searching at Europeana"), again=address), work)


def client_of(desk: Desk, job: Job) -> Client:
    """Whose pauses end when the job is stopped."""
    return Client(
        desk.settings, base_iri=desk.names.base, stop=job.stopping.is_set,
        pause=lambda seconds: (job.stopping.wait(seconds), None)[1],
    )  # fmt: skip


def _run(desk: Desk, slug: str, job: Job, *, again: bool = False, dry: bool = False) -> str:
    now, stop = datetime.now(UTC), job.stopping.is_set
    europeana_plans.prepare(desk, slug, now=now, again=again, progress=job.tell, stop=stop)
    if dry:
        return ""
    run = Run(desk, slug, client_of(desk, job))
    return told(europeana_runs.send(run, progress=job.tell, stop=stop))


def told(counts: Counter[str]) -> str:
    """What a run did, in a sentence."""
    words = {
        "created": _("new"), "updated": _("changed"), "deleted": _("deleted"),
        "refused": _("refused"), "waiting": _("put off"),
    }  # fmt: skip
    said = [f"{words[name]}: {count}" for name, count in sorted(counts.items()) if count]
    return ", ".join(said) or _("There was nothing to send.")


def _address(slug: str) -> str:
    return f"/campaigns/{slug}/europeana"


# --- by itself -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Seen:
    """The last change of each campaign that was looked at; what is under way."""

    sequences: dict[str, int] = field(default_factory=dict)
    not_before: float = 0.0
    job: Job | None = None


_seen: "WeakKeyDictionary[Desk, _Seen]" = WeakKeyDictionary()
_guard = threading.Lock()


def push_by_themselves(desk: Desk) -> Job | None:
    """Start sending for one campaign that says so and has something to send; called every few
    seconds. One job at a time, which is returned while it is the last; after a failure there is a
    pause."""
    if not desk.settings.europeana_key or desk.updating or desk.stopping.is_set():
        return None
    with _guard:
        seen = _seen.setdefault(desk, _Seen())
        try:
            _push_next(desk, seen, datetime.now(UTC))
        except (CrowdHeritageError, SQLAlchemyError):
            logger.exception("looking for what goes to Europeana failed, and is tried again")
        return seen.job


def _push_next(desk: Desk, seen: _Seen, now: datetime) -> None:
    if seen.job and seen.job.state in ("waiting", "running"):
        return
    if seen.job and seen.job.state == "failed":
        seen.not_before, seen.job = now.timestamp() + _PAUSE_SECONDS, None
    if now.timestamp() < seen.not_before:
        return
    for campaign in _automatic(desk):
        sequence = changes.scope_sequence(desk.index.read(), f"campaign:{campaign.slug}")
        if seen.sequences.get(campaign.slug) != sequence or _is_due(desk, campaign.slug, now):
            seen.sequences[campaign.slug] = sequence
            seen.job = _start(desk, campaign.slug)
            return


def _automatic(desk: Desk) -> list[Campaign]:
    rows = queues.campaigns(_ALL, desk.index.read())
    found = (campaigns.get_campaign(desk, _ALL, row.slug) for row in rows)
    return [each for each in found if each.to_europeana]


def _is_due(desk: Desk, slug: str, now: datetime) -> bool:
    with europeana.create_tables(desk.accounts).connect() as connection:
        due = europeana.page(
            connection, slug, ("waiting", "sending"), limit=1, due=timestamp(now)
        )  # fmt: skip
    return bool(due)


def _start(desk: Desk, slug: str) -> Job:
    def work(job: Job) -> str:
        try:
            job.message = _run(desk, slug, job)
        except CrowdHeritageError as error:
            logger.warning("sending %s to Europeana: %s", slug, error)
            raise
        return _address(slug)

    return jobs.of(desk).start(Job(_("Sending to Europeana"), again=_address(slug)), work)
