"""A whole vocabulary into a file of its own, beside the one in use: sorted first, then written.

Terms are spooled (`Spool`): their labels into a file for each order, so that they are written in
the order of `label.id` without being sorted, which the full-text index takes three times as fast.
Then two files are made, by two processes where there are two: the terms and labels with their
indexes (`build_terms`), and the full-text index with its words (`build_search`), which at last is
copied into the first (`join`). Several processes may spool into one folder, each by its number.
"""

import os
import secrets
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from server.index import vocabulary_schema, vocabulary_words
from server.index.database import Database
from server.index.folding import fold
from server.index.term_rows import (
    WITHOUT_QUALIFIER,
    WRITTEN,
    TermRow,
    document,
)
from server.index.vocabulary_spools import Spool, labels, pieces
from server.index.vocabulary_writes import point, remember

Progress = Callable[[int], None]


def build_terms(
    folder: Path, target: Path, full: str, progress: Progress = lambda _n: None
) -> None:
    """The file without its full-text index; `full` names the state that it is made from."""
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        vocabulary_schema.bulk_settings(connection)
        connection.executescript(vocabulary_schema.TABLES + vocabulary_schema.SEARCH_TABLES)
        connection.execute("BEGIN")
        languages: Counter[str] = Counter()
        connection.executemany(
            "INSERT INTO label VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            _label_values(folder, languages, progress),
        )
        terms = _write_terms(connection, folder)
        connection.executemany("INSERT INTO language VALUES (?, ?)", languages.items())
        running = connection.execute("SELECT MAX(id & 0xffffffff) FROM label").fetchone()[0] or 0
        for name, value in (
            ("terms", terms), ("labels", languages.total()), ("next", running + 1), ("full", full),
            ("stamp", secrets.randbits(62)),
        ):  # fmt: skip
            remember(connection, name, value)
        for statement in vocabulary_schema.INDEXES.split(";\n"):
            connection.execute(statement)
        _resolve(connection)
        connection.execute("COMMIT")


def _label_values(folder: Path, languages: Counter[str], progress: Progress) -> Iterator[Any]:
    for count, (number, row) in enumerate(labels(folder), 1):
        if row[5] == WRITTEN:
            languages[row[2]] += 1
        if count % 20_000 == 0:
            progress(count)
        yield (number, *row)


def _write_terms(connection: sqlite3.Connection, folder: Path) -> int:
    connection.execute("CREATE TEMP TABLE up (term INTEGER, position INTEGER, iri TEXT)")
    vocabulary_schema.gather(connection, "note_search")
    classes: dict[str, int] = {}
    rows, terms = pieces(folder, "terms"), 0
    while chunk := list(islice(rows, 5_000)):
        terms += len(chunk)
        connection.executemany(
            "INSERT INTO term VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((number, iri, *values) for number, iri, values, *_rest in chunk),
        )
        connection.executemany(
            "INSERT INTO up VALUES (?, ?, ?)",
            ((row[0], n, iri) for row in chunk for n, iri in enumerate(row[3] or ("",))),
        )
        connection.executemany(
            "INSERT OR IGNORE INTO term_class VALUES (?, ?)",
            ((classes.setdefault(c, len(classes) + 1), row[0]) for row in chunk for c in row[4]),
        )
        connection.executemany(
            "INSERT OR IGNORE INTO notation VALUES (?, ?)",
            ((fold(text), row[0]) for row in chunk for text in row[5]),
        )
        connection.executemany(
            "INSERT INTO note_search (rowid, words) VALUES (?, ?)",
            ((row[0], row[6]) for row in chunk if row[6]),
        )
        connection.executemany(
            "INSERT INTO place VALUES (?, ?, ?, ?)", ((row[0], *row[7]) for row in chunk if row[7])
        )
    vocabulary_schema.settle(connection, "note_search")
    connection.executemany("INSERT INTO class VALUES (?, ?)", ((n, c) for c, n in classes.items()))
    return terms


def _resolve(connection: sqlite3.Connection) -> None:
    """From the IRIs of broader terms to their numbers; those without a row get one."""
    connection.execute(
        "INSERT INTO term SELECT NULL, iri, 0, 0, NULL, 0, 0, '{}', '[]', '[]', '[]'"
        " FROM (SELECT DISTINCT iri FROM up) WHERE iri <> '' AND iri NOT IN (SELECT iri FROM term)"
    )
    connection.execute(
        "INSERT INTO broader SELECT up.term, position, COALESCE(term.id, 0) FROM up"
        " LEFT JOIN term ON term.iri = up.iri ORDER BY up.term, position"
    )
    connection.execute("DROP TABLE up")


def build_search(folder: Path, target: Path) -> None:
    """The full-text index of the labels and what follows from it."""
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        vocabulary_schema.bulk_settings(connection)
        connection.executescript(vocabulary_schema.SEARCH_TABLES)
        for table in ("label_search", "word_search"):
            vocabulary_schema.gather(connection, table)
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO label_search (rowid, words) VALUES (?, ?)",
            (
                (number, document(row[4], row[2]))
                for number, row in labels(folder)
                if row[6] and row[5] != WITHOUT_QUALIFIER
            ),
        )
        vocabulary_schema.settle(connection, "label_search")
        vocabulary_words.build(connection)
        vocabulary_schema.settle(connection, "word_search")
        connection.execute("COMMIT")


def join(target: Path, search: Path) -> None:
    """Copy the full-text index into the file of the terms, and make that ready for readers."""
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("ATTACH ? AS search", (f"{search}",))
        connection.execute("BEGIN")
        kept = connection.execute(
            "SELECT name FROM search.sqlite_master WHERE type = 'table' AND rootpage > 0"
            " AND name NOT LIKE 'sqlite_%'"
        )
        for (table,) in kept.fetchall():  # also the tables that a full-text table keeps its data in
            connection.execute(f"DELETE FROM main.{table}")
            connection.execute(f"INSERT INTO main.{table} SELECT * FROM search.{table}")
        connection.execute("COMMIT")
        connection.execute("DETACH search")
    with closing(sqlite3.connect(target)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    _sync(target)


def _sync(path: Path) -> None:
    for each in (path, path.parent):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def build(rows: Iterable[TermRow], folder: Path, target: Path, full: str = "") -> None:
    """All in this process; `folder` is empty, and may be thrown away afterwards."""
    spool = Spool(folder)
    for row in rows:
        spool.add(row)
    spool.close()
    build_terms(folder, target, full)
    build_search(folder, folder / "search.sqlite")
    join(target, folder / "search.sqlite")


def replace_vocabulary(
    index: Database, vocabulary: str, dataset: str, terms: Iterable[TermRow]
) -> None:
    """Make the index hold exactly these terms of a vocabulary, in a new file."""
    name = index.vocabularies.new_name(vocabulary)
    with tempfile.TemporaryDirectory(dir=index.vocabularies.folder) as folder:
        build(terms, Path(folder), index.vocabularies.path(name))
    point(index, vocabulary, dataset, name)
