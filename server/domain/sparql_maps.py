"""Where on earth the rows of an answer are: columns of degrees, or shapes as Well-Known Text."""

import re
from dataclasses import dataclass
from math import isfinite

from server.domain.sparql_results import Row, Table, Value
from server.domain.sparql_tables import Cell, Cells

#: Rows on the map; and corners of the shape of one.
MOST_SPOTS, MOST_CORNERS = 1000, 2000
_LAT, _LONG = re.compile(r"(?i).*lat(itude)?"), re.compile(r"(?i).*(lon|lng|long|longitude)")
_NUMBER = r"[+-]?[0-9.]{1,30}(?:[eE][+-]?[0-9]{1,3})?"
_PAIR = re.compile(rf"({_NUMBER})\s++({_NUMBER})(?:\s++{_NUMBER}){{0,2}}\s*+(?=[,)]|$)")
#: Well-Known Text (OGC 06-103r4, 7); degrees east come first (GeoSPARQL 1.0, 8.5.1).
_WKT = re.compile(
    r"(?i)(?:<http://www\.opengis\.net/def/crs/OGC/1\.3/CRS84>\s*+)?"
    r"(MULTI)?(POINT|LINESTRING|POLYGON)\s*+(?:ZM|Z|M)?\s*+(\([0-9e+\-.,()\s]*+)"
)
_RING = re.compile(r"[^()]+")
Corner = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """`kind` is point, line or area; `corners` are (latitude, longitude), of each part."""

    kind: str
    corners: list[list[Corner]]
    label: Cell | None


def spots(table: Table, cells: Cells) -> list[Spot]:
    """What can be drawn, row by row; nothing where no column says where."""
    lat, long = _column(table, _LAT), _column(table, _LONG)
    found = []
    for number, row in enumerate(table.rows[:MOST_SPOTS]):
        at = _point(row, lat, long) if lat is not None and long is not None else _shape(row)
        if at is not None:
            found.append(Spot(*at, _label(table.rows[number], cells[number], (lat, long))))
    return found


def _column(table: Table, name: re.Pattern[str]) -> int | None:
    """The column of degrees of that name."""
    for number, column in enumerate(table.columns):
        values = [value for value in table.column(number) if value]
        if name.fullmatch(column) and values and all(_degrees(v) is not None for v in values):
            return number
    return None


def _degrees(value: Value | None) -> float | None:
    """Also of a plain text: many vocabularies write so."""
    if value is None or value.kind != "literal" or len(value.text) > 40:
        return None
    try:
        number = float(value.text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _point(row: Row, lat: int, long: int) -> tuple[str, list[list[Corner]]] | None:
    at = _degrees(row[lat]), _degrees(row[long])
    if at[0] is None or at[1] is None or not _on_earth(at[0], at[1]):
        return None
    return "point", [[(at[0], at[1])]]


def _on_earth(lat: float, long: float) -> bool:
    return abs(lat) <= 90 and abs(long) <= 180


def _shape(row: Row) -> tuple[str, list[list[Corner]]] | None:
    return next((read for value in row if value and (read := wkt(value)) is not None), None)


def wkt(value: Value) -> tuple[str, list[list[Corner]]] | None:
    """A shape as (point, line or area, its parts); None where the text is none."""
    if value.kind != "literal" or len(value.text) > 60 * MOST_CORNERS:
        return None
    found = _WKT.fullmatch(value.text.strip())
    if found is None or found[3].count(",") > MOST_CORNERS:
        return None
    if not found[3].endswith(")") or found[3].count("(") != found[3].count(")"):
        return None
    parts = [_corners(part) for part in _RING.findall(found[3]) if part.strip(" ,")]
    if not parts or not all(parts) or not all(_on_earth(*at) for part in parts for at in part):
        return None
    return {"POINT": "point", "LINESTRING": "line", "POLYGON": "area"}[found[2].upper()], parts


def _corners(text: str) -> list[Corner]:
    try:
        return [(float(y), float(x)) for x, y in _PAIR.findall(text)]
    except ValueError:
        return []


def _label(
    row: Row, cells: list[Cell | None], places: tuple[int | None, int | None]
) -> Cell | None:
    """What stands for the row: its first cell with words."""
    named = (
        cell for number, (value, cell) in enumerate(zip(row, cells, strict=True))
        if value and cell and number not in places and value.number is None and wkt(value) is None
    )  # fmt: skip
    return next(named, None)
