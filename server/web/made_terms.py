"""Terms by hand: the form of one, retiring it, taking it out, copying it elsewhere."""

from dataclasses import replace
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import (
    import_forms,
    made_terms,
    made_vocabularies,
    permissions,
    term_copies,
    term_views,
    texts,
    vocabularies,
    vocabulary_loads,
)
from server.domain.accounts import Person
from server.domain.made_term_values import MadeTerm
from server.errors import Conflict, Invalid, NotFound
from server.i18n import _
from server.names import is_safe_iri
from server.web import made_term_forms, templates
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.requests import context, desk, language, now, path, person, see_other, viewer

_FOUND = 10  # broader terms that a search without scripts shows


def new(request: Request) -> Response:
    _organiser(request)
    made_vocabularies.require(desk(request), path(request, "slug"))
    below = request.query_params.get("broader", "")
    term = MadeTerm(labels=((language(), ""),), broader=(below,) if is_safe_iri(below) else ())
    return _form(request, term)


@posted
def create(request: Request, given: Form) -> Response:
    return _save(request, given, "")


def edit(request: Request) -> Response:
    """The form; of a term that came in bulk a page that says why there is none."""
    _organiser(request)
    slug, iri = path(request, "slug"), _iri(request.query_params.get("iri", ""))
    try:
        return _form(request, made_terms.get(desk(request), slug, iri))
    except NotFound:
        made_vocabularies.require(desk(request), slug)
        if not made_terms.is_known(desk(request), iri):
            raise
        return _fixed(request, slug, iri)


@posted
def change(request: Request, given: Form) -> Response:
    return _save(request, given, _iri(given.get("iri")))


def _save(request: Request, given: Form, iri: str) -> Response:
    organiser, slug = _organiser(request), path(request, "slug")
    term = replace(made_term_forms.entered(given), iri=iri)
    if iri:
        standing = made_terms.get(desk(request), slug, iri)
        term = replace(term, retired=standing.retired, replacement=standing.replacement)
    action = given.get("then")
    if action not in ("", "save"):
        term = made_term_forms.acted(term, action)
        words = given.get("words") if action == "find-broader" else None
        return _form(request, term, words=words)
    save = made_terms.change if iri else made_terms.add
    try:
        saved = save(desk(request), organiser, slug, term, now=now())
    except Invalid as error:
        return _form(request, term, made_term_forms.errors_of(error))
    return see_other(f"{_address(slug, saved)}&saved=1")


@posted
def retire(request: Request, given: Form) -> Response:
    organiser, slug, iri = _organiser(request), path(request, "slug"), _iri(given.get("iri"))
    replacement = given.get("replacement").strip()
    try:
        if given.get("then") == "restore":
            made_terms.restore(desk(request), organiser, slug, iri, now=now())
        else:
            made_terms.retire(desk(request), organiser, slug, iri, replacement, now=now())
    except Invalid as error:
        term = replace(made_terms.get(desk(request), slug, iri), replacement=replacement)
        return _form(request, term, made_term_forms.errors_of(error))
    return see_other(_address(slug, iri))


@posted
def remove(request: Request, given: Form) -> Response:
    organiser, slug, iri = _organiser(request), path(request, "slug"), _iri(given.get("iri"))
    try:
        made_terms.remove(desk(request), organiser, slug, iri, now=now())
    except Conflict as error:
        term = made_terms.get(desk(request), slug, iri)
        return _form(request, term, {"": str(error)}, status=409)
    return see_other(f"/vocabularies/{slug}/terms")


@posted
def copy(request: Request, given: Form) -> Response:
    """A term that cannot be changed where it is, into a vocabulary where it can."""
    organiser, iri, into = _organiser(request), _iri(given.get("iri")), given.get("into")
    pasted = term_copies.understand(desk(request), into, iri)
    if pasted.unknown:
        raise Invalid(pasted.unknown[0][1])
    term_copies.add(desk(request), organiser, into, pasted.terms, now=now())
    return see_other(_address(into, iri))


def _form(
    request: Request, term: MadeTerm, errors: dict[str, str] | None = None, *,
    words: str | None = None, status: int = 422,
) -> Response:  # fmt: skip
    opened, viewer_, language_ = context(request)
    slug = path(request, "slug")
    found = []
    if words:
        found = term_views.suggest(opened, viewer_, words, [slug], language_, _FOUND)
    return page(
        request,
        "vocabularies/make_term.html",
        status_code=status if errors else 200,
        vocabulary=_named(request, slug),
        term=made_term_forms.padded(term),
        broader=term_views.short_views(opened, viewer_, term.broader, language_),
        found=[each for each in found if each.iri not in term.broader],
        words=words,
        errors=errors or {},
        saved="saved" in request.query_params and not errors,
        kinds=made_term_forms.kinds(),
        languages=[(code, templates.language_name(code)) for code in import_forms.LANGUAGES],
    )


def _fixed(request: Request, slug: str, iri: str) -> Response:
    opened, viewer_, language_ = context(request)
    others = [
        (each.slug, texts.choose(each.title, language_, each.slug))
        for each in vocabularies.find_vocabularies(opened, viewer_)
        if each.slug != slug
    ]
    return page(
        request,
        "vocabularies/make_fixed.html",
        vocabulary=_named(request, slug),
        term=term_views.view(opened, viewer_, iri, language_),
        # Those that were never loaded are somebody's own.
        others=sorted(
            others, key=lambda each: bool(vocabulary_loads.find_reports(opened, each[0]))
        ),
    )


def _named(request: Request, slug: str) -> dict[str, str]:
    vocabulary = vocabularies.get_vocabulary(desk(request), viewer(request), slug)
    return {"slug": slug, "title": texts.choose(vocabulary.title, language(), slug)}


def _address(slug: str, iri: str) -> str:
    return f"/vocabularies/{slug}/terms/edit?iri={quote(iri, safe='')}"


def _iri(text: str) -> str:
    if not is_safe_iri(text):
        raise NotFound(_("There is no such term."))
    return text


def _organiser(request: Request) -> Person:
    return permissions.require(person(request), "import")


routes = [
    Route("/vocabularies/{slug}/terms/new", new),
    Route("/vocabularies/{slug}/terms/new", create, methods=["POST"]),
    Route("/vocabularies/{slug}/terms/edit", edit),
    Route("/vocabularies/{slug}/terms/edit", change, methods=["POST"]),
    Route("/vocabularies/{slug}/terms/retire", retire, methods=["POST"]),
    Route("/vocabularies/{slug}/terms/remove", remove, methods=["POST"]),
    Route("/vocabularies/{slug}/terms/copy", copy, methods=["POST"]),
]
