"""What publishing added to records: values, with the entities and proxies that they need."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pyoxigraph import Literal, NamedNode

from server.domain import dump_resources
from server.domain.dump_resources import Closure, Remembered, Source, Statement
from server.formats.edm_enrichments import FIELDS, Enrichment, entities
from server.names import EDM, ORE, RDF

_MANDATORY = {EDM.dataProvider, EDM.provider, EDM.isShownAt, EDM.isShownBy, EDM.rights}
Records = dict[NamedNode, Closure]


@dataclass(slots=True)
class _Added:
    """The published values of one item, and the proxies of ours that they stand on."""

    values: dict[Enrichment, None] = field(default_factory=dict)
    proxies: list[NamedNode] = field(default_factory=list)


class Published:
    """Reads it a page of items at a time, and remembers the terms; of one graph, or of all."""

    def __init__(self, source: Source, graph: NamedNode | None = None) -> None:
        self._source = source
        anywhere = partial(dump_resources.anywhere, source)
        self._values = partial(dump_resources.values, source)
        self._whole = anywhere
        if graph is not None:
            self._values = self._whole = partial(dump_resources.in_graph, source, graph)
        self._terms = Remembered(anywhere)

    def added_to(self, records: Records) -> dict[NamedNode, list[Statement]]:
        """Item → what its record gets in addition; only those that get something."""
        found = self._found(records)
        terms = self._terms.about(
            value
            for added in found.values()
            for _field, value in added.values
            if isinstance(value, NamedNode)
        )
        described = {term: list(dict.fromkeys(said.triples)) for term, said in terms.items()}
        proxies = self._proxies(records, found)
        return {
            item: [
                *_on_record(item, records[item], added, proxies),
                *entities(added.values, described, records[item].nodes),
            ]
            for item, added in found.items()
        }

    def _found(self, records: Records) -> dict[NamedNode, _Added]:
        """On our proxies, those by former identifiers of an item included."""
        proxy = self._source.names.proxy
        wanted = {proxy(item.value): item for item, record in records.items() if record.triples}
        for item, record in records.items():
            for former in record.formers:
                if not self._source.is_item(former):
                    wanted[proxy(former.value)] = item
        found: dict[NamedNode, _Added] = {}
        for said in self._values(list(wanted)):
            its = [(field_, value) for _proxy, field_, value in said.triples if field_ in FIELDS]
            if its:
                added = found.setdefault(wanted[said.node], _Added())
                added.values.update(dict.fromkeys(its))
                added.proxies.append(said.node)
        return found

    def _proxies(
        self, records: Records, found: dict[NamedNode, _Added]
    ) -> dict[NamedNode, list[Statement]]:
        """What internal EDM has of our proxies and their aggregations; external EDM knows none."""
        ours = [
            proxy
            for item, added in found.items()
            if records[item].internal
            for proxy in added.proxies
        ]
        proxies = {said.node: list(dict.fromkeys(said.triples)) for said in self._whole(ours)}
        aggregations = dict.fromkeys(
            value
            for triples in proxies.values()
            for _proxy, property_, value in triples
            if property_ == ORE.proxyIn
        )
        about = {said.node: said.triples for said in self._whole(list(aggregations))}
        return {**proxies, **about}


def _on_record(
    item: NamedNode, record: Closure, added: _Added, about: dict[NamedNode, list[Statement]]
) -> Iterator[Statement]:
    """In external EDM on the item itself, in internal EDM on our proxy; nothing twice."""
    if not record.internal:
        said = ((item, field_, value) for field_, value in added.values)
        yield from (statement for statement in said if statement not in record.triples)
        return
    for proxy in added.proxies:
        ours = about[proxy]
        yield from ours
        for _proxy, property_, value in ours:
            if property_ == ORE.proxyIn:
                yield from dict.fromkeys((*about[value], *_completed(value, record.triples)))
        if not any(property_ == ORE.lineage for _proxy, property_, _value in ours):
            yield from ((proxy, ORE.lineage, origin) for origin in _providers(record.triples))


def _completed(ours: NamedNode, record: list[Statement]) -> Iterator[Statement]:
    """What the schema wants of an aggregation, on ours as well."""
    theirs = {s for s, p, o in record if p == RDF.type and o == ORE.Aggregation}
    for subject, property_, value in record:
        if property_ in _MANDATORY and subject in theirs:
            yield ours, property_, value


def _providers(record: list[Statement]) -> Iterator[NamedNode]:
    """The proxies that add to no other, and are not Europeana's."""
    linked = {subject for subject, property_, _value in record if property_ == ORE.lineage}
    for subject, property_, value in record:
        if property_ == EDM.europeanaProxy and _is_false(value) and subject not in linked:
            yield subject


def _is_false(value: Any) -> bool:
    """Europeana writes it as plain text as often as typed."""
    return isinstance(value, Literal) and value.value.strip() in ("false", "0")
