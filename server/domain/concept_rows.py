"""From the statements about a concept to the term that is indexed, whoever read them."""

import math
from collections.abc import Iterator, Mapping

from server.index.labels import TermRow
from server.names import CH, GN, GVP, OWL, RDF, SKOS, WGS84

#: (value, language); the language is None for an IRI, "" for a literal without one.
Value = tuple[str, str | None]
#: By the IRI of the property; each value once.
Said = Mapping[str, set[Value]]

_CONCEPT = SKOS.Concept.value
_LABELS = (
    ("pref", SKOS.prefLabel.value), ("alt", SKOS.altLabel.value),
    ("hidden", SKOS.hiddenLabel.value),
)  # fmt: skip
_NOTES = (SKOS.scopeNote.value, SKOS.definition.value, SKOS.note.value)
_BROADER = (GVP.broaderPreferred.value, SKOS.broader.value)
_CLASSES = (RDF.type.value, GN.featureClass.value, GN.featureCode.value)
_NOTATION, _POPULATION = SKOS.notation.value, GN.population.value
_HEX, _DEPRECATED, _GUIDE = CH.hex.value, OWL.deprecated.value, CH.guideTerm.value
_LAT, _LONG = WGS84.lat.value, WGS84.long.value
_TRUE = ("true", "1")
#: What `term` looks at; `concept_statements` asks for the same.
PROPERTIES = frozenset(
    (
        *(property_ for _kind, property_ in _LABELS), *_NOTES, *_BROADER, *_CLASSES, _NOTATION,
        _POPULATION, _HEX, _DEPRECATED, _GUIDE, _LAT, _LONG,
    )
)  # fmt: skip


def term(iri: str, said: Said) -> TermRow | None:
    """The same for the same statements in any order; None for what is no concept with a label."""
    classes = [value for value, language in said.get(RDF.type.value, ()) if language is None]
    if _CONCEPT not in classes:
        return None
    labels = tuple(_labels(said))
    if not labels:
        return None
    return TermRow(
        iri=iri,
        labels=labels,
        broader=tuple(_broader(iri, said)),
        notes=tuple(_first_note_of_each_language(said)),
        rank=_rank(said),
        hex=_literal(said, _HEX),
        deprecated=_literal(said, _DEPRECATED) in _TRUE,
        guide=_literal(said, _GUIDE) in _TRUE,
        notations=tuple(sorted(value for value, _language in said.get(_NOTATION, ()))),
        classes=tuple(_classes(said)),
        place=_place(said),
    )


def _labels(said: Said) -> Iterator[tuple[str, str, str]]:
    for kind, property_ in _LABELS:
        for text, language in sorted(said.get(property_, ()), key=_in_order):
            if language is not None and text.strip():
                yield kind, text, language


def _in_order(value: Value) -> tuple[str, str]:
    return value[0], value[1] or ""


def _broader(iri: str, said: Said) -> Iterator[str]:
    seen = {iri}
    for property_ in _BROADER:
        for value, language in sorted(said.get(property_, ()), key=_in_order):
            if language is None and value not in seen:
                seen.add(value)
                yield value


def _first_note_of_each_language(said: Said) -> Iterator[tuple[str, str]]:
    seen = set()
    for property_ in _NOTES:
        for text, language in sorted(said.get(property_, ()), key=_in_order):
            if language is not None and language not in seen:
                seen.add(language)
                yield text, language


def _classes(said: Said) -> Iterator[str]:
    for property_ in _CLASSES:
        for value, language in sorted(said.get(property_, ()), key=_in_order):
            if language is None and value != _CONCEPT:
                yield value


def _rank(said: Said) -> int:
    """Three letters for each tenfold of a place's population."""
    population = _literal(said, _POPULATION)
    return round(3 * math.log10(int(population) + 1)) if population and population.isdigit() else 0


def _place(said: Said) -> tuple[float, float] | None:
    """Of several values nobody knows which belong together: then there is none."""
    latitudes, longitudes = said.get(_LAT, ()), said.get(_LONG, ())
    if len(latitudes) != 1 or len(longitudes) != 1:
        return None
    try:
        latitude, longitude = (float(value) for ((value, _tag),) in (latitudes, longitudes))
    except ValueError:
        return None
    on_earth = abs(latitude) <= 90 and abs(longitude) <= 180  # which no NaN is
    return (latitude, longitude) if on_earth else None


def _literal(said: Said, property_: str) -> str | None:
    return min((v for v, language in said.get(property_, ()) if language is not None), default=None)
