"""Vocabularies, terms and the suggestions of the search box."""

import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from server.domain import vocabularies
from server.formats.vocabularies import VocabularyData, as_statements
from server.names import DCTERMS, RDF, SKOS
from tests.web.campaign_site import FARMS, GUIDE, World, now
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
    for name in ("vocabulary", "lang"):
        odd = urlencode({"q": "farms", name: text[:4000]})
        assert visitor.get(f"/terms/suggest?{odd}", headers=JSON).status_code == 200


def test_broken_utf_8_in_a_query_is_only_text(visitor: Visitor) -> None:
    assert visitor.get("/terms/suggest?q=%FF%FE", headers=JSON).json() == []


def test_the_page_of_a_vocabulary_names_its_licence_and_source(visitor: Visitor) -> None:
    page = visitor.get("/vocabularies/aat").text
    for text in ("Getty", "ODC-By 1.0", "/vocabularies/aat/terms.ttl"):
        assert text in page
    assert 'href="/vocabularies/aat"' in visitor.get("/vocabularies").text


def test_the_page_of_a_term_shows_where_it_stands(visitor: Visitor) -> None:
    page = visitor.get(f"/terms?iri={quote(FARMS, safe='')}").text
    for text in ("farms", "complexes (buildings)", "vineyards", 'href="/vocabularies/aat"'):
        assert text in page


def test_a_term_made_here_can_be_followed(world: World, visitor: Visitor) -> None:
    base = world.desk.names.path("term/ours/").value
    term = NamedNode(base + "t1")
    triples = [
        Triple(term, RDF.type, SKOS.Concept),
        Triple(term, SKOS.prefLabel, Literal("a term of ours", language="en")),
    ]
    data = VocabularyData(
        base, ((DCTERMS.title, Literal("Ours", language="en")),), as_statements(triples)
    )
    vocabularies.load(world.desk, world.people["olga"], "ours", data, now=now())
    for path in ("/term/ours/t1", "/term/ours/t1.ttl", "/term/ours/t1.jsonld"):
        assert "a term of ours" in visitor.get(path).text
    assert visitor.get("/term/ours/t2").status_code == 404


HOSTILE_DATA = "http://terms.example.org/hostile/"


def test_what_a_vocabulary_says_is_never_active(world: World, visitor: Visitor) -> None:
    script, term = "<script>alert(1)</script>", NamedNode(HOSTILE_DATA + "1")
    metadata = (
        (DCTERMS.title, Literal(script, language="en")),
        (DCTERMS.source, NamedNode("javascript:alert(1)")),
        (DCTERMS.license, NamedNode("javascript:alert(2)")),
        (DCTERMS.rights, Literal(script, language="en")),
    )
    triples = [
        Triple(term, RDF.type, SKOS.Concept),
        Triple(term, SKOS.prefLabel, Literal(f"xyzzyx {script}", language="en")),
        Triple(term, SKOS.scopeNote, Literal('" onfocus="alert(3)', language="en")),
        Triple(term, SKOS.related, NamedNode("javascript:alert(4)")),
    ]
    data = VocabularyData(HOSTILE_DATA, metadata, as_statements(triples))
    vocabularies.load(world.desk, world.people["olga"], "hostile", data, now=now())
    for path in (
        "/vocabularies", "/vocabularies/hostile", "/data", f"/terms?iri={HOSTILE_DATA}1",
        "/terms?q=xyzzyx", "/terms/suggest?q=xyzzyx",
    ):  # fmt: skip
        text = visitor.get(path).text
        assert script not in text
        assert not re.search(r'(?:href|src)="\s*javascript:', text), path
        assert not re.search(r"<[^>]+\" onfocus=", text), path
