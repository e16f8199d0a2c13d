"""The items of a campaign as lists: filtered, sorted, a page after the last row seen.

Each page costs the same, wherever it begins. Where a filter is answered row by row (what somebody
has answered, in another order than theirs), a page ends after so many rows even if few fit it.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Shown = Literal["all", "mine", "others", "undecided"]
Sort = Literal["fewest", "title", "newest"]
SHOWN: tuple[Shown, ...] = ("all", "mine", "others", "undecided")
SORTS: tuple[Sort, ...] = ("fewest", "title", "newest")
MOST_LOOKED_AT = 2000
_COLUMNS = {"fewest": "answers", "title": "sort", "newest": "newest"}


@dataclass(frozen=True, slots=True)
class Spot:
    """The last row seen: the value it is sorted by, and the `{id}` (or IRI) of its item."""

    value: str
    item: str


@dataclass(frozen=True, slots=True)
class Found:
    """`items` are IRIs; `following` is where the next page begins, None after the last."""

    items: list[str]
    following: Spot | None


def page(
    connection: sqlite3.Connection, campaign: str, agent: str, shown: Shown, sort: Sort,
    after: Spot | None, limit: int,
) -> Found:  # fmt: skip
    """`mine` are those that the agent answered, `others` all that they did not.

    `mine` by `newest` is sorted by the agent's own last contribution.
    """
    if shown == "mine" and sort == "newest":
        return _picked(_mine(connection, campaign, agent, after), limit)
    rows = _walk(connection, campaign, agent, sort, after, undecided=shown == "undecided")
    if shown in ("all", "undecided"):
        return _picked(((*row[:3], True) for row in rows), limit)
    wanted = shown == "mine"
    return _picked(((*row[:3], bool(row[3]) == wanted) for row in rows), limit)


Row = tuple[str, str, str, bool]
"""(item, value it is sorted by, its identifier, whether it fits)."""


def _picked(rows: Iterable[Row], limit: int) -> Found:
    found: list[str] = []
    last: Spot | None = None
    for looked, (item, value, key, fits) in enumerate(rows):
        if len(found) == limit or looked == MOST_LOOKED_AT:
            return Found(found, last)
        if fits:
            found.append(item)
        last = Spot(str(value), key)
    return Found(found, None)


def walk_query(sort: Sort, undecided: bool, begun: bool) -> str:
    """In the order of an index, from a row on."""
    column, down = _COLUMNS[sort], sort == "newest"
    order = f"{column} DESC, id DESC" if down else f"{column}, id"
    place = f"AND ({column}, id) {'<' if down else '>'} (:value, :item)" if begun else ""
    return (
        f"SELECT item, {column}, id, EXISTS (SELECT 1 FROM encounter AS e WHERE "
        "e.campaign = queue.campaign AND e.agent = :agent AND e.item = queue.item "
        "AND (e.contributions > 0 OR e.outcome = 'finished')) FROM queue "
        f"WHERE campaign = :campaign {'AND undecided > 0' if undecided else ''} {place} "
        f"ORDER BY {order} LIMIT {MOST_LOOKED_AT + 1}"
    )


MINE = """SELECT item, at, item, 1 FROM encounter WHERE campaign = :campaign AND agent = :agent
    AND (contributions > 0 OR outcome = 'finished') {place} ORDER BY at DESC, item DESC
    LIMIT 501"""
PREVIOUS = """SELECT item FROM encounter WHERE campaign = :campaign AND agent = :agent
    AND (at, item) < (COALESCE((SELECT at FROM encounter WHERE campaign = :campaign
        AND agent = :agent AND item = :item), '~'), :item) ORDER BY at DESC, item DESC LIMIT 1"""


def _walk(
    connection: sqlite3.Connection, campaign: str, agent: str, sort: Sort, after: Spot | None, *,
    undecided: bool,
) -> sqlite3.Cursor:  # fmt: skip
    values = {"campaign": campaign, "agent": agent}
    if after:
        values |= {"value": after.value, "item": after.item}
    if after and sort == "fewest":
        values["value"] = int(after.value)  # type: ignore[assignment]
    return connection.execute(walk_query(sort, undecided, after is not None), values)


def _mine(
    connection: sqlite3.Connection, campaign: str, agent: str, after: Spot | None
) -> sqlite3.Cursor:
    values = {"campaign": campaign, "agent": agent}
    if after:
        values |= {"value": after.value, "item": after.item}
    place = "AND (at, item) < (:value, :item)" if after else ""
    return connection.execute(MINE.format(place=place), values)


def previous(connection: sqlite3.Connection, campaign: str, agent: str, item: str) -> str | None:
    """What this person had before them before this item: the last that they left before it."""
    row = connection.execute(
        PREVIOUS, {"campaign": campaign, "agent": agent, "item": item}
    ).fetchone()
    return str(row[0]) if row else None
