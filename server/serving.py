"""Running the server: uvicorn with deadlines for headers, a clean stop on SIGTERM."""

import logging

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.app import create_app
from server.errors import CrowdHeritageError
from server.settings import Settings
from server.web.protocol import GuardedProtocol

_GRACE_SECONDS = 20


def run(settings: Settings) -> None:
    """Serve until stopped; what was accepted is finished first.

    Raises what opening the data directory raises: Locked, Conflict or Damaged.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    app = create_app(settings)
    config = uvicorn.Config(
        _without_traceback(app),
        host=settings.host,
        port=settings.port,
        http=GuardedProtocol,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=_GRACE_SECONDS,
        timeout_keep_alive=30,
    )
    try:
        uvicorn.Server(config).run()
    except SystemExit as stop:
        failure: CrowdHeritageError | None = getattr(app.state, "failure", None)
        if failure is not None:
            raise failure from stop
        raise SystemExit(1 if stop.code else 0) from stop  # what failed was logged


def _without_traceback(app: Starlette) -> ASGIApp:
    """Why the data directory cannot be opened is said in words, by whoever called `run`."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_shortly(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed" and hasattr(app.state, "failure"):
                message = {**message, "message": ""}
            await send(message)

        await app(scope, receive, send_shortly if scope["type"] == "lifespan" else send)

    return answer
