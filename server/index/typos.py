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
from server.index.misspelled_words import ONE, Candidate, candidates, near
from server.index.term_rows import head_token
from server.index.term_searches import TYPO, Allowed, Hit, Query, beginning, search
from server.index.vocabulary_readers import Source
from server.index.vocabulary_words import HEAD, LONG

_TWO = 8  # letters from which two edits are mended
_TWO_MISSING = 2  # letters that may have been left out
_TEXTS = 200  # texts that are looked up as whole labels
#: Combinations of mended words that are searched for, and labels of each that are compared.
_THOROUGH, _QUICK = (6, 60), (2, 12)
_TOGETHER = 300  # labels with any candidate of the words that are compared
_LEAVING = range(2, 5)  # words of a query of which one may be without any candidate
_FEW = 8
_NEAR = 9  # the distance of a whole label with two edits, and another first letter
_HEADS = 60  # beginnings of labels that are followed
_Choices = list[list[Candidate]]  # of each word


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
    return 2 if letters >= _TWO else 1 if letters >= ONE - 1 else 0


def distance_of(query: Query, folded: str, edits: int) -> int | None:
    """By twice the edits to the whole label, or to its beginning and a little more; doubled, and
    one more where the first letter is another. None where it is too far."""
    together, typed = squeezed(folded), query.joined
    other = int(typed[:1] != together[:1])
    whole = OSA.distance(typed, together, score_cutoff=edits)
    if whole <= edits:
        return 4 * whole + other
    if len(together) > len(typed):
        begun = min(
            OSA.distance(typed, together[: len(typed) + more], score_cutoff=edits)
            for more in (0, -1, 1)
        )
        if begun <= edits:
            return 4 * begun + 2 + other
    in_any_order = " " in folded and _any_order(query, folded, edits)
    return 4 * edits + 4 if in_any_order else None


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
    choices = [
        candidates(connection, word, edits, is_last=n == len(query.words) - 1, thorough=thorough)
        for n, word in enumerate(query.words)
    ]
    yield _by_words(connection, query, choices, *(_THOROUGH if thorough else _QUICK))
    if thorough:
        yield _most_words(connection, choices)
        yield _heads(connection, query, 1)
        if edits > 1:
            yield _heads(connection, query, 2)


def _by_words(
    connection: sqlite3.Connection, query: Query, choices: _Choices, searches: int, labels: int
) -> Iterator[sqlite3.Row]:
    texts = islice((" ".join(words) for words in _nearest(choices)), _TEXTS)
    yield from _whole_labels(connection, [*texts, *_split(query)])
    for words in islice(_nearest(choices), searches):
        yield from islice(search(connection, _all(words)), labels)
    if len(choices) == 1:
        for _distance, word in choices[0][: searches // 2]:
            yield from islice(search(connection, head_token(word)), labels)


def _most_words(connection: sqlite3.Connection, choices: _Choices) -> Iterator[sqlite3.Row]:
    """Labels with any candidate of each word, then of each but one."""
    groups = [_any(some) for some in choices]
    for out in range(-1, len(groups) if len(groups) in _LEAVING else 0):
        kept = [group for n, group in enumerate(groups) if n != out]
        if all(kept):
            yield from islice(search(connection, " AND ".join(kept)), _TOGETHER)


def _any(some: list[Candidate]) -> str:
    """Of short words only a few: very many labels have one like them."""
    few = some[:_FEW] if some and len(some[0][1]) < ONE else some
    words = (f'"{word}"' if distance else beginning(word) for distance, word in few)
    return f"({' OR '.join(words)})" if few else ""


def _all(words: Iterable[str]) -> str:
    *firsts, last = words
    return " AND ".join([*(f'"{word}"' for word in firsts), beginning(last)])


def _nearest(choices: _Choices) -> Iterator[tuple[str, ...]]:
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


def _heads(connection: sqlite3.Connection, query: Query, edits: int) -> Iterator[sqlite3.Row]:
    """Labels whose beginning is near, wherever it is divided into words."""
    start = query.joined[:7]
    if len(start) < 7:
        return
    found = near(connection, query.joined, edits)
    ordered = sorted((OSA.distance(start, head), head) for head in found[HEAD] | found[LONG])
    for distance, head in ordered[:_HEADS]:
        if distance <= 2:
            yield from islice(search(connection, head_token(head)), _THOROUGH[1])
