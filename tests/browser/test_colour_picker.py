"""The palette and its pipette, by mouse and by keyboard; and ΔE2000 as browsers compute it."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from server.names import CH
from tests.browser.conftest import Watch
from tests.browser.test_regions import spot
from tests.domain.test_colours import PAIRS
from tests.web import visual_site
from tests.web.campaign_site import World
from tests.web.visual_site import BLUE, GREEN, RED, path, stored

#: Where the quarters of the painting are, and which colour of the palette is nearest to each.
PLACES = {(0.25, 0.25): RED, (0.75, 0.25): BLUE, (0.25, 0.75): GREEN}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with visual_site.serve(tmp_path_factory.mktemp("colours") / "data") as made:
        yield made


@pytest.fixture
def slug(world: World) -> str:
    return visual_site.campaign(world, visual_site.colour_task())


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Page:
    return watch.context(browser, viewport={"width": 1280, "height": 800}).new_page()


def begin(page: Page, world: World, slug: str) -> Locator:
    page.goto(f"{world.address}{path(world, slug, 'painting')}")
    page.get_by_role("button", name="I agree").click()
    field = page.locator("[data-palette]")
    expect(field.get_by_role("button", name="Pick on the picture")).to_be_visible()
    return field


def chosen(field: Locator) -> str | None:
    return field.locator("input:checked").get_attribute("value")


def test_the_differences_are_the_published_ones_in_the_browser_too(
    page: Page, world: World
) -> None:
    page.goto(f"{world.address}/about")
    found = page.evaluate(
        """async (pairs) => {
          const { difference } = await import("/static/js/colour-difference.js");
          return JSON.parse(pairs).map(([one, other]) => difference(one, other));
        }""",
        json.dumps([pair[:2] for pair in PAIRS]),
    )
    assert found == pytest.approx([pair[2] for pair in PAIRS], abs=5e-5)


def test_the_pipette_marks_the_nearest_colour(page: Page, world: World, slug: str) -> None:
    field = begin(page, world, slug)
    for place, term in PLACES.items():
        field.get_by_role("button", name="Pick on the picture").click()
        expect(page.locator(".stage-view > .zoom .surface.pipette")).to_have_count(1)
        expect(page.locator(".stage-view > .zoom.opening")).to_have_count(0)
        page.mouse.click(*spot(page, place))
        expect(page.locator(".surface.pipette")).to_have_count(0)
        assert chosen(field) == term
    said = field.locator(".picked")
    expect(said).to_contain_text("green")
    expect(said.locator("[data-mine]")).to_have_attribute("fill", "#10e810")
    expect(said.locator("[data-theirs]")).to_have_attribute("fill", "#00FF00")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator(".proposal")).to_contain_text("green")
    (made,) = stored(world, slug, "painting")
    assert made.body == GREEN and made.kind == CH.ColourTag.value


def test_the_pipette_goes_by_keys(page: Page, world: World, slug: str) -> None:
    field = begin(page, world, slug)
    button = field.get_by_role("button", name="Pick on the picture")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".surface.pipette")).to_be_focused()
    for _press in range(4):
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Shift+ArrowUp")
    expect(field.locator(".picked")).to_contain_text("blue")
    page.keyboard.press("Enter")
    expect(button).to_be_focused()
    assert chosen(field) == BLUE


def test_arrow_keys_go_through_the_palette(page: Page, world: World, slug: str) -> None:
    field = begin(page, world, slug)
    field.get_by_role("radio", name="red", exact=True).focus()
    page.keyboard.press("Space")
    assert chosen(field) == RED
    page.keyboard.press("ArrowRight")
    assert chosen(field) not in (RED, None)


def test_a_value_that_is_written_marks_the_nearest_colour(
    page: Page, world: World, slug: str
) -> None:
    field = begin(page, world, slug)
    field.get_by_text("By its value").click()
    field.get_by_label("Colour value").fill("#1414e0")
    assert chosen(field) == BLUE
    expect(field.locator(".picked")).to_contain_text("blue")


def test_without_a_script_the_palette_is_a_list(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    page = watch.context(browser, java_script_enabled=False).new_page()
    page.goto(f"{world.address}{path(world, slug, 'painting')}")
    page.get_by_role("button", name="I agree").click()
    expect(page.get_by_role("button", name="Pick on the picture")).to_be_hidden()
    page.get_by_role("radio", name="red", exact=True).check()
    page.get_by_label("Share of the picture").fill("30")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator(".proposal")).to_contain_text("red")
