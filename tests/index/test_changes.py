"""What changed when: the log that harvesters, feeds and dumps read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.domain import opening, publishing
from server.index import changes, providers
from server.index.changes import Among, Record
from server.viewers import PUBLIC, Viewer
from tests import worlds
from tests.worlds import Thing, World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opening.opened(worlds.create(tmp_path / "data")) as desk:
        yield worlds.furnish(desk)


def publish(world: World, number: int) -> str:
    """Something about an item that two people say and the organiser publishes."""
    _olga, *guests = world.people
    for person in (world.organiser, guests[0]):
        iri = world.propose(person, worlds.item(number), worlds.term(number))
    publishing.publish(world.desk, world.organiser, world.campaign, now=worlds.now())
    return iri


def pages(world: World, as_of: int, limit: int, among: Among = changes.ALL) -> Iterator[Record]:
    """As a harvester goes through them; `limit` at a time."""
    cursor = changes.START
    while found := changes.page(
        world.desk.index.read(), among, as_of=as_of, limit=limit, after=cursor
    ):
        yield from found
        cursor = found[-1].cursor


def iris(records: Iterator[Record]) -> list[str]:
    return [record.iri for record in records]


def last(world: World) -> int:
    return changes.last(world.desk.index.read())


def test_each_item_of_an_import_is_new(world: World) -> None:
    found = list(pages(world, last(world), 4))
    assert sorted(each.iri for each in found) == [worlds.item(n) for n in range(6)]
    assert all(each.first and each.latest and not each.deleted for each in found)
    assert {(each.kind, each.collection, each.provider) for each in found} == {
        ("item", "prints", "a-museum")
    }


def test_publishing_changes_the_annotation_and_its_item(world: World) -> None:
    before = last(world)
    annotation = publish(world, 3)
    found = changes.log(world.desk.index.read(), Among(first_seq=before + 1), limit=10)
    assert {(each.iri, each.kind, each.first) for each in found} == {
        (annotation, "annotation", True),
        (worlds.item(3), "item", False),
    }
    assert all(each.campaigns == ("subjects",) for each in found)
    assert iris(pages(world, last(world), 10, Among(kind="item", campaign="subjects"))) == [
        worlds.item(3)
    ]


def test_what_is_withdrawn_is_deleted_and_its_item_changed(world: World) -> None:
    annotation = publish(world, 3)
    before = last(world)
    publishing.unpublish(world.desk, world.organiser, world.campaign, now=worlds.now())
    found = changes.log(world.desk.index.read(), Among(first_seq=before + 1), limit=10)
    assert {(each.iri, each.deleted) for each in found} == {
        (annotation, True),
        (worlds.item(3), False),
    }


def test_going_on_skips_and_repeats_nothing_while_records_change(world: World) -> None:
    as_of = last(world)
    expected = iris(pages(world, as_of, 100))
    seen: list[str] = []
    for number, record in enumerate(pages(world, as_of, 1)):
        seen.append(record.iri)
        publish(world, number)
        if number == 2:
            worlds.import_things(
                world.desk, world.organiser, "prints",
                [Thing(n, f"Changed {n}") for n in range(1, 9)],
            )  # fmt: skip
    assert seen == expected


def test_the_log_holds_every_change_in_order_both_ways(world: World) -> None:
    for number in range(4):
        publish(world, number)
    connection = world.desk.index.read()
    forth = changes.log(connection, limit=1000)
    assert [each.cursor for each in forth] == sorted(each.cursor for each in forth)
    back: list[Record] = []
    while found := changes.log_before(connection, limit=3, before=back[0].cursor if back else None):
        back = [*found, *back]
    assert back == forth
    assert [each.iri for each in forth if each.latest and each.kind == "item"] == iris(
        pages(world, last(world), 100, Among(kind="item"))
    )


def test_what_left_its_collection_is_deleted(world: World) -> None:
    worlds.import_things(
        world.desk, world.organiser, "prints",
        [*(Thing(n, f"Print {n}") for n in range(5)), Thing(5, "", gone=True)],
    )  # fmt: skip
    item_id = world.desk.names.item_id(worlds.item(5))
    found = changes.find(world.desk.index.read(), "item", item_id)
    assert found is not None and found.deleted and found.collection == "prints"


def test_times_lead_to_entries(world: World) -> None:
    publish(world, 1)
    connection = world.desk.index.read()
    for each in changes.log(connection, limit=100):
        assert changes.sequence_from(connection, each.at) == each.seq
        assert changes.sequence_until(connection, each.at) == each.seq
        assert changes.moment(connection, each.seq) == each.at
    assert changes.sequence_from(connection, "2999") is None
    assert changes.sequence_until(connection, "1999") is None


def test_a_scope_moves_with_its_own_records_alone(world: World) -> None:
    connection = world.desk.index.read()
    before = changes.scope_sequence(connection, "collection:prints")
    seq = worlds.import_things(world.desk, world.organiser, "maps", [Thing("m", "A map")])
    assert changes.scope_sequence(connection, "collection:prints") == before
    assert changes.scope_sequence(connection, "collection:maps") == seq
    assert changes.scope_sequence(connection, "provider:a-museum") == seq
    assert changes.scope_sequence(connection, "campaign:subjects") == 0
    publish(world, 2)
    assert changes.scope_sequence(connection, "campaign:subjects") == last(world) > seq


def test_it_follows_from_the_journal(world: World, tmp_path: Path) -> None:
    for number in range(3):
        publish(world, number)
    publishing.unpublish(world.desk, world.organiser, world.campaign, now=worlds.now())
    publish(world, 4)
    worlds.import_things(
        world.desk, world.organiser, "prints",
        [*(Thing(n, f"Print {n}") for n in range(3)), Thing(4, "", gone=True), Thing(7, "New")],
    )  # fmt: skip
    worlds.assert_equals_rebuild(world.desk, tmp_path / "fresh")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Musée d'Orsay", "musee d’orsay "),
        ("A  Museum", "a museum"),
        ("Μουσείο Μπενάκη", "ΜΟΥΣΕΙΟ ΜΠΕΝΑΚΗ"),
    ],
)
def test_spellings_of_a_provider_are_one(one: str, other: str) -> None:
    assert providers.provider_key(one) == providers.provider_key(other)


def test_different_providers_stay_apart() -> None:
    names = [
        "A museum", "A museum 2", "Μουσείο Μπενάκη", "Μουσείο Ακρόπολης", "!!!", "???", "x" * 80,
        "x" * 81, "http://data.example.org/organization/1", "http://data.example.org/organization/2",
    ]  # fmt: skip
    keys = [providers.provider_key(name) for name in names]
    assert len(set(keys)) == len(names)
    assert all(keys) and all(len(key) <= 64 for key in keys)
    assert providers.provider_key(" ") == providers.provider_key(None) == ""


def test_providers_count_what_the_viewer_may_see(world: World) -> None:
    connection = world.desk.index.read()
    (row,) = providers.providers(PUBLIC, connection)
    assert (row.key, row.label, row.items) == ("a-museum", "A museum", 6)
    assert providers.find_provider(Viewer(sees_work=True), connection, "a-museum") == row
    assert providers.find_provider(PUBLIC, connection, "another") is None
