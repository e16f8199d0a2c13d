"""The query page: its editor by keys alone, ways to look at an answer, sharing, frames."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from server.domain import query_words
from tests import worlds
from tests.browser.conftest import Watch
from tests.web import campaign_site, loopback
from tests.web.campaign_site import FARMS, World
from tests.web.test_sparql_answers import wait_for_snapshot

PHONE = {"width": 390, "height": 844}
CHART = '# Bars of something\nSELECT ?a ?n { VALUES (?a ?n) { ("x" 1) ("y" 4) ("z" 2) } }'
MAP = """SELECT ?name ?lat ?long {
  VALUES (?name ?lat ?long) { ("<b>Lyon</b>" 45.76 4.83) ("Athens" 37.98 23.73) }
}"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("sparql") / "data") as made:
        wait_for_snapshot(made)
        query_words.of(made.desk).refresh()
        yield made


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Page:
    return watch.context(browser, reduced_motion="reduce").new_page()


def opened(page: Page, world: World, query: str = "ASK {}", path: str = "/sparql") -> Locator:
    """The editor, with its cursor at the end of this query."""
    page.goto(world.address + path)
    box = page.locator(".CodeMirror")
    expect(box).to_be_visible()
    write(page, query)
    return box


def write(page: Page, query: str) -> None:
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)


def text(page: Page) -> str:
    return page.locator("#query").input_value()


def run(page: Page) -> Locator:
    page.keyboard.press("Control+Enter")
    head = page.locator("#answer-head")
    expect(head).to_be_visible()
    return head


# --- the editor ----------------------------------------------------------------------------------


def test_properties_are_completed_by_keys_and_their_prefixes_declared(
    page: Page, world: World
) -> None:
    opened(page, world, "SELECT * { ?item ")
    page.keyboard.type("dc:ti")
    hints = page.locator(".CodeMirror-hints li")
    expect(hints.first).to_contain_text("dc:title")
    page.keyboard.press("Enter")
    page.keyboard.type(" ?title }")
    assert "?item dc:title ?title }" in text(page)
    assert "PREFIX dc: <http://purl.org/dc/elements/1.1/>" in text(page)
    expect(run(page)).to_contain_text("13 rows")


def test_classes_come_first_where_a_class_may_stand(page: Page, world: World) -> None:
    opened(page, world, "SELECT * { ?item a ")
    page.keyboard.press("Control+Space")
    first = page.locator(".CodeMirror-hints li").first
    expect(first).to_be_visible()
    page.keyboard.type("provided")
    page.keyboard.press("Control+Space")
    expect(page.locator(".CodeMirror-hints li").first).to_contain_text("edm:ProvidedCHO")
    page.keyboard.press("Escape")
    expect(page.locator(".CodeMirror-hints")).to_have_count(0)


def test_terms_of_vocabularies_are_found_by_a_word_of_theirs(page: Page, world: World) -> None:
    opened(page, world, "SELECT * { ?annotation ?has ")
    page.keyboard.type('"farms')
    page.keyboard.press("Control+Space")
    hint = page.locator(".CodeMirror-hints li").first
    expect(hint).to_contain_text("farms")
    assert hint.get_attribute("title") == f"<{FARMS}>"
    page.keyboard.press("Enter")
    assert f"?has <{FARMS}>" in text(page)


def test_a_screen_reader_hears_which_completion_is_chosen(page: Page, world: World) -> None:
    opened(page, world, "SELECT * { ?item ")
    page.keyboard.type("dc:")
    hints = page.locator(".CodeMirror-hints")
    expect(hints).to_have_attribute("role", "listbox")
    field = page.locator(".CodeMirror textarea")
    first = field.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")
    expect(field).not_to_have_attribute("aria-activedescendant", first or "")
    chosen = page.locator(f"#{field.get_attribute('aria-activedescendant')}")
    expect(chosen).to_have_attribute("aria-selected", "true")


def test_tab_leaves_the_box(page: Page, world: World) -> None:
    opened(page, world)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()


def test_a_plain_box_can_be_had_and_is_remembered(page: Page, world: World) -> None:
    opened(page, world, "ASK { ?s ?p ?o }")
    page.get_by_label("Plain box, without colours").check()
    box = page.get_by_label("Query", exact=True)
    expect(box).to_be_visible()
    expect(box).to_have_value("ASK { ?s ?p ?o }")
    page.goto(f"{world.address}/sparql")
    expect(page.locator("#query")).to_be_visible()
    page.locator("#query").fill("ASK {}")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#results td")).to_have_text("yes")
    page.get_by_label("Plain box, without colours").uncheck()
    expect(page.locator(".CodeMirror")).to_be_visible()
    assert text(page) == "ASK {}"


def test_an_example_is_written_and_run(page: Page, world: World) -> None:
    page.goto(f"{world.address}/sparql")
    expect(page.locator(".CodeMirror")).to_be_visible()
    page.get_by_role("link", name="What was published last").click()
    expect(page.locator("[data-panel=table] tbody tr")).to_have_count(2)
    assert "# What was published last" in text(page)
    assert "query=" in page.url


def test_a_mistake_is_told_beside_the_editor(page: Page, world: World) -> None:
    opened(page, world, "SELECT ?x { ?x ?y }")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("not valid SPARQL")
    assert text(page) == "SELECT ?x { ?x ?y }"


# --- ways to look at it --------------------------------------------------------------------------


def test_the_address_keeps_the_query_and_the_way_to_look_at_it(page: Page, world: World) -> None:
    opened(page, world, CHART)
    run(page)
    expect(page.locator(".bars")).to_be_visible()
    page.get_by_role("link", name="Table", exact=True).click()
    expect(page.locator(".bars")).to_be_hidden()
    expect(page.locator("[data-panel=table] table")).to_be_visible()
    assert "view=table" in page.url
    page.reload()
    expect(page.locator("[data-panel=table] table")).to_be_visible()
    expect(page.locator(".bars")).to_be_hidden()
    assert text(page) == CHART


def test_a_chart_can_be_drawn_in_other_ways(page: Page, world: World) -> None:
    opened(page, world, CHART)
    run(page)
    page.get_by_role("link", name="Pie").click()
    expect(page.locator(".pie path")).to_have_count(3)
    assert "chart=pie" in page.url


def test_places_are_pins_with_words_that_are_no_markup(page: Page, world: World) -> None:
    opened(page, world, MAP)
    run(page)
    pins = page.locator(".answer-map .pin")
    expect(pins).to_have_count(2)
    pins.first.click(force=True)
    popup = page.locator(".leaflet-popup-content")
    expect(popup).to_contain_text("<b>Lyon</b>")
    assert popup.locator("b").count() == 0


def test_a_column_is_sorted_by_its_name_and_numbers_by_size(page: Page, world: World) -> None:
    query = 'SELECT ?a ?n { VALUES (?a ?n) { ("b" 10) ("a" 9) ("c" 100) } }'
    opened(page, world, f"# view: table\n{query}")
    run(page)
    cells = page.locator("[data-panel=table] tbody tr td:nth-child(2)")
    page.get_by_role("button", name="n", exact=True).click()
    expect(cells).to_have_text(["9", "10", "100"])
    page.get_by_role("button", name="n", exact=True).click()
    expect(cells).to_have_text(["100", "10", "9"])
    expect(page.get_by_role("columnheader", name="n", exact=True)).to_have_attribute(
        "aria-sort", "descending"
    )


def test_items_are_pictures_from_our_own_server(page: Page, world: World) -> None:
    values = " ".join(f"<{worlds.item(n)}>" for n in range(3))
    opened(page, world, f"SELECT ?item {{ VALUES ?item {{ {values} }} }}")
    run(page)
    pictures = page.locator("[data-panel=gallery] img")
    expect(pictures).to_have_count(3)
    assert str(pictures.first.get_attribute("src")).startswith("/images/")


def test_many_rows_leave_the_page_usable(page: Page, world: World) -> None:
    digits = " ".join(f"VALUES ?{name} {{ 0 1 2 3 4 5 6 7 8 9 }}" for name in "abcde")
    opened(page, world, f"SELECT ?a {{ {digits} }}")
    expect(run(page)).to_contain_text("100,000 rows")
    expect(page.locator("[data-panel=table] tbody tr")).to_have_count(1000)


@pytest.mark.parametrize("view", ["table", "chart"])
def test_nothing_is_wider_than_a_phone(
    browser: Browser, watch: Watch, world: World, view: str
) -> None:
    page = watch.context(browser, viewport=PHONE, has_touch=True).new_page()
    query = 'SELECT ?a ?b ?n { VALUES (?a ?b ?n) { ("%s" "y" 1) ("z z z" "y" 2) } }' % ("x" * 300)
    page.goto(f"{world.address}/sparql?page=1&view={view}&query={quote(query)}")
    expect(page.locator(f"[data-panel={view}]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_without_a_script_it_is_a_form_and_links(
    browser: Browser, watch: Watch, world: World
) -> None:
    page = watch.context(browser, java_script_enabled=False).new_page()
    page.goto(f"{world.address}/sparql")
    page.locator("#query").fill(CHART)
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".bars")).to_be_visible()
    page.get_by_role("link", name="Table", exact=True).click()
    expect(page.locator("[data-panel=table] tbody tr")).to_have_count(3)
    page.get_by_role("button", name="Share").click()
    expect(page).to_have_url(re.compile(r"/q/[a-z2-7]+$"))
    expect(page.locator("h1")).to_have_text("Bars of something")


# --- sharing -------------------------------------------------------------------------------------


def test_a_shared_query_opens_with_its_answer_elsewhere(
    page: Page, world: World, browser: Browser, watch: Watch
) -> None:
    opened(page, world, CHART)
    run(page)
    page.get_by_role("button", name="Share").click()
    field = page.get_by_label("Address of this query")
    expect(field).to_have_value(re.compile(r"^http://127\.0\.0\.1:\d+/q/[a-z2-7]+$"))
    address = field.input_value()
    assert page.url.startswith(address)
    other = watch.context(browser).new_page()
    other.goto(address)
    expect(other.locator("h1")).to_have_text("Bars of something")
    expect(other.locator(".bars")).to_be_visible()
    assert other.locator("#query").input_value() == CHART


def test_what_is_changed_is_another_query(page: Page, world: World) -> None:
    opened(page, world, CHART)
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_label("Address of this query")).to_be_visible()
    write(page, CHART.replace("4", "8"))
    run(page)
    assert "/q/" not in page.url and "/sparql?query=" in page.url


@pytest.fixture
def elsewhere(world: World) -> Iterator[tuple[str, list[str]]]:
    """(address, paths that a frame there shows) of a site of another origin."""
    paths: list[str] = []

    def framing(_request: object) -> HTMLResponse:
        return HTMLResponse(
            "".join(
                f'<iframe src="{world.address}{path}" width="600" height="500"></iframe>'
                for path in paths
            )
        )

    with loopback.serve(Starlette(routes=[Route("/", framing)])) as address:
        yield f"http://{address}", paths


def test_an_answer_lives_in_a_frame_of_another_site(
    page: Page, world: World, elsewhere: tuple[str, list[str]]
) -> None:
    address, paths = elsewhere
    answer = world.visitor().post("/q", data={"query": MAP}, headers={"Accept": "application/json"})
    paths.append(f"{answer.json()['address']}?embed=1")
    page.goto(address)
    frame = page.frame_locator("iframe")
    expect(frame.locator(".answer-map .pin")).to_have_count(2)
    frame.get_by_role("link", name="Table", exact=True).click()
    expect(frame.locator("[data-panel=table] tbody tr")).to_have_count(2)
    assert frame.locator("form, textarea").count() == 0
