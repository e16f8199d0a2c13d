"""What an address does for programs, said beside the handler that does it.

`@described(operation)` marks a handler: `/api/openapi.json` is made from these marks and the
routes, and what a program sends is checked against the same words before the handler is called.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from server.domain import permissions
from server.errors import Invalid, Problem
from server.i18n import _
from server.web import api_checks, api_schemas, conditions, forms, negotiation
from server.web.api_schemas import Schema
from server.web.forms import Form

JSON = "application/json"
MOST = 100  # rows of one answer
USUAL = 50
#: RDF before JSON, so that JSON-LD stays what it is to whoever takes both.
_OFFERS = (negotiation.HTML, *negotiation.RDF, JSON)


@dataclass(frozen=True, slots=True)
class Query:
    """A parameter in the address, which may be left out unless `required`."""

    name: str
    words: str
    schema: Schema = field(default_factory=lambda: {"type": "string", "maxLength": 200})
    required: bool = False
    checked: bool = True  # else the handler does, in words of its own


@dataclass(frozen=True, slots=True)
class Operation:
    """`answer` is the type of the JSON, None where there is none; `body` that of what is sent.

    `person`: somebody has to be signed in. `page`: browsers get a page at the same address.
    `also` are further answers that are no errors, or errors of its own; `media_type` of the answer.
    """

    summary: str
    tag: str
    answer: Any = None
    status: int = 200
    query: tuple[Query, ...] = ()
    body: type | None = None
    person: bool = False
    page: bool = True
    rdf: bool = False  # linked data as well
    also: Mapping[int, str] = field(default_factory=dict)
    media_type: str = JSON
    words: str = ""
    keyed: bool = False  # takes Idempotency-Key
    json_first: bool = False  # what is answered to `*/*`
    name: str = ""  # where the handler's name would not tell it from others


LIMIT = Query(
    "limit", "How many at most.",
    {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
)  # fmt: skip
AFTER = Query("after", "Where the page begins: as the address of the next page has it.")
Act = Callable[..., Any]


def described(operation: Operation, json: Act | None = None) -> Callable[[Act], Act]:
    """Mark a handler. Where a program wants JSON, `json` answers instead of it, if given."""

    def mark(act: Act) -> Act:
        if iscoroutinefunction(act):
            return _mark_async(operation, act)

        @wraps(act)
        def checked(request: Request, *rest: Any) -> Any:
            if not operation.page or wants(request, operation.json_first):
                check(request, operation, rest[0] if rest else None)
                if json is not None:
                    return json(request, *rest)
            return act(request, *rest)

        checked.operation = operation  # type: ignore[attr-defined]
        return checked

    return mark


def _mark_async(operation: Operation, act: Act) -> Act:
    @wraps(act)
    async def checked(request: Request) -> Any:
        if not operation.page or wants(request, operation.json_first):
            check(request, operation, None)
        return await act(request)

    checked.operation = operation  # type: ignore[attr-defined]
    return checked


def wants(request: Request, json_first: bool = False) -> bool:
    """Whether JSON is to be answered: by `Accept`, or since JSON was sent and no page asked for."""
    accept = request.headers.get("Accept")
    if negotiation.split_suffix(request.scope["path"])[1] is not None:
        return False
    if negotiation.choose(accept, (JSON, *_OFFERS) if json_first else _OFFERS) == JSON:
        return True
    return forms.media_type(request) == JSON and negotiation.HTML not in (accept or "")


def check(request: Request, operation: Operation, form: Form | None) -> None:
    """Raises NotSignedIn, or Invalid with a problem for each parameter and member that is wrong."""
    if operation.person:
        permissions.require_somebody(request.state.person)
    found = [
        problem
        for query in operation.query
        for problem in _wrong(query, request.query_params.getlist(query.name))
    ]
    if (
        form is not None
        and operation.body is not None
        and (form.data is not None or not form.fields)
    ):
        found += api_checks.problems(api_schemas.body(operation.body), form.data or {})
    if found:
        raise Invalid(_("Something in the request is not as it should be."), tuple(found))


def _wrong(query: Query, texts: list[str]) -> list[Problem]:
    if not texts:
        return [Problem(query.name, _("It is missing."))] if query.required else []
    return list(api_checks.parameter(query.schema, texts, query.name)) if query.checked else []


def answer(
    request: Request, value: Any, *, status: int = 200, following: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """A dataclass as JSON, with an ETag, and a Link where it goes on."""
    content = orjson.dumps(value)
    sent = {"Vary": "Accept, Accept-Language, Cookie, Authorization", **(headers or {})}
    if following:
        sent["Link"] = f'<{following}>; rel="next"'
    if request.method in ("GET", "HEAD") and status == 200:
        sent = {"Cache-Control": _caching(request), **sent}
        sent["ETag"] = conditions.tag_of(content)
        if known := conditions.not_modified(request, sent):
            return known
    return Response(content, status, sent, JSON)


def _caching(request: Request) -> str:
    return "no-cache" if request.state.person is None else "private, no-cache"


def nothing() -> Response:
    return Response(status_code=204)


def limit(request: Request) -> int:
    """As `check` has let it through."""
    return int(request.query_params.get("limit", USUAL))


def further(request: Request, **changes: object) -> str:
    """The address of another page of what was asked for."""
    kept = [pair for pair in request.query_params.multi_items() if pair[0] not in changes]
    return f"{request.url.path}?{urlencode([*kept, *changes.items()])}"
