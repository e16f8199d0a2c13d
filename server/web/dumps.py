"""Downloads of the whole public dataset: /dumps/ and the files below it."""

import asyncio
import threading

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from server.domain import data_views, dump_files
from server.domain.dump_files import QUICK_SECONDS, Dump, DumpFiles
from server.errors import Unavailable
from server.i18n import _
from server.web import negotiation
from server.web.pages import page
from server.web.requests import context, desk, path

_LOCK = threading.Lock()
_JSON = "application/json"


def index(request: Request) -> Response:
    """What there is: the page about data, or a JSON array for programs."""
    accepted = request.headers.get("accept")
    if negotiation.negotiate(accepted, (negotiation.HTML, _JSON)) == _JSON:
        names = ("href", "title", "description", "size")
        found = [dict(zip(names, each, strict=True)) for each in dump_files.listing(desk(request))]
        return Response(orjson.dumps(found), media_type=_JSON, headers=negotiation.VARY)
    return page(request, "data/index.html", **data_views.page(*context(request)))


async def download(request: Request) -> Response:
    """The file; one that takes long answers 503 with Retry-After until it is made."""
    files, name = _files(request), path(request, "name")
    dump = await run_in_threadpool(files.current, name)
    if dump is None:
        making = asyncio.wrap_future(files.make(name))
        try:
            # Shielded: somebody else may wait for it as well.
            dump = await asyncio.wait_for(asyncio.shield(making), QUICK_SECONDS)
        except TimeoutError as error:
            raise Unavailable(
                _("This dump is being made. Please ask again in a few seconds.")
            ) from error
    return _answer(request, dump)


def _files(request: Request) -> DumpFiles:
    """One for all requests: it knows what is being made."""
    state = request.app.state
    with _LOCK:
        if not hasattr(state, "dump_files"):
            state.dump_files = DumpFiles(state.desk)
        found: DumpFiles = state.dump_files
    return found


def _answer(request: Request, dump: Dump) -> Response:
    etag = f'"{dump.sequence}-{dump.name}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "no-cache",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    known = request.headers.get("if-none-match", "").replace("W/", "").split(",")
    if any(tag.strip() in (etag, "*") for tag in known):
        return Response(status_code=304, headers=headers)
    return FileResponse(dump.path, media_type=dump.media_type, headers=headers, filename=dump.name)


routes = [Route("/dumps/", index), Route("/dumps/{name}", download)]
