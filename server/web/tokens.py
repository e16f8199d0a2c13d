"""API tokens on the account page: making one, which is shown once, and revoking it."""

import re
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import permissions, tokens
from server.errors import Invalid, Problem
from server.i18n import _
from server.web.accounts import accounts_desk, trying
from server.web.forms import Form
from server.web.own_accounts import account_form
from server.web.requests import see_other

_DAYS = re.compile(r"[0-9]{1,6}")


async def create(request: Request) -> Response:
    return await trying(request, _create, show=account_form)


def _create(request: Request, form: Form) -> Response:
    """`label`, any of `scope`, and after how many days it `expires` (never where that is empty)."""
    person = permissions.require_account(request.state.person)
    made = tokens.create_token(
        accounts_desk(request), person, form.get("label"), now=datetime.now(UTC),
        scopes=form.all("scope"), days=_days(form.get("expires").strip()),
    )  # fmt: skip
    return account_form(request, new_token=made)


def _days(text: str) -> int | None:
    if text and not _DAYS.fullmatch(text):
        words = _("Say after how many days, in digits.")
        raise Invalid(words, (Problem("expires", words),))
    return int(text) if text else None


def revoke(request: Request) -> Response:
    person = permissions.require_account(request.state.person)
    tokens.revoke_token(accounts_desk(request), person, request.path_params["id"])
    return see_other("/account")


routes = [
    Route("/account/tokens", create, methods=["POST"]),
    Route("/account/tokens/{id}/revoke", revoke, methods=["POST"]),
]
