"""/terms/suggest: what the search box and programs are answered."""

from typing import Any
from urllib.parse import urlencode

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from server.domain import contributing, participation, vocabularies
from server.domain.campaigns import Task, TermGroup
from server.domain.contributing import Proposal
from server.formats.vocabularies import VocabularyData, as_statements
from server.names import DC, DCTERMS, RDF, SKOS
from tests import worlds
from tests.web.campaign_site import COMPLEXES, FARMS, GUIDE, RESORTS, VINEYARDS, World, now
from tests.web.visitors import Visitor

JSON = {"Accept": "application/json"}


def suggested(visitor: Visitor, q: str, **more: object) -> list[dict[str, Any]]:
    answer = visitor.get(f"/terms/suggest?{urlencode({'q': q, **more})}", headers=JSON)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    found: list[dict[str, Any]] = answer.json()
    return found


def test_suggestions_are_json_for_programs(visitor: Visitor) -> None:
    best = suggested(visitor, "farms")[0]
    assert best["iri"] == FARMS
    assert (best["label"], best["lang"], best["vocabulary"]) == ("farms", "en", "aat")
    assert best["breadcrumb"][-1] == "complexes (buildings)"
    assert {"matched", "note"} <= best.keys()


def test_suggestions_are_a_list_for_the_search_box(visitor: Visitor) -> None:
    answer = visitor.get("/terms/suggest?q=farms", headers={"HX-Request": "true"})
    assert f'data-iri="{FARMS}"' in answer.text
    assert "<html" not in answer.text
    assert answer.text.lstrip().startswith('<li role="option"')
    assert "Accept" in answer.headers["Vary"]
    assert visitor.get("/terms/suggest?q=xyzzy").text.strip() == ""


@pytest.mark.parametrize("typed", ["FARMS", "fàrms", "  farms ", "farm", "far", "farms!"])
def test_case_accents_and_endings_do_not_matter(visitor: Visitor, typed: str) -> None:
    assert FARMS in [each["iri"] for each in suggested(visitor, typed)]


def test_any_word_of_a_label_finds_it_and_all_words_are_wanted(visitor: Visitor) -> None:
    assert "seaside resorts" in [each["label"] for each in suggested(visitor, "resorts")]
    assert [each["label"] for each in suggested(visitor, "resorts seas")] == ["seaside resorts"]


def test_other_names_find_the_term_and_say_which_it_was(visitor: Visitor) -> None:
    everything = suggested(visitor, "blau", lang="de")
    assert everything and all(each["lang"] == "de" for each in everything[:1])
    in_greek = suggested(visitor, "blau", lang="el")
    assert in_greek[0]["matched"].casefold().startswith("blau")
    assert in_greek[0]["matched_lang"] == "de"


def test_guide_terms_are_never_suggested(visitor: Visitor) -> None:
    found = suggested(visitor, "built complexes", limit=50)
    assert GUIDE not in [each["iri"] for each in found]


@pytest.mark.parametrize(
    ("limit", "expected"),
    [("3", 3), ("0", 1), ("-1", 10), ("999", 50), ("9" * 5000, 10), ("²", 10), ("ten", 10)],
)
def test_the_limit_is_kept_within_bounds(visitor: Visitor, limit: str, expected: int) -> None:
    assert len(suggested(visitor, "s", limit=limit)) == expected


def test_only_the_vocabularies_asked_for(world: World, visitor: Visitor) -> None:
    assert suggested(visitor, "farms", vocabulary="aat,nothing")
    assert suggested(visitor, "farms", vocabulary="nothing") == []


HOSTILE = [
    '"', "*", "NEAR(", "NEAR(a b, 3)", "AND", "OR NOT", "-farms", "^", "farms*", "folded:farms",
    "a" * 10_000, "a " * 5_000, "\0", "farms\0", "👩‍🎨", "\u202efarms", "' OR 1=1 --", "%", "_",
    'x" } UNION {', "<script>alert(1)</script>", "(((((", "{", "\\", "l_en", "\ud7ff", "ß" * 3000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_typed_is_only_text(visitor: Visitor, text: str) -> None:
    found = suggested(visitor, text)
    assert len(found) <= 10
    asked = urlencode({"q": text})
    fragment = visitor.get(f"/terms/suggest?{asked}")
    page = visitor.get(f"/terms?{asked}")
    assert fragment.status_code == page.status_code == 200
    for answer in (fragment, page):
        assert "<script>alert" not in answer.text
    for name in ("vocabulary", "lang", "branch", "class"):
        odd = urlencode({"q": "farms", name: text[:4000]})
        assert visitor.get(f"/terms/suggest?{odd}", headers=JSON).status_code == 200
    in_campaign = urlencode({"q": text[:4000], "campaign": "subjects", "task": 1})
    assert visitor.get(f"/terms/suggest?{in_campaign}", headers=JSON).status_code == 200


def test_broken_utf_8_in_a_query_is_only_text(visitor: Visitor) -> None:
    assert visitor.get("/terms/suggest?q=%FF%FE", headers=JSON).json() == []


# --- in a campaign -------------------------------------------------------------------------------

SEASIDE = "http://vocab.getty.edu/aat/300000550"
MOODS = "http://moods.example.org/"
GROUPS = (
    TermGroup(1, {"en": "Farming", "de": "Landbau"}, ("aat",), (FARMS,)),
    TermGroup(2, {"en": "Leisure"}, ("aat",), (RESORTS,)),
)


@pytest.fixture(scope="module")
def moods(world: World) -> str:
    """A small vocabulary: two classes, a homonym, labels in languages; its slug."""
    terms = {
        "joy": ({"en": "joy", "de": "Freude", "el": "χαρά"}, "Feeling"),
        "joy-ride": ({"en": "joy", "de": "Spritztour"}, "Deed"),
        "calm": ({"en": "calm", "fr": "calme"}, "Feeling"),
        "dance": ({"pl": "taniec"}, "Deed"),
    }
    triples = [Triple(NamedNode(MOODS), RDF.type, SKOS.ConceptScheme)]
    for name, (labels, kind) in terms.items():
        me = NamedNode(MOODS + name)
        triples += [
            Triple(me, RDF.type, SKOS.Concept),
            Triple(me, RDF.type, NamedNode(MOODS + kind)),
            *(Triple(me, SKOS.prefLabel, Literal(t, language=tag)) for tag, t in labels.items()),
        ]
    title = ((DCTERMS.title, Literal("Moods", language="en")),)
    data = VocabularyData(MOODS, title, as_statements(triples))
    vocabularies.load(world.desk, world.people["olga"], "moods", data, now=now())
    return "moods"


def task(*groups: TermGroup, **more: Any) -> Task:
    return Task(1, DC.subject.value, {"en": "What is shown?"}, groups=groups, **more)


@pytest.fixture(scope="module")
def grouped(world: World) -> str:
    """The slug of a campaign whose task has two groups of terms."""
    return world.campaign(tasks=(task(*GROUPS),))


def iris(found: list[dict[str, Any]]) -> list[str]:
    return [each["iri"] for each in found]


def test_a_task_offers_the_terms_of_its_groups_only(visitor: Visitor, grouped: str) -> None:
    for typed, expected in (("farms", {FARMS}), ("seaside", {SEASIDE}), ("complex", set())):
        found = suggested(visitor, typed, campaign=grouped, task=1)
        assert set(iris(found)) == expected, typed
    assert COMPLEXES in iris(suggested(visitor, "complex"))


def test_each_term_says_which_group_it_is_from(visitor: Visitor, grouped: str) -> None:
    assert suggested(visitor, "farms", campaign=grouped, task=1)[0]["group"] == 1
    assert suggested(visitor, "resorts", campaign=grouped, task=1)[0]["group"] == 2
    assert suggested(visitor, "farms")[0]["group"] is None


def test_one_group_alone_can_be_asked_for(visitor: Visitor, grouped: str) -> None:
    asked = {"campaign": grouped, "task": 1}
    assert suggested(visitor, "farms", **asked, group=2) == []
    assert iris(suggested(visitor, "farms", **asked, group=1)) == [FARMS]


def test_groups_have_headings_in_the_language_of_the_reader(
    world: World, visitor: Visitor, grouped: str
) -> None:
    asked = urlencode({"q": "farms", "campaign": grouped, "task": 1, "lang": "de"})
    answer = visitor.get(f"/terms/suggest?{asked}")
    assert 'role="group"' in answer.text
    assert "Landbau" in answer.text
    assert "Leisure" not in answer.text
    alone = visitor.get(f"/terms/suggest?{asked}&group=1")
    assert "Landbau" not in alone.text


def test_the_group_with_the_best_match_stands_first(world: World, visitor: Visitor) -> None:
    reverse = (TermGroup(1, {"en": "A"}, ("aat",), (RESORTS,)),
               TermGroup(2, {"en": "B"}, ("aat",), (COMPLEXES,)))  # fmt: skip
    slug = world.campaign(tasks=(task(*reverse),))
    found = suggested(visitor, "resorts", campaign=slug, task=1)
    assert found[0]["iri"] == RESORTS
    assert len(iris(found)) == len(set(iris(found)))


def test_a_branch_narrows_only_the_vocabularies_that_have_it(
    world: World, visitor: Visitor, moods: str
) -> None:
    slug = world.campaign(
        tasks=(Task(1, DC.subject.value, {"en": "?"}, ("aat", moods), branches=(FARMS,)),)
    )
    asked = {"campaign": slug, "task": 1}
    assert MOODS + "joy" in iris(suggested(visitor, "joy", **asked))
    assert iris(suggested(visitor, "farms", **asked)) == [FARMS]
    assert suggested(visitor, "resorts", **asked) == []


def test_a_class_narrows_only_the_vocabularies_that_have_it(
    world: World, visitor: Visitor, moods: str
) -> None:
    narrowed = Task(1, DC.subject.value, {"en": "?"}, ("aat", moods), classes=(MOODS + "Feeling",))
    slug = world.campaign(tasks=(narrowed,))
    asked = {"campaign": slug, "task": 1}
    found = iris(suggested(visitor, "joy", **asked))
    assert MOODS + "joy" in found
    assert MOODS + "joy-ride" not in found
    assert FARMS in iris(suggested(visitor, "farms", **asked))


def test_a_branch_that_no_vocabulary_has_any_more_offers_nothing(
    world: World, visitor: Visitor, moods: str
) -> None:
    gone = Task(1, DC.subject.value, {"en": "?"}, ("aat", moods), branches=(MOODS + "gone",))
    slug = world.campaign(tasks=(gone,))
    for typed in ("farms", "joy", ""):
        assert suggested(visitor, typed, campaign=slug, task=1) == []


def test_programs_narrow_by_branch_and_class(visitor: Visitor, moods: str) -> None:
    assert iris(suggested(visitor, "farms", branch=FARMS)) == [FARMS]
    assert suggested(visitor, "resorts", branch=FARMS) == []
    found = suggested(visitor, "joy", **{"class": MOODS + "Deed"})
    assert iris(found) == [MOODS + "joy-ride"]


def test_a_proposal_outside_of_the_groups_is_refused(world: World, grouped: str) -> None:
    ada, before = world.visitor("ada").start(grouped), world.last()
    for term in (COMPLEXES, GUIDE):
        answer = ada.propose(grouped, world.item(0), term)
        assert answer.status_code == 422
        assert "one of the suggested terms" in answer.text
    assert world.last() == before
    assert ada.propose(grouped, world.item(0), VINEYARDS).status_code == 200


@pytest.mark.parametrize(
    "asked", ["campaign=nothing&task=1", "campaign=&task=1", "campaign={}&task=2",
              "campaign={}&task=", "campaign={}&task=x", "campaign={}&task=1&group=3",
              "campaign={}&task=1&group=x", "campaign={}&task=%00", "campaign={}&task=٣",
              "campaign=..%2F..&task=1", "campaign={}&task=-1", "campaign={}&task=1&group=0"],
)  # fmt: skip
def test_where_there_is_no_such_group_nothing_is_found(
    visitor: Visitor, grouped: str, asked: str
) -> None:
    answer = visitor.get(f"/terms/suggest?q=farms&{asked.format(grouped)}", headers=JSON)
    assert answer.status_code == 404


def test_answers_are_kept_apart_by_reader_and_language(visitor: Visitor) -> None:
    for headers in (JSON, {"Accept": "text/html"}):
        vary = visitor.get("/terms/suggest?q=farms", headers=headers).headers["Vary"]
        assert {"Accept", "Accept-Language", "Cookie"} <= {each.strip() for each in vary.split(",")}


def test_without_a_script_an_empty_box_answers_what_there_is_to_choose(
    world: World, moods: str
) -> None:
    slug = world.campaign(tasks=(Task(1, DC.subject.value, {"en": "?"}, (moods,)),))
    ada = world.visitor("ada").start(slug)
    answer = ada.propose(slug, world.item(0), "", htmx=False, q="")
    assert answer.status_code == 200
    assert f'name="body" value="{MOODS}joy"' in answer.text


def test_without_a_script_a_word_is_looked_up_in_the_chosen_group(
    world: World, grouped: str
) -> None:
    ada = world.visitor("ada").start(grouped)
    other = ada.propose(grouped, world.item(1), "", htmx=False, q="farms", group="2")
    assert other.status_code == 422
    found = ada.propose(grouped, world.item(1), "", htmx=False, q="farms", group="1")
    assert f'name="body" value="{FARMS}"' in found.text
    assert 'name="group" value="1" checked' in found.text


# --- the empty box -------------------------------------------------------------------------------


def test_an_empty_box_shows_a_small_vocabulary_whole(visitor: Visitor, moods: str) -> None:
    found = suggested(visitor, "", vocabulary=moods)
    assert sorted(iris(found)) == sorted(MOODS + n for n in ("joy", "joy-ride", "calm", "dance"))


def test_an_empty_box_over_everything_shows_nothing(visitor: Visitor) -> None:
    assert suggested(visitor, "") == []
    assert suggested(visitor, "  ", vocabulary="aat") == []


def test_an_empty_box_begins_with_what_the_campaign_uses_most(
    world: World, visitor: Visitor
) -> None:
    slug = world.campaign(tasks=(task(*GROUPS),))
    world.publish(slug, 0, VINEYARDS)
    world.publish(slug, 1, VINEYARDS)
    world.publish(slug, 2, SEASIDE)
    found = suggested(visitor, "", campaign=slug, task=1)
    assert [(e["iri"], e["used"], e["group"]) for e in found[:2]] == [
        (VINEYARDS, 2, 1), (SEASIDE, 1, 2),
    ]  # fmt: skip
    assert {FARMS, RESORTS} <= set(iris(found))
    assert len(iris(found)) == len(set(iris(found)))
    page = visitor.get(f"/terms/suggest?q=&campaign={slug}&task=1").text
    assert "used 2 times here" in page


# --- what is not published -----------------------------------------------------------------------

QUERIES = ("", "f", "farms", "vin", "complexes", "res")


def answers(visitor: Visitor, slug: str) -> list[str]:
    """All that suggestions tell of a campaign."""
    return [
        visitor.get(
            f"/terms/suggest?{urlencode({'q': q, 'campaign': slug, **more})}", headers=accept
        ).text
        for q in QUERIES
        for more in ({"task": 1}, {"vocabulary": "aat"})
        for accept in (JSON, {"Accept": "text/html"})
    ]


def test_strangers_learn_nothing_of_proposals_that_are_not_published(
    world: World, visitor: Visitor
) -> None:
    slug = world.campaign()
    world.publish(slug, 0, FARMS)
    ada, ben = (world.people[name] for name in ("ada", "ben"))
    somebody = world.visitor("otto")  # has an account, and takes no part
    before = answers(visitor, slug), answers(somebody, slug)
    for number, term in enumerate((VINEYARDS, VINEYARDS, RESORTS, COMPLEXES), 1):
        proposal = Proposal.of_term(slug, worlds.item(number), 1, term)
        iri = contributing.propose(world.desk, ada, proposal, now=now())
        contributing.vote(world.desk, ben, iri, "approve", now=now())
    assert (answers(visitor, slug), answers(somebody, slug)) == before
    taking_part = suggested(world.visitor("ada"), "vineyards", campaign=slug, task=1)
    assert [(each["iri"], each["used"]) for each in taking_part] == [(VINEYARDS, 2)]


def test_whoever_takes_part_learns_nothing_of_what_was_withdrawn(world: World) -> None:
    slug = world.campaign()
    guest = world.visitor().start(slug)
    ada = world.people["ada"]
    participation.agree(world.desk, ada, slug, now=now())
    before = answers(guest, slug)
    proposal = Proposal.of_term(slug, worlds.item(1), 1, VINEYARDS)
    iri = contributing.propose(world.desk, ada, proposal, now=now())
    assert answers(guest, slug) != before
    contributing.withdraw(world.desk, ada, iri, now=now())
    assert answers(guest, slug) == before


def test_a_draft_is_as_if_it_were_not_there(world: World, organiser: Visitor) -> None:
    draft = world.campaign("draft")
    for stranger in (world.visitor(), world.visitor("ada")):
        for path in ("campaign={}&task=1", "campaign={}", "campaign={}&task=9"):
            said, unknown = (
                stranger.get(f"/terms/suggest?q=farms&{path.format(slug)}", headers=JSON)
                for slug in (draft, "no-such-campaign")
            )
            assert said.status_code == unknown.status_code == 404
            assert said.json() == unknown.json()
    assert suggested(organiser, "farms", campaign=draft, task=1)


def test_what_was_reopened_as_a_draft_is_not_used_anywhere(world: World, visitor: Visitor) -> None:
    """Its proposals count for nobody outside."""
    before = suggested(visitor, "vineyards")
    slug = world.campaign()
    ada = world.people["ada"]
    participation.agree(world.desk, ada, slug, now=now())
    contributing.propose(
        world.desk, ada, Proposal.of_term(slug, worlds.item(2), 1, VINEYARDS), now=now()
    )
    assert suggested(visitor, "vineyards") == before


# --- languages -----------------------------------------------------------------------------------


def test_a_word_of_one_language_finds_the_label_in_another(visitor: Visitor, moods: str) -> None:
    (found,) = suggested(visitor, "Freude", vocabulary=moods, lang="el")
    assert (found["label"], found["lang"]) == ("χαρά", "el")
    assert (found["matched"], found["matched_lang"]) == ("Freude", "de")
    page = visitor.get(f"/terms/suggest?q=Freude&vocabulary={moods}&lang=el").text
    assert page.index("Freude") < page.index("χαρά</span>")


@pytest.mark.parametrize(
    ("accepted", "label"),
    [("fr", "calme"), ("xx, fr;q=0.5, en;q=0.4", "calme"), ("fr;q=0.2, en;q=0.9", "calm"),
     ("fr;q=0", "calm"), ("*", "calm"), ("fr;q=nonsense", "calme"), ("<>;q=1,,;", "calm")],
)  # fmt: skip
def test_after_the_reader_s_language_come_those_of_the_browser(
    visitor: Visitor, moods: str, accepted: str, label: str
) -> None:
    answer = visitor.get(
        f"/terms/suggest?q=calm&vocabulary={moods}&lang=nl",
        headers=JSON | {"Accept-Language": accepted},
    )
    assert [each["label"] for each in answer.json()] == [label]


def test_a_term_without_a_label_in_any_known_language_shows_what_it_has(
    visitor: Visitor, moods: str
) -> None:
    (found,) = suggested(visitor, "taniec", vocabulary=moods, lang="nl")
    assert (found["label"], found["lang"]) == ("taniec", "pl")
