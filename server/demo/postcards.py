"""Drawings of faded postcards, and of what three made-up programs make of their colours."""

# Outlines and palettes read better on one line, like a table.
# ruff: noqa: E501

import re
from collections.abc import Callable
from colorsys import hls_to_rgb, rgb_to_hls
from random import Random

from server.demo import scenery
from server.demo.posters import Step
from server.demo.shapes import group, rect

WIDTH, HEIGHT = 800, 540
_ABOVE = 290  # of the scenery's height is cut away: a card is wide, a poster is high
Tone = tuple[float, float, float]
"""Hue, lightness and saturation, each 0..1."""


def s(name: str, **options: object) -> Step:
    return (name, options)


CARDS: dict[str, tuple[Step, ...]] = {
    "postcard-harbour": (
        s("sky", top="#4f9fd0", low="#fdeec4"), s("clouds", y=330, colour="#ffffff", count=4), s("hills", y=560, height=110, colour="#7f9f86", shade="#6b8f78"),
        s("town", x=60, y=580, width=300, walls=("#f7e3c0", "#f3c79f", "#e8a98a"), roof="#c4543a"), s("sea", y=580, colour="#1f7fa0", light="#d8f0ea"),
        s("liner", x=500, y=680, size=0.8, hull="#22304d", white="#fbf5e6", funnel="#d3382f"), s("sail", x=170, y=740, size=0.6, canvas="#fff7e6", hull="#a83a2c")),
    "postcard-lighthouse": (
        s("sky", top="#5f4b8b", low="#f6a66b"), s("sun", x=240, y=470, size=70, colour="#ffe08a"), s("lighthouse", x=590, y=630, size=0.78, white="#fffaf0", red="#d5402f", beam="#fff8d8"),
        s("cliff", y=700, height=130, colour="#6f7f4f", shade="#4f5a48", left=False), s("sea", y=620, colour="#2f6f9f", light="#ffd0a0"), s("sail", x=200, y=740, size=0.6, canvas="#c9572f", hull="#33261f")),
    "postcard-promenade": (
        s("sky", top="#3fa0d8", low="#fdf3da"), s("hills", y=540, height=140, colour="#9f8fb5", shade="#8a7aa3"), s("town", x=330, y=560, width=400, walls=("#fdf0da", "#f7d9b0", "#efb58c"), roof="#c2502f"),
        s("sea", y=560, colour="#1f93b0", light="#dff5ee"), s("hills", y=900, height=170, colour="#f3dca6", shade="#ecd092", rough=0.1), s("palm", x=120, y=800, height=430, leaf="#2f7a45", trunk="#8a6444"),
        s("umbrella", x=520, y=770, size=0.75, a="#ffffff", b="#d9332e", pole="#7a5a3c")),
}  # fmt: skip


def _faded(tone: Tone) -> Tone:
    hue, light, full = tone
    return hue * 0.7 + 0.1 * 0.3, 0.42 + light * 0.5, full * 0.25


def _calm(tone: Tone) -> Tone:
    hue, light, full = tone
    return hue, 0.05 + light * 0.93, full * 0.85


def _bright(tone: Tone) -> Tone:
    hue, light, full = tone
    return hue, min(1, 0.5 + (light - 0.5) * 1.15), min(1, full * 1.7 + 0.05)


def _golden(tone: Tone) -> Tone:
    hue, light, full = tone
    return hue * 0.55 + 0.09 * 0.45, light * 0.92, full * 0.7


#: By the last letter of a picture's name: `o` is the card as it was scanned.
TONES: dict[str, Callable[[Tone], Tone]] = {"o": _faded, "a": _calm, "b": _bright, "c": _golden}


def postcard(_r: Random, name: str, tone: str) -> str:
    """A card of this name in these tones; the same scene whatever the tones."""
    same = Random(name)
    layers = "".join(getattr(scenery, step)(same, **options) for step, options in CARDS[name])
    scene = group(layers, f"translate(0,{-_ABOVE})")
    clip = f'<clipPath id="window">{rect(36, 30, 728, 480, "#000")}</clipPath>'
    body = f'{clip}<g clip-path="url(#window)">{scene}</g>'
    return re.sub('"(#[0-9a-f]{6})"', lambda found: f'"{_toned(found[1], TONES[tone])}"', body)


def _toned(colour: str, tone: Callable[[Tone], Tone]) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, light, full = rgb_to_hls(red, green, blue)
    hue, light, full = tone((hue, light, full))
    return "#" + "".join(f"{round(255 * each):02x}" for each in hls_to_rgb(hue, light, full))
