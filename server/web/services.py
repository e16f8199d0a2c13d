"""Whether the server lives and serves, and the language of its pages."""

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from server.i18n import LANGUAGES
from server.web import api_services
from server.web.accounts import local
from server.web.api_operations import described
from server.web.forms import Form, posted
from server.web.languages import COOKIE
from server.web.requests import desk, see_other
from server.web.templates import static

_YEAR = 31_536_000


def health(_request: Request) -> Response:
    """Live: the process answers."""
    return PlainTextResponse("ok\n")


@described(api_services.READY)
def ready(request: Request) -> Response:
    """Serving: 200 when every projection is level with the journal, 503 with the reason if not."""
    opened = desk(request)
    aside = opened.journal.set_aside_entries()
    state = {
        "behind": sorted(opened.behind),
        "updating": opened.updating,
        "set_aside": [{"entry": seq, "projection": name} for seq, name, _error in aside],
    }
    status = 503 if opened.behind else 200
    return Response(orjson.dumps(state), status, media_type="application/json")


@posted
def set_language(_request: Request, form: Form) -> Response:
    response, code = see_other(local(form.get("back"))), form.get("language")
    if code in LANGUAGES:
        response.set_cookie(COOKIE, code, max_age=_YEAR, samesite="lax", httponly=True)
    return response


def favicon(_request: Request) -> Response:
    """What browsers ask for beside an answer that is no page."""
    return RedirectResponse(static("icon.svg"), 308)


routes = [
    Route("/favicon.ico", favicon),
    Route("/health", health),
    Route("/ready", ready),
    Route("/language", set_language, methods=["POST"]),
]
