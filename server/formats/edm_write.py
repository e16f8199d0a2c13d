"""EDM as RDF/XML, in the order that the XSDs demand; what they do not allow is left out."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

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
_VALUES = (NamedNode, Literal)


@dataclass(slots=True)
class _Resource:
    """One subject of a record: its classes, and its other statements by property."""

    iri: str
    types: list[str]
    values: dict[str, list[Value]]


def profile_of(triples: Iterable[Triple]) -> Profile:
    """Internal EDM where a proxy or Europeana's aggregation stands in it, else external."""
    return _profile(_resources(triples).values())


def record_xml(item: str, triples: Iterable[Triple], profile: Profile | None = None) -> bytes:
    """One record as an `rdf:RDF` document, the item first; `profile` is found out if not given."""
    used = {"rdf"}
    body = _body(item, triples, profile, used)
    return (_DECLARATION + _root(used) + body + "</rdf:RDF>\n").encode()


def collection_xml(
    records: Iterable[tuple[str, Iterable[Triple]]], profile: Profile | None = None
) -> Iterator[bytes]:
    """Records as one `rdf:RDF` document, a piece per record.

    External EDM stays valid so; in internal EDM only a single record is, by its schema.
    """
    yield (_DECLARATION + _root(set(PREFIXES))).encode()
    for item, triples in records:
        yield _body(item, triples, profile, set()).encode()
    yield b"</rdf:RDF>\n"


def _root(prefixes: set[str]) -> str:
    declared = "".join(
        f'\n  xmlns:{prefix}="{iri}"' for prefix, iri in PREFIXES.items() if prefix in prefixes
    )
    return f"<rdf:RDF{declared}>\n"


def _body(item: str, triples: Iterable[Triple], profile: Profile | None, used: set[str]) -> str:
    resources = _resources(triples)
    if profile is None:
        profile = _profile(resources.values())
    parts = [
        (order.place, _rank(resource, item), resource.iri, order, resource)
        for resource in resources.values()
        for kind in set(resource.types)
        if (order := profile.classes.get(kind)) is not None
    ]
    parts.sort(key=lambda part: part[:3])
    lines: list[str] = []
    for *_, order, resource in parts:
        _write(resource, order, profile, lines, used)
    return "".join(lines)


def _resources(triples: Iterable[Triple]) -> dict[str, _Resource]:
    """The statements by subject; blank nodes have no place in EDM and are passed over."""
    found: dict[str, _Resource] = {}
    for subject, predicate, value in triples:
        if not isinstance(subject, NamedNode) or not isinstance(value, _VALUES):
            continue
        iri = subject.value
        resource = found.get(iri)
        if resource is None:
            resource = found[iri] = _Resource(iri, [], {})
        name = predicate.value
        if name == _TYPE:
            resource.types.append(value.value)
        else:
            resource.values.setdefault(name, []).append(value)
    return found


def _profile(resources: Iterable[_Resource]) -> Profile:
    marked = any(_INTERNAL_MARKS.intersection(resource.types) for resource in resources)
    return INTERNAL if marked else EXTERNAL


def _rank(resource: _Resource, item: str) -> int:
    """The item first; proxies: the provider's, then aggregators', Europeana's last."""
    if resource.iri == item:
        return 0
    europeana = resource.values.get(_EUROPEANA_PROXY)
    if europeana and europeana[0].value.strip() in ("true", "1"):
        return 3
    return 2 if _LINEAGE in resource.values else 1


def _write(
    resource: _Resource, order: ClassOrder, profile: Profile, lines: list[str], used: set[str]
) -> None:
    used.add(order.prefix)
    children: set[tuple[int, str]] = set()
    for name, values in resource.values.items():
        element = order.elements.get(name)
        if element is not None:
            children.update(_children(element, values))
            used.add(element.prefix)
    others = [NamedNode(kind) for kind in resource.types if kind not in profile.classes]
    if others and _TYPE in order.elements:
        children.update(_children(_WEB_RESOURCE_TYPE, others))
    lines.append(f'  <{order.name} rdf:about="{_escape(resource.iri)}">\n')
    lines.extend([text for _, text in sorted(children)])
    lines.append(f"  </{order.name}>\n")


def _children(element: Element, values: Sequence[Value]) -> list[tuple[int, str]]:
    place = element.place
    written = [(place, text) for value in values if (text := _child(element, value)) is not None]
    return [min(written)] if element.single and len(written) > 1 else written


def _child(element: Element, value: Value) -> str | None:
    """One property element, or None where the schema does not allow this value there."""
    name, kind = element.name, element.kind
    if isinstance(value, NamedNode):
        if kind is Kind.RESOURCE or kind is Kind.BOTH:
            return f'    <{name} rdf:resource="{_escape(value.value)}"/>\n'
        return None
    if kind is Kind.RESOURCE:
        return None
    text = value.value
    if element.pattern is not None and element.pattern.fullmatch(text) is None:
        return None
    return f"    <{name}{_attributes(element, value)}>{_escape(text)}</{name}>\n"


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
