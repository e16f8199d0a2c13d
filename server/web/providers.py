"""Providers: the list of museums, the page of one, and that one is the same as another."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import (
    jobs,
    paging,
    permissions,
    provider_descriptions,
    provider_merges,
    provider_views,
)
from server.domain.jobs import Job
from server.domain.provider_merges import Same
from server.errors import Invalid, Problem
from server.i18n import _
from server.names import FOAF, VOID
from server.web import linked_data, negotiation
from server.web.cross_origin import DataRoute
from server.web.forms import Form, posted
from server.web.link_headers import Document
from server.web.pages import page
from server.web.requests import context, desk, now, path, person, see_other, viewer

_LONGEST = 200  # letters of a search


def index(request: Request) -> Response:
    number = paging.number(request.query_params.get("page", ""))
    wanted = negotiation.SUFFIXES.get(request.query_params.get("format", ""))
    document = Document(f"/providers?page={number}", query=True, about=VOID.Dataset)
    return linked_data.show(
        request, document, wanted, lambda: _list(request, number),
        lambda: provider_descriptions.describe_all(desk(request), number),
    )  # fmt: skip


def _list(request: Request, number: int) -> Response:
    query = request.query_params.get("q", "").strip()[:_LONGEST]
    found, total, pages = provider_views.listing(desk(request), viewer(request), query, number)
    return page(
        request, "providers/index.html", providers=found, total=total, pages=pages, query=query
    )


def show(request: Request) -> Response:
    key, wanted = negotiation.split_suffix(path(request, "key"))
    if moved := provider_views.moved_to(desk(request), viewer(request), key):
        return linked_data.see(f"/providers/{moved}{_suffix(wanted)}")
    return linked_data.respond(
        request,
        path(request, "key"),
        page=lambda key: _page(request, key),
        triples=lambda key: provider_descriptions.describe(desk(request), key),
        about=FOAF.Organization,
    )


def _suffix(wanted: str | None) -> str:
    return next((each for each, kind in negotiation.SUFFIXES.items() if kind == wanted), "")


def _page(
    request: Request, key: str, given: Form | None = None, error: Invalid | None = None
) -> Response:
    opened, viewer_, language = context(request)
    query = request.query_params
    shown = provider_views.page(
        opened, viewer_, key, language, query.get("after", ""), query.get("before", "")
    )
    may_edit = permissions.may(person(request), "import")
    return page(
        request,
        "providers/page.html",
        status_code=422 if error else 200,
        provider=shown,
        may_edit=may_edit,
        others=provider_views.offered(opened, viewer_, key) if may_edit else [],
        same=given.get("same") if given else "",
        links=given.get("links") if given else "\n".join(iri for iri, _href in shown.same),
        errors={each.field: each.message for each in error.problems} if error else {},
    )


@posted
def set_same(request: Request, form: Form) -> Response:
    """Say, or take back, that it is the same as another; its items move in the background."""
    organiser = permissions.require(person(request), "import")
    opened, key = desk(request), path(request, "key")
    try:
        same = Same(_other(request, form), tuple(form.get("links").split()))
        provider_merges.say(opened, organiser, key, same, now=now())
    except Invalid as error:
        return _page(request, key, form, error)

    def work(job: Job) -> str:
        opened.run_bulk(job.tell)
        return f"/providers/{same.key or key}"

    title = _("Bringing the objects of a provider together")
    return see_other(f"/jobs/{jobs.of(opened).start(Job(title, may_stop=False), work).id}")


def _other(request: Request, form: Form) -> str:
    """The key that is meant. Raises Invalid where there is none of that name."""
    text = form.get("same").strip()
    found = provider_views.key_of(desk(request), viewer(request), text)
    if text and not provider_merges.is_known(desk(request), found):
        message = _("There is no provider of that name.")
        raise Invalid(message, (Problem("same", message),))
    return found


routes = [
    DataRoute("/providers", index),
    DataRoute("/providers/{key}", show),
    Route("/providers/{key}/same", set_same, methods=["POST"]),
]
