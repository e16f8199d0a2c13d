"""Gold items: those whose right answers an organiser knows, and how people answered them."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

SCHEMA = """
CREATE TABLE gold (
    campaign TEXT, item TEXT, task INTEGER, node TEXT NOT NULL, PRIMARY KEY (campaign, item, task)
) WITHOUT ROWID;
CREATE INDEX gold_node ON gold (node);
CREATE TABLE gold_answer (
    campaign TEXT, item TEXT, task INTEGER, value TEXT, PRIMARY KEY (campaign, item, task, value)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class GoldRow:
    """`item` and `node` are IRIs: of the item, and of what stands about it in RDF."""

    campaign: str
    item: str
    task: int
    node: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions with a known answer somebody answered, and how many of them right."""

    answered: int = 0
    right: int = 0


def comparable(answer: str) -> str:
    """As answers are compared: without regard to case and white space around words."""
    return " ".join(answer.casefold().split())


def put(connection: sqlite3.Connection, row: GoldRow, answers: Iterable[str]) -> None:
    remove(connection, row.node)
    key = (row.campaign, row.item, row.task)
    connection.execute("INSERT OR REPLACE INTO gold VALUES (?,?,?,?)", (*key, row.node))
    connection.executemany(
        "INSERT OR IGNORE INTO gold_answer VALUES (?,?,?,?)", [(*key, each) for each in answers]
    )


def remove(connection: sqlite3.Connection, node: str) -> None:
    for key in connection.execute(
        "SELECT campaign, item, task FROM gold WHERE node = ?", (node,)
    ).fetchall():
        for table in ("gold_answer", "gold"):
            connection.execute(
                f"DELETE FROM {table} WHERE campaign = ? AND item = ? AND task = ?", tuple(key)
            )


def rows(
    connection: sqlite3.Connection, campaign: str, *, limit: int, after: tuple[str, int] = ("", 0)
) -> list[GoldRow]:
    """By item and task, after the last one seen."""
    found = connection.execute(
        "SELECT campaign, item, task, node FROM gold WHERE campaign = ? AND (item, task) > (?, ?) "
        "ORDER BY item, task LIMIT ?",
        (campaign, *after, limit),
    )
    return [GoldRow(*row) for row in found]


def find(connection: sqlite3.Connection, campaign: str, item: str, task: int) -> GoldRow | None:
    row = connection.execute(
        "SELECT campaign, item, task, node FROM gold WHERE campaign = ? AND item = ? AND task = ?",
        (campaign, item, task),
    ).fetchone()
    return GoldRow(*row) if row else None


def unseen(connection: sqlite3.Connection, campaign: str, agent: str) -> list[str]:
    """The standing gold items that this person has not met; there are as many as were marked."""
    found = connection.execute(
        "SELECT DISTINCT item FROM gold JOIN queue USING (campaign, item) WHERE campaign = ? "
        "AND NOT EXISTS (SELECT 1 FROM encounter WHERE encounter.campaign = gold.campaign "
        "AND agent = ? AND encounter.item = gold.item)",
        (campaign, agent),
    )
    return [row[0] for row in found]


def said(
    connection: sqlite3.Connection, campaign: str, agent: str, item: str, task: int
) -> list[tuple[str, str]]:
    """(body, text) of each answer that this person claims, or approved of."""
    found = connection.execute(
        "SELECT body, text FROM contribution AS c CROSS JOIN annotation ON iri = c.annotation "
        "WHERE c.campaign = ? AND c.item = ? AND c.agent = ? AND task = ? "
        "AND (c.kind = 'claim' OR c.verdict = 'approve')",
        (campaign, item, agent, task),
    )
    return [tuple(row) for row in found]


def answers(connection: sqlite3.Connection, campaign: str, item: str, task: int) -> set[str]:
    found = connection.execute(
        "SELECT value FROM gold_answer WHERE campaign = ? AND item = ? AND task = ?",
        (campaign, item, task),
    )
    return {row[0] for row in found}


def is_right(connection: sqlite3.Connection, row: GoldRow, agent: str) -> bool | None:
    """Whether one of somebody's answers is a right one; None before they answered."""
    given = said(connection, row.campaign, agent, row.item, row.task)
    if not given:
        return None
    right = answers(connection, row.campaign, row.item, row.task)
    return any(body in right or comparable(text) in right for body, text in given)


def tally(connection: sqlite3.Connection, campaign: str, agent: str) -> Tally:
    """Of one person; the cost grows with the gold items alone."""
    found = connection.execute(
        "SELECT gold.campaign, gold.item, gold.task, node FROM gold JOIN encounter "
        "ON encounter.campaign = gold.campaign AND encounter.item = gold.item AND agent = ? "
        "WHERE gold.campaign = ? AND encounter.contributions > 0",
        (agent, campaign),
    )
    verdicts = [is_right(connection, GoldRow(*row), agent) for row in found]
    return Tally(sum(each is not None for each in verdicts), verdicts.count(True))


def people(
    connection: sqlite3.Connection, campaign: str, *, limit: int, after: str = ""
) -> list[str]:
    """Those who contributed to the campaign, by their agents' IRIs, after the last one seen."""
    found = connection.execute(
        "SELECT agent FROM agent_tally WHERE campaign = ? AND agent > ? ORDER BY agent LIMIT ?",
        (campaign, after, limit),
    )
    return [row[0] for row in found]
