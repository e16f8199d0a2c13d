"""When enough people answered: items and proposals are retired, and come back when they must."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.domain import campaigns, contributing, routing
from server.domain.acceptance import Acceptance
from server.domain.accounts import Person
from server.domain.campaigns import Task
from server.domain.contributing import Proposal
from server.domain.routing_rules import Priority, Routing
from server.errors import CrowdHeritageError
from server.index import picking, queues
from server.names import CH
from tests import worlds
from tests.domain import routed_world
from tests.domain.routed_world import all_of, campaign, change, finish, give, newcomer, skip
from tests.worlds import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with routed_world.opened(
        tmp_path, items=2, routing={"answers_needed": 2, "answers_at_most": 4, "lock_minutes": 0}
    ) as made:
        yield made


def retired(world: World, number: int) -> bool:
    place = queues.place(world.desk.index.read(), world.campaign, worlds.item(number))
    assert place is not None
    return place.retired


def answers(world: World, number: int) -> int:
    place = queues.place(world.desk.index.read(), world.campaign, worlds.item(number))
    assert place is not None
    return place.answers


def vote(world: World, person: Person, iri: str, verdict: str) -> None:
    contributing.vote(world.desk, person, iri, verdict, now=worlds.now())


def test_enough_different_people_retire_an_item(world: World) -> None:
    _olga, ada, ben, cid = world.people
    for term in (1, 2, 3):
        world.propose(ada, worlds.item(0), worlds.term(term))
    finish(world, ada, worlds.item(0))
    assert (answers(world, 0), retired(world, 0)) == (1, False)
    finish(world, ben, worlds.item(0))
    assert (answers(world, 0), retired(world, 0)) == (2, True)
    assert all_of(world, cid) == [worlds.item(1)]


def test_a_vote_is_an_answer_and_not_now_is_none(world: World) -> None:
    _olga, ada, ben, cid = world.people
    iri = world.propose(ada, worlds.item(0), worlds.term(1))
    skip(world, ben, worlds.item(0))
    assert answers(world, 0) == 1
    vote(world, cid, iri, "unsure")
    assert (answers(world, 0), retired(world, 0)) == (2, True)
    assert all_of(world, ben) == [worlds.item(1)]  # what they put off has been retired since


def test_what_is_taken_back_counts_no_more(world: World) -> None:
    _olga, ada, ben, cid = world.people
    iri = world.propose(ada, worlds.item(0), worlds.term(1))
    vote(world, ben, iri, "unsure")
    assert retired(world, 0)
    contributing.vote(world.desk, ben, iri, None, now=worlds.now())
    assert (answers(world, 0), retired(world, 0)) == (1, False)
    contributing.withdraw(world.desk, ada, iri, now=worlds.now())
    assert answers(world, 0) == 0
    assert {give(world, person) for person in (ada, cid)} <= {worlds.item(0), worlds.item(1)}


def test_more_are_asked_while_people_disagree_up_to_the_most(world: World) -> None:
    olga, ada, ben, cid = world.people
    change(world, acceptance=Acceptance(1, None, 0.6, 0))
    iri = world.propose(ada, worlds.item(0), worlds.term(1))
    vote(world, ben, iri, "reject")
    place = queues.place(world.desk.index.read(), world.campaign, worlds.item(0))
    assert place is not None
    assert (place.answers, place.disputed, place.retired) == (2, True, False)
    vote(world, cid, iri, "approve")  # two of three: accepted, so nobody disagrees any more
    assert retired(world, 0)
    contributing.vote(world.desk, cid, iri, "reject", now=worlds.now())
    vote(world, olga, iri, "approve")
    assert (answers(world, 0), retired(world, 0)) == (4, True)


def test_answers_to_a_question_disagree_below_the_share(tmp_path: Path) -> None:
    question = Task(1, "", {"en": "Is this a print?"}, kind=CH.Question.value)
    rules = Routing(answers_needed=2, answers_at_most=3, agreement=0.6, lock_minutes=0)
    with routed_world.opened(tmp_path, items=1, tasks=(question,), routing=rules) as world:
        for person, answer, expected in (
            (world.people[1], CH.Yes, (1, False, False)),
            (world.people[2], CH.No, (2, True, False)),  # one of two
            (world.people[3], CH.Yes, (3, False, True)),  # two of three
        ):
            proposal = Proposal(world.campaign, worlds.item(0), 1, {"answer": [answer.value]})
            contributing.propose(world.desk, person, proposal, now=worlds.now())
            place = queues.place(world.desk.index.read(), world.campaign, worlds.item(0))
            assert place is not None
            assert (place.answers, place.disputed, place.retired) == expected


def test_what_people_disagree_on_may_come_first(tmp_path: Path) -> None:
    rules = Routing(disputed_first=True, lock_minutes=0)
    with routed_world.opened(tmp_path, routing=rules) as world:
        change(world, acceptance=Acceptance(1, None, 0.9, 0))
        _olga, ada, ben, cid = world.people
        vote(world, ben, world.propose(ada, worlds.item(3), worlds.term(1)), "reject")
        assert give(world, cid) == worlds.item(3)
        change(world, routing=Routing(lock_minutes=0))
        assert give(world, newcomer(world)) != worlds.item(3)


def test_in_an_exercise_everybody_gets_everything(tmp_path: Path) -> None:
    rules = Routing(answers_needed=1, votes_needed=1, exercise=True)
    with routed_world.opened(tmp_path, items=3, routing=rules) as world:
        pupils = [newcomer(world) for _ in range(3)]
        assert [len(all_of(world, pupil)) for pupil in pupils] == [3, 3, 3]


def test_new_rules_count_for_what_was_answered_before(world: World) -> None:
    _olga, ada, _ben, cid = world.people
    finish(world, ada, worlds.item(0))
    change(world, routing=Routing(answers_needed=1))
    assert (retired(world, 0), retired(world, 1)) == (True, False)
    assert all_of(world, cid) == [worlds.item(1)]
    change(world, routing=Routing())
    assert not retired(world, 0)
    assert all_of(world, cid) == [worlds.item(0)]


def test_a_retired_item_may_still_be_answered_where_browsing_is_allowed(world: World) -> None:
    _olga, ada, ben, cid = world.people
    for person in (ada, ben):
        finish(world, person, worlds.item(0))
    world.propose(cid, worlds.item(0), worlds.term(1))
    assert answers(world, 0) == 3


def test_enough_votes_retire_a_proposal_and_contested_ones_get_more(tmp_path: Path) -> None:
    rules = Routing(votes_needed=3, votes_at_most=5)
    with routed_world.opened(tmp_path, routing=rules, acceptance=Acceptance(2, 2)) as world:
        _olga, ada, ben, cid = world.people

        def waits(person: Person, iri: str) -> bool:
            found = routing.next_proposals(world.desk, campaign(world), person, 20, worlds.now())
            return iri in [row.iri for row in found]

        calm = world.propose(ada, worlds.item(0), worlds.term(1))
        vote(world, ben, calm, "unsure")
        assert waits(newcomer(world), calm)
        vote(world, cid, calm, "unsure")
        assert not waits(newcomer(world), calm)
        contested = world.propose(ada, worlds.item(1), worlds.term(1))
        vote(world, ben, contested, "approve")
        vote(world, cid, contested, "reject")
        row = queues.find_annotation(world.desk.index.read(), contested)
        assert row is not None and row.status == "contested"
        assert waits(newcomer(world), contested)
        vote(world, newcomer(world), contested, "reject")
        assert waits(newcomer(world), contested)
        vote(world, newcomer(world), contested, "unsure")
        assert not waits(newcomer(world), contested)
        change(world, routing=Routing())
        assert waits(newcomer(world), calm)
        assert waits(newcomer(world), contested)


# --- whatever happens, in whatever order ------------------------------------------------------

ACTS = st.tuples(
    st.sampled_from(["propose", "approve", "reject", "clear", "withdraw", "finish", "skip",
                     "rules", "import"]),
    st.integers(1, 3), st.integers(0, 3),
)  # fmt: skip
RULES = [
    Routing(),
    Routing(answers_needed=1, votes_needed=1, disputed_first=True),
    Routing(answers_needed=2, answers_at_most=3, priorities=(Priority(9, (), (worlds.item(1),)),)),
    Routing(answers_needed=1, exercise=True),
]


def act(world: World, what: str, person: Person, number: int, made: list[str]) -> None:
    iri = made[number % len(made)] if made else ""
    if what == "propose":
        made.append(world.propose(person, worlds.item(number), worlds.term(number % 2)))
    elif what in ("approve", "reject") and iri:
        vote(world, person, iri, what)
    elif what == "clear" and iri:
        contributing.vote(world.desk, person, iri, None, now=worlds.now())
    elif what == "withdraw" and iri:
        contributing.withdraw(world.desk, person, iri, now=worlds.now())
    elif what in ("finish", "skip"):
        (finish if what == "finish" else skip)(world, person, worlds.item(number))
    elif what == "rules":
        options = {"routing": RULES[number], "random_order": number == 3}
        changed = replace(campaign(world), **options)
        campaigns.edit(world.desk, world.organiser, changed, now=worlds.now())
    elif what == "import":
        things = [worlds.Thing(n, f"Print {n}") for n in range(4) if n != number]
        worlds.import_things(world.desk, world.organiser, "prints", things)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(ACTS, max_size=14))
def test_the_queues_are_what_a_rebuild_makes_and_what_the_rules_say(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("acts")
    with routed_world.opened(folder, items=4) as world:
        made: list[str] = []
        for what, person, number in acts:
            try:
                act(world, what, world.people[person], number, made)
            except CrowdHeritageError:
                continue  # what is not allowed changes nothing
        worlds.assert_equals_rebuild(world.desk, folder / "again")
        assert_queues(world)


def assert_queues(world: World) -> None:
    """By counting, whatever the triggers counted."""
    connection, rules = world.desk.index.read(), campaign(world).routing
    for item, level, disputed, counted in connection.execute(
        "SELECT item, level, contested > 0 OR divided, answers FROM queue"
    ).fetchall():
        people = {row[0] for row in connection.execute(
            "SELECT agent FROM contribution WHERE item = ? UNION SELECT agent FROM visit "
            "WHERE item = ? AND outcome = 'finished'", (item, item),
        )}  # fmt: skip
        assert counted == len(people)
        most = rules.most_answers(bool(disputed))
        assert (level is None) == (most > 0 and len(people) >= most)
    waiting = {row[0] for row in connection.execute("SELECT item FROM queue WHERE level NOTNULL")}
    for person in world.people:
        met = {row[0] for row in connection.execute(
            "SELECT item FROM contribution WHERE agent = ? UNION SELECT item FROM visit "
            "WHERE agent = ?", (person.agent.value, person.agent.value),
        )}  # fmt: skip
        queue = f"item/{world.campaign}"
        found = list(picking.waiting(connection, queue, person.agent.value))
        assert len(found) == len(set(found))
        assert set(found) == waiting - met
