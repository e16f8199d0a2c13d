"""Queries that have a short address: kept for ever, beside the journal, by a hash of their text.

`total` is the size of this query and all before it, so that nobody has to add them up.
"""

from collections.abc import Sequence
from weakref import WeakSet

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

metadata = sa.MetaData()
short_query = sa.Table(
    "short_query", metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("short", sa.Text, nullable=False, unique=True),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
)  # fmt: skip
_made: WeakSet[Engine] = WeakSet()


def create_tables(engine: Engine) -> Engine:
    """Make the table where it is missing; asked once for each engine."""
    if engine not in _made:
        metadata.create_all(engine)
        _made.add(engine)
    return engine


def find(connection: Connection, shorts: Sequence[str]) -> dict[str, str]:
    """The queries of those addresses that there are."""
    wanted = sa.select(short_query.c.short, short_query.c.query).where(
        short_query.c.short.in_(shorts)
    )
    return {row.short: row.query for row in connection.execute(wanted)}


def total(connection: Connection) -> int:
    """Bytes of all queries together."""
    last = sa.select(short_query.c.total).order_by(short_query.c.seq.desc()).limit(1)
    return connection.scalar(last) or 0


def insert(connection: Connection, short: str, query: str, created: str) -> None:
    """Raises IntegrityError where the address is taken."""
    size = total(connection) + len(query.encode())
    values = {"short": short, "query": query, "created": created, "total": size}
    connection.execute(short_query.insert(), values)
