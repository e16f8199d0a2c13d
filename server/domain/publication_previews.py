"""What organisers see before they publish: how much would change, what is refused, and why.

Of a large campaign this is worked out in the background and kept until something changes; what
people contribute in the meantime is in what is published, and not in the preview.
"""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from server.commit import Desk
from server.domain import (
    annotation_bodies,
    annotations,
    fields,
    kinds,
    permissions,
    publication_checks,
    publication_options,
    publication_outcomes,
    publication_plans,
    publication_rules,
    publication_selections,
    publication_writing,
    publishing,
    publishing_schedules,
    term_views,
    texts,
)
from server.domain.accounts import Person
from server.domain.annotation_bodies import BodyView
from server.domain.campaigns import Campaign
from server.domain.publication_checks import Reason, Refusal
from server.domain.publication_outcomes import Outcome
from server.domain.publication_plans import Figures, Plan
from server.domain.publication_selections import Deed, Order, Selection
from server.errors import Conflict
from server.index import items, queues
from server.viewers import Viewer

#: Annotations that somebody can wait for: about 3 ms each.
QUICK = 100
_KEPT = 20  # previews of one instance
_ALL = Viewer(sees_work=True)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked to see, and may then have done."""

    slug: str
    selection: Selection = publication_selections.EVERYTHING
    take_out: bool = False
    deed: Deed = "publish"


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan without its statements; `edition` is that of the campaign's publication."""

    wanted: Wanted
    edition: str
    when: datetime
    figures: Figures
    examples: dict[str, list[str]]
    refused: Counter[Reason]
    refusals: dict[Reason, list[Refusal]]


def is_quick(desk: Desk, wanted: Wanted) -> bool:
    chosen = wanted.selection.annotations
    return (len(chosen) if chosen else size(desk, wanted)) <= QUICK


def size(desk: Desk, wanted: Wanted) -> int:
    """How many annotations are looked at, at most."""
    rejected = queues.progress(desk.index.read(), wanted.slug).by_status.get("rejected", 0)
    return publication_selections.count(desk, wanted.slug) + rejected


def make(
    desk: Desk, person: Person, campaign: Campaign, wanted: Wanted, *, now: datetime,
    progress: Callable[[int], None] = lambda _: None, stop: Callable[[], bool] = lambda: False,
) -> Preview:  # fmt: skip
    """Work it out, also where it may not be published yet. Raises Forbidden."""
    permissions.require(person, "publish", campaign)
    edition = publication_outcomes.edition(desk, wanted.slug)
    order = Order(campaign, now, wanted.deed, wanted.selection, wanted.take_out)
    plan = publication_plans.make(desk, order, progress=progress, stop=stop)
    return _keep(desk, _preview(wanted, edition, plan))


def _preview(wanted: Wanted, edition: str, plan: Plan) -> Preview:
    return Preview(
        wanted, edition, plan.order.now, plan.figures, dict(plan.examples), plan.refused,
        dict(plan.refusals),
    )  # fmt: skip


_made: "WeakKeyDictionary[Desk, dict[Wanted, Preview]]" = WeakKeyDictionary()
_guard = threading.Lock()


def _keep(desk: Desk, preview: Preview) -> Preview:
    with _guard:
        kept = _made.setdefault(desk, {})
        kept.pop(preview.wanted, None)
        kept[preview.wanted] = preview
        while len(kept) > _KEPT:
            del kept[next(iter(kept))]
    return preview


def find(desk: Desk, wanted: Wanted) -> Preview | None:
    """The last one, while nothing was published or changed in the campaign since."""
    with _guard:
        kept = _made.get(desk, {}).get(wanted)
    if kept is None or kept.edition != publication_outcomes.edition(desk, wanted.slug):
        return None
    return kept


# --- as people read it -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Example:
    id: str
    body: BodyView
    item_id: str
    item_title: str
    field: str


@dataclass(frozen=True, slots=True)
class Group:
    """What is refused for one reason."""

    reason: Reason
    words: str
    count: int
    examples: list[tuple[Example, str]]


def view(desk: Desk, viewer: Viewer, preview: Preview, language: str) -> dict[str, Any]:
    """The context of the page: examples in words."""
    shown = {
        name: [one for iri in iris if (one := example(desk, viewer, iri, language))]
        for name, iris in preview.examples.items()
    }
    return {
        "preview": preview,
        "examples": shown,
        "refused": _groups(desk, viewer, preview, language),
    }


def _groups(desk: Desk, viewer: Viewer, preview: Preview, language: str) -> list[Group]:
    return [
        Group(
            reason, publication_checks.words(reason), count,
            [
                (one, each.words)
                for each in preview.refusals.get(reason, ())
                if (one := example(desk, viewer, each.iri, language))
            ],
        )
        for reason, count in preview.refused.most_common()
    ]  # fmt: skip


def example(desk: Desk, viewer: Viewer, iri: str, language: str) -> Example | None:
    annotation = annotations.find(desk, iri)
    row = queues.find_annotation(desk.index.read(), iri)
    if annotation is None or row is None:
        return None
    item = items.find_item_by_iri(_ALL, desk.index.read(), row.item)
    return Example(
        desk.names.local(iri, "annotation") or "",
        annotation_bodies.view(desk, viewer, annotation, language),
        item.id if item else "",
        item.title(language) if item else row.item,
        fields.label(row.field) if row.field else "",
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How it is with the publication of a campaign: `why_not` says what keeps it from being
    published, `next` when it will be by itself."""

    published: int
    accepted: int
    rejected: int
    under_way: bool
    why_not: str
    next: datetime | None
    every: str
    last: Outcome | None


def standing(desk: Desk, campaign: Campaign, now: datetime) -> Standing:
    """For the pages of its organisers."""
    counts = queues.progress(desk.index.read(), campaign.slug).by_status
    return Standing(
        counts.get("published", 0), counts.get("accepted", 0), counts.get("rejected", 0),
        publication_writing.is_under_way(desk, campaign.slug), _why_not(campaign, now),
        publishing_schedules.following(campaign, now),
        publication_options.sentence(campaign.publish_every),
        publication_outcomes.last(desk, campaign.slug),
    )  # fmt: skip


def _why_not(campaign: Campaign, now: datetime) -> str:
    try:
        publishing.require_publishable(campaign, now)
    except Conflict as error:
        return str(error)
    return ""


def rules(desk: Desk, viewer: Viewer, campaign: Campaign, language: str) -> list[tuple[str, str]]:
    """(question, rule in words) of the questions that have one."""
    found = []
    for task in campaign.tasks:
        breaker = task.publication.beats_ties
        name = term_views.view(desk, viewer, breaker, language).label if breaker else ""
        if words := publication_rules.sentence(task.publication, name):
            found.append((texts.choose(task.question, language), words))
    return found


def choices(desk: Desk, campaign: Campaign) -> dict[str, list[tuple[str, str]]]:
    """What one may choose by: (IRI, label) of the fields and kinds of the questions."""
    own_fields = dict.fromkeys(task.field for task in campaign.tasks if task.field)
    own_kinds = dict.fromkeys(task.kind for task in campaign.tasks)
    named = {kind.iri: kind.label for kind in kinds.every(desk)}
    return {
        "fields": [(iri, fields.label(iri)) for iri in own_fields],
        "kinds": [(iri, named.get(iri, iri)) for iri in own_kinds],
    }
