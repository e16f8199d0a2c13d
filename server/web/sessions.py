"""Who sends a request, and whether it comes from our own pages.

The cookie `session` holds 256 random bits, of which the server keeps a hash. Nobody gets a cookie
for reading. Unsafe requests must be of the same origin and carry a token bound to the session;
forms of people without a session are bound to the cookie `form`, signed by the server.
"""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.domain import accounts, permissions, sessions, tokens
from server.domain.accounts import Desk, Person
from server.errors import Forbidden, NotSignedIn
from server.i18n import _
from server.settings import Settings
from server.web import forms, token_scopes
from server.web.limits import SAFE_METHODS, limited
from server.web.problems import Problems

SESSION, FORM = "session", "form"
#: Bodies that a page elsewhere can make a browser send without asking us first (CORS).
_SIMPLE = frozenset({"", forms.URLENCODED, forms.MULTIPART, "text/plain"})
# The server decides when a session ends; browsers keep cookies for 400 days at most.
_COOKIE_SECONDS = 400 * 86_400
_LONGEST_COOKIE = 100


class Visit:
    """One request's cookies: those it came with, and those its answer sets."""

    def __init__(self, desk: Desk, settings: Settings, request: Request) -> None:
        self.desk = desk
        self.settings = settings
        self.session = _cookie(request, SESSION)
        self.form = _cookie(request, FORM)
        self._of_form = ""
        self.had_cookies = bool(self.session or self.form)
        self.stale = False
        self.shown = False
        self.changes: dict[str, str | None] = {}

    def __str__(self) -> str:
        """The token that a form of this answer carries; makes the cookie where there is none."""
        self.shown = True
        return self._token()

    def _token(self) -> str:
        if self.session is not None:
            return _signature(self.session, "csrf")
        if self.form is None:
            self.form = self.changes[FORM] = secrets.token_urlsafe(32)
        if not self._of_form:  # once for all forms of a page
            self._of_form = _signature(sessions.form_secret(self.desk), self.form)
        return self._of_form

    def expects(self, token: str) -> bool:
        has_one = self.session is not None or self.form is not None
        return has_one and hmac.compare_digest(self._token().encode(), token.encode())

    def set_headers(self, headers: MutableHeaders) -> None:
        if self.shown:
            headers.setdefault("Cache-Control", "no-store")  # its form is one browser's
        if self.changes:
            # Also of what is public, such as a picture: no cache gives others one's cookies.
            headers["Cache-Control"] = "no-store"
        attributes = "; Path=/; HttpOnly; SameSite=Lax"
        if self.settings.secure_cookies:
            attributes += "; Secure"
        for name, value in self.changes.items():
            # `form` goes when the browser is closed.
            age = "" if name == FORM else f"; Max-Age={_COOKIE_SECONDS if value else 0}"
            headers.append("Set-Cookie", f"{name}={value or ''}{age}{attributes}")


class Sessions:
    """Sets `request.state.person` (or None), `.session` and `.csrf` (text once written out).

    At the addresses in `anonymous` unsafe requests are nobody's (a query by POST, say): they need
    no token, because no cookie counts. One that ends in a slash stands for all below it.
    """

    def __init__(self, app: ASGIApp, settings: Settings, anonymous: Collection[str] = ()) -> None:
        self.app = app
        self.settings = settings
        self.anonymous = anonymous
        self._answered = Problems(self._checked)  # so that pages of errors set cookies as well

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/static/"):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        visit = Visit(scope["app"].state.desk, self.settings, request)
        state = request.state
        state.person, state.csrf, state.form = None, visit, None

        async def send_with_cookies(message: Message) -> None:
            if message["type"] == "http.response.start":
                visit.set_headers(MutableHeaders(scope=message))
            await send(message)

        try:
            await self._answered(scope, receive, send_with_cookies)
        finally:
            if isinstance(state.form, forms.Form):
                await state.form.close()

    async def _checked(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        unsafe = request.method not in SAFE_METHODS
        if not unsafe or not self._is_anonymous(scope["path"]):
            by_token = await self._identify(request, request.state.csrf)
            if unsafe:
                receive = self._bounded(receive, request.state.person)
            if unsafe and by_token:
                token_scopes.require(request.state.person, scope["path"])
            if unsafe and not by_token:
                receive = await _require_our_page(Request(scope, receive), receive)
        await self.app(scope, receive, send)

    def _is_anonymous(self, path: str) -> bool:
        below = (each for each in self.anonymous if each.endswith("/"))
        return path in self.anonymous or any(path.startswith(each) for each in below)

    async def _identify(self, request: Request, visit: Visit) -> bool:
        """Find out who it is; True when an API token says so."""
        now = datetime.now(UTC)
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            request.state.person = await run_in_threadpool(
                tokens.bearer, visit.desk, secret.strip(), now=now
            )
            if request.state.person is None:
                raise NotSignedIn(_("This token is not known, was revoked, or has expired."))
            return True
        if visit.session is not None:
            # Here, for handing it to a thread takes longer than looking; writing may wait.
            request.state.person, due = sessions.find(visit.desk, visit.session, now=now)
            if due:
                days = self.settings.session_days
                await run_in_threadpool(
                    sessions.prolong, visit.desk, visit.session, now=now, days=days
                )
            if request.state.person is None:
                visit.session, visit.stale = None, True
                visit.changes[SESSION] = None
        return False

    def _bounded(self, receive: Receive, person: Person | None) -> Receive:
        """Large uploads are for those who may import."""
        if not permissions.may(person, "import"):
            return limited(receive, self.settings.max_body)
        return receive


def enter(request: Request, person: Person) -> None:
    """Begin a session under a new identifier; the answer to this request sets its cookie."""
    visit: Visit = request.state.csrf
    visit.session = visit.changes[SESSION] = sessions.open_session(
        visit.desk,
        person,
        now=datetime.now(UTC),
        days=visit.settings.session_days,
        instead_of=visit.session,
    )
    request.state.person = person


def leave(request: Request) -> None:
    """End the session, here and on the server."""
    visit: Visit = request.state.csrf
    if visit.session is not None:
        sessions.close_session(visit.desk, visit.session)
    visit.session = visit.changes[SESSION] = None
    request.state.person = None


def start(request: Request) -> Person:
    """Whoever sends this, as somebody who can contribute: a new guest where nobody is signed in."""
    person: Person | None = request.state.person
    if person is None:
        person = accounts.guest(request.state.csrf.desk, now=datetime.now(UTC))
        enter(request, person)
    return person


def session_hash(request: Request) -> str:
    """The stored hash of this request's session; empty where there is none."""
    secret = request.state.csrf.session
    return sessions.digest(secret) if secret else ""


async def _require_our_page(request: Request, receive: Receive) -> Receive:
    """Raises Forbidden, or NotSignedIn for a session that has ended. Returns the stream to read."""
    visit: Visit = request.state.csrf
    kind = forms.media_type(request)
    if not visit.had_cookies and (kind not in _SIMPLE or request.method != "POST"):
        return receive  # a program without credentials: nobody is signed in, so nothing to abuse
    if not _same_origin(request, visit.settings):
        raise Forbidden(_("This form was sent from another site."))
    token = request.headers.get("X-CSRF-Token")
    if token is None:
        form = await forms.read_form(request) if kind in _SIMPLE - {"text/plain"} else forms.Form()
        token = form.get("csrf")
        receive = _after_body(receive)
    if not await _expects(visit, token):
        if visit.stale:
            raise NotSignedIn(_("Your session has ended. Please sign in again."))
        raise Forbidden(_("This page is out of date. Please reload it and try again."))
    return receive


async def _expects(visit: Visit, token: str) -> bool:
    """In a thread where the server's secret has to be read, or made."""
    if visit.session is not None:
        return visit.expects(token)
    return await run_in_threadpool(visit.expects, token)


def _same_origin(request: Request, settings: Settings) -> bool:
    """Sec-Fetch-Site where the browser sends it, else Origin; neither is no.

    https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    scheme = "https" if settings.secure_cookies else request.scope["scheme"]
    own = f"{scheme}://{request.headers.get('Host', '')}"
    return request.headers.get("Origin", "").lower() == own.lower()


def _after_body(receive: Receive) -> Receive:
    """For a handler that reads a body which was read here: it is empty, instead of never coming."""
    told = False

    async def rest() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return rest


def _cookie(request: Request, name: str) -> str | None:
    value = request.cookies.get(name, "")
    return value if 0 < len(value) <= _LONGEST_COOKIE else None


def _signature(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
