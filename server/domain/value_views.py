"""Pages of values that items share, and of the answer that all of them would get."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from server.commit import Desk
from server.domain import (
    annotation_bodies,
    blindness,
    campaigns,
    fields,
    item_values,
    items,
    paging,
    permissions,
    task_forms,
    texts,
    value_batches,
    value_counts,
)
from server.domain.accounts import Person
from server.domain.annotation_bodies import BodyView
from server.domain.annotations import Annotation
from server.domain.campaigns import Campaign, Task
from server.domain.item_values import ItemValue, Term
from server.domain.items import Picture
from server.domain.paging import Pages
from server.domain.task_forms import FieldView
from server.domain.value_batches import Wanted
from server.domain.widgets import Values
from server.index import items as item_index
from server.names import timestamp
from server.viewers import Viewer

PAGE = 50
_SAMPLES = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """The question that values are shown for: (number, words) of each that there is, and
    (IRI, words) of each property of the chosen one."""

    tasks: list[tuple[int, str]]
    properties: list[tuple[str, str]]
    task: Task
    property: str


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A value, how many items have it, and the query of its page."""

    value: ItemValue
    items: int
    query: str


@dataclass(frozen=True, slots=True)
class Found:
    """A page of values; `lines` are None where they are still being counted."""

    lines: list[ValueLine] | None
    pages: Pages


@dataclass(frozen=True, slots=True)
class ItemLine:
    id: str
    title: str
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class ValueView:
    """A value with the first of its items, and the form that answers for all of them.

    `total` items have it, or `most` of them: for more nobody may answer at once. `box`: a term is
    all that is asked for.
    """

    task: Task
    question: str
    hint: str
    field_iri: str
    field: str
    value: ItemValue
    total: int
    more: bool
    samples: list[ItemLine]
    box: bool
    form: list[FieldView]
    groups: list[tuple[int, str]]

    @property
    def number(self) -> int:
        """As the templates of fields know the question."""
        return self.task.number

    @property
    def scripts(self) -> list[str]:
        return sorted({script for field in self.form for script in field.scripts})


@dataclass(frozen=True, slots=True)
class Preview:
    """What the answer says, how many items get it, and for how many of the first `looked_at` of
    them something stands; None where the campaign is blind."""

    body: BodyView
    items: int
    standing: int | None
    looked_at: int


def choice(
    desk: Desk, campaign: Campaign, number: str, property_: str, language: str
) -> Choice | None:
    """As asked for, else the first that there is."""
    found = value_batches.tasks(desk, campaign)
    if not found:
        return None
    chosen = next((task for task in found if str(task.number) == number), found[0])
    offered = value_batches.properties(chosen)
    return Choice(
        [(task.number, texts.choose(task.question, language)) for task in found],
        [(iri, fields.label(iri)) for iri in offered],
        chosen,
        property_ if property_ in offered else offered[0],
    )


def values(
    desk: Desk, viewer: Viewer, campaign: Campaign, chosen: Choice, text: str, page: int,
    language: str,
) -> Found:  # fmt: skip
    """The most frequent first; of those that have the text in them, where one is given."""
    counts = value_counts.of_campaign(desk, campaign, chosen.property)
    if counts is None:
        return Found(None, paging.ONLY)
    wanted = text.strip().casefold()
    kept = [count for count in counts if wanted in count.term.value.casefold()]
    last = paging.pages_of(len(kept), PAGE)
    page = min(page, last)
    shown = kept[(page - 1) * PAGE : page * PAGE]
    described = item_values.described(
        desk, viewer, [(chosen.property, count.term) for count in shown], language
    )
    lines = [
        ValueLine(value, count.items, query(chosen.task, value))
        for count, value in zip(shown, described, strict=True)
    ]
    base = {"task": chosen.task.number, "property": chosen.property, "q": text}
    before, after = (f"?{urlencode(base | {'page': page + step})}" for step in (-1, 1))
    return Found(lines, Pages(
        page, last, before if page > 1 else None, after if page < last else None
    ))  # fmt: skip


def query(task: Task, value: ItemValue) -> str:
    """By which an address names the value."""
    about = {"task": str(task.number), "property": value.field}
    if value.iri:
        return urlencode(about | {"iri": value.iri})
    return urlencode(about | {"value": value.text} | ({"lang": value.lang} if value.lang else {}))


def value(
    desk: Desk, viewer: Viewer, campaign: Campaign, person: Person, task: Task, property_: str,
    term: Term, language: str, entered: Values, errors: Mapping[str, str],
) -> ValueView:  # fmt: skip
    """Raises NotFound where no item has the value."""
    found = value_batches.items_of_value(desk, campaign, person, property_, term)
    most = value_batches.most(campaign, person)
    asked = value_batches.asked(desk, person, campaign, task, found[0])
    [described] = item_values.described(desk, viewer, [(property_, term)], language)
    return ValueView(
        task=task,
        question=texts.choose(task.question, language),
        hint=texts.choose(task.hint, language),
        field_iri=property_,
        field=fields.label(property_),
        value=described,
        total=min(len(found), most),
        more=len(found) > most,
        samples=_samples(desk, viewer, campaign, found[:_SAMPLES], language),
        box=task_forms.is_box(asked),
        form=[
            _about_it(field, described)
            for field in task_forms.views(
                asked, entered or _preset(described, asked.kind.editable), errors
            )
        ],
        groups=[
            (group.number, texts.choose(group.label, language)) for group in task.groups
            if len(task.groups) > 1
        ],
    )  # fmt: skip


def _about_it(field: FieldView, value_: ItemValue) -> FieldView:
    """Of the values of the first item, only the one that all items have."""
    offered = field.options.get("values")
    if offered is None:
        return field
    same = [each for each in offered if each.id == value_.id]
    return replace(field, options={**field.options, "values": same or offered})


def _preset(value_: ItemValue, entries: tuple[object, ...]) -> dict[str, list[str]]:
    """Where values themselves are asked about, this one is meant."""
    names = (getattr(entry, "name", "") for entry in entries)
    return {name: [value_.id] for name in names if name in ("value", "selector", "about")}


def _samples(
    desk: Desk, viewer: Viewer, campaign: Campaign, iris: list[str], language: str
) -> list[ItemLine]:
    rows = item_index.find_items(viewer, desk.index.read(), iris)
    lines = []
    for row in rows:
        title = row.title(language)
        large = items.picture(row, title, veiled=campaign.sensitive)
        lines.append(ItemLine(row.id, title, large and replace(large, src=large.thumb)))
    return lines


def preview(
    desk: Desk, viewer: Viewer, person: Person, wanted: Wanted, language: str, now: datetime
) -> Preview:
    """Raises Invalid with a problem for each wrong field, NotFound where no item is left."""
    campaign = campaigns.get_campaign(desk, viewer, wanted.campaign)
    task = campaign.task(wanted.task)
    found = value_batches.items_of_value(desk, campaign, person, wanted.property, wanted.term)
    asked = value_batches.asked(desk, person, campaign, task, found[0])
    content = value_batches.compose(asked, wanted.values, now)
    shown = Annotation("", campaign.slug, task.kind, content, timestamp(now))
    blind = blindness.binds(campaign, person)
    most = value_batches.most(campaign, person)
    return Preview(
        annotation_bodies.view(desk, permissions.viewer(person), shown, language),
        min(len(found), most),
        None if blind else value_batches.answered_of(desk, campaign, task, found),
        min(len(found), value_batches.SAMPLE),
    )


def number(desk: Desk, person: Person, wanted: Wanted) -> int:
    """How many items the answer is for."""
    campaign = campaigns.get_campaign(desk, permissions.viewer(person), wanted.campaign)
    found = value_batches.items_of_value(desk, campaign, person, wanted.property, wanted.term)
    return min(len(found), value_batches.most(campaign, person))
