"""The page of an item as people use it: on wide screens and phones, with few questions and many."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pyoxigraph import Literal, NamedNode, Quad

from server.domain.campaigns import Task
from server.names import CH, DC
from server.patches import on
from tests import worlds
from tests.browser.conftest import Watch
from tests.web import campaign_site
from tests.web.campaign_site import FARMS, RESORTS, World

PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1280, "height": 800}
TAG = CH.FreeTag.value


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("item") / "data") as made:
        german = Literal("Ein Druck", language="de")
        graph = made.desk.names.graph("collection", "prints")
        quad = Quad(NamedNode(worlds.item(0)), DC.title, german, graph)
        made.desk.commit(
            lambda _desk: (on("public", add=[quad]), None),
            by="http://a.example/", action="import", now=datetime.now(UTC),
        )  # fmt: skip
        yield made


def questions(number: int) -> tuple[Task, ...]:
    first = Task(1, DC.subject.value, {"en": "What is shown?"}, ("aat",))
    more = (Task(n, "", {"en": f"Question {n}?"}, kind=TAG) for n in range(2, number + 1))
    return (first, *more)


def open_item(page: Page, world: World, slug: str, number: int = 0) -> None:
    page.goto(f"{world.address}/campaigns/{slug}/items/{world.item(number)}")
    agree = page.get_by_role("button", name="I agree")
    if agree.count():
        agree.click()
        expect(agree).to_have_count(0)


def ready(page: Page) -> None:
    """Its keys work."""
    expect(page.locator("[data-shortcut=next]")).to_have_attribute("aria-keyshortcuts", "Enter n")


def width(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box is not None
    return box["width"]


@pytest.mark.parametrize("layout", ["image", "metadata"])
@pytest.mark.parametrize("number", [1, 10])
def test_the_picture_has_half_of_a_wide_screen(
    browser: Browser, watch: Watch, world: World, layout: str, number: int
) -> None:
    slug = world.campaign(layout=layout, tasks=questions(number))
    for wide in (1024, 1280, 1920):
        page = watch.context(browser, viewport={"width": wide, "height": 800}).new_page()
        open_item(page, world, slug)
        assert width(page.locator(".stage")) >= wide / 2
        assert page.evaluate("document.documentElement.scrollWidth") <= wide
        page.close()


@pytest.mark.parametrize("layout", ["image", "metadata"])
def test_on_a_phone_the_picture_stays_while_one_types(
    browser: Browser, watch: Watch, world: World, layout: str
) -> None:
    slug = world.campaign(layout=layout, tasks=questions(3))
    page = watch.context(browser, viewport=PHONE, is_mobile=True, has_touch=True).new_page()
    open_item(page, world, slug)
    tag = page.locator("#task-3 input[name=tag]")
    tag.tap()
    tag.fill("boat")
    expect(page.locator(".stage")).to_be_in_viewport(ratio=0.9)
    expect(tag).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_of_many_questions_one_is_open_and_all_can_be_seen(
    browser: Browser, watch: Watch, world: World
) -> None:
    slug = world.campaign(tasks=questions(10))
    page = watch.context(browser, viewport=WIDE).new_page()
    open_item(page, world, slug)
    for number in range(2, 11):
        expect(page.get_by_role("heading", name=f"Question {number}?")).to_be_visible()
    expect(page.locator("details.question[open]")).to_have_count(1)
    expect(page.locator("#task-1-term")).to_be_visible()
    ready(page)
    page.keyboard.press("g")
    page.keyboard.press("0")
    tag = page.locator("#task-10 input[name=tag]")
    expect(tag).to_be_focused()
    expect(tag).to_be_in_viewport()
    expect(page.locator("details.question[open]")).to_have_count(1)
    tag.fill("boat")
    tag.press("Enter")
    tenth = page.locator("details.question").last
    expect(tenth.get_by_text("answered")).to_be_visible()
    expect(page.locator("details.question").nth(4).get_by_text("answered")).to_be_hidden()


def test_without_a_script_every_question_can_be_answered(
    browser: Browser, watch: Watch, world: World
) -> None:
    slug = world.campaign(tasks=questions(5))
    page = watch.context(browser, java_script_enabled=False).new_page()
    open_item(page, world, slug)
    page.locator("details.question").nth(3).locator("summary").first.click()
    page.locator("#task-4 input[name=tag]").fill("boat")
    page.locator("#task-4 form.answer button[type=submit]").click()
    expect(page.locator("#task-4 .proposal")).to_contain_text("boat")


def test_the_language_of_the_metadata_is_chosen_and_remembered(
    browser: Browser, watch: Watch, world: World
) -> None:
    page = watch.context(browser).new_page()
    page.goto(f"{world.address}/items/{world.item(0)}")
    english, german = page.get_by_text("Print 0").last, page.locator("dd", has_text="Ein Druck")
    expect(german).to_be_hidden()
    page.get_by_label("Read it in").select_option("de")
    expect(german).to_be_visible()
    expect(english).to_be_hidden()
    page.reload()
    expect(german).to_be_visible()
    page.get_by_label("Read it in").select_option("all")
    expect(german).to_be_visible()
    expect(english).to_be_visible()


def test_why_not_is_asked_after_a_no_and_its_answer_stays(
    browser: Browser, watch: Watch, world: World
) -> None:
    slug = world.campaign(reasons=({"en": "Too general"}, {"en": "Wrong"}))
    world.visitor("ada").start(slug).proposed(slug, world.item(0), FARMS)
    page = watch.context(browser).new_page()
    open_item(page, world, slug)
    expect(page.get_by_text("Why not?")).to_have_count(0)
    ready(page)
    page.keyboard.press("2")
    page.get_by_role("radio", name="Too general").check()
    page.get_by_role("button", name="Say why").click()
    expect(page.get_by_text("your reason is kept")).to_be_visible()
    page.reload()
    expect(page.get_by_role("radio", name="Too general")).to_be_checked()


def test_one_s_own_answer_is_changed_in_its_form(
    browser: Browser, watch: Watch, world: World
) -> None:
    slug = world.campaign(tasks=questions(2))
    page = watch.context(browser).new_page()
    open_item(page, world, slug)
    tag = page.locator("#task-2 input[name=tag]")
    tag.fill("baot")
    tag.press("Enter")
    mine = page.locator("#task-2 .proposal")
    expect(mine).to_contain_text("baot")
    page.locator("h1").click()
    page.keyboard.press("e")
    expect(tag).to_have_value("baot")
    tag.fill("boat")
    tag.press("Enter")
    expect(mine).to_have_count(1)
    expect(mine).to_contain_text("boat")


def test_one_goes_back_to_what_one_had_before_and_to_the_list_as_it_was(
    browser: Browser, watch: Watch, world: World
) -> None:
    slug = world.campaign()
    page = watch.context(browser).new_page()
    open_item(page, world, slug)
    ready(page)
    page.keyboard.press("n")
    expect(page.locator("[data-shortcut=previous]")).to_be_visible()
    ready(page)
    page.keyboard.press("p")
    expect(page).to_have_url(f"{world.address}/campaigns/{slug}/items/{world.item(0)}")
    page.goto(f"{world.address}/campaigns/{slug}/items?show=all&sort=title")
    page.locator("ul.grid a").first.click()
    ready(page)
    page.keyboard.press("l")
    expect(page).to_have_url(f"{world.address}/campaigns/{slug}/items?show=all&sort=title")


def test_roles_and_names_tell_what_is_what(browser: Browser, watch: Watch, world: World) -> None:
    slug = world.campaign(tasks=questions(4), instructions={"en": "Look."})
    world.visitor("ada").start(slug).proposed(slug, world.item(0), RESORTS)
    page = watch.context(browser).new_page()
    open_item(page, world, slug)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("region", name="What is shown?")).to_have_count(1)
    expect(page.get_by_role("region", name="About this object")).to_have_count(1)
    votes = page.get_by_role("group", name="Is “resorts” right?")
    expect(votes.get_by_role("button")).to_have_text(["Yes 1", "No 2", "Not sure 3"])
    assert votes.get_by_role("button", name="Yes", exact=True).count() == 1
    unnamed = page.locator("button:visible, a:visible, input:visible, select:visible").evaluate_all(
        """all => all.filter((one) => !(one.getAttribute("aria-label") || one.textContent.trim()
            || one.labels?.length || one.getAttribute("aria-labelledby")))
            .map((one) => one.outerHTML)"""
    )
    assert unnamed == []
    twice = page.evaluate(
        """() => [...document.querySelectorAll("[id]")].map((one) => one.id)
            .filter((id, place, all) => all.indexOf(id) !== place)"""
    )
    assert twice == []
    dangling = page.evaluate(
        """() => [...document.querySelectorAll("[aria-labelledby], [aria-describedby]")]
            .flatMap((one) => `${one.getAttribute("aria-labelledby") ?? ""} ${one.getAttribute("aria-describedby") ?? ""}`.trim().split(/\\s+/))
            .filter((id) => id && !document.getElementById(id))"""  # noqa: E501
    )
    assert dangling == []
