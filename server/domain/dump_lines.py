"""What one graph says of many resources, as lines of N-Triples.

Oxigraph writes the values itself, without Python's lock and without a term of Python's for each:
half as long as reading them, and another thread can pack meanwhile (measured).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from server.domain.dump_resources import OTHERS, STATEMENTS
from server.domain.dump_snapshots import Snapshot
from server.names import RDF
from server.store import tables

_TYPE = str(RDF.type).encode()
_OTHERS = {str(kind).encode() for kind in OTHERS}


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
    found = Lines({str(node).encode(): [] for node in nodes}, {}, set())
    numbered = {b"%d" % number: said for number, said in enumerate(found.about.items())}
    for number, property_, value in tables.rows(state.table(STATEMENTS, graph=graph, nodes=nodes)):
        node, lines = numbered[number]
        if tables.is_iri(value):
            if property_ != _TYPE:
                found.links[value] = None
            elif value in _OTHERS:
                found.anchors.add(node)
        elif not value.startswith(tables.ALIKE):
            value = tables.in_n_triples(value)
        lines.append(b"%b %b %b .\n" % (node, property_, value))
    return found
