"""HTML answers: a template, with what every page needs to know of its request."""

from dataclasses import replace
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import HTMLResponse

from server.domain import permissions
from server.domain.accounts import Person
from server.web import notices
from server.web.templates import Account, Here


def page(
    request: Request, template: str, *, status_code: int = 200, **context: Any
) -> HTMLResponse:
    """A page, or a fragment, made by `app.state.templates` (the module, or one in its place)."""
    messages = notices.Waiting(request)
    about = replace(here(request), messages=messages)
    text: str = request.app.state.templates.render(template, about, **context)
    response = HTMLResponse(text, status_code)
    if messages.shown:
        notices.forget(response)
    return response


def here(request: Request) -> Here:
    """The path, the person and the form token of a request."""
    # Turned into text only where a page has a form: until then readers get no cookie.
    csrf = cast(str, getattr(request.state, "csrf", ""))
    person: Person | None = getattr(request.state, "person", None)
    return Here(path=request.url.path, csrf=csrf, person=_account(person) if person else None)


def _account(person: Person) -> Account:
    return Account(
        name=person.name,
        initials="".join(word[0] for word in person.name.split()[:2]).upper(),
        organiser=permissions.may(person, "see work"),
        guest=person.guest,
    )
