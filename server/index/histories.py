"""What happened to one thing, and what one agent did: numbers of journal entries, newest first."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

NEWEST = 1 << 62  # above every number of an entry


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry of the journal; `at` is UTC with milliseconds."""

    seq: int
    at: str
    agent: str
    action: str


def of_subject(
    connection: sqlite3.Connection, subject: str, limit: int, before: int = NEWEST
) -> list[Mark]:
    """The entries about a thing (an IRI)."""
    found = connection.execute(
        "SELECT seq, at, agent, action FROM history WHERE subject = ? AND seq < ?"
        " ORDER BY seq DESC LIMIT ?",
        (subject, before, limit),
    )
    return [Mark(*row) for row in found]


def of_agent(
    connection: sqlite3.Connection, agent: str, since: str, actions: Sequence[str], limit: int,
    before: int = NEWEST,
) -> list[Mark]:  # fmt: skip
    """The entries by an agent (an IRI) from then on, of these kinds."""
    marks = ",".join("?" * len(actions))
    found = connection.execute(
        "SELECT DISTINCT seq, at, agent, action FROM history WHERE agent = ? AND seq < ?"
        f" AND at >= ? AND action IN ({marks}) ORDER BY seq DESC LIMIT ?",
        (agent, before, since, *actions, limit),
    )
    return [Mark(*row) for row in found]


def last(connection: sqlite3.Connection, subject: str, action: str) -> Mark | None:
    """The last time that this was done to a thing."""
    row = connection.execute(
        "SELECT seq, at, agent, action FROM history WHERE subject = ? AND action = ?"
        " ORDER BY seq DESC LIMIT 1",
        (subject, action),
    ).fetchone()
    return Mark(*row) if row else None
