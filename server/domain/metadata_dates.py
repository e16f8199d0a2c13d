"""Dates of metadata as people write them, in the reader's language.

What is not understood stays as it is. See `metadata_date_forms` for what is.
"""

from dataclasses import replace
from datetime import date, datetime

from babel.core import Locale
from babel.dates import format_date, format_interval, format_skeleton, format_time

from server.domain.metadata_date_forms import Interval, Moment, is_day, read
from server.i18n import _

_LONGEST = 80


def words(text: str, language: str) -> str | None:
    """The date in a sentence of the reader's language; None for what is not understood."""
    if len(text) > _LONGEST:
        return None
    found = read(text)
    return _written(found, language) if found else None


def interval_words(begin: str, end: str, language: str) -> str | None:
    """The time from one date to another, as they stand on a time span; either may be ""."""
    return words(f"{begin}/{end}" if begin != end else begin, language)


def _written(found: Moment | Interval, language: str) -> str:
    locale = Locale("en", "GB") if language == "en" else Locale.parse(language)
    if isinstance(found, Moment):
        return _marked_words(found, locale)
    if found.start and found.end:
        return _from_to(found.start, found.end, locale)
    if found.start:
        return _("from {date}", date=_marked_words(found.start, locale))
    return _("until {date}", date=_marked_words(found.end or Moment(0), locale))


def _from_to(start: Moment, end: Moment, locale: Locale) -> str:
    skeleton = {"year": "y", "month": "yMMMM", "day": "yMMMMd"}.get(start.precision)
    plain = start.precision == end.precision and not (start.mark or end.mark) and skeleton
    if plain and start.year > 0 and end.year <= 9999:
        first, last = (date(each.year, each.month, each.day) for each in (start, end))
        return str(format_interval(first, last, skeleton, locale=locale))
    both = _marked_words(start, locale), _marked_words(end, locale)
    return f"{both[0]} \N{EN DASH} {both[1]}"


def _marked_words(moment: Moment, locale: Locale) -> str:
    said = _moment_words(moment, locale)
    if moment.mark == "~":
        return _("about {date}", date=said)
    if moment.mark == "?":
        return _("perhaps {date}", date=said)
    return _("perhaps about {date}", date=said) if moment.mark else said


def _moment_words(moment: Moment, locale: Locale) -> str:
    if moment.precision == "century":
        return _century(moment, locale)
    if moment.precision == "decade":
        return _era(_("{year}s", year=abs(moment.year)), moment.year, locale)
    year = moment.year if moment.year > 0 else 1 - moment.year
    if moment.precision == "year" or year > 9999:
        return _era(str(year), moment.year, locale)
    shown = date(year if is_day(replace(moment, year=year)) else 400, moment.month, moment.day)
    if moment.precision == "month":
        text = format_skeleton("yMMMM", shown, locale=locale)
    else:
        text = format_date(shown, "long", locale=locale)
    return _era(text, moment.year, locale) + _clock(moment, locale)


def _clock(moment: Moment, locale: Locale) -> str:
    if not moment.clock:
        return ""
    clock = datetime.strptime(moment.clock, "%H:%M").time()
    return f", {format_time(clock, 'short', locale=locale)}"


def _century(moment: Moment, locale: Locale) -> str:
    """`18XX` is the 19th; the years 500 to 401 BC are the 5th before Christ."""
    number = moment.year // 100 + 1 if moment.year > 0 else -moment.year // 100 + 1
    said = _("{number} century", number=_ordinal(number, locale.language))
    return _era(said, moment.year or 1, locale)


def _era(text: str, year: int, locale: Locale) -> str:
    return text if year > 0 else f"{text} {locale.eras['abbreviated'][0]}"


def _ordinal(number: int, language: str) -> str:
    """How the language counts centuries: 19th, XIX, 19. ."""
    if language == "en":
        last = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{number}{'th' if 10 < number % 100 < 14 else last}"
    if language in ("fr", "it", "es", "pl"):
        return _roman(number) + ({1: "er"}.get(number, "e") if language == "fr" else "")
    return f"{number}" + {"de": ".", "nl": "e", "el": "ος"}.get(language, "")


def _roman(number: int) -> str:
    text = "X" * (number // 10)
    return text + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[number % 10]
