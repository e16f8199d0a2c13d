"""The names of a vocabulary from A to Z: a page from some beginning on, and the letters."""

import re
from dataclasses import dataclass

from server.commit import Desk
from server.index import labels
from server.index.folding import fold
from server.viewers import Viewer

PAGE = 100
_MOST_LETTERS = 90  # Latin, Greek and Cyrillic together; a Chinese vocabulary has thousands
_RUNNING = re.compile(r"[0-9]{1,18}")
#: A letter that comes after all others, and is one for `fold` too.
_LAST = "\U00013000"


@dataclass(frozen=True, slots=True)
class Entry:
    """A name of a term; `preferred` is what the term is called instead, where it is another."""

    label: str
    lang: str
    iri: str
    preferred: str | None


@dataclass(frozen=True, slots=True)
class Letter:
    """`start` is where the names that begin with it begin."""

    text: str
    start: str
    current: bool


@dataclass(frozen=True, slots=True)
class Alphabet:
    """`next` is where the next page starts, empty at the end."""

    entries: list[Entry]
    letters: list[Letter]
    next: str


def page(desk: Desk, viewer: Viewer, vocabulary: str, start: str, language: str) -> Alphabet:
    found = labels.alphabet(
        viewer, desk.index, vocabulary, language, start=_clean(start), limit=PAGE
    )
    entries = [
        Entry(label, lang, iri, preferred if kind != "pref" and preferred != label else None)
        for label, lang, kind, iri, preferred in found.entries
    ]
    first = _beginning(entries[0].label) if entries else ""
    letters = _letters(desk, viewer, vocabulary, first, language)
    return Alphabet(entries, letters, found.next)


def _clean(start: str) -> str:
    """A beginning as somebody types it, or as the index said where the next page starts."""
    text, _newline, running = start.partition("\n")
    return start if _RUNNING.fullmatch(running) else text


def _letters(
    desk: Desk, viewer: Viewer, vocabulary: str, current: str, language: str
) -> list[Letter]:
    """Each found by the first name behind the letter before, so that names are not counted."""
    letters: list[Letter] = []
    start = ""
    while len(letters) < _MOST_LETTERS:
        found = labels.alphabet(viewer, desk.index, vocabulary, language, start=start, limit=1)
        beginning = _beginning(found.entries[0][0]) if found.entries else ""
        if not beginning or beginning < start:
            break
        text = "0–9" if beginning == "0" else beginning.upper()
        letters.append(Letter(text, beginning, beginning == current))
        start = ("9" if beginning == "0" else beginning) + _LAST
    return letters


def _beginning(label: str) -> str:
    """The letter under which a name stands; all digits together."""
    first = fold(label)[:1]
    return "0" if first.isascii() and first.isdigit() else first
