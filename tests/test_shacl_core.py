"""The W3C SHACL core cases (tests/shacl/*.trig) by our compiler and by pySHACL.

The cases are written from the specification, https://www.w3.org/TR/shacl/, sections 2 to 4, and
have the names of the W3C test suite's; what they expect is worked out by hand from it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

import pyoxigraph as ox
import pytest

from server.domain import shape_declarations, shape_literals, shape_paths
from server.domain.shape_compiler import compile_graph
from server.domain.shape_declarations import CONSTRAINTS, TARGETS
from server.domain.shape_graphs import ShapeGraph, Term
from server.domain.shapes import Shapes
from server.names import SH
from tests import shacl_reference

FILES = sorted((Path(__file__).parent / "shacl").glob("*.trig"))


@dataclass
class Case:
    """The three graphs of a case, by the fragments of their names."""

    data: list[ox.Triple] = field(default_factory=list)
    shapes: list[ox.Triple] = field(default_factory=list)
    expected: list[ox.Triple] = field(default_factory=list)


def read() -> dict[str, Case]:
    cases: dict[str, Case] = {}
    for file in FILES:
        for graph in _graph_names(file):
            name, _, part = graph.partition("#")
            assert part in ("data", "shapes", "expected"), graph
            cases.setdefault(name, Case())
        for quad in ox.parse(path=file):
            name, _, part = _short(quad.graph_name).partition("#")
            getattr(cases[name], part).append(quad.triple)
    return cases


def _graph_names(file: Path) -> Iterable[str]:
    """Empty graphs too, which are in no quad."""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("<"):
            yield f"{file.stem}/{line[1 : line.index('>')]}"


def _short(name: Term) -> str:
    return str(name.value).removeprefix("http://example.org/")


CASES = read()


#: Where pySHACL finds less than the specification says, and why.
MISSED = {
    "path/path-complex-002": "it inverts each step of a sequence and keeps their order",
    "property/datatype-ill-formed": "rdflib reads numbers as Python does: 1e5, -inf, of any size",
    "property/lessThan-002": "rdflib has an order of a date and a number",
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_compiled_shapes_find_what_the_specification_says(case: Case) -> None:
    shapes = Shapes(compile_graph(ShapeGraph.of(case.shapes)))
    assert shacl_reference.compiled_rows(shapes.validate(case.data)) == expected(case)


@pytest.mark.parametrize("name", CASES)
def test_pyshacl_reads_the_specification_as_we_do(name: str) -> None:
    case = CASES[name]
    shapes, data = shacl_reference.graph(case.shapes), shacl_reference.graph(case.data)
    found, wanted = shacl_reference.reference_rows(shapes, data), expected(case)
    assert found < wanted if name in MISSED else found == wanted


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_results_say_which_shape_they_are_of_and_in_its_words(case: Case) -> None:
    results = ShapeGraph.of(case.expected)
    found = Shapes(compile_graph(ShapeGraph.of(case.shapes))).validate(case.data)
    for result in results.subjects_of(SH.sourceShape):
        (shape,) = results.objects(result, SH.sourceShape)
        (row,) = shacl_reference.rows(results, [result])
        named = {r.origin.shape for r in found if [row] == [*shacl_reference.compiled_rows([r])]}
        assert _short(shape) in named
    for result in results.subjects_of(SH.resultMessage):
        words = {text.language: text.value for text in results.objects(result, SH.resultMessage)}
        assert words in [r.origin.messages for r in found]


def test_every_construct_that_is_supported_has_a_case() -> None:
    used = {triple.predicate for case in CASES.values() for triple in case.shapes}
    companions = shape_declarations._COMPANIONS | {SH.severity, SH.message, SH.deactivated}
    assert CONSTRAINTS | TARGETS | companions <= used


def test_every_kind_of_result_is_expected_somewhere() -> None:
    """A case in which a construct is there and finds nothing would not do."""
    found = {
        str(triple.object.value).removeprefix(str(SH)).removesuffix("ConstraintComponent").lower()
        for case in CASES.values()
        for triple in case.expected
        if triple.predicate == SH.sourceConstraintComponent
    }
    counted = {SH.qualifiedMinCount, SH.qualifiedMaxCount}
    parameters = CONSTRAINTS - {SH.property, SH.qualifiedValueShape} | counted
    assert {str(p.value).removeprefix(str(SH)).lower() for p in parameters} == found


def test_every_construct_has_a_case_on_nodes_and_one_on_properties() -> None:
    on_both = CONSTRAINTS - shape_declarations._OF_PROPERTIES_ONLY
    for group, constructs in (("node", on_both), ("property", CONSTRAINTS)):
        cases = [case for name, case in CASES.items() if name.startswith(f"{group}/")]
        assert constructs <= {triple.predicate for case in cases for triple in case.shapes}


def test_every_kind_of_path_has_a_case() -> None:
    found = set()
    for case in CASES.values():
        shapes = ShapeGraph.of(case.shapes)
        for node in shapes.subjects_of(SH.path):
            for path in shapes.objects(node, SH.path):
                found.add(type(shape_paths.parse(shapes, path)))
    assert found == set(get_args(shape_paths.Path))


def test_every_datatype_and_kind_of_node_has_a_case() -> None:
    asked: dict[ox.NamedNode, set[Term]] = {SH.datatype: set(), SH.nodeKind: set()}
    for case in CASES.values():
        for triple in case.shapes:
            if triple.predicate in asked:
                asked[triple.predicate].add(triple.object)
    assert asked[SH.datatype] == set(shape_literals.WELLFORMED)
    kinds = "IRI Literal BlankNode BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral"
    assert asked[SH.nodeKind] == {SH[kind] for kind in kinds.split()}


def expected(case: Case) -> Counter[shacl_reference.Row]:
    results = ShapeGraph.of(case.expected)
    return shacl_reference.rows(results, results.subjects_of(SH.focusNode))
