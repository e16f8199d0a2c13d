"""Sounds and films from other servers, passed on piece by piece and never held."""

import mimetypes
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from server.domain.media import Medium
from server.domain.remote_addresses import Listed, Question, Refused, Unreachable, answered, chunks
from server.errors import Unavailable
from server.i18n import _

PIECE = 8_000_000  # bytes of one answer to a request for a part; players ask for the next
WHOLE = 2_000_000_000  # of an answer to a request for all of it
SECONDS = 120.0  # for a piece
WHOLE_SECONDS = 1800.0
STREAMS, OF_ONE_HOST, FOR_ONE_CLIENT = 32, 8, 16  # at the same time
_TYPE = re.compile(r"(?:audio|video)/[a-z0-9][a-z0-9.+-]{0,60}|application/ogg")
_ASKED = re.compile(r"bytes=(\d{1,15})-(\d{0,15})", re.ASCII)
_LAST_ASKED = re.compile(r"bytes=-(\d{1,15})", re.ASCII)
_TOLD = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|\*)", re.ASCII)
_TOLD_NONE = re.compile(r"bytes \*/\d{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer that is under way: status 200, 206 or 416, its headers, and its bytes."""

    status: int
    headers: dict[str, str]
    chunks: AsyncIterator[bytes]


class Streams:
    """What is being passed on, on one event loop."""

    def __init__(self, listed: Listed) -> None:
        self._listed = listed
        self._open: list[str] = []
        self._clients: list[str] = []

    @asynccontextmanager
    async def open(
        self, medium: Medium, asked: str | None, client: str = ""
    ) -> AsyncIterator[Stream]:
        """A medium, or the part of it that a Range header asks for (RFC 9110, 14), for a client
        (its address), who leaves room for others.

        Raises Unreachable or Late, also where it is neither sound nor film; Unavailable where
        too many are under way.
        """
        host = medium.iri.partition("://")[2].partition("/")[0]
        full = len(self._open) >= STREAMS or self._open.count(host) >= OF_ONE_HOST
        if full or (client and self._clients.count(client) >= FOR_ONE_CLIENT):
            raise Unavailable(_("Too many people are listening or watching. Please try again."))
        self._open.append(host)
        self._clients.append(client)
        try:
            part = _passed_on(asked)
            headers = {"Accept": "audio/*, video/*", **({"Range": part} if part else {})}
            seconds = SECONDS if part else WHOLE_SECONDS
            question = Question(medium.iri, headers)
            async with answered(question, self._listed, seconds=seconds) as response:
                yield _stream(response, medium, part)
        finally:
            self._open.remove(host)
            self._clients.remove(client)


def _passed_on(asked: str | None) -> str | None:
    """The one range that is asked for, cut to a piece; anything else is as if nothing was asked."""
    found = _ASKED.fullmatch((asked or "").strip())
    if found is not None:
        first = int(found[1])
        last = min(int(found[2] or first + PIECE), first + PIECE - 1)
        return f"bytes={first}-{last}" if last >= first else None
    end = _LAST_ASKED.fullmatch((asked or "").strip())
    return f"bytes=-{min(int(end[1]), PIECE)}" if end else None


def _stream(response: httpx.Response, medium: Medium, part: str | None) -> Stream:
    status, told = response.status_code, response.headers.get("content-range", "")
    if status == 416 and part and _TOLD_NONE.fullmatch(told):
        return Stream(416, {"Content-Range": told, "Content-Length": "0"}, _nothing())
    if status not in ((200, 206) if part else (200,)):
        raise Unreachable(_("The server of this address answers {status}.", status=status))
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise Unreachable(_("The answer came packed, which was not asked for."))
    headers = {"Content-Type": _media_type(response, medium)}
    most = WHOLE
    if status == 206:
        found = _TOLD.fullmatch(told)
        if found is None or not _fits(found, part or ""):
            raise Unreachable(_("The server of this address answers with another part of it."))
        headers["Content-Range"] = told
        most = int(found[2]) - int(found[1]) + 1
        headers["Content-Length"] = str(most)
    elif (length := response.headers.get("content-length", "")).isdecimal():
        if int(length) > WHOLE:
            raise Unreachable(_("What is at this address is larger than {size} MB.",
                                size=WHOLE // 1_000_000))  # fmt: skip
        headers["Content-Length"] = length
    if status == 206 or response.headers.get("accept-ranges", "").lower() == "bytes":
        headers["Accept-Ranges"] = "bytes"
    return Stream(status, headers, chunks(response, most))


def _fits(told: re.Match[str], part: str) -> bool:
    """What came begins where it was to, and is no more than was asked for."""
    first, last = int(told[1]), int(told[2])
    asked = _ASKED.fullmatch(part)
    if asked is not None and not (first == int(asked[1]) and last <= int(asked[2])):
        return False
    return 0 <= last - first < PIECE


def _media_type(response: httpx.Response, medium: Medium) -> str:
    """That of sounds and films alone: nothing that a browser would run or show as a page."""
    told: str = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if told in ("", "application/octet-stream", "binary/octet-stream"):
        guessed = mimetypes.guess_type(medium.iri.partition("?")[0])[0]
        told = (medium.mime or guessed or "").strip().lower()
    if not _TYPE.fullmatch(told):
        raise Refused(_("At this address is neither sound nor film."))
    return told


async def _nothing() -> AsyncIterator[bytes]:
    yield b""
