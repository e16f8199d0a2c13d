"""One verdict on many proposals at once: by their identifiers, or on all of a term."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from server.commit import Desk
from server.domain import (
    annotation_votes,
    annotations,
    batches,
    blindness,
    participation,
    permissions,
)
from server.domain.accounts import Person
from server.domain.annotation_votes import Said
from server.domain.batches import PAGE, Batch, Progress
from server.domain.campaigns import Campaign
from server.errors import Forbidden, Invalid, Problem
from server.i18n import _
from server.index import own_votes, queues, waiting_terms
from server.patches import Patch


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many votes were cast in the batch (its IRI); and how many proposals were left out: one's
    own, those that one had answered, and those that are no longer there to vote on."""

    batch: str
    cast: int = 0
    own: int = 0
    answered: int = 0
    gone: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.batch, self.cast + other.cast, self.own + other.own,
            self.answered + other.answered, self.gone + other.gone,
        )  # fmt: skip


def cast(
    desk: Desk, person: Person, slug: str, term: str, annotations_: Iterable[str], verdict: str, *,
    now: datetime, progress: Progress = lambda _done: None,
) -> Outcome:  # fmt: skip
    """The same verdict on each of these proposals (IRIs) of the campaign, 50 votes in an entry.

    The rules of a single vote hold for each. Raises as `vote` does, before anything is stored.
    """
    if verdict not in ("approve", "reject", "unsure"):
        words = _("Choose yes, no or not sure.")
        raise Invalid(_("That is not an answer."), (Problem("verdict", words),))
    batch = batches.new(desk, slug, "vote", verdict, term)
    outcome = Outcome(batch.iri)
    for page in pages(dict.fromkeys(annotations_)):
        outcome += desk.commit(
            lambda desk, page=page: _page(desk, person, batch, page, now),  # type: ignore[misc]
            by=person.agent.value, action="vote", now=now,
        )  # fmt: skip
        progress(outcome.cast + outcome.own + outcome.answered + outcome.gone)
    return outcome


def of_term(desk: Desk, slug: str, term: str) -> Iterator[str]:
    """The proposals of a term that wait, as they stand while one goes on."""
    after = ""
    while found := waiting_terms.proposals(desk.index.read(), slug, term, PAGE, after):
        yield from (row.iri for row in found)
        after = found[-1].iri


def require_browsing(campaign: Campaign) -> None:
    """Raises Forbidden where people answer only what they are given."""
    if not campaign.routing.browsing:
        raise Forbidden(_("In this campaign you answer what you are given, one after the other."))


def require_all(person: Person) -> None:
    """Raises NotSignedIn for a guest: answering for thousands takes an account."""
    permissions.require_account(person)


def pages(values: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(values)
    while page := list(islice(rest, PAGE)):
        yield page


def _page(
    desk: Desk, person: Person, batch: Batch, page: Sequence[str], now: datetime
) -> tuple[Patch, Outcome]:
    campaign = participation.taking_part(desk, person, batch.campaign, now=now)
    require_browsing(campaign)
    blindness.require_unveiled(campaign, person)
    said = own_votes.said_of(desk.index.read(), person.agent.value, page)
    own = sum(verdict == "own" for verdict in said.values())
    patch, count = Patch(), 0
    for iri in page:
        if iri not in said and (vote := _vote(desk, person, batch, iri, now)):
            patch, count = patch + vote, count + 1
    gone = len(page) - len(said) - count
    patch += batches.grown(desk, person, batch, count, now)
    return patch, Outcome(batch.iri, count, own, len(said) - own, gone)


def _vote(desk: Desk, person: Person, batch: Batch, iri: str, now: datetime) -> Patch | None:
    """None for what is withdrawn, or of another campaign or term."""
    row = queues.find_annotation(desk.index.read(), iri)
    if row is None or (row.campaign, row.body) != (batch.campaign, batch.term):
        return None
    standing = annotations.get(desk, iri)
    if not standing.claims or row.status not in ("pending", "contested"):
        return None
    return annotation_votes.cast(desk, person, standing, Said(batch.verdict, batch=batch.iri), now)[
        0
    ]
