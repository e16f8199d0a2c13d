"""The one place that says whether a client has an answer already: entity tags and dates.

RFC 9110, sections 8.8 (tags, dates) and 13.2.2 (which of them counts).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

_TAG = 30  # hexadecimal digits


def tag_of(body: bytes) -> str:
    """A strong tag: a digest of the bytes, so it changes when and only when these do."""
    return f'"{sha256(body).hexdigest()[:_TAG]}"'


def http_date(at: datetime) -> str:
    """A time with its zone as headers have it: in whole seconds, GMT."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


def not_modified(request: Request, headers: Mapping[str, str]) -> Response | None:
    """304 with the headers of an answer where its ETag or Last-Modified says that the client has
    it; else None."""
    if request.method in ("GET", "HEAD") and _has(request, headers):
        return Response(status_code=304, headers=headers)
    return None


def _has(request: Request, headers: Mapping[str, str]) -> bool:
    """A tag that the client names counts alone."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return any(_is(tag, headers["ETag"]) for tag in tags.split(","))
    since, modified = request.headers.get("if-modified-since"), headers.get("Last-Modified")
    return bool(since and modified) and _not_after(modified or "", since or "")


def _is(tag: str, etag: str) -> bool:
    """The weak comparison (8.8.3.2)."""
    return tag.strip() == "*" or tag.strip().removeprefix("W/") == etag.removeprefix("W/")


def _not_after(modified: str, since: str) -> bool:
    """A date that cannot be read says nothing."""
    try:
        when, then = parsedate_to_datetime(modified), parsedate_to_datetime(since)
        return when <= (then if then.tzinfo else then.replace(tzinfo=UTC))
    except (ValueError, TypeError, OverflowError):
        return False
