"""Words in a text are found again: by positions in code points, and by a quote when it changed."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from server.domain import text_anchors
from server.domain.text_anchors import Quote, anchor, find, occurrences

#: Latin with marks of its own, emoji (two UTF-16 units each), Hebrew and Arabic, line ends.
SIGNS = "aäe\u0301\u0323 .,;📷🏺𝔊שלום\u05b8سفن\u064bαΩ中\r\n\u200f\u202b한"
TEXTS = st.one_of(st.text(SIGNS, min_size=1, max_size=120), st.text(min_size=1, max_size=120))


@st.composite
def spans(draw: st.DrawFn) -> tuple[str, int, int]:
    text = draw(TEXTS)
    start = draw(st.integers(0, len(text) - 1))
    return text, start, draw(st.integers(start + 1, len(text)))


@given(spans())
def test_a_quote_is_the_words_with_at_most_32_code_points_on_each_side(
    case: tuple[str, int, int],
) -> None:
    text, start, end = case
    quote = anchor(text, start, end)
    assert len(quote.exact) == end - start
    assert len(quote.prefix) == min(32, start)
    assert len(quote.suffix) == min(32, len(text) - end)
    assert quote.prefix + quote.exact + quote.suffix in text


@given(spans())
def test_in_the_same_text_the_same_place_is_found(case: tuple[str, int, int]) -> None:
    text, start, end = case
    assert find(text, anchor(text, start, end), start) == (start, end)


@given(spans(), TEXTS)
def test_text_added_at_an_end_moves_the_place_along(case: tuple[str, int, int], more: str) -> None:
    text, start, end = case
    quote = anchor(text, start, end)
    found = find(f"{more}{text}", quote, start + len(more))
    assert found == (start + len(more), end + len(more))
    assert find(f"{text}{more}", quote, start) == (start, end)


@given(spans(), TEXTS, st.integers(-5, 10**9))
def test_what_is_found_is_a_part_of_the_text(
    case: tuple[str, int, int], other: str, near: int
) -> None:
    text, start, end = case
    found = find(other, anchor(text, start, end), near)
    if found is not None:
        assert 0 <= found[0] < found[1] <= len(other)


@given(spans())
def test_typed_words_are_found_at_their_place(case: tuple[str, int, int]) -> None:
    text, start, end = case
    assert (start, end) in occurrences(text, text[start:end])


@given(st.text("aeo\u0301\u0323\u0308 sg한", min_size=1, max_size=30), st.data())
def test_words_in_another_normal_form_are_found(text: str, data: st.DataObject) -> None:
    stored = unicodedata.normalize("NFD", text)
    starts = [at for at in range(len(stored)) if not unicodedata.combining(stored[at])]
    assume(starts)
    start = data.draw(st.sampled_from(starts))
    end = data.draw(st.sampled_from([at for at in [*starts, len(stored)] if at > start]))
    words = unicodedata.normalize("NFC", stored[start:end])
    # Syllables of Hangul come apart into letters that combine with nothing: whole ones only.
    assume("한" in words or not any(0x1100 <= ord(sign) < 0x1200 for sign in words))
    assert all(text_anchors.same(stored[a:b], words) for a, b in occurrences(stored, words))
    assert occurrences(stored, words)


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 6), (5, 6), (10**30, 10**31), (-(10**30), 1)]
)
def test_positions_outside_of_the_text_are_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no part of a text of 5"):
        anchor("woven", start, end)


def test_positions_are_code_points_and_not_utf_16_units() -> None:
    quote = anchor("📷 A 🏺 of clay", 4, 5)
    assert quote == Quote("🏺", "📷 A ", " of clay")


def test_offset_zero_is_a_place() -> None:
    quote = anchor("Ship in a storm", 0, 4)
    assert (quote.exact, quote.prefix) == ("Ship", "")
    assert find("Ship in a storm", quote, 0) == (0, 4)


def test_of_the_same_words_the_one_in_the_old_context_is_found() -> None:
    old = "A ship by a quay and another ship at sea"
    start = old.rindex("ship")
    quote = anchor(old, start, start + 4)
    new = "A ship, a ship by a quay, and another ship at sea, with a ship behind"
    assert find(new, quote, start) == (38, 42)


def test_the_same_words_in_places_that_differ_in_nothing_are_not_guessed() -> None:
    quote = Quote("ship", "old ", " here")
    assert find("ship ship", quote, 2) is None


def test_of_two_places_alike_the_one_that_is_clearly_nearer_is_found() -> None:
    text = "ship; " + "x" * 100 + "; ship"
    assert find(text, Quote("ship", "(", ")"), 2) == (0, 4)


def test_words_stay_whole_words() -> None:
    assert find("A maple leaf", Quote("map", "The ", " of Rome"), 2) is None


def test_a_part_of_a_word_may_be_found_in_another_word() -> None:
    assert find("Segelschiffe", Quote("schiff", "Dampf", "e"), 5) == (5, 11)


def test_a_corrected_word_is_found_in_its_context() -> None:
    old = "Portrait of a lady with a ermine, oil on panel"
    start = old.index("ermine")
    new = "Portrait of a lady with an ermines, oil on walnut panel"
    found = find(new, anchor(old, start, start + 6), start)
    assert found is not None
    assert new[slice(*found)] == "ermines"


def test_a_word_that_was_misspelled_at_its_first_letter_is_found_whole() -> None:
    old = "Made by Rnembrandt in Leiden"
    quote = anchor(old, 8, 18)
    found = find("Made by Rembrandt in Leiden", quote, 8)
    assert found == (8, 17)


def test_words_that_are_gone_are_not_found() -> None:
    old = "Photograph of a windmill near Kinderdijk"
    quote = anchor(old, 16, 24)
    assert find("Photograph of a bridge over the Waal", quote, 16) is None
    assert find("", quote, 16) is None


def test_a_text_of_one_letter_only_is_searched_in_time() -> None:
    """Repetition is where aligning costs most; the limits hold it."""
    text = "a" * 100_000
    assert find(text, Quote("b" * 200, "a" * 32, "a" * 32), 50_000) is None
    assert find(text, Quote("ab" * 100, "b" * 32, "b" * 32), 50_000) is None


def test_words_before_an_accent_of_their_own_are_not_cut_from_it() -> None:
    stored = "cafe\u0301 and cafe"
    assert occurrences(stored, "café") == [(0, 5)]


def test_line_ends_of_a_form_are_those_of_the_text() -> None:
    assert text_anchors.same("one\r\ntwo", "one\ntwo")
    assert not text_anchors.same("one two", "one\ntwo")
