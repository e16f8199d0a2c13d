"""pySHACL as the reference for compiled shapes: the same triples, and results to compare.

rdflib and pySHACL get Graph objects only: they take a plain string for an address.
"""

import logging
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox
import pyshacl
import rdflib
from rdflib.namespace import XSD
from rdflib.term import Node

from server.domain import shape_paths
from server.domain.shape_graphs import ShapeGraph, Term
from server.domain.shape_results import Result
from server.names import SH

# Ill-typed literals are what the data is about; rdflib logs a traceback for each.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)

Finding: TypeAlias = tuple[str, str, str]  # focus node, path, constraint component
Row: TypeAlias = tuple[str, str, str, str, str]  # the same, value, severity; "" for none


def to_rdflib(term: Term) -> Node:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    plain = term.datatype.value == str(XSD.string)
    datatype = None if plain else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)


def from_rdflib(term: Node) -> Term:
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    assert isinstance(term, rdflib.Literal)
    if term.language:
        return ox.Literal(str(term), language=term.language)
    if term.datatype is None:
        return ox.Literal(str(term))
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)))


def graph(triples: Iterable[ox.Triple | ox.Quad]) -> rdflib.Graph:
    filled = rdflib.Graph()
    for triple in triples:
        spo = (triple.subject, triple.predicate, triple.object)
        filled.add(tuple(to_rdflib(term) for term in spo))  # type: ignore[arg-type]
    return filled


def turtle(text: str) -> list[ox.Triple]:
    """The triples of a Turtle text."""
    return [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]


def shapes_graph(*paths: Path) -> rdflib.Graph:
    return graph(q for path in paths for q in ox.parse(path=path, rename_blank_nodes=True))


def reference(shapes: rdflib.Graph, data: rdflib.Graph) -> set[Finding]:
    """What pySHACL finds wrong."""
    return {row[:3] for row in reference_rows(shapes, data)}


def reference_rows(shapes: rdflib.Graph, data: rdflib.Graph) -> Counter[Row]:
    """The same with values and severities, each as often as it is reported."""
    _conforms, found, _text = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(found, rdflib.Graph)
    report = ShapeGraph.of(
        ox.Triple(from_rdflib(s), from_rdflib(p), from_rdflib(o))  # type: ignore[arg-type]
        for s, p, o in found
    )
    (head,) = report.instances(SH.ValidationReport)
    # Nested details are not results of their own.
    return rows(report, report.objects(head, SH.result))


def rows(graph: ShapeGraph, results: Iterable[Term]) -> Counter[Row]:
    """Validation results as SHACL writes them (section 3.6); sh:Violation unless it is said."""
    return Counter(_row(graph, result) for result in results)


def _row(graph: ShapeGraph, result: Term) -> Row:
    (focus,) = graph.objects(result, SH.focusNode)
    (component,) = graph.objects(result, SH.sourceConstraintComponent)
    paths = [shape_paths.parse(graph, path) for path in graph.objects(result, SH.resultPath)]
    value = "".join(map(str, graph.objects(result, SH.value)))
    severity = "".join(map(str, graph.objects(result, SH.resultSeverity))) or str(SH.Violation)
    return str(focus), "".join(map(str, paths)), str(component), value, severity


def compiled(results: Iterable[Result]) -> set[Finding]:
    """What compiled shapes found wrong, in the same form."""
    return {(str(r.focus), str(r.path or ""), str(r.component)) for r in results}


def compiled_rows(results: Iterable[Result]) -> Counter[Row]:
    return Counter(
        (
            str(r.focus), str(r.path or ""), str(r.component),
            "" if r.value is None else str(r.value), str(r.severity),
        )
        for r in results
    )  # fmt: skip
