"""Fetching a vocabulary's file from an address that a person gave."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import httpx

from server.domain.remote_addresses import (
    Listed,
    Question,
    Refused,
    answered,
    check_status,
    chunks,
)
from server.errors import Unavailable
from server.formats import outputs
from server.i18n import _

_ACCEPT = (
    "text/turtle, application/n-triples, application/n-quads, application/trig;q=0.9, "
    "application/rdf+xml;q=0.9, application/ld+json;q=0.8, text/csv;q=0.7, */*;q=0.5"
)
_ENDINGS = {
    "text/turtle": ".ttl", "application/x-turtle": ".ttl", "application/n-triples": ".nt",
    "application/n-quads": ".nq", "application/trig": ".trig", "text/n3": ".n3",
    "application/rdf+xml": ".rdf", "application/ld+json": ".jsonld", "text/csv": ".csv",
    "text/tab-separated-values": ".tsv", "application/zip": ".zip", "application/json": ".json",
}  # fmt: skip
_KNOWN = re.compile(
    r"\.(?:ttl|nt|nq|trig|n3|rdf|owl|xml|jsonld|json|csv|tsv|txt|zip)(?:\.(?:gz|bz2))?$", re.I
)
_PAGES = ("text/html", "application/xhtml+xml")
_ODD = re.compile(r"[^\w.-]+")


def fetch(
    address: str,
    folder: Path,
    listed: Listed,
    *,
    most: int,
    seconds: float,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    stop: Callable[[], bool] = lambda: False,
) -> Path:
    """The file in `folder`, its name as in the address, its ending telling the syntax.

    `most` is its size in bytes; `progress` is told (done, total) in bytes, total 0 where it is not
    known. Raises Unreachable where it cannot be had, Unavailable when `stop` says so; then
    nothing is left in the folder.
    """
    return asyncio.run(_fetch(address, folder, listed, most, seconds, progress, stop))


async def _fetch(
    address: str,
    folder: Path,
    listed: Listed,
    most: int,
    seconds: float,
    progress: Callable[[int, int], None],
    stop: Callable[[], bool],
) -> Path:
    question = Question(address, {"Accept": _ACCEPT})
    async with answered(question, listed, seconds=seconds) as response:
        check_status(response)
        target = folder / _name(response)
        total, done = _length(response), 0
        with outputs.replacing(target) as file:
            async for chunk in chunks(response, most):
                if stop():
                    raise Unavailable(_("The work was stopped."))
                file.write(chunk)
                done += len(chunk)
                progress(done, total)
    return target


def _name(response: httpx.Response) -> str:
    """A safe name of a file. Refused for a web page, and where it is packed in an odd way."""
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type in _PAGES:
        raise Refused(_("At this address is a web page, not a vocabulary."))
    packing = response.headers.get("content-encoding", "identity").lower()
    if packing not in ("identity", "gzip", "x-gzip"):
        raise Refused(_("The answer came packed, which was not asked for."))
    last = unquote(response.url.path).rstrip("/").rpartition("/")[2]
    name = _ODD.sub("-", last).strip(".-")[-100:] or "vocabulary"
    if not _KNOWN.search(name):
        name += _ENDINGS.get(media_type, "")
    return f"{name}.gz" if packing != "identity" and not name.endswith(".gz") else name


def _length(response: httpx.Response) -> int:
    text = response.headers.get("content-length", "")
    return int(text) if text.isdecimal() else 0
