import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from server.domain import accounts
from server.web.limits import client_address, network
from server.web.security import HEADERS
from tests.web.account_site import PASSWORD, Browser, Desk, serve

Site = tuple[str, Desk]
NUMBERS = count()
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serve(tmp_path_factory.mktemp("site"), max_body=20_000, max_upload=100_000) as running:
        yield running


@pytest.fixture
def browser(site: Site) -> Iterator[Browser]:
    with Browser(site[0]) as client:
        yield client


@pytest.fixture
def member(browser: Browser) -> Browser:
    browser.register("Ada", f"ada{next(NUMBERS)}@example.org")
    return browser


@pytest.mark.parametrize("path", ["/", "/nowhere", "/fail", "/invalid", "/account", "/static/x"])
def test_every_answer_has_the_security_headers(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_answers_to_refused_bodies_have_the_security_headers_too(browser: Browser) -> None:
    answer = browser.post("/echo", content=b"x" * 30_000, headers=FORM)
    assert answer.status_code == 413
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_response_may_be_for_other_sites(browser: Browser) -> None:
    assert browser.get("/plain").headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_pages_of_signed_in_people_are_not_kept_by_caches(member: Browser) -> None:
    assert member.get("/account").headers["Cache-Control"] == "no-store"
    member.submit("/logout")
    assert "Cache-Control" not in member.get("/plain").headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_from_elsewhere_is_refused(member: Browser, headers: dict[str, str]) -> None:
    token = member.token("/account")
    answer = member.post("/account", data={"csrf": token, "name": "Eve"}, headers=headers)
    assert answer.status_code == 403
    assert member.get("/account/export").json()["account"]["name"] == "Ada"


def test_a_browsers_word_on_where_it_comes_from_is_enough(member: Browser) -> None:
    token = member.token("/account")
    own = {"Sec-Fetch-Site": "same-origin"}
    answer = member.post("/account", data={"csrf": token, "name": "Grace"}, headers=own)
    assert answer.status_code == 303


def test_a_stale_token_is_refused(member: Browser) -> None:
    stale = member.token("/account")
    member.submit("/logout")
    member.sign_in(member.email)
    answer = member.post("/account", data={"csrf": stale, "name": "Eve"}, headers=member.origin)
    assert answer.status_code == 403


def test_a_form_without_a_token_is_refused(member: Browser) -> None:
    assert member.post("/account", data={"name": "E"}, headers=member.origin).status_code == 403
    assert member.post("/logout", headers=member.origin).status_code == 403
    json_call = member.origin | {"Content-Type": "application/json"}
    assert member.post("/api", content=b"{}", headers=json_call).status_code == 403


def test_the_token_of_somebody_else_is_refused(member: Browser, site: Site) -> None:
    with Browser(site[0]) as eve:
        eve.register("Eve", f"eve{next(NUMBERS)}@example.org")
        token = eve.token("/account")
    answer = member.post("/account", data={"csrf": token, "name": "E"}, headers=member.origin)
    assert answer.status_code == 403


def test_the_token_may_stand_in_a_header(member: Browser) -> None:
    headers = member.origin | {"X-CSRF-Token": member.token("/account")}
    assert member.post("/account", data={"name": "Grace"}, headers=headers).status_code == 303
    assert member.post("/api", content=b"12", headers=headers).json()["bytes"] == 2


@pytest.mark.parametrize("path", ["/login", "/register", "/start"])
def test_forms_of_people_without_a_session_are_protected_too(browser: Browser, path: str) -> None:
    token = browser.token("/login")
    other = {"Origin": "https://evil.example"}
    assert browser.post(path, data={"csrf": token}, headers=other).status_code == 403
    assert browser.post(path, data={"csrf": "made up"}, headers=browser.origin).status_code == 403
    browser.cookies.clear()
    assert browser.post(path, data={"csrf": token}, headers=browser.origin).status_code == 403
    assert "session" not in browser.cookies


def test_a_query_by_post_needs_no_token_and_knows_nobody(member: Browser) -> None:
    answer = member.post("/sparql", data={"query": "ASK {}"})
    assert answer.json()["fields"] == [["query", "ASK {}"]]


def test_programs_without_credentials_are_nobody(site: Site) -> None:
    assert httpx.post(site[0] + "/api", json={}).status_code == 401


def test_a_body_is_counted_as_it_comes(browser: Browser) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(200):
            yield b"a=b&" * 250

    answer = browser.post("/sparql", content=endless(), headers=FORM)
    assert answer.status_code == 413


def test_uploads_may_be_larger_for_those_who_import(site: Site, browser: Browser) -> None:
    accounts.create_user(
        site[1], "Olga", "olga@example.org", PASSWORD, "organiser", now=datetime.now(UTC)
    )
    browser.sign_in("olga@example.org")
    headers = browser.origin | {"X-CSRF-Token": browser.token("/account")}
    file = {"file": ("a.xml", b"x" * 50_000)}
    assert browser.post("/echo", files=file, headers=headers).status_code == 413
    assert browser.post("/upload", files=file, headers=headers).json()["uploads"] == [
        ["file", "a.xml", 50_000]
    ]
    large = {"file": ("a.xml", b"x" * 150_000)}
    assert browser.post("/upload", files=large, headers=headers).status_code == 413


@pytest.mark.parametrize("enter", ["/start", "/register"])
def test_guests_and_contributors_upload_nothing_large(browser: Browser, enter: str) -> None:
    if enter == "/start":
        browser.submit(enter)
    else:
        browser.register("Ben", f"ben{next(NUMBERS)}@example.org")
    headers = browser.origin | {"X-CSRF-Token": browser.token("/")}
    file = {"file": ("a.xml", b"x" * 50_000)}
    assert browser.post("/upload", files=file, headers=headers).status_code == 413


def test_a_form_with_a_file_carries_its_token_in_a_field(member: Browser) -> None:
    fields = {"csrf": member.token("/account"), "title": "Ä"}
    file = {"file": ("a.xml", b"x")}
    answer = member.post("/upload", data=fields, files=file, headers=member.origin)
    assert ["title", "Ä"] in answer.json()["fields"]


PART = b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\n'


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=X", PART + b"whole\r\n" + PART + b"cut o"),
        ("multipart/form-data; boundary=X", PART + b"whole\r\n--X"),
        ("multipart/form-data; boundary=X", b""),
        ("multipart/form-data", PART + b"whole\r\n--X--\r\n"),
        ("multipart/form-data; boundary=X", PART + b"\xff\r\n--X--\r\n"),
        ("multipart/form-data; boundary=X; charset=latin-1", PART + b"\xff\r\n--X--\r\n"),
        ("multipart/form-data; boundary=X", PART + b"\0\r\n--X--\r\n"),
        ("application/x-www-form-urlencoded", b"a=%00"),
        ("application/x-www-form-urlencoded", b"a=%FF"),
        ("application/x-www-form-urlencoded", b"a=\xff"),
        ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 1001)),
        ("application/json", b"[]"),
        ("application/json", b"{"),
        ("text/csv", b"a"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(browser: Browser, kind: str, body: bytes) -> None:
    answer = browser.post("/sparql", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 400


def test_every_character_of_a_form_arrives(browser: Browser) -> None:
    value = 'x" } UNION { \\ \u202e é 漢 👩‍🎨 + & = %'
    for sent in ({"data": {"a": value}}, {"data": {"a": value}, "files": {"f": ("n", b"")}}):
        assert browser.post("/sparql", **sent).json()["fields"] == [["a", value]]


def test_a_client_writes_so_often_and_no_more(tmp_path: Path) -> None:
    with serve(tmp_path, rate=4) as (address, _desk), Browser(address) as browser:
        answers = [browser.submit("/start") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [303] * 4 + [429] * 2
        headers = answers[-1].headers
        assert headers["RateLimit-Policy"] == '"write";q=4;w=60'
        assert headers["RateLimit"].startswith('"write";r=0;t=')
        assert 0 < int(headers["Retry-After"]) <= 60
        assert browser.get("/").status_code == 200


def test_a_client_that_goes_away_disturbs_nobody(site: Site, browser: Browser) -> None:
    address = urlsplit(site[0])
    with socket.create_connection((address.hostname, address.port)) as gone:
        gone.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n")
        gone.sendall(b"Content-Type: application/x-www-form-urlencoded\r\n\r\na=")
    assert browser.get("/").status_code == 200


def scope(peer: str, *forwarded: str) -> dict[str, object]:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return {"type": "http", "client": (peer, 1), "headers": headers}


def test_only_trusted_proxies_say_whom_they_forward() -> None:
    assert client_address(scope("203.0.113.9", "192.0.2.1"), "") == "203.0.113.9"
    assert client_address(scope("10.0.0.2", "192.0.2.1"), "10.0.0.0/8") == "192.0.2.1"
    # What a client wrote itself stands to the left of what our proxy saw.
    forged = scope("10.0.0.2", "198.51.100.7, 192.0.2.1", "10.0.0.1")
    assert client_address(forged, "10.0.0.0/8") == "192.0.2.1"
    assert client_address(scope("10.0.0.2", "nonsense"), "10.0.0.2") == "10.0.0.2"


def test_addresses_that_one_client_can_choose_from_count_as_one() -> None:
    assert network("2001:db8::1") == network("2001:db8::ffff:1") == "2001:db8::/64"
    assert network("192.0.2.1") == "192.0.2.1"
