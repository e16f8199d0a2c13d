"""Keyboard shortcuts: they work, can be seen, changed, switched off, and stay as one wants them."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from server.domain.campaigns import Task
from server.names import CH, DC
from tests.browser.conftest import Watch
from tests.web import campaign_site
from tests.web.campaign_site import FARMS, PASSWORD, RESORTS, VINEYARDS, World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("keys") / "data") as made:
        yield made


@pytest.fixture
def slug(world: World) -> str:
    """Two questions, and three proposals of others on the first item."""
    tasks = (
        Task(1, DC.subject.value, {"en": "What is shown?"}, ("aat",)),
        Task(2, "", {"en": "What comes to mind?"}, kind=CH.FreeTag.value),
    )
    made = world.campaign(tasks=tasks, instructions={"en": "Look well."})
    ada = world.visitor("ada").start(made)
    for term in (FARMS, RESORTS, VINEYARDS):
        ada.proposed(made, world.item(0), term)
    return made


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Page:
    return watch.context(browser).new_page()


def begin(page: Page, world: World, slug: str) -> None:
    """The first item, for a guest who has agreed."""
    page.goto(f"{world.address}/campaigns/{slug}/items/{world.item(0)}")
    agree = page.get_by_role("button", name="I agree")
    if agree.count():
        agree.click()
        expect(agree).to_have_count(0)
    expect(page.locator("[data-shortcut=next]")).to_have_attribute(
        "aria-keyshortcuts", re.compile("n")
    )


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Keyboard shortcuts")


def opened(page: Page) -> Locator:
    page.keyboard.press("?")
    expect(dialog(page)).to_be_visible()
    return dialog(page)


def change(page: Page, action: str, *keys: str) -> Locator:
    """With the keyboard alone: the button has the focus, Enter, then the new keys."""
    found = opened(page)
    button = found.get_by_role("button", name=f"Change the key of “{action}”")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_count(1)
    for key in keys:
        page.keyboard.press(key)
    return found


def test_each_key_does_what_its_button_says(page: Page, world: World, slug: str) -> None:
    begin(page, world, slug)
    current = page.locator(".proposal.current")
    expect(current).to_contain_text("farms")
    page.keyboard.press("1")
    expect(page.locator(".proposal").first.locator(".yes")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(current.locator(".term")).to_have_text("resorts")
    page.keyboard.press("j")
    expect(current.locator(".term")).to_have_text("vineyards")
    page.keyboard.press("3")
    expect(page.locator(".proposal").last.locator(".unsure")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(current).to_contain_text("resorts")
    page.keyboard.press("k")
    expect(current).to_contain_text("farms")
    page.keyboard.press("i")
    expect(page.get_by_role("dialog", name="How to do it")).to_contain_text("Look well.")
    page.keyboard.press("1")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".proposal").first.locator(".yes")).to_have_attribute(
        "aria-pressed", "true"
    )
    before = page.url
    page.keyboard.press("n")
    expect(page).not_to_have_url(before)


def test_keys_lead_to_each_question_and_escape_out_of_its_field(
    page: Page, world: World, slug: str
) -> None:
    begin(page, world, slug)
    page.keyboard.press("g")
    page.keyboard.press("2")
    tag = page.locator("#task-2 input[name=tag]")
    expect(tag).to_be_focused()
    page.keyboard.type("n1?")
    expect(tag).to_have_value("n1?")
    expect(dialog(page)).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#task-2")).to_be_focused()
    page.keyboard.press("Shift+T")
    expect(page.locator("#task-1-term")).to_be_focused()


def test_enter_presses_what_has_the_focus_before_it_means_next(
    page: Page, world: World, slug: str
) -> None:
    begin(page, world, slug)
    before = page.url
    page.locator(".proposal .no").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".proposal .no").first).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(before)


def test_what_one_just_added_is_taken_back_by_its_key(page: Page, world: World, slug: str) -> None:
    begin(page, world, slug)
    tag = page.locator("#task-2 input[name=tag]")
    tag.fill("sunset")
    tag.press("Enter")
    mine = page.locator("#task-2 .proposal")
    expect(mine).to_contain_text("sunset")
    page.locator("h1").click()
    page.keyboard.press("u")
    expect(mine).to_have_count(0)


def test_the_dialog_lists_every_shortcut_of_the_page(page: Page, world: World, slug: str) -> None:
    begin(page, world, slug)
    found = opened(page)
    lines = found.get_by_role("listitem")
    for action in (
        "Next", "Not now", "Zoom", "Zoom in", "Zoom out", "How to do it", "All keyboard shortcuts",
        "Yes, the proposal is right", "No, it is wrong", "Not sure", "Next proposal",
        "Previous proposal", "Next question", "Previous question", "Question 1", "Question 2",
        "All items of the campaign",
    ):  # fmt: skip
        expect(lines.filter(has_text=re.compile(f"^{re.escape(action)}"))).not_to_have_count(0)
    assert all(name for name in found.get_by_role("button").evaluate_all(
        "all => all.map((one) => one.getAttribute('aria-label') || one.textContent.trim())"
    ))  # fmt: skip
    shown = page.locator("[data-key]:visible kbd").all_text_contents()
    assert "↵" in shown and "?" in shown


def test_a_changed_key_stays_changed(page: Page, world: World, slug: str) -> None:
    begin(page, world, slug)
    found = change(page, "Next proposal", "d")
    expect(found.get_by_role("status")).to_have_text("“Next proposal” is now “D”.")
    expect(found.get_by_role("button", name="“Next proposal”: D")).to_be_focused()
    page.keyboard.press("Escape")
    expect(found).to_be_hidden()
    for _visit in range(2):
        page.keyboard.press("d")
        expect(page.locator(".proposal.current")).to_contain_text("resorts")
        page.keyboard.press("j")
        expect(page.locator(".proposal.current")).to_contain_text("resorts")
        begin(page, world, slug)


def test_the_key_of_a_button_changes_on_the_button(page: Page, world: World, slug: str) -> None:
    begin(page, world, slug)
    change(page, "Not now", "w")
    page.keyboard.press("Escape")
    later = page.locator("[data-shortcut=later]")
    expect(later.locator("kbd")).to_have_text("W")
    expect(later).to_have_attribute("aria-keyshortcuts", "w")
    begin(page, world, slug)
    expect(later.locator("kbd")).to_have_text("W")


def test_a_key_that_has_a_meaning_is_taken_only_when_pressed_twice(
    page: Page, world: World, slug: str
) -> None:
    begin(page, world, slug)
    found = change(page, "Next proposal", "k")
    said = found.get_by_role("status")
    expect(said).to_contain_text("“K” already means “Previous proposal”")
    expect(found.get_by_role("button", name="“Previous proposal”: K")).to_have_count(1)
    page.keyboard.press("k")
    expect(found.get_by_role("button", name="“Next proposal”: K")).to_be_focused()
    expect(found.get_by_role("button", name="“Previous proposal”: no key")).to_have_count(1)


def test_escape_leaves_a_key_as_it_was_and_delete_takes_it_away(
    page: Page, world: World, slug: str
) -> None:
    begin(page, world, slug)
    found = change(page, "Next proposal", "ArrowDown", "Escape")
    expect(found).to_be_visible()
    expect(found.get_by_role("button", name="“Next proposal”: J")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Delete")
    expect(found.get_by_role("button", name="“Next proposal”: no key")).to_be_focused()
    found.get_by_role("button", name="Put all keys back").click()
    expect(found.get_by_role("button", name="“Next proposal”: J")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(found).to_be_hidden()


def test_switched_off_no_key_does_anything(page: Page, world: World, slug: str) -> None:
    begin(page, world, slug)
    opened(page).get_by_role("checkbox", name=re.compile("Use keyboard shortcuts")).uncheck()
    page.keyboard.press("Escape")
    page.reload()
    before = page.url
    for key in ("1", "n", "?", "z", "+", "j", "Enter"):
        page.keyboard.press(key)
    expect(page).to_have_url(before)
    expect(page.locator("[aria-pressed=true]")).to_have_count(0)
    expect(page.locator("main kbd:visible")).to_have_count(0)
    page.get_by_role("button", name="Keyboard shortcuts").click()
    dialog(page).get_by_role("checkbox").check()
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    expect(page.locator("[aria-pressed=true]")).to_have_count(1)


def test_an_account_keeps_them_wherever_one_signs_in(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    def signed_in() -> Page:
        made = watch.context(browser).new_page()
        made.goto(f"{world.address}/login")
        made.fill("input[name=email]", "otto@example.org")
        made.fill("input[name=password]", PASSWORD)
        made.press("input[name=password]", "Enter")
        expect(made.locator("main input[name=password]")).to_have_count(0)
        begin(made, world, slug)
        return made

    with signed_in() as first:
        found = change(first, "Not now", "w")
        with first.expect_response("**/account/shortcuts") as answer:
            found.get_by_role("button", name="“Not now”").press("Enter")
            first.keyboard.press("q")
        assert answer.value.status == 204
    elsewhere = signed_in()
    expect(elsewhere.locator("[data-shortcut=later] kbd")).to_have_text("Q")
    elsewhere.goto(f"{world.address}/account")
    elsewhere.locator("summary", has_text="Keyboard shortcuts").click()
    elsewhere.get_by_label("Put back the key that you changed").check()
    elsewhere.locator("form[action='/account/shortcuts'] button").click()
    begin(elsewhere, world, slug)
    expect(elsewhere.locator("[data-shortcut=later] kbd")).to_have_text("0")
