"""Annotations as JSON-LD in the shape of the Web Annotation context: from triples to plain objects.

The same triples give the same text, and the text says the same triples. A text body has its words
as `value` and their `language` beside it; a context of its own makes that one literal again.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import orjson
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from server.formats.webanno_context import ANNO_TERMS, OUR_TERMS
from server.names import CH, DCTERMS, OA, RDF, SKOS, XSD

_TERMS: dict[str, Any] = ANNO_TERMS | {k: v for k, v in OUR_TERMS.items() if v is not None}
_PREFIXES = {
    name: iri
    for name, iri in _TERMS.items()
    if isinstance(iri, str) and iri.startswith(("http://", "https://"))
}
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
#: What people read first; the rest follows by name.
_ORDER = {
    name: place for place, name in enumerate((
        "@context", "id", "type", "motivation", "created", "creator", "generated", "license",
        "body", "bodyValue", "target", "source", "scope", "selector", "conformsTo", "property",
        "value", "language", "refinedBy", "exact", "prefix", "suffix", "start", "end",
    ))
}  # fmt: skip
_LAST = len(_ORDER)
Node = dict[str, Any]


def write(triples: Iterable[Any], root: str) -> Node:
    """The node `root` (an IRI) with all that it leads to in it, without a context."""
    about: dict[str, dict[str, list[Any]]] = {}
    for triple in dict.fromkeys(tuple(each) for each in triples):
        subject, property_, value = triple
        about.setdefault(subject.value, {}).setdefault(property_.value, []).append(value)
    return _Writer(about).node(root)


def triples(document: Node, contexts: dict[str, Any]) -> list[Triple]:
    """What a document of ours says, with its contexts taken from these."""
    named = document["@context"]
    text = orjson.dumps(document | {"@context": [contexts[each] for each in named]})
    return [quad.triple for quad in parse(text, RdfFormat.JSON_LD)]


def expand(name: str) -> str:
    """The IRI of a compact one."""
    prefix, _colon, rest = name.partition(":")
    return _PREFIXES[prefix] + rest if prefix in _PREFIXES else name


@cache
def _properties() -> dict[str, tuple[str, str]]:
    """(term, how its values are read) by the IRI of a property."""
    found: dict[str, tuple[str, str]] = {}
    for name, term in _TERMS.items():
        if name in _PREFIXES:
            continue
        said = term if isinstance(term, dict) else {"@id": term}
        coercion = said.get("@type") or said.get("@container", "")
        found[expand(said["@id"])] = name, expand(coercion)
    return found


@cache
def _key(property_: str) -> tuple[str, str]:
    return _properties().get(property_) or (_compact(property_), "")


def key_of(property_: str) -> str:
    """The term of a property (an IRI)."""
    return _key(property_)[0]


@cache
def _compact(iri: str) -> str:
    """With one of the prefixes of the contexts, where nothing of it would be read otherwise."""
    fits = [(name, base) for name, base in _PREFIXES.items() if iri.startswith(base)]
    for name, base in sorted(fits, key=lambda each: -len(each[1])):
        if re.fullmatch(r"[\w.-]+", iri[len(base) :]):
            return f"{name}:{iri[len(base) :]}"
    return iri


def name_of(iri: str) -> str:
    """A class or a motivation as the contexts name it."""
    found = _properties().get(iri)
    return found[0] if found and not found[1] else _compact(iri)


class _Writer:
    def __init__(self, about: dict[str, dict[str, list[Any]]]) -> None:
        self.about = about
        self.written: set[str] = set()

    def node(self, iri: str) -> Node:
        self.written.add(iri)
        said = self.about.get(iri, {})
        found: Node = {"id": iri}
        for property_, values in said.items():
            if property_ == RDF.type.value:
                found["type"] = _single(sorted(name_of(each.value) for each in values))
            else:
                self._add(found, property_, sorted(values, key=str))
        lang = _only_language(said)
        if lang:
            (words,) = said[RDF.value.value]
            found |= {"@context": {"@language": lang}, "value": words.value, "language": lang}
        return dict(sorted(found.items(), key=lambda each: (_ORDER.get(each[0], _LAST), each[0])))

    def _add(self, found: Node, property_: str, values: list[Any]) -> None:
        key, coercion = _key(property_)
        if coercion == "@language":
            tagged = [each for each in values if isinstance(each, Literal) and each.language]
            if tagged:
                found[key] = _by_language(tagged)
            values = [each for each in values if each not in tagged]
            key, coercion = _compact(property_), ""
        if values:
            found[key] = _single([self._value(each, coercion) for each in values])

    def _value(self, value: Any, coercion: str) -> Any:
        if isinstance(value, NamedNode):
            return self._thing(value.value, coercion)
        return _literal(value, coercion)

    def _thing(self, iri: str, coercion: str) -> Any:
        if iri in self.about and iri not in self.written:
            return self.node(iri)
        if coercion == "@vocab":
            return name_of(iri)
        return iri if coercion == "@id" else {"id": iri}


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _literal(value: Literal, coercion: str) -> Any:
    datatype = value.datatype.value
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if coercion in ("", XSD.integer.value) and datatype == XSD.integer.value:
        if _INTEGER.fullmatch(value.value):
            return int(value.value)
    elif coercion == datatype or (not coercion and datatype == XSD.string.value):
        return value.value
    if datatype == XSD.string.value:
        return {"@value": value.value}
    return {"@value": value.value, "@type": datatype}


def _by_language(values: list[Literal]) -> dict[str, Any]:
    found: dict[str, list[str]] = {}
    for each in values:
        found.setdefault(each.language or "", []).append(each.value)
    return {tag: _single(texts) for tag, texts in sorted(found.items())}


def _only_language(said: dict[str, list[Any]]) -> str:
    """The language of a text body that has nothing else to which a context could give one."""
    words = said.get(RDF.value.value, [])
    others = [
        value
        for property_, values in said.items()
        for value in values
        if property_ not in (RDF.value.value, RDF.type.value)
    ]
    if len(words) != 1 or OA.TextualBody not in said.get(RDF.type.value, []) or others:
        return ""
    return words[0].language or "" if isinstance(words[0], Literal) else ""


#: What says of an annotation who made it and when, and what became of it: no client sets these.
MANAGED = (
    DCTERMS.created, DCTERMS.creator, DCTERMS.issued, DCTERMS.license, CH.status, CH.approvals,
    CH.rejections, CH.unsure, SKOS.prefLabel,
)  # fmt: skip
