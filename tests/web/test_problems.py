import logging
from collections.abc import Iterator

import pytest

from server import errors
from server.web.problems import STATUSES, status_of
from tests.web.account_site import Browser, serve


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with serve(tmp_path_factory.mktemp("site")) as (address, _desk), Browser(address) as client:
        yield client


JSON = {"Accept": "application/json"}


def test_people_get_a_page(browser: Browser) -> None:
    answer = browser.get("/nowhere")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<h1>404 Nothing here</h1>" in answer.text


def test_machines_get_problem_details(browser: Browser) -> None:
    answer = browser.get("/invalid", headers=JSON)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "Two things are wrong.",
        "errors": [{"field": "title", "detail": "Say what it is called."}],
    }


def test_htmx_gets_a_fragment_where_it_swaps_one(browser: Browser) -> None:
    headers = {"HX-Request": "true"}
    other = browser.get("/nowhere", headers=headers)
    assert other.headers["Content-Type"] == "application/problem+json"  # for feedback.js
    answer = browser.get("/invalid", headers=headers)
    assert (answer.status_code, answer.text) == (422, "<p>Two things are wrong.</p>")


def test_caches_know_that_answers_differ(browser: Browser) -> None:
    assert {"Accept", "HX-Request"} <= set(browser.get("/x").headers["Vary"].split(", "))


def test_an_unexpected_error_is_logged_under_the_number_that_is_shown(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "crowdheritage.errors"):
        answer = browser.get("/fail", headers=JSON)
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    number = answer.json()["instance"].removeprefix("urn:uuid:")
    assert number in caplog.text
    assert "secret detail" in caplog.text


def test_a_method_that_an_address_does_not_take_is_named(browser: Browser) -> None:
    answer = browser.get("/start", headers=JSON)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_what_was_refused_is_in_the_audit(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    browser.register()
    with caplog.at_level(logging.INFO, "crowdheritage.audit"):
        assert browser.get("/moderate").status_code == 403
    assert "'/moderate'" in caplog.text


def test_every_error_of_the_domain_has_a_status() -> None:
    def tree(kind: type[Exception]) -> Iterator[type[Exception]]:
        for child in kind.__subclasses__():
            yield child
            yield from tree(child)

    kinds = {k for k in tree(errors.CrowdHeritageError) if k.__module__ == errors.__name__}
    assert kinds - set(STATUSES) == {errors.Damaged}
    assert status_of(errors.Damaged("x")) == 500
    assert status_of(errors.Gone("x")) == 410
