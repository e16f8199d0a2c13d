"""The records of items in each of the formats that OAI-PMH gives them in."""

from collections.abc import Iterator, Sequence
from typing import Literal

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import dump_records, dump_resources
from server.domain.dump_records import Content, Statements
from server.domain.dump_resources import Said, Statement
from server.domain.dump_snapshots import Snapshot
from server.formats import oai_dc, rdf_xml
from server.formats.edm_order import INTERNAL
from server.formats.edm_write import profile_of, record_xml
from server.names import DCTERMS, RDF, SKOS, WGS84

Prefix = Literal["oai_dc", "edm", "edm_enriched", "rdf"]
_RDF_SCHEMA = "http://www.openarchives.org/OAI/2.0/rdf.xsd"
_EDM = "http://www.europeana.eu/schemas/edm/"
#: Prefix → schema and namespace.
FORMATS: dict[str, tuple[str, str]] = {
    "oai_dc": (oai_dc.SCHEMA, oai_dc.NAMESPACE),
    "edm": (f"{_EDM}EDM.xsd", RDF.base),
    "edm_enriched": (f"{_EDM}EDM.xsd", RDF.base),
    "rdf": (_RDF_SCHEMA, RDF.base),
}
_INTERNAL_SCHEMA = f"{_EDM}EDM-INTERNAL.xsd"
_DECLARATION = b"?>\n"
#: What is told of terms and places that are named (as on the item's own address).
_TOLD = {RDF.type, SKOS.prefLabel, SKOS.altLabel, WGS84.lat, WGS84.long}
_DEPTH = 4  # how deep an annotation's parts lie within each other


def write(desk: Desk, prefix: str, items: Sequence[NamedNode]) -> Iterator[bytes | None]:
    """The metadata of each item, in their order; None where it is not there (any more).

    `edm` is the record as it came: external EDM, or internal where its source was; of
    `edm_enriched` and `oai_dc` the published values are a part. `rdf` is all that is public of the
    item: the record, our proxy, published annotations, and the names of terms.
    """
    source = Snapshot(desk.names, desk.datasets["public"].store, desk.queries)
    content: Content = "plain" if prefix in ("edm", "rdf") else "enriched"
    found = dump_records.statements(source, items, content)
    if prefix == "rdf":
        found = _with_all(source, items, list(found))
    for iri, triples in found:
        yield _WRITERS[prefix](desk, iri, triples) if triples else None


def formats_of(desk: Desk, item: NamedNode) -> dict[str, tuple[str, str]]:
    """As FORMATS, with the schema of internal EDM where the record is in it."""
    source = Snapshot(desk.names, desk.datasets["public"].store, desk.queries)
    (_iri, triples), *_rest = dump_records.statements(source, [item], "plain")
    if profile_of(triples) is not INTERNAL:
        return FORMATS
    internal = (_INTERNAL_SCHEMA, RDF.base)
    return {**FORMATS, "edm": internal, "edm_enriched": internal}


def _dublin_core(desk: Desk, iri: str, triples: list[Statement]) -> bytes:
    page = desk.names.path(f"items/{desk.names.item_id(iri)}").value
    return oai_dc.write(iri, page, triples)


def _edm(_desk: Desk, iri: str, triples: list[Statement]) -> bytes:
    _declaration, _end, element = record_xml(iri, triples).partition(_DECLARATION)
    return element


def _rdf(_desk: Desk, _iri: str, triples: list[Statement]) -> bytes:
    return rdf_xml.write(dict.fromkeys(triples))


_WRITERS = {"oai_dc": _dublin_core, "edm": _edm, "edm_enriched": _edm, "rdf": _rdf}


# --- everything about an item --------------------------------------------------------------------


def _with_all(
    source: Snapshot, items: Sequence[NamedNode], records: list[Statements]
) -> Iterator[Statements]:
    """The records with our proxies, the published annotations, and the names of what is named."""
    wholes = [list(triples) for _iri, triples in records]
    ours = _ours(source, records)
    for said, number in zip(_said(source, list(ours)), ours.values(), strict=True):
        wholes[number] += said.triples
    for number, triples in _annotations(source, items):
        wholes[number] += triples
    named = [_named(triples) for triples in wholes]
    wanted = sorted({node for each in named for node in each}, key=str)
    told = {
        said.node: [triple for triple in said.triples if triple[1] in _TOLD]
        for said in _said(source, wanted)
    }
    for (iri, record), whole, nodes in zip(records, wholes, named, strict=True):
        more = [triple for node in nodes for triple in told[node]]
        yield iri, whole + more if record else []


def _said(source: Snapshot, nodes: list[NamedNode]) -> list[Said]:
    return dump_resources.anywhere(source, nodes) if nodes else []


def _ours(source: Snapshot, records: list[Statements]) -> dict[NamedNode, int]:
    """Our proxies and aggregations of records, by former identifiers too, each with its number."""
    found = {}
    for number, (iri, triples) in enumerate(records):
        former = [o.value for s, p, o in triples if p == DCTERMS.replaces and s.value == iri]
        for each in (iri, *former):
            found[source.names.proxy(each)] = found[source.names.aggregation(each)] = number
    return found


def _annotations(
    source: Snapshot, items: Sequence[NamedNode]
) -> Iterator[tuple[int, list[Statement]]]:
    """(number of an item, statements): of each annotation on it, its parts, and theirs."""
    about: dict[str, list[int]] = {}
    wanted: list[NamedNode] = []
    for number, annotation in source.solutions("oai_annotations", items=items):
        if annotation.value not in about:
            wanted.append(annotation)
        about.setdefault(annotation.value, []).append(int(number.value))
    for _step in range(_DEPTH):
        found = _said(source, wanted)
        for said in found:
            for number in about[_whole(said.node)]:
                yield number, said.triples
        wanted = [
            link for said in found for link in said.links
            if "#" in link.value and _whole(link) == _whole(said.node)
        ]  # fmt: skip


def _whole(node: NamedNode) -> str:
    return node.value.partition("#")[0]


def _named(triples: list[Statement]) -> dict[NamedNode, None]:
    """What is named and not described."""
    described = {subject for subject, _property, _value in triples}
    return {
        value: None
        for _subject, property_, value in triples
        if type(value) is NamedNode and value not in described and property_ != RDF.type
    }
