"""Campaigns for programs: the list, one with its tasks, its items, what is next."""

from starlette.requests import Request
from starlette.responses import Response

from server.domain import (
    api_campaigns,
    api_items,
    api_proposals,
    campaigns,
    comparisons,
    given_items,
    routing,
    routing_views,
)
from server.domain.api_campaigns import CampaignFacts, CampaignList, ComparisonList
from server.domain.api_items import ItemList
from server.domain.api_proposals import ItemTasks, NextItem
from server.domain.campaigns import Campaign
from server.errors import Conflict, Invalid, NotFound
from server.i18n import _
from server.index import items as item_index
from server.index import queue_lists
from server.index.queue_lists import SHOWN, SORTS
from server.web.api_operations import AFTER, LIMIT, Operation, Query, answer, further, limit
from server.web.requests import context, desk, now, path, person, viewer

_TAG = "Campaigns"
LIST = Operation(
    "The campaigns that one may see, open ones first",
    _TAG,
    CampaignList,
    query=(AFTER, LIMIT),
    name="campaigns",
)
ONE = Operation(
    "A campaign with its tasks and how far it is", _TAG, CampaignFacts, name="campaign", rdf=True
)
ITEMS = Operation(
    "The items of a campaign", _TAG, ItemList, name="campaign_items",
    query=(
        Query("show", "Which: all, those that one answered, all others, or those that people "
              "disagree on. What others did is not for strangers (404).", {"enum": list(SHOWN)}),
        Query("sort", "In which order.", {"enum": list(SORTS)}),
        AFTER, LIMIT,
    ),
)  # fmt: skip
ITEM = Operation(
    "An item with the campaign's questions and what was proposed",
    _TAG,
    ItemTasks,
    name="campaign_item",
    also={410: "The item has left its collection."},
)
NEXT = Operation(
    "The item that one has before one, or the next that waits",
    _TAG,
    NextItem,
    name="next_item",
    words="With a token the item is kept for its person until they finish or skip it.",
)
COMPARISONS = Operation(
    "Wins and strengths of what is compared",
    _TAG,
    ComparisonList,
    name="comparisons",
    words="For organisers; for everybody once the campaign is closed.",
)


def index(request: Request) -> Response:
    opened, viewer_, language = context(request)
    after = request.query_params.get("after", "")
    lines, more = api_campaigns.listing(opened, viewer_, language, after, limit(request))
    following = further(request, after=more) if more else None
    return answer(request, CampaignList(lines, following), following=following)


def show(request: Request) -> Response:
    opened, viewer_, language = context(request)
    campaign = _campaign(request)
    found = api_campaigns.facts(opened, viewer_, campaign, person(request), language)
    return answer(request, found)


def _campaign(request: Request) -> Campaign:
    return campaigns.get_campaign(desk(request), viewer(request), path(request, "slug"))


def items(request: Request) -> Response:
    opened, viewer_, language = context(request)
    campaign, query, somebody = _campaign(request), request.query_params, person(request)
    try:
        asked = routing_views.wanted(
            campaign, somebody, query.get("show", ""), query.get("sort", ""), query.get("after", "")
        )
    except Invalid as error:
        raise NotFound(str(error)) from error
    agent = somebody.agent.value if somebody else ""
    found = queue_lists.page(
        opened.index.read(), campaign.slug, agent, asked.shown, asked.sort, asked.after,
        limit(request),
    )  # fmt: skip
    rows = item_index.find_items(viewer_, opened.index.read(), found.items)
    cards = api_items.cards(rows, language, f"/campaigns/{campaign.slug}/items")
    spot = found.following
    following = further(request, after=f"{spot.value} {spot.item}") if spot else None
    return answer(request, ItemList(cards, following), following=following)


def item(request: Request) -> Response:
    opened, viewer_, language = context(request)
    campaign, somebody = _campaign(request), person(request)
    row = routing.get_item(opened, viewer_, campaign, path(request, "id"))
    given_items.renew(opened, campaign, somebody, row.iri, now())
    found = api_proposals.of_item(opened, viewer_, campaign, row, somebody, language)
    return answer(request, found)


def next_item(request: Request) -> Response:
    opened, campaign, somebody = desk(request), _campaign(request), person(request)
    if not campaign.is_open(now().date()):
        raise Conflict(_("This campaign is not open for contributions."))
    row = routing.give(opened, campaign, somebody, now())
    return answer(
        request,
        NextItem(
            item=row.id if row else None,
            href=f"/campaigns/{campaign.slug}/items/{row.id}" if row else None,
            finished=routing.finished(opened, campaign, somebody),
            total=routing.total(opened, campaign),
        ),
        headers={"Cache-Control": "no-store"},
    )


def compare(request: Request) -> Response:
    opened, viewer_, language = context(request)
    slug = path(request, "slug")
    campaign, found = comparisons.page(opened, viewer_, person(request), slug, language)
    return answer(
        request, ComparisonList(campaign.slug, [api_campaigns.compared(each) for each in found])
    )
