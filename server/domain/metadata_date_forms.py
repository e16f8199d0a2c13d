"""Dates as catalogues write them: ISO 8601, EDTF, and the forms beside these.

EDTF: https://www.loc.gov/standards/datetime/ (2019-02-04), level 0 and much of level 1; by it the
year 0000 is 1 BC, and -0500 is 501 BC.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

_YEAR = r"(?P<year>-?[0-9]{4}|Y-?[0-9]{5,9})"
_DAY = re.compile(_YEAR + r"(-(?P<month>[0-9]{2})(-(?P<day>[0-9]{2}))?)?(?P<mark>[~?%])?")
_TIME = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ](?P<time>[0-9]{2}:[0-9]{2})(:[0-9]{2}(\.[0-9]+)?)?"
    r"(Z|[+-][0-9]{2}(:?[0-9]{2})?)?"
)
#: xsd:date and xsd:gYear may name a time zone, which says nothing about a day of long ago.
_ZONE = re.compile(r"(?<=[0-9])(Z|[+-][0-9]{2}:[0-9]{2})$")
_UNSPECIFIED = re.compile(r"(?P<begun>-?[0-9]{2,3})(?P<rest>[Xxu-]{1,2})(?P<mark>[~?%])?")
_RANGE = re.compile(r"(.+?)(?:\s+[-\N{EN DASH}\N{EM DASH}]\s*|\s*[\N{EN DASH}\N{EM DASH}]\s*)(.+)")
_YEARS = re.compile(r"([0-9]{4})-([0-9]{4})|([0-9]{2})([0-9]{2})-([0-9]{2})")
#: Months after 12 that EDTF has for seasons and quarters.
_SEASONS = range(21, 42)
_ABOUT = re.compile(
    r"(?:(?:ca?|circa|about|approx)\.?|um|vers|verso|hacia|około|γύρω στο|omstreeks)\s*(?=\S)", re.I
)
_PERHAPS = re.compile(r"(?P<rest>.*[^?(\s])\s*\(?\?\)?")
_ERA = r"(?:\s*(?P<era>BCE|BC|B\.\s?C\.|CE|AD|A\.\s?D\.))?"
_IN_ERA = re.compile(r"(?P<year>[0-9]{1,5})" + _ERA, re.I)
_CENTURY = re.compile(r"(?P<number>[0-9]{1,2})(?:st|nd|rd|th)\s+c(?:entury|ent\.|\.)" + _ERA, re.I)
_DECADE = re.compile(r"(?P<year>[0-9]{3}0)'?s", re.I)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as exactly as it is known; `year` as astronomers count, so 0 is 1 BC.

    `precision`: time, day, month, year, decade or century, of which `year` is the first year (the
    last one before Christ); `mark` is EDTF's: ~ about, ? perhaps, % both.
    """

    year: int
    month: int = 1
    day: int = 1
    precision: str = "year"
    mark: str = ""
    clock: str = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """From one time to another; None where it is open or not known."""

    start: Moment | None
    end: Moment | None


@lru_cache(4096)
def read(text: str) -> Moment | Interval | None:
    """What a text means as a date, if it means one."""
    text = " ".join(text.split())
    if text.count("/") == 1:
        return _interval(*text.split("/"))
    return _moment(text) or _years(text) or _worded(text) or _ranged(text)


def _interval(begin: str, finish: str) -> Interval | None:
    """EDTF: `..` is open, nothing is unknown."""
    start, end = (None if each in ("", "..") else _moment(each) for each in (begin, finish))
    understood = (start is not None or begin in ("", "..")) and (
        end is not None or finish in ("", "..")
    )
    return Interval(start, end) if understood and _ordered(start, end) else None


def _ordered(start: Moment | None, end: Moment | None) -> bool:
    if start is None or end is None:
        return start is not end
    return (start.year, start.month, start.day) <= (end.year, end.month, end.day)


def _moment(text: str) -> Moment | None:
    return _time(text) or _day(_ZONE.sub("", text)) or _unspecified(text)


def _time(text: str) -> Moment | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    try:
        datetime.fromisoformat(f"{found['day']}T{found['time']}")
    except ValueError:
        return None
    day = _day(found["day"])
    midnight = found["time"] == "00:00"
    return day if day is None or midnight else replace(day, precision="time", clock=found["time"])


def _day(text: str) -> Moment | None:
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = int(found["year"].lstrip("Y")), found["month"], found["day"]
    precision = "day" if day else "month" if month else "year"
    made = Moment(year, int(month or 1), int(day or 1), precision, found["mark"] or "")
    return made if is_day(made) else None


def is_day(moment: Moment) -> bool:
    """Leap years go on before the year 1 as they do after it: every 400 years are the same."""
    try:
        date(moment.year % 400 + 400, moment.month, moment.day)
    except ValueError:
        return False
    return True


def _unspecified(text: str) -> Moment | None:
    """`156X` and `18XX`; librarians also write `18--`."""
    found = _UNSPECIFIED.fullmatch(text)
    if found is None or len(found["begun"].lstrip("-") + found["rest"]) != 4:
        return None
    size = 10 ** len(found["rest"])
    precision = "decade" if size == 10 else "century"
    return Moment(int(found["begun"]) * size, precision=precision, mark=found["mark"] or "")


def _years(text: str) -> Interval | None:
    """`1890-1900` and `1890-95`; what may be a month or a season is left alone."""
    found = _YEARS.fullmatch(text)
    if found is None:
        return None
    if found[1]:
        start, end = int(found[1]), int(found[2])
    else:
        start, end = int(found[3] + found[4]), int(found[3] + found[5])
        if int(found[5]) <= 12 or int(found[5]) in _SEASONS:
            return None
    return Interval(Moment(start), Moment(end)) if start < end else None


def _worded(text: str) -> Moment | Interval | None:
    for pattern, mark in ((_ABOUT, "~"), (_PERHAPS, "?")):
        found = pattern.match(text) if pattern is _ABOUT else pattern.fullmatch(text)
        if found:
            rest = text[found.end() :] if pattern is _ABOUT else found["rest"]
            return _marked(read(rest), mark)
    return _in_era(text)


def _marked(found: Moment | Interval | None, mark: str) -> Moment | Interval | None:
    if isinstance(found, Moment):
        return replace(found, mark="%" if found.mark not in ("", mark) else mark)
    if isinstance(found, Interval) and found.start:
        return Interval(replace(found.start, mark=mark), found.end)
    return None


def _in_era(text: str) -> Moment | None:
    if found := _DECADE.fullmatch(text):
        return Moment(int(found["year"]), precision="decade")
    if found := _CENTURY.fullmatch(text):
        number, before = int(found["number"]), _is_before(found["era"])
        year = 1 - 100 * (number - 1) - 1 if before else 100 * (number - 1)
        return Moment(year, precision="century") if number else None
    found = _IN_ERA.fullmatch(text)
    if found is None or not found["era"] or not int(found["year"]):
        return None
    year = int(found["year"])
    return Moment(1 - year if _is_before(found["era"]) else year)


def _is_before(era: str | None) -> bool:
    return (era or "").upper().startswith("B")


def _ranged(text: str) -> Interval | None:
    """`500 BC – 450 BC`, `ca. 1890 - 1900`."""
    found = _RANGE.fullmatch(text)
    if found is None:
        return None
    start, end = read(found[1]), read(found[2])
    if not isinstance(start, Moment) or not isinstance(end, Moment) or not _ordered(start, end):
        return None
    return Interval(start, end)
