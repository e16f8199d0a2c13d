"""The EDM records of a snapshot, enriched by what was published, a page of items at a time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Protocol

from pyoxigraph import Literal, NamedNode, Triple

from server.formats.edm_enrichments import Enrichment, merge_enrichments
from server.formats.edm_order import INTERNAL
from server.formats.edm_write import profile_of
from server.names import EDM, ORE, RDF

#: Items fetched together: their statements are what a dump holds in memory.
PAGE = 200
#: How far from an item its description reaches (a concept's broader concept's …).
_DEPTH = 12
_OTHERS = {EDM.ProvidedCHO, ORE.Aggregation, ORE.Proxy, EDM.EuropeanaAggregation}
_MANDATORY = {EDM.dataProvider, EDM.provider, EDM.isShownAt, EDM.isShownBy, EDM.rights}
Record = tuple[str, list[Triple]]
_About = dict[NamedNode, list[Triple]]


class Source(Protocol):
    """A dataset that answers named queries."""

    def rows(self, name: str, **values: Any) -> Iterator[dict[str, Any]]: ...

    def triples(self, name: str, **values: Any) -> Iterator[Triple]: ...


def records(source: Source, graph: NamedNode) -> Iterator[Record]:
    """(item IRI, statements) of each item of a collection, its published values included.

    In external EDM these stand on the `edm:ProvidedCHO`, in internal EDM on our own proxy as
    aggregator, both with their contextual entities.
    """
    items = (row["item"] for row in source.rows("dump_items", graph=graph))
    while page := list(islice(items, PAGE)):
        yield from _page(source, graph, page)


def _page(source: Source, graph: NamedNode, items: list[NamedNode]) -> Iterator[Record]:
    owners: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for row in source.rows("dump_owners", graph=graph, items=items):
        owners[row["item"]].append(row["owner"])
    about = _reachable(source, graph, [*items, *(one for each in owners.values() for one in each)])
    published = _Published(source, items)
    for item in items:
        triples = _closure(about, [item, *owners[item]])
        yield item.value, published.added_to(item, triples)


def _reachable(source: Source, graph: NamedNode, nodes: list[NamedNode]) -> _About:
    """What the collection says of the nodes, of those that they name, and so on."""
    about: _About = {}
    asked: set[NamedNode] = set()
    wanted = dict.fromkeys(nodes)
    for _step in range(_DEPTH):
        if not wanted:
            break
        asked.update(wanted)
        named: dict[NamedNode, None] = {}
        for triple in source.triples("dump_statements", graph=graph, nodes=wanted):
            thing = triple.object
            about.setdefault(triple.subject, []).append(triple)  # type: ignore[arg-type]
            if isinstance(thing, NamedNode) and thing not in asked:
                named[thing] = None
        wanted = named
    return about


def _closure(about: _About, start: list[NamedNode]) -> list[Triple]:
    """The statements of one record: what is reachable without passing another item or its parts."""
    seen = dict.fromkeys(start)
    queue = list(seen)
    found: list[Triple] = []
    for node in queue:
        for triple in about.get(node, ()):
            found.append(triple)
            thing = triple.object
            if thing in about and thing not in seen and not _is_other(about[thing]):  # type: ignore[index]
                seen[thing] = None  # type: ignore[index]
                queue.append(thing)  # type: ignore[arg-type]
    return found


def _is_other(triples: Iterable[Triple]) -> bool:
    return any(t.object in _OTHERS and t.predicate == RDF.type for t in triples)


class _Published:
    """The published values of a page of items, with the terms and proxies that they need."""

    def __init__(self, source: Source, items: list[NamedNode]) -> None:
        self._values: dict[NamedNode, list[dict[str, Any]]] = defaultdict(list)
        for row in source.rows("dump_enrichments", items=items):
            self._values[row["item"]].append(row)
        values = [row for rows in self._values.values() for row in rows]
        self._entities = _described(source, "dump_entities", "term", "terms", _terms(values))
        proxies = {row["proxy"]: None for row in values}
        self._proxies = _described(source, "dump_proxies", "proxy", "proxies", proxies)

    def added_to(self, item: NamedNode, triples: list[Triple]) -> list[Triple]:
        rows = self._values.get(item)
        if not rows:
            return triples
        values: list[Enrichment] = [(item.value, row["field"].value, row["value"]) for row in rows]
        entities = [triple for term in _terms(rows) for triple in self._entities.get(term, ())]
        if profile_of(triples) is not INTERNAL:
            return merge_enrichments(triples, values, entities)
        context = merge_enrichments((), values, entities)
        terms = (triple for triple in context if triple.subject != item)
        proxies = dict.fromkeys(row["proxy"] for row in rows)
        ours = [triple for proxy in proxies for triple in self._proxies.get(proxy, ())]
        return list(dict.fromkeys((*triples, *ours, *_completed(ours, triples), *terms)))


def _completed(ours: list[Triple], record: list[Triple]) -> Iterator[Triple]:
    """What the schema wants of an aggregation, on ours as well; and the proxy that ours adds to."""
    theirs = {t.subject for t in record if t.predicate == RDF.type and t.object == ORE.Aggregation}
    told = [t for t in record if t.predicate in _MANDATORY and t.subject in theirs]
    providers = [t.subject for t in record if t.predicate == EDM.europeanaProxy and _is_false(t)]
    linked = {t.subject for t in (*ours, *record) if t.predicate == ORE.lineage}
    for triple in ours:
        if triple.predicate == ORE.proxyIn:
            yield from (Triple(triple.object, t.predicate, t.object) for t in told)  # type: ignore[arg-type]
            if triple.subject not in linked:
                origins = (origin for origin in providers if origin not in linked)
                yield from (Triple(triple.subject, ORE.lineage, origin) for origin in origins)


def _is_false(triple: Triple) -> bool:
    """Europeana writes it as plain text as often as typed."""
    return isinstance(triple.object, Literal) and triple.object.value.strip() in ("false", "0")


def _described(
    source: Source, query: str, key: str, several: str, nodes: dict[NamedNode, None]
) -> _About:
    """What a query says about each of the nodes; nothing is asked where there are none."""
    found: _About = {}
    if nodes:
        for row in source.rows(query, **{several: nodes}):
            subject = row.get("s") or row[key]
            found.setdefault(row[key], []).append(Triple(subject, row["p"], row["o"]))
    return found


def _terms(rows: Iterable[dict[str, Any]]) -> dict[NamedNode, None]:
    return {row["value"]: None for row in rows if isinstance(row["value"], NamedNode)}
