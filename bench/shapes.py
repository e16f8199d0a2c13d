"""Compiled shapes against pySHACL on the same triples, interleaved, in one run.

    python -m bench.shapes [--rounds 200] [--agree 10000]

Prints microseconds per validation (median) and how many times faster the compiled shapes are. The
compiled figures start from triples and include indexing them, once after each run of pySHACL and
once in a row; pySHACL's starts from a ready rdflib graph. `--agree N` also compares the verdicts
on N generated annotations, good and bad.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pyoxigraph as ox
import rdflib

from server.domain import shapes
from server.domain.shape_graphs import ShapeGraph
from server.names import CH, DC, DCTERMS, EDM, OA, ORE, RDF, time_literal
from tests import shacl_reference

BASE = "http://127.0.0.1:8000/"
CONTRIBUTION = "annotation/semantic-tag"
ROW = 20
BATCH = 200  # annotations in one graph when verdicts are compared: pySHACL's start is dear


def iri(path: str) -> ox.NamedNode:
    return ox.NamedNode(BASE + path)


def contribution(number: int = 1) -> list[ox.Triple]:
    """One person's proposal of a term as it is committed: 15 triples, of three things."""
    annotation, now = iri(f"annotation/{number}"), time_literal(datetime.now(UTC))
    target, claim = iri(f"annotation/{number}#target"), iri(f"annotation/{number}#by-1")
    return [
        ox.Triple(annotation, RDF.type, OA.Annotation),
        ox.Triple(annotation, CH.kind, CH.SemanticTag),
        ox.Triple(annotation, OA.motivatedBy, OA.tagging),
        ox.Triple(annotation, OA.hasBody, ox.NamedNode("http://vocab.getty.edu/aat/300015050")),
        ox.Triple(annotation, OA.hasTarget, target),
        ox.Triple(annotation, CH.field, DC.subject),
        ox.Triple(annotation, CH.campaign, iri("campaign/posters")),
        ox.Triple(annotation, DCTERMS.created, now),
        ox.Triple(target, RDF.type, OA.SpecificResource),
        ox.Triple(target, OA.hasSource, iri(f"item/{number}")),
        ox.Triple(claim, RDF.type, CH.Claim),
        ox.Triple(claim, CH.annotation, annotation),
        ox.Triple(claim, DCTERMS.creator, iri("agent/1")),
        ox.Triple(claim, DCTERMS.created, now),
        ox.Triple(claim, CH.asGuest, ox.Literal(True)),
    ]


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


def compare(title: str, triples: list[ox.Triple], name: str, rounds: int) -> None:
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


def spoil(triples: list[ox.Triple], chance: random.Random) -> list[ox.Triple]:
    """Half of the time the triples as they are, else with one of them lost, changed or doubled."""
    if chance.random() < 0.5:
        return triples
    place = chance.randrange(len(triples))
    subject, predicate, value = triples[place]
    other = chance.choice([ox.Literal("x"), ox.Literal(7), ox.NamedNode("urn:x"), CH.Reject])
    changed = ox.Triple(subject, predicate, other)
    rest = triples[:place] + triples[place + 1 :]
    return chance.choice([rest, [*rest, changed], [*triples, changed]])


def agree(count: int) -> None:
    chance, bad, different = random.Random(7), 0, 0
    compiled, reference = shapes.load(CONTRIBUTION), reference_shapes(CONTRIBUTION)
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        triples = [t for number in numbers for t in spoil(contribution(number), chance)]
        found = shacl_reference.compiled(compiled.validate(triples))
        expected = shacl_reference.reference(reference, shacl_reference.graph(triples))
        bad += len({focus.split("#")[0].strip("<>") for focus, _path, _rule in found})
        different += len(found ^ expected)
    print(f"verdicts on {count} annotations, {bad} of them bad: {different} different results")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--agree", type=int, default=0)
    arguments = parser.parse_args()
    compare("one contribution", contribution(), CONTRIBUTION, arguments.rounds)
    compare("one EDM record", record(), "item", arguments.rounds)
    if arguments.agree:
        agree(arguments.agree)


if __name__ == "__main__":
    main()
