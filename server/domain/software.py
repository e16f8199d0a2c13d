"""Programs that propose annotations, as agents: IRI, name, version."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from server.commit import Desk
from server.domain import statements
from server.names import AS, RDF, SCHEMA


@dataclass(frozen=True, slots=True)
class Software:
    name: str
    version: str
    iri: str

    @property
    def title(self) -> str:
        """Name and version; the IRI where there is neither."""
        return " ".join(filter(None, (self.name, self.version))) or self.iri

    def quads(self, graph: NamedNode | DefaultGraph) -> Iterator[Quad]:
        node = NamedNode(self.iri)
        yield Quad(node, RDF.type, AS.Application, graph)
        yield Quad(node, AS.name, Literal(self.name, language="en"), graph)
        yield Quad(node, SCHEMA.softwareVersion, Literal(self.version), graph)


def find(desk: Desk, iri: str) -> Software | None:
    """As its latest claim described it; None for a person."""
    said = statements.about(desk, "work", NamedNode(iri))
    if AS.Application not in said.get(RDF.type, ()):
        return None
    name, version = (statements.first(said, each) for each in (AS.name, SCHEMA.softwareVersion))
    return Software(name, version, iri)
