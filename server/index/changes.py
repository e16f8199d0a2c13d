"""What changed when, of public records: items, and published annotations.

    record   each as it stands by now: deleted or not, and the sets that it belongs to
    change   one row for each entry that changed it; `until` is the entry of the next change

So the records can be listed as they were ordered at any entry (`page`), however they change while
somebody goes through them: nothing is skipped and nothing comes twice (OAI-PMH 2.0, section 3.5).
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

SCHEMA = """
CREATE TABLE record (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, iri TEXT NOT NULL, deleted INTEGER NOT NULL,
    item TEXT NOT NULL, collection TEXT NOT NULL, provider TEXT NOT NULL, campaigns TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE change (
    seq INTEGER, id TEXT, until INTEGER NOT NULL, PRIMARY KEY (seq, id)
) WITHOUT ROWID;
CREATE INDEX change_id ON change (id, seq);
CREATE TABLE change_moment (seq INTEGER PRIMARY KEY, at TEXT NOT NULL);
CREATE INDEX change_moment_at ON change_moment (at, seq);
CREATE TABLE scope_change (scope TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
"""
Kind = Literal["item", "annotation"]
#: Where a page begins or ended: (entry, id).
Cursor = tuple[int, str]
START: Cursor = (0, "")
#: In `Among`: of any provider, of any campaign.
ANY = "*"
_LATEST = 1 << 62
#: An annotation is in the collection of its item, wherever that is by now.
_STATES = """record.id, record.kind, record.iri, record.deleted, record.item, about.collection,
    about.provider, record.campaigns"""
_COLUMNS = f"""change.seq, change.until, at, {_STATES}, NOT EXISTS (
        SELECT 1 FROM change AS earlier WHERE earlier.id = change.id AND earlier.seq < change.seq
    ) AS first
    FROM change JOIN record ON record.id = change.id
    JOIN record AS about ON about.id = record.item
    JOIN change_moment ON change_moment.seq = change.seq"""


@dataclass(frozen=True, slots=True)
class State:
    """A record as it stands: `id` is that of its page, `item` that of the item it is or is about.

    `provider` is the key of who provides the item. `campaigns` are slugs: of an item those whose
    published annotations enrich it, or did.
    """

    id: str
    kind: Kind
    iri: str
    deleted: bool
    item: str
    collection: str
    provider: str
    campaigns: tuple[str, ...] = ()

    @property
    def scopes(self) -> tuple[str, ...]:
        """What it is part of: `collection:posters`; "" is everything."""
        found = [f"campaign:{slug}" for slug in self.campaigns]
        found += [f"provider:{self.provider}"] if self.provider else []
        return ("", f"collection:{self.collection}", *found)


@dataclass(frozen=True, slots=True)
class Record(State):
    """One change of a record: in which entry, and when (UTC with milliseconds).

    `first` is the one that made it, `latest` the one that left it as it stands.
    """

    seq: int = 0
    at: str = ""
    first: bool = False
    latest: bool = True

    @property
    def cursor(self) -> Cursor:
        return (self.seq, self.id)


@dataclass(frozen=True, slots=True)
class Among:
    """Which records are meant: of a kind, in a set, changed in these entries (both included)."""

    kind: Kind | None = None
    collection: str = ""
    provider: str = ""
    campaign: str = ""
    first_seq: int = 0
    last_seq: int | None = None

    def where(self) -> tuple[str, list[object]]:
        wanted: list[tuple[str, object]] = [("change.seq >= ?", self.first_seq)]
        if self.last_seq is not None:
            wanted.append(("change.seq <= ?", self.last_seq))
        if self.kind:
            wanted.append(("record.kind = ?", self.kind))
        if self.collection:
            wanted.append(("about.collection = ?", self.collection))
        if self.provider == ANY:
            wanted.append(("about.provider <> ?", ""))
        elif self.provider:
            wanted.append(("about.provider = ?", self.provider))
        if self.campaign == ANY:
            wanted.append(("record.campaigns <> ?", ""))
        elif self.campaign:
            wanted.append(("instr(record.campaigns, ?)", f" {self.campaign} "))
        return " AND ".join(text for text, _value in wanted), [value for _text, value in wanted]


ALL = Among()


def put(connection: sqlite3.Connection, seq: int, at: str, states: Sequence[State]) -> None:
    """Note that an entry changed these records, and how they stand. Repeating it changes nothing.

    Entries may come in any order.
    """
    if not states:
        return
    connection.execute("INSERT OR IGNORE INTO change_moment VALUES (?, ?)", (seq, at))
    connection.executemany(
        "INSERT OR REPLACE INTO record VALUES (?,?,?,?,?,?,?,?)", [_row(state) for state in states]
    )
    connection.executemany(
        "UPDATE change SET until = ?1 WHERE id = ?2 AND seq < ?1 AND until > ?1",
        [(seq, state.id) for state in states],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO change VALUES (?1, ?2, COALESCE("
        "(SELECT MIN(seq) FROM change WHERE id = ?2 AND seq > ?1), ?3))",
        [(seq, state.id, _LATEST) for state in states],
    )
    scopes = dict.fromkeys((one for state in states for one in state.scopes), seq)
    for state in states:
        for slug in state.campaigns:  # where entries come out of order, it may know a later change
            scope = f"campaign:{slug}"
            scopes[scope] = max(scopes[scope], _last_of(connection, state.id))
    connection.executemany(
        "INSERT INTO scope_change VALUES (?, ?) "
        "ON CONFLICT DO UPDATE SET seq = MAX(seq, excluded.seq)",
        list(scopes.items()),
    )


def touch(connection: sqlite3.Connection, seq: int, scope: str) -> None:
    """Note that what is in a scope changed, since something left it."""
    connection.execute(
        "INSERT INTO scope_change VALUES (?, ?) "
        "ON CONFLICT DO UPDATE SET seq = MAX(seq, excluded.seq)",
        (scope, seq),
    )


def _last_of(connection: sqlite3.Connection, record_id: str) -> int:
    query = "SELECT MAX(seq) FROM change WHERE id = ?"
    return int(connection.execute(query, (record_id,)).fetchone()[0])


def _row(state: State) -> tuple[object, ...]:
    campaigns = f" {' '.join(state.campaigns)} " if state.campaigns else ""
    return (
        state.id, state.kind, state.iri, int(state.deleted), state.item,
        *((state.collection, state.provider) if state.kind == "item" else ("", "")), campaigns,
    )  # fmt: skip


def page(
    connection: sqlite3.Connection, among: Among = ALL, *, as_of: int, limit: int,
    after: Cursor = START,
) -> list[Record]:  # fmt: skip
    """Each record once, at its last change up to the entry `as_of`, in the order of these changes.

    Going on after the `cursor` of the last one, with the same `as_of`, skips and repeats nothing.
    """
    where, values = among.where()
    found = connection.execute(
        f"SELECT {_COLUMNS} WHERE (change.seq, change.id) > (?, ?) AND change.seq <= ? "
        f"AND change.until > ? AND {where} ORDER BY change.seq, change.id LIMIT ?",
        (*after, as_of, as_of, *values, limit),
    )
    return [_record(row) for row in found]


def count(connection: sqlite3.Connection, among: Among = ALL, *, as_of: int) -> int:
    """How many records `page` gives in all; it looks at each of them."""
    where, values = among.where()
    found = connection.execute(
        "SELECT COUNT(*) FROM change JOIN record ON record.id = change.id "
        "JOIN record AS about ON about.id = record.item "
        f"WHERE change.seq <= ? AND change.until > ? AND {where}",
        (as_of, as_of, *values),
    )
    return int(found.fetchone()[0])


def log(
    connection: sqlite3.Connection, among: Among = ALL, *, limit: int, after: Cursor = START,
    until: Cursor | None = None,
) -> list[Record]:  # fmt: skip
    """Every change in its order, also of records that changed again; up to one, included."""
    where, values = among.where()
    found = connection.execute(
        f"SELECT {_COLUMNS} WHERE (change.seq, change.id) > (?, ?) "
        f"AND (change.seq, change.id) <= (?, ?) AND {where} ORDER BY change.seq, change.id LIMIT ?",
        (*after, *(until or (_LATEST, "")), *values, limit),
    )
    return [_record(row) for row in found]


def log_before(
    connection: sqlite3.Connection, among: Among = ALL, *, limit: int,
    before: Cursor | None = None, since: Cursor = START,
) -> list[Record]:  # fmt: skip
    """The changes before a cursor, or the last ones; in their order; from one on, included."""
    where, values = among.where()
    found = connection.execute(
        f"SELECT {_COLUMNS} WHERE (change.seq, change.id) < (?, ?) "
        f"AND (change.seq, change.id) >= (?, ?) AND {where} "
        "ORDER BY change.seq DESC, change.id DESC LIMIT ?",
        (*(before or (_LATEST, "")), *since, *values, limit),
    )
    return [_record(row) for row in found][::-1]


def find(connection: sqlite3.Connection, kind: Kind, record_id: str) -> Record | None:
    """A record with its last change; None where it never was public."""
    row = connection.execute(
        f"SELECT {_COLUMNS} WHERE change.id = ? AND record.kind = ? "
        "ORDER BY change.seq DESC LIMIT 1",
        (record_id, kind),
    ).fetchone()
    return _record(row) if row else None


def latest(connection: sqlite3.Connection, record_id: str) -> tuple[int, str] | None:
    """The entry of the last change of a record, and its time."""
    row = connection.execute(
        "SELECT seq, at FROM change JOIN change_moment USING (seq) WHERE id = ? "
        "ORDER BY seq DESC LIMIT 1",
        (record_id,),
    ).fetchone()
    return (row[0], row[1]) if row else None


def last(connection: sqlite3.Connection) -> int:
    """The entry of the last change; 0 without any."""
    return scope_sequence(connection, "")


def scope_sequence(connection: sqlite3.Connection, scope: str) -> int:
    """The entry of the last change in `collection:…`, `provider:…`, `campaign:…` or "" (all)."""
    row = connection.execute("SELECT seq FROM scope_change WHERE scope = ?", (scope,)).fetchone()
    return int(row[0]) if row else 0


def earliest(connection: sqlite3.Connection) -> str | None:
    """The time of the first change."""
    return _one(connection, "SELECT at FROM change_moment ORDER BY seq LIMIT 1")  # type: ignore[return-value]


def moment(connection: sqlite3.Connection, seq: int) -> str | None:
    """The time of an entry that changed records."""
    return _one(connection, "SELECT at FROM change_moment WHERE seq = ?", seq)  # type: ignore[return-value]


def sequence_from(connection: sqlite3.Connection, at: str) -> int | None:
    """The first entry that changed records at or after a time (as `timestamp` writes it)."""
    query = "SELECT seq FROM change_moment WHERE at >= ? ORDER BY at, seq LIMIT 1"
    return _one(connection, query, at)  # type: ignore[return-value]


def sequence_until(connection: sqlite3.Connection, at: str) -> int | None:
    """The last entry that changed records at or before a time."""
    query = "SELECT seq FROM change_moment WHERE at <= ? ORDER BY at DESC, seq DESC LIMIT 1"
    return _one(connection, query, at)  # type: ignore[return-value]


def states(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, State]:
    """Those of these records that are known, as they stand."""
    wanted = list(ids)
    marks = ",".join("?" for _ in wanted)
    found = connection.execute(
        f"SELECT {_STATES} FROM record JOIN record AS about ON about.id = record.item "
        f"WHERE record.id IN ({marks})",
        wanted,
    )
    return {row["id"]: State(*_state(row)) for row in found}


def _one(connection: sqlite3.Connection, query: str, *values: object) -> object:
    row = connection.execute(query, values).fetchone()
    return row[0] if row else None


def _record(row: sqlite3.Row) -> Record:
    return Record(
        *_state(row), seq=row["seq"], at=row["at"], first=bool(row["first"]),
        latest=row["until"] == _LATEST,
    )  # fmt: skip


def _state(row: sqlite3.Row) -> tuple[str, Kind, str, bool, str, str, str, tuple[str, ...]]:
    return (
        row["id"], row["kind"], row["iri"], bool(row["deleted"]), row["item"], row["collection"],
        row["provider"], tuple(row["campaigns"].split()),
    )  # fmt: skip
