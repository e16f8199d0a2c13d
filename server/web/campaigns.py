"""Campaigns: the list, the page of one, starting, moderating and publishing."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import (
    campaign_views,
    campaigns,
    descriptions,
    moderation_views,
    paging,
    participation,
    permissions,
    publication_previews,
    routing,
)
from server.domain.moderation_views import Place
from server.errors import Conflict
from server.i18n import _
from server.names import CH
from server.web import (
    api_campaigns,
    api_contributions,
    api_publishing,
    linked_data,
    sessions,
)
from server.web.api_operations import described, wants
from server.web.cross_origin import DataRoute
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.requests import context, desk, now, path, see_other, signed_in, viewer


@described(api_campaigns.LIST, api_campaigns.index)
def index(request: Request) -> Response:
    cards = campaign_views.cards(*context(request))
    start = campaign_views.first_open(desk(request), viewer(request))
    return page(request, "campaigns/index.html", campaigns=cards, start_campaign=start)


@described(api_campaigns.ONE, api_campaigns.show)
def show(request: Request) -> Response:
    return linked_data.respond(
        request,
        path(request, "slug"),
        page=lambda slug: _page(request, slug),
        triples=lambda slug: descriptions.campaign(desk(request), slug),
        about=CH.Campaign,
        public=True,
    )


def _page(request: Request, slug: str) -> Response:
    opened, viewer_, language_ = context(request)
    campaign = campaigns.get_campaign(opened, viewer_, slug)
    return page(
        request,
        "campaigns/page.html",
        campaign=campaign_views.page(opened, viewer_, campaign, language_),
        progress=campaign_views.progress(opened, campaign),
        recent=campaign_views.recent(opened, viewer_, campaign, language_),
        viewer_can=(allowed := campaign_views.may(request.state.person, campaign)),
        publication=publication_previews.standing(opened, campaign, now())
        if "publish" in allowed
        else None,
    )


@posted
@described(api_contributions.START)
def start(request: Request, form: Form) -> Response:
    """Agree to the licence, as the guest that one becomes where nobody is signed in; and go."""
    slug = path(request, "slug")
    campaign = campaigns.get_campaign(desk(request), viewer(request), slug)
    if wants(request):
        api_contributions.require_person(request)
    if request.state.person is None and not campaign.guests:
        return see_other(f"/login?next=/campaigns/{slug}")
    if not campaign.is_open(now().date()):  # before a guest is made for nothing
        raise Conflict(_("This campaign is not open for contributions."))
    item = form.get("item")
    row = routing.get_item(desk(request), viewer(request), campaign, item) if item else None
    participation.agree(desk(request), sessions.start(request), slug, now=now())
    if wants(request):
        return api_contributions.agreed(request, campaign)
    then = "validate" if form.get("then") == "validate" else "next"
    return see_other(f"/campaigns/{slug}/" + (f"items/{row.id}" if row else then))


@described(api_campaigns.NEXT, api_campaigns.next_item)
def next_item(request: Request) -> Response:
    """To the item that this person has before them, or the next one that waits for them."""
    slug = path(request, "slug")
    campaign = campaigns.get_campaign(desk(request), viewer(request), slug)
    if not campaign.is_open(now().date()):
        return see_other(f"/campaigns/{slug}")
    found = routing.give(desk(request), campaign, request.state.person, now())
    if found is None:
        return _finished(request, campaign)
    return see_other(f"/campaigns/{slug}/items/{found.id}")


def _finished(request: Request, campaign: campaigns.Campaign) -> Response:
    opened, viewer_, language_ = context(request)
    others = [
        card
        for card in campaign_views.cards(opened, viewer_, language_)
        if card.state == "open" and card.slug != campaign.slug
    ]
    return page(
        request,
        "campaigns/finished.html",
        campaign=campaign_views.card(opened, viewer_, campaign, language_),
        done=routing.finished(opened, campaign, request.state.person),
        others=others,
    )


def moderate(request: Request) -> Response:
    opened, viewer_, language_ = context(request)
    campaign = campaigns.get_campaign(opened, viewer_, path(request, "slug"))
    permissions.require(request.state.person, "moderate", campaign)
    status = request.query_params.get("status", "")
    query = request.query_params
    place = Place(paging.number(query.get("page", "")), query.get("after", ""))
    view = moderation_views.page(opened, viewer_, campaign, status, place, language_)
    return page(
        request,
        "campaigns/moderate.html",
        campaign=campaign_views.card(opened, viewer_, campaign, language_),
        **view,
    )


@posted
@described(api_publishing.STATE)
def set_state(request: Request, _form: Form) -> Response:
    slug = path(request, "slug")
    state = "open" if request.url.path.endswith("/open") else "closed"
    campaigns.set_state(desk(request), signed_in(request), slug, state, now=now())
    if wants(request):
        return api_contributions.done(request)
    return see_other(f"/campaigns/{slug}")


def about(request: Request) -> Response:
    start = campaign_views.first_open(desk(request), viewer(request))
    return page(request, "about.html", start_campaign=start)


def identifier(request: Request) -> Response:
    return linked_data.see(f"/campaigns/{path(request, 'slug')}")


routes = [
    Route("/", index),
    Route("/campaigns", index),
    DataRoute("/campaigns/{slug}", show),
    Route("/campaigns/{slug}/start", start, methods=["POST"]),
    Route("/campaigns/{slug}/next", next_item),
    Route("/campaigns/{slug}/moderate", moderate),
    Route("/campaigns/{slug}/open", set_state, methods=["POST"]),
    Route("/campaigns/{slug}/close", set_state, methods=["POST"]),
    DataRoute("/campaign/{slug}", identifier),
    Route("/about", about),
]
