"""Going through a campaign's items: next, previous, not now, the list, those that are known."""

import re
import threading
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from server.domain.campaign_statements import Campaign
from server.domain.routing_rules import GoldStep, Priority, Routing
from tests import worlds
from tests.web.campaign_site import COMPLEXES, FARMS, ITEMS, VINEYARDS, World
from tests.web.visitors import Visitor

ITEM = re.compile(r'<li><a href="/campaigns/[a-z0-9-]+/items/([a-z2-7]{26})">')
MORE = re.compile(r'rel="next" href="([^"]+)"')


def listed(visitor: Visitor, slug: str, query: str = "") -> list[str]:
    answer = visitor.get(f"/campaigns/{slug}/items{query}")
    assert answer.status_code == 200, answer.text
    return ITEM.findall(answer.text)


def finish(visitor: Visitor, slug: str, item: str) -> httpx.Response:
    return visitor.submit(f"/campaigns/{slug}/items/{item}/finish")


def newcomer(world: World, slug: str) -> Visitor:
    return world.visitor().start(slug)


# --- one after the other ----------------------------------------------------------------------


def test_each_item_comes_once_and_then_the_campaign_is_done(world: World) -> None:
    slug = world.campaign()
    visitor, seen = newcomer(world, slug), []
    while item := visitor.next(slug):
        seen.append(item)
        assert finish(visitor, slug, item).headers["Location"] == f"/campaigns/{slug}/next"
    assert sorted(seen) == sorted(world.item(n) for n in range(ITEMS))
    assert visitor.get(f"/campaigns/{slug}/next").status_code == 200


def test_not_now_comes_back_at_the_end(world: World) -> None:
    slug = world.campaign()
    visitor = newcomer(world, slug)
    first = visitor.next(slug)
    visitor.submit(f"/campaigns/{slug}/items/{first}/skip")
    rest = []
    while (item := visitor.next(slug)) != first:
        rest.append(item)
        finish(visitor, slug, item)
    assert len(rest) == ITEMS - 1


def test_previous_leads_back_through_what_one_left(world: World) -> None:
    slug = world.campaign()
    visitor, seen = newcomer(world, slug), []
    for _ in range(3):
        seen.append(visitor.next(slug))
        finish(visitor, slug, seen[-1])
    page = visitor.get(f"/campaigns/{slug}/items/{visitor.next(slug)}").text
    for item in reversed(seen):
        found = re.search(r'rel="prev" href="([^"]+)"', page)
        assert found is not None
        assert found[1] == f"/campaigns/{slug}/items/{item}"
        page = visitor.get(found[1]).text
    assert 'rel="prev"' not in page
    assert 'rel="prev"' not in world.visitor().get(f"/campaigns/{slug}/items/{seen[1]}").text


def test_two_people_at_once_get_different_items(world: World) -> None:
    slug = world.campaign(routing=Routing(answers_needed=1))
    people = [newcomer(world, slug) for _ in range(6)]
    found: list[str] = []
    start = threading.Barrier(6)

    def go(visitor: Visitor) -> None:
        start.wait()
        found.append(visitor.next(slug))

    threads = [threading.Thread(target=go, args=(each,)) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 6


def leaving(visitor: Visitor, path: str) -> str:
    """What the page of an item sends its leaving to."""
    found = re.search(r'data-leaving="([^"]+)"', visitor.get(path).text)
    assert found is not None
    return found[1]


def leave(visitor: Visitor, slug: str, item: str) -> None:
    visitor.submit(leaving(visitor, f"/campaigns/{slug}/items/{item}"))


def test_leaving_the_page_gives_the_place_back(world: World) -> None:
    slug = world.campaign(
        routing=Routing(answers_needed=1, priorities=(Priority(9, (), (worlds.item(3),)),))
    )
    ada, ben = world.visitor("ada").start(slug), world.visitor("ben").start(slug)
    assert ada.next(slug) == world.item(3)
    assert ben.next(slug) != world.item(3)
    leave(ben, slug, ben.next(slug))
    assert ben.next(slug) != world.item(3)
    before, path = world.last(), f"/campaigns/{slug}/items/{world.item(3)}"
    old = leaving(ada, path)
    new = leaving(ada, path)
    for address in (old, f"{path}/release", f"{path}/release?turn=x", f"{path}/release?turn=99"):
        assert ada.submit(address).status_code == 204  # not of the page that is open
    leave(ben, slug, ben.next(slug))
    assert ben.next(slug) != world.item(3)
    left = ada.submit(new)
    assert (left.status_code, left.text, world.last()) == (204, "", before)
    leave(ben, slug, ben.next(slug))
    assert ben.next(slug) == world.item(3)


def test_what_was_not_given_is_refused_where_browsing_is_not_allowed(world: World) -> None:
    slug = world.campaign(routing=Routing(browsing=False, lock_minutes=0))
    visitor = newcomer(world, slug)
    mine = visitor.next(slug)
    other = next(world.item(n) for n in range(ITEMS) if world.item(n) != mine)
    before = world.last()
    for answer in (
        visitor.propose(slug, other, FARMS),
        visitor.propose(slug, other, FARMS, htmx=False),
        finish(visitor, slug, other),
    ):
        assert answer.status_code == 403
        assert "another one" in answer.text
    assert world.last() == before
    words = "You were not given this item"
    assert words in visitor.get(f"/campaigns/{slug}/items/{other}").text
    assert words not in visitor.get(f"/campaigns/{slug}/items/{mine}").text
    assert visitor.propose(slug, mine, FARMS).status_code == 200


def test_the_rules_stand_on_the_campaigns_page_in_words(world: World) -> None:
    rules = Routing(
        answers_needed=3, answers_at_most=5, votes_needed=2, browsing=False, lock_minutes=15,
        disputed_first=True, priorities=(Priority(1, ("prints",)),),
    )  # fmt: skip
    slug = world.campaign(routing=rules)
    page = world.visitor().get(f"/campaigns/{slug}").text
    for sentence in (
        "Each item needs the answers of 3 people.",
        "Where they disagree, up to 5 are asked.",
        "Each proposal is put to 2 people.",
        "An item is kept for you until you leave it, or for 15 minutes without activity.",
        "You answer what you are given; other items can be looked at only.",
        "Some items come before others.",
        "What people disagree on comes first.",
    ):
        assert sentence in page
    turtle = world.visitor().get(f"/campaigns/{slug}.ttl").text
    assert "answersNeeded 3" in turtle or '"3"' in turtle


# --- the list ---------------------------------------------------------------------------------


def test_the_list_has_every_item_and_what_one_answered(world: World) -> None:
    slug = world.campaign()
    visitor = newcomer(world, slug)
    everything = sorted(world.item(n) for n in range(ITEMS))
    assert sorted(listed(visitor, slug)) == everything
    assert listed(visitor, slug, "?show=mine") == []
    for number in (4, 2):
        finish(visitor, slug, world.item(number))
    visitor.proposed(slug, world.item(7), FARMS)
    mine = [world.item(n) for n in (7, 2, 4)]
    assert listed(visitor, slug, "?show=mine") == mine
    assert listed(visitor, slug, "?show=mine&sort=title") == [world.item(n) for n in (2, 4, 7)]
    others = listed(visitor, slug, "?show=others")
    assert sorted([*others, *mine]) == everything


def test_the_list_is_sorted(world: World) -> None:
    slug = world.campaign()
    ada, ben = world.visitor("ada").start(slug), world.visitor("ben").start(slug)
    first = ada.proposed(slug, world.item(5), FARMS)
    ada.proposed(slug, world.item(9), FARMS)
    ben.vote(first, "unsure")
    assert listed(ben, slug, "?sort=newest")[:2] == [world.item(5), world.item(9)]
    assert listed(ben, slug, "?sort=fewest")[-2:] == [world.item(9), world.item(5)]
    titles = sorted(range(ITEMS), key=lambda n: f"print {n}")
    assert listed(ben, slug, "?sort=title") == [world.item(n) for n in titles]
    assert listed(ben, slug, "?show=undecided&sort=newest") == [world.item(5), world.item(9)]


@pytest.mark.parametrize("sort", ["fewest", "title", "newest"])
@pytest.mark.parametrize("show", ["all", "others", "mine", "undecided"])
def test_pages_follow_one_another_without_gap_or_repetition(
    world: World, monkeypatch: pytest.MonkeyPatch, show: str, sort: str
) -> None:
    monkeypatch.setattr("server.domain.routing_views.PAGE", 2)
    slug = world.campaign()
    visitor = newcomer(world, slug)
    for number in range(5):
        visitor.proposed(slug, world.item(number), FARMS)
    expected = {"all": range(ITEMS), "others": range(5, ITEMS)}.get(show, range(5))
    query, seen = f"?show={show}&sort={sort}", []
    for _ in range(ITEMS):
        answer = visitor.get(f"/campaigns/{slug}/items{query}")
        seen += ITEM.findall(answer.text)
        assert len(ITEM.findall(answer.text)) <= 2
        more = MORE.search(answer.text)
        if more is None:
            break
        query = more[1].replace("&amp;", "&")
    assert sorted(seen) == sorted(world.item(n) for n in expected)


def test_the_list_tells_strangers_nothing_of_what_waits(world: World) -> None:
    slug = world.campaign()
    newcomer(world, slug).proposed(slug, world.item(5), FARMS)
    stranger = world.visitor()
    assert len(listed(stranger, slug)) == ITEMS
    for query in ("show=undecided", "show=mine", "sort=newest", "sort=fewest", "show=nothing"):
        assert stranger.get(f"/campaigns/{slug}/items?{query}").status_code == 404


def test_in_a_blind_campaign_no_order_and_no_filter_tells_what_others_did(world: World) -> None:
    slug = world.campaign(blind=True)
    visitor = newcomer(world, slug)
    for query in ("show=undecided", "sort=newest", "sort=fewest", "show=others&sort=fewest"):
        assert visitor.get(f"/campaigns/{slug}/items?{query}").status_code == 404
    visitor.proposed(slug, world.item(5), FARMS)
    assert listed(visitor, slug, "?show=mine") == [world.item(5)]
    assert listed(world.visitor("olga"), slug, "?show=undecided") == [world.item(5)]


def test_the_list_of_a_draft_is_for_those_who_see_it(world: World) -> None:
    assert world.visitor().get("/campaigns/hidden/items").status_code == 404
    assert len(listed(world.visitor("olga"), "hidden")) == ITEMS


@pytest.mark.parametrize(
    "after", ["x", "'; DROP TABLE queue; --", "9" * 400 + " x", "-1 x", "é x", '" } UNION { ']
)
@pytest.mark.parametrize("sort", ["fewest", "title", "newest"])
def test_a_page_that_is_none_is_empty_or_refused(world: World, sort: str, after: str) -> None:
    slug = world.campaign()
    answer = newcomer(world, slug).get(
        f"/campaigns/{slug}/items", params={"sort": sort, "after": after}
    )
    assert answer.status_code in (200, 422)


# --- known answers ----------------------------------------------------------------------------


def mark(world: World, slug: str, number: int, answers: str, **fields: str) -> httpx.Response:
    olga = world.visitor("olga")
    item = f"{world.address}/items/{world.item(number)}"  # its address will do
    form = {"item": item, "task": "1", "answers": answers, **fields}
    return olga.submit(f"/campaigns/{slug}/gold", **form)


def test_an_organiser_adds_and_removes_known_answers(world: World) -> None:
    slug, olga = world.campaign(), world.visitor("olga")
    assert (
        mark(world, slug, 3, f"{FARMS}\n{VINEYARDS}", explanation="It says so.").status_code == 303
    )
    page = olga.get(f"/campaigns/{slug}/gold").text
    assert "Print 3" in page
    assert "It says so." in page
    assert "farms" in page
    removed = olga.submit(f"/campaigns/{slug}/gold/remove", item=world.item(3), task="1")
    assert removed.status_code == 303
    assert "Print 3" not in olga.get(f"/campaigns/{slug}/gold").text


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"answers": ""}, 422), ({"answers": "x" * 2001}, 422), ({"task": "9"}, 404),
     ({"task": "-1"}, 404), ({"item": "nothing"}, 404), ({"item": ""}, 404),
     ({"answers": "\n".join(map(str, range(30)))}, 422), ({"explanation": "x" * 1001}, 422)],
)  # fmt: skip
def test_what_is_no_known_answer_is_refused(
    world: World, fields: dict[str, str], status: int
) -> None:
    slug = world.campaign()
    before = world.last()
    form = {"item": world.item(0), "task": "1", "answers": FARMS, **fields}
    answer = world.visitor("olga").submit(f"/campaigns/{slug}/gold", **form)
    assert answer.status_code == status
    assert world.last() == before


def test_known_answers_are_the_organisers_own(world: World) -> None:
    slug = world.campaign()
    mark(world, slug, 3, FARMS)
    before = world.last()
    for visitor in (world.visitor("ada"), world.visitor("otto"), newcomer(world, slug)):
        assert visitor.get(f"/campaigns/{slug}/gold").status_code in (401, 403)
        for path in ("gold", "gold/remove"):
            answer = visitor.submit(
                f"/campaigns/{slug}/{path}", item=world.item(3), task="1", answers=FARMS
            )
            assert answer.status_code in (401, 403)
    assert world.last() <= before + 2  # the newcomer, who agreed


def test_before_the_answer_nothing_tells_a_known_one_from_others(world: World) -> None:
    """Two campaigns alike but for what is known: their pages are the same to the letter."""
    open_, marked = world.campaign(), world.campaign()
    mark(world, marked, 3, FARMS, explanation="It says so.")

    def told(slug: str, visitor: Visitor, path: str) -> tuple[int, str, str]:
        answer = visitor.get(f"/campaigns/{slug}{path}")
        text = answer.text.replace(slug, "campaign")
        text = re.sub(r'name="csrf" value="[^"]*"', "", text)
        if path == ".nt":  # made at another time; its lines are in no order
            text = "\n".join(sorted(line for line in text.splitlines() if "created" not in line))
        location = answer.headers.get("Location", "").replace(slug, "campaign")
        return answer.status_code, text, location

    for visitor in (world.visitor(), world.visitor("ada").start(open_).start(marked)):
        for path in (f"/items/{world.item(3)}", "/items", "", ".nt", "/items?sort=title"):
            assert told(open_, visitor, path) == told(marked, visitor, path)


def test_whoever_has_answered_is_told(world: World) -> None:
    slug = world.campaign()
    mark(world, slug, 3, FARMS, explanation="There is a barn.")
    ada, ben = world.visitor("ada").start(slug), world.visitor("ben").start(slug)
    right, wrong = (
        ada.propose(slug, world.item(3), FARMS), ben.propose(slug, world.item(3), COMPLEXES)
    )  # fmt: skip
    assert "Right: it is farms. There is a barn." in right.text
    assert "We thought it is farms — There is a barn." in wrong.text
    assert "We thought" in ben.get(f"/campaigns/{slug}/items/{world.item(3)}").text
    assert (
        "There is a barn"
        not in world.visitor().get(f"/campaigns/{slug}/items/{world.item(3)}").text
    )
    mine = ada.get(f"/campaigns/{slug}/items?show=mine").text
    assert "Of 1 answer that can be compared with a known one, 1 was right." in mine
    page = world.visitor("olga").get(f"/campaigns/{slug}/gold").text
    assert world.people["ada"].id in page


def test_known_ones_come_by_their_odds(world: World) -> None:
    always = Routing(gold=(GoldStep(0, 1),))
    slug = world.campaign(routing=always)
    mark(world, slug, 3, FARMS)
    visitor = newcomer(world, slug)
    assert visitor.next(slug) == world.item(3)
    finish(visitor, slug, world.item(3))
    assert visitor.next(slug) not in ("", world.item(3))


def test_a_campaign_outside_of_its_days_gives_nothing(world: World) -> None:
    slug = world.campaign(ends=datetime(2020, 1, 1, tzinfo=UTC).date())
    answer = world.visitor("ada").get(f"/campaigns/{slug}/next")
    assert answer.headers["Location"] == f"/campaigns/{slug}"
    assert replace(Campaign(slug, {}, {}, (), (), 1)).routing == Routing()
