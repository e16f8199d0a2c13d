"""Answers of OAI-PMH 2.0 as XML, written by hand: a page of records is joined from their bytes.

https://www.openarchives.org/OAI/openarchivesprotocol.html, sections 3.2 and 4.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.formats.oai_requests import Fault, OaiRequest

_NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<OAI-PMH xmlns="{_NAMESPACE}" xmlns:xsi="{_XSI}" '
    f'xsi:schemaLocation="{_NAMESPACE} {_NAMESPACE}OAI-PMH.xsd">\n'
)
_REFERENCES = {
    "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;",
    "\t": "&#9;", "\n": "&#10;", "\r": "&#13;",
}  # fmt: skip
#: What has a reference, and everything that XML 1.0 cannot hold even so (section 2.2).
_ESCAPED = re.compile("[^\x20!#-%'-;=?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Header:
    """Of a record: its identifier, when it changed last (to the second), the sets it is in."""

    identifier: str
    datestamp: str
    sets: Sequence[str] = ()
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Resumption:
    """The end of a part of a list: the token is empty where nothing follows."""

    token: str
    size: int
    cursor: int


def escaped(text: str) -> str:
    """For text and attributes alike. What XML cannot hold is left out."""
    return _ESCAPED.sub(_reference, text) if _ESCAPED.search(text) is not None else text


def _reference(found: re.Match[str]) -> str:
    return _REFERENCES.get(found.group(), "")


def element(name: str, text: str, attributes: str = "") -> str:
    return f"<{name}{attributes}>{escaped(text)}</{name}>\n"


def answer(date: str, base_url: str, request: OaiRequest, parts: Iterable[bytes]) -> bytes:
    """The document: when it was sent, what was asked, and what is said to that."""
    repeated = {"verb": request.verb, **request.arguments} if request.verb else {}
    attributes = "".join(f' {name}="{escaped(value)}"' for name, value in repeated.items())
    begin = element("responseDate", date) + element("request", base_url, attributes)
    return b"".join([(_HEAD + begin).encode(), *parts, b"</OAI-PMH>\n"])


def errors(faults: Iterable[Fault]) -> bytes:
    return "".join(
        element("error", fault.message, f' code="{fault.code}"') for fault in faults
    ).encode()


def body(verb: str, parts: Iterable[bytes]) -> Iterable[bytes]:
    yield f"<{verb}>\n".encode()
    yield from parts
    yield f"</{verb}>\n".encode()


def header(told: Header) -> bytes:
    status = ' status="deleted"' if told.deleted else ""
    sets = "".join(f"<setSpec>{each}</setSpec>" for each in told.sets)
    return (
        f"<header{status}><identifier>{escaped(told.identifier)}</identifier>"
        f"<datestamp>{told.datestamp}</datestamp>{sets}</header>\n"
    ).encode()


def record(told: Header, metadata: bytes | None) -> bytes:
    """`metadata` is one element, with its namespaces; None where the record is deleted."""
    if metadata is None:
        return b"<record>" + header(told) + b"</record>\n"
    return b"<record>%b<metadata>\n%b</metadata></record>\n" % (header(told), metadata)


def resumption(told: Resumption) -> bytes:
    size = f' completeListSize="{told.size}"' if told.size else ""
    return element("resumptionToken", told.token, f'{size} cursor="{told.cursor}"').encode()


def metadata_format(prefix: str, schema: str, namespace: str) -> bytes:
    told = [("metadataPrefix", prefix), ("schema", schema), ("metadataNamespace", namespace)]
    return f"<metadataFormat>{_elements(told)}</metadataFormat>\n".encode()


def list_set(spec: str, name: str, description: bytes) -> bytes:
    told = _elements([("setSpec", spec), ("setName", name)]).encode()
    described = b"<setDescription>\n%b</setDescription>\n" % description
    return b"<set>" + told + described + b"</set>\n"


@dataclass(frozen=True, slots=True)
class Repository:
    """What Identify tells; `sample` is an identifier of an item as it would be."""

    name: str
    base_url: str
    email: str
    earliest: str
    granularity: str
    host: str
    sample: str
    about: bytes


def identify(told: Repository) -> bytes:
    said = [
        ("repositoryName", told.name), ("baseURL", told.base_url), ("protocolVersion", "2.0"),
        ("adminEmail", told.email), ("earliestDatestamp", told.earliest),
        ("deletedRecord", "persistent"), ("granularity", told.granularity),
        ("compression", "gzip"),
    ]  # fmt: skip
    text = _elements(said) + _identifiers(told.host, told.sample)
    return text.encode() + b"<description>\n%b</description>\n" % told.about


#: Of a domain name, as oai-identifier.xsd has it.
_DOMAIN = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*(\.[a-zA-Z][a-zA-Z0-9-]*)+")


def _identifiers(host: str, sample: str) -> str:
    """https://www.openarchives.org/OAI/2.0/guidelines-oai-identifier.htm; it wants a domain."""
    if not _DOMAIN.fullmatch(host):
        return ""
    name = f"{_NAMESPACE}oai-identifier"
    said = [
        ("scheme", "oai"), ("repositoryIdentifier", host), ("delimiter", ":"),
        ("sampleIdentifier", sample),
    ]  # fmt: skip
    return (
        f'<description>\n<oai-identifier xmlns="{name}" xsi:schemaLocation="{name} {name}.xsd">\n'
        f"{_elements(said)}</oai-identifier>\n</description>\n"
    )


def _elements(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(element(name, text) for name, text in pairs)
