"""Tables of people, sessions and tokens: the one place with names, e-mails and passwords.

Each function is one statement on a connection; times are UTC text with milliseconds, tokens and
sessions are known by the SHA-256 of their secret only. Never RDF, never visible to SPARQL.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row
from sqlalchemy.exc import DBAPIError, IntegrityError

from server.errors import StorageFull, Unavailable
from server.i18n import _

metadata = sa.MetaData()
person = sa.Table(
    "person", metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, sa.CheckConstraint("kind IN ('guest', 'person')"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text),
    sa.Column("email_folded", sa.Text, unique=True),
    sa.Column("password", sa.Text),
    sa.Column(
        "role", sa.Text,
        sa.CheckConstraint("role IN ('contributor', 'organiser', 'admin')"),
        nullable=False,
    ),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("erased", sa.Text),
    sa.Column("show_name", sa.Boolean, nullable=False),
)  # fmt: skip
session = sa.Table(
    "session", metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("person", sa.ForeignKey(person.c.id), nullable=False, index=True),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("seen", sa.Text, nullable=False),
    sa.Column("expires", sa.Text, nullable=False, index=True),
)  # fmt: skip
token = sa.Table(
    "token", metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("person", sa.ForeignKey(person.c.id), nullable=False, index=True),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("last_used", sa.Text),
    sa.Column("scopes", sa.Text),  # none: all of them, as before there were any
    sa.Column("expires", sa.Text),
)  # fmt: skip
preference = sa.Table(
    "preference", metadata,
    sa.Column("person", sa.ForeignKey(person.c.id), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)  # fmt: skip
secret = sa.Table(
    "secret", metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)  # fmt: skip

Found = Row[Any] | None


def create_tables(engine: Engine) -> None:
    """Make the tables and columns that are missing: data directories outlive releases."""
    metadata.create_all(engine)
    standing = {column["name"] for column in sa.inspect(engine).get_columns(token.name)}
    with engine.begin() as connection:
        for column in (token.c.scopes, token.c.expires):
            if column.name not in standing:
                connection.exec_driver_sql(f"ALTER TABLE token ADD COLUMN {column.name} TEXT")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction. Raises StorageFull or Unavailable where it cannot be stored."""
    try:
        with engine.begin() as connection:
            yield connection
    except IntegrityError:
        raise
    except DBAPIError as error:
        if "full" in str(error.orig):
            raise StorageFull(_("The disk is full. Nothing was stored.")) from error
        raise Unavailable(_("It could not be stored. Please try again.")) from error


def empty_log(engine: Engine) -> None:
    """The write-ahead log keeps what was overwritten until it is emptied (as far as readers let).

    https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def insert_person(connection: Connection, **values: object) -> None:
    """Raises IntegrityError when the e-mail stands already."""
    connection.execute(person.insert(), values)


def find_person(connection: Connection, person_id: str) -> Found:
    return connection.execute(person.select().where(person.c.id == person_id)).one_or_none()


def find_by_email(connection: Connection, folded: str) -> Found:
    return connection.execute(person.select().where(person.c.email_folded == folded)).one_or_none()


def names(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """The display names of those among `ids` who let theirs be shown."""
    query = sa.select(person.c.id, person.c.name).where(
        person.c.id.in_(ids), person.c.show_name, person.c.erased.is_(None)
    )
    return {row.id: row.name for row in connection.execute(query)}


def update_person(connection: Connection, person_id: str, **values: object) -> None:
    connection.execute(person.update().where(person.c.id == person_id), values)


def upgrade_guest(connection: Connection, person_id: str, **values: object) -> bool:
    """Make a guest a person with an account. False when that is no guest (any more)."""
    guest = (person.c.id == person_id) & (person.c.kind == "guest") & person.c.erased.is_(None)
    return connection.execute(person.update().where(guest), values).rowcount == 1


def insert_session(connection: Connection, **values: object) -> None:
    connection.execute(session.insert(), values)


class InSession(NamedTuple):
    """The person of a session, with `seen` of the session."""

    id: str
    kind: str
    name: str
    email: str | None
    role: str
    created: str
    erased: str | None
    show_name: int
    seen: str


def find_by_session(connection: Connection, digest: str, now: str) -> InSession | None:
    """The person of a session that has not expired."""
    cursor = connection.connection.cursor()
    cursor.execute(_BY_SESSION, (digest, now))
    row = cursor.fetchone()
    return InSession(*row) if row else None


#: As text: each request of somebody signed in asks this, and an expression takes four times as
#: long (measured).
_BY_SESSION = """SELECT person.id, kind, name, email, role, person.created, erased, show_name, seen
    FROM session JOIN person ON person.id = session.person WHERE hash = ? AND expires > ?"""


def touch_session(connection: Connection, digest: str, seen: str, expires: str) -> None:
    values = {"seen": seen, "expires": expires}
    connection.execute(session.update().where(session.c.hash == digest), values)


def sessions_of(connection: Connection, person_id: str) -> Sequence[Row[Any]]:
    query = session.select().where(session.c.person == person_id).order_by(session.c.created)
    return connection.execute(query).all()


def delete_session(connection: Connection, digest: str) -> None:
    connection.execute(session.delete().where(session.c.hash == digest))


def delete_sessions(connection: Connection, person_id: str, keep: str = "") -> None:
    """End all sessions of a person but the one with the hash `keep`."""
    mine = (session.c.person == person_id) & (session.c.hash != keep)
    connection.execute(session.delete().where(mine))


def delete_expired(connection: Connection, now: str) -> None:
    connection.execute(session.delete().where(session.c.expires <= now))


def preferences_of(connection: Connection, person_id: str) -> dict[str, str]:
    """How somebody likes things here, as text by its name."""
    query = preference.select().where(preference.c.person == person_id)
    return {row.name: row.value for row in connection.execute(query)}


def put_preference(connection: Connection, person_id: str, name: str, value: str) -> None:
    mine = (preference.c.person == person_id) & (preference.c.name == name)
    connection.execute(preference.delete().where(mine))
    connection.execute(preference.insert(), {"person": person_id, "name": name, "value": value})


def delete_preferences(connection: Connection, person_id: str) -> None:
    connection.execute(preference.delete().where(preference.c.person == person_id))


def find_secret(connection: Connection, name: str) -> str | None:
    return connection.scalar(sa.select(secret.c.value).where(secret.c.name == name))


def insert_secret(connection: Connection, name: str, value: str) -> None:
    """Raises IntegrityError when another process was first."""
    connection.execute(secret.insert(), {"name": name, "value": value})
