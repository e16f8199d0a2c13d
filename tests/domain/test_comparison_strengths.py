"""Strengths of rivals against published fits, and the laws of the model."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import comparison_strengths
from server.domain.comparison_strengths import estimate

#: Citations among four journals of statistics, 1987-88 (Stigler 1994), a citation being a win of
#: the cited one; fitted in Turner and Firth (2012), Bradley-Terry models in R: the BradleyTerry2
#: package, Journal of Statistical Software 48 (9), section 2.
JOURNALS = [[0, 730, 498, 221], [33, 0, 68, 17], [320, 813, 0, 142], [284, 276, 325, 0]]
ABILITIES = [-2.94907, -0.47957, 0.26895]  # of the other three against the first
ERRORS = [0.10255, 0.06059, 0.07083]

matrices = st.integers(2, 6).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 30), min_size=size, max_size=size), min_size=size, max_size=size
    )
)


def test_strengths_are_those_of_a_published_fit() -> None:
    found = estimate(JOURNALS)
    first, *others = (math.log(share) for share in found.shares)
    assert [other - first for other in others] == pytest.approx(ABILITIES, abs=6e-6)
    assert found.certain


def test_their_errors_are_those_of_the_published_fit() -> None:
    spread = comparison_strengths.covariance(JOURNALS, estimate(JOURNALS).shares)
    found = [math.sqrt(spread[0][0] + spread[i][i] - 2 * spread[0][i]) for i in (1, 2, 3)]
    assert found == pytest.approx(ERRORS, abs=6e-6)


def test_of_two_the_odds_are_the_ratio_of_wins() -> None:
    assert estimate([[0, 30], [10, 0]]).shares == pytest.approx([0.75, 0.25])


def test_a_tie_is_half_a_win_for_both() -> None:
    assert estimate([[0, 3.5], [1.5, 0]]).shares == pytest.approx([0.7, 0.3])


@given(matrices)
def test_shares_add_up_and_more_wins_against_the_same_are_more_strength(
    wins: list[list[int]],
) -> None:
    found = estimate(wins)
    assert sum(found.shares) == pytest.approx(1)
    assert all(0 < share <= 1 for share in found.shares)
    assert all(0 <= low <= likely <= high <= 1 for low, likely, high in found.chances)


@given(matrices)
def test_where_all_are_linked_expected_wins_are_the_wins(wins: list[list[int]]) -> None:
    """The equations of the greatest likelihood: Hunter (2004), section 2."""
    found = estimate(wins)
    if not found.certain:
        return
    for i, mine in enumerate(found.shares):
        others = [j for j in range(len(wins)) if j != i]
        expected = sum((wins[i][j] + wins[j][i]) * mine / (mine + found.shares[j]) for j in others)
        assert expected == pytest.approx(sum(wins[i][j] for j in others), rel=1e-4, abs=1e-4)


@given(matrices, st.randoms(use_true_random=False))
def test_the_order_of_the_rivals_changes_nothing(wins: list[list[int]], random: object) -> None:
    order = list(range(len(wins)))
    random.shuffle(order)  # type: ignore[attr-defined]
    turned = [[wins[i][j] for j in order] for i in order]
    expected = [estimate(wins).shares[i] for i in order]
    assert estimate(turned).shares == pytest.approx(expected, rel=1e-4, abs=1e-6)


def test_one_who_always_won_is_strongest_and_not_without_end() -> None:
    found = estimate([[0, 5, 5], [0, 0, 3], [0, 2, 0]])
    assert not found.certain
    assert found.shares[0] > found.shares[1] > found.shares[2] > 0


def test_those_who_never_met_are_told_apart() -> None:
    wins = [[0, 3, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 2, 0]]
    assert comparison_strengths.apart(wins) == [[0, 1], [2, 3]]
    assert not estimate(wins).certain
    assert comparison_strengths.apart(JOURNALS) == [[0, 1, 2, 3]]


@pytest.mark.parametrize(
    ("wins", "shares"), [([], []), ([[0]], [1]), ([[0, 0], [0, 0]], [0.5, 0.5])]
)
def test_few_or_no_answers_are_no_trouble(wins: list[list[int]], shares: list[float]) -> None:
    assert estimate(wins).shares == pytest.approx(shares)
