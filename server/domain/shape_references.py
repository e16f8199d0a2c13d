"""The constraints of SHACL Core that ask whether values conform to other shapes, or to a class."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from pyoxigraph import NamedNode

from server.domain.shape_checks import Check
from server.domain.shape_graphs import NOTHING, ShapeGraph, Term, Values, is_iri
from server.domain.shape_paths import Predicate
from server.domain.shape_results import Origin, Result
from server.names import SH

Conforms: TypeAlias = Callable[[ShapeGraph, Term], bool]

RULES: dict[NamedNode, Callable[[int], Callable[[int], bool]]] = {
    SH["and"]: lambda size: lambda count: count == size,
    SH["or"]: lambda size: lambda count: count >= 1,
    SH.xone: lambda size: lambda count: count == 1,
}
"""How many of the members of its list a value must conform to."""


def counting(
    conform: list[Conforms],
    enough: Callable[[int], bool],
    component: NamedNode,
    origin: Origin,
) -> Check:
    def check(graph: ShapeGraph, focus: Term, values: Values, results: list[Result]) -> None:
        for value in values:
            if not enough(sum(conforms(graph, value) for conforms in conform)):
                results.append(origin.result(focus, component, value))

    return check


def qualified(
    conforms: Conforms,
    enough: Callable[[int], bool],
    component: NamedNode,
    origin: Origin,
) -> Check:
    def check(graph: ShapeGraph, focus: Term, values: Values, results: list[Result]) -> None:
        if not enough(sum(conforms(graph, value) for value in values)):
            results.append(origin.result(focus, component))

    return check


def class_check(of_class: Term, origin: Origin) -> Check:
    """Section 4.1.1."""
    if not is_iri(of_class):
        raise ValueError(f"class {of_class}")

    def check(graph: ShapeGraph, focus: Term, values: Values, results: list[Result]) -> None:
        instances = graph.instances(of_class)
        for value in values:
            if value not in instances:
                results.append(origin.result(focus, SH.ClassConstraintComponent, value))

    return check


def closed_check(allowed: set[NamedNode], origin: Origin) -> Check:
    """Section 4.8.1: a result for each statement whose predicate the shape does not name."""

    def check(graph: ShapeGraph, focus: Term, values: Values, results: list[Result]) -> None:
        for value in values:
            for predicate, objects in graph.index.get(value, NOTHING).items():
                if predicate not in allowed:
                    path, component = Predicate(predicate), SH.ClosedConstraintComponent
                    results.extend(origin.result(focus, component, o, path) for o in objects)

    return check
