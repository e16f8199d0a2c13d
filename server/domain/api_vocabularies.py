"""Vocabularies as programs read them, and what suggestions are."""

from dataclasses import dataclass
from typing import Any

from server.commit import Desk
from server.domain import texts, vocabularies, vocabulary_views
from server.domain.api_items import CampaignName
from server.domain.vocabularies import Vocabulary
from server.errors import NotFound
from server.i18n import _
from server.viewers import Viewer


@dataclass(frozen=True, slots=True)
class VocabularyLine:
    """A vocabulary in a list; `terms` and `labels` are how many it has, `licence` its IRI or ""."""

    slug: str
    iri: str
    href: str
    title: str
    description: str
    licence: str
    version: str
    terms: int
    labels: int


@dataclass(frozen=True, slots=True)
class VocabularyList:
    """A page of vocabularies; `next` is the address of the page after it."""

    vocabularies: list[VocabularyLine]
    next: str | None


@dataclass(frozen=True, slots=True)
class LanguageCount:
    lang: str
    labels: int


@dataclass(frozen=True, slots=True)
class VocabularyFacts(VocabularyLine):
    """A vocabulary with its languages, and the campaigns that take terms from it; `rdf` and
    `table` are the addresses of all its terms."""

    source: str
    attribution: str
    languages: list[LanguageCount]
    campaigns: list[CampaignName]
    rdf: str
    table: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A term that fits. `matched` is the other name that fitted; `breadcrumb` are the labels above
    it, from the top; `used` is how often the campaign has it; `match` is how it fitted."""

    iri: str
    label: str
    lang: str
    note: str | None
    breadcrumb: list[str]
    hex: str | None
    matched: str | None
    matched_lang: str | None
    vocabulary: str
    used: int
    match: str
    group: int | None


@dataclass(frozen=True, slots=True)
class PlaceSuggestion(Suggestion):
    """A place that fits: degrees of WGS84; `distance` in km from the point that was asked about;
    `kind`, `country` and `population` in words."""

    lat: float | None
    long: float | None
    distance: float | None
    kind: str
    country: str
    population: str


@dataclass(frozen=True, slots=True)
class ItemSuggestion:
    """An item that fits; `path` is that of its page, `picture` of its thumbnail."""

    iri: str
    id: str
    title: str
    provider: str
    path: str
    picture: str | None


def listing(
    desk: Desk, viewer: Viewer, language: str, after: str, limit: int
) -> tuple[list[VocabularyLine], str | None]:
    """Those after the one of that short name, and where the next page begins. Raises NotFound."""
    every = vocabularies.find_vocabularies(desk, viewer)
    slugs = [each.slug for each in every]
    if after and after not in slugs:
        raise NotFound(_("This page of the list cannot be found."))
    start = slugs.index(after) + 1 if after else 0
    shown = every[start : start + limit]
    found = [VocabularyLine(**_line(desk, each, language)) for each in shown]
    return found, shown[-1].slug if start + limit < len(every) else None


def _line(desk: Desk, found: Vocabulary, language: str) -> dict[str, Any]:
    return {
        "slug": found.slug,
        "iri": desk.names.vocabulary(found.slug).value,
        "href": f"/vocabularies/{found.slug}",
        "title": texts.choose(found.title, language, found.slug),
        "description": texts.choose(found.description, language),
        "licence": found.licence,
        "version": found.version,
        "terms": found.terms,
        "labels": found.labels,
    }


def facts(desk: Desk, viewer: Viewer, slug: str, language: str) -> VocabularyFacts:
    """Raises NotFound."""
    found = vocabularies.get_vocabulary(desk, viewer, slug)
    return VocabularyFacts(
        **_line(desk, found, language),
        source=found.source,
        attribution=texts.choose(found.attribution, language),
        languages=[
            LanguageCount(tag, number)
            for tag, number in vocabulary_views.languages(desk, viewer, slug)
        ],
        campaigns=[
            CampaignName(each.slug, each.title, each.state)
            for each in vocabulary_views.campaigns(desk, viewer, slug)
        ],
        rdf=f"/vocabularies/{slug}/terms.ttl",
        table=f"/vocabularies/{slug}/terms.csv",
    )
