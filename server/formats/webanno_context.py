"""The JSON-LD contexts of annotations: that of the Web Annotation Data Model, and ours beside it.

https://www.w3.org/TR/annotation-model/#json-ld-context (Appendix A). What is sent in these contexts
is read with the copies here: nothing is ever fetched.
"""

from typing import Any

from server.names import (
    CH,
    DC,
    DCTERMS,
    EDM,
    FOAF,
    OA,
    OWL,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    SOA,
    WGS84,
    XSD,
    Names,
    Namespace,
)

ANNO = "http://www.w3.org/ns/anno.jsonld"
LDP_CONTEXT = "http://www.w3.org/ns/ldp.jsonld"
LDP = Namespace("http://www.w3.org/ns/ldp#")
#: As the context has it, without the s that ActivityStreams' own namespace has.
STREAMS = Namespace("http://www.w3.org/ns/activitystreams#")

_PREFIXES = {
    "oa": OA, "dc": DC, "dcterms": DCTERMS, "foaf": FOAF, "rdf": RDF, "rdfs": RDFS, "skos": SKOS,
    "xsd": XSD, "owl": OWL, "as": STREAMS, "schema": SCHEMA,
    "dctypes": Namespace("http://purl.org/dc/dcmitype/"),
    "iana": Namespace("http://www.iana.org/assignments/relation/"),
}  # fmt: skip
#: Terms named as in the vocabulary that they come from.
_SAME = {
    "oa": (
        "Annotation TextualBody ResourceSelection SpecificResource FragmentSelector CssSelector "
        "XPathSelector TextQuoteSelector TextPositionSelector DataPositionSelector SvgSelector "
        "RangeSelector TimeState HttpRequestState Choice Motivation bookmarking classifying "
        "commenting describing editing highlighting identifying linking moderating questioning "
        "replying reviewing tagging bodyValue processingLanguage exact prefix suffix styleClass"
    ),
    "dctypes": "Dataset Text", "foaf": "Person Organization name", "schema": "Audience",
    "dc": "format language", "rdf": "value", "rdfs": "label",
}  # fmt: skip
_OTHERWISE = {
    "Image": "dctypes:StillImage", "Video": "dctypes:MovingImage", "Audio": "dctypes:Sound",
    "CssStylesheet": "oa:CssStyle", "Software": "as:Application",
    "AnnotationCollection": "as:OrderedCollection", "AnnotationPage": "as:OrderedCollectionPage",
    "auto": "oa:autoDirection", "ltr": "oa:ltrDirection", "rtl": "oa:rtlDirection",
    "accessibility": "schema:accessibilityFeature", "email": "foaf:mbox",
    "email_sha1": "foaf:mbox_sha1sum", "nickname": "foaf:nick",
}  # fmt: skip
#: Properties whose values are named by IRIs.
_LINKS = {
    "body": "oa:hasBody", "target": "oa:hasTarget", "source": "oa:hasSource",
    "selector": "oa:hasSelector", "state": "oa:hasState", "scope": "oa:hasScope",
    "refinedBy": "oa:refinedBy", "startSelector": "oa:hasStartSelector",
    "endSelector": "oa:hasEndSelector", "renderedVia": "oa:renderedVia",
    "creator": "dcterms:creator", "generator": "as:generator", "rights": "dcterms:rights",
    "homepage": "foaf:homepage", "via": "oa:via", "canonical": "oa:canonical",
    "stylesheet": "oa:styledBy", "cached": "oa:cachedSource", "conformsTo": "dcterms:conformsTo",
    "partOf": "as:partOf", "first": "as:first", "last": "as:last", "next": "as:next",
    "prev": "as:prev", "audience": "schema:audience",
}  # fmt: skip
_WORDS = {
    "motivation": "oa:motivatedBy", "purpose": "oa:hasPurpose", "textDirection": "oa:textDirection",
}  # fmt: skip
_TIMES = {
    "created": "dcterms:created", "modified": "dcterms:modified", "generated": "dcterms:issued",
    "sourceDate": "oa:sourceDate", "sourceDateStart": "oa:sourceDateStart",
    "sourceDateEnd": "oa:sourceDateEnd",
}  # fmt: skip
_COUNTS = {
    "start": "oa:start", "end": "oa:end", "total": "as:totalItems", "startIndex": "as:startIndex",
}  # fmt: skip


def _typed(terms: dict[str, str], datatype: str) -> dict[str, Any]:
    return {name: {"@id": iri, "@type": datatype} for name, iri in terms.items()}


#: The context http://www.w3.org/ns/anno.jsonld.
ANNO_TERMS: dict[str, Any] = {
    **{name: namespace.base for name, namespace in _PREFIXES.items()},
    "id": "@id",
    "type": "@type",
    **{name: f"{prefix}:{name}" for prefix, names in _SAME.items() for name in names.split()},
    **_OTHERWISE,
    **_typed(_LINKS, "@id"),
    **_typed(_WORDS, "@vocab"),
    **_typed(_TIMES, "xsd:dateTime"),
    **_typed(_COUNTS, "xsd:nonNegativeInteger"),
    "items": {"@id": "as:items", "@type": "@id", "@container": "@list"},
}

#: Ours. `language` is part of the value that it stands beside, as everywhere in our data, and not
#: said once more; what is counted is an xsd:integer, as in the store.
OUR_TERMS: dict[str, Any] = {
    "ch": str(CH), "soa": SOA.base, "edm": EDM.base, "wgs84": WGS84.base, "ldp": LDP.base,
    "oa": OA.base, "dcterms": DCTERMS.base, "rdfs": RDFS.base, "skos": SKOS.base, "xsd": XSD.base,
    "language": None,
    "assessing": "oa:assessing",
    **_typed({"start": "oa:start", "end": "oa:end"}, "xsd:integer"),
    **{name: f"ch:{name}" for name in (
        "transcribing", "translating", "approvals", "rejections", "unsure", "accuracy", "share",
        "rating", "imageWidth", "imageHeight", "comparesMaker", "preferredMaker",
    )},
    **_typed({name: f"ch:{name}" for name in (
        "campaign", "task", "field", "kind", "status", "relation", "compares", "error",
        "minorError", "majorError", "criticalError",
    )}, "@id"),
    "comment": "rdfs:comment",
    "license": {"@id": "dcterms:license", "@type": "@id"},
    "confidence": {"@id": "soa:confidence", "@type": "xsd:decimal"},
    "RDFPropertySelector": "soa:RDFPropertySelector",
    "property": {"@id": "soa:property", "@type": "@id"},
    "Place": "edm:Place",
    **_typed({"lat": "wgs84:lat", "long": "wgs84:long"}, "xsd:decimal"),
    "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
    **{name: f"ldp:{name}" for name in ("BasicContainer", "DirectContainer")},
    **_typed({name: f"ldp:{name}" for name in (
        "contains", "member", "membershipResource", "hasMemberRelation", "isMemberOfRelation",
    )}, "@id"),
}  # fmt: skip


def address(names: Names) -> str:
    """Where our own context is."""
    return names.path("annotations/context.jsonld").value


def known(names: Names) -> dict[str, Any]:
    """The contexts that are understood, by their IRI. That of LDP has nothing that ours lacks."""
    anno = {iri: ANNO_TERMS for iri in (ANNO, ANNO.replace("http:", "https:"))}
    return {**anno, LDP_CONTEXT: {}, address(names): OUR_TERMS}


def of_annotations(names: Names) -> list[str]:
    return [ANNO, address(names)]


def of_containers(names: Names) -> list[str]:
    return [ANNO, LDP_CONTEXT, address(names)]
