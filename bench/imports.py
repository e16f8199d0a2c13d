"""Records a second: an import of clean EDM against `bulk_load` of the same triples, in turns.

python -m bench.imports [RECORDS] [ROUNDS]

The import is all of it: reading in the child, checks, sorting, the difference, the journal, the
load and the index. `bulk_load` gets the same triples as one RDF/XML file, and the same named graph.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store

from server.domain import accounts, imports, opening
from server.domain.collections import Said
from server.domain.imports import Options
from server.settings import Settings

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
  xmlns:edm="http://www.europeana.eu/schemas/edm/"
  xmlns:ore="http://www.openarchives.org/ore/terms/"
  xmlns:skos="http://www.w3.org/2004/02/skos/core#">
"""
_RECORD = """<edm:ProvidedCHO rdf:about="{b}"><dc:creator rdf:resource="{b}/maker"/>
<dc:date>{year}</dc:date><dc:description xml:lang="en">A drawing of a flower bed, number {i}, in ink
and watercolour on laid paper; the sheet was folded twice.</dc:description>
<dc:identifier>INV {i}</dc:identifier><dc:language>en</dc:language>
<dc:subject xml:lang="en">garden</dc:subject><dc:subject xml:lang="en">flower {few}</dc:subject>
<dc:title xml:lang="en">Garden study {i}</dc:title><dc:type xml:lang="en">drawing</dc:type>
<dcterms:extent>210 x 297 mm</dcterms:extent><dcterms:medium xml:lang="en">paper</dcterms:medium>
<edm:type>IMAGE</edm:type></edm:ProvidedCHO>
<edm:WebResource rdf:about="{b}/image.jpg"><dc:format>image/jpeg</dc:format></edm:WebResource>
<edm:Agent rdf:about="{b}/maker"><skos:prefLabel xml:lang="en">Maker {few}</skos:prefLabel>
</edm:Agent><ore:Aggregation rdf:about="{b}/aggregation"><edm:aggregatedCHO rdf:resource="{b}"/>
<edm:dataProvider>Museum</edm:dataProvider><edm:isShownAt rdf:resource="{b}.html"/>
<edm:isShownBy rdf:resource="{b}/image.jpg"/><edm:provider>Aggregator</edm:provider>
<edm:rights rdf:resource="http://creativecommons.org/publicdomain/mark/1.0/"/></ore:Aggregation>
"""
_PER_FILE = 500


def record(number: int, edition: int = 0) -> str:
    """One record of 24 triples; another edition has another date and description."""
    return _RECORD.format(
        b=f"http://museum.example/object/{number:07d}", i=f"{number}-{edition}", few=number % 500,
        year=1700 + number % 200,
    )  # fmt: skip


def write(folder: Path, records: int, edition: int = 0, start: int = 0) -> tuple[Path, Path]:
    """(a folder of files of 500 records each, all of them as one file)."""
    parts = folder / f"edm-{edition}"
    parts.mkdir()
    whole = folder / f"whole-{edition}.rdf"
    with whole.open("w") as file:
        file.write(_HEAD)
        for first in range(start, start + records, _PER_FILE):
            numbers = range(first, min(first + _PER_FILE, start + records))
            text = "".join(record(number, edition) for number in numbers)
            file.write(text)
            (parts / f"{first:08d}.xml").write_text(f"{_HEAD}{text}</rdf:RDF>\n")
        file.write("</rdf:RDF>\n")
    return parts, whole


@contextmanager
def temporary() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        yield Path(name)


def load(whole: Path) -> float:
    with temporary() as folder:
        store = Store(folder)
        started = time.perf_counter()
        store.bulk_load(
            path=whole, format=RdfFormat.RDF_XML, to_graph=NamedNode("http://museum.example/graph")
        )
        return time.perf_counter() - started


def bring_in(parts: Path) -> tuple[float, float]:
    """Seconds of the import, and those of them that reading took."""
    with temporary() as folder:
        settings, now = Settings(data=folder), datetime.now(UTC)
        opening.create(settings)
        with opening.opened(settings) as desk:
            person = accounts.create_user(
                desk, "Ada", "ada@example.org", "correct horse battery", "organiser", now=now
            )
            options = Options(Said("drawings", "Drawings"), (parts,))
            started = time.perf_counter()
            prepared = imports.prepare(desk, person, options, now=now)
            read = time.perf_counter() - started
            imports.apply(desk, person, prepared, now=now)
            return time.perf_counter() - started, read


def main() -> None:
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with temporary() as folder:
        parts, whole = write(folder, records)
        loads, all_, reads = [], [], []
        for _round in range(rounds):
            loads.append(load(whole))
            total, read = bring_in(parts)
            all_.append(total)
            reads.append(read)
    ratios = [load_ / total for load_, total in zip(loads, all_, strict=True)]
    print(f"{records} records of 24 triples, median of {rounds} rounds")
    print(f"bulk_load  {records / statistics.median(loads):8.0f} records/s")
    print(f"import     {records / statistics.median(all_):8.0f} records/s")
    print(f"of it reading {statistics.median(reads):.2f} s of {statistics.median(all_):.2f} s")
    print(f"ratio      {statistics.median(ratios):8.2f}  ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
