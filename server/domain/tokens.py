"""API tokens: secrets by which programs act for a person, each for some purposes only."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from server.domain.accounts import SCOPES, Desk, Person, Scope, person_of
from server.domain.sessions import digest
from server.errors import Forbidden, Invalid, NotFound, Problem
from server.i18n import _
from server.journal import accounts as table
from server.journal import tokens as token_table
from server.names import timestamp

TOKEN_PREFIX = "ch_"
MOST_DAYS = 3650
_USED_EVERY = timedelta(hours=1)  # so that reading hardly ever writes
_LONGEST_LABEL = 80
ALL = frozenset(SCOPES)


@dataclass(frozen=True, slots=True)
class Token:
    """An API token as its owner sees it again; `id` is the hash of the secret."""

    id: str
    label: str
    created: datetime
    last_used: datetime | None
    scopes: tuple[Scope, ...]
    expires: datetime | None
    expired: bool


def create_token(
    desk: Desk, person: Person, label: str, *, now: datetime, scopes: Iterable[str] = SCOPES,
    days: int | None = None,
) -> str:  # fmt: skip
    """A secret for programs that act for a person. It can be shown once: only its hash stays.

    Reading belongs to every scope. Raises Forbidden where a token asks for another.
    """
    if person.scopes is not None:
        raise Forbidden(_("A token cannot make another; please sign in."))
    label, chosen = label.strip(), {"read", *scopes}
    _refuse(label, chosen, days)
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    with table.writing(desk.accounts) as connection:
        token_table.insert_token(
            connection,
            hash=digest(secret),
            person=person.id,
            label=label,
            created=timestamp(now),
            last_used=None,
            scopes=" ".join(each for each in SCOPES if each in chosen),
            expires=timestamp(now + timedelta(days=days)) if days else None,
        )
    return secret


def _refuse(label: str, scopes: set[str], days: int | None) -> None:
    """Raises Invalid with a problem for each of `label`, `scope`, `expires` that is wrong."""
    problems = []
    if not label or len(label) > _LONGEST_LABEL or not label.isprintable():
        words = _("Say in up to {count} characters what it is for.", count=_LONGEST_LABEL)
        problems.append(Problem("label", words))
    if not scopes <= ALL:
        words = _("A scope is one of {scopes}.", scopes=", ".join(SCOPES))
        problems.append(Problem("scope", words))
    if days is not None and not 0 < days <= MOST_DAYS:
        words = _("A token expires after 1 to {count} days, or never.", count=MOST_DAYS)
        problems.append(Problem("expires", words))
    if problems:
        raise Invalid(problems[0].message, tuple(problems))


def tokens(desk: Desk, person: Person, *, now: datetime) -> list[Token]:
    with desk.accounts.connect() as connection:
        rows = token_table.tokens_of(connection, person.id)
    return [_token(row, now) for row in rows]


def _token(row: Any, now: datetime) -> Token:
    created = datetime.fromisoformat(row.created)
    used, ends = (
        datetime.fromisoformat(text) if text else None for text in (row.last_used, row.expires)
    )
    ended = ends is not None and ends <= now
    return Token(row.hash, row.label, created, used, _listed(row.scopes), ends, ended)


def _listed(text: str | None) -> tuple[Scope, ...]:
    """As kept; all of them where a token is older than scopes."""
    return tuple(scope for scope in SCOPES if text is None or scope in text.split())


def revoke_token(desk: Desk, person: Person, token_id: str) -> None:
    """Raises NotFound unless it is one of the person's own."""
    if person.scopes is not None:
        raise Forbidden(_("A token cannot revoke another; please sign in."))
    with table.writing(desk.accounts) as connection:
        if not token_table.delete_token(connection, person.id, token_id):
            raise NotFound(_("You have no such token."))


def bearer(desk: Desk, secret: str, *, now: datetime) -> Person | None:
    """Whose API token this is, narrowed to its scopes; None where it has expired, or never was."""
    key = digest(secret)
    with desk.accounts.connect() as connection:
        row = token_table.find_by_token(connection, key, timestamp(now))
    if row is None or row.erased is not None:
        return None
    if row.last_used is None or row.last_used < timestamp(now - _USED_EVERY):
        with table.writing(desk.accounts) as connection:
            token_table.touch_token(connection, key, timestamp(now))
    return person_of(desk, row, frozenset(_listed(row.scopes)))
