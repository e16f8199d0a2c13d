"""Which item somebody gets next, what is kept for them, and what they may answer."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import contributing, given_items, opening, routing
from server.domain.acceptance import Acceptance
from server.domain.campaign_statements import Campaign, from_statements, quads
from server.domain.routing_rules import GoldStep, Priority, Routing
from server.errors import Conflict, Forbidden
from server.index import picking, queue_lists
from server.names import Names
from server.settings import Settings
from tests import worlds
from tests.domain import routed_world
from tests.domain.routed_world import all_of, campaign, change, finish, give, newcomer, skip
from tests.worlds import World

MINUTES = timedelta(minutes=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with routed_world.opened(tmp_path) as made:
        yield made


@contextmanager
def reopened(world: World) -> Iterator[World]:
    with opening.opened(Settings(data=world.desk.settings.data, min_free=0)) as desk:
        yield worlds.revisit(desk, [person.id for person in world.people])


def test_everybody_gets_every_item_once(world: World) -> None:
    _olga, ada, ben, _cid = world.people
    everything = {worlds.item(n) for n in range(6)}
    assert set(all_of(world, ada)) == everything
    assert len(all_of(world, ben)) == 6


def test_the_item_with_the_fewest_answers_comes_first(world: World) -> None:
    _olga, ada, ben, cid = world.people
    for item in (0, 1, 2, 3):
        world.propose(ada, worlds.item(item), worlds.term(1))
    assert set(all_of(world, ben)[:2]) == {worlds.item(4), worlds.item(5)}
    assert give(world, cid) in (worlds.item(4), worlds.item(5))  # the others have two


def test_the_same_item_stays_until_it_is_left(world: World) -> None:
    ada = world.people[1]
    first = give(world, ada)
    assert [give(world, ada) for _ in range(3)] == [first] * 3
    assert first is not None
    world.propose(ada, first, worlds.term(1))
    assert give(world, ada) == first
    finish(world, ada, first)
    assert give(world, ada) not in (first, None)


def test_whoever_answered_elsewhere_does_not_get_the_item_again(world: World) -> None:
    ada = world.people[1]
    world.propose(ada, worlds.item(3), worlds.term(1))
    assert worlds.item(3) not in all_of(world, ada)


def test_not_now_brings_an_item_back_when_nothing_else_waits(world: World) -> None:
    ada = world.people[1]
    put_off = []
    for _ in range(2):
        item = give(world, ada)
        assert item is not None
        skip(world, ada, item)
        put_off.append(item)
    assert all_of(world, ada)[-2:] == put_off


def test_two_people_at_once_get_different_items_while_there_are_any(world: World) -> None:
    given_to = [give(world, newcomer(world)) for _ in range(6)]
    assert len(set(given_to)) == 6
    assert give(world, newcomer(world)) is not None  # any number may answer


def test_many_threads_at_once_get_different_items(world: World) -> None:
    people = [newcomer(world) for _ in range(6)]
    found: list[str | None] = []
    start = threading.Barrier(6)

    def get(person: int) -> None:
        start.wait()
        found.append(give(world, people[person], worlds.now()))

    threads = [threading.Thread(target=get, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert None not in found
    assert len(set(found)) == 6


def test_a_kept_item_is_free_when_it_is_left_or_after_idle_minutes(tmp_path: Path) -> None:
    with routed_world.opened(
        tmp_path, items=1, routing={"answers_needed": 1, "lock_minutes": 10}
    ) as world:
        _olga, ada, ben, _cid = world.people
        start = worlds.now()
        (item,) = {worlds.item(0)}
        assert give(world, ada, start) == item
        assert give(world, ben, start + 9 * MINUTES) is None
        given_items.renew(world.desk, campaign(world), ada, item, start + 9 * MINUTES)
        assert give(world, ben, start + 18 * MINUTES) is None
        assert give(world, ben, start + 19 * MINUTES) == item
        given_items.release(world.desk, world.campaign, ben, item)
        assert give(world, ada, start + 20 * MINUTES) == item
        skip(world, ada, item)
        assert give(world, ben, start + 20 * MINUTES) == item


def test_loading_the_page_again_keeps_the_item_again(tmp_path: Path) -> None:
    with routed_world.opened(tmp_path, items=2, routing={"answers_needed": 1}) as world:
        _olga, ada, ben, cid = world.people
        item = give(world, ada)
        assert item is not None
        given_items.release(world.desk, world.campaign, ada, item)
        given_items.renew(world.desk, campaign(world), ada, item, worlds.now())
        assert give(world, ben) != item
        assert give(world, cid) is None
        given_items.renew(world.desk, campaign(world), cid, item, worlds.now())  # never given
        given_items.release(world.desk, world.campaign, ada, item)
        assert give(world, cid) == item
        given_items.renew(world.desk, campaign(world), ada, item, worlds.now())  # too late
        given_items.release(world.desk, world.campaign, cid, item)
        assert give(world, newcomer(world)) == item


def test_without_minutes_nothing_is_kept(tmp_path: Path) -> None:
    with routed_world.opened(tmp_path, items=1, routing={"lock_minutes": 0}) as world:
        assert [give(world, person) for person in world.people] == [worlds.item(0)] * 4


def test_a_stranger_keeps_nothing(world: World) -> None:
    assert give(world, None) == give(world, None)
    assert len({give(world, newcomer(world)) for _ in range(6)}) == 6


def test_priorities_come_before_the_number_of_answers(tmp_path: Path) -> None:
    rules = Routing(
        priorities=(Priority(-5, ("prints",)), Priority(7, (), (worlds.item(4),)),
                    Priority(-20, (), (worlds.item(1),)))
    )  # fmt: skip
    with routed_world.opened(tmp_path, routing=rules) as world:
        olga, ada, ben, _cid = world.people
        for person in (olga, ben):
            world.propose(person, worlds.item(4), worlds.term(1))
        order = all_of(world, ada)
        assert (order[0], order[-1]) == (worlds.item(4), worlds.item(1))
        change(world, routing=Routing())
        assert all_of(world, newcomer(world))[-1] == worlds.item(4)


def test_a_random_order_is_ones_own_and_stays(tmp_path: Path) -> None:
    with routed_world.opened(
        tmp_path, items=30, random_order=True, routing={"lock_minutes": 0}
    ) as world:
        _olga, ada, ben, _cid = world.people
        mine = all_of(world, ada)
        assert sorted(mine) == sorted(worlds.item(n) for n in range(30))
        assert all_of(world, ben) != mine
        waiting = picking.waiting(
            world.desk.index.read(), "item/subjects", newcomer(world).agent.value,
            routing._shuffle(ada.agent.value),
        )  # fmt: skip
        assert list(waiting) == mine


def test_a_new_item_and_one_that_is_gone(world: World) -> None:
    ada = world.people[1]
    all_of(world, ada)
    things = [worlds.Thing(n, f"Print {n}") for n in (0, 1, 2, 99)]
    worlds.import_things(world.desk, world.organiser, "prints", things)
    assert all_of(world, ada) == [worlds.item(99)]
    assert len(all_of(world, newcomer(world))) == 4


# --- what one may answer ----------------------------------------------------------------------


def test_where_browsing_is_not_allowed_only_what_one_was_given_is_answered(
    tmp_path: Path,
) -> None:
    with routed_world.opened(tmp_path, routing={"browsing": False, "lock_minutes": 0}) as world:
        _olga, ada, ben, _cid = world.people
        mine = give(world, ada)
        other = next(worlds.item(n) for n in range(6) if worlds.item(n) != mine)
        last = world.desk.journal.last()
        with pytest.raises(Forbidden):
            world.propose(ada, other, worlds.term(1))
        with pytest.raises(Forbidden):
            finish(world, ada, other)
        assert world.desk.journal.last() == last
        assert mine is not None
        proposed = world.propose(ada, mine, worlds.term(1))
        with pytest.raises(Forbidden):
            contributing.vote(world.desk, ben, proposed, "approve", now=worlds.now())
        (row,) = routing.next_proposals(world.desk, campaign(world), ben, 3, worlds.now())
        assert row.iri == proposed
        contributing.vote(world.desk, ben, proposed, "approve", now=worlds.now())
        contributing.vote(world.desk, ben, proposed, "reject", now=worlds.now())


def test_an_answer_after_the_time_counts_while_there_is_a_place(tmp_path: Path) -> None:
    rules = {"browsing": False, "lock_minutes": 10, "answers_needed": 1}
    with routed_world.opened(tmp_path, items=1, routing=rules) as world:
        _olga, ada, ben, _cid = world.people
        start, item = worlds.now(), worlds.item(0)
        give(world, ada, start)
        assert give(world, ben, start + 11 * MINUTES) == item
        with pytest.raises(Conflict):
            finish(world, ada, item, start + 12 * MINUTES)
        given_items.release(world.desk, world.campaign, ben, item)
        finish(world, ada, item, start + 13 * MINUTES)
        assert give(world, ben, start + 14 * MINUTES) is None


def test_where_browsing_is_allowed_everything_may_be_answered(world: World) -> None:
    ada, ben = world.people[1:3]
    assert give(world, ada) is not None
    for n in range(6):
        world.propose(ben, worlds.item(n), worlds.term(1))


def test_a_restart_forgets_who_has_what_but_takes_their_answers(tmp_path: Path) -> None:
    with routed_world.opened(tmp_path, routing={"browsing": False, "answers_needed": 1}) as world:
        item = give(world, world.people[1], datetime.now(UTC))
        assert item is not None
    with reopened(world) as again:
        _olga, ada, ben, cid = again.people
        soon = datetime.now(UTC) + 5 * MINUTES
        world_after = datetime.now(UTC) + 60 * MINUTES
        with pytest.raises(Forbidden):
            finish(again, cid, item, world_after)
        finish(again, ada, item, soon)
        with pytest.raises(Forbidden):  # it waits for nobody any more
            finish(again, ben, item, soon)


# --- proposals --------------------------------------------------------------------------------


def iris(world: World, person: int, limit: int = 20, after: tuple[str, ...] = ()) -> list[str]:
    found = routing.next_proposals(
        world.desk, campaign(world), world.people[person], limit, worlds.now(), after
    )
    return [row.iri for row in found]


def test_proposals_of_others_wait_for_a_vote_once(world: World) -> None:
    _olga, ada, ben, _cid = world.people
    made = [world.propose(ada, worlds.item(n), worlds.term(1)) for n in range(4)]
    assert iris(world, 1) == []
    assert set(iris(world, 2)) == set(made)
    assert len(iris(world, 2, limit=2)) == 2
    assert not {*iris(world, 2, limit=2)} & {*iris(world, 2, 2, tuple(iris(world, 2, limit=2)))}
    contributing.vote(world.desk, ben, made[0], "unsure", now=worlds.now())
    assert set(iris(world, 2)) == set(made[1:])
    contributing.vote(world.desk, ben, made[0], None, now=worlds.now())
    assert set(iris(world, 2)) == set(made)
    contributing.withdraw(world.desk, ada, made[1], now=worlds.now())
    assert made[1] not in iris(world, 2)


def test_contested_proposals_come_first_then_those_with_most_votes(world: World) -> None:
    olga, ada, ben, cid = world.people
    fresh, begun, contested = [world.propose(ada, worlds.item(n), worlds.term(1)) for n in range(3)]
    contributing.vote(world.desk, cid, begun, "unsure", now=worlds.now())
    dan = newcomer(world)
    for person, verdict in ((cid, "reject"), (dan, "reject"), (newcomer(world), "approve")):
        contributing.vote(world.desk, person, contested, verdict, now=worlds.now())
    assert iris(world, 2) == [contested, begun, fresh]
    assert olga is not ben


def test_what_is_decided_or_gone_waits_for_nobody(world: World) -> None:
    olga, ada, _ben, _cid = world.people
    decided = world.propose(ada, worlds.item(0), worlds.term(1))
    gone = world.propose(ada, worlds.item(5), worlds.term(1))
    contributing.vote(world.desk, olga, decided, "approve", now=worlds.now())
    things = [worlds.Thing(n, f"Print {n}") for n in range(5)]
    assert iris(world, 2) == [gone]
    worlds.import_things(world.desk, world.organiser, "prints", things)
    assert iris(world, 2) == []


def test_a_proposal_that_is_put_off_comes_last(world: World) -> None:
    ada, ben = world.people[1:3]
    for n in range(4):
        world.propose(ada, worlds.item(n), worlds.term(1))
    before = iris(world, 2)
    for each in before[:2]:
        routing.put_off(world.desk, campaign(world), ben, each)
    assert iris(world, 2) == [*before[2:], *before[:2]]
    contributing.vote(world.desk, ben, before[0], "approve", now=worlds.now())
    assert iris(world, 2) == [*before[2:], before[1]]


# --- rules as data ----------------------------------------------------------------------------


@given(
    st.builds(
        Routing,
        answers_needed=st.integers(0, 20), answers_at_most=st.integers(0, 20),
        votes_needed=st.integers(0, 20), votes_at_most=st.integers(0, 20),
        agreement=st.sampled_from([0.0, 0.5, 0.667, 1.0]), lock_minutes=st.integers(0, 60),
        exercise=st.booleans(), browsing=st.booleans(), disputed_first=st.booleans(),
        priorities=st.lists(
            st.builds(
                Priority, st.integers(-100, 100), st.sampled_from([(), ("maps",), ("a", "b")]),
                st.sampled_from([(), (worlds.item(1),)]),
            ), max_size=3,
        ).map(tuple),
        gold=st.lists(
            st.builds(GoldStep, st.integers(0, 9), st.sampled_from([1.0, 2.5, 10.0])),
            min_size=1, max_size=3,
        ).map(tuple),
    )
)  # fmt: skip
def test_rules_come_back_from_rdf_as_they_were(rules: Routing) -> None:
    names = Names("http://127.0.0.1:8000/")
    made = Campaign("x", {"en": "X"}, {"en": "Of x"}, ("p",), (), 1, Acceptance(), routing=rules)
    read = from_statements(
        names, "x", [(q.subject, q.predicate, q.object) for q in quads(names, made)]
    )
    assert read == made


def test_gold_falls_with_experience() -> None:
    odds = [Routing().gold_odds(finished) for finished in (0, 4, 5, 24, 25, 99, 100, 10_000)]
    assert odds == [0.4, 0.4, 0.1, 0.1, 0.05, 0.05, 0.02, 0.02]


# --- cost -------------------------------------------------------------------------------------


def plans() -> list[tuple[str, str]]:
    found = [
        ("children", picking.CHILDREN.format(level="AND pick_node.level = :level")),
        ("things", picking.THINGS),
        ("later", picking.LATER),
        ("mine", queue_lists.MINE.format(place="AND (at, item) < (:value, :item)")),
        ("previous", queue_lists.PREVIOUS),
    ]
    for sort in queue_lists.SORTS:
        for undecided in (False, True):
            name = f"{sort} {undecided}"
            found.append((name, queue_lists.walk_query(sort, undecided, begun=True)))
    return found


@pytest.mark.parametrize(("name", "query"), plans())
def test_no_query_of_the_queue_scans_or_sorts(world: World, name: str, query: str) -> None:
    values = dict.fromkeys(
        ("queue", "agent", "parent", "level", "leaf", "campaign", "value", "item"), "x"
    )
    rows = world.desk.index.read().execute(f"EXPLAIN QUERY PLAN {query}", values).fetchall()
    steps = [row["detail"] for row in rows]
    assert steps
    assert [step for step in steps if step.startswith("SCAN") or "TEMP B-TREE" in step] == []


def test_of_much_that_somebody_has_met_nothing_is_read(world: World) -> None:
    """Virtual machine steps of one pick, with 10 and with 3,000 items behind somebody."""
    connection = world.desk.index.write
    counts = {}
    for number in (10, 3000):
        connection.executemany(
            "INSERT OR IGNORE INTO pick VALUES ('item/x', ?, 1, substr(?, -2))",
            [(f"i{n:05}", f"{n * 7919 % 100_000:05}") for n in range(number + 1)],
        )
        connection.executemany(
            "INSERT OR IGNORE INTO met SELECT queue, 'me', thing, level, leaf, NULL FROM pick "
            "WHERE queue = 'item/x' AND thing = ?",
            [(f"i{n:05}",) for n in range(number)],
        )
        steps = [0]

        def count(steps: list[int] = steps) -> int:
            steps[0] += 1
            return 0

        connection.set_progress_handler(count, 1)
        found = list(picking.waiting(connection, "item/x", "me"))
        connection.set_progress_handler(None, 0)
        assert found == [f"i{number:05}"]
        counts[number] = steps[0]
        connection.execute("DELETE FROM met WHERE queue = 'item/x'")
        connection.execute("DELETE FROM pick WHERE queue = 'item/x'")
    connection.rollback()
    assert counts[3000] < 10 * counts[10]


def test_times_are_compared_to_the_millisecond(world: World) -> None:
    """The store leaves zeros out of a time: 41.02 seconds come before 41.024."""
    ada, start = world.people[1], datetime(2026, 11, 22, 10, 0, 41, tzinfo=UTC)
    for number, milliseconds in ((0, 24), (1, 20), (2, 0), (3, 900)):
        finish(world, ada, worlds.item(number), start + timedelta(milliseconds=milliseconds))
    found = queue_lists.page(
        world.desk.index.read(), world.campaign, ada.agent.value, "mine", "newest", None, 9
    )
    assert found.items == [worlds.item(number) for number in (3, 0, 1, 2)]
