"""The rows of API tokens: known by the SHA-256 of their secret only."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from server.journal.accounts import Found, person, token


def insert_token(connection: Connection, **values: object) -> None:
    connection.execute(token.insert(), values)


def find_by_token(connection: Connection, digest: str, now: str) -> Found:
    """The person of a token that has not expired, with its `last_used` and `scopes`."""
    standing = (token.c.hash == digest) & (token.c.expires.is_(None) | (token.c.expires > now))
    query = sa.select(person, token.c.last_used, token.c.scopes).join(token).where(standing)
    return connection.execute(query).one_or_none()


def touch_token(connection: Connection, digest: str, used: str) -> None:
    connection.execute(token.update().where(token.c.hash == digest), {"last_used": used})


def tokens_of(connection: Connection, person_id: str) -> Sequence[Row[Any]]:
    query = token.select().where(token.c.person == person_id).order_by(token.c.created)
    return connection.execute(query).all()


def delete_token(connection: Connection, person_id: str, digest: str) -> bool:
    """False when that person has no such token."""
    mine = (token.c.person == person_id) & (token.c.hash == digest)
    return connection.execute(token.delete().where(mine)).rowcount == 1


def delete_tokens(connection: Connection, person_id: str) -> None:
    connection.execute(token.delete().where(token.c.person == person_id))
