"""Colour differences against published figures, and the laws that they follow."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import colours
from server.domain.colours import Lab

#: G. Sharma, W. Wu, E. N. Dalal (2005), The CIEDE2000 color-difference formula: implementation
#: notes, supplementary test data, and mathematical observations; table 1, pairs 1 to 34.
PAIRS = [
    ((50.0000, 2.6772, -79.7751), (50.0000, 0.0000, -82.7485), 2.0425),
    ((50.0000, 3.1571, -77.2803), (50.0000, 0.0000, -82.7485), 2.8615),
    ((50.0000, 2.8361, -74.0200), (50.0000, 0.0000, -82.7485), 3.4412),
    ((50.0000, -1.3802, -84.2814), (50.0000, 0.0000, -82.7485), 1.0000),
    ((50.0000, -1.1848, -84.8006), (50.0000, 0.0000, -82.7485), 1.0000),
    ((50.0000, -0.9009, -85.5211), (50.0000, 0.0000, -82.7485), 1.0000),
    ((50.0000, 0.0000, 0.0000), (50.0000, -1.0000, 2.0000), 2.3669),
    ((50.0000, -1.0000, 2.0000), (50.0000, 0.0000, 0.0000), 2.3669),
    ((50.0000, 2.4900, -0.0010), (50.0000, -2.4900, 0.0009), 7.1792),
    ((50.0000, 2.4900, -0.0010), (50.0000, -2.4900, 0.0010), 7.1792),
    ((50.0000, 2.4900, -0.0010), (50.0000, -2.4900, 0.0011), 7.2195),
    ((50.0000, 2.4900, -0.0010), (50.0000, -2.4900, 0.0012), 7.2195),
    ((50.0000, -0.0010, 2.4900), (50.0000, 0.0009, -2.4900), 4.8045),
    ((50.0000, -0.0010, 2.4900), (50.0000, 0.0010, -2.4900), 4.8045),
    ((50.0000, -0.0010, 2.4900), (50.0000, 0.0011, -2.4900), 4.7461),
    ((50.0000, 2.5000, 0.0000), (50.0000, 0.0000, -2.5000), 4.3065),
    ((50.0000, 2.5000, 0.0000), (73.0000, 25.0000, -18.0000), 27.1492),
    ((50.0000, 2.5000, 0.0000), (61.0000, -5.0000, 29.0000), 22.8977),
    ((50.0000, 2.5000, 0.0000), (56.0000, -27.0000, -3.0000), 31.9030),
    ((50.0000, 2.5000, 0.0000), (58.0000, 24.0000, 15.0000), 19.4535),
    ((50.0000, 2.5000, 0.0000), (50.0000, 3.1736, 0.5854), 1.0000),
    ((50.0000, 2.5000, 0.0000), (50.0000, 3.2972, 0.0000), 1.0000),
    ((50.0000, 2.5000, 0.0000), (50.0000, 1.8634, 0.5757), 1.0000),
    ((50.0000, 2.5000, 0.0000), (50.0000, 3.2592, 0.3350), 1.0000),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((63.0109, -31.0961, -5.8663), (62.8187, -29.7946, -4.0864), 1.2630),
    ((61.2901, 3.7196, -5.3901), (61.4292, 2.2480, -4.9620), 1.8731),
    ((35.0831, -44.1164, 3.7933), (35.0232, -40.0716, 1.5901), 1.8645),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((36.4612, 47.8580, 18.3852), (36.2715, 50.5065, 21.2231), 1.4146),
    ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ((90.9257, -0.5406, -0.9208), (88.6381, -0.8985, -0.7239), 1.5381),
    ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]
#: Bruce Lindbloom's tables of the sRGB primaries in CIELAB (D65).
KNOWN = {
    "#ffffff": (100.0, 0.0, 0.0),
    "#000000": (0.0, 0.0, 0.0),
    "#ff0000": (53.2408, 80.0925, 67.2032),
    "#00ff00": (87.7347, -86.1827, 83.1793),
    "#0000FF": (32.2970, 79.1875, -107.8602),
    "#808080": (53.5850, 0.0, 0.0),
}
hexes = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(("one", "other", "expected"), PAIRS)
def test_the_difference_is_that_of_the_published_pairs(
    one: tuple[float, float, float], other: tuple[float, float, float], expected: float
) -> None:
    assert colours.difference(Lab(*one), Lab(*other)) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(("hex_", "expected"), KNOWN.items())
def test_a_hex_value_has_its_known_place_in_cielab(
    hex_: str, expected: tuple[float, float, float]
) -> None:
    assert colours.lab(hex_) == pytest.approx(expected, abs=0.01)


@given(hexes, hexes)
def test_the_difference_is_the_same_both_ways_and_none_from_itself(one: str, other: str) -> None:
    there = colours.difference(colours.lab(one), colours.lab(other))
    assert there == pytest.approx(colours.difference(colours.lab(other), colours.lab(one)))
    assert colours.difference(colours.lab(one), colours.lab(one)) == 0
    assert math.isfinite(there) and (there > 0) == (one != other)


@given(hexes, st.lists(hexes, min_size=1, max_size=12))
def test_the_nearest_is_no_farther_than_any_other(picked: str, palette: list[str]) -> None:
    place, far = colours.nearest(picked, palette)
    wanted = colours.lab(picked)
    assert far == min(colours.difference(wanted, colours.lab(each)) for each in palette)
    assert far == colours.difference(wanted, colours.lab(palette[place]))


@pytest.mark.parametrize(
    ("picked", "expected"),
    [("#fe0102", "red"), ("#1e3cc8", "blue"), ("#f5f5f0", "white"), ("#6f7270", "grey")],
)
def test_people_would_choose_the_same(picked: str, expected: str) -> None:
    named = {"red": "#FF0000", "blue": "#0000FF", "white": "#FFFFFF", "grey": "#808080"}
    place, _far = colours.nearest(picked, list(named.values()))
    assert list(named)[place] == expected


@pytest.mark.parametrize(
    "text", ["", "#GGG", "#fff", "#ffffff0", "ffffff", "#fffffg", "#ffffff\n", "#١٢٣٤٥٦", "red"]
)
def test_what_is_no_colour_is_refused(text: str) -> None:
    assert not colours.is_hex(text)
    with pytest.raises(ValueError):
        colours.lab(text)
