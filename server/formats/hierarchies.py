"""Cycles in a hierarchy: the links that close one, so that every way up comes to an end.

Terms are whole numbers of 64 bits here: their own, or `number` of their IRIs. Links are two arrays,
16 bytes each; what cannot lie on a cycle falls away before anything larger is made.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import compress

Link = tuple[int, int]


def number(iri: str) -> int:
    """The same for the same IRI at any time; two of 10 million share one at odds of 1:370,000."""
    return int.from_bytes(blake2b(iri.encode(), digest_size=8).digest(), "big", signed=True)


def numbers() -> "array[int]":
    return array("q")


@dataclass(slots=True)
class Links:
    """From narrower terms to broader ones."""

    narrower: "array[int]" = field(default_factory=numbers)
    broader: "array[int]" = field(default_factory=numbers)

    def add(self, narrower: int, broader: int) -> None:
        self.narrower.append(narrower)
        self.broader.append(broader)

    def pairs(self) -> Iterator[Link]:
        return zip(self.narrower, self.broader, strict=True)


def closing(links: Links) -> set[Link]:
    """The links without which there is no cycle: those back to a term on the way up to itself."""
    above: dict[int, list[int]] = {}
    for narrower, broader in _between(links).pairs():
        above.setdefault(narrower, []).append(broader)
    for broader_ones in above.values():
        broader_ones.sort()
    done: set[int] = set()
    found: set[Link] = set()
    for term in sorted(above):
        _walk_up(term, above, done, found)
    return found


def _between(links: Links) -> Links:
    """The links whose narrower term is a broader one too and the reverse, again and again."""
    while True:
        inner = set(links.broader)
        kept = _kept(links, [narrower in inner for narrower in links.narrower])
        inner = set(kept.narrower)
        kept = _kept(kept, [broader in inner for broader in kept.broader])
        if len(kept.narrower) == len(links.narrower):
            return kept
        links = kept


def _kept(links: Links, which: list[bool]) -> Links:
    return Links(
        array("q", compress(links.narrower, which)), array("q", compress(links.broader, which))
    )


def _walk_up(start: int, above: dict[int, list[int]], done: set[int], found: set[Link]) -> None:
    """Depth first, without recursion: chains may be long."""
    way: dict[int, Iterator[int]] = {}
    if start not in done:
        way[start] = iter(above.get(start, ()))
    while way:
        term, broader_ones = next(reversed(way.items()))
        broader = next(broader_ones, None)
        if broader is None:
            done.add(term)
            del way[term]
        elif broader in way:
            found.add((term, broader))
        elif broader not in done:
            way[broader] = iter(above.get(broader, ()))
