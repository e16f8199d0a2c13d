"""The page for publishing: what would change, what is refused, and what happened afterwards."""

import re
import time
from dataclasses import replace
from datetime import date

import pytest

from server.domain import campaigns, contributing, participation
from server.domain.acceptance import Acceptance
from server.domain.contributing import Proposal
from server.index import labels, queues
from server.names import CH, DC
from server.viewers import PUBLIC
from tests import worlds
from tests.web.campaign_site import FARMS, ITEMS, RESORTS, VINEYARDS, World, now
from tests.web.visitors import Visitor

JSON = {"Accept": "application/json"}


def agreed(world: World, slug: str, number: int = 0, term: str = FARMS) -> str:
    """The `{id}` of an annotation that two people say is right."""
    for name in ("ada", "ben"):
        participation.agree(world.desk, world.people[name], slug, now=now())
    proposal = Proposal.of_term(slug, worlds.item(number), 1, term)
    iris = {
        contributing.propose(world.desk, world.people[name], proposal, now=now())
        for name in ("ada", "ben")
    }
    return iris.pop().rpartition("/")[2]


def edition(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_it_shows_what_would_change_and_says_what_happened(
    world: World, organiser: Visitor
) -> None:
    slug = world.campaign()
    agreed(world, slug, 0, FARMS)
    agreed(world, slug, 0, RESORTS)
    agreed(world, slug, 1, FARMS)
    address = f"/campaigns/{slug}/publish"
    page = organiser.get(address)
    assert page.status_code == 200
    assert "Publish 3 statements" in page.text
    assert f'href="{address}"' in organiser.get(f"/campaigns/{slug}").text
    answer = organiser.submit(address, seen=edition(page.text))
    assert answer.headers["Location"] == address
    assert "3 statements on 2 objects published." in organiser.get(address).text
    assert "3 statements on 2 objects published." in organiser.get(f"/campaigns/{slug}").text
    assert "There is nothing new to publish." in organiser.get(address).text
    page = organiser.get(address)
    organiser.submit(f"{address}/withdraw", seen=edition(page.text))
    assert "3 statements on 2 objects taken back." in organiser.get(address).text


def test_a_program_reads_the_same(world: World, organiser: Visitor) -> None:
    slug = world.campaign(embargoes=((worlds.item(1), date(2090, 1, 1)),))
    made, waits = agreed(world, slug, 0), agreed(world, slug, 1)
    said = organiser.get(f"/campaigns/{slug}/publish", headers=JSON).json()
    assert said["publishable"] is True
    assert (said["figures"]["added"], said["figures"]["items"]) == (1, 1)
    assert said["examples"]["added"] == [world.iri(made)]
    (refused,) = said["refused"]
    assert (refused["reason"], refused["count"]) == ("embargo", 1)
    assert refused["examples"] == [world.iri(waits)]


@pytest.mark.parametrize("name", ["", "ada", "otto"])
def test_it_is_for_the_organisers_of_the_campaign(world: World, name: str) -> None:
    slug = world.campaign()
    agreed(world, slug)
    somebody = world.visitor(name)
    before = world.last()
    for path in ("publish", "publish/withdraw", "publish/schedule"):
        assert somebody.submit(f"/campaigns/{slug}/{path}").status_code in (401, 403)
    assert somebody.get(f"/campaigns/{slug}/publish").status_code in (303, 401, 403)
    assert world.last() == before


def test_who_looked_before_it_changed_looks_again(world: World, organiser: Visitor) -> None:
    slug = world.campaign()
    agreed(world, slug)
    seen = edition(organiser.get(f"/campaigns/{slug}/publish").text)
    assert organiser.submit(f"/campaigns/{slug}/publish", seen=seen).status_code == 303
    before = world.last()
    for path in ("publish", "publish/withdraw"):
        assert organiser.submit(f"/campaigns/{slug}/{path}", seen=seen).status_code == 409
        assert organiser.submit(f"/campaigns/{slug}/{path}", seen="x").status_code == 409
    assert world.last() == before


def test_a_choice_is_published_alone(world: World, organiser: Visitor) -> None:
    slug = world.campaign()
    one, other = agreed(world, slug, 0, FARMS), agreed(world, slug, 0, VINEYARDS)
    page = organiser.get(f"/campaigns/{slug}/publish?annotation={one}")
    assert "Publish 1 statement<" in page.text
    answer = organiser.submit(f"/campaigns/{slug}/publish", annotation=one, seen=edition(page.text))
    assert answer.status_code == 303
    assert (world.row(one).status, world.row(other).status) == ("published", "accepted")
    for wrong in (
        {"field": "http://nothing.example.org/"},
        {"kind": CH.Comment.value},
        {"annotation": ["x"] * 501},
        {"annotation": "javascript:alert(1)/"},
    ):
        before = world.last()
        answer = organiser.submit(f"/campaigns/{slug}/publish", **wrong)
        assert answer.status_code == 422, wrong
        assert world.last() == before
    answer = organiser.submit(f"/campaigns/{slug}/publish", field=DC.subject.value)
    assert world.row(other).status == "published"


def test_annotations_are_chosen_on_the_page_for_moderating(
    world: World, organiser: Visitor
) -> None:
    slug = world.campaign()
    made = agreed(world, slug)
    page = organiser.get(f"/campaigns/{slug}/moderate").text
    assert f'form="choose" name="annotation" value="{made}"' in page
    assert f'id="choose" method="get" action="/campaigns/{slug}/publish"' in page


@pytest.mark.parametrize("state", ["draft", "blind", "embargo"])
def test_what_may_not_be_published_yet_has_no_button(
    world: World, organiser: Visitor, state: str
) -> None:
    slug = world.campaign()
    agreed(world, slug)
    standing = campaigns.find_standing(world.desk, slug)
    assert standing
    changed = {
        "draft": replace(standing, state="draft"),
        "blind": replace(standing, blind=True),
        "embargo": replace(standing, embargo=date(2090, 1, 1)),
    }[state]
    campaigns.edit(world.desk, world.people["olga"], changed, now=now())
    page = organiser.get(f"/campaigns/{slug}/publish")
    assert page.status_code == 200
    assert "Publish 1 statement" not in page.text
    before = world.last()
    assert organiser.submit(f"/campaigns/{slug}/publish").status_code == 409
    assert world.last() == before


def test_when_it_is_published_is_set_in_a_form(world: World, organiser: Visitor) -> None:
    slug = world.campaign()
    address = f"/campaigns/{slug}/publish/schedule"
    answer = organiser.submit(
        address, publish_at="2090-05-06T12:30", publish_every="week", embargo="2090-01-01"
    )
    assert answer.status_code == 303
    turtle = organiser.get(f"/campaigns/{slug}.ttl").text
    for said in ("2090-05-06T12:30:00", "ch:EveryWeek", '"2090-01-01"'):
        assert said in turtle
    page = organiser.get(f"/campaigns/{slug}/publish").text
    assert 'value="2090-05-06T12:30"' in page
    assert "Published by itself next at" in organiser.get(f"/campaigns/{slug}").text
    before = world.last()
    for wrong in (
        {"publish_at": "soon"},
        {"publish_every": "hour"},
        {"embargo": "2090-02-30"},
    ):
        assert organiser.submit(address, **wrong).status_code == 422, wrong
    assert world.last() == before


def test_an_embargo_does_not_hide_what_is_public_already(world: World, organiser: Visitor) -> None:
    slug = world.campaign()
    agreed(world, slug)
    organiser.submit(f"/campaigns/{slug}/publish")
    answer = organiser.submit(f"/campaigns/{slug}/publish/schedule", embargo="2090-01-01")
    assert answer.status_code == 409
    assert "Take back what is published" in answer.text


def test_a_rule_is_told_in_words_and_set_in_the_campaigns_form(
    world: World, organiser: Visitor
) -> None:
    slug = world.campaign()
    form = {
        "title": "Rules", "description": "So.", "collections": "prints", "target": "10",
        "minimum_approvals": "2", "signed_in_approvals": "1", "task-1-kind": "semantic-tag",
        "task-1-field": "dc:subject",
        "task-1-question": "What?", "task-1-vocabularies": "aat", "guests": "1",
        "task-1-most": "2", "task-1-least_share": "0.25", "task-1-beats_ties": FARMS,
        "publish_rejections": "1",
        "embargoes": f"2090-01-01 {worlds.item(0)}",
    }  # fmt: skip
    answer = organiser.submit(f"/campaigns/{slug}/edit", **form)
    assert answer.status_code == 303, answer.text
    page = organiser.get(f"/campaigns/{slug}/publish").text
    assert "Of each object the 2 answers with the most votes are published." in page
    assert "An answer needs 25% of the votes" in page
    assert "1 object is under embargo." in page
    filled = organiser.get(f"/campaigns/{slug}/edit").text
    assert f"2090-01-01 {worlds.item(0)}" in filled
    for name, text in (
        ("task-1-most", "many"), ("task-1-most", "101"), ("task-1-least_share", "2"),
        ("task-1-beats_ties", "javascript:alert(1)"), ("embargoes", "tomorrow http://x.example/"),
        ("embargoes", "2090-01-01 javascript:alert(1)"),
    ):  # fmt: skip
        before = world.last()
        answer = organiser.submit(f"/campaigns/{slug}/edit", **form | {name: text})
        assert answer.status_code == 422, (name, text)
        assert world.last() == before


def test_much_is_looked_at_and_published_in_the_background(
    world: World, organiser: Visitor
) -> None:
    slug = world.campaign(acceptance=Acceptance(minimum_approvals=1))
    ada = world.people["ada"]
    participation.agree(world.desk, ada, slug, now=now())
    terms = [iri for iri, _name in labels.samples(PUBLIC, world.desk.index, "aat", "en", 9)]
    for term in terms:
        for number in range(ITEMS):
            proposal = Proposal.of_term(slug, worlds.item(number), 1, term)
            contributing.propose(world.desk, ada, proposal, now=now())
    many, before = len(terms) * ITEMS, world.last()
    assert many > 100
    waiting = organiser.get(f"/campaigns/{slug}/publish", headers=JSON)
    assert waiting.status_code == 202
    wait(organiser, waiting.json()["job"])
    figures = organiser.get(f"/campaigns/{slug}/publish", headers=JSON).json()["figures"]
    assert (figures["added"], figures["items"]) == (many, ITEMS)
    assert world.last() == before
    page = organiser.get(f"/campaigns/{slug}/publish").text
    job = organiser.submit(f"/campaigns/{slug}/publish", seen=edition(page)).headers["Location"]
    assert f"{many} statements on {ITEMS} objects published." in wait(organiser, job)
    assert world.last() == before + 1
    tally = queues.progress(world.desk.index.read(), slug).by_status
    assert tally == {"published": many}
    history = organiser.get(f"/annotation/{_any(world, slug)}").text
    assert "Published" in history


def _any(world: World, slug: str) -> str:
    (row,) = queues.recent_annotations(world.desk.index.read(), slug, 1)
    return row.iri.rpartition("/")[2]


def wait(organiser: Visitor, job: str) -> str:
    """The page of a job that has ended."""
    for _attempt in range(400):
        shown = organiser.get(job, headers={"HX-Request": "true"}).text
        if "hx-get" not in shown:
            return shown
        time.sleep(0.05)
    raise AssertionError("it does not end")
