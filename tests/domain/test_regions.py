"""Regions from what people write to selectors and back, and the polygons that are none."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from server.domain import polygon_sides, region_selectors, regions
from server.domain.regions import Polygon, Rectangle
from server.errors import Invalid

SIZE = (1200, 800)
coordinates = st.floats(0, 100).map(lambda x: round(x, 3))


def svg(box: str, points: str) -> str:
    start = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {box}">'
    return f'{start}<polygon points="{points}"/></svg>'


def test_a_rectangle_in_pixels_is_a_media_fragment() -> None:
    found = regions.rectangle((10, 20, 30, 40), "pixel", SIZE)
    assert region_selectors.text(found) == "xywh=pixel:10,20,30,40"


def test_per_cent_become_pixels_where_the_size_is_known() -> None:
    found = regions.rectangle((10, 25, 50, 12.5), "percent", SIZE)
    assert region_selectors.text(found) == "xywh=pixel:120,200,600,100"
    bare = regions.rectangle((10, 25, 50, 12.5), "percent", None)
    assert region_selectors.text(bare) == "xywh=percent:10,25,50,12.5"


def test_a_polygon_is_an_svg_of_numbers_alone() -> None:
    found = regions.polygon("10,20 30.5,40; 15,60", "pixel", SIZE)
    assert region_selectors.text(found) == svg("1200 800", "10,20 30.5,40 15,60")
    closed = regions.polygon("10,20 30,40 15,60 10,20", "pixel", SIZE)
    assert closed.points == ((10, 20), (30, 40), (15, 60))


@pytest.mark.parametrize(
    "text", ["NaN", "1e999", "inf", "-", "", "0x10", "١٢", "1 2", "12345678", "1.", "<b>", "--1"]
)
def test_a_number_is_a_plain_decimal(text: str) -> None:
    with pytest.raises(Invalid):
        regions.number(text)


def test_a_comma_may_stand_for_the_point() -> None:
    assert regions.number(" 12,5 ") == 12.5


@pytest.mark.parametrize(
    "numbers",
    [(0, 0, 0, 5), (0, 0, 5, 0), (0, 0, -5, 5), (-1, 0, 5, 5), (1199, 0, 2, 5), (0, 0, 1201, 800)],
)
def test_a_rectangle_lies_within_the_picture_and_has_an_inside(
    numbers: tuple[float, float, float, float],
) -> None:
    with pytest.raises(Invalid):
        regions.rectangle(numbers, "pixel", SIZE)


def test_pixels_of_a_picture_of_unknown_size_are_refused() -> None:
    with pytest.raises(Invalid, match="per cent"):
        regions.rectangle((0, 0, 5, 5), "pixel", None)


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ("10,10 20,20", "3 to 200"),
        ("10,10 20,20 10,10", "3 to 200"),
        (" ".join(f"{n},{n % 7 + n % 2}" for n in range(201)), "3 to 200"),
        ("10,10 50,50 50,10 10,50", "cross"),
        ("0,0 100,0 100,100 50,0 0,100", "cross or touch"),
        ("10,10 20,20 30,30", "one line"),
        ("0,0 100,0 50,0 50,50", "cross or touch"),
        ("0,0 100,0 100,0 50,50", "cross or touch"),
        ("10,10 1201,20 30,300", "outside"),
        ("10,10 NaN,20 30,300", "not a number"),
        ("10,10 1e999,20 30,300", "not a number"),
        ("10 20 30", "comma"),
        ("<svg onload=alert(1)>", "comma"),
        ("10,10 20,<script> 30,30", "not a number"),
        ("1,1 " * 5000, "too long"),
    ],
)
def test_what_is_no_polygon_is_refused_with_the_reason(points: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        regions.polygon(points, "pixel", SIZE)


@pytest.mark.parametrize("value", [
    "", "xywh=1,2,3,4", "xywh=pixel:1,2,3", "xywh=percent:0,0,101,5", "xywh=pixel:NaN,0,1,1",
    "<svg><script>alert(1)</script></svg>", svg("100 100", "1,1 2,2"),
    svg("100 100", "0,0 9,9 9,0 0,9"), svg("100 100", '1,1"/><script/>'),
])  # fmt: skip
def test_a_selector_of_another_form_is_no_region(value: str) -> None:
    assert region_selectors.read(value, SIZE) is None


@given(st.tuples(coordinates, coordinates, coordinates, coordinates))
def test_a_rectangle_comes_back_as_it_was_written(box: tuple[float, float, float, float]) -> None:
    x, y, width, height = box
    assume(width > 0 and height > 0 and x + width <= 100 and y + height <= 100)
    for size in (SIZE, None):
        found = regions.rectangle(box, "percent", size)
        assert region_selectors.read(region_selectors.text(found), size) == found
        (left, top), _second, (right, below), _last = regions.fractions(found)
        off = 0.5 / 800 + 1e-5 if size else 2e-5
        at_least_one = 1 / 800 if size else 0.0
        assert math.isclose(left, x / 100, abs_tol=off + at_least_one)
        assert math.isclose(below, (y + height) / 100, abs_tol=2 * off + at_least_one)
        assert 0 <= left < right <= 1 and 0 <= top < below <= 1


@given(st.lists(st.tuples(coordinates, coordinates), min_size=3, max_size=12))
def test_a_polygon_comes_back_as_it_was_written(points: list[tuple[float, float]]) -> None:
    text = " ".join(f"{x},{y}" for x, y in points)
    for size in (SIZE, None):
        try:
            found = regions.polygon(text, "percent", size)
        except Invalid:
            continue
        assert region_selectors.read(region_selectors.text(found), size) == found
        assert len(region_selectors.text(found)) <= 10_000


def _crosses(points: list[tuple[int, int]]) -> bool:
    """By the definition, with fractions of the sides, for whole numbers."""
    sides = list(zip(points, points[1:] + points[:1], strict=True))
    for i, (a, b) in enumerate(sides):
        for j, (c, d) in enumerate(sides):
            if i == j or (j - i) % len(sides) in (1, len(sides) - 1):
                continue
            turn = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0])
            if turn == 0:
                continue
            s = ((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0])) / turn
            t = ((c[0] - a[0]) * (b[1] - a[1]) - (c[1] - a[1]) * (b[0] - a[0])) / turn
            if 0 < s < 1 and 0 < t < 1:
                return True
    return False


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=4, max_size=8, unique=True)
)
def test_sides_that_cross_are_found_wherever_they_are(points: list[tuple[int, int]]) -> None:
    if _crosses(points):
        assert polygon_sides.cross(points)
        assert polygon_sides.cross([*points[2:], *points[:2]])
        assert polygon_sides.cross(points[::-1])


@given(st.integers(3, 200), st.floats(0.1, 6))
def test_points_around_a_middle_never_cross(number: int, turned: float) -> None:
    points = [
        (
            50 + 40 * math.cos(turned + math.tau * n / number),
            50 + 40 * math.sin(turned + math.tau * n / number),
        )
        for n in range(number)
    ]
    assert not polygon_sides.cross(points)
    assert not polygon_sides.flat(points)


def test_the_same_region_holds_for_any_size_of_its_picture() -> None:
    large = regions.rectangle((120, 200, 600, 100), "pixel", (1200, 800))
    small = regions.rectangle((60, 100, 300, 50), "pixel", (600, 400))
    assert regions.fractions(large) == regions.fractions(small)


@pytest.mark.parametrize(
    ("region", "asked"),
    [
        (Rectangle(10, 20, 30, 40, SIZE), "10,20,30,40"),
        (Rectangle(10, 25, 50, 12.5, (100, 100), percent=True), "120,200,600,100"),
        (Rectangle(20, 40, 60, 80, (2400, 1600)), "10,20,30,40"),
        (Polygon(((10.4, 20), (30.5, 40), (15, 60.2)), SIZE), "10,20,21,41"),
    ],
)
def test_an_image_service_is_asked_for_the_box_around(region: regions.Region, asked: str) -> None:
    assert regions.iiif(region, SIZE) == asked


def test_a_region_is_said_in_words() -> None:
    said = regions.words(Rectangle(120, 200, 600, 100, SIZE))
    assert said == "Rectangle, 10 % from the left, 25 % from the top, 50 % wide, 12 % high"
