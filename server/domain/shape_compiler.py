"""SHACL Core shapes compiled into closures over indexed triples.

A construct that is not supported is an error, whether a target leads to it or not: a check that
falls through silently would be worse than none. Sections are those of https://www.w3.org/TR/shacl/.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import NamedNode

from server.domain import shape_paths
from server.domain.shape_checks import Check
from server.domain.shape_constraints import BUILDERS
from server.domain.shape_declarations import Declaration, is_shape
from server.domain.shape_graphs import NOTHING, ShapeGraph, Term, Values
from server.domain.shape_paths import Predicate, Walk
from server.domain.shape_references import (
    RULES,
    Conforms,
    class_check,
    closed_check,
    counting,
    qualified,
)
from server.domain.shape_results import Result
from server.names import OWL, RDFS, SH

Run: TypeAlias = Callable[[ShapeGraph, Term, list[Result]], None]
Target: TypeAlias = Callable[[ShapeGraph], Values]


@dataclass(frozen=True, slots=True)
class Entry:
    """A shape with targets: where it starts, and what it does there."""

    node: Term
    targets: tuple[Target, ...]
    run: Run

    def focus_nodes(self, graph: ShapeGraph) -> Values:
        if len(self.targets) == 1:
            return self.targets[0](graph)
        return {node: None for target in self.targets for node in target(graph)}


def compile_graph(shapes: ShapeGraph) -> list[Entry]:
    """Each shape that has a target, compiled; ValueError names what cannot be."""
    compiler = _Compiler(shapes)
    found = [node for node, properties in shapes.index.items() if is_shape(shapes, node)]
    for node in found:  # all of them, so that nothing unknown hides in one without a target
        compiler.run(node)
    entries = [Entry(node, _targets(shapes, node), compiler.run(node)) for node in found]
    return [entry for entry in entries if entry.targets]


def _targets(shapes: ShapeGraph, node: Term) -> tuple[Target, ...]:
    """Section 2.1.3, with implicit class targets."""
    targets: list[Target] = []
    nodes = tuple(shapes.objects(node, SH.targetNode))
    if nodes:
        targets.append(lambda graph: nodes)
    classes = list(shapes.objects(node, SH.targetClass))
    if node in shapes.instances(RDFS.Class) or node in shapes.instances(OWL.Class):
        classes.append(node)
    targets.extend(_bound(ShapeGraph.instances, of_class) for of_class in classes)
    for predicate in shapes.objects(node, SH.targetSubjectsOf):
        targets.append(_bound(ShapeGraph.subjects_of, predicate))
    for predicate in shapes.objects(node, SH.targetObjectsOf):
        targets.append(_bound(ShapeGraph.objects_of, predicate))
    return tuple(targets)


def _bound(find: Callable[[ShapeGraph, Term], Values], term: Term) -> Target:
    return lambda graph: find(graph, term)


class _Compiler:
    """Compiles each shape once; a shape that leads back to itself is refused (section 3.4.3)."""

    def __init__(self, shapes: ShapeGraph) -> None:
        self.shapes = shapes
        self.runs: dict[Term, Run] = {}
        self.underway: set[Term] = set()

    def run(self, node: Term) -> Run:
        if node in self.runs:
            return self.runs[node]
        if node in self.underway:
            raise ValueError(f"a shape that leads back to itself: {node}")
        self.underway.add(node)
        self.runs[node] = self._compile(Declaration(self.shapes, node))
        self.underway.discard(node)
        return self.runs[node]

    def _compile(self, shape: Declaration) -> Run:
        checks = self._checks(shape)
        properties = self._property_runs(shape)
        if shape.all(SH.deactivated) and shape.flag(SH.deactivated):
            return lambda graph, focus, results: None
        if shape.path is None:
            return _node_run(checks, properties)
        if isinstance(shape.path, Predicate) and not properties:
            return _predicate_run(shape.path.node, checks)
        return _path_run(shape_paths.compile_path(shape.path), checks, properties)

    def _checks(self, shape: Declaration) -> list[Check]:
        checks: list[Check] = []
        for parameter in shape.properties:
            if parameter in BUILDERS:
                checks.extend(BUILDERS[parameter](shape))
        checks.extend(class_check(of_class, shape.origin) for of_class in shape.all(SH["class"]))
        checks.extend(self._closed(shape))
        checks.extend(self._logical(shape))
        checks.extend(self._qualified(shape))
        return checks

    def _property_runs(self, shape: Declaration) -> list[Run]:
        inner = [(Declaration(self.shapes, node), node) for node in shape.all(SH.property)]
        for found, node in inner:
            if found.path is None:
                raise ValueError(f"sh:property leads to a shape without sh:path: {node}")
        ordered = sorted(inner, key=lambda pair: (pair[0].order, str(pair[0].path)))
        return [self.run(node) for _found, node in ordered]

    def _conforms(self, node: Term) -> Conforms:
        run = self.run(node)

        def conforms(graph: ShapeGraph, value: Term) -> bool:
            results: list[Result] = []
            run(graph, value, results)
            return not results

        return conforms

    def _logical(self, shape: Declaration) -> Iterable[Check]:
        """Sections 4.6 and 4.7.1: sh:node, sh:not, sh:and, sh:or, sh:xone."""
        for node in shape.all(SH.node):
            conform = [self._conforms(node)]
            yield counting(conform, lambda n: n == 1, SH.NodeConstraintComponent, shape.origin)
        for node in shape.all(SH["not"]):
            conform = [self._conforms(node)]
            yield counting(conform, lambda n: n == 0, SH.NotConstraintComponent, shape.origin)
        for parameter, component in (
            (SH["and"], SH.AndConstraintComponent),
            (SH["or"], SH.OrConstraintComponent),
            (SH.xone, SH.XoneConstraintComponent),
        ):
            for head in shape.all(parameter):
                conform = [self._conforms(node) for node in self.shapes.items(head)]
                yield counting(conform, RULES[parameter](len(conform)), component, shape.origin)

    def _qualified(self, shape: Declaration) -> Iterable[Check]:
        """Section 4.7.3; sibling shapes (qualifiedValueShapesDisjoint) are not supported."""
        if SH.qualifiedValueShapesDisjoint in shape.properties and shape.flag(
            SH.qualifiedValueShapesDisjoint
        ):
            raise ValueError(f"{SH.qualifiedValueShapesDisjoint}")
        if SH.qualifiedValueShape not in shape.properties:
            return
        conforms = self._conforms(shape.one(SH.qualifiedValueShape))
        if SH.qualifiedMinCount in shape.properties:
            least = shape.integer(SH.qualifiedMinCount)
            component = SH.QualifiedMinCountConstraintComponent
            yield qualified(conforms, lambda n: n >= least, component, shape.origin)
        if SH.qualifiedMaxCount in shape.properties:
            most = shape.integer(SH.qualifiedMaxCount)
            component = SH.QualifiedMaxCountConstraintComponent
            yield qualified(conforms, lambda n: n <= most, component, shape.origin)

    def _closed(self, shape: Declaration) -> Iterable[Check]:
        """Section 4.8.1."""
        if SH.closed not in shape.properties or not shape.flag(SH.closed):
            return
        inner = (Declaration(self.shapes, node).path for node in shape.all(SH.property))
        allowed = {path.node for path in inner if isinstance(path, Predicate)}
        if SH.ignoredProperties in shape.properties:
            allowed.update(shape.members(SH.ignoredProperties))
        yield closed_check(allowed, shape.origin)


def _node_run(checks: list[Check], properties: list[Run]) -> Run:
    def run(graph: ShapeGraph, focus: Term, results: list[Result]) -> None:
        for check in checks:
            check(graph, focus, (focus,), results)
        for inner in properties:
            inner(graph, focus, results)

    return run


def _predicate_run(predicate: NamedNode, checks: list[Check]) -> Run:
    def run(graph: ShapeGraph, focus: Term, results: list[Result]) -> None:
        values = graph.index.get(focus, NOTHING).get(predicate, ())
        for check in checks:
            check(graph, focus, values, results)

    return run


def _path_run(walk: Walk, checks: list[Check], properties: list[Run]) -> Run:
    def run(graph: ShapeGraph, focus: Term, results: list[Result]) -> None:
        values = walk(graph, focus)
        for check in checks:
            check(graph, focus, values, results)
        for value in values:
            for inner in properties:
                inner(graph, value, results)

    return run
