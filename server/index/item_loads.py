"""Many new items at once: the rows that `items.put_item` writes, in a few statements."""

import json
import sqlite3

from server.index.folding import fold
from server.index.items import ItemRow


def add_items(connection: sqlite3.Connection, rows: list[ItemRow]) -> None:
    """Rows of items that the index does not know, nor any annotation or campaign."""
    start = connection.execute("SELECT COALESCE(MAX(rowid), 0) + 1 FROM item").fetchone()[0]
    numbered = list(enumerate(rows, start))
    connection.executemany(
        "INSERT INTO item (rowid, iri, id, dataset, collection, title, sort, type, picture, width, "
        "height, colour, provider, rights, gone) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        [_values(number, row) for number, row in numbered],
    )
    connection.executemany(
        "INSERT INTO item_search (rowid, folded, scope) VALUES (?,?,?)",
        [
            (number, fold(" ".join(row.titles.values())), f"c_{row.collection}")
            for number, row in numbered
            if not row.gone
        ],
    )


def is_in_campaign(connection: sqlite3.Connection, collection: str) -> bool:
    found = connection.execute(
        "SELECT 1 FROM campaign_collection WHERE collection = ? LIMIT 1", (collection,)
    )
    return found.fetchone() is not None


def _values(number: int, row: ItemRow) -> tuple[object, ...]:
    return (
        number, row.iri, row.id, row.dataset, row.collection,
        json.dumps(row.titles, ensure_ascii=False), row.title("en").casefold()[:200], row.type,
        row.picture, row.width, row.height, row.colour, row.provider, row.rights, int(row.gone),
    )  # fmt: skip
