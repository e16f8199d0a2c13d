"""Labels with a text inside their words, and terms by the words of their notes."""

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice

from server.index.term_scopes import Part
from server.index.term_searches import MOST, NOTE, SUBSTRING, Allowed, Hit, beginning, search
from server.index.vocabulary_readers import Source

_SCANNED = 10_000  # labels of a vocabulary that is looked through whole
_WORDS = 60  # words with the text inside, those of the most labels
_SHORTEST = 3  # letters that the index of words can look for
_NOTES = 20_000


def inside(
    source: Source, text: str, part: Part | None, allowed: Allowed | None, limit: int
) -> list[Hit]:
    """Labels with this (folded) text anywhere, the best first, one of each term."""
    found: dict[int, Hit] = {}
    for number, term, label, lang, folded in islice(_rows(source, text, part), 4 * MOST):
        if text in folded and term not in found and (allowed is None or allowed(term)):
            found[term] = Hit(term, SUBSTRING, 0, number >> 32, label, lang, folded)
            if len(found) == 4 * limit:
                break
    return list(found.values())


def _rows(source: Source, text: str, part: Part | None) -> Iterator[sqlite3.Row]:
    connection = source.connection
    if part is not None and part.text is not None:
        for number in part.text.inside(text):
            yield _label(connection, number)
    elif source.facts.labels <= _SCANNED:
        yield from connection.execute(
            "SELECT id, term, text, lang, folded FROM label WHERE offered AND"
            " instr(folded, ?) ORDER BY id", (text,),
        )  # fmt: skip
    else:
        yield from _by_words(connection, text)


def _label(connection: sqlite3.Connection, number: int) -> sqlite3.Row:
    row: sqlite3.Row = connection.execute(
        "SELECT id, term, text, lang, folded FROM label WHERE id = ?", (number,)
    ).fetchone()
    return row


def _by_words(connection: sqlite3.Connection, text: str) -> Iterator[sqlite3.Row]:
    """By the longest piece: the first may end a word, the last may begin one."""
    pieces = text.split()
    longest = max(range(len(pieces)), key=lambda n: len(pieces[n]))
    piece = pieces[longest]
    if longest > 0 or len(piece) < _SHORTEST:
        yield from search(connection, beginning(piece))
        return
    words = connection.execute(
        "SELECT word.word FROM word_search JOIN word ON word.id = word_search.rowid"
        " WHERE word_search MATCH ? AND labels > 0 AND instr(word.word, ?)"
        " ORDER BY labels DESC LIMIT ?", (_trigrams(piece), piece, _WORDS),
    )  # fmt: skip
    if found := [f'"{word}"' for (word,) in words]:
        yield from search(connection, " OR ".join(found))


def _trigrams(piece: str) -> str:
    """Words with all its trigrams: the index keeps no positions."""
    return " AND ".join(f'"{piece[n : n + 3]}"' for n in range(len(piece) - 2))


def with_notes(source: Source, words: Sequence[str]) -> frozenset[int]:
    """The terms whose notes have words that begin so."""
    found = source.connection.execute(
        "SELECT rowid FROM note_search WHERE note_search MATCH ? ORDER BY rowid LIMIT ?",
        (" AND ".join(map(beginning, words)), _NOTES),
    )
    return frozenset(number for (number,) in found)


def by_notes(
    source: Source, words: Sequence[str], allowed: Allowed | None, limit: int
) -> list[Hit]:
    """Terms whose notes have the words, the weightiest first."""
    found = []
    for term in sorted(with_notes(source, words))[:MOST]:
        row = source.connection.execute(
            "SELECT id, term, text, lang, folded FROM label WHERE term = ? AND offered"
            " ORDER BY kind DESC, id LIMIT 1", (term,),
        ).fetchone()  # fmt: skip
        if row is not None and (allowed is None or allowed(term)):
            found.append(Hit(term, NOTE, 0, row["id"] >> 32, row["text"], row["lang"], ""))
    return sorted(found, key=lambda hit: hit.order)[: 4 * limit]
