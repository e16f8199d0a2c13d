"""Our ontology defines every term that we write, and says of each what it is."""

import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, parse

from server.domain.shape_graphs import ShapeGraph
from server.names import CH, DCTERMS, OA, OWL, RDF, RDFS
from server.resources import folder

ROOT = Path(__file__).parents[1]
DERIVED = {  # statuses that follow from votes and are published only in their final one
    CH[name] for name in
    ("Pending", "Accepted", "Rejected", "Contested", "Withdrawn", "Orphaned")
}  # fmt: skip


@pytest.fixture(scope="module")
def ontology() -> ShapeGraph:
    return ShapeGraph.of(parse(path=folder("vocabularies") / "crowdheritage.ttl"))


@pytest.fixture(scope="module")
def defined(ontology: ShapeGraph) -> set[NamedNode]:
    return {node for node in ontology.index if node.value.startswith(str(CH))}


def used() -> set[NamedNode]:
    """The terms in Python as `CH.name` or `CH["name"]`, in queries and shapes as `ch:name`."""
    python = "\n".join(path.read_text() for path in (ROOT / "server").rglob("*.py"))
    files = [*folder("queries").rglob("*.rq"), *folder("shapes").rglob("*.ttl")]
    rdf = "\n".join(path.read_text() for path in files)
    names = re.findall(r"\bCH(?:\.|\[\")(\w+)", python) + re.findall(r"\bch:(\w+)", rdf)
    return {CH[name] for name in names}


def test_every_term_that_is_used_is_defined(defined: set[NamedNode]) -> None:
    assert used() - defined == set()


def test_every_term_that_is_defined_is_used(ontology: ShapeGraph, defined: set[NamedNode]) -> None:
    ranges = {
        CH.Kind,
        CH.State,
        CH.Verdict,
        CH.Outcome,
        CH.Status,
        CH.Layout,
        CH.Feedback,
        CH.Purpose,
        CH.Interval,
        CH.ErrorType,
        CH.Widget,
    }  # classes of the individuals
    assert all(ontology.instances(of_class) for of_class in ranges)
    assert defined - used() - ranges - DERIVED == set()


def test_every_term_has_a_label_and_a_comment_in_english(
    ontology: ShapeGraph, defined: set[NamedNode]
) -> None:
    silent = [
        (term.value, predicate.value)
        for term in defined
        for predicate in (RDFS.label, RDFS.comment)
        if [text.language for text in ontology.objects(term, predicate)] != ["en"]
    ]
    assert silent == []


def test_every_term_is_a_class_a_property_or_an_individual_of_a_class_of_ours(
    ontology: ShapeGraph, defined: set[NamedNode]
) -> None:
    known = {RDFS.Class, RDF.Property, OA.Motivation} | set(ontology.instances(RDFS.Class))
    assert [term for term in defined if not known & set(ontology.objects(term, RDF.type))] == []


def test_domains_and_ranges_of_ours_are_classes_of_ours(ontology: ShapeGraph) -> None:
    named = {*ontology.objects_of(RDFS.domain), *ontology.objects_of(RDFS.range)}
    ours = {node for node in named if node.value.startswith(str(CH))}
    assert ours <= set(ontology.instances(RDFS.Class))


def test_the_ontology_names_its_licence_and_version(ontology: ShapeGraph) -> None:
    (head,) = ontology.instances(OWL.Ontology)
    assert list(ontology.objects(head, DCTERMS.license)) == [
        NamedNode("https://creativecommons.org/publicdomain/zero/1.0/")
    ]
    assert ontology.objects(head, OWL.versionInfo)
