"""The standing items of a collection by title, a page after the last one seen."""

import sqlite3

from server.index.items import ItemRow, find_items
from server.viewers import Viewer

_PAGE = """SELECT iri FROM item WHERE collection = :slug AND gone = 0 AND dataset IN ({marks})
    {place} ORDER BY sort, iri LIMIT :limit"""
_AFTER = "AND (sort, iri) > (SELECT sort, iri FROM item WHERE iri = :after)"


def page(
    viewer: Viewer, connection: sqlite3.Connection, collection: str, after: str, limit: int
) -> list[ItemRow]:
    """`after` is the IRI of an item, "" to begin; each page costs the same, wherever it begins."""
    named = {f"dataset{number}": name for number, name in enumerate(viewer.datasets)}
    query = _PAGE.format(
        marks=",".join(f":{name}" for name in named), place=_AFTER if after else ""
    )
    values = {"slug": collection, "after": after, "limit": limit, **named}
    iris = [iri for (iri,) in connection.execute(query, values)]
    return find_items(viewer, connection, iris)
