"""JSON-LD of annotations: the W3C context, and the same statements there and back."""

import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic

from server.errors import CrowdHeritageError
from server.formats import annotations_jsonld, webanno_context, webanno_graphs, webanno_read
from server.formats.webanno_context import ANNO, ANNO_TERMS
from server.names import Names
from tests.test_shapes import GOOD, PREFIXES
from tests.web.annotation_client import inlined

NAMES = Names("http://127.0.0.1:8000/")
KNOWN = webanno_context.known(NAMES)
KINDS = [name for name in GOOD if name.startswith("annotation/")]


def terms(context: dict[str, Any]) -> dict[str, Any]:
    """What each term of a context means, with its prefixes written out."""
    prefixes = {k: v for k, v in context.items() if isinstance(v, str) and v.startswith("http")}

    def whole(name: str) -> str:
        prefix, _colon, rest = name.partition(":")
        return prefixes[prefix] + rest if prefix in prefixes and rest[:2] != "//" else name

    found = {k: v if isinstance(v, dict) else {"@id": v} for k, v in context.items()}
    # An alias of a keyword has no type (JSON-LD 1.1, 9.15.1).
    return {
        name: {
            key: whole(value) for key, value in said.items()
            if name not in ("id", "type") or key == "@id"
        }
        for name, said in found.items()
    }  # fmt: skip


def test_our_copy_of_the_context_means_what_that_of_the_w3c_does(shared_data: Path) -> None:
    file = json.loads((shared_data / "webanno" / "anno.jsonld").read_text())
    assert terms(ANNO_TERMS) == terms(file["@context"])


def example(kind: str) -> tuple[str, list[ox.Triple]]:
    """The annotation itself, as a test of its shape has it."""
    quads = list(ox.parse(PREFIXES + GOOD[kind], ox.RdfFormat.TURTLE))
    root = next(q.subject.value for q in quads if q.object == webanno_graphs.OA.Annotation)
    return root, [
        q.triple for q in quads
        if q.subject.value.startswith(root) and "#by" not in q.subject.value
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_json_ld_of_every_kind_says_its_statements(kind: str) -> None:
    root, triples = example(kind)
    node = annotations_jsonld.write(triples, root)
    document = {"@context": webanno_context.of_annotations(NAMES), **node}
    back = webanno_read.read_json(json.dumps(document).encode(), root, KNOWN)
    assert set(map(str, back)) == set(map(str, triples))
    theirs, ours = rdflib.Graph(), rdflib.Graph()
    theirs.parse(data=json.dumps(inlined(document, NAMES)), format="json-ld")
    ours.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES).decode(), format="nt")
    assert isomorphic(theirs, ours)
    assert node == annotations_jsonld.write(reversed(triples), root)


def test_whatever_is_said_comes_back() -> None:
    text = """
    @prefix oa: <http://www.w3.org/ns/oa#> . @prefix x: <http://x.example/> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    x:a a oa:Annotation , x:Odd ; oa:hasBody x:a\\#body , x:term ; x:p "1"^^xsd:int , 1.5 , 2e0 ,
      true , "false"^^xsd:boolean , -7 , "007"^^xsd:integer , "e"@el-grc , "plain" , x:q ;
      oa:hasTarget x:a\\#target ; <http://x.example/odd/> "a\\"b\\n" ; oa:start "3"^^xsd:int ;
      <http://purl.org/dc/terms/created> "no time" ; oa:motivatedBy x:m , oa:tagging , "text" .
    x:a\\#body a oa:TextualBody ;
      <http://www.w3.org/1999/02/22-rdf-syntax-ns#value> "a"@en , "b"@en .
    x:a\\#target oa:hasSource x:a , x:a\\#body .
    x:term <http://www.w3.org/2004/02/skos/core#prefLabel> "t"@en , "u"@en , "v" , x:w .
    """
    triples = [quad.triple for quad in ox.parse(text, ox.RdfFormat.TURTLE)]
    root = "http://x.example/a"
    node = annotations_jsonld.write(triples, root)
    document = {"@context": webanno_context.of_annotations(NAMES), **node}
    back = annotations_jsonld.triples(document, KNOWN)
    assert set(map(str, back)) == set(map(str, triples))


SAMPLES = sorted((Path(__file__).parents[3] / "shared/data/webanno/correct").glob("*.json"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_samples_of_the_data_model_are_read_or_refused_in_words(path: Path) -> None:
    document = json.loads(path.read_text())
    if ANNO not in json.dumps(document.get("@context")):
        pytest.skip("it has no context")
    try:
        triples = webanno_read.read_json(path.read_bytes(), "http://x.example/", KNOWN)
        sent = webanno_graphs.read(triples)
    except CrowdHeritageError as error:
        assert str(error)
    else:
        assert sent.iri("target", webanno_graphs.OA.hasSource)


SAME = {
    "an IRI": "http://t.example/1",
    "a node with its IRI": {"id": "http://t.example/1", "type": "Image", "format": "image/png"},
    "a specific resource": {"type": "SpecificResource", "source": "http://t.example/1"},
    "one with an IRI": {
        "id": "urn:x:1",
        "type": "SpecificResource",
        "source": "http://t.example/1",
    },
}


@pytest.mark.parametrize("name", SAME)
def test_the_ways_to_name_a_target_and_a_body_are_one(name: str) -> None:
    """Web Annotation Data Model, 3.2.1, 4, 4.1."""
    document = {"@context": ANNO, "type": "Annotation", "target": SAME[name], "body": SAME[name]}
    triples = webanno_read.read_json(json.dumps(document).encode(), "http://x.example/", KNOWN)
    sent = webanno_graphs.read(triples)
    assert sent.iri("target", webanno_graphs.OA.hasSource) == "http://t.example/1"
    assert sent.iri("", webanno_graphs.OA.hasBody) == "http://t.example/1"


def test_a_fragment_of_the_target_is_its_selector() -> None:
    document = {
        "@context": ANNO,
        "type": "Annotation",
        "target": "http://t.example/1.png#xywh=1,2,3,4",
    }
    triples = webanno_read.read_json(json.dumps(document).encode(), "http://x.example/", KNOWN)
    sent = webanno_graphs.read(triples)
    assert sent.iri("target", webanno_graphs.OA.hasSource) == "http://t.example/1.png"
    assert sent.text("selector", webanno_graphs.RDF.value) == "xywh=1,2,3,4"
