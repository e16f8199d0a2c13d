"""The form that loads a vocabulary: what was sent or named is read in the background."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import import_forms, inputs, jobs, vocabulary_loads
from server.domain.inputs import Upload
from server.domain.jobs import Job
from server.errors import Invalid, Problem
from server.i18n import _
from server.names import new_id
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.requests import desk, now, see_other
from server.web.vocabulary_load_values import (
    LoadForm,
    as_before,
    fields,
    is_elsewhere,
    options,
    read,
    sources,
)
from server.web.vocabulary_loads import organiser, standing


def form(request: Request) -> Response:
    organiser(request)
    slug = request.query_params.get("slug", "")
    return _form_page(request, _given_before(request, slug) if slug else LoadForm())


def _given_before(request: Request, slug: str) -> LoadForm:
    last = next(iter(vocabulary_loads.find_reports(desk(request), slug)), None)
    return as_before(last) if last else LoadForm(slug=slug)


def _form_page(request: Request, given: LoadForm, error: Invalid | None = None) -> Response:
    return page(
        request, "vocabularies/load.html", status_code=422 if error else 200, form=given,
        errors=_errors(error), sources=sources(), options=fields(),
        standing=standing(request, request.query_params.get("slug", "")),
    )  # fmt: skip


@posted
def load(request: Request, given: Form) -> Response:
    """Read what was sent or named, in the background; what it would change is then looked at."""
    person, opened, when = organiser(request), desk(request), now()
    asked = read(given)
    files = [(one.filename or "", one.file) for one in given.files("files")]
    try:
        named = _with_slug(request, asked, files[0][0] if files else "")
        wanted = options(named)
        vocabulary_loads.require_usable(wanted)
        kept = Upload(new_id(), wanted.slug, wanted.title)
        if files:
            inputs.receive(opened.settings.data, kept, files, [])
        elif not is_elsewhere(wanted):
            message = _("Choose at least one file.")
            raise Invalid(message, (Problem("files", message),))
    except Invalid as error:
        return _form_page(request, asked, error)
    paths = kept.sources(opened.settings.data) if files else ()
    wanted = replace(wanted, paths=tuple(paths))

    def work(job: Job) -> str:
        try:
            prepared = vocabulary_loads.prepare(
                opened, person, wanted, now=when, progress=job.tell, stop=job.stopping.is_set
            )
        finally:
            inputs.forget(opened.settings.data, kept.id)
        return f"/vocabularies/{wanted.slug}/loads/{prepared.report.id}"

    known = standing(request, wanted.slug)
    name = wanted.title or (known.title if known else wanted.slug)
    title = _("Reading {title}", title=name)
    job = Job(title, again=f"/vocabularies/load?slug={wanted.slug}", in_bytes=True)
    return see_other(f"/jobs/{jobs.of(opened).start(job, work).id}")


def _with_slug(request: Request, asked: LoadForm, file: str) -> LoadForm:
    """With a short name; one that nobody wrote is never that of a vocabulary that stands."""
    if asked.slug:
        return asked
    address = asked.url.rstrip("/").rpartition("/")[2]
    told = [asked.title, file.partition(".")[0], address.partition(".")[0]]
    if asked.source in ("aat", "geonames", "wikidata"):
        told.append(asked.source)
    slug = next((found for each in told if (found := import_forms.slug_of(each))), "")
    if slug and standing(request, slug):
        message = _(
            "“{slug}” stands already. Write that name for a newer release of it, else another.",
            slug=slug,
        )
        raise Invalid(message, (Problem("slug", message),))
    return replace(asked, slug=slug)


def _errors(error: Invalid | None) -> dict[str, str]:
    if error is None:
        return {}
    return {one.field: one.message for one in error.problems} or {"": str(error)}


routes = [
    Route("/vocabularies/load", form),
    Route("/vocabularies/load", load, methods=["POST"]),
]
