"""Tallies of comparisons: they follow what people say, as it comes and goes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.commit import Desk
from server.domain import (
    accounts,
    campaigns,
    comparisons,
    contributing,
    opening,
    participation,
    routing,
)
from server.domain.accounts import Person
from server.domain.campaigns import Campaign
from server.domain.comparisons import Results
from server.domain.contributing import Proposal
from server.domain.media import Medium
from server.index import items
from server.index.items import ItemRow
from server.viewers import Viewer
from tests import worlds
from tests.web import visual_site
from tests.web.visual_site import MAKERS
from tests.worlds import now

_ALL = Viewer(sees_work=True)
ALPHA, BETA, GAMMA = MAKERS


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opening.opened(worlds.create(tmp_path / "data")) as opened:
        yield opened


@pytest.fixture
def people(desk: Desk) -> list[Person]:
    """An organiser, and three who take part in their campaign."""
    olga = accounts.create_user(
        desk, "Olga", "o@example.org", worlds.PASSWORD, "organiser", now=now()
    )
    works = visual_site.works(desk.names.base)
    worlds.import_things(desk, olga, "works", works.values())  # type: ignore[arg-type]
    tasks = (visual_site.comparison_task(1, *MAKERS[:2]), visual_site.comparison_task(2))
    made = Campaign(
        "better", {"en": "Better"}, {"en": "Which?"}, ("works",), tasks, 10, state="open"
    )
    campaigns.create(desk, olga, made, now=now())
    found = [olga, *(accounts.guest(desk, now=now()) for _number in range(3))]
    for person in found:
        participation.agree(desk, person, "better", now=now())
    return found


def row_of(desk: Desk, work: str) -> ItemRow:
    found = items.find_item_by_iri(_ALL, desk.index.read(), worlds.item(work))
    assert found is not None
    return found


def say(
    desk: Desk, person: Person, makers: tuple[str, str], better: str, work: str = "versions",
    task: int = 2, **more: str,
) -> str:  # fmt: skip
    """Compare the renderings of two makers; `better` is one of them, or "" for neither."""
    campaign = campaigns.get_campaign(desk, _ALL, "better")
    found = comparisons.pairs(
        desk, _ALL, campaign, campaign.task(task), row_of(desk, work), person.agent.value
    )
    (pair,) = [each for each in found if {each.left.maker, each.right.maker} == set(makers)]
    sides = {pair.left.maker: "left", pair.right.maker: "right", "": "none"}
    values = {"better": [sides[better]], "better-pair": [pair.token]}
    values |= {name: [value] for name, value in more.items()}
    replaced = desk.names.annotation(more["replaces"]).value if more else ""
    proposal = Proposal("better", worlds.item(work), task, values, replaced)
    return contributing.propose(desk, person, proposal, now=now())


def results(desk: Desk, task: int = 2) -> Results:
    campaign = campaigns.get_campaign(desk, _ALL, "better")
    return comparisons.results(desk, campaign, campaign.task(task))


def table(found: Results) -> dict[tuple[str, str], float]:
    return {
        (one, other): found.wins[i][j]
        for i, one in enumerate(found.makers)
        for j, other in enumerate(found.makers)
        if found.wins[i][j]
    }


def test_wins_are_counted_per_person_and_a_tie_is_half_for_both(
    desk: Desk, people: list[Person]
) -> None:
    _olga, one, two, three = people
    for person in (one, two):
        say(desk, person, (ALPHA, BETA), ALPHA)
    say(desk, three, (ALPHA, BETA), BETA)
    say(desk, one, (ALPHA, BETA), "", work="other-versions")
    found = results(desk)
    assert table(found) == {(ALPHA, BETA): 2.5, (BETA, ALPHA): 1.5}
    assert (found.answers, found.ties) == (4, 1)
    assert found.strengths.shares == pytest.approx([0.625, 0.375])
    assert results(desk, task=1).answers == 0


def test_taking_back_and_changing_move_the_tally(
    desk: Desk, people: list[Person], tmp_path: Path
) -> None:
    _olga, one, two, _three = people
    iri = say(desk, one, (ALPHA, GAMMA), ALPHA)
    assert say(desk, two, (ALPHA, GAMMA), ALPHA) == iri  # the same said is one claim
    say(desk, one, (ALPHA, GAMMA), GAMMA, replaces=iri.rpartition("/")[2])
    assert table(results(desk)) == {(ALPHA, GAMMA): 1, (GAMMA, ALPHA): 1}
    contributing.withdraw(desk, two, iri, now=now())
    assert table(results(desk)) == {(GAMMA, ALPHA): 1}
    worlds.assert_equals_rebuild(desk, tmp_path / "rebuilt")


def test_votes_of_others_are_no_answers(desk: Desk, people: list[Person]) -> None:
    _olga, one, two, _three = people
    iri = say(desk, one, (ALPHA, BETA), ALPHA)
    contributing.vote(desk, two, iri, "approve", now=now())
    assert results(desk).answers == 1


def test_nobody_is_asked_to_judge_what_others_prefer(desk: Desk, people: list[Person]) -> None:
    _olga, one, two, _three = people
    say(desk, one, (ALPHA, BETA), ALPHA)
    campaign = campaigns.get_campaign(desk, _ALL, "better")
    assert routing.next_proposals(desk, campaign, two, 9, now()) == []


def test_those_who_never_met_are_named(desk: Desk, people: list[Person]) -> None:
    found = results(desk)
    assert found.makers == [] and found.apart == [] and found.answers == 0
    say(desk, people[1], (ALPHA, BETA), ALPHA)
    found = results(desk)
    assert found.labels == [ALPHA, BETA] and not found.strengths.certain
    assert found.ranked == [0, 1]


def test_one_image_of_each_of_six_makers_at_most_is_compared() -> None:
    made = [Medium(n, "image", f"http://x.example/{n}", maker=f"m{n % 9}") for n in range(20)]
    other = [
        Medium(30, "audio", "http://x.example/a", maker="z"),
        Medium(31, "image", "http://x.example/o"),
    ]
    task = visual_site.comparison_task()
    assert [each.maker for each in comparisons.renderings([*other, *made], task)] == [
        f"m{n}" for n in range(6)
    ]
