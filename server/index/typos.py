"""Labels that were meant where what was typed fits none, or too few.

Each word that no label has is mended by the words of the vocabulary (`vocabulary_words`): one edit
in words of four letters, two in longer ones of long texts. The mended texts are looked up as whole
labels first, then by their words. What is found is put in order by its distance from what was typed
(optimal string alignment: letters inserted, deleted, replaced or exchanged with their neighbour).
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice, product

from rapidfuzz.distance import OSA

from server.index.folding import squeezed
from server.index.term_rows import head_token
from server.index.term_searches import TYPO, Allowed, Hit, Query, beginning, search
from server.index.vocabulary_readers import Source
from server.index.vocabulary_words import HEAD, LONG, SHORT, WHOLE, find, forms

_LAST = "\U0010ffff"
_ONE, _TWO = 4, 8  # letters from which one edit, and two, are mended
_TWO_MISSING = 2  # letters that may have been left out
_WORDS = 3_000  # words that are compared with one that was typed
_MENDED = 24  # candidates for one word
_TEXTS = 200  # texts that are looked up as whole labels
_SEARCHES = 20  # combinations of mended words that are searched for
_NEAR = 9  # the distance of a whole label with two edits, and another first letter
_HEADS = 60  # beginnings of labels that are followed
_LABELS = 60  # labels of one search by words
_ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "αβγδεζηθικλμνξοπρστυφχψω",
              "абвгдежзийклмнопрстуфхцчшщъыьэюя")  # fmt: skip
#: (distance, a word)
_Candidate = tuple[int, str]


def mended(source: Source, query: Query, allowed: Allowed | None, *, thorough: bool) -> list[Hit]:
    """Labels within the edits that the length allows, the nearest of each term.

    Two edits in one word are looked for where one mends nothing, and only if it is to be
    `thorough`: it takes ten times as long.
    """
    edits = budget(len(query.joined) + (_TWO_MISSING if thorough else 0))
    if not edits:
        return []
    found: dict[int, Hit] = {}
    for step in _steps(source.connection, query, edits, thorough):
        for number, term, text, lang, folded in step:
            distance = distance_of(query, folded, edits)
            if distance is None or (term in found and found[term].distance <= distance):
                continue
            if allowed is None or allowed(term):
                found[term] = Hit(term, TYPO, distance, number >> 32, text, lang, folded)
        if any(hit.distance <= _NEAR for hit in found.values()):
            break
    return list(found.values())


def budget(letters: int) -> int:
    return 2 if letters >= _TWO else 1 if letters >= _ONE - 1 else 0


def distance_of(query: Query, folded: str, edits: int) -> int | None:
    """Twice the edits to the whole label, or one more than twice those to its beginning."""
    together, typed = squeezed(folded), query.joined
    whole = OSA.distance(typed, together, score_cutoff=edits)
    starts = {together[: len(typed) + more] for more in (-1, 0, 1)}
    begun = min(OSA.distance(typed, start, score_cutoff=edits) for start in starts)
    if whole > edits and begun > edits:
        return None if not _any_order(query, folded, edits) else 2 * edits + 2
    first = int(typed[:1] != together[:1])
    return (
        min(2 * whole, 2 * begun + 1) * 2 + first if whole <= edits else (2 * begun + 1) * 2 + first
    )


def _any_order(query: Query, folded: str, edits: int) -> bool:
    words = folded.split()
    return all(
        min(
            (OSA.distance(typed, word[: len(typed) + more], score_cutoff=edits)
             for word in words for more in (0, 1)),
            default=edits + 1,
        ) <= min(edits, budget(len(typed)))
        for typed in query.words
    )  # fmt: skip


def _steps(
    connection: sqlite3.Connection, query: Query, edits: int, thorough: bool
) -> Iterator[Iterable[sqlite3.Row]]:
    """Labels that may be meant; what takes longer comes later."""
    yield _by_words(connection, query, edits, thorough)
    if thorough:
        yield _heads(connection, query, 1)
        if edits > 1:
            yield _heads(connection, query, 2)


def _by_words(
    connection: sqlite3.Connection, query: Query, edits: int, thorough: bool
) -> Iterator[sqlite3.Row]:
    choices = [
        candidates(connection, word, edits, is_last=n == len(query.words) - 1, thorough=thorough)
        for n, word in enumerate(query.words)
    ]
    texts = islice((" ".join(words) for words in _nearest(choices)), _TEXTS)
    yield from _whole_labels(connection, [*texts, *_split(query)])
    kept = [some for some in choices if some]
    if kept and len(kept) >= len(choices) - 1:
        for words in islice(_nearest(kept), _SEARCHES):
            yield from islice(search(connection, _all(words)), _LABELS)
    if len(query.words) == 1:
        for _distance, word in choices[0][:8]:
            yield from islice(search(connection, head_token(word)), _LABELS)


def _all(words: Iterable[str]) -> str:
    *firsts, last = words
    return " AND ".join([*(f'"{word}"' for word in firsts), beginning(last)])


def _nearest(choices: list[list[_Candidate]]) -> Iterator[tuple[str, ...]]:
    """One word of each, the combinations with the fewest edits first; none where one has none."""
    narrowed = [some[: max(int(_TEXTS ** (1 / len(choices))), 3)] for some in choices]
    found = sorted(
        (sum(d for d, _word in words), n, tuple(word for _d, word in words))
        for n, words in enumerate(islice(product(*narrowed), 4 * _TEXTS))
    )
    return (words for _distance, _n, words in found)


def _whole_labels(connection: sqlite3.Connection, texts: Iterable[str]) -> Iterator[sqlite3.Row]:
    return iter(
        connection.execute(
            "SELECT id, term, text, lang, folded FROM label WHERE offered AND folded IN"
            " (SELECT value FROM json_each(?)) ORDER BY id LIMIT 500",
            (json.dumps(list(dict.fromkeys(texts))),),
        )
    )


def _split(query: Query) -> Iterator[str]:
    """Two words that were written as one, or one as two, without another edit."""
    yield query.joined
    for n in range(2, len(query.joined) - 1) if len(query.words) == 1 else ():
        yield f"{query.joined[:n]} {query.joined[n:]}"


def candidates(
    connection: sqlite3.Connection, word: str, edits: int, *, is_last: bool, thorough: bool = True
) -> list[_Candidate]:
    """(edits, word) of the words that may be meant, itself first if there is such a word."""
    allowed = min(edits, 2 if len(word) >= 6 else 1)
    known = connection.execute(
        "SELECT word FROM word WHERE word >= ? AND word < ? AND labels > 0 ORDER BY word LIMIT ?",
        (word, word + _LAST, 3 if is_last else 1),
    ).fetchall()
    found = {each: 0 for (each,) in known if is_last or each == word}
    if not word.isalpha():
        return [(0, word)] if found else []
    if len(word) < _ONE:
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


def _heads(connection: sqlite3.Connection, query: Query, edits: int) -> Iterator[sqlite3.Row]:
    """Labels whose beginning is near, wherever it is divided into words."""
    start = query.joined[:7]
    if len(start) < 7:
        return
    wanted = forms(start) if edits == 1 else {f for v in variants(start) for f in forms(v)}
    near = find(connection, wanted, HEAD) | find(connection, wanted, LONG)
    ordered = sorted((OSA.distance(start, head), head) for head in near)
    for distance, head in ordered[:_HEADS]:
        if distance <= 2:
            yield from islice(search(connection, head_token(head)), _LABELS)


def _beginnings(connection: sqlite3.Connection, word: str, edits: int) -> set[str]:
    if len(word) < 7:
        return find(connection, forms(word[:4]), SHORT)
    start = word[:7]
    wanted = forms(start) if edits == 1 else {f for v in variants(start) for f in forms(v)}
    return find(connection, wanted, LONG) | find(connection, wanted, WHOLE)


def variants(text: str) -> set[str]:
    """Everything within one edit, of the letters of the same alphabet."""
    alphabet = next((a for a in _ALPHABETS if not set(text).isdisjoint(a)), None) or _script(text)
    cuts = [(text[:n], text[n:]) for n in range(len(text) + 1)]
    found = {a + b[1:] for a, b in cuts if b}
    found |= {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    found |= {a + c + b[1:] for a, b in cuts if b for c in alphabet}
    return found | {a + c + b for a, b in cuts for c in alphabet}


def _script(text: str) -> str:
    """The letters near to these: an alphabet stands together in Unicode."""
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
        if distance > edits and is_last and len(word) >= _ONE:
            distance = OSA.distance(word, each[: len(word)], score_cutoff=edits)
        if distance <= edits:
            found.append((2 * distance + (each[:1] != word[:1]), -labels, each))
    return found


def _words(
    connection: sqlite3.Connection, starts: set[str], word: str, edits: int, tail: str,
    is_last: bool,
) -> sqlite3.Cursor:  # fmt: skip
    unfinished = 100 if len(word) > 5 else 2
    return connection.execute(
        "SELECT word, labels FROM json_each(:starts) JOIN word"
        " ON word >= value AND word < value || :last WHERE labels > 0"
        " AND length(word) BETWEEN :shortest AND :longest"
        " AND (:tail = '' OR instr(substr(word, :from), :tail) BETWEEN 1 AND 3) LIMIT :most",
        {
            "starts": json.dumps(sorted(starts)), "last": _LAST, "shortest": len(word) - edits,
            "longest": len(word) + (unfinished if is_last else edits), "tail": tail,
            "from": len(word) - len(tail), "most": _WORDS,
        },
    )  # fmt: skip
