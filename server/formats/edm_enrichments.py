"""Published values in EDM: which fields take them, and their terms as contextual entities."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode

from server.formats.edm_order import INTERNAL, expand
from server.names import DC, DCTERMS, EDM, ORE, RDF, SKOS, WGS84

_TYPE = RDF.type

Enrichment = tuple[NamedNode, NamedNode | Literal]  # the field, and a term or a text
Statement = tuple[NamedNode, NamedNode, Any]

#: The contextual class of what a field holds (EDM Mapping Guidelines 2.4); else a concept.
_FIELD_CLASSES = {
    DC.creator: EDM.Agent, DC.contributor: EDM.Agent, DC.publisher: EDM.Agent,
    DC.coverage: EDM.Place, DCTERMS.spatial: EDM.Place, EDM.currentLocation: EDM.Place,
    DC.date: EDM.TimeSpan, DCTERMS.issued: EDM.TimeSpan, DCTERMS.created: EDM.TimeSpan,
    DCTERMS.temporal: EDM.TimeSpan,
}  # fmt: skip
_CONTEXTUAL = (EDM.Agent, EDM.Place, EDM.TimeSpan)
_NOTES = {SKOS.scopeNote, SKOS.definition}
_POSITION = {WGS84.lat, WGS84.long, WGS84.alt}
_STRUCTURE = {
    ORE.proxyFor, ORE.proxyIn, ORE.lineage, EDM.europeanaProxy, EDM.type, EDM.userTag, EDM.year,
}  # fmt: skip
#: What may be said of an object, and so on a proxy of it.
FIELDS = frozenset(
    field
    for name in INTERNAL.classes[ORE.Proxy.value].elements
    if (field := NamedNode(name)) not in _STRUCTURE
)
#: What EDM knows of contextual entities, and what it takes as a note.
_OF_ENTITIES = _NOTES.union(
    NamedNode(name)
    for kind in ("edm:Agent", "edm:Place", "edm:TimeSpan", "skos:Concept")
    for name in INTERNAL.classes[expand(kind)].elements
)


def entities(
    values: Iterable[Enrichment],
    described: Mapping[NamedNode, Sequence[Statement]],
    standing: Collection[NamedNode] = (),
) -> Iterator[Statement]:
    """The terms among the values, each as the contextual class that its field asks for.

    One that is an agent, a place or a time span already stays it. `described` says what there is
    about terms (labels, notes, position, dates). What the record itself describes (`standing`)
    is its provider's word, and left alone.
    """
    fields: dict[NamedNode, list[NamedNode]] = {}
    for field, value in values:
        if isinstance(value, NamedNode):
            fields.setdefault(value, []).append(field)
    for term, its in fields.items():
        if term not in standing and (triples := described.get(term)):
            yield from entity(its, triples)


def entity(fields: Iterable[NamedNode], triples: Sequence[Statement]) -> Iterator[Statement]:
    """A vocabulary's term as EDM's contextual entity: one class, and notes as `skos:note`."""
    kinds = {value for _term, property_, value in triples if property_ == _TYPE}
    asked = [_FIELD_CLASSES[field] for field in fields if field in _FIELD_CLASSES]
    wanted = next((kind for kind in (*_CONTEXTUAL, *asked) if kind in kinds), None)
    wanted = wanted or (asked[0] if asked else SKOS.Concept)
    yield triples[0][0], _TYPE, wanted
    for term, property_, value in triples:
        if property_ in _OF_ENTITIES and (property_ not in _POSITION or wanted == EDM.Place):
            yield term, SKOS.note if property_ in _NOTES else property_, value
