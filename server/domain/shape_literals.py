"""Literals as XML Schema part 2 sees them: well-formed or not, and in which order.

SHACL leaves both to SPARQL 1.1 (section 17.3, operator mapping): ill-typed literals match no
datatype, and what cannot be compared is in no order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, TypeAlias

from pyoxigraph import Literal, NamedNode

from server.names import RDF, XSD

Wellformed: TypeAlias = Callable[[str], bool]
Comparable: TypeAlias = tuple[str, Any]

_ZONE = r"(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
_YEAR = r"-?(?:[1-9]\d{4,}|\d{4})"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)
_DOUBLE = re.compile(
    r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN", re.ASCII
)
_DATE = re.compile(rf"({_YEAR})-(\d\d)-(\d\d)({_ZONE})", re.ASCII)
_DATETIME = re.compile(rf"({_YEAR})-(\d\d)-(\d\d)T({_TIME})({_ZONE})", re.ASCII)

_RANGES: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None), "nonNegativeInteger": (0, None), "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0), "negativeInteger": (None, -1),
    "byte": (-(2**7), 2**7 - 1), "short": (-(2**15), 2**15 - 1), "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1), "unsignedByte": (0, 2**8 - 1), "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1), "unsignedLong": (0, 2**64 - 1),
}  # fmt: skip


def _matches(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.fullmatch(text) is not None


def _whole(lowest: int | None, highest: int | None, text: str) -> bool:
    if _INTEGER.fullmatch(text) is None:
        return False
    if lowest is None and highest is None:
        return True
    number = Decimal(text)  # int() refuses more than 4,300 digits
    return (lowest is None or number >= lowest) and (highest is None or number <= highest)


def _dated(pattern: re.Pattern[str], text: str) -> bool:
    found = pattern.fullmatch(text)
    if found is None:
        return False
    try:  # the calendar repeats every 400 years, and Python's knows no year 0 or 10000
        date(int(found[1]) % 400 + 2000, int(found[2]), int(found[3]))
    except ValueError:
        return False
    return True


WELLFORMED: dict[NamedNode, Wellformed] = {
    XSD.string: lambda text: True,
    RDF.langString: lambda text: True,
    XSD.anyURI: lambda text: True,
    XSD.boolean: lambda text: text in ("true", "false", "0", "1"),
    XSD.decimal: partial(_matches, _DECIMAL),
    XSD.double: partial(_matches, _DOUBLE),
    XSD.float: partial(_matches, _DOUBLE),
    XSD.date: partial(_dated, _DATE),
    XSD.dateTime: partial(_dated, _DATETIME),
    **{XSD[name]: partial(_whole, *limits) for name, limits in _RANGES.items()},
}
"""The datatypes that shapes may ask for, each with the test of its lexical form."""

_NUMBERS = {XSD.decimal, XSD.double, XSD.float, *(XSD[name] for name in _RANGES)}
_FLOATS = {XSD.double, XSD.float}


def comparable(term: Any) -> Comparable | None:
    """The value of a literal with the kind it compares with; None for what is in no order."""
    if type(term) is not Literal:
        return None
    kind, text = term.datatype, term.value
    if kind == XSD.string:
        return ("string", text)
    wellformed = WELLFORMED.get(kind)
    if wellformed is None or not wellformed(text):
        return None
    if kind in _NUMBERS:
        number = float(text.replace("INF", "inf")) if kind in _FLOATS else Decimal(text)
        return None if number != number else ("number", number)
    if kind == XSD.boolean:
        return ("boolean", text in ("true", "1"))
    if kind in (XSD.date, XSD.dateTime):
        return _moment(kind, text)
    return None


def _moment(kind: NamedNode, text: str) -> Comparable | None:
    """Times with a zone and without are not comparable (XML Schema part 2, 3.2.7.4)."""
    zoned = re.search(r"(?:Z|[+-]\d\d:\d\d)$", text[10:]) is not None
    if kind == XSD.date:
        text = f"{text[:10]}T00:00:00{text[10:]}"
    try:
        return (f"{kind.value} {zoned}", datetime.fromisoformat(_microseconds(text)))
    except ValueError:  # 24:00:00, or a year outside of Python's calendar
        return None


def _microseconds(text: str) -> str:
    return re.sub(r"\.(\d+)", lambda found: f".{found[1][:6]:0<6}", text)
