"""Annotations in the exchange form of the CrowdHeritage platform: JSON-LD of its own context."""

from datetime import UTC, datetime
from typing import Any

from server.names import AS, DC, DCTERMS, FOAF, OA, RDF, SOA, XSD

EUROPEANA = "http://data.europeana.eu/item"
_LINKS = {
    "creator": "dc:creator", "body": "oa:hasBody", "scope": "oa:hasScope",
    "selector": "oa:hasSelector", "source": "oa:hasSource", "target": "oa:hasTarget",
}  # fmt: skip
#: Its `dc` are the terms of Dublin Core, whose names the elements have as well.
CONTEXT: dict[str, Any] = {
    "as": AS.base, "dc": DCTERMS.base, "dce": DC.base, "foaf": FOAF.base, "oa": OA.base,
    "rdf": RDF.base, "xsd": XSD.base, "soa": SOA.base,
    "id": {"@id": "@id", "@type": "@id"}, "type": {"@id": "@type", "@type": "@id"},
    "value": "rdf:value", "created": {"@id": "dc:created", "@type": "xsd:dateTime"},
    **{name: {"@id": iri, "@type": "@id"} for name, iri in _LINKS.items()},
    "language": "dc:language", "Software": "as:Application", "name": "foaf:name",
    **{name: f"oa:{name}" for name in ("Annotation", "TextPositionSelector", "TextualBody")},
    "Literal": "soa:Literal",
}  # fmt: skip


def source(item: str) -> str:
    """An item of Europeana's by its identifier there, any other by its IRI."""
    return item.removeprefix(EUROPEANA) if item.startswith(f"{EUROPEANA}/") else item


def scope(field: str) -> str:
    """A metadata field as it is named there: `dc:subject`, `dc:spatial`."""
    for base in (DC.base, DCTERMS.base):
        if field.startswith(base):
            return f"dc:{field.removeprefix(base)}"
    return field


def moment(time: str) -> str:
    """As Java's Date.toString() writes it: `Thu Mar 19 16:09:24 UTC 2026`."""
    when = datetime.fromisoformat(time).astimezone(UTC)
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    day, month = days[when.weekday()], months[when.month - 1]
    return f"{day} {month} {when:%d %H:%M:%S} UTC {when:%Y}"
