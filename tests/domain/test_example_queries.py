"""Each example query finds in a small world what a person would find there by hand.

The world has two collections: textiles (a damask of 1905 and a shawl of 1861 by one museum, a rug
without a date by another) and vases. `silk` has the narrower term `damask`. Each graph repeats the
names of terms, as publishing does: nothing may be counted twice for that.
"""

import re
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, QueryTriples, RdfFormat, Store

from server.domain import query_examples
from server.resources import folder
from server.store import guard

WORLD = """
PREFIX : <http://localhost:8000/>
PREFIX i: <http://items.example.org/>
PREFIX t: <http://terms.example.org/>
PREFIX as: <https://www.w3.org/ns/activitystreams#>
PREFIX ch: <https://w3id.org/crowdheritage/ns#>
PREFIX dc: <http://purl.org/dc/elements/1.1/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX edm: <http://www.europeana.eu/schemas/edm/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX ore: <http://www.openarchives.org/ore/terms/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX wgs84: <http://www.w3.org/2003/01/geo/wgs84_pos#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

GRAPH <http://localhost:8000/graph/collection/woven-patterns> {
  i:damask a edm:ProvidedCHO ; dc:title "Damask"@en ; dc:date "about 1905" .
  i:shawl a edm:ProvidedCHO ; dc:title "Shawl"@en ; dcterms:created "1861" .
  i:rug a edm:ProvidedCHO ; dc:title "Rug"@en ; dc:date "20th century" .
  i:damask-a edm:aggregatedCHO i:damask ; edm:dataProvider "Museum A"@en ;
    edm:isShownBy i:damask.jpg .
  i:shawl-a edm:aggregatedCHO i:shawl ; edm:dataProvider "Museum A" ; edm:isShownBy i:shawl.jpg .
  i:rug-a edm:aggregatedCHO i:rug ; edm:dataProvider "Museum B" .
}
GRAPH <http://localhost:8000/graph/collection/vases> {
  i:vase a edm:ProvidedCHO ; dc:title "Vase"@en ; dc:date "500 BC" .
  i:vase-a edm:aggregatedCHO i:vase ; edm:dataProvider "Museum B" .
}
GRAPH <http://localhost:8000/graph/vocabulary/textiles> {
  :vocabulary\\/textiles a ch:Vocabulary ; ch:scheme t: .
  t:silk skos:inScheme t: ; skos:prefLabel "silk (textile)"@en , "Seide"@de .
  t:damask skos:inScheme t: ; skos:broader t:silk ; skos:prefLabel "damask weave"@en ,
    "Damast"@de .
  t:red skos:inScheme t: ; skos:prefLabel "red"@en ; ch:hex "#FF0000" .
  t:soldier skos:inScheme t: ; skos:prefLabel "soldiers"@en .
  t:soldier skos:exactMatch <http://elsewhere.example.org/soldier> .
  t:lyon wgs84:lat 45.76 ; wgs84:long 4.83 ; skos:prefLabel "Lyon"@fr .
}
GRAPH <http://localhost:8000/graph/campaign/cloth> {
  :campaign\\/cloth a ch:Campaign ; ch:state ch:Open ; ch:task <http://localhost:8000/q1> .
  <http://localhost:8000/q1> ch:question "What is it made of?"@en , "Woraus ist es?"@de .
}
GRAPH <http://localhost:8000/graph/published/cloth> {
  t:silk skos:prefLabel "silk (textile)"@en , "Seide"@de .
  t:damask skos:prefLabel "damask weave"@en , "Damast"@de .
  t:red skos:prefLabel "red"@en .
  :a1 a oa:Annotation ; oa:hasBody t:damask ; oa:hasTarget [ oa:hasSource i:damask ] ;
    ch:field dcterms:medium ; ch:task <http://localhost:8000/q1> ; ch:approvals 3 ;
    ch:rejections 0 ; dcterms:issued "2026-01-02T03:04:05Z"^^xsd:dateTime .
  :a2 a oa:Annotation ; oa:hasBody t:red ; oa:hasTarget [ oa:hasSource i:damask ] ;
    ch:field dc:subject ; ch:task <http://localhost:8000/q1> ; ch:approvals 2 ; ch:rejections 1 ;
    dcterms:issued "2026-01-02T09:00:00Z"^^xsd:dateTime .
  :a3 a oa:Annotation ; oa:hasBody t:red ; oa:hasTarget [ oa:hasSource i:shawl ] ;
    ch:field dc:subject ; ch:task <http://localhost:8000/q1> ; ch:approvals 4 ; ch:rejections 0 ;
    dcterms:issued "2026-01-05T09:00:00Z"^^xsd:dateTime .
  :a4 a oa:Annotation ; oa:hasBody t:damask ; oa:hasTarget [ oa:hasSource i:shawl ] ;
    ch:field dcterms:medium ; ch:task <http://localhost:8000/q1> ; ch:approvals 1 ;
    ch:rejections 0 ; dcterms:issued "2026-01-06T09:00:00Z"^^xsd:dateTime .
  :p1 ore:proxyFor i:damask ; prov:wasDerivedFrom :a1 , :a2 .
  :p2 ore:proxyFor i:shawl ; prov:wasDerivedFrom :a3 , :a4 .
}
GRAPH <http://localhost:8000/graph/published/vases> {
  t:lyon wgs84:lat 45.76 ; wgs84:long 4.83 .
  :a5 a oa:Annotation ; oa:hasBody t:soldier ; oa:hasTarget [ oa:hasSource i:vase ] ;
    ch:field dc:subject ; ch:approvals 2 ; ch:rejections 0 ;
    dcterms:issued "2026-01-01T00:00:00Z"^^xsd:dateTime .
  :a6 a oa:Annotation ; oa:hasBody t:lyon ; oa:hasTarget [ oa:hasSource i:vase ] ;
    ch:field dcterms:spatial ; ch:approvals 2 ; ch:rejections 0 ;
    dcterms:issued "2026-01-01T01:00:00Z"^^xsd:dateTime .
  :p3 ore:proxyFor i:vase ; prov:wasDerivedFrom :a5 , :a6 .
}
GRAPH <http://localhost:8000/graph/rejections/cloth> {
  :r1 a ch:RejectedAnnotation ; ch:item i:rug ; ch:field dc:subject ; rdf:value t:silk ;
    dcterms:creator <http://software.example.org/eye> ; dc:creator "Eye 1.2" .
  :r2 a ch:RejectedAnnotation ; ch:item i:vase ; ch:field dc:subject ; rdf:value t:red ;
    dcterms:creator <http://software.example.org/eye> ; dc:creator "Eye 1.2" .
  :r3 a ch:RejectedAnnotation ; ch:item i:vase ; ch:field dc:type ; rdf:value t:red .
}
"""
SHORT = {
    "http://items.example.org/": "i:",
    "http://terms.example.org/": "t:",
    "http://localhost:8000/": ":",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
}
#: Worked out by hand; rows in their order, values in that of the columns, "" where there is none.
EXPECTED = {
    "items-with-a-term": ["i:damask t:damask 3", "i:shawl t:damask 1"],
    "fields-gained": ["dc:subject 2 2", "dcterms:medium 2 2"],
    "items-untouched": ["i:rug Rug"],
    "providers": ["Museum A 4", "Museum B 2"],
    "languages-gained": ["de 2"],
    "latest": [
        ":a4 i:shawl dcterms:medium t:damask 1 2026-01-06T09:00:00Z",
        ":a3 i:shawl dc:subject t:red 4 2026-01-05T09:00:00Z",
        ":a2 i:damask dc:subject t:red 2 2026-01-02T09:00:00Z",
        ":a1 i:damask dcterms:medium t:damask 3 2026-01-02T03:04:05Z",
        ":a6 i:vase dcterms:spatial t:lyon 2 2026-01-01T01:00:00Z",
        ":a5 i:vase dc:subject t:soldier 2 2026-01-01T00:00:00Z",
    ],
    "places": ["t:lyon 45.76 4.83 1"],
    "colours-per-decade": ["1860s t:red #FF0000 1", "1900s t:red #FF0000 1"],
    "most-agreed": ["t:red 6 2", "t:damask 4 2", "t:lyon 2 1", "t:soldier 2 1"],
    "disputed": [":a2 i:damask t:red 2 1"],
    "across-vocabularies": ["t:soldier http://elsewhere.example.org/soldier 1"],
    "timeline": ["2026-01-01 2", "2026-01-02 2", "2026-01-05 1", "2026-01-06 1"],
    "together": ["t:damask t:red 2"],
    "pictures": ["i:vase t:soldier"],
    "items-by-century": ["1800 1", "1900 1"],
    "questions": [":campaign/cloth What is it made of? 4"],
    "rejected-software": ["Eye 1.2 dc:subject 2"],
    "training-data": [
        "i:damask i:damask.jpg t:damask 3 0",
        "i:damask i:damask.jpg t:red 2 1",
        "i:shawl i:shawl.jpg t:red 4 0",
    ],
    "vocabulary-use": [":vocabulary/textiles 3 5"],
}
FILES = sorted((folder("queries") / "examples").glob("*.rq"))


@pytest.fixture(scope="module")
def store() -> Store:
    made = Store()
    made.load(WORLD.encode(), RdfFormat.TRIG)
    return made


def key(path: Path) -> str:
    return path.stem.partition("-")[2]


def ask(store: Store, path: Path) -> QuerySolutions | QueryTriples:
    """With the union of all graphs as the default graph, as the server does."""
    found = store.query(path.read_text(), use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions | QueryTriples)
    return found


def short(value: object) -> str:
    text = str(getattr(value, "value", ""))
    for base, prefix in SHORT.items():
        text = text.replace(base, prefix)
    return text


@pytest.mark.parametrize("path", FILES, ids=key)
def test_an_example_finds_what_is_there(store: Store, path: Path) -> None:
    if key(path) == "provenance":
        return
    rows = [" ".join(short(value) for value in row) for row in ask(store, path)]
    assert rows == EXPECTED[key(path)]


def test_the_provenance_of_a_statement_is_its_annotation_with_all_that_it_says(
    store: Store,
) -> None:
    (path,) = [each for each in FILES if key(each) == "provenance"]
    said = {(short(t.subject), short(t.predicate).rpartition("#")[2], short(t.object))
            for t in ask(store, path)}  # fmt: skip
    assert (":p1", "wasDerivedFrom", ":a1") in {
        (s, p.rpartition("/")[2].rpartition("#")[2], o) for s, p, o in said
    }
    assert (":a1", "approvals", "3") in said and (":a1", "field", "dcterms:medium") in said
    assert {subject for subject, _p, _o in said} == {":p1", ":a1"}


def test_there_are_twenty_and_each_is_for_somebody() -> None:
    keys = [key(path) for path in FILES]
    assert len(keys) == len(set(keys)) == 20
    assert set(keys) == {*EXPECTED, "provenance"}


@pytest.mark.parametrize("path", FILES, ids=key)
def test_an_example_says_what_it_answers_and_what_one_may_change(path: Path) -> None:
    title, question, group, *rest = path.read_text().splitlines()
    assert re.fullmatch(r"# [A-Z].*[^.?]", title) and re.fullmatch(r"# [A-Z].*\?", question)
    assert group.removeprefix("# for: ") in query_examples.GROUPS
    assert [line for line in rest if re.match(r"# (Change|Nothing|Only|Years|The )", line)]
    guard.check(path.read_text())
    assert all(len(line) <= 100 for line in rest)
