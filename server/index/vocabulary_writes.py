"""Terms into the file of a vocabulary in use and out of it, one by one.

What is written to the file is committed at the end of each of these functions; the main index says
in the caller's transaction which file it is. All may be repeated.
"""

import secrets
import sqlite3
from collections.abc import Iterable

import orjson

from server.index import usage, vocabulary_words
from server.index.database import Database
from server.index.folding import fold
from server.index.term_rows import (
    TOP,
    WITHOUT_QUALIFIER,
    WRITTEN,
    TermRow,
    document,
    label_rows,
    place_row,
    shown,
)

SCHEMA = f"""
{usage.SCHEMA}
CREATE TABLE term_vocabulary (
    slug TEXT PRIMARY KEY, dataset TEXT NOT NULL, file TEXT NOT NULL
) WITHOUT ROWID;
"""


def put_terms(index: Database, vocabulary: str, dataset: str, terms: Iterable[TermRow]) -> None:
    """Add terms to a vocabulary, or replace those that it has; they are found at once."""
    retire_replaced(index)
    name = file_of(index, vocabulary)
    if name is None:
        name = index.vocabularies.create(vocabulary)
    point(index, vocabulary, dataset, name)
    put(index.vocabularies.write(name), terms)


def remove_terms(index: Database, vocabulary: str, iris: Iterable[str]) -> None:
    """Take single terms out of a vocabulary; those that are not there are passed over."""
    name = file_of(index, vocabulary)
    if name is None:
        return
    with index.vocabularies.write(name) as connection:
        for iri in iris:
            if (number := _standing(connection, iri)) is not None:
                _clear(connection, number)
                connection.execute("UPDATE term SET stands = 0 WHERE id = ?", (number,))
                _count(connection, terms=-1)
        _stamp(connection)


def remove_vocabulary(index: Database, vocabulary: str) -> None:
    """Forget a vocabulary with all its terms."""
    name = file_of(index, vocabulary)
    index.write.execute("DELETE FROM term_vocabulary WHERE slug = ?", (vocabulary,))
    if name is not None:
        index.vocabularies.replaced.add(name)


def file_of(index: Database, vocabulary: str) -> str | None:
    row = index.write.execute(
        "SELECT file FROM term_vocabulary WHERE slug = ?", (vocabulary,)
    ).fetchone()
    return str(row[0]) if row else None


def point(index: Database, vocabulary: str, dataset: str, name: str) -> None:
    """From now on the vocabulary is in this file."""
    before = file_of(index, vocabulary)
    index.write.execute(
        "INSERT OR REPLACE INTO term_vocabulary VALUES (?, ?, ?)", (vocabulary, dataset, name)
    )
    if before is not None and before != name:
        index.vocabularies.replaced.add(before)


def retire_replaced(index: Database) -> None:
    """Let go of files that are named no longer, now that this is committed."""
    if index.vocabularies.replaced:
        found = index.read().execute("SELECT file FROM term_vocabulary")
        index.vocabularies.retire({name for (name,) in found})


def remember(connection: sqlite3.Connection, name: str, value: object) -> None:
    connection.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))


def about(connection: sqlite3.Connection, name: str) -> str:
    row = connection.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


def put(connection: sqlite3.Connection, terms: Iterable[TermRow]) -> None:
    with connection:
        for term in terms:
            _put(connection, term)
        _stamp(connection)


def _put(connection: sqlite3.Connection, term: TermRow) -> None:
    number = _standing(connection, term.iri)
    if number is None:
        _count(connection, terms=1)
        number = _number(connection, term.iri)
    else:
        _clear(connection, number)
    connection.execute(
        "INSERT OR REPLACE INTO term VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?)",
        (number, term.iri, *columns(term)),
    )
    if words := note_words(term.notes):
        connection.execute("INSERT INTO note_search (rowid, words) VALUES (?, ?)", (number, words))
    for position, iri in enumerate(term.broader or ("",)):
        up = _number(connection, iri) if iri else TOP
        connection.execute("INSERT INTO broader VALUES (?, ?, ?)", (number, position, up))
    for iri in set(term.classes):
        connection.execute("INSERT OR IGNORE INTO class (iri) VALUES (?)", (iri,))
        connection.execute(
            "INSERT INTO term_class SELECT id, ? FROM class WHERE iri = ?", (number, iri)
        )
    for text in set(term.notations):
        connection.execute("INSERT OR IGNORE INTO notation VALUES (?, ?)", (fold(text), number))
    if found := place_row(term):
        connection.execute("INSERT INTO place VALUES (?, ?, ?, ?)", (number, *found))
    _put_labels(connection, number, term)


def columns(term: TermRow) -> tuple[object, ...]:
    """What `term` has of it beside id, iri and stands."""
    return (
        term.rank, term.hex, int(term.deprecated), int(term.guide), _json(shown(term.labels)),
        _json(term.notes), _json(term.notations), _json(term.classes),
    )  # fmt: skip


def note_words(notes: Iterable[Iterable[str]]) -> str:
    """What the full-text index has of a term's notes."""
    return fold(" ".join(text for text, _tag in notes))


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _put_labels(connection: sqlite3.Connection, number: int, term: TermRow) -> None:
    running = int(about(connection, "next"))
    for order, text, lang, kind, folded, variant in label_rows(term):
        row = (order << 32 | running, number, text, lang, kind, folded, variant, int(term.offered))
        connection.execute("INSERT INTO label VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        if variant == WRITTEN:
            _count(connection, labels=1)
            connection.execute(
                "INSERT INTO language VALUES (?, 1) ON CONFLICT DO UPDATE SET labels = labels + 1",
                (lang,),
            )
        if term.offered and variant != WITHOUT_QUALIFIER:
            words = document(folded, lang)
            connection.execute(
                "INSERT INTO label_search (rowid, words) VALUES (?, ?)", (row[0], words)
            )
            vocabulary_words.add(connection, folded.split())
            vocabulary_words.add_head(connection, folded)
        running += 1
    remember(connection, "next", running)


def _clear(connection: sqlite3.Connection, number: int) -> None:
    """Take out all that is said of a term, so that it can be said anew."""
    labels = connection.execute("SELECT * FROM label WHERE term = ?", (number,)).fetchall()
    for label in labels:
        if label["variant"] == WRITTEN:
            _count(connection, labels=-1)
            connection.execute(
                "UPDATE language SET labels = labels - 1 WHERE tag = ?", (label["lang"],)
            )
        if label["offered"] and label["variant"] != WITHOUT_QUALIFIER:
            words = document(label["folded"], label["lang"])
            connection.execute(
                "INSERT INTO label_search (label_search, rowid, words) VALUES ('delete', ?, ?)",
                (label["id"], words),
            )
            vocabulary_words.remove(connection, label["folded"].split())
    notes = connection.execute("SELECT notes FROM term WHERE id = ?", (number,)).fetchone()[0]
    if words := note_words(orjson.loads(notes)):
        connection.execute(
            "INSERT INTO note_search (note_search, rowid, words) VALUES ('delete', ?, ?)",
            (number, words),
        )
    connection.execute("DELETE FROM label WHERE term = ?", (number,))
    notations = connection.execute("SELECT notations FROM term WHERE id = ?", (number,)).fetchone()
    connection.executemany(
        "DELETE FROM notation WHERE text = ? AND term = ?",
        ((fold(text), number) for text in orjson.loads(notations[0])),
    )
    connection.execute("DELETE FROM broader WHERE term = ?", (number,))
    connection.execute("DELETE FROM place WHERE term = ?", (number,))
    connection.execute(
        "DELETE FROM term_class WHERE term = ? AND class IN (SELECT id FROM class)", (number,)
    )


def _standing(connection: sqlite3.Connection, iri: str) -> int | None:
    row = connection.execute("SELECT id FROM term WHERE iri = ? AND stands", (iri,)).fetchone()
    return int(row[0]) if row else None


def _number(connection: sqlite3.Connection, iri: str) -> int:
    """The number of a term; of one that is not there yet, that it will have."""
    row = connection.execute("SELECT id FROM term WHERE iri = ?", (iri,)).fetchone()
    if row is None:
        return int(
            connection.execute(
                "INSERT INTO term VALUES (NULL, ?, 0, 0, NULL, 0, 0, '{}', '[]', '[]', '[]')"
                " RETURNING id", (iri,),
            ).fetchone()[0]
        )  # fmt: skip
    return int(row[0])


def _count(connection: sqlite3.Connection, **changes: int) -> None:
    connection.executemany(
        "UPDATE about SET value = value + ? WHERE name = ?",
        ((change, name) for name, change in changes.items()),
    )


def _stamp(connection: sqlite3.Connection) -> None:
    """Another random number: a counter would come to the same one twice after a rollback."""
    remember(connection, "stamp", secrets.randbits(62))
