"""One answer for all items that have the same value in a field of their records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import (
    annotation_forms,
    annotations,
    batches,
    blindness,
    bulk_votes,
    contributing,
    kinds,
    participation,
    permissions,
)
from server.domain.accounts import Person
from server.domain.annotation_contents import Content
from server.domain.batches import Batch, Progress
from server.domain.campaigns import Campaign, Task
from server.domain.item_values import Term
from server.domain.widgets import Asked, Values
from server.errors import Forbidden, Invalid, NotFound
from server.i18n import _, language
from server.index import items, standing_answers
from server.index.items import ItemRow
from server.names import CH, DC
from server.patches import Patch
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)
#: Items at once for those who do not run the campaign, and for those who do.
MOST, MOST_OF_ORGANISERS = 2_000, 200_000
#: What is looked at to say how many items have an answer already.
SAMPLE = 500
#: Kinds with these are about one picture.
_OF_A_PICTURE = (CH.RegionEditor, CH.ComparisonEditor)
#: What is offered where a question names no field.
_USUAL = (DC.subject.value, DC.type.value)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An answer to a task (its form's values) for each item that has this value of a property.

    `everywhere` joins what stands; else only items for which nothing stands get it.
    """

    campaign: str
    task: int
    property: str
    term: Term
    values: Values
    everywhere: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """In how many items the answer was given in the batch (its IRI); and how many were left out:
    one had answered so already, something stood there, or the answer does not fit the item."""

    batch: str
    given: int = 0
    answered: int = 0
    standing: int = 0
    unfit: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.batch, self.given + other.given, self.answered + other.answered,
            self.standing + other.standing, self.unfit + other.unfit,
        )  # fmt: skip

    @property
    def done(self) -> int:
        return self.given + self.answered + self.standing + self.unfit


def tasks(desk: Desk, campaign: Campaign) -> list[Task]:
    """Those whose answer may hold for many items."""
    return [
        task for task in campaign.tasks
        if not kinds.get(desk, task.kind).has_editor(*_OF_A_PICTURE)
    ]  # fmt: skip


def properties(task: Task) -> tuple[str, ...]:
    """Whose values are offered for a task."""
    own = (*task.about, *([task.field] if task.field else []))
    return tuple(dict.fromkeys(own)) or _USUAL


def require_may(desk: Desk, campaign: Campaign, person: Person) -> None:
    """Raises NotSignedIn for guests, Forbidden where one answers what one is given."""
    permissions.require_account(person)
    bulk_votes.require_browsing(campaign)


def most(campaign: Campaign, person: Person) -> int:
    """For how many items this person may answer at once."""
    return MOST_OF_ORGANISERS if permissions.may(person, "edit campaign", campaign) else MOST


def items_with(desk: Desk, campaign: Campaign, property_: str, term: Term, limit: int) -> list[str]:
    """The items (IRIs) of the campaign that have the value, at most so many."""
    found: dict[str, None] = {}
    for slug in campaign.collections:
        row = items.find_collection(_ALL, desk.index.read(), slug)
        if row is None or len(found) >= limit:
            continue
        rows = desk.select(
            "items_with_value", "work" if row.dataset == "work" else "public",
            graph=desk.names.graph("collection", slug), property=NamedNode(property_), value=term,
            limit=limit - len(found),
        )  # fmt: skip
        found |= dict.fromkeys(each["item"].value for each in rows)
    return list(found)


def items_of_value(
    desk: Desk, campaign: Campaign, person: Person, property_: str, term: Term
) -> list[str]:
    """As `items_with`, one more than this person may answer for. Raises NotFound without any."""
    found = items_with(desk, campaign, property_, term, most(campaign, person) + 1)
    if not found:
        raise NotFound(_("No item has this value any more."))
    return found


def answered_of(desk: Desk, campaign: Campaign, task: Task, items_: Sequence[str]) -> int:
    """For how many of the first of these items something stands."""
    sample = items_[:SAMPLE]
    connection = desk.index.read()
    return len(standing_answers.answered_items(connection, campaign.slug, task.number, sample))


def asked(desk: Desk, person: Person, campaign: Campaign, task: Task, item: str) -> Asked:
    """The question about one of the items. Raises NotFound where it is gone."""
    row = items.find_item_by_iri(_ALL, desk.index.read(), item)
    if row is None or row.gone:
        raise NotFound(_("There is no such item."))
    return _asked(desk, person, campaign, task, row)


def compose(asked_: Asked, values: Values, now: datetime) -> Content:
    """What the form says of an item. Raises Invalid with a problem for each field."""
    written = annotation_forms.compose(asked_, values)
    iri = contributing.identify(asked_, written.content)
    contributing.claim(asked_, _person(asked_), written, iri, now)
    return written.content


def _person(asked_: Asked) -> Person:
    assert asked_.person is not None
    return asked_.person


def apply(
    desk: Desk, person: Person, wanted: Wanted, *, now: datetime,
    progress: Progress = lambda _done: None,
) -> Outcome:  # fmt: skip
    """Give the answer for each of the items, 50 in an entry; all of them are one batch.

    Raises as `propose` does, for what is wrong with every item before anything is stored.
    """
    campaign = participation.taking_part(desk, person, wanted.campaign, now=now)
    require_may(desk, campaign, person)
    if not wanted.everywhere and blindness.binds(campaign, person):
        raise Forbidden(_("In a blind campaign nobody sees where others have answered."))
    found = items_of_value(desk, campaign, person, wanted.property, wanted.term)
    found = found[: most(campaign, person)]
    task = campaign.task(wanted.task)
    compose(asked(desk, person, campaign, task, found[0]), wanted.values, now)
    batch = batches.new(desk, campaign.slug, "claim")
    outcome = Outcome(batch.iri)
    for page in bulk_votes.pages(found):
        outcome += desk.commit(
            lambda desk, page=page: _page(desk, person, wanted, batch, page, now),  # type: ignore[misc]
            by=person.agent.value, action="propose", now=now,
        )  # fmt: skip
        progress(outcome.done)
    return outcome


def _page(
    desk: Desk, person: Person, wanted: Wanted, batch: Batch, page: Sequence[str], now: datetime
) -> tuple[Patch, Outcome]:
    campaign = participation.taking_part(desk, person, wanted.campaign, now=now)
    require_may(desk, campaign, person)
    connection, task = desk.index.read(), campaign.task(wanted.task)
    here = standing_answers.in_queue(connection, campaign.slug, page)
    taken: set[str] = set()
    if not wanted.everywhere:
        taken = standing_answers.answered_items(connection, campaign.slug, task.number, page)
    rows = items.find_items(_ALL, connection, [each for each in page if each in here - taken])
    patch, outcome = Patch(), Outcome(batch.iri, standing=len(here & taken))
    for row in rows:
        change, one = _claim(_asked(desk, person, campaign, task, row), wanted, batch, now)
        patch, outcome = patch + change, outcome + one
    return patch + batches.grown(desk, person, batch, outcome.given, now), outcome


def _asked(desk: Desk, person: Person, campaign: Campaign, task: Task, row: ItemRow) -> Asked:
    viewer, kind = permissions.viewer(person), kinds.get(desk, task.kind)
    return Asked(desk, viewer, campaign, task, kind, row, person, language.get())


def _claim(asked_: Asked, wanted: Wanted, batch: Batch, now: datetime) -> tuple[Patch, Outcome]:
    """Left out where one has said or voted on it: so taking the batch back brings back what was."""
    person, none = _person(asked_), Outcome(batch.iri)
    try:
        written = annotation_forms.compose(asked_, wanted.values)
        iri = contributing.identify(asked_, written.content)
        standing = annotations.find(asked_.desk, iri)
        agent = person.agent.value
        if standing and (standing.claim_of(agent) or standing.vote_of(agent)):
            return Patch(), none + Outcome(batch.iri, answered=1)
        patch = contributing.claim(asked_, person, written, iri, now, batch.iri)
    except Invalid:
        return Patch(), none + Outcome(batch.iri, unfit=1)
    return patch, none + Outcome(batch.iri, given=1)
