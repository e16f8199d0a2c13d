"""The constraints of SHACL Core (section 4) that need no other shape, each with its builder.

A builder reads its parameters from one shape and gives the checks; those that refer to other
shapes are in `shape_references`.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode

from server.domain import shape_strings
from server.domain.shape_checks import Builder, Check, Parameters, each, whole
from server.domain.shape_graphs import ShapeGraph, Term, Values
from server.domain.shape_literals import WELLFORMED
from server.domain.shape_ranges import RANGES
from server.domain.shape_results import Result
from server.names import SH

# 4.1 value type


def datatype(shape: Parameters) -> Iterable[Check]:
    wanted = shape.one(SH.datatype)
    if wanted not in WELLFORMED:
        raise ValueError(f"datatype {wanted}")
    wellformed = WELLFORMED[wanted]

    def test(value: Term) -> bool:
        return type(value) is Literal and value.datatype == wanted and wellformed(value.value)

    yield each(test, SH.DatatypeConstraintComponent, shape.origin)


_KINDS: dict[NamedNode, tuple[type, ...]] = {
    SH.IRI: (NamedNode,),
    SH.Literal: (Literal,),
    SH.BlankNode: (BlankNode,),
    SH.BlankNodeOrIRI: (BlankNode, NamedNode),
    SH.BlankNodeOrLiteral: (BlankNode, Literal),
    SH.IRIOrLiteral: (NamedNode, Literal),
}


def node_kind(shape: Parameters) -> Iterable[Check]:
    kind = shape.one(SH.nodeKind)
    if kind not in _KINDS:
        raise ValueError(f"node kind {kind}")
    types = _KINDS[kind]
    yield each(lambda value: type(value) in types, SH.NodeKindConstraintComponent, shape.origin)


# 4.2 cardinality


def min_count(shape: Parameters) -> Iterable[Check]:
    least = shape.integer(SH.minCount)
    component = SH.MinCountConstraintComponent
    yield whole(lambda values: len(values) >= least, component, shape.origin)


def max_count(shape: Parameters) -> Iterable[Check]:
    most = shape.integer(SH.maxCount)
    component = SH.MaxCountConstraintComponent
    yield whole(lambda values: len(values) <= most, component, shape.origin)


# 4.5 property pairs


def equals(shape: Parameters) -> Iterable[Check]:
    def one(other: NamedNode) -> Check:
        def check(graph: ShapeGraph, focus: Term, values: Values, results: list[Result]) -> None:
            different = set(values) ^ set(graph.objects(focus, other))
            for value in different:
                component = SH.EqualsConstraintComponent
                results.append(shape.origin.result(focus, component, value))

        return check

    return [one(other) for other in shape.all(SH.equals)]


def disjoint(shape: Parameters) -> Iterable[Check]:
    def one(other: NamedNode) -> Check:
        def check(graph: ShapeGraph, focus: Term, values: Values, results: list[Result]) -> None:
            others = graph.objects(focus, other)
            for value in values:
                if value in others:
                    component = SH.DisjointConstraintComponent
                    results.append(shape.origin.result(focus, component, value))

        return check

    return [one(other) for other in shape.all(SH.disjoint)]


# 4.8 others


def has_value(shape: Parameters) -> Iterable[Check]:
    component = SH.HasValueConstraintComponent
    for wanted in shape.all(SH.hasValue):
        yield whole(lambda values, w=wanted: w in values, component, shape.origin)  # type: ignore[misc]


def one_of(shape: Parameters) -> Iterable[Check]:
    allowed = frozenset(shape.members(SH["in"]))
    yield each(allowed.__contains__, SH.InConstraintComponent, shape.origin)


BUILDERS: dict[NamedNode, Builder] = {
    SH.datatype: datatype,
    SH.nodeKind: node_kind,
    SH.minCount: min_count,
    SH.maxCount: max_count,
    SH.minLength: shape_strings.min_length,
    SH.maxLength: shape_strings.max_length,
    SH.pattern: shape_strings.pattern,
    SH.languageIn: shape_strings.language_in,
    SH.uniqueLang: shape_strings.unique_lang,
    SH.equals: equals,
    SH.disjoint: disjoint,
    SH.hasValue: has_value,
    SH["in"]: one_of,
    **RANGES,
}
"""Parameter -> the builder of its checks."""
