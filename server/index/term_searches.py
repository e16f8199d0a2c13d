"""The labels of one vocabulary that fit what was typed, the best steps first.

Each step is lazy: most often the first ones are enough, and the full-text index is read only as far
as its best rows are wanted.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from server.index.folding import squeezed
from server.index.term_names import place_of
from server.index.term_rows import HEAD, LANGUAGE_HEAD, head_token, language_head_token
from server.index.term_scopes import Part
from server.index.vocabulary_readers import Source

IDENTIFIER, EXACT, PREFIX, WORDS, SUBSTRING, TYPO, NOTE = range(7)
MATCHES = ("identifier", "exact", "prefix", "words", "substring", "typo", "note")
ENOUGH = 24  # labels that are put in order, at the least
MOST = 400  # labels of one step that are looked at: a place can have a hundred alike
_MOST_FILTERED = 3_000
_MANY = 500  # labels that begin alike: more are read best first, by a shorter beginning
_COMMON = 20_000  # labels with such a word, of which doclists of its first letters are read instead
_LETTERS = 6  # the longest beginning that has a doclist of its own
_COLUMNS = "label.id, term, text, lang, folded"
_LAST = "\U0010ffff"


class Hit(NamedTuple):
    """A label that fits; `distance` counts edits; `order` is the order of the label."""

    term: int
    match: int
    distance: int
    order: int
    text: str
    lang: str
    folded: str


Allowed = Callable[[int], bool]


class Query:
    """What was typed: its words, and how many terms are wanted in which languages."""

    def __init__(self, words: list[str], languages: tuple[str, ...], limit: int) -> None:
        self.words = words
        self.head = " ".join(words)
        self.joined = squeezed(self.head)
        self.languages = languages
        self.limit = limit
        self._beginnings = [f" {word}" for word in words]

    def fit(self, folded: str) -> int | None:
        """How a label fits: what it matches as, None where it does not."""
        if folded.startswith(self.head):
            return EXACT if folded == self.head else PREFIX
        together = squeezed(folded)
        if together.startswith(self.joined):
            return EXACT if together == self.joined else PREFIX
        padded = f" {folded}"
        return WORDS if all(word in padded for word in self._beginnings) else None


def find(source: Source, query: Query, part: Part | None, allowed: Allowed | None) -> list[Hit]:
    """Labels that fit, at least those of the best terms; `allowed` says which terms may come."""
    found: dict[int, Hit] = {}
    for step in _steps(source, query, part):
        _take(found, step, query, _filter(source, part, allowed))
        if sum(hit.match <= PREFIX for hit in found.values()) >= query.limit:
            break
    return list(found.values())


def _filter(source: Source, part: Part | None, allowed: Allowed | None) -> Allowed | None:
    if part is None or part.text is not None:
        return allowed
    if allowed is None:
        return lambda number: (source, number) in part
    return lambda number: allowed(number) and (source, number) in part


def _take(
    found: dict[int, Hit], rows: Iterable[sqlite3.Row], query: Query, allowed: Allowed | None
) -> None:
    """The best label of each term, until there are enough."""
    begun, most = len(found), MOST if allowed is None else _MOST_FILTERED
    refused: set[int] = set()
    for count, (number, term, text, lang, folded) in enumerate(rows, 1):
        if count > most or (count > ENOUGH and len(found) - begun >= query.limit):
            return
        match = query.fit(folded)
        before = found.get(term)
        if match is None or term in refused or (before and before.match <= match):
            continue
        if allowed is not None and before is None and not allowed(term):
            refused.add(term)
            continue
        found[term] = Hit(term, match, 0, number >> 32, text, lang, folded)


def _steps(source: Source, query: Query, part: Part | None) -> Iterator[Iterable[sqlite3.Row]]:
    connection = source.connection
    if part is not None and part.text is not None:
        yield _by_ids(connection, part.text.labels(query.head, []))
        yield _by_ids(connection, part.text.labels("", query.words))
        return
    yield connection.execute(
        f"SELECT {_COLUMNS} FROM label WHERE folded = ? AND offered ORDER BY id", (query.head,)
    )
    yield from _beginning_so(source, query)
    yield search(connection, _contains(connection, query.words))


def _beginning_so(source: Source, query: Query) -> Iterator[Iterable[sqlite3.Row]]:
    """Labels that begin with what was typed: all, where they are few, else by language first."""
    connection, begins = source.connection, _begins(source.connection, query)
    short = len(query.joined) <= LANGUAGE_HEAD
    cursor = search(connection, begins)
    few = [] if short else cursor.fetchmany(ENOUGH)
    if short or len(few) == ENOUGH:
        for language in filter(None, query.languages[:2]):
            if language in source.facts.languages:
                token = language_head_token(query.joined, language)
                yield search(connection, token if short else f"{token} AND {begins}")
    yield chain(sorted(few, key=lambda row: place_of(query.languages, row[3])), cursor)


def _by_ids(connection: sqlite3.Connection, ids: Iterator[int]) -> Iterator[sqlite3.Row]:
    for number in ids:
        yield connection.execute(f"SELECT {_COLUMNS} FROM label WHERE id = ?", (number,)).fetchone()


def search(connection: sqlite3.Connection, match: str) -> sqlite3.Cursor:
    """Labels by the full-text index, the best first."""
    return connection.execute(
        f"SELECT {_COLUMNS} FROM label_search JOIN label ON label.id = label_search.rowid"
        " WHERE label_search MATCH ? ORDER BY label_search.rowid", (match,),
    )  # fmt: skip


def _begins(connection: sqlite3.Connection, query: Query) -> str:
    """Labels that begin so: of many, those that begin alike and have the words, read lazily."""
    if len(query.joined) < _LETTERS:
        return head_token(query.joined)
    found = connection.execute(
        "SELECT COUNT(*) FROM (SELECT 1 FROM label WHERE offered AND folded >= ? AND folded < ?"
        " LIMIT ?)", (query.head, query.head + _LAST, _MANY),
    ).fetchone()[0]  # fmt: skip
    if found < _MANY:
        return head_token(query.joined[:HEAD])
    words = (beginning(word[:_LETTERS]) for word in query.words)
    return " AND ".join((head_token(query.joined[: _LETTERS - 1]), *words))


def _contains(connection: sqlite3.Connection, words: list[str]) -> str:
    return " AND ".join(
        beginning(word[:_LETTERS] if _is_common(connection, word) else word)
        for word in dict.fromkeys(words)
    )


def beginning(word: str) -> str:
    return f'"{word}" *'


def _is_common(connection: sqlite3.Connection, word: str) -> bool:
    """A long word whose labels are so many that gathering them all takes its time."""
    if len(word) <= _LETTERS:
        return False
    found = connection.execute(
        "SELECT SUM(labels) FROM (SELECT labels FROM word WHERE word >= ? AND word < ? LIMIT 60)",
        (word, word + _LAST),
    ).fetchone()[0]
    return (found or 0) > _COMMON
