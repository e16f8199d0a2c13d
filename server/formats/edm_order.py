"""What `EDM.xsd` and `EDM-INTERNAL.xsd` allow: classes, their properties in order, kinds of value.

Source: github.com/europeana/metis-schema, schema_xsds; external EDM is what providers send,
internal EDM what Europeana keeps (with proxies).
Two things of internal EDM have no identifier, and are not written: `as:Delete`, and
`dqv:hasQualityAnnotation` with what it holds.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property

#: Prefixes as EDM files use them (`schema` here is https, unlike ours).
PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "edm": "http://www.europeana.eu/schemas/edm/",
    "ore": "http://www.openarchives.org/ore/terms/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "wgs84_pos": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdaGr2": "http://rdvocab.info/ElementsGr2/",
    "cc": "http://creativecommons.org/ns#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "svcs": "http://rdfs.org/sioc/services#",
    "doap": "http://usefulinc.com/ns/doap#",
    "ebucore": "http://www.ebu.ch/metadata/ontologies/ebucore/ebucore#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "adms": "http://www.w3.org/ns/adms#",
    "schema": "https://schema.org/",
}


class Kind(Enum):
    """What an element's value may be."""

    BOTH = "rdf:ResourceOrLiteralType"  # no datatype attribute
    RESOURCE = "rdf:ResourceType"
    LITERAL = "rdf:LiteralType"
    PLAIN = "text without attributes"
    TYPED = "text with one fixed datatype"


@dataclass(frozen=True)
class Element:
    """One property of a class: its place in the sequence, how it is written, how often."""

    place: int
    name: str
    kind: Kind
    single: bool
    datatype: str = ""
    pattern: re.Pattern[str] | None = None

    @cached_property
    def prefix(self) -> str:
        return self.name.partition(":")[0]

    @cached_property
    def opening(self) -> str:
        """How it begins, up to its attributes."""
        return f"    <{self.name}"

    @cached_property
    def closing(self) -> str:
        return f"</{self.name}>\n"


@dataclass(frozen=True)
class ClassOrder:
    place: int
    name: str
    elements: Mapping[str, Element]  # by the property's IRI

    @cached_property
    def prefix(self) -> str:
        return self.name.partition(":")[0]

    @cached_property
    def single(self) -> frozenset[int]:
        """The places of what may stand once."""
        return frozenset(each.place for each in self.elements.values() if each.single)


@dataclass(frozen=True, slots=True)
class Profile:
    """One of the two schemas: its classes by IRI."""

    name: str
    classes: Mapping[str, ClassOrder]


_RESOURCE = """edm:aggregatedCHO edm:hasMet edm:hasView edm:incorporates edm:isDerivativeOf
edm:isNextInSequence edm:isRepresentationOf edm:isShownAt edm:isShownBy edm:isSimilarTo
edm:isSuccessorOf edm:landingPage edm:object edm:hasURL edm:preview edm:realizes edm:rights
edm:intendedUsage ore:proxyFor ore:proxyIn ore:lineage ore:aggregates skos:broader skos:narrower
skos:related skos:broadMatch skos:narrowMatch skos:relatedMatch skos:exactMatch skos:closeMatch
skos:inScheme owl:sameAs rdf:type rdfs:seeAlso svcs:has_service doap:implements odrl:inheritFrom
odrl:hasPolicy foaf:homepage foaf:logo schema:digitalSourceType"""

_LITERAL = """edm:acronym edm:begin edm:collectionName edm:datasetName edm:end edm:equivalentPID
edm:replacesPID edm:completeness edm:userTag edm:year skos:notation skos:prefLabel skos:altLabel
skos:note skos:hiddenLabel dc:identifier dc:language dc:title dcterms:alternative dcterms:title
foaf:name rdaGr2:dateOfBirth rdaGr2:dateOfDeath rdaGr2:dateOfEstablishment
rdaGr2:dateOfTermination rdaGr2:gender rdf:value adms:status"""

_NUMBER = r"\s*([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|-?INF|NaN)\s*"
_COUNT = r"\+?\d+"
_PLAIN = {
    "edm:type": "TEXT|VIDEO|IMAGE|SOUND|3D", "edm:ugc": "true",
    "edm:europeanaProxy": r"\s*(true|false|0|1)\s*",
    "edm:country": "[A-Z].*", "edm:language": "[a-z]{2,3}", "edm:codecName": "(?s:.*)",
    "edm:hasColorSpace": "[A-Za-z0-9]+", "edm:pointCount": _COUNT, "edm:polygonCount": _COUNT,
    "edm:vertexCount": _COUNT, "ebucore:hasMimeType": "(?s:.*)", "ebucore:duration": "(?s:.*)",
    "wgs84_pos:lat": _NUMBER, "wgs84_pos:long": _NUMBER, "wgs84_pos:alt": _NUMBER,
}  # fmt: skip
_TYPED = {
    "edm:spatialResolution": ("nonNegativeInteger", _COUNT),
    "edm:componentColor": ("hexBinary", "[0-9A-Fa-f]{6}"),
    "ebucore:fileByteSize": ("long", r"[+-]?\d+"),
    "ebucore:width": ("integer", r"[+-]?\d+"), "ebucore:height": ("integer", r"[+-]?\d+"),
    "ebucore:sampleSize": ("integer", r"[+-]?\d+"),
    "ebucore:sampleRate": ("integer", r"[+-]?\d+"),
    "ebucore:bitRate": ("nonNegativeInteger", _COUNT),
    "ebucore:audioChannelNumber": ("nonNegativeInteger", _COUNT),
    "ebucore:frameRate": ("double", _NUMBER),
    "ebucore:orientation": ("string", "landscape|portrait"),
    "cc:deprecatedOn": ("date", r"-?\d{4,}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?"),
}  # fmt: skip

# A trailing "!" means at most once.
_DESCRIPTIVE = """dc:contributor dc:coverage dc:creator dc:date dc:description dc:format
dc:identifier dc:language dc:publisher dc:relation dc:rights dc:source dc:subject dc:title dc:type
dcterms:alternative dcterms:conformsTo dcterms:created dcterms:extent dcterms:hasFormat
dcterms:hasPart dcterms:hasVersion dcterms:isFormatOf dcterms:isPartOf dcterms:isReferencedBy
dcterms:isReplacedBy dcterms:isRequiredBy dcterms:issued dcterms:isVersionOf dcterms:medium
dcterms:provenance dcterms:references dcterms:replaces dcterms:requires dcterms:spatial
dcterms:tableOfContents dcterms:temporal edm:currentLocation! edm:hasMet edm:hasType
edm:incorporates edm:isDerivativeOf edm:isNextInSequence edm:isRelatedTo edm:isRepresentationOf!
edm:isSimilarTo edm:isSuccessorOf edm:realizes"""

_AGENT = """skos:prefLabel skos:altLabel skos:note dc:date dc:identifier dcterms:hasPart
dcterms:isPartOf edm:begin! edm:end! edm:hasMet edm:isRelatedTo foaf:name
rdaGr2:biographicalInformation rdaGr2:dateOfBirth! rdaGr2:dateOfDeath!
rdaGr2:dateOfEstablishment! rdaGr2:dateOfTermination! rdaGr2:gender! rdaGr2:placeOfBirth
rdaGr2:placeOfDeath rdaGr2:professionOrOccupation owl:sameAs"""

_CONTEXT = {
    "edm:WebResource": """edm:pid dc:creator dc:description dc:format dc:rights dc:source dc:type
dc:title dc:language dcterms:conformsTo dcterms:created dcterms:extent dcterms:hasPart
dcterms:isFormatOf dcterms:isPartOf dcterms:issued dcterms:temporal edm:isNextInSequence!
edm:rights! owl:sameAs rdf:type! edm:codecName! ebucore:hasMimeType! ebucore:fileByteSize!
ebucore:duration! ebucore:width! ebucore:height! edm:spatialResolution! ebucore:sampleSize!
ebucore:sampleRate! ebucore:bitRate! ebucore:frameRate! edm:hasColorSpace! edm:componentColor
edm:pointCount! edm:polygonCount! edm:vertexCount! rdfs:seeAlso ebucore:orientation!
ebucore:audioChannelNumber! dcterms:isReferencedBy edm:preview! svcs:has_service edm:type!
schema:digitalSourceType! edm:intendedUsage""",
    "edm:Agent": _AGENT,
    "edm:Place": """wgs84_pos:lat! wgs84_pos:long! wgs84_pos:alt! skos:prefLabel skos:altLabel
skos:note dcterms:hasPart dcterms:isPartOf edm:isNextInSequence! owl:sameAs""",
    "edm:TimeSpan": """skos:prefLabel skos:altLabel skos:note dcterms:hasPart dcterms:isPartOf
edm:begin! edm:end! edm:isNextInSequence! owl:sameAs skos:hiddenLabel skos:notation!""",
    "skos:Concept": """skos:prefLabel skos:altLabel skos:broader skos:narrower skos:related
skos:broadMatch skos:narrowMatch skos:relatedMatch skos:exactMatch skos:closeMatch skos:note
skos:notation skos:inScheme""",
    "ore:Aggregation": """edm:aggregatedCHO! edm:dataProvider! edm:hasView edm:isShownAt!
edm:isShownBy! edm:object! edm:provider! dc:rights edm:rights! edm:ugc! edm:intermediateProvider
dcterms:created! dcterms:modified!""",
}
_RIGHTS = {"cc:License": "odrl:inheritFrom! cc:deprecatedOn!"}
_SERVICE = {"svcs:Service": "dcterms:conformsTo doap:implements"}

_EXTERNAL = {
    "edm:ProvidedCHO": _DESCRIPTIVE + " edm:pid edm:type! owl:sameAs",
    **_CONTEXT, **_RIGHTS, **_SERVICE,
}  # fmt: skip
_INTERNAL = {
    "edm:ProvidedCHO": "owl:sameAs",
    **_CONTEXT,
    "ore:Proxy": _DESCRIPTIVE + """ edm:pid edm:europeanaProxy! edm:userTag edm:year ore:proxyFor!
ore:proxyIn ore:lineage edm:type! owl:sameAs""",
    "edm:EuropeanaAggregation": """dc:creator! edm:aggregatedCHO! edm:dataProvider! edm:provider!
edm:collectionName! edm:datasetName! edm:country! edm:hasView edm:isShownBy! edm:preview!
edm:landingPage! edm:language! edm:rights! ore:aggregates edm:completeness! dcterms:created!
dcterms:modified!""",
    **_RIGHTS,
    "foaf:Organization": _AGENT + " edm:acronym foaf:homepage! foaf:logo!",
    "dcat:Dataset": """edm:datasetName! edm:provider! edm:intermediateProvider edm:dataProvider
edm:country! edm:language! dc:identifier dc:description dcterms:created! dcterms:extent!
dcterms:modified! adms:status!""",
    **_SERVICE,
    "edm:PersistentIdentifier": """rdf:value! skos:notation edm:hasURL dcterms:created!
dcterms:creator! odrl:hasPolicy! skos:inScheme! edm:equivalentPID edm:replacesPID""",
    "edm:PersistentIdentifierScheme": "dcterms:title",
}  # fmt: skip


@cache
def expand(name: str) -> str:
    """`edm:type` as an IRI."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def _element(place: int, text: str, owner: str) -> Element:
    name, single = text.rstrip("!"), text.endswith("!")
    if name in _TYPED:
        datatype, pattern = _TYPED[name]
        iri = f"http://www.w3.org/2001/XMLSchema#{datatype}"
        return Element(place, name, Kind.TYPED, single, iri, re.compile(pattern))
    if name in _PLAIN:
        return Element(place, name, Kind.PLAIN, single, pattern=re.compile(_PLAIN[name]))
    if name in _KINDS:
        return Element(place, name, _KINDS[name], single)
    literal = name == "edm:pid" and owner != "ore:Proxy"  # a local element of another type
    return Element(place, name, Kind.LITERAL if literal else Kind.BOTH, single)


def _classes(table: Mapping[str, str]) -> dict[str, ClassOrder]:
    return {
        expand(name): ClassOrder(
            place,
            name,
            {
                expand(text.rstrip("!")): _element(number, text, name)
                for number, text in enumerate(sequence.split())
            },
        )
        for place, (name, sequence) in enumerate(table.items())
    }


_KINDS = dict.fromkeys(_RESOURCE.split(), Kind.RESOURCE) | dict.fromkeys(
    _LITERAL.split(), Kind.LITERAL
)
EXTERNAL = Profile("external", _classes(_EXTERNAL))
INTERNAL = Profile("internal", _classes(_INTERNAL))
