"""/places/suggest: places by name, or the nearest to a point, for the map and for programs."""

import re
from dataclasses import fields

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import campaigns, place_suggestions, points, term_views
from server.domain.place_views import PlaceView
from server.domain.suggestions import Section
from server.index.places import Point
from server.web import api_vocabularies, negotiation
from server.web.api_operations import described
from server.web.pages import page
from server.web.requests import content_language, context, desk, person, viewer
from server.web.suggestions import OFFERS, VARY, asked_of, limit_of, number_in, scopes_of

_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")


@described(api_vocabularies.PLACES)
def suggest(request: Request) -> Response:
    """JSON for programs, the best first; the list beside the map. Raises Invalid for a point that
    is not on earth."""
    found = _sections(request)
    if negotiation.choose(request.headers.get("accept"), OFFERS) == "application/json":
        return Response(
            orjson.dumps([_json(each) for each in place_suggestions.flat(found)]),
            media_type="application/json",
            headers={**VARY, "Access-Control-Allow-Origin": "*"},
        )
    response = page(request, "places/_suggestions.html", sections=found, field=_name(request))
    response.headers.update(VARY)
    return response


def _sections(request: Request) -> list[Section]:
    """Raises NotFound for a campaign that the viewer may not see, and for no such task."""
    slug = request.query_params.get("campaign")
    if slug is None:
        return _anywhere(request)
    opened, viewer_, _language = context(request)
    campaign = campaigns.get_campaign(opened, viewer_, slug)
    task = campaign.task(number_in(request.query_params.get("task", "")))
    if (point := _point(request)) is not None:
        language, limit = content_language(request), _limit(request)
        return place_suggestions.near(opened, viewer_, point, task, language, limit)
    return place_suggestions.named(
        opened, viewer_, asked_of(request), campaign, task, person(request)
    )


def _anywhere(request: Request) -> list[Section]:
    opened, viewer_, scopes = desk(request), viewer(request), scopes_of(request)
    if (point := _point(request)) is not None:
        language, limit = content_language(request), _limit(request)
        return place_suggestions.near_anywhere(opened, viewer_, point, scopes, language, limit)
    return place_suggestions.named_anywhere(opened, viewer_, asked_of(request), scopes)


def _point(request: Request) -> Point | None:
    """The point that is asked about, if any; either both numbers or none."""
    lat, long = (request.query_params.get(name) for name in ("lat", "long"))
    if lat is None and long is None:
        return None
    return float(points.latitude(lat or "")), float(points.longitude(long or ""))


def _limit(request: Request) -> int:
    asked = "limit" in request.query_params
    return limit_of(request) if asked else place_suggestions.NEAR


def _name(request: Request) -> str:
    """The field of the form that a chosen place goes to."""
    name = request.query_params.get("name", "")
    return name if _FIELD.fullmatch(name) else "place"


_SHOWN = [field.name for field in fields(PlaceView)]


def _json(found: PlaceView) -> dict[str, object]:
    crumbs = found.breadcrumb.split(term_views.SEPARATOR) if found.breadcrumb else []
    return {name: getattr(found, name) for name in _SHOWN} | {"breadcrumb": crumbs}


routes = [Route("/places/suggest", suggest)]
