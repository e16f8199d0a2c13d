"""Making, changing, opening, closing, moderating and publishing campaigns."""

import re
import time
from html import unescape

import httpx
import pytest

from server.domain import campaign_files, campaigns, contributing, participation
from server.domain.acceptance import Acceptance
from server.domain.campaigns import Campaign
from server.errors import Invalid, Malformed
from server.index import labels, queues
from server.names import Names
from server.viewers import PUBLIC, Viewer
from tests import worlds
from tests.web.campaign_site import FARMS, ITEMS, RESORTS, World, now
from tests.web.visitors import Visitor

ALL = Viewer(sees_work=True)
LONG = "a" * 10_001
FORM: dict[str, object] = {
    "title": "Woven cloth",
    "slug": "",
    "description": "What is it made of?",
    "instructions": "Look closely.\n\nThen answer.",
    "collections": ["prints"],
    "task-1-field": "dc:subject",
    "task-1-question": "What is shown?",
    "task-1-hint": "A few words",
    "task-1-vocabularies": ["aat"],
    "target": "250",
    "starts": "2026-01-01",
    "ends": "2036-01-01",
    "minimum_approvals": "3",
    "minimum_score": "2",
    "minimum_share": "0.75",
    "signed_in_approvals": "1",
    "licence": campaigns.CC0,
    "guests": "1",
}
_TITLES = (f"Made by the form {number}" for number in range(1000))


def error_beside(answer: httpx.Response, field: str) -> str:
    """The words beside a field of a form; empty where there are none."""
    found = re.search(rf'<p class="error" id="{re.escape(field)}-error">(.*?)</p>', answer.text)
    return unescape(found[1]) if found else ""


def made(world: World, answer: httpx.Response) -> Campaign:
    assert answer.status_code == 303, [
        unescape(each) for each in re.findall(r'<p class="error".*?</p>', answer.text)
    ]
    slug = answer.headers["Location"].rpartition("/")[2]
    return campaigns.get_campaign(world.desk, ALL, slug)


def test_an_organiser_makes_a_campaign_by_the_form(world: World, organiser: Visitor) -> None:
    assert organiser.get("/campaigns/new").status_code == 200
    found = made(world, organiser.submit("/campaigns/new", **FORM))
    assert found.slug == "woven-cloth"
    assert found.state == "draft"
    assert found.title == {"en": "Woven cloth"}
    assert (found.collections, found.target) == (("prints",), 250)
    assert found.tasks[0].vocabularies == ("aat",)
    assert found.acceptance.minimum_share == 0.75
    assert found.acceptance.minimum_approvals == 3
    assert str(found.ends) == "2036-01-01"
    assert found.creator == world.people["olga"].agent.value


def test_a_campaign_can_be_saved_and_opened_at_once(world: World, organiser: Visitor) -> None:
    form = FORM | {"title": next(_TITLES), "then": "open"}
    found = made(world, organiser.submit("/campaigns/new", **form))
    assert found.state == "open"
    assert world.visitor().get(f"/campaigns/{found.slug}").status_code == 200


def test_a_draft_is_seen_by_organisers_only(world: World, organiser: Visitor) -> None:
    found = made(world, organiser.submit("/campaigns/new", **FORM | {"title": next(_TITLES)}))
    assert organiser.get(f"/campaigns/{found.slug}").status_code == 200
    for stranger in (world.visitor(), world.visitor("ada")):
        for path in ("", "/next", "/edit", "/moderate"):
            status = stranger.get(f"/campaigns/{found.slug}{path}").status_code
            assert status == 404, path
        assert found.slug not in stranger.get("/campaigns").text


def test_what_the_form_saved_is_what_it_shows_again(world: World, organiser: Visitor) -> None:
    form = FORM | {"title": 'Ein „Titel" <i>&amp;</i>'}
    found = made(world, organiser.submit("/campaigns/new", **form))
    page = organiser.get(f"/campaigns/{found.slug}/edit").text
    for text in (form["title"], "Look closely.\n\nThen answer.", "2036-01-01", "0.75", "250"):
        assert str(text) in unescape(page)
    assert re.search(r'name="collections" value="prints" checked', page)
    assert re.search(r'name="task-1-vocabularies" value="aat" checked', page)


def test_an_edited_campaign_changes_and_keeps_its_maker(world: World, organiser: Visitor) -> None:
    before = made(world, organiser.submit("/campaigns/new", **FORM | {"title": next(_TITLES)}))
    admin = world.visitor("max")
    changed = FORM | {"title": "Another", "minimum_score": "", "minimum_share": "", "guests": ""}
    after = made(world, admin.submit(f"/campaigns/{before.slug}/edit", **changed))
    assert (after.slug, after.title) == (before.slug, {"en": "Another"})
    assert after.creator == before.creator
    assert after.acceptance.minimum_score is None
    assert not after.guests


def test_a_text_in_another_language_stands_beside_the_first(
    world: World, organiser: Visitor
) -> None:
    found = made(world, organiser.submit("/campaigns/new", **FORM | {"title": next(_TITLES)}))
    german = world.visitor("olga")
    german.headers["Accept-Language"] = "de"
    german.submit(f"/campaigns/{found.slug}/edit", **FORM | {"title": "Gewebe"})
    after = campaigns.get_campaign(world.desk, ALL, found.slug)
    assert after.title == {"en": found.title["en"], "de": "Gewebe"}


def test_a_question_can_be_added_without_a_script(world: World, organiser: Visitor) -> None:
    before = world.last()
    answer = organiser.submit("/campaigns/new", **FORM | {"then": "add-task"})
    assert answer.status_code == 200
    assert 'name="task-2-question"' in answer.text
    assert world.last() == before
    two = FORM | {
        "title": next(_TITLES), "task-2-field": "dc:type", "task-2-question": "What kind?",
        "task-2-vocabularies": ["aat"],
    }  # fmt: skip
    assert len(made(world, organiser.submit("/campaigns/new", **two)).tasks) == 2


BAD_FIELDS: list[tuple[str, object, str]] = [
    ("title", "", "title"),
    ("title", "   ", "title"),
    ("title", "a" * 201, "title"),
    ("slug", "Not A Slug", "Small letters"),
    ("slug", "a/b", "Small letters"),
    ("slug", "a" * 65, "Small letters"),
    ("slug", 'x" } UNION {', "Small letters"),
    ("slug", "new", "is taken"),
    ("slug", "subjects", "short name already"),
    ("description", "", "description"),
    ("description", LONG, "10,000"),
    ("instructions", LONG, "10,000"),
    ("collections", [], "collection"),
    ("collections", ["no-such"], "no-such"),
    ("collections", ['x" } UNION {'], "collection"),
    ("task-1-question", "", "question"),
    ("task-1-question", "a" * 301, "300"),
    ("task-1-hint", "a" * 1001, "1,000"),
    ("task-1-field", "dc:title", "field"),
    ("task-1-field", "nonsense", "field"),
    ("task-1-vocabularies", [], "vocabulary"),
    ("task-1-vocabularies", ["no-such"], "no-such"),
    ("task-1-vocabularies", ["<script>"], "vocabulary"),
    ("target", "", "whole number"),
    ("target", "0", "at least 1"),
    ("target", "-5", "at least"),
    ("target", "abc", "whole number"),
    ("target", "1.5", "whole number"),
    ("target", "9" * 5000, "whole number"),
    ("target", "٣", "whole number"),
    ("starts", "yesterday", "date"),
    ("starts", "2036-01-02", "not after the last day"),
    ("ends", "2026-02-30", "date"),
    ("minimum_approvals", "0", "at least 1"),
    ("minimum_approvals", "101", "100"),
    ("minimum_score", "x", "whole number"),
    ("minimum_score", "1000", "100"),
    ("minimum_share", "2", "0 to 1"),
    ("minimum_share", "-0.1", "0 to 1"),
    ("minimum_share", "nan", "0 to 1"),
    ("minimum_share", "half", "0 to 1"),
    ("signed_in_approvals", "-1", "at least 0"),
    ("signed_in_approvals", "101", "100"),
    ("licence", "http://example.org/my-own", "licence"),
]


@pytest.mark.parametrize(("field", "value", "words"), BAD_FIELDS)
def test_what_is_wrong_is_said_beside_the_field(
    world: World, organiser: Visitor, field: str, value: object, words: str
) -> None:
    before = world.last()
    answer = organiser.submit("/campaigns/new", **FORM | {"title": next(_TITLES), field: value})
    assert answer.status_code == 422
    assert words.lower() in error_beside(answer, field).lower(), answer.text
    assert "another look" in answer.text
    assert world.last() == before


def test_everything_wrong_is_said_at_once(organiser: Visitor) -> None:
    answer = organiser.submit("/campaigns/new", **FORM | {"description": "", "collections": []})
    assert error_beside(answer, "description") and error_beside(answer, "collections")


def test_nothing_that_was_entered_is_lost_by_an_error(organiser: Visitor) -> None:
    form = FORM | {"slug": "my-own", "target": "abc"}
    page = unescape(organiser.submit("/campaigns/new", **form).text)
    for name in ("slug", "title", "task-1-question", "task-1-hint", "target", "starts", "ends"):
        assert f'value="{form[name]}"' in page, name
    assert re.search(r'name="collections" value="prints" checked', page)


def test_a_tiny_share_is_rounded(world: World, organiser: Visitor) -> None:
    form = FORM | {"title": next(_TITLES), "minimum_share": "0.00001"}
    assert made(world, organiser.submit("/campaigns/new", **form)).acceptance.minimum_share == 0


def test_only_organisers_make_campaigns(world: World) -> None:
    before = world.last()
    for name, status in (("", 401), ("ada", 403)):
        someone = world.visitor(name)
        assert someone.get("/campaigns/new").status_code == status
        assert someone.submit("/campaigns/new", **FORM).status_code == status
    guest = world.visitor().start("subjects")
    before = world.last()
    assert guest.submit("/campaigns/new", **FORM).status_code == 401
    assert world.last() == before


ACTIONS = ("publish", "unpublish", "open", "close")


@pytest.mark.parametrize("name", ["", "ada", "otto"])
def test_a_campaign_is_run_by_its_organiser_and_administrators(world: World, name: str) -> None:
    slug = world.campaign()
    someone = world.visitor(name)
    made = world.visitor("ada").start(slug).proposed(slug, world.item(0), FARMS)
    before, status = world.last(), 403 if name else 401
    for path in ("edit", "moderate"):
        assert someone.get(f"/campaigns/{slug}/{path}").status_code == status
    for action in ACTIONS:
        assert someone.submit(f"/campaigns/{slug}/{action}").status_code == status
    assert someone.submit(f"/campaigns/{slug}/edit", **FORM).status_code == status
    decision = someone.submit(f"/annotation/{made}/decide", verdict="accept")
    assert decision.status_code == status
    assert world.last() == before
    admin = world.visitor("max")
    assert admin.get(f"/campaigns/{slug}/moderate").status_code == 200
    assert admin.submit(f"/campaigns/{slug}/close").status_code == 303


def test_opening_and_closing(world: World, organiser: Visitor) -> None:
    slug = world.campaign("draft")
    stranger = world.visitor()
    assert stranger.get(f"/campaigns/{slug}").status_code == 404
    assert organiser.submit(f"/campaigns/{slug}/open").status_code == 303
    assert "Start" in stranger.get(f"/campaigns/{slug}").text
    assert organiser.submit(f"/campaigns/{slug}/close").status_code == 303
    assert "has ended" in stranger.get(f"/campaigns/{slug}").text
    assert organiser.submit("/campaigns/no-such/open").status_code == 404


def test_moderators_see_each_status_with_what_was_said(world: World, organiser: Visitor) -> None:
    slug = world.campaign()
    ada, ben = world.visitor("ada").start(slug), world.visitor("ben").start(slug)
    accepted = ada.proposed(slug, world.item(0), FARMS)
    pending = ada.proposed(slug, world.item(1), RESORTS)
    ben.vote(accepted, "approve")
    shown = {
        status: organiser.get(f"/campaigns/{slug}/moderate?status={status}").text
        for status in ("", "pending", "accepted")
    }
    assert pending in shown[""] and accepted in shown[""]
    assert pending in shown["pending"] and accepted not in shown["pending"]
    assert accepted in shown["accepted"] and pending not in shown["accepted"]
    for odd in ("nonsense", '"><script>', "%00"):
        answer = organiser.get(f"/campaigns/{slug}/moderate?status={odd}&after={odd}")
        assert answer.status_code == 404
        assert "<script>" not in answer.text


def test_an_organiser_overrides_the_rule_with_a_reason(world: World, organiser: Visitor) -> None:
    slug = world.campaign()
    made = world.visitor("ada").start(slug).proposed(slug, world.item(0), FARMS)
    path = f"/annotation/{made}/decide"
    answer = organiser.submit(path, htmx=True, verdict="accept", reason="It is <b>so</b>.")
    assert answer.status_code == 200
    assert answer.text.strip().startswith("<tr")
    assert "It is &lt;b&gt;so&lt;/b&gt;." in answer.text
    assert world.row(made).status == "accepted"
    plain = organiser.submit(path, verdict="reject", reason="It is not.")
    assert plain.headers["Location"] == f"/campaigns/{slug}/moderate"
    assert world.row(made).status == "rejected"
    organiser.submit(path, verdict="none")
    assert world.row(made).status == "pending"
    before = world.last()
    assert organiser.submit(path, htmx=True, verdict="perhaps", reason="R").status_code == 422
    unsaid = organiser.submit(path, htmx=True, verdict="accept", reason=" ")
    assert unsaid.status_code == 422
    assert "Say why" in unsaid.text
    assert organiser.submit("/annotation/nothing/decide", verdict="accept").status_code == 404
    assert world.last() == before


def test_publishing_and_taking_back(world: World, organiser: Visitor) -> None:
    slug = world.campaign()
    ada, ben = world.visitor("ada").start(slug), world.visitor("ben").start(slug)
    made = ada.proposed(slug, world.item(4), FARMS)
    pending = ada.proposed(slug, world.item(4), RESORTS)
    ben.vote(made, "approve")
    stranger = world.visitor()
    answer = organiser.submit(f"/campaigns/{slug}/publish")
    assert answer.headers["Location"] == f"/campaigns/{slug}/publish"
    assert world.row(made).status == "published"
    assert stranger.get(f"/annotation/{made}").status_code == 200
    assert stranger.get(f"/annotation/{pending}").status_code == 404
    assert f"/why/{made}" in stranger.get(f"/items/{world.item(4)}").text
    before = world.last()
    organiser.submit(f"/campaigns/{slug}/publish")
    assert world.last() == before, "nothing was left to publish"
    assert organiser.submit(f"/campaigns/{slug}/unpublish").status_code == 303
    assert world.row(made).status == "accepted"
    assert stranger.get(f"/annotation/{made}").status_code == 410
    assert made not in stranger.get(f"/items/{world.item(4)}.nt").text


def test_much_is_published_as_work_in_the_background(world: World, organiser: Visitor) -> None:
    slug = world.campaign(acceptance=Acceptance(minimum_approvals=1))
    ada, desk = world.people["ada"], world.desk
    participation.agree(desk, ada, slug, now=now())
    terms = [iri for iri, _name in labels.samples(PUBLIC, desk.index, "aat", "en", 12)]
    for term in terms:
        for number in range(ITEMS):
            proposal = contributing.Proposal.of_term(slug, worlds.item(number), 1, term)
            contributing.propose(desk, ada, proposal, now=now())
    for action, status in (("publish", "published"), ("unpublish", "accepted")):
        job = organiser.submit(f"/campaigns/{slug}/{action}").headers["Location"]
        for _attempt in range(200):
            shown = organiser.get(job, headers={"HX-Request": "true"}).text
            if "hx-get" not in shown:
                break
            time.sleep(0.1)
        assert f"/campaigns/{slug}/publish" in shown
        tally = queues.progress(desk.index.read(), slug).by_status
        assert tally == {status: len(terms) * ITEMS}


def test_drafts_publish_nothing(world: World, organiser: Visitor) -> None:
    slug = world.campaign("draft")
    before = world.last()
    assert organiser.submit(f"/campaigns/{slug}/publish").status_code == 409
    assert world.last() == before


def test_a_draft_is_nobody_elses_to_know_of(world: World) -> None:
    slug, visitor = world.campaign("draft"), world.visitor("ada")
    for what in ("open", "close", "publish", "unpublish"):
        assert visitor.submit(f"/campaigns/{slug}/{what}").status_code == 404


TURTLE = """
@prefix ch: <https://w3id.org/crowdheritage/ns#> .
@prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix schema: <http://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<campaign/by-file> a ch:Campaign ;
  dcterms:title "By a file"@en ; dcterms:description "So."@en ; ch:collection <collection/prints> ;
  ch:target 20 ; schema:endDate "2036-01-01"^^xsd:date ;
  ch:task <campaign/by-file#task-1> ; ch:acceptance <campaign/by-file#acceptance> .
<campaign/by-file#task-1> a ch:Task ; ch:kind ch:SemanticTag ; ch:field dc:subject ;
  ch:question "What?"@en ; ch:vocabulary <vocabulary/aat> ; sh:order 1 .
<campaign/by-file#acceptance> a ch:AcceptanceRule ; ch:minimumApprovals 2 .
"""


def test_a_campaign_is_read_from_turtle_and_written_again(world: World) -> None:
    found = campaign_files.read(world.desk.names, TURTLE, now=now())
    campaign_files.check(world.desk, found)
    assert (found.slug, found.state, found.target) == ("by-file", "draft", 20)
    text = campaign_files.turtle(world.desk.names, found)
    assert world.desk.names.base not in text
    for names in (world.desk.names, Names("https://elsewhere.example.org/")):
        assert campaign_files.read(names, text, now=now()) == found


BAD_TURTLE: list[tuple[str, str, str]] = [
    ('dcterms:title "By a file"@en ; ', "", "title"),
    ("ch:collection <collection/prints> ;", "", "collection"),
    ("ch:target 20", "ch:target 0", "at least 1"),
    ("ch:target 20", 'ch:target "many"', "whole number"),
    ('"2036-01-01"^^xsd:date', '"soon"', "date"),
    ("ch:field dc:subject", "ch:field dc:title", "field"),
    ("ch:question", "ch:answer", "question"),
    ("ch:minimumApprovals 2", "ch:minimumShare 2.0", "0 to 1"),
    ("<campaign/by-file> a", "<campaign/By%20File> a", "short name"),
    ("<campaign/by-file> a", "<http://elsewhere.example.org/x> a", "one campaign"),
    ("<campaign/by-file#acceptance> a", "[] a", "IRI"),
]


@pytest.mark.parametrize(("old", "new", "words"), BAD_TURTLE)
def test_what_is_wrong_with_a_file_is_said_in_words(
    world: World, old: str, new: str, words: str
) -> None:
    assert old in TURTLE
    with pytest.raises(Invalid) as caught:
        campaign_files.read(world.desk.names, TURTLE.replace(old, new, 1), now=now())
    told = " ".join([str(caught.value), *(each.message for each in caught.value.problems)])
    assert words.lower() in told.lower()


@pytest.mark.parametrize(
    "text", ["<a> <b>", "\0", "@prefix : <x> . :a :b " + "(" * 5000, "{" * 5000, "#" * 300_000]
)
def test_what_is_no_turtle_is_refused(world: World, text: str) -> None:
    with pytest.raises(Malformed):
        campaign_files.read(world.desk.names, text, now=now())


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("ch:vocabulary <vocabulary/aat> ;", "", "task-1-vocabulary"),
        ("ch:field dc:subject ;", "", "task-1-field"),
        ("ch:kind ch:SemanticTag", "ch:kind ch:Nonsense", "task-1-kind"),
        ("ch:kind ch:SemanticTag", "ch:kind ch:Comment", "task-1-field"),
    ],
)
def test_a_question_has_what_its_kind_needs(world: World, old: str, new: str, field: str) -> None:
    found = campaign_files.read(world.desk.names, TURTLE.replace(old, new), now=now())
    with pytest.raises(Invalid) as caught:
        campaign_files.check(world.desk, found)
    assert [each.field for each in caught.value.problems] == [field]


def test_a_file_that_names_what_is_not_there_is_refused(world: World) -> None:
    text = TURTLE.replace("collection/prints", "collection/none").replace("/aat", "/nothing")
    found = campaign_files.read(world.desk.names, text, now=now())
    with pytest.raises(Invalid) as caught:
        campaign_files.check(world.desk, found)
    assert {each.field for each in caught.value.problems} == {"collection", "task-1-vocabulary"}
