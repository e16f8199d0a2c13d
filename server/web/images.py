"""The pictures of items, through this server: no third party sees who looks."""

import threading
from collections.abc import Awaitable
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from server.domain import items, media
from server.domain.media import Medium
from server.domain.pictures import MEDIA_TYPES, SIZES, Pictures, Shown
from server.domain.remote_pictures import Late, Unreachable
from server.domain.tiles import Tiles
from server.errors import NotFound
from server.formats import iiif
from server.i18n import _
from server.index.items import ItemRow
from server.web import api_services, conditions
from server.web.api_operations import described
from server.web.requests import desk, path, viewer

_LOCK = threading.Lock()
#: A drawing may style itself, and do nothing else, also when it is opened by itself.
_SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_DAY = 86_400
T = TypeVar("T")


async def show(request: Request) -> Response:
    """`?size=400` is the thumbnail; `full` is the default, fetched ones at most 2000 pixels.

    Without a number it is the picture that stands for the item.
    """
    row = await _row(request)
    size = request.query_params.get("size", "full")
    shown = None
    if "number" not in request.path_params and row.picture is not None:
        shown = _pictures(request)[0].known(row, row.picture, size)
    if shown is None:
        medium = await _medium(request, row)
        shown = await _had(_pictures(request)[0].find(row, medium, size))
    return _answer(request, row, shown)


async def of_medium(request: Request, row: ItemRow, medium: Medium, size: str) -> Response:
    """A picture that a page names otherwise than by its number."""
    return _answer(request, row, await _had(_pictures(request)[0].find(row, medium, size)))


def _answer(request: Request, row: ItemRow, shown: Shown) -> Response:
    headers = {**_about(shown), **caching(row)}
    known = conditions.not_modified(request, headers)
    return known or FileResponse(shown.path, media_type=shown.media_type, headers=headers)


@described(api_services.INFO)
async def info(request: Request) -> Response:
    """What a picture is like, and where its tiles are (null where it needs none)."""
    row = await _row(request)
    medium = await _medium(request, row)
    pictures = _pictures(request)[0]
    facts = await _had(pictures.facts(row, medium))
    kept = pictures.kept(medium.iri)
    vector = kept is not None and kept.suffix == ".svg"
    # Kept files are shown as they are, fetched ones no larger than this.
    whole = SIZES["full"] * (2 if kept is not None and kept.suffix in MEDIA_TYPES else 1)
    tiled = not vector and max(facts.width, facts.height) > whole
    said = {
        "number": medium.number,
        "iri": medium.iri,
        "width": facts.width,
        "height": facts.height,
        "colour": facts.colour,
        "src": medium.src,
        "tiles": f"{_base(row, medium)}/iiif" if tiled else None,
        "vector": vector,
    }
    return JSONResponse(said, headers=caching(row))


@described(api_services.IIIF_INFO)
async def iiif_info(request: Request) -> Response:
    row = await _row(request)
    medium = await _medium(request, row)
    grid = await _had(_pictures(request)[1].grid(row, medium))
    address = desk(request).names.base + f"{_base(row, medium)}/iiif"[1:]
    said = iiif.write_info(address, grid)
    kind = 'application/ld+json;profile="http://iiif.io/api/image/3/context.json"'
    return JSONResponse(said, headers=caching(row), media_type=kind)


async def tile(request: Request) -> Response:
    """A part of a picture, as the IIIF Image API asks for it."""
    row = await _row(request)
    medium = await _medium(request, row)
    asked = (request.path_params[name] for name in ("region", "size", "rotation", "file"))
    data, kind = await _had(_pictures(request)[1].show(row, medium, *asked))
    headers = {"ETag": conditions.tag_of(data), **caching(row)}
    known = conditions.not_modified(request, headers)
    return known or Response(data, media_type=kind, headers=headers)


def caching(row: ItemRow) -> dict[str, str]:
    """How long others may keep it."""
    public = row.dataset == "public"
    return {"Cache-Control": f"public, max-age={_DAY}" if public else "private, no-cache"}


async def _row(request: Request) -> ItemRow:
    return await run_in_threadpool(
        items.get_row, desk(request), viewer(request), path(request, "id")
    )


async def _medium(request: Request, row: ItemRow) -> Medium:
    opened, viewer_ = desk(request), viewer(request)
    number = request.path_params.get("number")
    if number is not None:
        return await run_in_threadpool(media.get, opened, viewer_, row, number, ("image",))
    found = await run_in_threadpool(media.picture_of, opened, viewer_, row)
    if found is None:
        raise NotFound(_("This item has no picture."))
    return found


async def _had(work: Awaitable[T]) -> T:
    try:
        return await work
    except Unreachable as error:
        raise HTTPException(504 if isinstance(error, Late) else 502, str(error)) from error


def _pictures(request: Request) -> tuple[Pictures, Tiles]:
    """One for all requests: they know what is being fetched."""
    state = request.app.state
    with _LOCK:
        if not hasattr(state, "pictures"):
            made = Pictures(state.desk)
            state.pictures = made, Tiles(state.desk, made)
        found: tuple[Pictures, Tiles] = state.pictures
    return found


def _base(row: ItemRow, medium: Medium) -> str:
    return f"/images/{row.id}/{medium.number}"


def _about(shown: Shown) -> dict[str, str]:
    about = shown.path.stat()
    policy = {"Content-Security-Policy": _SVG_POLICY} if shown.path.suffix == ".svg" else {}
    return {"ETag": f'"{about.st_mtime_ns:x}-{about.st_size:x}"', **policy}


routes = [
    Route("/images/{id}", show),
    Route("/images/{id}/{number:number}", show),
    Route("/images/{id}/{number:number}/info", info),
    Route("/images/{id}/{number:number}/iiif/info.json", iiif_info),
    Route("/images/{id}/{number:number}/iiif/{region}/{size}/{rotation}/{file}", tile),
]
