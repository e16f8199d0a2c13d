"""Who provides items (`edm:dataProvider`): spellings that only differ in form are one provider."""

import re
import sqlite3
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
    return [
        ProviderRow(
            key, found[0][0], sum(n for _label, n in found), tuple(one for one, _n in found)
        )
        for key, found in by_key.items()
    ]
