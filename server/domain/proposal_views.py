"""Proposals as one person sees them: what they say, who makes them, what this person may do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from server.commit import Desk
from server.domain import (
    annotation_bodies,
    annotations,
    blindness,
    contributing,
    makers,
    participation,
    permissions,
    texts,
)
from server.domain.accounts import Person
from server.domain.annotation_bodies import BodyView, Shown
from server.domain.annotations import Annotation
from server.domain.campaigns import Campaign
from server.domain.makers import Maker
from server.domain.widgets import Showing
from server.errors import NotFound
from server.i18n import _
from server.index import queues
from server.index.contributions import AnnotationRow
from server.viewers import Viewer

_MOST_DETAILED = 5  # people whose ratings and comments are shown


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal as one person sees it; `makers` and `by` say in words who made it.

    `can_undo`: it is theirs alone to take back; `can_edit`: and was written in a form. `reasons`
    are (what is kept, its words) of those that a rejection may have; `reason`, `comment` and
    `rating` (0..100, where the campaign asks for one) what this person gave. `details` are what
    those who propose it say for themselves, the first of them.
    """

    id: str
    iri: str
    body: BodyView
    makers: list[Maker]
    by: str
    mine: bool
    my_verdict: str | None
    approvals: int
    rejections: int
    unsure: int
    status: str
    may_vote: bool
    can_undo: bool
    can_edit: bool = False
    reasons: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    comment: str = ""
    by_rating: bool = False
    rating: int | None = None
    details: tuple[Shown, ...] = ()


def view(
    desk: Desk, viewer: Viewer, campaign: Campaign, annotation: Annotation, person: Person | None,
    language: str,
) -> ProposalView:  # fmt: skip
    """One proposal, as it was just read or written. Raises NotFound."""
    row = queues.find_annotation(desk.index.read(), annotation.iri)
    if row is None:
        raise NotFound(_("There is no such annotation."))
    return _looking(desk, viewer, campaign, person, language).at(annotation, row)


def views(
    desk: Desk, viewer: Viewer, campaign: Campaign, rows: Iterable[AnnotationRow],
    person: Person | None, language: str, *, alone: bool = False,
) -> dict[str, ProposalView]:  # fmt: skip
    """Many of one campaign, by their IRI: what is the same for all is asked once.

    `alone`: one's own, as if nobody else had said anything.
    """
    wanted = list(rows)
    found = annotations.find_all(desk, [row.iri for row in wanted])
    if alone and person is not None:
        found, wanted = _own(found, wanted, person.agent.value)
    makers.remember(desk, found.values())
    looking = _looking(desk, viewer, campaign, person, language)
    return {row.iri: looking.at(found[row.iri], row) for row in wanted if row.iri in found}


def _own(
    found: dict[str, Annotation], rows: list[AnnotationRow], agent: str
) -> tuple[dict[str, Annotation], list[AnnotationRow]]:
    """In the order in which this agent said them."""
    mine = [row for row in rows if row.iri in found and found[row.iri].claim_of(agent)]
    kept = [blindness.alone(found[row.iri], row, agent) for row in mine]
    kept.sort(key=lambda each: each[0].claims[0].created)
    return {each.iri: each for each, _row in kept}, [row for _each, row in kept]


def _may_vote(desk: Desk, campaign: Campaign, person: Person | None) -> bool:
    """On what others proposed."""
    return (
        campaign.is_open(datetime.now(UTC).date())
        and permissions.may(person, "vote", campaign)
        and participation.agreed(desk, campaign, person)
    )


def _reasons(campaign: Campaign, language: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (texts.choose(each, "en"), texts.choose(each, language)) for each in campaign.reasons
    )


@dataclass(frozen=True, slots=True)
class _Looking:
    """Who looks at proposals of a campaign."""

    desk: Desk
    viewer: Viewer
    person: Person | None
    language: str
    may_vote: bool
    reasons: tuple[tuple[str, str], ...]
    by_rating: bool

    def at(self, annotation: Annotation, row: AnnotationRow) -> ProposalView:
        agent = self.person.agent.value if self.person else ""
        mine = annotation.claim_of(agent) is not None
        verdict = annotation.verdict_of(agent)
        vote = annotation.vote_of(agent) if verdict else None
        can_undo = mine and contributing.may_take_back(annotation, self.person)
        return ProposalView(
            id=self.desk.names.local(row.iri, "annotation") or "",
            iri=row.iri,
            body=annotation_bodies.view(self.desk, self.viewer, annotation, self.language),
            makers=makers.of(self.desk, annotation, agent),
            by=makers.made_by(self.desk, annotation, agent),
            mine=mine,
            my_verdict=verdict,
            approvals=row.approvals,
            rejections=row.rejections,
            unsure=row.unsure,
            status=row.status,
            may_vote=self.may_vote and not mine,
            can_undo=can_undo,
            can_edit=can_undo,
            reasons=self.reasons,
            reason=vote.reason if vote else "",
            comment=vote.comment if vote else "",
            by_rating=self.by_rating,
            rating=vote.rating if vote else None,
            details=self._details(annotation),
        )

    def _details(self, annotation: Annotation) -> tuple[Shown, ...]:
        showing = Showing(self.desk, self.viewer, self.language, annotation.iri, annotation.item)
        claims = [claim for claim in annotation.claims if claim.content.statements]
        found = (
            each
            for claim in claims[:_MOST_DETAILED]
            for each in annotation_bodies.details(showing, annotation, claim.content)
        )
        return tuple(found)


def _looking(
    desk: Desk, viewer: Viewer, campaign: Campaign, person: Person | None, language: str
) -> _Looking:
    may_vote = _may_vote(desk, campaign, person)
    return _Looking(
        desk, viewer, person, language, may_vote, _reasons(campaign, language),
        campaign.feedback == "rating",
    )  # fmt: skip
