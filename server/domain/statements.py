"""What a dataset says of one node."""

from typing import Any

from pyoxigraph import NamedNode

from server.commit import Desk
from server.patches import Dataset

Said = dict[NamedNode, list[Any]]


def pairs(desk: Desk, dataset: Dataset, node: NamedNode) -> list[tuple[NamedNode, Any]]:
    """(property, value) of each statement; empty where nothing is said."""
    return desk.about(dataset, node)


def about(desk: Desk, dataset: Dataset, node: NamedNode) -> Said:
    """The values by property."""
    said: Said = {}
    for property_, value in pairs(desk, dataset, node):
        said.setdefault(property_, []).append(value)
    return said


def first(said: Said, property_: NamedNode) -> str:
    """The first value as text, or nothing."""
    return str(said[property_][0].value) if property_ in said else ""
