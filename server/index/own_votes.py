"""What one person has still to judge, and has judged already."""

import sqlite3
from collections.abc import Collection

from server.index import proposal_queues

_MOST_COUNTED = 10_000


def waiting_for(connection: sqlite3.Connection, campaign: str, agent: str) -> int:
    """How many proposals of the campaign wait for this person's vote, as the nodes count them."""
    queue = proposal_queues.QUEUE + campaign
    row = connection.execute(
        "SELECT (SELECT COALESCE(SUM(things), 0) FROM pick_node WHERE queue = :queue"
        " AND parent = '^') - (SELECT COALESCE(SUM(things), 0) FROM met_node"
        " WHERE queue = :queue AND agent = :agent AND parent = '^')",
        {"queue": queue, "agent": agent},
    ).fetchone()
    return max(int(row[0]), 0)


def votes_since(connection: sqlite3.Connection, campaign: str, agent: str, since: str) -> int:
    """How many votes of this person in the campaign stand that are from then on; 10,000 at most."""
    row = connection.execute(
        "SELECT COUNT(*) FROM (SELECT 1 FROM contribution WHERE agent = ? AND at >= ?"
        " AND kind = 'vote' AND campaign = ? LIMIT ?)",
        (agent, since, campaign, _MOST_COUNTED),
    ).fetchone()
    return int(row[0])


def said_of(
    connection: sqlite3.Connection, agent: str, annotations: Collection[str]
) -> dict[str, str]:
    """Of these annotations (IRIs), those that this person judged, with the verdict, or proposed:
    then "own"."""
    marks = ",".join("?" * len(annotations))
    found = connection.execute(
        f"SELECT annotation, verdict FROM contribution WHERE annotation IN ({marks}) AND agent = ?"
        " ORDER BY kind DESC",
        (*annotations, agent),
    )
    return {row[0]: row[1] or "own" for row in found}
