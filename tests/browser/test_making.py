"""Forms about vocabularies in a browser: what is shown for which source, where the focus goes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watch
from tests.domain.vocabulary_files import concept, write
from tests.web import campaign_site
from tests.web.campaign_site import World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("making") / "data") as made:
        yield made


@pytest.fixture
def page(browser: Browser, watch: Watch, world: World) -> Iterator[Page]:
    """Of an organiser."""
    context = watch.context(browser)
    session = world.visitor("olga").cookies["session"]
    context.add_cookies([{"name": "session", "value": session, "url": world.address}])
    yield context.new_page()
    context.close()


def test_only_what_a_source_has_is_asked(page: Page, world: World) -> None:
    page.goto(f"{world.address}/vocabularies/load")
    for source, there, absent in (
        ("skos", "url", "countries"),
        ("geonames", "countries", "url"),
        ("wikidata", "query", "countries"),
    ):
        page.select_option("#source", source)
        expect(page.locator(f"#{there}")).to_be_visible()
        expect(page.locator(f"#{absent}")).to_be_hidden()


def test_a_load_is_followed_by_the_keyboard_and_said_aloud(
    page: Page, world: World, tmp_path: Path
) -> None:
    page.goto(f"{world.address}/vocabularies/load")
    page.set_input_files("#files", write(tmp_path / "kept.ttl", concept(1, "one")))
    page.press("#title", "Enter")
    go_on = page.get_by_role("link", name="Go on")
    expect(go_on).to_be_visible(timeout=60_000)
    expect(page.locator("#job")).to_have_attribute("data-announce", "Reading kept: Done")
    go_on.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ready to load")


def test_one_more_row_is_where_one_goes_on(page: Page, world: World) -> None:
    page.goto(f"{world.address}/vocabularies/new")
    page.fill("#title", "Feelings")
    page.press("#title", "Enter")
    page.get_by_role("link", name="Add a term").first.click()
    page.fill("#label-1-text", "joy")
    page.get_by_role("button", name="Another language").press("Enter")
    expect(page.locator("#label-2-language")).to_be_focused()
    page.keyboard.type("de")
    page.keyboard.press("Tab")
    page.keyboard.type("Freude")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()


@pytest.mark.parametrize("path", ["/vocabularies/load", "/vocabularies/new", "/reconcile"])
def test_nothing_is_wider_than_a_phone(page: Page, world: World, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(world.address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
