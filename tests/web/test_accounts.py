import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.domain import accounts, sessions
from server.journal import accounts as table
from server.web.accounts import local
from tests.web.account_site import PASSWORD, Browser, Desk, serve

NOW = datetime.now(UTC)
Site = tuple[str, Desk]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with serve(tmp_path) as running:
        yield running


@pytest.fixture
def browser(site: Site) -> Iterator[Browser]:
    with Browser(site[0]) as client:
        yield client


def test_people_register_sign_out_and_sign_in_again(browser: Browser) -> None:
    answer = browser.register("Ada", "ada@example.org")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "Ada" in browser.get("/").text
    assert browser.submit("/logout").status_code == 303
    assert "Ada" not in browser.get("/").text
    assert browser.sign_in("ADA@example.org").status_code == 303
    assert "Ada" in browser.get("/").text


def test_readers_get_no_cookie(browser: Browser) -> None:
    answer = browser.get("/plain")
    assert "set-cookie" not in answer.headers
    assert browser.get("/nowhere").status_code == 404
    assert not browser.cookies


def test_session_cookies_are_kept_from_scripts_and_other_sites(browser: Browser) -> None:
    cookie = browser.register().headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_cookies_are_secure_where_the_site_is_https(tmp_path: Path) -> None:
    with serve(tmp_path, secure_cookies=True) as (address, _desk), Browser(address) as browser:
        answer = browser.get("/login")
    assert answer.headers["Set-Cookie"].endswith("; Secure")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_the_account_page_asks_to_sign_in(browser: Browser) -> None:
    answer = browser.get("/account")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_guest_starts_with_a_made_up_name_and_keeps_the_identity_on_signing_up(
    browser: Browser, site: Site
) -> None:
    assert browser.submit("/start").status_code == 303
    guest = json.loads(browser.get("/account/export").text)
    assert guest["account"]["kind"] == "guest"
    assert len(guest["account"]["name"].split()) == 3
    before = browser.cookies["session"]
    assert browser.register("Ada", "ada@example.org").status_code == 303
    person = json.loads(browser.get("/account/export").text)
    assert person["agent"] == guest["agent"]
    assert person["account"]["kind"] == "person"
    assert browser.cookies["session"] != before
    assert sessions.resume(site[1], before, now=NOW, days=30) is None


def test_starting_twice_makes_one_guest(browser: Browser) -> None:
    browser.submit("/start")
    first = browser.get("/account/export").text
    browser.submit("/start")
    assert browser.get("/account/export").json()["agent"] == json.loads(first)["agent"]


def test_signing_in_gives_a_new_session_and_ends_the_one_before(
    browser: Browser, site: Site
) -> None:
    browser.register()
    browser.submit("/logout")
    browser.submit("/start")
    fixed = browser.cookies["session"]
    browser.submit("/login", email="ada@example.org", password=PASSWORD)
    assert browser.cookies["session"] != fixed
    with Browser(site[0]) as attacker:
        attacker.cookies.set("session", fixed)
        assert attacker.get("/account").status_code == 401


def test_a_session_that_the_server_did_not_make_is_never_taken_over(browser: Browser) -> None:
    browser.cookies.set("session", "chosen-by-an-attacker", domain="127.0.0.1")
    browser.register()
    assert "chosen-by-an-attacker" not in browser.cookies.values()


def test_a_session_is_of_no_use_after_signing_out(browser: Browser, site: Site) -> None:
    browser.register()
    kept, token = browser.cookies["session"], browser.token("/account")
    browser.submit("/logout")
    with Browser(site[0]) as thief:
        thief.cookies.set("session", kept)
        assert thief.get("/account").status_code == 401
        answer = thief.post("/account", data={"csrf": token, "name": "Eve"}, headers=thief.origin)
        assert answer.status_code == 401


def test_guessing_passwords_is_stopped_for_an_address(tmp_path: Path) -> None:
    with serve(tmp_path, login_attempts=3) as (address, _desk), Browser(address) as browser:
        for number in range(3):
            assert browser.sign_in(f"someone{number}@example.org", "wrong").status_code == 422
        answer = browser.sign_in("another@example.org", "wrong")
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["Retry-After"]) <= 300


def test_guessing_passwords_is_stopped_for_an_account(tmp_path: Path) -> None:
    settings = {"login_attempts": 3, "trusted_proxies": "127.0.0.1"}
    with serve(tmp_path, **settings) as (address, _desk), Browser(address) as browser:
        browser.register()
        browser.submit("/logout")
        for number in range(3):
            browser.headers["X-Forwarded-For"] = f"192.0.2.{number}"
            assert browser.sign_in("ada@example.org", "wrong guess").status_code == 422
        browser.headers["X-Forwarded-For"] = "192.0.2.77"
        assert browser.sign_in("ADA@example.org").status_code == 429


def test_a_class_behind_one_address_can_sign_in(tmp_path: Path) -> None:
    with serve(tmp_path, login_attempts=2) as (address, desk), Browser(address) as browser:
        for number in range(4):
            email = f"pupil{number}@example.org"
            accounts.create_user(desk, "Pupil", email, PASSWORD, "contributor", now=NOW)
            assert browser.sign_in(email).status_code == 303
            browser.submit("/logout")


def test_unknown_people_and_wrong_passwords_get_the_same_answer(browser: Browser) -> None:
    browser.register()
    browser.submit("/logout")
    unknown = browser.sign_in("nobody@example.org", "wrong guess")
    wrong = browser.sign_in("ada@example.org", "wrong guess")
    assert unknown.status_code == wrong.status_code == 422
    assert unknown.text.replace("nobody@", "ada@") == wrong.text
    assert "wrong guess" not in wrong.text


def test_a_role_in_a_form_is_ignored(browser: Browser) -> None:
    fields = {"name": "Eve", "email": "eve@example.org", "password": PASSWORD}
    browser.submit("/register", role="admin", kind="person", **fields)
    browser.submit("/account", name="Eve", role="admin")
    assert browser.get("/account/export").json()["account"]["role"] == "contributor"
    assert browser.get("/moderate").status_code == 403


def test_what_is_wrong_with_a_registration_is_said_field_by_field(browser: Browser) -> None:
    answer = browser.submit("/register", name="\u202eevil", email="nonsense", password="short")
    assert answer.status_code == 422
    for word in ("control characters", "not an e-mail address", "at least 10"):
        assert word in answer.text


def test_names_are_changed_and_never_active(browser: Browser) -> None:
    browser.register()
    assert browser.submit("/account", name="<script>x</script>").status_code == 303
    assert "&lt;script&gt;" in browser.get("/account").text


def test_changing_the_password_ends_all_other_sessions(browser: Browser, site: Site) -> None:
    browser.register()
    with Browser(site[0]) as elsewhere:
        elsewhere.sign_in("ada@example.org")
        assert elsewhere.get("/account").status_code == 200
        wrong = browser.submit("/account/password", current="nonsense", password="x" * 12)
        assert wrong.status_code == 422
        new = "another long password"
        done = browser.submit("/account/password", current=PASSWORD, password=new)
        assert done.status_code == 303
        assert elsewhere.get("/account").status_code == 401
        assert browser.get("/account").status_code == 200
        assert elsewhere.sign_in("ada@example.org", new).status_code == 303


def test_a_token_is_shown_once_works_without_cookies_and_can_be_revoked(
    browser: Browser, site: Site
) -> None:
    browser.register()
    shown = browser.submit("/account/tokens", label="my script", scope="admin").text
    token = shown.split("|")[1]
    assert token.startswith("ch_")
    page = browser.get("/account").text
    assert token not in page
    with Browser(site[0]) as program:
        program.headers["Authorization"] = f"Bearer {token}"
        assert program.post("/api", content=b"{}").status_code == 200
        token_id = page.split("<b>")[1].split("</b>")[0]
        assert browser.submit(f"/account/tokens/{token_id}/revoke").status_code == 303
        assert program.post("/api", content=b"{}").status_code == 401


def test_nobody_revokes_the_tokens_of_others(browser: Browser, site: Site) -> None:
    browser.register()
    browser.submit("/account/tokens", label="mine")
    token_id = browser.get("/account").text.split("<b>")[1].split("</b>")[0]
    with Browser(site[0]) as other:
        other.register("Eve", "eve@example.org")
        assert other.submit(f"/account/tokens/{token_id}/revoke").status_code == 404
    assert token_id in browser.get("/account").text


def test_erasing_leaves_nothing_personal(browser: Browser, site: Site, tmp_path: Path) -> None:
    browser.register("Ada", "ada@example.org")
    agent = browser.get("/account/export").json()["account"]["id"]
    assert browser.submit("/account/erase").status_code == 422
    assert browser.submit("/account/erase", **{"erase-password": "no"}).status_code == 422
    done = browser.submit("/account/erase", **{"erase-password": PASSWORD})
    assert done.status_code == 303
    assert "session" not in browser.cookies
    with site[1].accounts.connect() as connection:
        row = table.find_person(connection, agent)
    assert row is not None
    assert (row.name, row.email, row.password) == ("", None, None)
    assert row.erased is not None
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("journal.sqlite*"))
    assert b"ada@example.org" not in kept
    assert browser.sign_in("ada@example.org").status_code == 422


def test_guests_may_be_erased_too(browser: Browser) -> None:
    browser.submit("/start")
    assert browser.submit("/account/erase").status_code == 400
    assert browser.submit("/account/erase", confirm="1").status_code == 303
    assert browser.get("/account").status_code == 401


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "",
        "/\t/evil.example", "evil", "http://[", "///evil.example", "/\n//evil", "\\/evil",
    ],
)  # fmt: skip
def test_nobody_is_led_to_another_site(address: str) -> None:
    assert local(address) == "/"


def test_people_get_back_to_where_they_were(browser: Browser) -> None:
    browser.register()
    browser.submit("/logout")
    answer = browser.sign_in("ada@example.org", next="/campaigns/posters?page=2")
    assert answer.headers["Location"] == "/campaigns/posters?page=2"
