"""Annotations whose term changed in a load of its vocabulary are judged anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from server.commit import Desk
from server.domain import (
    accounts,
    annotation_views,
    annotations,
    contributing,
    opening,
    publishing,
    reopening,
    vocabularies,
    vocabulary_loads,
)
from server.domain.vocabulary_reports import Report
from server.errors import Conflict, Forbidden, Unavailable
from server.formats.vocabularies import Reading, VocabularyData, as_statements
from server.index import queues
from server.names import CH, RDF, SKOS
from server.viewers import Viewer
from tests import worlds
from tests.worlds import World

ALL = reopening.KINDS


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opening.opened(worlds.create(tmp_path / "data")) as desk:
        yield worlds.furnish(desk, guests=3)


def accepted(world: World, item: int, term: int) -> str:
    """Proposed by one person and approved by another two, one of them signed in."""
    olga, ada, ben, _cid = world.people
    iri = world.propose(ada, worlds.item(item), worlds.term(term))
    for person in (olga, ben):
        contributing.vote(world.desk, person, iri, "approve", now=worlds.now())
    return iri


def load(world: World, *terms: tuple[int, str], **retired: str | None) -> Report:
    """The vocabulary with these terms alone: number and label; `retired` as t3="…"."""

    def triples() -> Iterator[Triple]:
        for number, label in terms:
            me = NamedNode(worlds.term(number))
            yield Triple(me, RDF.type, SKOS.Concept)
            yield Triple(me, SKOS.prefLabel, Literal(label, language="en"))

    reading = Reading(retired={worlds.term(int(n[1:])): to for n, to in retired.items()})
    data = VocabularyData(worlds.TERMS, (), as_statements(triples()))
    vocabularies.load(world.desk, world.organiser, "kinds", data, now=worlds.now(), reading=reading)
    return vocabulary_loads.find_reports(world.desk, "kinds")[0]


def merge_one_into_two(world: World) -> Report:
    return load(world, *((n, f"kind {n}") for n in (0, 2, 3, 4, 5, 6, 7)), t1=worlds.term(2))


def status(world: World, iri: str) -> str:
    row = queues.find_annotation(world.desk.index.read(), iri)
    assert row is not None
    return row.status


def proposals(world: World, term: int) -> list[str]:
    rows = world.desk.index.read().execute(
        "SELECT iri FROM annotation WHERE body = ?", (worlds.term(term),)
    )
    return [row[0] for row in rows]


def reopen(world: World, report: Report, *kinds: str, **more: str) -> reopening.Reopened:
    return reopening.reopen(
        world.desk, world.organiser, report, kinds or ALL, now=worlds.now(), **more
    )


def test_what_was_accepted_is_pending_again_and_earlier_votes_no_longer_count(
    world: World, tmp_path: Path
) -> None:
    iri = accepted(world, 1, 1)
    assert status(world, iri) == "accepted"
    done = reopen(world, merge_one_into_two(world))
    assert (done.annotations, status(world, iri)) == (1, "pending")
    row = queues.find_annotation(world.desk.index.read(), iri)
    assert row and (row.approvals, row.rejections) == (0, 0)
    worlds.assert_equals_rebuild(world.desk, tmp_path / "rebuild")


def test_votes_after_it_count_also_the_same_persons(world: World) -> None:
    iri = accepted(world, 1, 1)
    reopen(world, merge_one_into_two(world))
    olga, _ada, ben, _cid = world.people
    for person in (olga, ben):
        contributing.vote(world.desk, person, iri, "approve", now=worlds.now())
    assert status(world, iri) == "accepted"


def test_who_proposed_it_may_propose_it_anew_where_the_term_still_stands(world: World) -> None:
    iri, ada = accepted(world, 1, 1), world.people[1]
    reopen(world, load(world, *((n, f"kind {n}") for n in (0, 2)), (1, "sort 1")))
    assert annotations.get(world.desk, iri).counts.approvals == 0
    assert world.propose(ada, worlds.item(1), worlds.term(1)) == iri
    assert annotations.get(world.desk, iri).counts.approvals == 1


def test_an_earlier_decision_no_longer_counts_and_a_later_one_does(world: World) -> None:
    iri = world.propose(world.people[1], worlds.item(1), worlds.term(1))
    publishing.decide(world.desk, world.organiser, iri, "accept", "sure", now=worlds.now())
    reopen(world, merge_one_into_two(world))
    assert status(world, iri) == "pending"
    assert annotations.get(world.desk, iri).decision is None
    publishing.decide(world.desk, world.organiser, iri, "accept", "still", now=worlds.now())
    assert status(world, iri) == "accepted"


def test_what_was_published_leaves_the_public_data_and_nothing_else_does(
    world: World, tmp_path: Path
) -> None:
    desk = world.desk
    first, second, other = accepted(world, 1, 1), accepted(world, 2, 1), accepted(world, 1, 3)
    publishing.publish(desk, world.organiser, world.campaign, now=worlds.now())
    done = reopen(world, merge_one_into_two(world))
    assert done.annotations == 2
    assert [status(world, iri) for iri in (first, second, other)] == [
        "pending", "pending", "published",
    ]  # fmt: skip
    public = str(list(desk.datasets["public"].store.quads_for_pattern(
        None, None, None, desk.names.graph("published", world.campaign))))  # fmt: skip
    assert other in public
    assert first not in public and second not in public and worlds.term(1) not in public
    assert worlds.item(2) not in public
    worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")


def test_software_proposes_the_replacement_once_and_approves_nothing(world: World) -> None:
    accepted(world, 1, 1)
    done = reopen(world, merge_one_into_two(world))
    (made,) = proposals(world, 2)
    assert done.proposals == 1
    annotation = annotations.get(world.desk, made)
    assert (annotation.item, annotation.counts.approvals) == (worlds.item(1), 0)
    assert [claim.confidence for claim in annotation.claims] == [1.0]
    assert status(world, made) == "pending"
    agent = annotation.claims[0].agent
    people = world.desk.index.read().execute("SELECT agent FROM contribution").fetchall()
    assert agent not in {row[0] for row in people}


def test_a_replacement_that_somebody_proposes_already_is_left_alone(world: World) -> None:
    accepted(world, 1, 1)
    iri = world.propose(world.people[1], worlds.item(1), worlds.term(2))
    assert reopen(world, merge_one_into_two(world)).proposals == 0
    assert len(annotations.get(world.desk, iri).claims) == 1


def test_doing_it_again_changes_nothing(world: World) -> None:
    accepted(world, 1, 1)
    report = merge_one_into_two(world)
    reopen(world, report)
    last = world.desk.journal.last()
    assert reopen(world, report).annotations == 0
    assert world.desk.journal.last() == last


def test_only_the_chosen_kinds_and_terms_are_reopened(world: World) -> None:
    moved, named = accepted(world, 1, 1), accepted(world, 1, 3)
    report = load(world, (0, "kind 0"), (3, "sort 3"), (4, "sort 4"), t1=None)
    assert reopen(world, report, "relabelled", term=worlds.term(4)).annotations == 0
    assert reopen(world, report, "relabelled").annotations == 1
    assert (status(world, moved), status(world, named)) == ("accepted", "pending")
    assert reopen(world, report, "deprecated").annotations == 1
    assert status(world, moved) == "pending"


def test_what_was_refused_or_withdrawn_stays_so(world: World) -> None:
    desk, ada = world.desk, world.people[1]
    refused = world.propose(ada, worlds.item(1), worlds.term(1))
    publishing.decide(desk, world.organiser, refused, "reject", "no", now=worlds.now())
    gone = world.propose(ada, worlds.item(2), worlds.term(1))
    contributing.withdraw(desk, ada, gone, now=worlds.now())
    assert reopen(world, merge_one_into_two(world)).annotations == 0
    assert (status(world, refused), status(world, gone)) == ("rejected", "withdrawn")


def test_campaigns_of_others_are_counted_and_left(world: World) -> None:
    iri = accepted(world, 1, 1)
    report = merge_one_into_two(world)
    otto = accounts.create_user(
        world.desk, "Otto", "otto@example.org", worlds.PASSWORD, "organiser", now=worlds.now()
    )
    done = reopening.reopen(world.desk, otto, report, ALL, now=worlds.now())
    assert (done.annotations, dict(done.left)) == (0, {world.campaign: 1})
    assert status(world, iri) == "accepted"
    with pytest.raises(Forbidden):
        reopening.reopen(world.desk, _contributor(world.desk), report, ALL, now=worlds.now())


def _contributor(desk: Desk) -> accounts.Person:
    return accounts.create_user(
        desk, "Cy", "cy@example.org", worlds.PASSWORD, "contributor", now=worlds.now()
    )


def test_a_load_that_was_taken_back_reopens_nothing(world: World) -> None:
    report = merge_one_into_two(world)
    vocabulary_loads.undo(world.desk, world.organiser, "kinds", now=worlds.now())
    with pytest.raises(Conflict):
        reopen(world, vocabulary_loads.find_reports(world.desk, "kinds")[0])
    assert report.state == "applied"


def test_stopped_work_is_gone_on_with(world: World) -> None:
    for item in range(4):
        accepted(world, item, 1)
    publishing.publish(world.desk, world.organiser, world.campaign, now=worlds.now())
    report, rounds = merge_one_into_two(world), iter([False, False, True])
    with pytest.raises(Unavailable):
        reopening.reopen(
            world.desk, world.organiser, report, ALL, now=worlds.now(), stop=lambda: next(rounds)
        )
    assert reopen(world, report).annotations == 2


def test_the_history_tells_of_it(world: World) -> None:
    iri = accepted(world, 1, 1)
    reopen(world, merge_one_into_two(world))
    viewer = Viewer(sees_work=True)
    told = ((iri, "reopened", "organiser"), (proposals(world, 2)[0], "proposed", "software"))
    for annotation, action, sign in told:
        identifier = annotation.rpartition("/")[2]
        _page, history = annotation_views.get_page(
            world.desk, viewer, world.organiser, identifier, "en"
        )
        assert history.events[0].action == action
        assert history.events[0].sign in (sign, "you")


def test_the_reopening_is_told_as_rdf(world: World) -> None:
    iri = accepted(world, 1, 1)
    report = merge_one_into_two(world)
    reopen(world, report)
    found = annotations.get(world.desk, iri).reopening
    assert found is not None
    assert (found.reason, found.replacement) == ("merged", worlds.term(2))
    assert found.load == f"{world.desk.names.vocabulary('kinds').value}#load-{report.id}"
    store = world.desk.datasets["work"].store
    assert next(store.quads_for_pattern(NamedNode(f"{iri}#reopening"), RDF.type, CH.Reopening))
