"""Vocabularies and terms as pages show them."""

from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import links, statements, term_views, texts, vocabularies
from server.domain.campaign_views import Named
from server.domain.item_views import ItemCard, cards
from server.domain.items import Rights
from server.domain.term_views import TermView
from server.domain.vocabularies import Vocabulary
from server.index import items as item_index
from server.index import labels, queues
from server.names import SKOS, WGS84
from server.viewers import Viewer

_NAMES = {
    "https://opendatacommons.org/licenses/by/1-0/": "ODC-By 1.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
}
_ITEMS = 24


@dataclass(frozen=True, slots=True)
class VocabularyPage:
    """`alternatives` counts the names beside the preferred ones."""

    slug: str
    title: str
    description: str
    terms: int
    languages: list[str]
    licence: Rights
    samples: list[TermView]
    source: str
    attribution: str
    version: str
    alternatives: int
    tops: list[TermView]
    dumps: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class TermPage:
    iri: str
    label: str
    lang: str
    hex: str | None
    breadcrumb: list[TermView]
    labels: list[tuple[str, str, bool]]
    notes: list[tuple[str, str]]
    broader: list[TermView]
    narrower: list[TermView]
    related: list[TermView]
    vocabulary: Named
    latitude: float | None
    longitude: float | None
    deprecated: bool


def page(desk: Desk, viewer: Viewer, vocabulary: Vocabulary, language: str) -> VocabularyPage:
    connection = desk.index.read()
    tops = labels.tops(viewer, connection, vocabulary.slug, language)
    samples = labels.samples(viewer, connection, vocabulary.slug, language)
    return VocabularyPage(
        slug=vocabulary.slug,
        title=texts.choose(vocabulary.title, language, vocabulary.slug),
        description=texts.choose(vocabulary.description, language),
        terms=vocabulary.terms,
        languages=labels.languages(viewer, connection, vocabulary.slug),
        licence=Rights(links.address(vocabulary.licence) or "", licence_name(vocabulary.licence)),
        samples=[TermView(iri, label) for iri, label in samples],
        source=links.address(vocabulary.source) or "",
        attribution=texts.choose(vocabulary.attribution, language),
        version=vocabulary.version,
        alternatives=max(vocabulary.labels - vocabulary.terms, 0),
        tops=[TermView(iri, term_views.crumb(label)) for iri, label in tops],
        dumps=[(f"/vocabularies/{vocabulary.slug}/terms.ttl", "Turtle")],
    )


def licence_name(iri: str) -> str:
    return _NAMES.get(iri, iri)


def pages(desk: Desk, viewer: Viewer, language: str) -> list[VocabularyPage]:
    found = vocabularies.find_vocabularies(desk, viewer)
    return [page(desk, viewer, each, language) for each in found]


def term(desk: Desk, viewer: Viewer, iri: str, language: str) -> TermPage:
    """Raises NotFound."""
    connection = desk.index.read()
    found = labels.get_term(viewer, connection, iri, language)
    said = statements.about(desk, "public", NamedNode(iri))
    related = [node.value for node in said.get(SKOS.related, []) if isinstance(node, NamedNode)]
    narrower = labels.children(viewer, connection, iri, found.vocabulary, language)
    vocabulary = vocabularies.get_vocabulary(desk, viewer, found.vocabulary)
    short = term_views.short_views(desk, viewer, [*found.broader, *related], language)
    return TermPage(
        iri=iri,
        label=found.label,
        lang=found.lang,
        hex=found.hex,
        breadcrumb=[TermView(up, term_views.crumb(label)) for up, label in found.breadcrumb],
        labels=sorted((tag, text, kind == "pref") for kind, text, tag in found.labels),
        notes=[("", found.note)] if found.note else [],
        broader=[short[up] for up in found.broader],
        narrower=[TermView(down, term_views.crumb(label)) for down, label in narrower],
        related=[short[each] for each in related],
        vocabulary=Named(vocabulary.slug, texts.choose(vocabulary.title, language)),
        latitude=_float(said.get(WGS84.lat)),
        longitude=_float(said.get(WGS84.long)),
        deprecated=found.deprecated,
    )


def carriers(desk: Desk, viewer: Viewer, iri: str, language: str) -> list[ItemCard]:
    """Items that carry the term by a published annotation."""
    iris = queues.published_items_with(desk.index.read(), iri, _ITEMS)
    rows = item_index.find_items(viewer, desk.index.read(), iris)
    return cards([row for row in rows if not row.gone], language)


def _float(terms: list[Any] | None) -> float | None:
    try:
        return float(terms[0].value) if terms else None
    except ValueError:
        return None
