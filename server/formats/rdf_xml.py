"""Any statements as RDF/XML, also as an element that stands within other XML.

https://www.w3.org/TR/rdf-syntax-grammar/. Oxigraph's own writer lets control characters through,
and writes what is no XML for a property whose IRI does not end in a name.
"""

import re
from collections.abc import Iterable
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from server.formats import edm_order
from server.formats.oai_xml import escaped
from server.names import PREFIXES, RDF, XSD

_NAME = re.compile(r"(?<=[/#:;=?])[A-Za-z_][A-Za-z0-9_.-]*\Z")
_RDF = RDF.base
_STRING, _LANG_STRING = XSD.string, RDF.langString
_OURS = {iri: name for name, iri in {**PREFIXES, **edm_order.PREFIXES}.items() if iri != _RDF}


def write(triples: Iterable[Any]) -> bytes:
    """One `rdf:RDF` element. A statement whose property RDF/XML cannot name is left out."""
    subjects: dict[str, list[str]] = {}
    prefixes: dict[str, str] = {_RDF: "rdf"}
    for subject, property_, value in triples:
        if text := _property(property_, value, prefixes):
            subjects.setdefault(_node(subject, "about"), []).append(text)
    declared = "".join(f' xmlns:{name}="{escaped(iri)}"' for iri, name in prefixes.items())
    described = [
        f"<rdf:Description {node}>\n{''.join(lines)}</rdf:Description>\n"
        for node, lines in subjects.items()
    ]
    return f"<rdf:RDF{declared}>\n{''.join(described)}</rdf:RDF>\n".encode()


def _property(property_: NamedNode, value: Any, prefixes: dict[str, str]) -> str:
    found = _NAME.search(property_.value)
    if found is None:
        return ""
    namespace, local = property_.value[: found.start()], found.group()
    prefix = prefixes.get(namespace)
    if prefix is None:
        prefix = _OURS.get(namespace, "")
        if not prefix or prefix in prefixes.values():  # of schema.org there are two
            prefix = f"ns{len(prefixes)}"
        prefixes[namespace] = prefix
    name = f"{prefix}:{local}"
    if not isinstance(value, Literal):
        return f"<{name} {_node(value, 'resource')}/>\n"
    return f"<{name}{_attributes(value)}>{escaped(value.value)}</{name}>\n"


def _node(node: Any, attribute: str) -> str:
    """An IRI by the attribute; a blank node by a name, which has to begin in a letter."""
    if isinstance(node, BlankNode):
        return f'rdf:nodeID="n{node.value}"'
    return f'rdf:{attribute}="{escaped(node.value)}"'


def _attributes(value: Literal) -> str:
    if value.language:
        return f' xml:lang="{value.language}"'
    if value.datatype in (_STRING, _LANG_STRING):
        return ""
    return f' rdf:datatype="{escaped(value.datatype.value)}"'
