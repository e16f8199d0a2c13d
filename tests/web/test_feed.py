"""The change feed, read as harvesters and readers of feeds do."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from lxml import etree

from server.domain import feeds, publishing
from server.index import changes
from server.index.changes import Among
from tests import worlds
from tests.web import campaign_site
from tests.web.campaign_site import FARMS, RESORTS, VINEYARDS, World, now
from tests.worlds import Thing

ATOM = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}
PROVIDED = "http://www.europeana.eu/schemas/edm/ProvidedCHO"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Of its own: what is withdrawn here stays in the feed."""
    with campaign_site.serve(tmp_path_factory.mktemp("site") / "data") as made:
        yield made


@pytest.fixture(scope="module")
def client(world: World) -> httpx.Client:
    return world.visitors.enter_context(httpx.Client(base_url=world.address, verify=False))


def local(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def get(client: httpx.Client, address: str) -> dict[str, Any]:
    answer = client.get(local(address))
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("application/ld+json;profile=")
    found: dict[str, Any] = answer.json()
    return found


def walk(client: httpx.Client, address: str, way: str) -> list[dict[str, Any]]:
    """The pages from one on, by `next` or `prev`."""
    pages = [get(client, address)]
    while way in pages[-1]:
        pages.append(get(client, pages[-1][way]["id"]))
    return pages


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "PAGE", 4)


def test_forwards_and_backwards_each_change_comes_once(
    world: World, client: httpx.Client, small_pages: None
) -> None:
    slug = world.campaign()
    world.publish(slug, 2)
    publishing.unpublish(world.desk, world.people["olga"], slug, now=now())
    whole = get(client, "/feed")
    assert (whole["type"], whole["@context"]) == (
        "OrderedCollection", "http://iiif.io/api/discovery/1/context.json",
    )  # fmt: skip
    forwards = walk(client, whole["first"]["id"], "next")
    backwards = walk(client, whole["last"]["id"], "prev")
    ids = [each["id"] for page in forwards for each in page["orderedItems"]]
    assert ids == [each["id"] for page in backwards[::-1] for each in page["orderedItems"]]
    assert len(ids) == len(set(ids)) == whole["totalItems"] > 8
    times = [each["endTime"] for page in forwards for each in page["orderedItems"]]
    assert times == sorted(times)
    for page in (*forwards, *backwards):
        assert page["partOf"] == {"id": whole["id"], "type": "OrderedCollection"}
        assert len(page["orderedItems"]) <= 4


def test_a_filter_looks_at_some_changes_at_a_time_and_misses_none(
    world: World, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug, other = world.campaign(), world.campaign()
    for number, term in ((0, VINEYARDS), (5, RESORTS), (6, FARMS)):
        world.publish(slug, number, term)
        world.publish(other, number, term)
    whole = get(client, f"/feed?campaign={slug}&kind=annotation")
    expected = get(client, whole["first"]["id"])["orderedItems"]
    assert len(expected) == 3
    for looked_at in (1, 3, 7):
        monkeypatch.setattr(feeds, "LOOKED_AT", looked_at)
        forwards = walk(client, whole["first"]["id"], "next")
        backwards = walk(client, whole["last"]["id"], "prev")[::-1]
        for pages in (forwards, backwards):
            assert [each for page in pages for each in page["orderedItems"]] == expected
        assert len(forwards) > 1


def test_who_comes_back_goes_on_without_gaps_or_repeats(
    world: World, client: httpx.Client, small_pages: None
) -> None:
    slug = world.campaign()
    pages = walk(client, "/feed/pages/after-0", "next")
    seen = [each["id"] for page in pages for each in page["orderedItems"]]
    last = pages[-1]["id"]
    for number, term in ((3, FARMS), (4, RESORTS), (5, VINEYARDS)):
        world.publish(slug, number, term)
        again = walk(client, last, "next")
        known = len(seen)
        new = [each["id"] for page in again for each in page["orderedItems"]]
        seen += [each for each in new if each not in seen]
        assert len(seen) - known == 2  # the annotation, and the item that it enriches
        last = again[-1]["id"]
    everything = walk(client, "/feed/pages/after-0", "next")
    assert seen == [each["id"] for page in everything for each in page["orderedItems"]]
    for before, after in zip(pages[:-1], everything, strict=False):
        assert before == after  # a page that is full stays what it is


def test_a_page_that_ended_before_a_change_stays_what_it_is(
    world: World, client: httpx.Client
) -> None:
    address = get(client, "/feed")["last"]["id"]
    before = get(client, address)
    world.publish(world.campaign(), 6)
    after = get(client, address)
    assert "next" in after and after["orderedItems"] == before["orderedItems"]


def test_creations_updates_and_deletions_are_told_apart(world: World, client: httpx.Client) -> None:
    slug = world.campaign()
    made = world.publish(slug, 7)

    def told(query: str) -> list[tuple[str, str]]:
        pages = walk(client, f"/feed/pages/after-0?{query}", "next")
        items = [each for page in pages for each in page["orderedItems"]]
        return [(each["type"], each["object"]["id"]) for each in items]

    iri = world.iri(made)
    assert told(f"campaign={slug}&kind=annotation") == [("Create", iri)]
    assert told(f"campaign={slug}&kind=item")[-1] == ("Update", worlds.item(7))
    publishing.unpublish(world.desk, world.people["olga"], slug, now=now())
    assert told(f"campaign={slug}&kind=annotation") == [("Create", iri), ("Delete", iri)]
    deleted = get(client, f"/feed/pages/before-{10**12}?campaign={slug}&kind=annotation")
    assert "seeAlso" not in deleted["orderedItems"][-1]["object"]


def test_what_is_described_elsewhere_is_really_there(world: World, client: httpx.Client) -> None:
    world.publish(world.campaign(), 8)
    page = get(client, "/feed/pages/after-0")
    kinds = set()
    last = get(client, get(client, "/feed")["last"]["id"])
    for each in (*page["orderedItems"][:2], *last["orderedItems"][-2:]):
        kinds.add(each["object"]["type"])
        for link in each["object"].get("seeAlso", ()):
            answer = client.get(local(link["id"]))
            assert answer.headers["Content-Type"].startswith(link["format"])
            assert each["object"]["id"] in answer.text
    assert kinds == {PROVIDED, "http://www.w3.org/ns/oa#Annotation"}


def test_a_feed_of_one_collection_has_nothing_else(world: World, client: httpx.Client) -> None:
    olga = world.people["olga"]
    things = [Thing("feed-a", "A thing"), Thing("feed-b", "Another")]
    worlds.import_things(world.desk, olga, "fed", things)
    found = walk(client, get(client, "/feed?collection=fed")["first"]["id"], "next")
    ids = [each["object"]["id"] for page in found for each in page["orderedItems"]]
    assert sorted(ids) == [thing.iri for thing in things]
    assert "totalItems" not in get(client, "/feed?collection=fed")
    provider = get(client, "/feed/pages/after-0?provider=a-museum")
    assert worlds.item("feed-a") in str(provider) or "next" in provider
    assert client.get("/feed?provider=nobody").status_code == 404


def test_while_a_collection_comes_in_the_feed_ends_before_it(world: World) -> None:
    """Its entry is older than what people do meanwhile, and comes in pieces."""
    desk = world.desk
    end = feeds.settled(desk)
    assert end == changes.last(desk.index.read())
    with desk.index.write:
        done = desk.index.marked("bulk")
        desk.index.mark("bulk", 0)
    try:
        first = desk.journal.bulk_sequences(0)[0]
        assert feeds.settled(desk) == first - 1
        part = feeds.after(desk, feeds.among(desk), changes.START, 100)
        assert all(record.seq < first for record in part.records)
    finally:
        with desk.index.write:
            desk.index.mark("bulk", done)


def test_what_is_not_public_does_not_move_the_feed(world: World, client: httpx.Client) -> None:
    before = client.get("/feed").content
    slug = world.campaign("draft")
    made = world.campaign()
    after = client.get("/feed").content
    world.visitor("ada").start(made).proposed(made, world.item(0), FARMS)
    assert slug not in client.get("/feed/pages/after-0").text
    assert before == after == client.get("/feed").content


def test_how_many_changes_there_are_is_counted_on(world: World) -> None:
    desk = world.desk
    for _time in range(2):
        end = feeds.settled(desk)
        every = changes.log(desk.index.read(), Among(last_seq=end), limit=100_000)
        assert feeds.total(desk, end) == len(every)
        world.publish(world.campaign(), 9)


def test_what_is_known_is_not_sent_again(client: httpx.Client) -> None:
    for path in ("/feed", "/feed/pages/after-0", "/feed.atom"):
        first = client.get(path)
        assert first.headers["Cache-Control"] == "no-cache"
        assert first.headers["Access-Control-Allow-Origin"] == "*"
        known = {"If-None-Match": first.headers["ETag"]}
        assert client.get(path, headers=known).status_code == 304


# --- Atom -----------------------------------------------------------------------------------------


def atom(client: httpx.Client, address: str) -> Any:
    answer = client.get(local(address))
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    return etree.fromstring(answer.content)


def test_readers_see_what_was_published(world: World, client: httpx.Client) -> None:
    slug = world.campaign(title={"en": "Farms & <others>"})
    made = world.publish(slug, 10)
    feed = atom(client, f"/feed.atom?campaign={slug}")
    assert feed.findtext("a:title", namespaces=ATOM) == "Farms & <others>"
    (entry,) = feed.findall("a:entry", ATOM)
    assert entry.findtext("a:id", namespaces=ATOM) == world.iri(made)
    assert entry.findtext("a:title", namespaces=ATOM) == "Print 10"
    assert entry.findtext("a:summary", namespaces=ATOM) == "Subject: farms"
    assert datetime.fromisoformat(entry.findtext("a:updated", namespaces=ATOM)).tzinfo
    href = entry.find("a:link[@rel='alternate']", ATOM).get("href")
    assert client.get(local(href), headers={"Accept": "text/html"}).status_code == 200
    page = world.visitor().get(f"/campaigns/{slug}").text
    assert f'href="/feed.atom?campaign={slug}"' in page


def test_what_was_withdrawn_is_told_without_its_words(world: World, client: httpx.Client) -> None:
    slug = world.campaign()
    made = world.publish(slug, 11, RESORTS)
    publishing.unpublish(world.desk, world.people["olga"], slug, now=now())
    feed = atom(client, f"/feed.atom?campaign={slug}")
    assert feed.findall("a:entry", ATOM) == []
    (gone,) = feed.findall("at:deleted-entry", ATOM)
    assert gone.get("ref") == world.iri(made)
    assert b"resorts" not in etree.tostring(feed)


def test_older_entries_are_on_further_pages(
    world: World, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server.web import feed as pages

    monkeypatch.setattr(pages, "_ENTRIES", 2)
    slug = world.campaign()
    for number, term in ((0, FARMS), (1, FARMS), (2, RESORTS)):
        world.publish(slug, number, term)
    address, found = f"/feed.atom?campaign={slug}", []
    while address:
        feed = atom(client, address)
        entries = feed.findall("a:entry", ATOM)
        found += [each.findtext("a:title", namespaces=ATOM) for each in entries]
        following = feed.find("a:link[@rel='next']", ATOM)
        address = following.get("href") if following is not None else ""
    assert found == ["Print 2", "Print 1", "Print 0"]


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path, status",
    [
        ("/feed/pages/x", 404), ("/feed/pages/after-", 404), ("/feed/pages/after-x", 404),
        ("/feed/pages/before-" + "9" * 16, 404), ("/feed/pages/after-1-%00", 404),
        ("/feed/pages/after-1-x'y", 404), ("/feed?kind=people", 422),
        ("/feed?campaign=hidden", 404), ("/feed?campaign=%00", 404),
        ("/feed?collection=" + "a" * 300, 422),
        ("/feed.atom?kind=x", 422), ("/feed.atom?before=x", 404),
        ("/feed.atom?campaign=hidden", 404),
        ("/feed?collection=a&collection=b", 422),
    ],
)  # fmt: skip
def test_bad_requests_are_told(client: httpx.Client, path: str, status: int) -> None:
    answer = client.get(path, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (
        status, "application/problem+json",
    )  # fmt: skip


def test_an_empty_page_is_a_page(client: httpx.Client) -> None:
    for name in ("after-999999999999", "before-0", "before-1"):
        page = get(client, f"/feed/pages/{name}")
        assert page["orderedItems"] == [] and "next" not in page
