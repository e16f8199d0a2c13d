"""The change feed: /feed for programs (IIIF Change Discovery), /feed.atom for people's readers.

Addresses of pages name the change after which they begin, or before which they end, so that they
stay what they are: who comes back goes on from the last page seen, without gaps or repeats.
"""

import re
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from server.domain import feeds
from server.domain.feeds import Line
from server.errors import NotFound
from server.formats import activity_streams, atom
from server.formats.activity_streams import Activity, Link, Page
from server.formats.atom import Entry, Feed, Gone
from server.i18n import _, language
from server.index.changes import Among, Cursor, Record
from server.names import EDM, OA
from server.web import conditions
from server.web.api_operations import Operation, Query, described
from server.web.cross_origin import DataRoute
from server.web.negotiation import RDF_XML, TURTLE
from server.web.requests import desk, path

_NAME = re.compile(r"(after|before)-([0-9]{1,15})(?:-([A-Za-z0-9-]{1,64}))?")
_ENTRIES = 30
_FILTERS = ("kind", "collection", "campaign", "provider")
_TYPES = {"item": EDM.ProvidedCHO.value, "annotation": OA.Annotation.value}
_TAG = "Changes"
_QUERY = (
    Query("kind", "Items or published annotations alone.", {"enum": ["item", "annotation"]}),
    Query("collection", "Of the collection of that short name."),
    Query("campaign", "Of the campaign of that short name."),
    Query("provider", "Of the provider of that key (`/providers`)."),
)
_SCHEMA = {"type": "object", "required": ["@context", "id", "type"]}
FEED = Operation(
    "What changed, as IIIF Change Discovery: where its pages begin and end", _TAG, _SCHEMA,
    query=_QUERY, page=False, media_type=activity_streams.MEDIA_TYPE, name="feed",
    words="From `last` one goes back by `prev`, from `first` forward by `next`. The address of a "
    "page stays what it is: who comes back asks for the last one again, and goes on.",
)  # fmt: skip
PAGE = Operation(
    "A page of changes", _TAG, _SCHEMA, query=_QUERY, page=False, name="feed_page",
    media_type=activity_streams.MEDIA_TYPE,
)  # fmt: skip


@described(FEED)
def collection(request: Request) -> Response:
    opened, wanted = desk(request), _among(request)
    end = wanted.last_seq or 0
    whole = not any(request.query_params.get(name) for name in _FILTERS)
    told = activity_streams.collection(
        _address(request, "feed"),
        first=_address(request, "feed/pages/after-0"),
        last=_address(request, f"feed/pages/before-{end + 1}"),
        total=feeds.total(opened, end) if whole else None,
        see_also=(Link(opened.names.base + "data.ttl", TURTLE),),
        label={language.get(): [feeds.title(opened, wanted, language.get())]},
    )
    return _answer(request, orjson.dumps(told), activity_streams.MEDIA_TYPE)


@described(PAGE)
def page(request: Request) -> Response:
    opened, wanted, name = desk(request), _among(request), path(request, "page")
    way, cursor = _cursor(name)
    part = (feeds.after if way == "after" else feeds.before)(opened, wanted, cursor, feeds.PAGE)
    told = activity_streams.page(
        Page(
            id=_address(request, f"feed/pages/{name}"),
            collection=_address(request, "feed"),
            activities=[_activity(request, each) for each in part.records],
            previous=_beyond(request, "before", part.back),
            next=_beyond(request, "after", part.on),
        )
    )
    return _answer(request, orjson.dumps(told), activity_streams.MEDIA_TYPE)


def _among(request: Request) -> Among:
    asked = request.query_params
    return feeds.among(desk(request), **{name: asked.get(name, "") for name in _FILTERS})


def _address(request: Request, name: str, **more: str) -> str:
    """Below the instance's own name, with the filter."""
    asked = {each: request.query_params[each] for each in _FILTERS if each in request.query_params}
    query = urlencode(asked | more)
    return f"{desk(request).names.base}{name}" + (f"?{query}" if query else "")


def _cursor(name: str) -> tuple[str, Cursor]:
    found = _NAME.fullmatch(name)
    if found is None:
        raise NotFound(_("There is no such page of the feed."))
    return found[1], (int(found[2]), found[3] or "")


def _beyond(request: Request, way: str, cursor: Cursor | None) -> str | None:
    if cursor is None:
        return None
    seq, record_id = cursor
    return _address(request, f"feed/pages/{way}-{seq}-{record_id}")


def _activity(request: Request, record: Record) -> Activity:
    gone = record.deleted and record.latest
    return Activity(
        id=f"{desk(request).names.base}feed#{record.seq}-{record.id}",
        type="Delete" if gone else "Create" if record.first else "Update",
        at=record.at,
        object=record.iri,
        object_type=_TYPES[record.kind],
        see_also=() if record.deleted else _descriptions(request, record),
    )


def _descriptions(request: Request, record: Record) -> tuple[Link, ...]:
    base = desk(request).names.base
    if record.kind == "annotation":
        return (Link(f"{base}annotation/{record.id}.ttl", TURTLE, OA.base),)
    return (
        Link(f"{base}items/{record.id}/edm", RDF_XML, EDM.base),
        Link(f"{base}items/{record.id}.ttl", TURTLE, EDM.base),
    )


def for_readers(request: Request) -> Response:
    """What was published, newest first; `kind=item`: which items changed."""
    opened, wanted, lang = desk(request), feeds.of_annotations(_among(request)), language.get()
    start: Cursor = ((wanted.last_seq or 0) + 1, "")
    asked = request.query_params.get("before", "")
    if asked:
        start = _cursor(f"before-{asked}")[1]
    records, following = feeds.newest(opened, wanted, start, _ENTRIES)
    found = feeds.lines(opened, records, lang)
    latest = next((each.record.at for each in found), "")
    feed = Feed(
        id=_address(request, "feed.atom"),
        title=feeds.title(opened, wanted, lang),
        author="CrowdHeritage",
        updated=latest or "1970-01-01T00:00:00Z",
        language=lang,
        page=opened.names.base + _page_of(wanted),
        links=_links(request, asked, following),
        entries=[_entry(request, each) for each in found],
    )
    return _answer(request, atom.write(feed), atom.MEDIA_TYPE)


def _page_of(wanted: Among) -> str:
    pages = {
        "campaigns": wanted.campaign, "collections": wanted.collection,
        "providers": wanted.provider,
    }  # fmt: skip
    return next((f"{kind}/{name}" for kind, name in pages.items() if name), "")


def _links(request: Request, asked: str, following: Cursor | None) -> list[tuple[str, str]]:
    found = [("self", _address(request, "feed.atom", **({"before": asked} if asked else {})))]
    found.append(("first", _address(request, "feed.atom")))
    if following:
        older = f"{following[0]}-{following[1]}"
        found.append(("next", _address(request, "feed.atom", before=older)))
    return found


def _entry(request: Request, line: Line) -> Entry | Gone:
    record, base = line.record, desk(request).names.base
    if record.deleted or not line.title:
        return Gone(record.iri, record.at)
    href = f"{base}{'annotation' if record.kind == 'annotation' else 'items'}/{record.id}"
    return Entry(record.iri, record.at, line.title, line.summary, href, f"{href}.ttl")


def _answer(request: Request, body: bytes, media_type: str) -> Response:
    headers = {
        "ETag": conditions.tag_of(body),
        "Cache-Control": "no-cache",
        "Vary": "Accept-Language",
    }
    known = conditions.not_modified(request, headers)
    return known or Response(body, media_type=media_type, headers=headers)


routes = [
    DataRoute("/feed", collection),
    DataRoute("/feed/pages/{page}", page),
    DataRoute("/feed.atom", for_readers),
]
