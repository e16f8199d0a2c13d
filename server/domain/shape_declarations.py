"""A shape as it is declared in RDF: its parameters, checked as they are read.

A parameter that nothing here knows is an error, so that no constraint is silently left out.
"""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from server.domain import shape_paths
from server.domain.shape_constraints import BUILDERS
from server.domain.shape_graphs import NOTHING, TYPE, ShapeGraph, Term
from server.domain.shape_literals import WELLFORMED
from server.domain.shape_paths import Path, local_name
from server.domain.shape_results import Origin
from server.names import DASH, SH, XSD

TARGETS = {SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf}
_LOGICAL = {SH["and"], SH["or"], SH.xone}
_REFERRING = {SH.property, SH.node, SH["not"], SH.qualifiedValueShape, *_LOGICAL}
CONSTRAINTS = {*BUILDERS, *_REFERRING, SH["class"], SH.closed}
_COMPANIONS = {
    SH.flags, SH.ignoredProperties, SH.qualifiedMinCount, SH.qualifiedMaxCount,
    SH.qualifiedValueShapesDisjoint,
}  # fmt: skip
_DESCRIBING = {
    SH.path, SH.severity, SH.message, SH.deactivated, SH.name, SH.description, SH.order, SH.group,
    SH.defaultValue, DASH.editor, DASH.viewer, DASH.propertyRole, DASH.singleLine,
}  # fmt: skip
_KNOWN = TARGETS | CONSTRAINTS | _COMPANIONS | _DESCRIBING
_OF_PROPERTIES_ONLY = {
    SH.minCount, SH.maxCount, SH.uniqueLang, SH.lessThan, SH.lessThanOrEquals,
    SH.qualifiedValueShape,
}  # fmt: skip
_REPEATABLE = {
    SH["class"], SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals, SH.hasValue,
} | _REFERRING | TARGETS | {SH.message, SH.name, SH.description}  # fmt: skip


def is_shape(shapes: ShapeGraph, node: Term) -> bool:
    properties = shapes.index[node]
    kinds = properties.get(TYPE, ())
    declared = SH.NodeShape in kinds or SH.PropertyShape in kinds
    return declared or not properties.keys().isdisjoint(TARGETS | CONSTRAINTS)


class Declaration:
    """One shape's parameters, checked as they are read."""

    def __init__(self, shapes: ShapeGraph, node: Term) -> None:
        self.shapes = shapes
        self.node = node
        self.properties = shapes.index.get(node, NOTHING)
        self._refuse_unknown()
        paths = self.all(SH.path)
        self.path: Path | None = shape_paths.parse(shapes, self.one(SH.path)) if paths else None
        severity = self.one(SH.severity) if self.all(SH.severity) else SH.Violation
        shape = local_name(node) if type(node) is NamedNode else ""
        messages = self._texts(SH.message)
        self.origin = Origin(self.path, severity, messages, self._name(), shape)

    def _refuse_unknown(self) -> None:
        if not self.properties:
            raise ValueError(f"a shape without any statement: {self.node}")
        for predicate in self.properties:
            ours = predicate.value.startswith((str(SH), str(DASH)))
            if ours and predicate not in _KNOWN:
                raise ValueError(f"{predicate}")
        for predicate in _KNOWN - _REPEATABLE:
            if len(self.all(predicate)) > 1:
                raise ValueError(f"more than one {predicate}")
        if not self.all(SH.path) and self.properties.keys() & _OF_PROPERTIES_ONLY:
            found = self.properties.keys() & _OF_PROPERTIES_ONLY
            raise ValueError(f"{', '.join(map(str, found))} in a shape without sh:path")

    def _texts(self, predicate: NamedNode) -> dict[str, str]:
        return {text.language or "": text.value for text in self.all(predicate)}

    def _name(self) -> str:
        names = self._texts(SH.name)
        return names.get("en") or names.get("") or ""

    def all(self, parameter: NamedNode) -> list[Term]:
        return list(self.properties.get(parameter, ()))

    def one(self, parameter: NamedNode) -> Term:
        values = self.all(parameter)
        if len(values) != 1:
            raise ValueError(f"{len(values)} values of {parameter}")
        return values[0]

    def integer(self, parameter: NamedNode) -> int:
        value = self.one(parameter)
        if type(value) is not Literal or not WELLFORMED[XSD.nonNegativeInteger](value.value):
            raise ValueError(f"{parameter} {value}")
        return int(value.value)

    def flag(self, parameter: NamedNode) -> bool:
        value = self.one(parameter)
        if type(value) is not Literal or value.value not in ("true", "false"):
            raise ValueError(f"{parameter} {value}")
        return value.value == "true"

    def members(self, parameter: NamedNode) -> list[Term]:
        return self.shapes.items(self.one(parameter))

    @property
    def order(self) -> float:
        return float(self.one(SH.order).value) if self.all(SH.order) else float("inf")
