"""Votes on many proposals at once, answers for all items with a value, and taking them back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal

from server.commit import Desk
from server.domain import (
    accounts,
    annotations,
    batches,
    bulk_votes,
    campaigns,
    contributing,
    opening,
    value_batches,
    value_counts,
)
from server.domain.routing_rules import Routing
from server.domain.value_batches import Wanted
from server.errors import Forbidden, Invalid, NotFound, NotSignedIn
from server.index import own_votes, queues, waiting_terms
from server.names import DC
from tests import worlds
from tests.worlds import World, item, now, term

FARM = term(1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opening.opened(worlds.create(tmp_path / "data")) as desk:
        yield worlds.furnish(desk, items=120, guests=3)


def waiting(desk: Desk) -> list[tuple[str, int]]:
    return waiting_terms.most(desk.index.read(), "subjects", 10)


def verdicts(world: World, iris: list[str], person: int) -> list[str | None]:
    agent = world.people[person].agent.value
    return [annotations.get(world.desk, iri).verdict_of(agent) for iri in iris]


def cast(world: World, person: int, iris: list[str], verdict: str = "approve") -> object:
    return bulk_votes.cast(
        world.desk, world.people[person], "subjects", FARM, iris, verdict, now=now()
    )


def test_terms_are_listed_by_the_proposals_that_wait(world: World) -> None:
    _olga, ann, ben, _cleo = world.people
    for number in range(3):
        world.propose(ann, item(number), FARM)
    other = world.propose(ann, item(0), term(2))
    assert waiting(world.desk) == [(FARM, 3), (term(2), 1)]
    contributing.vote(world.desk, world.organiser, other, "approve", now=now())
    assert waiting(world.desk) == [(FARM, 3)]  # two approve: it is accepted
    gone = world.propose(ben, item(9), term(3))
    assert waiting(world.desk) == [(FARM, 3), (term(3), 1)]
    contributing.withdraw(world.desk, ben, gone, now=now())
    assert waiting(world.desk) == [(FARM, 3)]
    assert waiting_terms.most(world.desk.index.read(), "subjects", 10, (3, FARM)) == []


def test_one_verdict_goes_to_each_in_entries_of_fifty(world: World) -> None:
    iris = [world.propose(world.people[1], item(number), FARM) for number in range(120)]
    before = world.desk.journal.last()
    outcome = cast(world, 2, iris, "reject")
    assert (outcome.cast, outcome.own, outcome.answered, outcome.gone) == (120, 0, 0, 0)  # type: ignore[attr-defined]
    assert world.desk.journal.last() == before + 3
    assert set(verdicts(world, iris, 2)) == {"reject"}
    row = queues.find_annotation(world.desk.index.read(), iris[0])
    assert row and row.rejections == 1


def test_own_answered_and_withdrawn_ones_are_left_out_and_said_so(world: World) -> None:
    ann, ben = world.people[1], world.people[2]
    mine = world.propose(ben, item(0), FARM)
    answered = world.propose(ann, item(1), FARM)
    contributing.vote(world.desk, ben, answered, "unsure", now=now())
    gone = world.propose(ann, item(2), FARM)
    contributing.withdraw(world.desk, ann, gone, now=now())
    other_term = world.propose(ann, item(3), term(2))
    good = world.propose(ann, item(4), FARM)
    outcome = cast(world, 2, [mine, answered, gone, other_term, good, good])
    assert (outcome.cast, outcome.own, outcome.answered, outcome.gone) == (1, 1, 1, 2)  # type: ignore[attr-defined]
    assert verdicts(world, [answered, gone, other_term, good], 2) == [
        "unsure", None, None, "approve",
    ]  # fmt: skip


def test_a_batch_is_taken_back_as_a_whole_and_leaves_what_was_said_otherwise(world: World) -> None:
    ann, ben = world.people[1], world.people[2]
    iris = [world.propose(ann, item(number), FARM) for number in range(60)]
    outcome = cast(world, 2, iris)
    contributing.vote(world.desk, ben, iris[5], "reject", now=now())
    [row] = batches.mine(world.desk, ben)
    assert (row.kind, row.verdict, row.size, row.term) == ("vote", "approve", 60, FARM)
    undone = batches.undo(world.desk, ben, row, now=now())
    assert undone.taken_back == 59
    assert batches.mine(world.desk, ben) == []
    assert verdicts(world, iris, 2) == [None] * 5 + ["reject"] + [None] * 54
    assert outcome.batch == row.iri  # type: ignore[attr-defined]
    said = own_votes.said_of(world.desk.index.read(), ben.agent.value, iris)
    assert said == {iris[5]: "reject"}


def test_nobody_takes_back_what_others_said(world: World) -> None:
    iri = world.propose(world.people[1], item(0), FARM)
    outcome = cast(world, 2, [iri])
    name = batches.identifier(outcome.batch)  # type: ignore[attr-defined]
    with pytest.raises(NotFound):
        batches.get(world.desk, world.people[3], "subjects", name)
    assert batches.get(world.desk, world.people[2], "subjects", name).size == 1


def test_a_wrong_verdict_stores_nothing(world: World) -> None:
    iri, before = world.propose(world.people[1], item(0), FARM), world.desk.journal.last()
    for verdict in ("", "maybe", 'x" } UNION {'):
        with pytest.raises(Invalid):
            cast(world, 2, [iri], verdict)
    assert world.desk.journal.last() == before


def test_where_one_answers_what_one_is_given_nothing_goes_at_once(world: World) -> None:
    iri = world.propose(world.people[1], item(0), FARM)
    standing = campaigns.find_standing(world.desk, "subjects")
    assert standing is not None
    given = replace(standing, routing=Routing(browsing=False))
    campaigns.edit(world.desk, world.organiser, given, now=now())
    with pytest.raises(Forbidden):
        cast(world, 2, [iri])


def test_the_index_of_batches_equals_a_rebuilt_one(world: World, tmp_path: Path) -> None:
    iris = [world.propose(world.people[1], item(number), FARM) for number in range(55)]
    cast(world, 2, iris)
    [row] = batches.mine(world.desk, world.people[2])
    cast(world, 3, iris[:3], "reject")
    batches.undo(world.desk, world.people[2], row, now=now())
    worlds.assert_equals_rebuild(world.desk, tmp_path / "again")


# --- for all items with a value -------------------------------------------------------------------


def wanted(property_: str = DC.title.value, text: str = "Print 7", **changes: object) -> Wanted:
    value = Literal(text, language="en")
    made = Wanted("subjects", 1, property_, value, {"body": [FARM]})
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture
def alike(world: World) -> World:
    """A collection whose items have titles in common: "Bowl" sixty times, "Jug" five times."""
    things = [
        worlds.Thing(n, "Bowl" if n < 60 else "Jug" if n < 65 else f"T {n}") for n in range(70)
    ]
    worlds.import_things(world.desk, world.organiser, "prints", things)
    return world


def test_values_are_counted_by_the_items_that_have_them(alike: World) -> None:
    campaign = campaigns.find_standing(alike.desk, "subjects")
    assert campaign is not None
    found = None
    while found is None:
        found = value_counts.of_campaign(alike.desk, campaign, DC.title.value)
    pairs = [(count.term.value, count.items) for count in found]
    assert pairs[:2] == [("Bowl", 60), ("Jug", 5)]
    assert sorted(pairs[2:]) == [(f"T {n}", 1) for n in range(65, 70)]
    worlds.import_things(alike.desk, alike.organiser, "prints", [worlds.Thing(0, "Bowl")])
    while len(found) > 1:  # what was stands until it is counted anew
        found = value_counts.of_campaign(alike.desk, campaign, DC.title.value) or found
    assert [(count.term.value, count.items) for count in found] == [("Bowl", 1)]


def test_an_answer_goes_to_all_items_with_the_value_and_joins_what_stands(alike: World) -> None:
    ann = alike.people[1]
    standing = alike.propose(ann, item(3), FARM)
    outcome = value_batches.apply(alike.desk, alike.organiser, wanted(text="Bowl"), now=now())
    assert (outcome.given, outcome.answered, outcome.standing) == (60, 0, 0)
    assert len(annotations.get(alike.desk, standing).claims) == 2
    [row] = batches.mine(alike.desk, alike.organiser)
    assert (row.kind, row.size) == ("claim", 60)


def test_only_items_without_an_answer_get_it_where_that_is_wished(alike: World) -> None:
    alike.propose(alike.people[1], item(3), term(2))
    outcome = value_batches.apply(
        alike.desk, alike.organiser, wanted(text="Bowl", everywhere=False), now=now()
    )
    assert (outcome.given, outcome.standing) == (59, 1)


def test_taking_back_keeps_what_others_voted_on(alike: World) -> None:
    value_batches.apply(alike.desk, alike.organiser, wanted(text="Jug"), now=now())
    rows = queues.annotations_of_item(alike.desk.index.read(), item(60), "subjects")
    contributing.vote(alike.desk, alike.people[1], rows[0].iri, "reject", now=now())
    [batch] = batches.mine(alike.desk, alike.organiser)
    undone = batches.undo(alike.desk, alike.organiser, batch, now=now())
    assert (undone.taken_back, undone.kept) == (4, 1)
    assert annotations.get(alike.desk, rows[0].iri).claims
    assert batches.mine(alike.desk, alike.organiser) == []


def test_guests_answer_one_by_one(alike: World) -> None:
    before = alike.desk.journal.last()
    with pytest.raises(NotSignedIn):
        value_batches.apply(alike.desk, alike.people[1], wanted(text="Jug"), now=now())
    assert alike.desk.journal.last() == before


@pytest.mark.parametrize("text", ["Nothing has this", 'x" } UNION { ?s ?p ?o } #', "\n\t\\"])
def test_a_value_that_no_item_has_is_not_found(alike: World, text: str) -> None:
    with pytest.raises(NotFound):
        value_batches.apply(alike.desk, alike.organiser, wanted(text=text), now=now())


def test_a_wrong_answer_is_refused_before_anything_is_stored(alike: World) -> None:
    before = alike.desk.journal.last()
    for body in ("http://elsewhere.example/term", "", "javascript:alert(1)"):
        with pytest.raises(Invalid):
            value_batches.apply(
                alike.desk, alike.organiser, wanted(text="Jug", values={"body": [body]}), now=now()
            )
    assert alike.desk.journal.last() == before


def test_a_blind_campaign_does_not_tell_where_answers_stand(alike: World) -> None:
    standing = campaigns.find_standing(alike.desk, "subjects")
    assert standing is not None
    campaigns.edit(alike.desk, alike.organiser, replace(standing, blind=True), now=now())
    ada = accounts.create_user(
        alike.desk, "Ada", "ada@example.org", worlds.PASSWORD, "contributor", now=now()
    )
    alike.agree(ada)
    with pytest.raises(Forbidden):
        value_batches.apply(alike.desk, ada, wanted(text="Jug", everywhere=False), now=now())
    outcome = value_batches.apply(alike.desk, ada, wanted(text="Jug"), now=now())
    assert outcome.given == 5
