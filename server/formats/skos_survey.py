"""The first reading of a SKOS file: which resources are concepts, and what hangs by other nodes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from server.names import RDF, SKOS, SKOSXL, Namespace, is_safe_iri

_THES = Namespace("http://purl.org/iso25964/skos-thes#")
UP = {SKOS.broader, _THES.broaderGeneric, _THES.broaderInstantial, _THES.broaderPartitive}
DOWN = {SKOS.narrower, _THES.narrowerGeneric, _THES.narrowerInstantial, _THES.narrowerPartitive}
IN_SCHEME = {SKOS.inScheme, SKOS.topConceptOf}
NOTES = {SKOS.scopeNote, SKOS.definition, SKOS.note, SKOS.example, SKOS.historyNote}
XL_LABELS = {
    SKOSXL.prefLabel: SKOS.prefLabel,
    SKOSXL.altLabel: SKOS.altLabel,
    SKOSXL.hiddenLabel: SKOS.hiddenLabel,
}
_TEXTS = {SKOSXL.literalForm, RDF.value}
_NO_CONCEPTS = {SKOS.Collection, SKOS.OrderedCollection, SKOS.ConceptScheme, SKOSXL.Label}

Node = NamedNode | BlankNode


@dataclass(slots=True)
class Survey:
    """`concepts` in the order of the file; `links` and `texts`: labels and notes by other nodes."""

    concepts: dict[NamedNode, None] = field(default_factory=dict)
    mentioned: dict[NamedNode, None] = field(default_factory=dict)  # as broader or narrower
    labelled: set[Node] = field(default_factory=set)
    schemes: Counter[NamedNode] = field(default_factory=Counter)
    links: list[tuple[NamedNode, NamedNode, Node]] = field(default_factory=list)
    texts: dict[Node, list[Literal]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def scheme(self) -> NamedNode | None:
        """Of several schemes the one with the most concepts, of equals the first."""
        return max(self.schemes, key=lambda scheme: self.schemes[scheme], default=None)

    def add(self, node: object) -> None:
        if isinstance(node, NamedNode) and is_safe_iri(node.value):
            self.concepts[node] = None

    def mention(self, node: object) -> None:
        if isinstance(node, NamedNode) and is_safe_iri(node.value):
            self.mentioned[node] = None

    def add_scheme(self, node: object, concepts: int) -> None:
        if isinstance(node, NamedNode) and is_safe_iri(node.value):
            self.schemes[node] += concepts


def survey(triples: Iterable[Triple]) -> Survey:
    found, grouped = Survey(), set[Node]()
    for subject, predicate, value in triples:
        if not isinstance(subject, NamedNode | BlankNode):
            continue
        if isinstance(value, Literal):
            _literal(found, subject, predicate, value)
        elif predicate == RDF.type and value in _NO_CONCEPTS:
            grouped.add(subject)
            if value == SKOS.ConceptScheme:
                found.add_scheme(subject, 0)
        elif isinstance(value, NamedNode | BlankNode):
            _relation(found, subject, predicate, value)
    found.concepts = {
        concept: None
        for concept in found.concepts | found.mentioned
        if concept not in grouped and concept not in found.schemes
    }
    return found


def _literal(found: Survey, subject: Node, predicate: NamedNode, value: Literal) -> None:
    if predicate == SKOS.prefLabel:
        found.labelled.add(subject)
    elif predicate in _TEXTS:
        found.texts.setdefault(subject, []).append(value)


def _relation(found: Survey, subject: Node, predicate: NamedNode, value: Node) -> None:
    if predicate == RDF.type:
        if value == SKOS.Concept:
            _concept(found, subject)
    elif predicate in UP or predicate in DOWN:
        found.add(subject)
        found.mention(value)
    elif predicate in IN_SCHEME:
        found.add(subject)
        found.add_scheme(value, 1)
    elif predicate == SKOS.hasTopConcept:
        found.mention(value)
        found.add_scheme(subject, 1)
    elif isinstance(subject, NamedNode) and (predicate in XL_LABELS or predicate in NOTES):
        found.links.append((subject, XL_LABELS.get(predicate, predicate), value))
        if predicate == SKOSXL.prefLabel:
            found.labelled.add(subject)


def _concept(found: Survey, node: Node) -> None:
    found.add(node)
    if isinstance(node, BlankNode):
        found.left_out["without an IRI"] += 1
    elif node not in found.concepts:
        found.left_out["with an unsafe IRI"] += 1
