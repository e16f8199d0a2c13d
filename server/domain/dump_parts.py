"""The statements of a dump: whole graphs where they belong to it as a whole, else item by item."""

from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import NamedTuple

from pyoxigraph import NamedNode

from server.domain import dump_resources
from server.domain.dump_offers import ALL, CAMPAIGNS, COLLECTIONS
from server.domain.dump_plans import Plan
from server.domain.dump_records import PAGE
from server.domain.dump_resources import Remembered, Statement
from server.domain.dump_snapshots import Snapshot

#: Resources that are remembered so as not to be said again; a statement twice does no harm.
_SAID = 200_000


def graphs(state: Snapshot, plan: Plan) -> list[NamedNode]:
    """Those that belong to the dump as a whole."""
    names, content = state.names, plan.content
    if plan.kind == ALL:
        kinds = {"plain": ["collection"], "enrichments": ["published"]}.get(content, [""])
        return [graph for kind in kinds for graph in state.graphs(kind)]
    if plan.kind == CAMPAIGNS:
        kinds = {"plain": [], "enrichments": ["published"]}.get(content, ["campaign", "published"])
        return [names.graph(kind, slug) for slug in plan.names for kind in kinds]
    if plan.kind != COLLECTIONS:
        return []
    over = state.campaigns()
    found = list(state.collections(plan.names).values()) if content != "enrichments" else []
    for slug, collections in sorted(over.items()):
        if content == "enriched" and collections & set(plan.names):
            found.append(names.graph("campaign", slug))
        if content != "plain" and collections <= set(plan.names):
            found.append(names.graph("published", slug))
    return found


def items(state: Snapshot, plan: Plan) -> Iterator[NamedNode]:
    """The items of the dump, without those that are gone."""
    if plan.listed:
        found: Iterator[NamedNode] = plan.items()
        return _enriched_by(state, plan.names[0], found) if plan.kind == CAMPAIGNS else found
    return chain.from_iterable(
        items_of(state, graph) for graph in state.collections(plan.names).values()
    )


def items_of(state: Snapshot, graph: NamedNode) -> Iterator[NamedNode]:
    return (row[0] for row in state.solutions("dump_items", graph=graph))


def _enriched_by(state: Snapshot, campaign: str, found: Iterator[NamedNode]) -> Iterator[NamedNode]:
    """Those about which the campaign has something published by now."""
    graph = state.names.graph("published", campaign)
    for page in dump_resources.pages(found, PAGE):
        known = {found.item for found in _annotations(state, page) if found.graph == graph}
        yield from (item for item in page if item in known)


def single(state: Snapshot, plan: Plan) -> Iterator[tuple[NamedNode, list[Statement]]]:
    """(graph, statements) of what is in the dump only as far as its items go, a page at a time."""
    whole = {graph.value for graph in graphs(state, plan)}
    if plan.kind == ALL or (plan.kind == COLLECTIONS and not _is_shared(state, plan)):
        return
    reader = _Reader(state)
    for page in dump_resources.pages(items(state, plan), PAGE):
        if plan.content != "enrichments" and plan.kind != COLLECTIONS:
            yield from reader.records(page)
        if plan.content != "plain" and plan.kind != CAMPAIGNS:
            found = reader.published(page)
            yield from ((graph, said) for graph, said in found if graph.value not in whole)


def _is_shared(state: Snapshot, plan: Plan) -> bool:
    """Whether a campaign over these collections is over others too."""
    mine = set(plan.names)
    return any(over & mine and not over <= mine for over in state.campaigns().values())


class _Annotation(NamedTuple):
    """A published one: of which item, `about` which identifier of it."""

    item: NamedNode
    graph: NamedNode
    annotation: NamedNode
    about: NamedNode


def _annotations(state: Snapshot, page: list[NamedNode]) -> Iterator[_Annotation]:
    begin = state.names.path("graph/published/").value
    for number, graph, annotation, former in state.solutions("dump_annotations", items=page):
        if graph.value.startswith(begin):
            item = page[int(number.value)]
            yield _Annotation(item, graph, annotation, former or item)


class _Reader:
    def __init__(self, state: Snapshot) -> None:
        self._state = state
        self._said: set[tuple[NamedNode, NamedNode]] = set()

    def records(self, page: list[NamedNode]) -> Iterator[tuple[NamedNode, list[Statement]]]:
        """What the collections say of the items, and of all that belongs to them."""
        owners = dump_resources.owners(self._state, page)
        for graph, its in owners.items():
            start = (node for item, each in its.items() for node in (item, *each))
            yield graph, self._about(graph, dict.fromkeys(start))

    def published(self, page: list[NamedNode]) -> Iterator[tuple[NamedNode, list[Statement]]]:
        """The annotations of the items, our proxies, and the terms that these name."""
        start: dict[NamedNode, dict[NamedNode, None]] = {}
        names = self._state.names
        for each in _annotations(self._state, page):
            item = each.about.value
            nodes = (each.annotation, names.proxy(item), names.aggregation(item))
            start.setdefault(each.graph, {}).update(dict.fromkeys(nodes))
        for graph, wanted in start.items():
            yield graph, self._about(graph, wanted)

    def _about(self, graph: NamedNode, start: dict[NamedNode, None]) -> list[Statement]:
        """What the graph says of these, and of what they lead to, without other items' parts."""
        ask = partial(dump_resources.in_graph, self._state, graph)
        about = dump_resources.reachable(list(start), ask, Remembered(ask))
        found: list[Statement] = []
        if len(self._said) > _SAID:
            self._said.clear()
        for node, said in about.items():
            is_its = node in start or not said.anchor
            if is_its and (graph, node) not in self._said:
                found += said.triples
                self._said.add((graph, node))
        return found
