"""Who provides items (`edm:dataProvider`): spellings that only differ in form are one provider.

Those of which an organiser said that they are the same are one as well: `provider_same` leads from
the key of a spelling to that of the provider, which is what the rows of items name.
"""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from server.index.folding import fold
from server.names import short_hash
from server.viewers import Viewer

SCHEMA = """
CREATE TABLE provider_spelling (
    key TEXT, label TEXT, dataset TEXT, items INTEGER NOT NULL, PRIMARY KEY (key, label, dataset)
) WITHOUT ROWID;
CREATE TRIGGER provider_added AFTER INSERT ON item WHEN new.provider_key <> '' AND new.gone = 0
BEGIN
    INSERT INTO provider_spelling VALUES (new.provider_key, new.provider, new.dataset, 1)
        ON CONFLICT DO UPDATE SET items = items + 1; END;
CREATE TRIGGER provider_removed AFTER DELETE ON item WHEN old.provider_key <> '' AND old.gone = 0
BEGIN
    UPDATE provider_spelling SET items = items - 1
        WHERE key = old.provider_key AND label = old.provider AND dataset = old.dataset;
    DELETE FROM provider_spelling
        WHERE key = old.provider_key AND label = old.provider AND dataset = old.dataset
        AND items = 0; END;
CREATE TABLE provider_same (key TEXT PRIMARY KEY, same TEXT NOT NULL) WITHOUT ROWID;
"""
_LONGEST = 60  # characters of a key
_UNSPELLABLE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """`label` is the spelling that most items have: a name, or an IRI; `items` counts them all."""

    key: str
    label: str
    items: int
    spellings: tuple[str, ...] = ()


@lru_cache(10_000)
def provider_key(text: str | None) -> str:
    """The name of a provider as a slug, "" for none: `Musée d'Orsay ` is `musee-d-orsay`.

    Names in other scripts, and long ones, end in a hash, so that different ones stay apart.
    """
    if not text or not text.strip():
        return ""
    if text.startswith(("http://", "https://")):
        text = " ".join(urlsplit(text).path.strip("/").split("/")[-2:]) or text
    folded = fold(text)
    slug = _UNSPELLABLE.sub("-", folded).strip("-")
    if slug == folded.replace(" ", "-") and 0 < len(slug) <= _LONGEST:
        return slug
    return f"{slug[: _LONGEST - 9].strip('-')}-{short_hash(folded or text)[:8]}".strip("-")


def providers(viewer: Viewer, connection: sqlite3.Connection) -> list[ProviderRow]:
    """All that provide items which the viewer may see, by name."""
    return sorted(_found(viewer, connection, ""), key=lambda row: (fold(row.label), row.key))


def find_provider(viewer: Viewer, connection: sqlite3.Connection, key: str) -> ProviderRow | None:
    found = _found(viewer, connection, "AND key = ?", key)
    return found[0] if found else None


def find_providers(
    viewer: Viewer, connection: sqlite3.Connection, keys: Sequence[str]
) -> list[ProviderRow]:
    marks = ",".join("?" for _ in keys)
    return _found(viewer, connection, f"AND key IN ({marks})", *keys)


# --- those that are the same ---------------------------------------------------------------------


def put_same(connection: sqlite3.Connection, key: str, same: str) -> None:
    """What was counted as `key` is `same` by now, "" where it is itself again."""
    connection.execute("DELETE FROM provider_same WHERE key = ?", (key,))
    if same:
        connection.execute("INSERT INTO provider_same VALUES (?,?)", (key, same))


def keys_of(connection: sqlite3.Connection, key: str) -> list[str]:
    """The keys that were merged into a provider, in whatever number of steps."""
    return sorted(each for each, end in merged(connection).items() if end == key)


def merged(connection: sqlite3.Connection) -> dict[str, str]:
    """The provider that each merged key stands for, however many steps it takes."""
    said = steps(connection)
    return {key: end(said, key) for key in said}


def same_as(connection: sqlite3.Connection, key: str) -> str:
    """The provider that a key stands for: itself, where nobody said anything."""
    return end(steps(connection), key)


def steps(connection: sqlite3.Connection) -> dict[str, str]:
    """What was said of each key: which other it is."""
    found = connection.execute("SELECT key, same FROM provider_same")
    return {row[0]: row[1] for row in found}


def end(steps: Mapping[str, str], key: str) -> str:
    """Where the steps lead to from a key."""
    seen = {key}
    while (after := steps.get(key)) and after not in seen:
        key = after
        seen.add(key)
    return key


def _found(
    viewer: Viewer, connection: sqlite3.Connection, where: str, *values: str
) -> list[ProviderRow]:
    marks = ",".join("?" for _ in viewer.datasets)
    rows = connection.execute(
        f"SELECT key, label, SUM(items) FROM provider_spelling WHERE dataset IN ({marks}) {where} "
        "GROUP BY key, label ORDER BY SUM(items) DESC, label",
        (*viewer.datasets, *values),
    )
    by_key: dict[str, list[tuple[str, int]]] = {}
    for key, label, items in rows:
        by_key.setdefault(key, []).append((label, items))
    for key, found in by_key.items():  # its own spellings before those of what was merged into it
        found.sort(key=lambda each: provider_key(each[0]) != key)
    return [
        ProviderRow(
            key, found[0][0], sum(n for _label, n in found), tuple(one for one, _n in found)
        )
        for key, found in by_key.items()
    ]


def collections_of(viewer: Viewer, connection: sqlite3.Connection, key: str) -> dict[str, bool]:
    """The collections (slugs) with items of a provider: whether they have no others."""
    marks = ",".join("?" for _ in viewer.datasets)  # ?2 and on
    rows = connection.execute(
        "SELECT collection, MIN(provider_key = ?1) FROM item WHERE gone = 0 AND collection IN "
        "(SELECT DISTINCT collection FROM item WHERE provider_key = ?1 AND gone = 0 "
        f"AND dataset IN ({marks})) GROUP BY collection",
        (key, *viewer.datasets),
    )
    return {collection: bool(whole) for collection, whole in rows}
