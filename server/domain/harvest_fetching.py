"""Asking a server that is harvested: tries again, waits as long as it is told, takes no more than
is reasonable.
"""

import asyncio
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from server.domain.remote_addresses import (
    Listed,
    Oversized,
    Question,
    Refused,
    Unreachable,
    agent,
    answered,
    chunks,
    retry_after,
)
from server.errors import Unavailable
from server.i18n import _

#: Bytes of one answer, unpacked.
MOST = 100_000_000
_LONGEST_WAIT = 3_600.0
_LATER = (429, 503)


@dataclass(frozen=True, slots=True)
class Asking:
    """`seconds` for each answer, `tries` at each; `rest` is what lies between two requests."""

    listed: Listed
    base_iri: str = ""
    key: str = ""  # goes as X-Api-Key, and not where one is led on to
    most: int = MOST
    seconds: float = 300.0
    tries: int = 6
    rest: float = 0.0
    stop: Callable[[], bool] = lambda: False
    pause: Callable[[float], None] = time.sleep


class Missing(Refused):
    """There is nothing at this address (any more)."""


class _Failed(Exception):
    """A try that may go better, after so many seconds."""

    def __init__(self, error: Exception, wait: float | None = None) -> None:
        super().__init__(str(error))
        self.error, self.wait = error, wait


def fetch(address: str, accept: str, asking: Asking) -> bytes:
    """The body of an answer with status 200, unpacked.

    Raises Unreachable where it cannot be had, Unavailable when told to stop or to wait too long.
    """
    for turn in range(asking.tries):
        _pause(asking.rest, asking)
        try:
            return asyncio.run(_ask(address, accept, asking))
        except _Failed as failure:
            failed = failure
        if turn < asking.tries - 1:
            _pause(2.0**turn if failed.wait is None else failed.wait, asking)
    raise failed.error


def _pause(seconds: float, asking: Asking) -> None:
    """Piece by piece, so that it can be stopped."""
    while True:
        if asking.stop():
            raise Unavailable(_("The work was stopped."))
        if seconds <= 0:
            return
        asking.pause(min(seconds, 1.0))
        seconds -= 1.0


async def _ask(address: str, accept: str, asking: Asking) -> bytes:
    headers = {
        "Accept": accept, "Accept-Encoding": "gzip", "User-Agent": agent(asking.base_iri),
        **({"X-Api-Key": asking.key} if asking.key else {}),
    }  # fmt: skip
    question = Question(address, headers, follows=not asking.key)
    try:
        async with answered(question, asking.listed, seconds=asking.seconds) as response:
            _check(response)
            return await _body(response, asking.most)
    except (Refused, Oversized, _Failed):
        raise
    except Unreachable as error:
        raise _Failed(error) from error


def _check(response: httpx.Response) -> None:
    status = response.status_code
    if status == 200:
        return
    failure = Unreachable(_("The server of this address answers {status}.", status=status))
    if status in _LATER:
        raise _Failed(failure, _wait(response))
    if status >= 500:
        raise _Failed(failure)
    raise (Missing if status in (404, 410) else Refused)(str(failure))


def _wait(response: httpx.Response) -> float | None:
    seconds = retry_after(response.headers, datetime.now(UTC))
    if seconds is not None and seconds > _LONGEST_WAIT:
        raise Unavailable(
            _("The server asks to come back in {count} seconds.", count=round(seconds))
        )
    return seconds


async def _body(response: httpx.Response, most: int) -> bytes:
    """Raises Oversized, _Failed where it breaks off."""
    packing = response.headers.get("content-encoding", "identity").lower()
    if packing == "identity":
        return b"".join([chunk async for chunk in chunks(response, most)])
    if packing not in ("gzip", "x-gzip"):
        raise Refused(_("The answer came packed, which was not asked for."))
    unpacking, data = zlib.decompressobj(31), bytearray()
    try:
        async for chunk in chunks(response, most):
            data += unpacking.decompress(chunk, most + 1 - len(data))
            if len(data) > most:
                size = f"{most / 1_000_000:g}"
                raise Oversized(_("What is at this address is larger than {size} MB.", size=size))
    except zlib.error as error:
        raise _Failed(Unreachable(_("The answer is damaged."))) from error
    if not unpacking.eof:
        raise _Failed(Unreachable(_("The answer is damaged.")))
    return bytes(data)
