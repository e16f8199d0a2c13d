"""What programs propose: the checks of people's proposals, and never an approval."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import (
    accounts,
    annotations,
    campaigns,
    contributing,
    makers,
    opening,
    software_claims,
)
from server.domain.contributing import Proposal
from server.domain.software import Software
from server.errors import Conflict, Forbidden, Invalid, NotFound
from server.names import AS, SCHEMA, SOA
from tests import worlds
from tests.worlds import World

ITEM = worlds.item(0)
SIGHT = Software("Sight", "2.1", "http://software.example.org/sight")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opening.opened(worlds.create(tmp_path / "data")) as opened:
        yield opened


@pytest.fixture
def world(desk: Desk) -> World:
    return worlds.furnish(desk)


def say(
    world: World, term: str = worlds.term(1), confidence: float = 0.8, software: Software = SIGHT
) -> str:
    proposal = Proposal.of_term(world.campaign, ITEM, 1, term)
    return software_claims.claim(
        world.desk, world.organiser, software, proposal, confidence, now=worlds.now()
    )


def test_a_program_claims_with_its_confidence_and_approves_nothing(world: World) -> None:
    found = annotations.get(world.desk, say(world))
    (claim,) = found.claims
    assert (claim.agent, claim.confidence) == (SIGHT.iri, 0.8)
    assert found.counts.approvals == 0 and found.counts.signed_in == 0


def test_people_and_programs_who_say_the_same_make_one_claim(world: World) -> None:
    iri = world.propose(world.people[1], ITEM, worlds.term(1))
    assert say(world) == iri
    found = annotations.get(world.desk, iri)
    assert {each.agent for each in found.claims} == {world.people[1].agent.value, SIGHT.iri}
    assert found.counts.approvals == 1


def test_saying_it_again_renews_it(world: World) -> None:
    iri = say(world, confidence=0.5)
    say(world, confidence=0.9, software=replace(SIGHT, version="2.2"))
    assert [each.confidence for each in annotations.get(world.desk, iri).claims] == [0.9]
    said = world.desk.about("work", NamedNode(SIGHT.iri))
    assert {o.value for p, o in said if p == SCHEMA.softwareVersion} == {"2.2"}
    assert {o.value for p, o in said if p == AS.name} == {"Sight"}


def test_a_program_is_named_with_its_version_of_now(world: World) -> None:
    iri = say(world)
    assert [each.words for each in makers.of(world.desk, annotations.get(world.desk, iri), "")] == [
        "Sight 2.1"
    ]
    say(world, software=replace(SIGHT, version="2.2"))
    assert [each.words for each in makers.of(world.desk, annotations.get(world.desk, iri), "")] == [
        "Sight 2.2"
    ]


def test_the_confidence_is_a_number_from_0_to_1(world: World) -> None:
    for wrong in (-0.1, 1.01, float("nan"), float("inf")):
        with pytest.raises(Invalid):
            say(world, confidence=wrong)
    assert not list(world.desk.pointing("work", SOA.confidence, NamedNode(SIGHT.iri)))


@pytest.mark.parametrize("term", ["http://elsewhere.example.org/1", "no IRI", ""])
def test_a_program_proposes_what_people_could(world: World, term: str) -> None:
    with pytest.raises(Invalid):
        say(world, term)


def test_only_who_runs_the_campaign_brings_programs_in(world: World) -> None:
    carl = accounts.create_user(
        world.desk, "Carl", "carl@example.org", worlds.PASSWORD, "contributor", now=worlds.now()
    )
    proposal = Proposal.of_term(world.campaign, ITEM, 1, worlds.term(1))
    with pytest.raises(Forbidden):
        software_claims.claim(world.desk, carl, SIGHT, proposal, 0.8, now=worlds.now())


def test_items_of_other_campaigns_and_closed_campaigns_are_refused(world: World) -> None:
    elsewhere = Proposal.of_term(world.campaign, worlds.item(99), 1, worlds.term(1))
    with pytest.raises(NotFound):
        software_claims.claim(world.desk, world.organiser, SIGHT, elsewhere, 0.8, now=worlds.now())
    campaigns.set_state(world.desk, world.organiser, world.campaign, "closed", now=worlds.now())
    with pytest.raises(Conflict):
        say(world)


def test_people_vote_on_what_a_program_proposed(world: World) -> None:
    iri = say(world)
    contributing.vote(world.desk, world.people[1], iri, "approve", now=worlds.now())
    assert annotations.get(world.desk, iri).counts.approvals == 1
