"""Compiled shapes against pySHACL on the same triples, interleaved, in one run.

    python -m bench.shapes [--rounds 200] [--agree 10000]

One contribution of each kind, and one EDM record. Prints microseconds per validation (median) and
how many times faster the compiled shapes are. The compiled figures start from triples and include
indexing them, once after each run of pySHACL and once in a row; pySHACL's starts from a ready
rdflib graph. `--agree N` also compares the results (focus node, path, rule, value, severity) on N
generated annotations of all kinds, good and bad.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import pyoxigraph as ox
import rdflib

from server.domain import shapes
from server.domain.shape_graphs import ShapeGraph
from server.names import DC, DCTERMS, EDM, ORE, RDF
from tests import generated_annotations, shacl_reference
from tests.test_shapes import good

BASE = "http://127.0.0.1:8000/"
ROW = 20
BATCH = 100  # annotations in one graph when verdicts are compared: pySHACL's start is dear


def iri(path: str) -> ox.NamedNode:
    return ox.NamedNode(BASE + path)


def record() -> list[ox.Triple]:
    """An external EDM record of 24 triples: item, aggregation and picture."""
    item, aggregation, picture = iri("item/1"), iri("aggregation/1"), iri("picture/1.jpg")
    described = [
        (DC["title"], "Loom"), (DC.description, "A loom."), (DC.subject, "weaving"),
        (DC.type, "tool"), (DC.creator, "unknown"), (DC.date, "1900"), (DC.identifier, "7"),
        (DC["format"], "wood"), (DC.language, "en"), (DCTERMS.medium, "oak"),
        (DCTERMS.spatial, "Prato"), (EDM.type, "IMAGE"),
    ]  # fmt: skip
    aggregated = [
        (EDM.aggregatedCHO, item), (EDM.dataProvider, ox.Literal("A museum")),
        (EDM.provider, ox.Literal("An aggregator")), (EDM.isShownBy, picture),
        (EDM.isShownAt, iri("page/1")), (EDM.object, picture),
        (EDM.rights, ox.NamedNode("http://creativecommons.org/publicdomain/mark/1.0/")),
    ]  # fmt: skip
    return [
        ox.Triple(item, RDF.type, EDM.ProvidedCHO),
        *(ox.Triple(item, predicate, ox.Literal(text)) for predicate, text in described),
        ox.Triple(aggregation, RDF.type, ORE.Aggregation),
        *(ox.Triple(aggregation, predicate, value) for predicate, value in aggregated),
        ox.Triple(picture, RDF.type, EDM.WebResource),
        ox.Triple(picture, DC["format"], ox.Literal("image/jpeg")),
        ox.Triple(picture, DC.rights, ox.Literal("free")),
    ]


def timed(work: Callable[[], object], times: int = 1) -> float:
    """Microseconds that one call takes, on average of so many in a row."""
    start = time.perf_counter_ns()
    for _ in range(times):
        work()
    return (time.perf_counter_ns() - start) / 1000 / times


def reference_shapes(name: str) -> rdflib.Graph:
    return shacl_reference.shapes_graph(*shapes.files(name))


def compare(title: str, triples: list[ox.Triple], name: str, rounds: int) -> float:
    """How many times faster the compiled shapes are, when used once."""
    compiled, reference = shapes.load(name), reference_shapes(name)
    graph, ready = shacl_reference.graph(triples), ShapeGraph.of(triples)
    assert compiled.validate(triples) == [] and not shacl_reference.reference(reference, graph)
    figures: dict[str, list[float]] = {"alone": [], "row": [], "indexed": [], "pyshacl": []}
    for _ in range(rounds):
        figures["alone"].append(timed(lambda: compiled.validate(triples)))
        figures["row"].append(timed(lambda: compiled.validate(triples), ROW))
        figures["indexed"].append(timed(lambda: compiled.validate(ready), ROW))
        figures["pyshacl"].append(
            timed(lambda: shacl_reference.pyshacl.validate(graph, shacl_graph=reference))
        )
    alone, row, indexed, slow = (statistics.median(times) for times in figures.values())
    print(
        f"{title}, {len(triples)} triples: compiled {alone:.0f} µs alone, {row:.0f} µs of {ROW} in "
        f"a row ({indexed:.0f} µs without indexing), pySHACL {slow:.0f} µs: "
        f"{slow / alone:.0f} and {slow / row:.0f} times"
    )
    return slow / alone


def agree(count: int) -> None:
    """As many of each kind, and what comes of them."""
    kinds = generated_annotations.all_kinds()
    bad = different = 0
    for name, kind in kinds.items():
        annotations = list(generated_annotations.generate(kind, -(-count // len(kinds))))
        compiled, reference = (
            shapes.load(f"annotation/{name}"),
            reference_shapes(f"annotation/{name}"),
        )
        bad += sum(bool(compiled.validate(each)) for each in annotations)
        for start in range(0, len(annotations), BATCH):
            triples = [t for each in annotations[start : start + BATCH] for t in each]
            found = shacl_reference.compiled_rows(compiled.validate(triples))
            graph = shacl_reference.graph(triples)
            expected = shacl_reference.reference_rows(reference, graph)
            different += ((found - expected) + (expected - found)).total()
    print(
        f"results on {count} annotations of {len(kinds)} kinds, {bad} of them bad: "
        f"{different} different"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--agree", type=int, default=0)
    arguments = parser.parse_args()
    kinds = generated_annotations.all_kinds()
    least = min(
        compare(name, good(f"annotation/{name}"), f"annotation/{name}", arguments.rounds)
        for name in kinds
    )
    print(f"one contribution of {len(kinds)} kinds: at least {least:.0f} times faster")
    compare("one EDM record", record(), "item", arguments.rounds)
    if arguments.agree:
        agree(arguments.agree)


if __name__ == "__main__":
    main()
