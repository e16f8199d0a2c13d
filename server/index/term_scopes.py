"""Parts of a vocabulary: branches of its tree and classes, and what is found inside them.

A scope with up to 100,000 labels is searched in memory: the folded labels of its terms, the best
first, are one text, in which words are looked for at their beginnings. Larger ones are a filter on
what the full-text index finds.
"""

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from server.index.recent_suggestions import Recent
from server.index.term_rows import WITHOUT_QUALIFIER
from server.index.term_trees import branch, is_below, number_of
from server.index.vocabulary_readers import Source

_MOST_TERMS = 50_000
_MOST_LABELS = 100_000
_KEPT = 12  # texts of scopes, up to some 10 MB each


@dataclass(frozen=True, slots=True)
class Scope:
    """Terms of a vocabulary; with `branches` (IRIs) only those terms and all below them over any
    broader; with `classes` only terms of one of these (IRIs of rdf:type, gn:featureClass,
    gn:featureCode)."""

    vocabulary: str
    branches: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        return not (self.branches or self.classes)


class ScopeText:
    """The labels of a scope, found by words without the full-text index."""

    def __init__(self, terms: frozenset[int], rows: list[tuple[int, str]]) -> None:
        self.terms = terms
        self.ids = [number for number, _folded in rows]
        self._text = "".join(f"\n {folded}" for _number, folded in rows) + "\n"
        self._starts: list[int] = []
        place = 0
        for _number, folded in rows:
            self._starts.append(place)
            place += len(folded) + 2

    def labels(self, start: str, words: list[str]) -> Iterator[int]:
        """The ids of labels that begin with `start` and have all these beginnings, best first."""
        wanted = f"\n {start}" if start else f" {max(words, key=len)}"
        others = [f" {word}" for word in words]
        place = self._text.find(wanted)
        while place >= 0:
            row = bisect_right(self._starts, place) - 1
            end = self._text.find("\n", self._starts[row] + 1)
            if all(self._text.find(word, self._starts[row], end) >= 0 for word in others):
                yield self.ids[row]
            place = self._text.find(wanted, end)

    def inside(self, part: str) -> Iterator[int]:
        """The ids of labels with this text inside."""
        place = self._text.find(part)
        while place >= 0:
            row = bisect_right(self._starts, place) - 1
            yield self.ids[row]
            place = self._text.find(part, self._text.find("\n", self._starts[row] + 1))


class Part:
    """A scope of a vocabulary in one of its states; `text` is None where it is too large."""

    def __init__(self, source: Source, scope: Scope) -> None:
        self._starts = _numbers(source, scope.branches)
        self._classes = _classes(source, scope.classes)
        self._scope = scope
        terms = self._terms(source)
        self.text = _text(source, terms) if terms is not None else None

    def _terms(self, source: Source) -> frozenset[int] | None:
        if self._scope.branches:
            found = branch(source, self._starts, _MOST_TERMS + 1)
            if len(found) > _MOST_TERMS:
                return None
            return frozenset(n for n in found if self._has_class(source, n))
        rows = source.connection.execute(
            "SELECT DISTINCT term FROM term_class WHERE class IN (SELECT value FROM json_each(?))"
            " LIMIT ?", (json.dumps(list(self._classes)), _MOST_TERMS + 1),
        ).fetchall()  # fmt: skip
        return frozenset(n for (n,) in rows) if len(rows) <= _MOST_TERMS else None

    def __contains__(self, asked: tuple[Source, int]) -> bool:
        source, number = asked
        if self.text is not None:
            return number in self.text.terms
        below = not self._scope.branches or is_below(source, number, self._starts)
        return below and self._has_class(source, number)

    def _has_class(self, source: Source, number: int) -> bool:
        if not self._scope.classes:
            return True
        found = source.connection.execute(
            "SELECT 1 FROM term_class WHERE term = ? AND class IN"
            " (SELECT value FROM json_each(?))", (number, json.dumps(list(self._classes))),
        )  # fmt: skip
        return found.fetchone() is not None


_parts: Recent[Part] = Recent(_KEPT)


def part(source: Source, scope: Scope) -> Part:
    """What the scope is in this state of the vocabulary; remembered."""
    key = (source.state, scope)
    found = _parts.get(key)
    if found is None:
        found = Part(source, scope)
        _parts.put(key, found)
    return found


def holds(source: Source, scope: Scope, number: int) -> bool:
    """Whether a term that stands belongs to the scope and is offered; without its text."""
    row = source.connection.execute(
        "SELECT deprecated OR guide, classes FROM term WHERE id = ?", (number,)
    ).fetchone()
    if row[0]:
        return False
    if scope.classes and not set(scope.classes) & set(json.loads(row[1])):
        return False
    return not scope.branches or is_below(source, number, _numbers(source, scope.branches))


def _numbers(source: Source, iris: tuple[str, ...]) -> frozenset[int]:
    found = (number_of(source, iri) for iri in iris)
    return frozenset(number for number in found if number is not None)


def _classes(source: Source, iris: tuple[str, ...]) -> frozenset[int]:
    found = source.connection.execute(
        "SELECT id FROM class WHERE iri IN (SELECT value FROM json_each(?))",
        (json.dumps(list(iris)),),
    )
    return frozenset(number for (number,) in found)


def _text(source: Source, terms: frozenset[int]) -> ScopeText | None:
    rows: list[tuple[int, str]] = []
    numbers = sorted(terms)
    for first in range(0, len(numbers), 500):
        found = source.connection.execute(
            "SELECT id, folded FROM label WHERE term IN ({}) AND offered AND variant <> {}".format(
                ",".join(map(str, numbers[first : first + 500])), WITHOUT_QUALIFIER
            )
        )
        rows.extend((number, folded) for number, folded in found)
        if len(rows) > _MOST_LABELS:
            return None
    return ScopeText(terms, sorted(rows))
