"""The page on which people contribute: an item, the campaign's questions, what stands already."""

import dataclasses
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from server.commit import Desk
from server.domain import (
    annotations,
    campaign_views,
    live_lookup,
    permissions,
    term_scopes,
    term_views,
    texts,
)
from server.domain.accounts import Person
from server.domain.annotations import Annotation
from server.domain.campaigns import Campaign, Task
from server.domain.term_views import SuggestionView, TermView
from server.errors import NotFound
from server.i18n import _, ngettext
from server.index import queues
from server.index.contributions import AnnotationRow
from server.viewers import Viewer


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal as one person sees it; `by` says in words who made it."""

    id: str
    iri: str
    term: TermView
    by: str
    mine: bool
    my_verdict: str | None
    approvals: int
    rejections: int
    unsure: int
    status: str
    may_vote: bool
    can_undo: bool


@dataclass(frozen=True, slots=True)
class TaskView:
    """One question; `error`, `typed` and `choices` come back after a form without a chosen term.

    `groups` are (number, label) of its groups of terms, where there are several; `group` is the
    number of the chosen one, 0 for all. `live` says that sources elsewhere may be asked.
    """

    number: int
    question: str
    hint: str
    field: str
    vocabulary_titles: str
    groups: list[tuple[int, str]]
    proposals: list[ProposalView]
    error: str | None = None
    notice: str | None = None
    typed: str = ""
    choices: list[SuggestionView] = dataclasses.field(default_factory=list)
    group: int = 0
    live: bool = False


def tasks(
    desk: Desk, viewer: Viewer, campaign: Campaign, item: str, person: Person | None, language: str
) -> list[TaskView]:
    """Each question of the campaign about the item."""
    rows = queues.annotations_of_item(desk.index.read(), item, campaign.slug)
    return [_task(desk, viewer, campaign, task, rows, person, language) for task in campaign.tasks]


def task(
    desk: Desk, viewer: Viewer, campaign: Campaign, item: str, number: int,
    person: Person | None, language: str, *, error: str | None = None, notice: str | None = None,
    typed: str = "", choices: list[SuggestionView] | None = None, group: int = 0,
) -> TaskView:  # fmt: skip
    rows = queues.annotations_of_item(desk.index.read(), item, campaign.slug)
    view = _task(desk, viewer, campaign, campaign.task(number), rows, person, language)
    return replace(
        view, error=error, notice=notice, typed=typed, choices=choices or [], group=group
    )


def _task(
    desk: Desk, viewer: Viewer, campaign: Campaign, task: Task, rows: list[AnnotationRow],
    person: Person | None, language: str,
) -> TaskView:  # fmt: skip
    names = campaign_views.vocabulary_names(desk, viewer, task.every_vocabulary, language)
    found = [
        proposal(desk, viewer, campaign, row.iri, person, language)
        for row in rows
        if row.field == task.field
        and may_see(row.status, person)
        and task_of(desk, campaign, row) == task
    ]
    return TaskView(
        number=task.number,
        question=texts.choose(task.question, language),
        hint=texts.choose(task.hint, language),
        field=task.field,
        vocabulary_titles=", ".join(name.title for name in names),
        groups=[
            (group.number, texts.choose(group.label, language)) for group in task.groups
            if len(task.groups) > 1
        ],
        proposals=found,
        live=live_lookup.is_offered(desk, task),
    )  # fmt: skip


def may_see(status: str, person: Person | None) -> bool:
    """Everybody sees what is published; what is not yet, only those who take part."""
    return status == "published" or (status != "withdrawn" and person is not None)


def task_of(desk: Desk, campaign: Campaign, row: AnnotationRow) -> Task:
    """The question that an annotation answers: of several on one field, the first with the term."""
    same = [each for each in campaign.tasks if each.field == row.field] or list(campaign.tasks)
    return next((each for each in same if term_scopes.offers(desk, each, row.body)), same[0])


def proposal(
    desk: Desk, viewer: Viewer, campaign: Campaign, iri: str, person: Person | None, language: str
) -> ProposalView:
    """One proposal with its counts, and what this person may do with it."""
    annotation = annotations.get(desk, iri)
    row = queues.find_annotation(desk.index.read(), iri)
    if row is None:
        raise NotFound(_("There is no such annotation."))
    agent = person.agent.value if person else ""
    mine = annotation.claim_of(agent) is not None
    open_ = campaign.is_open(datetime.now(UTC).date())
    return ProposalView(
        id=desk.names.local(iri, "annotation") or "",
        iri=iri,
        term=term_views.view(desk, viewer, annotation.body, language),
        by=made_by(annotation, agent),
        mine=mine,
        my_verdict=annotation.verdict_of(agent),
        approvals=row.approvals,
        rejections=row.rejections,
        unsure=row.unsure,
        status=row.status,
        may_vote=open_ and not mine and permissions.may(person, "vote", campaign)
        and agreed(desk, campaign, person),
        can_undo=mine,
    )  # fmt: skip


def made_by(annotation: Annotation, agent: str) -> str:
    """Who proposes it, in words: you, others, software; never their names."""
    people = [claim for claim in annotation.claims if claim.confidence is None]
    others = [claim for claim in people if claim.agent != agent]
    software = len(annotation.claims) - len(people)
    parts = []
    if len(others) < len(people):
        parts.append(_("you"))
    if others:
        parts.append(ngettext("one person", "{count} people", len(others)))
    if software:
        parts.append(ngettext("software", "{count} software agents", software))
    return _("by {who}", who=_(" and ").join(parts)) if parts else _("withdrawn")


def agreed(desk: Desk, campaign: Campaign, person: Person | None) -> bool:
    """Whether this person agreed to the licence of contributions, as it stands now."""
    if person is None:
        return False
    agent = person.agent.value
    return queues.agreed_licence(desk.index.read(), campaign.slug, agent) == campaign.licence
