"""The grid of a term in a browser: choosing with keys and mouse, answering at once, taking back."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from server.domain import annotations
from tests.browser.conftest import Watch
from tests.web import campaign_site
from tests.web.campaign_site import FARMS, World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("grid") / "data") as made:
        yield made


@pytest.fixture
def slug(world: World) -> str:
    """A campaign in which Ada proposed farms for every print."""
    made = world.campaign()
    ada = world.visitor("ada").start(made)
    for number in range(12):
        ada.proposed(made, world.item(number), FARMS)
    return made


def enter(browser: Browser, watch: Watch, world: World, slug: str, **options: object) -> Page:
    context = watch.context(browser, **options)
    ben = world.visitor("ben").start(slug)
    context.add_cookies([
        {"name": "session", "value": ben.cookies["session"], "url": world.address}
    ])  # fmt: skip
    page = context.new_page()
    page.goto(f"{world.address}/campaigns/{slug}/validate/term?iri={quote(FARMS)}")
    expect(page.locator(".choices-grid li")).to_have_count(12)
    return page


def chosen(page: Page) -> list[str]:
    boxes = page.locator(".choices-grid input:checked").all()
    return [box.get_attribute("value") or "" for box in boxes]


def names(page: Page) -> list[str]:
    return [box.get_attribute("value") or "" for box in page.locator(".choices-grid input").all()]


def verdicts(world: World, every: list[str]) -> list[str | None]:
    agent = world.people["ben"].agent.value
    return [annotations.get(world.desk, world.iri(name)).verdict_of(agent) for name in every]


def test_by_keys_alone(browser: Browser, watch: Watch, world: World, slug: str) -> None:
    page = enter(browser, watch, world, slug)
    every = names(page)
    page.keyboard.press("ArrowRight")  # the first of them has the focus
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert chosen(page) == every[1:2]
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert chosen(page) == every[1:4]
    expect(page.locator("[data-count]")).to_have_text("3 chosen")
    page.keyboard.press("2")
    expect(page.locator(".told")).to_contain_text("3 answers are stored.")
    assert verdicts(world, every) == [None, "reject", "reject", "reject"] + [None] * 8
    page.keyboard.press("Backspace")
    expect(page.locator(".message.done")).to_contain_text("3 answers were taken back.")
    assert verdicts(world, every) == [None] * 12


def test_all_none_and_the_others(browser: Browser, watch: Watch, world: World, slug: str) -> None:
    page = enter(browser, watch, world, slug)
    every = names(page)
    page.keyboard.press("a")
    assert chosen(page) == every
    page.keyboard.press("n")
    assert chosen(page) == []
    page.locator(".choices-grid .cell").nth(4).click()
    page.keyboard.press("i")
    assert chosen(page) == every[:4] + every[5:]
    page.get_by_role("button", name="Yes").click()
    expect(page.locator(".told")).to_contain_text("11 answers are stored.")
    expect(page.locator(".choices-grid input")).to_have_count(1)


def test_a_range_with_the_mouse(browser: Browser, watch: Watch, world: World, slug: str) -> None:
    page = enter(browser, watch, world, slug)
    every = names(page)
    cells = page.locator(".choices-grid .cell")
    cells.nth(2).click()
    cells.nth(7).click(modifiers=["Shift"])
    assert chosen(page) == every[2:8]
    cells.nth(4).click(modifiers=["Shift"])
    assert chosen(page) == [*every[2:4]]


def test_check_boxes_do_without_scripts(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    page = enter(browser, watch, world, slug, java_script_enabled=False)
    every = names(page)
    page.locator(".choices-grid input").nth(3).check()
    page.get_by_role("button", name="Not sure").click()
    expect(page.locator(".told")).to_contain_text("1 answer is stored.")
    assert verdicts(world, every)[3] == "unsure"
    page.get_by_role("button", name="Undo all of it").click()
    assert verdicts(world, every) == [None] * 12
