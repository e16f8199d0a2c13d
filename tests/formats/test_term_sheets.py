"""Tables of terms as people have them; real identifiers of Getty, Wikidata and GeoNames."""

import codecs
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook
from pyoxigraph import Literal, NamedNode

from server.errors import Malformed
from server.formats import term_sheets
from server.formats.term_columns import Column, cell_of, values
from server.formats.term_iris import normal
from server.formats.term_sheets import Options
from server.formats.vocabularies import Reading, as_triples
from server.names import CH, DCTERMS, OWL, RDF, SKOS, WGS84, XSD

POSTERS = "http://vocab.getty.edu/aat/300027221"
LOVE = "http://www.wikidata.org/entity/Q316"
BASE = "http://127.0.0.1:8000/term/own/"
OWN = Options(base=BASE)
Said = dict[str, set[tuple[NamedNode, object]]]


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return Reading(tmp_path)


def read(reading: Reading, table: str | bytes, options: Options = OWN, name: str = "t.csv") -> Said:
    path = reading.folder / name
    path.write_bytes(table if isinstance(table, bytes) else table.encode())
    said: Said = {}
    for triple in as_triples(term_sheets.read([path], options, reading).statements):
        assert isinstance(triple.subject, NamedNode)
        said.setdefault(triple.subject.value, set()).add((triple.predicate, triple.object))
    return said


def about(said: Said, iri: str) -> set[tuple[NamedNode, object]]:
    return said[iri] - {(RDF.type, SKOS.Concept)}


@pytest.mark.parametrize("head", ["", "iri\n", "URI\r\n", "\ufeffiri\n"])
def test_a_column_of_iris_is_a_list_of_terms_without_labels(head: str, reading: Reading) -> None:
    said = read(reading, f"{head}{POSTERS}\n\n {LOVE} \n")
    assert said == {iri: {(RDF.type, SKOS.Concept)} for iri in (POSTERS, LOVE)}
    assert reading.faults == []


def test_three_columns_are_iri_label_and_description(reading: Reading) -> None:
    said = read(reading, f"{POSTERS};posters;Sheets to be posted\n{LOVE};love;\n")
    assert about(said, POSTERS) == {
        (SKOS.prefLabel, Literal("posters")), (SKOS.scopeNote, Literal("Sheets to be posted")),
    }  # fmt: skip
    assert about(said, LOVE) == {(SKOS.prefLabel, Literal("love"))}


def test_a_label_without_language_is_stamped_with_none(reading: Reading) -> None:
    said = read(reading, f"iri,label,description\n{LOVE},love,a feeling\n")
    assert [o for p, o in said[LOVE] if p == SKOS.prefLabel] == [Literal("love")]


def test_columns_speak_their_languages(reading: Reading) -> None:
    header = "iri\tprefLabel@en\tskos:prefLabel@pt_BR\tLabel (German)\taltLabel@en\tnote@EN"
    said = read(reading, f"{header}\n{LOVE}\tlove\tamor\tLiebe\taffection | fond\\|ness |\ta | b\n")
    assert about(said, LOVE) == {
        (SKOS.prefLabel, Literal("love", language="en")),
        (SKOS.prefLabel, Literal("amor", language="pt-br")),
        (SKOS.prefLabel, Literal("Liebe", language="de")),
        (SKOS.altLabel, Literal("affection", language="en")),
        (SKOS.altLabel, Literal("fond|ness", language="en")),
        (SKOS.scopeNote, Literal("a | b", language="en")),
    }


def test_links_values_and_retirement_are_read(reading: Reading) -> None:
    header = "iri,label,broader,related,exactMatch,notation,hex,lat,long,deprecated,replacedBy"
    row = f"{BASE}red,red,{BASE}colours,{BASE}pink,{LOVE},R|RD,b22222,-37.98,23.7,yes,{BASE}pink"
    said = read(reading, f"{header}\n{row}\n", Options(keep_retired=True))
    assert about(said, f"{BASE}red") == {
        (SKOS.prefLabel, Literal("red")), (SKOS.broader, NamedNode(f"{BASE}colours")),
        (SKOS.related, NamedNode(f"{BASE}pink")), (SKOS.exactMatch, NamedNode(LOVE)),
        (SKOS.notation, Literal("R")), (SKOS.notation, Literal("RD")),
        (CH.hex, Literal("#B22222")), (WGS84.lat, Literal("-37.98", datatype=XSD.decimal)),
        (WGS84.long, Literal("23.7", datatype=XSD.decimal)), (OWL.deprecated, Literal(True)),
        (DCTERMS.isReplacedBy, NamedNode(f"{BASE}pink")),
    }  # fmt: skip


def test_retired_terms_stay_out_of_a_load_and_are_told_with_their_replacement(
    reading: Reading,
) -> None:
    said = read(reading, f"iri,label,retired,replacedBy\n{LOVE},x,1,{POSTERS}\n{POSTERS},y,no,\n")
    assert set(said) == {POSTERS}
    assert reading.retired == {LOVE: POSTERS}


def test_rows_without_iri_get_one_from_notation_or_label_each_its_own(reading: Reading) -> None:
    said = read(reading, "label@de,notation\nGröße,\nBlau,B 1\ngrosse!,\nΓάτα,\nΓάτα,\n")
    assert {f"{BASE}groe", f"{BASE}b-1"} <= set(said) or {f"{BASE}grosse", f"{BASE}b-1"} <= set(
        said
    )
    assert len(said) == 5
    assert said == read(reading, "label@de,notation\nGröße,\nBlau,B 1\ngrosse!,\nΓάτα,\nΓάτα,\n")


def test_of_several_labels_the_first_column_names_the_row(reading: Reading) -> None:
    assert set(read(reading, "label@en,label@de\nred,rot\n,blau\n")) == {
        f"{BASE}red",
        f"{BASE}blau",
    }


def test_rows_name_others_by_label_or_notation(reading: Reading) -> None:
    table = "label@en,notation,broader,related\nred,,Colours,\npink,,C1,RED\ncolours,C1,,\n"
    said = read(reading, table)
    colours = NamedNode(f"{BASE}c1")
    assert (SKOS.broader, colours) in said[f"{BASE}red"]
    assert (SKOS.broader, colours) in said[f"{BASE}pink"]
    assert (SKOS.related, NamedNode(f"{BASE}red")) in said[f"{BASE}pink"]


def test_rows_of_one_term_are_put_together_and_counted(reading: Reading) -> None:
    said = read(reading, f"iri,label@en,note@en\n{LOVE},love,a\n{LOVE},loving,b\n")
    assert about(said, LOVE) == {
        (SKOS.prefLabel, Literal("love", language="en")),
        (SKOS.altLabel, Literal("loving", language="en")),
        (SKOS.scopeNote, Literal("a", language="en")),
        (SKOS.scopeNote, Literal("b", language="en")),
    }
    assert list(reading.left_out.values()) == [1]


def test_faulty_cells_are_told_with_their_row_and_the_rest_goes_in(reading: Reading) -> None:
    header = "iri,label,broader,hex,lat,long,deprecated"
    rows = [
        "http://a.example/has space,a,,,,,", "javascript:alert(1),b,,,,,", ",,x,,,,",
        f"{LOVE},love,nowhere,reddish,91,east,perhaps", f"{POSTERS},posters,{POSTERS},,,,",
        "http://a.example/\u202egpj,c,,,,,",
    ]  # fmt: skip
    said = read(reading, "\n".join([header, *rows]))
    assert about(said, LOVE) == {(SKOS.prefLabel, Literal("love"))}
    assert set(said) == {LOVE, POSTERS}
    lines = [fault.line for fault in reading.faults]
    assert sorted(lines) == [2, 3, 4, 5, 5, 5, 5, 5, 6, 7]
    assert any("reddish" in fault.reason for fault in reading.faults)


def test_without_a_base_rows_need_an_iri(reading: Reading) -> None:
    said = read(reading, f"iri,label\n{LOVE},love\n,hate\n", Options())
    assert set(said) == {LOVE}
    assert [fault.line for fault in reading.faults] == [3]


@pytest.mark.parametrize(
    ("address", "iri"),
    [
        ("http://sws.geonames.org/264371", "https://sws.geonames.org/264371/"),
        ("https://www.geonames.org/264371/athens.html", "https://sws.geonames.org/264371/"),
        ("https://www.wikidata.org/wiki/Q316", LOVE),
        ("http://vocab.getty.edu/page/aat/300027221", POSTERS),
        ("https://vocab.getty.edu/aat/300027221.ttl", POSTERS),
        (" http://a.example/x ", "http://a.example/x"),
        ("urn:x:y", "urn:x:y"),
        ("Q316", "Q316"),
    ],
)
def test_addresses_of_known_terms_become_their_iris(
    address: str, iri: str, reading: Reading
) -> None:
    assert normal(address) == iri
    if iri.startswith("http"):
        assert set(read(reading, f"iri,label\n{address},x\n")) == {iri}


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8", codecs.BOM_UTF8), ("utf-16", b""), ("cp1252", b"")],
)
def test_encodings_are_understood(encoding: str, mark: bytes, reading: Reading) -> None:
    table = f"iri;label@fr\n{LOVE};château fort élevé\n"
    said = read(reading, mark + table.encode(encoding))
    assert about(said, LOVE) == {(SKOS.prefLabel, Literal("château fort élevé", language="fr"))}


def test_excel_is_read_like_csv(reading: Reading) -> None:
    book = Workbook()
    for row in (("iri", "label@en", "lat"), (LOVE, "love", 12.5), (POSTERS, "=1+1", None)):
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    said = read(reading, stream.getvalue(), name="t.xlsx")
    assert (SKOS.prefLabel, Literal("love", language="en")) in said[LOVE]
    assert (WGS84.lat, Literal("12.5", datatype=XSD.decimal)) in said[LOVE]
    assert about(said, POSTERS) == set()  # a formula has no value until a spreadsheet computes it


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"one,two\n1,2\n", "no column"),
        (b"label\n", "no terms"),
        (b"iri,label\nx,y\n", "Line 2"),
        (b"PK\x03\x04 no workbook", "damaged"),
        (b"\x00\x01\x02" * 1_000, "neither"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "Excel"),
    ],
)
def test_what_is_no_table_of_terms_is_refused(table: bytes, words: str, reading: Reading) -> None:
    with pytest.raises(Malformed, match=words):
        read(reading, table)


def test_texts_beyond_reason_and_nul_stay_out(reading: Reading) -> None:
    long = "x" * 3_000
    rows = f"{LOVE},{long},a\x07b\n{POSTERS},\x00,c\nhttp://a.example/b,{'y' * 1_000_000},d\n"
    said = read(reading, f"iri,label,note\n{rows}")
    assert about(said, LOVE) == {(SKOS.scopeNote, Literal("ab"))}
    assert set(said) == {LOVE}
    assert [fault.line for fault in reading.faults] == [3, 4]
    assert sum(reading.left_out.values()) == 2


@pytest.mark.parametrize(
    "texts",
    [
        ["=SUM(A1)"], ["'=x", "b"], ["-'ismos"], ["'tis"], ["a|b", "c\\d", "\\|"], ["@home", "+1"],
        ['say "yes"'], ["-33.86"], ["''=", "'"],
    ],
)  # fmt: skip
def test_cells_come_back_as_they_were_written(texts: list[str]) -> None:
    column = Column("altLabel@en", "altLabel", "en")
    cell = cell_of(column, texts)
    assert list(values(column, cell)) == texts
    assert not cell.startswith(("=", "+", "@", "\t", "\r")) and not cell.startswith("-'")


def test_quotes_and_braces_come_back_exactly(reading: Reading) -> None:
    text = 'x" } UNION { ?s ?p ?o } # <script>alert(1)</script> \\ %s {0}'
    doubled = text.replace('"', '""')
    said = read(reading, f'iri,label\n{LOVE},"{doubled}"\n')
    assert about(said, LOVE) == {(SKOS.prefLabel, Literal(text))}
