"""Published annotations by what may be asked of them, in the order in which they were made.

A facet is a property with one of its values, such as `campaign:posters`; "" is every annotation.
Each is a list that goes on from any place of it, however long it is. Where several are asked for,
the shortest list is gone through and each row looked up in the others, no more than `MOST` rows for
a page.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice

SCHEMA = """
CREATE TABLE annotation_facet (
    facet TEXT, created TEXT, iri TEXT, PRIMARY KEY (facet, created, iri)
) WITHOUT ROWID;
CREATE INDEX annotation_facet_iri ON annotation_facet (iri, facet);
CREATE TABLE facet_tally (facet TEXT PRIMARY KEY, annotations INTEGER NOT NULL) WITHOUT ROWID;
CREATE TRIGGER facet_added AFTER INSERT ON annotation_facet BEGIN
    INSERT INTO facet_tally VALUES (new.facet, 1)
        ON CONFLICT DO UPDATE SET annotations = annotations + 1; END;
CREATE TRIGGER facet_removed AFTER DELETE ON annotation_facet BEGIN
    UPDATE facet_tally SET annotations = annotations - 1 WHERE facet = old.facet;
    DELETE FROM facet_tally WHERE facet = old.facet AND annotations = 0; END;
"""
EVERY = ""
MOST = 2_000
_BLOCK = 100
#: Where a page begins or ended: (created, iri).
Cursor = tuple[str, str]
START: Cursor = ("", "")
END: Cursor = ("~", "")
#: Facets of which one must hold.
Any = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """`more`: there may be others beyond the last one, from `cursor` on."""

    rows: list[Cursor]
    cursor: Cursor
    more: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """All of these hold, each by one of its facets; made in this time (both included)."""

    facets: tuple[Any, ...] = ()
    first: str = ""
    last: str = "~"


def put(connection: sqlite3.Connection, iri: str, created: str, facets: Iterable[str]) -> None:
    """Exactly these facets of an annotation; none where it is not public."""
    wanted = {(facet, created) for facet in facets}
    found = connection.execute("SELECT facet, created FROM annotation_facet WHERE iri = ?", (iri,))
    standing = {(row[0], row[1]) for row in found}
    connection.executemany(
        "DELETE FROM annotation_facet WHERE facet = ? AND created = ? AND iri = ?",
        [(*each, iri) for each in standing - wanted],
    )
    connection.executemany(
        "INSERT INTO annotation_facet VALUES (?,?,?)", [(*each, iri) for each in wanted - standing]
    )


def provide(connection: sqlite3.Connection, item: str, provider: str) -> None:
    """The annotations of an item (an IRI) are in the list of this provider (a key), "" for none."""
    named = f"provider:{provider}" if provider else ""
    for created, iri in list(_list(connection, f"item:{item}", START, False, Asked())):
        found = connection.execute(
            "SELECT facet FROM annotation_facet WHERE iri = ? AND facet LIKE 'provider:%'", (iri,)
        )
        standing = {row[0] for row in found}
        for facet in standing - {named}:
            connection.execute(
                "DELETE FROM annotation_facet WHERE facet = ? AND created = ? AND iri = ?",
                (facet, created, iri),
            )
        if named and named not in standing:
            connection.execute("INSERT INTO annotation_facet VALUES (?,?,?)", (named, created, iri))


def count(connection: sqlite3.Connection, facet: str) -> int:
    row = connection.execute(
        "SELECT annotations FROM facet_tally WHERE facet = ?", (facet,)
    ).fetchone()
    return int(row[0]) if row else 0


def total(connection: sqlite3.Connection, asked: Asked) -> int | None:
    """How many there are; None where only going through them would tell."""
    if (asked.first, asked.last) != ("", "~") or len(asked.facets) > 1:
        return None
    single = asked.facets[0] if asked.facets else (EVERY,)
    return count(connection, single[0]) if len(single) == 1 else None


def page(
    connection: sqlite3.Connection, asked: Asked, *, limit: int, after: Cursor | None = None,
    before: Cursor | None = None,
) -> Found:  # fmt: skip
    """In their order, after a place; or the last ones before one, in their order too."""
    backwards = before is not None
    place = (before if before is not None else after) or START
    driver, others = _driver(connection, asked)
    rows: list[Cursor] = []
    for looked, row in enumerate(_along(connection, driver, place, backwards, asked)):
        if len(rows) == limit or looked == MOST:
            return Found(_ordered(rows, backwards), place, True)
        place = row
        if all(_has(connection, each, row) for each in others):
            rows.append(row)
    return Found(_ordered(rows, backwards), place, False)


def _ordered(rows: list[Cursor], backwards: bool) -> list[Cursor]:
    return rows[::-1] if backwards else rows


def _driver(connection: sqlite3.Connection, asked: Asked) -> tuple[Any, list[Any]]:
    """The shortest list, and what else must hold."""
    facets = list(asked.facets) or [(EVERY,)]
    sizes = [sum(count(connection, each) for each in group) for group in facets]
    chosen = sizes.index(min(sizes))
    return facets[chosen], facets[:chosen] + facets[chosen + 1 :]


def _along(
    connection: sqlite3.Connection, group: Any, place: Cursor, backwards: bool, asked: Asked
) -> Iterator[Cursor]:
    """Each annotation once, whichever of the facets it has."""
    lists = [_list(connection, each, place, backwards, asked) for each in sorted(set(group))]
    last = None
    for row in merge(*lists, reverse=backwards):
        if row != last:
            yield row
        last = row


def _list(
    connection: sqlite3.Connection, facet: str, place: Cursor, backwards: bool, asked: Asked
) -> Iterator[Cursor]:
    sign, order = ("<", "DESC") if backwards else (">", "ASC")
    while True:
        found = connection.execute(
            f"SELECT created, iri FROM annotation_facet WHERE facet = ? "
            f"AND (created, iri) {sign} (?, ?) AND created >= ? AND created <= ? "
            f"ORDER BY created {order}, iri {order} LIMIT ?",
            (facet, *place, asked.first, asked.last, _BLOCK),
        ).fetchall()
        yield from ((row[0], row[1]) for row in found)
        if len(found) < _BLOCK:
            return
        place = (found[-1][0], found[-1][1])


def _has(connection: sqlite3.Connection, group: Sequence[str], row: Cursor) -> bool:
    return any(
        connection.execute(
            "SELECT 1 FROM annotation_facet WHERE facet = ? AND created = ? AND iri = ?",
            (facet, *row),
        ).fetchone()
        for facet in group
    )


def iris(connection: sqlite3.Connection, facet: str, limit: int | None = None) -> Iterator[str]:
    """Those of a facet in their order, a few at a time."""
    found = _list(connection, facet, START, False, Asked())
    return (iri for _created, iri in islice(found, limit))
