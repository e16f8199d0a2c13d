"""The constraints of SHACL Core on strings and languages (section 4.4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from pyoxigraph import BlankNode, Literal

from server.domain.shape_checks import Check, Parameters, Test, each
from server.domain.shape_graphs import ShapeGraph, Term, Values
from server.domain.shape_results import Result
from server.names import SH


def _text(value: Term) -> str | None:
    return None if type(value) is BlankNode else value.value


def min_length(shape: Parameters) -> Iterable[Check]:
    least = shape.integer(SH.minLength)

    def test(value: Term) -> bool:
        text = _text(value)
        return least == 0 or (text is not None and len(text) >= least)

    yield each(test, SH.MinLengthConstraintComponent, shape.origin)


def max_length(shape: Parameters) -> Iterable[Check]:
    most = shape.integer(SH.maxLength)

    def test(value: Term) -> bool:
        text = _text(value)
        return text is not None and len(text) <= most

    yield each(test, SH.MaxLengthConstraintComponent, shape.origin)


def pattern(shape: Parameters) -> Iterable[Check]:
    letters = set(shape.one(SH.flags).value) if shape.all(SH.flags) else set()
    if letters - {"i", "m"}:
        raise ValueError(f"flags of a pattern: {''.join(sorted(letters))}")
    flags = (re.IGNORECASE if "i" in letters else 0) | (re.MULTILINE if "m" in letters else 0)
    for text in shape.all(SH.pattern):
        _require_xpath(text.value)
        try:
            search = re.compile(text.value if flags & re.M else _strict(text.value), flags).search
        except re.error as error:
            raise ValueError(f"pattern {text}: {error}") from error
        yield each(_searching(search), SH.PatternConstraintComponent, shape.origin)


_ESCAPED = set("nrt\\|.-^?*+{}()[]$sSdDwW123456789")
"""What may follow a backslash in XPath's expressions and means the same in Python's (F&O 5.6.1)."""


def _require_xpath(text: str) -> None:
    """Python knows look-ahead, word ends and more, which other readers of a shape do not."""
    if unknown := set(re.findall(r"\\(.)", text, re.DOTALL)) - _ESCAPED:
        raise ValueError(f"pattern {text}: \\{min(unknown)}")
    if "(?" in re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "", text):
        raise ValueError(f"pattern {text}: (?")


def _searching(search: Callable[[str], object]) -> Test:
    def test(value: Term) -> bool:
        text = _text(value)
        return text is not None and search(text) is not None

    return test


def _strict(text: str) -> str:
    r"""Python's `$` also matches before a last newline; XPath's does not (F&O 5.6.1): `\Z`."""
    parts = re.findall(r"\\.|\[(?:\\.|[^\]\\])*\]|.", text, re.DOTALL)
    return "".join(r"\Z" if part == "$" else part for part in parts)


def language_in(shape: Parameters) -> Iterable[Check]:
    ranges = [member.value.lower() for member in shape.members(SH.languageIn)]

    def test(value: Term) -> bool:
        tag = (value.language or "").lower() if type(value) is Literal else ""
        return any(_lang_matches(tag, wanted) for wanted in ranges)

    yield each(test, SH.LanguageInConstraintComponent, shape.origin)


def _lang_matches(tag: str, wanted: str) -> bool:
    """SPARQL 1.1's langMatches: basic filtering of RFC 4647, section 3.3.1."""
    return bool(tag) and (wanted == "*" or tag == wanted or tag.startswith(wanted + "-"))


def unique_lang(shape: Parameters) -> Iterable[Check]:
    if not shape.flag(SH.uniqueLang):
        return

    def check(graph: ShapeGraph, focus: Term, values: Values, results: list[Result]) -> None:
        if len(values) < 2:
            return
        tags = [v.language.lower() for v in values if type(v) is Literal and v.language]
        for _tag in {tag for tag in tags if tags.count(tag) > 1}:
            component = SH.UniqueLangConstraintComponent
            results.append(shape.origin.result(focus, component))

    yield check
