"""What people said of many things at once: whose it is, and how much of it stands."""

import sqlite3
from dataclasses import astuple, dataclass

SCHEMA = """
CREATE TABLE batch (
    iri TEXT PRIMARY KEY, campaign TEXT NOT NULL, agent TEXT NOT NULL, kind TEXT NOT NULL,
    verdict TEXT NOT NULL, term TEXT NOT NULL, size INTEGER NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX batch_agent ON batch (agent, at);
"""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """`size` votes (`kind` vote, with their `verdict`) or claims (`kind` claim) stand; `term` is an
    IRI, or "" where it is none that they are about."""

    iri: str
    campaign: str
    agent: str
    kind: str
    verdict: str
    term: str
    size: int
    at: str


def put(connection: sqlite3.Connection, row: BatchRow) -> None:
    connection.execute("INSERT OR REPLACE INTO batch VALUES (?,?,?,?,?,?,?,?)", astuple(row))


def remove(connection: sqlite3.Connection, iri: str) -> None:
    connection.execute("DELETE FROM batch WHERE iri = ?", (iri,))


def find(connection: sqlite3.Connection, iri: str) -> BatchRow | None:
    row = connection.execute("SELECT * FROM batch WHERE iri = ?", (iri,)).fetchone()
    return BatchRow(*row) if row else None


def of_agent(connection: sqlite3.Connection, agent: str, limit: int) -> list[BatchRow]:
    """The newest first."""
    found = connection.execute(
        "SELECT * FROM batch WHERE agent = ? ORDER BY at DESC LIMIT ?", (agent, limit)
    )
    return [BatchRow(*row) for row in found]
