"""The cells of an answer as a page shows them: with names, links and pictures, made harmless."""

import re
from dataclasses import dataclass

from server.commit import Desk
from server.domain import sparql_labels
from server.domain.items import Picture
from server.domain.sparql_labels import Name
from server.domain.sparql_results import Table, Value

#: Characters of a cell; a longer text is cut, and whole in the downloads.
LONGEST = 600
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_TURNING = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Cell:
    """`title` is the whole IRI where `text` is a name; `why` leads to the reasons for it."""

    text: str
    lang: str = ""
    href: str | None = None
    outside: bool = False
    title: str = ""
    why: str | None = None
    picture: Picture | None = None
    swatch: str | None = None
    is_number: bool = False
    is_cut: bool = False


Cells = list[list[Cell | None]]


def cells(desk: Desk, table: Table, language: str) -> Cells:
    names = sparql_labels.find(desk, sparql_labels.wanted(table.rows), language)
    return [[_cell(desk, value, names) for value in row] for row in table.rows]


def _cell(desk: Desk, value: Value | None, names: dict[str, Name]) -> Cell | None:
    if value is None:
        return None
    if value.kind == "iri":
        name = names.get(value.text) or sparql_labels.unnamed(desk, value.text)
        return _linked(value.text, name)
    text = f"_:{value.text}" if value.kind == "blank" else value.text
    return Cell(
        _printed(text[:LONGEST]), value.lang,
        swatch=value.text if _HEX.fullmatch(value.text) else None,
        is_number=value.number is not None, is_cut=len(text) > LONGEST,
    )  # fmt: skip


def _linked(iri: str, name: Name) -> Cell:
    return Cell(
        _told(name.text, iri), name.lang, name.href, name.outside,
        title=visible(iri[:LONGEST]) if name.text != iri else "", why=name.why,
        picture=name.picture, is_cut=len(name.text) > LONGEST,
    )  # fmt: skip


def _told(text: str, iri: str) -> str:
    return visible(text[:LONGEST]) if text == iri else _printed(text[:LONGEST])


def visible(iri: str) -> str:
    """An address as it is: what turns the order of others stands as its number."""
    return _TURNING.sub(_number, _printed(iri))


def _printed(text: str) -> str:
    """What turns the order is part of texts in some scripts; the page keeps it in its cell."""
    return _CONTROLS.sub(_number, text)


def _number(found: re.Match[str]) -> str:
    return f"⟨U+{ord(found[0]):04X}⟩"
