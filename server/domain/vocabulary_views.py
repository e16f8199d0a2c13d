"""Vocabularies as pages show them: cards, and the page of one."""

import re
from dataclasses import dataclass
from datetime import datetime

from server.commit import Desk
from server.domain import links, statements, term_views, texts, vocabularies
from server.domain.campaign_views import Named
from server.domain.items import Rights
from server.domain.term_views import TermView
from server.domain.vocabularies import Vocabulary
from server.index import labels, queues
from server.names import DCTERMS
from server.patches import DATASETS
from server.viewers import Viewer

_NAMES = {
    "https://opendatacommons.org/licenses/by/1-0/": "ODC-By 1.0",
    "https://opendatacommons.org/licenses/odbl/1-0/": "ODbL 1.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
    "https://creativecommons.org/publicdomain/mark/1.0/": "Public domain",
}
_COMMONS = re.compile(
    r"https?://creativecommons\.org/licenses/(by(?:-nc)?(?:-nd|-sa)?)/([1-4]\.[05])(?:/([a-z]{2,4}))?/?"
)
_SAMPLES = 6  # terms on a card
_USED = 12  # terms
_PARTS = 1_000  # tasks that take terms from one vocabulary
_CAMPAIGNS = 50


@dataclass(frozen=True, slots=True)
class VocabularyCard:
    """`languages` are (tag, number of labels), the most first; `licence` has no IRI if none."""

    slug: str
    title: str
    description: str
    terms: int
    languages: list[tuple[str, int]]
    licence: Rights
    samples: list[TermView]


@dataclass(frozen=True, slots=True)
class VocabularyPage(VocabularyCard):
    """`labels` counts names of every kind; `used` are terms with published annotations."""

    labels: int
    source: str
    attribution: str
    version: str
    modified: datetime | None
    used: list[tuple[TermView, int]]
    campaigns: list[Named]
    dumps: list[tuple[str, str]]


def cards(desk: Desk, viewer: Viewer, language: str) -> list[VocabularyCard]:
    found = vocabularies.find_vocabularies(desk, viewer)
    return [card(desk, viewer, each, language) for each in found]


def card(desk: Desk, viewer: Viewer, vocabulary: Vocabulary, language: str) -> VocabularyCard:
    slug = vocabulary.slug
    return VocabularyCard(
        slug=slug,
        title=texts.choose(vocabulary.title, language, slug),
        description=texts.choose(vocabulary.description, language),
        terms=vocabulary.terms,
        languages=languages(desk, viewer, slug),
        licence=Rights(links.address(vocabulary.licence) or "", licence_name(vocabulary.licence)),
        samples=_samples(desk, viewer, slug, language),
    )


def page(desk: Desk, viewer: Viewer, slug: str, language: str) -> VocabularyPage:
    """Raises NotFound."""
    vocabulary = vocabularies.get_vocabulary(desk, viewer, slug)
    first = card(desk, viewer, vocabulary, language)
    return VocabularyPage(
        first.slug, first.title, first.description, first.terms, first.languages, first.licence,
        first.samples,
        labels=vocabulary.labels,
        source=links.address(vocabulary.source) or "",
        attribution=texts.choose(vocabulary.attribution, language),
        version=vocabulary.version,
        modified=_modified(desk, slug),
        used=_used(desk, viewer, slug, language),
        campaigns=campaigns(desk, viewer, slug),
        dumps=[
            (f"/vocabularies/{slug}/terms{suffix}", name)
            for suffix, name in ((".ttl", "Turtle"), (".csv", "CSV"))
        ],
    )  # fmt: skip


def languages(desk: Desk, viewer: Viewer, slug: str) -> list[tuple[str, int]]:
    """The languages of the labels, those with the most labels first."""
    found = labels.languages(viewer, desk.index, slug)
    return sorted(((tag, number) for tag, number in found if tag), key=lambda each: -each[1])


def listed_language(found: list[tuple[str, int]], wanted: str) -> str:
    """Of the languages that there are the one to list names in; "" where none is said."""
    for primary in (wanted, wanted.partition("-")[0], "en"):
        for tag, _number in found:
            if primary in (tag, tag.partition("-")[0]):
                return tag
    return found[0][0] if found else ""


def licence_name(iri: str) -> str:
    """As people write it, where it is a usual one."""
    if commons := _COMMONS.fullmatch(iri):
        code, version, place = commons.groups("")
        return f"CC {code.upper()} {version} {place.upper()}".strip()
    return _NAMES.get(iri.replace("http:", "https:", 1), iri)


def _samples(desk: Desk, viewer: Viewer, slug: str, language: str) -> list[TermView]:
    """The terms that people use most, then some others."""
    used = [iri for iri, _count in labels.used_most(viewer, desk.index, slug, _SAMPLES)]
    others = [iri for iri, *_rest in labels.samples(viewer, desk.index, slug, language)]
    shown = list(dict.fromkeys((*used, *others)))[:_SAMPLES]
    return [term_views.view(desk, viewer, iri, language) for iri in shown]


def _modified(desk: Desk, slug: str) -> datetime | None:
    said = statements.about(desk, "public", desk.names.vocabulary(slug))
    try:
        return datetime.fromisoformat(statements.first(said, DCTERMS.modified))
    except ValueError:
        return None


def _used(desk: Desk, viewer: Viewer, slug: str, language: str) -> list[tuple[TermView, int]]:
    found = labels.used_most(viewer, desk.index, slug, _USED)
    short = term_views.short_views(desk, viewer, [iri for iri, _count in found], language)
    return [(short[iri], number) for iri, number in found]


def campaigns(desk: Desk, viewer: Viewer, slug: str) -> list[Named]:
    """Those that take terms from it, of those that the viewer may see."""
    node, connection = desk.names.vocabulary(slug), desk.index.read()
    parts = [
        row["part"].value.partition("#")[0]
        for dataset in DATASETS
        if dataset in viewer.datasets
        for row in desk.select("vocabulary_campaigns", dataset, vocabulary=node, limit=_PARTS)
    ]
    slugs = (desk.names.local(part, "campaign") for part in dict.fromkeys(parts))
    rows = (queues.find_campaign(viewer, connection, each) for each in slugs if each)
    return [Named(row.slug, row.title, state=row.state) for row in rows if row][:_CAMPAIGNS]
