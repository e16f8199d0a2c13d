"""The nearest places to a point, wherever on earth it is, and nothing that may not be seen."""

import math
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.domain.opening import SCHEMAS
from server.index import labels, places, term_scopes
from server.index.database import Database
from server.index.labels import Scope, TermRow
from server.viewers import PUBLIC, Viewer

PLACE = "http://places.example.org/"
TOWN = PLACE + "Town"
Points = dict[str, tuple[float, float]]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "index.sqlite", SCHEMAS)
    yield made
    made.close()


def row(name: str, at: tuple[float, float] | None, **more: object) -> TermRow:
    return TermRow(PLACE + name, (("pref", name, "en"),), place=at, **more)  # type: ignore[arg-type]


def load(database: Database, points: Points, slug: str = "v", dataset: str = "public") -> None:
    rows = [row(name, point) for name, point in points.items()]
    labels.replace_vocabulary(database, slug, dataset, rows)
    database.write.commit()


def names(database: Database, lat: float, long: float, *scopes: Scope, limit: int = 8) -> list[str]:
    found = places.near(PUBLIC, database, lat, long, scopes, "en", limit)
    return [each.term.label for each in found]


# Great-circle distances between towns as gazetteers give them, to the kilometre.
LONDON, PARIS, NEW_YORK = (51.5074, -0.1278), (48.8566, 2.3522), (40.7128, -74.0060)


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        (LONDON, PARIS, 344), (LONDON, NEW_YORK, 5570), ((90, 0), (-90, 77), 20015),
        ((0, 179.5), (0, -179.5), 111), ((60, 0), (60, 0), 0),
    ],
)  # fmt: skip
def test_the_way_between_two_points(
    one: tuple[float, float], other: tuple[float, float], kilometres: int
) -> None:
    assert round(places.distance(one, other)) == kilometres


def test_the_nearest_come_first_with_how_far_they_are(database: Database) -> None:
    load(database, {"London": LONDON, "Paris": PARIS, "New York": NEW_YORK})
    found = places.near(PUBLIC, database, *PARIS, [], "en")
    assert [(each.term.label, round(each.distance)) for each in found] == [
        ("Paris", 0), ("London", 344), ("New York", 5837),
    ]  # fmt: skip
    assert [each.point for each in found] == [PARIS, LONDON, NEW_YORK]
    assert names(database, *PARIS, limit=1) == ["Paris"]


def test_the_180th_meridian_is_no_border(database: Database) -> None:
    load(database, {"Suva": (-18.14, 178.44), "Apia": (-13.83, -171.77), "Perth": (-31.95, 115.86)})
    assert names(database, -17.0, -179.9) == ["Suva", "Apia", "Perth"]
    assert names(database, -17.0, 180.0) == names(database, -17.0, -180.0)
    load(database, {"west": (0.0, -180.0), "east": (0.0, 180.0), "far": (0.0, 1.0)})
    assert set(names(database, 0.0, 179.99, limit=2)) == {"west", "east"}


@pytest.mark.parametrize("pole", [90.0, -90.0])
def test_around_a_pole_every_longitude_is_near(database: Database, pole: float) -> None:
    step = math.copysign(1, pole)
    near = {f"{long}": (pole - step * 0.001, float(long)) for long in range(-180, 180, 45)}
    load(database, {"far": (pole - step * 30, 0.0), "there": (pole, 77.0), **near})
    assert names(database, pole, -123.0, limit=1) == ["there"]
    across = names(database, pole - step * 0.0005, 0.0, limit=10)
    assert across[-1] == "far" and across[-2] == "-180"


def direct(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The angle between two directions from the centre of the earth: another way to say it."""

    def vector(point: tuple[float, float]) -> tuple[float, float, float]:
        lat, long = map(math.radians, point)
        return math.cos(lat) * math.cos(long), math.cos(lat) * math.sin(long), math.sin(lat)

    chord = math.dist(vector(one), vector(other))
    return 2 * math.asin(min(chord / 2, 1)) * places.EARTH


@pytest.mark.parametrize("seed", range(4))
def test_no_place_that_is_nearer_is_ever_passed_over(database: Database, seed: int) -> None:
    chance = random.Random(seed)
    centres = [(chance.uniform(-90, 90), chance.uniform(-180, 180)) for _ in range(8)]

    def point() -> tuple[float, float]:
        lat, long = chance.choice(centres)
        lat = min(90, max(-90, chance.gauss(lat, chance.choice([0.01, 1, 20]))))
        return lat, (chance.gauss(long, 5) + 180) % 360 - 180

    points = {f"{n}": point() for n in range(600)}
    load(database, points)
    for _ in range(60):
        here = point()
        wanted = sorted(direct(here, each) for each in points.values())[:8]
        found = places.near(PUBLIC, database, *here, [], "en", 8)
        assert [each.distance for each in found] == pytest.approx(wanted, abs=1e-4)


def test_a_place_without_coordinates_is_found_by_name_only(database: Database) -> None:
    rows = [row("Atlantis", None), row("Athens", (37.98, 23.73))]
    labels.replace_vocabulary(database, "v", "public", rows)
    database.write.commit()
    assert names(database, 37.0, 23.0) == ["Athens"]
    assert [each.label for each in labels.suggest(PUBLIC, database, "Atlantis")] == ["Atlantis"]
    known = places.points(PUBLIC, database, [PLACE + "Atlantis", PLACE + "Athens", PLACE + "none"])
    assert known == {PLACE + "Athens": (37.98, 23.73)}


@pytest.mark.parametrize("large", [False, True])
def test_only_what_the_scope_offers_is_near(
    database: Database, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    if large:
        monkeypatch.setattr(term_scopes, "_MOST_TERMS", 0)
    rows = [
        row("Greece", (39.0, 22.0)),
        row("Athens", (37.98, 23.73), broader=(PLACE + "Greece",), classes=(TOWN,)),
        row("Hymettus", (37.96, 23.81), broader=(PLACE + "Greece",)),
        row("Rome", (41.89, 12.51), classes=(TOWN,)),
        row("Piraeus", (37.94, 23.65), broader=(PLACE + "Greece",), deprecated=True),
        row("Attica", (38.0, 23.7), broader=(PLACE + "Greece",), guide=True),
    ]  # fmt: skip
    labels.replace_vocabulary(database, "v", "public", rows)
    database.write.commit()
    everything = ["Athens", "Hymettus", "Greece", "Rome"]
    assert names(database, 37.98, 23.73) == everything
    assert names(database, 37.98, 23.73, Scope("v", (PLACE + "Greece",))) == everything[:3]
    assert names(database, 37.98, 23.73, Scope("v", (), (TOWN,))) == ["Athens", "Rome"]
    both = Scope("v", (PLACE + "Greece",), (TOWN,))
    assert names(database, 37.98, 23.73, both) == ["Athens"]
    assert names(database, 37.98, 23.73, Scope("w")) == []


def test_what_is_not_public_is_near_for_nobody_else(database: Database) -> None:
    load(database, {"Rome": (41.89, 12.51)}, "open")
    load(database, {"Secret": (41.9, 12.5)}, "hidden", "work")
    assert names(database, 41.9, 12.5) == ["Rome"]
    assert names(database, 41.9, 12.5, Scope("hidden")) == []
    assert places.points(PUBLIC, database, [PLACE + "Secret"]) == {}
    insider = places.near(Viewer(sees_work=True), database, 41.9, 12.5, [], "en")
    assert [each.term.label for each in insider] == ["Secret", "Rome"]


def test_a_place_in_two_vocabularies_is_named_once(database: Database) -> None:
    load(database, {"Rome": (41.89, 12.51)}, "a")
    load(database, {"Rome": (41.89, 12.51), "Ostia": (41.73, 12.28)}, "b")
    assert names(database, 41.9, 12.5) == ["Rome", "Ostia"]


def test_a_place_that_moves_is_found_where_it_is_now(database: Database) -> None:
    load(database, {"Rome": (41.89, 12.51), "Paris": PARIS})
    labels.put_terms(database, "v", "public", [row("Rome", PARIS), row("Paris", None)])
    assert names(database, *PARIS) == ["Rome"]
    assert places.near(PUBLIC, database, *PARIS, [], "en")[0].distance == pytest.approx(0)
    labels.remove_terms(database, "v", [PLACE + "Rome"])
    assert names(database, *PARIS) == []
