"""Places: found by name and near a point; answers are a place, a point, or that nobody can tell."""

from typing import Any
from urllib.parse import quote

import pytest
from pyoxigraph import Literal, NamedNode

from server.domain import annotations
from server.index import queues
from server.names import CH, DC, EDM, OA, RDF, WGS84, XSD
from tests import worlds
from tests.web import gazetteer
from tests.web.campaign_site import FARMS, World
from tests.web.gazetteer import place
from tests.web.test_accessibility import problems
from tests.web.visitors import Visitor, proposals

JSON = {"Accept": "application/json"}


@pytest.fixture(scope="module", autouse=True)
def places(world: World) -> None:
    gazetteer.load(world.desk, world.people["olga"])


@pytest.fixture
def slug(world: World) -> str:
    return world.campaign(tasks=(gazetteer.task(),))


@pytest.fixture
def ada(world: World, slug: str) -> Visitor:
    return world.visitor("ada").start(slug)


def found(visitor: Visitor, query: str) -> list[dict[str, Any]]:
    answer = visitor.get(f"/places/suggest?{query}", headers=JSON)
    assert answer.status_code == 200, answer.text
    listed: list[dict[str, Any]] = answer.json()
    return listed


def answer(visitor: Visitor, world: World, slug: str, number: int = 0, **fields: str) -> Any:
    path = f"/campaigns/{slug}/items/{world.item(number)}/annotations"
    return visitor.submit(path, htmx=True, task="1", **fields)


def stored(world: World, slug: str, number: int = 0) -> list[annotations.Annotation]:
    rows = queues.annotations_of_item(world.desk.index.read(), worlds.item(number), slug)
    return [annotations.get(world.desk, row.iri) for row in rows]


# --- suggestions ---------------------------------------------------------------------------------


def test_homonyms_are_told_apart(world: World, slug: str, visitor: Visitor) -> None:
    rome, other = found(visitor, f"q=rome&campaign={slug}&task=1")[:2]
    assert (rome["iri"], other["iri"]) == (place("rome"), place("rome-ga"))
    assert rome["breadcrumb"] == ["Italy", "Lazio"]
    assert other["breadcrumb"] == ["United States", "Georgia (state)"]
    assert (rome["lat"], rome["long"]) == (41.89193, 12.51133)
    assert (rome["kind"], rome["country"]) == ("City or village", "Italy")
    assert (rome["population"], other["population"]) == ("2,318,895", "36,323")
    page = visitor.get(f"/places/suggest?q=rome&campaign={slug}&task=1").text
    assert "City or village · 2,318,895 people" in page
    assert "City or village · United States" not in page  # the breadcrumb says it


def test_a_place_without_coordinates_is_found_by_name_and_says_so(
    slug: str, visitor: Visitor
) -> None:
    (romulia,) = found(visitor, f"q=romulia&campaign={slug}&task=1")
    assert (romulia["lat"], romulia["long"]) == (None, None)
    page = visitor.get(f"/places/suggest?q=romulia&campaign={slug}&task=1").text
    assert "No coordinates" in page and "data-lat" not in page


def test_the_nearest_places_come_with_their_distance(slug: str, visitor: Visitor) -> None:
    near = found(visitor, f"lat=41.9&long=12.5&campaign={slug}&task=1")
    assert [each["label"] for each in near[:3]] == ["Rome", "Lazio", "Ostia"]
    assert [each["distance"] for each in near[:3]] == pytest.approx([1.3, 15.4, 26.3], abs=0.2)
    page = visitor.get(f"/places/suggest?lat=41.9&long=12.5&campaign={slug}&task=1&name=where")
    assert "Nearest places" in page.text and 'name="where"' in page.text
    assert found(visitor, f"lat=-18&long=-179.9&campaign={slug}&task=1")[0]["label"] == "Suva"


def test_only_what_may_answer_the_question_is_near_or_named(
    world: World, slug: str, visitor: Visitor
) -> None:
    italy = gazetteer.task(branches=(place("italy"),))
    narrow = world.campaign(tasks=(italy,))
    named = found(visitor, f"q=rome&campaign={narrow}&task=1")
    assert [each["iri"] for each in named] == [place("rome")]
    near = found(visitor, f"lat=34&long=-85&campaign={narrow}&task=1")
    assert {each["country"] for each in near} == {"Italy"}
    assert found(visitor, f"q=farms&campaign={slug}&task=1") == []
    assert [each["iri"] for each in found(visitor, "q=farms")][:1] == [FARMS]


def test_who_may_not_see_a_campaign_gets_none_of_its_places(world: World, visitor: Visitor) -> None:
    draft = world.campaign("draft", tasks=(gazetteer.task(),))
    for query in ("q=rome", "lat=1&long=1"):
        assert visitor.get(f"/places/suggest?{query}&campaign={draft}&task=1").status_code == 404
        assert visitor.get(f"/places/suggest?{query}&campaign=nowhere&task=1").status_code == 404
    assert found(world.visitor("olga"), f"q=rome&campaign={draft}&task=1")


NO_POINTS = [
    ("91", "0"), ("-90.0000006", "0"), ("0", "181"), ("0", "-180.1"), ("nan", "0"), ("0", "inf"),
    ("1e400", "0"), ("1e1", "0"), ("", "0"), ("0", ""), ("0x10", "0"), ("１２", "0"), ("1_0", "0"),
    ('x" } UNION {', "0"), ("<script>", "0"), ("0", "1" * 5000), ("0." + "1" * 5000, "0"),
    ("\x00", "0"), ("--1", "0"), ("1 2", "0"),
]  # fmt: skip


@pytest.mark.parametrize(("lat", "long"), NO_POINTS)
def test_near_nowhere_on_earth_is_refused(visitor: Visitor, lat: str, long: str) -> None:
    refused = visitor.get(f"/places/suggest?lat={quote(lat)}&long={quote(long)}", headers=JSON)
    assert refused.status_code == 422
    (problem,) = refused.json()["errors"]
    assert "degrees from" in problem["detail"]


@pytest.mark.parametrize("q", ['x" } UNION {', "<script>", "%", "\x00", "a" * 5000, "'", "*"])
def test_a_hostile_name_finds_nothing_and_does_nothing(visitor: Visitor, slug: str, q: str) -> None:
    page = visitor.get(f"/places/suggest?q={quote(q)}&campaign={slug}&task=1&name={quote(q)}")
    assert page.status_code == 200
    assert "<script" not in page.text and page.text.count("<li") == 0


# --- answers -------------------------------------------------------------------------------------


def test_a_chosen_place_is_the_body_for_the_field_of_the_question(
    world: World, slug: str, ada: Visitor
) -> None:
    page = answer(ada, world, slug, **{"place": place("rome"), "place-q": "rom"})
    assert page.status_code == 200, page.text
    assert "Italy › Lazio" in page.text and 'data-lat="41.89193"' in page.text
    (made,) = stored(world, slug)
    assert made.body == place("rome")
    assert made.content.value(OA.motivatedBy) == OA.tagging
    assert made.content.value(CH.kind) == CH.Place
    assert made.field == "http://purl.org/dc/terms/spatial"


def test_a_point_of_ones_own_says_how_exact_it_is(world: World, slug: str, ada: Visitor) -> None:
    given = {"place": "", "place-lat": "41,90", "place-long": " 12.5000001 "}
    page = answer(ada, world, slug, **given, **{"place-accuracy": "500"})
    assert page.status_code == 200, page.text
    assert "41.90, 12.50 (± 500 m)" in page.text
    (made,) = stored(world, slug)
    content = made.content
    assert content.value(OA.hasBody, RDF.type) == EDM.Place
    assert content.value(OA.hasBody, WGS84.lat) == Literal("41.9", datatype=XSD.decimal)
    assert content.value(OA.hasBody, WGS84.long) == Literal("12.5", datatype=XSD.decimal)
    assert content.value(OA.hasBody, CH.accuracy) == Literal(500)
    assert made.body == ""


def test_points_join_only_where_they_are_the_same(world: World, slug: str, ada: Visitor) -> None:
    ben = world.visitor("ben").start(slug)
    point = {"place-lat": "41.9", "place-long": "12.5", "place-accuracy": "500"}
    assert answer(ada, world, slug, **point).status_code == 200
    assert answer(ben, world, slug, **{**point, "place-lat": "41.900000"}).status_code == 200
    assert [len(each.claims) for each in stored(world, slug)] == [2]
    assert answer(ben, world, slug, **{**point, "place-lat": "41.900001"}).status_code == 200
    assert answer(ben, world, slug, **{**point, "place-accuracy": "50"}).status_code == 200
    assert sorted(len(each.claims) for each in stored(world, slug)) == [1, 1, 2]


def test_that_a_place_cannot_be_identified_is_an_answer(
    world: World, slug: str, ada: Visitor
) -> None:
    page = answer(ada, world, slug, place=CH.NotIdentifiable.value)
    assert page.status_code == 200
    assert "This place cannot be identified" in page.text
    (made,) = stored(world, slug)
    assert made.body == CH.NotIdentifiable.value
    assert answer(world.visitor("ben").start(slug), world, slug, place=made.body).status_code == 200
    assert [len(each.claims) for each in stored(world, slug)] == [2]


def refused(page: Any, world: World, last: int) -> str:
    """The words beside the field; nothing was stored."""
    assert page.status_code == 422, page.text
    assert world.last() == last
    assert "<script>" not in page.text
    assert 'id="task-1-place-error"' in page.text
    return str(page.text.partition('id="task-1-place-error"')[2].partition("</p>")[0])


@pytest.mark.parametrize(("lat", "long"), [p for p in NO_POINTS if "\x00" not in p[0]])
def test_what_is_no_point_on_earth_is_refused_beside_the_field(
    world: World, slug: str, ada: Visitor, lat: str, long: str
) -> None:
    last = world.last()
    given = {"place-lat": lat, "place-long": long, "place-accuracy": "50"}
    assert "degrees from" in refused(answer(ada, world, slug, **given), world, last)
    assert stored(world, slug) == []


@pytest.mark.parametrize("accuracy", ["", "-50", "0", "51", "5e2", "NaN", "<script>", "1" * 400])
def test_an_accuracy_is_one_of_those_offered(
    world: World, slug: str, ada: Visitor, accuracy: str
) -> None:
    last = world.last()
    given = {"place-lat": "1", "place-long": "1", "place-accuracy": accuracy}
    assert "how exact" in refused(answer(ada, world, slug, **given), world, last)


@pytest.mark.parametrize(
    "body",
    [
        FARMS, "http://places.example.org/nowhere", "javascript:alert(1)", 'x" } UNION {',
        "<script>alert(1)</script>", place("rome") + "\u202e", "x" * 9000, "point",
        "https://w3id.org/crowdheritage/ns#Yes",
    ],
)  # fmt: skip
def test_only_a_place_that_the_question_offers_is_taken(
    world: World, slug: str, ada: Visitor, body: str
) -> None:
    last = world.last()
    assert "one of the places" in refused(answer(ada, world, slug, place=body), world, last)


def test_without_a_script_a_typed_name_comes_back_with_the_places_it_may_be(
    world: World, slug: str, ada: Visitor
) -> None:
    last = world.last()
    path = f"/campaigns/{slug}/items/{world.item(0)}/annotations"
    page = ada.submit(path, task="1", **{"place-q": "rome", "place-lat": "", "place-long": ""})
    assert "Which place is it?" in refused(page, world, last)
    for name in ("rome", "rome-ga"):
        assert f'type="radio" name="place" value="{place(name)}"' in page.text
    assert 'value="rome"' in page.text
    nothing = ada.submit(path, task="1")
    refused(nothing, world, last)


def test_ones_own_point_can_be_moved(world: World, slug: str, ada: Visitor) -> None:
    point = {"place-lat": "41.9", "place-long": "12.5", "place-accuracy": "5000"}
    (mine,) = proposals(answer(ada, world, slug, **point))
    form = ada.get(f"/annotation/{mine}/edit").text
    assert 'name="place-lat" value="41.9"' in form
    assert '<option value="5000" selected>' in form
    moved = answer(ada, world, slug, **{**point, "place-lat": "-41.9", "replaces": mine})
    assert moved.status_code == 200, moved.text
    rows = queues.annotations_of_item(world.desk.index.read(), worlds.item(0), slug)
    assert sorted(row.status for row in rows) == ["pending", "withdrawn"]


def test_a_place_needs_no_metadata_field(world: World) -> None:
    slug = world.campaign(tasks=(gazetteer.task(field=""),))
    ada = world.visitor("ada").start(slug)
    assert answer(ada, world, slug, place=place("ostia")).status_code == 200
    assert stored(world, slug)[0].field == ""
    coverage = world.campaign(tasks=(gazetteer.task(field=DC.coverage.value),))
    ada.start(coverage)
    assert answer(ada, world, coverage, place=place("ostia")).status_code == 200
    assert NamedNode(stored(world, coverage)[0].field) == DC.coverage


@pytest.mark.parametrize("typed", ["", "rome"])
def test_a_screen_reader_finds_a_name_for_everything(
    world: World, slug: str, ada: Visitor, typed: str
) -> None:
    answer(ada, world, slug, place=place("rome"))
    answer(ada, world, slug, **{"place-lat": "1", "place-long": "1", "place-accuracy": "50"})
    path = f"/campaigns/{slug}/items/{world.item(0)}"
    page = ada.submit(f"{path}/annotations", task="1", **{"place-q": typed}) if typed else None
    assert problems((page or ada.get(path)).text) == []
