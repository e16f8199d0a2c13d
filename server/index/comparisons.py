"""Which of two renderings of an image people prefer: who made them, and the tallies by triggers.

A row says what an annotation compares; how many people say so follows from their contributions.
"""

import sqlite3
from dataclasses import astuple, dataclass

SCHEMA = """
CREATE TABLE comparison (
    annotation TEXT PRIMARY KEY, campaign TEXT NOT NULL, task INTEGER NOT NULL, item TEXT NOT NULL,
    images TEXT NOT NULL, first TEXT NOT NULL, second TEXT NOT NULL, preferred TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX comparison_item ON comparison (item, campaign, task);
CREATE TABLE comparison_tally (
    campaign TEXT, task INTEGER, first TEXT, second TEXT, preferred TEXT, answers INTEGER NOT NULL,
    PRIMARY KEY (campaign, task, first, second, preferred)
) WITHOUT ROWID;
CREATE TRIGGER comparison_added AFTER INSERT ON comparison BEGIN
    INSERT INTO comparison_tally SELECT new.campaign, new.task, new.first, new.second,
        new.preferred, COUNT(*) FROM contribution
        WHERE annotation = new.annotation AND kind = 'claim' HAVING COUNT(*) > 0
        ON CONFLICT DO UPDATE SET answers = answers + excluded.answers; END;
CREATE TRIGGER comparison_removed AFTER DELETE ON comparison BEGIN
    UPDATE comparison_tally SET answers = answers - (
        SELECT COUNT(*) FROM contribution
        WHERE annotation = old.annotation AND kind = 'claim')
        WHERE campaign = old.campaign AND task = old.task AND first = old.first
        AND second = old.second AND preferred = old.preferred;
    DELETE FROM comparison_tally WHERE campaign = old.campaign AND task = old.task
        AND answers = 0; END;
CREATE TRIGGER comparison_claimed AFTER INSERT ON contribution WHEN new.kind = 'claim' BEGIN
    INSERT INTO comparison_tally SELECT campaign, task, first, second, preferred, 1
        FROM comparison WHERE annotation = new.annotation
        ON CONFLICT DO UPDATE SET answers = answers + 1; END;
CREATE TRIGGER comparison_unclaimed AFTER DELETE ON contribution WHEN old.kind = 'claim' BEGIN
    UPDATE comparison_tally SET answers = answers - 1
        WHERE (campaign, task, first, second, preferred) IN (
            SELECT campaign, task, first, second, preferred FROM comparison
            WHERE annotation = old.annotation);
    DELETE FROM comparison_tally WHERE answers = 0 AND campaign = old.campaign; END;
"""


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """`images` are two IRIs, `first` and `second` who made them (IRIs or names), each pair in
    order; `preferred` is one of these, "" where both are equally good."""

    annotation: str
    campaign: str
    task: int
    item: str
    images: tuple[str, str]
    first: str
    second: str
    preferred: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people answered so, over all items; as in ComparisonRow."""

    first: str
    second: str
    preferred: str
    answers: int


def put(connection: sqlite3.Connection, row: ComparisonRow) -> None:
    """Only what differs is written: each row that comes or goes moves the tallies."""
    wanted = (*astuple(row)[:4], "\n".join(row.images), row.first, row.second, row.preferred)
    standing = connection.execute(
        "SELECT * FROM comparison WHERE annotation = ?", (row.annotation,)
    ).fetchone()
    if standing is None or tuple(standing) != wanted:
        remove(connection, row.annotation)
        connection.execute("INSERT INTO comparison VALUES (?,?,?,?,?,?,?,?)", wanted)


def remove(connection: sqlite3.Connection, annotation: str) -> None:
    connection.execute("DELETE FROM comparison WHERE annotation = ?", (annotation,))


def answered(
    connection: sqlite3.Connection, campaign: str, task: int, item: str, agent: str
) -> dict[tuple[str, ...], str]:
    """The pairs of images of an item that somebody compared, with the annotation that says so."""
    found = connection.execute(
        "SELECT images, comparison.annotation FROM comparison JOIN contribution"
        " ON contribution.annotation = comparison.annotation AND agent = ? AND kind = 'claim'"
        " WHERE comparison.item = ? AND comparison.campaign = ? AND task = ?",
        (agent, item, campaign, task),
    )
    return {tuple(images.split("\n")): annotation for images, annotation in found}


def tallies(connection: sqlite3.Connection, campaign: str, task: int) -> list[Tally]:
    found = connection.execute(
        "SELECT first, second, preferred, answers FROM comparison_tally"
        " WHERE campaign = ? AND task = ? AND answers > 0 ORDER BY first, second, preferred",
        (campaign, task),
    )
    return [Tally(*row) for row in found]
