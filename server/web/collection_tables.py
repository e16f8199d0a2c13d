"""A collection as a table that goes back to its museum: what is wished for, and the file."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from server.domain import (
    collection_rows,
    collection_tables,
    collection_views,
    jobs,
    permissions,
    texts,
)
from server.domain.accounts import Person
from server.domain.collection_rows import STATUSES, Status, Wish
from server.domain.jobs import Job
from server.errors import Invalid
from server.formats.sheet_writing import FORMS, MEDIA_TYPES
from server.formats.sheet_writing import Form as FileForm
from server.i18n import _
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.problems import status_of
from server.web.requests import context, desk, language, now, path, person, see_other


def show(request: Request) -> Response:
    return _page(request, Wish(path(request, "slug"), language=language()))


def _page(request: Request, wish: Wish, error: Invalid | None = None) -> Response:
    _organiser(request)
    opened, viewer_, language_ = context(request)
    over = collection_rows.campaigns_over(opened, wish.collection)
    return page(
        request,
        "collections/tables.html",
        status_code=status_of(error) if error else 200,
        collection=collection_views.get_row(opened, viewer_, wish.collection),
        campaigns=[(each.slug, texts.choose(each.title, language_)) for each in over],
        made=collection_tables.find_made(opened, wish.collection),
        wish=wish,
        errors={one.field: one.message for one in error.problems} if error else {},
    )


@posted
def make(request: Request, form: Form) -> Response:
    """Begins the work; its page leads back here, where the table is."""
    organiser, opened, when = _organiser(request), desk(request), now()
    wish = _wish(request, form)
    try:
        collection_tables.check(opened, wish)
    except Invalid as error:
        return _page(request, replace(wish, since=0), error)

    def work(job: Job) -> str:
        collection_tables.make(
            opened, organiser, wish, now=when, progress=job.tell, stop=job.stopping.is_set
        )
        return f"/collections/{wish.collection}/tables"

    again = f"/collections/{wish.collection}/tables"
    job = Job(_("Writing the table"), again=again, by=organiser.id)
    return see_other(f"/jobs/{jobs.of(opened).start(job, work).id}")


def download(request: Request) -> Response:
    _organiser(request)
    slug = path(request, "slug")
    made, file = collection_tables.get_made(desk(request), slug, path(request, "id"))
    return FileResponse(
        file,
        media_type=MEDIA_TYPES[made.wish.form],
        filename=made.name,
        headers={"Cache-Control": "private, no-cache"},
    )


def _wish(request: Request, form: Form) -> Wish:
    """What does not exist is refused by `check`, beside its field."""
    since = form.get("since", "0")
    file_form: FileForm = next((one for one in FORMS if one == form.get("form")), FORMS[0])
    status: Status = next((one for one in STATUSES if one == form.get("status")), "published")
    return Wish(
        path(request, "slug"), file_form, status, tuple(dict.fromkeys(form.all("campaign"))),
        int(since) if since.isascii() and since.isdecimal() and len(since) < 16 else -1,
        language(),
    )  # fmt: skip


def _organiser(request: Request) -> Person:
    return permissions.require(person(request), "see work")


routes = [
    Route("/collections/{slug}/tables", show),
    Route("/collections/{slug}/tables", make, methods=["POST"]),
    Route("/collections/{slug}/tables/{id}", download),
]
