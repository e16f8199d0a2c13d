"""Each public vocabulary as a reconciliation service."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import statements, texts, vocabularies
from server.domain.reconciliation_identifiers import Space
from server.domain.statements import Said
from server.errors import NotFound
from server.i18n import _
from server.index import labels
from server.index.labels import Term
from server.names import CH
from server.viewers import PUBLIC


@dataclass(frozen=True, slots=True)
class Service:
    """A vocabulary as clients know it; `terms` is how many it has."""

    slug: str
    title: str
    space: Space
    terms: int


def find_services(desk: Desk, language: str) -> list[Service]:
    """Everybody's: whoever asks, only what is public can be reconciled with.

    Clients run in pages of other sites, which must not learn what a signed-in person may see.
    """
    found = vocabularies.find_vocabularies(desk, PUBLIC)
    return [_service(desk, each, language) for each in found]


def get_service(desk: Desk, slug: str, language: str) -> Service:
    """Raises NotFound."""
    return _service(desk, vocabularies.get_vocabulary(desk, PUBLIC, slug), language)


def _service(desk: Desk, vocabulary: vocabularies.Vocabulary, language: str) -> Service:
    slug = vocabulary.slug
    said = statements.about(desk, "public", desk.names.vocabulary(slug))
    # A vocabulary that was made here has no scheme of its own.
    space = statements.first(said, CH.scheme) or desk.names.path(f"term/{slug}/").value
    title = texts.choose(vocabulary.title, language, slug)
    return Service(slug, title, Space(space), vocabulary.terms)


def get_term(desk: Desk, service: Service, identifier: str, language: str) -> Term:
    """Raises NotFound."""
    iri = service.space.iri_of(identifier)
    if iri is None:
        raise NotFound(_("There is no such term."))
    return labels.get_term(PUBLIC, desk.index, iri, language, service.slug)


def find_term(desk: Desk, service: Service, identifier: str, language: str) -> Term | None:
    """The term that has this identifier, if there is one."""
    try:
        return get_term(desk, service, identifier, language)
    except NotFound:
        return None


def details(desk: Desk, service: Service, terms: Iterable[str]) -> dict[str, Said]:
    """What the vocabulary says of terms, by their IRIs."""
    found: dict[str, Said] = {}
    nodes = [NamedNode(iri) for iri in terms]
    for graph in _graphs(desk, service) if nodes else ():
        for row in desk.select("term_details", graph=graph, terms=nodes):
            said = found.setdefault(row["term"].value, {})
            said.setdefault(row["p"], []).append(row["o"])
    return found


def mapped(desk: Desk, service: Service, others: Iterable[str]) -> list[str]:
    """The terms that are the same as one of these in other vocabularies."""
    nodes = [NamedNode(iri) for iri in others]
    rows = [
        row
        for graph in (_graphs(desk, service) if nodes else ())
        for row in desk.select("terms_by_mapping", graph=graph, others=nodes)
    ]
    return list(dict.fromkeys(row["term"].value for row in rows))


def types_of(desk: Desk, service: Service) -> list[str]:
    """The types that terms have, those of most first; such as few have may be missing."""
    types: Counter[str] = Counter()
    for graph in _graphs(desk, service):
        for row in desk.select("vocabulary_types", graph=graph):
            types[row["type"].value] += int(row["terms"].value)
    return [type_ for type_, _terms in types.most_common()]


def _graphs(desk: Desk, service: Service) -> list[NamedNode]:
    """What was loaded, and what was added by hand. One by one: a join of both takes seconds."""
    return [desk.names.graph(kind, service.slug) for kind in ("vocabulary", "terms")]
