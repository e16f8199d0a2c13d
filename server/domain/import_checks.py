"""Each record against `shapes/item.ttl`; records of the same form are checked once.

A collection's records differ in their texts and are alike in their form. So the form is what is
looked up: which properties stand on which nodes, and of a value only what a shape asks about.
"""

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from server.domain import shapes
from server.domain.shape_graphs import ShapeGraph, Term
from server.domain.shape_results import Result, problem
from server.domain.shapes import Shapes
from server.names import DASH, RDF, SH
from server.resources import folder

_TYPE = str(RDF.type)
#: Constraints for which only the number and the kind of values count, and what is no constraint.
_FORMAL = {
    RDF.type, SH.path, SH.severity, SH.name, SH.description, SH.order, SH.group, SH.message,
    SH.minCount, SH.maxCount, SH.nodeKind, DASH.editor,
}  # fmt: skip
_NOT_BLANK = Literal(r"\S")
_MOST_FORMS = 5_000
Form = tuple[tuple[int, str, object], ...]
Found = tuple[tuple[str, str], ...]


class Checks:
    """The warnings of records; remembers what it found for each form."""

    def __init__(self, name: str = "item") -> None:
        self._shapes: Shapes = shapes.load(name)
        self._looked_at, self._whole = looked_at(folder("shapes") / f"{name}.ttl")
        self._known: dict[Form, Found] = {}

    def warnings(self, lines: list[str]) -> Found:
        """(field, message) of each thing that is wrong with a record's N-Triples lines."""
        form = self._form(lines)
        found = self._known.get(form)
        if found is not None:
            return found
        results = self._shapes.validate(parse("\n".join(lines).encode(), RdfFormat.N_TRIPLES))
        problems = tuple((one.field, one.message) for one in dict.fromkeys(map(problem, results)))
        if len(self._known) < _MOST_FORMS and all(map(self._is_formal, results)):
            self._known[form] = problems
        return problems

    def _form(self, lines: list[str]) -> Form:
        looked_at, whole = self._looked_at, self._whole
        parts = [line.split(" ", 2) for line in lines]
        places: dict[str, int] = {}
        for subject, _predicate, _object in parts:
            places.setdefault(subject, len(places))
        return tuple(
            (
                places[subject],
                predicate,
                thing if predicate in whole else places.get(thing[:-2]) or _kind(thing),
            )
            for subject, predicate, thing in parts
            if predicate in looked_at
        )

    def _is_formal(self, result: Result) -> bool:
        """Whether the message repeats nothing of a value that the form leaves out."""
        if result.value is None or result.path is None:
            return result.value is None
        return not isinstance(result.value, NamedNode | Literal) or all(
            str(name) in self._whole for name in _names(result.path)
        )


def _kind(thing: str) -> str:
    if thing[0] != '"':
        return "node"
    return "text" if thing[1:].partition('"')[0].strip() else "blank"


def _names(path: object) -> Iterator[object]:
    """The properties of a compiled path; something else where it is not known."""
    for each in path if isinstance(path, tuple | list) else (path,):
        if isinstance(each, tuple | list):
            yield from _names(each)
        else:
            yield getattr(each, "predicate", getattr(each, "iri", each))


def looked_at(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """The predicates that shapes look at, and those of which they look at whole values."""
    graph = ShapeGraph.of(parse(path=path, format=RdfFormat.TURTLE))
    every, whole = {_TYPE}, {_TYPE}
    for properties in graph.index.values():
        for shape_path in properties.get(SH.path, ()):
            predicates = {str(node) for node in _predicates(graph, shape_path)}
            every |= predicates
            patterns = properties.get(SH.pattern, ())
            if set(properties) - _FORMAL - {SH.pattern} or any(
                pattern != _NOT_BLANK for pattern in patterns
            ):
                whole |= predicates
    return frozenset(every), frozenset(whole)


def _predicates(graph: ShapeGraph, path: Term) -> Iterator[Term]:
    """Every property in a path, however it is made up (SHACL 2.3.1)."""
    if isinstance(path, NamedNode):
        yield path
        return
    if graph.objects(path, RDF.first):
        for step in graph.items(path):
            yield from _predicates(graph, step)
    for values in graph.index.get(path, {}).items():
        if values[0] not in (RDF.first, RDF.rest):
            for value in values[1]:
                yield from _predicates(graph, value)
