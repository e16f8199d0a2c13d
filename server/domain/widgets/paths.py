"""From the value of a field to the statements that say it, along the path of its shape."""

from typing import Any

from server.domain.annotation_contents import ANNOTATION, Part, Said
from server.domain.kinds import OF_CLAIM, Entry, part_name


def along(entry: Entry, value: Any) -> list[Said]:
    """The value on its part, and each part on the one before it."""
    here = OF_CLAIM if entry.of == "claim" else ANNOTATION
    found: list[Said] = []
    for property_, is_last in _steps(entry):
        there = entry.part if is_last else part_name(property_)
        found.append((here, property_, Part(there)))
        here = there
    return [*found, (here, entry.path[-1], value)]


def _steps(entry: Entry) -> list[tuple[Any, bool]]:
    """The properties that lead from part to part, and whether it is the last of them."""
    leading = entry.path[:-1]
    return [(each, place == len(leading)) for place, each in enumerate(leading, 1)]
