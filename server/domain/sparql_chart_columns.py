"""Which columns of a table a chart is made of: labels, perhaps series, and numbers."""

import re
from dataclasses import dataclass

from server.domain.sparql_results import Table
from server.names import XSD

HEX = re.compile(r"#[0-9A-Fa-f]{6}")
_TIMES = {XSD[name].value for name in ("date", "dateTime", "gYear", "gYearMonth")}
_TIME_NAMES = re.compile(r"(?i).*(year|decade|century|month|day|date|time|period)")
_YEAR = re.compile(r"-?[0-9]{1,4}(s|-[0-9]{2}(-[0-9]{2}.*)?)?")
_PLACES = re.compile(r"(?i).*(lat(itude)?|lon(g|gitude)?|lng)")


@dataclass(frozen=True, slots=True)
class Columns:
    """Their numbers in the table."""

    label: int
    measure: int
    series: int | None


def find(table: Table) -> Columns | None:
    """The first column of numbers, and the one or two columns of words that say of what."""
    numbers = [n for n, name in enumerate(table.columns) if _is_measure(table, n, name)]
    words = [
        n for n in range(len(table.columns))
        if n not in numbers and any(table.column(n)) and not _is_hex(table, n)
    ]  # fmt: skip
    if not numbers or not words:
        return None
    label = words[0]
    if len(words) > 1 and _is_name_of(table, words[0], words[1]):
        words = words[1:]
        label = words[0]
    if len(words) > 2:
        return None
    repeats = len(set(_texts(table, label))) < len(table.rows)
    series = words[-1] if repeats and len(words) > 1 else None
    if repeats and series is None:
        return None
    return Columns(label, numbers[0], series)


def _is_measure(table: Table, number: int, name: str) -> bool:
    values = [value for value in table.column(number) if value]
    if not values or _PLACES.fullmatch(name) or any(value.number is None for value in values):
        return False
    return not (_TIME_NAMES.fullmatch(name) and all(_YEAR.fullmatch(v.text) for v in values))


def _is_hex(table: Table, number: int) -> bool:
    return all(value is None or HEX.fullmatch(value.text) for value in table.column(number))


def _is_name_of(table: Table, iris: int, names: int) -> bool:
    """Whether the second of two columns only says what the first one is called."""
    first, second = table.column(iris), table.column(names)
    if not all(value is None or value.kind == "iri" for value in first):
        return False
    pairs = {(value.text if value else "") for value in first}
    both = {
        ((one.text if one else ""), (two.text if two else ""))
        for one, two in zip(first, second, strict=True)
    }
    return len(pairs) == len(both) and all(value is None or value.kind != "iri" for value in second)


def _texts(table: Table, number: int) -> list[str]:
    return [value.text if value else "" for value in table.column(number)]


def is_time(table: Table, column: int) -> bool:
    values = [value for value in table.column(column) if value]
    if all(value.datatype in _TIMES for value in values):
        return True
    named = _TIME_NAMES.fullmatch(table.columns[column])
    return bool(named) and all(_YEAR.fullmatch(value.text) for value in values)
