"""The box for places and the box for links, by mouse, by keyboard alone, and without a script."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from server.domain import annotations
from server.domain.campaigns import Task
from server.index import queues
from server.names import CH, OA, WGS84
from tests import worlds
from tests.browser.conftest import Watch
from tests.web import campaign_site, gazetteer
from tests.web.campaign_site import World
from tests.web.gazetteer import place

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("places") / "data") as made:
        gazetteer.load(made.desk, made.people["olga"])
        yield made


@pytest.fixture
def slug(world: World) -> str:
    link = Task(2, "", {"en": "What belongs together?"}, kind=CH.Link.value)
    return world.campaign(tasks=(gazetteer.task(), link))


def begin(page: Page, world: World, slug: str) -> Locator:
    """The first question, for a guest who has agreed."""
    page.goto(f"{world.address}/campaigns/{slug}/items/{world.item(0)}")
    page.get_by_role("button", name="I agree").click()
    expect(page.get_by_role("button", name="I agree")).to_have_count(0)
    return page.locator("#task-1")


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Page:
    """Whose watch fails the test on any request to another host; whose maps do not glide."""
    return watch.context(browser, reduced_motion="reduce").new_page()


@pytest.fixture
def task(page: Page, world: World, slug: str) -> Locator:
    """With its map drawn."""
    found = begin(page, world, slug)
    found.scroll_into_view_if_needed()
    expect(found.locator(".land").first).to_be_attached()
    return found


def search(task: Locator, name: str, number: int) -> Locator:
    task.get_by_label("Name of the place").fill(name)
    found = task.locator(".found")
    expect(found).to_have_count(number)
    return found


def bodies(world: World, slug: str) -> list[str]:
    rows = queues.annotations_of_item(world.desk.index.read(), worlds.item(0), slug)
    return [row.body for row in rows if row.status != "withdrawn"]


def made(world: World, slug: str) -> annotations.Annotation:
    (row,) = queues.annotations_of_item(world.desk.index.read(), worlds.item(0), slug)
    return annotations.get(world.desk, row.iri)


def add(task: Locator) -> None:
    task.get_by_role("button", name="Add it").click()
    expect(task.locator(".proposal")).to_have_count(1)


def test_results_are_a_list_and_pins_with_the_same_numbers(task: Locator) -> None:
    found = search(task, "rom", 3)
    assert [line.inner_text().split("\n")[0] for line in found.all()] == ["1", "2", "3"]
    expect(found.nth(0)).to_contain_text("Italy › Lazio")
    expect(found.nth(1)).to_contain_text("United States › Georgia (state)")
    expect(found.nth(2)).to_contain_text("No coordinates")
    pins = task.locator(".pin")
    expect(pins).to_have_count(2)
    assert sorted(pin.inner_text() for pin in pins.all()) == ["1", "2"]


def test_what_is_looked_at_in_the_list_is_marked_on_the_map_and_the_reverse(task: Locator) -> None:
    found = search(task, "rom", 3)
    second = task.locator('.pin[data-pin="2"]')
    found.nth(1).hover()
    expect(second).to_have_class(re.compile(r"\bcurrent\b"))
    found.nth(0).get_by_role("radio").focus()
    expect(task.locator('.pin[data-pin="1"]')).to_have_class(re.compile(r"\bcurrent\b"))
    second.hover()
    expect(found.nth(1)).to_have_class(re.compile(r"\bcurrent\b"))
    second.click()
    expect(found.nth(1).get_by_role("radio")).to_be_checked()
    expect(found.nth(1).get_by_role("radio")).to_be_focused()


def test_a_place_is_chosen_from_the_list(task: Locator, world: World, slug: str) -> None:
    search(task, "rome", 2).nth(1).get_by_role("radio").check()
    assert bodies(world, slug) == []  # nothing is sent before one says so
    add(task)
    assert bodies(world, slug) == [place("rome-ga")]
    expect(task.locator(".proposal .path")).to_have_text("United States › Georgia (state)")
    expect(task.locator(".proposal .map .pin")).to_be_attached()


def test_a_place_without_coordinates_can_be_chosen(task: Locator, world: World, slug: str) -> None:
    search(task, "romulia", 1).get_by_role("radio").check()
    add(task)
    assert bodies(world, slug) == [place("atlantis")]
    expect(task.locator(".proposal .map")).to_have_count(0)


def test_a_click_on_the_map_lists_what_is_nearest(
    task: Locator, page: Page, world: World, slug: str
) -> None:
    search(task, "suva", 1)
    expect(task.locator(".pin")).to_have_count(1)
    pin = task.locator(".pin").bounding_box()
    assert pin is not None
    page.mouse.click(pin["x"] + pin["width"] / 2 + 30, pin["y"] + pin["height"])
    first = task.locator(".found").first
    expect(first).to_contain_text("Suva")
    expect(first).to_contain_text("km away")
    first.get_by_role("radio").check()
    add(task)
    assert bodies(world, slug) == [place("suva")]


def test_a_point_of_ones_own_is_taken_from_the_map_with_how_exact_it_is(
    task: Locator, world: World, slug: str
) -> None:
    task.locator("[data-places-map]").click(position={"x": 150, "y": 100})
    expect(task.get_by_label("A point of my own")).to_be_checked()
    expect(task.locator(".around")).to_be_attached()
    lat, long = task.get_by_label("Latitude"), task.get_by_label("Longitude")
    assert re.fullmatch(r"-?\d+(\.\d)?", lat.input_value())  # a pixel is half a degree here
    expect(task.get_by_label("As exact as")).to_have_value("50000")
    task.get_by_label("As exact as").select_option("5000")
    at = lat.input_value(), long.input_value()
    add(task)
    content = made(world, slug).content
    assert (content.text(OA.hasBody, WGS84.lat), content.text(OA.hasBody, WGS84.long)) == at
    assert content.text(OA.hasBody, CH.accuracy) == "5000"
    expect(task.locator(".proposal")).to_contain_text("(± 5 km)")


def test_a_point_that_is_not_on_earth_is_told_beside_the_field(
    task: Locator, world: World, slug: str
) -> None:
    task.get_by_label("Latitude").fill("91")
    task.get_by_label("Longitude").fill("12.5")
    expect(task.get_by_label("A point of my own")).to_be_checked()
    task.get_by_role("button", name="Add it").click()
    expect(task.get_by_role("alert")).to_contain_text("from -90 to 90")
    expect(task.get_by_label("Latitude")).to_have_value("91")
    assert bodies(world, slug) == []


def test_that_nobody_can_tell_is_an_answer(task: Locator, world: World, slug: str) -> None:
    task.get_by_label("This place cannot be identified").check()
    add(task)
    assert bodies(world, slug) == [CH.NotIdentifiable.value]


def test_a_place_is_found_and_chosen_by_keyboard_alone(
    task: Locator, page: Page, world: World, slug: str
) -> None:
    task.get_by_label("Name of the place").focus()
    page.keyboard.type("rome")
    expect(task.locator(".found")).to_have_count(2)
    page.keyboard.press("Enter")  # to the list: nothing is sent
    expect(task.locator(".found input").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(task.locator(".found input").nth(1)).to_be_checked()
    page.keyboard.press("Enter")
    expect(task.locator(".proposal")).to_have_count(1)
    assert bodies(world, slug) == [place("rome-ga")]


def test_the_map_is_looked_at_by_keyboard_alone(
    task: Locator, page: Page, world: World, slug: str
) -> None:
    task.get_by_label("Name of the place").focus()
    page.keyboard.press("Tab")
    box = task.locator("[data-places-map]")
    expect(box).to_be_focused()
    for key in ("+", "ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
        page.wait_for_timeout(400)  # the map moves
    button = task.get_by_role("button", name="Places near the middle of the map")
    for _ in range(4):  # past the buttons of the map
        page.keyboard.press("Tab")
        if button.evaluate("each => each === document.activeElement"):
            break
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(task.locator(".found").first).to_contain_text("km away")
    expect(task.get_by_label("A point of my own")).to_be_checked()
    expect(page.locator("#announce")).to_have_text(re.compile(r"\d places found"))


def test_without_a_script_a_name_is_typed_and_a_place_chosen(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    page = watch.context(browser, java_script_enabled=False).new_page()
    task = begin(page, world, slug)
    expect(task.locator(".map")).to_be_hidden()
    task.get_by_label("Name of the place").fill("rome")
    task.get_by_role("button", name="Look it up").click()
    expect(task.get_by_role("alert")).to_contain_text("Which place is it?")
    task.get_by_role("radio").nth(1).check()
    add(task)
    assert bodies(world, slug) == [place("rome-ga")]


def test_on_a_phone_nothing_is_wider_than_the_screen(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    page = watch.context(browser, viewport=PHONE, has_touch=True).new_page()
    task = begin(page, world, slug)
    search(task, "rom", 3)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    for each in task.get_by_role("radio").all():
        label = each.locator("xpath=ancestor::label").bounding_box()
        assert label is not None and label["height"] >= 44


def test_another_item_is_found_by_its_title_and_linked(page: Page, world: World, slug: str) -> None:
    begin(page, world, slug)
    task = page.locator("#task-2")
    box = task.get_by_label("Other object, or page")
    expect(box).to_have_attribute("role", "combobox")
    task.get_by_label("This object").select_option(label="is part of")
    box.fill("print 7")
    expect(task.locator("[role=option]")).to_have_count(1)
    box.press("Enter")
    expect(box).to_have_value("Print 7")
    add(task)
    assert bodies(world, slug) == [worlds.item(7)]
    expect(task.locator(".proposal a.linked")).to_have_attribute("href", f"/items/{world.item(7)}")
    expect(task.locator(".proposal")).to_contain_text("is part of")


def test_an_address_is_pasted_and_linked(page: Page, world: World, slug: str) -> None:
    begin(page, world, slug)
    task = page.locator("#task-2")
    box = task.get_by_label("Other object, or page")
    expect(box).to_have_attribute("role", "combobox")
    box.fill("https://example.org/a?b=1")
    expect(task.locator("[role=option]")).to_contain_text("A page on the web")
    box.press("Enter")
    add(task)
    assert bodies(world, slug) == ["https://example.org/a?b=1"]
