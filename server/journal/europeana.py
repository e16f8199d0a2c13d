"""Tables of what was sent to Europeana, and of what may be the same item there.

They stand beside the journal's, as they are about another server: never RDF. A row for each
annotation, by the `{id}` of its IRI; times are UTC text with milliseconds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any
from weakref import WeakSet

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

metadata = sa.MetaData()
_text = [
    "campaign", "item", "task", "state", "digest", "sent_digest", "same", "target", "remote",
    "etag", "reason", "detail", "not_before", "at", "sent",
]  # fmt: skip
push = sa.Table(
    "europeana_push", metadata,
    sa.Column("annotation", sa.Text, primary_key=True),
    *(sa.Column(name, sa.Text, nullable=False) for name in _text),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Index("europeana_push_state", "campaign", "state", "annotation"),
    sa.Index("europeana_push_same", "same"),
    sa.Index("europeana_push_unknown", "campaign", "reason", "item"),
    sa.Index("europeana_push_item", "item"),
)  # fmt: skip
match = sa.Table(
    "europeana_match", metadata,
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("candidate", sa.Text, primary_key=True),
    sa.Column("score", sa.Integer, nullable=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("title", "provider", "evidence", "at")),
)  # fmt: skip
lookup = sa.Table(
    "europeana_lookup", metadata,
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
)  # fmt: skip
_made: WeakSet[Engine] = WeakSet()


@dataclass(frozen=True, slots=True)
class PushRow:
    """`task` is create, update or delete; `state` waiting, sending, sent, refused, unsendable or
    deleted. Sending: it is being created, and nobody knows yet whether it was.

    `digest` is of what should stand there, `sent_digest` of what was sent last.
    """

    annotation: str
    campaign: str
    item: str = ""
    task: str = ""
    state: str = ""
    digest: str = ""
    sent_digest: str = ""
    same: str = ""
    target: str = ""
    remote: str = ""
    etag: str = ""
    reason: str = ""
    detail: str = ""
    not_before: str = ""
    at: str = ""
    sent: str = ""
    tries: int = 0


@dataclass(frozen=True, slots=True)
class MatchRow:
    """`evidence` are the names of what fits, with spaces between them; `score` 0..100."""

    item: str
    candidate: str
    score: int
    title: str
    provider: str
    evidence: str
    at: str


_COLUMNS = [push.c[each.name] for each in fields(PushRow)]
_MATCH_COLUMNS = [match.c[each.name] for each in fields(MatchRow)]


def create_tables(engine: Engine) -> Engine:
    """Make the tables that are missing; asked once for each engine."""
    if engine not in _made:
        metadata.create_all(engine)
        _made.add(engine)
    return engine


def put(connection: Connection, rows: Iterable[PushRow]) -> None:
    values = [asdict(row) for row in rows]
    if values:
        names = [each["annotation"] for each in values]
        connection.execute(push.delete().where(push.c.annotation.in_(names)))
        connection.execute(push.insert(), values)


def find(connection: Connection, annotations: Sequence[str]) -> dict[str, PushRow]:
    query = sa.select(*_COLUMNS).where(push.c.annotation.in_(annotations))
    return {row.annotation: PushRow(*row) for row in connection.execute(query)}


def remove(connection: Connection, annotation: str) -> None:
    connection.execute(push.delete().where(push.c.annotation == annotation))


def page(
    connection: Connection, campaign: str, states: Sequence[str], *, after: str = "", limit: int,
    task: str = "", due: str = "",
) -> list[PushRow]:  # fmt: skip
    """Rows of these states by identifier, after one; with `due`, those whose time has come."""
    query = sa.select(*_COLUMNS).where(
        push.c.campaign == campaign, push.c.state.in_(states), push.c.annotation > after
    )
    if task:
        query = query.where(push.c.task == task)
    if due:
        query = query.where(push.c.not_before <= due)
    rows = connection.execute(query.order_by(push.c.annotation).limit(limit))
    return [PushRow(*row) for row in rows]


def twin(connection: Connection, same: str, annotation: str) -> str | None:
    """Another annotation that says the same, and stands there or is about to."""
    query = sa.select(push.c.annotation).where(
        push.c.same == same, push.c.annotation != annotation, push.c.task != "delete",
        push.c.state.in_(("waiting", "sending", "sent")),
    )  # fmt: skip
    return connection.scalar(query.order_by(push.c.annotation).limit(1))


def counts(connection: Connection, campaign: str) -> dict[tuple[str, str], int]:
    """How many rows there are by (state, task)."""
    query = sa.select(push.c.state, push.c.task, sa.func.count()).where(push.c.campaign == campaign)
    found = connection.execute(query.group_by(push.c.state, push.c.task))
    return {(state, task): count for state, task, count in found}


def reasons(connection: Connection, campaign: str) -> list[tuple[str, int]]:
    """Why annotations are not sent, the most frequent first."""
    number = sa.func.count()
    query = sa.select(push.c.reason, number).where(
        push.c.campaign == campaign, push.c.state == "unsendable"
    )
    found = connection.execute(query.group_by(push.c.reason).order_by(number.desc(), push.c.reason))
    return [(reason, count) for reason, count in found]


def postpone(connection: Connection, campaign: str, until: str) -> None:
    """Nothing of a campaign is sent before this time."""
    waiting = (push.c.campaign == campaign) & push.c.state.in_(("waiting", "sending"))
    connection.execute(push.update().where(waiting), {"not_before": until})


def reconsider(connection: Connection, item: str) -> None:
    """Who it is at Europeana is said anew: what is said of it waits to be looked at again."""
    mine = (push.c.item == item) & push.c.state.in_(("sent", "unsendable"))
    task = sa.case((push.c.remote == "", "create"), else_="update")
    values = {"state": "waiting", "task": task, "not_before": ""}
    connection.execute(push.update().where(mine).values(values))


def items_without(connection: Connection, campaign: str, *, after: str, limit: int) -> list[str]:
    """Items whose annotations are not sent because nobody knows them at Europeana."""
    query = sa.select(push.c.item).distinct().where(
        push.c.campaign == campaign, push.c.reason == "item", push.c.item > after
    )  # fmt: skip
    return list(connection.scalars(query.order_by(push.c.item).limit(limit)))


def put_matches(connection: Connection, item: str, rows: Iterable[MatchRow], at: str) -> None:
    """The candidates of an item, in place of those found before."""
    remove_matches(connection, item)
    values = [asdict(row) for row in rows]
    if values:
        connection.execute(match.insert(), values)
    connection.execute(lookup.insert(), {"item": item, "at": at})


def remove_matches(connection: Connection, item: str) -> None:
    connection.execute(match.delete().where(match.c.item == item))
    connection.execute(lookup.delete().where(lookup.c.item == item))


def remove_match(connection: Connection, item: str, candidate: str) -> None:
    mine = (match.c.item == item) & (match.c.candidate == candidate)
    connection.execute(match.delete().where(mine))


def matches(connection: Connection, items: Sequence[str]) -> dict[str, list[MatchRow]]:
    """The candidates of each item, the best first."""
    query = sa.select(*_MATCH_COLUMNS).where(match.c.item.in_(items))
    found: dict[str, list[MatchRow]] = {}
    for row in connection.execute(query.order_by(match.c.score.desc(), match.c.candidate)):
        found.setdefault(row.item, []).append(MatchRow(*row))
    return found


def looked_up(connection: Connection, items: Sequence[str]) -> set[str]:
    """Those of the items that were searched for."""
    query: Any = sa.select(lookup.c.item).where(lookup.c.item.in_(items))
    return set(connection.scalars(query))
