"""The files of vocabularies: opened by each thread when needed, let go of when replaced."""

import os
import shutil
import sqlite3
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from server.index import vocabulary_schema

Kind = TypeVar("Kind", bound=sqlite3.Connection)
_SUFFIXES = ("", "-wal", "-shm", "-journal")
_MAPPED = 1 << 31
_CHECKED = 64_000_000  # bytes: files up to this size are looked through when they are opened


class Gone(Exception):
    """The file was replaced and removed since its name was read."""


class _Reader(sqlite3.Connection):
    """Closed with the thread that it belongs to."""

    closed: Callable[[], None] | None = None

    def __del__(self) -> None:
        self.finish()

    def finish(self) -> None:
        self.close()
        if self.closed is not None:
            self.closed()
            self.closed = None


class VocabularyFiles:
    """Names of files stand in `term_vocabulary`; each thread has a reader of its own for each.

    A file that was replaced goes as soon as no reader is open on it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._local = threading.local()
        self._lock = threading.Lock()
        #: Sets, not counts: a reader may be closed in any thread, in the middle of anything.
        self._readers: dict[str, set[int]] = {}
        self._all: weakref.WeakSet[_Reader] = weakref.WeakSet()
        self._retired: set[str] = set()
        self.replaced: set[str] = set()  #: perhaps: what replaces them may be rolled back
        self._writers: dict[str, sqlite3.Connection] = {}

    def new_name(self, slug: str) -> str:
        self.folder.mkdir(exist_ok=True)
        return f"{slug}-{os.urandom(6).hex()}.sqlite"

    def path(self, name: str) -> Path:
        return self.folder / name

    def create(self, slug: str) -> str:
        """The name of a new, empty file."""
        name = self.new_name(slug)
        connection = sqlite3.connect(self.path(name))
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            vocabulary_schema.create(connection)
            connection.commit()
        finally:
            connection.close()
        return name

    def read(self, name: str) -> sqlite3.Connection:
        """This thread's reader. Raises Gone."""
        held: dict[str, _Reader] | None = getattr(self._local, "held", None)
        if held is None:
            held = self._local.held = {}
        if name not in held or name in self._retired:
            self._let_go(held)
            held[name] = self._open(name)
        return held[name]

    def _let_go(self, held: dict[str, _Reader]) -> None:
        for name in self._retired & held.keys():
            held.pop(name).finish()

    def _open(self, name: str) -> _Reader:
        with self._lock:
            if name in self._retired or not self.path(name).exists():
                raise Gone(name)
            connection = _connect(self.path(name), _Reader)
            self._readers.setdefault(name, set()).add(id(connection))
            self._all.add(connection)
        number = id(connection)
        connection.closed = lambda: self._closed(name, number)
        connection.execute(f"PRAGMA mmap_size={_MAPPED}")
        connection.execute("PRAGMA query_only=1")
        return connection

    def _closed(self, name: str, number: int) -> None:
        self._readers[name].discard(number)
        if name in self._retired:
            self._remove(name)

    def write(self, name: str) -> sqlite3.Connection:
        """The one writer of a file, for whose turn it is to write.

        Each commit is synced: the mark in the main index, written after it, must not outlast it.
        """
        if name not in self._writers:
            connection = self._writers[name] = _connect(self.path(name), sqlite3.Connection)
            connection.execute("PRAGMA synchronous=FULL")
        return self._writers[name]

    def retire(self, named: set[str]) -> None:
        """Files that were replaced go, but for those that are still named."""
        retired, self.replaced = self.replaced - named, set()
        for name in retired:
            with self._lock:
                self._retired.add(name)
            if (writer := self._writers.pop(name, None)) is not None:
                writer.close()
            self._let_go(getattr(self._local, "held", {}))
            self._remove(name)

    def _remove(self, name: str) -> None:
        if not self._readers.get(name):
            for suffix in _SUFFIXES:
                Path(f"{self.path(name)}{suffix}").unlink(missing_ok=True)

    def sweep(self, named: set[str]) -> None:
        """At start: remove what no row names (a build that was killed, a file that was replaced).

        Raises sqlite3.DatabaseError where a named one is missing or damaged.
        """
        for name in named:
            self._check(name)
        for path in self.folder.glob("*"):
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name.partition(".sqlite")[0] + ".sqlite" not in named:
                path.unlink()

    def _check(self, name: str) -> None:
        if not self.path(name).is_file():
            raise sqlite3.DatabaseError(f"{name} is missing")
        connection = _connect(self.path(name), sqlite3.Connection)
        try:
            connection.execute("SELECT value FROM about WHERE name = 'stamp'").fetchone()[0]
            small = self.path(name).stat().st_size <= _CHECKED
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0] if small else "ok"
        finally:
            connection.close()
        if found != "ok":
            raise sqlite3.DatabaseError(f"{name}: {found}")

    def close(self) -> None:
        with self._lock:
            readers = list(self._all)
        for reader in readers:
            reader.finish()
        for connection in self._writers.values():
            connection.close()
        self._writers.clear()


def _connect(path: Path, factory: type[Kind]) -> Kind:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw", uri=True, check_same_thread=False, timeout=10,
        factory=factory,
    )  # fmt: skip
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA cache_size=-16000")
    return connection
