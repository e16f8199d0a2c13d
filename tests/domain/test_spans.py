"""Contributions about metadata values: which value and words are meant, also when they change."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

from server.domain import annotations, contributing, opening, publishing, value_selectors
from server.domain.contributing import Proposal
from server.errors import Invalid
from server.index import queues
from server.names import CH, DC, DCTERMS, OA, RDF, RDFS, SOA, XSD
from tests import worlds
from tests.domain import text_campaigns
from tests.domain.text_campaigns import DESCRIPTION, PLAIN, TITLE, Written, value_id
from tests.worlds import World, item, term

SELECTING = (OA.hasTarget, OA.hasSelector)
REFINING = (*SELECTING, OA.refinedBy)
A_TITLE, A_DESCRIPTION = value_id(DC.title, TITLE), value_id(DC.description, DESCRIPTION)
PLACE = NamedNode("http://places.example.org/leiden")
PAGES = ("http://media.example.org/1.jpg", "http://media.example.org/2.jpg")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    settings = worlds.create(tmp_path)
    with opening.opened(settings) as desk:
        made = worlds.furnish(desk)
        things = [
            Written("text-1"),
            Written("text-3", pages=PAGES),
            Written("text-2", said=((DC.title, PLAIN), (DCTERMS.spatial, PLACE))),
        ]
        worlds.import_things(desk, made.organiser, "texts", things)
        text_campaigns.create(desk, made.organiser, "kinds", "texts", "words")
        made.campaign, made.collection = "words", "texts"
        for person in made.people:
            made.agree(person)
        yield made


def propose(world: World, task: int, by: int = 1, of: int = 1, **values: str) -> str:
    form = {name.replace("_", "-"): [value] for name, value in values.items()}
    proposal = Proposal("words", item(f"text-{of}"), task, form)
    return contributing.propose(world.desk, world.people[by], proposal, now=worlds.now())


def refused(world: World, task: int, of: int = 1, **values: str) -> dict[str, str]:
    """The problems by field; nothing is stored."""
    before = world.desk.journal.last()
    with pytest.raises(Invalid) as caught:
        propose(world, task, of=of, **values)
    assert world.desk.journal.last() == before
    return {problem.field: problem.message for problem in caught.value.problems}


def said(world: World, iri: str) -> Any:
    return annotations.get(world.desk, iri).content


def status(world: World, iri: str) -> str:
    row = queues.find_annotation(world.desk.index.read(), iri)
    assert row is not None
    return row.status


def reimport(world: World, *things: Written) -> None:
    worlds.import_things(world.desk, world.organiser, "texts", things)


def span(world: World, by: int = 1, **values: str) -> str:
    chosen = {"span": A_TITLE, "span_exact": "Ship", "term": term(1)} | values
    return propose(world, 1, by=by, **chosen)


# --- a term on words -----------------------------------------------------------------------------


def test_words_are_selected_by_property_position_and_quote(world: World) -> None:
    content = said(world, span(world, span_start="2", span_end="6"))
    assert content.value(*SELECTING, RDF.type) == SOA.RDFPropertySelector
    assert content.value(*SELECTING, SOA.property) == DC.title
    assert content.value(*SELECTING, RDF.value) == TITLE
    assert set(content.values(*REFINING, RDF.type)) == {
        OA.TextPositionSelector, OA.TextQuoteSelector
    }  # fmt: skip
    number = XSD.integer
    assert content.value(*REFINING, OA.start) == Literal("2", datatype=number)
    assert content.value(*REFINING, OA.end) == Literal("6", datatype=number)
    assert content.text(*REFINING, OA.exact) == "Ship"
    assert content.text(*REFINING, OA.prefix) == "📷 "
    assert content.text(*REFINING, OA.suffix) == " at the quay"
    assert content.body == term(1)
    assert content.value(OA.motivatedBy) == OA.tagging


def test_typed_words_and_selected_ones_are_the_same_annotation(world: World) -> None:
    selected = span(world, span_start="2", span_end="6")
    typed = span(world, by=2)
    assert typed == selected
    assert len(annotations.get(world.desk, typed).claims) == 2


def test_a_span_at_the_beginning_has_offset_0_and_no_prefix(world: World) -> None:
    content = said(world, span(world, span_start="0", span_end="1", span_exact="📷"))
    assert content.text(*REFINING, OA.start) == "0"
    assert content.values(*REFINING, OA.prefix) == []


def test_of_words_that_stand_there_twice_one_says_which(world: World) -> None:
    form = {"span": A_DESCRIPTION, "span_exact": "ship", "term": term(1)}
    assert "2 times" in refused(world, 1, **form)["span"]
    assert "2 times" in refused(world, 1, **form, span_which="3")["span"]
    content = said(world, propose(world, 1, **form, span_which="2"))
    assert content.text(*REFINING, OA.start) == "24"


def test_typed_words_may_be_composed_otherwise_than_the_text(world: World) -> None:
    """The text has é and then another accent; typed is the same, all decomposed."""
    form = {"span": A_DESCRIPTION, "span_exact": "cafe\u0301\u0301s", "term": term(1)}
    assert said(world, propose(world, 1, **form)).text(*REFINING, OA.exact) == "café\u0301s"


def test_line_ends_of_a_form_are_those_of_the_text(world: World) -> None:
    form = {"span": A_DESCRIPTION, "span_exact": "too.\r\nSecond", "term": term(1)}
    content = said(world, propose(world, 1, **form))
    assert content.text(*REFINING, OA.exact) == "too.\nSecond"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2", "99"), ("6", "2"), ("2", "2"), ("-1", "3"), ("2", ""), ("", "6"), ("two", "six"),
        ("9" * 400, "9" * 401), ("²", "³"), ("2.0", "6.0"), ("0x2", "0x6"), ('x" } UNION {', "6"),
    ],
)  # fmt: skip
def test_positions_that_are_none_are_refused_beside_the_field(
    world: World, start: str, end: str
) -> None:
    problems = refused(
        world, 1, span=A_TITLE, span_start=start, span_end=end, span_exact="Ship", term=term(1)
    )
    assert list(problems) == ["span"]


def test_positions_at_which_other_words_stand_are_refused(world: World) -> None:
    """As of a browser that counted UTF-16 units."""
    problems = refused(
        world, 1, span=A_TITLE, span_start="3", span_end="7", span_exact="Ship", term=term(1)
    )
    assert "others stand" in problems["span"]


@pytest.mark.parametrize(
    "value", ["", "x", A_TITLE.upper(), 'x" } UNION {', "<script>alert(1)</script>", "\x07"]
)
def test_a_value_that_the_item_does_not_have_is_refused(world: World, value: str) -> None:
    problems = refused(world, 1, span=value, span_exact="Ship", term=term(1))
    assert list(problems) == ["span"]


def test_a_value_of_another_item_or_of_a_property_that_is_not_asked_about_is_refused(
    world: World,
) -> None:
    assert "span" in refused(world, 1, of=2, span=A_TITLE, span_exact="Ship", term=term(1))
    place = value_id(DCTERMS.spatial, PLACE)
    assert "span" in refused(world, 1, of=2, span=place, span_exact="leiden", term=term(1))


def test_words_without_a_term_and_a_term_without_words_are_refused(world: World) -> None:
    assert list(refused(world, 1, span=A_TITLE, span_exact="Ship")) == ["term"]
    assert list(refused(world, 1, term=term(1))) == ["span"]
    assert list(refused(world, 1, span=A_TITLE, term=term(1))) == ["span"]


def test_words_are_no_more_than_2000_characters(world: World) -> None:
    long = Literal("word " * 500, language="en")
    reimport(world, Written("text-1", said=((DC.title, long),)))
    form = {"span": value_id(DC.title, long), "term": term(1), "span_start": "0"}
    assert "2000" in refused(world, 1, **form, span_end="2001")["span"]
    assert propose(world, 1, **form, span_end="2000")


# --- when the text changes -----------------------------------------------------------------------


def test_words_are_found_again_after_the_text_has_changed(world: World) -> None:
    iri = span(world)
    reimport(
        world,
        Written("text-1", said=((DC.title, Literal("🏺🏺 Ship at the quay", language="en")),)),
    )
    assert status(world, iri) == "pending"
    about = value_selectors.meant(said(world, iri))
    assert about is not None
    found = value_selectors.find(world.desk, "public", item("text-1"), about)
    assert found is not None
    assert (found.span, found.changed) == ((3, 7), True)


def test_words_that_are_gone_orphan_the_annotation_until_they_come_back(world: World) -> None:
    iri, other = span(world), propose(world, 6, answer=CH.Yes.value)
    reimport(world, Written("text-1", said=((DC.title, Literal("A windmill", language="en")),)))
    assert status(world, iri) == "orphaned"
    assert status(world, other) == "pending"
    reimport(world, Written("text-1"))
    assert status(world, iri) == "pending"


def test_the_rows_after_a_change_of_text_are_those_of_a_rebuild(
    world: World, tmp_path: Path
) -> None:
    span(world)
    propose(world, 3, value=A_DESCRIPTION, text="Two ships", text_lang="en")
    reimport(world, Written("text-1", said=((DC.title, TITLE),)))
    worlds.assert_equals_rebuild(world.desk, tmp_path / "fresh")


def test_a_correction_of_a_value_that_is_gone_is_orphaned(world: World) -> None:
    iri = propose(world, 3, value=A_TITLE, text="A ship at the quay", text_lang="en")
    reimport(
        world, Written("text-1", said=((DC.title, Literal("A ship at the quay", language="en")),))
    )
    assert status(world, iri) == "orphaned"


def test_a_value_that_only_got_another_language_is_the_same_value(world: World) -> None:
    iri = propose(world, 3, value=A_TITLE, text="Een schip", text_lang="nl")
    reimport(world, Written("text-1", said=((DC.title, Literal(TITLE.value, language="en-gb")),)))
    assert status(world, iri) == "pending"


# --- corrections, translations, questions --------------------------------------------------------


def test_a_correction_is_for_the_field_of_the_value(world: World) -> None:
    content = said(
        world, propose(world, 3, value=A_TITLE, text="Ships at the quay", text_lang="en")
    )
    assert content.field == DC.title.value
    assert content.value(OA.hasBody, RDF.value) == Literal("Ships at the quay", language="en")
    assert content.value(*SELECTING, RDF.value) == TITLE
    assert content.values(*REFINING) == []
    assert content.value(OA.motivatedBy) == OA.editing


def test_a_published_correction_writes_a_new_value(world: World) -> None:
    iri = propose(world, 3, value=A_TITLE, text="Ships at the quay", text_lang="en")
    publishing.decide(world.desk, world.organiser, iri, "accept", "Right", now=worlds.now())
    assert publishing.publish(world.desk, world.organiser, "words", now=worlds.now()) == 1
    proxy = world.desk.names.proxy(item("text-1"))
    found = [value for _property, value in world.desk.about("public", proxy)]
    assert Literal("Ships at the quay", language="en") in found
    assert text_campaigns.standing(world.desk, item("text-1"), DC.title) == [
        (DC.title.value, TITLE)
    ]


def test_a_correction_must_differ_from_the_value(world: World) -> None:
    assert list(refused(world, 3, value=A_TITLE, text=TITLE.value, text_lang="en")) == ["text"]
    assert propose(world, 3, value=A_TITLE, text=TITLE.value, text_lang="de")


def test_a_value_that_is_a_thing_can_be_corrected(world: World) -> None:
    place = value_id(DCTERMS.spatial, PLACE)
    content = said(world, propose(world, 3, of=2, value=place, text="Leyden", text_lang="en"))
    assert content.value(*SELECTING, RDF.value) == PLACE
    assert content.field == DCTERMS.spatial.value


@pytest.mark.parametrize("tag", ["e", "12", "en us", "<b>", 'en" .', "a" * 99])
def test_a_language_that_is_none_is_refused_beside_the_text(world: World, tag: str) -> None:
    problems = refused(world, 3, value=A_TITLE, text="Een schip", text_lang=tag)
    assert list(problems) == ["text"]


def test_a_translation_is_a_text_or_a_rating_or_both(world: World) -> None:
    assert list(refused(world, 4, value=A_TITLE)) == ["text"]
    rated = propose(world, 4, value=A_TITLE, rating="70")
    assert said(world, rated).values(OA.hasBody) == []
    text = propose(world, 4, value=A_TITLE, text="Schip aan de kade", text_lang="nl", rating="100")
    assert said(world, text).value(OA.hasBody, RDF.value).language == "nl"
    assert said(world, text).value(OA.motivatedBy) == CH.translating
    assert text != rated


def test_rating_errors_and_comment_are_each_persons_own(world: World) -> None:
    form = {"value": A_TITLE, "text": "Schip", "text_lang": "nl"}
    one = propose(world, 4, by=1, **form, rating="40", errors_1="critical", comment="Nee")
    other = propose(world, 4, by=2, **form, rating="90", errors_6="minor")
    assert one == other
    by = {claim.agent: claim.content for claim in annotations.get(world.desk, one).claims}
    mine, theirs = (by[world.people[number].agent.value].of("by") for number in (1, 2))
    assert mine[CH.rating] == [Literal("40", datatype=XSD.integer)]
    assert mine[CH.error] == mine[CH.criticalError] == [CH.Mistranslation]
    assert mine[RDFS.comment] == [Literal("Nee")]
    assert theirs[CH.minorError] == [CH.Spelling]
    assert CH.criticalError not in theirs


@pytest.mark.parametrize("rating", ["101", "-1", "50.5", "good", "9" * 5000, "٥٠", "1e2", "<b>"])
def test_a_rating_is_a_whole_number_from_0_to_100(world: World, rating: str) -> None:
    assert list(refused(world, 4, value=A_TITLE, rating=rating)) == ["rating"]


def test_an_error_has_one_of_the_severities(world: World) -> None:
    problems = refused(world, 4, value=A_TITLE, rating="1", errors_2="fatal")
    assert list(problems) == ["errors"]


def test_a_question_about_values_names_one_and_another_question_none(world: World) -> None:
    assert list(refused(world, 5, answer=CH.Yes.value)) == ["value"]
    content = said(world, propose(world, 5, value=A_TITLE, answer=CH.No.value))
    assert content.value(*SELECTING, SOA.property) == DC.title
    assert content.values(CH.field) == []
    plain = said(world, propose(world, 6, value=A_TITLE, answer=CH.No.value))
    assert plain.values(*SELECTING) == []


def test_a_transcription_keeps_its_lines(world: World) -> None:
    content = said(world, propose(world, 2, text="ANNO\r\n1632", text_lang="la"))
    assert content.value(OA.hasBody, RDF.value) == Literal("ANNO\n1632", language="la")
    assert content.value(OA.motivatedBy) == CH.transcribing


def test_a_transcription_of_a_page_is_about_that_picture_within_the_item(world: World) -> None:
    content = said(world, propose(world, 2, of=3, page="2", text="ANNO", text_lang="la"))
    assert content.value(OA.hasTarget, OA.hasSource) == NamedNode(PAGES[1])
    assert content.value(OA.hasTarget, OA.hasScope) == NamedNode(item("text-3"))
    assert content.item == item("text-3")
    whole = propose(world, 2, of=3, text="ANNO", text_lang="la")
    assert said(world, whole).value(OA.hasTarget, OA.hasSource) == NamedNode(item("text-3"))


@pytest.mark.parametrize("page", ["3", "0", "-1", "9" * 400, 'x" } UNION {', "<script>", PAGES[1]])
def test_a_page_that_the_item_does_not_have_is_refused(world: World, page: str) -> None:
    assert list(refused(world, 2, of=3, page=page, text="ANNO", text_lang="la")) == ["page"]


@pytest.mark.parametrize(
    "text", ["", "   \n ", "\x1b[31m", "a\u202eb", "x" * 20_001, "x" * 1_000_000]
)
def test_a_transcription_that_is_none_is_refused(world: World, text: str) -> None:
    assert list(refused(world, 2, text=text, text_lang="en")) == ["text"]


@pytest.mark.parametrize(
    "text", ['x" } UNION { ?s ?p ?o } #', "<script>alert(1)</script>", "\\u0022"]
)
def test_what_looks_like_code_is_a_text_as_any_other(world: World, text: str) -> None:
    content = said(world, propose(world, 2, text=text, text_lang="en"))
    assert content.value(OA.hasBody, RDF.value) == Literal(text, language="en")
