"""Each record against `shapes/item.ttl`; records of the same form are checked once.

A collection's records differ in their texts and are alike in their form. So the form is what is
remembered: which properties stand on which nodes, and of a value only what a shape asks about.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from server.domain import shape_paths, shapes
from server.domain.shape_graphs import ShapeGraph
from server.domain.shape_paths import Alternative, Inverse, Predicate, Sequence
from server.domain.shape_results import Result, problem
from server.names import DASH, RDF, SH
from server.resources import folder

#: Constraints for which only the number and the kind of values count, and what is no constraint.
_FORMAL = {
    RDF.type, SH.path, SH.severity, SH.name, SH.description, SH.order, SH.group, SH.message,
    SH.minCount, SH.maxCount, SH.nodeKind, SH.pattern, DASH.editor,
}  # fmt: skip
_NOT_BLANK = Literal(r"\S")
_BLANK_ESCAPES = re.compile(r"\\[nrtf]")
_MOST_FORMS = 5_000
Form = tuple[tuple[int, str, object], ...]
Found = tuple[tuple[str, str], ...]


class Checks:
    """The warnings of records; what was found for a form is remembered."""

    def __init__(self, name: str = "item") -> None:
        self._shapes = shapes.load(name)
        self._looked_at, self._whole = looked_at(folder("shapes") / f"{name}.ttl")
        self._known: dict[Form, Found] = {}

    def warnings(self, lines: list[str]) -> Found:
        """(field, message) of each thing that is wrong with a record's N-Triples lines."""
        form = self._form(lines)
        found = self._known.get(form)
        if found is None:
            found = self.check(lines)
            if len(self._known) < _MOST_FORMS:
                self._known[form] = found
        return found

    def check(self, lines: list[str]) -> Found:
        """The same, without looking whether the form is known."""
        results = self._shapes.validate(parse("\n".join(lines).encode(), RdfFormat.N_TRIPLES))
        return tuple(dict.fromkeys((one.field, self._message(one)) for one in results))

    def _form(self, lines: list[str]) -> Form:
        looked_at, whole = self._looked_at, self._whole
        parts = [line.split(" ", 2) for line in lines]
        subjects = dict.fromkeys([subject for subject, _predicate, _object in parts])
        places = {subject: number for number, subject in enumerate(subjects, 1)}
        return tuple(
            [
                (
                    places[subject],
                    predicate,
                    thing
                    if predicate in whole
                    else "text"
                    if thing[0] == '"' and thing[1].isalnum()
                    else places.get(thing[:-2]) or _kind(thing),
                )
                for subject, predicate, thing in parts
                if predicate in looked_at
            ]
        )

    def _message(self, result: Result) -> str:
        """The value is repeated only where it is part of the form."""
        names = _properties(result.path) if result.path else ()
        if result.path and all(str(name) in self._whole for name in names):
            return problem(result).message
        return result.message


def _kind(thing: str) -> str:
    if thing[0] != '"':
        return "node"
    text = thing[1:].partition('"')[0]
    return "text" if _BLANK_ESCAPES.sub("", text).strip() else "blank"


def looked_at(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """The predicates that a file of shapes looks at, and those whose whole values count."""
    graph = ShapeGraph.of(parse(path=path, format=RdfFormat.TURTLE))
    every, whole = {str(RDF.type)}, {str(RDF.type)}
    for properties in graph.index.values():
        for node in properties.get(SH.path, ()):
            names = {str(name) for name in _properties(shape_paths.parse(graph, node))}
            every |= names
            patterns = properties.get(SH.pattern, ())
            if not _FORMAL.issuperset(properties) or any(one != _NOT_BLANK for one in patterns):
                whole |= names
    return frozenset(every), frozenset(whole)


def _properties(path: shape_paths.Path) -> Iterator[NamedNode]:
    """Every property of a path, however it is made up (SHACL, 2.3.1)."""
    match path:
        case Predicate(node):
            yield node
        case Inverse(inner):
            yield from _properties(inner)
        case Sequence(parts) | Alternative(parts):
            for part in parts:
                yield from _properties(part)
