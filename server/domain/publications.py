"""What an accepted annotation says in public: itself with its counts, and the EDM enrichment.

The enrichment stands on a proxy of our own as aggregator (EDM Definition 5.2.8, Mapping
Guidelines: `edm:europeanaProxy` false, `ore:lineage` to the provider's proxy), with the term's
labels as contextual entity and `prov:wasDerivedFrom` back to the annotation.
"""

from collections.abc import Iterable
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from server.commit import Desk
from server.domain import annotation_statements
from server.domain.annotation_contents import Part
from server.domain.annotations import Annotation
from server.index import items
from server.names import CH, DCTERMS, EDM, ORE, PROV, RDF, SOA, XSD

Statements = list[tuple[Any, NamedNode, Any]]


def publication(desk: Desk, annotation: Annotation, licence: str, issued: Literal) -> set[Quad]:
    """All public quads of one annotation, those that it shares with others included."""
    graph = desk.names.graph("published", annotation.campaign)
    statements = [
        *annotation_statements.content_statements(
            annotation.iri, annotation.content, annotation.created
        ),
        *_outcome(annotation, licence, issued),
        *_enrichment(desk, annotation),
        *(_term(desk, annotation.body) if annotation.body else []),
    ]
    return {Quad(s, p, o, graph) for s, p, o in statements}


def standing(desk: Desk, annotation: Annotation) -> set[Quad]:
    """The public quads that only this annotation accounts for; empty where it is not published.

    What others of the same item or term say as well is left out, so that removing these takes
    nothing away from others. Read from what stands, whatever has become of item or term since.
    """
    me = NamedNode(annotation.iri)
    if not desk.about("public", me):  # a look-up, much faster than the query: most are not
        return set()
    graph = desk.names.graph("published", annotation.campaign)
    own = _quads(graph, desk.select("published_statements", annotation=me))
    return own | _own_enrichment(desk, annotation, graph) | _own_term(desk, annotation, graph)


def _own_enrichment(desk: Desk, annotation: Annotation, graph: NamedNode) -> set[Quad]:
    me = NamedNode(annotation.iri)
    proxy = _quads(graph, desk.select("published_enrichment", graph=graph, annotation=me))
    others = desk.select("published_beside", graph=graph, annotation=me)
    if not others:
        return proxy
    said = {(row["field"], row["value"]) for row in others}
    mine = (NamedNode(annotation.field), value(annotation)) if annotation.field else None
    return {
        quad
        for quad in proxy
        if (quad.predicate, quad.object) == (PROV.wasDerivedFrom, me)
        or ((quad.predicate, quad.object) == mine and mine not in said)
    }


def value(annotation: Annotation) -> Any:
    """What it proposes to write: an IRI, a text, or a part of its own such as a point on the map.

    None for what is no value: an answer of ours, such as that a place cannot be identified.
    """
    found = annotation.content.body_value
    if isinstance(found, Part):
        return NamedNode(f"{annotation.iri}#{found.name}")
    if isinstance(found, NamedNode) and found.value.startswith(str(CH)):
        return None
    return found


def _own_term(desk: Desk, annotation: Annotation, graph: NamedNode) -> set[Quad]:
    if not annotation.body:
        return set()
    me, term = NamedNode(annotation.iri), NamedNode(annotation.body)
    if desk.ask("published_same_term", graph=graph, annotation=me, body=term):
        return set()
    return _quads(graph, desk.select("published_term", graph=graph, term=term))


def _quads(graph: NamedNode, rows: list[dict[str, Any]]) -> set[Quad]:
    return {Quad(row["s"], row["p"], row["o"], graph) for row in rows}


def issued_at(own: Iterable[Quad]) -> Literal | None:
    """When it was first published, from its public quads."""
    return next((quad.object for quad in own if quad.predicate == DCTERMS.issued), None)  # type: ignore[return-value]


def _outcome(annotation: Annotation, licence: str, issued: Literal) -> Statements:
    """So that queries can filter by votes, confidence and licence."""
    me, counts = NamedNode(annotation.iri), annotation.counts
    share = Literal(f"{counts.share:.4f}", datatype=XSD.decimal)
    return [
        (me, CH.status, CH.Published),
        (me, CH.approvals, _integer(counts.approvals)),
        (me, CH.rejections, _integer(counts.rejections)),
        (me, CH.unsure, _integer(counts.unsure)),
        (me, SOA.confidence, share),
        (me, DCTERMS.license, NamedNode(licence)),
        (me, DCTERMS.issued, issued),
        *((me, DCTERMS.creator, NamedNode(claim.agent)) for claim in annotation.claims),
    ]


def _enrichment(desk: Desk, annotation: Annotation) -> Statements:
    """The value on our proxy of the item; nothing where the annotation is for no field."""
    enriching = value(annotation) if annotation.field else None
    if enriching is None:
        return []
    item = items.current_item(desk.index.write, annotation.item)
    cho, proxy = NamedNode(item), desk.names.proxy(item)
    aggregation = desk.names.aggregation(item)
    lineage = desk.select("item_proxies", item=cho)
    return [
        (proxy, RDF.type, ORE.Proxy),
        (proxy, ORE.proxyFor, cho),
        (proxy, ORE.proxyIn, aggregation),
        (proxy, EDM.europeanaProxy, Literal(False)),
        *((proxy, ORE.lineage, row["proxy"]) for row in lineage),
        (proxy, NamedNode(annotation.field), enriching),
        (proxy, PROV.wasDerivedFrom, NamedNode(annotation.iri)),
        (aggregation, RDF.type, ORE.Aggregation),
        (aggregation, EDM.aggregatedCHO, cho),
    ]


def _term(desk: Desk, term: str) -> Statements:
    rows = desk.select("term_entity", term=NamedNode(term))
    return [(NamedNode(term), row["p"], row["o"]) for row in rows]


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.integer)
