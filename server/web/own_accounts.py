"""The pages of one's own account: the profile, the password, what is known of one, the end."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import accounts, agent_views, permissions, shortcuts, tokens
from server.domain.accounts import Person
from server.domain.shortcuts import Shortcuts
from server.errors import Invalid, Malformed, Problem
from server.i18n import _
from server.web import api_services, sessions, token_words
from server.web.accounts import NOTHING, Values, accounts_desk, client, taken_part, trying
from server.web.api_operations import described
from server.web.forms import Form
from server.web.pages import page
from server.web.requests import see_other

_ERASE_FIELD = "erase-password"


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


def account_page(request: Request) -> Response:
    return see_other("/register") if _anybody(request).guest else account_form(request)


async def change_profile(request: Request) -> Response:
    return await trying(request, _change_profile, show=account_form)


async def change_password(request: Request) -> Response:
    return await trying(request, _change_password, show=account_form)


@described(api_services.EXPORT)
def export(request: Request) -> Response:
    person = _anybody(request)
    content = accounts.export(accounts_desk(request), person)
    content["contributions"] = agent_views.contributions(request.app.state.desk, person)
    return Response(
        json.dumps(content, ensure_ascii=False, indent=2),
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="account.json"'},
    )


async def erase(request: Request) -> Response:
    return await trying(request, _erase, show=account_form)


routes = [
    Route("/account", account_page),
    Route("/account", change_profile, methods=["POST"]),
    Route("/account/password", change_password, methods=["POST"]),
    Route("/account/export", export),
    Route("/account/erase", erase, methods=["POST"]),
]


def _change_profile(request: Request, form: Form) -> Response:
    show_name = form.flag("show_name")
    accounts.change_profile(
        accounts_desk(request), _anybody(request), form.get("name"), show_name=show_name
    )
    return see_other("/account")


def _change_password(request: Request, form: Form) -> Response:
    person = permissions.require_account(request.state.person)
    with_attempt = client(request), person.id
    request.state.attempts.take(*with_attempt)
    accounts.change_password(
        accounts_desk(request),
        person,
        form.get("current"),
        form.get("password"),
        session=sessions.session_hash(request),
    )
    request.state.attempts.succeeded(*with_attempt)
    sessions.enter(request, person)
    return see_other("/account")


def _erase(request: Request, form: Form) -> Response:
    person = _anybody(request)
    if person.guest:
        _require_tick(form)
    else:
        attempt = client(request), person.id
        request.state.attempts.take(*attempt)
        _require_password(accounts_desk(request), person, form.get(_ERASE_FIELD))
        request.state.attempts.succeeded(*attempt)
    accounts.erase(accounts_desk(request), person, now=datetime.now(UTC))
    sessions.leave(request)
    return see_other("/")


def _require_tick(form: Form) -> None:
    if not form.flag("confirm"):
        raise Malformed(_("Please confirm that you want to erase what is known of you."))


def _require_password(desk: accounts.Desk, person: Person, password: str) -> None:
    try:
        accounts.check_password(desk, person, password)
    except Invalid as error:
        raise Invalid(str(error), (Problem(_ERASE_FIELD, str(error)),)) from None


def account_form(
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
        tokens=tokens.tokens(accounts_desk(request), person, now=datetime.now(UTC)),
        scopes=token_words.scopes(),
        new_token=new_token,
        shortcuts=shortcuts.of(accounts_desk(request), person) or Shortcuts(),
        form=form,
        errors=errors,
        **taken_part(request),
    )


def _anybody(request: Request) -> Person:
    """Whoever it is, a guest too. Raises NotSignedIn."""
    person: Person | None = request.state.person
    return person or permissions.require_account(None)
