"""Which published annotations are meant by an address, or by an object with a field and a value."""

from server.commit import Desk
from server.domain import item_identifiers, provenance
from server.index import published_annotations, queues
from server.index.items import ItemRow
from server.index.published_annotations import Asked
from server.viewers import PUBLIC

MOST = 100  # statements that are told at once


def find(desk: Desk, iri: str, field: str = "", value: str = "") -> list[str]:
    """The `{id}`s of published annotations that an IRI means: an annotation's own; those about an
    item (by whatever it can be asked for), or its proxy, for a field with a value (an IRI or a
    text) where they are given. Raises NotFound, Gone."""
    own = desk.names.local(iri.partition("#")[0], "annotation")
    own = own or desk.names.local(iri.partition("#")[0], "why")
    if own is not None:
        provenance.get_row(desk, own)
        return [own]
    found = [
        row for item in item_identifiers.find(desk, PUBLIC, iri)
        for row in _about(desk, item, field, value)
    ]  # fmt: skip
    return [desk.names.local(each, "annotation") or "" for each in dict.fromkeys(found)][:MOST]


def _about(desk: Desk, item: ItemRow, field: str, value: str) -> list[str]:
    facets = [(f"item:{item.iri}",)] + ([(f"field:{field}",)] if field else [])
    page = published_annotations.page(desk.index.read(), Asked(tuple(facets)), limit=MOST)
    iris = [iri for _created, iri in page.rows]
    return [iri for iri in iris if not value or _says(desk, iri, value)]


def _says(desk: Desk, iri: str, value: str) -> bool:
    row = queues.find_annotation(desk.index.read(), iri)
    return row is not None and value in (row.body, row.text)
