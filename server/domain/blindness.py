"""Blind campaigns: what others said, people and software, is hidden until one has answered.

The one place of the rule. It holds until the campaign is closed, for everybody but those who
moderate it: somebody who may still answer a question about an item, and has neither proposed
anything for it, nor voted on what was, nor finished the item, is told nothing of what others said
to it: an address of a proposal that exists answers as one that does not. What is published is
public as always, so nothing is published from a blind campaign before it is closed.
"""

from dataclasses import replace
from datetime import datetime

from server.commit import Desk
from server.domain import annotations, campaigns, holds, permissions
from server.domain.accounts import Person
from server.domain.annotations import Annotation
from server.domain.answered_tasks import task_of
from server.domain.campaigns import Campaign
from server.errors import Conflict, Forbidden, NotFound
from server.i18n import _
from server.index import own_answers, proposal_queues, queues
from server.index.contributions import AnnotationRow
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)


def in_force(campaign: Campaign) -> bool:
    """Whether anything is hidden from anybody."""
    return campaign.blind and campaign.state != "closed"


def binds(campaign: Campaign, person: Person | None) -> bool:
    """Whether this person (None: a stranger) has to answer before they see what others said."""
    return in_force(campaign) and not permissions.may(person, "moderate", campaign)


def hides(desk: Desk, campaign: Campaign, person: Person | None, item: str, task: int) -> bool:
    """Whether what others said to the question of that number about the item (an IRI) is hidden."""
    return task in hidden_tasks(desk, campaign, person, item)


def hidden_tasks(desk: Desk, campaign: Campaign, person: Person | None, item: str) -> set[int]:
    """The numbers of the questions about an item to which this person is not told the answers."""
    if not binds(campaign, person):
        return set()
    every = {task.number for task in campaign.tasks}
    if person is None:
        return every
    connection, agent = desk.index.read(), person.agent.value
    if queues.outcome(connection, campaign.slug, agent, item) == "finished":
        return set()
    answered = own_answers.annotations(connection, campaign.slug, agent, item)
    return every - {task_of(desk, campaign, row).number for row in answered}


def hides_annotation(
    desk: Desk, campaign: Campaign, person: Person | None, row: AnnotationRow
) -> bool:
    """Whether this person is told nothing of an annotation, not even that it is there."""
    if row.status == "published" or not binds(campaign, person):
        return False
    number = task_of(desk, campaign, row).number
    return hides(desk, campaign, person, row.item, number)


def get_shown(
    desk: Desk, person: Person | None, iri: str, now: datetime | None = None
) -> Annotation:
    """An annotation that somebody may know of. Raises NotFound, in the same words for all others.

    With `now`, also one that they were given lately to judge, in the focus view.
    """
    found = annotations.get(desk, iri)
    campaign = campaigns.get_campaign(desk, _ALL, found.campaign)
    row = queues.find_annotation(desk.index.read(), iri)
    given = now is not None and person is not None and _was_given(desk, campaign, person, iri, now)
    if row is None or (hides_annotation(desk, campaign, person, row) and not given):
        raise NotFound(_("There is no such annotation."))
    return found


def _was_given(desk: Desk, campaign: Campaign, person: Person, iri: str, now: datetime) -> bool:
    queue = proposal_queues.QUEUE + campaign.slug
    return holds.of(desk).was_given(queue, person.agent.value, iri, now)


def alone(
    annotation: Annotation, row: AnnotationRow, agent: str
) -> tuple[Annotation, AnnotationRow]:
    """An annotation as it would be if this agent, who makes the claim, were the only one."""
    mine = tuple(claim for claim in annotation.claims if claim.agent == agent)
    own = replace(annotation, claims=mine, votes=(), decision=None, reopening=None)
    return own, replace(row, status="pending", approvals=1, rejections=0, unsure=0)


def require_unveiled(campaign: Campaign, person: Person | None) -> None:
    """For views of many proposals at once. Raises Forbidden for those whom the campaign binds."""
    if binds(campaign, person):
        raise Forbidden(_("In a blind campaign only its organisers see many answers at once."))


def require_publishable(campaign: Campaign) -> None:
    """Raises Conflict: what is published is everybody's to see."""
    if in_force(campaign):
        raise Conflict(
            _("This campaign is blind: close it first, since what is published can be seen by "
              "people who have not answered yet.")
        )  # fmt: skip
