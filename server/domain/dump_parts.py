"""The statements of a dump: whole graphs where they belong to it as a whole, else item by item."""

from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from pyoxigraph import NamedNode

from server.ahead import ahead, in_turns
from server.domain import dump_lines, dump_resources
from server.domain.dump_lines import Lines
from server.domain.dump_offers import ALL, CAMPAIGNS, COLLECTIONS
from server.domain.dump_plans import Plan
from server.domain.dump_records import PAGE
from server.domain.dump_resources import DEPTH
from server.domain.dump_snapshots import Snapshot

#: Resources that are remembered so as not to be said again; a statement twice does no harm.
_SAID = 200_000
Starts = Iterator[tuple[NamedNode, list[NamedNode]]]


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


def single(state: Snapshot, plan: Plan) -> Generator[tuple[NamedNode, bytes]]:
    """(graph, N-Triples) of what is in the dump only as far as its items go, a page at a time."""
    if plan.kind == ALL or (plan.kind == COLLECTIONS and not _is_shared(state, plan)):
        return
    starts = []
    if plan.content != "enrichments" and plan.kind != COLLECTIONS:
        starts.append(_in_records)
    if plan.content != "plain" and plan.kind != CAMPAIGNS:
        starts.append(_in_published)
    followed = _Followed(state)
    for graph, said in in_turns(*(ahead(_begun(state, plan, start)) for start in starts)):
        yield graph, followed.lines(graph, said)


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


def _begun(
    state: Snapshot, plan: Plan, start: Callable[[Snapshot, list[NamedNode]], Starts]
) -> Generator[tuple[NamedNode, Lines]]:
    """What the graphs say of the nodes that belong to the items."""
    whole = {graph.value for graph in graphs(state, plan)}
    for page in dump_resources.pages(items(state, plan), PAGE):
        for graph, nodes in start(state, page):
            if graph.value not in whole:
                yield graph, dump_lines.in_graph(state, graph, nodes)


def _in_records(state: Snapshot, page: list[NamedNode]) -> Starts:
    """Graph, and what it has of the items: they themselves, their aggregations and proxies."""
    for graph, its in dump_resources.owners(state, page).items():
        nodes = (node for item, each in its.items() for node in (item, *each))
        yield graph, list(dict.fromkeys(nodes))


def _in_published(state: Snapshot, page: list[NamedNode]) -> Starts:
    """Graph, and what it has of the items: annotations, and our proxies and aggregations."""
    found: dict[NamedNode, dict[NamedNode, None]] = {}
    for each in _annotations(state, page):
        item = each.about.value
        nodes = (each.annotation, state.names.proxy(item), state.names.aggregation(item))
        found.setdefault(each.graph, {}).update(dict.fromkeys(nodes))
    yield from ((graph, list(nodes)) for graph, nodes in found.items())


class _Followed:
    """Adds to what was begun all that it leads to, without other items and their parts."""

    def __init__(self, state: Snapshot) -> None:
        self._state = state
        self._said: set[tuple[NamedNode, bytes]] = set()

    def lines(self, graph: NamedNode, begun: Lines) -> bytes:
        if len(self._said) > _SAID:
            self._said.clear()
        self._said.update((graph, node) for node in begun.about)
        found = [line for lines in begun.about.values() for line in lines]
        said = begun
        for _step in range(DEPTH):
            wanted = self._unsaid(graph, said.links)
            if not wanted:
                break
            said = dump_lines.in_graph(self._state, graph, wanted)
            for other in said.anchors:  # they have their own turn, if they are in the dump at all
                del said.about[other]
                self._said.discard((graph, other))
            found += [line for lines in said.about.values() for line in lines]
        return b"".join(found)

    def _unsaid(self, graph: NamedNode, nodes: Iterable[bytes]) -> list[NamedNode]:
        """Those that nothing was said of yet; from now on it is."""
        fresh = [node for node in nodes if (graph, node) not in self._said]
        self._said.update((graph, node) for node in fresh)
        return [NamedNode(node[1:-1].decode()) for node in fresh]
