"""Regions drawn on the zoom by mouse, finger and keyboard, and shown again."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pyoxigraph import NamedNode

from server.domain import region_selectors, regions
from server.domain.regions import Point, Region
from server.names import OA, RDF
from tests.browser.conftest import Watch
from tests.web import visual_site
from tests.web.campaign_site import World
from tests.web.visual_site import path, stored

PHONE = {"width": 390, "height": 844}
AT = (OA.hasTarget, OA.hasSelector, RDF.value)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with visual_site.serve(tmp_path_factory.mktemp("regions") / "data") as made:
        yield made


@pytest.fixture
def slug(world: World) -> str:
    return visual_site.campaign(world, visual_site.region_task())


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Page:
    return watch.context(browser, viewport={"width": 1280, "height": 800}).new_page()


def begin(page: Page, world: World, slug: str, work: str = "painting") -> Locator:
    """The field of the region, for a guest who has agreed."""
    page.goto(f"{world.address}{path(world, slug, work)}")
    page.get_by_role("button", name="I agree").click()
    field = page.locator("[data-region]")
    expect(field.get_by_role("button", name="Rectangle")).to_be_visible()
    return field


def zoom_ready(page: Page) -> None:
    expect(page.locator(".stage-view > .zoom .surface")).to_have_count(1)
    expect(page.locator(".stage-view > .zoom.opening")).to_have_count(0)


def spot(page: Page, place: Point) -> Point:
    """Where on the screen a place of the picture (fractions of its sides) is, as the zoom says."""
    x, y = page.evaluate(
        """async ([x, y]) => {
          const { frames, viewerOf } = await import("/static/js/stage.js");
          const viewer = await viewerOf(frames()[0]);
          const image = viewer.world.getItemAt(0);
          const size = image.source.dimensions;
          const point = image.imageToViewportCoordinates(x * size.x, y * size.y);
          const pixel = viewer.viewport.pixelFromPoint(point);
          const box = viewer.canvas.getBoundingClientRect();
          return [pixel.x + box.left, pixel.y + box.top];
        }""",
        list(place),
    )
    return x, y


def drag(page: Page, start: Point, end: Point) -> None:
    page.mouse.move(*spot(page, start))
    page.mouse.down()
    middle = tuple((a + b) / 2 for a, b in zip(start, end, strict=True))
    page.mouse.move(*spot(page, middle))  # type: ignore[arg-type]
    page.mouse.move(*spot(page, end))
    page.mouse.up()


def send(page: Page, field: Locator, tag: str) -> None:
    page.get_by_label("Tag", exact=False).first.fill(tag)
    page.get_by_role("button", name="Add it").click()
    expect(page.locator(".proposal")).to_contain_text(tag)


def region_of(world: World, slug: str, work: str = "painting") -> Region:
    (found,) = stored(world, slug, work)
    region = region_selectors.read(found.content.text(*AT), visual_site.SIZE)
    assert region is not None
    return region


def near(found: Region, expected: list[Point], pixels: float = 2) -> None:
    """Each corner within so many pixels of the original."""
    (wide, high), corners = found.of, regions.fractions(found)
    assert len(corners) == len(expected)
    for (x, y), (a, b) in zip(corners, expected, strict=True):
        assert abs(x - a) * wide <= pixels and abs(y - b) * high <= pixels, (corners, expected)


def test_a_rectangle_is_drawn_with_the_mouse(page: Page, world: World, slug: str) -> None:
    field = begin(page, world, slug)
    field.get_by_role("button", name="Rectangle").click()
    zoom_ready(page)
    drag(page, (0.6, 0.75), (0.25, 0.5))
    expect(field.locator(".region-said")).to_contain_text("Marked")
    send(page, field, "a dog")
    found = region_of(world, slug)
    near(found, [(0.25, 0.5), (0.6, 0.5), (0.6, 0.75), (0.25, 0.75)])
    (made,) = stored(world, slug, "painting")
    assert re.fullmatch(r"xywh=pixel:\d+,\d+,\d+,\d+", made.content.text(*AT))
    assert made.content.value(OA.hasTarget, OA.hasSource) == NamedNode(
        visual_site.works(world.desk.names.base)["painting"].picture(0)
    )


def test_a_rectangle_is_moved_and_stretched_by_its_corners(
    page: Page, world: World, slug: str
) -> None:
    field = begin(page, world, slug)
    field.get_by_role("button", name="Rectangle").click()
    zoom_ready(page)
    drag(page, (0.2, 0.2), (0.4, 0.4))
    drag(page, (0.3, 0.3), (0.5, 0.5))  # from its inside: it moves
    drag(page, (0.6, 0.6), (0.8, 0.9))  # by its corner
    drag(page, (0.4, 0.4), (0.35, 0.3))
    send(page, field, "moved")
    near(region_of(world, slug), [(0.35, 0.3), (0.8, 0.3), (0.8, 0.9), (0.35, 0.9)], 3)


def test_a_region_drawn_while_zoomed_in_is_as_exact(page: Page, world: World, slug: str) -> None:
    field = begin(page, world, slug)
    field.get_by_role("button", name="Rectangle").click()
    zoom_ready(page)
    page.mouse.move(*spot(page, (0.5, 0.5)))
    page.mouse.wheel(0, -400)
    page.wait_for_timeout(800)  # the zoom comes to rest
    drag(page, (0.45, 0.45), (0.55, 0.55))
    send(page, field, "close")
    near(region_of(world, slug), [(0.45, 0.45), (0.55, 0.45), (0.55, 0.55), (0.45, 0.55)], 1)


def test_a_polygon_is_drawn_point_by_point_and_the_last_point_taken_back(
    page: Page, world: World, slug: str
) -> None:
    field = begin(page, world, slug)
    field.get_by_role("button", name="Polygon").click()
    zoom_ready(page)
    corners: list[Point] = [(0.2, 0.2), (0.7, 0.3), (0.5, 0.8)]
    for corner in (*corners[:2], (0.9, 0.9)):
        page.mouse.click(*spot(page, corner))
    field.get_by_role("button", name="Undo the last point").click()
    page.mouse.click(*spot(page, corners[2]))
    page.mouse.click(*spot(page, corners[0]))  # the first again: it is closed
    expect(page.locator(".surface polygon.shape")).to_have_count(1)
    send(page, field, "a sail")
    near(region_of(world, slug), corners)


def test_a_rectangle_is_made_by_the_keyboard_alone(page: Page, world: World, slug: str) -> None:
    field = begin(page, world, slug)
    field.get_by_role("button", name="Rectangle").focus()
    page.keyboard.press("Enter")
    zoom_ready(page)
    surface = page.get_by_role("application", name="The region on the picture")
    expect(surface).to_be_focused()
    sides = [field.locator(f"[name=selector-{side}]") for side in ("x", "y", "width", "height")]
    x, y, width, height = (float(side.input_value()) for side in sides)
    assert width > 10 and height > 10
    for _press in range(5):
        page.keyboard.press("ArrowRight")
    for _press in range(3):
        page.keyboard.press("Shift+ArrowDown")
    after = [float(side.input_value()) for side in sides]
    assert after[0] > x and after[3] > height and abs(after[1] - y) <= 1
    assert abs(after[2] - width) <= 1
    page.keyboard.press("Enter")
    expect(field.get_by_role("button", name="Rectangle")).to_be_focused()
    send(page, field, "by keys")
    found = region_of(world, slug)
    assert [float(n) for n in region_selectors.text(found).partition(":")[2].split(",")] == after


def test_a_polygon_is_made_by_the_keyboard_alone(page: Page, world: World, slug: str) -> None:
    field = begin(page, world, slug)
    field.get_by_role("button", name="Polygon").focus()
    page.keyboard.press("Space")
    zoom_ready(page)
    expect(page.locator(".surface.drawing")).to_be_focused()
    for keys in (
        ["Space"],
        ["Shift+ArrowRight"] * 4 + ["Space"],
        ["Shift+ArrowDown"] * 4 + ["Space"],
    ):
        for key in keys:
            page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.locator(".surface polygon.shape")).to_have_count(1)
    page.keyboard.press("Escape")
    send(page, field, "three points")
    found = region_of(world, slug)
    (a, b), (c, d), (e, f) = regions.fractions(found)
    assert c > a and abs(b - d) < 0.01 and abs(e - c) < 0.01 and f > d


def test_numbers_that_are_typed_are_drawn(page: Page, world: World, slug: str) -> None:
    field = begin(page, world, slug)
    field.get_by_text("By numbers").click()
    field.get_by_label("Unit").select_option("percent")
    for label, value in {"From the left": "10", "From the top": "20", "Width": "30"}.items():
        field.get_by_label(label).fill(value)
    field.get_by_label("Height").fill("40")
    expect(page.locator(".stage .surface polygon.shape")).to_have_count(1)
    send(page, field, "typed")
    near(region_of(world, slug), [(0.1, 0.2), (0.4, 0.2), (0.4, 0.6), (0.1, 0.6)], 1)


def test_on_a_phone_a_finger_draws(browser: Browser, watch: Watch, world: World, slug: str) -> None:
    context = watch.context(browser, viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    field = begin(page, world, slug)
    field.get_by_role("button", name="Polygon").tap()
    zoom_ready(page)
    corners: list[Point] = [(0.2, 0.2), (0.8, 0.3), (0.5, 0.8)]
    for corner in (*corners, corners[0]):
        page.touchscreen.tap(*spot(page, corner))
    expect(page.locator(".surface polygon.shape")).to_have_count(1)
    send(page, field, "by finger")
    near(region_of(world, slug), corners, 6)
    context.close()


def test_a_proposal_shows_its_region_on_the_stage_while_it_has_the_focus(
    page: Page, world: World, slug: str
) -> None:
    field = begin(page, world, slug)
    field.get_by_role("button", name="Rectangle").click()
    zoom_ready(page)
    drag(page, (0.25, 0.25), (0.5, 0.5))
    send(page, field, "here")
    expect(page.locator(".surface.pointing polygon.shape")).to_have_count(0)
    page.locator(".proposal button, .proposal a").first.focus()
    expect(page.locator(".surface.pointing polygon.shape")).to_have_count(1)
    shape = page.locator(".surface.pointing polygon.shape").bounding_box()
    assert shape is not None
    left, top = spot(page, (0.25, 0.25))
    assert abs(shape["x"] - left) < 5 and abs(shape["y"] - top) < 5


def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(
    page: Page, world: World, slug: str
) -> None:
    field = begin(page, world, slug)
    field.get_by_text("By numbers").click()
    field.get_by_role("radio", name="Polygon").check()
    field.get_by_label("Points of a polygon").fill("10,10 20,20")
    page.get_by_label("Tag", exact=False).first.fill("wrong")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("[data-region] .error")).to_contain_text("3 to 200 points")
    expect(page.get_by_label("Points of a polygon")).to_have_value("10,10 20,20")
    assert stored(world, slug, "painting") == []


def test_without_a_script_numbers_are_enough(
    browser: Browser, watch: Watch, world: World, slug: str
) -> None:
    page = watch.context(browser, java_script_enabled=False).new_page()
    page.goto(f"{world.address}{path(world, slug, 'painting')}")
    page.get_by_role("button", name="I agree").click()
    field = page.locator("[data-region]")
    expect(field.get_by_role("button", name="Rectangle")).to_be_hidden()
    field.get_by_text("By numbers").click()
    for side, value in {"x": "10", "y": "20", "width": "30", "height": "40"}.items():
        field.locator(f"[name=selector-{side}]").fill(value)
    page.get_by_label("Tag", exact=False).first.fill("plain")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator(".proposal")).to_contain_text("plain")
    assert region_selectors.text(region_of(world, slug)) == "xywh=pixel:10,20,30,40"
