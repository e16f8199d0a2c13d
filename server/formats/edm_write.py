"""EDM as RDF/XML, in the order that the XSDs demand; what they do not allow is left out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from server.formats.edm_order import (
    EXTERNAL,
    INTERNAL,
    PREFIXES,
    ClassOrder,
    Element,
    Kind,
    Profile,
    expand,
)
from server.names import EDM, ORE, RDF

_TYPE = RDF.type.value
_EUROPEANA_PROXY = EDM.europeanaProxy.value
_LINEAGE = ORE.lineage.value
_INTERNAL_MARKS = {ORE.Proxy.value, EDM.EuropeanaAggregation.value}
_WEB_RESOURCE_TYPE = EXTERNAL.classes[expand("edm:WebResource")].elements[_TYPE]
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LANG_STRING = RDF.langString.value
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

_REFERENCES = {
    "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;",
    "\t": "&#9;", "\n": "&#10;", "\r": "&#13;",
}  # fmt: skip
#: What has a reference, and everything that XML 1.0 cannot hold even so (section 2.2).
_ESCAPED = re.compile("[^\x20!#-%'-;=?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Value = NamedNode | Literal
Statement = Triple | tuple[Any, NamedNode, Any]
_VALUES = frozenset((NamedNode, Literal))
_FIRST_THREE = itemgetter(0, 1, 2)


@dataclass(slots=True)
class _Resource:
    """One subject of a record: its classes, and its other statements with the property's IRI."""

    iri: str
    types: list[str]
    values: list[tuple[str, Value]]


def profile_of(triples: Iterable[Statement]) -> Profile:
    """Internal EDM where a proxy or Europeana's aggregation stands in it, else external."""
    return _profile(_resources(triples).values())


def record_xml(item: str, triples: Iterable[Statement], profile: Profile | None = None) -> bytes:
    """One record as an `rdf:RDF` document, the item first; `profile` is found out if not given."""
    used = {"rdf"}
    body = _body(item, triples, profile, used)
    return (_DECLARATION + _root(frozenset(used)) + body + "</rdf:RDF>\n").encode()


def collection_xml(
    records: Iterable[tuple[str, Iterable[Statement]]], profile: Profile | None = None
) -> Iterator[bytes]:
    """Records as one `rdf:RDF` document, a piece per record.

    External EDM stays valid so; in internal EDM only a single record is, by its schema.
    """
    yield (_DECLARATION + _root(frozenset(PREFIXES))).encode()
    for item, triples in records:
        yield _body(item, triples, profile, set()).encode()
    yield b"</rdf:RDF>\n"


@lru_cache(1_000)
def _root(prefixes: frozenset[str]) -> str:
    declared = "".join(
        f'\n  xmlns:{prefix}="{iri}"' for prefix, iri in PREFIXES.items() if prefix in prefixes
    )
    return f"<rdf:RDF{declared}>\n"


def _body(item: str, triples: Iterable[Statement], profile: Profile | None, used: set[str]) -> str:
    resources = _resources(triples)
    if profile is None:
        profile = _profile(resources.values())
    parts = [
        (order.place, _rank(resource, item, profile), resource.iri, order, resource)
        for resource in resources.values()
        for kind in dict.fromkeys(resource.types)
        if (order := profile.classes.get(kind)) is not None
    ]
    parts.sort(key=_FIRST_THREE)
    lines: list[str] = []
    for *_, order, resource in parts:
        _write(resource, order, profile, lines, used)
    return "".join(lines)


def _resources(triples: Iterable[Statement]) -> dict[str, _Resource]:
    """The statements by subject; blank nodes have no place in EDM and are passed over."""
    found: dict[str, _Resource] = {}
    for subject, predicate, value in triples:
        if type(subject) is not NamedNode or type(value) not in _VALUES:
            continue
        iri = subject.value
        resource = found.get(iri)
        if resource is None:
            resource = found[iri] = _Resource(iri, [], [])
        name = predicate.value
        if name == _TYPE:
            resource.types.append(value.value)
        else:
            resource.values.append((name, value))
    return found


def _profile(resources: Iterable[_Resource]) -> Profile:
    marked = any(_INTERNAL_MARKS.intersection(resource.types) for resource in resources)
    return INTERNAL if marked else EXTERNAL


def _rank(resource: _Resource, item: str, profile: Profile) -> int:
    """The item first; proxies: the provider's, then aggregators', Europeana's last."""
    if resource.iri == item:
        return 0
    if profile is EXTERNAL:
        return 1
    said = dict(resource.values)
    if (europeana := said.get(_EUROPEANA_PROXY)) and europeana.value.strip() in ("true", "1"):
        return 3
    return 2 if _LINEAGE in said else 1


def _write(
    resource: _Resource, order: ClassOrder, profile: Profile, lines: list[str], used: set[str]
) -> None:
    used.add(order.prefix)
    children: set[tuple[int, str]] = set()
    elements = order.elements
    for name, value in resource.values:
        element = elements.get(name)
        if element is not None and (text := _child(element, value)) is not None:
            children.add((element.place, text))
            used.add(element.prefix)
    if _TYPE in elements:
        others = (NamedNode(kind) for kind in resource.types if kind not in profile.classes)
        texts = (_child(_WEB_RESOURCE_TYPE, other) for other in others)
        children.update((_WEB_RESOURCE_TYPE.place, text) for text in texts if text)
    lines.append(f'  <{order.name} rdf:about="{_escape(resource.iri)}">\n')
    lines.extend(_in_order(children, order.single))
    lines.append(f"  </{order.name}>\n")


def _in_order(children: set[tuple[int, str]], single: frozenset[int]) -> Iterator[str]:
    """By place; of what may stand once the first by its text."""
    last = -1
    for place, text in sorted(children):
        if place != last or place not in single:
            yield text
        last = place


def _child(element: Element, value: Value) -> str | None:
    """One property element, or None where the schema does not allow this value there."""
    kind, text = element.kind, value.value
    if type(value) is NamedNode:
        if kind is Kind.RESOURCE or kind is Kind.BOTH:
            return f'{element.opening} rdf:resource="{_escape(text)}"/>\n'
        return None
    if kind is Kind.RESOURCE:
        return None
    if element.pattern is not None and element.pattern.fullmatch(text) is None:
        return None
    attributes = _attributes(element, value)
    return f"{element.opening}{attributes}>{_escape(text)}{element.closing}"


def _attributes(element: Element, value: Literal) -> str:
    """The language or datatype, as far as the element may carry one."""
    if element.kind is Kind.PLAIN:
        return ""
    if element.kind is Kind.TYPED:
        return f' rdf:datatype="{element.datatype}"'
    if value.language:
        return f' xml:lang="{value.language}"'
    datatype = value.datatype.value
    if element.kind is Kind.BOTH or datatype in (_STRING, _LANG_STRING):
        return ""
    return f' rdf:datatype="{_escape(datatype)}"'


def _escape(text: str) -> str:
    """For text and attributes alike; nearly always nothing is to be done."""
    return _ESCAPED.sub(_reference, text) if _ESCAPED.search(text) is not None else text


def _reference(found: re.Match[str]) -> str:
    return _REFERENCES.get(found.group(), "")
