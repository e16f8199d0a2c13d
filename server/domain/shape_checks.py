"""What a compiled constraint is: a check of the values of one focus node."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeAlias

from pyoxigraph import NamedNode

from server.domain.shape_graphs import ShapeGraph, Term, Values
from server.domain.shape_results import Origin, Result

Check: TypeAlias = Callable[[ShapeGraph, Term, Values, list[Result]], None]
Test: TypeAlias = Callable[[Term], bool]


class Parameters(Protocol):
    """One shape as its builders read it; a wrong parameter raises ValueError."""

    origin: Origin

    def one(self, parameter: NamedNode) -> Term: ...
    def all(self, parameter: NamedNode) -> list[Term]: ...
    def integer(self, parameter: NamedNode) -> int: ...
    def flag(self, parameter: NamedNode) -> bool: ...
    def members(self, parameter: NamedNode) -> list[Term]: ...


Builder: TypeAlias = Callable[[Parameters], Iterable[Check]]


def each(test: Test, component: NamedNode, origin: Origin) -> Check:
    """A check with one result for each value that fails the test."""

    def check(graph: ShapeGraph, focus: Term, values: Values, results: list[Result]) -> None:
        for value in values:
            if not test(value):
                results.append(origin.result(focus, component, value))

    return check


def whole(test: Callable[[Values], bool], component: NamedNode, origin: Origin) -> Check:
    """A check of all values together, with one result at most."""

    def check(graph: ShapeGraph, focus: Term, values: Values, results: list[Result]) -> None:
        if not test(values):
            results.append(origin.result(focus, component))

    return check
