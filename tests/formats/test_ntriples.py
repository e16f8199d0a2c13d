"""N-Triples fast: the same as Oxigraph reads, for what is wanted; and statements made of texts.

The rules are those of https://www.w3.org/TR/n-triples/.
"""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from server.errors import Malformed
from server.formats import ntriples, statement_texts
from server.formats.ntriples import Statement
from server.formats.vocabularies import Reading
from server.names import XSD

P, Q = "<http://example.org/p>", "<http://example.org/q>"
A, B = "<http://example.org/a>", "<http://example.org/b>"
WANTED = ntriples.patterns([r"http://example\.org/p", r"http://example\.org/r\d+"])


def read(content: str | bytes, reading: Reading | None = None) -> list[Statement]:
    data = content.encode() if isinstance(content, str) else content
    blocks = ntriples.read(BytesIO(data), "x.nt", WANTED, reading or Reading())
    return [statement for block in blocks for statement in block]


def test_statements_with_a_wanted_predicate_are_given() -> None:
    lines = f'{A} {P} {B} .\n{A} {Q} {B} .\n_:n {P} "x"@en .\n'
    assert read(f"{lines}{A} <http://example.org/r12> {B} .") == [
        (A, P, B),
        ("_:n", P, '"x"@en'),
        (A, "<http://example.org/r12>", B),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f'{A} {P} "caf\\u00E9"@FR .', (A, P, '"café"@fr')),
        (f'{A} {P} "caf\\u00e9 \u6f22"@fr .', (A, P, '"café 漢"@fr')),
        (f'{A} {P} "a\\tb\\"c\\\\u0041\\n" .', (A, P, '"a\\tb\\"c\\\\u0041\\n"')),
        (f'{A} {P} "\\u0022\\u005C\\u0007" .', (A, P, '"\\"\\\\\\u0007"')),
        (f'{A} {P} "\\U0001F600"@zh-Hans-CN .', (A, P, '"\U0001f600"@zh-hans-cn')),
        (f'{A} {P} "x"^^<{XSD}string> .', (A, P, '"x"')),
        (f'{A} {P} "1"^^<{XSD}integer> .', (A, P, f'"1"^^<{XSD}integer>')),
        (f"{A}{P}{B}.", (A, P, B)),
        (f"  {A}\t{P}   {B}  .  # a comment", (A, P, B)),
        (f'{A} {P} "x" .\r', (A, P, '"x"')),
        (f'{A} {P} "ends . # so" .', (A, P, '"ends . # so"')),
        (f"{A} {P} <http://example.org/caf\\u00E9> .", (A, P, "<http://example.org/café>")),
        (f"{A} {P} <urn:isbn:1> .", (A, P, "<urn:isbn:1>")),
        (f"_:b-1.x {P} _:\u00fc .", None),
    ],
)
def test_whatever_the_grammar_allows_is_read(line: str, expected: Statement | None) -> None:
    found = read(f"{A} {Q} {B} .\n{line}\n")
    if expected:
        assert found == [expected]
    assert len(found) == 1
    parsed = next(parse(" ".join(found[0]) + " .", RdfFormat.N_TRIPLES)).triple
    assert str(parsed) == " ".join(found[0])


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=5), st.booleans())
def test_every_text_comes_back(texts: list[str], ascii_only: bool) -> None:
    node = NamedNode("http://example.org/p")
    data = serialize(
        [Triple(node, node, Literal(text)) for text in texts], format=RdfFormat.N_TRIPLES
    )
    if ascii_only:
        escaped = "".join(c if c.isascii() else f"\\U{ord(c):08X}" for c in data.decode())
        data = escaped.encode()
    found = "".join(f"{' '.join(each)} .\n" for each in read(data))
    assert sorted(str(quad.object.value) for quad in parse(found, RdfFormat.N_TRIPLES)) == sorted(
        texts
    )  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        f"{A} nonsense .",
        f"{A} {P}",
        f"{A} {P} {B}",
        f"{A} {P} {B} {B} {B} .",
        f"{A[:-1]}",
        f'{A} {P} "unfinished .',
        f'{A} {P} "bad escape \\x" .',
        f'{A} {P} "\\uD800" .',
        f'"text" {P} {B} .',
        f"{A} _:p {B} .",
        f'{A} {P} "x"@ .',
        "\0\0",
    ],
)
def test_a_line_that_is_no_n_triple_is_a_fault_and_the_rest_is_read(line: str) -> None:
    reading = Reading()
    found = read(f"\n# comment\n{A} {P} {B} .\n{line}\n{B} {Q} {A} .\n{B} {P} {A} .\n", reading)
    assert found == [(A, P, B), (B, P, A)]
    assert [(fault.file, fault.line) for fault in reading.faults] == [("x.nt", 4)]


def test_lines_of_the_same_faulty_text_have_each_their_number() -> None:
    reading = Reading()
    read(f"bad\n{A} {Q} {B} .\nbad\nbad\n{A} {P} \nbad\n", reading)
    assert [fault.line for fault in reading.faults] == [1, 3, 4, 5, 6]


def test_numbers_of_lines_go_on_over_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.formats.ntriples._BLOCK", 10)
    reading = Reading()
    assert len(read(f"{A} {P} {B} .\n" * 20 + "bad\n" + f"{A} {P} {B} .\n", reading)) == 21
    assert [fault.line for fault in reading.faults] == [21]


def test_too_many_faulty_lines_are_refused() -> None:
    read("bad\n" * 1_000)
    with pytest.raises(Malformed, match="More than 1000"):
        read("bad\n" * 1_001)


def test_bytes_that_are_no_utf_8_are_a_fault() -> None:
    reading = Reading()
    data = f"{A} {P} {B} .\n".encode() + b'<x:a> <x:b> "\xff" .\n' + f"{B} {P} {A} .".encode()
    assert read(data, reading) == [(A, P, B), (B, P, A)]
    assert [fault.line for fault in reading.faults] == [2]


@pytest.mark.parametrize(
    "iri",
    ["http://example.org/a b", "javascript:alert(1)", "http://example.org/\u202e", "http://[x",
     "file:///etc/passwd", "http://example.org/" + "x" * 2_100],
)  # fmt: skip
def test_unsafe_iris_are_left_out(iri: str) -> None:
    reading = Reading()
    assert read(f"{A} {P} <{iri}> .\n<{iri}> {P} {A} .\n{A} {P} {B} .\n", reading) == [(A, P, B)]
    assert sum(reading.left_out.values()) + len(reading.faults) == 2


def test_a_label_of_a_megabyte_and_a_line_without_end_do_no_harm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (statement,) = read(f'{A} {P} "{"x" * 1_000_000}" .\n')
    assert len(statement[2]) == 1_000_002
    monkeypatch.setattr("server.formats.ntriples._BLOCK", 1_000)
    monkeypatch.setattr("server.formats.ntriples._LONGEST_LINE", 1_000)
    reading = Reading()
    assert read("x" * 100_000 + f"\n{A} {P} {B} .\n", reading) == [(A, P, B)]
    assert len(reading.faults) == 50


# --- statements from texts -----------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_literals_are_written_as_oxigraph_writes_them(text: str) -> None:
    assert statement_texts.literal(text) == str(Literal(text))
    assert statement_texts.literal(text, "en") == str(Literal(text, language="en"))
    typed = Literal(text, datatype=XSD.decimal)
    assert statement_texts.literal(text, datatype=XSD.decimal) == str(typed)


def test_language_tags_and_iris_are_checked() -> None:
    assert statement_texts.language("pt_BR") == "pt-br"
    assert statement_texts.language("no tag") is None
    assert statement_texts.language("") is None
    assert statement_texts.iri("http://example.org/a") == A
    assert statement_texts.iri("http://example.org/a b") is None


def test_texts_are_cleaned_and_what_goes_is_counted() -> None:
    reading = Reading()
    assert statement_texts.clean("  a\r\nb\x07\x85\ud800\tc ", reading) == "a\nb\tc"
    assert statement_texts.clean("x" * 2_001, reading) == ""
    assert statement_texts.clean("x" * 2_000, reading) == "x" * 2_000
    assert list(reading.left_out.values()) == [1, 1]


def test_literals_in_n_triples_are_cleaned_too() -> None:
    reading = Reading()
    assert statement_texts.sound('"a\\nb"@en', reading) == '"a\\nb"@en'
    assert statement_texts.sound('"a\\u0007b"@en', reading) == '"ab"@en'
    assert statement_texts.sound('""@en', reading) is None
    assert statement_texts.sound('"\\u0007"', reading) is None
    assert statement_texts.sound('"' + '\\"' * 2_000 + '"', reading) is not None
    assert statement_texts.sound('"' + '\\"' * 2_001 + '"', reading) is None
