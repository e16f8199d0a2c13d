"""Short addresses: the same query has the same one, it stays, and nobody can flood us with them."""

import re
from pathlib import Path

import httpx
import pytest
from lxml import html

from server.domain import opening, short_queries
from server.errors import Malformed, NotFound, StorageFull
from server.settings import Settings
from server.store import guard
from tests import worlds
from tests.web.campaign_site import World, now
from tests.web.visitors import Visitor

QUERY = "# How much is one and one?\nSELECT (1 + 1 AS ?two) {}"
JSON = {"Accept": "application/json"}


@pytest.fixture(scope="module")
def address(world: World) -> str:
    """Of the query above."""
    return str(shared(world, QUERY).json()["address"])


def client(world: World, host: str) -> httpx.Client:
    """A program with an address of its own, as there is a limit for each."""
    transport = httpx.HTTPTransport(local_address=host)
    return httpx.Client(base_url=world.address, transport=transport, timeout=30)


def shared(world: World, query: str, host: str = "127.0.0.2") -> httpx.Response:
    with client(world, host) as program:
        return program.post("/q", data={"query": query}, headers=JSON)


def test_a_query_gets_a_short_address_that_is_told_with_its_title(world: World) -> None:
    got = shared(world, QUERY)
    assert got.status_code == 201
    assert got.json()["title"] == "How much is one and one?"
    assert got.headers["Location"] == got.json()["address"]
    assert re.fullmatch(r"/q/[a-z2-7]{10}", got.json()["address"])


def test_the_same_query_has_the_same_address(world: World, address: str) -> None:
    assert shared(world, QUERY.replace("\n", "\r\n") + "\n ").json()["address"] == address
    assert shared(world, QUERY + " LIMIT 1").json()["address"] != address


def test_people_are_led_to_it_without_a_script(world: World, address: str) -> None:
    with client(world, "127.0.0.3") as browser:
        headers = {"Accept": "text/html"}
        got = browser.post("/q", data={"query": QUERY}, headers=headers)
        assert (got.status_code, got.headers["Location"]) == (303, address)
        page = html.fromstring(browser.get(address, headers=headers).text)
    assert page.xpath("//h1/text()") == ["How much is one and one?"]
    assert page.xpath("//textarea")[0].text_content() == QUERY
    assert page.xpath("//*[@data-panel='table']//tbody//td")[0].text_content().strip() == "2"


@pytest.mark.parametrize(
    ("accept", "begins"),
    [
        ("*/*", '{"head"'),
        ("application/sparql-results+json", '{"head"'),
        ("text/csv", "two\r\n2"),
        ("application/sparql-results+xml", "<?xml"),
    ],
)
def test_programs_get_the_answer_there(
    world: World, address: str, accept: str, begins: str
) -> None:
    got = httpx.get(world.address + address, headers={"Accept": accept, "Origin": "http://else"})
    assert got.status_code == 200 and got.text.startswith(begins)
    assert got.headers["Access-Control-Allow-Origin"] == "*"


def test_a_link_downloads_it(world: World, address: str) -> None:
    got = httpx.get(f"{world.address}{address}?format=csv", headers={"Accept": "text/html"})
    assert got.headers["Content-Type"].startswith("text/csv") and got.text == "two\r\n2\r\n"


def test_its_page_keeps_the_way_to_look_at_it(world: World) -> None:
    query = 'SELECT ?a ?n { VALUES (?a ?n) { ("x" 1) ("y" 2) } }'
    address = shared(world, query).json()["address"]
    for view in ("table", "chart"):
        text = httpx.get(f"{world.address}{address}?view={view}", headers={"Accept": "text/html"})
        (panel,) = html.fromstring(text.text).xpath("//*[@data-panel][not(@hidden)]/@data-panel")
        assert panel == view


def test_it_may_stand_in_a_frame_of_any_site_to_be_read_only(world: World, address: str) -> None:
    got = httpx.get(f"{world.address}{address}?embed=1", headers={"Accept": "text/html"})
    policy = got.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy and "form-action 'none'" in policy
    assert "unsafe" not in policy
    page = html.fromstring(got.text)
    assert not page.xpath("//form | //textarea | //button")
    assert page.xpath("//*[@data-panel='table']//tbody//td")[0].text_content().strip() == "2"
    whole = httpx.get(world.address + address, headers={"Accept": "text/html"})
    assert "frame-ancestors 'none'" in whole.headers["Content-Security-Policy"]


def test_search_engines_are_told_to_leave_it(world: World, address: str) -> None:
    got = httpx.get(world.address + address, headers={"Accept": "text/html"})
    assert got.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("short", ["x", "aaaaaaaaaa", "A" * 10, "a" * 27, "a' OR 1=1", "%00"])
def test_there_is_nothing_where_nothing_was_shared(visitor: Visitor, short: str) -> None:
    assert visitor.get(f"/q/{short}").status_code in (404, 405)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"other": "ASK {}"}, 400),
        ({"query": ""}, 400),
        ({"query": "Buy our pills"}, 400),
        ({"query": "INSERT DATA { <a:a> <a:b> <a:c> }"}, 400),
        ({"query": "SELECT * { SERVICE <http://x.example/> { ?s ?p ?o } }"}, 400),
        ({"query": "ASK {} #" + "x" * guard.MAX_BYTES}, 400),
        ({"query": "ASK {} \0"}, 400),
        ({"query": ["ASK {}", "ASK {}"]}, 400),
    ],
)
def test_what_is_no_query_is_not_kept(world: World, body: dict[str, str], status: int) -> None:
    with client(world, "127.0.0.4") as program:
        assert program.post("/q", data=body, headers=JSON).status_code == status


def test_a_hostile_title_is_text(world: World) -> None:
    query = "# </title></h1><script>alert(1)</script> \u202egnp\nASK {}"
    address = shared(world, query).json()["address"]
    for path in (address, f"{address}?embed=1"):
        page = html.fromstring(
            httpx.get(world.address + path, headers={"Accept": "text/html"}).text
        )
        assert not page.xpath("//script[not(@src)]")
        assert "<script>" in page.xpath("//h1")[0].text_content()


def test_a_flood_ends(world: World) -> None:
    """Whoever shares too much waits; others do not."""
    with client(world, "127.0.0.5") as program:
        answers = [
            program.post("/q", data={"query": f"ASK {{}} # {n}"}, headers=JSON) for n in range(40)
        ]
    statuses = [got.status_code for got in answers]
    assert statuses == [201] * 30 + [429] * 10
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert shared(world, "ASK {} # later", "127.0.0.6").status_code == 201


def test_it_is_there_after_a_restart(tmp_path: Path) -> None:
    settings = worlds.create(tmp_path / "data")
    with opening.opened(settings) as desk:
        short = short_queries.share(desk, QUERY, now=now())
    with opening.opened(Settings(data=tmp_path / "data", min_free=0)) as desk:
        assert short_queries.get(desk, short) == QUERY
        assert short_queries.share(desk, QUERY, now=now()) == short
        with pytest.raises(NotFound):
            short_queries.get(desk, short[:-1] + ("a" if short[-1] != "a" else "b"))


def test_two_queries_with_the_same_beginning_of_a_hash_have_addresses_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = "a" * 10
    digests = {"ASK {}": same + "b" * 16, "SELECT * {}": same + "c" * 16}
    monkeypatch.setattr(short_queries, "short_hash", digests.__getitem__)
    with opening.opened(worlds.create(tmp_path / "data")) as desk:
        first, second = (short_queries.share(desk, query, now=now()) for query in digests)
        assert (first, second) == (same, same + "cccc")
        assert [short_queries.get(desk, each) for each in (first, second)] == [*digests]
        assert [short_queries.share(desk, query, now=now()) for query in digests] == [first, second]


def test_what_is_kept_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(short_queries, "MOST_BYTES", 30)
    with opening.opened(worlds.create(tmp_path / "data")) as desk:
        kept = [short_queries.share(desk, f"ASK {{}} #{n}", now=now()) for n in range(3)]
        with pytest.raises(StorageFull):
            short_queries.share(desk, "ASK {} #more", now=now())
        assert short_queries.share(desk, "ASK {} #0", now=now()) == kept[0]
        with pytest.raises(Malformed):
            short_queries.share(desk, "nothing", now=now())


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("# Silk\nASK {}", "Silk"),
        ("\n  #Silk \nASK {}", "Silk"),
        ("# view: map\nASK {}", ""),
        ("ASK {} # Silk", ""),
        ("#\nASK {}", ""),
        ("PREFIX a: <http://a/#b>\nASK {}", ""),
    ],
)
def test_the_title_is_a_comment_in_the_first_line(query: str, title: str) -> None:
    assert short_queries.title(query) == title
