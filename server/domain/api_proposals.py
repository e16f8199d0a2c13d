"""What was proposed for an item, and the proposals to judge, as programs read them."""

import re
from dataclasses import dataclass
from typing import Literal

from server.commit import Desk
from server.domain import campaigns, contribution_views, proposal_views, undoing
from server.domain import items as item_pages
from server.domain.accounts import Person
from server.domain.annotation_bodies import BodyView
from server.domain.answered_tasks import task_of
from server.domain.api_items import ItemFacts, facts
from server.domain.campaigns import Campaign
from server.domain.contribution_views import TaskView
from server.domain.metadata_values import with_proposed
from server.domain.proposal_views import ProposalView
from server.errors import NotFound
from server.i18n import _
from server.index import queues
from server.index.items import ItemRow
from server.names import CH
from server.viewers import Viewer

Verdict = Literal["approve", "reject", "unsure"]
Status = Literal["pending", "contested", "accepted", "rejected", "published", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Said:
    """A value of an annotation: what it is called, and the value in plain words."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Body:
    """What is proposed, in words, and the IRI of the term that it comes to, if it does."""

    label: str
    lang: str
    iri: str | None
    says: list[Said]


@dataclass(frozen=True, slots=True)
class Maker:
    """Who proposes it; other people are never named, programs are, and say how sure they are."""

    kind: Literal["you", "people", "software"]
    name: str
    sure: str


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """A proposal as the one who asks may see it; `task` is the number of the question, `kind` what
    it is in words."""

    id: str
    iri: str
    href: str
    task: int
    kind: str
    status: Status
    body: Body
    by: list[Maker]
    mine: bool
    my_verdict: Verdict | None
    approvals: int
    rejections: int
    unsure: int
    may_vote: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """A question about an item. `hidden` says that what others said is not told (any more, or
    before one has answered): the campaign is blind. `fields` are the members of an answer."""

    number: int
    kind: str
    question: str
    hint: str
    field: str
    fields: list[str]
    hidden: bool
    proposals: list[ProposalFacts]


@dataclass(frozen=True, slots=True)
class ItemTasks:
    """An item with the questions of a campaign about it."""

    campaign: str
    item: ItemFacts
    tasks: list[TaskFacts]


@dataclass(frozen=True, slots=True)
class NextItem:
    """The item that one has before one, or the next that waits; null when nothing is left."""

    item: str | None
    href: str | None
    finished: int
    total: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """The campaign, and the licence that one has agreed to."""

    campaign: str
    licence: str


def body(view: BodyView) -> Body:
    said = [Said(one.label, one.words) for one in view.shown]
    return Body(view.label, view.lang, view.term.iri if view.term else None, said)


def of_item(
    desk: Desk, viewer: Viewer, campaign: Campaign, row: ItemRow, person: Person | None,
    language: str,
) -> ItemTasks:  # fmt: skip
    tasks = contribution_views.tasks(desk, viewer, campaign, row, person, language)
    item = item_pages.describe(desk, viewer, row, language)
    fields = with_proposed(item.fields, contribution_views.proposed(tasks))
    described = facts(desk, viewer, row, language, fields)
    return ItemTasks(campaign.slug, described, [_task(each) for each in tasks])


def _task(view: TaskView) -> TaskFacts:
    return TaskFacts(
        number=view.number,
        kind=view.kind,
        question=view.question,
        hint=view.hint,
        field=view.field,
        fields=[each.name for each in view.fields],
        hidden=bool(view.veil),
        proposals=[_proposal(each, view.number) for each in view.proposals],
    )


def _proposal(view: ProposalView, task: int) -> ProposalFacts:
    return ProposalFacts(
        id=view.id,
        iri=view.iri,
        href=f"/annotation/{view.id}",
        task=task,
        kind=view.body.kind,
        status=view.status,  # type: ignore[arg-type]
        body=body(view.body),
        by=[Maker(each.sign, each.words, each.sure) for each in view.makers],  # type: ignore[arg-type]
        mine=view.mine,
        my_verdict=view.my_verdict,  # type: ignore[arg-type]
        approvals=view.approvals,
        rejections=view.rejections,
        unsure=view.unsure,
        may_vote=view.may_vote,
        may_withdraw=view.can_undo,
    )


def one(
    desk: Desk, viewer: Viewer, iri: str, person: Person | None, language: str, *,
    alone: bool = False,
) -> ProposalFacts:  # fmt: skip
    """A proposal that was just written; `alone`: as if nobody else had said anything."""
    row = queues.find_annotation(desk.index.read(), iri)
    if row is None:
        raise NotFound(_("There is no such annotation."))
    campaign = campaigns.get_campaign(desk, viewer, row.campaign)
    views = proposal_views.views(desk, viewer, campaign, [row], person, language, alone=alone)
    if iri not in views:
        raise NotFound(_("There is no such annotation."))
    return _proposal(views[iri], task_of(desk, campaign, row).number)


def proposed_in(desk: Desk, person: Person, seq: int) -> str:
    """The annotation (an IRI) that this person proposed in an entry of the journal."""
    entry = undoing.get_own(desk, person, seq)
    claim = re.compile(rf"<([^>#]+)#by-{re.escape(person.id)}> {CH.annotation} ")
    found = (claim.match(line) for line in entry.patch.get("work", {}).get("add", ()))
    for match in found:
        if match:
            return match[1]
    raise NotFound(_("There is no such annotation."))
