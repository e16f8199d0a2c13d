"""The main SQLite file of the index: opened, versioned; one writer, a reader per thread.

Beside it each vocabulary has a file of its own (`vocabularies`), named in `term_vocabulary`.
"""

import contextlib
import sqlite3
import threading
import weakref
import zlib
from pathlib import Path
from typing import TypeVar

from server.errors import Damaged
from server.index import vocabulary_schema
from server.index.vocabulary_files import VocabularyFiles

#: Raise when rows of the same tables get another meaning. With the text of the schemas it makes
#: the version: an index of another one is dropped and rebuilt.
MEANING = 5
#: A writer waits for the disk where its log has become so long; `checkpoint` comes before that.
_LOG_PAGES = 8_000
SCHEMA = "CREATE TABLE mark (name TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;"
Kind = TypeVar("Kind", bound=sqlite3.Connection)


class _Reader(sqlite3.Connection):
    """Closed with the thread that it belongs to."""

    def __del__(self) -> None:
        self.close()


class Database:
    """`write` belongs to whose turn it is to write; `read()` gives each thread its own connection.

    Raises Damaged, or sqlite3.DatabaseError, for a file that is none of ours.
    """

    def __init__(self, path: Path, schemas: tuple[str, ...]) -> None:
        self.path = path
        self.vocabularies = VocabularyFiles(path.with_suffix(""))
        self.write = _connect(path, sqlite3.Connection)
        self.write.execute(f"PRAGMA wal_autocheckpoint={_LOG_PAGES}")
        self._local = threading.local()
        self._readers: weakref.WeakSet[_Reader] = weakref.WeakSet()
        self._lock = threading.Lock()
        try:
            self._prepare(schemas)
            self._sweep()
        except BaseException:
            self.write.close()
            raise

    def _prepare(self, schemas: tuple[str, ...]) -> None:
        texts = (SCHEMA, *schemas, vocabulary_schema.TABLES, str(MEANING))
        wanted = zlib.crc32("".join(texts).encode()) >> 1 or 1
        version = self.write.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, wanted):
            raise Damaged(f"index version {version}")
        if version == 0:
            self.write.execute("PRAGMA journal_mode=WAL")
            for schema in (SCHEMA, *schemas):
                self.write.executescript(schema)
            self.write.execute(f"PRAGMA user_version={wanted}")
            self.write.commit()
        elif (found := self.write.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise Damaged(found)

    def _sweep(self) -> None:
        tables = {name for (name,) in self.write.execute("SELECT name FROM sqlite_master")}
        if "term_vocabulary" in tables:
            named = self.write.execute("SELECT file FROM term_vocabulary")
            self.vocabularies.sweep({name for (name,) in named})

    def read(self) -> sqlite3.Connection:
        connection: _Reader | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = _connect(self.path, _Reader)
            connection.execute("PRAGMA query_only=1")
            with self._lock:
                self._readers.add(connection)
        return connection

    def checkpoint(self) -> None:
        """Move what is in the write-ahead log into the file, beside whoever reads or writes."""
        with contextlib.closing(_connect(self.path, sqlite3.Connection)) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def mark(self, name: str, seq: int) -> None:
        """Note, in the open transaction of the writer, up to which entry something is done."""
        self.write.execute("INSERT OR REPLACE INTO mark (name, seq) VALUES (?, ?)", (name, seq))

    def marked(self, name: str) -> int:
        row = self.read().execute("SELECT seq FROM mark WHERE name = ?", (name,)).fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        with self._lock:
            readers = list(self._readers)
        self.vocabularies.close()
        for connection in [*readers, self.write]:
            connection.close()


def _connect(path: Path, factory: type[Kind]) -> Kind:
    connection = sqlite3.connect(path, check_same_thread=False, timeout=10, factory=factory)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA cache_size=-32000")
    return connection
