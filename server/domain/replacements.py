"""What software proposes where a vocabulary names the term that replaces another."""

from datetime import datetime
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from server import __version__
from server.commit import Desk
from server.domain import annotations, shapes
from server.domain.annotations import Annotation
from server.index import items, queues
from server.names import AS, CH, DCTERMS, PROV, RDF, SCHEMA, SOA, XSD, time_literal, timestamp
from server.patches import Patch, bound, on

Statements = list[tuple[Any, NamedNode, Any]]


def proposal(
    desk: Desk, of: Annotation, term: str, vocabulary: str, load: NamedNode, now: datetime
) -> Patch:
    """The same claim with another term, made by software; nothing where somebody makes it."""
    iri = _identify(desk, of, term)
    standing = annotations.find(desk, iri)
    if standing and standing.claims:
        return Patch()
    graph = desk.names.graph("annotations", of.campaign)
    item = items.current_item(desk.index.write, of.item)
    made = Annotation(iri, of.campaign, item, of.field, term, timestamp(now), of.kind)
    claim = [] if standing else annotations.claim_statements(desk.names, made)
    said = [*claim, *_by(desk, iri, vocabulary, load, now)]
    shapes.check("annotation/semantic-tag", said)
    return on("work", add=bound(graph, *said)) + _agent(desk, vocabulary, graph)


def _identify(desk: Desk, of: Annotation, term: str) -> str:
    """Where the claim stands under a former identifier of the item, that one."""
    item = items.current_item(desk.index.write, of.item)
    every = (item, of.item, *items.former_items(desk.index.write, item))
    iris = [
        annotations.identify(desk.names, of.campaign, each, of.field, term).value for each in every
    ]
    standing = (iri for iri in iris if queues.find_annotation(desk.index.write, iri))
    return next(standing, iris[0])


def _by(desk: Desk, annotation: str, vocabulary: str, load: NamedNode, now: datetime) -> Statements:
    node = NamedNode(f"{annotation}#by-vocabulary-update-{vocabulary}")
    return [
        (node, RDF.type, CH.Claim),
        (node, CH.annotation, NamedNode(annotation)),
        (node, DCTERMS.creator, agent(desk, vocabulary)),
        (node, DCTERMS.created, time_literal(now)),
        (node, PROV.wasGeneratedBy, load),
        (node, SOA.confidence, Literal("1.0", datatype=XSD.decimal)),
    ]


def agent(desk: Desk, vocabulary: str) -> NamedNode:
    """The program that carries a vocabulary's changes over to annotations."""
    return desk.names.agent(f"vocabulary-update-{vocabulary}")


def _agent(desk: Desk, vocabulary: str, graph: NamedNode) -> Patch:
    node = agent(desk, vocabulary)
    wanted = {
        Quad(node, RDF.type, AS.Application, graph),
        Quad(node, AS.name, Literal(f"vocabulary update of {vocabulary}", language="en"), graph),
        Quad(node, SCHEMA.softwareVersion, Literal(__version__), graph),
    }
    found = desk.select("node_statements_in", graph=graph, node=node)
    standing = {Quad(node, row["p"], row["o"], graph) for row in found}
    return on(
        "work", remove=sorted(standing - wanted, key=str), add=sorted(wanted - standing, key=str)
    )
