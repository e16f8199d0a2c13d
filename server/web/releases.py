"""Releases of campaigns: the list, the page that a DOI leads to, the file, making a new one."""

from dataclasses import replace

import orjson
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from server.domain import campaigns, jobs, permissions, releases, texts
from server.domain.jobs import Job
from server.domain.releases import Release, Wish
from server.errors import Conflict, Invalid, NotFound
from server.formats import citations
from server.i18n import _
from server.viewers import PUBLIC
from server.web import conditions, negotiation
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.problems import status_of
from server.web.requests import desk, language, now, path, person, see_other

_DATACITE = "application/vnd.datacite.datacite+json"
_BIBTEX = "application/x-bibtex"
#: What DOIs are resolved to as well (https://citation.crosscite.org/docs.html).
_OFFERED = (negotiation.HTML, _DATACITE, _BIBTEX)
_CORS = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


def index(request: Request) -> Response:
    return _page(request, Wish())


def _page(request: Request, wish: Wish, error: Invalid | Conflict | None = None) -> Response:
    slug = path(request, "slug")
    campaign = campaigns.get_campaign(desk(request), PUBLIC, slug)
    problems = error.problems if isinstance(error, Invalid) else ()
    return page(
        request,
        "releases/index.html",
        status_code=status_of(error) if error else 200,
        campaign={"slug": slug, "title": texts.choose(campaign.title, language())},
        releases=releases.find_all(desk(request), slug),
        may_release=permissions.may(person(request), "publish", campaign),
        wish=wish,
        error="" if problems or error is None else str(error),
        errors={one.field: one.message for one in problems},
    )


@posted
def make(request: Request, form: Form) -> Response:
    organiser = permissions.require(person(request), "see work")
    opened, slug, when = desk(request), path(request, "slug"), now()
    wish = Wish(form.get("title"), form.get("description"), form.get("version"))
    try:
        releases.check(opened, organiser, slug, wish)
    except (Invalid, Conflict) as error:
        return _page(request, wish, error)

    def work(job: Job) -> str:
        made = releases.make(
            opened, organiser, slug, wish, now=when, progress=job.tell, stop=job.stopping.is_set
        )
        return f"/releases/{slug}/{made.number}"

    job = Job(_("Making a release"), again=f"/campaigns/{slug}/releases", by=organiser.id)
    return see_other(f"/jobs/{jobs.of(opened).start(job, work).id}")


def show(request: Request) -> Response:
    release, _file = releases.get(desk(request), path(request, "slug"), _number(request))
    kind = negotiation.negotiate(request.headers.get("accept"), _OFFERED)
    headers = {**_CORS, **negotiation.VARY}
    if kind == _DATACITE:
        told = orjson.dumps(citations.datacite(release.citation), option=orjson.OPT_INDENT_2)
        return Response(told, media_type=_DATACITE, headers=headers)
    if kind == _BIBTEX:
        return Response(_bibtex(release), media_type=_BIBTEX, headers=headers)
    response = _release(request, release)
    response.headers.add_vary_header("Accept")
    return response


def _release(request: Request, release: Release, error: Invalid | None = None) -> Response:
    me = person(request)
    try:
        campaign = campaigns.get_campaign(desk(request), PUBLIC, release.campaign)
        title = texts.choose(campaign.title, language())
        may_edit = permissions.may(me, "publish", campaign)
    except NotFound:  # it became a draft again; what was released stays
        title, may_edit = release.campaign, False
    return page(
        request,
        "releases/page.html",
        status_code=status_of(error) if error else 200,
        campaign={"slug": release.campaign, "title": title},
        release=release,
        bibtex=_bibtex(release),
        may_edit=may_edit,
        error=str(error) if error else "",
    )


@posted
def set_doi(request: Request, form: Form) -> Response:
    organiser = permissions.require(person(request), "see work")
    slug, number = path(request, "slug"), _number(request)
    try:
        releases.set_doi(desk(request), organiser, slug, number, form.get("doi"))
    except Invalid as error:
        release, _file = releases.get(desk(request), slug, number)
        shown = replace(release, citation=replace(release.citation, doi=form.get("doi")[:300]))
        return _release(request, shown, error)
    return see_other(f"/releases/{slug}/{number}")


def download(request: Request) -> Response:
    """It never changes."""
    release, file = releases.get(desk(request), path(request, "slug"), _number(request))
    headers = {
        **_CORS,
        "ETag": f'"{release.sha256}"',
        "Cache-Control": "public, max-age=31536000, immutable",
        "Link": f'</releases/{release.campaign}/{release.number}>; rel="describedby"',
    }
    if known := conditions.not_modified(request, headers):
        return known
    name = f"{release.campaign}-{release.number}.zip"
    return FileResponse(file, media_type="application/zip", filename=name, headers=headers)


def _number(request: Request) -> int:
    """Raises NotFound for what is no number of a release."""
    text = path(request, "number")
    if not (text.isascii() and text.isdecimal() and len(text) < 7 and text[0] != "0"):
        raise NotFound(_("There is no such release."))
    return int(text)


def _bibtex(release: Release) -> str:
    return citations.bibtex(release.citation, f"{release.campaign}-{release.number}")


routes = [
    Route("/campaigns/{slug}/releases", index),
    Route("/campaigns/{slug}/releases", make, methods=["POST"]),
    Route("/releases/{slug}/{number}", show),
    Route("/releases/{slug}/{number}/doi", set_doi, methods=["POST"]),
    Route("/releases/{slug}/{number}/crate.zip", download),
]
