"""Comparisons: the two images that somebody is asked about, and the results."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import campaigns, comparisons, routing, texts
from server.domain.media import Medium
from server.errors import NotFound
from server.i18n import _
from server.index.items import ItemRow
from server.names import CH
from server.web import api_campaigns, images
from server.web.api_operations import described
from server.web.pages import page
from server.web.requests import context, desk, path, person, viewer


async def picture(request: Request) -> Response:
    """One side of a pair, by an address that tells nothing; `?size=400` is smaller."""
    row, medium = await run_in_threadpool(_side, request)
    answer = await images.of_medium(request, row, medium, request.query_params.get("size", "full"))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _side(request: Request) -> tuple[ItemRow, Medium]:
    opened, viewer_ = desk(request), viewer(request)
    campaign = campaigns.get_campaign(opened, viewer_, path(request, "slug"))
    row = routing.get_item(opened, viewer_, campaign, path(request, "id"))
    task = campaign.task(request.path_params["task"])
    if task.kind != CH.Comparison.value:
        raise NotFound(_("These pictures are not compared here."))
    me = person(request)
    found = comparisons.pairs(opened, viewer_, campaign, task, row, me.agent.value if me else "")
    pair = comparisons.get_pair(found, path(request, "token"))
    return row, pair.side(path(request, "side"))


@described(api_campaigns.COMPARISONS, api_campaigns.compare)
def results(request: Request) -> Response:
    opened, viewer_, language = context(request)
    slug = path(request, "slug")
    campaign, found = comparisons.page(opened, viewer_, person(request), slug, language)
    return page(
        request,
        "campaigns/comparisons.html",
        slug=slug,
        title=texts.choose(campaign.title, language),
        results=found,
        closed=campaign.state == "closed",
    )


routes = [
    Route("/campaigns/{slug}/items/{id}/pairs/{task:number}/{token}/{side}", picture),
    Route("/campaigns/{slug}/comparisons", results),
]
