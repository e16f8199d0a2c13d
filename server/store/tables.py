"""Solutions as Oxigraph writes them in a table: tab-separated values, read a cell at a time.

It writes them without Python's lock, so that another thread goes on meanwhile.
Source: SPARQL 1.1 Query Results CSV and TSV Formats (https://www.w3.org/TR/sparql11-results-csv-tsv/).
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from pyoxigraph import (
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse_query_results,
    serialize,
)

from server.names import RDF

_LESS = ord("<")
#: How terms begin, beside IRIs, that tables and N-Triples write alike: numbers and truth values
#: stand bare in tables.
ALIKE = (b'"', b"_:")


def rows(table: bytes) -> Iterator[list[bytes]]:
    """The cells of each row after the names of the columns; tabs and ends of lines are escaped."""
    return (row.split(b"\t") for row in table.split(b"\n")[1:-1])


def is_iri(cell: bytes) -> bool:
    """Triples in triples begin with `<<`."""
    return cell[0] == _LESS != cell[1]


@lru_cache(1_000)
def in_n_triples(cell: bytes) -> bytes:
    """The same term in a line of N-Triples, for those that are neither IRIs nor `ALIKE`."""
    kind, form = RDF.type, QueryResultsFormat.TSV
    (row,) = cast(QuerySolutions, parse_query_results(b"?o\n%b\n" % cell, form))
    line = cast(bytes, serialize([Triple(kind, kind, row["o"])], format=RdfFormat.N_TRIPLES))
    return line.removeprefix(f"{kind} {kind} ".encode()).removesuffix(b" .\n")
