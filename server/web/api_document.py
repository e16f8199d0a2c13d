"""The OpenAPI 3.1 document: made from the routes and what their handlers say of themselves."""

from collections import Counter
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

from starlette.routing import BaseRoute, Route

import server
from server.domain.accounts import SCOPES
from server.web import api_browsers, api_schemas, api_words, token_scopes
from server.web.api_operations import Operation
from server.web.api_schemas import Components, Schema
from server.web.limits import SAFE_METHODS
from server.web.negotiation import HTML, RDF
from server.web.problems import PROBLEM_JSON

_PARTS: dict[str, Schema] = {
    "slug": {"type": "string", "pattern": "^[A-Za-z0-9._~-]{1,200}$"},
    "number": {"type": "integer", "minimum": 0, "maximum": 999_999_999},
    "seq": {"type": "integer", "minimum": 0, "maximum": 999_999_999_999},
}
_READING = (400, 401, 403, 404, 406, 409, 422, 500, 503)
_WRITING = (*_READING, 413, 429, 507)
_RATE = {"RateLimit-Policy": "policy", "RateLimit": "limit"}


def operations(routes: Iterable[BaseRoute]) -> Iterator[tuple[Route, str, Operation]]:
    """(route, method, what it does) of each that is described."""
    for route in routes:
        operation = getattr(getattr(route, "endpoint", None), "operation", None)
        known = getattr(route, "path", "") in api_browsers.ADDRESSES
        if isinstance(route, Route) and operation is not None and not known:
            for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"}):
                yield route, method, operation


def write(routes: Iterable[BaseRoute]) -> dict[str, Any]:
    components, paths = Components(), dict[str, Any]()
    found = list(operations(routes))
    names = Counter(operation.name for _route, _method, operation in found)
    for route, method, operation in found:
        path = paths.setdefault(route.path_format, {})
        told = path[method.lower()] = _operation(components, route, method, operation)
        if names[operation.name] > 1:
            told["operationId"] += "_" + _last_word(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "CrowdHeritage",
            "version": server.__version__,
            "description": api_words.ABOUT,
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in api_words.TAGS],
        "paths": paths,
        "components": {
            "schemas": {**components.schemas, "Problem": _PROBLEM},
            "headers": _HEADERS,
            "responses": {str(status): _problem(status) for status in sorted(_WRITING)},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": api_words.TOKEN}
            },
        },
    }


def _last_word(route: Route) -> str:
    """Of an address the last part that is no parameter."""
    return [part for part in route.path.split("/") if part and "{" not in part][-1]


def _operation(
    components: Components, route: Route, method: str, operation: Operation
) -> dict[str, Any]:
    safe = method in SAFE_METHODS
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": list(_parameters(route, operation)),
        "responses": _responses(components, operation, safe),
        "security": _security(route, method, operation),
    }
    if operation.words:
        told["description"] = operation.words
    if operation.body is not None:
        schema = api_schemas.body(operation.body)
        told["requestBody"] = {
            "required": bool(schema["required"]),
            "content": {"application/json": {"schema": schema}},
        }
    return told


def _security(route: Route, method: str, operation: Operation) -> list[dict[str, list[str]]]:
    scope = "read" if method in SAFE_METHODS else token_scopes.needed(route.path_format)
    token: dict[str, list[str]] = {"token": [scope or SCOPES[0]]}
    return [token] if operation.person else [{}, token]


def _parameters(route: Route, operation: Operation) -> Iterator[dict[str, Any]]:
    for name in route.param_convertors:
        schema = _PARTS.get(name, _PARTS["slug"])
        yield {"name": name, "in": "path", "required": True, "schema": schema}
    for query in operation.query:
        yield {
            "name": query.name, "in": "query", "description": query.words,
            "required": query.required, "schema": query.schema,
        }  # fmt: skip
    if operation.keyed:
        yield {
            "name": "Idempotency-Key", "in": "header", "description": api_words.KEY,
            "schema": {"type": "string"},
        }  # fmt: skip


def _responses(components: Components, operation: Operation, safe: bool) -> dict[str, Any]:
    found = {str(operation.status): _success(components, operation, safe)}
    for status, words in operation.also.items():
        found[str(status)] = _success(components, operation, safe) | {"description": words}
        if status >= 400:
            found[str(status)]["content"][PROBLEM_JSON] = {"schema": _REFERENCE}
    if safe:
        found["304"] = {"description": "Nothing has changed."}
    for status in _READING if safe else _WRITING:
        found.setdefault(str(status), {"$ref": f"#/components/responses/{status}"})
    return found


def _success(components: Components, operation: Operation, safe: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"description": operation.summary + ".", "content": {}}
    if operation.answer is not None:
        schema = components.of(operation.answer)
        told["content"] = {operation.media_type: {"schema": schema}}
        if operation.page and safe:
            text = (HTML, *RDF) if operation.rdf else (HTML,)
            told["content"] |= {kind: {"schema": {"type": "string"}} for kind in text}
    if not safe:
        told["headers"] = {
            name: {"$ref": f"#/components/headers/{ref}"} for name, ref in _RATE.items()
        }
    return told


_REFERENCE = {"$ref": "#/components/schemas/Problem"}
_PROBLEM: Schema = {
    "type": "object",
    "description": "RFC 9457. `errors` has a line for each parameter or member that is wrong; "
    "`scope` is the one that a token lacks.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "scope": {"enum": list(SCOPES)},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["field", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}
_HEADERS = {
    "policy": {
        "description": "How many writing requests in how many seconds; told with a token.",
        "schema": {"type": "string"},
    },
    "limit": {
        "description": "How many are left, and for how many seconds.",
        "schema": {"type": "string"},
    },
    "retry": {
        "description": "After how many seconds to try again.",
        "schema": {"type": "integer"},
    },
}


def _problem(status: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "description": HTTPStatus(status).phrase + ".",
        "content": {
            PROBLEM_JSON: {"schema": _REFERENCE},
            HTML: {"schema": {"type": "string"}},
        },
    }
    if status in (429, 503):
        told["headers"] = {"Retry-After": {"$ref": "#/components/headers/retry"}}
    return told
