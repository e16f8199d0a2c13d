"""/terms/suggest: what the search box shows, for it and for programs."""

import re
from dataclasses import fields

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import campaigns, suggestions, term_views, vocabularies
from server.domain.campaigns import Campaign
from server.domain.suggestions import Asked, Section
from server.domain.term_views import SuggestionView
from server.index.labels import Scope
from server.web import api_vocabularies, languages, negotiation
from server.web.api_operations import described
from server.web.pages import page
from server.web.requests import content_language, context, desk, person, viewer

OFFERS = ("application/json", negotiation.HTML)
#: The reader's languages and what they may see are part of the answer.
VARY = {"Vary": "Accept, Accept-Language, Cookie"}
_NUMBER = re.compile(r"[0-9]{1,3}")
_MOST_LANGUAGES = 5
_MOST_NAMED = 50  # vocabularies, branches and classes of a request


@described(api_vocabularies.TERMS)
def suggest(request: Request) -> Response:
    """JSON for programs, the best first; the list for the search box."""
    found = _sections(request)
    if negotiation.choose(request.headers.get("accept"), OFFERS) == "application/json":
        return Response(
            orjson.dumps([_json(each) for each in suggestions.flat(found)]),
            media_type="application/json",
            headers={**VARY, "Access-Control-Allow-Origin": "*"},
        )
    response = page(request, "terms/_suggestions.html", sections=found)
    response.headers.update(VARY)
    return response


def _sections(request: Request) -> list[Section]:
    """Raises NotFound for a campaign that the viewer may not see, and for no such task or group."""
    asked, slug = asked_of(request), request.query_params.get("campaign")
    if slug is None:
        return suggestions.in_scopes(desk(request), viewer(request), asked, scopes_of(request))
    return _in_campaign(
        request, asked, campaigns.get_campaign(desk(request), viewer(request), slug)
    )


def _in_campaign(request: Request, asked: Asked, campaign: Campaign) -> list[Section]:
    """By a task's own scopes; without a task, by those that are asked for."""
    opened, viewer_, _language = context(request)
    task = request.query_params.get("task")
    if task is None:
        asked = suggestions.in_campaign(opened, asked, campaign, person(request))
        return suggestions.in_scopes(opened, viewer_, asked, scopes_of(request))
    group = request.query_params.get("group", "")
    return suggestions.for_task(
        opened, viewer_, asked, campaign, campaign.task(number_in(task)), person(request),
        number_in(group) if group else 0,
    )  # fmt: skip


def number_in(text: str) -> int:
    """999 stands for what is no number of ours: there is none such."""
    return int(text) if _NUMBER.fullmatch(text) and int(text) else 999


def asked_of(request: Request) -> Asked:
    return Asked(
        text=request.query_params.get("q", ""),
        language=content_language(request),
        fallbacks=tuple(languages.accepted(request)[:_MOST_LANGUAGES]),
        limit=limit_of(request),
    )


def limit_of(request: Request) -> int:
    text = request.query_params.get("limit", "")
    number = int(text) if text.isdecimal() and len(text) < 4 else 10
    return max(1, min(number, suggestions.MOST))


def scopes_of(request: Request) -> list[Scope]:
    """Of the vocabularies that are named, else of all; none where nothing narrows the search."""
    slugs = _named(request, "vocabulary")
    branches, classes = _named(request, "branch"), _named(request, "class")
    if not slugs and (branches or classes):
        found = vocabularies.find_vocabularies(desk(request), viewer(request))
        slugs = [each.slug for each in found] or [""]
    return [Scope(slug, tuple(branches), tuple(classes)) for slug in slugs]


def _named(request: Request, name: str) -> list[str]:
    """Repeated, or (vocabularies only: IRIs may have commas) comma-joined."""
    given = request.query_params.getlist(name)
    parts = [part for each in given for part in each.split(",")] if name == "vocabulary" else given
    return [part for part in dict.fromkeys(parts) if part][:_MOST_NAMED]


_SHOWN = [field.name for field in fields(SuggestionView)]


def _json(found: SuggestionView) -> dict[str, object]:
    crumbs = found.breadcrumb.split(term_views.SEPARATOR) if found.breadcrumb else []
    return {name: getattr(found, name) for name in _SHOWN} | {"breadcrumb": crumbs}


routes = [Route("/terms/suggest", suggest)]
