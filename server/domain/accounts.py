"""People: guests, those who registered, their roles; and how an account ends."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, get_args

from pyoxigraph import NamedNode
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from server.domain import guests, passwords, profiles
from server.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from server.i18n import _
from server.journal import accounts as table
from server.journal import tokens as token_table
from server.names import Names, new_id, timestamp

Role = Literal["contributor", "organiser", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
#: What a token may be used for; a token never has more rights than its person.
Scope = Literal["read", "contribute", "publish", "organise", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)


class Desk(Protocol):
    """What the use cases of people need of the open instance."""

    @property
    def accounts(self) -> Engine: ...
    @property
    def names(self) -> Names: ...


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who contributes; `agent` is all that RDF ever says of them.

    `scopes` narrow what a program may do for them; None where they act themselves.
    """

    id: str
    name: str
    role: Role
    guest: bool
    agent: NamedNode
    show_name: bool = False
    email: str | None = None
    created: datetime | None = None
    scopes: frozenset[Scope] | None = None


#: Who acts where commands are run on the machine itself: an identifier without an account.
SYSTEM = "system"


def person_of(desk: Desk, row: Any, scopes: frozenset[Scope] | None = None) -> Person:
    """The person in a row of the table."""
    return Person(
        id=row.id,
        name=row.name,
        role=row.role,
        guest=row.kind == "guest",
        agent=desk.names.agent(row.id),
        show_name=bool(row.show_name),
        email=row.email,
        created=datetime.fromisoformat(row.created),
        scopes=scopes,
    )


def get_person(desk: Desk, person_id: str) -> Person:
    """Raises NotFound, also for an account that was erased."""
    with desk.accounts.connect() as connection:
        row = table.find_person(connection, person_id)
    return _existing(desk, row)


def get_by_email(desk: Desk, email: str) -> Person:
    with desk.accounts.connect() as connection:
        row = table.find_by_email(connection, profiles.folded(email))
    return _existing(desk, row)


def shown_name(desk: Desk, person_id: str) -> str | None:
    """The name that somebody lets be shown; None for the others, erased ones too.

    Raises NotFound for who never was.
    """
    with desk.accounts.connect() as connection:
        row = table.find_person(connection, person_id)
    if row is None:
        raise NotFound(_("There is no such person."))
    return str(row.name) if row.show_name and row.erased is None else None


def shown_names(desk: Desk, ids: list[str]) -> dict[str, str]:
    """The display names of those who let theirs be shown, by identifier."""
    with desk.accounts.connect() as connection:
        return table.names(connection, ids)


def guest(desk: Desk, *, now: datetime) -> Person:
    """Somebody new without an account, under a made-up name."""
    person_id = _insert(desk, _new("guest", guests.name(), "contributor", now))
    return get_person(desk, person_id)


def register(
    desk: Desk, name: str, email: str, password: str, *, now: datetime, guest: Person | None = None
) -> Person:
    """An account for a contributor; a guest's is the guest's own, with all that they did.

    Raises Invalid with a problem for each of `name`, `email`, `password` that is wrong.
    """
    if guest is not None and not guest.guest:
        raise Conflict(_("You have an account already."))
    return _create(desk, name, email, password, "contributor", now, guest)


def create_user(
    desk: Desk, name: str, email: str, password: str, role: str, *, now: datetime
) -> Person:
    """An account in any role, made by whoever runs the server. Raises Invalid."""
    return _create(desk, name, email, password, _role(role), now, None)


def sign_in(desk: Desk, email: str, password: str) -> Person:
    """The person with that e-mail and password. Raises Invalid, the same for both being wrong.

    The work is the same too, so the time does not tell which e-mails are known.
    """
    with desk.accounts.connect() as connection:
        row = table.find_by_email(connection, profiles.folded(email))
    if not passwords.matches(row.password if row else None, password) or row is None:
        message = _("The e-mail address or the password is not right.")
        raise Invalid(message, (Problem("password", message),))
    if passwords.outdated(row.password):
        stored = passwords.hashed(password)
        with table.writing(desk.accounts) as connection:
            table.update_person(connection, row.id, password=stored)
    return person_of(desk, row)


def change_profile(desk: Desk, person: Person, name: str, *, show_name: bool) -> Person:
    """A new name, and whether it may be shown with contributions. Raises Invalid."""
    name = profiles.tidy(name)
    _refuse(profiles.name_problems(name))
    with table.writing(desk.accounts) as connection:
        table.update_person(connection, person.id, name=name, show_name=show_name)
    return get_person(desk, person.id)


def change_password(desk: Desk, person: Person, old: str, new: str, *, session: str = "") -> None:
    """Replace the password; all sessions end but the one with the hash `session`."""
    check_password(desk, person, old)
    _refuse(passwords.problems(new, person.email or ""))
    stored = passwords.hashed(new)
    with table.writing(desk.accounts) as connection:
        table.update_person(connection, person.id, password=stored)
        table.delete_sessions(connection, person.id, keep=session)


def check_password(desk: Desk, person: Person, password: str) -> None:
    """Raises Invalid unless it is the person's."""
    with desk.accounts.connect() as connection:
        row = table.find_person(connection, person.id)
    if not passwords.matches(row.password if row else None, password):
        message = _("That is not your password.")
        raise Invalid(message, (Problem("current", message),))


def set_role(desk: Desk, admin: Person, person_id: str, role: str) -> Person:
    """What somebody may do from now on. Raises Forbidden unless an administrator asks."""
    by_token = admin.scopes is not None and "admin" not in admin.scopes
    if admin.role != "admin" or admin.guest or by_token:
        raise Forbidden(_("Only administrators give roles."))
    person = get_person(desk, person_id)
    if person.guest:
        raise Conflict(_("A guest has no role; they need an account first."))
    with table.writing(desk.accounts) as connection:
        table.update_person(connection, person.id, role=_role(role))
    return get_person(desk, person_id)


def erase(desk: Desk, person: Person, *, now: datetime) -> None:
    """Remove all that is personal and end every session; an anonymous agent remains."""
    with table.writing(desk.accounts) as connection:
        table.delete_sessions(connection, person.id)
        token_table.delete_tokens(connection, person.id)
        table.delete_preferences(connection, person.id)
        table.update_person(
            connection, person.id,
            name="", email=None, email_folded=None, password=None, role="contributor",
            show_name=False, erased=timestamp(now),
        )  # fmt: skip
    table.empty_log(desk.accounts)


def export(desk: Desk, person: Person) -> dict[str, Any]:
    """All that the account tables know of somebody, secrets left out."""
    with desk.accounts.connect() as connection:
        row = table.find_person(connection, person.id)
        sessions = table.sessions_of(connection, person.id)
        tokens = token_table.tokens_of(connection, person.id)
        preferences = table.preferences_of(connection, person.id)
    fields = ("id", "kind", "name", "email", "role", "created", "show_name")
    return {
        "agent": person.agent.value,
        "account": {name: getattr(row, name) for name in fields},
        "sessions": [{"created": s.created, "seen": s.seen} for s in sessions],
        "tokens": [
            {
                "label": t.label, "created": t.created, "last_used": t.last_used,
                "scopes": t.scopes, "expires": t.expires,
            }
            for t in tokens
        ],
        "preferences": preferences,
    }  # fmt: skip


def _create(
    desk: Desk, name: str, email: str, password: str, role: Role, now: datetime, was: Person | None
) -> Person:
    name, email = profiles.tidy(name), email.strip()
    problems = profiles.name_problems(name) + profiles.email_problems(email)
    _refuse(problems + passwords.problems(password, email))
    values = _new("person", name, role, now) | {
        "email": email,
        "email_folded": profiles.folded(email),
        "password": passwords.hashed(password),
    }
    try:
        person_id = _upgrade(desk, was, values) if was else _insert(desk, values)
    except IntegrityError as error:
        message = _("There is an account with this e-mail address already. Sign in instead.")
        raise Invalid(message, (Problem("email", message),)) from error
    return get_person(desk, person_id)


def _insert(desk: Desk, values: dict[str, object]) -> str:
    with table.writing(desk.accounts) as connection:
        table.insert_person(connection, **values)
    return str(values["id"])


def _upgrade(desk: Desk, guest: Person, values: dict[str, object]) -> str:
    kept = values | {"id": guest.id}
    del kept["created"]
    with table.writing(desk.accounts) as connection:
        if not table.upgrade_guest(connection, guest.id, **kept):
            raise Conflict(_("You have an account already."))
    return guest.id


def _new(kind: str, name: str, role: Role, now: datetime) -> dict[str, object]:
    return {
        "id": new_id(), "kind": kind, "name": name, "role": role, "created": timestamp(now),
        "show_name": False,
    }  # fmt: skip


def _existing(desk: Desk, row: Any) -> Person:
    if row is None or row.erased is not None:
        raise NotFound(_("There is no such person."))
    return person_of(desk, row)


def _role(text: str) -> Role:
    for role in ROLES:
        if text == role:
            return role
    message = _("A role is one of {roles}.", roles=", ".join(ROLES))
    raise Invalid(message, (Problem("role", message),))


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Invalid(problems[0].message, tuple(problems))
