"""Terms: the page of one, searching for some, and the identifiers of those made here."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from server.domain import (
    descriptions,
    made_terms,
    paging,
    permissions,
    term_carriers,
    term_pages,
    term_searches,
    term_trees,
    vocabularies,
    vocabulary_views,
)
from server.domain.campaign_views import Named
from server.domain.term_pages import Asked, TermPage
from server.domain.term_trees import Branch
from server.domain.texts import choose
from server.names import SKOS
from server.web import linked_data, maps, negotiation
from server.web.cross_origin import DataRoute
from server.web.link_headers import Document
from server.web.pages import page
from server.web.requests import (
    chosen_language,
    content_language,
    context,
    desk,
    path,
    person,
    settings,
)

_LONGEST = 500  # letters of a query


def show(request: Request) -> Response:
    """/terms?iri= one term; /terms?q= those that fit."""
    iri = request.query_params.get("iri", "")
    if not iri:
        return search(request)
    wanted = negotiation.SUFFIXES.get(request.query_params.get("format", ""))
    document = Document(f"/terms?iri={quote(iri, safe='')}", query=True, about=SKOS.Concept)
    return linked_data.show(
        request, document, wanted, lambda: _page(request, iri),
        lambda: descriptions.term(desk(request), iri), public=True,
    )  # fmt: skip


def _page(request: Request, iri: str) -> Response:
    opened, viewer, _language = context(request)
    query, lang = request.query_params, content_language(request)
    asked = Asked(iri, query.get("vocabulary", ""), paging.offset(query.get("narrower", "")))
    term = term_pages.page(opened, viewer, asked, lang)
    items, own = (paging.number(query.get(name, "")) for name in ("items", "own"))
    return page(
        request,
        "terms/page.html",
        term=term,
        named_in=[(tag, 0) for tag in term.languages],
        tree=_tree(request, term, lang),
        annotated=term_carriers.annotated(opened, viewer, iri, items, lang),
        described=term_carriers.described(opened, viewer, iri, own, lang),
        campaigns=term_carriers.campaigns(opened, viewer, iri),
        lang=chosen_language(request),
        tiles=maps.tiles(settings(request)),
        edited_in=_edited_in(request, term),
        may_copy=permissions.may(person(request), "import") and bool(term.vocabulary.slug),
        path=f"/terms?iri={quote(iri, safe='')}&format=",
    )


def _edited_in(request: Request, term: TermPage) -> str:
    """The vocabulary in which the term was made by hand, for those who may change it."""
    if not permissions.may(person(request), "import"):
        return ""
    slugs = dict.fromkeys((term.vocabulary.slug, *(each.slug for each in term.vocabularies)))
    made = (slug for slug in slugs if slug and made_terms.standing(desk(request), slug, [term.iri]))
    return next(made, "")


def _tree(request: Request, term: TermPage, lang: str) -> Branch | None:
    """Where the term stands; nothing for one that stands alone."""
    if not (term.broader or term.narrower):
        return None
    opened, viewer, _language = context(request)
    return term_trees.opened(opened, viewer, term.vocabulary.slug, lang, term.iri)


def search(request: Request) -> Response:
    opened, viewer, language = context(request)
    asked, lang = request.query_params, content_language(request)
    query, slug, branch = (asked.get(name, "") for name in ("q", "vocabulary", "branch"))
    top = term_searches.get_branch(opened, viewer, branch, slug, lang) if branch else None
    slug, named = slug or (top.vocabulary if top else ""), None
    languages: list[tuple[str, int]] = []
    if slug:
        vocabulary = vocabularies.get_vocabulary(opened, viewer, slug)
        named = Named(slug, choose(vocabulary.title, language, slug))
        languages = vocabulary_views.languages(opened, viewer, slug)
    found = term_searches.find(opened, viewer, query[:_LONGEST], slug, branch, lang)
    return page(
        request, "terms/index.html", query=query[:_LONGEST], vocabulary=named, branch=top,
        terms=found, titles=_titles(request) if not slug else {}, named_in=languages,
        lang=chosen_language(request),
    )  # fmt: skip


def _titles(request: Request) -> dict[str, str]:
    """What the vocabularies are called, where a search is in all of them."""
    opened, viewer, language = context(request)
    found = vocabularies.find_vocabularies(opened, viewer)
    return {each.slug: choose(each.title, language, each.slug) for each in found}


def dereference(request: Request) -> Response:
    """A term of a vocabulary made here: no document, but a page tells of it."""
    base = desk(request).names.path(f"term/{path(request, 'slug')}/").value
    return linked_data.data(
        request,
        path(request, "id"),
        lambda name: descriptions.term(desk(request), base + name),
        page=lambda name: f"/terms?iri={quote(base + name, safe='')}",
        about=SKOS.Concept,
        public=True,
    )


routes = [
    DataRoute("/terms", show),
    DataRoute("/term/{slug}/{id}", dereference),
]
