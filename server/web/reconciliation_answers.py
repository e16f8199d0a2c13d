"""How reconciliation services answer: as JSON or JSONP, to pages of any origin."""

import re
from typing import Any

import orjson
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from server.domain import reconciliation_services as services
from server.domain.reconciliation_services import Service
from server.errors import Malformed
from server.i18n import _
from server.web.requests import content_language, desk, path, settings

JSON = "application/json"
#: For every answer, as CORS wants it (the API, "Cross-Origin Access").
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Language",
}
_CORS = Middleware(
    CORSMiddleware,
    allow_origins=["*"],
    allow_methods=["GET", "POST"],
    allow_headers=["Accept", "Accept-Language", "Content-Type"],
    max_age=86_400,
)
#: A name, or names with dots between them: nothing that could be anything but a function.
_CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]{0,99}(\.[A-Za-z_$][A-Za-z0-9_$]{0,99}){0,5}")


class _Options:
    """Answers OPTIONS requests that are no preflight of CORS."""

    def __init__(self, app: ASGIApp, methods: str) -> None:
        self.app = app
        self.methods = methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["method"] == "OPTIONS"
        answer = Response(status_code=204, headers={"Allow": self.methods}) if asked else self.app
        await answer(scope, receive, send)


def route(address: str, endpoint: Any, *methods: str) -> Route:
    """An address that may be asked by GET and these methods, from any origin."""
    every = ["GET", "HEAD", "OPTIONS", *methods]
    options = Middleware(_Options, methods=", ".join(every))
    return Route(address, endpoint, methods=every, middleware=[_CORS, options])


def service_of(request: Request) -> Service:
    """The service that an address names. Raises NotFound."""
    return services.get_service(desk(request), path(request, "slug"), content_language(request))


def answer(request: Request, said: Any) -> Response:
    """As JSON; as a script that hands it to a function where `callback` names one (JSONP)."""
    body = orjson.dumps(said)
    callback = request.query_params.get("callback")
    if callback is None or request.method == "POST":
        return Response(body, media_type=JSON, headers=OPEN)
    if not _CALLBACK.fullmatch(callback):
        raise Malformed(_("“callback” is the name of a function."))
    # The comment keeps the answer from being read as anything but a script.
    script = b"/**/" + callback.encode() + b"(" + _as_script(body) + b");"
    return Response(script, media_type="application/javascript", headers=OPEN)


def _as_script(body: bytes) -> bytes:
    """JSON within a script: two of its line breaks end a line of older JavaScript."""
    text = body.decode().replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return text.replace("<", "\\u003c").encode()


def origin(request: Request) -> str:
    """Where the client asked; by https where the site is served so, if a proxy speaks http."""
    scheme = "https" if settings(request).secure_cookies else request.url.scheme
    return f"{scheme}://{request.url.netloc}"


def number(request: Request, name: str, default: int) -> int:
    """A parameter that is a number; the default where it is none."""
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else default
