"""What one graph says of many resources, as lines of N-Triples.

Oxigraph writes the values itself, without Python's lock and without a term of Python's for each:
half as long as reading them, and another thread can pack meanwhile (measured).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from pyoxigraph import (
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse_query_results,
    serialize,
)

from server.domain.dump_resources import OTHERS, STATEMENTS
from server.domain.dump_snapshots import Snapshot
from server.names import RDF

_TYPE = str(RDF.type).encode()
_OTHERS = {str(kind).encode() for kind in OTHERS}
_IRI, _TRIPLE = ord("<"), b"<<"
#: How values begin that tables and lines write alike; triples in triples are rare.
_ALIKE = (b"<h", b"<u", b'"', b"_:")


@dataclass(frozen=True, slots=True)
class Lines:
    """Of each node its lines, the nodes that all name, and those that are items or their parts.

    Nodes stand as in N-Triples, `<iri>`.
    """

    about: dict[bytes, list[bytes]]
    links: dict[bytes, None]
    anchors: set[bytes]


def in_graph(state: Snapshot, graph: NamedNode, nodes: Sequence[NamedNode]) -> Lines:
    """What the graph says of them."""
    table = state.table(STATEMENTS, graph=graph, nodes=nodes)
    found = Lines({str(node).encode(): [] for node in nodes}, {}, set())
    numbered = {b"%d" % number: said for number, said in enumerate(found.about.items())}
    for row in table.split(b"\n")[1:-1]:
        number, property_, value = row.split(b"\t")
        node, lines = numbered[number]
        if not value.startswith(_ALIKE):
            value = _spelled_out(value)
        if value[0] == _IRI and not value.startswith(_TRIPLE):
            if property_ != _TYPE:
                found.links[value] = None
            elif value in _OTHERS:
                found.anchors.add(node)
        lines.append(b"%b %b %b .\n" % (node, property_, value))
    return found


@lru_cache(1_000)
def _spelled_out(value: bytes) -> bytes:
    """Numbers and truth values stand bare in tables, as in Turtle."""
    form = QueryResultsFormat.TSV
    (row,) = cast(QuerySolutions, parse_query_results(b"?o\n%b\n" % value, form))
    line = cast(
        bytes, serialize([Triple(RDF.type, RDF.type, row["o"])], format=RdfFormat.N_TRIPLES)
    )
    return line.removeprefix(b"%b %b " % (_TYPE, _TYPE)).removesuffix(b" .\n")
