"""Which of the accepted answers become values: the worked examples of the documentation."""

import pytest

from server.domain.publication_rules import Candidate, PublicationRule, chosen

RED = Candidate("red", "http://c/red", 5)
BLUE = Candidate("blue", "http://c/blue", 3)
GREEN = Candidate("green", "http://c/green", 3)
MANY = Candidate("many", "http://c/many", 3)
ALL = [GREEN, MANY, BLUE, RED]


@pytest.mark.parametrize(
    ("rule", "candidates", "expected"),
    [
        (PublicationRule(), ALL, {"red", "blue", "green", "many"}),
        (PublicationRule(most=1), ALL, {"red"}),
        # Multi-coloured beats ties.
        (PublicationRule(most=2, beats_ties=MANY.body), ALL, {"red", "many"}),
        (PublicationRule(most=1, beats_ties=MANY.body), [GREEN, MANY, BLUE], {"many"}),
        # It beats nothing that has more votes.
        (PublicationRule(most=1, beats_ties=MANY.body), [MANY, RED], {"red"}),
        # A tie that nothing beats: fewer rejections, then more of the picture, then the older one.
        (PublicationRule(most=1), [BLUE, Candidate("g", "g", 3, 1)], {"blue"}),
        (PublicationRule(most=1), [BLUE, Candidate("g", "g", 3, 0, 40.0)], {"g"}),
        (
            PublicationRule(most=1),
            [Candidate("b", "b", 3, created="2"), Candidate("g", "g", 3, created="1")],
            {"g"},
        ),
        # Of 20 votes a quarter is 5.
        (PublicationRule(least_share=0.25), ALL, {"red"}),
        (PublicationRule(most=2, least_share=0.15), ALL[:3], {"blue", "green"}),
        (PublicationRule(least_share=1.0), [], set()),
    ],
)
def test_a_rule_chooses(
    rule: PublicationRule, candidates: list[Candidate], expected: set[str]
) -> None:
    assert chosen(rule, candidates, 20) == expected


def test_the_order_of_the_answers_does_not_matter() -> None:
    rule = PublicationRule(most=2)
    assert chosen(rule, ALL, 20) == chosen(rule, ALL[::-1], 20)
