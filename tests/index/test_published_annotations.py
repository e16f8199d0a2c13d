"""The lists by which published annotations are found, as publishing and imports change them."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.domain import contributing, opening, publishing
from server.index import published_annotations
from server.index.published_annotations import Asked
from server.names import EDM
from tests import worlds
from tests.worlds import Thing, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opening.opened(worlds.create(tmp_path / "data")) as desk:
        yield worlds.furnish(desk)


def publish(world: World, *numbers: int) -> list[str]:
    """What two people say of each of these items."""
    found = []
    for number in numbers:
        for person in (world.organiser, world.people[1]):
            iri = world.propose(person, worlds.item(number), worlds.term(number))
        found.append(iri)
    publishing.publish(world.desk, world.organiser, world.campaign, now=worlds.now())
    return found


def listed(world: World, facet: str) -> list[str]:
    return list(published_annotations.iris(world.desk.index.read(), facet))


def test_what_is_published_is_listed_and_what_is_withdrawn_is_not(world: World) -> None:
    pending = world.propose(world.people[1], worlds.item(5), worlds.term(5))
    iris = publish(world, 0, 1, 2)
    for facet in (
        "",
        "campaign:subjects",
        "provider:a-museum",
        "motivation:http://www.w3.org/ns/oa#tagging",
    ):
        assert listed(world, facet) == iris
    assert listed(world, f"body:{worlds.term(1)}") == [iris[1]]
    assert listed(world, f"creator:{world.people[1].agent.value}") == iris
    assert listed(world, f"creator:{world.people[2].agent.value}") == []
    publishing.unpublish(world.desk, world.organiser, world.campaign, now=worlds.now(), iri=iris[1])
    assert listed(world, "") == [iris[0], iris[2]]
    assert published_annotations.count(world.desk.index.read(), "") == 2
    assert pending not in listed(world, "")


def test_a_rebuild_lists_the_same(world: World, tmp_path: Path) -> None:
    publish(world, 0, 1)
    contributing.vote(world.desk, world.people[2], listed(world, "")[0], "reject", now=worlds.now())
    publish(world, 3)
    _provided_by_others(world)
    worlds.assert_equals_rebuild(world.desk, tmp_path / "fresh")


@dataclass(frozen=True)
class Moved(Thing):
    """An item that another museum provides by now."""

    def lines(self) -> Iterator[str]:
        yield from (line.replace('"A museum"', '"Another museum"') for line in super().lines())


def _provided_by_others(world: World) -> None:
    things = [(Moved if number == 0 else Thing)(number, f"Print {number}") for number in range(6)]
    assert any(str(EDM.dataProvider) in line for line in things[0].lines())
    worlds.import_things(world.desk, world.organiser, "prints", things)


def test_a_museum_that_gets_an_item_gets_its_annotations(world: World) -> None:
    first, second = publish(world, 0, 1)
    _provided_by_others(world)
    assert listed(world, "provider:another-museum") == [first]
    assert listed(world, "provider:a-museum") == [second]


# --- pages ----------------------------------------------------------------------------------------


@pytest.fixture
def filled() -> Iterator[sqlite3.Connection]:
    """5,000 annotations, every second one red, every thousandth rare."""
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    connection.executescript(published_annotations.SCHEMA)
    for number in range(5_000):
        facets = {"", "even" if number % 2 == 0 else "odd"}
        facets |= {"rare"} if number % 1_000 == 999 else set()
        published_annotations.put(connection, f"a{number:05}", f"t{number // 3:05}", facets)
    yield connection
    connection.close()


def walk(connection: sqlite3.Connection, asked: Asked, backwards: bool = False) -> list[str]:
    found: list[str] = []
    place = published_annotations.END if backwards else published_annotations.START
    while True:
        way = {"before": place} if backwards else {"after": place}
        page = published_annotations.page(connection, asked, limit=70, **way)
        iris = [iri for _created, iri in page.rows]
        found = iris + found if backwards else found + iris
        if not page.more:
            return found
        place = page.cursor


def test_pages_go_through_everything_both_ways(filled: sqlite3.Connection) -> None:
    every = [f"a{number:05}" for number in range(5_000)]
    for asked, wanted in (
        (Asked(), every),
        (Asked((("even",),)), every[::2]),
        (Asked((("even", "odd"),)), every),
        (Asked((("rare",), ("even",))), []),
        (Asked((("rare", "even"), ("odd",))), every[999::1_000]),
        (Asked((), "t00100", "t00100"), every[300:303]),
        (Asked((("none",),)), []),
    ):
        assert walk(filled, asked) == wanted
        assert walk(filled, asked, backwards=True) == wanted


def test_no_page_looks_at_more_than_so_many(filled: sqlite3.Connection) -> None:
    asked = Asked((("even",), ("odd",)))
    page = published_annotations.page(filled, asked, limit=10)
    assert page.rows == []
    assert page.more
    assert walk(filled, asked) == []


def test_a_total_is_told_where_it_is_known(filled: sqlite3.Connection) -> None:
    assert published_annotations.total(filled, Asked()) == 5_000
    assert published_annotations.total(filled, Asked((("even",),))) == 2_500
    assert published_annotations.total(filled, Asked((("even",), ("odd",)))) is None
    assert published_annotations.total(filled, Asked((), "t1")) is None
