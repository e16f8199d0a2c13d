"""Many new items at once: the rows that `items.put_item` writes, in a few statements."""

import json
import sqlite3

from server.index.folding import fold
from server.index.items import ItemRow

Values = tuple[tuple[object, ...], tuple[str, str] | None]


def values(row: ItemRow) -> Values:
    """What the tables take of an item, and what it is found by: it can be made ahead."""
    searched = None
    if not row.gone:
        searched = (fold(" ".join(row.titles.values())), f"c_{row.collection}")
    return _values(row), searched


def add_items(connection: sqlite3.Connection, rows: list[Values]) -> None:
    """`values` of items that the index does not know, nor any annotation or campaign."""
    start = connection.execute("SELECT COALESCE(MAX(rowid), 0) + 1 FROM item").fetchone()[0]
    numbered = list(enumerate(rows, start))
    connection.executemany(
        "INSERT INTO item (rowid, iri, id, dataset, collection, title, sort, type, picture, width, "
        "height, colour, provider, rights, gone, sensitive, provider_key) "
        "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        [(number, *columns) for number, (columns, _searched) in numbered],
    )
    connection.executemany(
        "INSERT INTO item_search (rowid, folded, scope) VALUES (?,?,?)",
        [(number, *searched) for number, (_columns, searched) in numbered if searched],
    )


def is_in_campaign(connection: sqlite3.Connection, collection: str) -> bool:
    found = connection.execute(
        "SELECT 1 FROM campaign_collection WHERE collection = ? LIMIT 1", (collection,)
    )
    return found.fetchone() is not None


def _values(row: ItemRow) -> tuple[object, ...]:
    return (
        row.iri, row.id, row.dataset, row.collection,
        json.dumps(row.titles, ensure_ascii=False), row.title("en").casefold()[:200], row.type,
        row.picture, row.width, row.height, row.colour, row.provider, row.rights, int(row.gone),
        int(row.sensitive), row.provider_key,
    )  # fmt: skip
