"""Pictures through this server: fetched once, made anew, and never from where they must not be."""

import io
import socket
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx
import pytest
from PIL import Image

from server.domain import pictures, remote_pictures
from server.formats.image_sizes import resized
from tests.web.picture_site import Origin, Site, origin, picture, send, site


def bomb(side: int = 30_000) -> bytes:
    """A PNG of 900 megapixels in 110 kB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    row = zlib.compress(bytes((1 + side // 8) * side), 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


@pytest.fixture
def source() -> Iterator[Origin]:
    with origin() as found:
        yield found


@pytest.fixture
def ours(tmp_path: Path, source: Origin) -> Iterator[Site]:
    """The site, whose administrator listed the image server."""
    with site(tmp_path / "data", f"127.0.0.1:{source.port}") as found:
        yield found


def opened(response: httpx.Response) -> Image.Image:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "image/webp"
    return Image.open(io.BytesIO(response.content))


# --- what is shown -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "TIFF"])
def test_a_picture_comes_in_both_sizes_and_is_fetched_once(
    ours: Site, source: Origin, kind: str
) -> None:
    path = ours.item(source.add("/a", picture(kind, (2500, 1000))))
    assert opened(ours.get(f"{path}?size=400")).size == (400, 160)
    assert opened(ours.get(path)).size == (2000, 800)
    assert source.asked == ["/a"]


def test_a_small_picture_is_not_made_larger(ours: Site, source: Origin) -> None:
    assert opened(ours.get(ours.item(source.add("/a", picture(size=(30, 20)))))).size == (30, 20)


def test_what_comes_with_a_picture_stays_out_and_it_is_upright(ours: Site, source: Origin) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "51.5 north"
    data = picture("JPEG", (60, 40), exif=exif, comment=b"51.5 north")
    assert b"51.5 north" in data
    response = ours.get(ours.item(source.add("/a", data)))
    assert b"51.5 north" not in response.content
    assert opened(response).size == (40, 60)


def test_a_server_is_asked_by_the_name_that_the_record_gives(
    tmp_path: Path, source: Origin
) -> None:
    asked = []
    data = picture()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.headers["Host"])
        send(handler, data, "image/png", {})

    source.answers["/a"] = answer
    with site(tmp_path / "data", "localhost") as ours:
        assert ours.get(ours.item(source.address("/a", "localhost"))).status_code == 200
    assert asked == [f"localhost:{source.port}"]


def test_those_who_ask_at_once_cause_one_request(ours: Site, source: Origin) -> None:
    data = picture()

    def slowly(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.3)
        send(handler, data, "image/png", {})

    source.answers["/a"] = slowly
    path = ours.item(source.address("/a"))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: ours.get(path).status_code, range(8)))
    assert found == [200] * 8
    assert source.asked == ["/a"]


def test_an_item_with_another_picture_shows_that(ours: Site, source: Origin) -> None:
    path = ours.item(source.add("/a", picture(size=(10, 10))))
    assert opened(ours.get(path)).size == (10, 10)
    ours.item(source.add("/b", picture(size=(20, 20))))
    assert opened(ours.get(path)).size == (20, 20)


def test_caches_keep_public_pictures_and_ask_again_by_tag(ours: Site, source: Origin) -> None:
    response = ours.get(path := ours.item(source.add("/a", picture())))
    assert response.headers["cache-control"].startswith("public")
    again = ours.get(path, **{"If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_pictures_of_private_items_are_for_those_who_may_see_them(
    ours: Site, source: Origin
) -> None:
    path = ours.item(source.add("/a", picture()), "2", "work")
    assert ours.get(path).status_code == 404
    assert source.asked == []
    response = ours.get(path, organiser="yes")
    assert response.status_code == 200
    assert response.headers["cache-control"].startswith("private")
    assert ours.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/images/unknown", "/images/..%2f..%2fjournal.sqlite"])
def test_what_is_no_item_is_not_found(ours: Site, path: str) -> None:
    assert ours.get(path).status_code == 404


def test_an_item_without_a_picture_has_none(ours: Site) -> None:
    assert ours.get(ours.item(None)).status_code == 404


def test_only_the_known_sizes_are_made(ours: Site, source: Origin) -> None:
    path = ours.item(source.add("/a", picture()))
    assert ours.get(f"{path}?size=9000").status_code == 400


# --- kept files --------------------------------------------------------------------------------


def keep(ours: Site, name: str, data: bytes) -> str:
    folder = ours.data / "media" / "prints"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return f"{ours.desk.names.base}media/prints/{name}"


def test_kept_files_are_answered_as_they_are_and_their_thumbnail_beside(ours: Site) -> None:
    data = picture("JPEG")
    path = ours.item(keep(ours, "abc.jpg", data))
    keep(ours, "abc.400.webp", small := resized(data, [400])[400])
    response = ours.get(path)
    assert (response.content, response.headers["content-type"]) == (data, "image/jpeg")
    assert ours.get(f"{path}?size=400").content == small


def test_kept_tiff_is_made_anew_as_browsers_do_not_show_it(ours: Site) -> None:
    path = ours.item(keep(ours, "abc.tif", picture("TIFF")))
    assert opened(ours.get(path)).size == (1200, 800)


def test_a_drawing_can_do_nothing_when_opened_by_itself(ours: Site) -> None:
    path = ours.item(keep(ours, "abc.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'))
    for size in ("full", "400"):
        response = ours.get(f"{path}?size={size}")
        assert response.headers["content-type"] == "image/svg+xml"
        policy = response.headers["content-security-policy"]
        assert "sandbox" in policy and "default-src 'none'" in policy
        assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "name", ["../../journal.sqlite", "%2e%2e/%2e%2e/journal.sqlite", "missing.jpg", ".hidden.jpg"]
)
def test_a_kept_picture_is_a_file_of_its_collection(ours: Site, name: str) -> None:
    path = ours.item(f"{ours.desk.names.base}media/prints/{name}")
    assert ours.get(path).status_code == 404


# --- hostile servers ---------------------------------------------------------------------------


def refused(response: httpx.Response, status: int = 502) -> bool:
    return (
        response.status_code == status
        and response.headers["content-type"] == "application/problem+json"
        and response.headers["cache-control"] == "no-store"
    )


def test_a_server_that_nobody_listed_is_not_asked_in_a_private_network(
    tmp_path: Path, source: Origin
) -> None:
    with site(tmp_path / "data") as ours:
        hosts = ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0.0.0.0"]
        for number, host in enumerate(hosts):
            address = source.add("/a", picture()).replace("127.0.0.1", host)
            assert refused(ours.get(ours.item(address, str(number)))), host
    assert source.asked == []


@pytest.mark.parametrize(
    "address",
    ["http://169.254.169.254/latest/meta-data", "http://10.0.0.1/a", "http://[fe80::1]/a",
     "http://[fec0::1]/a", "http://[fd00::1]/a", "http://[64:ff9b::7f00:1]/a", "http://[2002:7f00:1::]/a",
     "http://[::]/a", "http://100.64.0.1/a", "http://224.0.0.1/a", "ftp://192.0.2.1/a",
     "file:///etc/passwd", "http://user:secret@192.0.2.1/a", "http://no-such-host.invalid/a"],
)  # fmt: skip
def test_addresses_that_are_not_of_the_public_web_are_refused(tmp_path: Path, address: str) -> None:
    with site(tmp_path / "data") as ours:
        response = ours.get(ours.item(address))
        assert refused(response)
        said = response.json()["detail"]
        assert "public web" in said or not address.startswith("http://["), said


def test_a_redirect_leads_to_no_private_network(ours: Site, source: Origin) -> None:
    with origin() as inner:
        secret = inner.add("/secret", picture())
        for number, to in enumerate((secret, inner.address("/secret", "localhost"))):
            assert refused(ours.get(ours.item(source.redirect("/a", to), str(number))))
        assert inner.asked == []


def test_three_redirects_are_followed_and_no_more(ours: Site, source: Origin) -> None:
    source.add("/0", picture())
    for hop in range(1, 5):
        source.redirect(f"/{hop}", f"/{hop - 1}")
    assert ours.get(ours.item(source.address("/3"), "three")).status_code == 200
    assert refused(ours.get(ours.item(source.address("/4"), "four")))


def test_what_is_no_picture_is_not_passed_on(ours: Site, source: Origin) -> None:
    page = b"<script>alert(1)</script>"
    hostile = {
        "/html": source.add("/html", page, "image/png"),
        "/svg": source.add("/svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
        "/cut": source.add("/cut", picture("JPEG")[:300]),
        "/empty": source.add("/empty", b""),
        "/packed": source.add("/packed", zlib.compress(picture()), Content_Encoding="deflate"),
        "/bomb": source.add("/bomb", bomb()),
        "/header": source.add("/header", picture(), X_Much="x" * 200_000),
        "/missing": source.address("/missing"),
    }
    source.answers["/missing"] = lambda handler: send(handler, page, "text/html", {}, 404)
    for name, address in hostile.items():
        assert refused(ours.get(ours.item(address, name[1:]))), name
    assert list((ours.data / "thumbnails").iterdir()) == []


def test_an_endless_body_is_cut_off(ours: Site, source: Origin) -> None:
    sent = 0

    def endless(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        handler.send_response(200)
        handler.send_header("Content-Type", "image/png")
        handler.end_headers()
        while True:
            sent += handler.wfile.write(bytes(100_000))

    source.answers["/a"] = endless
    assert refused(ours.get(ours.item(source.address("/a"))))
    assert sent < 3 * remote_pictures.MAX_BYTES


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Headers, a byte at a time: each one is in time, all of them never."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 500:
        handler.wfile.write(bytes([byte]))
        time.sleep(0.05)


def test_a_server_that_drips_is_left_and_not_asked_again_soon(
    ours: Site, source: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_pictures, "SECONDS", 0.5)
    source.answers["/a"] = drip
    path = ours.item(source.address("/a"))
    assert refused(ours.get(path), 504)
    assert refused(ours.get(f"{path}?size=400"), 504)
    assert source.asked == ["/a"]


def test_a_slow_server_holds_up_nobody_elses_pictures(tmp_path: Path, source: Origin) -> None:
    go_on = threading.Event()
    data = picture()

    def wait(handler: BaseHTTPRequestHandler) -> None:
        go_on.wait(10)
        send(handler, data, "image/png", {})

    with origin() as other, site(tmp_path / "data", "127.0.0.1") as ours:
        for number in range(20):
            source.answers[f"/{number}"] = wait
        paths = [ours.item(source.address(f"/{n}"), str(n)) for n in range(20)]
        with ThreadPoolExecutor(20) as pool:
            slow = [pool.submit(ours.get, path) for path in paths]
            while len(source.asked) < pictures.OF_ONE_HOST:
                time.sleep(0.01)
            fast = ours.get(ours.item(other.add("/a", data), "fast"))
            assert fast.status_code == 200
            assert len(source.asked) == pictures.OF_ONE_HOST
            go_on.set()
            assert {future.result().status_code for future in slow} == {200}


def test_a_server_that_is_not_there_is_502(ours: Site, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        free = listener.getsockname()[1]
    with site(tmp_path / "other", "127.0.0.1") as other:
        assert refused(other.get(other.item(f"http://127.0.0.1:{free}/a.png")))
