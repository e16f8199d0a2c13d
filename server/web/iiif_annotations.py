"""IIIF: the manifest of an item, and the published annotations of its canvases.

https://iiif.io/api/presentation/3.0/
"""

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.domain import iiif_annotations
from server.errors import NotFound
from server.i18n import _
from server.web import conditions, linked_data
from server.web.requests import desk, language, path

MEDIA_TYPE = f'application/ld+json;profile="{iiif_annotations.CONTEXT}"'


def manifest(request: Request) -> Response:
    return _answer(
        request, iiif_annotations.manifest(desk(request), path(request, "id"), language())
    )


def annotations(request: Request) -> Response:
    """Of one canvas, by its number; `object`: of the item as a whole."""
    item_id, canvas = path(request, "id"), path(request, "canvas")
    return _answer(request, iiif_annotations.page(desk(request), item_id, canvas, language()))


def canvas(request: Request) -> Response:
    """An identifier: the manifest says what it is."""
    if not path(request, "canvas").isdecimal():
        raise NotFound(_("There is no such canvas."))
    return linked_data.see(f"/iiif/{path(request, 'id')}/manifest")


def _answer(request: Request, document: iiif_annotations.Json) -> Response:
    body = orjson.dumps(document)
    headers = {
        "ETag": conditions.tag_of(body), "Cache-Control": "no-cache", "Vary": "Accept-Language",
        "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin",
    }  # fmt: skip
    known = conditions.not_modified(request, headers)
    return known or Response(body, media_type=MEDIA_TYPE, headers=headers)


routes = [
    Route("/iiif/{id}/manifest", manifest),
    Route("/iiif/{id}/annotations/{canvas}", annotations),
    Route("/iiif/{id}/canvas/{canvas}", canvas),
]
