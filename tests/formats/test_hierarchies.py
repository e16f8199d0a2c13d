"""Cycles of broader terms are cut, and no more than that."""

from hypothesis import given
from hypothesis import strategies as st

from server.formats import hierarchies
from server.formats.hierarchies import Links


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
