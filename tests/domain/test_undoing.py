"""What one did in this visit is taken back as it was, and nobody else's words with it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, serialize

from server.domain import (
    annotations,
    bulk_votes,
    campaigns,
    contributing,
    deeds,
    participation,
    publishing,
    undoing,
)
from server.domain.accounts import Person
from server.domain.contributing import Proposal
from server.errors import Conflict, NotFound
from server.index import histories, queues
from server.viewers import PUBLIC, Viewer
from tests import worlds
from tests.domain import routed_world
from tests.worlds import World, now, term

ITEM = worlds.item(0)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with routed_world.opened(tmp_path) as made:
        yield made


def state(world: World) -> tuple[set[str], dict[str, list[str]]]:
    """What the stores and the index say, but for the markers and what is only of the journal."""
    quads = {
        line
        for store in world.desk.datasets.values()
        for line in serialize(store.store, format=RdfFormat.N_QUADS).decode().splitlines()
        if "/data> " not in line
    }
    index = worlds.tables(world.desk.index.path)
    left_out = ("history", "mark", "term_use", "pick_node", "met_node")
    return quads, {name: rows for name, rows in index.items() if name not in left_out}


def undo_last(world: World, person: Person) -> None:
    undoing.undo(world.desk, person, world.desk.journal.last(), now=now())


def statuses(world: World) -> dict[str, str]:
    rows = world.desk.index.read().execute("SELECT iri, status FROM annotation")
    return {row[0]: row[1] for row in rows}


def edit(world: World, person: Person, iri: str, new: str) -> str:
    proposal = Proposal(world.campaign, ITEM, 1, {"body": [new]}, replaces=iri)
    return contributing.propose(world.desk, person, proposal, now=now())


# --- each kind of thing --------------------------------------------------------------------------


def test_a_proposal_is_taken_back(world: World) -> None:
    _olga, ada, _ben, *_ = world.people
    iri = world.propose(ada, ITEM, term(1))
    undo_last(world, ada)
    assert annotations.get(world.desk, iri).claims == ()
    assert statuses(world) == {iri: "withdrawn"}
    assert queues.progress(world.desk.index.read(), world.campaign).contributions == 0


def test_a_vote_is_as_it_was_before(world: World) -> None:
    _olga, ada, ben, *_ = world.people
    iri = world.propose(ada, ITEM, term(1))
    before = state(world)
    contributing.vote(world.desk, ben, iri, "reject", now=now(), reason="no", comment="at all")
    rejected = state(world)
    contributing.vote(world.desk, ben, iri, "approve", now=now())
    undo_last(world, ben)
    assert state(world) == rejected
    contributing.vote(world.desk, ben, iri, None, now=now())
    assert state(world) == before
    undo_last(world, ben)
    assert state(world) == rejected
    found = annotations.get(world.desk, iri).vote_of(ben.agent.value)
    assert found is not None
    assert (found.verdict, found.reason, found.comment) == ("reject", "no", "at all")


def test_what_was_withdrawn_stands_again(world: World) -> None:
    _olga, ada, ben, *_ = world.people
    iri = world.propose(ada, ITEM, term(1))
    before = state(world)
    contributing.withdraw(world.desk, ada, iri, now=now())
    assert state(world) != before
    undo_last(world, ada)
    assert state(world) == before
    contributing.vote(world.desk, ben, iri, "approve", now=now())


def test_an_edit_brings_the_former_answer_back(world: World) -> None:
    _olga, ada, *_ = world.people
    first = world.propose(ada, ITEM, term(1))
    second = edit(world, ada, first, term(2))
    assert statuses(world) == {first: "withdrawn", second: "pending"}
    undo_last(world, ada)
    assert statuses(world) == {first: "pending", second: "withdrawn"}


def test_a_vote_that_became_a_proposal_is_a_vote_again(world: World) -> None:
    _olga, ada, ben, *_ = world.people
    iri = world.propose(ada, ITEM, term(1))
    contributing.vote(world.desk, ben, iri, "reject", now=now())
    before = state(world)
    world.propose(ben, ITEM, term(1))
    undo_last(world, ben)
    assert state(world) == before


@pytest.mark.parametrize("outcome", ["finished", "skipped"])
def test_a_left_item_is_as_if_it_had_not_been_left(world: World, outcome: str) -> None:
    _olga, ada, *_ = world.people
    before = state(world)
    contributing.visit(world.desk, ada, world.campaign, ITEM, outcome, now=now())
    assert state(world) != before
    undo_last(world, ada)
    assert state(world) == before
    contributing.visit(world.desk, ada, world.campaign, ITEM, "skipped", now=now())
    skipped = state(world)
    contributing.visit(world.desk, ada, world.campaign, ITEM, "finished", now=now())
    undo_last(world, ada)
    assert state(world) == skipped


def test_an_organisers_decision_is_taken_back(world: World) -> None:
    olga, ada, *_ = world.people
    iri = world.propose(ada, ITEM, term(1))
    before = state(world)
    publishing.decide(world.desk, olga, iri, "reject", "not here", now=now())
    rejected = state(world)
    publishing.decide(world.desk, olga, iri, "accept", "so it is", now=now())
    undo_last(world, olga)
    assert state(world) == rejected
    publishing.decide(world.desk, olga, iri, None, "", now=now())
    assert state(world) == before


def test_votes_at_once_are_taken_back_at_once(world: World) -> None:
    _olga, ada, ben, *_ = world.people
    for number in range(3):
        world.propose(ada, worlds.item(number), term(1))
    before = state(world)
    made = list(statuses(world))
    bulk_votes.cast(world.desk, ben, world.campaign, term(1), made, "approve", now=now())
    assert len(deeds.of_visit(world.desk, PUBLIC, ben, now(), "en")[0]) == 1
    seq = world.desk.journal.last()
    undoing.undo(world.desk, ben, seq, now=now())
    assert state(world) == before
    with pytest.raises(Conflict, match="already"):
        undoing.undo(world.desk, ben, seq, now=now())


def test_all_is_as_a_rebuild_makes_it(world: World, tmp_path: Path) -> None:
    olga, ada, ben, *_ = world.people
    iri = world.propose(ada, ITEM, term(1))
    contributing.vote(world.desk, ben, iri, "reject", now=now())
    undo_last(world, ben)
    edit(world, ada, iri, term(2))
    undo_last(world, ada)
    contributing.visit(world.desk, ada, world.campaign, ITEM, "finished", now=now())
    undo_last(world, ada)
    publishing.decide(world.desk, olga, iri, "accept", "so it is", now=now())
    undo_last(world, olga)
    worlds.assert_equals_rebuild(world.desk, tmp_path / "rebuilt")


# --- where it is refused -------------------------------------------------------------------------


def refused(world: World, person: Person, seq: int, words: str) -> None:
    before = world.desk.journal.last()
    with pytest.raises((Conflict, NotFound), match=words):
        undoing.undo(world.desk, person, seq, now=now())
    assert world.desk.journal.last() == before


def test_nothing_is_taken_back_twice(world: World) -> None:
    _olga, ada, *_ = world.people
    world.propose(ada, ITEM, term(1))
    seq = world.desk.journal.last()
    undoing.undo(world.desk, ada, seq, now=now())
    refused(world, ada, seq, "already")
    world.propose(ada, ITEM, term(1))
    refused(world, ada, seq, "already")
    refused(world, ada, seq + 1, "cannot be taken back")  # the undoing itself


def test_a_proposal_that_others_voted_on_stays(world: World) -> None:
    _olga, ada, ben, *_ = world.people
    iri = world.propose(ada, ITEM, term(1))
    seq = world.desk.journal.last()
    contributing.vote(world.desk, ben, iri, "approve", now=now())
    refused(world, ada, seq, "Others have voted")


def test_what_others_say_as_well_stands_without_me(world: World) -> None:
    _olga, ada, ben, *_ = world.people
    iri = world.propose(ada, ITEM, term(1))
    seq = world.desk.journal.last()
    world.propose(ben, ITEM, term(1))
    undoing.undo(world.desk, ada, seq, now=now())
    assert [claim.agent for claim in annotations.get(world.desk, iri).claims] == [ben.agent.value]


def test_what_changed_since_is_left_as_it_is(world: World) -> None:
    olga, ada, ben, *_ = world.people
    iri = world.propose(ada, ITEM, term(1))
    contributing.vote(world.desk, ben, iri, "reject", now=now())
    first = world.desk.journal.last()
    contributing.vote(world.desk, ben, iri, "approve", now=now())
    refused(world, ben, first, "changed since")
    publishing.decide(world.desk, olga, iri, "reject", "not so", now=now())
    decided = world.desk.journal.last()
    publishing.decide(world.desk, olga, iri, "accept", "so it is", now=now())
    refused(world, olga, decided, "changed since")


def test_a_vote_does_not_come_back_to_what_was_withdrawn(world: World) -> None:
    _olga, ada, ben, *_ = world.people
    iri = world.propose(ada, ITEM, term(1))
    contributing.vote(world.desk, ben, iri, "reject", now=now())
    contributing.vote(world.desk, ben, iri, None, now=now())
    seq = world.desk.journal.last()
    contributing.withdraw(world.desk, ada, iri, now=now())
    refused(world, ben, seq, "withdrawn")


def test_nobody_ends_up_voting_on_their_own(world: World) -> None:
    _olga, ada, ben, *_ = world.people
    iri = world.propose(ada, ITEM, term(1))
    world.propose(ben, ITEM, term(1))
    contributing.withdraw(world.desk, ben, iri, now=now())
    seq = world.desk.journal.last()
    contributing.vote(world.desk, ben, iri, "approve", now=now())
    refused(world, ben, seq, "changed since")


def test_what_was_published_since_is_taken_back_first(world: World) -> None:
    olga, ada, *_ = world.people
    iri = world.propose(ada, ITEM, term(1))
    publishing.decide(world.desk, olga, iri, "accept", "so it is", now=now())
    seq = world.desk.journal.last()
    publishing.publish(world.desk, olga, world.campaign, now=now())
    refused(world, olga, seq, "published since")
    refused(world, olga, world.desk.journal.last(), "cannot be taken back")
    publishing.unpublish(world.desk, olga, world.campaign, now=now())
    undoing.undo(world.desk, olga, seq, now=now())
    assert annotations.get(world.desk, iri).decision is None


@pytest.mark.parametrize("seq", [0, -1, 10**6, 2**63 - 1, 2**63, 2**80])
def test_there_is_nothing_to_take_back_that_is_not_there(world: World, seq: int) -> None:
    refused(world, world.people[1], seq, "nothing of yours")


def test_only_ones_own_is_taken_back(world: World) -> None:
    olga, ada, ben, *_ = world.people
    world.propose(ada, ITEM, term(1))
    seq = world.desk.journal.last()
    for person in (ben, olga):
        refused(world, person, seq, "nothing of yours")


def test_only_contributions_are_taken_back(world: World) -> None:
    """An import, a campaign, a vocabulary have ways of their own."""
    for seq in range(1, world.desk.journal.last() + 1):
        with pytest.raises((Conflict, NotFound)):
            undoing.undo(world.desk, world.organiser, seq, now=now())


def test_what_is_older_than_the_visit_stays(world: World) -> None:
    _olga, ada, *_ = world.people
    world.propose(ada, ITEM, term(1))
    seq = world.desk.journal.last()
    with pytest.raises(Conflict, match="too long ago"):
        undoing.undo(world.desk, ada, seq, now=now() + timedelta(hours=13))


def test_nothing_is_taken_back_once_the_campaign_is_closed(world: World) -> None:
    _olga, ada, *_ = world.people
    world.propose(ada, ITEM, term(1))
    seq = world.desk.journal.last()
    campaigns.set_state(world.desk, world.organiser, world.campaign, "closed", now=now())
    refused(world, ada, seq, "not open")


# --- the list of it ------------------------------------------------------------------------------


def told(world: World, person: Person) -> list[tuple[str, bool]]:
    found, _following = deeds.of_visit(world.desk, Viewer(person.agent.value), person, now(), "en")
    return [(deed.text, not deed.why_not) for deed in found]


def test_the_visit_tells_what_one_did_the_newest_first(world: World) -> None:
    _olga, ada, ben, *_ = world.people
    iri = world.propose(ben, ITEM, term(1))
    contributing.vote(world.desk, ada, iri, "unsure", now=now())
    mine = world.propose(ada, ITEM, term(2))
    edit(world, ada, mine, term(3))
    undo_last(world, ada)
    contributing.visit(world.desk, ada, world.campaign, ITEM, "finished", now=now())
    assert told(world, ada) == [
        ("You are done with “Print 0”.", True),
        ("You changed your answer to “kind 3”.", False),
        ("You added “kind 2”.", True),
        ("You were not sure about “kind 1”.", True),
    ]


def test_the_visit_comes_in_pages(world: World) -> None:
    _olga, ada, *_ = world.people
    for number in range(deeds.PAGE + 4):
        contributing.visit(
            world.desk, ada, world.campaign, worlds.item(number % 6),
            "skipped", now=now(),
        )  # fmt: skip
    first, following = deeds.of_visit(world.desk, PUBLIC, ada, now(), "en")
    assert following is not None
    rest, end = deeds.of_visit(world.desk, PUBLIC, ada, now(), "en", following)
    assert (len(first), len(rest), end) == (deeds.PAGE, 4, None)
    assert len({deed.seq for deed in (*first, *rest)}) == deeds.PAGE + 4


def test_agreeing_to_the_licence_is_no_deed(world: World) -> None:
    person = routed_world.newcomer(world)
    assert participation.agreed(world.desk, routed_world.campaign(world), person)
    assert told(world, person) == []
    assert world.desk.journal.last() < histories.NEWEST
