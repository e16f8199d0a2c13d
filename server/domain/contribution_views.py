"""The page on which people contribute: an item, the campaign's questions, what stands already."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from server.commit import Desk
from server.domain import (
    annotation_forms,
    blindness,
    campaign_views,
    gold,
    kinds,
    live_lookup,
    proposal_views,
    task_forms,
    texts,
)
from server.domain.accounts import Person
from server.domain.annotations import Annotation
from server.domain.answered_tasks import task_of
from server.domain.campaigns import Campaign, Task
from server.domain.gold import Feedback
from server.domain.metadata_values import Value
from server.domain.proposal_views import ProposalView
from server.domain.task_forms import FieldView
from server.domain.term_views import SuggestionView
from server.domain.widgets import Asked, Values
from server.errors import NotFound
from server.i18n import _
from server.index import queues
from server.index.contributions import AnnotationRow
from server.index.items import ItemRow
from server.viewers import Viewer


@dataclass(frozen=True, slots=True)
class TaskView:
    """One question; `error`, `typed` and `choices` come back after a form without a chosen term.

    `kind` is the short name of what is asked for; `box` says that a term is all of it, else
    `fields` are the form's, and `editing` is the `{id}` of the annotation that it changes.
    `groups` are (number, label) of its groups of terms, where there are several; `group` is the
    number of the chosen one, 0 for all. `live` says that sources elsewhere may be asked.
    `veil`: what others said is hidden "before" one's own answer, or just "after" it; "" else.
    """

    number: int
    kind: str
    question: str
    hint: str
    field: str
    box: bool
    fields: list[FieldView]
    vocabulary_titles: str
    groups: list[tuple[int, str]]
    proposals: list[ProposalView]
    error: str | None = None
    notice: str | None = None
    typed: str = ""
    choices: list[SuggestionView] = dataclasses.field(default_factory=list)
    group: int = 0
    live: bool = False
    editing: str = ""
    feedback: Feedback | None = None  # of a question whose answer is known, once answered
    veil: str = ""

    @property
    def scripts(self) -> tuple[str, ...]:
        """The modules that its fields need, and ratings of proposals."""
        found = [name for each in self.fields for name in each.scripts]
        rated = any(proposal.by_rating for proposal in self.proposals)
        return tuple(dict.fromkeys([*found, *(["values"] if rated else [])]))


@dataclass(frozen=True, slots=True)
class Entered:
    """What a form held that comes back: its values, and what is wrong with which field."""

    values: Values = dataclasses.field(default_factory=dict)
    errors: Mapping[str, str] = dataclasses.field(default_factory=dict)
    editing: str = ""


def tasks(
    desk: Desk, viewer: Viewer, campaign: Campaign, item: ItemRow, person: Person | None,
    language: str,
) -> list[TaskView]:  # fmt: skip
    """Each question of the campaign about the item."""
    hidden = blindness.hidden_tasks(desk, campaign, person, item.iri)
    rows = _rows(desk, campaign, item, person, hidden)
    every = [row for of_task in rows.values() for row in of_task]
    views = proposal_views.views(desk, viewer, campaign, every, person, language)
    return [
        _task(
            _asked(desk, viewer, campaign, task, item, person, language),
            [views[row.iri] for row in rows[task.number] if row.iri in views],
            Entered(),
            veil="before" if task.number in hidden else "",
        )
        for task in campaign.tasks
    ]


def task(
    desk: Desk, viewer: Viewer, campaign: Campaign, item: ItemRow, number: int,
    person: Person | None, language: str, *, error: str | None = None, notice: str | None = None,
    typed: str = "", choices: list[SuggestionView] | None = None, group: int = 0,
    entered: Entered | None = None, just_answered: bool = False,
) -> TaskView:  # fmt: skip
    """One of them. In a blind campaign the answer to an answer shows one's own alone, whatever
    others said."""
    asked = _asked(desk, viewer, campaign, campaign.task(number), item, person, language)
    alone = just_answered and blindness.binds(campaign, person)
    hidden = blindness.hidden_tasks(desk, campaign, person, item.iri)
    rows = _rows(desk, campaign, item, person, hidden)[number]
    views = proposal_views.views(desk, viewer, campaign, rows, person, language, alone=alone)
    veil = "after" if alone else "before" if number in hidden else ""
    return replace(
        _task(asked, list(views.values()), entered or Entered(), veil),
        error=error, notice=notice, typed=typed, choices=choices or [], group=group,
    )  # fmt: skip


def editing(
    desk: Desk, viewer: Viewer, campaign: Campaign, item: ItemRow, annotation: Annotation,
    person: Person, language: str,
) -> TaskView:  # fmt: skip
    """The question with its form filled in as one's own answer stands."""
    row = queues.find_annotation(desk.index.read(), annotation.iri)
    claim = annotation.claim_of(person.agent.value)
    if row is None or claim is None:
        raise NotFound(_("There is no such annotation."))
    asked = _asked(desk, viewer, campaign, task_of(desk, campaign, row), item, person, language)
    values = annotation_forms.filled(asked, annotation.content, claim.content)
    entered = Entered(values, {}, desk.names.local(annotation.iri, "annotation") or "")
    return task(desk, viewer, campaign, item, asked.task.number, person, language, entered=entered)


def _rows(
    desk: Desk, campaign: Campaign, item: ItemRow, person: Person | None, hidden: set[int]
) -> dict[int, list[AnnotationRow]]:
    """What stands already and this person may see, by the number of the question."""
    found: dict[int, list[AnnotationRow]] = {task.number: [] for task in campaign.tasks}
    for row in queues.annotations_of_item(desk.index.read(), item.iri, campaign.slug):
        number = task_of(desk, campaign, row).number
        if number not in hidden and may_see(row.status, person):
            found[number].append(row)
    return found


def _asked(
    desk: Desk, viewer: Viewer, campaign: Campaign, task: Task, item: ItemRow,
    person: Person | None, language: str,
) -> Asked:  # fmt: skip
    kind = kinds.get(desk, task.kind)
    return Asked(desk, viewer, campaign, task, kind, item, person, language)


def _task(
    asked: Asked, proposals: list[ProposalView], entered: Entered, veil: str = ""
) -> TaskView:
    desk, viewer, campaign, task = asked.desk, asked.viewer, asked.campaign, asked.task
    language, person = asked.language, asked.person
    names = campaign_views.vocabulary_names(desk, viewer, task.every_vocabulary, language)
    return TaskView(
        number=task.number,
        kind=asked.kind.name,
        question=texts.choose(task.question, language),
        hint=texts.choose(task.hint, language),
        field=task.field,
        box=task_forms.is_box(asked) and not entered.editing,
        fields=task_forms.views(asked, entered.values, entered.errors),
        vocabulary_titles=", ".join(name.title for name in names),
        groups=[
            (group.number, texts.choose(group.label, language)) for group in task.groups
            if len(task.groups) > 1
        ],
        proposals=proposals,
        live=live_lookup.is_offered(desk, task),
        editing=entered.editing,
        feedback=gold.feedback(
            desk, viewer, campaign, person, asked.item.iri, task.number, language
        ),
        veil=veil,
    )  # fmt: skip


def may_see(status: str, person: Person | None) -> bool:
    """Everybody sees what is published; what is not yet, only those who take part."""
    return status == "published" or (status != "withdrawn" and person is not None)


def proposed(tasks: Iterable[TaskView]) -> dict[str, list[Value]]:
    """What is proposed and not yet decided, by the field that it would be written to."""
    found: dict[str, list[Value]] = defaultdict(list)
    for each in tasks:
        for one in each.proposals if each.field else ():
            if one.status in ("pending", "contested"):
                iri = one.body.term.iri if one.body.term else None
                value = Value(one.body.label, one.body.lang, iri, None, "proposal", one.id)
                found[each.field].append(value)
    return found
