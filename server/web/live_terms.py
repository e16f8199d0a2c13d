"""/terms/live: terms from sources elsewhere, for the search box, after those that are here."""

import re
import threading

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import campaigns, live_lookup, permissions, vocabularies
from server.domain.live_searches import Found, LiveLookup
from server.domain.live_sources import Source
from server.domain.suggestions import Section
from server.domain.term_views import SuggestionView, trail
from server.web import api_vocabularies, negotiation
from server.web.api_operations import described
from server.web.pages import page
from server.web.requests import content_language, desk, person, viewer

_LOCK = threading.Lock()
_OFFERS = ("application/json", negotiation.HTML)
_HEADERS = {"Vary": "Accept, Accept-Language, Cookie", "Cache-Control": "private, max-age=60"}
_NUMBER = re.compile(r"[0-9]{1,3}")
_MOST_NAMED = 10


@described(api_vocabularies.LIVE)
async def live(request: Request) -> Response:
    """As /terms/suggest, each with its `source`; whoever does not take part is given none."""
    wanted = await run_in_threadpool(_sources, request)
    text, lang = request.query_params.get("q", ""), content_language(request)
    found = await _lookup(request).search(wanted, text, lang) if wanted else []
    if negotiation.choose(request.headers.get("accept"), _OFFERS) == "application/json":
        content = orjson.dumps([row for each in found for row in _json(each)])
        return Response(content, media_type="application/json", headers=_HEADERS)
    return await run_in_threadpool(_list, request, found)


def _list(request: Request, found: list[Found]) -> Response:
    sections = [Section(each.source, _views(each), guesses=True) for each in found]
    response = page(request, "terms/_suggestions.html", sections=sections)
    response.headers.update(_HEADERS)
    return response


def _sources(request: Request) -> list[tuple[str, Source]]:
    """Of a campaign's task (NotFound where there is none), or of the vocabularies named."""
    somebody, opened = person(request), desk(request)
    if somebody is None or not opened.settings.live_lookup:
        return []
    slug = request.query_params.get("campaign")
    if slug is None:
        return live_lookup.find_sources(opened, _named(request))
    campaign = campaigns.get_campaign(opened, viewer(request), slug)
    if not permissions.may(somebody, "contribute", campaign):
        return []
    task = campaign.task(_number(request, "task", 1))
    slugs = live_lookup.open_vocabularies(task, _number(request, "group", 0))
    return live_lookup.find_sources(opened, slugs)


def _named(request: Request) -> list[str]:
    given = request.query_params.getlist("vocabulary")
    slugs = [slug for each in given for slug in each.split(",") if slug]
    known = {each.slug for each in vocabularies.find_vocabularies(desk(request), viewer(request))}
    return [slug for slug in dict.fromkeys(slugs) if slug in known][:_MOST_NAMED]


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    return int(text) if _NUMBER.fullmatch(text) else default


def _lookup(request: Request) -> LiveLookup:
    """One for all requests: it knows what was asked before."""
    state = request.app.state
    with _LOCK:
        if not hasattr(state, "live_lookup"):
            state.live_lookup = LiveLookup(state.desk)
        found: LiveLookup = state.live_lookup
    return found


def _views(found: Found) -> list[SuggestionView]:
    return [
        SuggestionView(
            iri=hit.iri, label=hit.label, lang=hit.lang, note=hit.note or None,
            breadcrumb=trail(hit.breadcrumb), matched=hit.matched or None,
            matched_lang=hit.matched_lang or None, vocabulary=found.vocabulary, match="live",
        )
        for hit in found.hits
    ]  # fmt: skip


def _json(found: Found) -> list[dict[str, object]]:
    return [
        {
            "iri": hit.iri, "label": hit.label, "lang": hit.lang, "note": hit.note or None,
            "breadcrumb": hit.breadcrumb, "matched": hit.matched or None,
            "matched_lang": hit.matched_lang or None, "vocabulary": found.vocabulary,
            "match": "live", "source": found.source, "hex": None, "used": 0, "group": None,
        }
        for hit in found.hits
    ]  # fmt: skip


routes = [Route("/terms/live", live)]
