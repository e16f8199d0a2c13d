"""Collections: the list, the page of one, its kept images, making it public."""

import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from server.domain import (
    collection_views,
    collections,
    descriptions,
    jobs,
    permissions,
    structured_views,
)
from server.domain.jobs import Job
from server.domain.pictures import MEDIA_TYPES
from server.errors import NotFound
from server.i18n import _
from server.names import EDM
from server.web import (
    api_items,
    api_services,
    conditions,
    import_pages,
    linked_data,
    structured_data,
)
from server.web.api_operations import described, wants
from server.web.cross_origin import DataRoute
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.requests import by_htmx, context, desk, now, path, person, see_other, viewer

#: Named by their content when they were kept, or the thumbnails of such.
_MEDIA = re.compile(r"[0-9a-f]{32}(\.400)?(\.[a-z]{3,4})")
_TYPES = {**MEDIA_TYPES, ".tif": "image/tiff"}
_SVG_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
_IMMUTABLE = "max-age=31536000, immutable"


@described(api_items.COLLECTIONS, api_items.collections)
def index(request: Request) -> Response:
    cards = collection_views.cards(*context(request))
    may_import = permissions.may(person(request), "import")
    return page(request, "collections/index.html", collections=cards, may_import=may_import)


@described(api_items.COLLECTION, api_items.collection)
def show(request: Request) -> Response:
    return linked_data.respond(
        request,
        path(request, "slug"),
        page=lambda slug: _page(request, slug),
        triples=lambda slug: descriptions.collection(desk(request), slug),
        about=EDM.Collection,
        public=True,
    )


def _page(request: Request, slug: str) -> Response:
    opened, viewer_, language = context(request)
    query, number = request.query_params.get("q", "")[:200], request.query_params.get("page", "")
    place = int(number[:6]) if number.isascii() and number.isdecimal() else 1
    items, total, pages = collection_views.listing(opened, viewer_, slug, query, place, language)
    collection = collection_views.page(opened, viewer_, slug, language)
    return page(
        request,
        "collections/page.html",
        collection=collection,
        structured=structured_data.script(structured_views.collection(opened, collection)),
        items=items, total=total, query=query, pages=pages,
        may_edit=permissions.may(person(request), "import"),
        updating=opened.updating,
    )  # fmt: skip


@posted
def publish(request: Request, _form: Form) -> Response:
    organiser = permissions.require(person(request), "import")
    opened, slug, when = desk(request), path(request, "slug"), now()
    collection_views.get_row(opened, viewer(request), slug)

    def work(job: Job) -> str:
        collections.publish_collection(opened, organiser, slug, now=when, progress=job.tell)
        return f"/collections/{slug}"

    title = _("Making the collection public")
    return see_other(f"/jobs/{jobs.of(opened).start(Job(title, may_stop=False), work).id}")


@described(api_services.JOB)
def job(request: Request) -> Response:
    """The page of background work, or its fragment for htmx."""
    found = _job(request)
    if wants(request):
        return api_services.job(request, found)
    name = "collections/_job.html" if by_htmx(request) else "collections/job.html"
    return page(request, name, job=found)


def _job(request: Request) -> Job:
    """One's own, such as answering a thousand times at once; any, for those who may import."""
    me, named = person(request), path(request, "id")
    found = jobs.of(desk(request)).find(named)
    if found is None or me is None or found.by != me.id:
        permissions.require(me, "import")
    return jobs.of(desk(request)).get(named)


@posted
@described(api_services.STOP)
def stop_job(request: Request, _form: Form) -> Response:
    found = jobs.of(desk(request)).stop(_job(request).id)
    if wants(request):
        return api_services.job(request, found)
    return see_other(f"/jobs/{found.id}")


@described(api_items.ITEMS)
def items(request: Request) -> Response:
    return api_items.collection_items(request)


def media(request: Request) -> Response:
    """A kept image of a collection that the viewer may see; it never changes."""
    slug, name = path(request, "slug"), path(request, "file")
    row = collection_views.get_row(desk(request), viewer(request), slug)
    found = _MEDIA.fullmatch(name)
    file: Path = desk(request).settings.data / "media" / slug / name
    if found is None or found[2] not in _TYPES or not file.is_file():
        raise NotFound(_("There is no such image."))
    scope = "public" if row.dataset == "public" else "private"
    headers = {"ETag": f'"{name}"', "Cache-Control": f"{scope}, {_IMMUTABLE}"}
    if found[2] == ".svg":
        headers["Content-Security-Policy"] = _SVG_POLICY
    known = conditions.not_modified(request, headers)
    return known or FileResponse(file, media_type=_TYPES[found[2]], headers=headers)


def identifier(request: Request) -> Response:
    return linked_data.see(f"/collections/{path(request, 'slug')}")


routes = [
    *import_pages.routes,
    Route("/collections", index),
    DataRoute("/collections/{slug}", show),
    DataRoute("/collections/{slug}/items", items),
    Route("/collections/{slug}/publish", publish, methods=["POST"]),
    DataRoute("/collection/{slug}", identifier),
    Route("/jobs/{id}", job),
    Route("/jobs/{id}/stop", stop_job, methods=["POST"]),
    Route("/media/{slug}/{file}", media),
]
