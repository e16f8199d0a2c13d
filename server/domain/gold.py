"""Gold items: an organiser knows the right answers, and tells whoever has answered.

They stand in a graph of their own in the work dataset, are no part of any export, and before one
has answered nothing tells them from other items.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pyoxigraph import Literal, NamedNode

from server.commit import Desk
from server.domain import (
    annotation_statements,
    campaigns,
    permissions,
    routing,
    shapes,
    statements,
    term_views,
    texts,
)
from server.domain.accounts import Person
from server.domain.campaigns import Campaign
from server.domain.texts import Texts
from server.domain.widgets import choices
from server.errors import Invalid, NotFound, Problem
from server.i18n import _
from server.index import gold, items
from server.index.gold import GoldRow, Tally
from server.names import CH, DCTERMS, RDF, RDFS, is_safe_iri, time_literal
from server.patches import Patch, bound, on
from server.viewers import Viewer

PAGE = 50
_ID = re.compile(r"[a-z2-7]{26}")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one question (`task`, its number) about an item (its `{id}`).

    `answers` are IRIs or texts, of which each is right; `explanation` says why.
    """

    item: str
    task: int
    answers: tuple[str, ...]
    explanation: Texts


@dataclass(frozen=True, slots=True)
class KnownView:
    item_id: str
    item_title: str
    task: int
    question: str
    answers: list[str]
    explanation: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody is told who has answered: a sentence, and whether they were right."""

    right: bool
    words: str


def mark(desk: Desk, organiser: Person, slug: str, known: Known, *, now: datetime) -> None:
    """Keep what is known, in place of what was before. Raises Invalid, NotFound or Forbidden."""
    campaign = _organised(desk, organiser, slug)
    campaign.task(known.task)
    viewer = permissions.viewer(organiser)
    item = routing.get_item(desk, viewer, campaign, known.item)
    _require_answers(known.answers)
    node, graph = _node(desk, slug, known.item, known.task), desk.names.graph("gold", slug)
    said = [
        (node, RDF.type, CH.GoldAnswer),
        (node, CH.campaign, desk.names.campaign(slug)),
        (node, CH.item, NamedNode(item.iri)),
        (node, CH.task, NamedNode(f"{desk.names.campaign(slug).value}#task-{known.task}")),
        *((node, CH.answer, _answer(text)) for text in dict.fromkeys(known.answers)),
        *((node, RDFS.comment, text) for text in texts.literals(known.explanation)),
        (node, DCTERMS.creator, organiser.agent),
        (node, DCTERMS.created, time_literal(now)),
    ]
    shapes.check("gold", said)

    def decide(desk: Desk) -> tuple[Patch, None]:
        before = annotation_statements.standing_part(desk, node, graph)
        return on("work", remove=before, add=bound(graph, *said)), None

    desk.commit(decide, by=organiser.agent.value, action="mark gold", now=now)


def unmark(
    desk: Desk, organiser: Person, slug: str, item_id: str, task: int, *, now: datetime
) -> None:
    """Forget what was known. Raises NotFound where nothing was."""
    _organised(desk, organiser, slug)
    connection, graph = desk.index.read(), desk.names.graph("gold", slug)
    if not _ID.fullmatch(item_id):
        raise NotFound(_("No answer is known of this item."))
    item = items.find_item(permissions.viewer(organiser), connection, item_id)
    row = gold.find(connection, slug, item.iri, task) if item else None
    node = NamedNode(row.node) if row else _node(desk, slug, item_id, task)

    def decide(desk: Desk) -> tuple[Patch, None]:
        before = annotation_statements.standing_part(desk, node, graph)
        if not before:
            raise NotFound(_("No answer is known of this item."))
        return on("work", remove=before), None

    desk.commit(decide, by=organiser.agent.value, action="unmark gold", now=now)


def _organised(desk: Desk, organiser: Person, slug: str) -> Campaign:
    campaign = campaigns.get_campaign(desk, permissions.viewer(organiser), slug)
    permissions.require(organiser, "moderate", campaign)
    return campaign


def _node(desk: Desk, slug: str, item_id: str, task: int) -> NamedNode:
    return NamedNode(f"{desk.names.campaign(slug).value}#gold-{item_id}-{task}")


def _require_answers(answers: Sequence[str]) -> None:
    if not any(answer.strip() for answer in answers):
        message = _("Give at least one right answer.")
        raise Invalid(message, (Problem("answer", message),))


def _answer(text: str) -> NamedNode | Literal:
    tidy = text.strip()
    return NamedNode(tidy) if is_safe_iri(tidy) else Literal(tidy)


# --- what people are told --------------------------------------------------------------------


def feedback(
    desk: Desk, viewer: Viewer, campaign: Campaign, person: Person | None, item: str, task: int,
    language: str,
) -> Feedback | None:  # fmt: skip
    """Of a question about an item (an IRI) that this person has answered; else None."""
    connection = desk.index.read()
    row = gold.find(connection, campaign.slug, item, task) if person else None
    right = gold.is_right(connection, row, person.agent.value) if row and person else None
    if row is None or right is None:
        return None
    known = _known(desk, row)
    answer = _(" or ").join(labels(desk, viewer, campaign, task, known.answers, language))
    why = texts.choose(known.explanation, language)
    if right:
        words = _("Right: it is {answer}.", answer=answer)
        return Feedback(True, f"{words} {why}".strip())
    if why:
        return Feedback(False, _("We thought it is {answer} — {why}", answer=answer, why=why))
    return Feedback(False, _("We thought it is {answer}.", answer=answer))


def tally(desk: Desk, campaign: Campaign, person: Person | None) -> Tally:
    """How this person did so far; for themselves and the organiser."""
    if person is None:
        return Tally()
    return gold.tally(desk.index.read(), campaign.slug, person.agent.value)


def labels(
    desk: Desk, viewer: Viewer, campaign: Campaign, task: int, answers: Sequence[str], language: str
) -> list[str]:
    """The answers in words: of a list, names of terms, or the texts that they are."""
    listed = choices.answers(desk, campaign, campaign.task(task), language)
    known = {answer.iri: answer.label for answer in listed}
    terms = [each for each in answers if each not in known and is_safe_iri(each)]
    found = term_views.short_views(desk, viewer, terms, language)
    known |= {iri: view.label for iri, view in found.items()}
    return [known.get(answer, answer) for answer in answers]


# --- for the organiser -----------------------------------------------------------------------


def page(
    desk: Desk, organiser: Person, slug: str, after: tuple[str, int], language: str
) -> tuple[list[KnownView], tuple[str, int] | None]:
    """What is known in a campaign, a page at a time, and where the next one begins."""
    campaign, viewer = _organised(desk, organiser, slug), permissions.viewer(organiser)
    rows = gold.rows(desk.index.read(), slug, limit=PAGE + 1, after=after)
    views = [_view(desk, viewer, campaign, row, language) for row in rows[:PAGE]]
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return views, (last.item, last.task) if last else None


def tallies(
    desk: Desk, organiser: Person, slug: str, after: str
) -> tuple[list[tuple[str, Tally]], str | None]:
    """(agent's IRI, tally) of those who answered questions with known answers, a page at a time."""
    _organised(desk, organiser, slug)
    connection = desk.index.read()
    agents = gold.people(connection, slug, limit=PAGE + 1, after=after)
    found = [(agent, gold.tally(connection, slug, agent)) for agent in agents[:PAGE]]
    following = agents[PAGE - 1] if len(agents) > PAGE else None
    return [each for each in found if each[1].answered], following


def _view(desk: Desk, viewer: Viewer, campaign: Campaign, row: GoldRow, language: str) -> KnownView:
    known, item = _known(desk, row), items.find_item_by_iri(viewer, desk.index.read(), row.item)
    question, answers = "", list(known.answers)
    if any(task.number == row.task for task in campaign.tasks):
        question = texts.choose(campaign.task(row.task).question, language)
        answers = labels(desk, viewer, campaign, row.task, known.answers, language)
    return KnownView(
        item_id=item.id if item else known.item,
        item_title=item.title(language) if item else row.item,
        task=row.task,
        question=question,
        answers=answers,
        explanation=texts.choose(known.explanation, language),
    )


def _known(desk: Desk, row: GoldRow) -> Known:
    said = statements.about(desk, "work", NamedNode(row.node))
    answers = sorted(answer.value for answer in said.get(CH.answer, []))
    explanation = texts.collect(said.get(RDFS.comment, []))
    return Known(desk.names.item_id(row.item), row.task, tuple(answers), explanation)
