"""Answers of other OAI-PMH servers, read: a stranger's XML, without entities or document types."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from server.errors import Malformed
from server.formats import checks
from server.i18n import _

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
#: What pages are kept in: the envelope that the reader of EDM knows.
_BEGIN = b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>\n'
_END = b"</ListRecords></OAI-PMH>\n"
_LONGEST = 2_000  # characters of an identifier or token


@dataclass(frozen=True, slots=True)
class Delivered:
    """One record: `data` is its element, empty where it was deleted."""

    identifier: str
    deleted: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """A part of a list: when it was sent, its records, the token that goes on, or "".

    `size` is that of the whole list, 0 where it is not told; `errors` are (code, words).
    """

    date: str
    records: tuple[Delivered, ...] = ()
    token: str = ""
    size: int = 0
    errors: tuple[tuple[str, str], ...] = ()

    @property
    def codes(self) -> set[str]:
        return {code for code, _words in self.errors}


@dataclass(frozen=True, slots=True)
class Identity:
    """What Identify tells of a server."""

    name: str
    granularity: str
    deleted: str

    @property
    def by_day(self) -> bool:
        return self.granularity == "YYYY-MM-DD"


def read_records(data: bytes) -> Answer:
    """The answer to ListRecords. Raises Malformed."""
    root = _root(data)
    token = root.find(f".//{_OAI}ListRecords/{_OAI}resumptionToken")
    size = "" if token is None else token.get("completeListSize", "")
    return Answer(
        date=_text(root, "responseDate"),
        records=tuple(_records(root)),
        token="" if token is None else _short(token.text),
        size=int(size) if size.isdecimal() and len(size) < 12 else 0,
        errors=_errors(root),
    )


def read_identity(data: bytes) -> Identity:
    """Raises Malformed."""
    found = _root(data).find(f"{_OAI}Identify")
    if found is None:
        raise Malformed(_("This is no server of OAI-PMH."))
    names = ("repositoryName", "granularity", "deletedRecord")
    return Identity(*(_text(found, name) for name in names))


def read_prefixes(data: bytes) -> list[str]:
    """The metadataPrefixes of ListMetadataFormats. Raises Malformed."""
    found = _root(data).iterfind(f".//{_OAI}metadataPrefix")
    return [text for each in found if (text := _short(each.text))]


def page(records: list[Delivered]) -> bytes:
    """Records as one document, for the reader of EDM."""
    return b"".join([_BEGIN, *(each.data for each in records), _END])


def _root(data: bytes) -> etree._Element:
    data, _converted = checks.as_utf8(data)
    checks.refuse_dtd(data)
    checks.refuse_nul(data)
    checks.refuse_bad_utf8(data)
    root = checks.tree(data)
    if root.tag != f"{_OAI}OAI-PMH":
        raise Malformed(_("This is no server of OAI-PMH."))
    return root


def _records(root: etree._Element) -> Iterator[Delivered]:
    for record in root.iterfind(f".//{_OAI}ListRecords/{_OAI}record"):
        header = record.find(f"{_OAI}header")
        identifier = "" if header is None else _text(header, "identifier")
        if header is None or not identifier:
            raise Malformed(_("A record in the answer has no identifier."))
        deleted = header.get("status") == "deleted"
        data = b"" if deleted else etree.tostring(record, with_tail=False) + b"\n"
        yield Delivered(identifier, deleted, data)


def _errors(root: etree._Element) -> tuple[tuple[str, str], ...]:
    return tuple(
        (each.get("code", ""), " ".join((each.text or "").split())[:200])
        for each in root.iterfind(f"{_OAI}error")
    )


def _text(element: etree._Element, name: str) -> str:
    return _short(element.findtext(f"{_OAI}{name}"))


def _short(text: str | None) -> str:
    """On one line. Raises Malformed for what is too long to be meant."""
    found = " ".join((text or "").split())
    if len(found) > _LONGEST:
        raise Malformed(_("The answer has an identifier or a token that is too long."))
    return found
