"""The index tables of terms and their labels, and how a vocabulary gets into them and out."""

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

from server.index.folding import fold

_LABEL = """
    id INTEGER PRIMARY KEY, term TEXT NOT NULL, vocabulary TEXT NOT NULL, text TEXT NOT NULL,
    lang TEXT NOT NULL, kind TEXT NOT NULL, folded TEXT NOT NULL, head TEXT NOT NULL,
    scope TEXT NOT NULL
"""
#: `label.id` follows from the label itself, the best first (`_label_id`), so that the full-text
#: index lists in that order whenever a label was added. `head` is the label without what stands in
#: brackets at its end; `scope` the words that search is narrowed by, empty where the label is never
#: offered. The full-text table keeps no text (`content=''`): rows leave it by the values they came
#: with. Its tokenizer splits at spaces alone, since `fold` has found the words. `term.shown` says
#: what a term is called in each language (`_shown`), so that naming a term takes its row alone.
#: `term_vocabulary.stamp` is another random number after every change of the vocabulary's terms: a
#: counter would come to the same number twice when a change is rolled back.
SCHEMA = f"""
CREATE TABLE term_vocabulary (
    slug TEXT PRIMARY KEY, dataset TEXT NOT NULL, terms INTEGER NOT NULL, labels INTEGER NOT NULL,
    stamp INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE term (
    iri TEXT, vocabulary TEXT, notes TEXT NOT NULL, rank INTEGER NOT NULL, hex TEXT,
    deprecated INTEGER NOT NULL, guide INTEGER NOT NULL, shown TEXT NOT NULL,
    PRIMARY KEY (iri, vocabulary)
) WITHOUT ROWID;
CREATE TABLE term_broader (
    iri TEXT, vocabulary TEXT, position INTEGER, broader TEXT NOT NULL,
    PRIMARY KEY (iri, vocabulary, position)
) WITHOUT ROWID;
CREATE INDEX term_narrower ON term_broader (broader, vocabulary);
CREATE TABLE label ({_LABEL});
CREATE INDEX label_by_term ON label (term, kind);
CREATE INDEX label_by_head ON label (head) WHERE scope <> '';
CREATE VIRTUAL TABLE label_search USING fts5 (
    folded, scope, content='', prefix='1 2 3', tokenize="ascii tokenchars '-_'"
);
"""

_COLUMNS = "id, term, vocabulary, text, lang, kind, folded, head, scope"
_CHOSEN = "IN (SELECT value FROM json_each(?))"
_CHUNK = 5_000
_LONGEST = 511  # the letters of a label that count in its order: 9 bits of the identifier
_QUALIFIER = re.compile(r"\s*\([^()]*\)\s*$")
_LANGUAGE = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class TermRow:
    """A term as it is indexed.

    `labels` holds (kind, text, language), kind being pref or alt and language empty where unknown;
    `broader` the preferred one first; `notes` (text, language). `rank` is a head start in letters:
    among labels that match alike, shorter ones come first, and 3 makes up for three letters.
    """

    iri: str
    labels: tuple[tuple[str, str, str], ...]
    broader: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    rank: int = 0
    hex: str | None = None
    deprecated: bool = False
    guide: bool = False


_LabelRow = tuple[int, str, str, str, str, str, str, str, str]


def replace_vocabulary(
    connection: sqlite3.Connection, vocabulary: str, dataset: str, terms: Iterable[TermRow]
) -> None:
    """Make the index hold exactly these terms of a vocabulary, writing only labels that differ.

    Each IRI comes once. The transaction is the caller's.
    """
    connection.execute("DROP TABLE IF EXISTS temp.incoming")
    connection.execute(f"CREATE TEMP TABLE incoming ({_LABEL.replace('PRIMARY KEY', 'NOT NULL')})")
    _delete_terms(connection, vocabulary)
    for chunk in _chunks(terms):
        _insert_terms(connection, vocabulary, chunk)
        _insert_labels(connection, "incoming", _label_rows(vocabulary, chunk))
    if _has_labels(connection, vocabulary):
        _delete_labels(connection, vocabulary, "id NOT IN (SELECT id FROM incoming)")
        connection.execute("DELETE FROM incoming WHERE id IN (SELECT id FROM label)")
    _admit(connection, "incoming", "1")
    connection.execute(
        f"INSERT INTO label ({_COLUMNS}) SELECT {_COLUMNS} FROM incoming ORDER BY id"
    )
    connection.execute("DROP TABLE incoming")
    connection.execute(
        "INSERT OR REPLACE INTO term_vocabulary SELECT :vocabulary, :dataset,"
        " (SELECT count(*) FROM term WHERE vocabulary = :vocabulary),"
        " (SELECT count(*) FROM label WHERE vocabulary = :vocabulary), random()",
        {"vocabulary": vocabulary, "dataset": dataset},
    )


def put_terms(
    connection: sqlite3.Connection, vocabulary: str, dataset: str, terms: Iterable[TermRow]
) -> None:
    """Add terms to a vocabulary, or replace those that it has; they are found at once."""
    connection.execute(
        "INSERT INTO term_vocabulary VALUES (?, ?, 0, 0, random())"
        " ON CONFLICT DO UPDATE SET dataset = excluded.dataset, stamp = excluded.stamp",
        (vocabulary, dataset),
    )
    for chunk in _chunks(terms):
        remove_terms(connection, vocabulary, [term.iri for term in chunk])
        _insert_terms(connection, vocabulary, chunk)
        rows = list(_label_rows(vocabulary, chunk))
        labels = _insert_labels(connection, "label", rows)
        _admit(connection, "label", f"id {_CHOSEN}", json.dumps([row[0] for row in rows]))
        _tally(connection, vocabulary, terms=len(chunk), labels=labels)


def remove_terms(connection: sqlite3.Connection, vocabulary: str, iris: Iterable[str]) -> None:
    """Take single terms out of a vocabulary; those that are not there are passed over."""
    chosen = json.dumps(list(iris))
    labels = _delete_labels(connection, vocabulary, f"term {_CHOSEN}", chosen)
    terms = _delete_terms(connection, vocabulary, f"iri {_CHOSEN}", chosen)
    _tally(connection, vocabulary, terms=-terms, labels=-labels)


def remove_vocabulary(connection: sqlite3.Connection, vocabulary: str) -> None:
    """Forget a vocabulary with all its terms."""
    _delete_labels(connection, vocabulary, "1")
    _delete_terms(connection, vocabulary)
    connection.execute("DELETE FROM term_vocabulary WHERE slug = ?", (vocabulary,))


@cache
def primary_language(tag: str) -> str:
    """The first subtag of a language tag: `en` of `en-GB`; empty where there is none."""
    match = _LANGUAGE.match(tag.lower())
    return match.group() if match else ""


def _label_rows(vocabulary: str, terms: Iterable[TermRow]) -> Iterator[_LabelRow]:
    for term in terms:
        offered = not (term.deprecated or term.guide)
        for kind, text, lang in dict.fromkeys(term.labels):
            folded = fold(text)
            head = fold(_QUALIFIER.sub("", text)) if ")" in text else folded
            scope = f"v_{vocabulary} l_{primary_language(lang)}" if offered else ""
            row = (term.iri, vocabulary, text, lang, kind, folded, head or folded, scope)
            yield (_label_id(row, term.rank), *row)


def _label_id(row: tuple[str, ...], rank: int) -> int:
    """9 bits of order, then 54 bits of a hash, so that the same label always gets the same."""
    order = min(max(len(row[6]) - rank + 32, 0), _LONGEST)
    digest = hashlib.blake2b("\n".join(row).encode(), digest_size=8).digest()
    return order << 54 | int.from_bytes(digest) >> 10


def _insert_terms(connection: sqlite3.Connection, vocabulary: str, terms: list[TermRow]) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO term VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (t.iri, vocabulary, json.dumps(t.notes, ensure_ascii=False), t.rank, t.hex,
             t.deprecated, t.guide, json.dumps(_shown(t), ensure_ascii=False))
            for t in terms
        ),
    )  # fmt: skip
    connection.executemany(
        "INSERT OR REPLACE INTO term_broader VALUES (?, ?, ?, ?)",
        ((t.iri, vocabulary, n, iri) for t in terms for n, iri in enumerate(t.broader)),
    )


def _shown(term: TermRow) -> dict[str, tuple[str, str]]:
    """(text, language tag) by primary language, the shortest first; other names only at a pinch."""
    preferred = [(text, lang) for kind, text, lang in term.labels if kind == "pref"]
    labels = preferred or [(text, lang) for _kind, text, lang in term.labels]
    best: dict[str, tuple[str, str]] = {}
    for text, lang in sorted(labels, key=lambda each: (len(each[0]), each)):
        best.setdefault(primary_language(lang), (text, lang))
    return best


def _has_labels(connection: sqlite3.Connection, vocabulary: str) -> bool:
    found = connection.execute(
        "SELECT labels FROM term_vocabulary WHERE slug = ?", (vocabulary,)
    ).fetchone()
    return found is not None and found[0] > 0


def _insert_labels(connection: sqlite3.Connection, table: str, rows: Iterable[_LabelRow]) -> int:
    return connection.executemany(
        f"INSERT OR IGNORE INTO {table} ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
    ).rowcount


def _admit(connection: sqlite3.Connection, source: str, where: str, *values: str) -> None:
    """Take labels into the full-text index, in its order: it writes much faster then."""
    connection.execute(
        "INSERT INTO label_search (rowid, folded, scope)"
        f" SELECT id, folded, scope FROM {source} WHERE scope <> '' AND {where} ORDER BY id",
        values,
    )


def _delete_labels(
    connection: sqlite3.Connection, vocabulary: str, where: str, *values: str
) -> int:
    where = f"vocabulary = ? AND {where}"
    connection.execute(
        "INSERT INTO label_search (label_search, rowid, folded, scope)"
        f" SELECT 'delete', id, folded, scope FROM label WHERE scope <> '' AND {where} ORDER BY id",
        (vocabulary, *values),
    )
    return connection.execute(f"DELETE FROM label WHERE {where}", (vocabulary, *values)).rowcount


def _delete_terms(
    connection: sqlite3.Connection, vocabulary: str, where: str = "1", *values: str
) -> int:
    where = f"vocabulary = ? AND {where}"
    connection.execute(f"DELETE FROM term_broader WHERE {where}", (vocabulary, *values))
    return connection.execute(f"DELETE FROM term WHERE {where}", (vocabulary, *values)).rowcount


def _tally(connection: sqlite3.Connection, vocabulary: str, *, terms: int, labels: int) -> None:
    connection.execute(
        "UPDATE term_vocabulary SET terms = terms + ?, labels = labels + ?, stamp = random()"
        " WHERE slug = ?",
        (terms, labels, vocabulary),
    )


def _chunks(terms: Iterable[TermRow]) -> Iterator[list[TermRow]]:
    """Lists of terms; of two with the same IRI within one list, only the last."""
    remaining = iter(terms)
    while chunk := list(islice(remaining, _CHUNK)):
        yield list({term.iri: term for term in chunk}.values())
