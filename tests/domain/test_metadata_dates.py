"""Dates of metadata in words; what they mean is the EDTF specification's
(https://www.loc.gov/standards/datetime/, 2019-02-04), whose examples are taken where it has one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import i18n
from server.domain import metadata_date_forms, metadata_dates
from server.domain.metadata_date_forms import Interval, Moment

#: (text, in English), most of them the specification's examples.
ENGLISH = [
    # level 0
    ("1985-04-12", "12 April 1985"),
    ("1985-04", "April 1985"),
    ("1985", "1985"),
    ("1964/2008", "1964–2008"),
    ("2004-06/2006-08", "June 2004 – August 2006"),
    ("2004-02-01/2005-02-08", "1 Feb 2004 – 8 Feb 2005"),
    ("2004-02-01/2005", "1 February 2004 – 2005"),
    ("1985-04-12T00:00:00Z", "12 April 1985"),
    # level 1
    ("1984?", "perhaps 1984"),
    ("2004-06~", "about June 2004"),
    ("2004-06-11%", "perhaps about 11 June 2004"),
    ("201X", "2010s"),
    ("20XX", "21st century"),
    ("18XX", "19th century"),
    ("1985-04-12/..", "from 12 April 1985"),
    ("1985/", "from 1985"),
    ("../1985", "until 1985"),
    ("/1985-04", "until April 1985"),
    ("1984~/2004-06", "about 1984 – June 2004"),
    ("-1985", "1986 BC"),
    ("Y170000002", "170000002"),
    # the year 0 is 1 BC (ISO 8601)
    ("0000", "1 BC"),
    ("-0500", "501 BC"),
    ("-05XX", "6th century BC"),
    # as catalogues write
    ("1890-1900", "1890–1900"),
    ("1890 - 1900", "1890–1900"),
    ("1890–1900", "1890–1900"),
    ("1890-95", "1890–1895"),
    ("ca. 1890", "about 1890"),
    ("um 1890", "about 1890"),
    ("1890 (?)", "perhaps 1890"),
    ("1890s", "1890s"),
    ("18--", "19th century"),
    ("500 BC", "500 BC"),
    ("500 BC - 450 BC", "500 BC – 450 BC"),
    ("5th century BC", "5th century BC"),
    ("3rd c. AD", "3rd century"),
    ("1890Z", "1890"),
]  # fmt: skip
#: No dates, or more than one thing at once.
NOT_UNDERSTOOD = [
    "", " ", "/", "1985-13", "1985-02-30", "1985-04-12T25:00:00", "2001-21", "1901-21", "1900-12-",
    "1900/1890", "yesterday", "Victorian", "12/04/1985", "[1890]", "18", "1890 or 1891", "XXXX",
    "1985-4-12", "1985/1986/1987", "century", "0th century", "~", "?", "\u0661\u0668\u0669\u0660",
    "1890" * 30,
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), ENGLISH, ids=[text for text, _said in ENGLISH])
def test_a_date_is_said_in_words(text: str, said: str) -> None:
    found = metadata_dates.words(text, "en")
    assert found is not None and found.replace("\u2009", " ") == said


@pytest.mark.parametrize("text", NOT_UNDERSTOOD)
def test_what_is_no_date_is_left_as_it_is(text: str) -> None:
    assert metadata_dates.words(text, "en") is None


#: What CLDR has for the same: https://cldr.unicode.org
@pytest.mark.parametrize(
    ("language", "day", "before"),
    [
        ("de", "12. April 1985", "500 v. Chr."),
        ("fr", "12 avril 1985", "500 av. J.-C."),
        ("it", "12 aprile 1985", "500 a.C."),
        ("es", "12 de abril de 1985", "500 a. C."),
        ("nl", "12 april 1985", "500 v.Chr."),
        ("pl", "12 kwietnia 1985", "500 p.n.e."),
        ("el", "12 Απριλίου 1985", "500 π.Χ."),
        ("en", "12 April 1985", "500 BC"),
    ],
)
def test_each_language_has_its_own_words(language: str, day: str, before: str) -> None:
    assert metadata_dates.words("1985-04-12", language) == day
    assert metadata_dates.words("-0499", language) == before


@pytest.mark.parametrize(
    ("language", "number"),
    [("de", "19."), ("fr", "XIXe"), ("it", "XIX"), ("es", "XIX"), ("nl", "19e"), ("pl", "XIX"),
     ("el", "19ος"), ("en", "19th")],
)  # fmt: skip
def test_each_language_counts_centuries_in_its_own_way(language: str, number: str) -> None:
    assert number in (metadata_dates.words("18XX", language) or "").split()


def test_a_span_of_time_is_said_by_its_ends() -> None:
    assert metadata_dates.interval_words("1919", "1939", "en") == "1919–1939"
    assert metadata_dates.interval_words("1919", "", "en") == "from 1919"
    assert metadata_dates.interval_words("1919", "1919", "en") == "1919"
    assert metadata_dates.interval_words("a while ago", "1939", "en") is None


@pytest.mark.parametrize("year", [-4711, -400, -4, -1, 0, 1, 4, 400, 1900, 2000])
def test_leap_years_go_on_before_the_first_year(year: int) -> None:
    """Proleptic Gregorian, by ISO 8601: divisible by 4, not by 100, but by 400."""
    leaps = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    text = f"-{-year:04}-02-29" if year < 0 else f"{year:04}-02-29"
    assert (metadata_date_forms.read(text) is not None) == leaps


PIECES = st.sampled_from(
    [*"0123456789XxuTZ~?%/.-–+:() ", "1890", "-0500", "BC", "ca. ", "th century", "..", "\u0663"]
)


@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=90))
def test_no_text_is_too_strange(text: str) -> None:
    for language in i18n.LANGUAGES:
        said = metadata_dates.words(text, language)
        assert said is None or said.strip()


@given(st.dates())
def test_every_day_is_read_as_itself(day: object) -> None:
    found = metadata_date_forms.read(str(day))
    assert isinstance(found, Moment)
    assert f"{found.year:04}-{found.month:02}-{found.day:02}" == str(day)


@given(st.integers(-9999, 9999), st.integers(-9999, 9999))
def test_an_interval_goes_from_earlier_to_later(one: int, other: int) -> None:
    begin, end = (f"-{-year:04}" if year < 0 else f"{year:04}" for year in (one, other))
    found = metadata_date_forms.read(f"{begin}/{end}")
    assert (isinstance(found, Interval)) == (one <= other)
