"""Two pictures side by side: one zoom for both, answered by keys, and nothing told before."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watch
from tests.web import visual_site
from tests.web.campaign_site import World
from tests.web.visual_site import MAKERS, path, stored


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with visual_site.serve(tmp_path_factory.mktemp("compared") / "data") as made:
        yield made


@pytest.fixture
def slug(world: World) -> str:
    return visual_site.campaign(world, visual_site.comparison_task())


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Page:
    return watch.context(browser, viewport={"width": 1280, "height": 800}).new_page()


def begin(page: Page, world: World, slug: str) -> None:
    page.goto(f"{world.address}{path(world, slug, 'versions')}")
    page.get_by_role("button", name="I agree").click()
    expect(page.locator("[data-comparing] canvas").first).to_be_visible()
    expect(page.locator("[data-comparing] .view")).to_have_count(2)


def seen(page: Page) -> list[list[float]]:
    """The zoom and the middle of both viewers."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => [...document.querySelectorAll("[data-comparing] .view")].map((view) => {
          const { viewport } = window.OpenSeadragon.getViewer(view);
          const { x, y } = viewport.getCenter(true);
          return [viewport.getZoom(true), x, y].map((part) => Math.round(part * 1000) / 1000);
        })"""
    )


def test_what_one_shows_the_other_shows(page: Page, world: World, slug: str) -> None:
    begin(page, world, slug)
    page.wait_for_function(
        """() => [...document.querySelectorAll("[data-comparing] .view")].every(
          (view) => window.OpenSeadragon.getViewer(view)?.world.getItemCount() === 1)"""
    )
    before = seen(page)
    for side, name in enumerate(("Left", "Right")):
        page.get_by_role("group", name=name, exact=True).locator(".openseadragon-canvas").hover()
        page.mouse.wheel(0, -300)
        page.wait_for_timeout(900)  # the zoom comes to rest
        found = seen(page)
        assert found[0] == pytest.approx(found[1], abs=0.002)
        assert found[side][0] > before[side][0]
        before = found
    page.get_by_role("button", name="Zoom out of both").click()
    page.wait_for_timeout(900)
    found = seen(page)
    assert found[0] == pytest.approx(found[1], abs=0.002) and found[0][0] < before[0][0]


def test_keys_answer_and_the_next_pair_comes(page: Page, world: World, slug: str) -> None:
    begin(page, world, slug)
    for number, key in enumerate(("1", "2", "3"), 1):
        expect(page.locator("[data-compare]")).to_contain_text(f"Pair {number} of 3")
        page.locator("h1").click()
        page.keyboard.press(key)
    expect(page.locator(".task")).to_contain_text("You have compared all of them")
    assert len(stored(world, slug, "versions")) == 3
    expect(page.locator("[data-comparing] canvas")).to_have_count(0)


def test_nothing_that_the_browser_gets_tells_who_made_which(
    page: Page, world: World, slug: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    begin(page, world, slug)
    expect(page.locator("[data-compare]")).to_contain_text("Pair 1 of 3")
    whole = page.content()
    assert not [maker for maker in MAKERS if maker.rpartition("/")[2] in whole]
    assert not re.search(r"r[123]\.png", whole)
    assert not [url for url in asked if re.search(r"/images/|r[123]\.png", url)]


def test_a_reload_shows_the_same(page: Page, world: World, slug: str) -> None:
    begin(page, world, slug)
    first = page.locator("[data-compare]").get_attribute("data-compare")
    page.reload()
    assert page.locator("[data-compare]").get_attribute("data-compare") == first


def test_without_a_script_two_pictures_and_three_buttons_are_there(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    page = watch.context(browser, java_script_enabled=False).new_page()
    page.goto(f"{world.address}{path(world, slug, 'versions')}")
    page.get_by_role("button", name="I agree").click()
    expect(page.get_by_role("img", name="Left")).to_be_visible()
    page.get_by_role("button", name="Right is better").click()
    expect(page.locator("[data-compare]")).to_contain_text("Pair 2 of 3")
