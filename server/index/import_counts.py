"""What an import would touch: questions about many items at once."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice

_PAGE = 500


def annotations_on(connection: sqlite3.Connection, items: Iterable[str]) -> int:
    """How many standing annotations these items have together."""
    return sum(
        connection.execute(
            f"SELECT COUNT(*) FROM annotation WHERE item IN ({marks}) AND status <> 'withdrawn'",
            page,
        ).fetchone()[0]
        for page, marks in _pages(items)
    )


def elsewhere(
    connection: sqlite3.Connection, items: Iterable[str], collection: str
) -> list[tuple[str, str]]:
    """(item, its collection) of those items that stand in another collection."""
    others = connection.execute(
        "SELECT 1 FROM item WHERE collection <> ? AND gone = 0 LIMIT 1", (collection,)
    )
    if others.fetchone() is None:
        return []
    return [
        (row[0], row[1])
        for page, marks in _pages(items)
        for row in connection.execute(
            f"SELECT iri, collection FROM item WHERE iri IN ({marks}) "
            "AND collection <> ? AND gone = 0",
            (*page, collection),
        )
    ]


def _pages(values: Iterable[str]) -> Iterator[tuple[list[str], str]]:
    rest = iter(values)
    while page := list(islice(rest, _PAGE)):
        yield page, ",".join("?" for _ in page)
