"""Who is it? Sessions of browsers, stored as hashes only; `tokens` are those of programs."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from server.domain.accounts import Desk, Person, person_of
from server.journal import accounts as table
from server.names import timestamp

_SEEN_EVERY = timedelta(hours=1)  # so that reading pages hardly ever writes


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
