"""What people rejected, as data: only where it is allowed, and never taken for a fact."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from server.domain import (
    campaigns,
    contributing,
    dump_records,
    dump_snapshots,
    opening,
    publication_writing,
    publishing,
    rejection_graphs,
    software_claims,
)
from server.domain.contributing import Proposal
from server.domain.software import Software
from server.names import CH, DC, DCTERMS, OA, RDF
from tests import worlds
from tests.worlds import World, now

REASONS = ({"en": "Not in sight", "de": "Nicht zu sehen"}, {"en": "Too vague"})


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opening.opened(worlds.create(tmp_path / "data")) as desk:
        made = worlds.furnish(desk)
        allow(made, True)
        yield made


def allow(world: World, allowed: bool, **changes: object) -> None:
    standing = campaigns.find_standing(world.desk, world.campaign)
    assert standing
    changed = replace(standing, publish_rejections=allowed, reasons=REASONS, **changes)  # type: ignore[arg-type]
    campaigns.edit(world.desk, world.organiser, changed, now=now())


def reject(world: World, item: int, term: int) -> str:
    """Proposed by one, rejected by two: for a reason of the list, and one with a comment."""
    olga, ada, ben = world.people
    iri = world.propose(ada, worlds.item(item), worlds.term(term))
    contributing.vote(world.desk, ben, iri, "reject", now=now(), reason="Not in sight")
    contributing.vote(world.desk, olga, iri, "reject", now=now(), comment="Canary: no!")
    return iri


def publish(world: World, **said: object) -> publishing.Figures:
    return publishing.carry_out(
        world.desk,
        world.organiser,
        world.campaign,
        "publish",
        now=now(),
        **said,  # type: ignore[arg-type]
    )


def public(world: World) -> set[Quad]:
    graph = world.desk.names.graph("rejections", world.campaign)
    return set(world.desk.datasets["public"].store.quads_for_pattern(None, None, None, graph))


def said(world: World, iri: str) -> dict[NamedNode, list[str]]:
    found: dict[NamedNode, list[str]] = {}
    for p, o in world.desk.about("public", NamedNode(f"{iri}#rejection")):
        found.setdefault(p, []).append(o.value)
    return found


def test_nothing_of_them_is_public_unless_the_campaign_allows_it(world: World) -> None:
    allow(world, False)
    reject(world, 0, 0)
    assert not publish(world).changes_something
    assert public(world) == set()


@pytest.mark.parametrize("small", [0, 1_000])
def test_they_say_what_was_rejected_how_often_and_why(
    world: World, tmp_path: Path, small: int
) -> None:
    iri = reject(world, 0, 3)
    assert publish(world, small=small).rejections == 1
    told = said(world, iri)
    assert told[RDF.type] == [CH.RejectedAnnotation.value]
    assert told[CH.annotation] == [iri]
    assert told[CH.item] == [worlds.item(0)]
    assert told[RDF.value] == [worlds.term(3)]
    assert (told[CH.approvals], told[CH.rejections]) == (["1"], ["2"])
    (part,) = told[CH.reasonCount]
    code = dict(world.desk.about("public", NamedNode(part)))
    assert code[CH.reasonCode].value.endswith("/campaign/subjects#reason-1")
    assert code[CH.rejections].value == "1"
    text = "\n".join(map(str, public(world)))
    assert "Canary" not in text
    assert "Not in sight" not in text
    assert not [person for person in world.people if person.agent.value in text]
    worlds.assert_equals_rebuild(world.desk, tmp_path / "rebuilt")


def test_they_are_no_annotations(world: World) -> None:
    iri = reject(world, 0, 0)
    publish(world)
    store = world.desk.datasets["public"].store
    query = f"ASK {{ ?a a {OA.Annotation} }}"
    assert not store.query(query, use_default_graph_as_union=True)
    query = f"ASK {{ ?a {CH.status} ?status }}"
    assert not store.query(query, use_default_graph_as_union=True)
    rows = world.desk.index.read().execute("SELECT status FROM annotation WHERE iri = ?", (iri,))
    assert rows.fetchone()[0] == "rejected"


def test_no_record_has_them(world: World) -> None:
    reject(world, 0, 0)
    publish(world)
    item = NamedNode(worlds.item(0))
    with dump_snapshots.snapshot(world.desk) as snapshot:
        for content in ("plain", "enriched", "enrichments"):
            found = dump_records.describe(snapshot, [item], content)
            triples = [triple for _item, record in found for triple in record]
            assert worlds.term(0) not in str(triples)
            assert str(CH.RejectedAnnotation) not in str(triples)


def test_software_is_named_and_people_are_not(world: World) -> None:
    olga, _ada, ben = world.people
    looker = Software("Looker", "1.2", "http://looker.example.org/")
    proposal = Proposal.of_term(world.campaign, worlds.item(1), 1, worlds.term(1))
    iri = software_claims.claim(world.desk, olga, looker, proposal, 0.9, now=now())
    for person in (olga, ben):
        contributing.vote(world.desk, person, iri, "reject", now=now())
    publish(world)
    assert said(world, iri)[DCTERMS.creator] == [looker.iri]
    assert said(world, iri)[DC.creator] == ["Looker 1.2"]
    by_people = reject(world, 0, 0)
    publish(world)
    assert not {DCTERMS.creator, DC.creator} & set(said(world, by_people))


def test_they_go_when_an_organiser_decides_otherwise(world: World) -> None:
    iri = reject(world, 0, 0)
    publish(world)
    publishing.decide(world.desk, world.organiser, iri, "accept", "It is", now=now())
    assert public(world) == set()
    publishing.decide(world.desk, world.organiser, iri, "reject", "It is not", now=now())
    publish(world)
    assert said(world, iri)
    publishing.decide(world.desk, world.organiser, iri, None, "", now=now())
    assert said(world, iri), "the rule rejects it as well"


def test_they_follow_the_votes(world: World) -> None:
    iri = reject(world, 0, 0)
    publish(world)
    ben = world.people[2]
    contributing.vote(world.desk, ben, iri, "reject", now=now(), reason="Too vague")
    assert said(world, iri)[CH.reasonCount] == [f"{iri}#rejection-reason-2"]
    for person in (ben, world.organiser):
        contributing.vote(world.desk, person, iri, "approve", now=now())
    assert public(world) == set()


@pytest.mark.parametrize("changes", [{}, {"state": "draft"}, {"embargo": date(2090, 1, 1)}])
def test_they_go_when_the_campaign_allows_them_no_more(
    world: World, changes: dict[str, object]
) -> None:
    reject(world, 0, 0)
    publish(world)
    allow(world, bool(changes), **changes)
    assert public(world) == set()


def test_many_go_as_files(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejection_graphs, "_AT_ONCE", 3)
    iri = reject(world, 0, 0)
    publish(world)
    allow(world, False)
    assert world.desk.updating
    contributing.vote(world.desk, world.people[2], iri, "approve", now=now())
    publication_writing.work_in(world.desk)
    assert public(world) == set()
    assert not world.desk.updating
    worlds.assert_equals_rebuild(world.desk, tmp_path / "rebuilt")


def test_withdrawing_takes_them_back_too(world: World) -> None:
    reject(world, 0, 0)
    publish(world)
    found = publishing.carry_out(world.desk, world.organiser, world.campaign, "withdraw", now=now())
    assert found.rejections_gone == 1
    assert public(world) == set()
