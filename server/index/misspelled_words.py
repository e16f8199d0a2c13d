"""The words of a vocabulary that are meant by one that is misspelled or unfinished."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice

from rapidfuzz.distance import OSA

from server.index.vocabulary_words import LONG, SHORT, WHOLE, find, forms

ONE = 4  # letters from which an edit is mended
LAST = "\U0010ffff"
_START = 7  # letters of the beginnings of long words
_WORDS = 3_000  # words that are compared with one that was typed
_MENDED = 24  # candidates for one word
_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "αβγδεζηθικλμνξοπρστυφχψω",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
)
#: (distance, a word)
Candidate = tuple[int, str]


def candidates(
    connection: sqlite3.Connection, word: str, edits: int, *, is_last: bool, thorough: bool = True
) -> list[Candidate]:
    """(edits, word) of the words that may be meant, itself first if there is such a word."""
    allowed = min(edits, 2 if len(word) >= 6 else 1)
    known = connection.execute(
        "SELECT word FROM word WHERE word >= ? AND word < ? AND labels > 0 ORDER BY word LIMIT ?",
        (word, word + LAST, 1),
    ).fetchall()
    found = {word: 0} if known and (is_last or known[0][0] == word) else {}
    if not word.isalpha():
        return [(0, word)] if found else []
    if len(word) < ONE:
        found.update(_short(connection, word, found))
    near = _compare(connection, word, _beginnings(connection, word, 1), allowed, is_last)
    if thorough and allowed > 1 and len(word) >= 7 and not any(d <= 1 for d, _l, _w in near):
        near += _compare(connection, word, _beginnings(connection, word, 2), allowed, is_last)
    for distance, _labels, each in sorted(near):
        found.setdefault(each, distance)
    return [(distance, each) for each, distance in islice(found.items(), _MENDED)]


def _short(connection: sqlite3.Connection, word: str, known: dict[str, int]) -> dict[str, int]:
    """Of the words of few letters, those within one edit: by looking each of them up."""
    rows = connection.execute(
        "SELECT word FROM json_each(?) JOIN word ON word = value WHERE labels > 0"
        " ORDER BY labels DESC LIMIT ?", (json.dumps(sorted(variants(word) - {word})), _MENDED),
    )  # fmt: skip
    return known | {each: 2 + (each[:1] != word[:1]) for (each,) in rows if each not in known}


def _beginnings(connection: sqlite3.Connection, word: str, edits: int) -> set[str]:
    if len(word) < _START:
        return find(connection, forms(word[:4]))[SHORT]
    found = near(connection, word, edits)
    return found[LONG] | found[WHOLE]


def near(connection: sqlite3.Connection, text: str, edits: int) -> dict[int, set[str]]:
    """The beginnings that are within one or two edits of a text's, by their kind."""
    return find(connection, tried(text, edits))


def tried(text: str, edits: int) -> set[str]:
    """Forms of which the beginnings that are near have one."""
    return forms(text[:_START]) if edits == 1 else set(_two_edits(text))


def _two_edits(text: str) -> Iterator[str]:
    """Forms that the beginnings within two edits have: those without the letter of one of them."""
    start, alphabet = text[:_START], _alphabet(text)
    for n in range(len(start)):
        before, after = start[:n], start[n + 1 :]
        yield before + after  # one too many, one missing
        for m in range(len(after)):
            yield from (before + after[:m] + c + after[m + 1 :] for c in alphabet)
    for c in alphabet:
        yield from (text[:n] + c + text[n + 1 : _START - 1] for n in range(_START - 1))
        yield from (text[:n] + c + text[n : _START - 2] for n in range(_START - 1))
    for more in (0, 1, 2):  # one or two too many
        for each in _without(text[: _START + more]):
            yield from _without(each)
    for each in (start, *_without(text[: _START + 1])):
        yield from _exchanged(each)
    yield from _exchanged(text[: _START - 1])
    for each in _exchanged(start):
        yield from (*_exchanged(each), *_without(each))


def _without(text: str) -> Iterator[str]:
    return (text[:n] + text[n + 1 :] for n in range(len(text)))


def _exchanged(text: str) -> Iterator[str]:
    return (text[:n] + text[n + 1] + text[n] + text[n + 2 :] for n in range(len(text) - 1))


def variants(text: str) -> set[str]:
    """Everything within one edit, of the letters of the same alphabet."""
    alphabet = _alphabet(text)
    cuts = [(text[:n], text[n:]) for n in range(len(text) + 1)]
    found = {a + b[1:] for a, b in cuts if b}
    found |= {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    found |= {a + c + b[1:] for a, b in cuts if b for c in alphabet}
    return found | {a + c + b for a, b in cuts for c in alphabet}


def _alphabet(text: str) -> str:
    """The letters of a script, which stand together in Unicode."""
    for known in _ALPHABETS:
        if not set(text).isdisjoint(known):
            return known
    start = min(map(ord, text)) // 64 * 64
    return "".join(
        c
        for c in map(chr, range(start, start + 64))
        if c.isalpha() and c.islower() == text[0].islower()
    )


def _compare(
    connection: sqlite3.Connection, word: str, starts: set[str], edits: int, is_last: bool
) -> list[tuple[int, int, str]]:
    """(edits, -labels, word) of words that begin so and are near enough."""
    same = {start for start in starts if word.startswith(start)}
    rows = [*_words(connection, same, word, edits, "", is_last)]
    # What is not alike at the beginning has the one edit there, and is alike after it.
    tail = word[max(map(len, starts), default=0) + 1 :] if edits == 1 else ""
    rows += _words(connection, starts - same, word, edits, tail, is_last)
    found = []
    for each, labels in rows:
        distance = OSA.distance(word, each, score_cutoff=edits)
        if distance > edits and is_last and len(word) >= ONE:
            distance = OSA.distance(word, each[: len(word)], score_cutoff=edits)
        if distance <= edits:
            found.append((2 * distance + (each[:1] != word[:1]), -labels, each))
    return found


def _words(
    connection: sqlite3.Connection, starts: set[str], word: str, edits: int, tail: str,
    is_last: bool,
) -> Iterable[tuple[str, int]]:  # fmt: skip
    unfinished = 100 if len(word) > 5 else 2
    if not starts:
        return ()
    return connection.execute(
        "SELECT word, labels FROM json_each(:starts) JOIN word"
        " ON word >= value AND word < value || :last WHERE labels > 0"
        " AND length(word) BETWEEN :shortest AND :longest"
        " AND (:tail = '' OR instr(substr(word, :from), :tail) BETWEEN 1 AND 3) LIMIT :most",
        {
            "starts": json.dumps(sorted(starts)), "last": LAST, "shortest": len(word) - edits,
            "longest": len(word) + (unfinished if is_last else edits), "tail": tail,
            "from": len(word) - len(tail), "most": _WORDS,
        },
    )  # fmt: skip
