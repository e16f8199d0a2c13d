"""SHACL property paths (section 2.3.1), each compiled into a function from a node to its values."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import NamedNode

from server.domain.shape_graphs import NOTHING, ShapeGraph, Term, Values, is_iri
from server.names import PREFIXES, RDF, SH

Walk: TypeAlias = Callable[[ShapeGraph, Term], Values]


@dataclass(frozen=True, slots=True)
class Predicate:
    node: NamedNode

    def __str__(self) -> str:
        return str(self.node)


@dataclass(frozen=True, slots=True)
class Inverse:
    path: Path

    def __str__(self) -> str:
        return f"^({self.path})"


@dataclass(frozen=True, slots=True)
class Sequence:
    steps: tuple[Path, ...]

    def __str__(self) -> str:
        return "/".join(f"({step})" for step in self.steps)


@dataclass(frozen=True, slots=True)
class Alternative:
    choices: tuple[Path, ...]

    def __str__(self) -> str:
        return "|".join(f"({choice})" for choice in self.choices)


Path: TypeAlias = Predicate | Inverse | Sequence | Alternative


def parse(shapes: ShapeGraph, node: Term) -> Path:
    """The path that a value of `sh:path` stands for; ValueError for the kinds not supported."""
    if is_iri(node):
        return Predicate(node)
    predicates = set(shapes.index.get(node, NOTHING))
    if predicates == {RDF.first, RDF.rest}:
        return Sequence(_members(shapes, node))
    if predicates == {SH.inversePath}:
        (inverted,) = shapes.objects(node, SH.inversePath)
        return Inverse(parse(shapes, inverted))
    if predicates == {SH.alternativePath}:
        (choices,) = shapes.objects(node, SH.alternativePath)
        return Alternative(_members(shapes, choices))
    raise ValueError(f"property path {node} of {sorted(p.value for p in predicates)}")


def _members(shapes: ShapeGraph, head: Term) -> tuple[Path, ...]:
    members = tuple(parse(shapes, member) for member in shapes.items(head))
    if len(members) < 2:
        raise ValueError("a sequence or alternative path needs at least two members")
    return members


def compile_path(path: Path) -> Walk:
    """A function from a graph and a node to the distinct nodes at the end of the path."""
    match path:
        case Predicate(node):
            return lambda graph, focus: graph.index.get(focus, NOTHING).get(node, ())
        case Inverse(Predicate(node)):
            return lambda graph, focus: graph.subjects(node, focus)
        case Inverse(Inverse(inner)):
            return compile_path(inner)
        case Inverse(Sequence(steps)):
            return compile_path(Sequence(tuple(Inverse(step) for step in reversed(steps))))
        case Inverse(Alternative(choices)):
            return compile_path(Alternative(tuple(Inverse(choice) for choice in choices)))
        case Sequence(steps):
            return _sequence([compile_path(step) for step in steps])
        case Alternative(choices):
            return _alternative(choices)
    raise ValueError(f"property path {path}")


def _sequence(walks: list[Walk]) -> Walk:
    def walk(graph: ShapeGraph, focus: Term) -> Values:
        nodes: Values = (focus,)
        for step in walks:
            if not nodes:
                return ()
            nodes = {value: None for node in nodes for value in step(graph, node)}
        return nodes

    return walk


def _alternative(choices: tuple[Path, ...]) -> Walk:
    nodes = [choice.node for choice in choices if isinstance(choice, Predicate)]
    walks = [compile_path(choice) for choice in choices if not isinstance(choice, Predicate)]

    def walk(graph: ShapeGraph, focus: Term) -> Values:
        properties = graph.index.get(focus, NOTHING)
        parts = [values for node in nodes if (values := properties.get(node))]
        parts += [values for step in walks if (values := step(graph, focus))]
        if len(parts) < 2:
            return parts[0] if parts else ()
        return {value: None for values in parts for value in values}

    return walk


def last_property(path: Path) -> NamedNode:
    """The property that a path ends with: of alternatives, the first one's."""
    match path:
        case Predicate(node):
            return node
        case Inverse(inner):
            return last_property(inner)
        case Sequence(steps):
            return last_property(steps[-1])
        case Alternative(choices):
            return last_property(choices[0])
    raise ValueError(f"property path {path}")


def local_name(node: NamedNode) -> str:
    """The part of an IRI that people call its name: `title` of `dcterms:title`."""
    return re.split(r"[#/:]", node.value)[-1]


def qualified_name(node: NamedNode) -> str:
    """`dcterms:title`, or the whole IRI where no prefix of ours fits."""
    for prefix, namespace in PREFIXES.items():
        if node.value.startswith(namespace):
            return f"{prefix}:{node.value[len(namespace) :]}"
    return node.value
