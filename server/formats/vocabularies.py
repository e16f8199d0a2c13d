"""A vocabulary on its way in: what readers return, and the terms that its triples describe."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from server.names import CH, DCTERMS, GN, GVP, OWL, RDF, SKOS

#: What describes a scheme and is copied to our vocabulary.
SCHEME_PROPERTIES = frozenset(
    (
        DCTERMS["title"], DCTERMS.description, DCTERMS.source, DCTERMS.license, DCTERMS.rights,
        OWL.versionInfo,
    )
)  # fmt: skip


@dataclass(slots=True)
class VocabularyData:
    """A vocabulary as a reader found it.

    `scheme` is the IRI of its concept scheme, if it has one; `metadata` what is said of it, as
    (property, value); `triples` its concepts in plain SKOS, in the order of the source, produced
    while they are read. `left_out` counts, by reason, what was passed over: complete when `triples`
    has come to its end.
    """

    scheme: str | None
    metadata: tuple[tuple[NamedNode, NamedNode | Literal], ...]
    triples: Iterator[Triple]
    left_out: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VocabularyTerm:
    """A concept, as search and pages want it.

    `labels` holds (kind, text, language), kind being pref or alt and language empty where unknown;
    `broader` the preferred one first; `notes` (text, language); `rank` is a head start in letters
    when labels are ordered by length: three for each tenfold of a place's population.
    """

    iri: str
    labels: tuple[tuple[str, str, str], ...]
    broader: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]
    rank: int
    hex: str | None
    deprecated: bool
    guide: bool


_LABELS = {SKOS.prefLabel: "pref", SKOS.altLabel: "alt"}
_NOTES = (SKOS.scopeNote, SKOS.definition, SKOS.note)
_BROADER = (GVP.broaderPreferred, SKOS.broader)
_TRUE = ("true", "1")
_Statements = dict[NamedNode, dict[NamedNode | Literal, None]]


def terms_from_triples(triples: Iterable[Triple]) -> Iterator[VocabularyTerm]:
    """The concepts among plain SKOS triples, in the order in which they first appear.

    Holds the triples in memory, since a concept's may be anywhere. Concepts without a label are
    left out.
    """
    concepts: dict[NamedNode, _Statements] = {}
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            statements = concepts.setdefault(triple.subject, {})
            statements.setdefault(triple.predicate, {})[triple.object] = None
    for subject, statements in concepts.items():
        if SKOS.Concept in statements.get(RDF.type, ()):
            term = _term(subject, statements)
            if term.labels:
                yield term


def language_of(literal: Literal) -> str:
    """The language tag of a literal, empty where it has none."""
    return literal.language or ""


def _term(subject: NamedNode, statements: _Statements) -> VocabularyTerm:
    return VocabularyTerm(
        subject.value,
        tuple(_labels(statements)),
        tuple(_broader(subject, statements)),
        tuple(_first_note_of_each_language(statements)),
        _rank(statements),
        _value(statements, CH.hex),
        _value(statements, OWL.deprecated) in _TRUE,
        _value(statements, CH.guideTerm) in _TRUE,
    )


def _labels(statements: _Statements) -> Iterator[tuple[str, str, str]]:
    for predicate, kind in _LABELS.items():
        for value in statements.get(predicate, ()):
            if isinstance(value, Literal) and value.value.strip():
                yield kind, value.value, language_of(value)


def _broader(subject: NamedNode, statements: _Statements) -> Iterator[str]:
    seen = {subject}
    for predicate in _BROADER:
        for value in statements.get(predicate, ()):
            if isinstance(value, NamedNode) and value not in seen:
                seen.add(value)
                yield value.value


def _first_note_of_each_language(statements: _Statements) -> Iterator[tuple[str, str]]:
    seen = set()
    for predicate in _NOTES:
        for value in statements.get(predicate, ()):
            if isinstance(value, Literal) and language_of(value) not in seen:
                seen.add(language_of(value))
                yield value.value, language_of(value)


def _rank(statements: _Statements) -> int:
    population = _value(statements, GN.population)
    return round(3 * math.log10(int(population) + 1)) if population and population.isdigit() else 0


def _value(statements: _Statements, predicate: NamedNode) -> str | None:
    return next(
        (value.value for value in statements.get(predicate, ()) if isinstance(value, Literal)), None
    )
