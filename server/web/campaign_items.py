"""The items of a campaign to look through, leaving one, and those whose answers are known."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import (
    campaign_views,
    campaigns,
    given_items,
    gold,
    permissions,
    routing,
    routing_views,
    texts,
)
from server.domain.gold import Known
from server.errors import Invalid
from server.web import api_campaigns
from server.web.api_operations import described
from server.web.campaign_task_values import said
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.requests import context, desk, now, path, person, see_other, signed_in, viewer

_MOST_ANSWERS = 20


@described(api_campaigns.ITEMS, api_campaigns.items)
def index(request: Request) -> Response:
    """A page of the items; `show` and `sort` say which and how, `after` where it begins."""
    opened, viewer_, language = context(request)
    campaign = campaigns.get_campaign(opened, viewer_, path(request, "slug"))
    query, somebody = request.query_params, person(request)
    asked = routing_views.wanted(
        campaign, somebody, query.get("show", ""), query.get("sort", ""), query.get("after", "")
    )
    return page(
        request,
        "campaigns/items.html",
        campaign=campaign_views.card(opened, viewer_, campaign, language),
        tally=gold.tally(opened, campaign, somebody),
        **routing_views.page(opened, viewer_, campaign, somebody, asked, language),
    )


@posted
def release(request: Request, _form: Form) -> Response:
    """The page of an item was left: what was kept for this person is free for others."""
    slug = path(request, "slug")
    campaign = campaigns.get_campaign(desk(request), viewer(request), slug)
    row = routing.get_item(desk(request), viewer(request), campaign, path(request, "id"))
    turn = _number(request.query_params.get("turn", ""))
    given_items.release(desk(request), slug, person(request), row.iri, turn)
    return Response(status_code=204)


def known(request: Request) -> Response:
    """For the organiser: the items with known answers, and how people answered them."""
    return _known(request)


def _known(request: Request, error: Invalid | None = None, form: Form | None = None) -> Response:
    opened, viewer_, language = context(request)
    slug, organiser = path(request, "slug"), signed_in(request)
    campaign = campaigns.get_campaign(opened, viewer_, slug)
    permissions.require(organiser, "moderate", campaign)
    query = request.query_params
    rows, following = gold.page(opened, organiser, slug, _after(query.get("after", "")), language)
    people, more_people = gold.tallies(opened, organiser, slug, query.get("people", ""))
    return page(
        request,
        "campaigns/gold.html",
        status_code=422 if error else 200,
        campaign=campaign_views.card(opened, viewer_, campaign, language),
        tasks=[(each.number, texts.choose(each.question, language)) for each in campaign.tasks],
        known=rows,
        following=f"{following[1]} {following[0]}" if following else None,
        people=[(opened.names.local(agent, "agent") or "", tally) for agent, tally in people],
        more_people=more_people,
        error=str(error) if error else None,
        typed=dict(form.fields) if form else {"item": query.get("item", "")},
    )


def _after(text: str) -> tuple[str, int]:
    task, _space, item = text.partition(" ")
    return item, int(task) if task.isascii() and task.isdecimal() and len(task) < 6 else 0


@posted
def mark(request: Request, form: Form) -> Response:
    slug, language = path(request, "slug"), context(request)[2]
    answers = [line.strip() for line in form.get("answers").splitlines() if line.strip()]
    item = form.get("item").strip().rpartition("/")[2]  # its address will do
    explanation = said({}, language, form.get("explanation").strip())
    marked = Known(
        item, _number(form.get("task")), tuple(answers[: _MOST_ANSWERS + 1]), explanation
    )
    try:
        gold.mark(desk(request), signed_in(request), slug, marked, now=now())
    except Invalid as error:
        return _known(request, error, form)
    return see_other(f"/campaigns/{slug}/gold")


@posted
def unmark(request: Request, form: Form) -> Response:
    slug, organiser = path(request, "slug"), signed_in(request)
    item, task = form.get("item"), _number(form.get("task"))
    gold.unmark(desk(request), organiser, slug, item, task, now=now())
    return see_other(f"/campaigns/{slug}/gold")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


routes = [
    Route("/campaigns/{slug}/items", index),
    Route("/campaigns/{slug}/items/{id}/release", release, methods=["POST"]),
    Route("/campaigns/{slug}/gold", known),
    Route("/campaigns/{slug}/gold", mark, methods=["POST"]),
    Route("/campaigns/{slug}/gold/remove", unmark, methods=["POST"]),
]
