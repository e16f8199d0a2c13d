"""By what an item can be asked for: the words of its record, and what organisers confirmed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pyoxigraph import NamedNode

from server.commit import Desk
from server.formats.europeana_items import item_iri
from server.index import item_identifiers, items
from server.index.items import ItemRow
from server.names import DC, EDM, ORE, OWL, SKOS, Names
from server.viewers import Viewer

#: What a record says of the item and its proxies, and of its aggregations, by which it is known.
OF_ITEM = (DC.identifier, OWL.sameAs, SKOS.exactMatch)
OF_AGGREGATION = (EDM.isShownAt, EDM.landingPage)
#: The proxies and aggregations themselves.
OWNERS = (ORE.proxyFor, EDM.aggregatedCHO)
_NAMING = (*OF_ITEM, *OF_AGGREGATION, *OWNERS)
_MOST = 50  # items with the same name that are told
_KINDS = ("items", "proxy", "aggregation")


def names(said: Mapping[NamedNode, Sequence[Any]]) -> Iterator[str]:
    """The names of an item, from what its record says."""
    for property_ in _NAMING:
        for term in said.get(property_, ()):
            text = term.value
            yield text
            if "europeana.eu/" in text or text[:1] == "/":  # few are, and looking takes time
                yield item_iri(text) or text


def project_matches(desk: Desk, item: str) -> None:
    """After an organiser confirmed which item of Europeana an item (an IRI) is, or took it back."""
    item_id = desk.names.item_id(item)
    said = desk.about("public", NamedNode(item))
    same = [value.value for property_, value in said if property_ == OWL.sameAs]
    item_identifiers.put_matches(desk.index.write, item_id, item_identifiers.keys(same))


def find(desk: Desk, viewer: Viewer, text: str) -> list[ItemRow]:
    """The items that an address or identifier means, of those that the viewer may see: by their
    IRI, an address of Europeana's, an identifier or a page of their provider's, a former
    identifier, or the IRI of a proxy or aggregation. Standing ones first."""
    asked, connection = text.strip(), desk.index.read()
    if (own := _own_id(desk.names, asked)) is not None:
        row = items.find_item(viewer, connection, own)
        return [row] if row else []
    known = item_iri(asked)
    asked_for = dict.fromkeys([asked, *([known] if known else [])])
    found = item_identifiers.find(viewer, connection, list(asked_for), _MOST)
    rows = [items.find_item(viewer, connection, item_id) for item_id in found]
    return [row for row in rows if row is not None]


def _own_id(names_: Names, iri: str) -> str | None:
    """The `{id}` in one of our own addresses of an item, its proxy or its aggregation."""
    found = (names_.local(iri, kind) for kind in _KINDS)
    return next((each.partition(".")[0] for each in found if each), None)
