"""The child process that answers strangers' queries: one snapshot, one query at a time, confined.

Frames on its pipes: a request is a length (4 bytes, little-endian) and JSON; a reply is a kind
(1 byte), a length (4 bytes) and that many bytes. Kinds: R snapshot open, D part of a result,
E end of a result, S syntax error, L result too large, X anything else that went wrong.
"""

import contextlib
import json
import os
import struct
import sys
from pathlib import Path
from typing import IO, Any, cast

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    serialize,
)

from server import sandbox
from server.names import PREFIXES

READY, DATA, END, SYNTAX, LARGE, FAILED = b"R", b"D", b"E", b"S", b"L", b"X"
_CHUNK = 65_536


class _ResultTooLarge(Exception):
    pass


class _Reply:
    """The file that results are written to: frames of data, up to a cap in bytes."""

    def __init__(self, output: IO[bytes], cap: int) -> None:
        self.output, self.room = output, cap
        self.buffer = bytearray()

    def write(self, data: bytes) -> int:
        self.room -= len(data)
        if self.room < 0:
            raise _ResultTooLarge
        self.buffer += data
        if len(self.buffer) > _CHUNK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self.buffer:
            send(self.output, DATA, bytes(self.buffer))
            self.buffer.clear()


def send(output: IO[bytes], kind: bytes, payload: bytes = b"") -> None:
    output.write(struct.pack("<cI", kind, len(payload)) + payload)
    output.flush()


def receive(source: IO[bytes]) -> dict[str, Any] | None:
    """The next request, or None at the end of the stream."""
    head = source.read(4)
    if len(head) < 4:
        return None
    request: dict[str, Any] = json.loads(source.read(struct.unpack("<I", head)[0]))
    return request


def answer(store: Store, request: dict[str, Any], output: IO[bytes]) -> None:
    """Evaluate one query and send its serialised result, or what went wrong."""
    reply = _Reply(output, request["cap"])
    try:
        results = store.query(request["query"], base_iri=request["base"], **_dataset(request))
        _serialize(results, cast(IO[bytes], reply), request["accept"])
        reply.flush()
    except _ResultTooLarge:
        send(output, LARGE)
    except SyntaxError as error:
        send(output, SYNTAX, str(error).encode())
    except Exception as error:  # whatever it is, the next query must find a worker in order
        send(output, FAILED, str(error).encode())
    else:
        send(output, END)


def _dataset(request: dict[str, Any]) -> dict[str, Any]:
    """The union of all graphs, or what the protocol or the query itself names (section 13.2)."""
    if request["default"] or request["named"]:
        return {
            "default_graph": [NamedNode(iri) for iri in request["default"]],
            "named_graphs": [NamedNode(iri) for iri in request["named"]],
        }
    return {"use_default_graph_as_union": request["union"]}


def _serialize(
    results: QuerySolutions | QueryBoolean | QueryTriples, output: IO[bytes], accept: str
) -> None:
    if isinstance(results, QueryTriples):
        rdf = RdfFormat.from_media_type(accept)
        prefixes = {prefix: str(iri) for prefix, iri in PREFIXES.items()}
        serialize(results, output, rdf or RdfFormat.N_TRIPLES, prefixes=prefixes)
    else:
        results.serialize(output, QueryResultsFormat.from_media_type(accept))


def serve(source: IO[bytes], output: IO[bytes], memory: int) -> None:
    """Answer until the pipe ends. Confined before the store opens, so its threads are as well."""
    sandbox.confine(memory=memory)
    store: Store | None = None
    while (request := receive(source)) is not None:
        if "open" in request:
            store = None  # the old snapshot's handles go before the new ones come
            store = Store.read_only(request["open"])
            send(output, READY)
        elif store is not None:
            answer(store, request, output)


def main() -> None:
    sandbox.die_with_parent()
    os.nice(5)
    with contextlib.suppress(OSError):  # let the kernel take a worker before the server
        Path("/proc/self/oom_score_adj").write_text("900")
    serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]))


if __name__ == "__main__":
    main()
