"""Signing in and out, registering, and one's own account."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from server.domain import accounts, agent_views, permissions, shortcuts
from server.domain import sessions as keys
from server.domain.accounts import Person
from server.domain.shortcuts import Shortcuts
from server.errors import Invalid, Malformed, Problem
from server.i18n import _
from server.settings import Settings
from server.web import sessions
from server.web.forms import Form, read_form
from server.web.limits import LoginAttempts, client_address
from server.web.pages import page

#: What a form may get back to be shown again; never a password.
_SHOWN = ("name", "email", "next", "label")
_ERASE_FIELD = "erase-password"
Values = Mapping[str, str]
NOTHING: Values = {}


@dataclass(frozen=True, slots=True)
class Profile:
    """One's own account, as its page shows it."""

    name: str
    email: str | None
    role: accounts.Role
    since: date | None
    agent: str
    show_name: bool

    @classmethod
    def of(cls, person: Person) -> "Profile":
        since = person.created.date() if person.created else None
        agent = person.agent.value
        return cls(person.name, person.email, person.role, since, agent, person.show_name)


def login_page(request: Request) -> Response:
    person = request.state.person
    if person is not None and not person.guest:
        return _see_other(local(request.query_params.get("next", "")))
    return _login_form(request, _empty(request))


async def login(request: Request) -> Response:
    return await _trying(request, _sign_in, show=_login_form)


def register_page(request: Request) -> Response:
    return _register_form(request, _empty(request))


async def register(request: Request) -> Response:
    return await _trying(request, _register, show=_register_form)


async def logout(request: Request) -> Response:
    await run_in_threadpool(sessions.leave, request)
    return _see_other("/")


def account_page(request: Request) -> Response:
    return _see_other("/register") if _anybody(request).guest else _account(request)


async def change_profile(request: Request) -> Response:
    return await _trying(request, _change_profile, show=_account)


async def change_password(request: Request) -> Response:
    return await _trying(request, _change_password, show=_account)


async def create_token(request: Request) -> Response:
    return await _trying(request, _create_token, show=_account)


def revoke_token(request: Request) -> Response:
    person = permissions.require_account(request.state.person)
    keys.revoke_token(_desk(request), person, request.path_params["id"])
    return _see_other("/account")


def export(request: Request) -> Response:
    person = _anybody(request)
    content = accounts.export(_desk(request), person)
    content["contributions"] = agent_views.contributions(request.app.state.desk, person)
    return Response(
        json.dumps(content, ensure_ascii=False, indent=2),
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="account.json"'},
    )


async def erase(request: Request) -> Response:
    return await _trying(request, _erase, show=_account)


routes = [
    Route("/login", login_page),
    Route("/login", login, methods=["POST"]),
    Route("/register", register_page),
    Route("/register", register, methods=["POST"]),
    Route("/logout", logout, methods=["POST"]),
    Route("/account", account_page),
    Route("/account", change_profile, methods=["POST"]),
    Route("/account/password", change_password, methods=["POST"]),
    Route("/account/tokens", create_token, methods=["POST"]),
    Route("/account/tokens/{id}/revoke", revoke_token, methods=["POST"]),
    Route("/account/export", export),
    Route("/account/erase", erase, methods=["POST"]),
]


def _sign_in(request: Request, form: Form) -> Response:
    email, address = form.get("email"), _address(request)
    attempts: LoginAttempts = request.state.attempts
    attempts.take(address, email)
    person = accounts.sign_in(_desk(request), email, form.get("password"))
    attempts.succeeded(address, email)
    sessions.enter(request, person)
    return _see_other(local(form.get("next")))


def _register(request: Request, form: Form) -> Response:
    request.state.attempts.register(_address(request))
    person = accounts.register(
        _desk(request),
        form.get("name"),
        form.get("email"),
        form.get("password"),
        now=datetime.now(UTC),
        guest=request.state.person,
    )
    sessions.enter(request, person)
    return _see_other(local(form.get("next")))


def _change_profile(request: Request, form: Form) -> Response:
    show_name = form.flag("show_name")
    accounts.change_profile(
        _desk(request), _anybody(request), form.get("name"), show_name=show_name
    )
    return _see_other("/account")


def _change_password(request: Request, form: Form) -> Response:
    person = permissions.require_account(request.state.person)
    with_attempt = _address(request), person.id
    request.state.attempts.take(*with_attempt)
    accounts.change_password(
        _desk(request),
        person,
        form.get("current"),
        form.get("password"),
        session=sessions.session_hash(request),
    )
    request.state.attempts.succeeded(*with_attempt)
    sessions.enter(request, person)
    return _see_other("/account")


def _create_token(request: Request, form: Form) -> Response:
    person = permissions.require_account(request.state.person)
    token = keys.create_token(_desk(request), person, form.get("label"), now=datetime.now(UTC))
    return _account(request, new_token=token)


def _erase(request: Request, form: Form) -> Response:
    person = _anybody(request)
    if person.guest:
        _require_tick(form)
    else:
        attempt = _address(request), person.id
        request.state.attempts.take(*attempt)
        _require_password(_desk(request), person, form.get(_ERASE_FIELD))
        request.state.attempts.succeeded(*attempt)
    accounts.erase(_desk(request), person, now=datetime.now(UTC))
    sessions.leave(request)
    return _see_other("/")


def _require_tick(form: Form) -> None:
    if not form.flag("confirm"):
        raise Malformed(_("Please confirm that you want to erase what is known of you."))


def _require_password(desk: accounts.Desk, person: Person, password: str) -> None:
    try:
        accounts.check_password(desk, person, password)
    except Invalid as error:
        raise Invalid(str(error), (Problem(_ERASE_FIELD, str(error)),)) from None


async def _trying(
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
    kept = _taken_part(request)["kept"] if request.state.person else 0
    return page(
        request,
        "accounts/register.html",
        status_code=status,
        form=form,
        errors=errors,
        next=form["next"],
        kept=kept,
    )


def _account(
    request: Request,
    form: Values = NOTHING,
    errors: Values = NOTHING,
    status: int = 200,
    new_token: str | None = None,
) -> Response:
    person = permissions.require_account(request.state.person)
    return page(
        request,
        "accounts/account.html",
        status_code=status,
        account=Profile.of(person),
        tokens=keys.tokens(_desk(request), person),
        new_token=new_token,
        shortcuts=shortcuts.of(_desk(request), person) or Shortcuts(),
        form=form,
        errors=errors,
        **_taken_part(request),
    )


def _taken_part(request: Request) -> dict[str, Any]:
    """`figures`, `campaigns` and `kept` of the person."""
    return agent_views.taken_part(request.app.state.desk, request.state.person)


def local(address: str) -> str:
    """The address if it is a path of this site, else the home page: nobody is led elsewhere."""
    if not address.startswith("/") or not address.isprintable() or "\\" in address:
        return "/"
    if urlsplit(address).netloc or address.startswith("//"):
        return "/"
    return quote(address, safe="/?&=#%:;,+@!$'()*~-._")


def _see_other(address: str) -> Response:
    return RedirectResponse(address, 303)


def _empty(request: Request) -> Values:
    next_page = local(request.query_params.get("next", ""))
    return dict.fromkeys(_SHOWN, "") | {"next": next_page}


def _anybody(request: Request) -> Person:
    """Whoever it is, a guest too. Raises NotSignedIn."""
    person: Person | None = request.state.person
    return person or permissions.require_account(None)


def _desk(request: Request) -> accounts.Desk:
    desk: accounts.Desk = request.app.state.desk
    return desk


def _address(request: Request) -> str:
    settings: Settings = request.app.state.settings
    return client_address(request.scope, settings.trusted_proxies)
