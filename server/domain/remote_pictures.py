"""Fetching a picture from another server."""

from server.domain.remote_addresses import (
    Late,
    Listed,
    Question,
    Unreachable,
    answered,
    body,
    check_status,
)

__all__ = ["Late", "Listed", "Unreachable", "fetch"]

MAX_BYTES = 20_000_000
SECONDS = 15.0  # for all of it: names, redirects, headers and body
_HEADERS = {"Accept": "image/*"}


async def fetch(address: str, listed: Listed) -> bytes:
    """The body found at an http or https address. Raises Unreachable or Late."""
    question = Question(address, _HEADERS)
    async with answered(question, listed, seconds=SECONDS) as response:
        check_status(response)
        return await body(response, MAX_BYTES)
