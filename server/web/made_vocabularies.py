"""Making a vocabulary in the browser: what it is as a whole, and the list of its own terms."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from server.domain import (
    import_forms,
    made_terms,
    made_vocabularies,
    paging,
    permissions,
    term_downloads,
    texts,
    vocabularies,
)
from server.domain.accounts import Person
from server.domain.made_vocabularies import Said
from server.errors import Conflict, Invalid
from server.web import templates
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.requests import (
    chosen_language,
    desk,
    language,
    now,
    path,
    person,
    see_other,
    viewer,
)

_LISTED = 50  # terms on a page
#: What the shape calls a field, and what the form does.
_FORM_NAMES = {"license": "licence", "rights": "attribution"}


def new(request: Request) -> Response:
    _organiser(request)
    return _form(request, Said("", language=language()), new=True)


@posted
def create(request: Request, given: Form) -> Response:
    said = _said(given, given.get("slug").strip() or import_forms.slug_of(given.get("title")))
    try:
        made_vocabularies.create(desk(request), _organiser(request), said, now=now())
    except (Invalid, Conflict) as error:
        return _form(request, replace(said, slug=given.get("slug")), error, new=True)
    return see_other(f"/vocabularies/{said.slug}")


def edit(request: Request) -> Response:
    _organiser(request)
    wanted = chosen_language(request) or language()
    return _form(request, made_vocabularies.get(desk(request), path(request, "slug"), wanted))


@posted
def change(request: Request, given: Form) -> Response:
    said = _said(given, path(request, "slug"))
    try:
        made_vocabularies.edit(desk(request), _organiser(request), said, now=now())
    except Invalid as error:
        return _form(request, said, error)
    return see_other(f"/vocabularies/{said.slug}")


def terms(request: Request) -> Response:
    """The terms that were made here, with those that are retired."""
    _organiser(request)
    slug, number = path(request, "slug"), paging.number(request.query_params.get("page", ""))
    shown = made_terms.listed(desk(request), slug, _LISTED + 1, (number - 1) * _LISTED)
    return page(
        request,
        "vocabularies/make_terms.html",
        vocabulary=_named(request, slug),
        terms=shown[:_LISTED],
        previous=number - 1,
        next=number + 1 if len(shown) > _LISTED else 0,
    )


def download(request: Request) -> Response:
    """All terms as CSV, in columns that can be changed and uploaded again."""
    slug = path(request, "slug")
    return StreamingResponse(
        term_downloads.rows(desk(request), viewer(request), slug),
        media_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": f'attachment; filename="{slug}.csv"'},
    )


def _form(
    request: Request, said: Said, error: Invalid | Conflict | None = None, new: bool = False
) -> Response:
    return page(
        request,
        "vocabularies/make.html",
        status_code=422 if error else 200,
        form=said,
        new=new,
        errors=_errors(error),
        languages=[(code, templates.language_name(code)) for code in import_forms.LANGUAGES],
        said_in=[] if new else made_vocabularies.languages(desk(request), said.slug),
    )


def _said(given: Form, slug: str) -> Said:
    names = ("title", "description", "source", "licence", "attribution", "language")
    return Said(slug, *(given.get(name).strip() for name in names))


def _errors(error: Invalid | Conflict | None) -> dict[str, str]:
    if error is None:
        return {}
    if isinstance(error, Conflict):
        return {"slug": str(error)}
    found = {_FORM_NAMES.get(one.field, one.field): one.message for one in error.problems}
    return found or {"": str(error)}


def _named(request: Request, slug: str) -> dict[str, str]:
    vocabulary = vocabularies.get_vocabulary(desk(request), viewer(request), slug)
    return {"slug": slug, "title": texts.choose(vocabulary.title, language(), slug)}


def _organiser(request: Request) -> Person:
    return permissions.require(person(request), "import")


routes = [
    Route("/vocabularies/new", new),
    Route("/vocabularies/new", create, methods=["POST"]),
    Route("/vocabularies/{slug}/edit", edit),
    Route("/vocabularies/{slug}/edit", change, methods=["POST"]),
    Route("/vocabularies/{slug}/terms", terms),
    Route("/vocabularies/{slug}/terms.csv", download),
]
