"""Points as people write them, and what tells places of one name apart."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal

from server.commit import Desk
from server.domain import accounts, opening, place_views, points
from server.domain.kinds import by_name
from server.domain.widgets import places as widget
from server.errors import Invalid
from server.index.labels import Scope
from server.names import CH, DCTERMS, EDM, OA, RDF, WGS84, XSD
from server.viewers import PUBLIC
from tests import worlds
from tests.web import gazetteer
from tests.web.gazetteer import place


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("places") / "data"
    with opening.opened(worlds.create(folder)) as opened:
        olga = accounts.create_user(
            opened, "Olga", "olga@example.org", worlds.PASSWORD, "organiser", now=worlds.now()
        )
        gazetteer.load(opened, olga)
        yield opened


# --- points --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("41.9", "41.9"), ("41,9", "41.9"), ("+41.900", "41.9"), ("041", "41"), ("-0.0", "0"),
        ("-0.0000001", "0"), ("89.99999951", "90"), ("90", "90"), ("-90.0", "-90"), ("7.", "7"),
        ("12.3456789", "12.345679"), ("10", "10"), ("-0.5", "-0.5"),
    ],
)  # fmt: skip
def test_a_latitude_has_one_way_to_be_written(text: str, found: str) -> None:
    assert points.written(points.latitude(text)) == found


@given(st.decimals(min_value=-180, max_value=180, places=6))
def test_every_longitude_is_itself_again(degrees: Decimal) -> None:
    text = points.written(points.longitude(f"{degrees:f}"))
    assert Decimal(text) == degrees
    assert points.written(points.longitude(text)) == text
    assert not text.endswith(".") and ("." not in text or not text.endswith("0"))


@given(st.text())
def test_what_is_no_number_of_degrees_is_refused(text: str) -> None:
    try:
        assert abs(points.latitude(text)) <= 90
    except Invalid as error:
        assert error.problems[0].field == "lat"


@pytest.mark.parametrize(("metres", "words"), [(50, "50 m"), (500, "500 m"), (5_000, "5 km")])
def test_distances_are_said_as_people_say_them(metres: int, words: str) -> None:
    assert widget.metres(metres) == words


# --- places --------------------------------------------------------------------------------------


def hints(desk: Desk, text: str) -> dict[str, str]:
    scopes = [Scope(gazetteer.SLUG)]
    found = place_views.named(desk, PUBLIC, text, scopes, "en", 10)
    return {each.iri: f"{each.breadcrumb} | {each.hint}" for each in found}


def test_homonyms_differ_in_what_is_said_of_them(desk: Desk) -> None:
    assert hints(desk, "rome") == {
        place("rome"): "Italy › Lazio | City or village · 2,318,895 people",
        place("rome-ga"): "United States › Georgia (state) | City or village · 36,323 people",
    }
    assert hints(desk, "suva") == {place("suva"): " | City or village · Fiji · 77,366 people"}
    assert hints(desk, "romulia") == {place("atlantis"): " | "}


def test_a_country_is_not_in_itself(desk: Desk) -> None:
    assert hints(desk, "italy")[place("italy")] == " | Country or region · 60,000,000 people"


def test_a_place_that_is_gone_is_shown_by_its_address(desk: Desk) -> None:
    gone = place_views.place(desk, PUBLIC, "http://places.example.org/gone", "en")
    assert (gone.label, gone.lat, gone.hint) == ("http://places.example.org/gone", None, "")


# --- the shape -----------------------------------------------------------------------------------


def _statements(desk: Desk, changed: dict[str, Literal | None]) -> list[tuple[object, ...]]:
    me = desk.names.annotation("1")
    target, body = (desk.names.annotation(f"1#{part}") for part in ("target", "body"))
    given = {
        "lat": Literal("41.9", datatype=XSD.decimal), "long": Literal("12.5", datatype=XSD.decimal),
        "accuracy": Literal(500),
    } | changed  # fmt: skip
    properties = {"lat": WGS84.lat, "long": WGS84.long, "accuracy": CH.accuracy}
    return [
        (me, RDF.type, OA.Annotation), (me, CH.kind, CH.Place), (me, OA.motivatedBy, OA.tagging),
        (me, OA.hasBody, body), (me, OA.hasTarget, target), (me, CH.field, DCTERMS.spatial),
        (me, CH.campaign, desk.names.campaign("c")),
        (me, DCTERMS.created, Literal("2026-11-22T10:00:00.000Z", datatype=XSD.dateTime)),
        (target, RDF.type, OA.SpecificResource), (target, OA.hasSource, desk.names.path("item")),
        (body, RDF.type, EDM.Place),
        *((body, properties[name], value) for name, value in given.items() if value is not None),
    ]  # fmt: skip


def test_a_whole_point_keeps_to_the_shape(desk: Desk) -> None:
    by_name(desk, "place").check(_statements(desk, {}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lat", None), ("long", None), ("accuracy", None), ("accuracy", Literal(-50)),
        ("lat", Literal("91", datatype=XSD.decimal)), ("lat", Literal("NaN", datatype=XSD.double)),
        ("lat", Literal("41.9")), ("lat", Literal("1.1234567", datatype=XSD.decimal)),
        ("long", Literal("180.1", datatype=XSD.decimal)), ("accuracy", Literal("500")),
        ("long", Literal("1e400", datatype=XSD.double)),
    ],
)  # fmt: skip
def test_the_shape_refuses_what_the_form_does(desk: Desk, name: str, value: Literal | None) -> None:
    with pytest.raises(Invalid) as refused:
        by_name(desk, "place").check(_statements(desk, {name: value}))  # type: ignore[arg-type]
    fields = {"lat": "latitude", "long": "longitude", "accuracy": "accuracy"}
    assert {problem.field for problem in refused.value.problems} == {fields[name]}
