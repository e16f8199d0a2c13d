"""The history of an annotation: who did what, when, as they allow it to be told."""

import re

import httpx
import pytest

from server.domain import accounts, software_claims
from server.domain.contributing import Proposal
from server.domain.software import Software
from tests import worlds
from tests.web.campaign_site import FARMS, PASSWORD, RESORTS, World, now
from tests.web.visitors import Visitor


def events(person: Visitor, name: str, query: str = "") -> list[dict[str, object]]:
    answer = history(person, name, query, "application/json")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["events"]
    return found


def history(
    person: Visitor, name: str, query: str = "", accept: str = "text/html"
) -> httpx.Response:
    return person.get(f"/annotation/{name}/history{query}", headers={"Accept": accept})


def steps(found: list[dict[str, object]]) -> list[tuple[object, object]]:
    return [(each["action"], each.get("verdict")) for each in found]


def test_it_tells_all_that_happened_the_newest_first(world: World) -> None:
    slug = world.campaign()
    ada, ben, olga = (world.visitor(name).start(slug) for name in ("ada", "ben", "olga"))
    name = ada.proposed(slug, world.item(0), FARMS)
    ben.vote(name, "reject", reason="too small", comment="a barn at most")
    ben.vote(name, "approve")
    ben.vote(name, "none")
    ben.propose(slug, world.item(0), FARMS)
    olga.submit(f"/annotation/{name}/decide", verdict="accept", reason="it is one")
    olga.submit(f"/campaigns/{slug}/publish")
    olga.submit(f"/campaigns/{slug}/unpublish")
    found = events(ada, name)
    assert steps(found) == [
        ("unpublished", None), ("published", None), ("decided", "accept"), ("joined", None),
        ("unvoted", None), ("voted", "approve"), ("voted", "reject"), ("proposed", None),
    ]  # fmt: skip
    assert found[5]["former_verdict"] == "reject"
    assert found[6]["details"] == ["too small", "a barn at most"]
    assert found[2]["details"] == ["it is one"]
    assert [each["entry"] for each in found] == sorted((e["entry"] for e in found), reverse=True)  # type: ignore[type-var]
    page = history(ada, name).text
    for words in ("Voted: no", "a barn at most", "Decided: accepted", "Proposed as well"):
        assert words in page
    assert "Decided: accepted" in ada.get(f"/annotation/{name}").text


def test_an_edit_names_the_other_answer_on_both_sides(world: World) -> None:
    slug = world.campaign()
    ada = world.visitor("ada").start(slug)
    first = ada.proposed(slug, world.item(0), FARMS)
    ada.propose(slug, world.item(0), RESORTS, replaces=first)
    (second,) = re.findall(r'id="proposal-(\w+)"',
                           ada.get(f"/campaigns/{slug}/items/{world.item(0)}").text)  # fmt: skip
    (made,) = events(ada, second)
    assert (made["action"], made["annotation"]) == ("proposed", f"/annotation/{first}")
    assert history(ada, first).status_code == 404  # nobody says it any more
    ada.propose(slug, world.item(0), FARMS)
    assert steps(events(ada, first))[1:] == [("withdrew", None), ("proposed", None)]
    assert events(ada, first)[1]["annotation"] == f"/annotation/{second}"


def test_what_was_undone_says_so(world: World) -> None:
    slug = world.campaign()
    ada, ben = (world.visitor(name).start(slug) for name in ("ada", "ben"))
    name = ada.proposed(slug, world.item(0), FARMS)
    ben.vote(name, "reject", reason="no")
    ben.submit(f"/undo/{world.last()}")
    last, *_ = events(ada, name)
    assert (last["action"], last["undo"]) == ("unvoted", True)


def test_people_are_named_only_where_they_want_it(world: World) -> None:
    slug, desk = world.campaign(), world.desk
    nora = accounts.create_user(
        desk, "Nora Named", "nora-history@example.org", PASSWORD, "contributor", now=now()
    )
    accounts.change_profile(desk, nora, "Nora Named", show_name=True)
    shown = world.visitor().sign_in("nora-history@example.org", PASSWORD).start(slug)
    ada, guest = world.visitor("ada").start(slug), world.visitor().start(slug)
    name = shown.proposed(slug, world.item(0), FARMS)
    ada.vote(name, "approve")
    guest.vote(name, "approve")
    world.visitor("olga").submit(f"/annotation/{name}/decide", verdict="accept", reason="yes")
    who = [each["by"] for each in events(ada, name)]
    assert who == [
        {"kind": "organiser", "name": "An organiser"}, {"kind": "people", "name": "A guest"},
        {"kind": "you", "name": "You"}, {"kind": "people", "name": "Nora Named"},
    ]  # fmt: skip
    accounts.erase(desk, nora, now=now())
    assert "Nora" not in history(ada, name).text


def test_software_is_named_with_its_version_and_how_sure_it_is(world: World) -> None:
    slug, olga = world.campaign(), world.people["olga"]
    looker = Software("Looker", "2.1", "https://software.example.org/looker-2.1")
    proposal = Proposal.of_term(slug, worlds.item(0), 1, FARMS)
    iri = software_claims.claim(world.desk, olga, looker, proposal, 0.93, now=now())
    ada, name = world.visitor("ada").start(slug), iri.rpartition("/")[2]
    (made,) = events(ada, name)
    assert made["by"] == {"kind": "software", "name": "Looker 2.1, very sure (93%)"}
    assert made["confidence"] == 0.93
    for path in (f"/annotation/{name}", f"/annotation/{name}/history"):
        assert "Looker 2.1, very sure (93%)" in ada.get(path).text


def test_strangers_see_the_history_of_what_is_published_without_the_words(world: World) -> None:
    slug = world.campaign()
    name = world.publish(slug, 0, FARMS)
    ben = world.visitor("ben")
    ben.vote(name, "reject", reason="CanaryReason", comment="CanaryComment")
    world.visitor("olga").submit(
        f"/annotation/{name}/decide", verdict="accept", reason="CanaryDecision"
    )
    for person, hears in ((world.visitor(), False), (ben, True), (world.visitor("olga"), True)):
        for accept in ("text/html", "application/json"):
            text = history(person, name, accept=accept).text
            assert "Canary" not in text or hears
            assert ("CanaryComment" in text) == hears
    assert steps(events(world.visitor(), name))[-1] == ("proposed", None)


def test_what_one_may_not_see_has_no_history(world: World) -> None:
    slug = world.campaign()
    ada, stranger = world.visitor("ada").start(slug), world.visitor()
    name = ada.proposed(slug, world.item(0), FARMS)
    for accept in ("text/html", "application/json"):
        hidden = history(stranger, name, accept=accept)
        absent = history(stranger, "a" * 26, accept=accept)
        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert hidden.text.replace(name, "") == absent.text.replace("a" * 26, "")
    assert history(ada, name).status_code == 200
    world.publish(slug, 0, FARMS)
    world.visitor("olga").submit(f"/campaigns/{slug}/unpublish")
    assert history(stranger, name).status_code == 410


def test_a_long_history_comes_in_pages(world: World) -> None:
    slug = world.campaign()
    ada, ben = (world.visitor(name).start(slug) for name in ("ada", "ben"))
    name = ada.proposed(slug, world.item(0), FARMS)
    for number in range(60):
        ben.vote(name, "approve" if number % 2 else "reject")
    first = history(ada, name, accept="application/json").json()
    assert len(first["events"]) == 50
    rest = ada.get(first["next"], headers={"Accept": "application/json"}).json()
    assert (len(rest["events"]), rest["next"]) == (11, None)
    assert rest["events"][-1]["action"] == "proposed"
    assert first["next"] in history(ada, name).text


@pytest.mark.parametrize("query", ["?before=x", "?before=-1", "?before=" + "9" * 30, "?before=%00"])
def test_a_page_that_is_none_begins_at_the_newest(world: World, query: str) -> None:
    slug = world.campaign()
    ada = world.visitor("ada").start(slug)
    name = ada.proposed(slug, world.item(0), FARMS)
    assert len(events(ada, name, query)) == 1
    assert events(ada, name, "?before=0") == []
