"""Providers as data: organisations, and what they provide as datasets."""

from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from server.commit import Desk
from server.domain import descriptions, provider_merges, provider_views
from server.index import provider_gains, providers
from server.index.providers import ProviderRow
from server.names import DCTERMS, EDM, FOAF, OWL, RDF, SKOS, VOID, XSD, Names
from server.viewers import PUBLIC


def describe(desk: Desk, key: str) -> list[Triple]:
    """The provider as an organisation, its items as a dataset. Raises NotFound."""
    row = provider_views.get_row(desk, PUBLIC, key)
    me, connection = desk.names.provider(key), desk.index.read()
    said: list[tuple[NamedNode, NamedNode, Any]] = [
        (me, RDF.type, FOAF.Organization),
        (me, RDF.type, EDM.Agent),
        (me, SKOS.prefLabel, Literal(provider_views.name(row))),
        *((me, SKOS.altLabel, Literal(each)) for each in row.spellings if each != row.label),
        *((me, OWL.sameAs, NamedNode(each)) for each in _same(desk, key)),
        *_dataset(desk.names, row, provider_gains.totals(connection, [key]).get(key, 0)),
    ]
    document = descriptions.document(desk, f"providers/{key}", me)
    return [*document, *(Triple(*each) for each in said)]


def _merged_keys(desk: Desk, key: str) -> list[str]:
    return providers.keys_of(desk.index.read(), key)


def _same(desk: Desk, key: str) -> list[str]:
    """Elsewhere on the web, and what it was called before here."""
    here = [desk.names.provider(each).value for each in _merged_keys(desk, key)]
    return [*provider_merges.standing(desk, key).links, *here]


def _dataset(
    names: Names, row: ProviderRow, enrichments: int
) -> list[tuple[NamedNode, NamedNode, Any]]:
    data = names.path(f"providers/{row.key}#items")
    count = Literal(str(row.items), datatype=XSD.integer)
    return [
        (data, RDF.type, VOID.Dataset),
        (data, DCTERMS.title, Literal(provider_views.name(row))),
        (data, DCTERMS.publisher, names.provider(row.key)),
        (data, DCTERMS.isPartOf, names.data),
        (data, VOID.entities, count),
        (data, VOID.sparqlEndpoint, names.path("sparql")),
        (data, DCTERMS.isReferencedBy, names.path(f"annotations/providers/{row.key}/")),
        (data, DCTERMS.extent, Literal(f"{enrichments} published annotations", language="en")),
    ]


def describe_all(desk: Desk, number: int) -> list[Triple]:
    """A page of the list."""
    cards, total, _pages = provider_views.listing(desk, PUBLIC, "", number)
    me = desk.names.path("providers")
    found = [
        Triple(me, RDF.type, VOID.Dataset),
        Triple(me, VOID.entities, Literal(str(total), datatype=XSD.integer)),
    ]
    for card in cards:
        provider = desk.names.provider(card.key)
        found += [
            Triple(me, DCTERMS.hasPart, provider),
            Triple(provider, RDF.type, FOAF.Organization),
            Triple(provider, SKOS.prefLabel, Literal(card.label)),
        ]
    return found
