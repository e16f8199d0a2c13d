"""Files in the layouts of GeoNames' export, written for the tests.

https://download.geonames.org/export/dump/readme.txt; identifiers, codes and names of real places.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

ATHENS, ATTICA, CENTRAL, GREECE, EUROPE = 264371, 6692632, 445408, 390903, 6255148
MARATHON, MOUNT = 256866, 261000


def place(
    number: object, name: str, kind: str = "P", code: str = "PPL", *, ascii: str = "",
    others: str = "", lat: object = "37.98376", long: object = "23.72784", country: str = "GR",
    admin1: str = "", admin2: str = "", population: object = 0,
) -> Sequence[object]:  # fmt: skip
    """A row of allCountries.txt: 19 columns."""
    return (
        number, name, ascii or name, others, lat, long, kind, code, country, "", admin1, admin2,
        "", "", population, "", 70, "Europe/Athens", "2024-04-04",
    )  # fmt: skip


def name(
    number: object, place_: object, language: str, text: str, preferred: bool = False,
    short: bool = False, colloquial: bool = False, historic: bool = False,
) -> Sequence[object]:  # fmt: skip
    """A row of alternateNamesV2.txt: 10 columns, the flags "1" or empty."""
    flags = ["1" if flag else "" for flag in (preferred, short, colloquial, historic)]
    return (number, place_, language, text, *flags, "", "")


def text_of(rows: Iterable[Sequence[object]]) -> str:
    return "".join("\t".join(map(str, row)) + "\n" for row in rows)


def write(path: Path, rows: Iterable[Sequence[object]]) -> Path:
    path.write_text(text_of(rows), encoding="utf-8")
    return path


PLACES = [
    place(EUROPE, "Europe", "L", "CONT", country="", lat="48.69096", long="9.14062"),
    place(GREECE, "Hellenic Republic", "A", "PCLI", admin1="00", population=10727668),
    place(ATTICA, "Attica", "A", "ADM1", admin1="ESYE31", population=3828434),
    place(CENTRAL, "Nomarchía Athínas", "A", "ADM2", admin1="ESYE31", admin2="445408"),
    place(
        ATHENS, "Athens", "P", "PPLC", others="ATH,Afina,Αθήνα", admin1="ESYE31", admin2="445408",
        population=664046,
    ),
    place(MARATHON, "Marathónas", ascii="Marathonas", admin1="ESYE31", population=4708),
    place(MOUNT, "Kerketéon Óros", "T", "MT", ascii="Kerketeon Oros", admin1="ESYE99"),
]  # fmt: skip
NAMES = [
    name(1, ATHENS, "en", "City of Athens"),
    name(2, ATHENS, "en", "Athens", preferred=True),
    name(3, ATHENS, "el", "Αθήναι", historic=True),
    name(4, ATHENS, "el", "Αθήνα"),
    name(5, ATHENS, "de", "Athen"),
    name(6, ATHENS, "fr", "Athènes", short=True),
    name(7, ATHENS, "en", "The Big Olive", colloquial=True),
    name(8, ATHENS, "", "Afina"),
    name(9, ATHENS, "link", "https://en.wikipedia.org/wiki/Athens"),
    name(10, ATHENS, "wkdt", "Q1524"),
    name(11, ATHENS, "iata", "ATH"),
    name(12, ATHENS, "post", "10431"),
    name(13, ATHENS, "zh-CN", "雅典"),
    name(14, MARATHON, "la", "Marathon", historic=True),
    name(15, 999, "en", "Elsewhere"),
]
