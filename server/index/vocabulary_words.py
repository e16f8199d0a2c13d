"""The different words of a vocabulary: what typos are mended by, and where "inside words" looks.

Typos are found as in SymSpell (https://github.com/wolfgarbe/SymSpell), by deleting letters on both
sides: a word within one edit of another shares with it itself or one of its forms with a letter
deleted. Only the beginnings of words are kept so: their first four letters, their first seven, and
words of six letters whole; and the first seven letters of labels of several words, without spaces
(`head`), for words that are short or wrongly divided. A pair packs such a form (its checksum), the
word or head that it comes from, and which of these beginnings it is; two forms with one checksum
are told apart when words are compared. `typo` has sorted pairs by the high bits of their checksum,
eight bytes each: rows of their own took three times as long to write.
"""

import sqlite3
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator

SHORT, WHOLE, LONG, HEAD = range(4)
_LETTERS = {SHORT: 4, WHOLE: 6, LONG: 7, HEAD: 7}
_BUCKETS = 15  # bits of a checksum: 32,768 buckets, some hundred pairs each in a large vocabulary


def key(form: str) -> int:
    return zlib.crc32(form.encode())


def forms(text: str) -> set[str]:
    """The text itself, and with each of its letters deleted."""
    deleted = {text[:n] + text[n + 1 :] for n in range(len(text))}
    return deleted | {text}


def beginning(word: str, kind: int) -> str:
    return word[: _LETTERS[kind]]


def kinds(word: str) -> Iterator[int]:
    """Which beginnings of a word are kept; none of numbers and of words shorter than four."""
    if len(word) < _LETTERS[SHORT] or not word.isalpha():
        return
    yield SHORT
    if len(word) == _LETTERS[WHOLE]:
        yield WHOLE
    elif len(word) >= _LETTERS[LONG]:
        yield LONG


def build(connection: sqlite3.Connection) -> None:
    """All of it, after the labels are in the full-text index."""
    connection.execute("CREATE VIRTUAL TABLE temp.known USING fts5vocab (main, label_search, row)")
    connection.execute(
        "INSERT INTO word (word, labels)"
        " SELECT term, doc FROM temp.known WHERE term >= '0' AND term NOT GLOB '[~^]*'"
    )
    connection.execute(
        "INSERT INTO head (text) SELECT DISTINCT substr(term, 2, 7) FROM temp.known"
        " WHERE term >= '^' AND term < '_' AND length(term) > 7"
        " EXCEPT SELECT substr(word, 1, 7) FROM word WHERE length(word) >= 7"
    )
    connection.execute("DROP TABLE temp.known")
    connection.executemany("INSERT INTO typo VALUES (?, ?)", _buckets(connection))
    connection.execute("INSERT INTO word_search (rowid, word) SELECT id, word FROM word")


def _buckets(connection: sqlite3.Connection) -> Iterator[tuple[int, bytes]]:
    buckets = [array("Q") for _ in range(1 << _BUCKETS)]
    for kind, letters in _LETTERS.items():
        exactly = "=" if kind == WHOLE else ">="
        words = connection.execute(
            "SELECT text, id FROM head WHERE ? ORDER BY text"
            if kind == HEAD
            else f"SELECT word, id FROM word WHERE length(word) {exactly} ? ORDER BY word",
            (letters,),
        )
        _gather(words, kind, letters, buckets)
    for number, pairs in enumerate(buckets):
        if pairs:
            yield number, array("Q", sorted(pairs)).tobytes()


def _gather(
    words: Iterable[tuple[str, int]], kind: int, letters: int, buckets: list["array[int]"]
) -> None:
    """Each beginning once: words come by the alphabet."""
    crc32, shift, last = zlib.crc32, 32 - _BUCKETS, ""
    for word, number in words:
        start = word[:letters]
        if start == last or not word.isalpha():
            continue
        last, low = start, number << 2 | kind
        for form in forms(start):
            found = crc32(form.encode())
            buckets[found >> shift].append(found << 32 | low)


def find(connection: sqlite3.Connection, wanted: Iterable[str]) -> dict[int, set[str]]:
    """The beginnings that have one of these forms, by their kind."""
    by_bucket: dict[int, list[int]] = {}
    crc32, shift = zlib.crc32, 32 - _BUCKETS
    for form in wanted:
        found = crc32(form.encode())
        by_bucket.setdefault(found >> shift, []).append(found << 32)
    numbers: dict[int, set[int]] = {kind: set() for kind in _LETTERS}
    rows = connection.execute(
        f"SELECT bucket, pairs FROM typo WHERE bucket IN ({_listed(by_bucket)})"
    )
    for bucket, data in rows:
        pairs = memoryview(data).cast("Q")
        for first in by_bucket[bucket]:
            place = bisect_left(pairs, first)
            while place < len(pairs) and pairs[place] < first + (1 << 32):
                low = pairs[place] & 0xFFFFFFFF
                numbers[low & 3].add(low >> 2)
                place += 1
    return {kind: _beginnings(connection, kind, some) for kind, some in numbers.items()}


def _beginnings(connection: sqlite3.Connection, kind: int, numbers: set[int]) -> set[str]:
    if not numbers:
        return set()
    column, table = ("text", "head") if kind == HEAD else ("word", "word")
    rows = connection.execute(f"SELECT {column} FROM {table} WHERE id IN ({_listed(numbers)})")
    return {beginning(text, kind) for (text,) in rows}


def _listed(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers))


def add(connection: sqlite3.Connection, words: Iterable[str]) -> None:
    """Words of a label that is added to a vocabulary that is in use."""
    for word in sorted(set(words)):
        row = connection.execute("SELECT id FROM word WHERE word = ?", (word,)).fetchone()
        if row is not None:
            connection.execute("UPDATE word SET labels = labels + 1 WHERE id = ?", (row[0],))
            continue
        number = connection.execute(
            "INSERT INTO word (word, labels) VALUES (?, 1)", (word,)
        ).lastrowid
        assert number is not None
        connection.execute("INSERT INTO word_search (rowid, word) VALUES (?, ?)", (number, word))
        for kind in kinds(word):
            for form in forms(beginning(word, kind)):
                _add_pair(connection, key(form), number << 2 | kind)


def add_head(connection: sqlite3.Connection, folded: str) -> None:
    """How a label of several words begins."""
    head = folded.replace(" ", "")[: _LETTERS[HEAD]]
    if " " not in folded or len(head) < _LETTERS[HEAD] or not head.isalpha():
        return
    cursor = connection.execute("INSERT OR IGNORE INTO head (text) VALUES (?)", (head,))
    if cursor.rowcount > 0 and cursor.lastrowid is not None:
        for form in forms(head):
            _add_pair(connection, key(form), cursor.lastrowid << 2 | HEAD)


def _add_pair(connection: sqlite3.Connection, found: int, low: int) -> None:
    bucket = found >> 32 - _BUCKETS
    row = connection.execute("SELECT pairs FROM typo WHERE bucket = ?", (bucket,)).fetchone()
    pairs = array("Q", row[0] if row else b"")
    pairs.insert(bisect_left(pairs, found << 32 | low), found << 32 | low)
    connection.execute("INSERT OR REPLACE INTO typo VALUES (?, ?)", (bucket, pairs.tobytes()))


def remove(connection: sqlite3.Connection, words: Iterable[str]) -> None:
    """Words of a label that goes; the words stay, and are offered no more at none left."""
    connection.executemany(
        "UPDATE word SET labels = labels - 1 WHERE word = ?", ((word,) for word in set(words))
    )
