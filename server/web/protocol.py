"""uvicorn's HTTP protocol with what it lacks: deadlines and a cap for headers, Host demanded.

Pass it as `uvicorn.Config(http=GuardedProtocol)`. The parser (llhttp) itself refuses messages
with both Content-Length and Transfer-Encoding (request smuggling, RFC 9112, 6.1).
"""

import asyncio
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class _Refused(Exception):
    """Raised inside of the parser's callbacks, which makes it stop."""


class GuardedProtocol(HttpToolsProtocol):
    header_seconds: ClassVar[float] = 5.0
    header_bytes: ClassVar[int] = 32_000
    body_idle_seconds: ClassVar[float] = 30.0

    _timer: asyncio.TimerHandle | None = None
    _refusal: str | None = None
    _in_header = True
    _seen = 0  # bytes of the header so far
    _raw = 0  # bytes received since the header began

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._start_timer(self.header_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._timer is None and self._in_header:  # empty lines before a request count as well
            self._start_timer(self.header_seconds)
        self._raw += len(data)
        super().data_received(data)
        # The parser reports a header line when it is complete: an endless one shows only here.
        if self._in_header and self._raw > self.header_bytes and not self.transport.is_closing():
            self._refusal = "The header of the request is too large."
            self.send_400_response(self._refusal)

    def send_400_response(self, msg: str) -> None:
        self._stop_timer()
        super().send_400_response(self._refusal or msg)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_header, self._seen = True, 0
        self._start_timer(self.header_seconds)

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        hosts = sum(name == b"host" for name, _value in self.headers)
        if hosts > 1 or (hosts == 0 and self.parser.get_http_version() != "1.0"):
            raise self._refused("A request names exactly one Host.")  # RFC 9112, 3.2
        self._in_header = False
        self._start_timer(self.body_idle_seconds)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._start_timer(self.body_idle_seconds)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._stop_timer()
        self._in_header, self._raw = True, 0  # what comes next is another header
        super().on_message_complete()

    def _count(self, length: int) -> None:
        self._seen += length
        if self._seen > self.header_bytes:
            raise self._refused("The header of the request is too large.")

    def _refused(self, reason: str) -> _Refused:
        self._refusal = reason
        return _Refused(reason)

    def _start_timer(self, seconds: float) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(seconds, self._too_late)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_late(self) -> None:
        if self.flow.read_paused:  # we are slow, not the client
            self._start_timer(self.body_idle_seconds)
        elif not self.transport.is_closing():
            self.transport.abort()
