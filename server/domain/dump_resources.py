"""What the public dataset says of many resources at once, for dumps and harvests.

Terms are what reading costs: 2 µs for each IRI or text that comes back (measured). So a query is
given many resources with their numbers, and answers with numbers.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

from pyoxigraph import NamedNode

from server.names import DCTERMS, EDM, ORE, RDF, Names

#: Subject, property and value: making a Triple of them takes longer than reading them (measured).
Statement = tuple[NamedNode, NamedNode, Any]
#: How far from an item its description reaches (a concept's broader concept's …).
DEPTH = 12
_TYPE = RDF.type
_REPLACES = DCTERMS.replaces
_INTERNAL = {ORE.Proxy, EDM.EuropeanaAggregation}
#: What an item and its parts are.
OTHERS = {EDM.ProvidedCHO, ORE.Aggregation, *_INTERNAL}
#: The query of what one graph says of some resources.
STATEMENTS = "dump_statements"
#: Resources that are remembered, such as makers and places that many items share.
_KEPT = 10_000


class Source(Protocol):
    """A dataset that answers named queries: a snapshot, or the public one as it stands."""

    @property
    def names(self) -> Names: ...

    def solutions(self, name: str, **values: Any) -> Iterator[Any]: ...

    def graph_of(self, item: NamedNode) -> NamedNode | None: ...

    def is_item(self, node: NamedNode) -> bool: ...


class Said:
    """One resource: its statements, and the IRIs that they name.

    `anchor` says that it is an item or a part of one, `internal` that internal EDM alone has it;
    `formers` are identifiers that it had before.
    """

    __slots__ = ("anchor", "formers", "internal", "links", "node", "triples")

    def __init__(self, node: NamedNode) -> None:
        self.node = node
        self.triples: list[Statement] = []
        self.links: list[NamedNode] = []
        self.formers: list[NamedNode] = []
        self.anchor = self.internal = False


@dataclass(slots=True)
class Closure:
    """One record: its statements, and the resources that they are about."""

    triples: list[Statement] = field(default_factory=list)
    nodes: set[NamedNode] = field(default_factory=set)
    formers: list[NamedNode] = field(default_factory=list)
    internal: bool = False


Asked = Callable[[Sequence[NamedNode]], list[Said]]


def in_graph(source: Source, graph: NamedNode, nodes: Sequence[NamedNode]) -> list[Said]:
    """What one graph says of them, in their order."""
    return _read(source.solutions(STATEMENTS, graph=graph, nodes=nodes), nodes)


def anywhere(source: Source, nodes: Sequence[NamedNode]) -> list[Said]:
    """What is said of them in whatever graph."""
    return _read(source.solutions("dump_resources", nodes=nodes), nodes)


def values(source: Source, proxies: Sequence[NamedNode]) -> list[Said]:
    """What some proxies of our own say of their items, without what makes them proxies."""
    return _read(source.solutions("dump_values", proxies=proxies), proxies)


def _read(rows: Iterator[Any], nodes: Sequence[NamedNode]) -> list[Said]:
    found = [Said(node) for node in nodes]
    numbered = {str(number): said for number, said in enumerate(found)}
    for number, property_, value in rows:
        said = numbered[number.value]
        said.triples.append((said.node, property_, value))
        if type(value) is NamedNode:
            if property_ != _TYPE:
                said.links.append(value)
                if property_ == _REPLACES:
                    said.formers.append(value)
            elif value in OTHERS:
                said.anchor = True
                said.internal |= value in _INTERNAL
    return found


def owners(
    source: Source, items: list[NamedNode]
) -> dict[NamedNode, dict[NamedNode, list[NamedNode]]]:
    """Graph → its items → the aggregations and proxies of each."""
    found: dict[NamedNode, dict[NamedNode, list[NamedNode]]] = {}
    unknown = dict.fromkeys(items)
    for number, graph, owner in source.solutions("dump_owners", items=items):
        item = items[int(number.value)]
        found.setdefault(graph, {}).setdefault(item, []).append(owner)
        unknown.pop(item, None)
    for item in unknown:
        if (graph := source.graph_of(item)) is not None:
            found.setdefault(graph, {}).setdefault(item, [])
    return found


class Remembered:
    """Answers that are asked for again: of each resource once, as long as there is room."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._known: dict[NamedNode, Said] = {}

    def about(self, nodes: Iterable[NamedNode]) -> dict[NamedNode, Said]:
        if len(self._known) > _KEPT:
            self._known.clear()
        wanted = list(dict.fromkeys(nodes))
        if unknown := [node for node in wanted if node not in self._known]:
            self._known.update(zip(unknown, self._asked(unknown), strict=True))
        return {node: self._known[node] for node in wanted}


def reachable(
    start: Sequence[NamedNode], first: Asked, further: Remembered
) -> dict[NamedNode, Said]:
    """What is said of the nodes, of those that they name, and so on."""
    about = dict(zip(start, first(start), strict=True))
    wanted = _named(about.values(), about)
    for _step in range(DEPTH):
        if not wanted:
            break
        found = further.about(wanted)
        about.update(found)
        wanted = _named(found.values(), about)
    return about


def _named(found: Iterable[Said], about: dict[NamedNode, Said]) -> dict[NamedNode, None]:
    return {link: None for said in found for link in said.links if link not in about}


def closure(about: dict[NamedNode, Said], item: NamedNode, owners: list[NamedNode]) -> Closure:
    """The statements of one record: what is reachable without passing another item or its parts."""
    queue = list(dict.fromkeys((item, *owners)))
    made = Closure([], set(queue), about[item].formers, any(about[node].internal for node in queue))
    for node in queue:
        said = about[node]
        made.triples += said.triples
        for link in said.links:
            other = about.get(link)
            if other is not None and other.triples and not other.anchor and link not in made.nodes:
                made.nodes.add(link)
                queue.append(link)
    return made


def pages(nodes: Iterable[NamedNode], size: int) -> Iterator[list[NamedNode]]:
    rest = iter(nodes)
    while page := list(islice(rest, size)):
        yield page
