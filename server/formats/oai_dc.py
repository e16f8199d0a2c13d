"""Dublin Core of an EDM record, as every OAI-PMH server gives it (`oai_dc`, section 5).

Values of EDM's finer properties go to the element that they refine (DCMI Metadata Terms); of a
term or place that is described, its names are given and then its identifier.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from pyoxigraph import Literal, NamedNode

from server.formats.oai_xml import escaped
from server.names import DC, DCTERMS, EDM, FOAF, ORE, RDFS, SKOS

SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_HEAD = (
    f'<oai_dc:dc xmlns:oai_dc="{NAMESPACE}" xmlns:dc="{DC}" xmlns:xsi="{_XSI}" '
    f'xsi:schemaLocation="{NAMESPACE} {SCHEMA}">\n'
)
_ELEMENTS = (
    "title", "creator", "subject", "description", "publisher", "contributor", "date", "type",
    "format", "identifier", "source", "language", "relation", "coverage", "rights",
)  # fmt: skip
_REFINING = {
    "title": "alternative", "description": "abstract tableOfContents", "date": "created issued",
    "format": "extent medium", "coverage": "spatial temporal",
    "relation": "conformsTo hasFormat hasPart hasVersion isFormatOf isPartOf isReferencedBy "
    "isReplacedBy isRequiredBy isVersionOf references replaces requires",
}  # fmt: skip
#: IRI of a property → the element.
_MAPPED = {
    **{DC[name].value: name for name in _ELEMENTS},
    **{
        DCTERMS[each].value: name for name, several in _REFINING.items() for each in several.split()
    },
    EDM.type.value: "type",
    EDM.rights.value: "rights",
    EDM.dataProvider.value: "publisher",
    EDM.isShownAt.value: "identifier",
    EDM.isShownBy.value: "identifier",
}
_NAMES = (SKOS.prefLabel, FOAF.name, RDFS.label)
_OWNING = (ORE.proxyFor, EDM.aggregatedCHO)
Statement = tuple[NamedNode, NamedNode, Any]
Value = tuple[str, str]  # a text and its language


def write(item: str, page: str, triples: Iterable[Statement]) -> bytes:
    """The `oai_dc:dc` element of an item; `page` is the address where people see it."""
    found: dict[str, dict[Value, None]] = {name: {} for name in _ELEMENTS}
    found["identifier"] |= {(item, ""): None, (page, ""): None}
    for name, value in _values(item, list(triples)):
        found[name][value] = None
    return _written((name, value) for name, values in found.items() for value in values)


def describing(said: Iterable[tuple[str, Value]]) -> bytes:
    """An `oai_dc:dc` element with what is said of a set, or of the server: (element, value)."""
    return _written(said)


def _values(item: str, triples: list[Statement]) -> Iterator[tuple[str, Value]]:
    """(element, value) of what stands on the item, its proxies and aggregations."""
    its = {NamedNode(item)}
    names: dict[NamedNode, list[Value]] = {}
    for subject, property_, value in triples:
        if property_ in _OWNING and value in its:
            its.add(subject)
        elif property_ in _NAMES and isinstance(value, Literal):
            names.setdefault(subject, []).append((value.value, value.language or ""))
    for subject, property_, value in triples:
        if subject in its and (name := _MAPPED.get(property_.value)) is not None:
            if isinstance(value, Literal):
                yield name, (value.value, value.language or "")
            elif isinstance(value, NamedNode):
                yield from ((name, each) for each in names.get(value, ()))
                yield name, (value.value, "")


def _written(said: Iterable[tuple[str, Value]]) -> bytes:
    lines = [
        f"<dc:{name}{_language(lang)}>{escaped(text)}</dc:{name}>\n" for name, (text, lang) in said
    ]
    return f"{_HEAD}{''.join(lines)}</oai_dc:dc>\n".encode()


def _language(tag: str) -> str:
    return f' xml:lang="{tag}"' if tag else ""
