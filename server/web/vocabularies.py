"""Vocabularies: the list, the page of one, its tree, its names from A to Z, its download."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import (
    descriptions,
    paging,
    permissions,
    term_alphabets,
    term_trees,
    vocabularies,
    vocabulary_views,
    waiting_loads,
)
from server.domain.term_trees import Branch
from server.names import CH
from server.web import api_vocabularies, linked_data
from server.web.api_operations import described
from server.web.cross_origin import DataRoute
from server.web.pages import page
from server.web.requests import (
    chosen_language,
    content_language,
    context,
    desk,
    path,
    person,
    viewer,
)

_LONGEST = 200  # letters of a beginning
_DEEPEST = 99


@described(api_vocabularies.LIST, api_vocabularies.index)
def index(request: Request) -> Response:
    may_import = permissions.may(person(request), "import")
    return page(
        request,
        "vocabularies/index.html",
        vocabularies=vocabulary_views.cards(*context(request)),
        may_import=may_import,
        waiting=waiting_loads.find(desk(request)) if may_import else [],
    )


@described(api_vocabularies.ONE, api_vocabularies.show)
def show(request: Request) -> Response:
    return linked_data.respond(
        request,
        path(request, "slug"),
        page=lambda slug: _page(request, slug),
        triples=lambda slug: descriptions.vocabulary(desk(request), slug),
        about=CH.Vocabulary,
        public=True,
    )


def _page(request: Request, slug: str) -> Response:
    return page(
        request,
        "vocabularies/page.html",
        vocabulary=vocabulary_views.page(*context(request)[:2], slug, content_language(request)),
        tree=_branch(request, slug),
        lang=chosen_language(request),
        may_import=permissions.may(person(request), "import"),
        added=paging.offset(request.query_params.get("added", "")),
    )


def tree(request: Request) -> Response:
    """A branch of the tree, for the page that has opened it; a page for whoever comes otherwise."""
    slug = path(request, "slug")
    vocabularies.get_vocabulary(desk(request), viewer(request), slug)
    branch, lang = _branch(request, slug), chosen_language(request)
    return page(request, "vocabularies/_tree.html", tree=branch, lang=lang)


def _branch(request: Request, slug: str) -> Branch:
    opened, viewer_, _language = context(request)
    lang, asked = content_language(request), request.query_params
    if asked.get("open"):
        return term_trees.opened(opened, viewer_, slug, lang, asked["open"])
    return term_trees.branch(
        opened, viewer_, slug, lang, asked.get("under", ""),
        offset=paging.offset(asked.get("offset", "")),
        end=paging.offset(asked.get("end", "")),
        level=max(1, min(paging.offset(asked.get("level", "")), _DEEPEST)),
    )  # fmt: skip


def alphabet(request: Request) -> Response:
    """The names from `start` on."""
    opened, viewer_, language = context(request)
    slug = path(request, "slug")
    vocabulary = vocabularies.get_vocabulary(opened, viewer_, slug)
    card = vocabulary_views.card(opened, viewer_, vocabulary, language)
    lang = vocabulary_views.listed_language(card.languages, content_language(request))
    start = request.query_params.get("start", "")[:_LONGEST]
    return page(
        request,
        "vocabularies/alphabet.html",
        vocabulary=card,
        alphabet=term_alphabets.page(opened, viewer_, slug, start, lang),
        shown=lang,
        lang=chosen_language(request),
    )


def download(request: Request) -> Response:
    """All of a vocabulary as Turtle."""
    slug = path(request, "slug")
    vocabularies.get_vocabulary(desk(request), viewer(request), slug)
    return linked_data.stream(request, lambda: descriptions.vocabulary_terms(desk(request), slug))


def identifier(request: Request) -> Response:
    return linked_data.see(f"/vocabularies/{path(request, 'slug')}")


routes = [
    Route("/vocabularies", index),
    DataRoute("/vocabularies/{slug}", show),
    Route("/vocabularies/{slug}/tree", tree),
    Route("/vocabularies/{slug}/index", alphabet),
    DataRoute("/vocabularies/{slug}/terms.ttl", download),
    DataRoute("/vocabulary/{slug}", identifier),
]
