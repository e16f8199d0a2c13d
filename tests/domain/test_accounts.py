from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import argon2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode
from sqlalchemy.engine import Engine

from server.domain import accounts, guests, passwords, permissions, profiles, sessions, tokens
from server.domain.accounts import Person, Scope
from server.errors import Conflict, Forbidden, Invalid, NotFound, NotSignedIn, OutOfScope
from server.journal import accounts as table
from server.journal.entries import open_engine
from server.names import Names
from server.viewers import PUBLIC

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Desk:
    accounts: Engine
    names: Names


@dataclass(frozen=True)
class Campaign:
    creator: NamedNode | str | None
    guests: bool = True


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    engine = open_engine(tmp_path / "journal.sqlite")
    table.create_tables(engine)
    yield Desk(engine, Names("http://example.org/"))
    engine.dispose()


def member(desk: Desk, email: str = "ada@example.org", role: str = "contributor") -> Person:
    return accounts.create_user(desk, "Ada", email, PASSWORD, role, now=NOW)


def stored_password(desk: Desk, person: Person) -> str:
    with desk.accounts.connect() as connection:
        row = table.find_person(connection, person.id)
    assert row is not None
    return str(row.password)


def test_the_agent_is_all_that_rdf_says_of_a_person(desk: Desk) -> None:
    person = member(desk)
    assert person.agent == NamedNode(f"http://example.org/agent/{person.id}")


def test_passwords_are_kept_as_argon2id_with_owasps_parameters(desk: Desk) -> None:
    # OWASP Password Storage Cheat Sheet: m=19456 (19 MiB), t=2, p=1.
    assert stored_password(desk, member(desk)).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_an_old_hash_is_renewed_at_the_next_sign_in(desk: Desk) -> None:
    person = member(desk)
    old = argon2.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with desk.accounts.begin() as connection:
        table.update_person(connection, person.id, password=old)
    assert accounts.sign_in(desk, "ada@example.org", PASSWORD) == person
    assert "m=19456,t=2,p=1" in stored_password(desk, person)
    assert accounts.sign_in(desk, "ada@example.org", PASSWORD) == person


def test_sign_in_knows_the_email_in_any_case(desk: Desk) -> None:
    person = member(desk, "Ada@Example.org")
    assert accounts.sign_in(desk, " aDA@example.ORG ", PASSWORD) == person


@pytest.mark.parametrize(
    ("email", "password"),
    [("ada@example.org", "wrong"), ("bob@example.org", PASSWORD), ("", ""), ("\0", "\0")],
)
def test_sign_in_says_the_same_whatever_is_wrong(desk: Desk, email: str, password: str) -> None:
    member(desk)
    with pytest.raises(Invalid) as caught:
        accounts.sign_in(desk, email, password)
    assert str(caught.value) == "The e-mail address or the password is not right."


def test_guests_cannot_sign_in_with_an_empty_password(desk: Desk) -> None:
    accounts.guest(desk, now=NOW)
    with pytest.raises(Invalid):
        accounts.sign_in(desk, "None", "")


def test_accents_typed_in_two_ways_are_the_same_password(desk: Desk) -> None:
    accounts.create_user(desk, "A", "a@example.org", "caf\u00e9 caf\u00e9 1", "admin", now=NOW)
    assert accounts.sign_in(desk, "a@example.org", "cafe\u0301 cafe\u0301 1").role == "admin"


def test_an_email_is_taken_once(desk: Desk) -> None:
    member(desk)
    with pytest.raises(Invalid) as caught:
        accounts.register(desk, "Eve", "ADA@example.org", PASSWORD, now=NOW)
    assert [problem.field for problem in caught.value.problems] == ["email"]


def test_all_that_is_wrong_is_said_at_once(desk: Desk) -> None:
    with pytest.raises(Invalid) as caught:
        accounts.register(desk, " ", "x", "short", now=NOW)
    assert [problem.field for problem in caught.value.problems] == ["name", "email", "password"]


@pytest.mark.parametrize(
    "email",
    ["a@b", "@example.org", "a@", "a b@example.org", "a@example.org\n", "a@-x.org",
              "a@example..org", "<a@example.org>", "a@b.org,c@b.org", "a" * 65 + "@b.org",
              "a@example.org\0", "ä@example.org"],
)  # fmt: skip
def test_what_is_no_email_is_refused(email: str) -> None:
    assert profiles.email_problems(email)


@pytest.mark.parametrize("email", ["a@example.org", "o'neil+tag@mail.example.co.uk", "x_y@1.de"])
def test_emails_are_taken(email: str) -> None:
    assert profiles.email_problems(email) == []


@pytest.mark.parametrize(
    "name", ["", "\u202eadA", "a\u2066b", "a\nb", "a\0b", "\u200b", "...", "x" * 81, "\ud800a"]
)
def test_names_without_letters_or_with_controls_are_refused(name: str) -> None:
    assert profiles.name_problems(profiles.tidy(name))


@pytest.mark.parametrize("name", ["Ada", "Ελένη Παπαδοπούλου", "O’Neil-Łódź", "李", "نور", "7"])
def test_names_of_all_scripts_are_taken(name: str) -> None:
    assert profiles.name_problems(name) == []


@pytest.mark.parametrize("password", ["", "nine char", "aaaaaaaaaaaa", "a" * 201])
def test_weak_passwords_are_refused(password: str) -> None:
    assert passwords.problems(password)


def test_the_email_is_no_password() -> None:
    assert passwords.problems("ADA@example.org", "ada@example.org")


@given(st.text(max_size=300))
def test_any_text_is_judged_as_a_name_without_failing(text: str) -> None:
    if not profiles.name_problems(profiles.tidy(text)):
        assert 1 <= len(profiles.tidy(text)) <= 80


def test_guests_have_friendly_names() -> None:
    adjective, animal, number = guests.name().split()
    assert adjective.isalpha() and animal.isalpha() and number.isdecimal()


def test_a_guest_that_signs_up_stays_the_same_agent(desk: Desk) -> None:
    guest = accounts.guest(desk, now=NOW)
    assert guest.guest
    person = accounts.register(desk, "Ada", "a@example.org", PASSWORD, now=NOW, guest=guest)
    assert (person.id, person.agent, person.guest) == (guest.id, guest.agent, False)
    assert accounts.sign_in(desk, "a@example.org", PASSWORD) == person
    with pytest.raises(Conflict):  # the second of two windows
        accounts.register(desk, "Eve", "e@example.org", PASSWORD, now=NOW, guest=guest)
    with pytest.raises(Conflict):
        accounts.register(desk, "Eve", "e@example.org", PASSWORD, now=NOW, guest=person)


def test_a_session_lasts_for_days_after_its_last_use(desk: Desk) -> None:
    person = member(desk)
    secret = sessions.open_session(desk, person, now=NOW, days=30)
    for day in (29, 58, 87):
        assert sessions.resume(desk, secret, now=NOW + timedelta(days=day), days=30) == person
    assert sessions.resume(desk, secret, now=NOW + timedelta(days=118), days=30) is None


def test_secrets_are_stored_hashed_only(desk: Desk) -> None:
    person = member(desk)
    session = sessions.open_session(desk, person, now=NOW, days=30)
    token = tokens.create_token(desk, person, "script", now=NOW)
    assert len(session) >= 43  # 256 bits in base64
    with desk.accounts.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())
    for secret in (session, token, PASSWORD):
        assert secret not in dump
    assert sessions.digest(session) in dump


def test_a_new_session_replaces_the_one_before(desk: Desk) -> None:
    person = member(desk)
    first = sessions.open_session(desk, person, now=NOW, days=30)
    second = sessions.open_session(desk, person, now=NOW, days=30, instead_of=first)
    assert first != second
    assert sessions.resume(desk, first, now=NOW, days=30) is None
    sessions.close_session(desk, second)
    assert sessions.resume(desk, second, now=NOW, days=30) is None


def test_tokens_name_their_owner_until_they_are_revoked(desk: Desk) -> None:
    person = member(desk)
    token = tokens.create_token(desk, person, " my script ", now=NOW)
    assert tokens.bearer(desk, token, now=NOW) == replace(person, scopes=tokens.ALL)
    assert tokens.bearer(desk, token + "x", now=NOW) is None
    [kept] = tokens.tokens(desk, person, now=NOW)
    assert (kept.label, kept.last_used) == ("my script", NOW)
    with pytest.raises(NotFound):
        tokens.revoke_token(desk, member(desk, "eve@example.org"), kept.id)
    tokens.revoke_token(desk, person, kept.id)
    assert tokens.bearer(desk, token, now=NOW) is None


def test_a_new_password_ends_the_other_sessions(desk: Desk) -> None:
    person = member(desk)
    here, elsewhere = (sessions.open_session(desk, person, now=NOW, days=30) for _ in range(2))
    new = "another long password"
    accounts.change_password(desk, person, PASSWORD, new, session=sessions.digest(here))
    assert sessions.resume(desk, here, now=NOW, days=30) == person
    assert sessions.resume(desk, elsewhere, now=NOW, days=30) is None
    with pytest.raises(Invalid):
        accounts.change_password(desk, person, PASSWORD, "x" * 12)


def test_erasing_removes_all_that_is_personal(desk: Desk) -> None:
    person = member(desk)
    accounts.change_profile(desk, person, "Countess", show_name=True)
    session = sessions.open_session(desk, person, now=NOW, days=30)
    token = tokens.create_token(desk, person, "script", now=NOW)
    accounts.erase(desk, person, now=NOW)
    with desk.accounts.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())
    for personal in ("Countess", "ada@example.org", "argon2", "script"):
        assert personal not in dump
    assert person.id in dump
    assert sessions.resume(desk, session, now=NOW, days=30) is None
    assert tokens.bearer(desk, token, now=NOW) is None
    assert accounts.shown_names(desk, [person.id]) == {}
    with pytest.raises(NotFound):
        accounts.get_person(desk, person.id)
    assert member(desk).id != person.id  # the e-mail is free again


def test_only_administrators_give_roles(desk: Desk) -> None:
    admin, person = member(desk, "root@example.org", "admin"), member(desk)
    assert accounts.set_role(desk, admin, person.id, "organiser").role == "organiser"
    for nobody in (person, accounts.guest(desk, now=NOW)):
        with pytest.raises(Forbidden):
            accounts.set_role(desk, nobody, person.id, "admin")
    with pytest.raises(Invalid):
        accounts.set_role(desk, admin, person.id, "owner")
    with pytest.raises(Conflict):
        accounts.set_role(desk, admin, accounts.guest(desk, now=NOW).id, "admin")


def test_the_export_holds_what_is_known_and_no_secrets(desk: Desk) -> None:
    person = member(desk)
    tokens.create_token(desk, person, "script", now=NOW)
    export = accounts.export(desk, person)
    assert export["account"]["email"] == "ada@example.org"
    assert export["tokens"][0]["label"] == "script"
    assert "argon2" not in str(export)


# The table of permissions, as the issue words it: role, campaign (own, of others), what is allowed.
EVERYTHING = set(permissions.RULES)
ORGANISERS = {"contribute", "vote", "import", "create campaign", "see work"}
RUNNING = {"edit campaign", "moderate", "publish"}


@pytest.mark.parametrize(
    ("role", "guest", "own", "guests", "allowed"),
    [
        ("contributor", True, False, True, {"contribute", "vote"}),
        ("contributor", True, True, False, set()),
        ("admin", True, True, False, set()),  # a guest is a guest
        ("contributor", False, False, False, {"contribute", "vote"}),
        ("contributor", False, True, False, {"contribute", "vote"}),
        ("organiser", False, False, False, ORGANISERS),
        ("organiser", False, True, False, ORGANISERS | RUNNING),
        ("admin", False, False, False, EVERYTHING),
    ],
)
def test_who_may_do_what(
    role: accounts.Role, guest: bool, own: bool, guests: bool, allowed: set[str]
) -> None:
    agent = NamedNode("http://example.org/agent/1")
    person = Person("1", "Ada", role, guest, agent)
    for creator in (agent, agent.value) if own else ("http://example.org/agent/2", None):
        campaign = Campaign(creator, guests)
        assert {a for a in permissions.RULES if permissions.may(person, a, campaign)} == allowed
        for action in EVERYTHING - allowed:
            with pytest.raises(NotSignedIn if guest else Forbidden):
                permissions.require(person, action, campaign)


def test_nobody_may_do_nothing() -> None:
    for action in permissions.RULES:
        with pytest.raises(NotSignedIn):
            permissions.require(None, action, Campaign(None))


def test_organisers_see_work_and_others_what_is_public() -> None:
    agent = NamedNode("http://example.org/agent/1")
    assert permissions.viewer(None) == PUBLIC
    assert not permissions.viewer(Person("1", "A", "contributor", False, agent)).sees_work
    organiser = permissions.viewer(Person("1", "A", "organiser", False, agent))
    assert (organiser.sees_work, organiser.agent) == (True, agent.value)


def test_a_token_of_before_there_were_scopes_is_good_for_everything(desk: Desk) -> None:
    person = member(desk)
    secret = tokens.create_token(desk, person, "old", now=NOW, scopes=())
    with table.writing(desk.accounts) as connection:
        connection.execute(table.token.update().values(scopes=None, expires=None))
    found = tokens.bearer(desk, secret, now=NOW)
    assert found is not None and found.scopes == tokens.ALL


def test_a_token_ends_when_it_expires(desk: Desk) -> None:
    secret = tokens.create_token(desk, member(desk), "short", now=NOW, days=2)
    assert tokens.bearer(desk, secret, now=NOW + timedelta(days=2, seconds=-1)) is not None
    assert tokens.bearer(desk, secret, now=NOW + timedelta(days=2)) is None


def test_scopes_narrow_what_a_person_may_do_and_never_widen_it(desk: Desk) -> None:
    person = member(desk)
    campaign = Campaign(creator=person.agent)
    for scopes in (frozenset[Scope](), frozenset[Scope](["read"]), tokens.ALL):
        narrowed = replace(person, scopes=scopes)
        for action in permissions.RULES:
            allowed = permissions.may(narrowed, action, campaign)
            within = permissions.NEEDED[action] in scopes
            assert allowed is (within and permissions.may(person, action, campaign))
            if permissions.may(person, action, campaign) and not within:
                with pytest.raises(OutOfScope) as refused:
                    permissions.require(narrowed, action, campaign)
                assert refused.value.scope == permissions.NEEDED[action]


def test_a_token_cannot_make_or_revoke_tokens(desk: Desk) -> None:
    person = member(desk)
    secret = tokens.create_token(desk, person, "one", now=NOW)
    by_token = tokens.bearer(desk, secret, now=NOW)
    assert by_token is not None
    with pytest.raises(Forbidden):
        tokens.create_token(desk, by_token, "two", now=NOW)
    with pytest.raises(Forbidden):
        tokens.revoke_token(desk, by_token, tokens.tokens(desk, person, now=NOW)[0].id)
