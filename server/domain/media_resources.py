"""What is said of the web resources of an item, and their order."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import NamedNode

from server.names import EDM, value_of

_DIGITS = re.compile(r"(\d+)")


@dataclass(slots=True)
class Resource:
    """What is said of one web resource."""

    iri: str
    links: set[NamedNode] = field(default_factory=set)
    said: dict[NamedNode, list[Any]] = field(default_factory=lambda: defaultdict(list))
    names: dict[Any, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def first(self, *properties: NamedNode) -> str:
        for each in properties:
            if self.said[each]:
                return min(value_of(term) for term in self.said[each])
        return ""


def resources(rows: Iterable[Mapping[str, Any]]) -> list[Resource]:
    """Each once, by its IRI, numbers in it as people count: page 10 comes after page 9."""
    found: dict[str, Resource] = {}
    for row in rows:
        if not isinstance(row["resource"], NamedNode) or not row["resource"].value:
            continue
        about = found.setdefault(row["resource"].value, Resource(row["resource"].value))
        about.links.add(row["link"])
        if row.get("p") is None:
            continue
        if row["o"] not in about.said[row["p"]]:
            about.said[row["p"]].append(row["o"])
        if row.get("name") is not None:
            about.names[row["o"]].append(row["name"])
    return sorted(found.values(), key=lambda each: _natural(each.iri))


def _natural(text: str) -> list[Any]:
    parts = _DIGITS.split(text)
    return [(int(part[:18]), "") if part.isdecimal() else (-1, part) for part in parts]


def ordered(found: list[Resource]) -> list[Resource]:
    """What is shown first comes first; what is next in sequence after what it follows."""
    known = {each.iri: each for each in found}
    after: dict[str, list[Resource]] = defaultdict(list)
    for each in found:
        before = each.first(EDM.isNextInSequence)
        if before in known and before != each.iri and EDM.isShownBy not in each.links:
            after[before].append(each)
    following = {each.iri for others in after.values() for each in others}
    heads = sorted(found, key=lambda each: (EDM.isShownBy not in each.links, each.iri in following))
    ordered: dict[str, Resource] = {}
    waiting = heads[::-1]
    while waiting:
        each = waiting.pop()
        if each.iri not in ordered:
            ordered[each.iri] = each
            waiting += after[each.iri][::-1]
    return list(ordered.values())
