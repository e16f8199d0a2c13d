"""Addresses of data: scripts of pages elsewhere may read what is there, errors as well (CORS).

https://fetch.spec.whatwg.org/#http-cors-protocol. Such scripts are nobody: a `*` is no leave to
send cookies along, and what a page shows to somebody who is signed in stays unread.
"""

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

METHODS = "GET, HEAD, OPTIONS"
SHARED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Content-Location, ETag, Last-Modified, Link, Location, Retry-After, Vary"
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_PREFLIGHT = {
    **SHARED,
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Language, Authorization, If-Modified-Since, If-None-Match, Prefer, Range"
    ),
    "Access-Control-Max-Age": "86400",
}


class DataRoute(Route):
    """A route whose answers, errors too, may be read from elsewhere; it answers OPTIONS itself."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "OPTIONS":
            await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send)
            return

        async def shared(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SHARED.items():
                    headers.setdefault(name, value)
            await send(message)

        await super().handle(scope, receive, shared)
