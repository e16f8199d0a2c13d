"""Items and when they last changed, in parts of about equal size that stay the same."""

import sqlite3

from server.viewers import PUBLIC

#: Identifiers are hashes in base32: each first letter begins a thirty-second part of them.
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_MARKS = ",".join("?" for _ in PUBLIC.datasets)


def count(connection: sqlite3.Connection) -> int:
    """Public items, from the tallies of their collections."""
    found = connection.execute(
        "SELECT SUM(items) FROM collection JOIN collection_tally ON collection = slug "
        f"WHERE dataset IN ({_MARKS})",
        PUBLIC.datasets,
    )
    return int(found.fetchone()[0] or 0)


def items(
    connection: sqlite3.Connection, beginning: str, after: str, limit: int
) -> list[tuple[str, str]]:
    """(id, time of the last change or "") of public items whose identifiers begin so."""
    found = connection.execute(
        "SELECT item.id, (SELECT at FROM change JOIN change_moment USING (seq) "
        "WHERE change.id = item.id ORDER BY seq DESC LIMIT 1) FROM item "
        f"WHERE item.id > ? AND item.id < ? AND gone = 0 AND dataset IN ({_MARKS}) "
        "ORDER BY item.id LIMIT ?",
        (max(beginning, after), beginning + "~", *PUBLIC.datasets, limit),
    )
    return [(row[0], row[1] or "") for row in found]
