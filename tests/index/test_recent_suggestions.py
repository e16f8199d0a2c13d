"""Remembered suggestions: never older than the terms, never another viewer's."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.index import labels
from server.index.database import Database
from server.index.labels import Scope, TermRow
from server.index.recent_suggestions import Recent
from server.viewers import PUBLIC, Viewer

ORGANISER = Viewer("agent", sees_work=True)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "index.sqlite", (labels.SCHEMA,))
    yield opened
    opened.close()


def row(name: str, text: str, **values: object) -> TermRow:
    return TermRow(f"http://example.org/{name}", (("pref", text, "en"),), **values)  # type: ignore[arg-type]


def put(database: Database, *rows: TermRow, vocabulary: str = "v", dataset: str = "public") -> None:
    labels.put_terms(database, vocabulary, dataset, rows)
    database.write.commit()


def asked(database: Database, viewer: Viewer = PUBLIC, **options: object) -> list[str]:
    found = labels.suggest(viewer, database, "re", **options)  # type: ignore[arg-type]
    return [each.iri.removeprefix("http://example.org/") for each in found]


def test_every_kind_of_change_shows_in_the_next_answer(database: Database) -> None:
    assert asked(database) == []
    put(database, row("a", "red"))
    assert asked(database) == ["a"]
    put(database, row("b", "rest"))
    assert asked(database) == ["a", "b"]
    labels.remove_terms(database, "v", ["http://example.org/a"])
    database.write.commit()
    assert asked(database) == ["b"]
    labels.replace_vocabulary(database, "v", "public", [row("c", "reed")])
    database.write.commit()
    assert asked(database) == ["c"]
    labels.remove_vocabulary(database, "v")
    database.write.commit()
    assert asked(database) == []


def test_a_change_that_leaves_every_label_shows_in_the_next_answer(database: Database) -> None:
    put(database, row("a", "red"))
    before = labels.suggest(PUBLIC, database, "re")
    labels.replace_vocabulary(
        database, "v", "public", [row("a", "red", hex="#FF0000", notes=(("A hue", "en"),))]
    )
    database.write.commit()
    (after,) = labels.suggest(PUBLIC, database, "re")
    assert before[0].hex is None
    assert (after.hex, after.note) == ("#FF0000", "A hue")


def test_viewers_of_different_datasets_share_no_list(database: Database) -> None:
    put(database, row("a", "red"))
    put(database, row("b", "red herring"), vocabulary="hidden", dataset="work")
    for _turn in range(2):
        assert asked(database, ORGANISER) == ["a", "b"]
        assert asked(database) == ["a"]
        assert asked(database, scopes=[Scope("hidden")]) == []


def test_a_vocabulary_that_becomes_hidden_is_offered_to_strangers_no_more(
    database: Database,
) -> None:
    put(database, row("a", "red"))
    assert asked(database) == ["a"]
    labels.replace_vocabulary(database, "v", "work", [row("a", "red")])
    database.write.commit()
    assert asked(database) == []
    assert asked(database, ORGANISER) == ["a"]


def test_what_is_rolled_back_is_never_remembered(database: Database) -> None:
    put(database, row("a", "red"))
    labels.replace_vocabulary(database, "v", "public", [row("b", "rest")])
    assert asked(database) == ["a"]
    database.write.rollback()
    put(database, row("c", "reed"))
    assert asked(database) == ["a", "c"]


def test_scope_language_and_number_are_part_of_the_question(database: Database) -> None:
    put(database, row("a", "red"), row("c", "reed"))
    put(database, row("b", "red wine"), vocabulary="w")
    assert asked(database, scopes=[Scope("w")]) == ["b"]
    assert asked(database, scopes=[Scope("v")]) == ["a", "c"]
    assert asked(database, limit=1) == ["a"]
    assert asked(database, limit=2) == ["a", "c"]


def test_two_indexes_share_no_list(database: Database, tmp_path: Path) -> None:
    put(database, row("a", "red"))
    other = Database(tmp_path / "other.sqlite", (labels.SCHEMA,))
    put(other, row("b", "rest"))
    assert (asked(database), asked(other)) == (["a"], ["b"])
    other.close()


def test_changing_an_answer_does_not_change_the_next_one(database: Database) -> None:
    put(database, row("a", "red"))
    labels.suggest(PUBLIC, database, "re").clear()
    assert asked(database) == ["a"]


def test_so_many_are_kept_and_those_asked_for_last() -> None:
    recent: Recent[int] = Recent(3)
    for number in range(3):
        recent.put(number, number)
    recent.get(0)
    recent.put(3, 3)
    assert [recent.get(number) for number in range(4)] == [0, None, 2, 3]


def test_many_threads_never_get_another_value_nor_more_than_are_kept() -> None:
    recent: Recent[int] = Recent(50)

    def work(start: int) -> bool:
        for number in range(start, start + 2_000):
            recent.put(number % 90, number % 90)
            if recent.get(number % 70) not in (None, number % 70):
                return False
        return len(recent) <= 51

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(8)))
    assert len(recent) == 50
