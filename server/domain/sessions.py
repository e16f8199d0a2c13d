"""Who is it? Sessions of browsers and tokens of programs, both stored as hashes only."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from server.domain.accounts import Desk, Person, person_of
from server.errors import Invalid, NotFound, Problem
from server.i18n import _
from server.journal import accounts as table
from server.names import timestamp

TOKEN_PREFIX = "ch_"
_SEEN_EVERY = timedelta(hours=1)  # so that reading pages hardly ever writes
_LONGEST_LABEL = 80


@dataclass(frozen=True, slots=True)
class Token:
    """An API token as its owner sees it again; `id` is the hash of the secret."""

    id: str
    label: str
    created: str
    last_used: str | None


def digest(secret: str) -> str:
    """What is stored of a secret of 256 random bits: nobody can find it by trying."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_session(
    desk: Desk, person: Person, *, now: datetime, days: int, instead_of: str | None = None
) -> str:
    """A new secret for a browser; the session it had before, if any, ends."""
    secret = secrets.token_urlsafe(32)
    with table.writing(desk.accounts) as connection:
        if instead_of is not None:
            table.delete_session(connection, digest(instead_of))
        table.delete_expired(connection, timestamp(now))
        table.insert_session(
            connection,
            hash=digest(secret),
            person=person.id,
            created=timestamp(now),
            seen=timestamp(now),
            expires=timestamp(now + timedelta(days=days)),
        )
    return secret


def resume(desk: Desk, secret: str, *, now: datetime, days: int) -> Person | None:
    """Whose session this is, or None; each use, noted hourly, prolongs it to `days` from now."""
    person, due = find(desk, secret, now=now)
    if due:
        prolong(desk, secret, now=now, days=days)
    return person


def find(desk: Desk, secret: str, *, now: datetime) -> tuple[Person | None, bool]:
    """Whose session this is, or None; and whether its use is to be noted. A look-up that
    waits for nobody who writes."""
    with desk.accounts.connect() as connection:
        row = table.find_by_session(connection, digest(secret), timestamp(now))
    if row is None or row.erased is not None:
        return None, False
    return person_of(desk, row), row.seen < timestamp(now - _SEEN_EVERY)


def prolong(desk: Desk, secret: str, *, now: datetime, days: int) -> None:
    """Note that a session is in use: it ends `days` from now."""
    with table.writing(desk.accounts) as connection:
        expires = timestamp(now + timedelta(days=days))
        table.touch_session(connection, digest(secret), timestamp(now), expires)


def close_session(desk: Desk, secret: str) -> None:
    """Sign out: the secret opens nothing any more."""
    with table.writing(desk.accounts) as connection:
        table.delete_session(connection, digest(secret))


def create_token(desk: Desk, person: Person, label: str, *, now: datetime) -> str:
    """A secret for programs that act for a person. It can be shown once: only its hash stays."""
    label = label.strip()
    if not label or len(label) > _LONGEST_LABEL or not label.isprintable():
        message = _("Say in up to {count} characters what it is for.", count=_LONGEST_LABEL)
        raise Invalid(message, (Problem("label", message),))
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    with table.writing(desk.accounts) as connection:
        table.insert_token(
            connection,
            hash=digest(secret),
            person=person.id,
            label=label,
            created=timestamp(now),
            last_used=None,
        )
    return secret


def tokens(desk: Desk, person: Person) -> list[Token]:
    with desk.accounts.connect() as connection:
        rows = table.tokens_of(connection, person.id)
    return [Token(row.hash, row.label, row.created, row.last_used) for row in rows]


def revoke_token(desk: Desk, person: Person, token_id: str) -> None:
    """Raises NotFound unless it is one of the person's own."""
    with table.writing(desk.accounts) as connection:
        if not table.delete_token(connection, person.id, token_id):
            raise NotFound(_("You have no such token."))


def bearer(desk: Desk, secret: str, *, now: datetime) -> Person | None:
    """Whose API token this is, or None."""
    key = digest(secret)
    with desk.accounts.connect() as connection:
        row = table.find_by_token(connection, key)
    if row is None or row.erased is not None:
        return None
    if row.last_used is None or row.last_used < timestamp(now - _SEEN_EVERY):
        with table.writing(desk.accounts) as connection:
            table.touch_token(connection, key, timestamp(now))
    return person_of(desk, row)


def form_secret(desk: Desk) -> str:
    """The instance's secret that signs forms of people who have no session yet."""
    with desk.accounts.connect() as connection:
        found = table.find_secret(connection, "forms")
    if found is not None:
        return found
    try:
        with table.writing(desk.accounts) as connection:
            table.insert_secret(connection, "forms", secrets.token_urlsafe(32))
    except IntegrityError:
        pass  # another process was first: its secret counts
    return form_secret(desk)
