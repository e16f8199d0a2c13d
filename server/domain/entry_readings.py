"""What an entry of the journal did to one annotation, read from its patch."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from pyoxigraph import Quad

from server.domain import annotation_parts
from server.domain.annotation_parts import Claim, Decision, Parts, Reopening, Vote
from server.journal.entries import Entry
from server.names import CH, value_of
from server.patches import Patch

Action: TypeAlias = Literal[
    "proposed", "joined", "revised", "withdrew", "voted", "unvoted", "decided", "undecided",
    "reopened", "published", "unpublished",
]  # fmt: skip
#: The entries that undo others are stored under these keys, with the other's number.
UNDO = "undo/"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that one agent (an IRI) did to an annotation: `part` as it is now, `former` as it
    was before. `other` is the annotation (an IRI) that theirs took the place of, or went to."""

    action: Action
    agent: str
    part: Claim | Vote | Decision | Reopening | None = None
    former: Claim | Vote | Decision | Reopening | None = None
    other: str = ""


def read(entry: Entry, iri: str, action: str = "") -> list[Happening]:
    """In the order in which one would tell it.

    `action` is what the history notes of the annotation: an entry with files does not hold it.
    """
    patch = _about(entry, iri)
    before = annotation_parts.read(iri, triples(patch.work.remove))
    after = annotation_parts.read(iri, triples(patch.work.add))
    is_new = any(value_of(quad.subject) == iri for quad in patch.work.add)
    return [
        *_claims(entry, iri, before, after, is_new),
        *_votes(before, after),
        *_decisions(before, after),
        *(_publications(entry, patch) if "bulk" not in entry.patch else _in_bulk(entry, action)),
    ]


def triples(quads: Iterable[Quad]) -> annotation_parts.Triples:
    """As `annotation_parts` reads them."""
    found: annotation_parts.Triples = defaultdict(list)
    for quad in quads:
        found[value_of(quad.subject)].append((quad.subject, quad.predicate, quad.object))
    return found


def _about(entry: Entry, iri: str) -> Patch:
    """The part of the patch that is about the annotation: of a page of 50 the others are not
    even parsed."""
    begun = (f"<{iri}>", f"<{iri}#")
    told: dict[str, Any] = {
        dataset: {
            kind: [line for line in change.get(kind, ()) if line.startswith(begun)]
            for kind in ("remove", "add")
        }
        for dataset, change in entry.patch.items()
        if dataset != "bulk"
    }
    return Patch.from_json(told)


def _claims(
    entry: Entry, iri: str, before: Parts, after: Parts, is_new: bool
) -> Iterator[Happening]:
    old = {claim.agent: claim for claim in before.claims}
    new = {claim.agent: claim for claim in after.claims}
    for agent, claim in new.items():
        action: Action = "revised" if agent in old else "proposed" if is_new else "joined"
        other = _other(entry, iri, agent, "remove")
        yield Happening(action, agent, claim, old.get(agent), other)
    for agent, claim in old.items():
        if agent not in new:
            other = _other(entry, iri, agent, "add")
            yield Happening("withdrew", agent, None, claim, other)


def _other(entry: Entry, iri: str, agent: str, kind: str) -> str:
    """Another annotation whose claim by this agent went or came in the same entry: of an edit."""
    if entry.action != "propose":
        return ""
    claim = re.compile(rf"<([^>#]+)#by-{re.escape(agent.rpartition('/')[2])}> {CH.annotation} ")
    found = (claim.match(line) for line in entry.patch.get("work", {}).get(kind, ()))
    return next((match[1] for match in found if match and match[1] != iri), "")


def _votes(before: Parts, after: Parts) -> Iterator[Happening]:
    old = {vote.agent: vote for vote in before.votes}
    proposing = {claim.agent for claim in after.claims}
    for vote in after.votes:
        yield Happening("voted", vote.agent, vote, old.pop(vote.agent, None))
    for agent, vote in old.items():
        if agent not in proposing:  # else the claim is their word now
            yield Happening("unvoted", agent, None, vote)


def _decisions(before: Parts, after: Parts) -> Iterator[Happening]:
    if after.reopening:
        yield Happening("reopened", after.reopening.agent, after.reopening, before.reopening)
    if after.decision:
        yield Happening("decided", after.decision.agent, after.decision, before.decision)
    elif before.decision:
        yield Happening("undecided", before.decision.agent, None, before.decision)


def _in_bulk(entry: Entry, action: str) -> Iterator[Happening]:
    if action == "publish":
        yield Happening("published", entry.agent)
    elif action == "unpublish":
        yield Happening("unpublished", entry.agent)


def _publications(entry: Entry, patch: Patch) -> Iterator[Happening]:
    """Counts that follow votes are no news."""
    if any(quad.predicate == CH.status for quad in patch.public.add):
        yield Happening("published", entry.agent)
    elif any(quad.predicate == CH.status for quad in patch.public.remove):
        yield Happening("unpublished", entry.agent)
