"""What an accepted annotation says in public: itself with its counts, and the EDM enrichment.

The enrichment stands on a proxy of our own as aggregator (EDM Definition 5.2.8, Mapping
Guidelines: `edm:europeanaProxy` false, `ore:lineage` to the provider's proxy), with the term's
labels as contextual entity and `prov:wasDerivedFrom` back to the annotation.

What the schema wants of an aggregation beside that (`edm:rights`, `edm:dataProvider` and so on) is
the provider's to say and changes with a re-import: dumps take it from the record as it stands.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from server.commit import Desk
from server.domain import annotation_statements, publication_rules
from server.domain.annotation_contents import Part
from server.domain.annotation_parts import Claim
from server.domain.annotations import Annotation
from server.domain.kinds import OF_CLAIM
from server.names import CH, DCTERMS, EDM, OA, ORE, PROV, RDF, SOA, XSD, value_of

Statements = list[tuple[Any, NamedNode, Any]]
About = Callable[[NamedNode], Iterable[tuple[NamedNode, Any]]]


def standing(desk: Desk, annotation: Annotation) -> set[Quad]:
    """The public quads that only this annotation accounts for; empty where it is not published.

    What others of the same item or term say as well is left out, so that removing these takes
    nothing away from others. Read from what stands, whatever has become of item or term since.
    While a large publication of its campaign is being worked in there are none to be touched.
    """
    graph = desk.names.graph("published", annotation.campaign)
    if graph.value in desk.owed or not is_public(desk, annotation.iri):
        return set()
    own = standing_own(desk, annotation.iri, graph)
    return own | _own_enrichment(desk, annotation, graph) | _own_term(desk, annotation, graph)


def is_public(desk: Desk, iri: str) -> bool:
    """A look-up, much faster than a query: most annotations are not published."""
    return (RDF.type, OA.Annotation) in desk.about("public", NamedNode(iri))


def standing_own(desk: Desk, iri: str, graph: NamedNode) -> set[Quad]:
    """What is said in public of an annotation and of its parts."""
    said = of_parts(partial(desk.about, "public"), NamedNode(iri))
    return {Quad(*statement, graph) for statement in said}


def of_parts(about: About, annotation: NamedNode) -> Iterator[tuple[NamedNode, NamedNode, Any]]:
    """What `about` says of an annotation, and of the parts of it to which it leads."""
    start, nodes = f"{annotation.value}#", [annotation]
    for node in nodes:  # grows by the parts that are found
        for property_, thing in about(node):
            yield node, property_, thing
            is_part = isinstance(thing, NamedNode) and thing.value.startswith(start)
            if is_part and thing not in nodes:
                nodes.append(thing)


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


def enriching(annotation: Annotation) -> Any:
    """The value that publishing writes into its field; None where there is no field, and for what
    is said of a part of a picture, which stays an annotation."""
    of_part = annotation.content.value(OA.hasTarget, OA.hasScope) is not None
    return value(annotation) if annotation.field and not of_part else None


def _own_term(desk: Desk, annotation: Annotation, graph: NamedNode) -> set[Quad]:
    if not annotation.body:
        return set()
    me, term = NamedNode(annotation.iri), NamedNode(annotation.body)
    if desk.ask("published_same_term", graph=graph, annotation=me, body=term):
        return set()
    return standing_term(desk, graph, annotation.body)


def standing_term(desk: Desk, graph: NamedNode, term: str) -> set[Quad]:
    """What a campaign's published graph says of a term."""
    return _quads(graph, desk.select("published_term", graph=graph, term=NamedNode(term)))


def standing_proxies(desk: Desk, graph: NamedNode, proxies: Iterable[str]) -> set[Quad]:
    """What it says of proxies (IRIs) of ours, and of their aggregations."""
    nodes = [NamedNode(each) for each in proxies]
    return _quads(graph, desk.select("published_proxies", graph=graph, proxies=nodes))


def _quads(graph: NamedNode, rows: list[dict[str, Any]]) -> set[Quad]:
    return {Quad(row["s"], row["p"], row["o"], graph) for row in rows}


def one_of(quads: Iterable[Quad], property_: NamedNode) -> Any:
    """The value of a property of the annotation in its public quads."""
    return next((quad.object for quad in quads if quad.predicate == property_), None)


# --- what is said --------------------------------------------------------------------------------


def own(annotation: Annotation, licence: str, issued: Literal, *, ratings: bool) -> Statements:
    """All that is said of the annotation itself and of its parts; `ratings` with their mean."""
    return [
        *annotation_statements.content_statements(
            annotation.iri, annotation.content, annotation.created
        ),
        *_outcome(annotation, licence, issued),
        *(_ratings(annotation) if ratings else ()),
    ]


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
        *((me, p, o) for claim in annotation.claims for p, o in _elsewhere(claim)),
    ]


def _elsewhere(claim: Claim) -> Iterator[tuple[NamedNode, Any]]:
    """The IRIs that it has on other servers, which whoever sent it gave (Web Annotation Protocol,
    5.1): they are kept as they are."""
    for property_ in (OA.canonical, OA.via):
        yield from ((property_, each) for each in claim.content.of(OF_CLAIM).get(property_, ()))


def _ratings(annotation: Annotation) -> Statements:
    """The mean of what people gave it, 0..100, and how many they were."""
    claims = (each for each in annotation.claims if annotation.is_after(each))
    given = [int(text) for each in claims if (text := each.content.text(CH.rating))]
    votes = (each for each in annotation.votes if annotation.is_after(each))
    given += [each.rating for each in votes if each.rating is not None]
    if not given:
        return []
    me = NamedNode(annotation.iri)
    return [
        (me, CH.meanRating, publication_rules.mean(given)),
        (me, CH.raters, _integer(len(given))),
    ]


def enrichment(desk: Desk, item: str, annotations: Iterable[Annotation]) -> Statements:
    """What stands on our proxy of an item (an IRI), and on its aggregation, for all that is
    published about it in a campaign; nothing where that comes to no value."""
    proxy = desk.names.proxy(item)
    said = [statement for each in annotations for statement in _values(proxy, each)]
    return [*_frame(desk, item), *said] if said else []


def _values(proxy: NamedNode, annotation: Annotation) -> Iterator[tuple[Any, NamedNode, Any]]:
    found = enriching(annotation)
    if found is not None:
        yield proxy, NamedNode(annotation.field), found
        yield proxy, PROV.wasDerivedFrom, NamedNode(annotation.iri)


def _frame(desk: Desk, item: str) -> Statements:
    cho, proxy = NamedNode(item), desk.names.proxy(item)
    aggregation = desk.names.aggregation(item)
    lineage = desk.select("item_proxies", item=cho)
    return [
        (proxy, RDF.type, ORE.Proxy),
        (proxy, ORE.proxyFor, cho),
        (proxy, ORE.proxyIn, aggregation),
        (proxy, EDM.europeanaProxy, Literal(False)),
        *((proxy, ORE.lineage, row["proxy"]) for row in lineage),
        (aggregation, RDF.type, ORE.Aggregation),
        (aggregation, EDM.aggregatedCHO, cho),
    ]


def is_of(iri: str, quad: Quad) -> bool:
    """Whether it is said of the annotation itself or of a part of it."""
    subject = value_of(quad.subject)
    return subject == iri or subject.startswith(f"{iri}#")


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.integer)
