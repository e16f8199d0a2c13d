"""Proposals that wait for votes: undecided ones on standing items, until enough people judged.

Contested ones come first, then those that somebody judged already: what is begun gets finished. In
a blind campaign neither, for the order would tell. Comparisons are answered, never judged.
"""

import sqlite3
from typing import Protocol

from server.index import item_queues, picking
from server.names import CH

QUEUE = "proposal/"
_THEIRS = f"('{QUEUE}' || new.campaign)"
_VOTES = "(approvals + rejections + unsure)"
_LEVELS = f"""SELECT '{QUEUE}' || campaign, iri, CASE
        WHEN status NOT IN ('pending', 'contested') OR kind = '{CH.Comparison.value}' THEN NULL
        WHEN votes_needed > 0 AND {_VOTES} >= CASE WHEN status = 'contested' THEN votes_most
            ELSE votes_needed END THEN NULL
        WHEN COALESCE(blind, 0) THEN 1
        WHEN status = 'contested' THEN 0 WHEN {_VOTES} > 1 THEN 1 ELSE 2 END AS level,
    substr(iri, -2) FROM annotation LEFT JOIN campaign_routing USING (campaign)"""

#: Who judged a proposal, or made it, has met it.
SCHEMA = f"""
CREATE TRIGGER proposal_met AFTER INSERT ON contribution BEGIN
    {picking.meet(_THEIRS, "new.agent", "new.annotation", "NULL")} END;
CREATE TRIGGER proposal_unmet AFTER DELETE ON contribution WHEN NOT EXISTS (
    SELECT 1 FROM contribution WHERE annotation = old.annotation AND agent = old.agent) BEGIN
    DELETE FROM met WHERE queue = '{QUEUE}' || old.campaign AND agent = old.agent
        AND thing = old.annotation; END;
"""


class Standing(Protocol):
    """What of an annotation's row is looked at here."""

    @property
    def iri(self) -> str: ...
    @property
    def campaign(self) -> str: ...
    @property
    def item(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def status(self) -> str: ...


def moved(connection: sqlite3.Connection, before: Standing | None, after: Standing | None) -> None:
    """After the row of an annotation was written: its place in the queue, and what its item has."""
    row = after or before
    if row is None:
        return
    place = connection.execute(f"{_LEVELS} WHERE iri = ?", (row.iri,)).fetchone()
    if place is None or place[2] is None:
        connection.execute(
            "DELETE FROM pick WHERE queue = ? AND thing = ?", (QUEUE + row.campaign, row.iri)
        )
    else:
        connection.execute(
            "INSERT INTO pick VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET level = excluded.level "
            "WHERE level <> excluded.level",
            tuple(place),
        )
    if before and after and (before.item, before.status) == (after.item, after.status):
        items: set[str] = {after.item}
    else:
        items = _count(connection, before, -1) | _count(connection, after, 1)
    if row.kind == CH.Question.value:
        for item in items:
            item_queues.count_answers(connection, row.campaign, item)


def _count(connection: sqlite3.Connection, row: Standing | None, by: int) -> set[str]:
    if row is None:
        return set()
    item_queues.count_proposal(connection, row.campaign, row.item, row.status, by)
    return {row.item}


def relevel(connection: sqlite3.Connection, campaign: str) -> None:
    """After a change of the rules: each proposal's place by the new ones."""
    connection.execute("DELETE FROM pick WHERE queue = ?", (QUEUE + campaign,))
    connection.execute(
        f"INSERT INTO pick SELECT * FROM ({_LEVELS} WHERE campaign = ?) WHERE level IS NOT NULL",
        (campaign,),
    )
