"""Where in a text some words stand, so that they are found again when the text has changed.

W3C Web Annotation, 4.2.4 (Text Quote Selector) and 4.2.5 (Text Position Selector): positions count
Unicode code points from 0, of the text exactly as it is stored (nothing is normalised), and `end`
is the first one after the words. A browser counts UTF-16 units, so its script converts.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from heapq import nsmallest

#: Code points before and after the words that are kept to tell them from the same words elsewhere.
CONTEXT = 32
#: Words that changed themselves are looked for only where that is quick, and where it is sure.
_SHORTEST, _LONGEST, _AROUND, _ALIKE = 4, 200, 300, 0.75
_MOST = 100  # places of the same words
_WORD = re.compile(r"\w")

Span = tuple[int, int]
"""(start, end) in code points."""


@dataclass(frozen=True, slots=True)
class Quote:
    """The words, with up to 32 code points of what stands before and after them."""

    exact: str
    prefix: str = ""
    suffix: str = ""


def anchor(text: str, start: int, end: int) -> Quote:
    """The quote of these positions. Raises ValueError where they are no part of the text."""
    if not 0 <= start < end <= len(text):
        raise ValueError(f"{start} to {end} is no part of a text of {len(text)} characters")
    before = text[max(0, start - CONTEXT) : start]
    return Quote(text[start:end], before, text[end : end + CONTEXT])


def find(text: str, quote: Quote, near: int) -> Span | None:
    """Where the quoted words stand in a text that may have changed since; None where they do not.

    By the words in their context, nearest to where they stood (`near`); else by the words alone,
    if one place fits better than the others; else by words that are nearly the same.
    """
    if not quote.exact:
        return None
    found = _in_context(text, quote, near)
    if found is not None:
        return found
    places = _whole_words(text, quote, near)
    return _best(text, quote, near, places) if places else _alike(text, quote, near)


def occurrences(text: str, words: str) -> list[Span]:
    """Each place where the words stand, as they are or in another Unicode normal form."""
    if not words:
        return []
    found = [(at, at + len(words)) for at in _places(text, words)]
    return found or list(_equivalent(text, words))


def same(one: str, other: str) -> bool:
    """Whether two texts are canonically equivalent, whatever the kind of their line ends."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines)


def _places(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def _equivalent(text: str, words: str) -> Iterator[Span]:
    """Decomposed, both; what is found must begin and end between characters of the text."""
    wanted = unicodedata.normalize("NFD", words)
    pieces = [unicodedata.normalize("NFD", piece) for piece in _pieces(text)]
    places, at, length = {0: 0}, 0, 0
    for piece, original in zip(pieces, _pieces(text), strict=True):
        at, length = at + len(piece), length + len(original)
        places[at] = length
    for start in _places("".join(pieces), wanted):
        end = start + len(wanted)
        if start in places and end in places:
            yield places[start], places[end]


def _pieces(text: str) -> Iterator[str]:
    """A character with the combining marks after it: these may be reordered among themselves."""
    start = 0
    for at in range(1, len(text)):
        if not unicodedata.combining(text[at]):
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


def _in_context(text: str, quote: Quote, near: int) -> Span | None:
    whole = quote.prefix + quote.exact + quote.suffix
    starts = [at + len(quote.prefix) for at in _places(text, whole)]
    if not starts:
        return None
    start = min(starts, key=lambda at: abs(at - near))
    return start, start + len(quote.exact)


def _whole_words(text: str, quote: Quote, near: int) -> list[Span]:
    """Where the very words stand, the nearest ones."""
    length = len(quote.exact)
    nearest = nsmallest(_MOST, _places(text, quote.exact), key=lambda at: abs(at - near))
    return [(at, at + length) for at in nearest if _keeps_words(text, quote, (at, at + length))]


def _best(text: str, quote: Quote, near: int, places: list[Span]) -> Span | None:
    """The one with the most of the old context; of two alike, the one that is clearly nearer."""
    shared = {span: _shared(text, quote, span) for span in places}
    most = max(shared.values())
    best, *others = [span for span in places if shared[span] == most]
    clear = 2 * abs(best[0] - near)
    return best if all(abs(other[0] - near) > clear for other in others) else None


def _keeps_words(text: str, quote: Quote, span: Span) -> bool:
    """Whole words stay whole words: "map" is not found in "maple"."""
    begins, ends = _whole(quote)
    start, end = span
    return not (
        (begins and start > 0 and _joined(text[start - 1], text[start]))
        or (ends and end < len(text) and _joined(text[end - 1], text[end]))
    )


def _whole(quote: Quote) -> tuple[bool, bool]:
    """Whether the words began and ended between words."""
    return (
        not quote.prefix or not _joined(quote.prefix[-1], quote.exact[0]),
        not quote.suffix or not _joined(quote.exact[-1], quote.suffix[0]),
    )


def _joined(one: str, other: str) -> bool:
    inside = _WORD.match(other) or unicodedata.combining(other)
    return bool(inside and (_WORD.match(one) or unicodedata.combining(one)))


def _shared(text: str, quote: Quote, span: Span) -> int:
    """How many code points of the old context still stand directly around the span."""
    start, end = span
    before = zip(reversed(quote.prefix), reversed(text[max(0, start - CONTEXT) : start]))  # noqa: B905
    after = zip(quote.suffix, text[end : end + CONTEXT])  # noqa: B905
    return _run(before) + _run(after)


def _run(pairs: Iterator[tuple[str, str]]) -> int:
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _alike(text: str, quote: Quote, near: int) -> Span | None:
    """Where the words in their context are aligned best, if they are nearly the same there."""
    length = len(quote.exact)
    if not _SHORTEST <= length <= _LONGEST:
        return None
    first = max(0, min(near, len(text)) - _AROUND)
    window = text[first : near + length + _AROUND]
    found = _aligned(window, quote)
    if found is None:
        return None
    start, end = _grown(window, quote, found)
    matcher = SequenceMatcher(None, quote.exact, window[start:end], autojunk=False)
    return (first + start, first + end) if matcher.ratio() >= _ALIKE else None


def _aligned(window: str, quote: Quote) -> Span | None:
    whole = quote.prefix + quote.exact + quote.suffix
    begin, end = len(quote.prefix), len(quote.prefix) + len(quote.exact)
    matched = [
        at + block.b - block.a
        for block in SequenceMatcher(None, whole, window, autojunk=False).get_matching_blocks()
        for at in (max(block.a, begin), min(block.a + block.size, end) - 1)
        if block.a < end and block.a + block.size > begin
    ]
    return (min(matched), max(matched) + 1) if matched else None


def _grown(window: str, quote: Quote, span: Span) -> Span:
    """To the ends of words, where the words began and ended between words."""
    begins, ends = _whole(quote)
    start, end = span
    while begins and start > 0 and _joined(window[start - 1], window[start]):
        start -= 1
    while ends and end < len(window) and _joined(window[end - 1], window[end]):
        end += 1
    return start, end
