"""Rows of GeoNames' places and names, checked."""

import re
from typing import NamedTuple

from server.formats.geonames_package import NO_LANGUAGES
from server.formats.statement_texts import LONGEST_LABEL, language
from server.i18n import _

#: Identifiers have eight digits by now; larger ones than this would make large sets of bits.
MAX_ID = 1 << 28
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_KIND = re.compile("[AHLPRSTUV]?")
_COUNTRY = re.compile("(?:[A-Z]{2})?")
_CODE = re.compile("[A-Z0-9]{0,10}")
_WIKIDATA = re.compile(r"(?:https?://www\.wikidata\.org/(?:wiki|entity)/)?(Q[1-9]\d{0,11})")


class Place(NamedTuple):
    """One place; `others` are names in no language, separated by commas."""

    id: int
    name: str
    ascii: str
    others: str
    lat: float
    long: float
    kind: str
    code: str
    country: str
    admin1: str
    admin2: str
    population: int


class Name(NamedTuple):
    """A name of a place in a language ("" where unknown), or its Wikidata entity.

    `rank` orders the names of a language: 0 preferred, 1 usual, 2 historic, 3 colloquial.
    """

    place: int
    language: str
    rank: int
    text: str
    entity: str = ""


def place(cells: list[str]) -> Place | str:
    """The place in a row of 19 cells, else what is wrong with it, in words."""
    number, name, ascii_, others, north, east, kind, code, country = cells[:9]
    if not number.isdecimal() or len(number) > 9 or int(number) > MAX_ID:
        return _("The identifier is no number.")
    try:
        lat, long = float(north), float(east)
    except ValueError:
        return _("The coordinates are no numbers.")
    if not (-90 <= lat <= 90 and -180 <= long <= 180):
        return _("The coordinates are out of range.")
    if not name.strip() or len(name) > LONGEST_LABEL or _CONTROL.search(name):
        return _("The name is empty, too long, or holds control characters.")
    if not (_KIND.fullmatch(kind) and _CODE.fullmatch(code) and _COUNTRY.fullmatch(country)):
        return _("The feature class, feature code or country is none.")
    inhabitants = cells[14] or "0"
    if not (inhabitants.isascii() and inhabitants.isdecimal() and len(inhabitants) < 12):
        return _("The population is no number.")
    return Place(
        int(number), name.strip(), ascii_, others, lat, long, kind, code, country,
        cells[10], cells[11], int(inhabitants),
    )  # fmt: skip


def name(cells: list[str]) -> Name | str | None:
    """The name in a row of 8 or 10 cells; None for what is none; else what is wrong, in words."""
    if not cells[1].isdecimal() or len(cells[1]) > 9:
        return _("The identifier is no number.")
    number, tag, text = int(cells[1]), cells[2], cells[3].strip()
    if tag == "wkdt":
        found = _WIKIDATA.fullmatch(text)
        return Name(number, "", 9, "", found[1]) if found else None
    if tag in NO_LANGUAGES:
        return None
    known = language(tag) if tag else ""
    if known is None or len(tag.partition("-")[0]) > 3:
        return None
    if not text:
        return _("The name is empty.")
    rank = 3 if cells[6] == "1" else 2 if cells[7] == "1" else 0 if cells[4] == "1" else 1
    return Name(number, known, rank, text)
