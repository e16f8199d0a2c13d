"""SKOS as it really arrives; after the SKOS Reference and its appendix B (SKOS-XL)."""

import gzip
from io import BytesIO
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from server.errors import Malformed
from server.formats import skos_read
from server.formats.vocabularies import VocabularyTerm, terms_from_triples
from server.names import DCTERMS, RDF, SKOS

PREFIXES = """
@prefix : <http://example.org/> .
@prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix ch: <https://w3id.org/crowdheritage/ns#> .
"""


def example(name: str) -> NamedNode:
    return NamedNode(f"http://example.org/{name}")


def triples(turtle: str) -> set[Triple]:
    return set(skos_read.read(BytesIO((PREFIXES + turtle).encode()), "x.ttl").triples)


def terms(turtle: str) -> dict[str, VocabularyTerm]:
    found = terms_from_triples(skos_read.read(BytesIO((PREFIXES + turtle).encode()), "ttl").triples)
    return {term.iri.removeprefix("http://example.org/"): term for term in found}


def test_the_unesco_thesaurus_has_4485_concepts_in_five_languages(shared_data: Path) -> None:
    data = skos_read.read(shared_data / "skos" / "unesco-thesaurus.ttl")
    found = list(terms_from_triples(data.triples))
    assert data.scheme == "http://vocabularies.unesco.org/thesaurus"
    assert (DCTERMS["title"], Literal("UNESCO Thesaurus", language="en")) in data.metadata
    assert len(found) == 4485
    assert {lang for term in found for _, _, lang in term.labels} == {"en", "fr", "es", "ru", "ar"}
    assert any(term.broader for term in found)


def test_skos_xl_labels_become_plain_ones_also_by_blank_nodes() -> None:
    found = terms("""
        :a a skos:Concept ; skosxl:prefLabel [ a skosxl:Label ; skosxl:literalForm "love"@en ] ;
            skosxl:altLabel :l ; rdfs:label "not this" .
        :l a skosxl:Label ; skosxl:literalForm "affection"@en .
    """)
    assert found["a"].labels == (("pref", "love", "en"), ("alt", "affection", "en"))
    assert set(found) == {"a"}


def test_notes_by_nodes_become_plain_ones() -> None:
    found = terms(
        """:a a skos:Concept ; skos:prefLabel "a" ; skos:scopeNote [ rdf:value "n"@en ] ."""
    )
    assert found["a"].notes == (("n", "en"),)


def test_narrower_and_has_top_concept_are_turned_round() -> None:
    found = triples(""":s a skos:ConceptScheme ; skos:hasTopConcept :a . :a skos:narrower :b .""")
    assert Triple(example("b"), SKOS.broader, example("a")) in found
    assert Triple(example("a"), SKOS.inScheme, example("s")) in found
    assert all(triple.predicate != SKOS.narrower for triple in found)


def test_concepts_in_no_scheme_are_read() -> None:
    data = skos_read.read(
        BytesIO((PREFIXES + ':a a skos:Concept ; skos:prefLabel "a" .').encode()), "ttl"
    )
    assert data.scheme is None
    assert data.metadata == ()
    assert [term.iri for term in terms_from_triples(data.triples)] == ["http://example.org/a"]


def test_of_several_schemes_the_one_with_most_concepts_names_the_vocabulary() -> None:
    text = """
        :few a skos:ConceptScheme ; dc:title "few" . :many a skos:ConceptScheme ; dc:title "many" .
        :a skos:inScheme :few . :b skos:inScheme :many . :c skos:inScheme :many ."""
    data = skos_read.read(BytesIO((PREFIXES + text).encode()), "text/turtle")
    assert data.scheme == "http://example.org/many"
    assert data.metadata == ((DCTERMS["title"], Literal("many")),)
    assert Triple(example("a"), SKOS.inScheme, example("few")) in set(data.triples)


def test_cycles_in_broader_are_kept_but_no_concept_is_its_own_broader() -> None:
    found = triples(":a skos:broader :b, :a . :b skos:broader :a .")
    ups = {triple for triple in found if triple.predicate == SKOS.broader}
    assert ups == {
        Triple(example("a"), SKOS.broader, example("b")),
        Triple(example("b"), SKOS.broader, example("a")),
    }


def test_labels_without_language_are_kept_and_rdfs_label_stands_in() -> None:
    found = terms(""":a a skos:Concept ; skos:prefLabel "plain" ; rdfs:label "no" .
        :b a skos:Concept ; rdfs:label "stands in"@en .""")
    assert found["a"].labels == (("pref", "plain", ""),)
    assert found["b"].labels == (("pref", "stands in", "en"),)


def test_deprecated_guide_and_colour_are_told() -> None:
    found = terms(""":a a skos:Concept ; skos:prefLabel "a" ; owl:deprecated true .
        :b a skos:Concept ; skos:prefLabel "b" ; ch:guideTerm true ; ch:hex "#FF0000" .""")
    assert (found["a"].deprecated, found["a"].guide) == (True, False)
    assert (found["b"].guide, found["b"].hex) == (True, "#FF0000")


def test_collections_and_other_resources_are_no_concepts() -> None:
    found = terms(""":a a skos:Concept ; skos:prefLabel "a" .
        :c a skos:Collection ; skos:prefLabel "c" ; skos:inScheme :s ; skos:member :a .
        :d dcterms:title "d" ; skos:prefLabel "d" .""")
    assert set(found) == {"a"}


def test_concepts_without_a_safe_iri_are_left_out_and_counted() -> None:
    text = """:a a skos:Concept . [] a skos:Concept ; skos:prefLabel "blank" .
        <javascript:alert(1)> a skos:Concept . :a skos:related <file:///etc/passwd> ."""
    data = skos_read.read(BytesIO((PREFIXES + text).encode()), "ttl")
    assert set(data.triples) == {Triple(example("a"), RDF.type, SKOS.Concept)}
    assert data.left_out == {"without an IRI": 1, "with an unsafe IRI": 1}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.nt", "<http://example.org/a> <{rdf}type> <{skos}Concept> ."),
        ("x.jsonld", '{{"@id": "http://example.org/a", "@type": "{skos}Concept"}}'),
        (
            "application/rdf+xml",
            '<rdf:RDF xmlns:rdf="{rdf}" xmlns:s="{skos}">'
            '<s:Concept rdf:about="http://example.org/a"/></rdf:RDF>',
        ),
        (
            "x.owl",
            '<rdf:RDF xmlns:rdf="{rdf}" xmlns:s="{skos}">'
            '<s:Concept rdf:about="http://example.org/a"/></rdf:RDF>',
        ),
    ],
)
def test_every_syntax_is_read_also_packed(name: str, text: str, tmp_path: Path) -> None:
    text = text.format(rdf=RDF, skos=SKOS)
    expected = [Triple(example("a"), RDF.type, SKOS.Concept)]
    assert list(skos_read.read(BytesIO(text.encode()), name).triples) == expected
    packed = tmp_path / "x.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    assert list(skos_read.read(packed, name).triples) == expected


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("x.ttl", b":a a", "cannot be read"),
        ("x.ttl", b"\xff\xfe", "cannot be read"),
        ("x.ttl", b"<http://example.org/a> <http://example.org/b> 1 .", "no SKOS concept"),
        ("x.docx", b"", "which RDF syntax"),
        ("x.rdf", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>', "DTD"),
        ("x.nt.gz", gzip.compress(b"<http://example.org/a> <x:b> <x:c> .\n" * 999)[:-9], "read"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(
    name: str, content: bytes, reason: str
) -> None:
    with pytest.raises(Malformed, match=reason):
        skos_read.read(BytesIO(content), name)
