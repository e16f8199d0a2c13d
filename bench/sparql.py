"""A query of ten rows: through HTTP and a worker process, and in this process for comparison.

python -m bench.sparql [QUADS] [QUERIES]
"""

import contextlib
import http.client
import multiprocessing
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import quote

import uvicorn
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, Store
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.names import DC, DCTERMS
from server.settings import Settings
from server.store.pool import QueryPool
from server.store.snapshots import Snapshots
from server.web import sparql
from server.web.protocol import GuardedProtocol

_QUERY = f"""SELECT ?item ?title {{
  ?item <{DCTERMS}isPartOf> <http://example.org/collection/%d> ; <{DC}title> ?title
}}"""


def fill(path: Path, quads: int) -> int:
    """A store of collections with ten titled items each; returns how many collections."""
    store = Store(path)
    collections = quads // 20
    graph = NamedNode("http://example.org/graph")
    store.bulk_extend(
        Quad(NamedNode(f"http://example.org/item/{n}"), predicate, value, graph)
        for n in range(collections * 10)
        for predicate, value in (
            (DC.title, Literal(f"Title {n}", language="en")),
            (DCTERMS.isPartOf, NamedNode(f"http://example.org/collection/{n // 10}")),
        )
    )
    return collections


def serve(path: Path, ready: Connection) -> None:
    """The address and one that does nothing, on a port that is told through `ready`."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        snapshots = Snapshots(path / "snapshots", Store(path / "store").backup, lambda: 0)
        async with QueryPool(Settings(), snapshots) as pool:
            app.state.pool = pool
            yield

    async def nothing(request: Request) -> Response:
        return Response()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        app = Starlette(routes=[sparql.route(), Route("/nothing", nothing)], lifespan=lifespan)
        config = uvicorn.Config(app, http=GuardedProtocol, log_level="warning")
        ready.send(listener.getsockname()[1])
        uvicorn.Server(config).run(sockets=[listener])


def measure(name: str, work: Callable[[int], object], times: int) -> None:
    for number in range(times // 10):
        work(number)
    took = []
    for number in range(times):
        start = time.perf_counter()
        work(number)
        took.append((time.perf_counter() - start) * 1000)
    took.sort()
    p50, p99 = took[len(took) // 2], took[len(took) * 99 // 100]
    print(f"{name:32s} p50 {p50:6.2f} ms  p99 {p99:6.2f} ms")


def main(quads: int = 200_000, times: int = 3_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        collections = fill(path / "store", quads)
        store = Store.read_only(str(path / "store"))
        ours, theirs = multiprocessing.Pipe()
        server = multiprocessing.get_context("spawn").Process(target=serve, args=(path, theirs))
        server.start()
        connection = http.client.HTTPConnection("127.0.0.1", ours.recv())

        def get(address: str) -> bytes:
            connection.request("GET", address, headers={"Accept": sparql.RESULTS[0]})
            response = connection.getresponse()
            body = response.read()
            if response.status != 200:
                raise SystemExit(f"{response.status}: {body!r}")
            return body

        def in_process(number: int) -> bytes | None:
            results = store.query(_QUERY % (number % collections), use_default_graph_as_union=True)
            assert isinstance(results, QuerySolutions)
            return results.serialize(format=QueryResultsFormat.JSON)

        def through_http(number: int) -> bytes:
            return get("/sparql?query=" + quote(_QUERY % (number % collections)))

        print(f"{quads} quads, {times} queries of ten rows")
        measure("in process", in_process, times)
        measure("HTTP, a route that does nothing", lambda _number: get("/nothing"), times)
        measure("HTTP, guard and worker", through_http, times)
        server.terminate()
        server.join()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
