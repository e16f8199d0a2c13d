"""Reading and writing the nodes of a campaign's graph."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode

from server.names import XSD, Names

About = Mapping[str, Sequence[Any]]
"""The values of each property (an IRI) of one node."""
Statements = list[tuple[NamedNode, NamedNode, Any]]


def value(about: About, property_: NamedNode, default: Any = None) -> Any:
    found = about.get(property_.value)
    return found[0].value if found else default


def values(about: About, property_: NamedNode) -> Sequence[Any]:
    return about.get(property_.value, ())


def slugs(names: Names, kind: str, nodes: Iterable[Any]) -> tuple[str, ...]:
    return tuple(sorted(slug for node in nodes if (slug := names.local(node.value, kind))))


def integer(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.integer)
