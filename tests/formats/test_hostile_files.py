"""Files that would harm a careless reader: each ends with a clear reason, and soon."""

import gzip
import json
import socket
import threading
from pathlib import Path

import pytest

from server.errors import TooLarge
from server.formats.edm_read import read, read_document
from server.formats.records import Record, Unreadable

BASE = "http://127.0.0.1:8000/"
ITEM = "http://data.example.org/item/7"
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:edm="http://www.europeana.eu/schemas/edm/">'
)
KIND = (
    f"<{ITEM}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
    "<http://www.europeana.eu/schemas/edm/ProvidedCHO> .\n"
)


def item(title: str = "A", more: str = "") -> str:
    return (
        f'{RDF}<edm:ProvidedCHO rdf:about="{ITEM}"><dc:title>{title}</dc:title>{more}'
        "</edm:ProvidedCHO></rdf:RDF>"
    )


def refused(data: bytes | str, name: str = "x.xml") -> Unreadable:
    """The only outcome, which is a refusal."""
    raw = data if isinstance(data, bytes) else data.encode()
    (fault,) = read_document(name, raw, base=BASE)
    assert isinstance(fault, Unreadable), fault
    return fault


def accepted(data: str, name: str = "x.xml") -> Record:
    (record,) = read_document(name, data.encode(), base=BASE)
    assert isinstance(record, Record), record
    return record


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text("SECRET")
    return path


@pytest.fixture
def listener():
    """An address that notices any connection."""
    seen: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)

        def wait() -> None:
            try:
                server.accept()[0].close()
                seen.append("connected")
            except OSError:
                pass

        thread = threading.Thread(target=wait)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/context.jsonld"
        thread.join()
    assert seen == []


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    "prolog",
    [
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>',
        f'<!DOCTYPE x [<!ENTITY l9 "{"a" * 100_000}">]>',
        "<!-- a --> <?p i?>\n<!DOCTYPE rdf:RDF>",
        "<!doctype x>",
        '\ufeff<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_any_document_type_is_refused(prolog: str):
    assert "DTD" in refused(prolog + item("&l9;")).reason
    assert "DTD" in refused((prolog + item("&l9;")).encode("utf-16")).reason


def test_a_document_type_behind_the_root_is_refused():
    inside = item().replace("<edm:", '<!DOCTYPE x [<!ENTITY a "b">]><edm:', 1)
    assert "not well-formed" in refused(inside).reason


def test_a_document_type_quoted_in_a_text_is_only_text():
    assert '"<!DOCTYPE html>"' in "".join(accepted(item("<![CDATA[<!DOCTYPE html>]]>")).lines)


def test_external_entities_read_no_file_and_ask_no_host(secret: Path, listener: str):
    for target in (secret.as_uri(), listener):
        fault = refused(f'<!DOCTYPE x [<!ENTITY e SYSTEM "{target}">]>{item("&e;")}')
        assert "SECRET" not in fault.reason


def test_deep_json_is_refused():
    deep = '{"@id": "http://a.example/", "http://a.example/p": ' * 5_000 + "1" + "}" * 5_000
    assert "deep" in refused(deep, "x.jsonld").reason


def test_a_remote_or_file_context_is_not_fetched(secret: Path, listener: str):
    for context in (listener, secret.as_uri()):
        document = {"@context": context, "@id": ITEM, "@type": "edm:ProvidedCHO"}
        assert "context" in refused(json.dumps(document), "x.jsonld").reason


def test_deep_xml_is_refused_in_time():
    nested = "<edm:a><dc:b>" * 200_000 + "</dc:b></edm:a>" * 200_000
    assert "deep" in refused(f"{RDF}{nested}</rdf:RDF>").reason


@pytest.mark.parametrize("name", ["x.nt", "x.ttl"])
def test_statements_about_statements_are_refused_however_deep(name: str):
    quoted = "<< <http://a.example/> <http://a.example/p> " if name == "x.ttl" else QUOTED
    deep = f"<{ITEM}> <http://a.example/p> " + quoted * 100_000
    assert "RDF 1.2" in refused(KIND + deep, name).reason
    one = f"{KIND}<{ITEM}> <http://a.example/p> {QUOTED}<http://a.example/> )>> ."
    assert "RDF 1.2" in refused(one, name).reason


QUOTED = "<<( <http://a.example/> <http://a.example/p> "


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("x.xml", item().split("A</dc")[0], "</dc:title></edm:ProvidedCHO></rdf:RDF>"),
        ("x.nt", KIND + f'<{ITEM}> <http://purl.org/dc/elements/1.1/title> "', '" .'),
        ("x.jsonld", '{"@id": "http://a.example/", "http://a.example/p": "', '"}'),
    ],
)
def test_a_text_of_100_mb_is_refused(name: str, start: str, end: str):
    assert "longer than" in refused(start.encode() + b"x" * 100_000_000 + end.encode(), name).reason


def test_a_text_over_64_kb_stays_out_and_is_reported():
    record = accepted(item("x" * 70_000))
    assert len(record.lines) == 1
    assert "70000 characters" in record.mends[0]


def test_a_gzip_bomb_is_refused(tmp_path: Path):
    path = tmp_path / "x.xml.gz"
    path.write_bytes(gzip.compress(b"<a>" + b" " * 20_000_000))
    with pytest.raises(TooLarge, match="bomb"):
        list(read([path], base=BASE))


@pytest.mark.parametrize("name", ["x.xml", "x.nt", "x.ttl", "x.jsonld"])
def test_bad_utf8_and_nul_are_refused_with_their_line(name: str):
    for bad, word in ((b"\xff\xfe", "UTF-8"), (b"\xc3\x28", "UTF-8"), (b"\0", "NUL")):
        data = item("A").encode() if name == "x.xml" else b"# a comment"
        fault = refused(b"\n\n".join([b"", data.replace(b"A", b"A" + bad) + bad]).strip(), name)
        assert word in fault.reason
        assert fault.line == 1


def test_the_line_of_a_fault_is_that_of_the_file():
    fault = refused(item("A\n\nB\0"))
    assert (fault.line, "NUL" in fault.reason) == (3, True)


@pytest.mark.parametrize("name", ["x.nt", "x.jsonld"])
def test_an_escaped_nul_refuses_its_record(name: str):
    text = f'{KIND}<{ITEM}> <http://a.example/p> "a\\u0000b" .'
    document = {"@id": ITEM, "@type": "http://www.europeana.eu/schemas/edm/ProvidedCHO"}
    data = text if name == "x.nt" else json.dumps({**document, "http://a.example/p": "a\0b"})
    fault = refused(data, name)
    assert (fault.record, "NUL" in fault.reason) == (ITEM, True)


def test_other_control_characters_are_taken_out_of_texts():
    record = accepted(f'{KIND}<{ITEM}> <http://a.example/p> "a\\u0001\\bb\\tc\\\\u0001" .', "x.nt")
    assert '"ab\\tc\\\\u0001"' in "".join(record.lines)
    assert "Control" in record.mends[0]


@pytest.mark.parametrize(
    "iri", ["javascript:alert(1)", "JavaScript:x", "data:text/html,x", "file:///etc/passwd"]
)
def test_an_active_address_stays_out(iri: str):
    record = accepted(item(more=f'<dc:relation rdf:resource="{iri}"/>'))
    assert len(record.lines) == 2
    assert "left out" in record.mends[0]
    assert "ProvidedCHO" in refused(item().replace(ITEM, iri)).reason


def test_signs_that_turn_the_reading_direction_leave_addresses_but_not_texts():
    more = '<dc:relation rdf:resource="http://a.example/\u202egpj.exe"/>'
    record = accepted(item("\u202eA\u2066", more))
    assert any(line.endswith("<http://a.example/gpj.exe> .") for line in record.lines)
    assert any('"\u202eA\u2066"' in line for line in record.lines)


def test_quotes_and_braces_come_back_exactly():
    title = "x\" } UNION { ?s ?p ?o } # <script>alert(1)</script> \\' %s {0}"
    escaped = title.replace("<", "&lt;")
    (line,) = [line for line in accepted(item(escaped)).lines if "title" in line]
    assert json.loads(line.partition("title> ")[2].removesuffix(" .")) == title


def test_more_blank_nodes_than_a_record_has_are_refused():
    blanks = "".join(f"<{ITEM}> <http://a.example/p> _:b{n} .\n" for n in range(1_001))
    assert "too many" in refused(KIND + blanks, "x.nt").reason


def test_what_is_no_metadata_is_named_as_such():
    assert "no format" in refused(b"\x89PNG\r\n\x1a\n\0\0", "x.png").reason
    assert "rdf:RDF" in refused("<html><body/></html>", "x.xml").reason
    assert "no edm:ProvidedCHO" in refused(f"{RDF}</rdf:RDF>").reason
