"""Groups of terms in the form of a campaign and in its Turtle."""

import re
from html import unescape
from itertools import count

import httpx
import pytest

from server.domain import campaign_files, campaigns
from server.domain.campaigns import Campaign, TermGroup
from server.errors import Invalid
from server.viewers import Viewer
from tests.web.campaign_site import COMPLEXES, FARMS, GUIDE, RESORTS, World, now
from tests.web.test_campaigns import FORM, error_beside
from tests.web.visitors import Visitor

ALL = Viewer(sees_work=True)
_NUMBERS = count(1)
GROUPS: dict[str, object] = {
    "task-1-vocabularies": [],
    "task-1-group-1-label": "Farming",
    "task-1-group-1-vocabularies": ["aat"],
    "task-1-group-1-pasted": f"{FARMS}\n",
    "task-1-group-2-label": "Leisure",
    "task-1-group-2-vocabularies": ["aat"],
    "task-1-group-2-branches": [RESORTS],
}


def form(**changes: object) -> dict[str, object]:
    return FORM | {"title": f"Made with groups {next(_NUMBERS)}"} | changes


def made(world: World, answer: httpx.Response) -> Campaign:
    assert answer.status_code == 303, re.findall(r'<p class="error".*?</p>', answer.text)
    slug = answer.headers["Location"].rpartition("/")[2]
    return campaigns.get_campaign(world.desk, ALL, slug)


def test_groups_are_made_by_the_form(world: World, organiser: Visitor) -> None:
    found = made(world, organiser.submit("/campaigns/new", **form(**GROUPS)))
    assert found.tasks[0].groups == (
        TermGroup(1, {"en": "Farming"}, ("aat",), (FARMS,)),
        TermGroup(2, {"en": "Leisure"}, ("aat",), (RESORTS,)),
    )
    assert found.tasks[0].vocabularies == ()
    page = unescape(organiser.get(f"/campaigns/{found.slug}/edit").text)
    assert 'name="task-1-group-2-label" type="text" value="Leisure"' in page
    assert re.search(rf'name="task-1-group-1-branches" value="{FARMS}" checked', page)
    assert "farms" in page


def test_a_question_without_groups_has_branches_too(world: World, organiser: Visitor) -> None:
    narrowed = form(**{"task-1-pasted": f"{FARMS} {GUIDE}"})
    found = made(world, organiser.submit("/campaigns/new", **narrowed))
    assert found.tasks[0].branches == tuple(sorted((FARMS, GUIDE)))
    assert found.tasks[0].groups == ()


def test_groups_come_and_go_without_a_script(world: World, organiser: Visitor) -> None:
    before = world.last()
    one = organiser.submit("/campaigns/new", **form(then="add-group-1")).text
    assert 'name="task-1-group-2-label"' in one
    assert 'name="task-1-vocabularies"' not in one
    assert re.search(r'name="task-1-group-1-vocabularies" value="aat" checked', one)
    three = organiser.submit("/campaigns/new", **form(**GROUPS, then="add-group-1")).text
    assert 'name="task-1-group-3-label"' in three
    left = organiser.submit("/campaigns/new", **form(**GROUPS, then="remove-group-1-1")).text
    assert 'name="task-1-group-1-label" type="text" value="Leisure"' in left
    assert 'name="task-1-group-2-label"' not in left
    single = {key: value for key, value in GROUPS.items() if "group-2" not in key}
    none = organiser.submit("/campaigns/new", **form(**single, then="remove-group-1-1")).text
    assert re.search(r'name="task-1-vocabularies" value="aat" checked', none)
    assert world.last() == before


@pytest.mark.parametrize(
    "then", ["add-group-99", "add-group-", "remove-group-1-99", "remove-group-9-1", "x",
             "add-group-1-2-3", "find-branch-9", "find-branch-1-99", "find-branch-1",
             "remove-group-1", "<script>"],
)  # fmt: skip
def test_a_button_that_makes_no_sense_changes_nothing(
    world: World, organiser: Visitor, then: str
) -> None:
    before = world.last()
    answer = organiser.submit("/campaigns/new", **form(**GROUPS, then=then))
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert world.last() == before


def test_a_branch_is_looked_up_without_a_script(organiser: Visitor) -> None:
    asked = {"task-1-group-2-words": "farms", "then": "find-branch-1-2"}
    page = organiser.submit("/campaigns/new", **form(**GROUPS | asked)).text
    assert re.search(rf'name="task-1-group-2-branches" value="{FARMS}">', page)
    assert re.search(rf'name="task-1-group-2-branches" value="{RESORTS}" checked', page)


def test_a_single_group_without_a_name_is_none(world: World, organiser: Visitor) -> None:
    single = {
        "task-1-vocabularies": [],
        "task-1-group-1-vocabularies": ["aat"],
        "task-1-group-1-branches": [FARMS],
        "task-1-group-2-label": "",
    }
    found = made(world, organiser.submit("/campaigns/new", **form(**single)))
    assert (found.tasks[0].vocabularies, found.tasks[0].branches) == (("aat",), (FARMS,))
    assert found.tasks[0].groups == ()


def test_names_of_groups_in_other_languages_stay_with_their_group(
    world: World, organiser: Visitor
) -> None:
    values = form(**GROUPS)
    slug = made(world, organiser.submit("/campaigns/new", **values)).slug
    german = world.visitor("olga")
    german.headers["Accept-Language"] = "de"
    was = {"task-1-group-1-was": "1", "task-1-group-2-was": "2"}
    names = {"task-1-group-1-label": "Landbau", "task-1-group-2-label": "Freizeit"}
    made(world, german.submit(f"/campaigns/{slug}/edit", **values | was | names))
    moved = {
        key.replace("group-2", "group-1"): value
        for key, value in (values | was).items()
        if "group-1" not in key
    }
    after = made(world, organiser.submit(f"/campaigns/{slug}/edit", **moved))
    (left,) = after.tasks[0].groups
    assert left.label == {"en": "Leisure", "de": "Freizeit"}
    stored = world.desk.select(
        "campaign_statements", "work", graph=world.desk.names.graph("campaign", slug)
    )
    assert not [row for row in stored if "group-2" in str(row["s"]) or "group-2" in str(row["o"])]


BAD: list[tuple[str, object, str, str]] = [
    ("label", "", "label", "Name the group"),
    ("label", "a" * 61, "label", "60 characters"),
    ("vocabularies", [], "vocabularies", "vocabulary"),
    ("vocabularies", ["no-such"], "vocabularies", "no-such"),
    ("vocabularies", ['x" } UNION {'], "vocabularies", "vocabulary"),
    ("pasted", "http://terms.example.org/nothing", "branches", "None of the chosen"),
    ("pasted", "farms", "branches", "None of the chosen"),
    ("pasted", 'http://x.example/"}UNION{', "branches", "None of the chosen"),
    ("pasted", "javascript:alert(1)", "branches", "None of the chosen"),
    ("pasted", "http://x.example/\u202e", "branches", "None of the chosen"),
    ("pasted", "\n".join(f"http://x.example/{n}" for n in range(60)), "vocabularies", "50"),
    ("classes", "http://terms.example.org/Nothing", "classes", "None of the chosen"),
    ("classes", "<script>alert(1)</script>", "classes", "None of the chosen"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "place", "words"), BAD)
@pytest.mark.parametrize("group", ["task-1-group-2", "task-1"])
def test_what_is_wrong_with_a_group_is_said_beside_its_field(
    world: World, organiser: Visitor, group: str, field: str, value: object, place: str, words: str
) -> None:
    if group == "task-1" and field == "label":
        pytest.skip("only groups have a name")
    before = world.last()
    standing = GROUPS if group != "task-1" else {"task-1-vocabularies": ["aat"]}
    answer = organiser.submit("/campaigns/new", **form(**standing | {f"{group}-{field}": value}))
    assert answer.status_code == 422
    assert words in error_beside(answer, f"{group}-{place}"), answer.text
    assert "<script>alert" not in answer.text
    assert world.last() == before


def test_no_iri_is_taken_unread_where_no_vocabulary_is_chosen(organiser: Visitor) -> None:
    bad = {"task-1-vocabularies": [], "task-1-pasted": 'http://x/"<>', "task-1-classes": "<>"}
    answer = organiser.submit("/campaigns/new", **form(**bad))
    assert answer.status_code == 422
    assert error_beside(answer, "task-1-branches") and error_beside(answer, "task-1-classes")


TURTLE = """
@prefix ch: <https://w3id.org/crowdheritage/ns#> .
@prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
<campaign/moods> a ch:Campaign ; dcterms:title "Moods"@en ; dcterms:description "Of prints"@en ;
  ch:collection <collection/prints> ; ch:task <campaign/moods#ask> ; ch:target 5 .
<campaign/moods#ask> a ch:Task ; ch:kind ch:SemanticTag ; ch:field dc:subject ;
  ch:question "What?"@en ; ch:group <campaign/moods#b> , <campaign/moods#a> .
<campaign/moods#a> a ch:TermGroup ; rdfs:label "Genre"@en ; ch:vocabulary <vocabulary/aat> ;
  sh:order 2 .
<campaign/moods#b> a ch:TermGroup ; rdfs:label "Emotion"@en ; ch:vocabulary <vocabulary/aat> ;
  ch:branch <http://vocab.getty.edu/aat/300000206> ; ch:termClass <http://x.example/C> ;
  sh:order 1 .
"""  # fmt: skip


def test_a_file_with_groups_is_read_and_comes_out_the_same(world: World) -> None:
    names = world.desk.names
    found = campaign_files.read(names, TURTLE, now=now())
    assert [(each.number, each.label["en"]) for each in found.tasks[0].groups] == [
        (1, "Emotion"), (2, "Genre"),
    ]  # fmt: skip
    assert found.tasks[0].groups[0].branches == (FARMS,)
    assert found.tasks[0].groups[0].classes == ("http://x.example/C",)
    again = campaign_files.read(names, campaign_files.turtle(names, found), now=now())
    assert again.tasks == found.tasks


_MANY = ", ".join(f"<campaign/moods#{n}>" for n in range(13)) + " ."


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("ch:vocabulary <vocabulary/aat> ;\n  sh:order 2", "sh:order 2", "at least one vocabulary"),
        ('rdfs:label "Genre"@en ;', "", "Name the group"),
        ("sh:order 2", 'sh:order "two"', "position"),
        ('@en ; ch:group', '@en ; ch:vocabulary <vocabulary/aat> ; ch:group', "groups only"),
        ("<campaign/moods#a> a ch:TermGroup", "<campaign/moods#a> a ch:Task", "groups of terms"),
        ("ch:branch <http", 'ch:branch "words" , <http', "IRIs"),
        ("<campaign/moods#a> .", _MANY, "12 groups"),
    ],
)  # fmt: skip
def test_a_file_with_wrong_groups_is_refused_in_words(
    world: World, old: str, new: str, words: str
) -> None:
    assert old in TURTLE
    with pytest.raises(Invalid) as refused:
        campaign_files.read(world.desk.names, TURTLE.replace(old, new), now=now())
    assert words in " ".join(problem.message for problem in refused.value.problems)


def test_groups_with_one_position_both_stay(world: World) -> None:
    found = campaign_files.read(
        world.desk.names, TURTLE.replace("sh:order 2", "sh:order 1"), now=now()
    )
    assert [each.number for each in found.tasks[0].groups] == [1, 2]


def test_a_file_about_terms_that_are_not_there_is_refused(world: World) -> None:
    found = campaign_files.read(world.desk.names, TURTLE, now=now())
    with pytest.raises(Invalid) as refused:
        campaign_files.check(world.desk, found)
    assert [each.field for each in refused.value.problems] == ["task-1-group-1-termClass"]
    assert COMPLEXES not in str(refused.value.problems)
