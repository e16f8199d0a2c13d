"""What a file must not be, looked at before a parser that it could harm sees it."""

import codecs
import json
import re

from lxml import etree

from server.errors import Malformed, TooLarge
from server.i18n import _

_LONGEST = 10_000_000  # bytes of one text; libxml2 has the same limit
_BEFORE_ROOT = rb"(?:\xef\xbb\xbf)?(?>\s|<!--.*?-->|<\?.*?\?>)*+"
_PROLOG = re.compile(_BEFORE_ROOT + rb"(<!DOCTYPE)?", re.S | re.I)
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.I)
_RDF_ROOT = re.compile(_BEFORE_ROOT + rb"<(?:[\w.-]+:)?RDF[\s>]", re.S)
_DECLARED = re.compile(rb"^<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"'][^>]*\?>")
_ENCODINGS = ("iso8859", "cp125", "utf-16", "ascii", "latin")
_STRING = re.compile(rb'"(?:[^"\\\n]|\\.)*"')


class Located(Malformed):
    """Malformed, at a line of the file."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.line = line


def parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        huge_tree=False, remove_comments=True, remove_pis=True, recover=False,
    )  # fmt: skip


def refuse_dtd(data: bytes) -> None:
    """Malformed where a document type stands before the root: entities are how XML bombs work."""
    found = _PROLOG.match(data)
    if found and found[1]:
        raise Located(_("It has a document type definition (DTD), which is not read."), 1)


def may_hold_dtd(data: bytes) -> bool:
    """Whether a document type may hide behind the root's start, where only libxml2 refuses it."""
    return b"<!" in data and _DOCTYPE.search(data) is not None


def as_utf8(data: bytes) -> tuple[bytes, str | None]:
    """XML in one of the older encodings as UTF-8, and what was done in words."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        name = "utf-16"
    else:
        found = _DECLARED.match(data)
        name = found[1].decode() if found else "utf-8"
    try:
        codec = codecs.lookup(name).name
        if codec.startswith("utf-8"):
            return data, None
        if not codec.startswith(_ENCODINGS):
            raise LookupError(codec)
        text = data.decode(codec)
    except (LookupError, UnicodeDecodeError) as error:
        message = _("It is not in the encoding “{name}” that it claims.", name=name)
        raise Malformed(message) from error
    text = re.sub(r"^\ufeff?<\?xml[^>]*\?>", "", text)
    return text.encode(), _("It was converted from {name}.", name=name)


def is_rdf(data: bytes) -> bool:
    """Whether the root element is `rdf:RDF`, going by its name."""
    return _RDF_ROOT.match(data) is not None


def tree(data: bytes) -> etree._Element:
    """The XML tree. libxml2 itself refuses a depth over 256 and a text over 10 MB."""
    try:
        return etree.fromstring(data, parser())
    except etree.XMLSyntaxError as error:
        raise not_well_formed(error) from error


def not_well_formed(error: etree.XMLSyntaxError) -> Located:
    fault = str(error.msg)
    if "depth" in fault or "huge" in fault.lower():
        message = _("Its elements are nested too deep, or a text in it is too long.")
        return Located(message, error.lineno)
    message = _("It is not well-formed XML: {fault}.", fault=fault.rstrip("."))
    return Located(message, error.lineno)


def refuse_bad_utf8(data: bytes) -> None:
    """Malformed, with the line, where the bytes are not UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Located(_("It is not valid UTF-8."), line) from error


def refuse_nul(data: bytes) -> None:
    """Malformed, with the line, where a NUL stands in the file."""
    if (place := data.find(b"\0")) >= 0:
        raise Located(_("It holds a NUL character."), data.count(b"\n", 0, place) + 1)


def refuse_long(data: bytes, mark: bytes) -> None:
    """TooLarge where more than 10 MB stand between two marks."""
    if len(data) <= _LONGEST:
        return
    if max(map(len, data.split(mark))) > _LONGEST:
        raise TooLarge(
            _("A single text in it is longer than {size} MB.", size=_LONGEST // 1_000_000)
        )


def refuse_deep_json(data: bytes) -> None:
    """Malformed before the RDF parser, which recurses without limit, would overflow its stack."""
    try:
        json.loads(data)
    except RecursionError as error:
        raise Malformed(_("Its objects are nested too deep.")) from error
    except ValueError as error:
        line = getattr(error, "lineno", None)
        raise Located(_("It is not valid JSON: {fault}.", fault=str(error)), line) from error


def refuse_nested_triples(data: bytes) -> None:
    """Malformed where quoted triples may nest so deep that the parser overflows its stack."""
    if data.count(b"<<") > 100 and _STRING.sub(b"", data).count(b"<<") > 100:
        raise Malformed(_("Statements about statements (RDF 1.2) are not read."))
