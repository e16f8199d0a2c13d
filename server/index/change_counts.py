"""How many changes there are."""

import sqlite3


def between(connection: sqlite3.Connection, after: int, last: int) -> int:
    """Of entries after one, up to another; it looks at each of them."""
    query = "SELECT COUNT(*) FROM change WHERE seq > ? AND seq <= ?"
    return int(connection.execute(query, (after, last)).fetchone()[0])
