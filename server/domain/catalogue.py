"""What the instance offers, for programs: VoID, DCAT 3, and schema.org for search engines.

https://www.w3.org/TR/void/, https://www.w3.org/TR/vocab-dcat-3/. Numbers come from tallies and from
what was counted in the background; what is not known yet is not said.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from pyoxigraph import Literal, NamedNode, Triple

from server.commit import Desk
from server.domain import (
    catalogue_dumps,
    catalogue_graphs,
    catalogue_services,
    query_words,
    statements,
    vocabularies,
)
from server.domain.catalogue_graphs import Named, PublicPart
from server.index import changes, items, queues
from server.names import CH, DCAT, DCTERMS, FOAF, PREFIXES, RDF, SCHEMA, VOID, XSD
from server.viewers import PUBLIC

Statement = tuple[NamedNode, NamedNode, Any]
TITLE = "CrowdHeritage"
CC0 = NamedNode("https://creativecommons.org/publicdomain/zero/1.0/")
_FORMATS = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")
#: What a part says of itself that a catalogue repeats.
_SAID = (
    DCTERMS.title, DCTERMS.description, DCTERMS.license, DCTERMS.rights, DCTERMS.created,
    DCTERMS.modified, DCTERMS.creator, DCTERMS.source,
)  # fmt: skip


def dataset(desk: Desk) -> Iterable[Triple]:
    """The whole as a catalogue and dataset, its parts, services and downloads."""
    graphs = catalogue_graphs.named(desk)
    said = [
        *_whole(desk, graphs),
        *catalogue_services.services(desk.names),
        *catalogue_dumps.whole(desk),
        *_parts(desk, graphs),
    ]
    return [Triple(*statement) for statement in said]


def _whole(desk: Desk, graphs: list[Named]) -> Iterator[Statement]:
    me, names = desk.names.data, desk.names
    for kind in (VOID.Dataset, DCAT.Catalog, DCAT.Dataset):
        yield me, RDF.type, kind
    yield me, DCTERMS.title, Literal(TITLE)
    yield me, DCTERMS.license, CC0
    yield me, FOAF.homepage, names.path("")
    yield me, DCAT.landingPage, me
    yield me, VOID.sparqlEndpoint, names.path("sparql")
    yield me, VOID.uriSpace, Literal(names.base)
    for name in _FORMATS:
        yield me, VOID.feature, NamedNode(f"http://www.w3.org/ns/formats/{name}")
    yield from ((me, p, o) for p, o in statements.pairs(desk, "public", me))
    yield from _publisher(desk, me)
    yield from _times(desk, me)
    for base in _vocabularies(desk):
        yield me, VOID.vocabulary, NamedNode(base)
    counts = [graph.triples for graph in graphs]
    if counts and None not in counts:
        yield me, VOID.triples, _integer(sum(count or 0 for count in counts))
    yield me, VOID.entities, _integer(sum(row.items for row in _collections(desk)))


def _publisher(desk: Desk, me: NamedNode) -> Iterator[Statement]:
    publisher = desk.names.path("data#publisher")
    yield me, DCTERMS.publisher, publisher
    yield publisher, RDF.type, FOAF.Agent
    yield publisher, FOAF.name, Literal(desk.settings.publisher or TITLE)


def _times(desk: Desk, me: NamedNode) -> Iterator[Statement]:
    """Since when there is data, and when it last changed."""
    connection = desk.index.read()
    last = changes.last(connection)
    for property_, at in (
        (DCTERMS.issued, changes.earliest(connection)),
        (DCTERMS.modified, changes.moment(connection, last)),
    ):
        if at:
            yield me, property_, Literal(at, datatype=XSD.dateTime)


def _vocabularies(desk: Desk) -> list[str]:
    """The vocabularies whose terms are in the data."""
    words = orjson.loads(query_words.of(desk).known())
    iris = [iri for name in ("properties", "classes") for iri, _label in words[name]]
    return [base for base in PREFIXES.values() if any(iri.startswith(base) for iri in iris)]


def _parts(desk: Desk, graphs: list[Named]) -> Iterator[Statement]:
    counted = _entities(desk)
    of_part: dict[PublicPart, list[Named]] = {}
    for graph in graphs:
        of_part.setdefault(graph.part, []).append(graph)
    for part, held in of_part.items():
        yield desk.names.data, VOID.subset, part.iri
        yield desk.names.data, DCAT.dataset, part.iri
        yield part.iri, RDF.type, VOID.Dataset
        yield part.iri, RDF.type, DCAT.Dataset
        yield from _part(desk, part)
        yield from catalogue_dumps.part(desk, part)
        counts = [graph.triples for graph in held]
        if None not in counts:
            yield part.iri, VOID.triples, _integer(sum(count or 0 for count in counts))
        if (entities := counted.get((part.kind, part.slug))) is not None:
            yield part.iri, VOID.entities, _integer(entities)


def _part(desk: Desk, part: PublicPart) -> Iterator[Statement]:
    """What it says of itself, where its data is, and one of its things."""
    said = statements.about(desk, "public", part.iri)
    for property_ in _SAID:
        yield from ((part.iri, property_, value) for value in said.get(property_, ()))
    for scheme in said.get(CH.scheme, ()):
        yield part.iri, VOID.uriSpace, Literal(scheme.value)
    yield part.iri, VOID.sparqlEndpoint, desk.names.path("sparql")
    yield part.iri, DCTERMS.isPartOf, desk.names.data
    yield part.iri, DCAT.landingPage, desk.names.path(f"{_PAGES[part.kind]}/{part.slug}")
    if part.kind == "collection":
        for row in items.items_of(PUBLIC, desk.index.read(), part.slug, limit=1):
            yield part.iri, VOID.exampleResource, NamedNode(row.iri)
    start, end = said.get(SCHEMA.startDate), said.get(SCHEMA.endDate)
    if start or end:
        period = NamedNode(f"{part.iri.value}#period")
        yield part.iri, DCTERMS.temporal, period
        yield period, RDF.type, DCTERMS.PeriodOfTime
        yield from ((period, DCAT.startDate, value) for value in start or ())
        yield from ((period, DCAT.endDate, value) for value in end or ())


_PAGES = {"collection": "collections", "vocabulary": "vocabularies", "campaign": "campaigns"}


def _entities(desk: Desk) -> dict[tuple[str, str], int]:
    """Items of a collection, terms of a vocabulary, published annotations of a campaign."""
    connection = desk.index.read()
    found = {("collection", row.slug): row.items for row in _collections(desk)}
    for each in vocabularies.find_vocabularies(desk, PUBLIC):
        found["vocabulary", each.slug] = each.terms
    for row in queues.campaigns(PUBLIC, connection):
        progress = queues.progress(connection, row.slug)
        found["campaign", row.slug] = progress.by_status.get("published", 0)
    return found


def _collections(desk: Desk) -> list[items.CollectionRow]:
    return items.collections(PUBLIC, desk.index.read())


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.integer)
