"""Running the server: uvicorn with deadlines for headers, a clean stop on SIGTERM."""

import logging

import uvicorn

from server.app import create_app
from server.settings import Settings
from server.web.protocol import GuardedProtocol

_GRACE_SECONDS = 20


def run(settings: Settings) -> None:
    """Serve until stopped; what was accepted is finished first.

    Raises what opening the data directory raises: Locked, Conflict or Damaged.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    config = uvicorn.Config(
        create_app(settings),
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
    uvicorn.Server(config).run()
