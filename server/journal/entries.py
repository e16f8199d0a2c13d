"""The append-only journal: what stands here happened, everything else is derived from it.

SQLite in WAL mode with synchronous=FULL: `append` returns when the entry is on the disk.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from server.errors import Damaged, StorageFull, Unavailable
from server.i18n import _
from server.names import timestamp

metadata = sa.MetaData()
entry = sa.Table(
    "entry", metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("agent", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("key", sa.Text, unique=True),
    sa.Column("patch", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)  # fmt: skip
#: The bulk entry that gave a graph its present state.
graph_state = sa.Table(
    "graph_state", metadata,
    sa.Column("dataset", sa.Text, primary_key=True),
    sa.Column("graph", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("full_file", sa.Text),
)  # fmt: skip
#: Entries with bulk files, so that they are found without reading every patch.
bulk_entry = sa.Table("bulk_entry", metadata, sa.Column("seq", sa.Integer, primary_key=True))
#: Entries that a projection refused twice.
refused = sa.Table(
    "refused", metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("projection", sa.Text, primary_key=True),
    sa.Column("error", sa.Text, nullable=False),
)  # fmt: skip
fact = sa.Table(
    "fact", metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)  # fmt: skip
#: As text: as an expression it takes as long again as being made durable (measured).
_APPEND = "INSERT INTO entry (at, agent, action, key, patch) VALUES (?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Entry:
    """`patch` is JSON as `patches.Patch.from_json` reads it; `at` is UTC with milliseconds.

    `key` is the idempotency key that it was stored under, if any.
    """

    seq: int
    at: str
    agent: str
    action: str
    patch: dict[str, Any]
    key: str | None = None


class RepeatedKey(Exception):
    """The idempotency key was used before, by the entry with this number."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq)
        self.seq = seq


def open_engine(path: Path) -> Engine:
    """The journal's database, tables made where they are missing.

    Raises Damaged when the file is not a database.
    """
    # As many connections as are asked for: the event loop looks sessions up and must not wait.
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 10}, max_overflow=-1)

    @sa.event.listens_for(engine, "connect")
    def durable(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")  # what is erased leaves the file too

    try:
        metadata.create_all(engine)
    except DBAPIError as error:
        raise Damaged(_("{path} is not a readable journal.", path=path)) from error
    return engine


class Journal:
    """Appended to by whose turn it is to write; read by anybody."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.connect()
        newest = sa.select(entry.c.at).order_by(entry.c.seq.desc()).limit(1)
        self._last_at = self._writer.scalar(newest) or ""
        self._writer.rollback()

    def append(
        self, patch: dict[str, Any], *, agent: str, action: str, now: datetime, key: str | None
    ) -> Entry:
        """Make the entry durable, and return it with its sequence number.

        Its time never runs backwards, whatever the clock does. Raises RepeatedKey, StorageFull
        when the disk has no room, Unavailable on any other failure; then nothing was stored.
        """
        at = max(timestamp(now), self._last_at)
        values = (at, agent, action, key, json.dumps(patch, ensure_ascii=False))
        try:
            with self._writer.begin():
                seq = int(self._writer.exec_driver_sql(_APPEND, values).lastrowid)
                self._note_bulk(seq, patch)
        except IntegrityError:
            if key is not None and (seen := self.find_key(key)) is not None:
                raise RepeatedKey(seen) from None
            raise
        except DBAPIError as error:
            raise _write_failure(error) from error
        self._last_at = at
        return Entry(seq, at, agent, action, patch, key)

    def _note_bulk(self, seq: int, patch: dict[str, Any]) -> None:
        for bulk in patch.get("bulk", ()):
            where = (graph_state.c.dataset == bulk["dataset"]) & (
                graph_state.c.graph == bulk["graph"]
            )
            full = json.dumps(bulk["full"]) if bulk["full"] else None
            self._writer.execute(graph_state.delete().where(where))
            self._writer.execute(
                graph_state.insert(),
                {"dataset": bulk["dataset"], "graph": bulk["graph"], "seq": seq, "full_file": full},
            )
        if patch.get("bulk"):
            self._writer.execute(bulk_entry.insert(), {"seq": seq})

    def find_key(self, key: str) -> int | None:
        with self.engine.connect() as connection:
            return connection.scalar(sa.select(entry.c.seq).where(entry.c.key == key))

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """In their order, read in pages so that a long journal needs little memory."""
        while True:
            query = sa.select(entry).where(entry.c.seq > after).order_by(entry.c.seq).limit(500)
            if until is not None:
                query = query.where(entry.c.seq <= until)
            with self.engine.connect() as connection:
                rows = connection.execute(query).all()
            yield from (_entry(row) for row in rows)
            if len(rows) < 500:
                return
            after = rows[-1].seq

    def get(self, seq: int) -> Entry:
        return next(self.entries(seq - 1, seq))

    def find_some(self, seqs: Collection[int]) -> dict[int, Entry]:
        """Those of these entries that there are, by their number."""
        query = sa.select(entry).where(entry.c.seq.in_(seqs))
        with self.engine.connect() as connection:
            return {row.seq: _entry(row) for row in connection.execute(query)}

    def find_keys(self, keys: Collection[str]) -> set[str]:
        """Those of these idempotency keys that were used."""
        query = sa.select(entry.c.key).where(entry.c.key.in_(keys))
        with self.engine.connect() as connection:
            return set(connection.scalars(query))

    def bulk_sequences(self, after: int = 0) -> list[int]:
        query = sa.select(bulk_entry.c.seq).where(bulk_entry.c.seq > after)
        with self.engine.connect() as connection:
            return list(connection.scalars(query.order_by(bulk_entry.c.seq)))

    def graph_file(self, dataset: str, graph: str) -> tuple[int, dict[str, Any] | None] | None:
        """The last bulk entry of a graph and its full file, or None where there was none."""
        query = sa.select(graph_state).where(
            graph_state.c.dataset == dataset, graph_state.c.graph == graph
        )
        with self.engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return row and (row.seq, json.loads(row.full_file) if row.full_file else None)

    def last(self) -> int:
        with self.engine.connect() as connection:
            return connection.scalar(sa.select(sa.func.max(entry.c.seq))) or 0

    def set_aside(self, seq: int, projection: str, error: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(
                refused.insert().prefix_with("OR REPLACE"),
                {"seq": seq, "projection": projection, "error": error},
            )

    def forget_refusals(self, projection: str) -> None:
        """Before it is rebuilt from nothing: what it refused then, it may take now."""
        with self.engine.begin() as connection:
            connection.execute(refused.delete().where(refused.c.projection == projection))

    def set_aside_entries(self) -> list[tuple[int, str, str]]:
        """(sequence, projection, error) of each entry that a projection refused."""
        with self.engine.connect() as connection:
            rows = connection.execute(sa.select(refused).order_by(refused.c.seq))
            return [(row.seq, row.projection, row.error) for row in rows]

    def fact(self, name: str) -> str | None:
        with self.engine.connect() as connection:
            return connection.scalar(sa.select(fact.c.value).where(fact.c.name == name))

    def set_fact(self, name: str, value: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(fact.delete().where(fact.c.name == name))
            connection.execute(fact.insert(), {"name": name, "value": value})

    def close(self) -> None:
        self._writer.close()
        self.engine.dispose()


def _entry(row: Any) -> Entry:
    return Entry(row.seq, row.at, row.agent, row.action, json.loads(row.patch), row.key)


def _write_failure(error: DBAPIError) -> Unavailable:
    if "full" in str(error.orig):
        return StorageFull(_("The disk is full. Nothing was stored."))
    return Unavailable(_("It could not be stored. Nothing was changed; please try again."))
