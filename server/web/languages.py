"""The language of a request's answer: the reader's choice in a cookie, else what they accept."""

from babel.core import negotiate_locale
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from server.i18n import LANGUAGES, language

COOKIE = "language"


class Languages:
    """Sets the context variable that gettext reads; threads of the request inherit it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            language.set(_choose(Request(scope)))
        await self.app(scope, receive, send)


def _choose(request: Request) -> str:
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    accepted = [
        part.partition(";")[0].strip().replace("-", "_")
        for part in request.headers.get("Accept-Language", "").split(",")[:20]
    ]
    return negotiate_locale(accepted, LANGUAGES) or "en"
