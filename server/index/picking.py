"""What is next for somebody: things that wait in a queue, less those that this person has met.

A queue is a tree of two levels below each rank: the last character of a thing, and the last two,
which are as good as random. For each node is kept how many things wait below it, and how many of
these a person has met. So the next one is found by following nodes that have more waiting than
met, whatever the number of things in the queue and however many somebody has met.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator


def meet(queue: str, agent: str, thing: str, later: str) -> str:
    """The statement of a trigger by which somebody has met a thing; the arguments are SQL."""
    standing = f"FROM pick WHERE pick.queue = {queue} AND pick.thing = {thing}"
    return f"""INSERT INTO met SELECT {queue}, {agent}, {thing}, (SELECT level {standing}),
        COALESCE((SELECT leaf {standing}), ''), {later} WHERE true
        ON CONFLICT DO UPDATE SET later = excluded.later;"""


def _nodes(row: str) -> list[tuple[str, str]]:
    """(parent, node) of each node that a thing is below: the root, a twig and a leaf; as SQL."""
    twig = f"substr({row}.leaf, -1)"
    return [("'^'", "''"), ("''", twig), (twig, f"{row}.leaf")]


def _counted(table: str, key: str, row: str) -> str:
    values = ", ".join(f"{row}.{column}" for column in key.split(", "))
    return "".join(
        f"""INSERT INTO {table} ({key}, parent, level, node, things)
        VALUES ({values}, {parent}, {row}.level, {node}, 1)
        ON CONFLICT DO UPDATE SET things = things + 1;
    """
        for parent, node in _nodes(row)
    )


def _uncounted(table: str, key: str, row: str) -> str:
    same = " AND ".join(f"{column} = {row}.{column}" for column in key.split(", "))
    return "".join(
        f"""UPDATE {table} SET things = things - 1
        WHERE {same} AND parent = {parent} AND level = {row}.level AND node = {node};
    """
        for parent, node in _nodes(row)
    )


#: `pick`: what waits, the lowest level first. `met`: what somebody answered or put off; its level
#: and leaf are those of the same thing in `pick`, NULL and '' where it does not wait; `later` is
#: when they put it off, NULL where they answered. The counts follow.
SCHEMA = f"""
CREATE TABLE pick (
    queue TEXT, thing TEXT, level INTEGER NOT NULL, leaf TEXT NOT NULL, PRIMARY KEY (queue, thing)
) WITHOUT ROWID;
CREATE INDEX pick_leaf ON pick (queue, level, leaf, thing);
CREATE TABLE pick_node (
    queue TEXT, parent TEXT, level INTEGER, node TEXT, things INTEGER NOT NULL,
    PRIMARY KEY (queue, parent, level, node)
) WITHOUT ROWID;
CREATE TABLE met (
    queue TEXT, agent TEXT, thing TEXT, level INTEGER, leaf TEXT NOT NULL, later TEXT,
    PRIMARY KEY (queue, agent, thing)
) WITHOUT ROWID;
CREATE INDEX met_thing ON met (queue, thing);
CREATE INDEX met_later ON met (queue, agent, later)
    WHERE later IS NOT NULL AND level IS NOT NULL;
CREATE TABLE met_node (
    queue TEXT, agent TEXT, parent TEXT, level INTEGER, node TEXT, things INTEGER NOT NULL,
    PRIMARY KEY (queue, agent, parent, level, node)
) WITHOUT ROWID;

CREATE TRIGGER pick_node_empty AFTER UPDATE OF things ON pick_node WHEN new.things = 0 BEGIN
    DELETE FROM pick_node WHERE queue = old.queue AND parent = old.parent AND level = old.level
        AND node = old.node; END;
CREATE TRIGGER met_node_empty AFTER UPDATE OF things ON met_node WHEN new.things = 0 BEGIN
    DELETE FROM met_node WHERE queue = old.queue AND agent = old.agent AND parent = old.parent
        AND level = old.level AND node = old.node; END;
CREATE TRIGGER pick_added AFTER INSERT ON pick BEGIN
    {_counted("pick_node", "queue", "new")}
    UPDATE met SET level = new.level, leaf = new.leaf
        WHERE queue = new.queue AND thing = new.thing; END;
CREATE TRIGGER pick_removed AFTER DELETE ON pick BEGIN
    {_uncounted("pick_node", "queue", "old")}
    UPDATE met SET level = NULL, leaf = '' WHERE queue = old.queue AND thing = old.thing; END;
CREATE TRIGGER pick_moved AFTER UPDATE OF level ON pick WHEN old.level <> new.level BEGIN
    {_uncounted("pick_node", "queue", "old")}
    {_counted("pick_node", "queue", "new")}
    UPDATE met SET level = new.level, leaf = new.leaf
        WHERE queue = new.queue AND thing = new.thing; END;
CREATE TRIGGER met_added AFTER INSERT ON met WHEN new.level IS NOT NULL BEGIN
    {_counted("met_node", "queue, agent", "new")} END;
CREATE TRIGGER met_removed AFTER DELETE ON met WHEN old.level IS NOT NULL BEGIN
    {_uncounted("met_node", "queue, agent", "old")} END;
CREATE TRIGGER met_moved_in AFTER UPDATE OF level ON met
    WHEN new.level IS NOT NULL AND old.level IS NOT new.level BEGIN
    {_counted("met_node", "queue, agent", "new")} END;
CREATE TRIGGER met_moved_out AFTER UPDATE OF level ON met
    WHEN old.level IS NOT NULL AND old.level IS NOT new.level BEGIN
    {_uncounted("met_node", "queue, agent", "old")} END;
"""

Shuffle = Callable[[str], object]
"""What to sort by instead of the queue's own order: a node or a thing to a key."""


def waiting(
    connection: sqlite3.Connection, queue: str, agent: str, shuffle: Shuffle | None = None
) -> Iterator[str]:
    """The things that wait for somebody, lowest level first; each step costs the same."""
    for level, _root in _children(connection, queue, agent, "^", None):
        for _level, twig in _sorted(_children(connection, queue, agent, "", level), shuffle):
            for _level, leaf in _sorted(_children(connection, queue, agent, twig, level), shuffle):
                things = [
                    (level, thing) for thing in _things(connection, queue, agent, level, leaf)
                ]
                yield from (thing for _level, thing in _sorted(things, shuffle))


def _sorted(found: Collection[tuple[int, str]], shuffle: Shuffle | None) -> list[tuple[int, str]]:
    return sorted(found, key=lambda each: shuffle(each[1])) if shuffle else list(found)  # type: ignore[arg-type,return-value]


#: Nodes with more things waiting than met, of one level or of all.
CHILDREN = """SELECT pick_node.level, pick_node.node FROM pick_node
    LEFT JOIN met_node ON met_node.queue = pick_node.queue AND met_node.agent = :agent
        AND met_node.parent = pick_node.parent AND met_node.level = pick_node.level
        AND met_node.node = pick_node.node
    WHERE pick_node.queue = :queue AND pick_node.parent = :parent {level}
        AND pick_node.things > COALESCE(met_node.things, 0)
    ORDER BY pick_node.level, pick_node.node"""
THINGS = """SELECT thing FROM pick WHERE queue = :queue AND level = :level AND leaf = :leaf
    AND NOT EXISTS (SELECT 1 FROM met
        WHERE met.queue = :queue AND agent = :agent AND met.thing = pick.thing)
    ORDER BY thing"""


def _children(
    connection: sqlite3.Connection, queue: str, agent: str, parent: str, level: int | None
) -> list[tuple[int, str]]:
    values = {"queue": queue, "agent": agent, "parent": parent, "level": level}
    of = "" if level is None else "AND pick_node.level = :level"
    return [tuple(row) for row in connection.execute(CHILDREN.format(level=of), values)]


def _things(
    connection: sqlite3.Connection, queue: str, agent: str, level: int, leaf: str
) -> list[str]:
    values = {"queue": queue, "agent": agent, "level": level, "leaf": leaf}
    return [row[0] for row in connection.execute(THINGS, values)]


#: What somebody put off and nobody else retired since, the longest ago first.
LATER = """SELECT thing FROM met WHERE queue = :queue AND agent = :agent
    AND later IS NOT NULL AND level IS NOT NULL ORDER BY later"""


def put_off(connection: sqlite3.Connection, queue: str, agent: str) -> Iterator[str]:
    for row in connection.execute(LATER, {"queue": queue, "agent": agent}):
        yield row[0]


def waits(connection: sqlite3.Connection, queue: str, thing: str) -> bool:
    """Whether it still is to be given to anybody."""
    found = connection.execute(
        "SELECT 1 FROM pick WHERE queue = ? AND thing = ?", (queue, thing)
    ).fetchone()
    return found is not None


def has_met(connection: sqlite3.Connection, queue: str, agent: str, thing: str) -> bool:
    found = connection.execute(
        "SELECT 1 FROM met WHERE queue = ? AND agent = ? AND thing = ?", (queue, agent, thing)
    ).fetchone()
    return found is not None


def has_answered(connection: sqlite3.Connection, queue: str, agent: str, thing: str) -> bool:
    """Whether they met it, and did not put it off."""
    found = connection.execute(
        "SELECT 1 FROM met WHERE queue = ? AND agent = ? AND thing = ? AND later IS NULL",
        (queue, agent, thing),
    ).fetchone()
    return found is not None
