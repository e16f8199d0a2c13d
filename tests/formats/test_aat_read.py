"""Getty's explicit export: files written here in its layout, and the real subjects file."""

import gzip
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from server.errors import Malformed, TooLarge
from server.formats import aat_read
from server.formats.aat_read import Options
from server.formats.vocabularies import (
    Reading,
    VocabularyData,
    as_triples,
)
from server.index.labels import TermRow
from server.names import CH, DCTERMS, GVP, RDF, SCHEMA, SKOS, SKOSXL, WGS84, XSD
from tests.formats import getty_export
from tests.indexed_terms import terms_from_triples

AAT = "http://vocab.getty.edu/aat/"
TGN = "http://vocab.getty.edu/tgn/"
RED, REDS, COLOR = f"{AAT}300126225", f"{AAT}300311118", f"{AAT}300131647"
SUBJECTS = f"""
<{AAT}300126225> <{RDF}type> <{GVP}Concept> .
<{AAT}300126225> <http://purl.org/dc/elements/1.1/identifier> "300126225" .
<{AAT}300126225> <{GVP}parentString> "red colors, chromatic colors" .
<{AAT}300311118> <{RDF}type> <{GVP}Concept> .
<{AAT}300131647> <{RDF}type> <{GVP}Hierarchy> .
<{AAT}300264087> <{RDF}type> <{GVP}Facet> .
<{AAT}300000001> <{RDF}type> <{GVP}Concept> .
"""
FILES = {
    "AATOut_1Subjects.nt": SUBJECTS,
    "AATOut_2Terms.nt": f"""
<{AAT}300126225> <{SKOSXL}prefLabel> <{AAT}term/1000126225-en> .
<{AAT}300126225> <{GVP}prefLabelGVP> <{AAT}term/1000126225-en> .
<{AAT}term/1000126225-en> <{SKOSXL}literalForm> "red (color)"@en .
<{AAT}term/1000126225-en> <{GVP}term> "red"@en .
<{AAT}300126225> <{SKOSXL}prefLabel> <{AAT}term/1000567890-nl> .
<{AAT}term/1000567890-nl> <{SKOSXL}literalForm> "rood"@nl .
<{AAT}300126225> <{SKOSXL}altLabel> <{AAT}term/1000567891-en> .
<{AAT}term/1000567891-en> <{SKOSXL}literalForm> "reds"@en .
<{AAT}300126225> <{SKOSXL}prefLabel> <{AAT}term/1-zh-latn-pinyin-x-notone> .
<{AAT}term/1-zh-latn-pinyin-x-notone> <{SKOSXL}literalForm> "hong se"@zh-Latn-pinyin-x-notone .
<{AAT}300126225> <{SKOSXL}prefLabel> <{AAT}term/2-zh> .
<{AAT}term/2-zh> <{SKOSXL}literalForm> "\\u7EA2\\u8272"@zh .
<{AAT}300126225> <{SKOSXL}altLabel> <{AAT}term/3-fr> .
<{AAT}term/3-fr> <{SKOSXL}literalForm> "le \\"rouge\\" fonc\\u00E9"@fr .
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
    "AATOut_LCSHAlignment.nt": f"""
<{AAT}300126225> <{SKOS}exactMatch> <http://id.loc.gov/authorities/subjects/sh85112028> .
<{AAT}300126225> <{SKOS}closeMatch> <http://id.loc.gov/authorities/red colour> .
""",
    "AATOut_ObsoleteSubjects.nt": f"""
<{AAT}300000001> <{RDF}type> <{GVP}ObsoleteSubject> .
<{AAT}300000001> <http://purl.org/dc/terms/isReplacedBy> <{AAT}300126225> .
<{AAT}300000002> <{RDF}type> <{GVP}ObsoleteSubject> .
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


def read(path: Path, reading: Reading | None = None, scheme: str = "aat") -> VocabularyData:
    return aat_read.read([path], Options(scheme), reading or Reading(path.parent))


def triples(path: Path, reading: Reading | None = None, scheme: str = "aat") -> list[Triple]:
    return list(as_triples(read(path, reading, scheme).statements))


def terms(path: Path) -> dict[str, TermRow]:
    return {term.iri: term for term in terms_from_triples(triples(path))}


@pytest.fixture(params=[as_folder, as_zip, as_gzipped_files])
def export(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    write: Callable[[Path], Path] = request.param
    return write(tmp_path)


def subjects_with(tmp_path: Path, **files: str) -> Path:
    """An export of the subjects above and other files."""
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "AATOut_1Subjects.nt").write_text(SUBJECTS)
    for name, text in files.items():
        (folder / f"AATOut_{name}.nt").write_text(text)
    return folder


def test_terms_notes_and_hierarchy_become_plain_skos(export: Path) -> None:
    red = terms(export)[RED]
    assert set(red.labels) == {
        ("pref", "red (color)", "en"),
        ("pref", "rood", "nl"),
        ("pref", "hong se", "zh-latn-pinyin-x-notone"),
        ("pref", "红色", "zh"),
        ("alt", "reds", "en"),
        ("alt", 'le "rouge" foncé', "fr"),
    }
    assert red.broader == (REDS, COLOR)
    assert red.notes == (("Hue of the longest wavelengths.", "en"),)
    assert not red.guide


def test_kinds_identifiers_relations_and_mappings_are_kept(export: Path) -> None:
    reading = Reading()
    found = set(triples(export, reading))
    red, color = NamedNode(RED), NamedNode(COLOR)
    assert {
        Triple(color, CH.guideTerm, Literal(True)),
        Triple(color, RDF.type, GVP.Hierarchy),
        Triple(color, RDF.type, SKOS.Concept),
        Triple(red, RDF.type, GVP.Concept),
        Triple(red, GVP.broaderPreferred, NamedNode(REDS)),
        Triple(red, SKOS.broader, NamedNode(REDS)),
        Triple(red, SKOS.broader, color),
        Triple(red, SKOS.related, color),
        Triple(red, SKOS.notation, Literal("300126225")),
        Triple(red, SKOS.inScheme, NamedNode(AAT)),
        Triple(
            red,
            SKOS.exactMatch,
            NamedNode("http://id.loc.gov/authorities/subjects/sh85112028"),
        ),
    } <= found
    assert Triple(red, GVP.broaderPreferred, color) not in found
    assert not [each for each in found if each.predicate == SKOS.closeMatch]
    assert reading.left_out["statements with an unsafe IRI"] == 1


def test_statements_come_sorted_and_each_once(export: Path) -> None:
    statements = list(read(export).statements)
    assert statements == sorted(set(statements))


def test_obsolete_subjects_are_retired_with_their_replacement(export: Path) -> None:
    reading = Reading()
    gone = NamedNode(f"{AAT}300000001")
    assert all(gone not in (each.subject, each.object) for each in triples(export, reading))
    assert reading.retired == {f"{AAT}300000001": RED, f"{AAT}300000002": None}
    assert reading.left_out["obsolete terms"] == 2


def test_licence_and_attribution_are_those_of_the_getty(export: Path) -> None:
    metadata = dict(read(export).metadata)
    assert metadata[DCTERMS.license].value == "https://opendatacommons.org/licenses/by/1-0/"
    assert "J. Paul Getty Trust" in str(metadata[DCTERMS.rights].value)


def test_of_two_preferred_labels_in_a_language_gettys_own_stays(tmp_path: Path) -> None:
    path = subjects_with(
        tmp_path,
        **{
            "2Terms": f"""
<{RED}> <{SKOSXL}prefLabel> <{AAT}term/1-en> .
<{RED}> <{SKOSXL}prefLabel> <{AAT}term/2-en> .
<{RED}> <{GVP}prefLabelGVP> <{AAT}term/2-en> .
<{AAT}term/1-en> <{SKOSXL}literalForm> "a red"@en .
<{AAT}term/2-en> <{SKOSXL}literalForm> "red"@en .
"""
        },
    )
    assert set(terms(path)[RED].labels) == {("pref", "red", "en"), ("alt", "a red", "en")}


@pytest.mark.parametrize("few", [0, 1_000])
def test_labels_are_found_however_far_apart_their_statements_stand(
    few: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The links stand in one file, the texts in another, and a block holds two lines or so."""
    monkeypatch.setattr("server.formats.ntriples._BLOCK", 150)
    monkeypatch.setattr("server.formats.node_texts._FEW", few)
    monkeypatch.setattr("server.sorting._MOST", 100)
    numbers = range(300000000, 300000200)
    nodes = [f"{AAT}term/{number}-en" for number in numbers]
    path = tmp_path / "export"
    path.mkdir()
    files: dict[str, list[str]] = {
        "1Subjects": [f"<{AAT}{n}> <{RDF}type> <{GVP}Concept> ." for n in numbers],
        "2Terms": [
            f"<{AAT}{n}> <{SKOSXL}prefLabel> <{node}> ."
            for n, node in zip(numbers, nodes, strict=True)
        ],
        "3Terms": [
            f'<{node}> <{SKOSXL}literalForm> "label {place}"@en .'
            for place, node in reversed(list(enumerate(nodes)))
        ],
    }
    for name, lines in files.items():
        (path / f"AATOut_{name}.nt").write_text("\n".join(lines))
    found = terms(path)
    assert {iri: term.labels for iri, term in found.items()} == {
        f"{AAT}{number}": (("pref", f"label {place}", "en"),)
        for place, number in enumerate(numbers)
    }


def test_a_cycle_is_cut_so_that_every_way_up_ends(tmp_path: Path) -> None:
    path = subjects_with(
        tmp_path,
        HierarchicalRels=f"""
<{RED}> <{GVP}broaderPreferred> <{REDS}> .
<{REDS}> <{GVP}broaderPreferred> <{COLOR}> .
<{COLOR}> <{GVP}broaderPreferred> <{RED}> .
<{COLOR}> <{GVP}broaderPreferred> <{AAT}300264087> .
""",
    )
    reading = Reading()
    up = {(t.subject, t.object) for t in triples(path, reading) if t.predicate == SKOS.broader}
    assert len(up) == 3
    assert (NamedNode(COLOR), NamedNode(f"{AAT}300264087")) in up
    assert sum(reading.left_out.values()) == 1


def test_places_have_coordinates_and_kinds(tmp_path: Path) -> None:
    path = tmp_path / "tgn"
    path.mkdir()
    (path / "TGNOut_1Subjects.nt").write_text(
        f"<{TGN}7011781> <{RDF}type> <{GVP}AdminPlaceConcept> .\n"
    )
    (path / "TGNOut_Coordinates.nt").write_text(f"""
<{TGN}7011781> <http://xmlns.com/foaf/0.1/focus> <{TGN}7011781-place> .
<{TGN}7011781-place> <{SCHEMA}geo> <{TGN}7011781-geometry> .
<{TGN}7011781-geometry> <{SCHEMA}latitude> "51.5"^^<{XSD}decimal> .
<{TGN}7011781-geometry> <{SCHEMA}longitude> "-0.083333"^^<{XSD}decimal> .
<{TGN}7011782-geometry> <{SCHEMA}longitude> "nowhere"^^<{XSD}decimal> .
""")
    london = NamedNode(f"{TGN}7011781")
    data = read(path, scheme="tgn")
    assert data.scheme == TGN
    assert set(as_triples(data.statements)) == {
        Triple(london, RDF.type, SKOS.Concept),
        Triple(london, RDF.type, GVP.AdminPlaceConcept),
        Triple(london, SKOS.inScheme, NamedNode(TGN)),
        Triple(london, WGS84.lat, Literal("51.5", datatype=XSD.decimal)),
        Triple(london, WGS84.long, Literal("-0.083333", datatype=XSD.decimal)),
    }


def test_an_artist_has_the_biography_as_a_note(tmp_path: Path) -> None:
    ulan = "http://vocab.getty.edu/ulan/"
    path = tmp_path / "ULANOut_Full.nt"
    path.write_text(f"""
<{ulan}500011051> <{RDF}type> <{GVP}PersonConcept> .
<{ulan}500011051-agent> <{GVP}biographyPreferred> <{ulan}bio/4000110510> .
<{ulan}bio/4000110510> <{SCHEMA}description> "Dutch painter, 1606-1669"@en .
""")
    noted = {t.object for t in triples(path, scheme="ulan") if t.predicate == SKOS.note}
    assert noted == {Literal("Dutch painter, 1606-1669", language="en")}


@pytest.mark.parametrize("name", ["export", "export.zip"])
def test_a_larger_export_comes_whole(name: str, tmp_path: Path) -> None:
    """Counts worked out by hand from how `getty_export` writes 101 subjects with 3 terms each."""
    path = getty_export.write(tmp_path / name, 101, 3, "tgn")
    told: list[tuple[int, int]] = []
    reading = Reading(tmp_path, lambda done, total: told.append((done, total)))
    predicates = Counter(each.predicate for each in triples(path, reading, "tgn"))
    assert predicates[RDF.type] == 2 * 100
    assert predicates[SKOS.prefLabel] == 2 * 100
    assert predicates[SKOS.altLabel] == 100
    assert predicates[SKOS.scopeNote] == 25 * (1 + 2 + 3)
    assert predicates[GVP.broaderPreferred] == 99
    assert predicates[SKOS.broader] == 99 + 19
    assert predicates[SKOS.related] == 24
    assert predicates[SKOS.exactMatch] == 14
    assert predicates[WGS84.lat] == predicates[WGS84.long] == 99
    assert reading.retired == {f"{TGN}300000100": f"{TGN}300000002"}
    assert told[-1][0] == told[-1][1]
    assert told == sorted(told)


def test_a_line_that_is_no_n_triple_is_named_and_passed_over(tmp_path: Path) -> None:
    path = subjects_with(
        tmp_path,
        AssociativeRels=f"# a comment\n\n<{RED}> nonsense .\n"
        f"<{RED}> <{GVP}aat1_like> <{REDS}> .\n<{RED}> <{GVP}aat1_like> <{REDS}>\n",
    )
    reading = Reading()
    found = triples(path, reading)
    assert Triple(NamedNode(RED), SKOS.related, NamedNode(REDS)) in found
    assert [(fault.file, fault.line) for fault in reading.faults] == [
        ("AATOut_AssociativeRels.nt", 3),
        ("AATOut_AssociativeRels.nt", 5),
    ]


def test_after_a_thousand_faulty_lines_it_is_refused(tmp_path: Path) -> None:
    path = subjects_with(tmp_path, AssociativeRels="\n".join(["nonsense"] * 1_000))
    assert len(triples(path)) == 5 * 3 + 1 + 2
    (path / "AATOut_AssociativeRels.nt").write_text("\n".join(["nonsense"] * 1_001))
    with pytest.raises(Malformed, match=r"More than 1000 lines.*AssociativeRels.nt, line 1"):
        read(path)


def test_texts_too_long_and_bytes_that_are_no_text_are_left_out(tmp_path: Path) -> None:
    path = subjects_with(tmp_path)
    long = "x" * 1_000_000
    (path / "AATOut_2Terms.nt").write_bytes(
        f"""<{RED}> <{SKOSXL}prefLabel> <{AAT}term/1-en> .
<{AAT}term/1-en> <{SKOSXL}literalForm> "{long}"@en .
<{RED}> <{SKOSXL}prefLabel> <{AAT}term/2-de> .
<{AAT}term/2-de> <{SKOSXL}literalForm> "r\\u0000o\\u0007t"@de .
<{RED}> <{SKOSXL}prefLabel> <{AAT}term/3-fr> .
<{AAT}term/3-fr> <{SKOSXL}literalForm> "ro""".encode()
        + b"\xff\xfe"
        + f"""uge"@fr .
<{RED}> <{SKOSXL}prefLabel> <{AAT}term/4-nl> .
<{AAT}term/4-nl> <{SKOSXL}literalForm> "ro\x00od"@nl .
<{AAT}term/ 5> <{SKOSXL}literalForm> "space"@nl .
""".encode()
    )
    reading = Reading()
    labels = {t.object for t in triples(path, reading) if t.predicate == SKOS.prefLabel}
    assert labels == {Literal("rot", language="de"), Literal("rood", language="nl")}
    assert [fault.line for fault in reading.faults] == [6]
    assert set(reading.left_out.values()) == {1, 2}


def test_two_processes_read_the_same_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = getty_export.write(tmp_path / "export", 101, 3)
    (path / "AATOut_LCSHAlignment.nt").write_text("bad\n" * 50)
    outcomes = []
    monkeypatch.setattr("server.formats.ntriples._BLOCK", 1_000)
    for large in (1 << 40, 0):
        monkeypatch.setattr("server.formats.aat_read._LARGE", large)
        reading = Reading(tmp_path)
        found = list(read(path, reading).statements)
        faults = sorted((fault.file, fault.line) for fault in reading.faults)
        outcomes.append((found, faults, reading.retired, reading.left_out))
    assert outcomes[0] == outcomes[1]
    assert len(outcomes[0][1]) == 50


def test_what_the_other_process_finds_wrong_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.formats.aat_read._LARGE", 0)
    monkeypatch.setattr("server.formats.ntriples._BLOCK", 1_000)
    path = subjects_with(tmp_path, AssociativeRels="bad\n" * 3_000)
    with pytest.raises(Malformed, match="More than 1000 lines"):
        read(path)


def test_a_folder_without_subjects_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="no subject"):
        read(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        f'<http://example.org/a> <{RDF}type> <{SKOS}Concept> .\n<x:a> <x:b> "c" .',
        "2643743\tLondon\tLondon\t\t51.50853\t-0.12574\tP\tPPLC\tGB\t\tENG\n",
        "<!DOCTYPE html>\n<html><body>Not found</body></html>\n",
        f"<{TGN}7011781> <{RDF}type> <{GVP}AdminPlaceConcept> .",
        "",
        "\x00" * 5_000,
    ],
    ids=["other SKOS", "GeoNames", "HTML", "TGN", "empty", "NUL"],
)
def test_another_kind_of_file_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "dump.nt").write_text(content)
    with pytest.raises(Malformed, match="no subject of the Art & Architecture"):
        read(tmp_path / "dump.nt")


def test_damaged_archives_and_bombs_are_refused(tmp_path: Path) -> None:
    whole = gzip.compress(FILES["AATOut_2Terms.nt"].encode() * 100)
    (tmp_path / "x.nt.gz").write_bytes(whole[:-20])
    with pytest.raises(Malformed, match="damaged"):
        read(tmp_path / "x.nt.gz")
    (tmp_path / "b.nt.gz").write_bytes(gzip.compress(b"\n" * 40_000_000))
    with pytest.raises(TooLarge, match="bomb"):
        read(tmp_path / "b.nt.gz")
    zipped = as_zip(tmp_path)
    content = zipped.read_bytes()
    zipped.write_bytes(content[:-30])
    with pytest.raises(Malformed, match="zip"):
        read(zipped)
    place = content.index(b"prefLabel")
    zipped.write_bytes(content[:place] + b"broken" + content[place + 6 :])
    with pytest.raises(Malformed, match="damaged"):
        read(zipped)


@pytest.mark.slow
def test_the_real_subjects_file_has_42605_subjects(shared_data: Path) -> None:
    found = Counter[str]()
    guides = 0
    for statement in read(shared_data / "aat" / "AATOut_1Subjects.nt.gz").statements:
        _subject, predicate, value = statement.split(" ", 2)
        found[predicate] += value == str(SKOS.Concept) or predicate == str(SKOS.notation)
        guides += predicate == str(CH.guideTerm)
    assert found[str(RDF.type)] == found[str(SKOS.notation)] == 42_605
    assert guides == 8 + 1_526 + 38  # facets, guide terms, hierarchies
