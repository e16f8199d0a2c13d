"""Annotations of every kind, good and bad, made from its example by what its shape says.

A new kind is among them by its shape file and its example in test_shapes. For the test that both
validators say the same of them, and for the figures.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from random import Random
from typing import TypeAlias

import pyoxigraph as ox

from server.domain import kinds
from server.domain.kinds import Entry, Kind
from server.domain.shape_graphs import ShapeGraph, Term
from server.domain.shape_literals import comparable
from server.names import RDF, SH, XSD
from server.resources import folder
from tests import shacl_reference
from tests.test_shapes import BAD, GOOD, PREFIXES

BASE = "http://127.0.0.1:8000/"
Triples: TypeAlias = list[ox.Triple]

#: What fields of forms take, some of it for each kind of field; what fits an entry is found out.
VALUES: list[Term] = [
    ox.NamedNode("http://vocab.getty.edu/aat/300015050"),
    ox.NamedNode("https://sws.geonames.org/264371/"),
    ox.NamedNode("urn:isbn:9780000000002"),
    *(ox.Literal(text, language=tag) for text in ("Σεντόνι", "a loom") for tag in ("el", "en-GB")),
    *(ox.Literal(text) for text in ("weaving", "#FF00aa", "xywh=10,20,300,400", "en", "0.5")),
    *(ox.Literal(str(number), datatype=XSD.integer) for number in (0, 1, 2, 7, 50, 100)),
    *(ox.Literal(number, datatype=XSD.decimal) for number in ("0.0", "0.25", "1.0", "48.85")),
    *(ox.Literal(number, datatype=XSD.double) for number in ("0.5E0", "-33.9E0")),
    ox.Literal("2026-11-22", datatype=XSD.date),
    ox.Literal("2026-11-22T10:00:00.000Z", datatype=XSD.dateTime),
    ox.Literal("true", datatype=XSD.boolean),
]


@cache
def all_kinds() -> dict[str, Kind]:
    found = sorted((folder("shapes") / "annotation").glob("*.ttl"))
    return {path.stem: kinds.read(path) for path in found}


PAIRING = (SH.lessThan, SH.lessThanOrEquals)


@dataclass(frozen=True)
class Place:
    """An entry with the class of the nodes that it is said of: its shape's target.

    `paired`: its values are compared with those of another property, or those with its.
    """

    of_class: ox.NamedNode
    entry: Entry
    paired: bool


@cache
def places(name: str) -> tuple[Place, ...]:
    """Every property shape of a kind, also of its parts, such as selectors."""
    graph = ShapeGraph.of(ox.parse(path=all_kinds()[name].path))
    pairs = [(node, p) for p in PAIRING for node in graph.subjects_of(p)]
    paired = {each for node, p in pairs for each in graph.objects(node, p)}
    paired |= {each for node, _p in pairs for each in graph.objects(node, SH.path)}
    return tuple(
        Place(of_class, entry, entry.path[-1] in paired)
        for of_class in graph.objects_of(SH.targetClass)
        for entry in kinds._entries(graph, of_class, "annotation")
    )


def generate(kind: Kind, count: int) -> Iterator[Triples]:
    """So many: every other one with one thing wrong, each entry in turn, as long as there are
    more such; the others good, or with several things wrong."""
    chance = Random(kind.name)
    alone = iter(_in_turn(kind))
    for number in range(count):
        triples = good(kind, number, chance)
        change = next(alone, None) if number % 2 else None
        for each in [change] if change else _several(kind, chance):
            triples = each.apply(triples, _iri(number))
        yield triples


def _iri(number: int) -> str:
    return f"{BASE}annotation/generated-{number}"


# --- good ones -----------------------------------------------------------------------------------


def good(kind: Kind, number: int, chance: Random) -> Triples:
    """The example of the kind, with other values that fit where there are some."""
    iri = _iri(number)
    triples = shacl_reference.turtle(
        (PREFIXES + GOOD[f"annotation/{kind.name}"]).replace("<annotation/1", f"<{iri}")
    )
    for place in places(kind.name):
        standing = {type(value) for value in _standing(triples, iri, place)}
        fitting = [
            value
            for value in _candidates(place.entry)
            if _fits(place.entry, value) and {type(value)} == standing
        ]
        if place.entry.editor and fitting and chance.random() < 0.5:
            triples = Change(place, "exchange", chance.choice(fitting)).apply(triples, iri)
    return triples


def _candidates(entry: Entry) -> list[Term]:
    listed = [*entry.choices, *([entry.default] if entry.default else [])]
    bounds = [ox.Literal(b, datatype=entry.datatype) for b in _bounds(entry) if entry.datatype]
    return listed or [*bounds, *VALUES]


def _bounds(entry: Entry) -> list[str]:
    return [bound for bound in (entry.least, entry.most) if bound is not None]


def _fits(entry: Entry, value: Term) -> bool:
    """By what the entry says; a shape may say more."""
    text, numbers = value.value, [float(bound) for bound in _bounds(entry) if _is_number(bound)]
    datatype = value.datatype if isinstance(value, ox.Literal) else None
    return (
        (entry.datatype is None or datatype == entry.datatype)
        and (entry.longest is None or len(text) <= entry.longest)
        and (not entry.pattern or re.search(entry.pattern, text) is not None)
        and (not numbers or (_is_number(text) and min(numbers) <= float(text) <= max(numbers)))
        and (not entry.choices or value in entry.choices)
    )


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?[0-9.]+", text) is not None


# --- bad ones ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """What is done to one property of an annotation, or of a part of it."""

    place: Place
    what: str  # lose, exchange, add
    value: Term = None

    def apply(self, triples: Triples, iri: str) -> Triples:
        nodes, predicate = _reached(triples, iri, self.place), self.place.entry.path[-1]
        kept = [t for t in triples if not (t.subject in nodes and t.predicate == predicate)]
        if self.what == "lose":
            return kept
        rest = kept if self.what == "exchange" else triples
        return [*rest, *(ox.Triple(node, predicate, self.value) for node in nodes)]


def _in_turn(kind: Kind) -> Iterator[Change]:
    """All changes: the first of each entry, the second of each, and so on."""
    for row in zip_longest(*map(_of_place, places(kind.name))):
        yield from (change for change in row if change)


def _of_place(place: Place) -> Iterator[Change]:
    yield Change(place, "lose")
    if not place.paired:
        yield Change(place, "add", ox.NamedNode(f"{BASE}another"))
    for value in _bad(place):
        yield Change(place, "exchange", value)


def _bad(place: Place) -> list[Term]:
    """Of the wrong kind, datatype, length, form or range; what is compared, only what compares."""
    entry = place.entry
    past = [
        ox.Literal(f"{'-' if bound is entry.least else ''}99999", datatype=entry.datatype)
        for bound in (entry.least, entry.most)
        if bound is not None and entry.datatype in (XSD.integer, XSD.decimal, XSD.double)
    ]
    long = [ox.Literal("x" * (entry.longest + 1))] if entry.longest else []
    return [*past, *long, *(value for value in (*BAD, *VALUES) if _compares(place, value))]


def _compares(place: Place, value: Term) -> bool:
    """rdflib orders what XML Schema does not, such as a date and a number, and pySHACL compares
    nothing but literals: see test_shapes."""
    datatype = value.datatype if isinstance(value, ox.Literal) else None
    if place.paired:
        return datatype == place.entry.datatype and comparable(value) is not None
    return not _bounds(place.entry) or datatype in (
        None, XSD.string, RDF.langString, place.entry.datatype,
    )  # fmt: skip


def _several(kind: Kind, chance: Random) -> list[Change]:
    """None of them half of the time, else up to three."""
    if chance.random() < 0.5:
        return []
    return [_any(kind, chance) for _ in range(chance.randint(1, 3))]


def _any(kind: Kind, chance: Random) -> Change:
    return chance.choice(list(_of_place(chance.choice(places(kind.name)))))


# --- where an entry stands -----------------------------------------------------------------------


def _standing(triples: Triples, iri: str, place: Place) -> list[Term]:
    nodes, predicate = _reached(triples, iri, place), place.entry.path[-1]
    return [t.object for t in triples if t.subject in nodes and t.predicate == predicate]


def _reached(triples: Triples, iri: str, place: Place) -> list[Term]:
    """The nodes of the annotation that the last property of an entry's path is said of."""
    graph = ShapeGraph.of(triples)
    nodes = list(graph.instances(place.of_class))
    for predicate in place.entry.path[:-1]:
        nodes = [value for node in nodes for value in graph.objects(node, predicate)]
    return [n for n in nodes if isinstance(n, ox.NamedNode) and n.value.startswith(iri)]
