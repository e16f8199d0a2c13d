"""The whole way: import, campaign, tag, vote, publish, query, dump, restart."""

import io
import re
import time
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page, expect
from SPARQLWrapper import JSON, SPARQLWrapper

from tests.browser.conftest import Watch
from tests.sites import PASSWORD, ROOT, command, create_user, serving

BASE = "http://data.museum.example/"
BRONZE = "http://vocab.getty.edu/aat/300010957"  # bronze (metal)
ENRICHED = """
PREFIX ore: <http://www.openarchives.org/ore/terms/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX ch: <https://w3id.org/crowdheritage/ns#>
SELECT ?item ?approvals WHERE {
  ?proxy ore:proxyFor ?item ; dcterms:medium <%s> ; prov:wasDerivedFrom ?annotation .
  ?annotation ch:approvals ?approvals
}
"""


@pytest.fixture(scope="module")
def records() -> list[Path]:
    """Real EDM records where they are at hand, else the bundled sample."""
    real = ROOT.parent / "shared" / "data" / "edm" / "ekt"
    return sorted(real.glob("*.zip")) or [ROOT / "server" / "demo" / "painted-vessels.rdf"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("walk") / "data"
    command(folder, "init", "--base-iri", BASE)
    create_user(folder, "olga@museum.example", "Olga", "organiser")
    for name in ("anna", "ben"):
        create_user(folder, f"{name}@home.example", name.capitalize())
    command(folder, "vocabulary", "load", "starter", "--slug", "aat")
    return folder


def sign_in(page: Page, address: str, email: str) -> None:
    page.goto(f"{address}/login")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    expect(page.locator("main input[name=password]")).to_have_count(0)


def import_collection(page: Page, address: str, records: list[Path]) -> None:
    page.goto(f"{address}/collections/import")
    page.set_input_files("input[name=files]", records)
    page.fill("input[name=title]", "Works of art")
    page.fill("input[name=slug]", "works")
    page.click("main form button[type=submit]")
    page.get_by_role("link", name="Go on").click(timeout=60_000)
    page.get_by_role("button", name="Do it").click()
    go_on = page.get_by_role("link", name="Go on")
    see = page.get_by_role("link", name="See the collection")
    expect(go_on.or_(see)).to_be_visible(timeout=60_000)
    page.goto(f"{address}/collections/works")
    expect(page.get_by_role("heading", level=1)).to_have_text("Works of art")
    expect(page.locator("ul.grid li").first).to_be_visible()


def make_campaign(page: Page, address: str) -> None:
    page.goto(f"{address}/campaigns/new")
    page.fill("input[name=title]", "What is it made of?")
    page.fill("textarea[name=description]", "Materials, seen with your own eyes.")
    page.get_by_label("Works of art").check()
    page.fill("input[name=task-1-question]", "Which material do you see?")
    page.select_option("select[name=task-1-field]", "dcterms:medium")
    page.get_by_label("Art & Architecture Thesaurus").check()
    page.get_by_role("button", name="Save and open").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What is it made of?")


def tag(page: Page, address: str) -> str:
    """From the home page to a tag with the keyboard alone in the box; the item's address."""
    page.goto(address)
    page.get_by_role("button", name="Start with one picture").click()
    box = page.locator("input[role=combobox]")
    box.fill("bronz")
    expect(page.locator("li[role=option]").first).to_be_visible()
    option = page.locator(f"[role=option][data-iri='{BRONZE}']")
    expect(option).to_be_visible()
    for _step in range(10):
        if option.get_attribute("aria-selected") == "true":
            break
        box.press("ArrowDown")
    box.press("Enter")
    proposal = page.locator(".proposal")
    expect(proposal).to_have_count(1)
    expect(proposal).to_contain_text("bronze")
    return page.url


def approve(page: Page, address: str, item: str) -> None:
    page.goto(item)
    page.get_by_role("button", name="I agree").click()
    yes = page.locator(".proposal button.yes")
    yes.click()
    expect(yes).to_have_attribute("aria-pressed", "true")


def publish(page: Page, address: str) -> None:
    page.goto(f"{address}/campaigns/what-is-it-made-of/publish")
    page.get_by_role("button", name=re.compile("Publish 1")).click()
    expect(page.locator("main")).to_contain_text("published.")


def enrichments(address: str) -> list[dict[str, str]]:
    """(item, approvals) by a SPARQL client that we did not write; asked for at most 10 seconds."""
    client = SPARQLWrapper(f"{address}/sparql")
    client.setQuery(ENRICHED % BRONZE)
    client.setReturnFormat(JSON)
    for _attempt in range(20):
        rows = client.query().convert()["results"]["bindings"]  # type: ignore[index,call-overload]
        if rows:
            return [{name: cell["value"] for name, cell in row.items()} for row in rows]
        time.sleep(0.5)
    return []


def test_the_whole_way(browser: Browser, watch: Watch, data: Path, records: list[Path]) -> None:
    with serving(data) as address:
        organiser, anna, ben = (watch.context(browser).new_page() for _ in range(3))
        sign_in(organiser, address, "olga@museum.example")
        import_collection(organiser, address, records)
        make_campaign(organiser, address)
        sign_in(anna, address, "anna@home.example")
        item = tag(anna, address)
        sign_in(ben, address, "ben@home.example")
        approve(ben, address, item)
        publish(organiser, address)
        found = enrichments(address)
        assert [row["approvals"] for row in found] == ["2"]
    check_dump(data, found[0]["item"])
    with serving(data) as address:
        visitor = watch.context(browser).new_page()
        visitor.goto(f"{address}/items/{item.rpartition('/')[2]}")
        expect(visitor.locator(".enriched")).to_contain_text("bronze")
        assert enrichments(address) == found


def check_dump(data: Path, item: str) -> None:
    """The EDM dump holds the enrichment, and is valid by the schema where that is at hand."""
    dump = data.parent / "works.xml"
    command(data, "dump", "--format", "edm", "--output", str(dump))
    document = etree.parse(io.BytesIO(dump.read_bytes()))
    terms = {"dcterms": "http://purl.org/dc/terms/", "edm": "http://www.europeana.eu/schemas/edm/"}
    rdf = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
    [cho] = [
        each
        for each in document.iterfind("edm:ProvidedCHO", terms)
        if each.get(f"{rdf}about") == item
    ]
    media = [each.get(f"{rdf}resource") for each in cho.iterfind("dcterms:medium", terms)]
    assert BRONZE in media
    schema = ROOT.parent / "shared" / "data" / "edm-schema" / "EDM.xsd"
    if schema.exists():
        etree.XMLSchema(etree.parse(schema)).assertValid(document)


def test_somebody_new_tags_within_a_minute_without_an_account(
    browser: Browser, watch: Watch, data: Path
) -> None:
    """Runs after the walk, on the campaign that it leaves open: four actions from home to a tag."""
    with serving(data) as address:
        page = watch.context(browser, viewport={"width": 390, "height": 844}).new_page()
        page.goto(address)
        page.get_by_role("button", name="Start with one picture").click()
        page.locator("input[role=combobox]").fill("wood")
        page.locator("li[role=option]").first.click()
        expect(page.locator(".proposal")).to_contain_text("by you")
        page.locator(".proposal").get_by_role("button", name="Undo").click()
        expect(page.locator(".proposal")).to_have_count(0)
