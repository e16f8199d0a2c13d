"""The journal: append-only, numbered, durable, and its times never run backwards."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.errors import Damaged
from server.journal.entries import Journal, RepeatedKey, open_engine

NOW = datetime(2026, 11, 22, 10, 0, 0, 123_000, tzinfo=UTC)
BULK = {"dataset": "public", "graph": "http://x/g", "add": None, "remove": None}


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(open_engine(tmp_path / "journal.sqlite"))
    yield opened
    opened.close()


def append(journal: Journal, now: datetime = NOW, key: str | None = None, **patch: object) -> int:
    return journal.append(patch, agent="a", action="test", now=now, key=key).seq


def test_entries_are_numbered_in_their_order_and_read_back(journal: Journal) -> None:
    numbers = [append(journal, text=f"{n} é\u2028") for n in range(1203)]
    assert numbers == list(range(1, 1204))
    assert [entry.seq for entry in journal.entries()] == numbers
    assert [entry.seq for entry in journal.entries(1000, 1002)] == [1001, 1002]
    assert journal.get(7).patch == {"text": "6 é\u2028"}
    assert journal.last() == 1203


def test_times_never_run_backwards_whatever_the_clock_does(tmp_path: Path) -> None:
    journal = Journal(open_engine(tmp_path / "journal.sqlite"))
    append(journal, NOW)
    append(journal, NOW - timedelta(hours=1))
    journal.close()
    journal = Journal(open_engine(tmp_path / "journal.sqlite"))
    append(journal, NOW - timedelta(hours=2))
    append(journal, NOW + timedelta(seconds=1))
    assert [entry.at for entry in journal.entries()] == [
        *["2026-11-22T10:00:00.123Z"] * 3, "2026-11-22T10:00:01.123Z",
    ]  # fmt: skip
    journal.close()


def test_a_key_is_taken_once_and_a_refused_entry_leaves_no_trace(journal: Journal) -> None:
    first = append(journal, key="k")
    with pytest.raises(RepeatedKey) as repeated:
        append(journal, key="k", bulk=[BULK | {"full": None}])
    assert repeated.value.seq == first == journal.find_key("k") == journal.last()
    assert journal.bulk_sequences() == []
    assert journal.graph_file("public", "http://x/g") is None


def test_the_state_of_a_graph_is_that_of_its_last_bulk_entry(journal: Journal) -> None:
    append(journal, bulk=[BULK | {"full": {"name": "1.nq"}}])
    append(journal)
    last = append(journal, bulk=[BULK | {"full": {"name": "2.nq"}}])
    assert journal.bulk_sequences() == [1, last]
    assert journal.bulk_sequences(1) == [last]
    assert journal.graph_file("public", "http://x/g") == (last, {"name": "2.nq"})
    assert journal.graph_file("work", "http://x/g") is None
    last = append(journal, bulk=[BULK | {"full": None}])
    assert journal.graph_file("public", "http://x/g") == (last, None)


def test_what_was_set_aside_is_reported_until_it_is_forgotten(journal: Journal) -> None:
    journal.set_aside(3, "index", "first")
    journal.set_aside(3, "index", "second")
    journal.set_aside(2, "work", "no")
    assert journal.set_aside_entries() == [(2, "work", "no"), (3, "index", "second")]
    journal.forget_refusals("index")
    assert journal.set_aside_entries() == [(2, "work", "no")]


def test_every_commit_waits_for_the_disk(journal: Journal) -> None:
    with journal.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1


def test_a_file_that_is_no_journal_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").write_bytes(b"not a database, but long enough to look" * 100)
    with pytest.raises(Damaged):
        open_engine(tmp_path / "journal.sqlite")


def test_others_read_while_one_writes(journal: Journal, tmp_path: Path) -> None:
    append(journal)
    other = sqlite3.connect(tmp_path / "journal.sqlite")
    other.execute("BEGIN")
    assert other.execute("SELECT COUNT(*) FROM entry").fetchone() == (1,)
    append(journal)
    assert other.execute("SELECT COUNT(*) FROM entry").fetchone() == (1,)
    other.close()
    assert journal.last() == 2
