"""Case 26: slow, large and ambiguous requests against a real server on a loopback port."""

import contextlib
import socket
import time
from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from server.web.protocol import GuardedProtocol
from tests.web.loopback import serve


class Impatient(GuardedProtocol):
    """The same rules with deadlines that a test can wait for."""

    header_seconds = 0.5
    body_idle_seconds = 0.5


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{request.method} {len(await request.body())}")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    app = Starlette(routes=[Route("/", echo, methods=["GET", "POST"])])
    with serve(app, Impatient) as address:
        yield address


def connect(address: str) -> socket.socket:
    host, _, port = address.partition(":")
    return socket.create_connection((host, int(port)), timeout=30)


def talk(address: str, *parts: bytes) -> bytes:
    """All that the server answers until it closes the connection."""
    with connect(address) as connection:
        with contextlib.suppress(ConnectionError):
            for part in parts:
                connection.sendall(part)
        return drain(connection)


def drain(connection: socket.socket) -> bytes:
    received = b""
    with contextlib.suppress(ConnectionError):
        while data := connection.recv(65_536):
            received += data
    return received


CLOSE = b"Connection: close\r\n"


def test_an_ordinary_request_is_answered(address: str) -> None:
    assert httpx.get(f"http://{address}/").text == "GET 0"
    assert httpx.post(f"http://{address}/", content=b"x" * 100_000).text == "POST 100000"


def test_one_connection_serves_many_requests(address: str) -> None:
    with httpx.Client(base_url=f"http://{address}") as client:
        for _number in range(4):
            assert client.post("/", content=b"x" * 40_000).text == "POST 40000"
            time.sleep(0.2)  # together longer than one header may take


def test_pipelined_requests_are_answered_in_order(address: str) -> None:
    one = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
    answer = talk(address, one + one + b"GET / HTTP/1.1\r\nHost: x\r\n" + CLOSE + b"\r\n")
    assert answer.count(b"HTTP/1.1 200") == 3
    assert answer.endswith(b"GET 0")


@pytest.mark.parametrize(
    "beginning", [b"", b"G", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n"]
)
def test_a_header_that_does_not_end_is_cut_off(address: str, beginning: bytes) -> None:
    assert talk(address, beginning) == b""


def test_a_header_that_drips_is_cut_off(address: str) -> None:
    with connect(address) as connection:
        with contextlib.suppress(ConnectionError):
            for _number in range(600):  # the server's patience ends, the client's would not
                connection.sendall(b"\r\n")
                time.sleep(0.05)
            pytest.fail("the connection stayed open")
        assert drain(connection) == b""


def test_the_deadline_holds_for_later_requests_of_a_connection(address: str) -> None:
    first = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    answer = talk(address, first, b"GET / HTTP/1.1\r\nHost:")
    assert answer.count(b"HTTP/1.1") == 1


def test_a_body_that_stops_coming_is_cut_off(address: str) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc"
    assert talk(address, head) == b""


def test_slow_clients_do_not_hold_an_honest_one_up(address: str) -> None:
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(connect(address)) for _number in range(300)]
        for connection in slow:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow:")
        assert httpx.get(f"http://{address}/").text == "GET 0"
        assert [drain(connection) for connection in slow] == [b""] * 300


@pytest.mark.parametrize(
    "header",
    [
        b"X-Large: " + b"x" * 1_000_000 + b"\r\n",
        b"X-Large: " + b"x" * 33_000 + b"\r\n",
        b"".join(b"X-%d: 1234567890\r\n" % number for number in range(3_000)),
    ],
)
def test_a_large_header_is_refused(address: str, header: bytes) -> None:
    answer = talk(address, b"GET / HTTP/1.1\r\nHost: x\r\n" + header + b"\r\n")
    assert answer == b"" or b"400 Bad Request" in answer  # a reset may overtake the answer


def test_an_endless_address_is_refused(address: str) -> None:
    answer = talk(address, b"GET /" + b"x" * 33_000)
    assert b"400 Bad Request" in answer and b"too large" in answer


def test_a_header_below_the_cap_is_read(address: str) -> None:
    header = b"GET / HTTP/1.1\r\nHost: x\r\nX-Large: " + b"x" * 30_000 + b"\r\n" + CLOSE + b"\r\n"
    assert b"200 OK" in talk(address, header[:20_000], header[20_000:])


@pytest.mark.parametrize("hosts", [b"", b"Host: a\r\nHost: b\r\n"])
def test_a_request_names_exactly_one_host(address: str, hosts: bytes) -> None:
    answer = talk(address, b"GET / HTTP/1.1\r\n" + hosts + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"exactly one Host" in answer


def test_http_1_0_needs_no_host(address: str) -> None:
    assert b"200 OK" in talk(address, b"GET / HTTP/1.0\r\n\r\n")


SMUGGLED = b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: 5, 6\r\n",
        b"Content-Length: +5\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding : chunked\r\n",
    ],
)
def test_ambiguous_framing_is_refused(address: str, framing: bytes) -> None:
    answer = talk(address, b"POST / HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n" + SMUGGLED)
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1") == 1
