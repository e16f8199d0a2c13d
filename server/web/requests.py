"""What handlers need of a request: the desk, the viewer, the person, the language, the time."""

import re
from datetime import UTC, datetime
from typing import Any

from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server import i18n
from server.commit import Desk
from server.domain import permissions
from server.domain.accounts import Person
from server.errors import NotFound
from server.i18n import _
from server.settings import Settings
from server.viewers import Viewer

_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,6}")
_PART = re.compile(r"[A-Za-z0-9._~-]{1,200}")


class _Number(IntegerConvertor):
    """Starlette's `int` takes any number of digits, of which Python converts 4,300."""

    regex = "[0-9]{1,9}"


register_url_convertor("number", _Number())


def desk(request: Request) -> Desk:
    found: Desk = request.app.state.desk
    return found


def settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found


def person(request: Request) -> Person | None:
    found: Person | None = request.state.person
    return found


def signed_in(request: Request) -> Person:
    """Raises NotSignedIn; a guest counts."""
    return permissions.require_somebody(person(request))


def viewer(request: Request) -> Viewer:
    return permissions.viewer(person(request))


def language() -> str:
    return i18n.language.get()


def chosen_language(request: Request) -> str:
    """The language that an address asks terms to be named in (`lang`), or nothing."""
    asked = request.query_params.get("lang", "")
    return asked if _TAG.fullmatch(asked) else ""


def content_language(request: Request) -> str:
    """The language in which terms are named: the chosen one, else that of the page."""
    return chosen_language(request) or language()


def now() -> datetime:
    return datetime.now(UTC)


def path(request: Request, name: str) -> str:
    """A part of the path. Raises NotFound where it cannot be a part of an IRI of ours."""
    found: str = request.path_params[name]
    if not _PART.fullmatch(found):
        raise NotFound(_("There is no page at this address."))
    return found


def see_other(address: str) -> Response:
    """To another page after a form (RFC 9110, 15.4.4)."""
    return RedirectResponse(address, 303)


def by_htmx(request: Request) -> bool:
    return "HX-Request" in request.headers


def context(request: Request) -> tuple[Desk, Viewer, str]:
    """(desk, viewer, language): what every view of the domain is asked with."""
    return desk(request), viewer(request), language()


Values = dict[str, Any]
