"""Candidates for the queries of reconciliation clients, with scores that can be explained.

Services should find candidates and score them for each query on its own (Reconciliation Service API
0.2, "A Note on Candidate Retrieval and Scoring"); so a batch shares nothing but what it looks up.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from server.commit import Desk
from server.domain import reconciliation_properties as properties
from server.domain import reconciliation_scores as scores
from server.domain import reconciliation_services as services
from server.domain import reconciliation_types as types
from server.domain import term_views
from server.domain.reconciliation_candidates import IDENTIFYING, Found, Search
from server.domain.reconciliation_queries import Condition, Query
from server.domain.reconciliation_scores import Asked
from server.domain.reconciliation_services import Service
from server.domain.reconciliation_types import CONCEPT, Type
from server.domain.statements import Said

_LONGEST_NOTE = 200
_FAR = 0.5  # of the best likeness: names that have less of it only share some letters
_NO_TYPE = 0.5  # of the score where types are only preferred, and are others
Features = dict[str, float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A term that may be meant; `score` from 0 to 100, `features` each from 0 to 1."""

    identifier: str
    name: str
    description: str
    score: float
    match: bool
    types: tuple[Type, ...]
    features: Features


def reconcile(
    desk: Desk, service: Service, queries: dict[str, Query], language: str
) -> dict[str, list[Candidate]]:
    """The candidates of each query, the best first."""
    search = Search(desk, service, language)
    asked = {key: Asked(query.text, language) for key, query in queries.items()}
    found = {key: _near(asked[key], search.find(query)) for key, query in queries.items()}
    told = _details(desk, service, queries, found)
    named = _types(desk, found.values(), language)
    return {
        key: _judged(service, asked[key], query, found[key], told, named)
        for key, query in queries.items()
    }


def _near(asked: Asked, found: list[Found]) -> list[Found]:
    """Without those that were found by few letters of their names, and by nothing else."""
    rated = [(asked.best(each.names)[0], each) for each in found]
    floor = _FAR * max((likeness for likeness, _each in rated), default=0.0)
    return [each for likeness, each in rated if likeness >= floor or each.within or each.identified]


def _details(
    desk: Desk, service: Service, queries: dict[str, Query], found: dict[str, list[Found]]
) -> dict[str, Said]:
    """What is said of the candidates whose queries have conditions."""
    asked = [each.iri for key, query in queries.items() if query.conditions for each in found[key]]
    return services.details(desk, service, dict.fromkeys(asked))


def _types(desk: Desk, found: Iterable[list[Found]], language: str) -> dict[str, Type]:
    classes = {iri for group in found for each in group for iri in each.classes}
    return types.named(desk, sorted({CONCEPT, *classes}), language)


def _judged(
    service: Service, asked: Asked, query: Query, found: list[Found], told: dict[str, Said],
    named: dict[str, Type],
) -> list[Candidate]:  # fmt: skip
    judged = []
    for each in found:
        features = _features(asked, query, each, told.get(each.iri, {}))
        if features["type"] < 1 and query.strict != "should":
            continue
        judged.append(
            Candidate(
                identifier=service.space.identifier_of(each.iri),
                name=each.label,
                description=describe(each.breadcrumb, each.note),
                score=_score(query, features),
                match=False,
                types=tuple(named[iri] for iri in (each.classes or (CONCEPT,))),
                features=features,
            )
        )
    judged.sort(key=lambda candidate: (-candidate.score, candidate.name, candidate.identifier))
    return _decided(query, judged)[: query.limit]


def _features(asked: Asked, query: Query, found: Found, said: Said) -> Features:
    features = {"type": _type_agreement(query, found)}
    if query.text.strip():
        features |= asked.features(found.names, found.used)
        features["identifier"] = float(found.identified)
    for number, condition in enumerate(query.conditions):
        name = f"property_{condition.property}"
        held = 1.0 if number in found.within else _agreement(asked, condition, found, said)
        features[name] = min(features.get(name, 1.0), held)
    return features


def _type_agreement(query: Query, found: Found) -> float:
    """1 where no type is asked for. Every term is a concept."""
    wanted, has = set(query.types), {CONCEPT, *found.classes}
    if query.strict == "all":
        return float(wanted <= has)
    return float(not wanted or bool(wanted & has))


def _agreement(asked: Asked, condition: Condition, found: Found, said: Said) -> float:
    """The best of the values. What nobody knows is never agreed with, nor is no value at all."""
    property_ = properties.find_property(condition.property)
    if property_ is None:
        return 0.0
    if property_.base == "broader":
        return max(
            (_below(found, value, asked.language) for value in condition.values), default=0.0
        )

    def likeness(value: str, text: str) -> float:
        return Asked(value, asked.language).similarity(text)

    agreed = (properties.agreement(property_, v, said, likeness) for v in condition.values)
    return max(agreed, default=0.0)


def _below(found: Found, label: str, language: str) -> float:
    """Whether a term above is called so in the reader's language: guide terms, too."""
    wanted = Asked(label, language)
    return float(any(wanted.similarity(term_views.crumb(up)) == 1 for up in found.breadcrumb))


def _score(query: Query, features: Features) -> float:
    constraints = [value for name, value in features.items() if name.startswith("property_")]
    if "name" not in features:
        whole = sum(constraints) / len(constraints) if constraints else 0.0
        return round(100 * whole, 2)
    named = (
        features
        if not features["identifier"]
        else {**features, **dict.fromkeys(scores.WEIGHTS, 1.0)}
    )
    score = scores.score(named, constraints)
    return score if features["type"] == 1 else round(score * _NO_TYPE, 2)


def _decided(query: Query, judged: list[Candidate]) -> list[Candidate]:
    """The first is a match where it alone is certain, or well ahead of others that could be."""
    certain = [each for each in judged if _is_certain(query, each)]
    if not certain or certain[0] is not judged[0]:
        return judged
    if len(certain) > 1 and certain[0].score - certain[1].score < scores.LEAD:
        return judged
    return [replace(judged[0], match=True), *judged[1:]]


def _is_certain(query: Query, candidate: Candidate) -> bool:
    features = candidate.features
    held = all(value == 1 for name, value in features.items() if name.startswith("property_"))
    if "name" in features:
        meant = features["exact"] == 1 or features["identifier"] == 1
    else:
        found = (properties.find_property(each.property) for each in query.conditions)
        meant = any(each is not None and each.base in IDENTIFYING for each in found)
    return held and meant and features["type"] == 1


def describe(breadcrumb: tuple[str, ...], note: str | None) -> str:
    """A line that tells terms of one name apart: where it stands, and the start of its note."""
    short = note if note is None or len(note) <= _LONGEST_NOTE else f"{note[:_LONGEST_NOTE]}…"
    return " | ".join(part for part in (term_views.trail(breadcrumb), short) if part)
