"""Loads of a vocabulary in the browser: look at what would change, apply, take back, reopen."""

from collections.abc import Iterator
from itertools import islice

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from server.domain import (
    jobs,
    permissions,
    reopening,
    texts,
    vocabularies,
    vocabulary_lists,
    vocabulary_load_views,
    vocabulary_loads,
    vocabulary_metadata,
    waiting_loads,
)
from server.domain.accounts import Person
from server.domain.campaign_views import Named
from server.domain.jobs import Job
from server.errors import NotFound
from server.i18n import _, ngettext
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.requests import desk, language, now, path, person, see_other, viewer


def index(request: Request) -> Response:
    """The loads of a vocabulary, newest first."""
    organiser(request)
    slug, opened = path(request, "slug"), desk(request)
    found = vocabulary_loads.find_reports(opened, slug)
    if not found and not vocabulary_metadata.standing(opened, slug):
        raise NotFound(_("There is no such vocabulary."))
    can_undo = vocabulary_loads.can_undo(opened, slug)
    return page(
        request, "vocabularies/loads.html", slug=slug, standing=standing(request, slug),
        reports=found, can_undo=can_undo,
    )  # fmt: skip


def report(request: Request) -> Response:
    said = request.query_params
    wanted = vocabulary_load_views.wanted(
        said.get("kind", ""), said.get("q", ""), bool(said.get("used")), said.get("at", "")
    )
    opened, slug = desk(request), path(request, "slug")
    view = vocabulary_load_views.page(
        opened, organiser(request), slug, path(request, "id"), wanted, language()
    )
    return page(
        request, "vocabularies/load_report.html", standing=standing(request, slug),
        sample=waiting_loads.sample(opened, view["report"], language()), **view,
    )  # fmt: skip


def changes(request: Request) -> Response:
    """All changes as a table."""
    organiser(request)
    slug, load_id, data = path(request, "slug"), path(request, "id"), desk(request).settings.data
    found = vocabulary_load_views.get_report(desk(request), slug, load_id)
    lines = _pieces(vocabulary_lists.csv_lines(data, found))
    name = f'attachment; filename="{slug}-changes.csv"'
    return StreamingResponse(
        lines, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": name}
    )


def _pieces(lines: Iterator[str]) -> Iterator[str]:
    """Some hundred lines at a time: each piece is handed from one thread to another."""
    while piece := list(islice(lines, 500)):
        yield "".join(piece)


@posted
def apply(request: Request, _form: Form) -> Response:
    opened, by, when = desk(request), organiser(request), now()
    slug, load_id = path(request, "slug"), path(request, "id")
    prepared = vocabulary_loads.find_prepared(opened, slug, load_id)

    def work(job: Job) -> str:
        vocabulary_loads.apply(opened, by, prepared, now=when, progress=job.tell)
        return f"/vocabularies/{slug}/loads/{load_id}"

    known = standing(request, slug)
    name = known.title if known else prepared.report.title or slug
    title = _("Bringing in {title}", title=name)
    job = Job(title, may_stop=False, again="/vocabularies/load")
    return see_other(f"/jobs/{jobs.of(opened).start(job, work).id}")


@posted
def discard(request: Request, _form: Form) -> Response:
    slug = path(request, "slug")
    prepared = vocabulary_loads.find_prepared(desk(request), slug, path(request, "id"))
    vocabulary_loads.discard(desk(request), organiser(request), prepared)
    return see_other(f"/vocabularies/{slug}" if standing(request, slug) else "/vocabularies")


@posted
def undo(request: Request, _form: Form) -> Response:
    opened, by, when = desk(request), organiser(request), now()
    slug = path(request, "slug")
    if not vocabulary_loads.can_undo(opened, slug):
        raise NotFound(_("There is no load to take back."))

    def work(job: Job) -> str:
        vocabulary_loads.undo(opened, by, slug, now=when, progress=job.tell)
        return f"/vocabularies/{slug}/loads"

    job = Job(_("Taking the last load back"), may_stop=False, again="/vocabularies/load")
    return see_other(f"/jobs/{jobs.of(opened).start(job, work).id}")


@posted
def reopen(request: Request, given: Form) -> Response:
    """Have annotations judged anew whose terms changed: of some kinds of change, or of one term."""
    opened, by, when = desk(request), organiser(request), now()
    slug, load_id = path(request, "slug"), path(request, "id")
    found = vocabulary_load_views.get_report(opened, slug, load_id)
    kinds, term = given.all("kind"), given.get("term")
    reopening.require_kinds(kinds)

    def work(job: Job) -> str:
        told = _("annotations")
        done = reopening.reopen(
            opened, by, found, kinds, now=when, term=term,
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


def organiser(request: Request) -> Person:
    return permissions.require(person(request), "import")


def standing(request: Request, slug: str) -> Named | None:
    """The vocabulary of a short name, where there is one."""
    try:
        found = vocabularies.get_vocabulary(desk(request), viewer(request), slug)
    except NotFound:
        return None
    return Named(slug, texts.choose(found.title, language(), slug))


routes = [
    Route("/vocabularies/{slug}/loads", index),
    Route("/vocabularies/{slug}/loads/{id}", report),
    Route("/vocabularies/{slug}/loads/{id}/changes.csv", changes),
    Route("/vocabularies/{slug}/loads/{id}/apply", apply, methods=["POST"]),
    Route("/vocabularies/{slug}/loads/{id}/discard", discard, methods=["POST"]),
    Route("/vocabularies/{slug}/loads/{id}/reopen", reopen, methods=["POST"]),
    Route("/vocabularies/{slug}/undo", undo, methods=["POST"]),
]
