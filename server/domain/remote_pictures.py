"""Fetching pictures, and what image services say of them, from other servers."""

import asyncio
import json
from typing import Any

from server.domain.remote_addresses import (
    Late,
    Listed,
    Question,
    Unreachable,
    answered,
    body,
    check_status,
)
from server.i18n import _

__all__ = ["Late", "Listed", "PictureServers", "Unreachable"]

MAX_BYTES = 20_000_000
MAX_INFO = 500_000  # of a description
MAX_TILE = 5_000_000
SECONDS = 15.0  # for all of it: names, redirects, headers and body
FETCHING = 16  # connections at the same time
OF_ONE_HOST = 4  # so that a slow server holds up nobody else's pictures
_MOST_HOSTS = 1_000


class PictureServers:
    """The servers that pictures come from, on one event loop; each only at so many places."""

    def __init__(self, listed: Listed) -> None:
        self._listed = listed
        self._fetching = asyncio.Semaphore(FETCHING)
        self._hosts: dict[str, asyncio.Semaphore] = {}

    async def fetch(self, address: str, most: int = MAX_BYTES) -> bytes:
        """The body found at an http or https address. Raises Unreachable or Late."""
        return await self._ask(Question(address, {"Accept": "image/*"}), most)

    async def describe(self, service: str) -> Any:
        """The info.json of an image service. Raises Unreachable or Late."""
        accept = {"Accept": "application/ld+json, application/json;q=0.9"}
        data = await self._ask(Question(f"{service}/info.json", accept), MAX_INFO)
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as error:
            raise Unreachable(_("This is no description of an image by IIIF.")) from error

    async def _ask(self, question: Question, most: int) -> bytes:
        async with (
            self._of_host(question.address),
            self._fetching,
            answered(question, self._listed, seconds=SECONDS) as response,
        ):
            check_status(response)
            return await body(response, most)

    def _of_host(self, address: str) -> asyncio.Semaphore:
        host = address.partition("://")[2].partition("/")[0]
        if len(self._hosts) > _MOST_HOSTS:
            idle = [each for each, places in self._hosts.items() if not places.locked()]
            for each in idle:
                del self._hosts[each]
        return self._hosts.setdefault(host, asyncio.Semaphore(OF_ONE_HOST))
