"""What one agent contributed."""

import sqlite3
from dataclasses import dataclass

from server.index.contributions import ContributionRow


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of annotations: proposed, voted on, and of the proposed ones accepted, published."""

    proposed: int = 0
    voted: int = 0
    accepted: int = 0
    published: int = 0


def figures(connection: sqlite3.Connection, agent: str) -> Figures:
    row = connection.execute(
        "SELECT SUM(c.kind = 'claim'), SUM(c.kind = 'vote'),"
        " SUM(c.kind = 'claim' AND status IN ('accepted', 'published')),"
        " SUM(c.kind = 'claim' AND status = 'published')"
        " FROM contribution AS c JOIN annotation ON annotation.iri = c.annotation"
        " WHERE agent = ?",
        (agent,),
    ).fetchone()
    return Figures(*(count or 0 for count in row))


def tallies(connection: sqlite3.Connection, agent: str) -> list[tuple[str, int]]:
    """(campaign, number of contributions), the most first."""
    found = connection.execute(
        "SELECT campaign, COUNT(*) AS many FROM contribution WHERE agent = ?"
        " GROUP BY campaign ORDER BY many DESC, campaign",
        (agent,),
    )
    return [(row["campaign"], row["many"]) for row in found]


def contributions(connection: sqlite3.Connection, agent: str) -> list[ContributionRow]:
    """Oldest first."""
    found = connection.execute(
        "SELECT * FROM contribution WHERE agent = ? ORDER BY at, annotation, kind", (agent,)
    )
    return [ContributionRow(*row) for row in found]
