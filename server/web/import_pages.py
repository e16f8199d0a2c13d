"""Importing in the browser: upload, say what columns mean, look at what would change, confirm."""

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import BinaryIO

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import collection_views, import_forms, imports, inputs, jobs, permissions
from server.domain import collections as domain_collections
from server.domain.accounts import Person
from server.domain.collections import Said
from server.domain.imports import Options, Survey
from server.domain.inputs import Upload
from server.domain.jobs import Job
from server.errors import Invalid, NotFound
from server.formats.sheet_mapping import Mapping
from server.i18n import _
from server.names import new_id
from server.web import templates
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.requests import context, desk, language, now, path, person, see_other, viewer


@dataclass(frozen=True, slots=True)
class ImportForm:
    slug: str = ""
    title: str = ""
    private: bool = False
    strict: bool = False
    upload: str = ""


def form(request: Request) -> Response:
    _organiser(request)
    slug = request.query_params.get("collection", "")
    title = ""
    if slug:
        title = collection_views.get_row(desk(request), viewer(request), slug).title
    return _upload_page(request, ImportForm(slug, title))


def _upload_page(request: Request, given: ImportForm, error: Invalid | None = None) -> Response:
    cards = collection_views.cards(*context(request))
    return page(
        request,
        "collections/import.html",
        status_code=422 if error else 200,
        step=1, form=given, errors=_errors(error),
        collections=[(card.slug, card.title) for card in cards],
    )  # fmt: skip


@posted
def upload(request: Request, given: Form) -> Response:
    _organiser(request)
    slug = given.get("slug").strip() or import_forms.slug_of(given.get("title"))
    kept = Upload(
        new_id(), slug, given.get("title").strip(), given.get("description").strip(),
        given.flag("private"), given.flag("strict"),
    )  # fmt: skip
    try:
        domain_collections.dataset_for(desk(request), _said(kept))
        files, images = _streams(given, "files"), _streams(given, "images")
        with ExitStack() as stack:
            if not files:  # of a collection that is there, those of the last import
                again = imports.find_kept(desk(request), kept.slug)
                files = [(one.name, stack.enter_context(one.open("rb"))) for one in again]
            inputs.receive(desk(request).settings.data, kept, files, images)
    except Invalid as error:
        shown = ImportForm(kept.slug, kept.title, kept.private, kept.strict)
        return _upload_page(request, shown, error)
    if imports.is_table(_options(request, kept)):
        return see_other(f"/collections/import/{kept.id}")
    return _start(request, kept, None)


def _streams(given: Form, name: str) -> list[tuple[str, BinaryIO]]:
    return [(one.filename or "", one.file) for one in given.files(name)]


def columns(request: Request) -> Response:
    """Step 2: what the columns of a spreadsheet mean, as guessed or as before."""
    _organiser(request)
    kept = inputs.get(desk(request).settings.data, path(request, "upload"))
    source = _options(request, kept).sources[0]
    return _columns_page(request, kept, imports.survey_again(desk(request), source, kept.slug))


@posted
def map_columns(request: Request, given: Form) -> Response:
    _organiser(request)
    kept = inputs.get(desk(request).settings.data, path(request, "upload"))
    source = _options(request, kept).sources[0]
    standing = imports.survey(desk(request), source).mapping
    mapping = import_forms.mapping_of(standing, given.get)
    if given.get("then") == "preview":
        return _columns_page(request, kept, imports.survey(desk(request), source, mapping))
    try:
        import_forms.require_complete(mapping)
    except Invalid as error:
        return _columns_page(request, kept, imports.survey(desk(request), source, mapping), error)
    return _start(request, kept, mapping)


def _columns_page(
    request: Request, kept: Upload, survey: Survey, error: Invalid | None = None
) -> Response:
    return page(
        request,
        "collections/import.html",
        status_code=422 if error else 200,
        step=2,
        form=ImportForm(kept.slug, kept.title, kept.private, kept.strict, kept.id),
        errors=_errors(error),
        collections=[],
        table=import_forms.table(survey),
        mapping=import_forms.rows(survey.mapping),
        choices=import_forms.choices(templates.language_name),
        missing=import_forms.asked(survey.mapping),
        previews=survey.previews,
    )


def _start(request: Request, kept: Upload, mapping: Mapping | None) -> Response:
    """Read the files in the background; what they would change is then looked at."""
    opened, organiser, when = desk(request), _organiser(request), now()
    options = replace(_options(request, kept), mapping=mapping)

    def work(job: Job) -> str:
        prepared = imports.prepare(
            opened, organiser, options, now=when, progress=job.tell, stop=job.stopping.is_set
        )
        inputs.forget(opened.settings.data, kept.id)
        return f"/collections/{kept.slug}/imports/{prepared.report.id}"

    title = _("Reading {title}", title=kept.title or kept.slug)
    return see_other(f"/jobs/{jobs.of(opened).start(Job(title), work).id}")


def report(request: Request) -> Response:
    """What an import did, or would do."""
    _organiser(request)
    opened, viewer_, language_ = context(request)
    slug, import_id = path(request, "slug"), path(request, "id")
    view = collection_views.report(opened, viewer_, slug, import_id, language_)
    try:
        row = collection_views.get_row(opened, viewer_, slug)
        collection = {"slug": slug, "title": row.title, "exists": True}
        private = row.dataset == "work"
    except NotFound:
        collection = {"slug": slug, "title": view.report.title, "exists": False}
        private = False
    return page(
        request,
        "collections/report.html",
        collection=collection, report=view.report, problems=view.problems,
        warnings=view.warnings, mends=view.mends, examples_gone=view.examples_gone,
        can_undo=view.can_undo, may_publish=private,
    )  # fmt: skip


@posted
def apply(request: Request, _form: Form) -> Response:
    opened, organiser, when = desk(request), _organiser(request), now()
    slug, import_id = path(request, "slug"), path(request, "id")
    prepared = imports.find_prepared(opened, slug, import_id)

    def work(job: Job) -> str:
        imports.apply(opened, organiser, prepared, now=when, progress=job.tell)
        return f"/collections/{slug}/imports/{import_id}"

    title = _("Bringing in {title}", title=prepared.report.title or slug)
    return see_other(f"/jobs/{jobs.of(opened).start(Job(title, may_stop=False), work).id}")


@posted
def discard(request: Request, _form: Form) -> Response:
    slug = path(request, "slug")
    prepared = imports.find_prepared(desk(request), slug, path(request, "id"))
    imports.discard(desk(request), _organiser(request), prepared)
    return see_other("/collections")


@posted
def undo(request: Request, _form: Form) -> Response:
    opened, organiser, when = desk(request), _organiser(request), now()
    slug = path(request, "slug")
    collection_views.get_row(opened, viewer(request), slug)

    def work(job: Job) -> str:
        imports.undo(opened, organiser, slug, now=when, progress=job.tell)
        return f"/collections/{slug}"

    title = _("Taking the last import back")
    return see_other(f"/jobs/{jobs.of(opened).start(Job(title, may_stop=False), work).id}")


def _organiser(request: Request) -> Person:
    return permissions.require(person(request), "import")


def _options(request: Request, kept: Upload) -> Options:
    data = desk(request).settings.data
    return Options(_said(kept), kept.sources(data), kept.images(data), strict=kept.strict)


def _said(kept: Upload) -> Said:
    return Said(kept.slug, kept.title, kept.description, language(), kept.private)


def _errors(error: Invalid | None) -> dict[str, str]:
    if error is None:
        return {}
    return {one.field: one.message for one in error.problems} or {"": str(error)}


routes = [
    Route("/collections/import", form),
    Route("/collections/import", upload, methods=["POST"]),
    Route("/collections/import/{upload}", columns),
    Route("/collections/import/{upload}", map_columns, methods=["POST"]),
    Route("/collections/{slug}/imports/{id}", report),
    Route("/collections/{slug}/imports/{id}/apply", apply, methods=["POST"]),
    Route("/collections/{slug}/imports/{id}/discard", discard, methods=["POST"]),
    Route("/collections/{slug}/undo", undo, methods=["POST"]),
]
