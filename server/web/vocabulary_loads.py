"""Loading a vocabulary in the browser: say what, look at what would change, apply, reopen."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from server.domain import (
    import_forms,
    inputs,
    jobs,
    permissions,
    reopening,
    vocabulary_lists,
    vocabulary_load_views,
    vocabulary_loads,
    vocabulary_metadata,
)
from server.domain.accounts import Person
from server.domain.inputs import Upload
from server.domain.jobs import Job
from server.domain.vocabulary_loads import Options
from server.domain.vocabulary_sources import SOURCES, options_of
from server.errors import Invalid, NotFound, Problem
from server.i18n import _, ngettext
from server.names import new_id
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.requests import desk, language, now, path, person, see_other

#: The fields of the form that hold several values, parted by commas or spaces.
_LISTS = ("classes", "languages", "countries", "feature_classes")
_TEXTS = ("scheme", "base")


@dataclass(frozen=True, slots=True)
class LoadForm:
    source: str = "skos"
    slug: str = ""
    title: str = ""
    url: str = ""
    query: str = ""
    endpoint: str = ""
    replace: bool = False
    reader: dict[str, str] = field(default_factory=dict)


def form(request: Request) -> Response:
    _organiser(request)
    slug = request.query_params.get("slug", "")
    return _form_page(request, _given_before(request, slug) if slug else LoadForm())


def _given_before(request: Request, slug: str) -> LoadForm:
    """As it was loaded the last time."""
    last = next(iter(vocabulary_loads.find_reports(desk(request), slug)), None)
    if last is None:
        return LoadForm(slug=slug)
    reader = {
        name: ", ".join(value) if isinstance(value, list) else str(value)
        for name, value in last.options.items()
    }
    return LoadForm(last.source, slug, last.title, reader=reader)


def _form_page(request: Request, given: LoadForm, error: Invalid | None = None) -> Response:
    return page(
        request, "vocabularies/load.html", status_code=422 if error else 200, form=given,
        errors=_errors(error), sources=_sources(),
    )  # fmt: skip


def _sources() -> list[tuple[str, str]]:
    words = {
        "skos": _("SKOS, in any form of RDF"),
        "csv": _("A table: CSV or Excel"),
        "aat": _("Getty: the explicit export of AAT, TGN or ULAN"),
        "geonames": _("GeoNames: places"),
        "wikidata": _("Wikidata: a dump, a class or a query"),
    }
    return [(source, words[source]) for source in ("skos", "csv", "aat", "geonames", "wikidata")]


@posted
def load(request: Request, given: Form) -> Response:
    """Read what was sent or named, in the background; what it would change is then looked at."""
    organiser, opened, when = _organiser(request), desk(request), now()
    asked = _read_form(given)
    kept = Upload(new_id(), asked.slug, asked.title)
    try:
        options = _options(asked)
        vocabulary_loads.require_usable(options)
        files = [(one.filename or "", one.file) for one in given.files("files")]
        if files:
            inputs.receive(opened.settings.data, kept, files, [])
        elif not _is_elsewhere(options):
            message = _("Choose at least one file.")
            raise Invalid(message, (Problem("files", message),))
    except Invalid as error:
        return _form_page(request, asked, error)
    paths = kept.sources(opened.settings.data) if files else ()
    options = Options(
        options.slug, options.source, paths, options.url, options.query, options.endpoint,
        options.title, options.replace, options.reader,
    )  # fmt: skip

    def work(job: Job) -> str:
        try:
            prepared = vocabulary_loads.prepare(
                opened, organiser, options, now=when, progress=job.tell, stop=job.stopping.is_set
            )
        finally:
            inputs.forget(opened.settings.data, kept.id)
        return f"/vocabularies/{options.slug}/loads/{prepared.report.id}"

    title = _("Reading {title}", title=options.title or options.slug)
    job = Job(title, again=f"/vocabularies/load?slug={options.slug}", in_bytes=True)
    return see_other(f"/jobs/{jobs.of(opened).start(job, work).id}")


def _is_elsewhere(options: Options) -> bool:
    """Whether it needs no file: some places come with the server, the rest is fetched."""
    if options.source == "wikidata":
        return bool(options.query or options.reader.get("classes"))
    return bool(options.url) or options.source == "geonames"


def _read_form(given: Form) -> LoadForm:
    names = (*_LISTS, *_TEXTS, "min_population")
    reader = {name: text for name in names if (text := given.get(name).strip())}
    slug = given.get("slug").strip() or import_forms.slug_of(given.get("title"))
    return LoadForm(
        given.get("source"), slug, given.get("title").strip(), given.get("url").strip(),
        given.get("query").strip(), given.get("endpoint").strip(), given.flag("replace"), reader,
    )  # fmt: skip


def _options(asked: LoadForm) -> Options:
    """Raises Invalid. What is said of other sources in the same form is passed over."""
    if asked.source not in SOURCES:
        message = _("Choose what it is.")
        raise Invalid(message, (Problem("source", message),))
    known, reader = options_of(asked.source), {}
    for name, text in asked.reader.items():
        if name in known:
            reader[name] = _value(name, text)
    return Options(
        asked.slug, asked.source, (), asked.url if asked.source == "skos" else "",
        asked.query if asked.source == "wikidata" else "",
        asked.endpoint if asked.source == "wikidata" else "", asked.title, asked.replace, reader,
    )  # fmt: skip


def _value(name: str, text: str) -> Any:
    if name in _LISTS:
        return text.replace(",", " ").split()
    if name == "min_population":
        if not (text.isascii() and text.isdecimal() and len(text) < 12):
            message = _("Write a number.")
            raise Invalid(message, (Problem(name, message),))
        return int(text)
    return text


# --- what a load would do, or did ----------------------------------------------------------------


def index(request: Request) -> Response:
    """The loads of a vocabulary, newest first."""
    _organiser(request)
    slug, opened = path(request, "slug"), desk(request)
    found = vocabulary_loads.find_reports(opened, slug)
    if not found and not vocabulary_metadata.standing(opened, slug):
        raise NotFound(_("There is no such vocabulary."))
    can_undo = vocabulary_loads.can_undo(opened, slug)
    return page(request, "vocabularies/loads.html", slug=slug, reports=found, can_undo=can_undo)


def report(request: Request) -> Response:
    said = request.query_params
    wanted = vocabulary_load_views.wanted(
        said.get("kind", ""), said.get("q", ""), bool(said.get("used")), said.get("at", "")
    )
    view = vocabulary_load_views.page(
        desk(request), _organiser(request), path(request, "slug"), path(request, "id"), wanted,
        language(),
    )  # fmt: skip
    return page(request, "vocabularies/load_report.html", **view)


def changes(request: Request) -> Response:
    """All changes as a table."""
    _organiser(request)
    slug, load_id, data = path(request, "slug"), path(request, "id"), desk(request).settings.data
    found = vocabulary_load_views.get_report(desk(request), slug, load_id)
    lines: Iterator[str] = vocabulary_lists.csv_lines(data, found)
    name = f'attachment; filename="{slug}-changes.csv"'
    return StreamingResponse(
        lines, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": name}
    )


@posted
def apply(request: Request, _form: Form) -> Response:
    opened, organiser, when = desk(request), _organiser(request), now()
    slug, load_id = path(request, "slug"), path(request, "id")
    prepared = vocabulary_loads.find_prepared(opened, slug, load_id)

    def work(job: Job) -> str:
        vocabulary_loads.apply(opened, organiser, prepared, now=when, progress=job.tell)
        return f"/vocabularies/{slug}/loads/{load_id}"

    title = _("Bringing in {title}", title=prepared.report.title or slug)
    job = Job(title, may_stop=False, again="/vocabularies/load")
    return see_other(f"/jobs/{jobs.of(opened).start(job, work).id}")


@posted
def discard(request: Request, _form: Form) -> Response:
    slug = path(request, "slug")
    prepared = vocabulary_loads.find_prepared(desk(request), slug, path(request, "id"))
    vocabulary_loads.discard(desk(request), _organiser(request), prepared)
    return see_other("/vocabularies")


@posted
def undo(request: Request, _form: Form) -> Response:
    opened, organiser, when = desk(request), _organiser(request), now()
    slug = path(request, "slug")
    if not vocabulary_loads.can_undo(opened, slug):
        raise NotFound(_("There is no load to take back."))

    def work(job: Job) -> str:
        vocabulary_loads.undo(opened, organiser, slug, now=when, progress=job.tell)
        return f"/vocabularies/{slug}/loads"

    job = Job(_("Taking the last load back"), may_stop=False, again="/vocabularies/load")
    return see_other(f"/jobs/{jobs.of(opened).start(job, work).id}")


@posted
def reopen(request: Request, given: Form) -> Response:
    """Have annotations judged anew whose terms changed: of some kinds of change, or of one term."""
    opened, organiser, when = desk(request), _organiser(request), now()
    slug, load_id = path(request, "slug"), path(request, "id")
    found = vocabulary_load_views.get_report(opened, slug, load_id)
    kinds, term = given.all("kind"), given.get("term")
    reopening.require_kinds(kinds)

    def work(job: Job) -> str:
        told = _("annotations")
        done = reopening.reopen(
            opened, organiser, found, kinds, now=when, term=term,
            progress=lambda count: job.tell(told, count, 0), stop=job.stopping.is_set,
        )  # fmt: skip
        job.message = _outcome(done)
        return f"/vocabularies/{slug}/loads/{load_id}"

    job = Job(_("Reopening annotations"), again=f"/vocabularies/{slug}/loads/{load_id}")
    return see_other(f"/jobs/{jobs.of(opened).start(job, work).id}")


def _outcome(done: reopening.Reopened) -> str:
    said = [
        ngettext(
            "{count} annotation was reopened.", "{count} annotations were reopened.",
            done.annotations,
        )
    ]  # fmt: skip
    if done.proposals:
        said.append(
            ngettext(
                "{count} replacement was proposed.", "{count} replacements were proposed.",
                done.proposals,
            )
        )  # fmt: skip
    if left := done.left.total():
        said.append(
            ngettext(
                "{count} is in a campaign of somebody else, and was left.",
                "{count} are in campaigns of somebody else, and were left.", left,
            )
        )  # fmt: skip
    return " ".join(said)


def _organiser(request: Request) -> Person:
    return permissions.require(person(request), "import")


def _errors(error: Invalid | None) -> dict[str, str]:
    if error is None:
        return {}
    return {one.field: one.message for one in error.problems} or {"": str(error)}


routes = [
    Route("/vocabularies/load", form),
    Route("/vocabularies/load", load, methods=["POST"]),
    Route("/vocabularies/{slug}/loads", index),
    Route("/vocabularies/{slug}/loads/{id}", report),
    Route("/vocabularies/{slug}/loads/{id}/changes.csv", changes),
    Route("/vocabularies/{slug}/loads/{id}/apply", apply, methods=["POST"]),
    Route("/vocabularies/{slug}/loads/{id}/discard", discard, methods=["POST"]),
    Route("/vocabularies/{slug}/loads/{id}/reopen", reopen, methods=["POST"]),
    Route("/vocabularies/{slug}/undo", undo, methods=["POST"]),
]
