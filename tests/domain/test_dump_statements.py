"""What Oxigraph writes arrives whole, however much it is, and ends when nobody reads on."""

import threading
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from server.domain import dump_statements
from server.domain.dump_plans import Plan
from server.domain.dump_snapshots import Snapshot
from server.names import DC, EDM, RDF, Names
from server.resources import folder
from server.store import queries

NAMES = Names("http://127.0.0.1:8000/")
GRAPH = NAMES.graph("collection", "large")


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Some megabytes in a graph, with a text that is larger than any buffer."""
    store = Store(tmp_path_factory.mktemp("large") / "store")
    quads = [Quad(NAMES.collection("large"), RDF.type, EDM.Collection, GRAPH)]
    quads += [
        Quad(NamedNode(f"http://x.example/{n}"), DC.title, Literal(f"{n} " * 50), GRAPH)
        for n in range(20_000)
    ]
    quads += [Quad(NamedNode("http://x.example/long"), DC.title, Literal("ü \n" * 900_000), GRAPH)]
    store.bulk_extend(quads)
    return Snapshot(NAMES, store, queries.load(folder("queries")))


@pytest.mark.parametrize(
    ("form", "read"),
    [("nquads", RdfFormat.N_QUADS), ("ntriples", RdfFormat.N_TRIPLES),
     ("turtle", RdfFormat.TURTLE), ("jsonld", RdfFormat.JSON_LD)],
)  # fmt: skip
@pytest.mark.parametrize("content", ["plain", "enriched"])
def test_all_arrives(state: Snapshot, form: str, read: RdfFormat, content: str) -> None:
    plan = Plan(form, content)  # type: ignore[arg-type]
    data = b"".join(dump_statements.pieces(state, plan))
    assert len(data) > 5_000_000
    assert {quad.triple for quad in parse(data, read)} == {quad.triple for quad in state.store}


@pytest.mark.parametrize("form", ["nquads", "turtle", "jsonld"])
def test_who_stops_reading_leaves_no_thread_behind(state: Snapshot, form: str) -> None:
    before = threading.active_count()
    pieces = dump_statements.pieces(state, Plan(form, "plain"))  # type: ignore[arg-type]
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before


def test_what_the_store_cannot_read_is_an_error(state: Snapshot, tmp_path: Path) -> None:
    broken = Store(tmp_path / "store")
    broken.bulk_extend(state.store.quads_for_pattern(None, None, None, GRAPH))
    broken.flush()
    del broken
    largest = max((tmp_path / "store").glob("*.sst"), key=lambda path: path.stat().st_size)
    with largest.open("r+b") as stream:
        stream.seek(largest.stat().st_size // 3)
        stream.write(b"\0" * 500)
    damaged = Snapshot(NAMES, Store.read_only(str(tmp_path / "store")), state.queries)
    with pytest.raises((OSError, RuntimeError)):
        b"".join(dump_statements.pieces(damaged, Plan("nquads", "enriched")))
