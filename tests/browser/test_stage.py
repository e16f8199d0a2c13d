"""What an item shows: deep zoom by keys, several media, players, the veil; and without a script."""

import io
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from server.names import short_hash
from tests.browser.conftest import Watch
from tests.sites import command, serving
from tests.web.iiif_server import ImageService, encoded, gradient
from tests.web.picture_site import AGGREGATION, PREFIXES, Origin, origin
from tests.web.test_media_proxy import ranged

ITEMS = "http://items.museum.example/"
VIEWER = (
    "import('/static/js/stage.js')"
    ".then((stage) => stage.viewerOf(document.querySelector('[data-stage]')))"
)


def sound(seconds: int = 2) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 8000 * seconds))
    return out.getvalue()


def record(name: str, said: str) -> str:
    me = f"{ITEMS}{name}"
    text = f"""<me> a edm:ProvidedCHO ; dc:title "The {name}"@en . {AGGREGATION}
        <agg> edm:dataProvider "A museum" ; edm:provider "A museum" ; edm:isShownAt <{me}.html> ;
          edm:rights <http://creativecommons.org/publicdomain/mark/1.0/> . {said}"""
    return text.replace("<me>", f"<{me}>").replace("<agg>", f"<{me}/aggregation>")


def records(source: Origin) -> str:
    source.add("/front.png", encoded(gradient(3000, 2000)))
    source.add("/back.png", encoded(gradient(600, 900)))
    source.add("/nude.png", encoded(gradient(800, 600)))
    source.answers["/sound.wav"] = lambda handler: ranged(handler, "audio/wav", sound())
    service = ImageService(source, 2, (5000, 4000))
    at = source.address
    said = {
        "coin": f"""<agg> edm:isShownBy <{at("/front.png")}> ;
            edm:hasView <{at("/back.png")}> , <{at("/notes.pdf")}> .
            <{at("/back.png")}> dc:title "Back"@en .""",
        "map": f"""<agg> edm:isShownBy <{service.whole}> .
            <{service.whole}> svcs:has_service <{service.address}> .""",
        "song": f'<me> edm:type "SOUND" . <agg> edm:isShownBy <{at("/sound.wav")}> .',
        "film": f"""<me> edm:type "VIDEO" . <agg> edm:isShownBy <{at("/film.mp4")}> ;
            edm:object <{at("/back.png")}> .""",
        "study": f"<me> ch:sensitive true . <agg> edm:isShownBy <{at('/nude.png')}> .",
    }
    return PREFIXES + "\n".join(record(name, text) for name, text in said.items())


@dataclass
class Museum:
    address: str
    source: Origin

    def page_of(self, name: str) -> str:
        return f"{self.address}/items/{short_hash(ITEMS + name)}"


@pytest.fixture(scope="module")
def museum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Museum]:
    folder = tmp_path_factory.mktemp("stage")
    with origin() as source:
        furnish(folder / "data", folder / "items.ttl", source)
        with serving(folder / "data", image_hosts=f"127.0.0.1:{source.port}") as address:
            yield Museum(address, source)


def furnish(data: Path, file: Path, source: Origin) -> None:
    file.write_text(records(source), encoding="utf-8")
    command(data, "init", "--base-iri", "http://data.museum.example/")
    command(data, "import", str(file), "--collection", "things", "--title", "Things")


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Iterator[Page]:
    context = watch.context(browser, viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def zoom_of(page: Page) -> float:
    found = page.evaluate(f"{VIEWER}.then((viewer) => viewer.viewport.getZoom(false))")
    return float(found)


def natural_size(page: Page) -> dict[str, int]:
    return dict(page.evaluate(f"{VIEWER}.then((viewer) => viewer.naturalSize())"))


def drawn(page: Page) -> None:
    """The deep zoom shows something: its room has appeared, and a place of it has colour."""
    expect(page.locator(".zoom:not(.opening)")).to_be_visible(timeout=30_000)
    page.wait_for_function(
        """() => { const canvas = document.querySelector(".zoom canvas");
            if (!canvas || !canvas.width) return false;
            const { width, height } = canvas;
            const middle = canvas.getContext("2d").getImageData(width / 2, height / 2, 1, 1);
            return middle.data[3] > 0; }"""
    )


@pytest.mark.parametrize(
    ("name", "size"), [("coin", (3000, 2000)), ("map", (5000, 4000))]
)  # fmt: skip
def test_one_zooms_by_keys_into_plain_pictures_and_those_of_services(
    page: Page, museum: Museum, name: str, size: tuple[int, int]
) -> None:
    page.goto(museum.page_of(name))
    page.keyboard.press("z")
    drawn(page)
    assert natural_size(page) == {"width": size[0], "height": size[1]}
    before = zoom_of(page)
    page.keyboard.press("+")
    zoom = f"{VIEWER}.then((viewer) => viewer.viewport.getZoom(false)"
    page.wait_for_function(f"() => {zoom} > {before})")
    nearer = zoom_of(page)
    page.keyboard.press("-")
    page.wait_for_function(f"() => {zoom} < {nearer})")
    page.keyboard.press("Escape")
    expect(page.locator(".zoom")).to_have_count(0)
    expect(page.locator(".zoom-open")).to_be_focused()


def test_plus_opens_the_zoom_and_z_closes_it(page: Page, museum: Museum) -> None:
    page.goto(museum.page_of("coin"))
    page.keyboard.press("+")
    drawn(page)
    page.keyboard.press("z")
    expect(page.locator(".zoom")).to_have_count(0)


def test_keys_that_are_not_the_zooms_stay_the_pages(page: Page, museum: Museum) -> None:
    page.goto(museum.page_of("coin"))
    page.evaluate(
        """document.querySelector("main").insertAdjacentHTML("beforeend",
            '<button data-key="0" id="later">Not now</button>');
        document.querySelector("#later")
            .addEventListener("click", () => { window.later = true; });"""
    )
    page.keyboard.press("z")
    drawn(page)
    page.keyboard.press("0")
    page.wait_for_function("() => window.later === true")


def test_tiles_come_from_this_server_alone(page: Page, museum: Museum) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(museum.page_of("map"))
    page.keyboard.press("z")
    drawn(page)
    tiles = [url for url in asked if "/iiif/" in url and "info.json" not in url]
    assert tiles
    assert all(url.startswith(museum.address) for url in asked)


def test_other_pictures_are_chosen_by_arrows_and_say_so(page: Page, museum: Museum) -> None:
    page.goto(museum.page_of("coin"))
    strip = page.get_by_role("navigation", name="Pictures and other media")
    links = strip.get_by_role("link")
    expect(links).to_have_count(3)
    assert [link.get_attribute("tabindex") for link in links.all()] == ["0", "-1", "-1"]
    page.evaluate(
        """window.shown = []; document.querySelector("[data-stage]")
            .addEventListener("stage:image", (event) => window.shown.push(event.detail));"""
    )
    links.first.focus()
    page.keyboard.press("ArrowRight")
    expect(links.nth(1)).to_be_focused()
    expect(links.nth(1)).to_have_attribute("aria-current", "true")
    expect(links.first).not_to_have_attribute("aria-current", "true")
    expect(page.get_by_role("img", name="The coin: Back").first).to_be_visible()
    page.wait_for_function("() => window.shown.length === 1")
    assert page.evaluate("window.shown[0]") == {
        "number": 2, "iri": museum.source.address("/back.png"), "width": 600, "height": 900,
    }  # fmt: skip
    expect(page.locator("#announce")).to_have_text("The coin: Back")
    page.keyboard.press("End")
    expect(page.get_by_role("link", name="Open the text")).to_have_attribute(
        "href", museum.source.address("/notes.pdf")
    )
    expect(page.locator(".zoom-open")).to_be_hidden()
    page.keyboard.press("Home")
    expect(page.locator(".zoom-open")).to_be_visible()


def test_the_zoom_goes_along_to_another_picture(page: Page, museum: Museum) -> None:
    page.goto(museum.page_of("coin"))
    page.keyboard.press("z")
    drawn(page)
    page.locator(".stage-strip a").nth(1).click()
    page.wait_for_function(f"() => {VIEWER}.then((viewer) => viewer.image().number === 2)")
    assert natural_size(page) == {"width": 600, "height": 900}
    page.locator(".stage-strip a").nth(2).click()
    expect(page.locator(".zoom")).to_have_count(0)


def test_a_sound_is_played_through_this_server(page: Page, museum: Museum) -> None:
    page.goto(museum.page_of("song"))
    player = page.locator("audio")
    expect(player).to_be_visible()
    expect(player).to_have_accessible_name("The song")
    player.evaluate("(audio) => { audio.preload = 'metadata'; audio.load(); }")
    page.wait_for_function("() => document.querySelector('audio').readyState >= 1")
    assert player.evaluate("(audio) => audio.duration") == 2
    expect(page.locator(".zoom-open")).to_be_hidden()


def test_a_film_has_a_player_with_its_picture(page: Page, museum: Museum) -> None:
    page.goto(museum.page_of("film"))
    player = page.locator("video")
    expect(player).to_be_visible()
    assert player.get_attribute("controls") is not None
    assert player.get_attribute("src") == f"/media/{short_hash(ITEMS + 'film')}/1"
    assert player.get_attribute("poster") == f"/images/{short_hash(ITEMS + 'film')}"


def blur_of(page: Page) -> str:
    return str(page.locator(".stage-medium").evaluate("(one) => getComputedStyle(one).filter"))


def test_what_is_sensitive_is_blurred_until_asked_for_and_remembered(
    page: Page, museum: Museum
) -> None:  # fmt: skip
    page.goto(museum.page_of("study"))
    assert "blur" in blur_of(page)
    expect(page.locator(".zoom-open")).to_be_hidden()
    page.keyboard.press("z")
    page.keyboard.press("+")
    expect(page.locator(".zoom")).to_have_count(0)
    page.get_by_text("Show it").click()
    assert blur_of(page) == "none"
    page.keyboard.press("z")
    drawn(page)
    page.reload()
    assert blur_of(page) == "none"
    page.get_by_text("Blur it again").click()
    page.reload()
    assert "blur" in blur_of(page)


def test_sensitive_pictures_are_blurred_in_grids(page: Page, museum: Museum) -> None:
    page.goto(f"{museum.address}/collections/things")
    filters = page.locator(".grid img").evaluate_all(
        "(all) => all.map((one) => [one.closest('li').innerText.includes('study'),"
        " getComputedStyle(one).filter])"
    )
    assert len(filters) == 4  # the song has no picture
    assert all(("blur" in blur) == is_study for is_study, blur in filters)
    expect(page.locator(".grid .veiled")).to_have_count(1)


def test_without_a_script_there_are_pictures_links_players_and_the_veil(
    browser: Browser, watch: Watch, museum: Museum
) -> None:
    context = watch.context(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(museum.page_of("coin"))
    expect(page.locator(".stage-medium img")).to_be_visible()
    back = page.locator(".stage-strip a").nth(1).get_attribute("href")
    answer = page.request.get(museum.address + str(back))
    assert answer.headers["content-type"] == "image/webp"
    page.goto(museum.page_of("song"))
    expect(page.locator("audio[controls]")).to_be_visible()
    page.goto(museum.page_of("study"))
    expect(page.get_by_text("This may be disturbing to see")).to_be_visible()
    page.get_by_text("Show it").click()
    expect(page.get_by_text("This may be disturbing to see")).to_be_hidden()
    context.close()


def test_on_a_phone_the_strip_stays_within_the_screen(
    browser: Browser, watch: Watch, museum: Museum
) -> None:
    context = watch.context(browser, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(museum.page_of("coin"))
    expect(page.locator(".stage-strip")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
