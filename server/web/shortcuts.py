"""Changing one's keyboard shortcuts: from the dialog on a page, or on the account page."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import permissions, shortcuts
from server.domain.shortcuts import Shortcuts
from server.web.forms import Form, posted
from server.web.requests import desk, person, see_other


def kept(request: Request) -> str:
    """As JSON for the page; "" for those who keep theirs in the browser, or never changed any."""
    somebody = person(request)
    if somebody is None or somebody.guest:
        return ""
    found = shortcuts.of(desk(request), somebody)
    return found.text if found else ""


@posted
def change(request: Request, form: Form) -> Response:
    """All of them as JSON (`shortcuts`), by a script; else whether there are any (`on`), and
    whether the pages' own keys come back (`reset`)."""
    me = permissions.require_account(person(request))
    if "shortcuts" in form.values:
        shortcuts.keep(desk(request), me, shortcuts.read(form.get("shortcuts")))
        return Response(status_code=204)
    before = shortcuts.of(desk(request), me) or Shortcuts()
    keys = {} if form.flag("reset") else before.keys
    shortcuts.keep(desk(request), me, Shortcuts(not form.flag("on"), keys))
    return see_other("/account")


routes = [Route("/account/shortcuts", change, methods=["POST"])]
