"""Taking part: starting, proposing, voting, undoing, going on."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import httpx
import pytest
from pyoxigraph import NamedNode

from server.domain.campaigns import Task
from server.index import queues
from server.names import CH, DC, DCTERMS
from tests import worlds
from tests.web.campaign_site import COMPLEXES, FARMS, GUIDE, ITEMS, RESORTS, VINEYARDS, World
from tests.web.visitors import Visitor, proposals

CC_BY = "https://creativecommons.org/licenses/by/4.0/"


def test_a_guest_starts_with_one_picture_and_tags_it(world: World, visitor: Visitor) -> None:
    assert "set-cookie" not in visitor.get("/about").headers or "session" not in visitor.cookies
    started = visitor.submit("/campaigns/subjects/start")
    assert started.headers["Location"] == "/campaigns/subjects/next"
    following = visitor.get(started.headers["Location"]).headers["Location"]
    assert visitor.get(following).status_code == 200
    made = visitor.proposed("subjects", following.rpartition("/")[2], FARMS)
    assert world.row(made).approvals == 1


def test_what_a_guest_proposed_is_theirs_after_signing_up(world: World, visitor: Visitor) -> None:
    slug = world.campaign()
    visitor.start(slug)
    made, agent = visitor.proposed(slug, world.item(0), FARMS), visitor.agent()
    fields = {"name": "Gerda", "email": "gerda@example.org", "password": "a long pass phrase"}
    assert visitor.submit("/register", **fields).status_code == 303
    assert visitor.agent() == agent
    page = visitor.get(f"/campaigns/{slug}/items/{world.item(0)}").text
    assert f"/annotation/{made}/withdraw" in page
    assert visitor.vote(made, "approve").status_code == 409
    assert visitor.submit(f"/annotation/{made}/withdraw").status_code == 303


def test_starting_twice_makes_one_guest_and_one_agreement(world: World, visitor: Visitor) -> None:
    slug = world.campaign()
    agent, before = visitor.start(slug).agent(), world.last()
    assert visitor.start(slug).agent() == agent
    assert world.last() == before


def test_a_campaign_without_guests_leads_to_signing_in(world: World, visitor: Visitor) -> None:
    slug = world.campaign(guests=False)
    answer = visitor.submit(f"/campaigns/{slug}/start")
    assert answer.headers["Location"] == f"/login?next=/campaigns/{slug}"
    assert "session" not in visitor.cookies
    visitor.start("subjects")
    assert visitor.submit(f"/campaigns/{slug}/start").status_code == 401
    assert visitor.propose(slug, world.item(0), FARMS).status_code == 401
    assert world.visitor("ada").start(slug).next(slug)


def test_starting_with_an_item_leads_to_it(world: World, visitor: Visitor) -> None:
    answer = visitor.submit("/campaigns/subjects/start", item=world.item(7))
    assert answer.headers["Location"] == f"/campaigns/subjects/items/{world.item(7)}"


def test_nobody_contributes_before_agreeing_to_the_licence(world: World) -> None:
    slug = world.campaign()
    made = world.visitor().start(slug).proposed(slug, world.item(0), FARMS)
    ada = world.visitor("ada")
    page = ada.get(f"/campaigns/{slug}/items/{world.item(0)}").text
    assert "I agree" in page
    assert f"/annotation/{made}/vote" not in page
    before = world.last()
    for refused in (ada.propose(slug, world.item(0), FARMS), ada.vote(made, "approve")):
        assert refused.status_code == 403
        assert "licence" in refused.json()["detail"]
    assert world.last() == before


def test_the_agreed_licence_is_kept_and_stands_in_what_is_published(world: World) -> None:
    slug = world.campaign(licence=CC_BY)
    made = world.publish(slug)
    agreement = f"{world.desk.names.campaign(slug).value}#agreement-{world.people['ada'].id}"
    work = world.desk.datasets["work"].store
    kept = list(work.quads_for_pattern(NamedNode(agreement), DCTERMS.license, None))
    assert [quad.object for quad in kept] == [NamedNode(CC_BY)]
    assert f"<{CC_BY}>" in world.visitor().get(f"/annotation/{made}.nt").text


def test_after_a_change_of_the_licence_people_agree_anew(world: World, organiser: Visitor) -> None:
    slug = world.campaign()
    ada = world.visitor("ada").start(slug)
    form = {
        "title": "T", "description": "D", "collections": "prints", "task-1-field": "dc:subject",
        "task-1-question": "What?", "task-1-vocabularies": "aat", "target": "5", "licence": CC_BY,
        "minimum_approvals": "2", "signed_in_approvals": "1", "guests": "1", "browsing": "1",
    }  # fmt: skip
    assert organiser.submit(f"/campaigns/{slug}/edit", **form).status_code == 303
    assert ada.propose(slug, world.item(0), FARMS).status_code == 403
    ada.start(slug)
    assert ada.propose(slug, world.item(0), FARMS).status_code == 200


def test_a_proposal_by_htmx_is_answered_by_the_task(world: World) -> None:
    slug = world.campaign()
    answer = world.visitor("ada").start(slug).propose(slug, world.item(0), FARMS)
    assert answer.text.lstrip().startswith("<section")
    assert "<html" not in answer.text
    assert "farms" in answer.text
    assert 'data-announce="Added' in answer.text


def test_a_plain_form_leads_back_to_the_page(world: World) -> None:
    slug, item = world.campaign(), world.item(0)
    ada = world.visitor("ada").start(slug)
    answer = ada.propose(slug, item, FARMS, htmx=False)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/campaigns/{slug}/items/{item}#task-1"
    assert "farms" in ada.get(f"/campaigns/{slug}/items/{item}").text


@pytest.mark.parametrize("htmx", [True, False])
def test_a_word_without_a_chosen_term_is_answered_by_choices(world: World, htmx: bool) -> None:
    slug = world.campaign()
    ada, before = world.visitor("ada").start(slug), world.last() + 1
    answer = ada.propose(slug, world.item(0), "", htmx=htmx, q="farm")
    assert answer.status_code == 200
    assert f'name="body" value="{FARMS}"' in answer.text
    assert ("<html" in answer.text) is not htmx
    nothing = ada.propose(slug, world.item(0), "", htmx=htmx, q="xyzzy")
    assert nothing.status_code == 422
    assert "No term found" in nothing.text
    assert world.last() <= before


def test_the_same_proposal_by_two_people_is_one_annotation(world: World) -> None:
    slug, item = world.campaign(), world.item(0)
    made = [world.visitor(name).start(slug).proposed(slug, item, FARMS) for name in ("ada", "ben")]
    assert made[0] == made[1]
    assert world.row(made[0]).approvals == 2
    assert world.row(made[0]).status == "accepted"


def test_the_same_proposal_at_the_same_moment_is_one_annotation(world: World) -> None:
    slug, item = world.campaign(), world.item(0)
    guests = [world.visitor().start(slug) for _ in range(6)]
    for guest in guests:
        guest.token()
    with ThreadPoolExecutor(len(guests)) as pool:
        made = list(pool.map(lambda guest: guest.proposed(slug, item, FARMS), guests))
    assert len(set(made)) == 1
    assert world.row(made[0]).approvals == len(guests)
    assert queues.progress(world.desk.index.read(), slug).people == len(guests)


def test_a_program_contributes_with_a_token(world: World, visitor: Visitor) -> None:
    slug, item = world.campaign(), world.item(0)
    made = world.visitor("ben").start(slug).proposed(slug, item, FARMS)
    page = (
        world.visitor("ada")
        .start(slug)
        .submit("/account/tokens", label="a script", scope="contribute")
        .text
    )
    found = re.search(r"ch_[A-Za-z0-9_-]{20,}", page)
    if found is None:
        pytest.skip("the page of the account does not show new tokens")
    headers = {"Authorization": f"Bearer {found[0]}", "Accept": "application/json"}
    path = f"/campaigns/{slug}/items/{item}/annotations"
    answer = visitor.post(path, data={"task": "1", "body": RESORTS}, headers=headers)
    assert answer.status_code == 201
    answer = visitor.post(f"/annotation/{made}/vote", data={"verdict": "approve"}, headers=headers)
    assert answer.status_code == 200
    assert world.row(made).approvals == 2
    refused = visitor.post(path, data={"task": "7", "body": RESORTS}, headers=headers)
    assert refused.headers["Content-Type"] == "application/problem+json"
    wrong = headers | {"Authorization": "Bearer ch_nonsense"}
    assert visitor.post(path, data={"task": "1"}, headers=wrong).status_code == 401


def test_proposing_twice_changes_nothing(world: World) -> None:
    slug = world.campaign()
    ada = world.visitor("ada").start(slug)
    made, before = ada.proposed(slug, world.item(0), FARMS), world.last()
    assert ada.proposed(slug, world.item(0), FARMS) == made
    assert world.last() == before


def test_a_vote_can_be_given_changed_and_taken_back(world: World) -> None:
    slug = world.campaign()
    made = world.visitor("ada").start(slug).proposed(slug, world.item(0), FARMS)
    ben = world.visitor("ben").start(slug)

    def counts() -> tuple[int, int, int, str]:
        row = world.row(made)
        return row.approvals, row.rejections, row.unsure, row.status

    for verdict, expected in (
        ("approve", (2, 0, 0, "accepted")),
        ("reject", (1, 1, 0, "pending")),
        ("unsure", (1, 0, 1, "pending")),
        ("none", (1, 0, 0, "pending")),
    ):
        answer = ben.vote(made, verdict)
        assert (answer.status_code, proposals(answer)) == (200, [made])
        assert ('aria-pressed="true"' in answer.text) is (verdict != "none")
        assert counts() == expected


def test_a_vote_by_a_plain_form_leads_back_to_the_item(world: World) -> None:
    slug, item = world.campaign(), world.item(0)
    made = world.visitor("ada").start(slug).proposed(slug, item, FARMS)
    ben = world.visitor("ben").start(slug)
    answer = ben.submit(f"/annotation/{made}/vote", verdict="approve")
    assert answer.headers["Location"] == f"/campaigns/{slug}/items/{item}"


def test_nobody_votes_on_their_own_proposal(world: World) -> None:
    slug = world.campaign()
    ada = world.visitor("ada").start(slug)
    made, before = ada.proposed(slug, world.item(0), FARMS), world.last()
    answer = ada.vote(made, "approve")
    assert answer.status_code == 409
    assert "yourself" in answer.json()["detail"]
    assert world.last() == before


def test_a_withdrawn_claim_is_gone_and_revives_when_proposed_again(world: World) -> None:
    slug, item = world.campaign(), world.item(0)
    ada, ben = world.visitor("ada").start(slug), world.visitor("ben").start(slug)
    made = ada.proposed(slug, item, FARMS)
    answer = ada.submit(f"/annotation/{made}/withdraw", htmx=True)
    assert (answer.status_code, proposals(answer)) == (200, [])
    assert world.row(made).status == "withdrawn"
    assert ben.vote(made, "approve").status_code == 409
    assert ben.proposed(slug, item, FARMS) == made
    assert world.row(made).status == "pending"


def test_only_ones_own_proposal_can_be_taken_back(world: World) -> None:
    slug = world.campaign()
    made = world.visitor("ada").start(slug).proposed(slug, world.item(0), FARMS)
    ben, before = world.visitor("ben").start(slug), world.last() + 1
    assert ben.submit(f"/annotation/{made}/withdraw").status_code == 403
    assert world.visitor().submit(f"/annotation/{made}/withdraw").status_code == 401
    assert world.last() <= before


def test_the_item_with_the_fewest_contributions_comes_next(world: World) -> None:
    slug = world.campaign()
    ada, ben = world.visitor("ada").start(slug), world.visitor("ben").start(slug)
    seen = []
    for _ in range(ITEMS - 1):
        seen.append(ada.next(slug))
        ada.proposed(slug, seen[-1], FARMS)
        ada.submit(f"/campaigns/{slug}/items/{seen[-1]}/finish")
    (left,) = {world.item(n) for n in range(ITEMS)} - set(seen)
    assert ben.next(slug) == left


def test_a_finished_item_never_comes_back(world: World) -> None:
    slug = world.campaign()
    ada, seen = world.visitor("ada").start(slug), []
    while item := ada.next(slug):
        seen.append(item)
        answer = ada.submit(f"/campaigns/{slug}/items/{item}/finish")
        assert answer.headers["Location"] == f"/campaigns/{slug}/next"
    assert sorted(seen) == sorted(world.item(n) for n in range(ITEMS))
    done = ada.get(f"/campaigns/{slug}/next")
    assert done.status_code == 200
    assert str(ITEMS) in done.text


def test_what_was_put_off_comes_back_last(world: World) -> None:
    slug = world.campaign()
    ada = world.visitor("ada").start(slug)
    first = ada.next(slug)
    ada.submit(f"/campaigns/{slug}/items/{first}/skip")
    others = set()
    while (item := ada.next(slug)) != first:
        others.add(item)
        ada.submit(f"/campaigns/{slug}/items/{item}/finish")
    assert len(others) == ITEMS - 1


def test_votes_of_guests_alone_do_not_accept(world: World) -> None:
    slug = world.campaign()
    made = world.visitor().start(slug).proposed(slug, world.item(0), FARMS)
    for _ in range(3):
        assert world.visitor().start(slug).vote(made, "approve").status_code == 200
    assert world.row(made).approvals == 4
    assert world.row(made).status == "pending"
    assert world.visitor("ada").start(slug).vote(made, "approve").status_code == 200
    assert world.row(made).status == "accepted"


def test_the_same_idempotency_key_twice_is_one_contribution(world: World) -> None:
    slug, item = world.campaign(), world.item(0)
    ada = world.visitor("ada").start(slug)
    first = ada.propose(slug, item, FARMS, key="abc")
    ada.submit(f"/annotation/{proposals(first)[0]}/withdraw")
    before = world.last()
    again = ada.propose(slug, item, FARMS, key="abc")
    assert again.status_code == 200
    assert world.last() == before
    assert queues.progress(world.desk.index.read(), slug).contributions == 0


def test_a_vote_repeated_with_its_key_is_one_vote(world: World) -> None:
    slug = world.campaign()
    made = world.visitor("ada").start(slug).proposed(slug, world.item(0), FARMS)
    ben = world.visitor("ben").start(slug)
    path, headers = f"/annotation/{made}/vote", {"Idempotency-Key": "k", "HX-Request": "1"}

    def send(verdict: str) -> httpx.Response:
        data = {"csrf": ben.token(), "verdict": verdict}
        return ben.post(path, data=data, headers=ben.origin | headers)

    assert send("approve").status_code == 200
    assert ben.vote(made, "reject").status_code == 200
    before = world.last()
    assert send("approve").status_code == 200
    assert world.last() == before
    assert world.row(made).rejections == 1


def test_keys_of_two_people_do_not_meet(world: World) -> None:
    slug = world.campaign()
    for name in ("ada", "ben"):
        world.visitor(name).start(slug).propose(slug, world.item(0), FARMS, key="same")
    assert queues.progress(world.desk.index.read(), slug).contributions == 2


BAD_PROPOSALS = {
    "a term outside of the vocabularies": ({"body": "http://example.org/term"}, 422),
    "a guide term": ({"body": GUIDE}, 422),
    "an IRI that is none": ({"body": 'x" } UNION {'}, 422),
    "a script": ({"body": "javascript:alert(1)"}, 422),
    "bidi control characters": ({"body": FARMS + "\u202e"}, 422),
    "a term without an end": ({"body": "http://x/" + "a" * 10_000}, 422),
    "a task that does not exist": ({"task": "2", "body": FARMS}, 404),
    "a task that is no number": ({"task": "one", "body": FARMS}, 404),
    "a task that is empty": ({"task": "", "body": FARMS}, 404),
    "a task of ten thousand digits": ({"task": "9" * 10_000, "body": FARMS}, 404),
    "a negative task": ({"task": "-1", "body": FARMS}, 404),
}


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("case", BAD_PROPOSALS)
def test_a_bad_proposal_is_refused_in_words_and_nothing_is_stored(
    world: World, case: str, htmx: bool
) -> None:
    fields, status = BAD_PROPOSALS[case]
    ada = world.visitor("ada").start("subjects")
    before = world.last()
    answer = ada.propose("subjects", world.item(3), "", htmx=htmx, **fields)
    assert answer.status_code == status
    expected = "Please choose one of the suggested terms" if status == 422 else "no such task"
    assert expected in answer.text
    assert world.last() == before


@pytest.mark.parametrize(
    ("item", "status"), [("map", 404), ("lost", 410), ("never", 404), (None, 404)]
)
def test_items_outside_of_the_collections_take_no_proposals(
    world: World, item: str | None, status: int
) -> None:
    ada = world.visitor("ada").start("subjects")
    before = world.last()
    name = world.desk.names.item_id(worlds.item(item)) if item else "nonsense"
    assert ada.propose("subjects", name, FARMS).status_code == status
    for act in ("finish", "skip"):
        path = f"/campaigns/subjects/items/{name}/{act}"
        assert ada.submit(path).status_code == status
    assert ada.get(f"/campaigns/subjects/items/{name}").status_code == status
    assert ada.submit("/campaigns/subjects/start", item=name).status_code == status
    assert world.last() == before


def states(world: World) -> dict[str, tuple[str, int]]:
    today, year = date.today(), timedelta(days=365)
    return {
        "closed": (world.campaign("closed"), 409),
        "not begun": (world.campaign(starts=today + year), 409),
        "over": (world.campaign(ends=today - year), 409),
        "draft": (world.campaign("draft"), 404),
        "unknown": ("no-such-campaign", 404),
    }


@pytest.mark.parametrize("case", ["closed", "not begun", "over", "draft", "unknown"])
def test_a_campaign_that_is_not_open_takes_nothing(
    world: World, visitor: Visitor, case: str
) -> None:
    slug, status = states(world)[case]
    ada, before = world.visitor("ada"), world.last()
    assert ada.propose(slug, world.item(0), FARMS).status_code == status
    assert ada.submit(f"/campaigns/{slug}/items/{world.item(0)}/finish").status_code == status
    for person in (ada, visitor):
        assert person.submit(f"/campaigns/{slug}/start").status_code == status
        following = person.get(f"/campaigns/{slug}/next")
        assert following.status_code == (404 if status == 404 else 303)
        assert following.headers.get("Location") in (None, f"/campaigns/{slug}")
    assert "session" not in visitor.cookies
    assert world.last() == before


def test_nobody_votes_in_a_campaign_that_was_closed(world: World, organiser: Visitor) -> None:
    slug = world.campaign()
    made = world.visitor("ada").start(slug).proposed(slug, world.item(0), FARMS)
    ben = world.visitor("ben").start(slug)
    assert organiser.submit(f"/campaigns/{slug}/close").status_code == 303
    before = world.last()
    assert ben.vote(made, "approve").status_code == 409
    assert world.last() == before


def test_an_answer_that_is_none_is_refused(world: World) -> None:
    slug = world.campaign()
    made = world.visitor("ada").start(slug).proposed(slug, world.item(0), FARMS)
    ben, before = world.visitor("ben").start(slug), world.last() + 1
    for verdict in ("", "maybe", "Approve", str(CH.Approve)):
        answer = ben.vote(made, verdict)
        assert answer.status_code == 422
        assert "yes, no or not sure" in answer.text
    assert ben.vote("nothing", "approve").status_code == 404
    assert world.visitor().vote(made, "approve").status_code == 401
    assert world.last() <= before


def test_several_questions_are_answered_apart(world: World) -> None:
    tasks = (
        Task(1, DC.subject.value, {"en": "What is shown?"}, ("aat",)),
        Task(2, DC.type.value, {"en": "What kind is it?"}, ("aat",)),
    )
    slug = world.campaign(tasks=tasks)
    ada = world.visitor("ada").start(slug)
    first = ada.propose(slug, world.item(0), FARMS)
    second = ada.propose(slug, world.item(0), VINEYARDS, task="2")
    assert 'id="task-2"' in second.text
    assert set(proposals(first)).isdisjoint(proposals(second))
    page = ada.get(f"/campaigns/{slug}/items/{world.item(0)}").text
    sections = re.split(r'<section class="task"', page)
    assert "farms" in sections[1] and "vineyards" in sections[2]


def test_what_is_not_published_is_shown_only_to_those_who_take_part(
    world: World, visitor: Visitor
) -> None:
    slug = world.campaign()
    made = world.visitor("ada").start(slug).proposed(slug, world.item(0), COMPLEXES)
    page = f"/campaigns/{slug}/items/{world.item(0)}"
    assert made not in visitor.get(page).text
    assert visitor.get(f"/annotation/{made}").status_code == 404
    assert made in world.visitor("ben").get(page).text


def test_a_vote_on_what_is_published_changes_what_the_public_sees(world: World) -> None:
    made = world.publish(world.campaign(), 9, FARMS)
    path, rejections = f"/annotation/{made}.nt", f"<{CH.rejections.value}>"
    stranger = world.visitor()

    def counted() -> list[str]:
        return [line for line in stranger.get(path).text.splitlines() if rejections in line]

    assert '"0"' in counted()[0]
    world.visitor("ben").vote(made, "reject")
    assert len(counted()) == 1
    assert '"1"' in counted()[0]


def test_withdrawing_what_is_published_takes_it_out_of_the_public_data(world: World) -> None:
    slug = world.campaign()
    made = world.publish(slug, 2, RESORTS)
    stranger = world.visitor()
    assert stranger.get(f"/annotation/{made}").status_code == 200
    ada = world.visitor("ada")
    assert ada.submit(f"/annotation/{made}/withdraw").status_code == 409  # Ben voted on it
    world.visitor("ben").submit(f"/annotation/{made}/vote", verdict="none")
    assert ada.submit(f"/annotation/{made}/withdraw").status_code == 303
    for accept in ("text/html", "text/turtle"):
        assert stranger.get(f"/annotation/{made}", headers={"Accept": accept}).status_code == 410
    assert RESORTS not in stranger.get(f"/items/{world.item(2)}.nt").text
