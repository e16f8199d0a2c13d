"""The constraints of SHACL Core that compare: value ranges (section 4.3), and lessThan (4.5)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any

from pyoxigraph import NamedNode

from server.domain.shape_checks import Builder, Check, Parameters, each
from server.domain.shape_graphs import ShapeGraph, Term, Values
from server.domain.shape_literals import Comparable, comparable
from server.domain.shape_results import Origin, Result
from server.names import SH


def value_range(
    parameter: NamedNode, component: NamedNode, holds: Callable[[Any, Any], bool]
) -> Builder:
    """`holds(value, bound)` decides; a value that is not comparable fails."""

    def build(shape: Parameters) -> Iterable[Check]:
        bound = comparable(shape.one(parameter))
        if bound is None:
            raise ValueError(f"{parameter} {shape.one(parameter)}")
        yield each(lambda value: _in_order(holds, value, bound), component, shape.origin)

    return build


def _in_order(holds: Callable[[Any, Any], bool], value: Term, bound: Comparable) -> bool:
    own = comparable(value)
    return own is not None and own[0] == bound[0] and holds(own[1], bound[1])


def less_than(
    parameter: NamedNode, component: NamedNode, holds: Callable[[Any, Any], bool]
) -> Builder:
    def build(shape: Parameters) -> Iterable[Check]:
        return [one(other, shape.origin) for other in shape.all(parameter)]

    def one(other: NamedNode, origin: Origin) -> Check:
        def check(graph: ShapeGraph, focus: Term, values: Values, results: list[Result]) -> None:
            bounds = [comparable(value) for value in graph.objects(focus, other)]
            for value in values:
                for bound in bounds:
                    if bound is None or not _in_order(holds, value, bound):
                        results.append(origin.result(focus, component, value))

        return check

    return build


def _range(name: str, holds: Callable[[Any, Any], bool]) -> tuple[NamedNode, Builder]:
    component = SH[f"{name[0].upper()}{name[1:]}ConstraintComponent"]
    build = less_than if name.startswith("less") else value_range
    return SH[name], build(SH[name], component, holds)


RANGES: dict[NamedNode, Builder] = dict(
    [
        _range("minInclusive", operator.ge),
        _range("minExclusive", operator.gt),
        _range("maxInclusive", operator.le),
        _range("maxExclusive", operator.lt),
        _range("lessThan", operator.lt),
        _range("lessThanOrEquals", operator.le),
    ]
)
"""Parameter -> the builder of its checks."""
