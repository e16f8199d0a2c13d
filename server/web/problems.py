"""The one place where errors become statuses: a page for people, problem+json for machines.

Problem details: RFC 9457. A request by htmx gets a fragment where it swaps one.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server import errors
from server.i18n import _
from server.names import new_id
from server.web.pages import page

log = logging.getLogger("crowdheritage.errors")
audit = logging.getLogger("crowdheritage.audit")

STATUSES: dict[type[Exception], int] = {
    errors.Malformed: 400,
    errors.NotSignedIn: 401,
    errors.Forbidden: 403,
    errors.OutOfScope: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.TooLarge: 413,
    errors.Invalid: 422,
    errors.TooMany: 429,
    errors.Locked: 503,
    errors.Unavailable: 503,
    errors.StorageFull: 507,
}
PROBLEM_JSON = "application/problem+json"
_BEARER = 'Bearer realm="crowdheritage"'
_UNAVAILABLE_SECONDS = 5  # what is not ready is tried again after


def status_of(error: Exception) -> int:
    """The status of an error: that of the nearest class in the tree, else 500."""
    if isinstance(error, HTTPException):
        return error.status_code
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)


def answer(request: Request, error: Exception) -> Response:
    """The response that tells the client about an error, in the form that it asked for."""
    status = status_of(error)
    if status in (204, 304):
        return Response(status_code=status, headers=getattr(error, "headers", None))
    instance = _record(request, error, status)
    detail = _detail(error, status, instance)
    problems = error.problems if isinstance(error, errors.Invalid) else ()
    response = _page(request, status, detail, problems)
    response = response or _problem_json(error, status, detail, instance)
    response.headers.update(_headers(request, error, status))
    response.headers["Cache-Control"] = "no-store"
    # The same address answers people, programs and htmx differently.
    response.headers.add_vary_header("Accept")
    response.headers.add_vary_header("HX-Request")
    return response


#: For Starlette: the errors that are expected. `Problems` answers all others.
exception_handlers: dict[Any, Callable[..., Any]] = {
    HTTPException: answer,
    errors.CrowdHeritageError: answer,
}


class Problems:
    """Answers errors that nothing further in did: those of middleware, and unexpected ones."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {}).setdefault("person", None)
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except ClientDisconnect:
            return
        except Exception as error:
            if started:
                raise
            response = await run_in_threadpool(answer, Request(scope, receive), error)
            await response(scope, receive, send)


def _record(request: Request, error: Exception, status: int) -> str | None:
    """Note in the log what must be noted; the number of an error of ours, else None."""
    if status == 403:
        person = getattr(request.state, "person", None)
        who = person.id if person else "somebody"
        audit.info("refused %s %r to %s: %s", request.method, request.url.path, who, error)
    if status != 500:
        return None
    number = new_id()
    what = f"{number} {request.method} {request.url.path!r}"
    log.error("%s", what, exc_info=(type(error), error, error.__traceback__))
    return number


def _detail(error: Exception, status: int, instance: str | None) -> str:
    if instance is not None:
        return _("Something went wrong on our side. The number of this error: {id}.", id=instance)
    if isinstance(error, HTTPException):
        if status == 404:
            return _("There is no page at this address.")
        if status == 405:
            return _("This address does not take that kind of request.")
        return error.detail
    return str(error)


def _title(status: int) -> str:
    titles = {
        400: _("That could not be read"),
        401: _("Please sign in"),
        403: _("Not allowed"),
        404: _("Nothing here"),
        409: _("Things have changed meanwhile"),
        410: _("Withdrawn"),
        413: _("Too large"),
        422: _("Please check what you entered"),
        429: _("A little slower, please"),
        500: _("Something went wrong"),
        503: _("Not available right now"),
        507: _("No room left"),
    }
    return titles.get(status) or HTTPStatus(status).phrase


def _what_next(request: Request, status: int) -> tuple[str, str]:
    """An address to go on to, and the words of its link."""
    if status != 401:
        if request.url.path.startswith(("/vocabular", "/terms", "/term/", "/reconcile")):
            return "/vocabularies", _("See the vocabularies")
        return "/", _("See the campaigns")
    if request.method != "GET":
        return "/login", _("Sign in")
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/login?next={quote(request.url.path + query, safe='/')}", _("Sign in")


def _template(request: Request, status: int) -> str | None:
    """The template that the client wants an error in; None for problem+json.

    htmx swaps a 422 into the page; other errors a script shows, from problem+json.
    """
    if "HX-Request" in request.headers:
        return "errors/_problem.html" if status == 422 else None
    return "errors/page.html" if "text/html" in request.headers.get("Accept", "") else None


def _page(
    request: Request, status: int, detail: str, problems: tuple[errors.Problem, ...]
) -> Response | None:
    """The page or fragment; None where none is wanted, or templates are what went wrong."""
    name = _template(request, status)
    if name is None:
        return None
    href, text = _what_next(request, status)
    try:
        return page(
            request,
            name,
            status_code=status,
            status=status,
            title=_title(status),
            detail=detail,
            problems=problems,
            next_href=href,
            next_text=text,
        )
    except Exception:
        log.exception("the page of an error")
        return None


def _problem_json(error: Exception, status: int, detail: str, instance: str | None) -> Response:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if isinstance(error, errors.Invalid) and error.problems:
        body["errors"] = [{"field": one.field, "detail": one.message} for one in error.problems]
    if isinstance(error, errors.OutOfScope):
        body["scope"] = error.scope
    if instance is not None:
        body["instance"] = f"urn:uuid:{instance}"
    return Response(orjson.dumps(body), status, media_type=PROBLEM_JSON)


def _headers(request: Request, error: Exception, status: int) -> dict[str, str]:
    headers = dict(getattr(error, "headers", None) or {}) | getattr(request.state, "rate", {})
    if status == 405:
        headers["Allow"] = _allowed(request)
    if status == 401:
        headers.setdefault("WWW-Authenticate", _challenge(request))
    if isinstance(error, errors.OutOfScope):
        headers["WWW-Authenticate"] = (
            f'{_BEARER}, error="insufficient_scope", scope="{error.scope}"'
        )
    if isinstance(error, errors.TooMany):
        headers["Retry-After"] = str(error.retry_after)
    elif status == 503:
        headers.setdefault("Retry-After", str(_UNAVAILABLE_SECONDS))
    return headers


def _challenge(request: Request) -> str:
    """RFC 6750, 3: whoever sent no token is not told that it is wrong."""
    sent = request.headers.get("Authorization", "").lower().startswith("bearer ")
    return f'{_BEARER}, error="invalid_token"' if sent else _BEARER


def _allowed(request: Request) -> str:
    """Of all routes of the address, not of its first alone."""
    routes = request.scope["app"].routes
    fitting = (each for each in routes if each.matches(request.scope)[0] is not Match.NONE)
    methods = {method for each in fitting for method in getattr(each, "methods", None) or ()}
    return ", ".join(sorted(methods))
