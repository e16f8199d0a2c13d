"""Drawings of travel posters: a scene in layers, a frame, and lettering below or above."""

# Outlines and palettes read better on one line, like a table.
# ruff: noqa: E501

from random import Random

from server.demo import scenery
from server.demo.shapes import rect

Step = tuple[str, dict[str, object]]

_FACES = {
    "serif": "font-family=\"Georgia, 'Times New Roman', serif\"",
    "deco": "font-family=\"Futura, 'Century Gothic', 'Avenir Next', sans-serif\" font-weight=\"700\"",
}


def letters(words: str, y: float, size: float, colour: str, face: str, spread: float) -> str:
    """One centred line, made narrower where it would leave the sheet."""
    guess = len(words) * (size * 0.66 + spread)
    fit = ' textLength="690" lengthAdjust="spacingAndGlyphs"' if guess > 690 else ""
    safe = words.replace("&", "&amp;")
    return (
        f'<text x="400" y="{y}" text-anchor="middle" {_FACES[face]} font-size="{size}"'
        f' letter-spacing="{spread}" fill="{colour}"{fit}>{safe}</text>'
    )


def poster(
    r: Random,
    scene: tuple[Step, ...],
    words: str,
    under: str = "",
    paper: str = "#f3ead6",
    ink: str = "#1f2d3d",
    face: str = "deco",
    size: int = 92,
) -> str:
    """The scene in a window of the sheet, the place's name in large letters beneath."""
    layers = "".join(getattr(scenery, name)(r, **options) for name, options in scene)
    clip = f'<clipPath id="window">{rect(36, 36, 728, 790, "#000")}</clipPath>'
    low = 930 if not under else 912
    text = letters(words, low, size, ink, face, 6)
    if under:
        text += letters(under, 960, 27, ink, face, 4)
    line = f'<rect x="36" y="36" width="728" height="790" fill="none" stroke="{ink}" stroke-width="4"/>'
    return f'{clip}<g clip-path="url(#window)">{layers}</g>{line}{text}'
