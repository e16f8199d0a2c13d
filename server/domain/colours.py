"""Colours as people see them: from sRGB to CIELAB, and how far two are apart (CIEDE2000); pure."""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

_HEX = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
#: Linear sRGB to XYZ (IEC 61966-2-1), and the white of daylight, D65.
_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE = (0.95047, 1.0, 1.08883)
_EPSILON, _KAPPA = 216 / 24389, 24389 / 27  # CIE 15:2004
_FAR = 25.0**7


class Lab(NamedTuple):
    """Lightness of 0 to 100, green to red, blue to yellow."""

    lightness: float
    a: float
    b: float


def is_hex(text: str) -> bool:
    """Whether it is a colour such as `#1f4aa8`."""
    return _HEX.fullmatch(text) is not None


def lab(hex_: str) -> Lab:
    """The CIELAB colour (D65) of `#rrggbb`. Raises ValueError for anything else."""
    if not is_hex(hex_):
        raise ValueError(hex_)
    linear = [_linear(int(hex_[place : place + 2], 16) / 255) for place in (1, 3, 5)]
    xyz = (sum(c * each for c, each in zip(row, linear, strict=True)) for row in _XYZ)
    x, y, z = (_bent(each / white) for each, white in zip(xyz, _WHITE, strict=True))
    return Lab(116 * y - 16, 500 * (x - y), 200 * (y - z))


def nearest(hex_: str, palette: Sequence[str]) -> tuple[int, float]:
    """Which colour of a palette (all `#rrggbb`, at least one) is nearest, and how far off."""
    wanted = lab(hex_)
    distances = [difference(wanted, lab(each)) for each in palette]
    best = min(range(len(palette)), key=distances.__getitem__)
    return best, distances[best]


def difference(one: Lab, other: Lab) -> float:
    """ΔE2000: 1 is just to be seen side by side, 100 black and white.

    Sharma, Wu, Dalal (2005), The CIEDE2000 color-difference formula, equations 2 to 22.
    """
    mean = (math.hypot(*one[1:]) + math.hypot(*other[1:])) / 2
    stretch = 1.5 - 0.5 * math.sqrt(mean**7 / (mean**7 + _FAR))
    chroma1, hue1 = _polar(one, stretch)
    chroma2, hue2 = _polar(other, stretch)
    turn = _turn(hue2 - hue1) if chroma1 * chroma2 else 0.0
    hue = _mean_hue(hue1, hue2) if chroma1 * chroma2 else hue1 + hue2
    chroma = (chroma1 + chroma2) / 2
    light = ((one.lightness + other.lightness) / 2 - 50) ** 2
    by_light = (other.lightness - one.lightness) / (1 + 0.015 * light / math.sqrt(20 + light))
    by_chroma = (chroma2 - chroma1) / (1 + 0.045 * chroma)
    across = 2 * math.sqrt(chroma1 * chroma2) * math.sin(math.radians(turn / 2))
    by_hue = across / (1 + 0.015 * chroma * _hue_weight(hue))
    bend = _rotation(hue, chroma) * by_chroma * by_hue
    return math.sqrt(max(0.0, by_light**2 + by_chroma**2 + by_hue**2 + bend))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _bent(part: float) -> float:
    return math.cbrt(part) if part > _EPSILON else (_KAPPA * part + 16) / 116


def _polar(colour: Lab, stretch: float) -> tuple[float, float]:
    """Chroma and hue (degrees from 0 to 360) with the green-red axis stretched."""
    a = colour.a * stretch
    return math.hypot(a, colour.b), math.degrees(math.atan2(colour.b, a)) % 360


def _turn(degrees: float) -> float:
    """The shorter way round."""
    if degrees > 180:
        return degrees - 360
    return degrees + 360 if degrees < -180 else degrees


def _mean_hue(one: float, other: float) -> float:
    total = one + other
    if abs(one - other) <= 180:
        return total / 2
    return (total + 360) / 2 if total < 360 else (total - 360) / 2


def _hue_weight(hue: float) -> float:
    waves = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    return 1 + sum(
        size * math.cos(math.radians(times * hue + shift)) for size, times, shift in waves
    )


def _rotation(hue: float, chroma: float) -> float:
    angle = 60 * math.exp(-(((hue - 275) / 25) ** 2))
    return -2 * math.sqrt(chroma**7 / (chroma**7 + _FAR)) * math.sin(math.radians(angle))
