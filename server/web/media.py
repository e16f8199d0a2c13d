"""Sounds and films of items, through this server."""

import threading

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from server.domain import items, media
from server.domain.media import Medium
from server.domain.remote_addresses import Late, Listed, Unreachable
from server.domain.remote_media import Stream, Streams
from server.web.images import caching
from server.web.limits import client_address, network
from server.web.requests import desk, path, viewer

_LOCK = threading.Lock()


async def play(request: Request) -> Response:
    """With Range, as players ask: at most one piece of it comes."""
    opened, viewer_ = desk(request), viewer(request)
    row = await run_in_threadpool(items.get_row, opened, viewer_, path(request, "id"))
    number = request.path_params["number"]
    medium = await run_in_threadpool(
        media.get, opened, viewer_, row, number, ("audio", "video")
    )  # fmt: skip
    return _Passed(_streams(request), medium, request.headers.get("range"), caching(row))


class _Passed(Response):
    """Opened, sent and closed in one task, so that nobody's connection is left behind."""

    def __init__(
        self, streams: Streams, medium: Medium, asked: str | None, headers: dict[str, str]
    ) -> None:
        super().__init__(headers=headers)
        self._streams, self._medium, self._asked = streams, medium, asked
        self._own = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False
        try:
            proxies = scope["app"].state.desk.settings.trusted_proxies
            client = network(client_address(scope, proxies))
            async with self._streams.open(self._medium, self._asked, client) as stream:
                await send(self._start(stream))
                started = True
                if scope["method"] == "HEAD":
                    await send({"type": "http.response.body", "body": b""})
                else:
                    await _pass(stream, Request(scope, receive), send)
        except Unreachable as error:
            if not started:
                raise HTTPException(504 if isinstance(error, Late) else 502, str(error)) from error
            # What has begun can only break off: the server closes the connection.

    def _start(self, stream: Stream) -> dict[str, object]:
        headers = {**self._own, **stream.headers}
        encoded = [(name.lower().encode(), text.encode()) for name, text in headers.items()]
        return {"type": "http.response.start", "status": stream.status, "headers": encoded}


async def _pass(stream: Stream, request: Request, send: Send) -> None:
    async for chunk in stream.chunks:
        if await request.is_disconnected():
            return
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _streams(request: Request) -> Streams:
    """One for all requests: it counts what is under way."""
    state = request.app.state
    with _LOCK:
        if not hasattr(state, "streams"):
            state.streams = Streams(Listed.parse(state.desk.settings.image_hosts))
        found: Streams = state.streams
    return found


routes = [Route("/media/{id}/{number:number}", play)]
