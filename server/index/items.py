"""Items as lists and cards show them, and the full-text search over their titles."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.index.folding import fold
from server.index.providers import provider_key
from server.viewers import Viewer

SCHEMA = """
CREATE TABLE item (
    iri TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, dataset TEXT NOT NULL, collection TEXT NOT NULL,
    title TEXT NOT NULL, sort TEXT NOT NULL, type TEXT, picture TEXT, width INTEGER, height INTEGER,
    colour TEXT, provider TEXT, rights TEXT, gone INTEGER NOT NULL DEFAULT 0,
    sensitive INTEGER NOT NULL DEFAULT 0, provider_key TEXT NOT NULL DEFAULT ''
);
CREATE VIRTUAL TABLE item_search USING fts5 (
    folded, scope, prefix='1 2 3', tokenize="ascii tokenchars '-_'"
);
CREATE INDEX item_collection ON item (collection, gone, sort);
CREATE INDEX item_provider ON item (provider_key, gone, sort, iri);
CREATE TABLE item_alias (
    former TEXT, item TEXT, PRIMARY KEY (former, item)
) WITHOUT ROWID;
CREATE INDEX item_alias_item ON item_alias (item);
CREATE TABLE collection (
    slug TEXT PRIMARY KEY, dataset TEXT NOT NULL, title TEXT NOT NULL, description TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE collection_tally (
    collection TEXT PRIMARY KEY, items INTEGER NOT NULL, gone INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER item_added AFTER INSERT ON item BEGIN
    INSERT INTO collection_tally VALUES (new.collection, 1 - new.gone, new.gone)
        ON CONFLICT DO UPDATE SET items = items + 1 - new.gone, gone = gone + new.gone; END;
CREATE TRIGGER item_removed AFTER DELETE ON item BEGIN
    UPDATE collection_tally SET items = items - 1 + old.gone, gone = gone - old.gone
        WHERE collection = old.collection;
    DELETE FROM collection_tally
        WHERE collection = old.collection AND items = 0 AND gone = 0; END;
"""
_LOOKED_AT = 500  # items with some words in their titles, so that "p" takes no longer than others
_COLLECTIONS = """SELECT slug, dataset, title, description, COALESCE(items, 0), COALESCE(gone, 0)
    FROM collection LEFT JOIN collection_tally ON collection = slug"""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """`titles` by language tag ("" for none); `picture` an IRI; sizes in pixels, colour #rrggbb.

    `sensitive`: the record says that it is not for everybody to see unasked.
    """

    iri: str
    id: str
    dataset: str
    collection: str
    titles: dict[str, str]
    type: str | None = None
    picture: str | None = None
    width: int | None = None
    height: int | None = None
    colour: str | None = None
    provider: str | None = None
    rights: str | None = None
    gone: bool = False
    sensitive: bool = False
    provided_by: str = ""

    @property
    def provider_key(self) -> str:
        """Which provider it is, however the name is spelled; "" for none. `provided_by` where an
        organiser said that it is the same as another."""
        return self.provided_by or provider_key(self.provider)

    def title(self, language: str) -> str:
        """In that language, else in English, else in whatever there is; else the identifier."""
        for code in (language, "en", ""):
            if code in self.titles:
                return self.titles[code]
        return next(iter(self.titles.values()), self.iri)


@dataclass(frozen=True, slots=True)
class CollectionRow:
    slug: str
    dataset: str
    title: str
    description: str
    items: int
    gone: int


def put_item(connection: sqlite3.Connection, row: ItemRow) -> None:
    remove_item(connection, row.iri)
    titles = json.dumps(row.titles, ensure_ascii=False)
    inserted = connection.execute(
        "INSERT INTO item VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            row.iri, row.id, row.dataset, row.collection, titles,
            row.title("en").casefold()[:200], row.type, row.picture, row.width, row.height,
            row.colour, row.provider, row.rights, int(row.gone), int(row.sensitive),
            row.provider_key,
        ),
    )  # fmt: skip
    if not row.gone:
        folded = fold(" ".join(row.titles.values()))
        connection.execute(
            "INSERT INTO item_search (rowid, folded, scope) VALUES (?,?,?)",
            (inserted.lastrowid, folded, f"c_{row.collection}"),
        )


def remove_item(connection: sqlite3.Connection, iri: str) -> None:
    connection.execute(
        "DELETE FROM item_search WHERE rowid = (SELECT rowid FROM item WHERE iri = ?)", (iri,)
    )
    connection.execute("DELETE FROM item WHERE iri = ?", (iri,))


def known(connection: sqlite3.Connection, iris: list[str]) -> set[str]:
    """Those of the IRIs that are items."""
    found = connection.execute(f"SELECT iri FROM item WHERE iri IN ({_marks(iris)})", iris)
    return {row[0] for row in found}


def put_alias(connection: sqlite3.Connection, former: str, item: str) -> None:
    connection.execute("INSERT OR IGNORE INTO item_alias VALUES (?,?)", (former, item))


def remove_aliases(connection: sqlite3.Connection, item: str) -> list[str]:
    """Forget the former identifiers of an item; returns them."""
    found = connection.execute("SELECT former FROM item_alias WHERE item = ?", (item,))
    former = [row[0] for row in found]
    connection.execute("DELETE FROM item_alias WHERE item = ?", (item,))
    return former


def current_item(connection: sqlite3.Connection, iri: str) -> str:
    """The item that an identifier means by now: itself, or the (first) one that replaces it."""
    seen: set[str] = set()
    while iri not in seen:
        seen.add(iri)
        row = connection.execute(
            "SELECT item FROM item_alias WHERE former = ? ORDER BY item", (iri,)
        ).fetchone()
        if row is None:
            return iri
        iri = row[0]
    return iri


def former_items(connection: sqlite3.Connection, iri: str) -> list[str]:
    found = connection.execute("SELECT former FROM item_alias WHERE item = ?", (iri,))
    return [row[0] for row in found]


def put_collection(
    connection: sqlite3.Connection, slug: str, dataset: str, title: str, description: str
) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO collection VALUES (?,?,?,?)",
        (slug, dataset, title, description),
    )


def remove_collection(connection: sqlite3.Connection, slug: str) -> None:
    connection.execute("DELETE FROM collection WHERE slug = ?", (slug,))


def find_item(viewer: Viewer, connection: sqlite3.Connection, item_id: str) -> ItemRow | None:
    """By the `{id}` of its page; tombstones too."""
    return _one(viewer, connection, "id = ?", item_id)


def find_item_by_iri(viewer: Viewer, connection: sqlite3.Connection, iri: str) -> ItemRow | None:
    return _one(viewer, connection, "iri = ?", iri)


def items_of(
    viewer: Viewer, connection: sqlite3.Connection, collection: str, *, limit: int, offset: int = 0
) -> list[ItemRow]:
    """The standing items of a collection by title, a page at a time."""
    found = connection.execute(
        f"SELECT * FROM item WHERE collection = ? AND gone = 0 "
        f"AND dataset IN ({_marks(viewer.datasets)}) ORDER BY sort, iri LIMIT ? OFFSET ?",
        (collection, *viewer.datasets, limit, offset),
    )
    return [_item(row) for row in found]


def items_provided(
    viewer: Viewer, connection: sqlite3.Connection, provider: str, *, limit: int,
    after: tuple[str, str] = ("", ""), before: tuple[str, str] | None = None,
) -> list[ItemRow]:  # fmt: skip
    """The standing items of a provider (a key) by title: after the `place` of one, or the last
    ones before it."""
    place, order = (after, ">") if before is None else (before, "<")
    backwards = " DESC" if before is not None else ""
    found = connection.execute(
        f"SELECT * FROM item WHERE provider_key = ? AND gone = 0 AND (sort, iri) {order} (?, ?) "
        f"AND dataset IN ({_marks(viewer.datasets)}) "
        f"ORDER BY sort{backwards}, iri{backwards} LIMIT ?",
        (provider, *place, *viewer.datasets, limit),
    )
    rows = [_item(row) for row in found]
    return rows if before is None else rows[::-1]


def place(connection: sqlite3.Connection, item_id: str) -> tuple[str, str] | None:
    """Where an item stands in lists by title."""
    row = connection.execute("SELECT sort, iri FROM item WHERE id = ?", (item_id,)).fetchone()
    return (row[0], row[1]) if row else None


def provided_otherwise(
    connection: sqlite3.Connection, keys: Sequence[str], iri: str, limit: int
) -> list[ItemRow]:
    """Items that stand under these keys of providers, by their IRIs, from after one on.

    It reads through all items: for work in the background.
    """
    found = connection.execute(
        f"SELECT * FROM item WHERE iri > ? AND +provider_key IN ({_marks(keys)}) "
        "ORDER BY iri LIMIT ?",
        (iri, *keys, limit),
    )
    return [_item(row) for row in found]


def items_after(
    connection: sqlite3.Connection, collection: str, iri: str, limit: int
) -> list[ItemRow]:
    """The standing items of a collection by their IRIs, from after one on; for organisers."""
    found = connection.execute(
        "SELECT * FROM item WHERE iri > ? AND collection = ? AND gone = 0 ORDER BY iri LIMIT ?",
        (iri, collection, limit),
    )
    return [_item(row) for row in found]


def search_items(
    viewer: Viewer, connection: sqlite3.Connection, collection: str, text: str, *, limit: int
) -> list[ItemRow]:
    """Items of a collection whose titles have words that begin with each word of the text."""
    words = [f'folded : "{word}" *' for word in fold(text[:200]).split()[:8]]
    if not words:
        return []
    found = connection.execute(
        "SELECT item.* FROM item_search JOIN item ON item.rowid = item_search.rowid "
        f"WHERE item_search MATCH ? AND dataset IN ({_marks(viewer.datasets)}) "
        "ORDER BY sort, iri LIMIT ?",
        (" AND ".join([*words, f'scope : "c_{collection}"']), *viewer.datasets, limit),
    )
    return [_item(row) for row in found]


def items_titled(
    viewer: Viewer, connection: sqlite3.Connection, text: str, *, limit: int
) -> list[ItemRow]:
    """Items of every collection that the viewer may see, with words in their titles that begin with
    each word of the text; of very many, some."""
    words = [f'folded : "{word}" *' for word in fold(text[:200]).split()[:8]]
    if not words:
        return []
    hidden = connection.execute(
        f"SELECT slug FROM collection WHERE dataset NOT IN ({_marks(viewer.datasets)})",
        viewer.datasets,
    )
    without = " OR ".join(f'scope : "c_{slug}"' for (slug,) in hidden)
    query = " AND ".join(words)
    found = connection.execute(
        "SELECT item.* FROM (SELECT rowid AS number FROM item_search WHERE item_search MATCH ?"
        " LIMIT ?) JOIN item ON item.rowid = number"
        f" WHERE dataset IN ({_marks(viewer.datasets)}) AND gone = 0 ORDER BY sort, iri LIMIT ?",
        (f"({query}) NOT ({without})" if without else query, _LOOKED_AT, *viewer.datasets, limit),
    )
    return [_item(row) for row in found]


def find_items(viewer: Viewer, connection: sqlite3.Connection, iris: list[str]) -> list[ItemRow]:
    """The rows of these IRIs, in their order; unknown ones are left out."""
    found = connection.execute(
        f"SELECT * FROM item WHERE iri IN ({_marks(iris)}) "
        f"AND dataset IN ({_marks(viewer.datasets)})",
        (*iris, *viewer.datasets),
    )
    rows = {row["iri"]: _item(row) for row in found}
    return [rows[iri] for iri in iris if iri in rows]


def find_collection(
    viewer: Viewer, connection: sqlite3.Connection, slug: str
) -> CollectionRow | None:
    found = connection.execute(
        f"{_COLLECTIONS} WHERE slug = ? AND dataset IN ({_marks(viewer.datasets)})",
        (slug, *viewer.datasets),
    ).fetchone()
    return CollectionRow(*found) if found else None


def collections(viewer: Viewer, connection: sqlite3.Connection) -> list[CollectionRow]:
    found = connection.execute(
        f"{_COLLECTIONS} WHERE dataset IN ({_marks(viewer.datasets)}) ORDER BY title",
        viewer.datasets,
    )
    return [CollectionRow(*row) for row in found]


def _one(viewer: Viewer, connection: sqlite3.Connection, where: str, value: str) -> ItemRow | None:
    row = connection.execute(
        f"SELECT * FROM item WHERE {where} AND dataset IN ({_marks(viewer.datasets)})",
        (value, *viewer.datasets),
    ).fetchone()
    return _item(row) if row else None


def _item(row: sqlite3.Row) -> ItemRow:
    return ItemRow(
        row["iri"], row["id"], row["dataset"], row["collection"], json.loads(row["title"]),
        row["type"], row["picture"], row["width"], row["height"], row["colour"], row["provider"],
        row["rights"], bool(row["gone"]), bool(row["sensitive"]), row["provider_key"],
    )  # fmt: skip


def _marks(values: Sequence[str] | Iterable[str]) -> str:
    return ",".join("?" for _ in values)
