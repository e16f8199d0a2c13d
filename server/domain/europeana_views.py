"""What organisers see of what goes to Europeana: how far it is, lists, and items to be matched."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from server.commit import Desk
from server.domain import (
    annotation_bodies,
    annotations,
    europeana_items,
    europeana_words,
    links,
)
from server.domain.annotation_bodies import BodyView
from server.domain.campaigns import Campaign
from server.domain.europeana_items import Known
from server.errors import NotFound
from server.formats import europeana_items as form
from server.i18n import _
from server.index import items, queues
from server.journal import europeana
from server.journal.europeana import MatchRow, PushRow
from server.viewers import PUBLIC, Viewer

PAGE = 50
ITEMS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One annotation: `remote` is its address over there, `reason` why it is not sent."""

    id: str
    body: BodyView | None
    item_id: str
    item_title: str
    state: str
    state_words: str
    task_words: str
    reason: str
    remote: str
    sent: datetime | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """`key` is what a form sends for it."""

    key: str
    iri: str
    page: str
    title: str
    provider: str
    score: int
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unmatched:
    id: str
    iri: str
    title: str
    provider: str
    original: str | None
    searched: bool
    candidates: tuple[Candidate, ...]


def page(
    desk: Desk, viewer: Viewer, campaign: Campaign, state: str, after: str, language: str
) -> dict[str, Any]:
    """The context of the page: counts by state, a page of one of them, what is missing to go."""
    if state and state not in europeana_words.STATES:
        raise NotFound(_("There is no such status."))
    with europeana.create_tables(desk.accounts).connect() as connection:
        counted = europeana.counts(connection, campaign.slug)
        reasons = europeana.reasons(connection, campaign.slug)
        states = [state] if state else list(europeana_words.STATES)
        rows = europeana.page(connection, campaign.slug, states, after=after, limit=PAGE + 1)
    by_status = queues.progress(desk.index.read(), campaign.slug).by_status
    query = urlencode({"state": state, "after": rows[PAGE - 1].annotation}) if rows[PAGE:] else ""
    return {
        "counts": _by_state(counted),
        "tasks": {task: n for (where, task), n in counted.items() if where == "waiting" and task},
        "reasons": [(code, europeana_words.reason(code), count) for code, count in reasons],
        "published": by_status.get("published", 0),
        "accepted": by_status.get("accepted", 0),
        "state": state,
        "states": {name: words() for name, words in europeana_words.STATES.items()},
        "lines": [_line(desk, viewer, row, language) for row in rows[:PAGE]],
        "next": f"?{query}" if query else None,
        "missing": missing(desk),
        "unmatched": dict(reasons).get("item", 0),
    }


def in_lines(desk: Desk, slug: str) -> list[str]:
    """The same counts for the command line."""
    with europeana.create_tables(desk.accounts).connect() as connection:
        counted = europeana.counts(connection, slug)
        reasons = europeana.reasons(connection, slug)
    states = [
        f"{europeana_words.STATES[state]()}{f' ({task})' if task else ''}\t{count}"
        for (state, task), count in sorted(counted.items())
    ]
    return states + [f"  {europeana_words.reason(code)}\t{count}" for code, count in reasons]


def missing(desk: Desk) -> list[str]:
    """Settings without which nothing can be sent, by their names."""
    settings = desk.settings
    found = [] if settings.europeana_key else ["CROWDHERITAGE_EUROPEANA_KEY"]
    if not (settings.europeana_token or settings.europeana_client):
        found.append("CROWDHERITAGE_EUROPEANA_CLIENT")
    return found


def _by_state(counted: Mapping[tuple[str, str], int]) -> dict[str, int]:
    found = dict.fromkeys(europeana_words.STATES, 0)
    for (state, _task), count in counted.items():
        found[state] = found.get(state, 0) + count
    return found


def _line(desk: Desk, viewer: Viewer, row: PushRow, language: str) -> Line:
    annotation = annotations.find(desk, desk.names.annotation(row.annotation).value)
    current = items.current_item(desk.index.read(), row.item)
    item = items.find_item_by_iri(viewer, desk.index.read(), current)
    task = europeana_words.TASKS.get(row.task)
    return Line(
        row.annotation,
        annotation_bodies.view(desk, viewer, annotation, language) if annotation else None,
        item.id if item else "",
        item.title(language) if item else row.item,
        row.state,
        europeana_words.STATES[row.state](),
        task() if task and row.state == "waiting" else "",
        europeana_words.reason(row.reason, row.detail) if row.reason or row.detail else "",
        row.remote,
        datetime.fromisoformat(row.sent) if row.sent else None,
    )


def matches(desk: Desk, slug: str, after: str, language: str) -> dict[str, Any]:
    """The context of the page of matches: items that nobody knows, with candidates, some a page."""
    with europeana.create_tables(desk.accounts).connect() as connection:
        page = europeana.items_without(connection, slug, after=after, limit=ITEMS + 1)
        shown = page[:ITEMS]
        found = europeana.matches(connection, shown)
        searched = europeana.looked_up(connection, shown)
    unmatched = [
        _unmatched(desk, known, found.get(item, []), item in searched, language)
        for item in shown
        if not (known := europeana_items.get(desk, item)).iri and known.collection
    ]
    more = urlencode({"after": shown[-1]}) if page[ITEMS:] else ""
    return {
        "items": unmatched,
        "pairs": [(each.id, each.title) for each in unmatched],
        "next": f"?{more}" if more else None,
        "missing": [] if desk.settings.europeana_key else missing(desk)[:1],
    }


def _unmatched(
    desk: Desk, known: Known, rows: list[MatchRow], searched: bool, language: str
) -> Unmatched:
    row = items.find_item_by_iri(PUBLIC, desk.index.read(), known.item)
    return Unmatched(
        row.id if row else "",
        known.item,
        row.title(language) if row else known.item,
        next(iter(known.providers), ""),
        next(filter(None, map(links.address, known.shown_at)), None),
        searched,
        tuple(_candidate(each) for each in rows if each.candidate not in known.refused),
    )


def _candidate(row: MatchRow) -> Candidate:
    words = [europeana_words.EVIDENCE[name]() for name in row.evidence.split()]
    return Candidate(
        f"{row.candidate} {row.item}", row.candidate, form.page(row.candidate), row.title,
        row.provider, row.score, tuple(words),
    )  # fmt: skip


def confirmed(desk: Desk, collections: tuple[str, ...], language: str) -> list[dict[str, str]]:
    """The newest hundred matches in these collections that somebody confirmed."""
    found = []
    for slug in collections:
        graph = europeana_items.matches_graph(desk, slug)
        for row in desk.select("europeana_matches", graph=graph, limit=100):
            item = items.find_item_by_iri(PUBLIC, desk.index.read(), row["item"].value)
            found.append({
                "iri": row["item"].value, "id": item.id if item else "",
                "title": item.title(language) if item else row["item"].value,
                "europeana": row["other"].value, "page": form.page(row["other"].value),
            })  # fmt: skip
    return found[:100]
