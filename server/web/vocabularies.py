"""Vocabularies and their terms: pages, and the suggestions of the search box."""

from dataclasses import fields
from urllib.parse import quote

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import descriptions, term_views, vocabularies, vocabulary_views
from server.domain.campaign_views import Named
from server.domain.term_views import SuggestionView
from server.domain.texts import choose
from server.web import linked_data, negotiation
from server.web.pages import page
from server.web.requests import context, desk, language, path, viewer

_MOST = 50


def index(request: Request) -> Response:
    found = vocabulary_views.pages(*context(request))
    return page(request, "vocabularies/index.html", vocabularies=found)


def show(request: Request) -> Response:
    return linked_data.respond(
        request,
        path(request, "slug"),
        page=lambda slug: _page(request, slug),
        triples=lambda slug: descriptions.vocabulary(desk(request), slug),
    )


def _page(request: Request, slug: str) -> Response:
    opened, viewer_, language_ = context(request)
    vocabulary = vocabularies.get_vocabulary(opened, viewer_, slug)
    view = vocabulary_views.page(opened, viewer_, vocabulary, language_)
    return page(request, "vocabularies/page.html", vocabulary=view)


def download(request: Request) -> Response:
    """All of a vocabulary as Turtle."""
    slug = path(request, "slug")
    vocabularies.get_vocabulary(desk(request), viewer(request), slug)
    triples = descriptions.vocabulary_terms(desk(request), slug)
    return linked_data.rdf(triples, negotiation.TURTLE)


def term(request: Request) -> Response:
    """/terms?iri= one term; /terms?q= those that fit."""
    iri = request.query_params.get("iri", "")
    if not iri:
        return _search(request)
    wanted = negotiation.SUFFIXES.get(request.query_params.get("format", ""))
    accept = request.headers.get("accept")
    media_type = wanted or negotiation.negotiate(accept, (negotiation.HTML, *negotiation.RDF))
    if media_type != negotiation.HTML:
        return linked_data.rdf(descriptions.term(desk(request), iri), media_type)
    opened, viewer_, language_ = context(request)
    carriers = vocabulary_views.carriers(opened, viewer_, iri, language_)
    response = page(
        request,
        "terms/page.html",
        term=vocabulary_views.term(opened, viewer_, iri, language_),
        items=carriers,
        total=len(carriers),
        path=f"/terms?iri={quote(iri, safe='')}&format=",
    )
    response.headers.add_vary_header("Accept")
    return response


def _search(request: Request) -> Response:
    opened, viewer_, language_ = context(request)
    query, slug = request.query_params.get("q", ""), request.query_params.get("vocabulary", "")
    named = None
    if slug:
        vocabulary = vocabularies.get_vocabulary(opened, viewer_, slug)
        named = Named(slug, choose(vocabulary.title, language_, slug))
    found = term_views.suggest(opened, viewer_, query, [slug] if slug else [], language_, _MOST)
    return page(request, "terms/index.html", query=query, vocabulary=named, suggestions=found)


def suggest(request: Request) -> Response:
    """JSON for programs, the list fragment for the search box; the best first."""
    query = request.query_params.get("q", "")
    found = term_views.suggest(
        desk(request), viewer(request), query, _vocabularies(request),
        request.query_params.get("lang") or language(), _limit(request),
    )  # fmt: skip
    if negotiation.choose(request.headers.get("accept"), _OFFERS) == "application/json":
        return Response(
            orjson.dumps([_json(each) for each in found]), media_type="application/json",
            headers={**negotiation.VARY, "Access-Control-Allow-Origin": "*"},
        )  # fmt: skip
    response = page(request, "terms/_suggestions.html", suggestions=found, query=query)
    response.headers.add_vary_header("Accept")
    return response


_OFFERS = ("application/json", negotiation.HTML)


def _vocabularies(request: Request) -> list[str]:
    """Repeated, or comma-joined; none means all."""
    given = request.query_params.getlist("vocabulary")
    return [slug for each in given for slug in each.split(",") if slug]


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", "")
    return max(1, min(int(text), _MOST)) if text.isdecimal() and len(text) < 4 else 10


_SHOWN = [field.name for field in fields(SuggestionView)]


def _json(found: SuggestionView) -> dict[str, object]:
    crumbs = found.breadcrumb.split(term_views.SEPARATOR) if found.breadcrumb else []
    return {name: getattr(found, name) for name in _SHOWN} | {"breadcrumb": crumbs}


def dereference(request: Request) -> Response:
    """A term of a vocabulary made here."""
    base = desk(request).names.path(f"term/{path(request, 'slug')}/").value
    return linked_data.data(
        request, path(request, "id"), lambda name: descriptions.term(desk(request), base + name)
    )


def identifier(request: Request) -> Response:
    return linked_data.see(f"/vocabularies/{path(request, 'slug')}")


routes = [
    Route("/vocabularies", index),
    Route("/vocabularies/{slug}", show),
    Route("/vocabularies/{slug}/terms.ttl", download),
    Route("/vocabulary/{slug}", identifier),
    Route("/terms", term),
    Route("/terms/suggest", suggest),
    Route("/term/{slug}/{id}", dereference),
]
