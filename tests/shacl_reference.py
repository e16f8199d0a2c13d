"""pySHACL as the reference for compiled shapes: the same triples, and results to compare.

rdflib and pySHACL get Graph objects only: they take a plain string for an address.
"""

import logging
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
    _conforms, report, _text = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    return _findings(
        ShapeGraph.of(
            ox.Triple(from_rdflib(s), from_rdflib(p), from_rdflib(o))  # type: ignore[arg-type]
            for s, p, o in report
        )
    )


def _findings(report: ShapeGraph) -> set[Finding]:
    (head,) = report.instances(SH.ValidationReport)
    findings = set()
    for result in report.objects(head, SH.result):  # nested details are not results of their own
        (focus,) = report.objects(result, SH.focusNode)
        (component,) = report.objects(result, SH.sourceConstraintComponent)
        paths = [shape_paths.parse(report, p) for p in report.objects(result, SH.resultPath)]
        findings.add((str(focus), "".join(map(str, paths)), str(component)))
    return findings


def compiled(results: Iterable[Result]) -> set[Finding]:
    """What compiled shapes found wrong, in the same form."""
    return {(str(r.focus), str(r.path or ""), str(r.component)) for r in results}
