"""Work in threads: in order, with its errors, and nothing is left behind."""

import threading
from collections.abc import Generator, Iterator
from contextvars import ContextVar

import pytest

from server.ahead import ahead, in_turns

SAID: ContextVar[str] = ContextVar("said", default="nothing")


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = threading.active_count()
    yield
    assert threading.active_count() == before


def count(most: int, closed: list[str] | None = None) -> Generator[int]:
    try:
        yield from range(most)
    finally:
        if closed is not None:
            closed.append(threading.current_thread().name)


def test_all_come_in_their_order() -> None:
    assert list(ahead(count(1_000))) == list(range(1_000))
    assert list(ahead(count(0))) == []
    assert list(ahead(piece * 2 for piece in ahead(count(100)))) == list(range(0, 200, 2))


def test_a_piece_may_be_none() -> None:
    assert list(ahead(piece for piece in (None, False, None))) == [None, False, None]


def test_one_is_made_while_another_is_dealt_with() -> None:
    begun = threading.Event()

    def work() -> Generator[int]:
        yield 1
        begun.set()
        yield 2

    pieces = ahead(work())
    assert next(pieces) == 1
    assert begun.wait(10)  # nobody has asked for it
    assert list(pieces) == [2]


def test_an_error_arrives_in_its_place() -> None:
    def failing() -> Generator[int]:
        yield 1
        raise KeyError("lost")

    pieces = ahead(failing())
    assert next(pieces) == 1
    with pytest.raises(KeyError, match="lost"):
        next(pieces)


def test_who_stops_ends_the_work_where_it_ran() -> None:
    closed: list[str] = []
    pieces = ahead(count(1_000, closed))
    next(pieces)
    pieces.close()
    (where,) = closed
    assert where != threading.current_thread().name


def test_the_language_goes_with_it() -> None:
    def said() -> Generator[str]:
        yield SAID.get()

    SAID.set("a word")
    assert list(ahead(said())) == ["a word"]


def test_in_turns_as_long_as_there_are_any() -> None:
    assert list(in_turns(count(3), count(1), count(2))) == [0, 0, 0, 1, 1, 2]
    assert list(in_turns()) == []


def test_in_turns_ends_all_of_them() -> None:
    closed: list[str] = []
    turns = in_turns(count(9, closed), ahead(count(9, closed)))
    assert [next(turns), next(turns)] == [0, 0]
    turns.close()
    assert len(closed) == 2
