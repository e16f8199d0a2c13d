"""Counters of windows of time, by which writing and signing in are limited."""

import time

import pytest

from server.web.counters import Counters


def test_each_key_is_counted_for_itself_until_its_window_ends() -> None:
    counters = Counters()
    assert [counters.incr("a", 0.2), counters.incr("a", 0.2), counters.incr("b", 60)] == [1, 2, 1]
    time.sleep(0.25)
    assert (counters.get("a"), counters.get("b")) == (0, 1)
    assert counters.incr("a", 60) == 1


def test_a_window_ends_when_it_was_to_end_at_its_first_hit() -> None:
    counters = Counters()
    counters.incr("a", 60)
    ends = counters.get_expiry("a")
    counters.incr("a", 600)
    assert counters.get_expiry("a") == ends


def test_what_is_given_back_or_cleared_no_longer_counts() -> None:
    counters = Counters()
    counters.incr("a", 60, 2)
    assert [counters.decr("a"), counters.decr("a"), counters.decr("a")] == [1, 0, 0]
    assert counters.decr("never") == 0
    counters.incr("a", 60)
    counters.clear("a")
    counters.clear("never")
    assert counters.get("a") == 0


def test_windows_that_ended_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Counters, "_SWEEP_SECONDS", 0.0)
    counters = Counters()
    for number in range(100):
        counters.incr(f"client {number}", 0.01)
    time.sleep(0.05)
    counters.incr("another", 60)
    assert counters.reset() == 1
