"""The named graphs of the public dataset: what they hold, and how many triples they have."""

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from server.commit import Desk
from server.domain import catalogue_counts

#: Class of a part → its name in addresses, and the graphs that it has.
KINDS = {
    "collection": ("collection",),
    "vocabulary": ("vocabulary", "terms"),
    "campaign": ("campaign", "published", "rejections"),
}


@dataclass(frozen=True, slots=True)
class PublicPart:
    """A collection, vocabulary or campaign: `iri` is its own, `titles` in its languages."""

    kind: str
    slug: str
    iri: NamedNode
    titles: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A graph; `triples` where they have been counted."""

    iri: NamedNode
    part: PublicPart
    triples: int | None


def parts(desk: Desk) -> list[PublicPart]:
    """Those that are public, by their addresses."""
    titles: dict[NamedNode, list[Literal]] = {}
    for row in desk.select("subsets_all"):
        titles.setdefault(row["part"], []).append(row["title"])
    found = []
    for iri, said in titles.items():
        for kind in KINDS:
            if slug := desk.names.local(iri.value, kind):
                found.append(PublicPart(kind, slug, iri, tuple(said)))
    return found


def named(desk: Desk) -> list[Named]:
    """Every graph of a public part in which something stands."""
    counts = catalogue_counts.of(desk).known()
    return [Named(each, part, counts.get(each.value)) for part, each in _held(desk)]


def _held(desk: Desk) -> list[tuple[PublicPart, NamedNode]]:
    there = set(catalogue_counts.graphs(desk))
    return [
        (part, graph)
        for part in parts(desk)
        for graph in (desk.names.graph(kind, part.slug) for kind in KINDS[part.kind])
        if graph in there
    ]
