"""What the SPARQL address can do, as RDF (SPARQL 1.1 Service Description)."""

from collections.abc import Iterable, Sequence

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from server.names import CH, DCTERMS, PREFIXES, RDF, VOID, XSD, Namespace
from server.settings import Settings
from server.store import guard

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
ENTAILMENT = NamedNode("http://www.w3.org/ns/entailment/Simple")
FORMATS = (
    "SPARQL_Results_JSON SPARQL_Results_XML SPARQL_Results_CSV SPARQL_Results_TSV "
    "Turtle N-Triples RDF_XML JSON-LD"
)
#: A named graph, what it is called, and how many triples it has where that is known.
Graph = tuple[NamedNode, Sequence[Literal], int | None]


def written(triples: Iterable[Triple], media_type: str) -> bytes:
    """The description, serialised."""
    rdf = RdfFormat.from_media_type(media_type)
    prefixes = {**{prefix: str(iri) for prefix, iri in PREFIXES.items()}, "sd": str(SD)}
    known = prefixes if rdf in (None, RdfFormat.TURTLE, RdfFormat.RDF_XML) else None
    data = serialize(triples, format=rdf or RdfFormat.TURTLE, prefixes=known)
    assert data is not None
    return data


def service(
    endpoint: str, graphs: Iterable[Graph] = (), settings: Settings | None = None
) -> list[Triple]:
    """The service at the address `endpoint`, with its named graphs and its limits."""
    me = NamedNode(endpoint)
    dataset, graph = NamedNode(endpoint + "#dataset"), NamedNode(endpoint + "#default-graph")
    formats = [NamedNode(f"http://www.w3.org/ns/formats/{name}") for name in FORMATS.split()]
    return [
        Triple(me, RDF.type, SD.Service),
        Triple(me, SD.endpoint, me),
        Triple(me, SD.supportedLanguage, SD.SPARQL11Query),
        Triple(me, SD.feature, SD.UnionDefaultGraph),
        Triple(me, SD.defaultEntailmentRegime, ENTAILMENT),
        *[Triple(me, SD.resultFormat, format_) for format_ in formats],
        *(_limits(me, settings) if settings else []),
        Triple(me, SD.defaultDataset, dataset),
        Triple(me, SD.availableGraphs, dataset),
        Triple(dataset, RDF.type, SD.Dataset),
        Triple(dataset, RDF.type, SD.GraphCollection),
        Triple(dataset, SD.defaultGraph, graph),
        Triple(graph, RDF.type, SD.Graph),
        *[triple for each in graphs for triple in _named(dataset, each)],
    ]


def _limits(me: NamedNode, settings: Settings) -> list[Triple]:
    limits = {
        CH.querySeconds: f"{settings.sparql_seconds:g}",
        CH.queryBytes: str(guard.MAX_BYTES),
        CH.resultBytes: str(settings.sparql_result),
    }
    return [Triple(me, name, Literal(each, datatype=XSD.decimal)) for name, each in limits.items()]


def _named(dataset: NamedNode, named: Graph) -> list[Triple]:
    """The graph in the dataset, and what it holds, as fragments of the graph's own name."""
    name, titles, size = named
    entry, held = NamedNode(f"{name.value}#named"), NamedNode(f"{name.value}#graph")
    said = [
        Triple(dataset, SD.namedGraph, entry),
        Triple(entry, RDF.type, SD.NamedGraph),
        Triple(entry, SD.name, name),
        Triple(entry, SD.graph, held),
        Triple(held, RDF.type, SD.Graph),
        *[Triple(held, DCTERMS.title, title) for title in titles],
    ]
    count = Literal(str(size), datatype=XSD.integer)
    return said + ([Triple(held, VOID.triples, count)] if size is not None else [])
