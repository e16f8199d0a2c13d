"""An annotation as somebody may read it: what is public of it, or one's own that is not yet.

Nobody but its maker and those who moderate its campaign can tell whether an annotation that is not
public is there. In a blind campaign its maker is told of it what they said, and no more.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from server.commit import Desk
from server.domain import (
    annotation_statements,
    annotations,
    blindness,
    campaigns,
    permissions,
    publications,
)
from server.domain.accounts import Person
from server.domain.annotation_contents import ANNOTATION, Part
from server.domain.annotations import Annotation
from server.domain.campaigns import Campaign
from server.domain.kinds import OF_CLAIM
from server.errors import Gone, NotFound
from server.i18n import _
from server.index import histories, queues
from server.index.contributions import AnnotationRow
from server.names import CH, DCTERMS, OA, SKOS
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)
_LOOKED_AT = 200  # entries of a history
_STATUSES = {
    "pending": CH.Pending, "accepted": CH.Accepted, "rejected": CH.Rejected,
    "contested": CH.Contested, "withdrawn": CH.Withdrawn,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """Statements about an annotation; `public` says that everybody may read them."""

    iri: str
    triples: tuple[Triple, ...]
    public: bool

    @property
    def state(self) -> str:
        """Another one for whatever else is said."""
        lines = sorted(str(triple) for triple in self.triples)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:20]


def get(desk: Desk, person: Person | None, iri: str) -> Document:
    """Raises NotFound; Gone for what was public once, or was this person's own."""
    found = find_public(desk, iri)
    if found is not None:
        return found
    standing = annotations.find(desk, iri)
    row = queues.find_annotation(desk.index.read(), iri)
    if standing is not None and row is not None:
        campaign = campaigns.get_campaign(desk, _ALL, row.campaign)
        if may_read(standing, campaign, person):
            return private(desk, standing, row, campaign, person)
    if histories.last(desk.index.read(), iri, "publish") or _was_theirs(desk, person, iri):
        raise Gone(_("This annotation was withdrawn."))
    raise NotFound(_("There is no such annotation."))


def may_read(annotation: Annotation, campaign: Campaign, person: Person | None) -> bool:
    """Whether somebody is told of an annotation that is not public: who makes it, or moderates."""
    if person is None or not campaigns.sees(person, campaign):
        return False
    own = annotation.claim_of(person.agent.value) is not None
    return own or (permissions.may(person, "moderate", campaign) and bool(annotation.claims))


def find_public(desk: Desk, iri: str) -> Document | None:
    if not publications.is_public(desk, iri):
        return None
    own = publications.standing_own(desk, iri, NamedNode(iri))
    said = sorted((quad.triple for quad in own), key=str)
    return Document(iri, (*said, *_names(desk, said)), public=True)


def private(
    desk: Desk, standing: Annotation, row: AnnotationRow, campaign: Campaign, person: Person | None
) -> Document:
    """As who may read it is told: of one's own what one says oneself, when one did."""
    me = NamedNode(standing.iri)
    agent = person.agent.value if person else ""
    claim = standing.claim_of(agent)
    shown = (claim,) if claim else standing.claims
    created = claim.created if claim else standing.created
    said = annotation_statements.content_statements(standing.iri, standing.content, created)
    said += [(me, DCTERMS.creator, NamedNode(each.agent)) for each in shown]
    if claim:
        said += [(me, p, o) for part, p, o in claim.content.statements if _is_plain(part, o)]
    if not blindness.binds(campaign, person) and row.status in _STATUSES:
        said.append((me, CH.status, _STATUSES[row.status]))
    triples = [Triple(*each) for each in said]
    return Document(standing.iri, (*triples, *_names(desk, triples)), public=False)


def _is_plain(part: str, value: Any) -> bool:
    return part in (ANNOTATION, OF_CLAIM) and not isinstance(value, Part)


def _names(desk: Desk, said: Iterable[Triple]) -> list[Triple]:
    """What the terms are called that it names as its body."""
    bodies = [t.object for t in said if t.predicate == OA.hasBody and t.subject != t.object]
    return [
        Triple(body, SKOS.prefLabel, label)
        for body in bodies
        if isinstance(body, NamedNode) and "#body" not in body.value
        for property_, label in sorted(desk.about("public", body), key=str)
        if property_ == SKOS.prefLabel and isinstance(label, Literal)
    ]


def _was_theirs(desk: Desk, person: Person | None, iri: str) -> bool:
    if person is None:
        return False
    marks = histories.of_subject(desk.index.read(), iri, _LOOKED_AT)
    return any((mark.agent, mark.action) == (person.agent.value, "propose") for mark in marks)
