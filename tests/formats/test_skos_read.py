"""SKOS as it really arrives; after the SKOS Reference and its appendix B (SKOS-XL)."""

import bz2
import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Triple

from server.errors import Malformed, NotFound, TooLarge
from server.formats import skos_read
from server.formats.skos_read import Options
from server.formats.vocabularies import (
    Reading,
    VocabularyData,
    as_triples,
)
from server.index.labels import TermRow
from server.names import DCTERMS, RDF, SKOS, WGS84, XSD
from tests.indexed_terms import terms_from_triples

PREFIXES = """
@prefix : <http://example.org/> .
@prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix wgs84: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix ch: <https://w3id.org/crowdheritage/ns#> .
"""
TYPED = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def example(name: str) -> NamedNode:
    return NamedNode(f"http://example.org/{name}")


class Source:
    """A Turtle file, read once; `triples` and `reading` are what came of it."""

    def __init__(self, folder: Path, turtle: str, options: Options) -> None:
        path = folder / "source.ttl"
        path.write_text(PREFIXES + turtle)
        self.reading = Reading(folder)
        self.data = skos_read.read([path], options, self.reading)
        self.triples = set(as_triples(self.data.statements))

    @property
    def terms(self) -> dict[str, TermRow]:
        found = terms_from_triples(self.triples)
        return {term.iri.removeprefix("http://example.org/"): term for term in found}

    def links(self, predicate: NamedNode) -> set[tuple[str, str]]:
        return {
            (str(t.subject)[20:-1], str(t.object)[20:-1])
            for t in self.triples
            if t.predicate == predicate
        }


class Read:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, turtle: str, **options: str) -> Source:
        return Source(self._folder, turtle, Options(**options))


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return Read(tmp_path)


def read_file(path: Path, reading: Reading | None = None) -> VocabularyData:
    return skos_read.read([path], Options(), reading or Reading(path.parent))


def test_the_unesco_thesaurus_comes_with_exactly_its_concepts_and_labels(
    shared_data: Path,
) -> None:
    """Compared with what rdflib reads from the same file."""
    path = shared_data / "skos" / "unesco-thesaurus.ttl"
    data = skos_read.read([path], Options(), Reading())
    found = list(as_triples(data.statements))
    graph = rdflib.Graph().parse(path)
    skos = rdflib.SKOS
    assert data.scheme == "http://vocabularies.unesco.org/thesaurus"
    assert (DCTERMS["title"], Literal("UNESCO Thesaurus", language="en")) in data.metadata
    concepts = {str(s) for s in graph.subjects(rdflib.RDF.type, skos.Concept)}
    assert len(concepts) == 4485
    assert {
        t.subject.value  # type: ignore[union-attr]
        for t in found
        if t.predicate == RDF.type and t.object == SKOS.Concept
    } == concepts
    for ours, theirs in (
        (SKOS.prefLabel, skos.prefLabel),
        (SKOS.altLabel, skos.altLabel),
        (SKOS.hiddenLabel, skos.hiddenLabel),
        (SKOS.scopeNote, skos.scopeNote),
    ):
        texts = {
            (t.subject.value, t.object.value, t.object.language)  # type: ignore[union-attr]
            for t in found
            if t.predicate == ours
        }
        assert texts == {
            (str(s), str(o), o.language)  # type: ignore[attr-defined]
            for s, o in graph.subject_objects(theirs)
            if str(s) in concepts
        }


def test_skos_xl_labels_become_plain_ones_also_by_blank_nodes(read: Read) -> None:
    found = read("""
        :a a skos:Concept ; skosxl:prefLabel [ a skosxl:Label ; skosxl:literalForm "love"@en ] ;
            skosxl:altLabel :l ; rdfs:label "not this" .
        :l a skosxl:Label ; skosxl:literalForm "affection"@en .
    """).terms
    assert found["a"].labels == (("pref", "love", "en"), ("alt", "affection", "en"))
    assert set(found) == {"a"}


def test_notes_by_nodes_become_plain_ones(read: Read) -> None:
    found = read(
        """:a a skos:Concept ; skos:prefLabel "a" ; skos:scopeNote [ rdf:value "n"@en ] ."""
    ).terms
    assert found["a"].notes == (("n", "en"),)


def test_narrower_and_has_top_concept_are_turned_round(read: Read) -> None:
    found = read(""":s a skos:ConceptScheme ; skos:hasTopConcept :a . :a skos:narrower :b .""")
    assert found.links(SKOS.broader) == {("b", "a")}
    assert found.links(SKOS.inScheme) == {("a", "s")}
    assert not found.links(SKOS.narrower)


def test_concepts_in_no_scheme_are_read(read: Read) -> None:
    found = read(':a a skos:Concept ; skos:prefLabel "a" .')
    assert found.data.scheme is None
    assert found.data.metadata == ()
    assert set(found.terms) == {"a"}


SCHEMES = """
    :few a skos:ConceptScheme ; dc:title "few" . :many a skos:ConceptScheme ; dc:title "many" .
    :a skos:inScheme :few . :b skos:inScheme :many ; skos:broader :a . :c skos:inScheme :many ;
        skos:broader :b ; skos:related :a .
"""


def test_of_several_schemes_the_one_with_most_concepts_names_the_vocabulary(read: Read) -> None:
    found = read(SCHEMES)
    assert found.data.scheme == "http://example.org/many"
    assert found.data.metadata == ((DCTERMS["title"], Literal("many")),)
    assert found.links(SKOS.inScheme) == {("a", "few"), ("b", "many"), ("c", "many")}


def test_a_chosen_scheme_has_its_own_concepts_alone(read: Read) -> None:
    found = read(SCHEMES, scheme="http://example.org/many")
    assert found.links(SKOS.inScheme) == {("b", "many"), ("c", "many")}
    assert found.links(SKOS.broader) == {("c", "b")}
    assert not found.links(SKOS.related)
    few = read(SCHEMES, scheme="http://example.org/few")
    assert few.data.metadata == ((DCTERMS["title"], Literal("few")),)
    assert few.links(SKOS.inScheme) == {("a", "few")}
    with pytest.raises(Malformed, match="no SKOS concept"):
        read(SCHEMES, scheme="http://example.org/none")


def test_every_way_up_comes_to_an_end(read: Read) -> None:
    found = read("""
        :a skos:broader :b, :a . :b skos:broader :c . :c skos:broader :a, :top . :d skos:broader :a
        . :x skos:broader :y . :y skos:broader :x .
    """)
    up: dict[str, set[str]] = {}
    for narrower, broader in found.links(SKOS.broader):
        up.setdefault(narrower, set()).add(broader)

    def ways(term: str) -> Iterator[str]:
        for broader in up.get(term, ()):
            yield broader
            yield from ways(broader)

    assert all(term not in ways(term) for term in up)  # a cycle would recurse without end
    assert ("d", "a") in found.links(SKOS.broader)
    assert ("c", "top") in found.links(SKOS.broader)
    assert len(found.links(SKOS.broader)) == 5
    assert sum(found.reading.left_out.values()) == 3


def test_labels_without_language_are_kept_and_other_names_stand_in(read: Read) -> None:
    found = read(""":a a skos:Concept ; skos:prefLabel "plain" ; rdfs:label "no" .
        :b a skos:Concept ; rdfs:label "stands in"@en ; schema:name "no"@en .
        :c a skos:Concept ; schema:name "named"@en ; skos:altLabel "other"@en .
        :d a skos:Concept ; skos:altLabel "first"@en, "second"@en, "tertio"@it .""").terms
    assert found["a"].labels == (("pref", "plain", ""),)
    assert found["b"].labels == (("pref", "stands in", "en"),)
    assert found["c"].labels == (("pref", "named", "en"), ("alt", "other", "en"))
    assert set(found["d"].labels) == {
        ("pref", "first", "en"),
        ("alt", "second", "en"),
        ("pref", "tertio", "it"),
    }


def test_of_two_preferred_labels_in_a_language_the_first_stays(read: Read) -> None:
    found = read(':z a skos:Concept ; skos:prefLabel "zebra"@en, "ass"@en, "Esel"@de .')
    assert set(found.terms["z"].labels) == {
        ("pref", "zebra", "en"),
        ("alt", "ass", "en"),
        ("pref", "Esel", "de"),
    }
    assert list(found.reading.left_out.values()) == [1]


def test_language_tags_come_as_they_are_in_small_letters(read: Read) -> None:
    found = read(':a a skos:Concept ; skos:prefLabel "x"@zh-Latn-pinyin-x-notone, "y"@pt-BR .')
    assert {lang for _, _, lang in found.terms["a"].labels} == {
        "zh-latn-pinyin-x-notone",
        "pt-br",
    }


def test_deprecated_concepts_and_redirects_are_retired(read: Read) -> None:
    found = read("""
        :a a skos:Concept ; skos:prefLabel "a" ; skos:broader :old ; skos:related :old2 .
        :old a skos:Concept ; skos:prefLabel "o" ; owl:deprecated true ; dcterms:isReplacedBy :a .
        :old2 a skos:Concept ; skos:prefLabel "p" ; owl:deprecated "true" .
        :redirect owl:sameAs :a .
        :b a skos:Concept ; skos:prefLabel "b" ; owl:sameAs <http://example.com/b> ;
           owl:deprecated false .
    """)
    assert found.reading.retired == {
        "http://example.org/old": "http://example.org/a",
        "http://example.org/old2": None,
        "http://example.org/redirect": "http://example.org/a",
    }
    assert set(found.terms) == {"a", "b"}
    assert found.terms["a"].broader == ()
    assert not found.links(SKOS.related)
    exact = Triple(example("b"), SKOS.exactMatch, NamedNode("http://example.com/b"))
    assert exact in found.triples


def test_guide_terms_and_colours_are_told(read: Read) -> None:
    found = read(""":a a skos:Concept ; skos:prefLabel "a" .
        :b a skos:Concept ; skos:prefLabel "b" ; ch:guideTerm true ; ch:hex "#FF0000" .""").terms
    assert (found["a"].guide, found["b"].guide, found["b"].hex) == (False, True, "#FF0000")


def test_ill_formed_literals_do_no_harm(read: Read) -> None:
    found = read("""
        :a a skos:Concept ; skos:prefLabel "a"^^<http://www.w3.org/2001/XMLSchema#integer>, <:x> ;
            wgs84:lat "north" ; wgs84:long "2.5"^^<http://www.w3.org/2001/XMLSchema#float> ;
            skos:broader "text" ; skos:notation "x"^^<http://example.org/n> ; skos:altLabel "" .
    """)
    assert found.terms["a"].labels == (("pref", "a", ""),)
    assert found.terms["a"].broader == ()
    long = Literal("2.5", datatype=XSD.decimal)
    assert {t.object for t in found.triples if t.predicate == WGS84.long} == {long}
    assert not [t for t in found.triples if t.predicate == WGS84.lat]


def test_collections_and_other_resources_are_no_concepts(read: Read) -> None:
    found = read(""":a a skos:Concept ; skos:prefLabel "a" .
        :c a skos:Collection ; skos:prefLabel "c" ; skos:inScheme :s ; skos:member :a .
        :d dcterms:title "d" ; skos:prefLabel "d" .""").terms
    assert set(found) == {"a"}


def test_concepts_without_a_safe_iri_are_left_out_and_counted(read: Read) -> None:
    found = read(""":a a skos:Concept . [] a skos:Concept ; skos:prefLabel "blank" .
        <javascript:alert(1)> a skos:Concept . :a skos:related <file:///etc/passwd> .""")
    assert found.triples == {Triple(example("a"), RDF.type, SKOS.Concept)}
    assert set(found.reading.left_out.values()) == {1, 2}


def test_texts_too_long_are_left_out_and_control_characters_go(read: Read) -> None:
    found = read(f"""
        :a a skos:Concept ; skos:prefLabel "{"x" * 1_000_000}"@en, "be\\u0007ll"@de ;
           skos:note "{"n" * 20_000}"@en, "{"m" * 20_001}"@de .
    """)
    assert found.terms["a"].labels == (("pref", "bell", "de"),)
    assert [len(text) for text, _ in found.terms["a"].notes] == [20_000]
    assert sum(found.reading.left_out.values()) == 3


RDF_XML = (
    '<?xml version="1.0"?><rdf:RDF xmlns:rdf="{rdf}" xmlns:s="{skos}">'
    '<s:Concept rdf:about="http://example.org/a"/></rdf:RDF>'
)


@pytest.mark.parametrize("name", ["", "wrong.bin"])
@pytest.mark.parametrize(
    ("name_of_its_own", "text"),
    [
        ("x.nt", "<http://example.org/a> <{rdf}type> <{skos}Concept> ."),
        ("x.nq", "<http://example.org/a> <{rdf}type> <{skos}Concept> <http://example.org/g> .\n"),
        ("x.ttl", "@prefix s: <{skos}> .\n<http://example.org/a> a s:Concept ."),
        ("x.trig", "@prefix s: <{skos}> .\n<x:g> {{ <http://example.org/a> a s:Concept }}"),
        ("x.jsonld", '{{"@id": "http://example.org/a", "@type": "{skos}Concept"}}'),
        ("x.rdf", RDF_XML),
        ("x.owl", RDF_XML),
    ],
)
def test_every_syntax_is_read_by_name_or_content_also_packed(
    name_of_its_own: str, text: str, name: str, tmp_path: Path
) -> None:
    content = text.format(rdf=RDF, skos=SKOS).encode()
    name = name or name_of_its_own
    path = tmp_path / name
    for packed in (content, gzip.compress(content), bz2.compress(content)):
        path.write_bytes(packed)
        found = set(as_triples(read_file(path).statements))
        assert found == {Triple(example("a"), RDF.type, SKOS.Concept)}


def test_a_zip_of_several_files_is_one_vocabulary(tmp_path: Path) -> None:
    """Blank nodes of the same name in two files are two."""
    line = "<http://example.org/{}> <{}> <{}> .\n"
    xl = "http://www.w3.org/2008/05/skos-xl#"
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name in "ab":
            archive.writestr(
                f"deep/{name}.nt",
                line.format(name, f"{RDF}type", f"{SKOS}Concept")
                + f"<http://example.org/{name}> <{xl}prefLabel> _:n .\n"
                + f'_:n <{xl}literalForm> "{name}" .\n',
            )
        archive.writestr("README.txt", "not RDF")
    found = terms_from_triples(as_triples(read_file(tmp_path / "x.zip").statements))
    assert [(term.iri[-1], term.labels) for term in found] == [
        ("a", (("pref", "a", ""),)),
        ("b", (("pref", "b", ""),)),
    ]


def test_a_faulty_line_of_n_triples_is_named_and_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "x.nt"
    good = f"<http://example.org/a> {TYPED} <{SKOS}Concept> .\n"
    path.write_text(good + "<http://example.org/b> nothing\n")
    reading = Reading()
    assert len(list(read_file(path, reading).statements)) == 1
    assert [(fault.file, fault.line) for fault in reading.faults] == [("x.nt", 2)]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("x.ttl", b":a a", "cannot be read"),
        ("x.ttl", b"\xff\xfe", "cannot be read"),
        ("x.ttl", b"<http://example.org/a> <http://example.org/b> 1 .", "no SKOS concept"),
        ("x.ttl", b"", "no SKOS concept"),
        ("x.nt", b"", "no SKOS concept"),
        ("x.ttl", b"\0\0\0", "cannot be read"),
        ("x.docx", b"PK\x05\x06" + bytes(18), "no SKOS concept"),
        ("x.txt", b"2643743\tLondon\tLondon\t\t51.5\t-0.1\tP\n", "cannot be read"),
        ("x.bin", b"\x7fELF\0\0", "no RDF"),
        ("x.ttl", b"<!DOCTYPE html>\n<html></html>", "web page"),
        ("x.rdf", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>', "DTD"),
        ("x.ttl", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>', "DTD"),
        ("x.nt", b"<a> <b>\n" * 1_001, "More than 1000 lines"),
        ("x.zip", b"PK\x03\x04broken", "no complete zip"),
        ("x.nt.gz", gzip.compress(b"<http://a.example> <x:b> <x:c> .\n" * 999)[:-9], "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(
    name: str, content: bytes, reason: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Malformed, match=reason):
        read_file(tmp_path / name)


def test_a_bomb_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.nt", b"\n" * 40_000_000)
    (tmp_path / "bomb.zip").write_bytes(bomb.getvalue())
    with pytest.raises(TooLarge, match="bomb"):
        read_file(tmp_path / "bomb.zip")
    with pytest.raises(NotFound):
        read_file(tmp_path / "none.ttl")


def test_much_is_sorted_on_disk_with_the_same_outcome(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    turtle = "\n".join(
        f':c{n} a skos:Concept ; skos:broader :c{n // 3} ; skosxl:prefLabel [ skosxl:literalForm "'
        f'label {n}"@en ] ; skos:altLabel "n {n}"@en .'
        for n in range(1, 300)
    )
    whole = read(turtle).triples
    monkeypatch.setattr("server.sorting.RUN", 2_000)
    monkeypatch.setattr("server.sorting._MOST", 300)
    monkeypatch.setattr("server.formats.rdf_files._CHUNK", 7)
    monkeypatch.setattr("server.formats.node_texts._FEW", 3)
    assert read(turtle).triples == whole
    assert len(whole) == 299 * 4 + 1


@pytest.mark.parametrize("name", ["x.nq", "x.nt"])
def test_a_faulty_line_is_passed_over_and_named_by_its_number(name: str, tmp_path: Path) -> None:
    graph = " <http://example.org/g>" if name == "x.nq" else ""
    lines = [f"<http://example.org/{n}> <{RDF}type> <{SKOS}Concept>{graph} ." for n in "abc"]
    path = tmp_path / name
    path.write_text("\n".join([lines[0], "<http://example.org/b> <no", *lines[1:], ""]))
    reading = Reading(tmp_path)
    data = skos_read.read([path], skos_read.Options(), reading)
    assert {line.split(" ")[0] for line in data.statements} == {
        f"<http://example.org/{n}>" for n in "abc"
    }
    assert [(fault.file, fault.line) for fault in reading.faults] == [(name, 2)]
