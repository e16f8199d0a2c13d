"""Sorting and joining on disk: the same as in memory, whatever the sizes."""

import random
import string
from pathlib import Path

import pytest

from server.sorting import Lines, Spool, groups, sorted_lines


@pytest.mark.parametrize("chunk", [1, 500, 3_000, 1_000_000])
@pytest.mark.parametrize("block", [5, 64, 1 << 20])
def test_lines_come_in_the_order_of_code_points_each_once(
    chunk: int, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.sorting._MOST", block)
    monkeypatch.setattr("server.sorting._LEAST", 1)
    monkeypatch.setattr("server.sorting._MOST_RUNS", 4)
    draw = random.Random(5)
    letters = string.ascii_letters + "äß\u1f80漢\U0001f600\ue000"
    lines = ["".join(draw.choices(letters, k=draw.randrange(0, 30))) for _ in range(600)]
    lines += lines[::7]
    kept = Lines(tmp_path, chunk)
    for start in range(0, len(lines), 9):
        kept.add_texts(lines[start : start + 9])
    assert list(kept) == sorted(set(lines))
    assert list(kept) == sorted(set(lines))  # again
    assert not list(tmp_path.iterdir())  # nothing that a killed process would leave behind


def test_nothing_sorted_is_nothing(tmp_path: Path) -> None:
    assert list(Lines(tmp_path)) == []
    assert list(Spool(tmp_path).texts()) == []


@pytest.mark.parametrize("chunk", [1, 1_000_000])
def test_groups_stand_together_by_what_precedes_the_separator(chunk: int, tmp_path: Path) -> None:
    lines = Lines(tmp_path, chunk)
    lines.add_texts(["b\t2", "a\tx\ty", "b\t1", "ab\t", "b\t1"])
    assert list(groups(lines)) == [("a", ["x\ty"]), ("ab", [""]), ("b", ["1", "2"])]


def test_a_spool_keeps_the_order_of_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.sorting._MOST", 3)
    spool = Spool(tmp_path)
    spool.write_texts(["b", "", "a" * 10])
    spool.write([b"c"])
    assert [line for block in spool.texts() for line in block] == ["b", "", "a" * 10, "c"]
    assert spool.count == 4


def test_sorted_lines_keep_their_ends_and_leave_nothing(tmp_path: Path) -> None:
    assert list(sorted_lines(["b\n", "ä\n", "a\n", "b\n"], tmp_path)) == ["a\n", "b\n", "ä\n"]
    assert list(sorted_lines([], tmp_path)) == []
    assert list(tmp_path.iterdir()) == []
