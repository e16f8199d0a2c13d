"""The parts of an annotation as statements: itself, who makes it, and the votes on it."""

from datetime import datetime
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from server.commit import Desk
from server.domain import statements
from server.domain.accounts import Person
from server.domain.annotation_contents import ANNOTATION, NOTHING_SAID, TARGET, Content, Said
from server.domain.kinds import OF_CLAIM
from server.names import CH, DCTERMS, OA, RDF, RDFS, XSD, time_literal

VERDICTS = {
    "approve": CH.Approve, "reject": CH.Reject, "unsure": CH.Unsure,
}  # fmt: skip
Statements = list[tuple[Any, NamedNode, Any]]


def content_statements(iri: str, content: Content, created: str) -> Statements:
    """The annotation itself: what is said of which item, without who said it."""
    frame: tuple[Said, ...] = (
        (ANNOTATION, RDF.type, OA.Annotation),
        (ANNOTATION, DCTERMS.created, Literal(created, datatype=XSD.dateTime)),
        (TARGET, RDF.type, OA.SpecificResource),
    )
    return [*Content(frame).triples(iri), *content.triples(iri)]


def by_statements(
    annotation: str, person: Person, now: datetime, own: Content = NOTHING_SAID
) -> Statements:
    """The part that says that this person makes the claim, and what they say for themselves."""
    node = part(annotation, "by", person)
    return [
        (node, RDF.type, CH.Claim),
        (node, CH.annotation, NamedNode(annotation)),
        (node, DCTERMS.creator, person.agent),
        (node, DCTERMS.created, time_literal(now)),
        *details(node, own),
        *_guest_statement(node, person),
    ]


def details(node: NamedNode, own: Content) -> Statements:
    """What somebody says for themselves, on their own part of an annotation."""
    annotation, _hash, named = node.value.rpartition("#")
    return [(_owned(s, named), p, _owned(o, named)) for s, p, o in own.triples(annotation)]


def _owned(node: Any, named: str) -> Any:
    """A part of somebody's claim (`#by`, `#by.error-1`) with their name in it."""
    if not isinstance(node, NamedNode):
        return node
    whole, hash_, name = node.value.rpartition("#")
    if hash_ and (name == OF_CLAIM or name.startswith(f"{OF_CLAIM}.")):
        return NamedNode(f"{whole}#{named}{name.removeprefix(OF_CLAIM)}")
    return node


def vote_statements(
    annotation: str, person: Person, verdict: str, reason: str, comment: str, now: datetime,
    rating: int | None = None,
) -> Statements:  # fmt: skip
    """`rating` is 0..100, how good it is."""
    node = part(annotation, "vote", person)
    return [
        (node, RDF.type, CH.Vote),
        (node, CH.annotation, NamedNode(annotation)),
        (node, CH.voter, person.agent),
        (node, CH.verdict, VERDICTS[verdict]),
        (node, DCTERMS.created, time_literal(now)),
        *([(node, CH.reason, Literal(reason))] if reason else []),
        *([(node, RDFS.comment, Literal(comment))] if comment else []),
        *([(node, CH.rating, Literal(rating))] if rating is not None else []),
        *_guest_statement(node, person),
    ]


def part(annotation: str, kind: str, person: Person) -> NamedNode:
    return NamedNode(f"{annotation}#{kind}-{person.id}")


def standing_part(desk: Desk, node: NamedNode, graph: NamedNode) -> list[Quad]:
    """The quads of a part as they stand, to be removed."""
    return [Quad(node, p, o, graph) for p, o in statements.pairs(desk, "work", node)]


def standing_claim(desk: Desk, node: NamedNode, graph: NamedNode) -> list[Quad]:
    """The quads of somebody's claim, with the parts that it leads to."""
    own = standing_part(desk, node, graph)
    values = (quad.object for quad in own)
    inner = [
        value
        for value in values
        if isinstance(value, NamedNode) and value.value.startswith(f"{node.value}.")
    ]
    return [*own, *(quad for each in inner for quad in standing_part(desk, each, graph))]


def _guest_statement(node: NamedNode, person: Person) -> Statements:
    return [(node, CH.asGuest, Literal(True))] if person.guest else []
