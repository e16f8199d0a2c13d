"""Draws the pictures of the demonstration: `python -m server.demo.draw FOLDER`.

Every picture is our own, made of a few shapes by a fixed rule: the same record gives the same file.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from server.demo import postcards, posters, prints, vessels, weaves
from server.demo.poster_pictures import POSTERS
from server.demo.shapes import part, picture
from server.demo.textile_pictures import WOVEN
from server.demo.vessel_pictures import VESSELS

WIDTH, HEIGHT = 800, 1000
#: Further views: of which drawing, and which part of it: x, y, width, height in its units.
DETAILS: dict[str, tuple[str, tuple[int, int, int, int]]] = {
    "skegness-1908-detail": ("skegness-1908", (170, 160, 440, 550)),
    "red-star-1899-detail": ("red-star-1899", (90, 360, 600, 440)),
    "dipylon-amphora-detail": ("dipylon-amphora", (230, 380, 340, 260)),
}
NOTE = "Drawing made for this demonstration; not a reproduction"

KINDS: dict[str, Callable[..., str]] = {
    **{
        name: getattr(weaves, name)
        for name in (
            "stripes", "tartan", "ikat", "kilim", "kente", "flames", "blanket", "guls", "serape",
            "squares", "nasrid",
        )
    },
    **{
        name: getattr(prints, name)
        for name in (
            "paisley", "damask", "kawung", "parang", "sashiko", "suzani", "sprigs", "birds",
            "medallion", "quilt", "dots", "signs", "pile", "balls", "carnations", "roundels",
            "sampler",
        )
    },
    "poster": posters.poster,
    "postcard": postcards.postcard,
    "vessel": vessels.vessel,
    "tiles": vessels.tiles,
}  # fmt: skip


def draw(kind: str, seed: str, **parameters: Any) -> str:
    """The SVG text of one picture; equal arguments give equal text."""
    body = KINDS[kind](Random(seed), **parameters)
    palette = parameters.get("p")
    ground = parameters.get("paper", palette[0] if palette else "#f3ead6")
    size = (postcards.WIDTH, postcards.HEIGHT) if kind == "postcard" else (WIDTH, HEIGHT)
    return picture(body, *size, ground, NOTE)


def parameters() -> dict[str, dict[str, Any]]:
    """What is drawn, by the name of the picture: mostly the record's identifier."""
    drawn: dict[str, dict[str, Any]] = dict(WOVEN)
    drawn |= {name: {"kind": "poster", **given} for name, given in POSTERS.items()}
    for name, given in VESSELS.items():
        drawn[name] = {"kind": "tiles" if "design" in given else "vessel", **given}
    for name in postcards.CARDS:
        for tone in postcards.TONES:
            drawn[f"{name}-{tone}"] = {"kind": "postcard", "name": name, "tone": tone}
    return drawn


def write_images(folder: Path) -> None:
    """All pictures as `<identifier>.svg` in a folder, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, given in parameters().items():
        text = draw(given["kind"], name, **{k: v for k, v in given.items() if k != "kind"})
        (folder / f"{name}.svg").write_text(text, encoding="utf-8")
    for name, (whole, box) in DETAILS.items():
        text = (folder / f"{whole}.svg").read_text(encoding="utf-8")
        (folder / f"{name}.svg").write_text(part(text, box), encoding="utf-8")


if __name__ == "__main__":
    write_images(Path(sys.argv[1]))
