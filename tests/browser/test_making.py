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


# --- campaigns ------------------------------------------------------------------------------------


def opened(page: Page, world: World, title: str) -> None:
    """Fill in what every campaign needs, save it as an open one, and go to its first object."""
    page.fill("#title", title)
    page.fill("#description", "For a test.")
    page.locator("[name=collections]").first.check()
    page.get_by_role("button", name="Save and open").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_role("button", name="Start").first.press("Enter")
    expect(page.locator("#task-1")).to_be_visible()


def test_each_question_shows_what_its_kind_needs(page: Page, world: World) -> None:
    page.goto(f"{world.address}/campaigns/new")
    question = page.locator("#task-1")
    for kind, there, absent in (
        ("semantic-tag", "Terms come from", "About the values of"),
        ("translation", "About the values of", "Terms come from"),
        ("question", "The answers of a question", "The types of errors"),
        ("comparison", "The makers that are compared", "Languages"),
    ):
        question.get_by_label("What people answer with").select_option(kind)
        expect(question.get_by_text(there).first).to_be_visible()
        expect(question.get_by_text(absent).first).to_be_hidden()


def test_a_campaign_of_translations_is_made_from_its_preset_and_answered(
    page: Page, world: World
) -> None:
    page.goto(f"{world.address}/campaigns/new")
    page.get_by_role("link", name="Translations").press("Enter")
    expect(page.get_by_role("link", name="Translations")).to_have_attribute("aria-current", "true")
    opened(page, world, "In other words")
    task = page.locator("#task-1")
    task.locator("[name=value]").first.check()
    task.get_by_role("textbox", name="Translation").fill("Eine Ansicht")
    task.get_by_role("button", name="Add it").press("Enter")
    expect(task.get_by_text("Eine Ansicht")).to_be_visible()


def test_a_campaign_of_three_kinds_is_made_and_answered(page: Page, world: World) -> None:
    page.goto(f"{world.address}/campaigns/new?preset=basic")
    page.get_by_role("button", name="Remove question 3").press("Enter")
    expect(page.locator("#task-3")).to_have_count(0)
    page.get_by_role("button", name="Add a question").press("Enter")
    page.select_option("#task-3-kind", "question")
    page.fill("#task-3-question", "Is it old?")
    page.fill("#task-3-choices", "Old\nNew")
    opened(page, world, "Three kinds")
    task = page.locator("#task-3")
    task.get_by_role("radio", name="Old").check()
    task.get_by_role("button", name="Add it").press("Enter")
    expect(task.get_by_text("by you")).to_be_visible()
