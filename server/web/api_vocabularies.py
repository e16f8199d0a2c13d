"""Vocabularies and suggestions for programs."""

from starlette.requests import Request
from starlette.responses import Response

from server.domain import api_vocabularies, suggestions
from server.domain.api_vocabularies import (
    ItemSuggestion,
    PlaceSuggestion,
    Suggestion,
    VocabularyFacts,
    VocabularyList,
)
from server.web.api_operations import AFTER, LIMIT, Operation, Query, answer, further, limit
from server.web.api_schemas import Schema
from server.web.requests import content_language, context, path

_TAG = "Vocabularies and suggestions"
_ANY: Schema = {"type": "string"}
_MANY: Schema = {"type": "array", "items": {"type": "string"}}
_LATITUDE: Schema = {"type": "number", "minimum": -90, "maximum": 90}
_LONGITUDE: Schema = {"type": "number", "minimum": -180, "maximum": 180}
_LANG = Query("lang", "The language of the labels, else that of Accept-Language.", _ANY)
#: While somebody types nothing is refused: what is no number counts as if it were not there.
_LIMIT = Query(
    "limit", f"How many at most, from 1 to {suggestions.MOST}.", {"default": 10}, checked=False
)
_TEXT = Query("q", "Words, their beginnings, an IRI or an identifier.", _ANY)
_CAMPAIGN = Query("campaign", "The short name of a campaign.", _ANY)
_VOCABULARY = Query("vocabulary", "Short names of vocabularies.", _MANY)
_NARROWED = (
    _VOCABULARY,
    Query("branch", "IRIs of terms below which one looks.", _MANY),
    Query("class", "Classes of terms.", _MANY),
)
_OF_TASK = (
    _CAMPAIGN,
    Query("task", "The number of its task.", {}, checked=False),
    Query("group", "The number of a group of the task's terms.", {}, checked=False),
)

LIST = Operation(
    "The vocabularies", _TAG, VocabularyList, query=(AFTER, LIMIT), name="vocabularies"
)
ONE = Operation("A vocabulary", _TAG, VocabularyFacts, query=(_LANG,), name="vocabulary", rdf=True)
TERMS = Operation(
    "Terms that fit, the best first", _TAG, list[Suggestion], name="suggest_terms", json_first=True,
    query=(_TEXT, *_NARROWED, *_OF_TASK, _LANG, _LIMIT),
)  # fmt: skip
LIVE = Operation(
    "Terms that fit from sources elsewhere", _TAG, list[Suggestion], name="suggest_live_terms",
    json_first=True, query=(_TEXT, _VOCABULARY, *_OF_TASK, _LANG),
    words="Nothing for those who do not take part, or where no live look-up is set up.",
)  # fmt: skip
PLACES = Operation(
    "Places by name, or the nearest to a point", _TAG, list[PlaceSuggestion],
    name="suggest_places", json_first=True,
    query=(
        _TEXT,
        Query("lat", "Degrees of latitude, with `long`.", _LATITUDE, checked=False),
        Query("long", "Degrees of longitude, with `lat`.", _LONGITUDE, checked=False),
        *_NARROWED, *_OF_TASK, _LANG, _LIMIT,
    ),
)  # fmt: skip
ITEMS = Operation(
    "Items by words of their titles, the address of their page or their IRI", _TAG,
    list[ItemSuggestion], name="suggest_items", json_first=True,
    query=(_TEXT, Query("without", "The `{id}` of an item that is not meant.", _ANY), _LIMIT),
)  # fmt: skip


def index(request: Request) -> Response:
    opened, viewer, language = context(request)
    after, most = request.query_params.get("after", ""), limit(request)
    found, more = api_vocabularies.listing(opened, viewer, language, after, most)
    following = further(request, after=more) if more else None
    return answer(request, VocabularyList(found, following), following=following)


def show(request: Request) -> Response:
    opened, viewer, _language = context(request)
    lang = content_language(request)
    return answer(request, api_vocabularies.facts(opened, viewer, path(request, "slug"), lang))
