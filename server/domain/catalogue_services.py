"""The ways to ask for data here, as DCAT data services (https://www.w3.org/TR/vocab-dcat-3/)."""

from collections.abc import Iterator
from typing import Any

from pyoxigraph import Literal, NamedNode

from server.names import DCAT, DCTERMS, RDF, Names

Statement = tuple[NamedNode, NamedNode, Any]
#: Address, title, the specification that it follows, where it describes itself.
SERVICES = (
    ("sparql", "SPARQL endpoint", "https://www.w3.org/TR/sparql11-protocol/", "sparql"),
    ("oai", "OAI-PMH", "http://www.openarchives.org/OAI/openarchivesprotocol.html",
     "oai?verb=Identify"),
    ("annotations/", "Web Annotations", "https://www.w3.org/TR/annotation-protocol/",
     "annotations/"),
    ("reconcile", "Reconciliation",
     "https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/",
     "reconcile"),
    ("feed", "Changes", "https://iiif.io/api/discovery/1.0/", "feed"),
    ("api", "API", "https://spec.openapis.org/oas/v3.1.0", "api/openapi.json"),
)  # fmt: skip


def services(names: Names) -> Iterator[Statement]:
    for path, title, specification, description in SERVICES:
        me = names.path(path)
        yield names.data, DCAT.service, me
        yield me, RDF.type, DCAT.DataService
        yield me, DCTERMS.title, Literal(title, language="en")
        yield me, DCTERMS.conformsTo, NamedNode(specification)
        yield me, DCAT.endpointURL, me
        yield me, DCAT.endpointDescription, names.path(description)
        yield me, DCAT.servesDataset, names.data
