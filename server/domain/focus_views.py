"""One proposal at a time, with what one needs to see to judge it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from server.commit import Desk
from server.domain import (
    annotation_bodies,
    annotations,
    blindness,
    fields,
    holds,
    item_values,
    items,
    makers,
    routing,
    texts,
)
from server.domain.accounts import Person
from server.domain.annotation_bodies import BodyView
from server.domain.answered_tasks import task_of
from server.domain.campaigns import Campaign, Task
from server.domain.item_values import ItemValue
from server.domain.items import Item
from server.domain.makers import Maker
from server.domain.widgets.regions import RegionView
from server.errors import NotFound
from server.i18n import _
from server.index import items as item_index
from server.index import own_votes, picking, proposal_queues, queues
from server.index.contributions import AnnotationRow
from server.names import timestamp
from server.viewers import Viewer

_MOST_VALUES = 6


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A proposal to judge. In a `blind` campaign `by` is empty until this person has voted: nothing
    says who or what proposed it.

    `region` is the part of a picture that it is about; `present` are the values that the record
    has in the field that it would fill.
    """

    id: str
    iri: str
    kind: str
    question: str
    field: str
    body: BodyView
    item: Item
    sensitive: bool
    region: RegionView | None
    present: list[ItemValue]
    by: list[Maker]
    my_verdict: str | None
    blind: bool


@dataclass(frozen=True, slots=True)
class Today:
    """Votes of one person since midnight (UTC), and proposals that wait for theirs."""

    done: int
    waiting: int

    @property
    def all(self) -> int:
        return self.done + self.waiting


def today(desk: Desk, campaign: Campaign, person: Person, now: datetime) -> Today:
    connection, agent = desk.index.read(), person.agent.value
    midnight = timestamp(now.replace(hour=0, minute=0, second=0, microsecond=0))
    return Today(
        own_votes.votes_since(connection, campaign.slug, agent, midnight),
        own_votes.waiting_for(connection, campaign.slug, agent),
    )


def waiting(
    desk: Desk, viewer: Viewer, campaign: Campaign, person: Person, limit: int, language: str,
    now: datetime, after: Collection[str] = (),
) -> list[QuestionView]:  # fmt: skip
    """The next ones for this person, without those of `after` (IRIs) that they have before them."""
    rows = routing.next_proposals(desk, campaign, person, limit, now, after)
    found = (question(desk, viewer, campaign, row, person, language) for row in rows)
    return [each for each in found if each]


def one(
    desk: Desk, viewer: Viewer, campaign: Campaign, person: Person, annotation: str, language: str,
    now: datetime,
) -> QuestionView:  # fmt: skip
    """One that they were given before, to look at again. Raises NotFound for any other."""
    queue, agent = proposal_queues.QUEUE + campaign.slug, person.agent.value
    connection = desk.index.read()
    given = holds.of(desk).was_given(queue, agent, annotation, now)
    if given or picking.has_met(connection, queue, agent, annotation):
        row = queues.find_annotation(connection, annotation)
        if row and (found := question(desk, viewer, campaign, row, person, language)):
            return found
    raise NotFound(_("There is no such annotation."))


def question(
    desk: Desk, viewer: Viewer, campaign: Campaign, row: AnnotationRow, person: Person,
    language: str,
) -> QuestionView | None:  # fmt: skip
    """None where the item is gone, or the proposal was withdrawn meanwhile."""
    item = item_index.find_item_by_iri(viewer, desk.index.read(), row.item)
    annotation = annotations.find(desk, row.iri)
    if item is None or item.gone or annotation is None or not annotation.claims:
        return None
    task, body = task_of(desk, campaign, row), annotation_bodies.view(
        desk, viewer, annotation, language
    )  # fmt: skip
    agent = person.agent.value
    blind = blindness.binds(campaign, person) and annotation.vote_of(agent) is None
    regions = (each.value for each in body.shown if isinstance(each.value, RegionView))
    return QuestionView(
        id=desk.names.local(row.iri, "annotation") or "",
        iri=row.iri,
        kind=row.kind,
        question=texts.choose(task.question, language),
        field=fields.label(row.field) if row.field else "",
        body=body,
        item=items.describe(desk, viewer, item, language),
        sensitive=item.sensitive or campaign.sensitive,
        region=next(regions, None),
        present=_present(desk, viewer, item, task, language),
        by=[] if blind else makers.of(desk, annotation, agent),
        my_verdict=annotation.verdict_of(agent),
        blind=blind,
    )


def _present(
    desk: Desk, viewer: Viewer, item: item_index.ItemRow, task: Task, language: str
) -> list[ItemValue]:
    """Where values themselves are asked about, the proposal shows the one that it means."""
    if not task.field or task.about:
        return []
    return item_values.of_item(desk, viewer, item, (task.field,), language)[:_MOST_VALUES]
