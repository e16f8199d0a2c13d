"""A real browser, which fails a test on any CSP violation, script error or foreign request."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
_PATIENCE = 20_000  # milliseconds: machines are busy where all tests run
expect.set_options(timeout=_PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On a busy machine a browser loses a key press now and then: such a test has two tries."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for a file: while Playwright runs, no other test of the process could use asyncio."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield launched
        launched.close()


@dataclass
class Watch:
    """What must not happen on a page, as it happened."""

    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def context(self, browser: Browser, **options: object) -> BrowserContext:
        """A visitor of their own, with empty cookies."""
        context = browser.new_context(**options)  # type: ignore[arg-type]
        self.contexts.append(context)
        context.set_default_timeout(_PATIENCE)
        context.on("page", self._page)
        return context

    def _page(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("request", lambda request: self._request(page, request.url))

    def _console(self, kind: str, text: str) -> None:
        if "Content Security Policy" in text or "Content-Security-Policy" in text:
            self.faults.append(f"CSP: {text}")

    def _request(self, page: Page, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") and parts.hostname != "127.0.0.1":
            self.faults.append(f"third party: {address} on {page.url}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    watching = Watch()
    yield watching
    for context in watching.contexts:  # a page that is left open goes on working
        context.close()
    assert watching.faults == []
