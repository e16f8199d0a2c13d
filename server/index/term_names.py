"""What a term is called, and what is said of it, in the best language for a reader."""

from collections.abc import Sequence
from functools import lru_cache

import orjson

from server.index.term_rows import primary_language


@lru_cache(1_000)
def place_of(languages: tuple[str, ...], tag: str) -> int:
    """The place of a language among those that are wanted; behind them what is none of them."""
    primary = primary_language(tag)
    return languages.index(primary) if primary and primary in languages else len(languages)


@lru_cache(8_192)  # the same terms stand above many others
def name_in(shown: str, languages: tuple[str, ...]) -> tuple[int, str, str] | None:
    """(place of the language, text, its tag) of a term's `shown`; None without any label.

    `languages` are those that are wanted (`term_rows.wanted_languages`); any other at a pinch.
    """
    names = orjson.loads(shown) if shown else {}
    for place, language in enumerate((*languages, *names)):
        if language in names:
            text, tag = names[language]
            return place, text, tag
    return None


def note_in(notes: str, languages: tuple[str, ...]) -> str | None:
    """Of the notes of a term, as its row has them, the one in the best language."""
    if notes == "[]":
        return None
    found: Sequence[Sequence[str]] = orjson.loads(notes)
    order = {language: place for place, language in enumerate(languages)}
    return min(found, key=lambda note: order.get(primary_language(note[1]), len(order)))[0]


@lru_cache(1_000)  # most terms have the same
def classes_in(classes: str) -> tuple[str, ...]:
    return tuple(orjson.loads(classes))
