"""What the SPARQL address can do, as RDF (SPARQL 1.1 Service Description)."""

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from server.names import PREFIXES, RDF, Namespace

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_FORMATS = (
    "SPARQL_Results_JSON SPARQL_Results_XML SPARQL_Results_CSV SPARQL_Results_TSV "
    "Turtle N-Triples RDF_XML JSON-LD"
)


def describe(endpoint: str, media_type: str) -> bytes:
    """The description of the service at the IRI `endpoint`, serialised."""
    rdf = RdfFormat.from_media_type(media_type)
    prefixes = {**{prefix: str(iri) for prefix, iri in PREFIXES.items()}, "sd": str(SD)}
    data = serialize(_triples(endpoint), format=rdf or RdfFormat.TURTLE, prefixes=prefixes)
    assert data is not None
    return data


def _triples(endpoint: str) -> list[Triple]:
    service = NamedNode(endpoint)
    dataset, graph = NamedNode(endpoint + "#dataset"), NamedNode(endpoint + "#default-graph")
    formats = [NamedNode(f"http://www.w3.org/ns/formats/{name}") for name in _FORMATS.split()]
    return [
        Triple(service, RDF.type, SD.Service),
        Triple(service, SD.endpoint, service),
        Triple(service, SD.supportedLanguage, SD.SPARQL11Query),
        Triple(service, SD.feature, SD.UnionDefaultGraph),
        *[Triple(service, SD.resultFormat, format_) for format_ in formats],
        Triple(service, SD.defaultDataset, dataset),
        Triple(dataset, RDF.type, SD.Dataset),
        Triple(dataset, SD.defaultGraph, graph),
        Triple(graph, RDF.type, SD.Graph),
    ]
