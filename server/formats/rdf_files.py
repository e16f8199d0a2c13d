"""RDF files in any syntax, told by name or by their first bytes, as statements in N-Triples terms.

pyoxigraph's JSON-LD and RDF/XML parsers can be made to crash the process or to fill its memory:
files of strangers are for a confined process.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO

from pyoxigraph import RdfFormat, Triple, parse

from server.errors import Malformed
from server.formats import ntriples
from server.formats.ntriples import Statement
from server.formats.packed_files import PackedFile
from server.formats.vocabularies import Reading
from server.i18n import _

_EXTENSIONS = {
    "ttl": RdfFormat.TURTLE, "turtle": RdfFormat.TURTLE, "n3": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES, "nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG,
    "rdf": RdfFormat.RDF_XML, "xml": RdfFormat.RDF_XML, "owl": RdfFormat.RDF_XML,
    "skos": RdfFormat.RDF_XML, "jsonld": RdfFormat.JSON_LD, "json": RdfFormat.JSON_LD,
}  # fmt: skip
_PACKED = re.compile(r"\.(?:gz|bz2)$", re.IGNORECASE)
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!DOCTYPE|[\w.-]+:RDF[\s>])", re.IGNORECASE)
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!DOCTYPE\s+html|<html[\s>])", re.IGNORECASE)
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\{\s*["}]|\[\s*[\{\]])')
_QUADS = re.compile(rb'\s*(?:<\S*>|_:\S+) <\S*> (?:<\S*>|_:\S+|".*"\S*) (?:<\S*>|_:\S+) ?\.[\r\n]')
_START = 4_096
_BLOCK = 1 << 20
_CHUNK = 5_000


def is_rdf_name(name: str) -> bool:
    """Whether a file's name tells that RDF is in it, packed or not."""
    return _PACKED.sub("", name.lower()).rpartition(".")[2] in _EXTENSIONS


def read(
    file: PackedFile, looked_for: ntriples.Patterns, reading: Reading, told: Callable[[int], None],
    hint: str = "",
) -> Iterator[list[Statement]]:  # fmt: skip
    """The statements with a wanted predicate, many at a time. Names of graphs are dropped.

    `hint` is a media type, a name or an extension that tells the syntax; `told` hears how much of
    the file has been read. Raises Malformed where it cannot be read or is a web page; in N-Triples
    and N-Quads a faulty line is passed over.
    """
    syntax = _syntax(file, hint)
    if syntax == RdfFormat.RDF_XML:
        _refuse_dtd(file)
    with file.opened() as (stream, done):
        if syntax == RdfFormat.N_TRIPLES:
            yield from ntriples.read(stream, file.name, looked_for, reading, lambda: told(done()))
            return
        if syntax == RdfFormat.N_QUADS:
            quads = _line_by_line(stream, file.name, reading)
        else:
            quads = _triples(stream, file.name, syntax)
        while chunk := list(islice(quads, _CHUNK)):
            told(done())
            yield list(_wanted(chunk, looked_for, reading))


def _wanted(
    triples: list[Triple], looked_for: ntriples.Patterns, reading: Reading
) -> Iterator[Statement]:
    wanted = looked_for.wanted.fullmatch
    for triple in triples:
        if wanted(triple.predicate.value) and (statement := ntriples.as_statement(triple, reading)):
            yield statement


def _line_by_line(stream: BinaryIO, name: str, reading: Reading) -> Iterator[Triple]:
    """The triples of N-Quads; lines that are none are faults."""
    number = 0
    for block in ntriples.blocks(stream):
        try:
            yield from _quads(block)
        except (SyntaxError, ValueError):
            for place, line in enumerate(block.split(b"\n"), number + 1):
                try:
                    yield from _quads(line)
                except (SyntaxError, ValueError):
                    reading.fault(name, place, _("It is no N-Quad."))
        number += block.count(b"\n")


def _quads(lines: bytes) -> list[Triple]:
    return [quad.triple for quad in parse(lines, RdfFormat.N_QUADS, lenient=True)]


def _triples(stream: BinaryIO, name: str, syntax: RdfFormat) -> Iterator[Triple]:
    try:
        for quad in parse(stream, syntax, lenient=True):
            yield quad.triple
    except (SyntaxError, ValueError, OSError) as error:
        raise Malformed(_("{file} cannot be read: {reason}", file=name, reason=error)) from error


def _syntax(file: PackedFile, hint: str) -> RdfFormat:
    with file.opened() as (stream, _done):
        start = stream.read(_START)
    if _HTML.match(start):
        raise Malformed(_("{file} is a web page, no RDF.", file=file.name))
    if _XML.match(start):
        return RdfFormat.RDF_XML
    named = _named(hint) or _named(file.name)
    if named is None and _JSON.match(start):
        return RdfFormat.JSON_LD
    if named is None and _QUADS.match(start):
        return RdfFormat.N_QUADS
    if named is None and b"\0" in start:
        raise Malformed(_("{file} is no RDF.", file=file.name))
    return named or RdfFormat.TRIG  # which has Turtle and N-Triples within it


def _named(name: str) -> RdfFormat | None:
    name = name.partition(";")[0].strip().lower()
    if "/" in name and (syntax := RdfFormat.from_media_type(name)):
        return syntax
    return _EXTENSIONS.get(_PACKED.sub("", name).rpartition(".")[2])


def _refuse_dtd(file: PackedFile) -> None:
    """Entities can grow without end (XML 1.0, section 4), and all are declared in a DTD."""
    end = b""
    with file.opened() as (stream, _done):
        while block := stream.read(_BLOCK):
            if b"<!DOCTYPE" in end + block:
                raise Malformed(_("The file has a DTD (<!DOCTYPE …>), which is not read."))
            end = block[-10:]
