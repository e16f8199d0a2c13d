from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateIndex, CreateTable

from server.errors import StorageFull
from server.journal import accounts, tokens
from server.journal.entries import open_engine

T1, T2, T3 = "2026-11-22T10:00:00.000Z", "2026-11-22T11:00:00.000Z", "2026-11-22T12:00:00.000Z"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(tmp_path / "journal.sqlite")
    accounts.create_tables(engine)
    accounts.create_tables(engine)  # a second start finds them
    with engine.begin() as connection:
        add(connection, "p1", email="Ada@example.org", email_folded="ada@example.org")
        add(connection, "g1", kind="guest")
    yield engine
    engine.dispose()


def add(connection: sa.Connection, person_id: str, **changes: object) -> None:
    values = {
        "id": person_id, "kind": "person", "name": "Ada", "role": "contributor",
        "created": T1, "show_name": False,
    }  # fmt: skip
    accounts.insert_person(connection, **(values | changes))


def test_an_email_stands_once_and_any_number_of_guests_have_none(engine: Engine) -> None:
    with engine.begin() as connection:
        add(connection, "g2", kind="guest")
    with pytest.raises(IntegrityError), accounts.writing(engine) as connection:
        add(connection, "p2", email_folded="ada@example.org")


@pytest.mark.parametrize("wrong", [{"role": "owner"}, {"kind": "robot"}])
def test_the_database_takes_no_other_roles_and_kinds(engine: Engine, wrong: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), accounts.writing(engine) as connection:
        add(connection, "p2", **wrong)


def test_a_session_is_found_until_it_expires(engine: Engine) -> None:
    with engine.begin() as connection:
        session = {"hash": "h", "person": "p1", "created": T1, "seen": T1, "expires": T2}
        accounts.insert_session(connection, **session)
        assert accounts.find_by_session(connection, "h", T1).id == "p1"
        assert accounts.find_by_session(connection, "h", T2) is None
        accounts.touch_session(connection, "h", T2, T3)
        assert accounts.find_by_session(connection, "h", T2).seen == T2
        accounts.delete_expired(connection, T3)
        assert accounts.sessions_of(connection, "p1") == []


def test_a_session_belongs_to_somebody(engine: Engine) -> None:
    with pytest.raises(IntegrityError), accounts.writing(engine) as connection:
        session = {"hash": "h", "person": "nobody", "created": T1, "seen": T1, "expires": T2}
        accounts.insert_session(connection, **session)


def test_only_guests_are_upgraded_and_only_once(engine: Engine) -> None:
    with engine.begin() as connection:
        assert not accounts.upgrade_guest(connection, "p1", kind="person", name="X")
        assert accounts.upgrade_guest(connection, "g1", kind="person", name="Grace")
        assert not accounts.upgrade_guest(connection, "g1", kind="person", name="Eve")
        assert accounts.find_person(connection, "g1").name == "Grace"


def test_names_are_shown_of_those_only_who_said_so(engine: Engine) -> None:
    with engine.begin() as connection:
        assert accounts.names(connection, ["p1", "g1"]) == {}
        accounts.update_person(connection, "p1", show_name=True)
        assert accounts.names(connection, ["p1", "g1"]) == {"p1": "Ada"}


def test_a_full_disk_is_named_and_nothing_is_stored(engine: Engine) -> None:
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with pytest.raises(StorageFull), accounts.writing(engine) as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        for number in range(1000):
            add(connection, f"x{number}", name="long name " * 20)
    with engine.connect() as connection:
        assert accounts.find_person(connection, "x0") is None


def test_the_tables_are_ones_that_postgresql_knows() -> None:
    for table in accounts.metadata.sorted_tables:
        text = str(CreateTable(table).compile(dialect=postgresql.dialect()))
        assert text.strip().startswith("CREATE TABLE")
        for index in table.indexes:
            assert str(CreateIndex(index).compile(dialect=postgresql.dialect()))


def test_a_token_table_of_before_gets_its_columns_and_keeps_its_rows(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "journal.sqlite")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE token (hash TEXT PRIMARY KEY, person TEXT NOT NULL, label TEXT NOT NULL,"
            " created TEXT NOT NULL, last_used TEXT)"
        )
        connection.exec_driver_sql(f"INSERT INTO token VALUES ('h', 'p1', 'old', '{T1}', NULL)")
    for _start in range(2):
        accounts.create_tables(engine)
    with engine.begin() as connection:
        add(connection, "p1")
        found = tokens.find_by_token(connection, "h", T3)
        assert found is not None and (found.id, found.scopes) == ("p1", None)
    engine.dispose()
