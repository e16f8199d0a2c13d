"""The focus view in a browser: by keys, by finger, without a line to the server for a while."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from server.domain import annotations
from tests.browser.conftest import Watch
from tests.web import campaign_site
from tests.web.campaign_site import FARMS, RESORTS, VINEYARDS, World

TERMS = (FARMS, VINEYARDS, RESORTS)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("focus") / "data") as made:
        yield made


@pytest.fixture
def slug(world: World) -> str:
    """A campaign with 24 proposals by Ada."""
    made = world.campaign(reasons=({"en": "It is something else"}, {"en": "Too general"}))
    ada = world.visitor("ada").start(made)
    for number in range(12):
        for term in TERMS[:2]:
            ada.proposed(made, world.item(number), term)
    return made


def enter(context: BrowserContext, world: World, slug: str) -> Page:
    """As Ben, with the first proposal before him and the next ones on the page."""
    ben = world.visitor("ben").start(slug)
    context.add_cookies([
        {"name": "session", "value": ben.cookies["session"], "url": world.address}
    ])  # fmt: skip
    page = context.new_page()
    page.goto(f"{world.address}/campaigns/{slug}/validate")
    expect(page.locator(".judged")).to_have_count(5)
    return page


def current(page: Page) -> str:
    return page.locator(".judged:not([hidden])").get_attribute("data-id") or ""


def verdicts(world: World, names: list[str]) -> list[str | None]:
    agent = world.people["ben"].agent.value
    return [annotations.get(world.desk, world.iri(name)).verdict_of(agent) for name in names]


def quiet(page: Page) -> None:
    """Until every answer has arrived."""
    waiting = "() => Object.keys(localStorage).some((key) => key.startsWith('answers '))"
    for _attempt in range(300):
        if not page.evaluate(waiting):
            return
        page.wait_for_timeout(50)
    raise AssertionError("an answer has not arrived")


def test_ten_decisions_by_keys(browser: Browser, watch: Watch, world: World, slug: str) -> None:
    page = enter(watch.context(browser), world, slug)
    names = []
    for key in "1213311213":
        expect(page.locator(".judged:not([hidden])")).to_have_count(1)
        names.append(current(page))
        page.keyboard.press(key)
        assert current(page) != names[-1]
    quiet(page)
    said = {"1": "approve", "2": "reject", "3": "unsure"}
    assert verdicts(world, names) == [said[key] for key in "1213311213"]
    expect(page.locator("[data-counter]")).to_contain_text("10 of 24 today · 10 in a row")
    assert len(set(names)) == 10


def test_undo_shows_it_again_and_takes_the_vote_back(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    page = enter(watch.context(browser), world, slug)
    first = current(page)
    page.keyboard.press("1")
    second = current(page)
    page.keyboard.press("2")
    page.keyboard.press("Backspace")
    assert current(page) == second
    page.keyboard.press("Backspace")
    assert current(page) == first
    quiet(page)
    assert verdicts(world, [first, second]) == [None, None]
    page.keyboard.press("3")
    quiet(page)
    assert verdicts(world, [first]) == ["unsure"]


def test_arrows_and_enter_look_without_answering(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    page = enter(watch.context(browser), world, slug)
    first = current(page)
    page.keyboard.press("ArrowRight")
    second = current(page)
    page.keyboard.press("Enter")
    assert current(page) not in (first, second)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert current(page) == first
    page.keyboard.press("0")
    assert current(page) == second
    quiet(page)
    assert verdicts(world, [first, second]) == [None, None]


def test_the_next_is_there_before_the_server_has_answered(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    page = enter(watch.context(browser), world, slug)
    held: list[Route] = []
    holding = [True]
    page.route("**/validate", lambda route: held.append(route) if holding else route.continue_())
    names = []
    for _each in range(3):
        names.append(current(page))
        page.keyboard.press("1")
    shown = page.locator(".judged:not([hidden])")
    expect(shown).to_have_count(1)
    assert current(page) not in names
    expect(shown.locator(".stage-frame")).to_be_visible()
    assert verdicts(world, names) == [None] * 3
    holding.clear()
    for route in held:
        route.continue_()
    quiet(page)
    assert verdicts(world, names) == ["approve"] * 3


def test_what_could_not_be_sent_is_sent_again_in_its_order(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    page = enter(watch.context(browser), world, slug)
    sent: list[str] = []

    def fail(route: Route) -> None:
        sent.append(route.request.post_data or "")
        route.abort("connectionfailed")

    page.route("**/validate", fail)
    names = []
    for key in "121":
        names.append(current(page))
        page.keyboard.press(key)
    expect(page.locator("#unsent")).to_contain_text("Not sent yet: 3")
    assert all(f"annotation={names[0]}" in each for each in sent)  # none overtakes it
    assert verdicts(world, names) == [None] * 3
    page.unroute("**/validate", fail)
    quiet(page)
    expect(page.locator("#unsent")).to_be_hidden()
    assert verdicts(world, names) == ["approve", "reject", "approve"]


def test_closing_the_page_loses_no_answer(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    context = watch.context(browser)
    page = enter(context, world, slug)
    page.route("**/validate", lambda route: route.abort("connectionfailed"))
    name = current(page)
    page.keyboard.press("2")
    expect(page.locator("#unsent")).to_be_visible()
    page.close(run_before_unload=False)
    again = context.new_page()
    again.goto(f"{world.address}/campaigns/{slug}/validate")
    expect(again.locator(".judged:not([hidden])")).to_have_count(1)
    quiet(again)
    assert verdicts(world, [name]) == ["reject"]
    assert current(again) != name


def test_what_the_server_refuses_comes_back_with_words(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    page = enter(watch.context(browser), world, slug)
    name = current(page)
    world.visitor("ada").submit(f"/annotation/{name}/withdraw")
    page.keyboard.press("1")
    back = page.locator(f"#question-{name}")
    expect(back).to_be_visible()
    expect(back.locator(".refusal")).to_contain_text("This proposal was withdrawn.")
    page.keyboard.press("ArrowRight")
    expect(back).to_be_hidden()


def test_a_reason_can_be_given_and_is_never_in_the_way(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    page = enter(watch.context(browser), world, slug)
    name = current(page)
    page.keyboard.press("2")
    assert current(page) != name
    page.keyboard.press("r")
    expect(page.locator("#reasons")).to_be_visible()
    page.keyboard.press("2")
    expect(page.locator("#reasons")).to_be_hidden()
    other = current(page)
    page.keyboard.press("2")
    page.keyboard.press("1")
    quiet(page)
    [vote] = annotations.get(world.desk, world.iri(name)).votes
    assert (vote.verdict, vote.reason) == ("reject", "Too general")
    [plain] = annotations.get(world.desk, world.iri(other)).votes
    assert (plain.verdict, plain.reason) == ("reject", "")


def swipe(page: Page, x: int, y: int) -> None:
    """A finger on the picture, from its middle on."""
    box = page.locator(".judged:not([hidden]) .stage-frame").bounding_box()
    assert box is not None
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    session = page.context.new_cdp_session(page)
    steps = [(0.0, "touchStart"), *((n / 5, "touchMove") for n in range(1, 6))]
    for part, kind in steps:
        point = {"x": at["x"] + x * part, "y": at["y"] + y * part}
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def test_swiping_on_a_phone(browser: Browser, watch: Watch, world: World, slug: str) -> None:
    size = {"width": 390, "height": 844}
    context = watch.context(browser, viewport=size, has_touch=True, is_mobile=True)
    page = enter(context, world, slug)
    expect(page.locator(".judged:not([hidden]) .swipe-hint")).to_be_visible()
    names = []
    for x, y in ((160, 0), (-160, 10), (10, -160)):
        names.append(current(page))
        swipe(page, x, y)
        expect(page.locator(f"#question-{names[-1]}")).to_be_hidden()
    last = current(page)
    swipe(page, 40, 0)  # not far enough: no answer
    assert current(page) == last
    quiet(page)
    assert verdicts(world, [*names, last]) == ["approve", "reject", "unsure", None]


def test_it_works_without_scripts(browser: Browser, watch: Watch, world: World, slug: str) -> None:
    context = watch.context(browser, java_script_enabled=False)
    ben = world.visitor("ben").start(slug)
    context.add_cookies([
        {"name": "session", "value": ben.cookies["session"], "url": world.address}
    ])  # fmt: skip
    page = context.new_page()
    page.goto(f"{world.address}/campaigns/{slug}/validate")
    name = current(page)
    page.get_by_role("button", name="No", exact=False).first.click()
    expect(page.locator(".message.last")).to_contain_text("You said no")
    assert verdicts(world, [name]) == ["reject"]
    page.get_by_role("button", name="Undo").click()
    assert current(page) == name
    assert verdicts(world, [name]) == [None]


def test_the_keys_stand_on_the_buttons(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    page = enter(watch.context(browser), world, slug)
    texts = page.locator(".judged:not([hidden]) .answers button").all_inner_texts()
    assert [re.sub(r"\s+", " ", text).strip() for text in texts] == [
        "Yes 1", "No 2", "Not sure 3", "Not now 0",
    ]  # fmt: skip
