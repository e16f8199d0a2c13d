"""The notice of what was just done, by mouse, by key and without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watch
from tests.browser.test_box import ready
from tests.web import campaign_site
from tests.web.campaign_site import World

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("undo") / "data") as made:
        yield made


@pytest.fixture
def slug(world: World) -> str:
    return world.campaign()


def add(page: Page, world: World, slug: str) -> None:
    """A term, chosen in the box of the first question."""
    box = ready(page, world, slug)
    box.fill("vineyards")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("vineyards")
    option.click()
    expect(page.locator(".proposal")).to_have_count(1)


@pytest.mark.parametrize("size", [None, PHONE], ids=["desktop", "phone"])
def test_the_button_takes_it_back(
    browser: Browser, watch: Watch, world: World, slug: str, size: dict[str, int] | None
) -> None:
    page = watch.context(browser, **({"viewport": size} if size else {})).new_page()
    add(page, world, slug)
    notice = page.locator("#messages .message")
    expect(notice).to_contain_text("You added")
    expect(notice.get_by_role("button", name="Undo")).to_be_in_viewport()
    notice.get_by_role("button", name="Undo").click()
    expect(page.locator("#messages")).to_contain_text("Taken back")
    expect(page.locator(".proposal")).to_have_count(0)
    assert page.url.endswith(f"/items/{world.item(0)}")


def test_the_key_takes_the_last_thing_back(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    page = watch.context(browser).new_page()
    add(page, world, slug)
    page.locator("h1").click()
    page.keyboard.press("u")
    expect(page.locator("#messages")).to_contain_text("Taken back")
    expect(page.locator(".proposal")).to_have_count(0)


def test_after_the_next_item_the_key_leads_back(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    page = watch.context(browser).new_page()
    ready(page, world, slug)
    title = page.locator("h1").inner_text()
    page.locator("h1").click()
    page.keyboard.press("n")
    expect(page.locator("#messages")).to_contain_text("You are done with")
    page.wait_for_load_state()  # keys are heard once the scripts are there
    page.keyboard.press("u")
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("#messages")).to_contain_text("Taken back")


def test_it_can_be_closed_and_is_found_in_the_list(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    page = watch.context(browser).new_page()
    add(page, world, slug)
    page.locator("#messages").get_by_role("button", name="Close").click()
    expect(page.locator("#messages .message")).to_have_count(0)
    page.locator("h1").click()
    page.keyboard.press("Shift+U")
    page.wait_for_url("**/account/visit")
    expect(page.locator("main li")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("main")).to_contain_text("This was taken back already.")


def test_without_scripts_it_stands_on_the_next_page(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    page = watch.context(browser, java_script_enabled=False).new_page()
    page.goto(f"{world.address}/campaigns/{slug}/items/{world.item(0)}")
    page.get_by_role("button", name="I agree").click()
    page.get_by_role("button", name="Not now").click()
    expect(page.locator("#messages")).to_contain_text("You put")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#messages")).to_contain_text("Taken back")
    assert page.url.endswith(f"/items/{world.item(0)}")
