"""Spreadsheets: dialects, mapping, records, and files that mean harm."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from pyoxigraph import RdfFormat, parse

from server.errors import Malformed, TooLarge
from server.formats import sheets
from server.formats.images import Kept
from server.formats.records import Record, Unreadable
from server.formats.sheet_fields import preview
from server.formats.sheet_mapping import Column, Defaults, Mapping, guess_mapping, missing
from server.formats.sheet_records import item_iri, to_records
from server.formats.sheet_rights import rights_iri
from server.formats.sheets import Table, escape_cell, read_table
from server.names import short_hash

BASE = "http://127.0.0.1:8000/"
DEFAULTS = Defaults(
    "Museum X", "Aggregator Y", "http://creativecommons.org/publicdomain/mark/1.0/", "en", ""
)
SMALL = Mapping((Column("id", "id"), Column("title", "dc:title")), DEFAULTS)
KEPT = Kept("0f.jpg", 640, 480, "image/jpeg", "#aabbcc", "0f.400.webp")


def table(text: str | bytes, name: str = "t.csv") -> Table:
    return read_table(io.BytesIO(text.encode() if isinstance(text, str) else text), name)


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def records(text: str | bytes, mapping: Mapping = SMALL) -> list[Record | Unreadable]:
    found = lambda name: KEPT if name == "a.jpg" else None  # noqa: E731
    return list(to_records(table(text), mapping, BASE, "c", found))


def cells(text: str | bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in table(text)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_is_read_in_any_dialect(delimiter: str, encoding: str) -> None:
    rows = [["id", "title"], ["1", "Müller – “Blüte”"], ["2", f"a{delimiter}b\nsecond line"]]
    text = "".join(delimiter.join(f'"{cell}"' for cell in row) + "\r\n" for row in rows)
    read = table(text.encode(encoding))
    assert read.dialect.delimiter == delimiter
    assert [read.header, *(row.cells for row in read)] == [tuple(row) for row in rows]


def test_a_row_is_named_by_the_line_where_it_begins() -> None:
    read = table('id,title\n\n1,"two\nlines"\n2,x\n')
    assert [row.line for row in read] == [3, 5]


def test_excels_separator_hint_is_taken_and_left_out() -> None:
    read = table("sep=;\nid;title\n1;a,b\n")
    assert read.header == ("id", "title")
    assert [(row.line, row.cells) for row in read] == [(3, ("1", "a,b"))]


def test_an_xlsx_is_read_as_a_person_sees_it() -> None:
    from datetime import datetime

    data = workbook(("id", "year", "day", "yes"), (1, 1928.0, datetime(1928, 5, 1), True), (2, 1.5))
    assert cells(data) == [("1", "1928", "1928-05-01", "true"), ("2", "1.5")]


def test_a_sample_does_not_take_rows_away() -> None:
    read = table("id,title\n1,a\n2,b\n3,c\n")
    assert [row.cells[0] for row in read.sample(2)] == ["1", "2"]
    assert [row.cells[0] for row in read.sample(3)] == ["1", "2", "3"]
    assert [row.cells[0] for row in read] == ["1", "2", "3"]


def test_formulas_are_never_evaluated() -> None:
    assert cells(workbook(("id", "sum"), (1, "=1+1"))) == [("1",)]  # nothing was stored
    assert cells("id,title\n1,=1+1\n") == [("1", "=1+1")]


def test_what_looks_like_a_formula_is_escaped_for_export() -> None:
    risky = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]
    assert [escape_cell(text) for text in risky] == [f"'{text}" for text in risky]
    assert escape_cell("a=b") == "a=b"


def test_a_zip_bomb_is_refused() -> None:
    out = io.BytesIO(workbook(("id",), (1,)))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings2.xml", b" " * 20_000_000)
    with pytest.raises(TooLarge):
        table(out.getvalue())


def test_an_xlsx_with_a_document_type_is_refused() -> None:
    out = io.BytesIO(workbook(("id",), (1,)))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/x.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(Malformed):
        table(out.getvalue())


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", b"PK\x03\x04 no zip", b"\xd0\xcf\x11\xe0old excel", bytes(4000),
     workbook(("id",), (1,))[:900]],
)  # fmt: skip
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        table(data)


def test_a_header_without_rows_is_an_empty_table() -> None:
    read = table("id,title\n")
    assert read.header == ("id", "title")
    assert list(to_records(read, SMALL, BASE, "c", lambda name: None)) == []


@pytest.mark.parametrize(
    "cell",
    ["x" * 1_000_000, "nul \0 inside", "\ufffd"],
)
def test_a_harmful_cell_keeps_only_its_row_out(cell: str) -> None:
    found = records(f"id,title\n1,good\n2,{cell}\n3,good\n")
    assert [type(record) for record in found] == [Record, Unreadable, Record]
    assert isinstance(found[1], Unreadable)
    assert (found[1].line, found[1].record) == (3, "2")


def test_a_few_wrong_bytes_keep_only_their_row_out() -> None:
    good = "".join(f"{n},Blüte {n} – Ωμέγα\n" for n in range(20)).encode()
    found = records(b"id,title\n" + good + b"x,Bl\xfcte\n")
    assert [record.line for record in found if isinstance(record, Unreadable)] == [22]


def test_a_quotation_mark_that_never_closes_is_named() -> None:
    with pytest.raises(TooLarge, match="quotation"):
        cells('id,title\n1,"open\n' + "2,some more text\n" * 300_000)


def test_too_many_rows_and_columns_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    assert len(cells("id\n1\n2\n3\n")) == 3
    with pytest.raises(TooLarge):
        cells("id\n1\n2\n3\n4\n")
    with pytest.raises(Malformed):
        table(",".join("abc" for _ in range(301)) + "\n1\n")


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("Title", "dc:title"), ("Titel", "dc:title"), ("titre", "dc:title"),
        ("Titolo", "dc:title"), ("Título", "dc:title"), ("Tytuł", "dc:title"),
        ("Τίτλος", "dc:title"), ("title@el", "dc:title@el"), ("Title (Greek)", "dc:title@el"),
        ("titel_de", "dc:title@de"), ("dc:title", "dc:title"), ("DC.Title", "dc:title"),
        ("http://purl.org/dc/terms/spatial", "dcterms:spatial"), ("dct:medium", "dcterms:medium"),
        ("Künstler", "dc:creator"), ("maker", "dc:creator"), ("objectType", "dc:type"),
        ("Schlagwörter", "dc:subject"), ("Mots-clés", "dc:subject"), ("Material", "dcterms:medium"),
        ("Technique", "dc:format"), ("Place of origin", "dcterms:spatial"),
        ("Inventory number", "id"), ("Inv.-Nr.", "id"), ("N° d'inventaire", ""),
        ("old number", "former id"), ("File name", "image file"), ("Photo", "image file"),
        ("Bilddatei", "image file"), ("licence", "edm:rights"), ("Provider", "edm:provider"),
        ("Museum", "edm:dataProvider"), ("shoe size of the owner", ""),
    ],
)  # fmt: skip
def test_dublin_core_names_are_understood_by_themselves(header: str, meant: str) -> None:
    column = guess_mapping(["id", header], []).columns[1]
    if meant == "id":
        column = guess_mapping([header], []).columns[0]
    tag = f"@{column.language}" if column.language else ""
    assert column.property + tag == meant


def test_the_cells_decide_where_the_name_does_not() -> None:
    read = table(
        "Image,URL,Subject,Theme\n"
        "https://example.org/a.jpg,https://example.org/1,a;b,x|y\n"
        "https://example.org/b.jpg,https://example.org/2,c,z; still z\n"
    )
    columns = guess_mapping(read.header, read.sample()).columns
    assert [column.property for column in columns] == [
        "edm:isShownBy", "web page", "dc:subject", "dc:subject",
    ]  # fmt: skip
    assert [column.separator for column in columns[2:]] == [";", "|"]


def test_a_mapping_survives_as_json() -> None:
    mapping = Mapping((Column("Θέμα", "dc:subject", "el", "|", True), Column("x")), DEFAULTS)
    assert Mapping.from_json(mapping.to_json()) == mapping


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '{"columns": [1]}', '{"columns": [{}]}', "[" * 100_000,
        '{"columns": [{"header": "a", "property": "rdf:type"}]}',
        '{"columns": [{"header": "a", "property": 1}]}',
        '{"columns": [{"header": "a", "language": "en> <x"}]}',
        '{"columns": [], "defaults": {"rights": "javascript:alert(1)"}}',
        '{"columns": [], "defaults": {"type": "PICTURE"}}',
    ],
)  # fmt: skip
def test_a_forged_mapping_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        Mapping.from_json(text)


def test_only_what_edm_demands_and_nobody_gave_is_asked() -> None:
    bare = guess_mapping(["id", "title"], [])
    asked = [question.field for question in missing(bare)]
    assert asked == ["data_provider", "provider", "rights", "language", "type"]
    with_image = guess_mapping(["museum", "title@de", "photo"], [])
    assert [q.field for q in missing(with_image)] == ["provider", "rights"]
    full = Mapping(bare.columns, Defaults("a", "b", DEFAULTS.rights, "en", "IMAGE"))
    assert missing(full) == []


def test_a_row_becomes_an_external_edm_record() -> None:
    mapping = guess_mapping(
        ["Inventory number", "title", "titel@de", "subject", "image", "former number"], []
    )
    mapping = Mapping(mapping.columns, DEFAULTS)
    (record,) = records(
        "Inventory number,title,titel@de,subject,image,former number\n"
        "P-7,Poster,Plakat,http://vocab.getty.edu/aat/300027221|paper,a.jpg,OLD/7\n",
        mapping,
    )
    assert isinstance(record, Record) and record.mends == ()
    item, image = f"{BASE}object/c/P-7", f"{BASE}media/c/0f.jpg"
    dc, edm = "http://purl.org/dc/elements/1.1/", "http://www.europeana.eu/schemas/edm/"
    assert record.item == item
    for statement in (
        f'<{item}> <{dc}title> "Poster"@en .',
        f'<{item}> <{dc}title> "Plakat"@de .',
        f'<{item}> <{dc}identifier> "P-7" .',
        f"<{item}> <{dc}subject> <http://vocab.getty.edu/aat/300027221> .",
        f'<{item}> <{dc}subject> "paper"@en .',
        f"<{item}> <http://purl.org/dc/terms/replaces> <{item_iri(BASE, 'c', 'OLD/7')}> .",
        f'<{item}> <{edm}type> "IMAGE" .',
        f'<{item}/aggregation> <{edm}dataProvider> "Museum X" .',
        f"<{item}/aggregation> <{edm}isShownBy> <{image}> .",
        f"<{item}/aggregation> <{edm}isShownAt> <{BASE}items/{short_hash(item)}> .",
        f"<{item}/aggregation> <{edm}rights> <{DEFAULTS.rights}> .",
    ):
        assert statement in record.lines
    assert len(set(record.lines)) == len(record.lines)
    assert list(parse("\n".join(record.lines), format=RdfFormat.N_TRIPLES))


@pytest.mark.parametrize(
    ("cell", "sensitive", "mended"),
    [("yes", True, False), ("Ja", True, False), ("1", True, False), ("no", False, False),
     ("", False, False), ("shows violence", True, True)],
)  # fmt: skip
def test_a_column_says_what_is_sensitive(cell: str, sensitive: bool, mended: bool) -> None:
    mapping = Mapping(guess_mapping(["id", "title", "Sensitive"], []).columns, DEFAULTS)
    (record,) = records(f"id,title,Sensitive\n1,Study,{cell}\n", mapping)
    assert isinstance(record, Record)
    said = (
        f"<{BASE}object/c/1> <https://w3id.org/crowdheritage/ns#sensitive> "
        '"true"^^<http://www.w3.org/2001/XMLSchema#boolean> .'
    )
    assert (said in record.lines, bool(record.mends)) == (sensitive, mended)


def test_rows_without_title_or_with_a_known_identifier_stay_out_with_their_line() -> None:
    found = records("id,title\n1,a\n2,\n1,again\n,no identifier\n")
    assert [type(record) for record in found] == [Record, Unreadable, Unreadable, Record]
    assert [record.line for record in found] == [2, 3, 4, 5]
    assert "line 2" in found[2].reason  # type: ignore[union-attr]


def test_duplicate_headers_both_count() -> None:
    read = table("id,title,subject,subject\n1,t,a,b\n")
    mapping = guess_mapping(read.header, read.sample())
    (record,) = to_records(read, mapping, BASE, "c", lambda name: None)
    subjects = [line for line in record.lines if "elements/1.1/subject" in line]  # type: ignore[union-attr]
    assert [line.split(" ", 2)[2] for line in subjects] == ['"a" .', '"b" .']


def test_columns_are_found_by_name_when_their_order_changes() -> None:
    assert records("title,new,id\nt,x,1\n")[0].item == f"{BASE}object/c/1"  # type: ignore[union-attr]


def test_values_are_data_and_come_back_exactly() -> None:
    hostile = "x\" } UNION { <script>alert(1)</script> \\ '=1+1"
    quoted = hostile.replace('"', '""')
    (record,) = records(f'id,title\njavascript:1,"{quoted}"\n')
    assert isinstance(record, Record)
    values = [q.object.value for q in parse("\n".join(record.lines), format=RdfFormat.N_TRIPLES)]
    assert hostile in values
    assert record.item.startswith(f"{BASE}object/c/javascript-1-")


@pytest.mark.parametrize("value", ["javascript:alert(1)", "http://x/\u202egnp", "http://[", "a b"])
def test_what_is_no_safe_address_stays_text(value: str) -> None:
    mapping = Mapping((*SMALL.columns, Column("subject", "dc:subject")), DEFAULTS)
    (record,) = records(f"id,title,subject\n1,t,{value}\n", mapping)
    assert isinstance(record, Record)
    (line,) = [line for line in record.lines if "1.1/subject" in line]
    assert line.split(" ", 2)[2].startswith('"')


def test_identifiers_that_look_alike_stay_apart() -> None:
    given = ["A/1", "A-1", "A 1", "a-1", "Ä-1", "..", "1", "𝟙"]
    assert len({item_iri(BASE, "c", identifier) for identifier in given}) == len(given)


def test_an_image_that_is_not_there_is_said_and_the_row_goes_in() -> None:
    mapping = Mapping((*SMALL.columns, Column("photo", "image file")), DEFAULTS)
    (record,) = records("id,title,photo\n1,t,b.jpg\n", mapping)
    assert isinstance(record, Record) and "b.jpg" in record.mends[0]


def test_a_preview_shows_ten_rows_and_leaves_all_to_import() -> None:
    read = table("id,title\n" + "".join(f"{n},t{n}\n" for n in range(12)) + "12,\n")
    shown = preview(read, SMALL)
    assert [row.line for row in shown] == list(range(2, 12))
    assert [(f.property, f.value) for f in shown[0].fields] == [("id", "0"), ("dc:title", "t0")]
    assert len(list(to_records(read, SMALL, BASE, "c", lambda name: None))) == 13


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("CC BY-SA 4.0", "http://creativecommons.org/licenses/by-sa/4.0/"),
        ("cc-by", "http://creativecommons.org/licenses/by/4.0/"),
        ("https://creativecommons.org/licenses/by/3.0/de/deed.de",
         "http://creativecommons.org/licenses/by/3.0/de/"),
        ("https://creativecommons.org/publicdomain/zero/1.0",
         "http://creativecommons.org/publicdomain/zero/1.0/"),
        ("https://rightsstatements.org/page/InC/1.0/?language=en", None),
        ("http://rightsstatements.org/page/InC/1.0/", "http://rightsstatements.org/vocab/InC/1.0/"),
        ("Public domain", "http://creativecommons.org/publicdomain/mark/1.0/"),
        ("CC BY-ND-SA", None), ("© Museum", None),
    ],
)  # fmt: skip
def test_rights_are_recognised_by_address_and_name(text: str, iri: str | None) -> None:
    assert rights_iri(text) == iri


def test_rights_in_words_of_their_own_are_kept_beside_the_default() -> None:
    mapping = Mapping((*SMALL.columns, Column("r", "edm:rights")), DEFAULTS)
    (record,) = records("id,title,r\n1,t,© Museum\n", mapping)
    assert isinstance(record, Record)
    assert any('1.1/rights> "© Museum"' in line for line in record.lines)
    assert any(f"edm/rights> <{DEFAULTS.rights}>" in line for line in record.lines)


def test_a_record_of_a_sheet_is_valid_external_edm(shared_data: Path) -> None:
    from lxml import etree

    from server.formats.edm_write import record_xml

    schema = etree.XMLSchema(etree.parse(str(shared_data / "edm-schema" / "EDM.xsd")))
    mapping = Mapping((*SMALL.columns, Column("photo", "image file")), DEFAULTS)
    (record,) = records("id,title,photo\n1,Töpfe & <Krüge>,a.jpg\n", mapping)
    assert isinstance(record, Record)
    triples = [q.triple for q in parse("\n".join(record.lines), format=RdfFormat.N_TRIPLES)]
    schema.assertValid(etree.fromstring(record_xml(record.item, triples)))
    assert json.loads(mapping.to_json())["columns"][2]["property"] == "image file"
