"""What somebody said of many things at once, which can be taken back at once.

`<campaign/x#batch-…>` in the campaign's annotations names who, when and how much of it stands; each
vote or claim of it says `ch:batch`. It is written in pages, each one entry of the journal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad

from server.commit import Desk
from server.domain import (
    annotation_statements,
    annotations,
    contributing,
    participation,
    publishing,
    shapes,
    statements,
)
from server.domain.accounts import Person
from server.domain.annotation_statements import VERDICTS
from server.domain.campaign_nodes import integer
from server.errors import NotFound
from server.i18n import _
from server.index import batches
from server.index.batches import BatchRow
from server.names import CH, DCTERMS, OA, RDF, new_id, time_literal
from server.patches import Patch, bound, on

#: Votes or claims in one entry, so that the writer is held for milliseconds.
PAGE = 50
Kind: TypeAlias = Literal["vote", "claim"]
Progress: TypeAlias = Callable[[int], None]
_CLASSES = {"vote": CH.Vote, "claim": CH.Claim}
_VERDICT_NAMES = {node: name for name, node in VERDICTS.items()}


@dataclass(frozen=True, slots=True)
class Batch:
    """One that is being made: `verdict` of votes; `term` an IRI, or "" where there is none."""

    iri: str
    campaign: str
    kind: Kind
    verdict: str = ""
    term: str = ""


@dataclass(frozen=True, slots=True)
class Undone:
    """How many were taken back; `kept` are claims on which others have voted since."""

    taken_back: int
    kept: int


def new(desk: Desk, campaign: str, kind: Kind, verdict: str = "", term: str = "") -> Batch:
    iri = f"{desk.names.campaign(campaign).value}#batch-{new_id()}"
    return Batch(iri, campaign, kind, verdict, term)


def identifier(iri: str) -> str:
    """By which an address names it."""
    return iri.rpartition("#batch-")[2]


def grown(desk: Desk, person: Person, batch: Batch, by: int, now: datetime) -> Patch:
    """In a decision: so many more belong to it."""
    if not by:
        return Patch()
    node, graph = NamedNode(batch.iri), desk.names.graph("annotations", batch.campaign)
    before = annotation_statements.standing_part(desk, node, graph)
    sizes = [int(quad.object.value) for quad in before if quad.predicate == CH.size]  # type: ignore[union-attr]
    said = _statements(desk, person, batch, sum(sizes) + by, now)
    shapes.check("batch", said)
    if before:
        return _resized(before, sum(sizes) + by)
    return on("work", add=bound(graph, *said))


def _statements(
    desk: Desk, person: Person, batch: Batch, size: int, now: datetime
) -> list[tuple[Any, NamedNode, Any]]:
    node = NamedNode(batch.iri)
    return [
        (node, RDF.type, CH.Batch),
        (node, CH.campaign, desk.names.campaign(batch.campaign)),
        (node, CH.agent, person.agent),
        (node, CH.batchOf, _CLASSES[batch.kind]),
        (node, CH.size, integer(size)),
        (node, DCTERMS.created, time_literal(now)),
        *([(node, CH.verdict, VERDICTS[batch.verdict])] if batch.verdict else []),
        *([(node, OA.hasBody, NamedNode(batch.term))] if batch.term else []),
    ]


def _resized(before: list[Quad], size: int) -> Patch:
    """Nothing is left of a batch of which nothing stands."""
    old = [quad for quad in before if quad.predicate == CH.size]
    if size <= 0:
        return on("work", remove=before)
    added = [Quad(quad.subject, CH.size, integer(size), quad.graph_name) for quad in old[:1]]
    return on("work", remove=old, add=added)


def project(desk: Desk, campaign: str, iri: str) -> None:
    """Write its row in the index from what the store says."""
    said = statements.about(desk, "work", NamedNode(iri))
    if not said:
        batches.remove(desk.index.write, iri)
        return
    verdict = said.get(CH.verdict, [None])[0]
    row = BatchRow(
        iri=iri,
        campaign=campaign,
        agent=statements.first(said, CH.agent),
        kind="vote" if said[CH.batchOf][0] == CH.Vote else "claim",
        verdict=_VERDICT_NAMES[verdict] if verdict else "",
        term=statements.first(said, OA.hasBody),
        size=int(statements.first(said, CH.size)),
        at=statements.first(said, DCTERMS.created),
    )
    batches.put(desk.index.write, row)


def get(desk: Desk, person: Person, campaign: str, identifier_: str) -> BatchRow:
    """One's own. Raises NotFound, also for somebody else's."""
    iri = f"{desk.names.campaign(campaign).value}#batch-{identifier_}"
    row = batches.find(desk.index.read(), iri)
    if row is None or row.agent != person.agent.value:
        raise NotFound(_("There is nothing to take back."))
    return row


def mine(desk: Desk, person: Person, limit: int = 20) -> list[BatchRow]:
    """What can be taken back as a whole, the newest first."""
    return batches.of_agent(desk.index.read(), person.agent.value, limit)


def undo(
    desk: Desk, person: Person, row: BatchRow, *, now: datetime,
    progress: Progress = lambda _done: None,
) -> Undone:  # fmt: skip
    """Take back all of it that stands, a page in each entry; calling it again goes on.

    A claim on which others have voted since stays, and is no part of the batch any more.
    """
    taken = kept = 0
    while True:
        page = desk.commit(
            lambda desk: _undo_page(desk, person, row, now),
            by=person.agent.value, action="withdraw" if row.kind == "claim" else "vote", now=now,
        )  # fmt: skip
        if page is None:
            return Undone(taken, kept)
        taken, kept = taken + page.taken_back, kept + page.kept
        progress(taken + kept)


def _undo_page(
    desk: Desk, person: Person, row: BatchRow, now: datetime
) -> tuple[Patch, Undone | None]:
    participation.open_campaign(desk, person, row.campaign, now)
    batch, graph = NamedNode(row.iri), desk.names.graph("annotations", row.campaign)
    node = annotation_statements.standing_part(desk, batch, graph)
    parts = [each["part"] for each in desk.select("batch_parts", batch=batch, limit=PAGE)]
    if not parts:
        return on("work", remove=node), None
    patch, kept = Patch(), 0
    for part in parts:
        change = _without(desk, person, part, row.kind, graph, now)
        kept += change is None
        patch += change or on("work", remove=[Quad(part, CH.batch, batch, graph)])
    sizes = [int(quad.object.value) for quad in node if quad.predicate == CH.size]  # type: ignore[union-attr]
    return patch + _resized(node, sum(sizes) - len(parts)), Undone(len(parts) - kept, kept)


def _without(
    desk: Desk, person: Person, part: ox.NamedNode, kind: str, graph: NamedNode, now: datetime
) -> Patch | None:
    """Without this vote or claim; None where it is no longer this person's alone to take back."""
    standing = annotations.get(desk, part.value.rpartition("#")[0])
    if kind == "vote":
        after = standing.with_vote(person, None, now)
        removed = annotation_statements.standing_part(desk, part, graph)
    elif contributing.may_take_back(standing, person):
        after = standing.without_claim(person.agent.value)
        removed = annotation_statements.standing_claim(desk, part, graph)
    else:
        return None
    return on("work", remove=removed) + publishing.refreshed(desk, standing, after)
