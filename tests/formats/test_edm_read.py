"""Reading EDM: the real files where they are present, and a small file for every mend."""

import zipfile
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from server.formats.edm_read import read, read_document
from server.formats.records import Record, Unreadable
from server.names import is_safe_iri

BASE = "http://127.0.0.1:8000/"
ITEM = "http://data.example.org/item/7"
HEAD = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:edm="http://www.europeana.eu/schemas/edm/" '
    'xmlns:ore="http://www.openarchives.org/ore/terms/" '
    'xmlns:skos="http://www.w3.org/2004/02/skos/core#" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)
DELETED = ' status="deleted"'
EDM = "<http://www.europeana.eu/schemas/edm/"
DC = "<http://purl.org/dc/elements/1.1/"


def cho(body: str = "", about: str = ITEM) -> str:
    return f'<edm:ProvidedCHO rdf:about="{about}">{body}</edm:ProvidedCHO>'


def aggregation(body: str = "", of: str = ITEM) -> str:
    return (
        f'<ore:Aggregation rdf:about="{of}#aggregation">'
        f'<edm:aggregatedCHO rdf:resource="{of}"/>{body}</ore:Aggregation>'
    )


def rdf(*parts: str) -> bytes:
    return f"{HEAD}{''.join(parts)}</rdf:RDF>".encode()


def all_of(data: bytes, name: str = "x.xml") -> list[Record | Unreadable]:
    return list(read_document(name, data, base=BASE))


def one(data: bytes, name: str = "x.xml") -> Record:
    (record,) = all_of(data, name)
    assert isinstance(record, Record), record
    return record


def reason(data: bytes, name: str = "x.xml") -> str:
    (fault,) = all_of(data, name)
    assert isinstance(fault, Unreadable), fault
    return fault.reason


def mended(data: bytes, *words: str) -> Record:
    """The record, which says once that it was mended in these words."""
    record = one(data)
    for word in words:
        assert sum(word in mend for mend in record.mends) == 1, record.mends
    assert len(record.mends) == len(words), record.mends
    return record


def is_sound(record: Record) -> bool:
    """All lines are strict N-Triples, no two the same, with safe IRIs and no blank node."""
    text = "".join(line + "\n" for line in record.lines)
    triples = list(parse(text, format=RdfFormat.N_TRIPLES))
    terms = [term for triple in triples for term in (triple.subject, triple.object)]
    iris = [str(term)[1:-1] for term in terms if str(term).startswith("<")]
    blank = any(str(term).startswith("_:") for term in terms)
    unique = len(set(record.lines)) == len(record.lines) == len(triples)
    return unique and not blank and all(map(is_safe_iri, iris)) and is_safe_iri(record.item)


# The real files


@pytest.mark.parametrize(("folder", "count"), [("bronbeek", 150), ("ekt", 59), ("europeana", 371)])
def test_every_real_file_is_read(shared_data: Path, folder: str, count: int):
    found = list(read([shared_data / "edm" / folder], base=BASE))
    assert [one for one in found if isinstance(one, Unreadable)] == []
    assert len(found) == count
    assert all(is_sound(record) for record in found if isinstance(record, Record))


def test_the_file_with_346_aggregations_gives_346_records(shared_data: Path):
    path = shared_data / "edm" / "europeana" / "Item_27253459.xml"
    found = [record for record in read([path], base=BASE) if isinstance(record, Record)]
    assert len({record.item for record in found}) == 346
    kinds = [sum("#type> <http" in line for line in record.lines) for record in found]
    assert min(kinds) >= 3


def test_each_faulty_file_is_refused_or_mended_with_a_reason(shared_data: Path):
    found = list(read([shared_data / "edm" / "faulty"], base=BASE))
    refused = {fault.file: fault for fault in found if isinstance(fault, Unreadable)}
    assert set(refused) == {"broken.xml", "edm-not-valid.xml", "record-missing-id.xml"}
    assert refused["broken.xml"].line == 54
    assert all(record.mends for record in found if isinstance(record, Record))
    assert len(found) == 10


def test_reading_again_gives_the_same_statements(shared_data: Path):
    path = shared_data / "edm" / "bronbeek"
    first, second = ([one.lines for one in read([path], base=BASE)] for _ in range(2))  # type: ignore[union-attr]
    assert [sorted(lines) for lines in first] == [sorted(lines) for lines in second]


def test_words_of_bronbeek_that_were_encoded_twice_are_right_again(shared_data: Path):
    found = read([shared_data / "edm" / "bronbeek"], base=BASE)
    text = "".join(line for record in found for line in record.lines)  # type: ignore[union-attr]
    assert "Indië" in text
    assert "Ã«" not in text


def test_a_zip_of_the_same_files_gives_the_same_records(shared_data: Path, tmp_path: Path):
    paths = sorted((shared_data / "edm" / "bronbeek").iterdir())[:5]
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as archive:
        for path in paths:
            archive.write(path, path.name)
    found = read([tmp_path / "some.zip"], base=BASE)
    assert [record.lines for record in found] == [record.lines for record in read(paths, base=BASE)]  # type: ignore[union-attr]


# What a record is


def test_a_sound_record_passes_without_mends():
    record = one(rdf(cho("<dc:title>A</dc:title>"), aggregation()))
    assert (record.item, record.mends, len(record.lines)) == (ITEM, (), 4)
    assert record.described()[f"<{ITEM}>"][f"{DC}title>"] == ['"A"']
    assert record.nquads("http://g/").count(" <http://g/> .\n") == 4


def test_each_item_takes_what_it_reaches_and_nothing_of_its_neighbour():
    other = "http://data.example.org/item/8"
    agent = '<edm:Agent rdf:about="http://data.example.org/a"><skos:prefLabel>A</skos:prefLabel></edm:Agent>'
    link = '<dc:creator rdf:resource="http://data.example.org/a"/>'
    beside = f'<dcterms:isPartOf rdf:resource="{other}"/>'
    found = all_of(
        rdf(
            cho(link + beside), cho(link, other), aggregation(), aggregation(of=other), agent,
            f'<ore:Proxy rdf:about="{other}#p"><ore:proxyFor rdf:resource="{other}"/></ore:Proxy>',
        )
    )  # fmt: skip
    first, second = found
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert set(first.described()) == {
        f"<{ITEM}>", f"<{ITEM}#aggregation>", "<http://data.example.org/a>",
    }  # fmt: skip
    assert f"<{other}#p>" in second.described()
    assert "<http://data.example.org/a>" in second.described()


def test_what_belongs_to_no_item_is_reported():
    stray = '<edm:Place rdf:about="http://data.example.org/p"><skos:note>x</skos:note></edm:Place>'
    *records, fault = all_of(rdf(cho(), cho("", "http://data.example.org/8"), stray))
    assert len(records) == 2
    assert isinstance(fault, Unreadable)
    assert fault.record == "http://data.example.org/p"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "x.ttl",
            "@prefix edm: <http://www.europeana.eu/schemas/edm/> . <{0}> a edm:ProvidedCHO .",
        ),
        ("x.nt", "<{0}> <{1}type> <{2}ProvidedCHO> ."),
        ("x.nq", "<{0}> <{1}type> <{2}ProvidedCHO> <http://g/> ."),
        ("x.jsonld", '{{"@id": "{0}", "@type": "{2}ProvidedCHO"}}'),
        ("x", "<{0}> <{1}type> <{2}ProvidedCHO> ."),
        ("-", '{{"@context": {{"e": "{2}"}}, "@id": "{0}", "@type": "e:ProvidedCHO"}}'),
    ],
)
def test_the_other_serialisations_are_read(name: str, text: str):
    rdf_space = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    record = one(text.format(ITEM, rdf_space, EDM[1:]).encode(), name)
    assert record.lines == [f"<{ITEM}> <{rdf_space}type> {EDM}ProvidedCHO> ."]


def test_records_are_taken_out_of_an_oai_pmh_answer_and_deleted_ones_reported():
    inside = rdf(cho("<dc:title>A</dc:title>"), aggregation()).decode()
    header = "<header{0}><identifier>oai:x:{1}</identifier></header>"
    answer = (
        '<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>\n'
        f"<record>{header.format('', 1)}<metadata>{inside}</metadata></record>\n"
        f"<record>{header.format(DELETED, 2)}</record>"
        "</ListRecords></OAI-PMH>"
    )
    record, gone = all_of(answer.encode())
    assert isinstance(record, Record)
    assert (record.item, record.line, len(record.lines)) == (ITEM, 2, 4)
    assert isinstance(gone, Unreadable)
    assert (gone.record, gone.line) == ("oai:x:2", 3)


# Mends


def test_a_description_that_wraps_everything_is_taken_away():
    wrapped = f'<rdf:Description rdf:about="http://w/">{cho()}{aggregation()}</rdf:Description>'
    assert len(mended(rdf(wrapped), "wraps").lines) == 3


def test_an_attribute_without_prefix_gets_one():
    record = mended(rdf(cho('<dc:title lang="nl">Stoel</dc:title>')), "lang had no namespace")
    assert any(line.endswith('"Stoel"@nl .') for line in record.lines)
    about = rdf('<edm:ProvidedCHO about="http://data.example.org/item/7"/>')
    assert mended(about, "about had no").item == ITEM


def test_spaces_in_addresses_are_mended():
    body = '<dc:relation rdf:resource=" http://a.example/b c"/>'
    record = mended(rdf(cho(body)), "Spaces")
    assert any(line.endswith("<http://a.example/b%20c> .") for line in record.lines)


def test_an_empty_language_and_an_impossible_one_are_left_out():
    body = '<dc:title xml:lang="">A</dc:title><dc:title xml:lang="en_GB">B</dc:title>'
    record = mended(rdf(cho(body)), "empty xml:lang", "“en-GB”")
    assert record.described()[f"<{ITEM}>"][f"{DC}title>"] == ['"A"', '"B"@en-gb']


def test_a_link_beside_text_is_kept():
    record = mended(rdf(cho('<dc:type rdf:resource="http://a.example/t">x</dc:type>')), "both")
    assert record.described()[f"<{ITEM}>"][f"{DC}type>"] == ["<http://a.example/t>"]


def test_an_address_as_text_where_a_link_is_demanded_becomes_one():
    rights = "http://creativecommons.org/publicdomain/zero/1.0/"
    record = mended(rdf(cho(), aggregation(f"<edm:rights>\n {rights}</edm:rights>")), "edm:rights")
    assert record.described()[f"<{ITEM}#aggregation>"][f"{EDM}rights>"] == [f"<{rights}>"]


def test_an_address_as_text_elsewhere_stays_text():
    assert one(rdf(cho("<dc:identifier>http://a.example/1</dc:identifier>"))).mends == ()


def test_a_missing_or_wrong_aggregated_cho_is_set():
    lone = '<ore:Aggregation rdf:about="http://a.example/g"/>'
    record = mended(rdf(cho(), lone), "lacked")
    assert f"<http://a.example/g> {EDM}aggregatedCHO> <{ITEM}> ." in record.lines
    wrong = aggregation(of="http://a.example/other")
    record = mended(rdf(cho(), wrong), "something else")
    assert f"<http://a.example/other#aggregation> {EDM}aggregatedCHO> <{ITEM}> ." in record.lines


def test_an_item_without_identifier_is_named_by_its_aggregation():
    record = mended(rdf("<edm:ProvidedCHO/>", aggregation()), "its aggregation names it")
    assert record.item == ITEM
    assert "identifier" in reason(rdf("<edm:ProvidedCHO/>"))


@pytest.mark.parametrize(
    ("twice", "once"), [("IndiÃ«", "Indië"), ("CafÃ© â€“ Âºx", "Café – ºx"), ("SÃ»ra", "Sûra")]
)
def test_text_that_was_encoded_twice_is_decoded(twice: str, once: str):
    record = mended(rdf(cho(f"<dc:title>{twice}</dc:title>")), "twice")
    assert record.described()[f"<{ITEM}>"][f"{DC}title>"] == [f'"{once}"']


@pytest.mark.parametrize("text", ["«IRMÃ»", "SÃO", "Größe – Île", "ÂME", "naïve"])
def test_text_that_only_looks_odd_is_left_alone(text: str):
    record = one(rdf(cho(f"<dc:title>{text}</dc:title>")))
    assert record.mends == ()
    assert f'"{text}"' in "".join(record.lines)


def test_relative_identifiers_are_placed_below_this_site():
    data = rdf(cho("", "A 1"), aggregation(of="A 1"))
    (record,) = read_document("x.xml", data, base=BASE, local=BASE + "source/x/")
    assert isinstance(record, Record)
    assert record.item == BASE + "source/x/A%201"
    assert is_sound(record)


def test_the_paths_of_internal_edm_are_completed_as_europeanas():
    proxy = (
        '<ore:Proxy rdf:about="/proxy/provider/12/abc"><ore:proxyFor rdf:resource="/12/abc"/>'
        "</ore:Proxy>"
    )
    record = mended(rdf(cho("", "/12/abc"), proxy), "Europeana")
    assert record.item == "http://data.europeana.eu/item/12/abc"
    assert "<http://data.europeana.eu/proxy/provider/12/abc>" in record.described()


def test_an_unknown_scheme_gets_an_address_and_an_empty_link_is_left_out():
    body = '<dc:relation rdf:resource=""/><dc:relation rdf:resource="iid:1"/>'
    record = mended(rdf(cho(body)), "empty address", "“iid:…”")
    (link,) = record.described()[f"<{ITEM}>"][f"{DC}relation>"]
    assert link == f"<{BASE}local/iid:1>"


def test_an_older_encoding_is_converted():
    text = (
        '<?xml version="1.0" encoding="ISO-8859-1"?>'
        + rdf(cho("<dc:title>Café</dc:title>")).decode()
    )
    record = mended(text.encode("latin-1"), "converted from ISO-8859-1")
    assert any('"Café"' in line for line in record.lines)


def test_markup_and_stray_text_do_not_stop_a_record():
    record = mended(rdf(cho("<dc:title>A <b>bold</b> one</dc:title>")), "Markup")
    assert '"A bold one"' in "".join(record.lines)
    mended(rdf(cho("stray <dc:title>A</dc:title>")), "between elements")


def test_a_link_by_the_wrong_attribute_is_a_link():
    record = one(rdf(cho('<dc:type rdf:about="http://a.example/t"/>')))
    assert record.described()[f"<{ITEM}>"][f"{DC}type>"] == ["<http://a.example/t>"]


def test_blank_nodes_get_the_same_names_whenever_they_are_read():
    body = "<dc:creator><edm:Agent><skos:prefLabel>A</skos:prefLabel></edm:Agent></dc:creator>"
    data = rdf(cho(body + body.replace(">A<", ">B<")))
    first, second = one(data), one(data)
    assert sorted(first.lines) == sorted(second.lines)
    assert is_sound(first)
    assert len({subject for subject in first.described() if "genid" in subject}) == 2


def test_a_faulty_resource_refuses_its_own_record_only():
    bad = '<dc:relation rdf:nodeID="a b"/>'
    other = "http://data.example.org/item/8"
    found = all_of(rdf(cho(bad), aggregation(), cho("", other), aggregation(of=other)))
    assert [one.item for one in found if isinstance(one, Record)] == [other]
    (fault,) = [one for one in found if isinstance(one, Unreadable)]
    assert fault.record == ITEM
    assert "Line 1" in fault.reason


def test_a_faulty_line_of_n_triples_is_mended_or_refuses_its_record_only():
    kind = f"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> {EDM}ProvidedCHO>"
    lines = [
        f"<http://a.example/1> {kind} .",
        f"<http://a.example/2> {kind} .",
        f'<http://a.example/2> {DC}title> "open .',
        f"<http://a.example/1> {DC}relation> <http://a.example/b c> .",
    ]
    first, second = all_of("\n".join(lines).encode(), "x.nt")
    assert isinstance(first, Record)
    assert len(first.lines) == 2
    assert "Spaces" in first.mends[0]
    assert isinstance(second, Unreadable)
    assert second.record == "http://a.example/2"
    assert "Line 3" in second.reason


def test_a_chain_of_blank_nodes_is_told_apart_by_its_place():
    cell = "<dc:relation><rdf:Description><dc:type>same</dc:type>"
    end = "</rdf:Description></dc:relation>"
    record = one(rdf(cho(cell * 12 + end * 12)))
    assert is_sound(record)
    assert len({subject for subject in record.described() if "genid" in subject}) == 12
