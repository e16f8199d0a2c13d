"""A client that keeps its connection, and what a series of times comes to."""

import http.client
import os
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


class Client:
    """One browser or program: one connection that stays open, and its cookies and headers."""

    def __init__(self, address: str, **headers: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        self.headers = headers
        self.sent_to = ""

    def get(self, path: str) -> bytes:
        return self._send("GET", path, None, {})

    def follow(self, path: str) -> str:
        """Where a GET is sent on to; "" where it is answered at once."""
        self._send("GET", path, None, {})
        return self.sent_to

    def post(self, path: str, body: str) -> bytes:
        return self._send("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def _send(self, method: str, path: str, body: str | None, more: Mapping[str, str]) -> bytes:
        self.connection.request(method, path, body, {**self.headers, **more})
        response = self.connection.getresponse()
        answer = response.read()
        self.sent_to = response.headers.get("Location", "")
        if response.status >= 400:
            raise SystemExit(f"{method} {path}: {response.status}\n{answer[:2000].decode()}")
        return answer

    def close(self) -> None:
        self.connection.close()


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds."""

    p50: float
    p95: float
    p99: float
    worst: float

    def __str__(self) -> str:
        return (
            f"p50 {self.p50:6.2f} ms   p95 {self.p95:6.2f} ms   p99 {self.p99:6.2f} ms   "
            f"worst {self.worst:6.2f} ms"
        )


def times(seconds: list[float]) -> Times:
    ordered = sorted(1_000 * each for each in seconds)
    p95, p99 = (ordered[len(ordered) * part // 100] for part in (95, 99))
    return Times(statistics.median(ordered), p95, p99, ordered[-1])


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def load() -> str:
    """How busy the machine is otherwise."""
    return f"load {os.getloadavg()[0]:.1f}"
