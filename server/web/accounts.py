"""Signing in and out, and registering; `own_accounts` are the pages of one's own account."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import accounts, agent_views
from server.errors import Invalid
from server.settings import Settings
from server.web import sessions
from server.web.forms import Form, read_form
from server.web.limits import LoginAttempts, client_address
from server.web.pages import page
from server.web.requests import see_other

#: What a form may get back to be shown again; never a password.
_SHOWN = ("name", "email", "next", "label", "expires")
Values = Mapping[str, str]
NOTHING: Values = {}


def login_page(request: Request) -> Response:
    person = request.state.person
    if person is not None and not person.guest:
        return see_other(local(request.query_params.get("next", "")))
    return _login_form(request, _empty(request))


async def login(request: Request) -> Response:
    return await trying(request, _sign_in, show=_login_form)


def register_page(request: Request) -> Response:
    return _register_form(request, _empty(request))


async def register(request: Request) -> Response:
    return await trying(request, _register, show=_register_form)


async def logout(request: Request) -> Response:
    await run_in_threadpool(sessions.leave, request)
    return see_other("/")


routes = [
    Route("/login", login_page),
    Route("/login", login, methods=["POST"]),
    Route("/register", register_page),
    Route("/register", register, methods=["POST"]),
    Route("/logout", logout, methods=["POST"]),
]


def _sign_in(request: Request, form: Form) -> Response:
    email, address = form.get("email"), client(request)
    attempts: LoginAttempts = request.state.attempts
    attempts.take(address, email)
    person = accounts.sign_in(accounts_desk(request), email, form.get("password"))
    attempts.succeeded(address, email)
    sessions.enter(request, person)
    return see_other(local(form.get("next")))


def _register(request: Request, form: Form) -> Response:
    request.state.attempts.register(client(request))
    person = accounts.register(
        accounts_desk(request),
        form.get("name"),
        form.get("email"),
        form.get("password"),
        now=datetime.now(UTC),
        guest=request.state.person,
    )
    sessions.enter(request, person)
    return see_other(local(form.get("next")))


async def trying(
    request: Request, act: Callable[[Request, Form], Response], show: Callable[..., Response]
) -> Response:
    """What `act` answers; or the page again, with what was entered and what is wrong with it."""
    form = await read_form(request)
    try:
        return await run_in_threadpool(act, request, form)
    except Invalid as error:
        values = {name: form.get(name) for name in _SHOWN}
        values["next"] = local(form.get("next"))
        problems = {problem.field: problem.message for problem in error.problems}
        return await run_in_threadpool(show, request, values, problems, status=422)


def _login_form(
    request: Request, form: Values, errors: Values = NOTHING, status: int = 200
) -> Response:
    template = "accounts/login.html"
    return page(request, template, status_code=status, form=form, errors=errors, next=form["next"])


def _register_form(
    request: Request, form: Values, errors: Values = NOTHING, status: int = 200
) -> Response:
    kept = taken_part(request)["kept"] if request.state.person else 0
    return page(
        request,
        "accounts/register.html",
        status_code=status,
        form=form,
        errors=errors,
        next=form["next"],
        kept=kept,
    )


def taken_part(request: Request) -> dict[str, Any]:
    """`figures`, `campaigns` and `kept` of the person."""
    return agent_views.taken_part(request.app.state.desk, request.state.person)


def local(address: str) -> str:
    """The address if it is a path of this site, else the home page: nobody is led elsewhere."""
    if not address.startswith("/") or not address.isprintable() or "\\" in address:
        return "/"
    if urlsplit(address).netloc or address.startswith("//"):
        return "/"
    return quote(address, safe="/?&=#%:;,+@!$'()*~-._")


def _empty(request: Request) -> Values:
    next_page = local(request.query_params.get("next", ""))
    return dict.fromkeys(_SHOWN, "") | {"next": next_page}


def accounts_desk(request: Request) -> accounts.Desk:
    desk: accounts.Desk = request.app.state.desk
    return desk


def client(request: Request) -> str:
    settings: Settings = request.app.state.settings
    return client_address(request.scope, settings.trusted_proxies)
