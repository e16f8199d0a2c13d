"""By what an item is known beside its own IRI: identifiers, addresses of pages, other IRIs.

What its record says and what organisers confirmed (`item_match`) are kept apart, because they are
written at different times. Names are kept as `key_of` writes them, so that http and https, a slash
at the end, and the case of an inventory number tell nothing apart.
"""

import sqlite3
from collections.abc import Iterable, Sequence

from server.viewers import Viewer

SCHEMA = """
CREATE TABLE item_identifier (
    name TEXT, item INTEGER, PRIMARY KEY (name, item)
) WITHOUT ROWID;
CREATE INDEX item_identifier_item ON item_identifier (item);
CREATE TRIGGER item_identifiers_removed AFTER DELETE ON item BEGIN
    DELETE FROM item_identifier WHERE item = old.rowid; END;
CREATE TABLE item_match (name TEXT, item TEXT, PRIMARY KEY (name, item)) WITHOUT ROWID;
CREATE INDEX item_match_item ON item_match (item);
"""
_LONGEST = 500  # characters; what is longer identifies nothing
_MOST = 20  # names of an item


def key_of(text: str) -> str:
    """As a name is kept; "" for what can be none."""
    if len(text) > _LONGEST:
        return ""
    if text.startswith("http://"):
        return text[5:].rstrip("/")
    if text.startswith("https://"):
        return text[6:].rstrip("/")
    return " ".join(text.split()).casefold()


def keys(names: Iterable[str]) -> list[str]:
    """What the table takes of an item: it can be made ahead."""
    found = {key_of(name): None for name in names}
    found.pop("", None)
    return list(found)[:_MOST]


def put(connection: sqlite3.Connection, iri: str, found: Sequence[str]) -> None:
    """Give an item, whose row has just been written, these names (`keys`)."""
    connection.executemany(
        "INSERT INTO item_identifier SELECT ?, rowid FROM item WHERE iri = ?",
        [(name, iri) for name in found],
    )


def add(connection: sqlite3.Connection, found: Sequence[Sequence[str]]) -> None:
    """The names of the items whose rows were just added, in their order."""
    last = connection.execute("SELECT MAX(rowid) FROM item").fetchone()[0]
    first = (last or 0) - len(found) + 1
    connection.executemany(
        "INSERT INTO item_identifier VALUES (?,?)",
        [(name, number) for number, names in enumerate(found, first) for name in names],
    )


def put_matches(connection: sqlite3.Connection, item_id: str, found: Sequence[str]) -> None:
    """Exactly these names (`keys`) of an item, from what organisers confirmed."""
    connection.execute("DELETE FROM item_match WHERE item = ?", (item_id,))
    connection.executemany(
        "INSERT INTO item_match VALUES (?,?)", [(name, item_id) for name in found]
    )


def find(
    viewer: Viewer, connection: sqlite3.Connection, names: Sequence[str], limit: int
) -> list[str]:
    """The `{id}`s of items that have one of the names, or whose own or former IRI one of them is;
    of those that the viewer may see."""
    wanted = keys(names)
    iris = list(dict.fromkeys(spelling for name in names for spelling in spellings(name)))
    found = connection.execute(
        f"SELECT DISTINCT id FROM ("
        f"  SELECT id AS item FROM item_identifier JOIN item ON item.rowid = item_identifier.item"
        f"    WHERE name IN ({_marks(wanted)})"
        f"  UNION SELECT item FROM item_match WHERE name IN ({_marks(wanted)})"
        f"  UNION SELECT id FROM item WHERE iri IN ({_marks(iris)})"
        f"  UNION SELECT id FROM item_alias JOIN item ON item.iri = item_alias.item"
        f"    WHERE former IN ({_marks(iris)})"
        f") AS known JOIN item ON item.id = known.item"
        f" WHERE dataset IN ({_marks(viewer.datasets)}) ORDER BY gone, sort, id LIMIT ?",
        (*wanted, *wanted, *iris, *iris, *viewer.datasets, limit),
    )
    return [row[0] for row in found]


def spellings(iri: str) -> list[str]:
    """An IRI with http and https, with a slash at its end and without; other texts as they are."""
    for scheme in ("http://", "https://"):
        if iri.startswith(scheme):
            bare = iri[len(scheme) :].rstrip("/")
            ends = [f"{start}{bare}" for start in ("http://", "https://")]
            return [iri, *ends, *(f"{each}/" for each in ends)]
    return [iri]


def _marks(values: Sequence[str]) -> str:
    return ",".join("?" * len(values))
