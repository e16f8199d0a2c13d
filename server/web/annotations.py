"""The page of an annotation: why something is here; and its history, as a page and as JSON."""

import re
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import annotation_views
from server.domain.annotation_histories import Event
from server.domain.annotation_views import HistoryPage
from server.index.histories import NEWEST
from server.names import timestamp
from server.web import api_services, negotiation
from server.web.api_operations import described
from server.web.pages import page
from server.web.requests import context, path, person

_OFFERS = (negotiation.HTML, "application/json")
_NUMBER = re.compile(r"[0-9]{1,18}")


def shown(request: Request, annotation_id: str) -> Response:
    opened, viewer, language = context(request)
    view, history = annotation_views.get_page(
        opened, viewer, person(request), annotation_id, language
    )
    return page(request, "annotations/page.html", annotation=view, history=history)


@described(api_services.HISTORY)
def history(request: Request) -> Response:
    """What happened to it, the newest first; `before` is the number of an entry of the journal."""
    opened, viewer, language = context(request)
    before = request.query_params.get("before", "")
    found = annotation_views.get_history(
        opened, viewer, person(request), path(request, "id"), language,
        int(before) if _NUMBER.fullmatch(before) else NEWEST,
    )  # fmt: skip
    following = found.history.following
    older = f"/annotation/{found.id}/history?before={following}" if following else None
    if negotiation.negotiate(request.headers.get("accept"), _OFFERS) == negotiation.HTML:
        response: Response = page(
            request, "annotations/history.html", annotation=found, older=older, first=not before
        )
    else:
        response = Response(_json(found, older), media_type="application/json")
        response.headers["Cache-Control"] = "private, no-store"
    response.headers.add_vary_header("Accept")
    return response


def _json(found: HistoryPage, older: str | None) -> bytes:
    events = [_described(each) for each in found.history.events]
    return orjson.dumps({"annotation": found.iri, "events": events, "next": older})


def _described(event: Event) -> dict[str, Any]:
    told: dict[str, Any] = {
        "entry": event.seq, "at": timestamp(event.when), "action": event.action,
        "by": {"kind": event.sign, "name": event.who}, "text": event.text, **event.data,
    }  # fmt: skip
    optional = {
        "details": list(event.details),
        "undo": event.undo,
        "annotation": f"/annotation/{event.other}" if event.other else "",
        "load": event.load,
    }
    return told | {name: value for name, value in optional.items() if value}


routes = [
    Route("/annotation/{id}/history", history),
]
