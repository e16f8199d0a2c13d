"""JSON that browsers may keep: asked for again, it is told to be the same."""

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response


def answered(request: Request, body: bytes) -> Response:
    """200 with an ETag, or 304 (RFC 9110, 13.1.2)."""
    etag = f'"{sha256(body).hexdigest()[:20]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
    if etag in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
