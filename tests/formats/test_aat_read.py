"""Getty's explicit export: files written here in its layout, and the real subjects file."""

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from server.errors import Malformed
from server.formats import aat_read
from server.formats.vocabularies import VocabularyData, terms_from_triples
from server.names import CH, DCTERMS, GVP, RDF, SKOS, SKOSXL

AAT = "http://vocab.getty.edu/aat/"
FILES = {
    "AATOut_1Subjects.nt": f"""
<{AAT}300126225> <{RDF}type> <{GVP}Concept> .
<{AAT}300126225> <http://purl.org/dc/elements/1.1/identifier> "300126225" .
<{AAT}300126225> <{GVP}parentString> "red colors, chromatic colors" .
<{AAT}300311118> <{RDF}type> <{GVP}Concept> .
<{AAT}300131647> <{RDF}type> <{GVP}Hierarchy> .
<{AAT}300264087> <{RDF}type> <{GVP}Facet> .
<{AAT}300000001> <{RDF}type> <{GVP}Concept> .
""",
    "AATOut_2Terms.nt": f"""
<{AAT}300126225> <{SKOSXL}prefLabel> <{AAT}term/1000126225-en> .
<{AAT}300126225> <{GVP}prefLabelGVP> <{AAT}term/1000126225-en> .
<{AAT}term/1000126225-en> <{SKOSXL}literalForm> "red (color)"@en .
<{AAT}term/1000126225-en> <{GVP}term> "red"@en .
<{AAT}300126225> <{SKOSXL}prefLabel> <{AAT}term/1000567890-nl> .
<{AAT}term/1000567890-nl> <{SKOSXL}literalForm> "rood"@nl .
<{AAT}300126225> <{SKOSXL}altLabel> <{AAT}term/1000567891-en> .
<{AAT}term/1000567891-en> <{SKOSXL}literalForm> "reds"@en .
<{AAT}300311118> <{SKOSXL}prefLabel> <{AAT}term/1000311118-en> .
<{AAT}term/1000311118-en> <{SKOSXL}literalForm> "red colors"@en .
<{AAT}300131647> <{SKOSXL}prefLabel> <{AAT}term/1000131647-en> .
<{AAT}term/1000131647-en> <{SKOSXL}literalForm> "Color (hierarchy name)"@en .
<{AAT}300000001> <{SKOSXL}prefLabel> <{AAT}term/1000000001-en> .
<{AAT}term/1000000001-en> <{SKOSXL}literalForm> "gone"@en .
""",
    "AATOut_ScopeNotes.nt": f"""
<{AAT}300126225> <{SKOS}scopeNote> <{AAT}scopeNote/1> .
<{AAT}scopeNote/1> <{RDF}value> "Hue of the longest wavelengths."@en .
""",
    "AATOut_HierarchicalRels.nt": f"""
<{AAT}300126225> <{GVP}broaderPreferred> <{AAT}300311118> .
<{AAT}300126225> <{GVP}broaderGeneric> <{AAT}300311118> .
<{AAT}300126225> <{GVP}broaderNonPreferred> <{AAT}300131647> .
<{AAT}300311118> <{GVP}broaderPreferred> <{AAT}300131647> .
<{AAT}300126225> <{GVP}broaderPreferred> <{AAT}300000001> .
<{AAT}rel/1> <{RDF}type> <{RDF}Statement> .
<{AAT}rel/1> <{RDF}subject> <{AAT}300126225> .
""",
    "AATOut_AssociativeRels.nt": f"""
<{AAT}300126225> <{GVP}aat2841_distinguished_from> <{AAT}300131647> .
""",
    "AATOut_ObsoleteSubjects.nt": f"""
<{AAT}300000001> <{RDF}type> <{GVP}ObsoleteSubject> .
<{AAT}300000001> <http://purl.org/dc/terms/isReplacedBy> <{AAT}300126225> .
""",
    "AATOut_RevisionHistory.nt": "this file is not looked at",
}


def as_folder(path: Path) -> Path:
    for name, text in FILES.items():
        (path / name).write_text(text)
    return path


def as_zip(path: Path) -> Path:
    with zipfile.ZipFile(path / "explicit.zip", "w") as archive:
        for name, text in FILES.items():
            archive.writestr(name, text)
    return path / "explicit.zip"


def as_gzipped_files(path: Path) -> Path:
    for name, text in FILES.items():
        (path / f"{name}.gz").write_bytes(gzip.compress(text.encode()))
    return path


@pytest.fixture(params=[as_folder, as_zip, as_gzipped_files])
def export(request: pytest.FixtureRequest, tmp_path: Path) -> VocabularyData:
    write: Callable[[Path], Path] = request.param
    return aat_read.read(write(tmp_path))


def test_terms_notes_and_hierarchy_become_plain_skos(export: VocabularyData) -> None:
    found = {term.iri: term for term in terms_from_triples(export.triples)}
    red = found[f"{AAT}300126225"]
    assert red.labels == (
        ("pref", "red (color)", "en"),
        ("pref", "rood", "nl"),
        ("alt", "reds", "en"),
    )
    assert red.broader == (f"{AAT}300311118", f"{AAT}300131647")
    assert red.notes == (("Hue of the longest wavelengths.", "en"),)
    assert not red.guide


def test_facets_and_hierarchies_are_marked_and_relations_kept(export: VocabularyData) -> None:
    triples = set(export.triples)
    red, color = NamedNode(f"{AAT}300126225"), NamedNode(f"{AAT}300131647")
    assert Triple(color, CH.guideTerm, Literal(True)) in triples
    assert Triple(red, SKOS.related, color) in triples
    assert Triple(red, SKOS.notation, Literal("300126225")) in triples
    assert Triple(red, SKOS.inScheme, NamedNode(AAT)) in triples


def test_obsolete_subjects_are_left_out_and_counted(export: VocabularyData) -> None:
    triples = list(export.triples)
    gone = NamedNode(f"{AAT}300000001")
    assert all(gone not in (triple.subject, triple.object) for triple in triples)
    assert export.left_out == {"obsolete": 1}


def test_licence_and_attribution_are_those_of_the_getty(export: VocabularyData) -> None:
    metadata = dict(export.metadata)
    assert metadata[DCTERMS.license].value == "https://opendatacommons.org/licenses/by/1-0/"
    assert "J. Paul Getty Trust" in metadata[DCTERMS.rights].value


def test_a_line_that_is_no_n_triple_is_named(tmp_path: Path) -> None:
    as_folder(tmp_path)
    (tmp_path / "AATOut_2Terms.nt").write_text("<http://vocab.getty.edu/aat/1> nonsense .\n")
    with pytest.raises(Malformed, match="2Terms.*line 1"):
        aat_read.read(tmp_path)


def test_a_folder_without_subjects_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="no subject"):
        aat_read.read(tmp_path)


@pytest.mark.slow
def test_the_real_subjects_file_has_42605_subjects(shared_data: Path) -> None:
    data = aat_read.read(shared_data / "aat" / "AATOut_1Subjects.nt.gz")
    predicates: dict[NamedNode, int] = {}
    for triple in data.triples:
        predicates[triple.predicate] = predicates.get(triple.predicate, 0) + 1
    assert predicates[RDF.type] == 42_605
    assert predicates[CH.guideTerm] == 8 + 1_526 + 38  # facets, guide terms, hierarchies
