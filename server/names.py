"""Namespaces, the IRIs of an instance, and how new identifiers are minted."""

import base64
import hashlib
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import uuid6
from pyoxigraph import Literal, NamedNode


class Namespace:
    """A vocabulary's common beginning: `EDM.ProvidedCHO` and `EDM["object"]` are its nodes."""

    def __init__(self, base: str) -> None:
        self.base = base

    def __getitem__(self, name: str) -> NamedNode:
        return NamedNode(self.base + name)

    def __getattr__(self, name: str) -> NamedNode:
        if name.startswith("__"):
            raise AttributeError(name)
        node = self.__dict__[name] = NamedNode(self.base + name)  # made once
        return node

    def __str__(self) -> str:
        return self.base


RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
SKOSXL = Namespace("http://www.w3.org/2008/05/skos-xl#")
DC = Namespace("http://purl.org/dc/elements/1.1/")
DCTERMS = Namespace("http://purl.org/dc/terms/")
EDM = Namespace("http://www.europeana.eu/schemas/edm/")
ORE = Namespace("http://www.openarchives.org/ore/terms/")
OA = Namespace("http://www.w3.org/ns/oa#")
AS = Namespace("https://www.w3.org/ns/activitystreams#")
PROV = Namespace("http://www.w3.org/ns/prov#")
SCHEMA = Namespace("http://schema.org/")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
WGS84 = Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#")
GN = Namespace("http://www.geonames.org/ontology#")
GVP = Namespace("http://vocab.getty.edu/ontology#")
VOID = Namespace("http://rdfs.org/ns/void#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
SH = Namespace("http://www.w3.org/ns/shacl#")
DASH = Namespace("http://datashapes.org/dash#")
CC = Namespace("http://creativecommons.org/ns#")
SOA = Namespace("http://sw.islab.ntua.gr/annotation/")
CH = Namespace("https://w3id.org/crowdheritage/ns#")

#: Prefixes that our Turtle, JSON-LD and query editor declare.
PREFIXES: dict[str, str] = {
    name: namespace.base
    for name, namespace in {
        "rdf": RDF, "rdfs": RDFS, "xsd": XSD, "owl": OWL, "skos": SKOS, "dc": DC,
        "dcterms": DCTERMS, "edm": EDM, "ore": ORE, "oa": OA, "as": AS, "prov": PROV,
        "schema": SCHEMA, "foaf": FOAF, "wgs84": WGS84, "gn": GN, "gvp": GVP, "void": VOID,
        "dcat": DCAT, "sh": SH, "cc": CC, "soa": SOA, "ch": CH,
    }.items()
}  # fmt: skip

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_IRI_REFUSED = re.compile(r"[\x00-\x20\x7f-\x9f<>\"{}|\\^`\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def value_of(term: Any) -> str:
    """The IRI or text of a term, where the type alone does not say that it has one."""
    return str(term.value)


def is_slug(text: str) -> bool:
    return len(text) <= 64 and SLUG.fullmatch(text) is not None


def is_safe_iri(text: str) -> bool:
    """True for an absolute http, https or urn IRI without control, bidi or delimiter characters."""
    if len(text) > 2048 or _IRI_REFUSED.search(text) is not None:
        return False
    if not text.lower().startswith(("http://", "https://", "urn:")):
        return False
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def short_hash(text: str) -> str:
    """26 base32 characters (130 bits) of the SHA-256 of a text, in lower case."""
    digest = hashlib.sha256(text.encode()).digest()[:20]  # more than it takes
    return base64.b32encode(digest).decode().lower()[:26]


def new_id() -> str:
    """A UUIDv7 (RFC 9562): unique, and sorted by the time it was made."""
    return str(uuid.UUID(bytes=uuid6.uuid7().bytes))


def timestamp(when: datetime) -> str:
    """A time as UTC with milliseconds: `2026-11-22T10:00:00.000Z`."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def sortable(time: str) -> str:
    """A time of ours as `timestamp` writes it: stores leave zeros out, as in `10:00:00.02Z`."""
    whole, _dot, part = time.removesuffix("Z").partition(".")
    return f"{whole}.{part:0<3}Z"


def time_literal(when: datetime) -> Literal:
    return Literal(timestamp(when), datatype=XSD.dateTime)


@dataclass(frozen=True, slots=True)
class Names:
    """The IRIs of one instance, all below its base IRI (which ends in a slash)."""

    base: str

    def item_id(self, item: str) -> str:
        """The `{id}` of an item's page: stable over re-imports."""
        return short_hash(item)

    def path(self, path: str) -> NamedNode:
        return NamedNode(self.base + path)

    def collection(self, slug: str) -> NamedNode:
        return self.path(f"collection/{slug}")

    def vocabulary(self, slug: str) -> NamedNode:
        return self.path(f"vocabulary/{slug}")

    def campaign(self, slug: str) -> NamedNode:
        return self.path(f"campaign/{slug}")

    def agent(self, agent_id: str) -> NamedNode:
        return self.path(f"agent/{agent_id}")

    def provider(self, key: str) -> NamedNode:
        return self.path(f"provider/{key}")

    def annotation(self, annotation_id: str) -> NamedNode:
        return self.path(f"annotation/{annotation_id}")

    def proxy(self, item: str) -> NamedNode:
        return self.path(f"proxy/{short_hash(item)}")

    def aggregation(self, item: str) -> NamedNode:
        return self.path(f"aggregation/{short_hash(item)}")

    def graph(self, kind: str, slug: str) -> NamedNode:
        """`kind` is collection, vocabulary, campaign, annotations or published."""
        return self.path(f"graph/{kind}/{slug}")

    @property
    def data(self) -> NamedNode:
        return self.path("data")

    def local(self, iri: str, kind: str) -> str | None:
        """The slug or identifier of one of our IRIs of that kind, else None."""
        prefix = f"{self.base}{kind}/"
        return iri[len(prefix) :] if iri.startswith(prefix) else None
