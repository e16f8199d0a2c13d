"""After each action a notice with a button that takes it back, and a list of the whole visit."""

import re

import httpx
import pytest

from server.domain import annotations
from server.names import new_id
from tests.web.campaign_site import FARMS, RESORTS, World
from tests.web.visitors import Visitor, proposals

UNDO = re.compile(r'action="/undo/(\d+)"')
BACK = re.compile(r'name="back" value="([^"]*)"')


@pytest.fixture
def slug(world: World) -> str:
    return world.campaign()


def offered(answer: httpx.Response) -> list[str]:
    return UNDO.findall(answer.text)


def page_after(person: Visitor, answer: httpx.Response) -> httpx.Response:
    assert answer.status_code == 303, answer.text
    return person.get(answer.headers["Location"].partition("#")[0], follow_redirects=True)


def test_a_fragment_brings_the_notice_beside_it(world: World, slug: str) -> None:
    ada, item = world.visitor("ada").start(slug), world.item(0)
    answer = ada.propose(slug, item, FARMS)
    (seq,) = offered(answer)
    assert int(seq) == world.last()
    assert 'hx-swap-oob="innerHTML:#messages"' in answer.text
    assert "You added “" in answer.text
    done = ada.submit(f"/undo/{seq}", back=f"/campaigns/{slug}/items/{item}")
    shown = page_after(ada, done)
    assert proposals(shown) == []
    assert "Taken back: You added “" in shown.text
    assert "Taken back" not in ada.get(f"/campaigns/{slug}/items/{item}").text


def test_without_scripts_the_next_page_has_it_once(world: World, slug: str) -> None:
    ada, item = world.visitor("ada").start(slug), world.item(0)
    answer = ada.propose(slug, item, FARMS, htmx=False)
    shown = page_after(ada, answer)
    (seq,) = offered(shown)
    assert int(seq) == world.last()
    assert BACK.search(shown.text)[1] == f"/campaigns/{slug}/items/{item}"  # type: ignore[index]
    assert offered(ada.get(f"/campaigns/{slug}/items/{item}")) == []


def test_an_address_that_shows_no_page_does_not_use_the_notice_up(world: World, slug: str) -> None:
    ada, item = world.visitor("ada").start(slug), world.item(0)
    answer = ada.propose(slug, item, FARMS, htmx=False)
    ada.get(f"/terms/suggest?q=farm&campaign={slug}&task=1")
    ada.get("/collections/prints", headers={"Accept": "text/turtle"})
    assert offered(page_after(ada, answer)) != []


@pytest.mark.parametrize("outcome", ["finish", "skip"])
def test_after_leaving_an_item_one_comes_back_to_it(world: World, slug: str, outcome: str) -> None:
    ada, item = world.visitor("ada").start(slug), world.item(2)
    shown = page_after(ada, ada.submit(f"/campaigns/{slug}/items/{item}/{outcome}"))
    (seq,) = offered(shown)
    back = ada.submit(f"/undo/{seq}", back="/")
    assert back.headers["Location"] == f"/campaigns/{slug}/items/{item}"


@pytest.mark.parametrize("htmx", [True, False])
def test_votes_withdrawals_and_decisions_are_taken_back(
    world: World, slug: str, htmx: bool
) -> None:
    ada, ben, olga = (world.visitor(name).start(slug) for name in ("ada", "ben", "olga"))
    made = ada.proposed(slug, world.item(0), FARMS)

    def step(person: Visitor, action: str, **fields: str) -> None:
        before = annotations.get(world.desk, world.iri(made))
        answer = person.submit(f"/annotation/{made}/{action}", htmx=htmx, **fields)
        shown = answer if htmx else page_after(person, answer)
        (seq,) = offered(shown)
        assert annotations.get(world.desk, world.iri(made)) != before
        assert person.submit(f"/undo/{seq}").headers["Location"] == "/account/visit"
        assert annotations.get(world.desk, world.iri(made)) == before

    step(ben, "vote", verdict="reject", reason="no")
    step(ada, "withdraw")
    step(olga, "decide", verdict="reject", reason="not here")


def test_where_nothing_was_stored_nothing_is_offered(world: World, slug: str) -> None:
    ada, item = world.visitor("ada").start(slug), world.item(0)
    ada.propose(slug, item, FARMS)
    assert offered(ada.propose(slug, item, FARMS)) == []  # it stands already
    assert offered(ada.propose(slug, item, "http://nowhere.example.org/")) == []
    key = new_id()
    assert offered(ada.propose(slug, item, RESORTS, key=key)) != []
    assert offered(ada.propose(slug, item, RESORTS, key=key)) == []


def test_a_second_time_is_refused_in_words(world: World, slug: str) -> None:
    ada = world.visitor("ada").start(slug)
    (seq,) = offered(ada.propose(slug, world.item(0), FARMS))
    assert ada.submit(f"/undo/{seq}").status_code == 303
    before = world.last()
    for _time in range(2):
        again = ada.submit(f"/undo/{seq}")
        assert again.status_code == 409
        assert "taken back already" in again.text
    assert world.last() == before


def test_nobody_takes_back_what_is_not_theirs(world: World, slug: str) -> None:
    ada = world.visitor("ada").start(slug)
    (seq,) = offered(ada.propose(slug, world.item(0), FARMS))
    for person in (world.visitor("ben"), world.visitor("max"), world.visitor("olga")):
        foreign, absent = person.submit(f"/undo/{seq}"), person.submit("/undo/999999999")
        assert (foreign.status_code, absent.status_code) == (404, 404)
        assert foreign.text.replace(f"/undo/{seq}", "") == absent.text.replace(
            "/undo/999999999", ""
        )
    assert world.visitor().submit(f"/undo/{seq}").status_code == 401


@pytest.mark.parametrize("seq", ["0", "-1", "1e3", "x", "1" * 40, "9" * 18, "%00", "1;2"])
def test_a_number_that_is_none_is_not_found(world: World, seq: str) -> None:
    assert world.visitor("ada").submit(f"/undo/{seq}").status_code == 404


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil", "\n/x"])
def test_nobody_is_led_elsewhere(world: World, slug: str, back: str) -> None:
    ada = world.visitor("ada").start(slug)
    (seq,) = offered(ada.propose(slug, world.item(0), FARMS))
    assert ada.submit(f"/undo/{seq}", back=back).headers["Location"] == "/"


@pytest.mark.parametrize("value", ["9" * 18, "u1", "1", "0", "x", "<b>", "u", "-1", "1" * 90])
def test_a_made_up_notice_tells_nothing(world: World, slug: str, value: str) -> None:
    """The cookie names an entry; what it says of it is told to nobody but its author."""
    guest = world.visitor().start(slug)
    plain = guest.get(f"/campaigns/{slug}").text
    guest.cookies.set("notice", value, domain="127.0.0.1")
    shown = guest.get(f"/campaigns/{slug}")
    assert shown.status_code == 200
    assert shown.text == plain


def test_somebody_elses_notice_is_not_shown(world: World, slug: str) -> None:
    ada = world.visitor("ada").start(slug)
    (seq,) = offered(ada.propose(slug, world.item(0), FARMS))
    ben = world.visitor("ben")
    ben.cookies.set("notice", seq, domain="127.0.0.1")
    assert "/undo/" not in ben.get(f"/campaigns/{slug}").text


def test_the_visit_lists_it_with_buttons(world: World, slug: str) -> None:
    guest, item = world.visitor().start(slug), world.item(0)
    assert "Nothing yet." in guest.get("/account/visit").text
    guest.propose(slug, item, FARMS)
    guest.submit(f"/campaigns/{slug}/items/{item}/finish")
    shown = guest.get("/account/visit")
    assert "You are done with “Print 0”." in shown.text
    assert len(set(offered(shown))) == 2
    assert f"/campaigns/{slug}/items/{item}" in shown.text
    for seq in set(offered(shown)):
        assert guest.submit(f"/undo/{seq}", back="/account/visit").status_code == 303
    after = guest.get("/account/visit").text
    assert after.count("This was taken back already.") == 2
    assert "/undo/" not in after.partition("<main")[2]


def test_the_visit_is_for_whoever_it_is_of(world: World) -> None:
    assert world.visitor().get("/account/visit").status_code == 401
    for before in ("0", "x", "-1", "9" * 30, "%00"):
        assert world.visitor("ada").get(f"/account/visit?before={before}").status_code == 200
