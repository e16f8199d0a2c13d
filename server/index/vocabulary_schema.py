"""The SQLite file of one vocabulary: its tables, and the indexes that a build adds at its end.

`label.id` is the order of the label (shorter and weightier terms first) in the high bits and a
running number in the low ones: `ORDER BY id` is best first, whenever a label was added, and equal
orders stand close together, so that the full-text index is small. `label.offered` is 0 for labels
of guide terms and deprecated ones, which are shown and never searched.

`label_search` keeps no text and no positions: rows leave it by the words that they came with
(`term_rows.document`). Its tokenizer splits at spaces alone, since `fold` has found the words.
Prefixes of up to six letters have doclists of their own, read lazily: without, four to six letters
took 150 ms at 5 million labels (p99), with them 5 ms.

`place` is where a term is on earth. A band is a tenth of a degree of latitude, and within it places
stand by longitude: what is within a box is some short runs of one index (`places`). It takes a
fifth of the time of an R*Tree to fill, and every SQLite has it.

A term that is only named as somebody's broader one has a row with `stands` 0. Where no broader term
is named, `broader` says 0 (`term_rows.TOP`).
"""

import sqlite3

TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
CREATE TABLE term (
    id INTEGER PRIMARY KEY, iri TEXT NOT NULL, stands INTEGER NOT NULL, rank INTEGER NOT NULL,
    hex TEXT, deprecated INTEGER NOT NULL, guide INTEGER NOT NULL, shown TEXT NOT NULL,
    notes TEXT NOT NULL, notations TEXT NOT NULL, classes TEXT NOT NULL
);
CREATE TABLE broader (
    term INTEGER, position INTEGER, broader INTEGER NOT NULL, PRIMARY KEY (term, position)
) WITHOUT ROWID;
CREATE TABLE class (id INTEGER PRIMARY KEY, iri TEXT UNIQUE NOT NULL);
CREATE TABLE term_class (class INTEGER, term INTEGER, PRIMARY KEY (class, term)) WITHOUT ROWID;
CREATE TABLE notation (text TEXT, term INTEGER, PRIMARY KEY (text, term)) WITHOUT ROWID;
CREATE TABLE place (
    term INTEGER PRIMARY KEY, band INTEGER NOT NULL, lat REAL NOT NULL, long REAL NOT NULL
);
CREATE TABLE language (tag TEXT PRIMARY KEY, labels INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE label (
    id INTEGER PRIMARY KEY, term INTEGER NOT NULL, text TEXT NOT NULL, lang TEXT NOT NULL,
    kind TEXT NOT NULL, folded TEXT NOT NULL, variant INTEGER NOT NULL, offered INTEGER NOT NULL
);
CREATE VIRTUAL TABLE note_search USING fts5 (
    words, content='', detail=none, columnsize=0, prefix='2 4', tokenize="ascii"
);
"""
#: What a second process builds meanwhile.
SEARCH_TABLES = """
CREATE TABLE word (id INTEGER PRIMARY KEY, word TEXT UNIQUE NOT NULL, labels INTEGER NOT NULL);
CREATE TABLE head (id INTEGER PRIMARY KEY, text TEXT UNIQUE NOT NULL);
CREATE TABLE typo (bucket INTEGER PRIMARY KEY, pairs BLOB NOT NULL);
CREATE VIRTUAL TABLE label_search USING fts5 (
    words, content='', detail=none, columnsize=0, prefix='1 2 3 4 5 6',
    tokenize="ascii tokenchars '^~'"
);
CREATE VIRTUAL TABLE word_search USING fts5 (
    word, content='', detail=none, columnsize=0, tokenize="trigram"
);
"""
INDEXES = """
CREATE UNIQUE INDEX term_iri ON term (iri);
CREATE INDEX narrower ON broader (broader, term);
CREATE INDEX term_missing ON term (id) WHERE NOT stands;
CREATE INDEX label_term ON label (term);
CREATE INDEX label_folded ON label (folded) WHERE offered;
CREATE INDEX label_alphabet ON label (lang, folded) WHERE variant = 0;
CREATE INDEX place_band ON place (band, long, lat);
"""


def create(connection: sqlite3.Connection) -> None:
    """An empty vocabulary, to be filled term by term."""
    connection.executescript(TABLES + SEARCH_TABLES + INDEXES)
    connection.executemany(
        "INSERT INTO about VALUES (?, ?)",
        [("terms", 0), ("labels", 0), ("next", 1), ("full", ""), ("stamp", 0)],
    )


def bulk_settings(connection: sqlite3.Connection) -> None:
    """For a file that nobody reads yet, and that is thrown away when the build ends early."""
    for pragma in (
        "journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-120000",
        "temp_store=FILE",
    ):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")


def gather(connection: sqlite3.Connection, table: str) -> None:
    """Let a full-text table gather many rows before it writes them, and merge only at the end."""
    for name, value in (("hashsize", 1 << 24), ("automerge", 0), ("crisismerge", 2_000)):
        connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES (?, ?)", (name, value))


def settle(connection: sqlite3.Connection, table: str) -> None:
    """One segment, which is read fastest; from now on small additions, merged as they come."""
    connection.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
    for name, value in (("hashsize", 1 << 20), ("automerge", 4), ("crisismerge", 16)):
        connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES (?, ?)", (name, value))
