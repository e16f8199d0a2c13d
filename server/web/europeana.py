"""What of a campaign goes to Europeana: how far it is, a dry run, sending, matches of items."""

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from server.domain import (
    campaign_views,
    europeana_exports,
    europeana_items,
    europeana_jobs,
    europeana_matches,
    europeana_plans,
    europeana_views,
)
from server.domain import items as domain_items
from server.domain.campaigns import Campaign
from server.domain.europeana_matches import Verdict
from server.errors import Invalid, NotFound
from server.formats import europeana_annotations
from server.i18n import _
from server.names import is_safe_iri
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.requests import context, desk, language, now, path, person, see_other, signed_in

_JSON_LD = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
_LINES = "application/x-ndjson"


def index(request: Request) -> Response:
    campaign = _campaign(request)
    opened, viewer, language_ = context(request)
    said = request.query_params
    view = europeana_views.page(
        opened, viewer, campaign, said.get("state", ""), said.get("after", ""), language_
    )
    return page(
        request, "europeana/page.html",
        campaign=campaign_views.card(opened, viewer, campaign, language_),
        automatic=campaign.to_europeana, **view,
    )  # fmt: skip


def export(request: Request) -> Response:
    """All that can be sent, as they are sent: an AnnotationPage, or one in a line."""
    campaign = _campaign(request)
    europeana_plans.require_sendable(campaign)
    found = europeana_exports.annotations(desk(request), campaign.slug)
    in_lines = request.query_params.get("format") == "lines"
    write = europeana_annotations.lines if in_lines else europeana_annotations.page_pieces
    name = f"{campaign.slug}-europeana.{'ndjson' if in_lines else 'jsonld'}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    media_type = _LINES if in_lines else _JSON_LD
    return StreamingResponse(write(found), media_type=media_type, headers=headers)


def one(request: Request) -> Response:
    """What is sent of one annotation."""
    campaign, opened, name = _campaign(request), desk(request), path(request, "id")
    prepared = europeana_exports.prepare(opened, name, europeana_items.Cache(opened))
    if prepared is None or prepared.annotation is None or prepared.campaign != campaign.slug:
        raise NotFound(_("There is no such annotation."))
    data = orjson.dumps(prepared.annotation, option=orjson.OPT_INDENT_2)
    return Response(data, media_type=_JSON_LD)


@posted
def push(request: Request, form: Form) -> Response:
    slug, again, dry = path(request, "slug"), form.flag("again"), form.flag("dry")
    job = europeana_jobs.push(desk(request), signed_in(request), slug, again=again, dry=dry)
    return see_other(f"/jobs/{job.id}")


@posted
def by_itself(request: Request, form: Form) -> Response:
    slug = path(request, "slug")
    opened, organiser = desk(request), signed_in(request)
    europeana_plans.set_by_itself(opened, organiser, slug, form.flag("on"), now=now())
    return see_other(f"/campaigns/{slug}/europeana")


def matches(request: Request, error: Invalid | None = None, entered: str = "") -> Response:
    campaign = _campaign(request)
    opened, viewer, language_ = context(request)
    after = request.query_params.get("after", "")
    return page(
        request, "europeana/matches.html", status_code=422 if error else 200,
        campaign=campaign_views.card(opened, viewer, campaign, language_),
        confirmed=europeana_views.confirmed(opened, campaign.collections, language()),
        error=str(error) if error else None, entered=entered,
        **europeana_views.matches(opened, campaign.slug, after, language_),
    )  # fmt: skip


@posted
def search(request: Request, form: Form) -> Response:
    job = europeana_jobs.search(
        desk(request), signed_in(request), path(request, "slug"), again=form.flag("again")
    )
    return see_other(f"/jobs/{job.id}")


@posted
def judge(request: Request, form: Form) -> Response:
    """Those ticked as the same and as others; or one that is entered by hand."""
    campaign, opened = _campaign(request), desk(request)
    try:
        verdicts = [
            *(_verdict(each, same) for name, same in (("same", True), ("other", False))
              for each in form.all(name)),
            *_by_hand(request, form),
        ]  # fmt: skip
        europeana_matches.judge(opened, signed_in(request), campaign.slug, verdicts, now=now())
    except Invalid as error:
        return matches(request, error, form.get("address"))
    return see_other(f"/campaigns/{campaign.slug}/europeana/matches")


def _verdict(text: str, same: bool) -> Verdict:
    """`candidate item`, as the boxes of the page have it."""
    candidate, _space, item = text.partition(" ")
    if not is_safe_iri(item):
        raise Invalid(_("There is no such item."))
    return Verdict(item, candidate, same)


def _by_hand(request: Request, form: Form) -> list[Verdict]:
    if not form.get("address").strip():
        return []
    opened, viewer, _language = context(request)
    item = domain_items.get_row(opened, viewer, form.get("item"))
    return [Verdict(item.iri, europeana_matches.candidate(form.get("address")), True)]


def _campaign(request: Request) -> Campaign:
    return europeana_plans.require(desk(request), person(request), path(request, "slug"))


_BASE = "/campaigns/{slug}/europeana"
routes = [
    Route(_BASE, index),
    Route(f"{_BASE}/annotations", export),
    Route(f"{_BASE}/annotations/{{id}}", one),
    Route(f"{_BASE}/push", push, methods=["POST"]),
    Route(f"{_BASE}/automatic", by_itself, methods=["POST"]),
    Route(f"{_BASE}/matches", matches),
    Route(f"{_BASE}/matches", judge, methods=["POST"]),
    Route(f"{_BASE}/search", search, methods=["POST"]),
]
