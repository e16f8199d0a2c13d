"""The statements of a dump as N-Quads, N-Triples, Turtle or JSON-LD, in pieces as they come.

Oxigraph writes them in a thread of its own, without Python's lock; packing goes on meanwhile.
"""

import errno
import fcntl
import os
import threading
from collections.abc import Generator, Iterator
from contextlib import suppress
from itertools import chain
from typing import Any, cast

from pyoxigraph import NamedNode, RdfFormat, Store, parse, serialize

from server.ahead import ahead
from server.domain import dump_parts
from server.domain.dump_offers import ALL
from server.domain.dump_plans import Plan
from server.domain.dump_snapshots import Snapshot
from server.formats import jsonld_write
from server.names import PREFIXES

_PIPE = 1 << 20  # bytes


def pieces(state: Snapshot, plan: Plan) -> Iterator[bytes]:
    """The whole document, not packed. Turtle and N-Triples have no names for graphs, and say
    twice what two graphs say."""
    if plan.form == "nquads" and plan.kind == ALL and plan.content == "enriched":
        return _dumped(state.store, RdfFormat.N_QUADS)
    return ahead(_WRITERS[plan.form](state, plan))


def _nquads(state: Snapshot, plan: Plan) -> Generator[bytes]:
    for graph, lines in _triples(state, plan):
        # A line's end is escaped where it stands in a text, so none but the last is one.
        end = f" {graph} .\n".encode()
        for piece in lines:
            yield piece.replace(b" .\n", end)


def _ntriples(state: Snapshot, plan: Plan) -> Generator[bytes]:
    for _graph, lines in _triples(state, plan):
        yield from lines


def _turtle(state: Snapshot, plan: Plan) -> Generator[bytes]:
    """Whole graphs as Oxigraph writes them; the prefixes stand before each, which is allowed."""
    for graph in _unrejected(state, plan):
        yield from _dumped(state.store, RdfFormat.TURTLE, from_graph=graph, prefixes=PREFIXES)
    for _graph, said in dump_parts.single(state, plan):
        triples = parse(said, RdfFormat.N_TRIPLES)
        yield cast(bytes, serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES))


def _jsonld(state: Snapshot, plan: Plan) -> Generator[bytes]:
    """Each graph is a node of its own with what it says below `@graph`."""
    yield jsonld_write.begin()
    between = b""
    for graph, lines in _triples(state, plan):
        yield between + f'{{"id":"{graph.value}","@graph":[\n'.encode()
        yield from jsonld_write.nodes(lines)
        yield b"\n]}"
        between = b",\n"
    yield jsonld_write.END


_WRITERS = {"nquads": _nquads, "ntriples": _ntriples, "turtle": _turtle, "jsonld": _jsonld}


def _triples(state: Snapshot, plan: Plan) -> Iterator[tuple[NamedNode, Iterator[bytes]]]:
    """(graph, N-Triples in pieces that end at lines' ends)."""
    named = plan.form != "ntriples"
    for graph in dump_parts.graphs(state, plan) if named else _unrejected(state, plan):
        lines = _dumped(state.store, RdfFormat.N_TRIPLES, from_graph=graph)
        yield from _unless_empty(graph, lines)
    for graph, said in dump_parts.single(state, plan):
        yield from _unless_empty(graph, iter([said]))


def _unrejected(state: Snapshot, plan: Plan) -> list[NamedNode]:
    """Without a graph's name nobody could tell what was rejected."""
    rejected = state.names.path("graph/rejections/").value
    return [g for g in dump_parts.graphs(state, plan) if not g.value.startswith(rejected)]


def _unless_empty(
    graph: NamedNode, lines: Iterator[bytes]
) -> Iterator[tuple[NamedNode, Iterator[bytes]]]:
    first = next(lines, b"")
    if first:
        yield graph, chain((first,), lines)


# --- from Oxigraph, in a thread ------------------------------------------------------------------


def _dumped(store: Store, form: RdfFormat, **options: Any) -> Iterator[bytes]:
    """What the store writes, in pieces that end at lines' ends (the last: where it ends).

    Through a pipe that it opens by name: a file of Python's would need Python's lock for every
    8 kB, which made it four times slower beside a busy thread (measured).
    """
    reads, writes = os.pipe()
    _widen(writes)
    failed: list[BaseException] = []
    thread = threading.Thread(target=_fill, args=(store, form, options, writes, failed))
    thread.start()
    try:
        yield from _whole_lines(reads)
    finally:
        os.close(reads)  # one who writes on meets its end
        thread.join()
    if failed:
        raise failed[0]


def _fill(
    store: Store, form: RdfFormat, options: dict[str, Any], pipe: int, failed: list[BaseException]
) -> None:
    try:
        store.dump(f"/dev/fd/{pipe}", form, **options)
    except OSError as error:
        # Last of all Oxigraph syncs its file to disk, which a pipe is not (fsync(2), EINVAL).
        if error.errno != errno.EINVAL and f"os error {errno.EINVAL})" not in str(error):
            failed.append(error)
    except BaseException as error:
        failed.append(error)
    finally:
        os.close(pipe)


def _whole_lines(pipe: int) -> Iterator[bytes]:
    rest = b""
    while data := os.read(pipe, _PIPE):
        whole, end, rest = (rest + data).rpartition(b"\n")
        if end:
            yield whole + end
    if rest:
        yield rest


def _widen(pipe: int) -> None:
    """Where the system lets us, so that the two seldom wait for each other."""
    with suppress(AttributeError, OSError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)
