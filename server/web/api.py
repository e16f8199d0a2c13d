"""What programs can do: a page in words, and the same as an OpenAPI 3.1 document."""

import orjson
from starlette.requests import Request
from starlette.responses import Response

from server.i18n import _
from server.web import api_document, api_examples, api_words, conditions, token_scopes, token_words
from server.web.api_operations import Operation, described
from server.web.api_schemas import Schema
from server.web.cross_origin import DataRoute
from server.web.limits import SAFE_METHODS
from server.web.pages import page
from server.web.requests import settings

_SCHEMA: Schema = {"type": "object", "required": ["openapi", "paths"]}
DOCUMENT = Operation("This description", "The server", _SCHEMA, page=False, name="openapi")


def show(request: Request) -> Response:
    rows: dict[str, list[tuple[str, str, str, str]]] = {}
    for route, method, operation in api_document.operations(request.app.routes):
        needed = None if method in SAFE_METHODS else token_scopes.needed(route.path_format)
        scope = needed or ("read" if operation.person else "")
        line = (method, route.path_format, operation.summary, scope)
        rows.setdefault(operation.tag, []).append(line)
    return page(
        request, "api/page.html", scopes=token_words.scopes(),
        groups=[(tag, rows[tag]) for tag in api_words.TAGS if tag in rows],
        examples=[(titles()[name], lang, text) for name, lang, text in api_examples.EXAMPLES],
        rate=settings(request).rate,
    )  # fmt: skip


def titles() -> dict[str, str]:
    return {
        "campaigns": _("The campaigns"),
        "vote": _("A vote"),
        "propose": _("From the next item to a proposal"),
        "list": _("A list, page by page"),
        "follow": _("Follow what changes"),
    }


@described(DOCUMENT)
def document(request: Request) -> Response:
    state = request.app.state
    if not hasattr(state, "openapi"):  # once: it does not change while the server runs
        state.openapi = orjson.dumps(api_document.write(request.app.routes))
    body: bytes = state.openapi
    headers = {"ETag": conditions.tag_of(body), "Cache-Control": "no-cache"}
    known = conditions.not_modified(request, headers)
    return known or Response(body, media_type="application/json", headers=headers)


routes = [DataRoute("/api", show), DataRoute("/api/openapi.json", document)]
