"""Annotations: claims about an item by people and software, with the votes and decisions on them.

The annotation is the claim: its IRI is a hash of campaign, item, field and body, so the same
proposal by two people is one annotation; each who makes it adds a part of their own.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from server.commit import Desk
from server.domain import statements
from server.domain.acceptance import Counts
from server.domain.accounts import Person
from server.errors import NotFound
from server.i18n import _
from server.names import (
    CH,
    DCTERMS,
    OA,
    RDF,
    RDFS,
    SOA,
    XSD,
    Names,
    short_hash,
    time_literal,
    timestamp,
)

VERDICTS = {
    "approve": CH.Approve, "reject": CH.Reject, "unsure": CH.Unsure,
}  # fmt: skip
# Every reading of an annotation compares with these.
_CAMPAIGN = CH.campaign.value
_HAS_SOURCE = OA.hasSource.value
_FIELD = CH.field.value
_HAS_BODY = OA.hasBody.value
_CREATED = DCTERMS.created.value
_KIND = CH.kind.value
_TYPE = RDF.type.value
_CONFIDENCE = SOA.confidence.value
_CREATOR = DCTERMS.creator.value
_AS_GUEST = CH.asGuest.value
_VOTER = CH.voter.value
_VERDICT = CH.verdict.value
_REASON = CH.reason.value
_COMMENT = RDFS.comment.value
_ACCEPT = CH.Accept.value
_CLAIM = CH.Claim.value
_VOTE = CH.Vote.value
_DECISION = CH.Decision.value
_REOPENING = CH.Reopening.value
_LOAD = CH.load.value
_REPLACED = DCTERMS.isReplacedBy.value
_VERDICT_NAMES = {node.value: name for name, node in VERDICTS.items()}


@dataclass(frozen=True, slots=True)
class Claim:
    """One who proposes it. `guest` says whether they had an account then."""

    agent: str
    created: str
    guest: bool = False
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Vote:
    """`verdict` is approve, reject or unsure."""

    agent: str
    verdict: str
    created: str
    guest: bool = False
    reason: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """An organiser's word over the rule's: accept or reject, and why."""

    verdict: str
    reason: str
    agent: str
    created: str


@dataclass(frozen=True, slots=True)
class Reopening:
    """Its term changed (`reason` is the kind of change) in a load of its vocabulary, an IRI.

    Claims, votes and decisions from before no longer count; `replacement` is an IRI or "".
    """

    reason: str
    load: str
    agent: str
    created: str
    replacement: str = ""


@dataclass(frozen=True, slots=True)
class Annotation:
    """`campaign` is a slug; `item`, `field`, `body` and `kind` are IRIs, `created` a UTC time.

    `votes` are all that stand; which of them count, and `decision`, depend on the reopening.
    """

    iri: str
    campaign: str
    item: str
    field: str
    body: str
    created: str
    kind: str = CH.SemanticTag.value
    claims: tuple[Claim, ...] = ()
    votes: tuple[Vote, ...] = ()
    decision: Decision | None = None
    reopening: Reopening | None = None

    @property
    def counts(self) -> Counts:
        """A person's proposing is one approval; software's is none."""
        people = [
            claim for claim in self.claims if claim.confidence is None and self.is_after(claim)
        ]
        votes = [vote for vote in self.votes if self.is_after(vote)]
        said = [vote.verdict for vote in votes]
        signed = [voter for voter in votes if voter.verdict == "approve" and not voter.guest]
        return Counts(
            approvals=len(people) + said.count("approve"),
            rejections=said.count("reject"),
            unsure=said.count("unsure"),
            signed_in=len(signed) + sum(not claim.guest for claim in people),
        )

    def is_after(self, part: Claim | Vote | Decision) -> bool:
        """Whether it was said since the annotation was reopened, or it never was."""
        return self.reopening is None or part.created > self.reopening.created

    def verdict_of(self, agent: str) -> str | None:
        """How this agent voted, where that still counts."""
        vote = self.vote_of(agent)
        return vote.verdict if vote and self.is_after(vote) else None

    def claim_of(self, agent: str) -> Claim | None:
        return next((claim for claim in self.claims if claim.agent == agent), None)

    def vote_of(self, agent: str) -> Vote | None:
        return next((vote for vote in self.votes if vote.agent == agent), None)

    def with_claim(self, person: Person, now: datetime) -> "Annotation":
        claim = Claim(person.agent.value, timestamp(now), person.guest)
        voters = tuple(vote for vote in self.votes if vote.agent != claim.agent)
        return replace(self, claims=(*self.claims, claim), votes=voters)

    def without_claim(self, agent: str) -> "Annotation":
        return replace(self, claims=tuple(each for each in self.claims if each.agent != agent))

    def with_vote(self, person: Person, verdict: str | None, now: datetime) -> "Annotation":
        """With this person's vote in place of their earlier one; None for no vote."""
        others = tuple(vote for vote in self.votes if vote.agent != person.agent.value)
        if verdict is None:
            return replace(self, votes=others)
        vote = Vote(person.agent.value, verdict, timestamp(now), person.guest)
        return replace(self, votes=(*others, vote))


def identify(names: Names, campaign: str, item: str, field_: str, body: str) -> NamedNode:
    """The IRI of the claim that this item's field has this value, in this campaign (a slug)."""
    claim = "\n".join((names.campaign(campaign).value, item, field_, "", body))
    return names.annotation(short_hash(claim))


def find(desk: Desk, iri: str) -> Annotation | None:
    """As it stands in the work dataset, votes included; None where nobody ever claimed it."""
    rows = desk.select("annotation_statements", annotation=NamedNode(iri))
    return _read(desk.names, iri, rows) if rows else None


def get(desk: Desk, iri: str) -> Annotation:
    """Raises NotFound."""
    found = find(desk, iri)
    if found is None:
        raise NotFound(_("There is no such annotation."))
    return found


def _read(names: Names, iri: str, rows: list[dict[str, Any]]) -> Annotation:
    about: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        about[row["s"].value][row["p"].value] = row["o"].value
    me, target = about.pop(iri), about.pop(f"{iri}#target", {})
    parts = list(about.values())
    reopening = next((_reopening(part) for part in parts if _is(part, _REOPENING)), None)
    found = Annotation(
        iri=iri,
        campaign=names.local(me[_CAMPAIGN], "campaign") or "",
        item=target[_HAS_SOURCE],
        field=me[_FIELD],
        body=me[_HAS_BODY],
        created=me[_CREATED],
        kind=me[_KIND],
        claims=_sorted(_claim(part) for part in parts if _is(part, _CLAIM)),
        votes=_sorted(_vote(part) for part in parts if _is(part, _VOTE)),
        decision=next((_decision(part) for part in parts if _is(part, _DECISION)), None),
        reopening=reopening,
    )
    outdated = found.decision is not None and not found.is_after(found.decision)
    return replace(found, decision=None) if outdated else found


def _is(part: dict[str, Any], class_: str) -> bool:
    return bool(part.get(_TYPE) == class_)


def _sorted(parts: Any) -> tuple[Any, ...]:
    return tuple(sorted(parts, key=lambda part: (part.created, part.agent)))


def _claim(part: dict[str, Any]) -> Claim:
    confidence = part.get(_CONFIDENCE)
    return Claim(
        agent=part[_CREATOR],
        created=part[_CREATED],
        guest=_AS_GUEST in part,
        confidence=float(confidence) if confidence else None,
    )


def _vote(part: dict[str, Any]) -> Vote:
    return Vote(
        agent=part[_VOTER],
        verdict=_VERDICT_NAMES[part[_VERDICT]],
        created=part[_CREATED],
        guest=_AS_GUEST in part,
        reason=part.get(_REASON, ""),
        comment=part.get(_COMMENT, ""),
    )


def _decision(part: dict[str, Any]) -> Decision:
    return Decision(
        verdict="accept" if part[_VERDICT] == _ACCEPT else "reject",
        reason=part.get(_REASON, ""),
        agent=part[_CREATOR],
        created=part[_CREATED],
    )


def _reopening(part: dict[str, Any]) -> Reopening:
    return Reopening(
        reason=part[_REASON],
        load=part[_LOAD],
        agent=part[_CREATOR],
        created=part[_CREATED],
        replacement=part.get(_REPLACED, ""),
    )


# --- as RDF ----------------------------------------------------------------------------------


def claim_statements(names: Names, annotation: Annotation) -> list[tuple[Any, NamedNode, Any]]:
    """The annotation itself: what is said of which item, without who said it."""
    me, target = NamedNode(annotation.iri), NamedNode(f"{annotation.iri}#target")
    return [
        (me, RDF.type, OA.Annotation),
        (me, CH.kind, NamedNode(annotation.kind)),
        (me, OA.motivatedBy, OA.tagging),
        (me, OA.hasBody, NamedNode(annotation.body)),
        (me, OA.hasTarget, target),
        (me, CH.field, NamedNode(annotation.field)),
        (me, CH.campaign, names.campaign(annotation.campaign)),
        (me, DCTERMS.created, Literal(annotation.created, datatype=XSD.dateTime)),
        (target, RDF.type, OA.SpecificResource),
        (target, OA.hasSource, NamedNode(annotation.item)),
    ]


def by_statements(
    annotation: str, person: Person, now: datetime
) -> list[tuple[Any, NamedNode, Any]]:
    """The part that says that this person makes the claim."""
    node = part(annotation, "by", person)
    return [
        (node, RDF.type, CH.Claim),
        (node, CH.annotation, NamedNode(annotation)),
        (node, DCTERMS.creator, person.agent),
        (node, DCTERMS.created, time_literal(now)),
        *_guest_statement(node, person),
    ]


def vote_statements(
    annotation: str, person: Person, verdict: str, reason: str, comment: str, now: datetime
) -> list[tuple[Any, NamedNode, Any]]:
    node = part(annotation, "vote", person)
    return [
        (node, RDF.type, CH.Vote),
        (node, CH.annotation, NamedNode(annotation)),
        (node, CH.voter, person.agent),
        (node, CH.verdict, VERDICTS[verdict]),
        (node, DCTERMS.created, time_literal(now)),
        *([(node, CH.reason, Literal(reason))] if reason else []),
        *([(node, RDFS.comment, Literal(comment))] if comment else []),
        *_guest_statement(node, person),
    ]


def part(annotation: str, kind: str, person: Person) -> NamedNode:
    return NamedNode(f"{annotation}#{kind}-{person.id}")


def standing_part(desk: Desk, node: NamedNode, graph: NamedNode) -> list[Quad]:
    """The quads of a part as they stand, to be removed."""
    return [Quad(node, p, o, graph) for p, o in statements.pairs(desk, "work", node)]


def _guest_statement(node: NamedNode, person: Person) -> list[tuple[Any, NamedNode, Any]]:
    return [(node, CH.asGuest, Literal(True))] if person.guest else []
