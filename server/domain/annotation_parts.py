"""The parts of an annotation by which people and programs speak: claims, votes, decisions."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain.annotation_contents import NOTHING_SAID, Content, Part
from server.domain.annotation_statements import VERDICTS
from server.domain.kinds import OF_CLAIM
from server.names import CH, DCTERMS, OA, PROV, RDF, RDFS, SOA, sortable

Triples: TypeAlias = dict[str, list[tuple[Any, Any, Any]]]
"""By the subject's IRI."""

# Every reading of an annotation compares with these.
_CREATED = DCTERMS.created.value
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
_RATING = CH.rating.value
#: How the names of the parts begin by which people and programs speak.
_SPOKEN = ("by-", "vote-", "decision", "reopening")
#: What the server says of every annotation.
_FRAME = {(RDF.type, OA.Annotation), (RDF.type, OA.SpecificResource)}
_OF_CLAIMS = {
    RDF.type, CH.annotation, DCTERMS.creator, DCTERMS.created, CH.asGuest, SOA.confidence,
    PROV.wasGeneratedBy, CH.batch,
}  # fmt: skip
_VERDICT_NAMES = {node.value: name for name, node in VERDICTS.items()}


@dataclass(frozen=True, slots=True)
class Claim:
    """One who proposes it. `guest` says whether they had an account then.

    `content` is what they say for themselves; software has a confidence, 0..1.
    """

    agent: str
    created: str
    guest: bool = False
    confidence: float | None = None
    content: Content = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class Vote:
    """`verdict` is approve, reject or unsure; `rating` 0..100."""

    agent: str
    verdict: str
    created: str
    guest: bool = False
    reason: str = ""
    comment: str = ""
    rating: int | None = None


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
class Parts:
    claims: tuple[Claim, ...]
    votes: tuple[Vote, ...]
    decision: Decision | None
    reopening: Reopening | None


def gather(desk: Desk, iri: str) -> Triples:
    """What the work dataset says of an annotation and of its parts; empty where nothing is said.

    Its parts are what it leads to among its own fragments, and what names it (`ch:annotation`).
    """
    me, inside = NamedNode(iri), f"{iri}#"
    found: Triples = {}
    todo = [me, *desk.pointing("work", CH.annotation, me)]
    while todo:
        node = todo.pop()
        if node.value in found:
            continue
        said = desk.about("work", node)
        found[node.value] = [(node, p, o) for p, o in said]
        todo += [o for _p, o in said if isinstance(o, NamedNode) and o.value.startswith(inside)]
    return found if found[iri] else {}


def read(iri: str, triples: Triples) -> Parts:
    """Who says what about the annotation; oldest first."""
    about = [
        (node, {p.value: o.value for _s, p, o in said})
        for node, said in triples.items()
        if node.startswith(f"{iri}#")
    ]
    said = [part for _node, part in about]
    claims = [_claim(part, _own(iri, node, triples)) for node, part in about if _is(part, _CLAIM)]
    return Parts(
        claims=_sorted(claims),
        votes=_sorted(_vote(part) for part in said if _is(part, _VOTE)),
        decision=next((_decision(part) for part in said if _is(part, _DECISION)), None),
        reopening=next((_reopening(part) for part in said if _is(part, _REOPENING)), None),
    )


def content(iri: str, triples: Triples) -> Content:
    """What the annotation and its parts say, but for those by which people and programs speak."""
    own = [
        triple
        for node, said in triples.items()
        if not node.removeprefix(f"{iri}#").startswith(_SPOKEN)
        for triple in said
        if triple[1:] not in _FRAME and triple[1] != DCTERMS.created
    ]
    return Content.read(iri, own)


def _own(iri: str, node: str, triples: Triples) -> Content:
    """What somebody says for themselves: on their claim, and on the parts that it leads to."""
    own = [
        triple
        for each, said in triples.items()
        if each == node or each.startswith(f"{node}.")
        for triple in said
        if triple[1] not in _OF_CLAIMS
    ]
    if not own:
        return NOTHING_SAID
    found, name = Content.read(iri, own), node.removeprefix(f"{iri}#")
    return Content(tuple((_unnamed(s, name), p, _unnamed(o, name)) for s, p, o in found.statements))


def _unnamed(value: Any, name: str) -> Any:
    """`by.error-1` for `by-{agent}.error-1`."""
    if isinstance(value, Part):
        return Part(_unnamed(value.name, name))
    return OF_CLAIM + value.removeprefix(name) if isinstance(value, str) else value


def _is(part: dict[str, Any], class_: str) -> bool:
    return bool(part.get(_TYPE) == class_)


def _sorted(parts: Any) -> tuple[Any, ...]:
    return tuple(sorted(parts, key=lambda part: (part.created, part.agent)))


def _claim(part: dict[str, Any], own: Content) -> Claim:
    confidence = part.get(_CONFIDENCE)
    return Claim(
        agent=part[_CREATOR],
        created=sortable(part[_CREATED]),
        guest=_AS_GUEST in part,
        confidence=float(confidence) if confidence else None,
        content=own,
    )


def _vote(part: dict[str, Any]) -> Vote:
    return Vote(
        agent=part[_VOTER],
        verdict=_VERDICT_NAMES[part[_VERDICT]],
        created=sortable(part[_CREATED]),
        guest=_AS_GUEST in part,
        reason=part.get(_REASON, ""),
        comment=part.get(_COMMENT, ""),
        rating=int(part[_RATING]) if _RATING in part else None,
    )


def _decision(part: dict[str, Any]) -> Decision:
    return Decision(
        verdict="accept" if part[_VERDICT] == _ACCEPT else "reject",
        reason=part.get(_REASON, ""),
        agent=part[_CREATOR],
        created=sortable(part[_CREATED]),
    )


def _reopening(part: dict[str, Any]) -> Reopening:
    return Reopening(
        reason=part[_REASON],
        load=part[_LOAD],
        agent=part[_CREATOR],
        created=sortable(part[_CREATED]),
        replacement=part.get(_REPLACED, ""),
    )
