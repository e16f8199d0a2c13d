"""The search box for terms, used as people use it: by keyboard, mouse, finger, without a script."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from server.domain.campaigns import Task, TermGroup
from server.names import DC
from tests.browser.conftest import Watch
from tests.web import campaign_site
from tests.web.campaign_site import FARMS, RESORTS, VINEYARDS, World

PHONE = {"width": 390, "height": 844}
GROUPS = (
    TermGroup(1, {"en": "Farming"}, ("aat",), (FARMS,)),
    TermGroup(2, {"en": "Leisure"}, ("aat",), (RESORTS,)),
)
LIVE = """
<li role="presentation" class="section"><ul role="group">
<li role="presentation" class="heading">Elsewhere</li>
<li role="option" aria-selected="false" data-guess data-iri="http://far.example/1"
  data-vocabulary="far" data-label="farmyards" data-note="" data-breadcrumb="">farmyards</li>
<li role="option" aria-selected="false" data-guess data-iri="{known}" data-vocabulary="far"
  data-label="farms" data-note="" data-breadcrumb="">farms</li>
</ul></li>
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("box") / "data") as made:
        yield made


@pytest.fixture
def slug(world: World) -> str:
    """A campaign whose first question has groups, and whose second takes every term."""
    tasks = (
        Task(1, DC.subject.value, {"en": "What is shown?"}, groups=GROUPS),
        Task(2, DC.type.value, {"en": "What kind is it?"}, ("aat",)),
    )
    return world.campaign(tasks=tasks)


def begin(page: Page, world: World, slug: str, number: int = 0) -> Locator:
    """The box of the first question, for a guest who has agreed."""
    page.goto(f"{world.address}/campaigns/{slug}/items/{world.item(number)}")
    agree = page.get_by_role("button", name="I agree")
    if agree.count():
        agree.click()
        expect(agree).to_have_count(0)
    return page.locator("#task-1-term")


def ready(page: Page, world: World, slug: str, number: int = 0) -> Locator:
    """The same once its script has come."""
    box = begin(page, world, slug, number)
    expect(box).to_have_attribute("role", "combobox")
    return box


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Page:
    return watch.context(browser).new_page()


def options(page: Page) -> Locator:
    return page.locator("#task-1 [role=option]:visible")


def test_an_empty_box_opens_with_what_there_is_and_chooses_nothing_by_itself(
    page: Page, world: World, slug: str
) -> None:
    box = ready(page, world, slug)
    box.focus()
    expect(page.get_by_role("group", name="Farming").get_by_role("option")).to_have_count(2)
    expect(page.get_by_role("group", name="Leisure")).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#task-1 [aria-selected=true]")).to_have_count(0)
    box.press("Enter")
    expect(page.locator(".proposal")).to_have_count(0)
    box.press("ArrowDown")
    first = options(page).first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "-")
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(options(page)).to_have_count(0)


def test_a_word_is_chosen_by_the_keyboard_alone(page: Page, world: World, slug: str) -> None:
    box = ready(page, world, slug)
    box.press_sequentially("vine", delay=20)
    chosen = page.locator(f"#task-1 [data-iri='{VINEYARDS}']")
    expect(chosen).to_have_attribute("aria-selected", "true")
    expect(chosen.locator("mark")).to_have_text("vine")
    expect(page.locator("#announce")).to_contain_text("1 ")
    box.press("Enter")
    expect(page.locator("#task-1 .proposal")).to_contain_text("vineyards")
    expect(page.locator("#task-1-term")).to_be_focused()
    expect(options(page)).to_have_count(0)


def test_arrows_go_through_all_groups_and_round(page: Page, world: World, slug: str) -> None:
    box = ready(page, world, slug)
    box.focus()
    expect(options(page).first).to_be_visible()
    count = options(page).count()
    box.press("ArrowUp")
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    box.press("End")
    expect(options(page).nth(count - 1)).to_have_attribute("aria-selected", "true")
    box.press("Alt+ArrowUp")
    expect(options(page)).to_have_count(0)


def test_a_group_narrows_the_search_and_is_remembered(page: Page, world: World, slug: str) -> None:
    box = ready(page, world, slug)
    page.get_by_role("radio", name="All").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Leisure")).to_be_checked()
    expect(page.get_by_role("radio", name="Leisure")).to_be_focused()
    box.fill("farms")
    expect(page.locator("#task-1 .none")).to_contain_text("No term found in this group")
    box.fill("resorts")
    page.locator(f"#task-1 [data-iri='{RESORTS}']").click()
    expect(page.locator("#task-1 .proposal")).to_contain_text("resorts")
    expect(page.get_by_role("radio", name="Leisure")).to_be_checked()
    ready(page, world, slug, 1)
    expect(page.get_by_role("radio", name="Leisure")).to_be_checked()
    page.locator("#task-1 .chips label", has_text="Farming").click()
    expect(page.locator("#task-1-term")).to_be_focused()
    expect(options(page).first).to_have_attribute("data-iri", re.compile(f"{FARMS}|{VINEYARDS}"))


def test_a_typing_error_is_guessed_and_never_chosen_unasked(
    page: Page, world: World, slug: str
) -> None:
    box = ready(page, world, slug)
    box.fill("vinyeards")
    guesses = page.get_by_role("group", name="Did you mean")
    expect(guesses.get_by_role("option").first).to_contain_text("vineyards")
    box.press("Enter")
    expect(page.locator(".proposal")).to_have_count(0)
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.locator("#task-1 .proposal")).to_contain_text("vineyards")


@pytest.mark.parametrize("pasted", [FARMS, "300000206", "aat:300000206"])
def test_what_is_pasted_finds_its_term(page: Page, world: World, slug: str, pasted: str) -> None:
    box = ready(page, world, slug)
    box.fill(pasted)
    expect(options(page)).to_have_count(1)
    expect(options(page).first).to_have_attribute("data-iri", FARMS)
    box.press("Enter")
    expect(page.locator("#task-1 .proposal")).to_contain_text("farms")


def test_an_answer_to_something_else_is_never_chosen(page: Page, world: World, slug: str) -> None:
    """Enter right after typing on waits for nothing, and takes no guess of a moment ago."""
    box = ready(page, world, slug)
    box.fill("farms")
    expect(options(page).first).to_be_visible()
    page.route("**/terms/suggest?**", lambda route: route.abort())
    box.fill("resorts")
    box.press("Enter")
    expect(page.locator("#task-1 .none")).to_contain_text("did not answer")
    expect(page.locator(".proposal")).to_have_count(0)


def test_what_is_found_elsewhere_is_added_at_the_end(page: Page, world: World, slug: str) -> None:
    """The address of live sources is stood in for; the box must not move what is there."""

    def answer(route: Route) -> None:
        route.fulfill(body=LIVE.format(known=FARMS), content_type="text/html")

    page.route("**/terms/live?**", answer)
    box = ready(page, world, slug)
    page.evaluate("document.querySelector('#task-1 form').dataset.live = '/terms/live'")
    box.fill("farm")
    first = options(page).first
    expect(first).to_have_attribute("aria-selected", "true")
    kept = first.get_attribute("id")
    far = page.get_by_role("group", name="Elsewhere").get_by_role("option")
    expect(far).to_have_count(1)  # the other one is known here
    expect(options(page).first).to_have_attribute("id", kept or "-")
    expect(box).to_have_attribute("aria-activedescendant", kept or "-")
    box.press("End") if not box.input_value() else box.press("ArrowUp")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        box.press("Enter")
    posted = sent.value.post_data or ""
    assert "body=http%3A%2F%2Ffar.example%2F1" in posted
    assert "live=far" in posted


def test_the_box_fits_a_phone(browser: Browser, watch: Watch, world: World, slug: str) -> None:
    context = watch.context(browser, viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    ready(page, world, slug).tap()
    expect(options(page).first).to_be_visible()
    for part in (*options(page).all(), *page.locator("#task-1 .chips span").all()):
        place = part.bounding_box()
        assert place and place["height"] >= 44 and place["x"] >= 0
        assert place["x"] + place["width"] <= PHONE["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    options(page).filter(has_text="vineyards").tap()
    expect(page.locator("#task-1 .proposal")).to_contain_text("vineyards")


def test_without_a_script_the_server_answers_the_choices(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    page = watch.context(browser, java_script_enabled=False).new_page()
    box = begin(page, world, slug)
    page.locator("#task-1 .chips label", has_text="Leisure").click()
    box.fill("resorts")
    page.locator("#task-1").get_by_role("button", name="Look it up").click()
    expect(page.get_by_role("radio", name="Leisure")).to_be_checked()
    page.locator(f"input[name=body][value='{RESORTS}']").check()
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("#task-1 .proposal")).to_contain_text("resorts")


def test_an_organiser_looks_a_branch_up(browser: Browser, watch: Watch, world: World) -> None:
    page = watch.context(browser).new_page()
    page.goto(f"{world.address}/login")
    page.fill("input[name=email]", "olga@example.org")
    page.fill("input[name=password]", campaign_site.PASSWORD)
    page.press("input[name=password]", "Enter")
    expect(page.locator("main input[name=password]")).to_have_count(0)
    page.goto(f"{world.address}/campaigns/new")
    page.locator("input[name=task-1-vocabularies][value=aat]").check()
    page.get_by_text("Only some of their terms").click()
    box = page.locator("#task-1-words")
    box.fill("farms")
    expect(page.locator(f"[data-iri='{FARMS}']")).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(page.locator(f"input[name=task-1-branches][value='{FARMS}']")).to_be_checked()
    expect(page).to_have_url(f"{world.address}/campaigns/new")
