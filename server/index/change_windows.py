"""How far one looks in the log of changes at a time, and how many there are."""

import sqlite3

from server.index.changes import Cursor


def between(connection: sqlite3.Connection, after: int, last: int) -> int:
    """How many changes entries after one, up to another, made; it looks at each of them."""
    query = "SELECT COUNT(*) FROM change WHERE seq > ? AND seq <= ?"
    return int(connection.execute(query, (after, last)).fetchone()[0])


def ahead(
    connection: sqlite3.Connection, after: Cursor, last: int, size: int
) -> tuple[Cursor | None, Cursor | None]:
    """(the first change after a cursor, the one `size` changes on), None where there is none."""
    query = (
        "SELECT seq, id FROM change WHERE (seq, id) > (?, ?) AND seq <= ? "
        "ORDER BY seq, id LIMIT 1 OFFSET ?"
    )
    return _two(connection, query, (*after, last), size)


def back(
    connection: sqlite3.Connection, before: Cursor, last: int, size: int
) -> tuple[Cursor | None, Cursor | None]:
    """(the last change before a cursor, the one `size` changes back), None where there is none."""
    query = (
        "SELECT seq, id FROM change WHERE (seq, id) < (?, ?) AND seq <= ? "
        "ORDER BY seq DESC, id DESC LIMIT 1 OFFSET ?"
    )
    return _two(connection, query, (*before, last), size)


def _two(
    connection: sqlite3.Connection, query: str, values: tuple[object, ...], size: int
) -> tuple[Cursor | None, Cursor | None]:
    first, last = (
        connection.execute(query, (*values, offset)).fetchone() for offset in (0, size - 1)
    )
    return first and (first[0], first[1]), last and (last[0], last[1])
