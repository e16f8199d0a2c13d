"""Judging what others proposed: one at a time, many at once, by the values of records."""

import re
from urllib.parse import quote

import httpx
import pytest

from server.domain import annotations, kinds
from server.domain.campaigns import Task
from server.names import CH, DC, DCTERMS
from tests import worlds
from tests.web.campaign_site import FARMS, VINEYARDS, World
from tests.web.test_hostile_requests import HOSTILE
from tests.web.visitors import REFUSED, Visitor

QUESTION = re.compile(r'<article class="judged" id="question-([0-9a-z-]+)"')
JSON = {"Accept": "application/json"}
REASONS = ({"en": "It is something else"}, {"en": "Too general"})


def shown(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return QUESTION.findall(answer.text)


def judge(person: Visitor, slug: str, name: str, verdict: str, **fields: object) -> httpx.Response:
    path = f"/campaigns/{slug}/validate"
    return person.submit(path, annotation=name, verdict=verdict, **fields)


def verdict(world: World, name: str, person: str) -> str | None:
    agent = world.people[person].agent.value
    return annotations.get(world.desk, world.iri(name)).verdict_of(agent)


@pytest.fixture
def slug(world: World) -> str:
    return world.campaign(reasons=REASONS)


@pytest.fixture
def ada(world: World, slug: str) -> Visitor:
    return world.visitor("ada").start(slug)


@pytest.fixture
def ben(world: World, slug: str) -> Visitor:
    return world.visitor("ben").start(slug)


# --- one at a time --------------------------------------------------------------------------------


def test_whoever_has_not_agreed_agrees_first_and_comes_back(world: World, slug: str) -> None:
    nobody = world.visitor()
    page = nobody.get(f"/campaigns/{slug}/validate")
    assert page.status_code == 200 and not QUESTION.search(page.text)
    assert 'name="then" value="validate"' in page.text
    answer = nobody.submit(f"/campaigns/{slug}/start", then="validate")
    assert answer.headers["Location"] == f"/campaigns/{slug}/validate"
    answer = nobody.submit(f"/campaigns/{slug}/start", then="//evil.example")
    assert answer.headers["Location"] == f"/campaigns/{slug}/next"


def test_one_proposal_after_the_other_without_scripts(
    world: World, slug: str, ada: Visitor, ben: Visitor
) -> None:
    made = {ada.proposed(slug, world.item(number), FARMS) for number in range(3)}
    address = f"/campaigns/{slug}/validate"
    for _each in range(3):
        [name] = shown(ben.get(address))
        answer = judge(ben, slug, name, "approve")
        assert answer.headers["Location"] == f"{address}?last={name}"
        page = ben.get(answer.headers["Location"])
        assert "You said yes to" in page.text
        assert verdict(world, name, "ben") == "approve"
        made.remove(name)
    assert made == set()
    assert "Nothing waits for your eyes" in ben.get(address).text
    back = judge(ben, slug, name, "none")
    assert back.headers["Location"] == f"{address}?at={name}"
    assert shown(ben.get(back.headers["Location"])) == [name]
    assert verdict(world, name, "ben") is None


def test_nobody_is_asked_about_or_votes_on_their_own(
    world: World, slug: str, ada: Visitor, ben: Visitor
) -> None:
    mine = ada.proposed(slug, world.item(0), FARMS)
    assert shown(ada.get(f"/campaigns/{slug}/validate/next")) == []
    before = world.last()
    answer = judge(ada, slug, mine, "approve")
    assert answer.status_code == 409 and "You proposed this yourself" in answer.text
    assert world.last() == before
    assert shown(ben.get(f"/campaigns/{slug}/validate/next?limit=9")) == [mine]
    assert shown(ben.get(f"/campaigns/{slug}/validate/next?limit=9&known={mine}")) == []


def test_what_was_withdrawn_meanwhile_is_told_in_words(
    world: World, slug: str, ada: Visitor, ben: Visitor
) -> None:
    name = ada.proposed(slug, world.item(0), FARMS)
    assert shown(ben.get(f"/campaigns/{slug}/validate")) == [name]
    assert ada.submit(f"/annotation/{name}/withdraw").status_code == 303
    path, fields = f"/campaigns/{slug}/validate", {"annotation": name, "verdict": "approve"}
    answer = ben.post(path, data={"csrf": ben.token(), **fields}, headers=ben.origin | JSON)
    assert answer.status_code == 409
    assert answer.json()["detail"] == "This proposal was withdrawn."
    assert shown(ben.get(f"/campaigns/{slug}/validate/next")) == []


def test_two_windows_of_one_person_leave_one_vote(
    world: World, slug: str, ada: Visitor, ben: Visitor
) -> None:
    name = ada.proposed(slug, world.item(0), FARMS)
    other = world.visitor("ben")
    for window, said in ((ben, "approve"), (other, "reject")):
        assert judge(window, slug, name, said).status_code == 303
    row = world.row(name)
    assert (row.approvals, row.rejections) == (1, 1)  # Ada's own, and Ben's last word
    assert verdict(world, name, "ben") == "reject"


def test_the_same_key_is_one_answer(world: World, slug: str, ada: Visitor, ben: Visitor) -> None:
    name = ada.proposed(slug, world.item(0), FARMS)
    assert judge(ben, slug, name, "approve", key="a").status_code == 303
    assert judge(ben, slug, name, "none", key="b").status_code == 303
    before = world.last()
    assert judge(ben, slug, name, "approve", key="a").status_code == 303
    assert world.last() == before and verdict(world, name, "ben") is None


def test_a_rejection_may_have_one_of_the_campaigns_reasons(
    world: World, slug: str, ada: Visitor, ben: Visitor
) -> None:
    name = ada.proposed(slug, world.item(0), FARMS)
    assert judge(ben, slug, name, "reject", reason="2").status_code == 303
    [vote] = annotations.get(world.desk, world.iri(name)).votes
    assert (vote.verdict, vote.reason) == ("reject", "Too general")
    for wrong in ("0", "3", "x", "-1", "9" * 500):
        assert judge(ben, slug, name, "reject", reason=wrong).status_code == 422
    assert "Too general" in ben.get(f"/campaigns/{slug}/validate?at={name}").text


def test_a_rating_says_yes_from_the_middle_on(world: World) -> None:
    slug = world.campaign(feedback="rating")
    ada, ben = world.visitor("ada").start(slug), world.visitor("ben").start(slug)
    names = [ada.proposed(slug, world.item(number), FARMS) for number in range(2)]
    page = ben.get(f"/campaigns/{slug}/validate")
    assert 'type="range" name="rating"' in page.text and 'value="approve"' not in page.text
    for name, rating, said in zip(names, ("80", "20"), ("approve", "reject"), strict=True):
        assert judge(ben, slug, name, "", rating=rating).status_code == 303
        [vote] = annotations.get(world.desk, world.iri(name)).votes
        assert (vote.verdict, vote.rating) == (said, int(rating))
    for wrong in ("101", "-1", "1.5", "nan", "٣"):
        assert judge(ben, slug, names[0], "", rating=wrong).status_code == 422


def test_not_now_brings_it_back_when_nothing_else_waits(
    world: World, slug: str, ada: Visitor, ben: Visitor
) -> None:
    for number in range(2):
        ada.proposed(slug, world.item(number), FARMS)
    first, second = shown(ben.get(f"/campaigns/{slug}/validate/next?limit=9"))
    before = world.last()
    assert judge(ben, slug, first, "later").status_code == 303
    assert world.last() == before
    assert shown(ben.get(f"/campaigns/{slug}/validate/next?limit=9")) == [second, first]


def test_a_program_gets_and_gives_the_same_as_json(
    world: World, slug: str, ada: Visitor, ben: Visitor
) -> None:
    name = ada.proposed(slug, world.item(0), FARMS)
    [found] = ben.get(f"/campaigns/{slug}/validate/next", headers=JSON).json()["proposals"]
    assert (found["id"], found["body"]["iri"], found["item"]["iri"]) == (
        name, FARMS, worlds.item(0),
    )  # fmt: skip
    assert found["question"] == "What is shown?"
    assert found["proposed_by"] == [{"software": False, "name": "one person", "sure": ""}]
    path = f"/campaigns/{slug}/validate"
    fields = {"csrf": ben.token(), "annotation": name, "verdict": "unsure"}
    told = ben.post(path, data=fields, headers=ben.origin | JSON).json()
    assert told["annotation"] == name and told["waiting"] == 0
    assert verdict(world, name, "ben") == "unsure"


def test_a_blind_campaign_tells_nothing_before_ones_own_answer(world: World) -> None:
    slug = world.campaign(blind=True)
    ada, ben = world.visitor("ada").start(slug), world.visitor("ben").start(slug)
    max_ = world.visitor("max").start(slug)
    name = ada.proposed(slug, world.item(0), FARMS)
    other = ada.proposed(slug, world.item(1), VINEYARDS)
    assert judge(max_, slug, name, "unsure").status_code == 303
    assert judge(max_, slug, other, "reject").status_code == 303
    page, fragments = (ben.get(f"/campaigns/{slug}/validate{end}") for end in ("", "/next?limit=9"))
    assert set(shown(fragments)) == {name, other}
    for answer in (page, fragments):
        assert "proposed by" not in answer.text and "why?" not in answer.text
        assert not re.search(r"Accepted|Contested|Rejected|accepted|contested|\d+ yes", answer.text)
    json = ben.get(f"/campaigns/{slug}/validate/next?limit=9", headers=JSON)
    bodies = {each["id"]: each for each in json.json()["proposals"]}
    assert {*bodies[name]} == {*bodies[other]}
    assert not {"proposed_by", "status", "approvals", "rejections"} & {*bodies[name]}
    # Two that differ in nothing but what others said of them have the same words and headers.
    kept = ("content-length", "date", "x-request-id", "server-timing")
    headers = [{k: v for k, v in a.headers.items() if k not in kept} for a in (page, fragments)]
    assert headers[0].keys() == headers[1].keys()
    assert ben.get(f"/campaigns/{slug}/validate/terms").status_code == 403
    assert ben.get(f"/campaigns/{slug}/validate/term?iri={quote(FARMS)}").status_code == 403


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_answers_store_nothing(
    world: World, slug: str, ada: Visitor, ben: Visitor, kind: str
) -> None:
    name, text = ada.proposed(slug, world.item(0), FARMS), HOSTILE[kind]
    before = world.last()
    for fields in (
        {"annotation": text, "verdict": "approve"},
        {"annotation": name, "verdict": text},
        {"annotation": name, "verdict": "", "rating": text},
        {"annotation": name, "verdict": "reject", "reason": text},
        {"annotation": name, "verdict": ""},
        {},
    ):
        answer = ben.submit(f"/campaigns/{slug}/validate", **fields)
        assert answer.status_code in REFUSED, (fields, answer.status_code)
        assert "<script>alert" not in answer.text
    assert world.last() == before
    for address in ("validate", "validate/next", "validate/terms", "validate/term", "values"):
        for name_ in ("at", "last", "known", "after", "iri", "limit", "property", "q", "task"):
            answer = ben.get(f"/campaigns/{slug}/{address}", params={name_: text})
            assert answer.status_code < 500, (address, name_)
            assert "<script>alert" not in answer.text


def test_a_proposal_of_another_campaign_is_not_found(
    world: World, slug: str, ada: Visitor, ben: Visitor
) -> None:
    elsewhere = world.campaign()
    world.visitor("ada").start(elsewhere)
    name = ada.proposed(elsewhere, world.item(0), FARMS)
    assert judge(ben, slug, name, "approve").status_code == 404


def test_what_people_wrote_is_shown_as_they_wrote_it(world: World) -> None:
    """Free text of a stranger in the focus view, escaped."""
    tag = Task(1, "", {"en": "Which words come to mind?"}, kind=CH.FreeTag.value)
    slug = world.campaign(tasks=(tag,))
    ada, ben = world.visitor("ada").start(slug), world.visitor("ben").start(slug)
    text = "<img src=x onerror=alert(1)>"
    path = f"/campaigns/{slug}/items/{world.item(0)}/annotations"
    kind = kinds.by_name(world.desk, "free-tag")
    fields = {entry.name: text for entry in kind.editable} | {
        f"{entry.name}-lang": "en" for entry in kind.editable
    }
    assert ada.submit(path, htmx=True, task="1", **fields).status_code == 200
    page = ben.get(f"/campaigns/{slug}/validate")
    assert "<img src=x" not in page.text and "&lt;img src=x" in page.text


# --- many at once ---------------------------------------------------------------------------------


def test_a_selection_is_answered_at_once_and_taken_back_at_once(
    world: World, slug: str, ada: Visitor, ben: Visitor
) -> None:
    names = [ada.proposed(slug, world.item(number), FARMS) for number in range(6)]
    own = ben.proposed(slug, world.item(7), FARMS)
    terms = ben.get(f"/campaigns/{slug}/validate/terms")
    assert "7 proposals wait" in terms.text
    page = ben.get(f"/campaigns/{slug}/validate/term?iri={quote(FARMS)}")
    offered = set(re.findall(r'name="annotation" value="([^"]+)"', page.text))
    assert offered == set(names) and "Yours" in page.text
    answer = ben.submit(
        f"/campaigns/{slug}/validate/term",
        iri=FARMS,
        annotation=[*names[:4], own],
        verdict="reject",
    )
    assert answer.status_code == 303
    after = ben.get(answer.headers["Location"])
    assert "4 answers are stored." in after.text and "1 was left out: you proposed it" in after.text
    assert [verdict(world, name, "ben") for name in names] == ["reject"] * 4 + [None] * 2
    [undo] = re.findall(r'action="(/campaigns/[^"]+/undo)"', after.text)
    stranger = ada.submit(undo)
    assert stranger.status_code == 404
    account = ben.get("/account")
    assert "No to “farms" in account.text and undo in account.text
    done = ben.submit(undo)
    assert "4 answers were taken back." in ben.get(done.headers["Location"]).text
    assert [verdict(world, name, "ben") for name in names] == [None] * 6
    assert ben.submit(undo).status_code == 404


def test_nothing_chosen_is_said_beside_the_grid(
    world: World, slug: str, ada: Visitor, ben: Visitor
) -> None:
    ada.proposed(slug, world.item(0), FARMS)
    answer = ben.submit(f"/campaigns/{slug}/validate/term", iri=FARMS, verdict="approve")
    assert answer.status_code == 422 and "Choose some of the pictures first." in answer.text


def test_all_of_a_term_takes_an_account(
    world: World, slug: str, ada: Visitor, ben: Visitor
) -> None:
    names = [ada.proposed(slug, world.item(number), FARMS) for number in range(3)]
    guest = world.visitor().start(slug)
    path = f"/campaigns/{slug}/validate/term"
    assert guest.submit(path, iri=FARMS, verdict="approve", all="1").status_code == 401
    assert ben.submit(path, iri=FARMS, verdict="approve", all="1").status_code == 303
    assert {verdict(world, name, "ben") for name in names} == {"approve"}


def test_the_answer_for_a_value_is_previewed_given_and_taken_back(world: World) -> None:
    task = Task(1, DC.subject.value, {"en": "What is it?"}, ("aat",), about=(DC.title.value,))
    slug = world.campaign(tasks=(task,))
    ben = world.visitor("ben").start(slug)
    page = ben.get(f"/campaigns/{slug}/values?task=1&property={quote(DC.title.value)}")
    assert "Print 7" in page.text and "1 item" in page.text
    asked = {"task": "1", "property": DC.title.value, "value": "Print 7", "lang": "en"}
    assert "Print 7" in ben.get(f"/campaigns/{slug}/values/one", params=asked).text
    before, path = world.last(), f"/campaigns/{slug}/values/one"
    preview = ben.submit(path, **asked, body=FARMS)
    assert "This is said of 1 item." in preview.text and world.last() == before
    done = ben.submit(path, **asked, body=FARMS, step="apply", where="all")
    assert done.status_code == 303, done.text
    after = ben.get(done.headers["Location"])
    assert "1 answer is stored." in after.text
    [undo] = re.findall(r'action="(/campaigns/[^"]+/undo)"', after.text)
    back = ben.submit(undo)
    assert "1 answer was taken back." in ben.get(back.headers["Location"]).text


def test_a_typed_word_leads_to_terms_to_choose_from(world: World) -> None:
    task = Task(1, DC.subject.value, {"en": "What is it?"}, ("aat",), about=(DC.title.value,))
    slug = world.campaign(tasks=(task,))
    ben = world.visitor("ben").start(slug)
    asked = {"task": "1", "property": DC.title.value, "value": "Print 7", "lang": "en"}
    path = f"/campaigns/{slug}/values/one"
    assert FARMS in ben.submit(path, **asked, q="farms").text
    assert ben.submit(path, **asked, q="zzzzqqq").status_code == 422
    assert ben.submit(path, **asked, body="http://elsewhere.example/").status_code == 422


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_values_change_nothing(world: World, kind: str) -> None:
    task = Task(1, DC.subject.value, {"en": "What is it?"}, ("aat",), about=(DC.title.value,))
    slug = world.campaign(tasks=(task,))
    ben, text, before = world.visitor("ben").start(slug), HOSTILE[kind], world.last() + 1
    good = {"task": "1", "property": DC.title.value, "value": "Print 7", "lang": "en"}
    for name in good:
        for step in ("", "apply"):
            answer = ben.submit(
                f"/campaigns/{slug}/values/one", **{**good, name: text}, body=FARMS, step=step
            )
            assert answer.status_code in REFUSED, (name, answer.status_code)
            assert "<script>alert" not in answer.text
    assert ben.submit(
        f"/campaigns/{slug}/values/one", **{**good, "property": DCTERMS.spatial.value}, body=FARMS
    ).status_code == 404  # fmt: skip
    assert world.last() <= before
