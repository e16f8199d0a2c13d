"""A table drawn as bars, a line or a pie."""

from dataclasses import dataclass
from math import cos, pi, sin
from typing import Literal

from server.domain import sparql_chart_columns
from server.domain.sparql_chart_columns import HEX, Columns, is_time
from server.domain.sparql_results import Table, Value
from server.domain.sparql_tables import Cell, Cells
from server.i18n import _

Kind = Literal["bar", "line", "pie"]
KINDS: tuple[Kind, ...] = ("bar", "line", "pie")
#: What a reader can still tell apart: the others are counted, and stand in the table.
MOST_BARS, MOST_POINTS, MOST_SLICES, MOST_SERIES = 60, 400, 8, 7


@dataclass(frozen=True, slots=True)
class Series:
    """`colour` is one of the instance's own (#rrggbb); without, the page has one per `number`."""

    name: str
    number: int
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """`start` and `share` are per cent of the longest bar."""

    series: Series
    value: float
    start: float
    share: float


@dataclass(frozen=True, slots=True)
class Bar:
    label: Cell
    value: float
    parts: list[Part]

    @property
    def end(self) -> float:
        return self.parts[-1].start + self.parts[-1].share if self.parts else 0.0


@dataclass(frozen=True, slots=True)
class Slice:
    """`path` of an SVG of 100 by 100; `share` of the whole, up to 1."""

    bar: Bar
    number: int
    share: float
    path: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`kinds` are those that fit; `points` of a line in per cent; `left` rows are not drawn."""

    kind: Kind
    kinds: list[Kind]
    label: str
    measure: str
    series: list[Series]
    bars: list[Bar]
    left: int
    points: str = ""
    slices: tuple[Slice, ...] = ()


def chart(table: Table, cells: Cells, asked: str = "") -> Chart | None:
    """The chart of a table that has one; `asked` is the kind that somebody wants to see."""
    columns = sparql_chart_columns.find(table)
    if columns is None:
        return None
    rows = [number for number, row in enumerate(table.rows) if _drawn(row, columns)]
    series = _series(table, cells, columns, rows)
    bars = _bars(table, cells, columns, rows, series)
    if len(bars) < 2:
        return None
    kinds = _kinds(table, columns, bars, series)
    kind: Kind = next((each for each in kinds if each == asked), kinds[0])
    shown = bars[: {"bar": MOST_BARS, "line": MOST_POINTS, "pie": MOST_SLICES}[kind]]
    return Chart(
        kind, kinds, table.columns[columns.label], table.columns[columns.measure],
        [*series.values()], shown, len(bars) - len(shown),
        _points(shown) if kind == "line" else "", _slices(shown) if kind == "pie" else (),
    )  # fmt: skip


def _drawn(row: list[Value | None], columns: Columns) -> bool:
    measured = row[columns.measure]
    return measured is not None and measured.number is not None and row[columns.label] is not None


def _series(table: Table, cells: Cells, columns: Columns, rows: list[int]) -> dict[str, Series]:
    """The series by name, the largest first; those beyond what can be told apart are one."""
    if columns.series is None:
        return {}
    sums: dict[str, float] = {}
    colours: dict[str, str | None] = {}
    for number in rows:
        name = _text(cells[number][columns.series])
        sums[name] = sums.get(name, 0.0) + _measured(table, number, columns)
        colours.setdefault(name, _colour(table, number))
    order = sorted(sums, key=lambda name: -sums[name])
    kept = order if any(colours.values()) else order[:MOST_SERIES]
    found = {name: Series(name, n, colours[name]) for n, name in enumerate(kept)}
    rest = Series(_("others"), MOST_SERIES)
    return found | {name: rest for name in order[len(kept) :]}


def _text(cell: Cell | None) -> str:
    return cell.text if cell else ""


def _measured(table: Table, row: int, columns: Columns) -> float:
    value = table.rows[row][columns.measure]
    return (value.number if value else None) or 0.0


def _colour(table: Table, row: int) -> str | None:
    """A colour that the row itself names."""
    texts = (value.text for value in table.rows[row] if value)
    return next((text for text in texts if HEX.fullmatch(text)), None)


def _bars(
    table: Table, cells: Cells, columns: Columns, rows: list[int], series: dict[str, Series]
) -> list[Bar]:
    """A bar for each label, in the order of the rows, with its parts from the left."""
    labels: dict[str, Cell] = {}
    parts: dict[str, list[tuple[Series, float]]] = {}
    for number in rows:
        label = table.rows[number][columns.label]
        cell = cells[number][columns.label]
        if label is None or cell is None:
            continue
        name = _text(cells[number][columns.series]) if columns.series is not None else ""
        part = series.get(name) or Series("", 0, None if series else _colour(table, number))
        labels.setdefault(label.text, cell)
        parts.setdefault(label.text, []).append((part, _measured(table, number, columns)))
    sums = {label: sum(value for _series, value in found) for label, found in parts.items()}
    longest = max((_length(found) for found in parts.values()), default=0.0)
    return [
        Bar(labels[label], sums[label], _laid(found, longest)) for label, found in parts.items()
    ]


def _length(parts: list[tuple[Series, float]]) -> float:
    return sum(abs(value) for _series, value in parts)


def _laid(parts: list[tuple[Series, float]], longest: float) -> list[Part]:
    laid, start = [], 0.0
    for series, value in parts:
        share = 100 * abs(value) / longest if longest else 0.0
        laid.append(Part(series, value, round(start, 2), round(share, 2)))
        start += share
    return laid


def _kinds(
    table: Table, columns: Columns, bars: list[Bar], series: dict[str, Series]
) -> list[Kind]:
    """Those that fit, the one that fits best first."""
    kinds: list[Kind] = ["bar"]
    if not series and len(bars) > 2:
        if is_time(table, columns.label):
            kinds = ["line", "bar"]
        elif min(bar.value for bar in bars) >= 0 and len(bars) <= MOST_SLICES:
            kinds.append("pie")
    return kinds


def _points(bars: list[Bar]) -> str:
    """The corners of the line: from left to right, and from 0 (or the lowest) upwards."""
    values = [bar.value for bar in bars]
    low, high = min(0.0, *values), max(0.0, *values)
    height = (high - low) or 1.0
    wide = 100 / (len(bars) - 1) if len(bars) > 1 else 0
    return " ".join(
        f"{number * wide:.2f},{100 - 100 * (value - low) / height:.2f}"
        for number, value in enumerate(values)
    )


def _slices(bars: list[Bar]) -> tuple[Slice, ...]:
    whole = sum(bar.value for bar in bars) or 1.0
    found, before = [], 0.0
    for number, bar in enumerate(bars):
        share = bar.value / whole
        found.append(Slice(bar, number, share, _arc(before, before + share)))
        before += share
    return tuple(found)


def _arc(start: float, end: float) -> str:
    """From the top, clockwise; a whole circle is two halves: an arc cannot end where it began."""
    if end - start > 0.9999:
        return "M50 2A48 48 0 1 1 50 98A48 48 0 1 1 50 2Z"
    (x1, y1), (x2, y2) = (_on_circle(start), _on_circle(end))
    large = 1 if end - start > 0.5 else 0
    return f"M50 50L{x1:.2f} {y1:.2f}A48 48 0 {large} 1 {x2:.2f} {y2:.2f}Z"


def _on_circle(turn: float) -> tuple[float, float]:
    angle = 2 * pi * turn
    return 50 + 48 * sin(angle), 50 - 48 * cos(angle)
