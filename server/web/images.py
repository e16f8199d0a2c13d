"""The picture of an item, through this server: no third party sees who looks."""

import threading

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from server.domain import items
from server.domain.pictures import Pictures, Shown
from server.domain.remote_pictures import Late, Unreachable
from server.web.requests import desk, path, viewer

_LOCK = threading.Lock()
#: A drawing may style itself, and do nothing else, also when it is opened by itself.
_SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_DAY = 86_400


async def show(request: Request) -> Response:
    """`?size=400` is the thumbnail; `full` is the default, fetched ones at most 2000 pixels."""
    row = await run_in_threadpool(
        items.get_row, desk(request), viewer(request), path(request, "id")
    )
    try:
        shown = await _pictures(request).find(row, request.query_params.get("size", "full"))
    except Unreachable as error:
        raise HTTPException(504 if isinstance(error, Late) else 502, str(error)) from error
    headers = _headers(shown, public=row.dataset == "public")
    if _is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return FileResponse(shown.path, media_type=shown.media_type, headers=headers)


def _pictures(request: Request) -> Pictures:
    """One for all requests: it knows what is being fetched."""
    state = request.app.state
    with _LOCK:
        if not hasattr(state, "pictures"):
            state.pictures = Pictures(state.desk)
        found: Pictures = state.pictures
    return found


def _headers(shown: Shown, *, public: bool) -> dict[str, str]:
    about = shown.path.stat()
    policy = {"Content-Security-Policy": _SVG_POLICY} if shown.path.suffix == ".svg" else {}
    return {
        "ETag": f'"{about.st_mtime_ns:x}-{about.st_size:x}"',
        "Cache-Control": f"public, max-age={_DAY}" if public else "private, no-cache",
        **policy,
    }


def _is_known(request: Request, etag: str) -> bool:
    """RFC 9110, 13.1.2; tags are compared weakly."""
    tags = request.headers.get("if-none-match", "").replace("W/", "").split(",")
    return any(tag.strip() in (etag, "*") for tag in tags)


routes = [Route("/images/{id}", show)]
