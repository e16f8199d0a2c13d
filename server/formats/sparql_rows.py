"""The rows of a page of SPARQL results: what stands in which column."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from server.errors import Malformed
from server.formats.vocabularies import Reading
from server.i18n import _
from server.names import FOAF, GVP, OWL, RDF, RDFS, SCHEMA, SKOS, WGS84, Namespace

_WDT = Namespace("http://www.wikidata.org/prop/direct/")
#: In the place of a language: the value is an IRI.
NODE = "<>"
Value = tuple[str, str]  # (text, language), or (IRI, NODE)
Row = dict[str, Value]
#: Which column the object of a triple stands in.
_COLUMN = {
    RDFS.label: "label", SKOS.prefLabel: "label", SCHEMA.name: "label", SKOS.altLabel: "alt",
    SKOS.hiddenLabel: "alt", SCHEMA.alternateName: "alt", SCHEMA.description: "description",
    SKOS.scopeNote: "description", SKOS.definition: "description", SKOS.note: "description",
    RDFS.comment: "description", SKOS.broader: "broader", GVP.broaderPreferred: "broader",
    RDFS.subClassOf: "broader", _WDT.P279: "broader", _WDT.P31: "broader",
    FOAF.depiction: "image", SCHEMA.image: "image", _WDT.P18: "image",
    _WDT.P625: "coordinates", WGS84.lat: "lat", WGS84.long: "long",
    SKOS.notation: "notation", SKOS.related: "related", SKOS.exactMatch: "exactMatch",
    SKOS.closeMatch: "closeMatch", OWL.sameAs: "exactMatch",
}  # fmt: skip
#: What Wikidata's label service calls its columns.
_ALSO = {"itemLabel": "label", "itemDescription": "description"}


def rows(page: Path, reading: Reading) -> Iterator[Row]:
    """Those with an address as item; others are faults, by their number."""
    if page.suffix == ".nt":
        yield from _from_triples(page, reading)
        return
    try:
        bindings = orjson.loads(page.read_bytes())["results"]["bindings"]
        for number, binding in enumerate(bindings, 1):
            row = _row(binding)
            if row is None:
                reading.fault(page.name, number, _("It has no address as ?item."))
            else:
                yield row
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Malformed(_("The endpoint's answer is no SPARQL result in JSON.")) from error


def _row(binding: dict[str, Any]) -> Row | None:
    row: Row = {}
    for name, cell in binding.items():
        lang = NODE if cell["type"] == "uri" else cell.get("xml:lang", "")
        if cell["type"] != "bnode":
            row[_ALSO.get(name, name)] = (str(cell["value"]), str(lang))
    return row if row.get("item", ("", ""))[1] == NODE else None


def _from_triples(page: Path, reading: Reading) -> Iterator[Row]:
    quads = parse(page.read_bytes(), RdfFormat.N_TRIPLES, lenient=True)
    while True:
        try:
            quad = next(quads)
        except StopIteration:
            return
        except SyntaxError as error:
            reading.fault(page.name, error.lineno or 0, _("It is no N-Triple."))
            continue
        row = _of_triple(quad.triple)
        if row:
            yield row
        elif quad.predicate != RDF.type:
            reading.leave_out(_("statements of other kinds"))


def _of_triple(triple: Triple) -> Row | None:
    column, thing = _COLUMN.get(triple.predicate), triple.object
    if column is None or not isinstance(triple.subject, NamedNode):
        return None
    subject = (triple.subject.value, NODE)
    if isinstance(thing, Literal):
        return {"item": subject, column: (thing.value, thing.language or "")}
    return {"item": subject, column: (thing.value, NODE)} if isinstance(thing, NamedNode) else None
