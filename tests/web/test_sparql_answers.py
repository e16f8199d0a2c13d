"""What people see of an answer: names, maps, charts, pictures; and nothing of it becomes active."""

import re
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from lxml import html
from pyoxigraph import Literal, NamedNode, Quad

from server.domain import query_examples, query_words, short_queries
from server.names import CH, DC
from server.patches import on
from tests import worlds
from tests.web import campaign_site
from tests.web.campaign_site import FARMS, World, now
from tests.web.visitors import Visitor

THING = NamedNode("http://items.example.org/thing")
BIDI = "\u202egnp.exe"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("answers") / "data") as made:
        wait_for_snapshot(made)
        yield made


def wait_for_snapshot(site: World) -> None:
    """Queries see what was stored a moment ago."""
    sequence = site.desk.public_sequence()
    query = f"ASK {{ ?data <{CH.sequence.value}> {sequence} }}"
    for _attempt in range(200):
        got = site.visitor().get("/sparql", params={"query": query, "format": "json"})
        if got.json()["boolean"]:
            return
        time.sleep(0.05)
    raise AssertionError("the snapshot is not made")


@pytest.fixture
def stranger(site: World) -> Visitor:
    return site.visitor()


def answer(stranger: Visitor, query: str, **parameters: str) -> html.HtmlElement:
    got = stranger.get("/sparql", params={"query": query, "page": "1", **parameters})
    assert got.status_code == 200, got.text
    return html.fromstring(got.text)


def shown(page: html.HtmlElement) -> str:
    """Which way to look at it is not hidden."""
    (panel,) = page.xpath("//*[@data-panel][not(@hidden)]")
    return str(panel.get("data-panel"))


def rows(page: html.HtmlElement) -> list[list[str]]:
    return [
        [" ".join(cell.text_content().split()) for cell in row.iter("td")]
        for row in page.xpath("//*[@data-panel='table']//tbody/tr")
    ]


def test_things_of_ours_are_called_by_their_names_and_lead_to_their_pages(
    site: World, stranger: Visitor
) -> None:
    base = site.desk.names.base
    item, campaign = worlds.item(0), f"{base}campaign/done"
    page = answer(
        stranger,
        f"SELECT * {{ VALUES (?item ?term ?campaign ?graph ?p ?else) {{ (<{item}> <{FARMS}> "
        f"<{campaign}> <{base}graph/published/done> <{DC.subject.value}> <http://else.example/x>) "
        "} }",
        view="table",
    )
    assert rows(page) == [
        ["Print 0", "farms", "Done", "Done", "dc:subject", "http://else.example/x"]
    ]
    found = [link.get("href") for link in page.xpath("//*[@data-panel='table']//td/a")]
    assert found == [
        f"/items/{site.desk.names.item_id(item)}",
        f"/terms?iri={quote(FARMS, safe='')}",
        "/campaigns/done",
        "/campaigns/done",
        DC.subject.value,
        "http://else.example/x",
    ]


def test_a_published_statement_leads_to_its_reasons(site: World, stranger: Visitor) -> None:
    query = (
        "SELECT ?annotation ?proxy { ?proxy <http://www.w3.org/ns/prov#wasDerivedFrom> "
        "?annotation } ORDER BY ?proxy LIMIT 1"
    )
    page = answer(stranger, query, view="table")
    links = [link.get("href") for link in page.xpath("//a[@class='why']")]
    base = quote(site.desk.names.base, safe="")
    assert [re.sub(r"[a-z2-7]{26}", "…", link) for link in links] == [
        f"/why?iri={base}annotation%2F…",
        f"/why?iri={base}proxy%2F…",
    ]


def test_nobody_is_named_who_does_not_want_it(site: World, stranger: Visitor) -> None:
    ada = site.people["ada"]
    page = answer(stranger, f"SELECT (<{ada.agent.value}> AS ?who) {{}}")
    assert rows(page) == [["A contributor"]]
    assert "Ada" not in html.tostring(page).decode()


def test_names_come_from_what_is_public_alone(site: World, stranger: Visitor) -> None:
    """Anybody may name anything in a query: that tells nothing of drafts."""
    hidden = f"{site.desk.names.base}campaign/hidden"
    assert rows(answer(stranger, f"SELECT (<{hidden}> AS ?draft) {{}}")) == [[hidden]]


@pytest.mark.parametrize(
    ("values", "way"),
    [
        ('?a ?n { ("x" 1) ("y" 2) }', "chart"),
        ('?a ?lat ?long { ("x" 48.1 11.5) }', "map"),
        ('?a ?wkt { ("x" "POINT(11.5 48.1)") }', "map"),
        ('?a ?b { ("x" "y") }', "table"),
        ("?item { (<%s>) (<%s>) (<%s>) }" % tuple(worlds.item(n) for n in range(3)), "gallery"),  # noqa: UP031
        ('?a ?lat ?long { ("x" 948.1 11.5) }', "table"),
    ],
)
def test_the_way_to_look_at_it_follows_from_what_is_in_it(
    stranger: Visitor, values: str, way: str
) -> None:
    variables, _brace, found = values.partition("{")
    page = answer(stranger, f"SELECT * {{ VALUES ({variables}) {{ {found} }}")
    assert shown(page) == way


def test_a_query_and_an_address_say_how_its_answer_is_seen(stranger: Visitor) -> None:
    query = 'SELECT * { VALUES (?a ?n) { ("x" 1) ("y" 2) ("z" 3) } }'
    assert shown(answer(stranger, f"# view: table\n{query}")) == "table"
    page = answer(stranger, f"# view: table\n{query}", view="chart", chart="pie")
    assert shown(page) == "chart" and page.xpath("//*[@class='pie']")
    assert shown(answer(stranger, query, view="map")) == "chart"  # there is no map of it


def test_bars_are_as_long_as_their_numbers(stranger: Visitor) -> None:
    query = 'SELECT * { VALUES (?a ?n) { ("x" 1) ("y" 4) ("z" 2.0) } }'
    page = answer(stranger, query, chart="bar")
    assert page.xpath("//ol[@class='bars']//rect/@width") == ["25.0", "100.0", "50.0"]


def test_a_second_column_of_words_divides_the_bars(stranger: Visitor) -> None:
    query = (
        "SELECT * { VALUES (?decade ?colour ?hex ?n) "
        '{ ("1900s" "red" "#FF0000" 3) ("1900s" "blue" "#0000FF" 1) ("1910s" "red" "#FF0000" 2) } }'
    )
    page = answer(stranger, query)
    bars = [
        [(part.get("x"), part.get("width"), part.get("fill")) for part in bar.iter("rect")]
        for bar in page.xpath("//ol[@class='bars']/li")
    ]
    assert bars == [
        [("0.0", "75.0", "#FF0000"), ("75.0", "25.0", "#0000FF")],
        [("0.0", "50.0", "#FF0000")],
    ]


def test_years_are_a_line(stranger: Visitor) -> None:
    query = 'SELECT * { VALUES (?year ?n) { ("1900" 0) ("1901" 5) ("1902" 10) } }'
    page = answer(stranger, query)
    assert page.xpath("//polyline/@points") == ["0.00,100.00 50.00,50.00 100.00,0.00"]


def test_slices_of_a_pie_are_shares_of_the_whole(stranger: Visitor) -> None:
    query = 'SELECT * { VALUES (?a ?n) { ("x" 1) ("y" 1) ("z" 2) } }'
    page = answer(stranger, query, view="chart", chart="pie")
    texts = [" ".join(each.text_content().split()) for each in page.xpath("//*[@class='pie']//li")]
    assert texts == ["x1 · 25%", "y1 · 25%", "z2 · 50%"]
    # A quarter ends at three o'clock, a half at six.
    first, second, _third = page.xpath("//*[@class='pie']/svg/path/@d")
    assert first.endswith("A48 48 0 0 1 98.00 50.00Z") and "50.00 98.00Z" in second


def test_a_place_without_a_name_is_told_by_where_it_is(stranger: Visitor) -> None:
    nameless, named = "<http://x.example/place>", f"<{campaign_site.AAT}300000206>"
    query = f"SELECT * {{ VALUES (?p ?lat ?long) {{ ({nameless} 48.1 11.5) ({named} 1 2) }} }}"
    one, other = answer(stranger, query).xpath("//ol/li")
    assert one.text_content().split() == ["48.100,", "11.500"]
    assert one.find("a").get("title") == "http://x.example/place"
    assert other.text_content().split()[-2:] == ["1.000,", "2.000"]
    assert len(other.text_content().split()) > 2


def test_numbers_stand_below_their_name(stranger: Visitor) -> None:
    page = answer(stranger, 'SELECT * { VALUES (?a ?n) { ("x" UNDEF) ("y" 4) } }', view="table")
    assert [cell.get("class") for cell in page.xpath("//thead//th")] == [None, "num"]


def test_shapes_are_read_east_first_and_drawn_north_first(stranger: Visitor) -> None:
    shapes = (
        '"POINT (11.5 48.1)" "LINESTRING(0 10, 1 11)" "POLYGON((0 0, 0 1, 1 1, 0 0))" '
        '"<http://www.opengis.net/def/crs/OGC/1.3/CRS84> MULTIPOINT((5 6), (7 8))" '
        '"POINT(1 100)" "POINT EMPTY" "POLYGON((0 0"'
    )
    page = answer(stranger, f"SELECT * {{ VALUES ?wkt {{ {shapes} }} }}")
    found = [(one.get("data-kind"), one.get("data-corners")) for one in page.xpath("//ol/li")]
    assert found == [
        ("point", "[[[48.1, 11.5]]]"),
        ("line", "[[[10.0, 0.0], [11.0, 1.0]]]"),
        ("area", "[[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]]"),
        ("point", "[[[6.0, 5.0]], [[8.0, 7.0]]]"),
    ]


def test_a_graph_is_shown_as_a_table_and_as_turtle(stranger: Visitor) -> None:
    query = f'CONSTRUCT {{ <{THING.value}> <{DC.title.value}> "x"@en }} WHERE {{}}'
    page = answer(stranger, query)
    assert rows(page) == [["http://items.example.org/thing", "dc:title", "x"]]
    (text,) = page.xpath("//pre")
    assert text.text_content().endswith('<http://items.example.org/thing> dc:title "x"@en .\n')
    links = page.xpath("//a[@download]/@href")
    assert [link.rpartition("=")[2] for link in links] == ["ttl", "jsonld", "nt", "rdf"]
    types = [stranger.get(link).headers["Content-Type"] for link in links]
    assert [each.partition(";")[0] for each in types] == [
        "text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml",
    ]  # fmt: skip


def test_rows_are_downloaded_in_each_format(stranger: Visitor) -> None:
    page = answer(stranger, "SELECT (1 AS ?n) {}")
    links = page.xpath("//a[@download]/@href")
    types = [stranger.get(link).headers["Content-Type"].partition(";")[0] for link in links]
    assert types == [
        "text/csv", "text/tab-separated-values", "application/sparql-results+json",
        "application/sparql-results+xml",
    ]  # fmt: skip


def test_yes_and_no_are_answers(stranger: Visitor) -> None:
    assert rows(answer(stranger, "ASK {}")) == [["yes"]]
    assert rows(answer(stranger, "ASK { <a:b> <a:b> <a:b> }")) == [["no"]]


def test_a_script_gets_the_answer_alone(stranger: Visitor) -> None:
    got = stranger.post("/sparql", data={"query": "ASK {}"}, headers={"HX-Request": "true"})
    assert got.status_code == 200 and "<html" not in got.text and "yes" in got.text
    wrong = stranger.post("/sparql", data={"query": "ASK {"}, headers={"HX-Request": "true"})
    assert wrong.status_code == 400 and "not valid SPARQL" in wrong.text


# --- hostile -------------------------------------------------------------------------------------


HOSTILE = (
    "<script>alert(1)</script>", "</textarea><script>alert(1)</script>", '" onmouseover="alert(1)',
    "{{ 7 * 7 }}", "javascript:alert(1)", BIDI, "\x01", "]]>",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_are_text_wherever_they_stand(stranger: Visitor, text: str) -> None:
    """In the query, as a title of it, and in every way to look at its answer."""
    literal = f'"{text.replace(chr(34), chr(92) + chr(34))}"'
    query = (
        f"# {text}\nSELECT * {{ VALUES (?a ?lat ?long ?n) "
        f'{{ ({literal} 1.0 2.0 3) ("b" 1.0 3.0 4) }} }}'
    )
    for way in ("table", "map"):
        page = answer(stranger, query, view=way)
        assert not page.xpath("//script[not(@src)]") and not page.xpath("//*[@onmouseover]")
        assert "49" not in page.xpath("//main")[0].text_content()
    chart = answer(stranger, f'SELECT * {{ VALUES (?a ?n) {{ ({literal} 3) ("b" 4) }} }}')
    assert not chart.xpath("//script[not(@src)]") and not chart.xpath("//*[@onmouseover]")
    (cell,) = chart.xpath("//*[@data-panel='table']//tr[1]/td[1]/bdi")
    assert cell.text_content() == text.replace("\x01", "⟨U+0001⟩")


@pytest.mark.parametrize(
    "iri",
    ["javascript:alert(1)", "data:text/html,x", f"http://x.example/{BIDI}", "vbscript:x"],
)
def test_an_iri_is_a_link_only_where_a_browser_can_follow_it_safely(
    stranger: Visitor, iri: str
) -> None:
    page = answer(stranger, f'SELECT (IRI("{iri}") AS ?x) {{}}', view="table")
    assert page.xpath("//*[@data-panel='table']//td/a") == []
    assert "\u202e" not in page.xpath("//*[@id='results']")[0].text_content()


def test_an_iri_of_ours_leads_nowhere_else(site: World, stranger: Visitor) -> None:
    base = site.desk.names.base
    page = answer(stranger, f"SELECT (<{base}/evil.example/x> AS ?x) {{}}", view="table")
    assert page.xpath("//*[@data-panel='table']//td/a/@href") == ["/evil.example/x"]


def test_a_giant_cell_is_cut_and_says_so(stranger: Visitor) -> None:
    query = 'SELECT (CONCAT("%s", "%s") AS ?x) {}' % ("a" * 5000, "b" * 5000)  # noqa: UP031
    ((text,),) = rows(answer(stranger, query))
    assert len(text) < 700 and "whole in the downloads" in text


def test_of_many_rows_the_first_are_shown_and_all_are_counted(stranger: Visitor) -> None:
    digits = "VALUES ?%s { 0 1 2 3 4 5 6 7 8 9 }"
    query = f"SELECT (?a AS ?x) {{ {' '.join(digits % name for name in 'abcde')} }}"
    page = answer(stranger, query)
    assert len(rows(page)) == 1000
    told = " ".join(page.xpath("//*[@id='answer-head']")[0].text_content().split())
    assert "100,000 rows" in told and "the first 1,000 are shown" in told


NO_NUMBERS = (
    '"NaN"^^xsd:double', '"INF"^^xsd:double', '"1e999"^^xsd:double', '"x"^^xsd:integer',
    f'"{"9" * 5000}"^^xsd:integer', '"-1"^^xsd:integer', '"0"^^xsd:integer',
    f'"POINT({"1 " * 6000})"', f'"{" " * 12_000}"',
)  # fmt: skip


@pytest.mark.parametrize("value", NO_NUMBERS, ids=lambda value: value[:12].strip())
def test_a_number_or_a_shape_that_is_none_is_no_error(stranger: Visitor, value: str) -> None:
    prefix = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
    query = prefix + f'SELECT * {{ VALUES (?a ?n) {{ ("x" {value}) ("y" 2) ("z" 3) }} }}'
    assert answer(stranger, query, view="chart") is not None
    assert answer(stranger, query, view="chart", chart="pie") is not None


@pytest.mark.parametrize("name", ["view", "chart", "example", "format"])
@pytest.mark.parametrize("value", ["<script>", "'\"", "\u202e", "a" * 500, "../../x"])
def test_what_is_no_way_to_look_at_it_is_passed_over(
    stranger: Visitor, name: str, value: str
) -> None:
    got = stranger.get("/sparql", params={"query": "ASK {}", "page": "1", name: value})
    assert got.status_code in (200, 406)
    assert "<script>" not in got.text.replace("<script src", "")


def test_a_title_with_markup_does_not_break_out_of_the_structured_data(
    site: World, stranger: Visitor
) -> None:
    """It is an answer of the item's page; the title comes from the museum."""
    evil = '</script><script>alert("x")</script>'
    item = NamedNode(worlds.item(2))
    graph = site.desk.names.graph("collection", "prints")
    old = Quad(item, DC.title, Literal("Print 2", language="en"), graph)
    new = Quad(item, DC.title, Literal(evil, language="en"), graph)
    assert old in site.desk.datasets["public"].store
    site.desk.commit(
        lambda _desk: (on("public", remove=[old], add=[new]), None),
        by="olga", action="import", now=now(),
    )  # fmt: skip
    text = stranger.get(f"/items/{site.item(2)}").text
    page = html.fromstring(text)
    assert all(script.get("src") or script.get("type") for script in page.iter("script"))
    assert "alert(" not in "".join(page.xpath("//script[not(@type='application/ld+json')]/text()"))
    assert evil not in text


def test_examples_name_the_addresses_of_the_instance(site: World, stranger: Visitor) -> None:
    found = query_examples.examples(site.desk)
    (silk,) = [one for one in found if one.key == "items-with-a-term"]
    assert f"<{site.desk.names.base}graph/collection/woven-patterns>" in silk.query
    page = html.fromstring(stranger.get("/sparql", params={"example": silk.key}).text)
    assert page.xpath("//textarea")[0].text_content() == silk.query
    assert short_queries.title(silk.query) == silk.title


def test_what_may_be_completed_is_what_is_in_the_data(site: World, stranger: Visitor) -> None:
    query_words.of(site.desk).refresh()
    got = stranger.get("/sparql/words", headers={"Accept": "application/json"})
    words = got.json()
    assert words["prefixes"]["dc"] == "http://purl.org/dc/elements/1.1/"
    assert ["http://purl.org/dc/elements/1.1/title", "title"] in words["properties"]
    assert ["http://www.europeana.eu/schemas/edm/ProvidedCHO", "provided cho"] in words["classes"]
    assert ["https://w3id.org/crowdheritage/ns#approvals", "approvals"] in words["properties"]
    again = stranger.get("/sparql/words", headers={"If-None-Match": got.headers["ETag"]})
    assert again.status_code == 304 and again.content == b""
