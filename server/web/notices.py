"""What was just done, told once, with a button that takes it back.

After a form of htmx the notice comes beside the fragment (out of band). After a form that leads to
another page, a cookie names the entry of the journal until a page has told of it: the words are
made from the entry, for nobody but the person who made it.
"""

import contextlib
import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from server.domain import deeds, undoing
from server.domain.accounts import Person
from server.i18n import _
from server.web.requests import by_htmx, context, now, person, settings
from server.web.templates import Here, Message

COOKIE = "notice"
_SECONDS = 120
_NUMBER = re.compile(r"(u?)([0-9]{1,18})")
_LONGEST = 400


class Waiting:
    """The messages of a page; they are looked up, and forgotten, only where a page shows them."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.shown = False

    def __iter__(self) -> Iterator[Message]:
        found = _NUMBER.fullmatch(self.request.cookies.get(COOKIE, ""))
        if found is None:
            return
        self.shown = True
        message = _message(self.request, int(found[2]), undone=bool(found[1]))
        if message:
            yield message


def _message(request: Request, seq: int, *, undone: bool) -> Message | None:
    opened, viewer, language = context(request)
    me: Person | None = getattr(request.state, "person", None)
    deed = deeds.find(opened, viewer, me, seq, now(), language) if me else None
    if deed is None:
        return None
    if undone:
        return Message("done", _("Taken back: {what}", what=deed.text))
    return Message("done", deed.text, 0 if deed.why_not else seq, _place(request))


def _place(request: Request) -> str:
    """The page to come back to: of a fragment the one that it is for."""
    where: SplitResult | URL = request.url
    if by_htmx(request):
        with contextlib.suppress(ValueError):  # a header is what somebody sends
            where = urlsplit(request.headers.get("HX-Current-URL", ""))
    return (f"{where.path}?{where.query}" if where.query else where.path)[:_LONGEST]


def tell(request: Request, response: Response, since: datetime, words: str = "") -> Response:
    """The answer to something that was done at that time, with the notice of it: beside the
    fragment, or on the page that it leads to. Where nothing was stored there is none.

    `words` are those of the notice, where they are known; else the entry is read for them."""
    me = person(request)
    seq = undoing.latest(context(request)[0], me, since) if me else None
    if seq is None:
        return response
    if not by_htmx(request):
        remember(request, response, str(seq))
        return response
    if words:
        return _beside(request, response, Message("done", words, seq, _place(request)))
    return _beside(request, response, _message(request, seq, undone=False))


def _beside(request: Request, response: Response, message: Message | None) -> Response:
    if message is None or not isinstance(response, HTMLResponse):
        return response
    here = Here(request.url.path, str(request.state.csrf))
    made = request.app.state.templates.render("_undo.html", here, message=message, beside=True)
    told = bytes(response.body) + made.encode()
    return HTMLResponse(told, response.status_code, _own_headers(response))


def _own_headers(response: Response) -> dict[str, str]:
    """Those that do not follow from the body."""
    return {
        name: value
        for name, value in response.headers.items()
        if name not in ("content-length", "content-type")
    }


def remember(request: Request, response: Response, value: str) -> None:
    """For the next page: the number of an entry, after `u` for one that was taken back."""
    response.set_cookie(
        COOKIE, value, max_age=_SECONDS, httponly=True, samesite="lax",
        secure=settings(request).secure_cookies,
    )  # fmt: skip


def forget(response: Response) -> None:
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
