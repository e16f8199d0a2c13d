"""Texts in several languages: a dict from language tag ("" for none) to text."""

from collections.abc import Iterable
from typing import Any

from pyoxigraph import Literal

Texts = dict[str, str]


def collect(literals: Iterable[Any]) -> Texts:
    """The first text of each language, in the order of the tags."""
    found: Texts = {}
    for literal in sorted(literals, key=lambda term: (term.language or "", term.value)):
        found.setdefault(literal.language or "", literal.value)
    return found


def choose(texts: Texts, language: str, default: str = "") -> str:
    """In that language, else in English, else without language, else whatever there is."""
    for code in (language, "en", ""):
        if code in texts:
            return texts[code]
    return next(iter(texts.values()), default)


def literals(texts: Texts) -> list[Literal]:
    return [
        Literal(text, language=code) if code else Literal(text)
        for code, text in texts.items()
        if text
    ]
