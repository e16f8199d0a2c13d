"""The contextual entities of EDM that published values name: of which class, with which labels.

The class that a field asks for: EDM Definition 5.2.8, EDM Mapping Guidelines 2.4. A term that its
vocabulary calls a person, a place or a time stays one; of any other it is the field that says what
it is used as.
"""

from collections.abc import Iterable
from typing import Any

from pyoxigraph import NamedNode

from server.commit import Desk
from server.names import DC, DCTERMS, EDM, FOAF, GN, GVP, RDF, SCHEMA, SKOS, WGS84

Statement = tuple[NamedNode, NamedNode, Any]
Said = list[tuple[NamedNode, Any]]

CLASSES = (EDM.Agent, EDM.Place, EDM.TimeSpan)
_OF_FIELDS = {
    DC.creator: (EDM.Agent,), DC.contributor: (EDM.Agent,), DC.publisher: (EDM.Agent,),
    DCTERMS.spatial: (EDM.Place,), DC.coverage: (EDM.Place, EDM.TimeSpan),
    DC.date: (EDM.TimeSpan,), DCTERMS.issued: (EDM.TimeSpan,), DCTERMS.created: (EDM.TimeSpan,),
    DCTERMS.temporal: (EDM.TimeSpan,),
    DC.type: (SKOS.Concept,), DC.format: (SKOS.Concept,), DCTERMS.medium: (SKOS.Concept,),
}  # fmt: skip
#: What vocabularies call those that they know to be a person or group, a place, a time.
_KNOWN = {
    EDM.Agent: EDM.Agent, FOAF.Agent: EDM.Agent, FOAF.Person: EDM.Agent, SCHEMA.Person: EDM.Agent,
    FOAF.Organization: EDM.Agent, SCHEMA.Organization: EDM.Agent,
    GVP.PersonConcept: EDM.Agent, GVP.GroupConcept: EDM.Agent,
    EDM.Place: EDM.Place, SCHEMA.Place: EDM.Place, GN.Feature: EDM.Place,
    GVP.AdminPlaceConcept: EDM.Place, GVP.PhysPlaceConcept: EDM.Place,
    GVP.PhysAdminPlaceConcept: EDM.Place, WGS84.SpatialThing: EDM.Place,
    EDM.TimeSpan: EDM.TimeSpan,
}  # fmt: skip


def class_of(said: Said) -> NamedNode | None:
    """What a term is by its vocabulary, from (property, value) of it; None for a plain concept."""
    classes = [_KNOWN[value] for p, value in said if p == RDF.type and value in _KNOWN]
    return classes[0] if classes else None


def fits(field: NamedNode, known: NamedNode | None) -> bool:
    """Whether a field may hold it. A plain concept may stand anywhere, and a subject be anything
    (`dc:subject` takes all contextual classes)."""
    return known is None or known in _OF_FIELDS.get(field, (known,))


def describe(desk: Desk, term: NamedNode) -> Said:
    """(property, value) of a term by its vocabulary: classes, names in all languages, position."""
    return [(row["p"], row["o"]) for row in desk.select("term_entity", term=term)]


def is_named(said: Said) -> bool:
    return any(p == SKOS.prefLabel for p, _value in said)


def entity(term: NamedNode, said: Said, fields: Iterable[str]) -> list[Statement]:
    """The contextual entity of a term whose values stand in these fields (IRIs, "" for none)."""
    if not said:
        return []
    known = class_of(said)
    classes = [known] if known else [_OF_FIELDS.get(NamedNode(f), (None,))[0] for f in fields if f]
    wanted = {one for one in classes if one is not None} or {SKOS.Concept}
    return [*((term, p, o) for p, o in said), *((term, RDF.type, one) for one in wanted)]
