"""The page of one term: what its vocabulary says of it, and where it stands."""

import re
from dataclasses import dataclass, field

from server.commit import Desk
from server.domain import term_facts, term_views, texts, vocabularies
from server.domain.campaign_views import Named
from server.domain.statements import Said
from server.domain.term_facts import Fact, Mapping, Note, Place
from server.domain.term_views import TermView
from server.errors import NotFound
from server.i18n import _
from server.index import labels
from server.index.labels import Narrower, Term
from server.names import DCTERMS, SKOS, is_safe_iri
from server.viewers import Viewer

PAGE = 100  # narrower terms
_WAYS = 6  # hierarchies that a term stands in
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Names:
    """What a term is called in one language, the preferred name first."""

    lang: str
    preferred: list[str]
    others: list[str]


@dataclass(frozen=True, slots=True)
class TermPage:
    """`ways` are the breadcrumbs, one for each broader term; `vocabularies` all that have it.

    `replacement` is the term to use instead of a retired one, where its vocabulary names one.
    `narrower` is a page of `narrower_total` terms that begins at `offset`.
    """

    iri: str
    label: str
    lang: str
    vocabulary: Named
    vocabularies: list[Named]
    hex: str | None = None
    guide: bool = False
    deprecated: bool = False
    replacement: TermView | None = None
    ways: list[list[TermView]] = field(default_factory=list)
    names: list[Names] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    broader: list[TermView] = field(default_factory=list)
    narrower: list[Narrower] = field(default_factory=list)
    narrower_total: int = 0
    offset: int = 0
    related: list[TermView] = field(default_factory=list)
    mappings: list[Mapping] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    place: Place | None = None
    languages: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which term is asked for, in which of its vocabularies ("" for the first), and from where."""

    iri: str
    vocabulary: str = ""
    offset: int = 0


def page(desk: Desk, viewer: Viewer, asked: Asked, language: str) -> TermPage:
    """Raises NotFound."""
    if not is_safe_iri(asked.iri):
        raise NotFound(_("There is no such term."))
    said = term_facts.said(desk, viewer, asked.iri)
    try:
        found = labels.get_term(viewer, desk.index, asked.iri, language, asked.vocabulary)
    except NotFound:
        if not term_facts.is_retired(said):
            raise
        return _retired(desk, viewer, asked.iri, said, language)
    return _page(desk, viewer, found, said, asked.offset, language)


def _page(
    desk: Desk, viewer: Viewer, found: Term, said: Said, offset: int, language: str
) -> TermPage:
    related = term_facts.nodes(said, SKOS.related)
    short = term_views.short_views(desk, viewer, [*found.broader, *related], language)
    slug = found.vocabulary
    return TermPage(
        iri=found.iri, label=term_views.crumb(found.label), lang=found.lang,
        vocabulary=_named(desk, viewer, slug, language),
        vocabularies=_vocabularies(desk, viewer, found.iri, language),
        hex=found.hex if found.hex and _HEX.fullmatch(found.hex) else None,
        guide=found.guide, deprecated=found.deprecated,
        replacement=_replacement(desk, viewer, said, language) if found.deprecated else None,
        ways=_ways(desk, viewer, found, language),
        names=_names(found, language),
        notes=term_facts.notes(said, found, language),
        broader=[short[up] for up in found.broader],
        narrower=labels.children(
            viewer, desk.index, found.iri, slug, language, limit=PAGE, offset=offset
        ),
        narrower_total=found.narrower, offset=offset,
        related=[short[each] for each in related],
        mappings=term_facts.mappings(desk, viewer, said, language),
        facts=term_facts.facts(desk, viewer, said, found, language),
        place=term_facts.place(said),
        languages=sorted({tag for _kind, _text, tag in found.labels if tag}),
    )  # fmt: skip


def _named(desk: Desk, viewer: Viewer, slug: str, language: str) -> Named:
    vocabulary = vocabularies.get_vocabulary(desk, viewer, slug)
    return Named(slug, texts.choose(vocabulary.title, language, slug))


def _vocabularies(desk: Desk, viewer: Viewer, iri: str, language: str) -> list[Named]:
    having = []
    for each in vocabularies.find_vocabularies(desk, viewer):
        try:
            labels.get_term(viewer, desk.index, iri, language, each.slug)
        except NotFound:
            continue
        having.append(Named(each.slug, texts.choose(each.title, language, each.slug)))
    return having


def _ways(desk: Desk, viewer: Viewer, found: Term, language: str) -> list[list[TermView]]:
    """From the top to the term, once for each of its broader terms."""
    ways = [[TermView(up, term_views.crumb(label)) for up, label in found.breadcrumb]]
    for broader in [up for up in found.broader if up not in {way[-1].iri for way in ways if way}]:
        if len(ways) == _WAYS:
            break
        try:
            above = labels.get_term(viewer, desk.index, broader, language, found.vocabulary)
        except NotFound:
            continue
        crumbs = [*above.breadcrumb, (above.iri, above.label)]
        ways.append([TermView(up, term_views.crumb(label)) for up, label in crumbs])
    return [way for way in ways if way]


def _names(found: Term, language: str) -> list[Names]:
    """By language, the reader's first."""
    by_language: dict[str, Names] = {}
    for kind, text, tag in found.labels:
        names = by_language.setdefault(tag, Names(tag, [], []))
        (names.preferred if kind == "pref" else names.others).append(text)
    return sorted(
        by_language.values(),
        key=lambda each: (*term_facts.order(each.lang, language), each.lang),
    )


def _retired(desk: Desk, viewer: Viewer, iri: str, said: Said, language: str) -> TermPage:
    """Of a term that is no longer in any vocabulary: that it was, and what came instead."""
    called = texts.collect(term_facts.literals_of(said, SKOS.prefLabel))
    name = texts.choose(called, language, iri)
    scheme = next((each for each in term_facts.nodes(said, SKOS.inScheme)), "")
    slug = desk.names.local(scheme, "vocabulary") or ""
    return TermPage(
        iri, name, "", Named(slug, slug), [], deprecated=True,
        replacement=_replacement(desk, viewer, said, language),
    )  # fmt: skip


def _replacement(desk: Desk, viewer: Viewer, said: Said, language: str) -> TermView | None:
    for iri in term_facts.nodes(said, DCTERMS.isReplacedBy):
        return term_views.short_views(desk, viewer, [iri], language)[iri]
    return None
