"""The language of a request's answer: the reader's choice in a cookie, else what they accept."""

import re

from babel.core import negotiate_locale
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from server.i18n import LANGUAGES, language

COOKIE = "language"
_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,3}")
_WEIGHT = re.compile(r"[01](\.[0-9]{0,3})?")


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
    tags = [tag.replace("-", "_") for tag in accepted(request)]
    return negotiate_locale(tags, LANGUAGES) or "en"


def accepted(request: Request) -> list[str]:
    """The language tags of `Accept-Language`, the most wanted first (RFC 9110, 12.5.4)."""
    weighed = []
    for part in request.headers.get("Accept-Language", "").split(",")[:20]:
        tag, _semicolon, weight = part.replace(" ", "").partition(";q=")
        if _TAG.fullmatch(tag) and (quality := _quality(weight)) > 0:
            weighed.append((quality, tag))
    return [tag for _quality, tag in sorted(weighed, key=lambda each: -each[0])]


def _quality(weight: str) -> float:
    """From 0 to 1; what cannot be read counts as nothing said."""
    return min(float(weight), 1.0) if _WEIGHT.fullmatch(weight) else 1.0
