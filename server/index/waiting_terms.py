"""The terms with the most proposals that wait for votes: a tally of each campaign and term."""

import sqlite3

from server.index.contributions import AnnotationRow

_WAITS = "status IN ('pending', 'contested')"
SCHEMA = f"""
CREATE TABLE waiting_term (
    campaign TEXT, term TEXT, proposals INTEGER NOT NULL, PRIMARY KEY (campaign, term)
) WITHOUT ROWID;
CREATE INDEX waiting_term_most ON waiting_term (campaign, proposals DESC, term);
CREATE INDEX annotation_waiting ON annotation (campaign, body, iri) WHERE {_WAITS};
CREATE TRIGGER waiting_term_added AFTER INSERT ON annotation
    WHEN new.{_WAITS} AND new.body <> '' BEGIN
    INSERT INTO waiting_term VALUES (new.campaign, new.body, 1)
        ON CONFLICT DO UPDATE SET proposals = proposals + 1; END;
CREATE TRIGGER waiting_term_removed AFTER DELETE ON annotation
    WHEN old.{_WAITS} AND old.body <> '' BEGIN
    UPDATE waiting_term SET proposals = proposals - 1
        WHERE campaign = old.campaign AND term = old.body;
    DELETE FROM waiting_term
        WHERE campaign = old.campaign AND term = old.body AND proposals = 0; END;
"""


def most(
    connection: sqlite3.Connection, campaign: str, limit: int, after: tuple[int, str] | None = None
) -> list[tuple[str, int]]:
    """(IRI, number of proposals), the most first; after one of these, to go on with."""
    number, term = after or (2**62, "")
    same = connection.execute(
        "SELECT term, proposals FROM waiting_term WHERE campaign = ? AND proposals = ?"
        " AND term > ? ORDER BY term LIMIT ?",
        (campaign, number, term, limit),
    ).fetchall()
    fewer = connection.execute(
        "SELECT term, proposals FROM waiting_term WHERE campaign = ? AND proposals < ?"
        " ORDER BY proposals DESC, term LIMIT ?",
        (campaign, number, limit - len(same)),
    )
    return [(iri, count) for iri, count in (*same, *fewer)]


def number(connection: sqlite3.Connection, campaign: str, term: str) -> int:
    """How many proposals of a term (an IRI) wait."""
    row = connection.execute(
        "SELECT proposals FROM waiting_term WHERE campaign = ? AND term = ?", (campaign, term)
    ).fetchone()
    return int(row[0]) if row else 0


def proposals(
    connection: sqlite3.Connection, campaign: str, term: str, limit: int, after: str = ""
) -> list[AnnotationRow]:
    """A page of those that wait, in the order of their IRIs, which says nothing; `after` is the
    last one seen."""
    found = connection.execute(
        f"SELECT * FROM annotation WHERE campaign = ? AND body = ? AND iri > ? AND {_WAITS}"
        " ORDER BY iri LIMIT ?",
        (campaign, term, after, limit),
    )
    return [AnnotationRow(*row) for row in found]
