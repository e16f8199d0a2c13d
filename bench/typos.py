"""How many misspelled labels the box for terms understands.

    python -m bench.typos [LABELS] [QUERIES] [SEED] [INDEX]      400,000 labels, 1,000 queries, 11

Labels of places (bench.suggest) are chosen with a seed and misspelled: one edit in those of
four to seven letters, two in longer ones; each inserts, deletes or replaces a letter or exchanges
two neighbours, wherever the seed has it, but for spaces. Labels with fewer than four letters or
with other signs than letters and spaces are passed over. Found: a term that has this very label is
among the first ten. Prints the share by kind of edit, and the time of an answer in this process.
INDEX is a folder to keep the index in, for the next run.
"""

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench import suggest
from bench.clients import load, times
from server.index import labels
from server.index.database import Database
from server.index.folding import fold
from server.viewers import PUBLIC

KINDS = ("insert", "delete", "replace", "transpose")


def main(
    wanted: int = 400_000, queries: int = 1_000, seed: int = 11, kept: Path | None = None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        index = suggest.filled(kept or Path(folder), wanted)
        try:
            print(f"{labels.count(PUBLIC, index, 'places').labels:,} labels, {load()}")
            _measure(index, misspelled(suggest.names(index), queries, seed))
        finally:
            index.close()


def misspelled(names: list[str], count: int, seed: int) -> list[tuple[str, str, tuple[str, ...]]]:
    """(label, what is typed, kinds of edits)."""
    chance = random.Random(seed)
    found = []
    while len(found) < count:
        name = chance.choice(names)
        if len(name.replace(" ", "")) < 4 or not name.replace(" ", "").isalpha():
            continue
        edits = tuple(chance.choice(KINDS) for _ in range(2 if len(name) >= 8 else 1))
        typed = name
        for kind in edits:
            typed = _edited(typed, kind, chance)
        if fold(typed) != fold(name):
            found.append((name, typed, edits))
    return found


def _edited(text: str, kind: str, chance: random.Random) -> str:
    letters = "".join(sorted(set(text.lower()) | set("aeinrst"))).replace(" ", "")
    places = [n for n, letter in enumerate(text) if letter != " "]
    place = chance.choice(places)
    before, letter, after = text[:place], text[place], text[place + 1 :]
    if kind == "insert":
        return before + chance.choice(letters) + letter + after
    if kind == "delete":
        return before + after
    if kind == "replace":
        return before + chance.choice(letters) + after
    return before + after[:1] + letter + after[1:]


def _measure(index: Database, chosen: list[tuple[str, str, tuple[str, ...]]]) -> None:
    asked: Counter[str] = Counter()
    found: Counter[str] = Counter()
    took = []
    for name, typed, edits in chosen:
        start = time.perf_counter()
        hits = labels.suggest(PUBLIC, index, typed)
        took.append(time.perf_counter() - start)
        there = any(_has(index, hit.iri, name) for hit in hits)
        for kind in ("all", f"{len(edits)} edits", *set(edits)):
            asked[kind] += 1
            found[kind] += there
    for kind in asked:
        share = 100 * found[kind] / asked[kind]
        print(f"{kind:10} {asked[kind]:6} asked, {share:5.1f} of 100 found among the first ten")
    print(f"{times(took)}")


def _has(index: Database, iri: str, name: str) -> bool:
    wanted = fold(name)
    term = labels.get_term(PUBLIC, index, iri, "en")
    return any(fold(text) == wanted for _kind, text, _lang in term.labels)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]), *map(Path, sys.argv[4:]))
