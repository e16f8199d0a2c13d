"""Campaigns and their collections as programs read them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from server.commit import Desk
from server.domain import (
    blindness,
    campaign_views,
    campaigns,
    kinds,
    participation,
    texts,
)
from server.domain.accounts import Person
from server.domain.campaigns import Campaign, Task
from server.domain.comparisons import Results
from server.errors import NotFound
from server.i18n import _
from server.index import items as item_index
from server.index import queues
from server.viewers import Viewer

State = Literal["draft", "open", "closed"]


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """A campaign in a list. `target` and `contributions` are numbers of contributions; in a blind
    campaign nobody is told how many there are, nor of how many people."""

    slug: str
    iri: str
    href: str
    title: str
    description: str
    state: State
    starts: date | None
    ends: date | None
    licence: str
    guests: bool
    blind: bool
    target: int
    contributions: int | None
    people: int | None


@dataclass(frozen=True, slots=True)
class CampaignList:
    """A page of campaigns, open ones first; `next` is the address of the page after it."""

    campaigns: list[CampaignLine]
    next: str | None


@dataclass(frozen=True, slots=True)
class Group:
    number: int
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """A task: `kind` is the name of what is asked for (`/kinds/{kind}`), `field` the IRI of the
    property that an answer would fill, or "". `fields` are the members that an answer may have."""

    number: int
    kind: str
    question: str
    hint: str
    field: str
    vocabularies: list[str]
    groups: list[Group]
    fields: list[str]


@dataclass(frozen=True, slots=True)
class CollectionLine:
    """A collection; `items` is how many it has."""

    slug: str
    title: str
    items: int
    href: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign is; `pending` and `accepted` are proposals."""

    contributions: int
    target: int
    items: int
    items_done: int
    people: int
    pending: int
    accepted: int


@dataclass(frozen=True, slots=True)
class CampaignFacts(CampaignLine):
    """A campaign with its tasks. `agreed`: whether who asks has agreed to its licence; `may`: what
    else they may do with it. `reasons` are those that a rejection may have. `progress` is told to
    nobody while the campaign is blind."""

    instructions: str
    purpose: Literal["annotate", "validate", "both"]
    feedback: Literal["vote", "rating"]
    acceptance: str
    reasons: list[str]
    collections: list[CollectionLine]
    tasks: list[Question]
    progress: Progress | None
    agreed: bool
    may: list[str]


@dataclass(frozen=True, slots=True)
class Rival:
    """One of those that are compared: its share of the strength of all, and the chance that it is
    preferred to an average one, with the interval of 95 %."""

    maker: str
    label: str
    strength: float
    chance: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Of one question: `wins[i][j]` is how often rival i was preferred to j, a tie half a win.
    Where the data do not decide, the strengths are not `certain`."""

    question: str
    rivals: list[Rival]
    wins: list[list[float]]
    ties: int
    answers: int
    certain: bool


@dataclass(frozen=True, slots=True)
class ComparisonList:
    campaign: str
    questions: list[Comparison]


def listing(
    desk: Desk, viewer: Viewer, language: str, after: str, limit: int
) -> tuple[list[CampaignLine], str | None]:
    """Those after the one of that short name, and where the next page begins. Raises NotFound."""
    rows = queues.campaigns(viewer, desk.index.read())
    start = _place([row.slug for row in rows], after)
    shown = rows[start : start + limit]
    found = [campaigns.get_campaign(desk, viewer, row.slug) for row in shown]
    more = start + limit < len(rows)
    return [line(desk, each, language) for each in found], shown[-1].slug if more else None


def _place(slugs: list[str], after: str) -> int:
    if after and after not in slugs:
        raise NotFound(_("This page of the list cannot be found."))
    return slugs.index(after) + 1 if after else 0


def line(desk: Desk, campaign: Campaign, language: str) -> CampaignLine:
    progress = queues.progress(desk.index.read(), campaign.slug)
    blind = blindness.in_force(campaign)
    return CampaignLine(
        slug=campaign.slug,
        iri=desk.names.campaign(campaign.slug).value,
        href=f"/campaigns/{campaign.slug}",
        title=texts.choose(campaign.title, language),
        description=texts.choose(campaign.description, language),
        state=campaign.state,  # type: ignore[arg-type]
        starts=campaign.starts,
        ends=campaign.ends,
        licence=campaign.licence,
        guests=campaign.guests,
        blind=campaign.blind,
        target=campaign.target,
        contributions=None if blind else progress.contributions,
        people=None if blind else progress.people,
    )


def facts(
    desk: Desk, viewer: Viewer, campaign: Campaign, person: Person | None, language: str
) -> CampaignFacts:
    first = line(desk, campaign, language)
    rows = [
        item_index.find_collection(viewer, desk.index.read(), slug) for slug in campaign.collections
    ]
    return CampaignFacts(
        **{name: getattr(first, name) for name in CampaignLine.__slots__},
        instructions=texts.choose(campaign.instructions, language),
        purpose=campaign.purpose,
        feedback=campaign.feedback,
        acceptance=campaign.acceptance.sentence(),
        reasons=[texts.choose(each, "en") for each in campaign.reasons],
        collections=[
            CollectionLine(row.slug, row.title, row.items, f"/collections/{row.slug}")
            for row in rows
            if row
        ],
        tasks=[question(desk, task, language) for task in campaign.tasks],
        progress=None if blindness.in_force(campaign) else _progress(desk, campaign),
        agreed=participation.agreed(desk, campaign, person),
        may=sorted(campaign_views.may(person, campaign)),
    )


def _progress(desk: Desk, campaign: Campaign) -> Progress:
    found = campaign_views.progress(desk, campaign)
    return Progress(**{name: getattr(found, name) for name in Progress.__slots__})


def question(desk: Desk, task: Task, language: str) -> Question:
    kind = kinds.find(desk, task.kind)
    return Question(
        number=task.number,
        kind=kind.name if kind else "",
        question=texts.choose(task.question, language),
        hint=texts.choose(task.hint, language),
        field=task.field,
        vocabularies=list(task.every_vocabulary),
        groups=[Group(each.number, texts.choose(each.label, language)) for each in task.groups],
        fields=[entry.name for entry in kind.editable] if kind else [],
    )


def compared(found: Results) -> Comparison:
    rows = zip(
        found.makers, found.labels, found.strengths.shares, found.strengths.chances, strict=True
    )
    rivals = [Rival(maker, label, share, *chance) for maker, label, share, chance in rows]
    return Comparison(
        found.question, rivals, found.wins, found.ties, found.answers, found.strengths.certain
    )
