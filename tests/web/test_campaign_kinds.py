"""Every kind of question, and every option, by the form of a campaign."""

from itertools import count

import httpx
import pytest

from server.domain import campaign_presets, campaigns, kinds
from server.domain.campaign_tasks import Choice
from server.domain.campaigns import Campaign
from server.names import CH, DC, DCTERMS
from server.viewers import Viewer
from tests.web.campaign_site import World
from tests.web.test_campaigns import FORM, error_beside
from tests.web.visitors import Visitor

ALL = Viewer(sees_work=True)
_NUMBERS = count(1)


def form(**changes: object) -> dict[str, object]:
    return FORM | {"title": f"Of many kinds {next(_NUMBERS)}", "browsing": "1"} | changes


def made(world: World, answer: httpx.Response) -> Campaign:
    assert answer.status_code == 303, answer.text
    slug = answer.headers["Location"].rpartition("/")[2]
    return campaigns.get_campaign(world.desk, ALL, slug)


def test_every_kind_can_be_asked_for(world: World, organiser: Visitor) -> None:
    page = organiser.get("/campaigns/new").text
    for kind in kinds.every(world.desk):
        assert f'<option value="{kind.name}"' in page
        parts = {"field": "dc:subject", "about": ["dc:title"], "vocabularies": ["aat"]}
        sent = form(**{"task-1-kind": kind.name, **{f"task-1-{k}": v for k, v in parts.items()}})
        if kind.name == "place":
            sent["task-1-field"] = "dcterms:spatial"
        answer = organiser.submit("/campaigns/new", **sent)
        assert made(world, answer).tasks[0].kind == kind.iri


def test_a_question_keeps_what_matters_to_its_kind_alone(world: World, organiser: Visitor) -> None:
    sent = form(**{
        "task-1-kind": "question", "task-1-field": "dc:subject", "task-1-vocabularies": ["aat"],
        "task-1-about": ["dc:subject", "dcterms:spatial"],
        "task-1-choices": "Right\n\n Wrong \nNobody knows",
    })  # fmt: skip
    (task,) = made(world, organiser.submit("/campaigns/new", **sent)).tasks
    assert (task.kind, task.field, task.vocabularies) == (CH.Question.value, "", ())
    assert task.about == (DC.subject.value, DCTERMS.spatial.value)
    assert task.choices == (
        Choice(1, {"en": "Right"}), Choice(2, {"en": "Wrong"}), Choice(3, {"en": "Nobody knows"}),
    )  # fmt: skip


def test_an_answer_keeps_its_name_when_others_come_and_go(world: World, organiser: Visitor) -> None:
    """Annotations name answers by their numbers."""
    asked = {"task-1-kind": "question", "task-1-about": ["dc:subject"]}
    sent = form(**asked, **{"task-1-choices": "Right\nWrong"})
    before = made(world, organiser.submit("/campaigns/new", **sent))
    sent |= {"task-1-choices": "Unclear\nWrong"}
    answer = organiser.submit(f"/campaigns/{before.slug}/edit", **sent)
    (task,) = made(world, answer).tasks
    numbers = {choice.label["en"]: choice.number for choice in task.choices}
    assert numbers["Wrong"] == 2
    assert numbers["Unclear"] not in (1, 2) or numbers["Unclear"] == 3


def test_options_are_kept_and_shown_again(world: World, organiser: Visitor) -> None:
    options = {
        "purpose": "validate", "layout": "metadata", "feedback": "rating", "blind": "1",
        "random_order": "1", "sensitive": "1", "reasons": "Not shown\nToo broad",
        "answers_needed": "3", "answers_at_most": "5", "votes_needed": "2", "votes_at_most": "4",
        "lock_minutes": "20", "exercise": "1", "disputed_first": "1",
    }  # fmt: skip
    found = made(world, organiser.submit("/campaigns/new", **form(**options)))
    assert (found.purpose, found.layout, found.feedback) == ("validate", "metadata", "rating")
    assert found.blind and found.random_order and found.sensitive
    assert [each["en"] for each in found.reasons] == ["Not shown", "Too broad"]
    rules = found.routing
    assert (rules.answers_needed, rules.answers_at_most, rules.votes_needed) == (3, 5, 2)
    assert (rules.lock_minutes, rules.exercise, rules.browsing) == (20, True, True)
    page = organiser.get(f"/campaigns/{found.slug}/edit").text
    for shown in ('name="answers_needed" type="number" value="3"', "Not shown\nToo broad"):
        assert shown in page


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("task-1-kind", "nonsense", "task-1-kind"),
        ("task-1-kind", "<script>", "task-1-kind"),
        ("answers_needed", "-1", "answers_needed"),
        ("answers_needed", "many", "answers_needed"),
        ("answers_needed", "99999999", "answers_needed"),
        ("lock_minutes", "1e9", "lock_minutes"),
        ("layout", "sideways", "layout"),
        ("purpose", 'x" } UNION {', "purpose"),
        ("reasons", "x" * 5000, "reasons"),
    ],
)
def test_what_is_wrong_with_an_option_is_said_beside_it(
    world: World, organiser: Visitor, field: str, value: str, name: str
) -> None:
    before = world.last()
    answer = organiser.submit("/campaigns/new", **form(**{field: value}))
    assert answer.status_code == 422
    assert error_beside(answer, name)
    assert world.last() == before


@pytest.mark.parametrize("name", ["basic", "places", "colours", "translation", "comparison"])
def test_a_preset_fills_the_form(organiser: Visitor, name: str) -> None:
    page = organiser.get(f"/campaigns/new?preset={name}").text
    for task in campaign_presets.start(name, "en").tasks:
        assert task.question["en"] in page


def test_a_preset_that_is_none_begins_empty(organiser: Visitor) -> None:
    assert organiser.get("/campaigns/new?preset=<script>").status_code == 200
