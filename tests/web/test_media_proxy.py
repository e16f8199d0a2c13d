"""Sounds and films through this server: passed on in pieces, and only what they say they are."""

import contextlib
import re
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx
import pytest

from server.domain import remote_media
from tests.web.picture_site import AGGREGATION, Origin, Site, origin, picture, send, site

FILM = bytes(range(256)) * 400  # 102,400 bytes


@pytest.fixture
def source() -> Iterator[Origin]:
    with origin() as found:
        yield found


@pytest.fixture
def ours(tmp_path: Path, source: Origin) -> Iterator[Site]:
    with site(tmp_path / "data", f"127.0.0.1:{source.port}") as found:
        yield found


def ranged(handler: BaseHTTPRequestHandler, kind: str = "video/mp4", data: bytes = FILM) -> None:
    """A server that knows ranges, as RFC 9110, 14 has it."""
    asked = handler.headers.get("Range")
    if asked is None:
        send(handler, data, kind, {"Accept-Ranges": "bytes"})
        return
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", asked)
    assert found is not None
    if not found[1]:
        first, last = len(data) - int(found[2]), len(data) - 1
    else:
        first, last = int(found[1]), min(int(found[2] or len(data)), len(data) - 1)
    if first >= len(data):
        send(handler, b"", kind, {"Content-Range": f"bytes */{len(data)}"}, 416)
        return
    told = {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
    send(handler, data[first : last + 1], kind, told, 206)


def film(
    ours: Site, address: str, name: str = "1", kind: str = "VIDEO", dataset: str = "public"
) -> str:
    path = ours.described(
        f'{AGGREGATION} <me> edm:type "{kind}" . <agg> edm:isShownBy <{address}> .', name,
        "work" if dataset == "work" else "public",
    )  # fmt: skip
    return path.replace("/images/", "/media/") + "/1"


@pytest.fixture
def path(ours: Site, source: Origin) -> str:
    source.answers["/film"] = ranged
    return film(ours, source.address("/film"))


def test_a_film_comes_whole_with_its_type(ours: Site, path: str) -> None:
    response = ours.get(path)
    assert response.status_code == 200
    assert response.content == FILM
    assert response.headers["content-type"] == "video/mp4"
    assert response.headers["content-length"] == str(len(FILM))
    assert response.headers["accept-ranges"] == "bytes"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in response.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("asked", "told", "part"),
    [
        ("bytes=0-", "bytes 0-102399/102400", FILM),
        ("bytes=100-199", "bytes 100-199/102400", FILM[100:200]),
        ("bytes=102399-", "bytes 102399-102399/102400", FILM[-1:]),
        ("bytes=-500", "bytes 101900-102399/102400", FILM[-500:]),
    ],
)
def test_a_part_of_it_can_be_asked_for(
    ours: Site, path: str, asked: str, told: str, part: bytes
) -> None:  # fmt: skip
    response = ours.get(path, Range=asked)
    assert (response.status_code, response.headers["content-range"]) == (206, told)
    assert response.content == part
    assert response.headers["content-length"] == str(len(part))


def test_a_part_that_is_not_there_is_416(ours: Site, path: str) -> None:
    response = ours.get(path, Range="bytes=999999-")
    assert response.status_code == 416
    assert response.headers["content-range"] == "bytes */102400"
    assert response.content == b""


@pytest.mark.parametrize(
    "asked",
    ["bytes=5-2", "bytes=0-1,5-6", "lines=0-5", "bytes=", "bytes=a-b", "bytes=-", "x" * 500],
)
def test_what_is_no_range_is_as_if_nothing_was_asked(ours: Site, path: str, asked: str) -> None:
    response = ours.get(path, Range=asked)
    assert (response.status_code, response.content) == (200, FILM)


def test_a_piece_is_no_larger_than_a_piece(
    ours: Site, source: Origin, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_media, "PIECE", 1000)
    for asked in ("bytes=0-", "bytes=0-99999"):
        response = ours.get(path, Range=asked)
        assert response.headers["content-range"] == "bytes 0-999/102400"
        assert response.content == FILM[:1000]


def test_a_server_without_ranges_sends_all_of_it(ours: Site, source: Origin) -> None:
    path = film(ours, source.add("/film", FILM, "audio/mpeg"), kind="SOUND")
    response = ours.get(path, Range="bytes=10-20")
    assert (response.status_code, response.content) == (200, FILM)
    assert "accept-ranges" not in response.headers


def test_who_asks_for_the_head_gets_the_head(ours: Site, path: str) -> None:
    response = ours.client.head(path)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == str(len(FILM))


def test_a_type_that_the_server_does_not_tell_is_the_records(ours: Site, source: Origin) -> None:
    address = source.add("/film", FILM, "application/octet-stream")
    path = ours.described(
        f"""{AGGREGATION} <agg> edm:isShownBy <{address}> .
        <{address}> ebucore:hasMimeType "audio/ogg" ."""
    )
    response = ours.get(path.replace("/images/", "/media/") + "/1")
    assert response.headers["content-type"] == "audio/ogg"


def refused(response: httpx.Response, status: int = 502) -> bool:
    return (
        response.status_code == status
        and response.headers["content-type"] == "application/problem+json"
        and response.headers["cache-control"] == "no-store"
    )


@pytest.mark.parametrize(
    "kind",
    ["text/html", "image/svg+xml", "application/javascript", "application/pdf", "video",
     "video/mp4 x", "videos/mp4", "multipart/mixed; boundary=video/mp4", "image/png"],
)  # fmt: skip
def test_what_is_neither_sound_nor_film_is_not_passed_on(
    ours: Site, source: Origin, kind: str
) -> None:  # fmt: skip
    path = film(ours, source.add("/film", b"<script>alert(1)</script>", kind))
    response = ours.get(path)
    assert refused(response)
    assert b"script" not in response.content


@pytest.mark.parametrize("status", [201, 204, 301, 401, 404, 416, 500])
def test_other_answers_are_502(ours: Site, source: Origin, status: int) -> None:
    source.answers["/film"] = lambda handler: send(handler, b"", "video/mp4", {}, status)
    assert refused(ours.get(film(ours, source.address("/film"))))


@pytest.mark.parametrize(
    "told",
    ["bytes 5-14/100", "bytes 0-9999999999/100", "bytes 0-", "x", "", "bytes 9-0/100",
     "bytes 0-99/*\r\nX: y"],
)  # fmt: skip
def test_an_answer_about_another_part_is_not_passed_on(
    ours: Site, source: Origin, told: str
) -> None:  # fmt: skip
    def answer(handler: BaseHTTPRequestHandler) -> None:
        send(handler, bytes(10), "video/mp4", {"Content-Range": told} if told else {}, 206)

    source.answers["/film"] = answer
    response = ours.get(film(ours, source.address("/film")), Range="bytes=0-9")
    assert "x" not in response.headers
    assert refused(response)


def test_an_answer_to_a_part_that_nobody_asked_for_is_502(ours: Site, source: Origin) -> None:
    told = {"Content-Range": "bytes 0-9/100"}
    source.answers["/film"] = lambda handler: send(handler, bytes(10), "video/mp4", told, 206)
    assert refused(ours.get(film(ours, source.address("/film"))))


def test_packed_films_are_not_passed_on(ours: Site, source: Origin) -> None:
    address = source.add("/film", FILM, "video/mp4", Content_Encoding="gzip")
    assert refused(ours.get(film(ours, address)))


def test_a_film_that_says_it_is_endless_is_refused(ours: Site, source: Origin) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "video/mp4")
        handler.send_header("Content-Length", str(remote_media.WHOLE + 1))
        handler.end_headers()

    source.answers["/film"] = answer
    assert refused(ours.get(film(ours, source.address("/film"))))


def test_an_endless_film_is_cut_off(
    ours: Site, source: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_media, "WHOLE", 1_000_000)
    sent = 0

    def endless(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        handler.send_response(200)
        handler.send_header("Content-Type", "video/mp4")
        handler.end_headers()
        while True:
            sent += handler.wfile.write(bytes(100_000))

    source.answers["/film"] = endless
    with pytest.raises(httpx.TransportError):
        ours.get(film(ours, source.address("/film")))
    assert sent < 20_000_000


def test_who_leaves_ends_the_transfer(ours: Site, source: Origin) -> None:
    gone = []

    def slowly(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "video/mp4")
        handler.end_headers()
        try:
            for _piece in range(2000):
                handler.wfile.write(bytes(10_000))
                time.sleep(0.01)
        except OSError:
            gone.append(True)

    source.answers["/film"] = slowly
    path = film(ours, source.address("/film"))
    with ours.client.stream("GET", path) as response:
        next(response.iter_raw())
    for _attempt in range(500):
        if gone:
            break
        time.sleep(0.02)
    assert gone


def test_a_server_that_drips_is_left(
    ours: Site, source: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_media, "WHOLE_SECONDS", 0.5)

    def drip(handler: BaseHTTPRequestHandler) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 500:
            handler.wfile.write(bytes([byte]))
            time.sleep(0.05)

    source.answers["/film"] = drip
    assert refused(ours.get(film(ours, source.address("/film"))), 504)


@pytest.mark.parametrize("limit", ["OF_ONE_HOST", "FOR_ONE_CLIENT"])
def test_one_server_and_one_client_do_not_take_all_places(
    ours: Site, source: Origin, path: str, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "video/mp4")
        handler.end_headers()
        while True:
            handler.wfile.write(bytes(1000))
            time.sleep(0.01)

    source.answers["/endless"] = endless
    monkeypatch.setattr(remote_media, limit, 2)
    slow = film(ours, source.address("/endless"), "2")
    with contextlib.ExitStack() as open_:
        for _stream in range(2):
            response = open_.enter_context(ours.client.stream("GET", slow))
            assert response.status_code == 200
        assert ours.get(path).status_code == 503


def test_only_media_of_imported_items_are_asked_for(ours: Site, source: Origin, path: str) -> None:
    item = path.split("/")[2]
    for address in (
        f"/media/{item}/2", f"/media/{item}/0", "/media/unknown/1", f"/media/{item}/1/x",
        f"/media/{item}/1?url=http://127.0.0.1:{source.port}/film", f"/images/{item}/1",
    ):  # fmt: skip
        response = ours.get(address)
        assert response.status_code == (200 if "?" in address else 404), address
    still = ours.item(source.add("/a.png", picture()), "still")
    assert ours.get(still.replace("/images/", "/media/") + "/1").status_code == 404


def test_films_of_private_items_are_for_those_who_may_see_them(ours: Site, source: Origin) -> None:
    source.answers["/film"] = ranged
    path = film(ours, source.address("/film"), "2", dataset="work")
    assert ours.get(path).status_code == 404
    assert source.asked == []
    found = ours.get(path, organiser="yes")
    assert (found.status_code, found.content) == (200, FILM)
    assert found.headers["cache-control"].startswith("private")


def test_a_film_leads_into_no_private_network(ours: Site, tmp_path: Path, source: Origin) -> None:
    with origin() as inner:
        inner.answers["/film"] = ranged
        source.redirect("/film", inner.address("/film"))
        assert refused(ours.get(film(ours, source.address("/film"))))
        with site(tmp_path / "other") as other:
            assert refused(other.get(film(other, inner.address("/film"))))
        assert inner.asked == []
