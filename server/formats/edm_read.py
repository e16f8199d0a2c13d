"""EDM in any serialisation to records: read strictly first, repaired where that fails."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from typing import BinaryIO

import pyoxigraph as ox

from server.errors import Malformed, TooLarge
from server.formats import checks, edm_xml
from server.formats.archives import members
from server.formats.closures import Source, records
from server.formats.iris import Addresses, encode
from server.formats.limited_streams import Limits
from server.formats.records import Record, Unreadable
from server.formats.statements import Statements
from server.i18n import _

_XML, _TURTLE, _TRIG = ox.RdfFormat.RDF_XML, ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG
_QUADS, _JSON = ox.RdfFormat.N_QUADS, ox.RdfFormat.JSON_LD
#: What `--format` takes besides `auto`; N-Triples are read as N-Quads.
FORMS = {
    "rdfxml": _XML, "turtle": _TURTLE, "ntriples": _QUADS, "nquads": _QUADS, "trig": _TRIG,
    "jsonld": _JSON,
}  # fmt: skip
_EXTENSIONS = {
    ".xml": _XML, ".rdf": _XML, ".edm": _XML, ".owl": _XML, ".ttl": _TURTLE, ".nt": _QUADS,
    ".nq": _QUADS, ".trig": _TRIG, ".jsonld": _JSON, ".json": _JSON,
}  # fmt: skip
_TAG = re.compile(rb"<[?!]|<[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?[\s/>]")
_TURTLE_START = re.compile(rb"@prefix\b|@base\b|PREFIX\b|BASE\b|<|_:|#", re.I)
_QUAD_IRI = re.compile(r"<([^>]*)>")


def read(
    sources: Iterable[str | Path],
    *,
    base: str,
    local: str | None = None,
    form: str = "auto",
    limits: Limits | None = None,
    stdin: BinaryIO | None = None,
) -> Iterator[Record | Unreadable]:
    """Every record in the sources, and what could not be read.

    `base` is the site's base IRI, for blank nodes; relative identifiers are placed below `local`.
    NotFound for a missing source; TooLarge where a limit of `archives` is passed.
    """
    for member in members(sources, limits, stdin):
        if isinstance(member, Unreadable):
            yield member
            continue
        try:
            data = member.stream.read()
        except Malformed as error:
            yield Unreadable(member.name, None, str(error))
            continue
        yield from read_document(member.name, data, base=base, local=local, form=form)


def read_document(
    file: str, data: bytes, *, base: str, local: str | None = None, form: str = "auto"
) -> Iterator[Record | Unreadable]:
    """The records of one file. Whatever is wrong with it becomes an Unreadable."""

    def begin(part: bytes) -> Statements:
        return Statements(Addresses(local or base + "local/", europeana=b"Proxy" in part))

    try:
        kind = FORMS[form] if form != "auto" else _sniffed(file, data)
        if kind == _XML:
            yield from edm_xml.read(file, data, base, begin)
        else:
            yield from _other(file, data, kind, begin(data), base)
    except (Malformed, TooLarge) as error:
        line = error.line if isinstance(error, checks.Located) else None
        yield Unreadable(file, line, str(error))


def _sniffed(file: str, data: bytes) -> ox.RdfFormat:
    """The format by the first bytes, then by the extension."""
    start = data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if _TAG.match(start) or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _XML
    by_name = _EXTENSIONS.get(PurePath(file.lower()).suffix)
    if by_name is None and start[:1] in (b"{", b"["):
        return _JSON
    if by_name is None and _TURTLE_START.match(start):
        return _TURTLE
    if by_name is None:
        raise Malformed(_("This is no format that is read here."))
    return by_name


def _other(
    file: str, data: bytes, kind: ox.RdfFormat, statements: Statements, base: str
) -> Iterator[Record | Unreadable]:
    checks.refuse_long(data, b'"')
    checks.refuse_bad_utf8(data)
    checks.refuse_nul(data)
    checks.refuse_nested_triples(data)
    if kind == _JSON:
        checks.refuse_deep_json(data)
    try:
        statements.add(data, kind)
    except SyntaxError as error:
        if kind != _QUADS:
            message = _("It cannot be understood: {fault}.", fault=error.msg)
            raise checks.Located(message, error.lineno) from error
        statements.lines.clear()
        yield from _line_by_line(statements, file, data)
    yield from records(statements, Source(file, base))


def _line_by_line(statements: Statements, file: str, data: bytes) -> Iterator[Unreadable]:
    """N-Triples or N-Quads with faulty lines: each is mended or refuses its record."""
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            statements.add(line, _QUADS)
        except SyntaxError as error:
            text = line.decode().strip()
            named = _QUAD_IRI.match(text)
            subject = f"<{encode(named[1])}>" if named else ""
            mended = _QUAD_IRI.sub(lambda iri: f"<{encode(iri[1])}>", text)
            try:
                statements.add(mended.encode(), _QUADS)
            except SyntaxError:
                reason = _("Line {line}: {fault}.", line=number, fault=error.msg)
                if subject:
                    statements.refusals[subject] = reason
                else:
                    yield Unreadable(file, number, reason)
            else:
                message = _("Spaces or other forbidden characters in an address were mended.")
                statements.say(subject, message)
