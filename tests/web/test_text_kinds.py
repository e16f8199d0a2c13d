"""The forms about texts: terms on words, transcriptions, corrections, translations, questions."""

import html
import re
from collections.abc import Iterator

import httpx
import pytest
from pyoxigraph import Literal, NamedNode

from server.domain import campaigns, publishing
from server.names import CH, DC, OA, SOA
from tests import worlds
from tests.domain import text_campaigns
from tests.domain.text_campaigns import DESCRIPTION, TITLE, Written, value_id
from tests.web import campaign_site
from tests.web.campaign_site import FARMS, World
from tests.web.visitors import Visitor, proposals
from tests.worlds import now

A_TITLE, A_DESCRIPTION = value_id(DC.title, TITLE), value_id(DC.description, DESCRIPTION)
RETURNS = Literal("One\r\ntwo & <b>three</b>", language="en")
UNION = 'x" } UNION { ?s ?p ?o } #'
SCRIPT = "</textarea><script>alert(1)</script>"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("texts") / "data") as made:
        olga = made.people["olga"]
        things = [
            *map(Written, ("text-1", "text-2", "asked")), Written("cr", said=((DC.title, RETURNS),))
        ]  # fmt: skip
        worlds.import_things(made.desk, olga, "texts", things)
        text_campaigns.create(made.desk, olga, "aat", "texts", "words")
        yield made


@pytest.fixture
def ada(site: World) -> Visitor:
    return site.visitor("ada").start("words")


def send(site: World, who: Visitor, task: int, of: str = "text-1", **fields: str) -> httpx.Response:
    path = f"/campaigns/words/items/{site.item(of)}/annotations"  # type: ignore[arg-type]
    form = {name.replace("_", "-"): value for name, value in fields.items()}
    return who.submit(path, htmx=True, task=str(task), **form)


def page(site: World, who: Visitor, of: str = "text-1") -> str:
    answer = who.get(f"/campaigns/words/items/{site.item(of)}")  # type: ignore[arg-type]
    assert answer.status_code == 200
    return answer.text


def task_of(text: str, number: int) -> str:
    found = re.search(rf'<section class="task" id="task-{number}".*?</section>', text, re.DOTALL)
    assert found is not None
    return found[0]


def beside(answer: httpx.Response, task: int, field: str) -> str:
    """The message that the field's fieldset or frame has; its control names it."""
    name = f"task-{task}-{field}-error"
    found = re.search(rf'<p class="error" id="{name}" role="alert">(.*?)</p>', answer.text)
    assert found is not None, answer.text
    assert re.search(rf'aria-describedby="[^"]*{name}', answer.text)
    return html.unescape(found[1])


# --- what is offered -----------------------------------------------------------------------------


def test_each_kind_offers_its_fields(site: World, ada: Visitor) -> None:
    text = page(site, ada)
    for number, names in {
        1: ("span", "span-start", "span-end", "span-exact", "span-which", "term"),
        2: ("text", "text-lang"),
        3: ("value", "text", "text-lang"),
        4: ("value", "text", "text-lang", "rating", "errors-1", "errors-7", "comment"),
        5: ("value", "answer"),
        6: ("answer",),
    }.items():
        for name in names:
            assert f'name="{name}"' in task_of(text, number), (number, name)
    assert 'name="value"' not in task_of(text, 6)


def test_texts_are_shown_as_the_provider_gave_them(site: World, ada: Visitor) -> None:
    text = task_of(page(site, ada), 1)
    for value in (TITLE, DESCRIPTION):
        assert f">{html.escape(value.value, quote=False)}</p>" in text
    assert 'lang="en"' in text


def test_line_ends_and_markup_of_a_text_reach_the_browser_unchanged(
    site: World, ada: Visitor
) -> None:
    """A browser makes one character of the two, unless the first is written by its number."""
    text = task_of(page(site, ada, "cr"), 1)
    assert ">One&#13;\ntwo &amp; &lt;b&gt;three&lt;/b&gt;</p>" in text


def test_the_one_value_is_chosen_from_the_start(site: World, ada: Visitor) -> None:
    text = page(site, ada)
    assert re.search(rf'value="{A_TITLE}" checked', task_of(text, 4))
    assert " checked" not in task_of(text, 3)


def test_target_languages_are_those_of_the_question(site: World, ada: Visitor) -> None:
    listed = re.findall(r'<option value="([a-z]+)"', task_of(page(site, ada), 4))
    assert [tag for tag in listed if len(tag) == 2] == ["el", "nl"]


def test_the_scripts_come_with_the_forms_that_need_them(site: World, ada: Visitor) -> None:
    text = page(site, ada)
    assert re.search(r'<script src="/static/js/spans\.js[^"]*" type="module">', text)
    assert re.search(r'<script src="/static/js/values\.js[^"]*" type="module">', text)


# --- what is answered ----------------------------------------------------------------------------


def test_words_are_shown_marked_in_their_text(site: World, ada: Visitor) -> None:
    answer = send(
        site, ada, 1, span=A_TITLE, span_start="2", span_end="6", span_exact="Ship", term=FARMS
    )
    assert answer.status_code == 200, answer.text
    assert "📷 <mark>Ship</mark> at the quay" in answer.text


def test_without_a_script_words_are_typed_and_terms_looked_up(site: World, ada: Visitor) -> None:
    path = f"/campaigns/words/items/{site.item('text-2')}/annotations"  # type: ignore[arg-type]
    form = {"task": "1", "span": A_TITLE, "span-exact": "quay", "q": "farms"}
    asked = ada.submit(path, **form)
    assert FARMS in asked.text
    assert 'value="quay"' in asked.text, "what was typed is still there"
    assert ada.submit(path, **form, term=FARMS).status_code == 303
    assert "<mark>quay</mark>" in page(site, ada, "text-2")


def test_a_correction_stands_with_the_value_that_it_is_of(site: World, ada: Visitor) -> None:
    answer = send(site, ada, 3, value=A_TITLE, text="Ships at the quay", text_lang="en")
    assert answer.status_code == 200, answer.text
    stated = answer.text.partition('class="proposals"')[2]
    assert TITLE.value in stated
    assert "<del>📷 Ship</del><ins>Ships</ins> at the quay" in stated


def test_a_text_with_returns_is_selected_by_code_points(site: World, ada: Visitor) -> None:
    value = value_id(DC.title, RETURNS)
    answer = send(
        site, ada, 1, "cr", span=value, span_start="0", span_end="8",
        span_exact="One\r\ntwo", term=FARMS,
    )  # fmt: skip
    assert answer.status_code == 200, answer.text


def test_a_change_begins_with_what_was_said(site: World, ada: Visitor) -> None:
    answer = send(
        site, ada, 4, value=A_TITLE, text="Schip", text_lang="nl", rating="60", errors_2="major",
        comment="Kort",
    )  # fmt: skip
    (made,) = proposals(answer)
    form = ada.get(f"/annotation/{made}/edit", headers={"HX-Request": "true"}).text
    assert re.search(rf'value="{A_TITLE}" checked', form)
    assert ">Schip</textarea>" in form
    assert 'name="rating"' in form
    assert 'value="60"' in form
    assert re.search(r'name="errors-2".*?<option value="major" selected', form, re.DOTALL)
    assert ">Kort</textarea>" in form
    better = send(site, ada, 4, value=A_TITLE, text="Schip!", text_lang="nl", replaces=made)
    assert better.status_code == 200, better.text
    assert made not in proposals(better)


def test_an_orphan_says_that_its_text_is_gone(site: World, ada: Visitor) -> None:
    olga = site.people["olga"]
    worlds.import_things(site.desk, olga, "changing", [Written("changing")])
    campaign = campaigns.find_standing(site.desk, "words")
    assert campaign is not None
    slug = site.campaign(collections=("changing",), tasks=campaign.tasks)
    ada.start(slug)
    path = f"/campaigns/{slug}/items/{site.item('changing')}/annotations"  # type: ignore[arg-type]
    form = {"task": "1", "span": A_TITLE, "span-exact": "Ship", "term": FARMS}
    assert ada.submit(path, **form).status_code == 303
    changed = Literal("A windmill", language="en")
    worlds.import_things(
        site.desk, olga, "changing", [Written("changing", said=((DC.title, changed),))]
    )
    shown = ada.get(path.removesuffix("/annotations")).text
    assert "<mark>Ship</mark>" in shown
    assert "The text has changed since." in shown


def test_of_several_values_the_next_that_one_has_not_answered_is_chosen(
    site: World, ada: Visitor
) -> None:
    def chosen(text: str) -> list[str]:
        return re.findall(r'name="value" value="([a-z0-9]+)" checked', task_of(text, 5))

    assert chosen(page(site, ada, "asked")) == [A_TITLE]
    answer = send(site, ada, 5, "asked", value=A_TITLE, answer=CH.Yes.value)
    assert chosen(answer.text) == [A_DESCRIPTION]
    assert answer.text.count("You answered") == 1
    answer = send(site, ada, 5, "asked", value=A_DESCRIPTION, answer=CH.Yes.value)
    assert chosen(answer.text) == []
    assert "You answered" not in page(site, site.visitor("ben"), "asked")


# --- what is refused -----------------------------------------------------------------------------

SPAN = {"span": A_TITLE, "span_start": "2", "span_end": "6", "span_exact": "Ship", "term": FARMS}
FIX = {"value": A_TITLE, "text": "Boat", "text_lang": "en"}
BAD: list[tuple[int, str, dict[str, str]]] = [
    (1, "span", {**SPAN, "span_end": "1000"}),
    (1, "span", {**SPAN, "span_start": "6", "span_end": "2"}),
    (1, "span", {**SPAN, "span_start": "-4", "span_end": "2"}),
    (1, "span", {**SPAN, "span_start": "9" * 1000}),
    (1, "span", {**SPAN, "span_start": UNION}),
    (1, "span", {**SPAN, "span_exact": "quay"}),
    (1, "span", {**SPAN, "span": value_id(DC.title, Literal("Of another item"))}),
    (1, "span", {**SPAN, "span": UNION}),
    (1, "span", {**SPAN, "span": SCRIPT}),
    (1, "span", {"span": A_TITLE, "span_exact": SCRIPT, "term": FARMS}),
    (1, "span", {"span": A_TITLE, "span_exact": "x" * 1_000_000, "term": FARMS}),
    (1, "span", {"span": A_DESCRIPTION, "span_exact": "ship", "span_which": "-1", "term": FARMS}),
    (1, "term", {**SPAN, "term": "http://example.org/none-of-ours"}),
    (1, "term", {**SPAN, "term": UNION}),
    (2, "text", {"text": "", "text_lang": "en"}),
    (2, "text", {"text": "a\x1b[2Jb", "text_lang": "en"}),
    (2, "text", {"text": "a\u202eb", "text_lang": "en"}),
    (2, "text", {"text": "x" * 1_000_000, "text_lang": "en"}),
    (2, "text", {"text": "ANNO", "text_lang": 'en" } UNION {'}),
    (2, "text", {"text": "ANNO", "text_lang": "<script>"}),
    (2, "text", {"text": "ANNO", "text_lang": "no language"}),
    (3, "value", {**FIX, "value": value_id(DC.title, Literal("Nobody's"))}),
    (3, "value", {**FIX, "value": SCRIPT}),
    (3, "value", {"text": "Boat", "text_lang": "en"}),
    (3, "text", {**FIX, "text": TITLE.value}),
    (3, "text", {**FIX, "text": "x" * 20_001}),
    (4, "rating", {"value": A_TITLE, "rating": "101"}),
    (4, "rating", {"value": A_TITLE, "rating": "-1"}),
    (4, "rating", {"value": A_TITLE, "rating": UNION}),
    (4, "errors", {"value": A_TITLE, "rating": "1", "errors_1": SCRIPT}),
    (4, "comment", {"value": A_TITLE, "rating": "1", "comment": "x" * 1001}),
    (4, "comment", {"value": A_TITLE, "rating": "1", "comment": "\x07"}),
    (4, "text", {"value": A_TITLE}),
    (5, "value", {"answer": CH.Yes.value}),
    (5, "answer", {"value": A_TITLE, "answer": "http://example.org/maybe"}),
]


@pytest.mark.parametrize(("task", "field", "form"), BAD)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_stored(
    site: World, ada: Visitor, task: int, field: str, form: dict[str, str]
) -> None:
    before = site.last()
    answer = send(site, ada, task, **form)
    assert answer.status_code == 422, answer.text[:500]
    assert beside(answer, task, field)
    assert site.last() == before
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("text", [UNION, SCRIPT, "{{ 7 * 7 }}", "'; DROP TABLE annotation; --"])
def test_what_looks_like_code_comes_back_exactly(site: World, ada: Visitor, text: str) -> None:
    answer = send(site, ada, 2, text=text, text_lang="en")
    assert answer.status_code == 200
    assert (
        html.escape(text, quote=True).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
        in answer.text
    )
    assert "<script>alert" not in answer.text


def test_what_was_typed_is_still_there_after_a_refusal(site: World, ada: Visitor) -> None:
    answer = send(
        site, ada, 4, value=A_TITLE, text="Schip", text_lang="nl", rating="1000", errors_1="minor",
        comment="Bijna",
    )  # fmt: skip
    assert answer.status_code == 422
    assert ">Schip</textarea>" in answer.text
    assert 'value="1000"' in answer.text
    assert ">Bijna</textarea>" in answer.text
    assert '<option value="minor" selected' in answer.text


def test_nothing_is_taken_before_one_agreed(site: World) -> None:
    before = site.last()
    stranger = site.visitor("ben")
    assert send(site, stranger, 2, text="ANNO", text_lang="la").status_code == 403
    assert site.last() == before


def test_a_published_term_on_words_says_which_words(site: World, ada: Visitor) -> None:
    """In the terms of the Web Annotation vocabulary, and CrowdHeritage's own for the field."""
    form = {"span": A_DESCRIPTION, "span_exact": "🏺", "term": FARMS}
    made = site.iri(proposals(send(site, ada, 1, "text-2", **form))[-1])
    olga, desk = site.people["olga"], site.desk
    publishing.decide(desk, olga, made, "accept", "Right", now=now())
    publishing.publish(desk, olga, "words", now=now())
    described = site.visitor().get(f"/annotation/{made.rpartition('/')[2]}.nt").text
    for subject, property_, value in (
        ("selector", SOA.property, DC.description),
        ("selector", OA.refinedBy, NamedNode(f"{made}#position")),
        ("selector", OA.refinedBy, NamedNode(f"{made}#quote")),
        ("position", OA.start, Literal(10)),
        ("position", OA.end, Literal(11)),
        ("quote", OA.exact, Literal("🏺")),
    ):
        assert f"<{made}#{subject}> {property_} {value} ." in described
