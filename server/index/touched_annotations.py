"""Which terms annotations name, and how often."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice

from server.index.contributions import AnnotationRow

_MANY = 500  # terms in one question


def named(connection: sqlite3.Connection) -> Iterator[str]:
    """The terms that an annotation names that was not withdrawn, in the order of N-Quads lines."""
    rows = connection.execute(
        "SELECT DISTINCT body FROM annotation WHERE status <> 'withdrawn' AND body <> '' "
        "ORDER BY body || '> '"
    )
    return (row[0] for row in rows)


def annotations_with(
    connection: sqlite3.Connection, terms: Iterable[str]
) -> dict[str, dict[str, int]]:
    """How many annotations name these terms, by campaign and status; withdrawn ones don't count."""
    found: dict[str, dict[str, int]] = {}
    for some in _portions(terms):
        rows = connection.execute(
            "SELECT campaign, status, COUNT(*) FROM annotation "
            f"WHERE body IN ({','.join('?' * len(some))}) AND status <> 'withdrawn' "
            "GROUP BY campaign, status",
            some,
        )
        for campaign, status, number in rows:
            counts = found.setdefault(campaign, {})
            counts[status] = counts.get(status, 0) + number
    return found


def rows_with(connection: sqlite3.Connection, terms: Iterable[str]) -> Iterator[AnnotationRow]:
    """The annotations that name these terms."""
    for some in _portions(terms):
        rows = connection.execute(
            f"SELECT * FROM annotation WHERE body IN ({','.join('?' * len(some))}) ORDER BY iri",
            some,
        )
        yield from (AnnotationRow(*row) for row in rows)


def _portions(terms: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(terms)
    return iter(lambda: list(islice(rest, _MANY)), [])
