"""Which item of Europeana an item of ours is: by its IRI, a confirmed match, or its record.

A match that an organiser confirmed is `owl:sameAs` in `graph/matches/{collection}` of the public
dataset, one that was rejected `owl:differentFrom`, so that it is not proposed again.
"""

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import NamedNode

from server.commit import Desk
from server.formats.europeana_items import item_iri
from server.index import items
from server.names import DC, EDM, OWL, SKOS
from server.viewers import PUBLIC

#: What of a record may name the item at Europeana, the surest first.
_NAMING = (OWL.sameAs, SKOS.exactMatch, EDM.landingPage, EDM.isShownAt, DC.identifier)


@dataclass(frozen=True, slots=True)
class Known:
    """`iri` is the item at Europeana, "" where nobody knows; `confirmed` by an organiser."""

    item: str
    collection: str
    iri: str = ""
    confirmed: bool = False
    refused: frozenset[str] = frozenset()
    titles: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    shown_at: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    kind: str = ""


def matches_graph(desk: Desk, collection: str) -> NamedNode:
    return desk.names.graph("matches", collection)


def get(desk: Desk, iri: str) -> Known:
    """What is known of an item of the public dataset, also by one of its former identifiers."""
    current = items.current_item(desk.index.read(), iri)
    row = items.find_item_by_iri(PUBLIC, desk.index.read(), current)
    if row is None:
        return Known(current, "")
    graph = matches_graph(desk, row.collection)
    said: dict[tuple[str, NamedNode], list[str]] = defaultdict(list)
    for each in desk.select("europeana_item", item=NamedNode(current), matches=graph):
        said[each["kind"].value, each["p"]].append(each["o"].value)
    return _read(current, row.collection, said)


def _read(item: str, collection: str, said: dict[tuple[str, NamedNode], list[str]]) -> Known:
    def record(property_: NamedNode) -> tuple[str, ...]:
        return tuple(sorted(set(said.get(("record", property_), ()))))

    confirmed = sorted(said.get(("match", OWL.sameAs), ()))
    refused = frozenset(said.get(("match", OWL.differentFrom), ()))
    named = [item, *(text for property_ in _NAMING for text in record(property_))]
    told = (found for text in named if (found := item_iri(text)) and found not in refused)
    kinds = record(EDM.type)
    return Known(
        item, collection, confirmed[0] if confirmed else next(told, ""), bool(confirmed), refused,
        record(DC.title), record(DC.identifier), record(EDM.isShownAt), record(EDM.dataProvider),
        kinds[0] if kinds else "",
    )  # fmt: skip


class Cache:
    """Looks each item up once, for as long as one run lasts; at most some thousands are kept."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[str, str] = {}

    def iri(self, item: str) -> str:
        """Its IRI at Europeana, "" where nobody knows."""
        if item not in self._known:
            if len(self._known) > 5000:
                self._known.clear()
            self._known[item] = get(self._desk, item).iri
        return self._known[item]

    def linked(self, address: str) -> str:
        """Of an item of ours, or of an address of Europeana; "" for all else on the web."""
        return item_iri(address) or self.iri(address)
