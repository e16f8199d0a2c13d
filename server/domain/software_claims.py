"""Claims of software: the same as people's, with a confidence, and never an approval."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from server.commit import Desk
from server.domain import (
    annotation_forms,
    annotation_statements,
    annotations,
    contributing,
    kinds,
    makers,
    participation,
    permissions,
    publishing,
)
from server.domain.accounts import Person
from server.domain.annotation_contents import NOTHING_SAID, Content
from server.domain.annotation_parts import Claim
from server.domain.annotations import Annotation
from server.domain.contributing import Proposal
from server.domain.software import Software
from server.errors import Conflict
from server.i18n import _
from server.names import (
    CH,
    DCTERMS,
    PROV,
    RDF,
    SOA,
    XSD,
    short_hash,
    time_literal,
    timestamp,
)
from server.patches import Patch, bound, on

Statements = list[tuple[Any, NamedNode, Any]]


@dataclass(frozen=True, slots=True)
class Saying:
    """What a program says: how sure it is, 0..1, and by which activity it came to it."""

    software: Software
    confidence: float
    own: Content = NOTHING_SAID
    activity: NamedNode | None = None


def claim(
    desk: Desk, organiser: Person, software: Software, proposal: Proposal, confidence: float, *,
    now: datetime,
) -> str:  # fmt: skip
    """Put down what a program proposes; returns the annotation's IRI. Saying it again renews it.

    Whoever runs the campaign does so, also before it opens; what is proposed must pass the checks
    that people's proposals do. Raises Invalid, Forbidden, NotFound, Conflict once it is closed.
    """

    def decide(desk: Desk) -> tuple[Patch, str]:
        campaign = participation.visible_campaign(desk, organiser, proposal.campaign)
        permissions.require(organiser, "moderate", campaign)
        if campaign.state not in ("draft", "open"):
            raise Conflict(_("This campaign is not open for contributions."))
        asked = contributing.asking(desk, organiser, campaign, proposal)
        written = annotation_forms.compose(asked, proposal.values)
        iri = contributing.identify(asked, written.content)
        said = Saying(software, confidence, written.claim)
        return patch(desk, proposal.campaign, asked.kind.iri, iri, written.content, said, now), iri

    iri = desk.commit(decide, by=organiser.agent.value, action="propose", now=now)
    makers.forget(desk, software.iri)
    return iri


def patch(
    desk: Desk, campaign: str, kind: str, iri: str, content: Content, said: Saying, now: datetime
) -> Patch:
    """The claim in an entry, beside whoever else makes it. Raises Invalid as the shape says."""
    graph = desk.names.graph("annotations", campaign)
    standing = annotations.find(desk, iri)
    node = _node(desk, iri, said.software)
    about = annotation_statements.content_statements(iri, content, timestamp(now))
    by = _by(iri, node, said, now)
    kinds.get(desk, kind).check([*about, *by])
    before = annotation_statements.standing_claim(desk, node, graph) if standing else []
    new = by if standing else [*about, *by]
    written = on("work", remove=before, add=bound(graph, *new))
    written += _described(desk, said.software, graph)
    if standing is None:
        return written
    return written + publishing.refreshed(desk, standing, _after(standing, said, now))


def _after(standing: Annotation, said: Saying, now: datetime) -> Annotation:
    new = Claim(said.software.iri, timestamp(now), confidence=said.confidence, content=said.own)
    return replace(standing, claims=(*standing.without_claim(new.agent).claims, new))


def _node(desk: Desk, annotation: str, software: Software) -> NamedNode:
    name = desk.names.local(software.iri, "agent") or short_hash(software.iri)
    return NamedNode(f"{annotation}#by-{name}")


def _by(annotation: str, node: NamedNode, said: Saying, now: datetime) -> Statements:
    found: Statements = [
        (node, RDF.type, CH.Claim),
        (node, CH.annotation, NamedNode(annotation)),
        (node, DCTERMS.creator, NamedNode(said.software.iri)),
        (node, DCTERMS.created, time_literal(now)),
        (node, SOA.confidence, Literal(str(said.confidence), datatype=XSD.decimal)),
        *annotation_statements.details(node, said.own),
    ]
    return [*found, (node, PROV.wasGeneratedBy, said.activity)] if said.activity else found


def _described(desk: Desk, software: Software, graph: NamedNode) -> Patch:
    """The program as it is by now, in the graph that its claims stand in."""
    node = NamedNode(software.iri)
    wanted = set(software.quads(graph))
    found = desk.select("node_statements_in", graph=graph, node=node)
    standing = {Quad(node, row["p"], row["o"], graph) for row in found}
    return on(
        "work", remove=sorted(standing - wanted, key=str), add=sorted(wanted - standing, key=str)
    )
