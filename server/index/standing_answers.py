"""Whether a question has been answered about items, by anybody."""

import sqlite3
from collections.abc import Sequence


def answered_items(
    connection: sqlite3.Connection, campaign: str, task: int, items: Sequence[str]
) -> set[str]:
    """Those of the items (IRIs) for which an answer to the question of that number stands."""
    marks = ",".join("?" * len(items))
    found = connection.execute(
        f"SELECT DISTINCT item FROM annotation WHERE item IN ({marks}) AND campaign = ?"
        " AND task = ? AND status NOT IN ('rejected', 'withdrawn', 'orphaned')",
        (*items, campaign, task),
    )
    return {row[0] for row in found}


def in_queue(connection: sqlite3.Connection, campaign: str, items: Sequence[str]) -> set[str]:
    """Those of the items that the campaign is about."""
    marks = ",".join("?" * len(items))
    found = connection.execute(
        f"SELECT item FROM queue WHERE campaign = ? AND item IN ({marks})", (campaign, *items)
    )
    return {row[0] for row in found}
