"""What stands in a table is the same term in a line of N-Triples."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from server.names import XSD
from server.store import tables

S, P = NamedNode("http://x.example/s"), NamedNode("http://x.example/p")
TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)
LITERALS = st.one_of(
    st.builds(Literal, TEXTS),
    st.builds(lambda text: Literal(text, language="en-gb"), TEXTS),
    st.builds(lambda text: Literal(text, datatype=NamedNode("http://x.example/type")), TEXTS),
    st.builds(Literal, st.integers(-(2**62), 2**62)),
    st.builds(Literal, st.booleans()),
)


def read_back(values: list[object]) -> set[object]:
    """The values as they come out of lines that were made of a table."""
    store = Store()
    store.extend(Quad(S, P, value) for value in values)  # type: ignore[arg-type]
    table = store.query("SELECT ?p ?o { ?s ?p ?o }").serialize(format=QueryResultsFormat.TSV)  # type: ignore[union-attr]
    assert isinstance(table, bytes)
    lines = []
    for property_, value in tables.rows(table):
        if not tables.is_iri(value) and not value.startswith(tables.ALIKE):
            value = tables.in_n_triples(value)
        lines.append(b"%b %b %b .\n" % (str(S).encode(), property_, value))
    found = {quad.triple for quad in parse(b"".join(lines), RdfFormat.N_TRIPLES)}
    assert found == {quad.triple for quad in store}
    return {triple.object for triple in found}


@given(st.lists(LITERALS, max_size=8))
def test_texts_come_back(values: list[object]) -> None:
    read_back(values)


@pytest.mark.parametrize(
    "value",
    [
        Literal("1.50", datatype=XSD.decimal), Literal("-1e5", datatype=XSD.double),
        Literal("INF", datatype=XSD.double), Literal("2026-11-23", datatype=XSD.date),
        Literal("tab\tend\nquote\"back\\slash\r"), Literal("> <http://x.example/trap> .\n"),
        Literal("x", language="ar", direction=BaseDirection.RTL), NamedNode("urn:x:y"),
        NamedNode("mailto:someone@example.org"), NamedNode("http://x.example/ü"),
        Triple(S, P, Literal(5)),
    ],
)  # fmt: skip
def test_rare_values_come_back(value: object) -> None:
    assert len(read_back([value])) == 1


def test_nodes_without_a_name_keep_theirs() -> None:
    read_back([BlankNode("one")])


def test_an_empty_table_has_no_rows(tmp_path: Path) -> None:
    found = Store().query("SELECT ?s { ?s ?p ?o }")
    assert list(tables.rows(found.serialize(format=QueryResultsFormat.TSV))) == []  # type: ignore
