"""Sorting and joining on disk: the same as in memory, whatever the sizes."""

import random
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.formats import hierarchies
from server.formats.hierarchies import Links
from server.formats.sorting import Lines, Spool, groups


@pytest.mark.parametrize("chunk", [1, 500, 3_000, 1_000_000])
@pytest.mark.parametrize("block", [5, 64, 1 << 20])
def test_lines_come_in_the_order_of_code_points_each_once(
    chunk: int, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.formats.sorting._BLOCK", block)
    draw = random.Random(5)
    letters = string.ascii_letters + "äß\u1f80漢\U0001f600\ue000"
    lines = ["".join(draw.choices(letters, k=draw.randrange(0, 30))) for _ in range(600)]
    lines += lines[::7]
    kept = Lines(tmp_path, chunk)
    for start in range(0, len(lines), 9):
        kept.add(lines[start : start + 9])
    assert list(kept) == sorted(set(lines))
    assert list(kept) == sorted(set(lines))  # again
    assert not list(tmp_path.iterdir())  # nothing that a killed process would leave behind


def test_nothing_sorted_is_nothing(tmp_path: Path) -> None:
    assert list(Lines(tmp_path)) == []
    assert list(Spool(tmp_path).blocks()) == []


@pytest.mark.parametrize("chunk", [1, 1_000_000])
def test_groups_stand_together_by_what_precedes_the_separator(chunk: int, tmp_path: Path) -> None:
    lines = Lines(tmp_path, chunk)
    lines.add(["b\t2", "a\tx\ty", "b\t1", "ab\t", "b\t1"])
    assert list(groups(lines)) == [("a", ["x\ty"]), ("ab", [""]), ("b", ["1", "2"])]


def test_a_spool_keeps_the_order_of_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.formats.sorting._BLOCK", 3)
    spool = Spool(tmp_path)
    spool.write(["b", "", "a" * 10])
    spool.write(["c"])
    assert [line for block in spool.blocks() for line in block] == ["b", "", "a" * 10, "c"]
    assert spool.count == 4


def links(*pairs: tuple[int, int]) -> Links:
    made = Links()
    for narrower, broader in pairs:
        made.add(narrower, broader)
    return made


def test_a_hierarchy_without_cycles_keeps_its_links() -> None:
    assert hierarchies.closing(links((1, 2), (2, 3), (1, 3), (4, 3))) == set()


def test_of_a_cycle_one_link_goes() -> None:
    assert len(hierarchies.closing(links((1, 2), (2, 3), (3, 1), (3, 4), (5, 1)))) == 1
    assert hierarchies.closing(links((7, 7))) == {(7, 7)}


def test_a_cycle_of_100000_terms_is_cut() -> None:
    size = 100_000
    long = links(*((n, (n + 1) % size) for n in range(size)))
    assert hierarchies.closing(long) == {(size - 1, 0)}


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=40))
def test_after_the_cut_no_cycle_is_left_and_no_needless_link_gone(
    pairs: list[tuple[int, int]],
) -> None:
    """Acyclic: terms can be taken away from the top until none is left (Kahn 1962)."""
    cut = hierarchies.closing(links(*pairs))
    assert cut <= set(pairs)
    assert is_acyclic(set(pairs) - cut)
    assert not cut or not is_acyclic(set(pairs))


def is_acyclic(left: set[tuple[int, int]]) -> bool:
    while left:
        inner = {narrower for narrower, _ in left}
        rest = {pair for pair in left if pair[1] in inner}
        if len(rest) == len(left):
            return False
        left = rest
    return True


def test_the_number_of_an_iri_is_the_same_in_every_process() -> None:
    """As `printf http://example.org/a | b2sum -l 64` has it."""
    assert hierarchies.number("http://example.org/a") == 0x90327F8595E2F74B - (1 << 64)
