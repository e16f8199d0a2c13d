"""What an accepted annotation says in public: itself with its counts, and the EDM enrichment.

The enrichment stands on a proxy of our own as aggregator (EDM Definition 5.2.8, Mapping
Guidelines: `edm:europeanaProxy` false, `ore:lineage` to the provider's proxy), with the term's
labels as contextual entity and `prov:wasDerivedFrom` back to the annotation.
"""

from collections.abc import Iterable
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from server.commit import Desk
from server.domain import annotations
from server.domain.annotations import Annotation
from server.index import items
from server.names import CH, DCTERMS, EDM, ORE, PROV, RDF, SOA, XSD, value_of

Statements = list[tuple[Any, NamedNode, Any]]


def publication(desk: Desk, annotation: Annotation, licence: str, issued: Literal) -> set[Quad]:
    """All public quads of one annotation, those that it shares with others included."""
    graph = desk.names.graph("published", annotation.campaign)
    statements = [
        *annotations.claim_statements(desk.names, annotation),
        *_outcome(annotation, licence, issued),
        *_enrichment(desk, annotation),
        *_term(desk, annotation.body),
    ]
    return {Quad(s, p, o, graph) for s, p, o in statements}


def standing(desk: Desk, annotation: Annotation) -> set[Quad]:
    """The public quads that only this annotation accounts for; empty where it is not published.

    What others of the same item or term say as well is left out, so that removing these
    takes nothing away from others.
    """
    me = NamedNode(annotation.iri)
    graph = desk.names.graph("published", annotation.campaign)
    own = {
        Quad(row["s"], row["p"], row["o"], graph)
        for row in desk.select("published_statements", annotation=me)
    }
    if not own:
        return set()
    shared = {
        Quad(s, p, o, graph)
        for s, p, o in [*_enrichment(desk, annotation), *_term(desk, annotation.body)]
    }
    return own | {quad for quad in shared if not _needed_by_others(desk, annotation, quad)}


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
        (proxy, NamedNode(annotation.field), NamedNode(annotation.body)),
        (proxy, PROV.wasDerivedFrom, NamedNode(annotation.iri)),
        (aggregation, RDF.type, ORE.Aggregation),
        (aggregation, EDM.aggregatedCHO, cho),
    ]


def _term(desk: Desk, term: str) -> Statements:
    rows = desk.select("term_entity", term=NamedNode(term))
    return [(NamedNode(term), row["p"], row["o"]) for row in rows]


def _needed_by_others(desk: Desk, annotation: Annotation, quad: Quad) -> bool:
    """Whether another published annotation of the campaign says the same."""
    values: dict[str, Any] = {
        "graph": quad.graph_name, "annotation": NamedNode(annotation.iri),
        "item": NamedNode(annotation.item), "body": NamedNode(annotation.body),
    }  # fmt: skip
    if quad.predicate == PROV.wasDerivedFrom:
        return False
    if value_of(quad.subject) == annotation.body:
        return desk.ask("published_same_term", **_without(values, "item"))
    if quad.predicate.value == annotation.field and value_of(quad.object) == annotation.body:
        return desk.ask("published_same_value", **values)
    return desk.ask("published_same_item", **_without(values, "body"))


def _without(values: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.integer)
