"""Draws the pictures of the demonstration: `python -m server.demo.draw FOLDER`.

Every picture is our own, made of a few shapes by a fixed rule: the same record gives the same file.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from server.demo import posters, prints, vessels, weaves
from server.demo.poster_pictures import POSTERS
from server.demo.shapes import picture
from server.demo.textile_pictures import WOVEN
from server.demo.vessel_pictures import VESSELS

WIDTH, HEIGHT = 800, 1000
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
    "vessel": vessels.vessel,
    "tiles": vessels.tiles,
}  # fmt: skip


def draw(kind: str, seed: str, **parameters: Any) -> str:
    """The SVG text of one picture; equal arguments give equal text."""
    body = KINDS[kind](Random(seed), **parameters)
    palette = parameters.get("p")
    ground = parameters.get("paper", palette[0] if palette else "#f3ead6")
    return picture(body, WIDTH, HEIGHT, ground, NOTE)


def parameters() -> dict[str, dict[str, Any]]:
    """What is drawn for each record, by the record's identifier."""
    drawn: dict[str, dict[str, Any]] = dict(WOVEN)
    drawn |= {name: {"kind": "poster", **given} for name, given in POSTERS.items()}
    for name, given in VESSELS.items():
        drawn[name] = {"kind": "tiles" if "design" in given else "vessel", **given}
    return drawn


def write_images(folder: Path) -> None:
    """All pictures as `<identifier>.svg` in a folder, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, given in parameters().items():
        text = draw(given["kind"], name, **{k: v for k, v in given.items() if k != "kind"})
        (folder / f"{name}.svg").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_images(Path(sys.argv[1]))
