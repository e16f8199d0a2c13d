"""The tree by keyboard and by mouse, the map, and both without a script."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watch
from tests.sites import command, serving

BASE = "http://plants.example.org/"
MANY = 250
HEAD = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix wgs84: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <http://plants.example.org/> .
: a skos:ConceptScheme ; dcterms:title "Plants"@en .
:athens a skos:Concept ; skos:prefLabel "Athens"@en ; skos:inScheme : ;
  wgs84:lat "37.98"^^xsd:decimal ; wgs84:long "23.73"^^xsd:decimal .
"""


def turtle() -> str:
    """Trees with oak, pine and many leaves."""
    lines = [HEAD]
    for name, broader in (
        ("trees", ""), ("oak", "trees"), ("pine", "trees"), ("acorn", "oak"), ("many", ""),
    ):  # fmt: skip
        up = f" ; skos:broader :{broader}" if broader else ""
        lines.append(f':{name} a skos:Concept ; skos:inScheme : ; skos:prefLabel "{name}"@en{up} .')
    lines += [
        f':leaf-{n} a skos:Concept ; skos:inScheme : ; skos:prefLabel "leaf {n:03}"@en ;'
        " skos:broader :many ."
        for n in range(MANY)
    ]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnish(tmp_path_factory.mktemp("browsing"))


def furnish(folder: Path) -> Path:
    """A new data directory with the vocabulary."""
    source = folder / "plants.ttl"
    source.write_text(turtle())
    command(folder / "data", "init", "--base-iri", "http://data.museum.example/")
    command(folder / "data", "vocabulary", "load", "skos", str(source), "--slug", "plants")
    return folder / "data"


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    with serving(data) as found:
        yield found


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Iterator[Page]:
    context = watch.context(browser)
    yield context.new_page()
    context.close()


def focused(page: Page) -> str:
    found = "document.activeElement.querySelector('.name') ?? document.activeElement"
    return str(page.evaluate(f"({found}).textContent"))


def term(name: str) -> str:
    return f"/terms?iri={quote(BASE + name, safe='')}"


def test_the_tree_is_walked_with_the_keys(page: Page, address: str) -> None:
    page.goto(f"{address}/vocabularies/plants")
    tops = page.locator("[role=tree] > li > .node [role=treeitem]")
    expect(tops).not_to_have_count(0)
    assert page.locator("[role=treeitem][tabindex='0']").count() == 1
    tops.first.focus()
    assert focused(page) == "Athens"
    page.keyboard.press("End")
    assert focused(page) == "trees"
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("treeitem", name="trees")).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("treeitem", name="oak")).to_have_attribute("aria-level", "2")
    page.keyboard.press("ArrowRight")
    assert focused(page) == "oak"
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("treeitem", name="acorn")).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert focused(page) == "acorn"
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "oak"
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("treeitem", name="acorn")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    assert focused(page) == "pine"
    page.keyboard.press("Home")
    assert focused(page) == "Athens"
    page.keyboard.type("pi")
    assert focused(page) == "pine"
    assert page.locator("[role=treeitem][tabindex='0']").count() == 1
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("pine")


def test_a_long_branch_grows_where_more_stands(page: Page, address: str) -> None:
    page.goto(f"{address}/vocabularies/plants")
    many = page.get_by_role("treeitem", name="many")
    many.locator("xpath=../a[@class='twist']").click()
    leaves = page.locator("[role=group] [role=treeitem]:not([data-more])")
    for number in (100, 200, MANY):
        expect(leaves).to_have_count(number)
        more = page.locator("[data-more]")
        if number < MANY:
            more.focus()
            page.keyboard.press("Space")
    assert focused(page) == "leaf 200"
    expect(page.locator("[data-more]")).to_have_count(0)
    group = page.locator("[role=group]").get_attribute("id")
    expect(many).to_have_attribute("aria-owns", group or "")


def test_the_tree_opens_at_a_term_and_shows_it(page: Page, address: str) -> None:
    page.goto(f"{address}/vocabularies/plants?open={BASE}leaf-180#tree")
    current = page.locator("[aria-current=true][role=treeitem]")
    expect(current).to_have_attribute("tabindex", "0")
    page.get_by_role("treeitem", name="before").click()
    leaves = page.locator("[role=group] [role=treeitem]:not([data-more])")
    expect(leaves).not_to_have_count(100)
    shown = leaves.locator(".name").all_text_contents()
    assert shown == sorted(shown) and len(shown) == len(set(shown))


def test_a_branch_that_does_not_come_says_so(page: Page, address: str) -> None:
    page.goto(f"{address}/vocabularies/plants")
    page.route(re.compile(r"/tree\?"), lambda route: route.abort())
    page.get_by_role("treeitem", name="trees").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#announce")).to_contain_text("cannot be loaded")
    page.unroute_all()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("treeitem", name="oak")).to_be_visible()


def test_without_a_script_the_tree_is_links(browser: Browser, watch: Watch, address: str) -> None:
    context = watch.context(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/vocabularies/plants")
    page.get_by_role("link", name="Unfold trees").click()
    page.get_by_role("link", name="Unfold oak").click()
    page.locator("[role=treeitem]", has_text="acorn").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("acorn")
    page.goto(address + term("athens"))
    expect(page.get_by_text("Latitude 37.98, longitude 23.73")).to_be_visible()
    expect(page.locator("[data-map]")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_place_is_drawn_on_a_map(
    browser: Browser, watch: Watch, address: str, scheme: str, width: int
) -> None:
    context = watch.context(browser, color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(address + term("athens"))
    expect(page.locator(".map path.land")).to_have_count(1)
    expect(page.locator(".map .pin svg")).to_be_visible()
    drawn = page.locator(".map path.land").get_attribute("d") or ""
    assert drawn.count("M") > 20
    page.get_by_role("button", name="Closer").click()
    expect(page.locator(".map .pin svg")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_tiles_come_from_the_server_that_is_set(browser: Browser, tmp_path: Path) -> None:
    """Not the `watch` of other tests: here another host is asked, and that one only."""
    tiles = "https://tile.example.org/{z}/{x}/{y}.png"
    data = furnish(tmp_path)
    with serving(data, map_tiles=tiles, map_attribution="© <b>them</b>") as address:
        context = browser.new_context()
        asked: list[str] = []
        faults: list[str] = []
        context.route(re.compile("^https:"), lambda route: route.abort())
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text))
        page.goto(address + term("athens"))
        expect(page.locator(".leaflet-control-attribution")).to_have_text("© <b>them</b>")
        page.wait_for_timeout(500)
        context.close()
    asked = [each for each in asked if not each.startswith(address)]
    assert asked and all(each.startswith("https://tile.example.org/") for each in asked), faults
    assert not [fault for fault in faults if "Content Security" in fault]


def test_nothing_is_wider_than_a_phone(browser: Browser, watch: Watch, address: str) -> None:
    context = watch.context(browser, viewport={"width": 390, "height": 844})
    page = context.new_page()
    for path in (
        "/vocabularies", "/vocabularies/plants", f"/vocabularies/plants?open={BASE}acorn",
        "/vocabularies/plants/index", term("oak"), term("many"), "/terms?q=leaf&vocabulary=plants",
    ):  # fmt: skip
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()


def test_the_outline_of_the_world_is_the_one_from_natural_earth(page: Page, address: str) -> None:
    """Known points: Athens and Cairo are on land, the middle of the Atlantic is not."""
    page.goto(address + term("athens"))
    expect(page.locator(".map path.land")).to_have_count(1)
    inside = page.evaluate(
        """async (points) => {
          const { draw } = await import(document.querySelector('script[src*="map.js"]').src);
          const box = document.querySelector('[data-map]').cloneNode(false);
          box.classList.remove('leaflet-container');
          document.querySelector('main').append(box);
          const { map } = await draw(box);
          let rings = [];
          map.eachLayer((layer) => { if (layer.getLatLngs) rings = layer.getLatLngs().flat(); });
          const within = ([y, x], ring) => ring.reduce((odd, a, at) => {
            const b = ring[(at + ring.length - 1) % ring.length];
            const crosses = (a.lat > y) !== (b.lat > y)
              && x < ((b.lng - a.lng) * (y - a.lat)) / (b.lat - a.lat) + a.lng;
            return crosses ? !odd : odd;
          }, false);
          return points.map((point) => rings.some((ring) => within(point, ring)));
        }""",
        [[38.3, 23.2], [30.04, 31.2], [48.8, 9.2], [-25.0, 134.0], [30.0, -40.0], [0.0, -150.0]],
    )
    assert inside == [True, True, True, True, False, False], json.dumps(inside)
