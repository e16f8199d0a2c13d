"""JSON that browsers may keep: asked for again, it is told to be the same."""

from starlette.requests import Request
from starlette.responses import Response

from server.web import conditions


def answered(request: Request, body: bytes) -> Response:
    """200 with an ETag, or 304 (RFC 9110, 13.1.2)."""
    headers = {
        "ETag": conditions.tag_of(body), "Cache-Control": "no-cache",
        "Access-Control-Allow-Origin": "*",
    }  # fmt: skip
    known = conditions.not_modified(request, headers)
    return known or Response(body, media_type="application/json", headers=headers)
