"""How often terms are used: tallies by campaign and term, kept by triggers on annotations.

The campaign '' stands for all together. `published` counts what everybody may see; `standing` also
what is proposed and neither rejected, withdrawn nor without an item. `term_use` has another random
number after each change of a campaign's tallies, one for all and one for what is published.
"""

import sqlite3

SCHEMA = """
CREATE TABLE term_usage (
    campaign TEXT, term TEXT, standing INTEGER NOT NULL, published INTEGER NOT NULL,
    PRIMARY KEY (campaign, term)
) WITHOUT ROWID;
CREATE INDEX term_usage_standing ON term_usage (campaign, standing DESC);
CREATE INDEX term_usage_published ON term_usage (campaign, published DESC);
CREATE TABLE term_use (
    campaign TEXT PRIMARY KEY, standing INTEGER NOT NULL, published INTEGER NOT NULL
) WITHOUT ROWID;
"""
_COUNTED = "{row}.status NOT IN ('rejected', 'withdrawn', 'orphaned')"


def _added(campaign: str) -> str:
    return f"""
    INSERT INTO term_usage SELECT {campaign}, new.body, 1, new.status = 'published'
        WHERE new.body <> '' AND {_COUNTED.format(row="new")} ON CONFLICT DO UPDATE
        SET standing = standing + 1, published = published + excluded.published;
    {_changed(campaign, "new")}"""


def _changed(campaign: str, row: str) -> str:
    return f"""
    INSERT INTO term_use VALUES ({campaign}, random(), random()) ON CONFLICT DO UPDATE
        SET standing = excluded.standing, published = CASE {row}.status WHEN 'published'
        THEN excluded.published ELSE published END;"""


def _removed(campaign: str) -> str:
    which = f"campaign = {campaign} AND term = old.body AND old.body <> ''"
    return f"""
    UPDATE term_usage
        SET standing = standing - 1, published = published - (old.status = 'published')
        WHERE {which} AND {_COUNTED.format(row="old")};
    DELETE FROM term_usage WHERE {which} AND standing <= 0;
    {_changed(campaign, "old")}"""


#: For the tables of `contributions`, made before.
TRIGGERS = f"""
CREATE TRIGGER usage_added AFTER INSERT ON annotation BEGIN
    {_added("new.campaign")} {_added("''")} END;
CREATE TRIGGER usage_removed AFTER DELETE ON annotation BEGIN
    {_removed("old.campaign")} {_removed("''")} END;
"""


def most(
    connection: sqlite3.Connection, campaign: str, standing: bool, limit: int
) -> list[tuple[str, int]]:
    """(IRI, how often), the most used first."""
    column = _column(standing)
    found = connection.execute(
        f"SELECT term, {column} FROM term_usage WHERE campaign = ? AND {column} > 0"
        f" ORDER BY {column} DESC, term LIMIT ?", (campaign, limit),
    )  # fmt: skip
    return [(iri, number) for iri, number in found]


def count(connection: sqlite3.Connection, campaign: str, standing: bool, term: str) -> int:
    """How often one term is used."""
    row = connection.execute(
        f"SELECT {_column(standing)} FROM term_usage WHERE campaign = ? AND term = ?",
        (campaign, term),
    ).fetchone()
    return int(row[0]) if row else 0


def state(connection: sqlite3.Connection, campaign: str, standing: bool) -> int:
    """Another number after every change of what `most` tells; 0 where nothing was used."""
    row = connection.execute(
        f"SELECT {_column(standing)} FROM term_use WHERE campaign = ?", (campaign,)
    ).fetchone()
    return int(row[0]) if row else 0


def _column(standing: bool) -> str:
    return "standing" if standing else "published"
