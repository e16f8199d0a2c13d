"""Accepted values in external EDM, which knows no proxies: on the item itself, with their terms."""

from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from server.names import DC, DCTERMS, EDM, RDF, SKOS, WGS84

_TYPE = RDF.type.value

Enrichment = tuple[str, str, NamedNode | Literal]  # item and field as IRIs, a term or a text

#: The contextual class of what a field holds (EDM Mapping Guidelines 2.4); else a concept.
_FIELD_CLASSES = {
    DC.creator.value: EDM.Agent, DC.contributor.value: EDM.Agent, DC.publisher.value: EDM.Agent,
    DC.coverage.value: EDM.Place, DCTERMS.spatial.value: EDM.Place,
    EDM.currentLocation.value: EDM.Place,
    DC.date.value: EDM.TimeSpan, DCTERMS.issued.value: EDM.TimeSpan,
    DCTERMS.created.value: EDM.TimeSpan, DCTERMS.temporal.value: EDM.TimeSpan,
}  # fmt: skip
_CONTEXTUAL = (EDM.Agent, EDM.Place, EDM.TimeSpan)
_NOTES = {SKOS.scopeNote.value, SKOS.definition.value}
_POSITION = {WGS84.lat.value, WGS84.long.value}


def merge_enrichments(
    triples: Iterable[Triple],
    enrichments: Iterable[Enrichment],
    entities: Iterable[Triple] = (),
) -> list[Triple]:
    """An external record with accepted values on its `edm:ProvidedCHO`.

    `entities` describe the terms (labels, notes, position); each term becomes the contextual
    class that its field asks for, unless it is already an agent, a place or a time span.
    """
    merged = dict.fromkeys(triples)
    described: dict[str, list[Triple]] = {}
    for triple in entities:
        if isinstance(triple.subject, NamedNode):
            described.setdefault(triple.subject.value, []).append(triple)
    for item, field, value in enrichments:
        merged[Triple(NamedNode(item), NamedNode(field), value)] = None
        if isinstance(value, NamedNode):
            merged.update(dict.fromkeys(_entity(field, described.get(value.value, []))))
    return list(merged)


def _entity(field: str, triples: Sequence[Triple]) -> Iterator[Triple]:
    """A vocabulary's term as EDM's contextual entity: the class, and notes as `skos:note`."""
    if not triples:
        return
    kinds = {t.object for t in triples if t.predicate.value == _TYPE}
    ready = [kind for kind in _CONTEXTUAL if kind in kinds]
    wanted = ready[0] if ready else _FIELD_CLASSES.get(field, SKOS.Concept)
    yield Triple(triples[0].subject, RDF.type, wanted)
    for triple in triples:
        predicate = triple.predicate.value
        if predicate == _TYPE or (predicate in _POSITION and wanted != EDM.Place):
            continue
        note = predicate in _NOTES
        yield Triple(triple.subject, SKOS.note, triple.object) if note else triple
