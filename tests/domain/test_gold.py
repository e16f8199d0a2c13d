"""Items with known answers: given now and then, told about after the answer, never before."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from server.domain import campaign_files, contributing, gold, routing
from server.domain.accounts import Person
from server.domain.campaigns import Task
from server.domain.contributing import Proposal
from server.domain.gold import Feedback, Known
from server.domain.routing_rules import GoldStep, Routing
from server.errors import Forbidden, Invalid, NotFound, NotSignedIn
from server.index import picking
from server.index.gold import Tally
from server.names import CH, DC
from server.viewers import PUBLIC
from tests import worlds
from tests.domain import routed_world
from tests.domain.routed_world import all_of, campaign, change, finish, newcomer
from tests.worlds import World

ALWAYS, OFTEN = GoldStep(0, 1), Routing(answers_needed=1, gold=(GoldStep(2, 1), GoldStep(0, 10)))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with routed_world.opened(tmp_path) as made:
        yield made


def item_id(world: World, number: int) -> str:
    return world.desk.names.item_id(worlds.item(number))


def mark(
    world: World, number: int, *answers: str, by: Person | None = None, task: int = 1,
    why: str = "",
) -> None:  # fmt: skip
    known = Known(item_id(world, number), task, answers, {"en": why} if why else {})
    gold.mark(world.desk, by or world.organiser, world.campaign, known, now=worlds.now())


def told(world: World, person: Person | None, number: int, task: int = 1) -> Feedback | None:
    return gold.feedback(
        world.desk, PUBLIC, campaign(world), person, worlds.item(number), task, "en"
    )


def given(world: World, person: Person, *chances: float) -> str | None:
    """What they get where chance falls so: first whether it is gold, then which."""
    left = list(chances)
    row = routing.give(
        world.desk, campaign(world), person, worlds.now(), lambda: left.pop(0) if left else 0.99
    )
    return row.iri if row else None


def test_whoever_has_answered_is_told_and_nobody_before(world: World) -> None:
    _olga, ada, ben, cid = world.people
    mark(world, 2, worlds.term(1), worlds.term(2), why="It has a wheel.")
    assert [told(world, each, 2) for each in (None, ada, ben)] == [None, None, None]
    world.propose(ada, worlds.item(2), worlds.term(2))
    world.propose(ben, worlds.item(2), worlds.term(5))
    assert told(world, ada, 2) == Feedback(True, "Right: it is kind 1 or kind 2. It has a wheel.")
    wrong = "We thought it is kind 1 or kind 2 — It has a wheel."
    assert told(world, ben, 2) == Feedback(False, wrong)
    assert told(world, cid, 2) is None
    world.propose(ada, worlds.item(3), worlds.term(2))
    assert told(world, ada, 3) is None


def test_approving_what_is_right_is_right(world: World) -> None:
    _olga, ada, ben, _cid = world.people
    mark(world, 2, worlds.term(1))
    iri = world.propose(ada, worlds.item(2), worlds.term(1))
    contributing.vote(world.desk, ben, iri, "reject", now=worlds.now())
    assert told(world, ben, 2) is None
    contributing.vote(world.desk, ben, iri, "approve", now=worlds.now())
    assert told(world, ben, 2) == Feedback(True, "Right: it is kind 1.")


def test_texts_are_compared_without_case_and_answers_of_a_list_by_their_words(
    world: World,
) -> None:
    free = Task(1, DC.subject.value, {"en": "What?"}, kind=CH.FreeTag.value)
    question = Task(2, "", {"en": "A print?"}, kind=CH.Question.value)
    change(world, tasks=(free, question))
    ada = world.people[1]
    mark(world, 0, "Spinning  wheel")
    mark(world, 0, CH.No.value, task=2)
    for number, values in ((1, {"tag": ["spinning Wheel"], "tag-lang": ["en"]}),
                           (2, {"answer": [CH.Yes.value]})):  # fmt: skip
        proposal = Proposal(world.campaign, worlds.item(0), number, values)
        contributing.propose(world.desk, ada, proposal, now=worlds.now())
    first, second = told(world, ada, 0), told(world, ada, 0, task=2)
    assert first is not None and first.right
    assert second == Feedback(False, "We thought it is No.")
    assert gold.tally(world.desk, campaign(world), ada) == Tally(answered=2, right=1)


def test_only_the_organiser_marks_sees_and_forgets(world: World) -> None:
    ada = world.people[1]
    for act in (
        lambda: mark(world, 0, worlds.term(1), by=ada),
        lambda: gold.page(world.desk, ada, world.campaign, ("", 0), "en"),
        lambda: gold.tallies(world.desk, ada, world.campaign, ""),
        lambda: gold.unmark(
            world.desk, ada, world.campaign, item_id(world, 0), 1, now=worlds.now()
        ),
    ):
        with pytest.raises((Forbidden, NotSignedIn)):
            act()
    mark(world, 0, worlds.term(1))
    mark(world, 0, worlds.term(2))  # in place of the first
    (row,), following = gold.page(world.desk, world.organiser, world.campaign, ("", 0), "en")
    assert (row.item_title, row.task, row.answers, following) == ("Print 0", 1, ["kind 2"], None)
    gold.unmark(world.desk, world.organiser, world.campaign, row.item_id, 1, now=worlds.now())
    assert gold.page(world.desk, world.organiser, world.campaign, ("", 0), "en")[0] == []
    with pytest.raises(NotFound):
        gold.unmark(world.desk, world.organiser, world.campaign, row.item_id, 1, now=worlds.now())


@pytest.mark.parametrize(
    "answers", [(), ("",), (" ", "\t"), ("x" * 2001,), tuple(f"answer {n}" for n in range(21))]
)
def test_what_is_no_answer_is_refused(world: World, answers: tuple[str, ...]) -> None:
    last = world.desk.journal.last()
    with pytest.raises(Invalid):
        mark(world, 0, *answers)
    assert world.desk.journal.last() == last


@pytest.mark.parametrize("hostile", ['x" } UNION {', "<script>", "javascript:alert(1)", "a\nb"])
def test_a_hostile_answer_is_a_text_like_any_other(world: World, hostile: str) -> None:
    mark(world, 0, hostile, why=hostile)
    (row,), _following = gold.page(world.desk, world.organiser, world.campaign, ("", 0), "en")
    assert (row.answers, row.explanation) == ([hostile], hostile)


def test_the_odds_decide_and_a_known_one_comes_even_when_it_is_retired(world: World) -> None:
    change(world, routing=OFTEN)
    _olga, ada, ben, _cid = world.people
    mark(world, 3, worlds.term(1))
    finish(world, ben, worlds.item(3))  # retired: one answer is enough
    assert given(world, ada, 0.999, 0.0) == worlds.item(3)
    finish(world, ada, worlds.item(3))
    assert given(world, ada, 0.0, 0.0) != worlds.item(3)  # never twice for one person
    cid = newcomer(world)
    for number in (0, 1):
        finish(world, cid, worlds.item(number))
    assert given(world, cid, 0.5) != worlds.item(3)  # one in ten by now


def test_without_luck_known_ones_come_like_all_others(world: World) -> None:
    def order() -> list[str]:
        connection, ada = world.desk.index.read(), world.people[1].agent.value
        return list(picking.waiting(connection, f"item/{world.campaign}", ada))

    before = order()
    mark(world, 3, worlds.term(1))
    assert order() == before
    assert sorted(all_of(world, world.people[2])) == sorted(before)


def test_a_known_one_whose_item_is_gone_is_given_to_nobody(world: World) -> None:
    change(world, routing=Routing(gold=(ALWAYS,)))
    mark(world, 5, worlds.term(1))
    things = [worlds.Thing(n, f"Print {n}") for n in range(5)]
    worlds.import_things(world.desk, world.organiser, "prints", things)
    assert given(world, world.people[1], 0.0, 0.0) in {worlds.item(n) for n in range(5)}


def test_known_answers_stand_in_work_alone_and_in_no_export(world: World) -> None:
    mark(world, 3, "Zanzibar", why="Quetzalcoatl")
    public = "\n".join(worlds.quads(world.desk)["public"])
    exported = campaign_files.turtle(world.desk.names, campaign(world))
    graph = world.desk.names.graph("annotations", world.campaign).value
    with_annotations = [q for q in worlds.quads(world.desk)["work"] if graph in q]
    for text in (public, exported, "\n".join(with_annotations)):
        assert "Zanzibar" not in text
        assert "Quetzalcoatl" not in text
    assert any("Zanzibar" in quad for quad in worlds.quads(world.desk)["work"])


def test_a_rebuild_knows_them_too(world: World, tmp_path: Path) -> None:
    mark(world, 3, worlds.term(1), "Wheel  ")
    mark(world, 4, worlds.term(1))
    gold.unmark(world.desk, world.organiser, world.campaign, item_id(world, 4), 1, now=worlds.now())
    world.propose(world.people[1], worlds.item(3), worlds.term(1))
    worlds.assert_equals_rebuild(world.desk, tmp_path / "again")


def test_how_people_did_is_for_themselves_and_the_organiser(world: World) -> None:
    _olga, ada, ben, cid = world.people
    for number in range(3):
        mark(world, number, worlds.term(1))
        world.propose(ada, worlds.item(number), worlds.term(1))
        world.propose(ben, worlds.item(number), worlds.term(number))
    assert gold.tally(world.desk, campaign(world), ada) == Tally(3, 3)
    assert gold.tally(world.desk, campaign(world), ben) == Tally(3, 1)
    assert gold.tally(world.desk, campaign(world), cid) == Tally(0, 0)
    rows, following = gold.tallies(world.desk, world.organiser, world.campaign, "")
    expected = {ada.agent.value: Tally(3, 3), ben.agent.value: Tally(3, 1)}
    assert (dict(rows), following) == (expected, None)


def test_the_question_of_a_known_answer_may_go(world: World) -> None:
    mark(world, 0, worlds.term(1))
    task = replace(campaign(world).tasks[0], number=2)
    change(world, tasks=(task,))
    (row,), _following = gold.page(world.desk, world.organiser, world.campaign, ("", 0), "en")
    assert (row.question, row.answers) == ("", [worlds.term(1)])
    with pytest.raises(NotFound):
        mark(world, 1, worlds.term(1))
