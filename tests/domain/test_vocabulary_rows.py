"""How vocabularies come into the index: small changes, whole files, and terms made by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from server.commit import Desk
from server.domain import opening, vocabulary_rows
from server.index import labels, vocabulary_writes
from server.names import RDF, SKOS
from server.patches import on
from server.viewers import PUBLIC
from tests import worlds
from tests.worlds import World


@pytest.fixture(params=["term by term", "whole"])
def world(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    if request.param == "whole":
        monkeypatch.setattr(vocabulary_rows, "LARGE", 0)
    with opening.opened(worlds.create(tmp_path / "data")) as desk:
        yield worlds.furnish(desk)


def say(desk: Desk, add: list[Quad], remove: list[Quad] | None = None) -> None:
    patch = on("public", add=add, remove=remove or [])
    desk.commit(lambda _desk: (patch, None), by="x", action="term", now=worlds.now())


def made(desk: Desk, iri: str, text: str) -> list[Quad]:
    me, graph = NamedNode(iri), desk.names.graph("terms", "kinds")
    return [
        Quad(me, RDF.type, SKOS.Concept, graph),
        Quad(me, SKOS.prefLabel, Literal(text, language="en"), graph),
    ]


def found(desk: Desk, text: str) -> list[str]:
    hits = labels.suggest(PUBLIC, desk.index, text)
    return [each.iri for each in hits if each.match != "typo"]


def test_a_term_made_by_hand_is_found_at_once_and_stays_through_loads(
    tmp_path: Path, world: World
) -> None:
    desk, mine = world.desk, "http://example.org/mine"
    say(desk, made(desk, mine, "hand made"))
    assert found(desk, "hand") == [mine]
    worlds.load_vocabulary(desk, world.organiser, "kinds", 5)
    assert found(desk, "hand") == [mine]
    assert found(desk, "kind 7") == []
    assert found(desk, "kind 4") == [worlds.term(4)]
    worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")
    say(desk, [], remove=made(desk, mine, "hand made"))
    assert found(desk, "hand") == []
    worlds.assert_equals_rebuild(desk, tmp_path / "again")


def test_a_label_made_by_hand_stands_beside_those_that_came_in_bulk(
    tmp_path: Path, world: World
) -> None:
    desk, graph = world.desk, world.desk.names.graph("terms", "kinds")
    alias = Quad(
        NamedNode(worlds.term(1)), SKOS.altLabel, Literal("nickname", language="en"), graph
    )
    say(desk, [alias])
    assert found(desk, "nick") == found(desk, "kind 1") == [worlds.term(1)]
    worlds.load_vocabulary(desk, world.organiser, "kinds", 6)
    assert found(desk, "nick") == [worlds.term(1)]
    say(desk, [], remove=[alias])
    assert found(desk, "nick") == []
    assert found(desk, "kind 1") == [worlds.term(1)]
    worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")


def test_a_vocabulary_may_be_made_by_hand_alone_and_goes_with_its_last_term(
    tmp_path: Path, world: World
) -> None:
    desk, me = world.desk, NamedNode("http://example.org/own")
    graph = desk.names.graph("terms", "own")
    quads = [
        Quad(me, RDF.type, SKOS.Concept, graph),
        Quad(me, SKOS.prefLabel, Literal("alone", language="en"), graph),
    ]
    say(desk, quads)
    assert labels.count(PUBLIC, desk.index, "own") == labels.Size(1, 1)
    worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")
    say(desk, [], remove=quads)
    assert labels.count(PUBLIC, desk.index, "own") == labels.Size(0, 0)
    assert vocabulary_writes.file_of(desk.index, "own") is None


def test_what_is_made_while_a_vocabulary_is_built_is_in_it(
    tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, mine = world.desk, "http://example.org/meanwhile"
    monkeypatch.setattr(vocabulary_rows, "LARGE", 0)
    real = vocabulary_rows._switch

    def made_just_before(desk: Desk, slug: str, *rest: object) -> None:
        graph = desk.names.graph("terms", slug)
        # As another thread would between two steps; here within the step, before it reads.
        patch = on("public", add=[
            Quad(NamedNode(mine), RDF.type, SKOS.Concept, graph),
            Quad(NamedNode(mine), SKOS.prefLabel, Literal("meanwhile", language="en"), graph),
        ])  # fmt: skip
        entry = desk.journal.append(
            patch.to_json(), agent="x", action="term", now=worlds.now(), key=None
        )
        desk.datasets["public"].apply(patch.public, entry.seq)
        real(desk, slug, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(vocabulary_rows, "_switch", made_just_before)
    worlds.load_vocabulary(desk, world.organiser, "kinds", 7)
    assert found(desk, "meanw") == [mine]


def test_a_lost_index_is_made_from_the_last_state_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vocabulary_rows, "LARGE", 0)
    settings = worlds.create(tmp_path / "data")
    with opening.opened(settings) as desk:
        world = worlds.furnish(desk)
        for number in (5, 9, 6):
            worlds.load_vocabulary(desk, world.organiser, "kinds", number)
    opening.without_index(settings)
    built: list[str] = []
    real = vocabulary_rows._build

    def counting(desk: Desk, slug: str, *rest: object) -> None:
        built.append(slug)
        real(desk, slug, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(vocabulary_rows, "_build", counting)
    with opening.opened(settings) as desk:
        assert labels.count(PUBLIC, desk.index, "kinds").terms == 6
        worlds.assert_equals_rebuild(desk, tmp_path / "rebuild")
    assert built.count("kinds") == 2  # once here, once for the comparison
    assert len(list((settings.data / "index").iterdir())) == 1


def test_leftovers_of_a_build_that_was_killed_go_at_the_next_start(tmp_path: Path) -> None:
    settings = worlds.create(tmp_path / "data")
    with opening.opened(settings) as desk:
        worlds.furnish(desk)
    left = settings.data / "index" / "kinds-0.building"
    left.mkdir()
    (left / "terms.0").write_text("half")
    (settings.data / "index" / "kinds-1.sqlite").write_text("half")
    with opening.opened(settings) as desk:
        assert labels.count(PUBLIC, desk.index, "kinds").terms == 8
        assert not left.exists()
        assert not (settings.data / "index" / "kinds-1.sqlite").exists()
