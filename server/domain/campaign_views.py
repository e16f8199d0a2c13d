"""Campaigns as pages show them: cards, and the page of one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from server.commit import Desk
from server.domain import (
    annotation_bodies,
    annotations,
    blindness,
    campaigns,
    fields,
    items,
    permissions,
    routing_rules,
    term_views,
    texts,
    vocabularies,
)
from server.domain.accounts import Person
from server.domain.annotation_bodies import BodyView
from server.domain.campaigns import Campaign
from server.domain.items import Picture, Rights
from server.domain.term_views import TermView
from server.errors import NotFound
from server.index import items as item_index
from server.index import queues
from server.index.contributions import AnnotationRow
from server.index.queues import Progress
from server.names import CH
from server.viewers import Viewer


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """`target` and `contributions` are numbers of contributions; in a `blind` campaign how many
    there are, and of how many people, is told to nobody."""

    slug: str
    title: str
    description: str
    state: str
    starts: date | None
    ends: date | None
    contributions: int
    target: int
    people: int
    pictures: list[Picture]
    licence: Rights
    sensitive: bool
    blind: bool


@dataclass(frozen=True, slots=True)
class Named:
    slug: str
    title: str
    count: int = 0
    state: str = ""

    def __iter__(self) -> Iterator[str]:
        return iter((self.slug, self.title))


@dataclass(frozen=True, slots=True)
class TaskLine:
    question: str
    hint: str
    field_label: str
    groups: list[str]
    vocabularies: list[Named]
    compares: bool = False


@dataclass(frozen=True, slots=True)
class CampaignPage(CampaignCard):
    instructions: str
    collections: list[tuple[str, str, int]]
    tasks: list[TaskLine]
    acceptance: str
    routing: str
    guests: bool


@dataclass(frozen=True, slots=True)
class ProgressView:
    contributions: int
    target: int
    items: int
    items_done: int
    people: int
    accepted: int
    pending: int


@dataclass(frozen=True, slots=True)
class Recent:
    annotation_id: str
    item_id: str
    item_title: str
    picture: Picture | None
    body: BodyView
    question: str
    status: str
    when: datetime


def cards(desk: Desk, viewer: Viewer, language: str) -> list[CampaignCard]:
    """Every campaign that the viewer may see, open ones first."""
    return [
        card(desk, viewer, campaigns.get_campaign(desk, viewer, row.slug), language)
        for row in queues.campaigns(viewer, desk.index.read())
    ]


def first_open(desk: Desk, viewer: Viewer) -> str | None:
    """The campaign that "Start with one picture" starts: the newest open one that takes guests."""
    for row in queues.campaigns(viewer, desk.index.read()):
        if row.state == "open" and campaigns.get_campaign(desk, viewer, row.slug).guests:
            return row.slug
    return None


def card(desk: Desk, viewer: Viewer, campaign: Campaign, language: str) -> CampaignCard:
    return CampaignCard(**_card(desk, viewer, campaign, language))


def _card(desk: Desk, viewer: Viewer, campaign: Campaign, language: str) -> dict[str, Any]:
    progress = queues.progress(desk.index.read(), campaign.slug)
    blind = blindness.in_force(campaign)
    return {
        "slug": campaign.slug,
        "title": texts.choose(campaign.title, language),
        "description": texts.choose(campaign.description, language),
        "state": campaign.state,
        "starts": campaign.starts,
        "ends": campaign.ends,
        "contributions": 0 if blind else progress.contributions,
        "target": campaign.target,
        "people": 0 if blind else progress.people,
        "pictures": pictures(desk, viewer, campaign, language),
        "licence": licence(campaign.licence),
        "sensitive": campaign.sensitive,
        "blind": blind,
    }


def licence(iri: str) -> Rights:
    return Rights(iri, campaigns.LICENCES.get(iri, iri))


def pictures(desk: Desk, viewer: Viewer, campaign: Campaign, language: str) -> list[Picture]:
    iris = queues.first_items(desk.index.read(), campaign.slug, 3)
    rows = item_index.find_items(viewer, desk.index.read(), iris)
    veiled = campaign.sensitive
    found = [items.picture(row, row.title(language), veiled=veiled) for row in rows]
    return [picture for picture in found if picture]


def page(desk: Desk, viewer: Viewer, campaign: Campaign, language: str) -> CampaignPage:
    return CampaignPage(
        **_card(desk, viewer, campaign, language),
        instructions=texts.choose(campaign.instructions, language),
        collections=_collections(desk, viewer, campaign),
        tasks=[
            TaskLine(
                texts.choose(task.question, language),
                texts.choose(task.hint, language),
                fields.label(task.field),
                [texts.choose(group.label, language) for group in task.groups],
                vocabulary_names(desk, viewer, task.every_vocabulary, language),
                compares=task.kind == CH.Comparison.value,
            )
            for task in campaign.tasks
        ],
        acceptance=campaign.acceptance.sentence(),
        routing=routing_rules.sentence(campaign.routing),
        guests=campaign.guests,
    )


def progress(desk: Desk, campaign: Campaign) -> ProgressView:
    found: Progress = queues.progress(desk.index.read(), campaign.slug)
    return ProgressView(
        contributions=found.contributions, target=campaign.target, items=found.items,
        items_done=found.items_begun, people=found.people, accepted=found.accepted,
        pending=found.pending,
    )  # fmt: skip


def _collections(desk: Desk, viewer: Viewer, campaign: Campaign) -> list[tuple[str, str, int]]:
    """(slug, title, number of items) of each."""
    rows = [
        item_index.find_collection(viewer, desk.index.read(), slug) for slug in campaign.collections
    ]
    return [(row.slug, row.title, row.items) for row in rows if row]


def vocabulary_names(
    desk: Desk, viewer: Viewer, slugs: tuple[str, ...], language: str
) -> list[Named]:
    found = []
    for slug in slugs:
        try:
            vocabulary = vocabularies.get_vocabulary(desk, viewer, slug)
        except NotFound:
            continue
        title = texts.choose(vocabulary.title, language, slug)
        found.append(Named(slug, title, vocabulary.terms))
    return found


def recent(desk: Desk, viewer: Viewer, campaign: Campaign, language: str) -> list[Recent]:
    """The newest published annotations."""
    rows = queues.recent_annotations(desk.index.read(), campaign.slug, 8)
    found = {
        row.iri: row
        for row in item_index.find_items(viewer, desk.index.read(), [row.item for row in rows])
    }
    terms = term_views.short_views(desk, viewer, [row.body for row in rows], language)
    questions = {task.number: texts.choose(task.question, language) for task in campaign.tasks}
    return [
        Recent(
            annotation_id=desk.names.local(row.iri, "annotation") or "",
            item_id=found[row.item].id,
            item_title=found[row.item].title(language),
            picture=items.picture(
                found[row.item], found[row.item].title(language), veiled=campaign.sensitive
            ),
            body=_body(desk, viewer, row, terms[row.body], language),
            question=questions.get(row.task) or fields.label(row.field),
            status=row.status,
            when=datetime.fromisoformat(row.created),
        )
        for row in rows
        if row.item in found
    ]


def _body(
    desk: Desk, viewer: Viewer, row: AnnotationRow, term: TermView, language: str
) -> BodyView:
    """Of a term its label, which the index knows; all else as its kind has it shown."""
    if row.body and term.label != term.iri:
        return BodyView(term.label, "", term=term, lang=term.lang)
    return annotation_bodies.view(desk, viewer, annotations.get(desk, row.iri), language)


def may(person: Person | None, campaign: Campaign) -> set[str]:
    """What this person may do with the campaign: edit, moderate, publish, open, close."""
    allowed: set[str] = set()
    if permissions.may(person, "edit campaign", campaign):
        allowed |= {"edit", "close" if campaign.state == "open" else "open"}
    if permissions.may(person, "moderate", campaign):
        allowed.add("moderate")
    if permissions.may(person, "publish", campaign):
        allowed.add("publish")
    return allowed
