"""Dumps against `Store.dump` of the same quads with the same packing, in turns; and EDM records.

python -m bench.dumps [RECORDS] [ROUNDS]

Each record has 24 triples and one published term with its annotation. `Store.dump` is given a store
with just the quads of the dump, and a file that packs. All on the processor's time of this process
and on the clock.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, cast

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from bench.imports import _HEAD as HEAD
from bench.imports import record
from server.domain import dump_parts, dump_records, dump_statements, dumps
from server.domain.dump_plans import Plan
from server.domain.dump_snapshots import Snapshot
from server.formats.edm_write import record_xml
from server.formats.outputs import packed
from server.names import CH, DC, EDM, OA, ORE, PROV, RDF, SKOS, Names
from server.resources import folder
from server.store import queries

NAMES = Names("http://127.0.0.1:8000/")
GRAPH, PUBLISHED = NAMES.graph("collection", "drawings"), NAMES.graph("published", "words")
TERMS = 1_000
_BATCH = 5_000
FORMATS = {"nq": RdfFormat.N_QUADS, "ttl": RdfFormat.TURTLE, "jsonld": RdfFormat.JSON_LD}


def item(number: int) -> str:
    return f"http://museum.example/object/{number:07d}"


def fill(store: Store, records: int) -> None:
    for first in range(0, records, _BATCH):
        numbers = range(first, min(first + _BATCH, records))
        text = HEAD + "".join(record(number) for number in numbers) + "</rdf:RDF>"
        store.bulk_load(text.encode(), RdfFormat.RDF_XML, to_graph=GRAPH)
        store.bulk_extend(quad for number in numbers for quad in published(number))
    campaign, collection = NAMES.campaign("words"), NAMES.collection("drawings")
    graph = NAMES.graph("campaign", "words")
    store.add(Quad(collection, RDF.type, EDM.Collection, GRAPH))
    store.add(Quad(campaign, RDF.type, CH.Campaign, graph))
    store.add(Quad(campaign, CH.collection, collection, graph))
    store.optimize()


def published(number: int) -> Iterator[Quad]:
    cho, term = NamedNode(item(number)), NamedNode(f"http://terms.example/{number % TERMS}")
    proxy, aggregation = NAMES.proxy(cho.value), NAMES.aggregation(cho.value)
    me = NAMES.annotation(str(number))
    target = NamedNode(f"{me.value}#target")
    said: list[tuple[Any, NamedNode, Any]] = [
        (proxy, RDF.type, ORE.Proxy), (proxy, ORE.proxyFor, cho), (proxy, ORE.proxyIn, aggregation),
        (proxy, EDM.europeanaProxy, Literal(False)), (proxy, DC.subject, term),
        (proxy, PROV.wasDerivedFrom, me), (aggregation, RDF.type, ORE.Aggregation),
        (aggregation, EDM.aggregatedCHO, cho), (me, RDF.type, OA.Annotation),
        (me, CH.kind, CH.SemanticTag), (me, OA.motivatedBy, OA.tagging), (me, CH.field, DC.subject),
        (me, OA.hasBody, term), (me, OA.hasTarget, target), (target, OA.hasSource, cho),
        (term, RDF.type, SKOS.Concept),
        *((term, SKOS.prefLabel, Literal(f"term {number % TERMS}", language=tag))
          for tag in ("en", "de", "fr", "nl", "it")),
    ]  # fmt: skip
    return (Quad(*statement, PUBLISHED) for statement in said)


class Counter:
    """A file that keeps nothing but how much there was."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        pass


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds of the clock, and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def ours(state: Snapshot, plan: Plan) -> None:
    dumps.write(state, plan, cast(IO[bytes], Counter()))


def theirs(store: Store, name: str) -> None:
    form = FORMATS[name.split(".")[1]]
    options: dict[str, Any] = {}
    if form == RdfFormat.TURTLE:
        options = {"from_graph": next(iter(store.named_graphs()))}
    with packed(cast(IO[bytes], Counter()), name) as file:
        store.dump(file, form, **options)


def same(state: Snapshot, plan: Plan, path: Path) -> Store:
    """A store with the quads of a dump."""
    file = path / "same.nq"
    with file.open("wb") as stream:
        stream.writelines(dump_statements.pieces(state, replace(plan, form="nquads", name="x")))
    store = Store(path / "same")
    store.bulk_load(path=file, format=RdfFormat.N_QUADS)
    if plan.form == "turtle":  # without names of graphs
        store = Store(path / "nameless")
        quads = parse(path=file, format=RdfFormat.N_QUADS)
        store.bulk_extend(Quad(*quad.triple, GRAPH) for quad in quads)
    store.optimize()
    return store


def compare(state: Snapshot, title: str, plan: Plan, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        store = same(state, plan, Path(name))
        quads, pairs = len(store), list[tuple[float, float]]()
        for _round in range(rounds):
            pairs.append(
                (timed(lambda: theirs(store, plan.name))[0], timed(lambda: ours(state, plan))[0])
            )
        ratio = statistics.median(their / our for their, our in pairs)
        mine = statistics.median(our for _their, our in pairs)
        print(f"{title:<40} {quads / mine:9.0f} quads/s, {ratio:5.2f} times Store.dump")


def main() -> None:
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        store = Store(path / "store")
        fill(store, records)
        store.flush()
        del store
        state = Snapshot(
            NAMES, Store.read_only(str(path / "store")), queries.load(folder("queries"))
        )
        listed = path / "items"
        listed.write_text("".join(f"{item(number)}\n" for number in range(0, records, 2)))
        some = Plan("nquads", kind="providers", names=("museum",), listed=str(listed))
        collection = Plan("nquads", kind="collections", names=("drawings",))
        print(
            f"{records} records of 24 triples, with an enrichment each; median of {rounds} rounds"
        )
        for title, plan in {
            "everything, N-Quads, gzip": Plan("nquads", name="x.nq.gz"),
            "everything, N-Quads, zstd": Plan("nquads", name="x.nq.zst"),
            "everything, JSON-LD, gzip": Plan("jsonld", name="x.jsonld.gz"),
            "everything, Turtle, gzip": Plan("turtle", name="x.ttl.gz"),
            "a collection as it came, N-Quads, gzip": replace(
                collection, content="plain", name="x.nq.gz"
            ),
            "a collection enriched, N-Quads, gzip": replace(collection, name="x.nq.gz"),
            "half the items by provider, N-Quads, gzip": replace(some, name="x.nq.gz"),
            "half the items by provider, Turtle, gzip": replace(
                some, form="turtle", name="x.ttl.gz"
            ),
            "half the items by provider, JSON-LD, gzip": replace(
                some, form="jsonld", name="x.jsonld.gz"
            ),
        }.items():
            compare(state, title, plan, rounds)
        _records(state, records, rounds)


def _records(state: Snapshot, records: int, rounds: int) -> None:
    def described() -> None:
        items = dump_parts.items_of(state, GRAPH)
        for iri, said in dump_records.statements(state, items, "enriched"):
            record_xml(iri, said)

    plan = Plan("edm", kind="collections", names=("drawings",), name="x.zip")
    works = {
        "EDM enriched, read and written": described,
        "EDM enriched, zip": lambda: ours(state, plan),
    }
    for title, work in works.items():
        found = [timed(work) for _round in range(rounds)]
        clock, processor = (statistics.median(each) for each in zip(*found, strict=True))
        print(
            f"{title:<40} {records / clock:9.0f} records/s, of the processor's time "
            f"{records / processor:.0f}"
        )


if __name__ == "__main__":
    main()
