"""Downloads of what is public: /dumps/ and the files below it; the EDM of a single item."""

import asyncio
import base64
import threading

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from server.domain import dump_kept, dump_offers, dump_views, item_edm
from server.domain.dump_files import QUICK_SECONDS, DumpFiles
from server.domain.dump_kept import Dump
from server.domain.dump_offers import ALL, CAMPAIGNS, COLLECTIONS, FORMER, PROVIDERS, Offer, Scope
from server.errors import NotFound, Unavailable
from server.i18n import _
from server.web import api_services, conditions, negotiation
from server.web.api_operations import described
from server.web.limits import client_address, network
from server.web.pages import page
from server.web.requests import desk, path

_LOCK = threading.Lock()
_JSON = "application/json"
_CHECKSUM = ".sha256"
_OPEN = {
    "Cache-Control": "no-cache",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Content-Range, Repr-Digest, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@described(api_services.DUMPS)
def index(request: Request) -> Response:
    """What there is of everything, and of what else there are dumps."""
    return _listing(request, Scope(), dump_views.scopes(desk(request)))


@described(api_services.DUMPS_OF)
def scope(request: Request) -> Response:
    """What there is of one collection, campaign or provider."""
    return _listing(request, _scope(request), [])


def _listing(request: Request, scope: Scope, scopes: list[dict[str, str]]) -> Response:
    files = dump_views.files(desk(request), _files(request), scope)
    accepted = request.headers.get("accept")
    if negotiation.negotiate(accepted, (negotiation.HTML, _JSON)) == _JSON:
        body = orjson.dumps({"dumps": files, "scopes": scopes} if scopes else {"dumps": files})
        return Response(body, media_type=_JSON, headers=_OPEN | negotiation.VARY)
    for file in files:
        if "size" in file:
            file["words"] = dump_views.in_words(file["size"])
    contents = [
        (text, [file for file in files if file["content"] == content])
        for content, text in dump_views.titles().items()
    ]
    title = dump_offers.title(desk(request), scope)
    path = "" if scope.kind == ALL else f"{scope.path}/"
    return page(
        request, "data/dumps.html", title=title, path=path, contents=contents, scopes=scopes
    )


def former(request: Request) -> Response:
    """The names of before."""
    name = FORMER.get(path(request, "name"))
    if name is None:
        raise NotFound(_("There is no dump of this name."))
    return RedirectResponse(f"/dumps/{ALL}/{name}", 308, headers=_OPEN)


async def download(request: Request) -> Response:
    """The file; one that takes long answers 503 with Retry-After until it is made."""
    name = path(request, "file")
    asked = name.removesuffix(_CHECKSUM)
    offer = dump_offers.find(await run_in_threadpool(_scope, request), asked)
    dump = await _dump(request, offer)
    if asked != name:
        return PlainTextResponse(f"{dump.sha256}  {offer.download}\n", headers=_OPEN)
    await run_in_threadpool(dump_kept.used, dump)
    return _answer(request, dump)


async def _dump(request: Request, offer: Offer) -> Dump:
    files = _files(request)
    dump = await run_in_threadpool(files.current, offer)
    if dump is not None:
        return dump
    client = network(client_address(request.scope, desk(request).settings.trusted_proxies))
    making = asyncio.wrap_future(files.make(offer, client))
    try:
        # Shielded: somebody else may wait for it as well.
        return await asyncio.wait_for(asyncio.shield(making), QUICK_SECONDS)
    except TimeoutError as error:
        raise Unavailable(_being_made(files, offer)) from error


def _being_made(files: DumpFiles, offer: Offer) -> str:
    done, total = files.progress(offer) or (0, 0)
    if total:
        return _(
            "This dump is being made: {done} of {total} records. Please ask again soon.",
            done=done, total=total,
        )  # fmt: skip
    return _("This dump is being made. Please ask again in a few seconds.")


def _scope(request: Request) -> Scope:
    name = path(request, "name") if "name" in request.path_params else ""
    kind = request.url.path.split("/")[2]
    return dump_offers.require(desk(request), kind, name)


def _files(request: Request) -> DumpFiles:
    """One for all requests: it knows what is being made."""
    state = request.app.state
    with _LOCK:
        if not hasattr(state, "dump_files"):
            state.dump_files = DumpFiles(state.desk)
        found: DumpFiles = state.dump_files
    return found


def _answer(request: Request, dump: Dump) -> Response:
    """With its checksum (RFC 9530: of the whole, and of what is sent where that is the whole)."""
    digest = f"sha-256=:{base64.b64encode(bytes.fromhex(dump.sha256)).decode()}:"
    headers = {
        **_OPEN,
        "ETag": f'"{dump.sha256[:32]}"',
        "Last-Modified": conditions.http_date(dump.at),
        "Repr-Digest": digest,
        "Link": f'</dumps/{dump.offer.path}{_CHECKSUM}>; rel="describedby"',
    }
    if known := conditions.not_modified(request, headers):
        return known
    if "range" not in request.headers:
        headers["Content-Digest"] = digest
    return FileResponse(
        dump.path, media_type=dump.offer.media_type, headers=headers, filename=dump.offer.download
    )


def edm(request: Request) -> Response:
    """The EDM record of one item: plain, enriched, or only what was published."""
    content = request.query_params.get("content", "enriched")
    record = item_edm.get(desk(request), path(request, "id"), content)
    headers = {**_OPEN, "ETag": f'"{record.digest}"'}
    if record.modified is not None:
        headers["Last-Modified"] = conditions.http_date(record.modified)
    known = conditions.not_modified(request, headers)
    return known or Response(record.document, headers=headers, media_type=negotiation.RDF_XML)


routes = [
    Route("/dumps/", index),
    Route(f"/dumps/{ALL}/", scope),
    Route(f"/dumps/{ALL}/{{file}}", download),
    *(
        route
        for kind in (COLLECTIONS, CAMPAIGNS, PROVIDERS)
        for route in (
            Route(f"/dumps/{kind}/{{name}}/", scope),
            Route(f"/dumps/{kind}/{{name}}/{{file}}", download),
        )
    ),
    Route("/dumps/{name}", former),
    Route("/items/{id}/edm", edm),
]
