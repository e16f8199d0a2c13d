"""N-Triples read fast: whole blocks are looked over, and only what is wanted becomes objects.

Every line must look like `subject predicate object .`; those of wanted predicates are taken as they
are where they are plain (canonical N-Triples with sound IRIs), and go through Oxigraph in all other
cases. https://www.w3.org/TR/n-triples/
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from server.formats import statement_texts
from server.formats.vocabularies import Reading
from server.i18n import _

#: Subject, predicate and object as they stand in N-Triples: `<iri>`, `_:node`, `"text"@en`.
Statement = tuple[str, str, str]

_BLOCK = 1 << 24
_LONGEST_LINE = 1 << 26
_NODE = r"_:[A-Za-z0-9]++"
_IRI = (
    r"<https?://[A-Za-z0-9][A-Za-z0-9.-]{0,250}+(?:/[A-Za-z0-9._~/=,;@!?&+:-]{0,800}+)?+"
    r"(?:#[A-Za-z0-9._~/=-]{0,800}+)?+>"
)
_LANGUAGE = r"[a-z]{2,3}+(?:-[a-z]{4})?+(?:-[a-z]{2})?+(?:-[a-z]{5,8})?+(?:-x(?:-[a-z]{1,8})++)?+"
_STRING = r"(?!<http://www\.w3\.org/2001/XMLSchema#string>)"  # which is written without
_PLAIN = r'[^"\\\x00-\x1f\x7f-\x9f\ufffe\uffff]'
_TEXT = rf'"(?:{_PLAIN}++|\\u[0-9A-Fa-f]{{4}}|\\["\\nt])*+"(?:@{_LANGUAGE}|\^\^{_STRING}{_IRI})?+'
#: Escapes that stay in canonical form.
_OTHER_ESCAPE = re.compile(r"\\[^u]")
#: What must not come out of `\\u` escapes: it would have to stay escaped, or is no character.
_NOT_PLAIN = re.compile("[\\\\\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Patterns:
    """`lines` finds (subject, predicate, object, "") or ("", "", "", a line that is not plain)."""

    lines: re.Pattern[str]
    wanted: re.Pattern[str]


def patterns(predicates: Iterable[str]) -> Patterns:
    """What `read` looks for: predicates without their brackets, each a regular expression."""
    wanted = "|".join(predicates)
    passed_over = rf'[<_]\S*+ <(?!(?:{wanted})>)\S*+ [<"_].*+(?<= \.)\n'
    plain = rf"({_IRI}|{_NODE}) (<(?:{wanted})>) ({_IRI}|{_TEXT}|{_NODE}) \.\n"
    lines = re.compile(rf"(?:{passed_over})*+(?:{plain}|\Z|(.*+)\n)")
    return Patterns(lines, re.compile(wanted))


def read(
    stream: BinaryIO, file: str, looked_for: Patterns, reading: Reading,
    told: Callable[[], None] = lambda: None, share: tuple[int, int] = (0, 1),
) -> Iterator[list[Statement]]:  # fmt: skip
    """The statements with a wanted predicate, many at a time, in the order of the file.

    IRIs in them are safe, texts in canonical form. Lines that are no N-Triples are faults of the
    reading, statements with unsafe IRIs are left out. `told` is called after each block. Of several
    processes each reads its share of the blocks: (0, 2) is the first of two.
    """
    number = 0
    for place, block in enumerate(blocks(stream)):
        if place % share[1] == share[0]:
            yield _statements(block, number, file, looked_for, reading)
        number += block.count(b"\n")
        told()


def _statements(
    block: bytes, number: int, file: str, looked_for: Patterns, reading: Reading
) -> list[Statement]:
    """Those of a block with `number` lines before it."""
    try:
        text = block.decode()
    except UnicodeDecodeError:
        text = _decoded(block, file, number, reading)
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    found = looked_for.lines.findall(text)
    odd = [line for _s, _p, _o, line in found if line]
    statements = [(s, p, o) for s, p, o, _line in found if s]
    if "\\" in text:
        statements, escaped = _unescaped(statements)
        odd += escaped
    if odd:
        statements += _careful(odd, _Place(file, number, text), looked_for, reading)
    return statements


def _unescaped(statements: list[Statement]) -> tuple[list[Statement], list[str]]:
    """The statements with `\\u` escapes resolved, and lines where that is not so simple."""
    escaped = [o for _s, _p, o in statements if "\\u" in o and not _OTHER_ESCAPE.search(o)]
    joined = "\n".join(escaped)
    values: Iterable[str] = ()
    if joined.isascii():
        texts = joined.encode().decode("unicode_escape")
        if texts.count('"') == 2 * len(escaped) and not _NOT_PLAIN.search(texts):
            values = texts.split("\n")
    if len(resolved := dict(zip(escaped, values, strict=False))) < len(set(escaped)):
        resolved = {}
    rest = {o for _s, _p, o in statements if "\\u" in o and o not in resolved}
    lines = [f"{s} {p} {o} ." for s, p, o in statements if o in rest] if rest else []
    return [(s, p, resolved.get(o, o)) for s, p, o in statements if o not in rest], lines


def blocks(stream: BinaryIO) -> Iterator[bytes]:
    """The file in blocks of whole lines; what is longer than a line may be is broken off."""
    while data := stream.read(_BLOCK):
        data += stream.readline(_LONGEST_LINE)
        yield data if data.endswith(b"\n") else data + b"\n"


def _decoded(block: bytes, file: str, number: int, reading: Reading) -> str:
    """The block with lines that are not UTF-8 emptied, which are faults."""
    lines = []
    for place, line in enumerate(block.split(b"\n"), number + 1):
        try:
            lines.append(line.decode())
        except UnicodeDecodeError:
            lines.append("")
            reading.fault(file, place, _("It is not valid UTF-8."))
    return "\n".join(lines)


@dataclass(slots=True)
class _Place:
    """Where a block stands in its file, to number its lines."""

    file: str
    before: int
    text: str
    looked: int = 0

    def number(self, line: str) -> int:
        """The number of a line; of equal ones each is given in turn, asked for in their order."""
        start = self.text.find(f"{line}\n", self.looked)
        if start < 0:
            start = self.text.index(f"{line}\n")
        self.looked = start + 1
        return self.before + self.text.count("\n", 0, start) + 1


def _careful(
    lines: list[str], place: _Place, looked_for: Patterns, reading: Reading
) -> Iterator[Statement]:
    """Statements from lines that are not plain, by Oxigraph; faults where there are none."""
    for triple in _parsed(lines, place, reading):
        if looked_for.wanted.fullmatch(triple.predicate.value):
            statement = as_statement(triple, reading)
            if statement is not None:
                yield statement


def _parsed(lines: list[str], place: _Place, reading: Reading) -> Iterator[Triple]:
    try:
        yield from [quad.triple for quad in _parse("\n".join(lines))]
        return
    except (SyntaxError, ValueError):
        pass  # now one by one, to find out which
    for line in lines:
        try:
            yield from [quad.triple for quad in _parse(line)]
        except (SyntaxError, ValueError):
            reading.fault(place.file, place.number(line), _("It is no N-Triple."))


def _parse(text: str) -> Iterator[Quad]:
    return parse(text + "\n", RdfFormat.N_TRIPLES, lenient=True)


def as_statement(triple: Triple, reading: Reading) -> Statement | None:
    """A statement from Oxigraph, None (and counted) where an IRI of it is not safe."""
    subject, predicate, value = triple
    tokens = _node(subject), _node(predicate), _object(value)
    if all(tokens):
        return tokens  # type: ignore[return-value]
    reading.leave_out(_("statements with an unsafe IRI"))
    return None


def _node(node: object) -> str | None:
    if isinstance(node, NamedNode):
        return statement_texts.iri(node.value)
    return str(node) if isinstance(node, BlankNode) else None


def _object(value: object) -> str | None:
    if not isinstance(value, Literal):
        return _node(value)
    if value.language:
        return statement_texts.literal(value.value, statement_texts.language(value.language) or "")
    return str(value) if statement_texts.iri(value.datatype.value) else None
