"""Any statements as RDF/XML that every parser takes."""

import pytest
from lxml import etree
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from server.formats import rdf_xml
from server.names import DC, XSD

ME = NamedNode("http://data.example.org/1?a=1&b=<2>".replace("<", "%3C").replace(">", "%3E"))


def read(triples: list[Triple]) -> set[Triple]:
    data = rdf_xml.write(triples)
    etree.fromstring(data)
    return {quad.triple for quad in parse(data, RdfFormat.RDF_XML)}


@pytest.mark.parametrize(
    "value",
    [
        NamedNode("http://data.example.org/2?x=1&y='2'"),
        Literal('a <b> & "c" \n ]]>'),
        Literal("λόγος", language="el"),
        Literal("12", datatype=XSD.integer),
        Literal(""),
    ],
)
def test_what_is_written_is_read_again(value: NamedNode | Literal) -> None:
    said = Triple(ME, DC.title, value)
    assert read([said]) == {said}


def test_blank_nodes_stay_joined() -> None:
    node = BlankNode("0a")
    found = read([Triple(ME, DC.relation, node), Triple(node, DC.title, Literal("x"))])
    about = {triple.subject: triple.object for triple in found}
    assert about[about[ME]] == Literal("x")


@pytest.mark.parametrize("ending", ["123", "", "a/", "(b)", "x y".replace(" ", "%20")])
def test_a_property_that_xml_cannot_name_is_left_out(ending: str) -> None:
    odd = Triple(ME, NamedNode(f"http://data.example.org/p/{ending}"), Literal("odd"))
    said = Triple(ME, DC.title, Literal("x"))
    found = read([odd, said])
    assert said in found and found <= {odd, said}


@pytest.mark.parametrize("text", ["a\x00b", "a\x0bb", "\ufffe", "\x1b[31m"])
def test_what_xml_cannot_hold_never_breaks_it(text: str) -> None:
    assert len(read([Triple(ME, DC.title, Literal(text))])) == 1
