"""Taking back what one did in this visit: each thing by its number, and the list of them."""

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import deeds, undoing
from server.errors import NotFound
from server.i18n import _
from server.index.histories import NEWEST
from server.web import api_contributions, notices
from server.web.accounts import local
from server.web.api_operations import described, wants
from server.web.forms import Form, posted
from server.web.pages import page
from server.web.requests import context, desk, now, path, see_other, signed_in

_NUMBER = re.compile(r"[0-9]{1,18}")


def visit(request: Request) -> Response:
    """What one did in the last hours, newest first; `before` is where the page begins."""
    opened, viewer, language = context(request)
    before = request.query_params.get("before", "")
    found, following = deeds.of_visit(
        opened, viewer, signed_in(request), now(), language,
        int(before) if _NUMBER.fullmatch(before) else NEWEST,
    )  # fmt: skip
    return page(request, "accounts/visit.html", deeds=found, following=following, first=not before)


@posted
@described(api_contributions.UNDO)
def undo(request: Request, form: Form) -> Response:
    """Then back to the page in `back`; to the item, where one had left it."""
    opened, viewer, language = context(request)
    me, number = signed_in(request), path(request, "seq")
    if not _NUMBER.fullmatch(number):
        raise NotFound(_("There is nothing of yours to take back here."))
    entry = undoing.undo(desk(request), me, int(number), now=now())
    if wants(request):
        return api_contributions.done(request)
    deed = deeds.find(opened, viewer, me, entry.seq, now(), language)
    left = deed.path if deed and entry.action in ("finished", "skipped") else ""
    response = see_other(left or local(form.get("back") or "/account/visit"))
    notices.remember(request, response, f"u{entry.seq}")
    return response


routes = [
    Route("/account/visit", visit),
    Route("/undo/{seq}", undo, methods=["POST"]),
]
