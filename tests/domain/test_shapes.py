"""What the compiler of shapes refuses, how it walks, orders and speaks.

What each construct finds is in tests/test_shacl_core.py.
"""

import pathlib

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain import shapes
from server.domain.shape_compiler import compile_graph
from server.domain.shape_graphs import ShapeGraph
from server.domain.shape_literals import WELLFORMED, comparable
from server.domain.shape_paths import (
    Alternative,
    Inverse,
    Path,
    Predicate,
    Sequence,
    compile_path,
)
from server.domain.shapes import Shapes
from server.errors import Damaged
from server.i18n import language
from server.names import RDF, SH, XSD
from tests import shacl_reference

PREFIXES = """
@base <http://example.org/> .
@prefix : <http://example.org/> .
@prefix dash: <http://datashapes.org/dash#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def compile_text(text: str) -> Shapes:
    return Shapes(compile_graph(ShapeGraph.of(shacl_reference.turtle(PREFIXES + text))))


NODES = st.sampled_from([ox.NamedNode(f"http://example.org/{name}") for name in "abcpqr"])
PATHS: st.SearchStrategy[Path] = st.recursive(
    NODES.map(Predicate),
    lambda paths: (
        paths.map(Inverse)
        | st.tuples(paths, paths).map(Sequence)
        | st.tuples(paths, paths).map(Alternative)
    ),
    max_leaves=5,
)


@settings(deadline=None)
@given(PATHS, st.lists(st.builds(ox.Triple, NODES, NODES, NODES), max_size=25))
def test_paths_lead_where_sparql_paths_lead(path: Path, triples: list[ox.Triple]) -> None:
    """Section 2.3.1 defines them by their SPARQL form; the engine is Oxigraph."""
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    graph, walk = ShapeGraph.of(triples), compile_path(path)
    for name in "abc":
        focus = ox.NamedNode(f"http://example.org/{name}")
        answer = store.query(f"SELECT DISTINCT ?value {{ {focus} {path} ?value }}")
        assert isinstance(answer, ox.QuerySolutions)
        values = list(walk(graph, focus))
        assert len(values) == len(set(values))
        assert set(values) == {row["value"] for row in answer}


@pytest.mark.parametrize(
    "shape",
    [
        "sh:sparql [ sh:select '' ]",
        "sh:js [ ]",
        "sh:minCuont 1",
        "sh:property [ sh:path :p ; sh:minCuont 1 ]",
        "dash:nonRecursive true",
        "sh:property [ sh:path [ sh:zeroOrMorePath :p ] ]",
        "sh:property [ sh:path [ sh:oneOrMorePath :p ] ]",
        "sh:property [ sh:path [ sh:zeroOrOnePath :p ] ]",
        "sh:property [ sh:path ( :p ) ]",
        "sh:property [ sh:path :p , :q ]",
        "sh:property [ sh:minCount 1 ]",
        "sh:minCount 1",
        "sh:uniqueLang true",
        "sh:property [ sh:path :p ; sh:minCount -1 ]",
        "sh:property [ sh:path :p ; sh:minCount 1 , 2 ]",
        "sh:datatype xsd:duration",
        "sh:nodeKind sh:Iri",
        "sh:pattern '('",
        "sh:pattern 'a' , 'b'",
        "sh:pattern '(?=a)b'",
        r"sh:pattern 'a\\b'",
        "sh:pattern 'a' ; sh:flags 'x'",
        "sh:minInclusive :b",
        "sh:in [ rdf:first 1 ]",
        "sh:class 'C'",
        "sh:closed 'yes'",
        "sh:node :Nowhere",
        "sh:node :S",
        "sh:not [ sh:node :S ]",
        """sh:property [ sh:path :p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ ] ;
           sh:qualifiedValueShapesDisjoint true ]""",
    ],
)
def test_what_the_compiler_does_not_know_is_refused(shape: str) -> None:
    with pytest.raises(ValueError):
        compile_text(f":S a sh:NodeShape ; {shape} .")


def test_a_shape_without_target_is_checked_as_well() -> None:
    with pytest.raises(ValueError, match="zeroOrMorePath"):
        compile_text(":S sh:property [ sh:path [ sh:zeroOrMorePath :p ] ; sh:minCount 1 ] .")


def test_a_file_that_cannot_be_used_is_named(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "bad.ttl"
    file.write_text(f"{PREFIXES} :S a sh:NodeShape ; sh:minCuont 1 .")
    with pytest.raises(Damaged, match=r"bad\.ttl.*minCuont"):
        shapes.compile_shapes(file)
    file.write_text("no Turtle")
    with pytest.raises(Damaged, match=r"bad\.ttl"):
        shapes.compile_shapes(tmp_path)


def test_incomparable_values_are_in_no_order() -> None:
    """SHACL 4.5.4: "or where the two values cannot be compared, there is a validation result"."""
    compiled = compile_text(":S sh:targetNode :a ; sh:property [ sh:path :p ; sh:lessThan :q ] .")
    for low, high in (
        ("1", '"2"'),
        ("1", ":b"),
        ('"2026-01-01"^^xsd:date', '"2026-01-02Z"^^xsd:date'),
        ('"2026-01-01"^^xsd:date', '"2026-01-02T00:00:00"^^xsd:dateTime'),
        ('"NaN"^^xsd:double', "1"),
        ('"x"@en', '"y"@en'),
    ):
        data = shacl_reference.turtle(f"{PREFIXES} :a :p {low} ; :q {high} .")
        assert [r.component for r in compiled.validate(data)] == [SH.LessThanConstraintComponent]


def test_a_pattern_that_ends_at_the_end_takes_no_newline_after_it() -> None:
    """XPath F&O 5.6.1: without the flag m, `$` matches the end of the string alone."""
    compiled = compile_text(":S sh:targetNode :a ; sh:property [ sh:path :p ; sh:pattern '^b$' ] .")
    assert compiled.validate(shacl_reference.turtle(f'{PREFIXES} :a :p "b\\n" .'))
    assert not compiled.validate(shacl_reference.turtle(f'{PREFIXES} :a :p "b" .'))


@pytest.mark.parametrize(
    ("datatype", "right", "wrong"),
    [
        (XSD.boolean, "true false 1 0", "TRUE yes 2"),
        (XSD.integer, "0 -0 +7 007 " + "9" * 5000, "1.0 1e3 ٣ 0x1"),
        (XSD.positiveInteger, "1 99", "0 -1"),
        (XSD.byte, "-128 127", "-129 128"),
        (XSD.decimal, "1 -1.5 .5 5. +0.0", "1e3 . INF 1,5"),
        (XSD.double, "1 1e3 -1.5E-3 INF -INF NaN", "inf nan e3 +NaN"),
        (XSD.date, "2026-11-22 2024-02-29Z -0001-01-01+14:00", "2026-02-29 20261122 2026-1-1"),
        (
            XSD.dateTime,
            "2026-11-22T10:00:00 2026-11-22T24:00:00Z 2026-11-22T10:00:00.123-05:00",
            "2026-11-22 2026-11-22T24:00:01 2026-11-22T10:00 2026-11-22T10:60:00 yesterday",
        ),
    ],
)
def test_lexical_forms_are_those_of_xml_schema(
    datatype: ox.NamedNode, right: str, wrong: str
) -> None:
    assert all(WELLFORMED[datatype](text) for text in right.split())
    assert not any(WELLFORMED[datatype](text) for text in wrong.split())


def test_times_compare_across_zones() -> None:
    early = comparable(ox.Literal("2026-11-22T10:00:00.1Z", datatype=XSD.dateTime))
    late = comparable(ox.Literal("2026-11-22T05:00:00.123456789-05:01", datatype=XSD.dateTime))
    assert early is not None and late is not None
    assert early[0] == late[0] and early[1] < late[1]


def test_triples_quads_and_a_ready_index_give_the_same() -> None:
    compiled = compile_text(":S sh:targetClass :C ; sh:property [ sh:path :p ; sh:maxCount 1 ] .")
    triples = shacl_reference.turtle(f"{PREFIXES} :a a :C ; :p 1 , 2 .")
    quads = [ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode("urn:g")) for t in triples]
    a, p, c = (ox.NamedNode(f"http://example.org/{name}") for name in "apC")
    index = {a: {RDF.type: [c], p: [ox.Literal(1), ox.Literal(2)]}}
    first, *others = (
        compiled.validate(data) for data in (triples, quads, index, ShapeGraph(index))
    )
    assert len(first) == 1 and all(other == first for other in others)


def test_results_come_in_the_order_of_the_form() -> None:
    compiled = compile_text("""
        :S sh:targetNode :a ;
          sh:property [ sh:path :p ; sh:order 2 ; sh:minCount 1 ] ;
          sh:property [ sh:path :q ; sh:order 10 ; sh:minCount 1 ] ;
          sh:property [ sh:path :r ; sh:order 1 ; sh:minCount 1 ] .""")
    assert [result.field for result in compiled.validate([])] == ["r", "p", "q"]


def test_messages_are_in_the_language_of_the_person() -> None:
    compiled = compile_text("""
        :S sh:targetNode :a ; sh:property [
          sh:path :p ; sh:minCount 1 ; sh:message "Please."@en , "Bitte."@de ] .""")
    (result,) = compiled.validate([])
    assert result.message == "Please."
    token = language.set("de")
    try:
        assert result.message == "Bitte."
    finally:
        language.reset(token)


def test_a_shape_without_message_still_says_something() -> None:
    compiled = compile_text(":S sh:targetNode :a ; sh:property [ sh:path :p ; sh:minCount 1 ] .")
    (result,) = compiled.validate([])
    assert result.message == "http://example.org/p breaks the rule MinCount."


def test_problems_repeat_long_values_only_in_part_and_nothing_twice() -> None:
    compiled = compile_text("""
        :S sh:targetNode :a ; sh:property [
          sh:path :p ; sh:maxLength 3 ; sh:pattern "^y" ; sh:message "Short."@en ] .""")
    results = compiled.validate(shacl_reference.turtle(f'{PREFIXES} :a :p "{"x" * 999}" .'))
    (problem,) = shapes.problems(results)
    assert problem.field == "p"
    assert problem.message == f"Short. (It is “{'x' * 60}…”.)"
