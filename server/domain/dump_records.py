"""EDM records of the public dataset: as they came in, with what was published, or only that."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Literal

from pyoxigraph import NamedNode, Triple

from server.domain import dump_resources
from server.domain.dump_published import Published
from server.domain.dump_resources import Closure, Remembered, Source, Statement
from server.formats.edm_write import record_xml
from server.names import EDM, RDF

#: Items read together: their statements are what a dump holds in memory.
PAGE = 200
Content = Literal["plain", "enriched", "enrichments"]
CONTENTS: tuple[Content, ...] = ("plain", "enriched", "enrichments")
Record = tuple[str, list[Triple]]
Statements = tuple[str, list[Statement]]


def describe(
    source: Source, items: Iterable[NamedNode], content: Content = "enriched",
    published_in: NamedNode | None = None,
) -> Iterator[Record]:  # fmt: skip
    """As `statements`, which is twice as fast, with each statement as a Triple."""
    for iri, found in statements(source, items, content, published_in):
        yield iri, [Triple(*statement) for statement in found]


def documents(
    source: Source, items: Iterable[NamedNode], content: Content = "enriched",
    published_in: NamedNode | None = None,
) -> Iterator[tuple[str, bytes]]:  # fmt: skip
    """(item IRI, its EDM as RDF/XML) of each item that anything is said of."""
    for iri, found in statements(source, items, content, published_in):
        if found:
            yield iri, record_xml(iri, found)


def statements(
    source: Source, items: Iterable[NamedNode], content: Content = "enriched",
    published_in: NamedNode | None = None,
) -> Iterator[Statements]:  # fmt: skip
    """(item IRI, statements) of each item in the given order; no statements where it is unknown.

    `plain` is the record as its provider wrote it; `enriched` has what was published as well: in
    external EDM on the `edm:ProvidedCHO`, in internal EDM on our own proxy as aggregator, both
    with contextual entities. `enrichments` is what `enriched` has more, and nothing where nothing
    was published; `published_in` takes only what stands in that graph.

    Statements are read a page of items at a time, and only with the page before it given out.
    """
    reader = _Reader(source, content, published_in)
    for page in dump_resources.pages(items, PAGE):
        yield from reader.read(page)


class _Reader:
    """Reads page after page, and remembers what many items share."""

    def __init__(
        self, source: Source, content: Content, published_in: NamedNode | None = None
    ) -> None:
        self._source = source
        self._content = content
        self._shared: dict[NamedNode, Remembered] = {}
        self._published = Published(source, published_in)

    def read(self, items: list[NamedNode]) -> Iterator[Statements]:
        records = self._records(items)
        if self._content == "plain":
            yield from ((item.value, records[item].triples) for item in items)
            return
        added = self._published.added_to(records)
        for item in items:
            more = added.get(item, [])
            if self._content == "enriched":
                more = [*records[item].triples, *more]
            elif more:
                more = [(item, RDF.type, EDM.ProvidedCHO), *more]
            yield item.value, more

    def _records(self, items: list[NamedNode]) -> dict[NamedNode, Closure]:
        """Item → what its collection says of it, and of all that belongs to it."""
        found = {item: Closure() for item in items}
        for graph, owners in dump_resources.owners(self._source, items).items():
            start = [node for item, each in owners.items() for node in (item, *each)]
            about = dump_resources.reachable(
                list(dict.fromkeys(start)),
                partial(dump_resources.in_graph, self._source, graph),
                self._of(graph),
            )
            for item, each in owners.items():
                found[item] = dump_resources.closure(about, item, each)
        return found

    def _of(self, graph: NamedNode) -> Remembered:
        if graph not in self._shared:
            self._shared.clear()  # a dump goes through one collection after the other
            ask = partial(dump_resources.in_graph, self._source, graph)
            self._shared[graph] = Remembered(ask)
        return self._shared[graph]
