"""How the groups of a question share the few lines of the search box."""

from hypothesis import given
from hypothesis import strategies as st

from server.domain.suggestions import _shares


@given(st.lists(st.integers(0, 60), max_size=12), st.integers(0, 50))
def test_every_group_has_its_best_before_another_has_its_second(
    sizes: list[int], limit: int
) -> None:
    shares = _shares(sizes, limit)
    assert sum(shares) == min(limit, sum(sizes))
    for size, share in zip(sizes, shares, strict=True):
        assert 0 <= share <= size
        # whoever could still have more has at most one less than anybody else
        assert share == size or share >= max(shares, default=0) - 1
