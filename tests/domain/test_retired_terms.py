"""Terms that a newer release retires or lets go stay showable where annotations name them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.domain import opening, vocabulary_lists, vocabulary_loads
from server.domain.vocabulary_loads import Options
from server.domain.vocabulary_reports import Report
from server.index import labels
from server.index.labels import Scope
from server.viewers import PUBLIC
from tests import worlds
from tests.domain.vocabulary_files import write
from tests.worlds import World, term

SKOS = "http://www.w3.org/2004/02/skos/core#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
TRUE = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Terms 0 to 7, of which annotations name 1 and 3."""
    with opening.opened(worlds.create(tmp_path / "data")) as desk:
        world = worlds.furnish(desk)
        world.propose(world.people[1], worlds.item(0), term(1))
        world.propose(world.people[1], worlds.item(1), term(3))
        yield world


def release(world: World, path: Path, *concepts: str) -> Report:
    """A newer release with these terms, in the scheme of the old one."""
    file = write(path, *concepts, scheme="http://other.example.org/")
    options = Options("kinds", "skos", (file,), replace=True)
    prepared = vocabulary_loads.prepare(world.desk, world.organiser, options, now=worlds.now())
    return vocabulary_loads.apply(world.desk, world.organiser, prepared, now=worlds.now())


def concept(number: int, label: str = "", more: str = "") -> str:
    return (
        f'<{term(number)}> a skos:Concept ; skos:prefLabel "{label or f"kind {number}"}"@en ; '
        f"skos:inScheme <{worlds.TERMS}> {more} .\n"
    )


def said(world: World, number: int) -> set[tuple[str, str]]:
    """What the vocabulary's graph holds about a term."""
    graph = world.desk.names.graph("vocabulary", "kinds")
    found = world.desk.datasets["public"].store.quads_for_pattern(None, None, None, graph)
    return {
        (str(quad.predicate), str(quad.object))
        for quad in found
        if str(quad.subject) == f"<{term(number)}>"
    }


def kinds(world: World, report: Report) -> dict[str, tuple[str, ...]]:
    found = vocabulary_lists.changes(world.desk.settings.data, report, vocabulary_lists.KINDS)
    return {change.iri: change.kinds for change in found}


def tombstone(world: World, number: int, replacement: int | None = None) -> set[tuple[str, str]]:
    vocabulary = world.desk.names.vocabulary("kinds").value
    replaced = {
        ("<http://purl.org/dc/terms/isReplacedBy>", f"<{term(replacement)}>")
        for replacement in [replacement]
        if replacement is not None
    }
    return {
        (TYPE, f"<{SKOS}Concept>"), (f"<{SKOS}inScheme>", f"<{vocabulary}>"),
        (f"<{SKOS}prefLabel>", f'"kind {number}"@en'),
        ("<http://www.w3.org/2002/07/owl#deprecated>", TRUE),
    } | replaced  # fmt: skip


def test_a_term_that_is_gone_leaves_a_tombstone_only_where_an_annotation_names_it(
    world: World, tmp_path: Path
) -> None:
    report = release(world, tmp_path / "a.ttl", concept(0), concept(3))
    assert said(world, 1) == tombstone(world, 1)
    assert said(world, 2) == set()
    assert report.terms == 2
    assert kinds(world, report)[term(1)] == kinds(world, report)[term(2)] == ("gone",)
    assert report.touched["gone"] == {"subjects": {"pending": 1}}
    worlds.assert_equals_rebuild(world.desk, tmp_path / "rebuild")


def test_a_tombstone_names_the_replacement(world: World, tmp_path: Path) -> None:
    retired = concept(1, "", f"; owl:deprecated true ; dct:isReplacedBy <{term(4)}>")
    report = release(world, tmp_path / "a.ttl", retired, concept(3), concept(4))
    assert said(world, 1) == tombstone(world, 1, 4)
    assert kinds(world, report)[term(1)] == ("merged",)


def test_a_tombstone_is_shown_and_never_offered(world: World, tmp_path: Path) -> None:
    release(world, tmp_path / "a.ttl", concept(0), concept(3))
    index = world.desk.index
    found = labels.get_term(PUBLIC, index, term(1), "en")
    assert (found.label, found.deprecated) == ("kind 1", True)
    assert labels.labels_of(PUBLIC, index, [term(1)], "en")[term(1)][0] == "kind 1"
    assert not labels.offers(PUBLIC, index, term(1), [Scope("kinds")])
    offered = labels.suggest(PUBLIC, index, "kind", scopes=[Scope("kinds")])
    assert {each.iri for each in offered} == {term(0), term(3)}
    assert not labels.suggest(PUBLIC, index, term(1), scopes=[Scope("kinds")])


def test_a_tombstone_is_carried_on_without_being_told_again(world: World, tmp_path: Path) -> None:
    release(world, tmp_path / "a.ttl", concept(0), concept(3))
    report = release(world, tmp_path / "b.ttl", concept(0), concept(3), concept(5, "new"))
    assert said(world, 1) == tombstone(world, 1)
    assert set(kinds(world, report)) == {term(5)}
    again = release(world, tmp_path / "c.ttl", concept(0), concept(3), concept(5, "new"))
    assert again.state == "empty"


def test_a_later_release_may_say_what_replaces_a_tombstone(world: World, tmp_path: Path) -> None:
    release(world, tmp_path / "a.ttl", concept(0), concept(3))
    retired = concept(1, "", f"; owl:deprecated true ; dct:isReplacedBy <{term(0)}>")
    report = release(world, tmp_path / "b.ttl", retired, concept(0), concept(3))
    assert said(world, 1) == tombstone(world, 1, 0)
    assert kinds(world, report) == {term(1): ("merged",)}


def test_a_tombstone_goes_when_its_term_returns(world: World, tmp_path: Path) -> None:
    release(world, tmp_path / "a.ttl", concept(0), concept(3))
    report = release(world, tmp_path / "b.ttl", concept(0), concept(1, "back"), concept(3))
    assert (f"<{SKOS}prefLabel>", '"back"@en') in said(world, 1)
    assert not {each for each in said(world, 1) if "deprecated" in each[0]}
    assert kinds(world, report)[term(1)] == ("added",)
    assert labels.offers(PUBLIC, world.desk.index, term(1), [Scope("kinds")])
    worlds.assert_equals_rebuild(world.desk, tmp_path / "rebuild")


def test_undo_takes_tombstones_back(world: World, tmp_path: Path) -> None:
    before = [said(world, number) for number in range(8)]
    release(world, tmp_path / "a.ttl", concept(0), concept(3))
    vocabulary_loads.undo(world.desk, world.organiser, "kinds", now=worlds.now())
    assert [said(world, number) for number in range(8)] == before
    worlds.assert_equals_rebuild(world.desk, tmp_path / "rebuild")


def test_a_source_cannot_pass_its_terms_off_as_tombstones(world: World, tmp_path: Path) -> None:
    """One that says it is in our vocabulary, and not retired, is a term as any other."""
    ours = world.desk.names.vocabulary("kinds").value
    release(world, tmp_path / "a.ttl", concept(0), concept(2, "", f", <{ours}>"), concept(3))
    release(world, tmp_path / "b.ttl", concept(0), concept(3))
    assert said(world, 2) == set()
