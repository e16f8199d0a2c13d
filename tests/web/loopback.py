"""A real server on a loopback port, in a thread of its own, for tests of protocols."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from server.web.protocol import GuardedProtocol


@contextlib.contextmanager
def serve(
    app: ASGIApp, http: type[GuardedProtocol] = GuardedProtocol, port: int = 0
) -> Iterator[str]:
    """`host:port` of the app while the context lasts."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        config = uvicorn.Config(app, http=http, log_level="error", lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.01)
            assert server.started
            yield "%s:%d" % listener.getsockname()  # noqa: UP031
        finally:
            server.should_exit = True
            thread.join()
