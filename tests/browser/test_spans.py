"""Words of a text are selected with mouse and keyboard; forms about values help along."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pyoxigraph import Literal

from server.domain import annotations, value_selectors
from server.names import DC
from tests import worlds
from tests.browser.conftest import Watch
from tests.domain import text_campaigns
from tests.domain.text_campaigns import TITLE, Written
from tests.web import campaign_site
from tests.web.campaign_site import World

HEBREW = Literal("🏺 אגרטל כחול מאוד", language="he")
#: Where characters of a text stand on the screen: (left, right, middle) of those from start to end.
PLACE = """([text, start, end]) => {
  const node = [...document.querySelectorAll("[data-span-text]")][text].firstChild;
  const range = document.createRange();
  range.setStart(node, start); range.setEnd(node, end);
  const box = range.getBoundingClientRect();
  return [box.left, box.right, (box.top + box.bottom) / 2];
}"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("spans") / "data") as made:
        olga = made.people["olga"]
        things = [
            *map(Written, ("mouse", "keys", "bare", "fix")),
            Written("rtl", said=((DC.title, HEBREW),)),
        ]
        worlds.import_things(made.desk, olga, "texts", things)
        text_campaigns.create(made.desk, olga, "aat", "texts", "words")
        yield made


@pytest.fixture
def page(browser: Browser, watch: Watch, world: World) -> Iterator[Page]:
    yield from visit(browser, watch, world)


@pytest.fixture
def bare(browser: Browser, watch: Watch, world: World) -> Iterator[Page]:
    """Without scripts."""
    yield from visit(browser, watch, world, java_script_enabled=False)


def visit(browser: Browser, watch: Watch, world: World, **options: object) -> Iterator[Page]:
    context = watch.context(browser, **options)
    session = world.visitor("ada").start("words").cookies["session"]
    context.add_cookies([{"name": "session", "value": session, "url": world.address}])
    yield context.new_page()
    context.close()


def open_item(page: Page, world: World, name: str) -> None:
    page.goto(f"{world.address}/campaigns/words/items/{world.item(name)}")  # type: ignore[arg-type]


def question(page: Page, number: int) -> Locator:
    """Unfolded, where a campaign has so many that they are folded."""
    task = page.locator(f"#task-{number}")
    task.evaluate(
        "task => { const folded = task.closest('details'); if (folded) folded.open = true }"
    )
    return task


def drag(page: Page, text: int, start: int, end: int) -> None:
    """Over the characters of a text, counted as the browser counts them."""
    left, right, middle = page.evaluate(PLACE, [text, start, end])
    page.mouse.move(left + 1, middle)
    page.mouse.down()
    page.mouse.move((left + right) / 2, middle)
    page.mouse.move(right - 1, middle)
    page.mouse.up()


def leave(page: Page) -> None:
    """The box for the term, which stands over what follows the words."""
    expect(page.locator("#task-1 input[role=combobox]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".nearby")).to_have_count(0)


def stored(world: World, page: Page) -> tuple[str, int]:
    """(words, start in code points) of the one proposal on the page."""
    name = page.locator("#task-1 .proposal").get_attribute("id")
    assert name is not None
    iri = world.iri(name.removeprefix("proposal-"))
    about = value_selectors.meant(annotations.get(world.desk, iri).content)
    assert about is not None and about.quote is not None
    return about.quote.exact, about.start


def choose_term(page: Page, typed: str) -> None:
    page.keyboard.type(typed)
    expect(page.locator("#task-1 [role=option][aria-selected=true]")).to_be_visible()
    page.keyboard.press("Enter")


def test_words_after_an_emoji_are_selected_with_the_mouse(page: Page, world: World) -> None:
    open_item(page, world, "mouse")
    drag(page, 0, 3, 7)  # the camera is two units
    box = page.locator("#task-1 input[role=combobox]")
    expect(box).to_be_focused()
    expect(page.locator("[data-span-said]")).to_have_text("Chosen: “Ship”")
    choose_term(page, "farms")
    expect(page.locator("#task-1 .proposal mark")).to_have_text("Ship")
    assert stored(world, page) == ("Ship", 2)


def test_words_are_selected_with_the_keyboard_and_said_aloud(page: Page, world: World) -> None:
    open_item(page, world, "keys")
    text = page.get_by_role("textbox", name=re.compile("Description"))
    text.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator("#announce")).to_have_text("Chosen: “ship, a 🏺 and”")
    expect(text.locator("xpath=..").locator("input[type=radio]")).to_be_checked()
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("#announce")).to_have_text("Chosen: “ship, a”")
    page.keyboard.press("Enter")
    expect(page.locator("#task-1 input[role=combobox]")).to_be_focused()
    choose_term(page, "farms")
    expect(page.locator("#task-1 .proposal mark")).to_have_text("ship, a")
    assert stored(world, page) == ("ship, a", 2)


def test_in_a_text_from_right_to_left_the_left_arrow_goes_on(page: Page, world: World) -> None:
    open_item(page, world, "rtl")
    page.locator("[data-span-text]").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("[name=span-exact]")).to_have_value("אגרטל כחול")
    expect(page.locator("[name=span-start]")).to_have_value("2")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[name=span-exact]")).to_have_value("אגרטל")


def test_typing_the_words_undoes_the_selection(page: Page, world: World) -> None:
    open_item(page, world, "fix")
    drag(page, 0, 3, 7)
    leave(page)
    page.get_by_text("Type the words").click()
    page.fill("[name=span-exact]", "quay")
    expect(page.locator("[name=span-start]")).to_have_value("")
    expect(page.locator("[data-span-said]")).to_be_hidden()


def test_choosing_another_text_undoes_the_selection(page: Page, world: World) -> None:
    open_item(page, world, "fix")
    drag(page, 0, 3, 7)
    leave(page)
    page.locator("#task-1").get_by_label("Description").first.check()
    expect(page.locator("[name=span-exact]")).to_have_value("")
    expect(page.locator("[name=span-end]")).to_have_value("")


def test_pressing_elsewhere_does_not_take_the_focus(page: Page, world: World) -> None:
    open_item(page, world, "fix")
    drag(page, 0, 3, 7)
    leave(page)
    page.get_by_role("heading", level=1).click()
    expect(page.locator("#task-1 input[role=combobox]")).not_to_be_focused()
    expect(page.locator("[data-span-said]")).to_have_text("Chosen: “Ship”")


def test_what_was_selected_is_still_marked_after_a_refusal(page: Page, world: World) -> None:
    open_item(page, world, "fix")
    drag(page, 0, 3, 7)
    page.locator("#task-1").get_by_role("button", name="Add it").click()
    expect(page.locator("#task-1 .error")).to_be_visible()
    expect(page.locator("#task-1 [data-span-said]")).to_have_text("Chosen: “Ship”")


def test_without_scripts_the_words_are_typed(bare: Page, world: World) -> None:
    open_item(bare, world, "bare")
    task = bare.locator("#task-1")
    task.get_by_label("Title").check()
    task.get_by_label("Words, as they stand").fill("quay")
    task.locator("[name=q]").fill("farms")
    task.get_by_role("button", name="Add it").click()
    task.locator(".check", has_text="farms").first.click()
    expect(task.locator("[name=span-exact]")).to_have_value("quay")
    task.get_by_role("button", name="Add it").click()
    expect(task.locator(".proposal mark")).to_have_text("quay")


def test_a_correction_begins_with_the_text_that_is_chosen(page: Page, world: World) -> None:
    open_item(page, world, "fix")
    task = question(page, 3)
    task.get_by_label("Title").check()
    expect(task.locator("textarea")).to_have_value(TITLE.value)
    task.get_by_label("Description").check()
    expect(task.locator("textarea")).to_have_value(re.compile("^A ship, a 🏺"))
    task.locator("textarea").fill("My own")
    task.get_by_label("Title").check()
    expect(task.locator("textarea")).to_have_value("My own")


def test_a_translation_begins_empty_and_a_rating_has_a_slider(page: Page, world: World) -> None:
    open_item(page, world, "fix")
    task = question(page, 4)
    expect(task.locator("textarea").first).to_have_value("")
    task.get_by_role("button", name="Begin with the text above").click()
    expect(task.locator("textarea").first).to_have_value(TITLE.value)
    expect(task.locator("[name=rating]")).to_have_value("")
    task.locator("input[type=range]").press("ArrowRight")
    expect(task.locator("[name=rating]")).to_have_value("51")
    task.locator("[name=rating]").fill("80")
    expect(task.locator("input[type=range]")).to_have_value("80")


def test_nothing_is_wider_than_a_phone(page: Page, world: World) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    open_item(page, world, "mouse")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
