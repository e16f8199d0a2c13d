"""Query workers: real processes on real snapshots, attacked. Case numbers are those of the list
of cases that the server must survive.
"""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from server.errors import CrowdHeritageError, Malformed, TooLarge, TooMany, Unavailable
from server.settings import Settings
from server.store.pool import Dataset, QueryPool
from server.store.snapshots import Snapshots

JSON, CSV = "application/sparql-results+json", "text/csv"
SETTINGS = Settings(
    sparql_workers=2,
    sparql_seconds=20,
    sparql_memory=900_000_000,
    snapshot_seconds=0.1,
    base_iri="http://example.org/",
)
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
BOMB = "SELECT ?x28 { BIND('0123456789abcdef' AS ?x0) %s }" % " ".join(  # noqa: UP031
    f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(28)
)
GRAPHS = ("http://example.org/g1", "http://example.org/g2")


class Public:
    def __init__(self, path: Path, rows: int = 300) -> None:
        self.store = Store(path)
        self.sequence = 0
        type_ = NamedNode("http://example.org/p")
        self.store.bulk_extend(
            Quad(
                NamedNode(f"http://example.org/{number}"),
                type_,
                Literal(f"value {number}"),
                NamedNode(GRAPHS[number % 2]),
            )
            for number in range(rows)
        )

    def mark(self, sequence: int) -> None:
        """Two statements that always agree, as a publication's."""
        s, g = NamedNode("http://example.org/mark"), NamedNode("http://example.org/marks")
        a, b = NamedNode("http://example.org/a"), NamedNode("http://example.org/b")
        text = f"DELETE WHERE {{ GRAPH {g} {{ {s} ?p ?o }} }}; INSERT DATA {{ GRAPH {g} {{ "
        self.store.update(text + f"{s} {a} {sequence} ; {b} {sequence} }} }}")
        self.sequence = sequence


@pytest.fixture
def public(tmp_path: Path) -> Public:
    return Public(tmp_path / "public")


@contextlib.asynccontextmanager
async def open_pool(public: Public, path: Path, **changes: object) -> AsyncIterator[QueryPool]:
    settings = replace(SETTINGS, **changes)  # type: ignore[arg-type]
    snapshots = Snapshots(
        path / "snapshots",
        public.store.backup,
        lambda: public.sequence,
        settings.snapshot_seconds,
    )
    async with QueryPool(settings, snapshots) as pool:
        yield pool


def with_pool(
    public: Public, path: Path, test: Callable[[QueryPool], Awaitable[None]], **changes: object
) -> None:
    async def run() -> None:
        async with open_pool(public, path, **changes) as pool:
            await test(pool)

    asyncio.run(run())


def workers(path: Path) -> set[int]:
    """The processes that have something of this test open or started from it."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if b"server.store.worker" in (entry / "cmdline").read_bytes():
                links = [os.readlink(link) for link in (entry / "fd").iterdir()]
                if any(link.startswith(str(path)) for link in links):
                    found.add(int(entry.name))
    return found


async def ask(pool: QueryPool, query: str = "ASK { ?s ?p ?o }", client: str = "honest") -> bytes:
    return (await pool.run(query, accept=CSV, client=client)).body


async def outcome(work: Awaitable[object]) -> type[CrowdHeritageError] | None:
    try:
        await work
    except CrowdHeritageError as error:
        assert str(error)
        return type(error)
    return None


async def recovered(pool: QueryPool) -> bool:
    """Wait for a worker, however busy this machine is."""
    async with asyncio.timeout(60):
        while await outcome(ask(pool)) is not None:
            await asyncio.sleep(0.05)
    return True


@pytest.mark.parametrize(
    ("query", "media_type", "part"),
    [
        ("SELECT ?x { VALUES ?x { 7 } }", JSON, b'"value":"7"'),
        ("SELECT ?x { VALUES ?x { 7 } }", "application/sparql-results+xml", b">7</literal>"),
        ("SELECT ?x { VALUES ?x { 7 } }", CSV, b"x\r\n7\r\n"),
        ("SELECT ?x { VALUES ?x { 7 } }", "text/tab-separated-values", b"?x\n7\n"),
        ("ASK {}", JSON, b'"boolean":true'),
        ("ASK {}", "application/xml", b"<boolean>true</boolean>"),
        ("CONSTRUCT { <s> skos:x 7 } {}", "text/turtle", b"example.org/s> skos:x 7"),
        ("CONSTRUCT { <s> skos:x 7 } {}", "application/n-triples", b"core#x> "),
        ("CONSTRUCT { <s> skos:x 7 } {}", "application/rdf+xml", b"<skos:x "),
        ("CONSTRUCT { <s> skos:x 7 } {}", "application/ld+json", b'"@id":"http://example.org/s"'),
        ("DESCRIBE <http://example.org/7>", "application/n-triples", b'"value 7"'),
    ],
)
def test_results_come_in_the_asked_format(
    public: Public, tmp_path: Path, query: str, media_type: str, part: bytes
) -> None:
    async def test(pool: QueryPool) -> None:
        text = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> WHERE".removesuffix("WHERE")
        query_ = text + query.replace("} {}", "} WHERE {}")
        answer = await pool.run(query_, accept=media_type, client="a")
        assert answer.media_type == media_type
        assert part in answer.body

    with_pool(public, tmp_path, test, sparql_workers=1)


def test_the_dataset_is_the_union_unless_named(public: Public, tmp_path: Path) -> None:
    count = "SELECT (COUNT(*) AS ?n) %s { ?s ?p ?o }"

    async def number(pool: QueryPool, query: str, dataset: Dataset) -> int:
        answer = await pool.run(query, accept=CSV, client="a", dataset=dataset)
        return int(answer.body.split()[1])

    async def test(pool: QueryPool) -> None:
        one, two = GRAPHS
        whole, own = Dataset(), Dataset(union=False)
        assert await number(pool, count % "", whole) == 300
        assert await number(pool, count % f"FROM <{one}>", own) == 150
        assert await number(pool, count % f"FROM NAMED <{one}>", own) == 0
        assert await number(pool, count % "", Dataset(default=(one,))) == 150
        assert await number(pool, count % "", Dataset(default=(one, two))) == 300
        assert await number(pool, count % "", Dataset(named=(one,))) == 0
        # SPARQL 1.1 Protocol, 2.1.4: the protocol's dataset wins over the query's.
        assert await number(pool, count % f"FROM <{two}> FROM <{one}>", Dataset((one,))) == 150

    with_pool(public, tmp_path, test, sparql_workers=1)


def test_a_syntax_error_says_where(public: Public, tmp_path: Path) -> None:
    async def test(pool: QueryPool) -> None:
        with pytest.raises(Malformed, match="1:"):
            await ask(pool, "SELECT * { ?s ?p")
        assert await ask(pool) == b"true"

    with_pool(public, tmp_path, test, sparql_workers=1)


def test_case_11_a_nested_query_kills_one_worker_that_is_replaced(
    public: Public, tmp_path: Path
) -> None:
    async def test(pool: QueryPool) -> None:
        before = workers(tmp_path)
        nested = "SELECT * WHERE " + "{" * 12_000 + "}" * 12_000
        hostile = asyncio.create_task(outcome(ask(pool, nested, "hostile")))
        answers = [await ask(pool) for _number in range(50)]  # nobody else notices
        assert await hostile is Unavailable
        assert answers == [b"true"] * 50
        both = await asyncio.gather(ask(pool, client="a"), ask(pool, client="b"))
        assert both == [b"true", b"true"]
        while len(workers(tmp_path)) < 2:
            await asyncio.sleep(0.02)
        assert len(before & workers(tmp_path)) == 1

    with_pool(public, tmp_path, test)


def test_case_12_an_endless_query_ends_at_its_deadline(public: Public, tmp_path: Path) -> None:
    async def test(pool: QueryPool) -> None:
        with pytest.raises(Unavailable, match="longer than"):
            await ask(pool, ENDLESS)
        assert await recovered(pool)

    with_pool(public, tmp_path, test, sparql_workers=1, sparql_seconds=1.0)


def test_case_13_a_memory_bomb_ends_its_own_worker(public: Public, tmp_path: Path) -> None:
    async def test(pool: QueryPool) -> None:
        hostile = asyncio.create_task(outcome(ask(pool, BOMB, "hostile")))
        answers = [await ask(pool) for _number in range(50)]
        assert answers == [b"true"] * 50
        assert await hostile is Unavailable
        assert await asyncio.gather(ask(pool, client="a"), ask(pool, client="b"))

    with_pool(public, tmp_path, test)


def test_case_14_heavy_queries_of_one_client_run_one_at_a_time(
    public: Public, tmp_path: Path
) -> None:
    async def test(pool: QueryPool) -> None:
        heavy = [outcome(ask(pool, ENDLESS, "hostile")) for _number in range(20)]
        running = asyncio.gather(*heavy)
        await asyncio.sleep(0)
        assert [await ask(pool) for _number in range(50)] == [b"true"] * 50
        assert sorted(map(str, await running)) == sorted(map(str, [Unavailable, *[TooMany] * 19]))

    with_pool(public, tmp_path, test, sparql_seconds=3.0)


def test_case_15_a_worker_makes_no_connection(public: Public, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        address = f"<http://127.0.0.1:{listener.getsockname()[1]}/>"

        async def test(pool: QueryPool) -> None:
            with pytest.raises(Unavailable):
                await ask(pool, f"SELECT * {{ SERVICE {address} {{ ?s ?p ?o }} }}")
            silent = f"SELECT * {{ SERVICE SILENT {address} {{ ?s ?p ?o }} }}"
            assert await outcome(ask(pool, silent)) in (None, Unavailable)
            assert await ask(pool) == b"true"

        with_pool(public, tmp_path, test, sparql_workers=1)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_case_16_an_update_is_a_syntax_error_and_changes_nothing(
    public: Public, tmp_path: Path
) -> None:
    async def test(pool: QueryPool) -> None:
        for update in ("DELETE WHERE { ?s ?p ?o }", "DROP ALL", "INSERT DATA { <a:a> <a:a> 1 }"):
            with pytest.raises(Malformed):
                await ask(pool, update)
        answer = await ask(pool, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
        assert answer == b"n\r\n300\r\n"

    with_pool(public, tmp_path, test, sparql_workers=1)


def test_case_17_a_result_over_the_cap_is_an_error_and_never_cut(
    public: Public, tmp_path: Path
) -> None:
    async def test(pool: QueryPool) -> None:
        whole = await ask(pool, "SELECT * { ?s ?p ?o } LIMIT 200")
        assert whole.count(b"\r\n") == 201
        with pytest.raises(TooLarge, match="LIMIT"):
            await ask(pool, "SELECT * { ?s ?p ?o . ?x ?y ?z }")
        assert await ask(pool) == b"true"

    with_pool(public, tmp_path, test, sparql_workers=1, sparql_result=200_000)


def test_case_18_a_cancelled_query_frees_its_worker(public: Public, tmp_path: Path) -> None:
    async def test(pool: QueryPool) -> None:
        hostile = asyncio.create_task(ask(pool, ENDLESS))
        await asyncio.sleep(0.2)
        hostile.cancel()
        await asyncio.wait([hostile])
        async with asyncio.timeout(10):  # far below the query's own deadline
            assert await ask(pool) == b"true"  # the same client may ask again, too

    with_pool(public, tmp_path, test, sparql_workers=1, sparql_seconds=600)


def test_case_19_each_answer_comes_from_one_snapshot(public: Public, tmp_path: Path) -> None:
    query = "PREFIX : <http://example.org/> SELECT ?a ?b { :mark :a ?a OPTIONAL { :mark :b ?b } }"

    async def test(pool: QueryPool) -> None:
        public.mark(1)
        seen = set()

        async def reader(name: str) -> None:
            for _number in range(500):
                lines = (await ask(pool, query, name)).decode().split()
                for line in lines[1:]:
                    a, b = line.split(",")
                    assert a == b
                    seen.add(int(a))

        async def writer() -> None:
            for number in range(2, 1_000_000):
                await asyncio.to_thread(public.mark, number)
                await asyncio.sleep(0.005)

        writing = asyncio.create_task(writer())
        await asyncio.gather(reader("a"), reader("b"))
        while len(seen) < 3:
            await reader("a")
        writing.cancel()

    with_pool(public, tmp_path, test)


def test_what_is_published_is_soon_found(public: Public, tmp_path: Path) -> None:
    async def test(pool: QueryPool) -> None:
        found = "ASK { <http://example.org/mark> ?p 42 }"
        assert await ask(pool, found) == b"false"
        public.mark(42)
        async with asyncio.timeout(60):
            while await ask(pool, found) == b"false":
                await asyncio.sleep(0.05)

    with_pool(public, tmp_path, test)


def test_a_snapshot_that_cannot_be_made_leaves_the_last_in_use(
    public: Public, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def test(pool: QueryPool) -> None:
        for number in range(2, 40):
            (tmp_path / "snapshots" / f"{number:08d}").mkdir(exist_ok=True)
        public.mark(1)
        while "no new snapshot" not in caplog.text:
            await asyncio.sleep(0.02)
        assert await ask(pool) == b"true"

    with_pool(public, tmp_path, test, sparql_workers=1)


def test_a_store_that_is_being_changed_is_served_as_soon_as_it_is_whole(
    public: Public, tmp_path: Path
) -> None:
    whole = False

    def backup(path: Path) -> None:
        if not whole:
            raise Unavailable("A collection is being updated.")
        public.store.backup(path)

    async def run() -> None:
        nonlocal whole
        snapshots = Snapshots(tmp_path / "snapshots", backup, lambda: 0)
        async with QueryPool(replace(SETTINGS, sparql_seconds=0.2), snapshots) as pool:
            assert await outcome(ask(pool)) is Unavailable
            whole = True
            assert await recovered(pool)

    asyncio.run(run())
    assert workers(tmp_path) == set()


def test_queries_that_wait_are_served_first_come_first_served(
    public: Public, tmp_path: Path
) -> None:
    async def test(pool: QueryPool) -> None:
        order: list[int] = []

        async def client(number: int) -> None:
            await ask(pool, client=str(number))
            order.append(number)

        await asyncio.gather(*[client(number) for number in range(20)])
        assert order == list(range(20))

    with_pool(public, tmp_path, test, sparql_workers=1)


def test_closing_leaves_no_process_and_tells_those_who_wait(public: Public, tmp_path: Path) -> None:
    async def run() -> None:
        async with open_pool(public, tmp_path, sparql_workers=1) as pool:
            assert len(workers(tmp_path)) == 1
            waiting = [
                asyncio.create_task(outcome(ask(pool, ENDLESS, str(number)))) for number in range(3)
            ]
            await asyncio.sleep(0.1)
        assert await asyncio.gather(*waiting) == [Unavailable] * 3
        assert await outcome(ask(pool)) is Unavailable

    asyncio.run(run())
    assert workers(tmp_path) == set()


PARENT = """
import asyncio, sys
from pathlib import Path
from pyoxigraph import Store
from server.settings import Settings
from server.store.pool import QueryPool
from server.store.snapshots import Snapshots

async def main(path):
    snapshots = Snapshots(path / "snapshots", Store(path / "store").backup, lambda: 0)
    async with QueryPool(Settings(sparql_memory=900_000_000), snapshots) as pool:
        print("ready", flush=True)
        query = "SELECT * { %s }" % " ".join(f"VALUES ?x{n} {{ 1 2 3 4 }}" for n in range(40))
        await pool.run(query, accept="text/csv", client="a")

asyncio.run(main(Path(sys.argv[1])))
"""


def test_workers_die_with_a_killed_server(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    with parent.stdout:
        assert parent.stdout.readline() == "ready\n"
        assert len(workers(tmp_path)) == 2
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    deadline = time.monotonic() + 30
    while workers(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert workers(tmp_path) == set()
