"""Every page about vocabularies leads on: to what can be done there, and to what belongs to it."""

import re
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest
from lxml import html

from server.domain.vocabulary_views import licence_name
from tests.domain.vocabulary_files import concept, write
from tests.web.test_made_vocabularies import add
from tests.web.test_vocabulary_loads import bring_in, finished, send
from tests.web.visitors import Visitor

_NUMBERS = count(1)
#: A term of the site's AAT that no other test copies.
LOADED = "http://vocab.getty.edu/aat/300000641"


@pytest.fixture
def slug(organiser: Visitor) -> str:
    """The short name of a new vocabulary without terms."""
    slug = f"ways-{next(_NUMBERS)}"
    organiser.submit("/vocabularies/new", title=f"Ways {slug}", slug=slug, language="en")
    return slug


def links(text: str) -> list[str]:
    return [str(each) for each in html.fromstring(text).xpath("//main//a/@href")]


def test_a_term_made_here_leads_those_who_may_to_its_form(
    organiser: Visitor, visitor: Visitor, slug: str
) -> None:
    term = add(organiser, slug, "calm")
    form = f"/vocabularies/{slug}/terms/edit?iri={quote(term, safe='/')}"
    assert form in links(organiser.get("/terms", params={"iri": term}).text)
    assert not any("/terms/edit" in each for each in links(visitor.get(f"/terms?iri={term}").text))
    loaded = links(organiser.get("/terms", params={"iri": LOADED, "vocabulary": "aat"}).text)
    assert any(each.startswith("/vocabularies/aat/terms/edit?") for each in loaded)
    assert not any(each.endswith("/terms/new") for each in loaded)


def test_a_saved_term_says_so_and_what_comes_next(organiser: Visitor, slug: str) -> None:
    fields = {"label-1-language": "en", "label-1-text": "joy"}
    answer = organiser.submit(f"/vocabularies/{slug}/terms/new", **fields)
    page = organiser.get(answer.headers["Location"]).text
    assert "Saved." in page and f"/vocabularies/{slug}/terms/new" in links(page)
    assert any(each.startswith("/terms?iri=") for each in links(page))


def test_terms_that_were_brought_in_are_counted(organiser: Visitor, slug: str) -> None:
    listed = {"iris": "http://example.org/a joy@en\nhttp://example.org/b fear@en", "then": "all"}
    answer = organiser.submit(f"/vocabularies/{slug}/terms/add", **listed)
    assert "2 terms were brought in." in organiser.get(answer.headers["Location"]).text


@pytest.mark.parametrize("odd", ["-1", "x", "<b>", "9" * 40, "٣"])
def test_an_odd_number_of_terms_brought_in_is_passed_over(
    organiser: Visitor, slug: str, odd: str
) -> None:
    page = organiser.get(f"/vocabularies/{slug}", params={"added": odd})
    assert page.status_code == 200 and "brought in" not in page.text


def test_a_vocabulary_without_terms_offers_what_can_be_done(
    organiser: Visitor, visitor: Visitor, slug: str
) -> None:
    path = f"/vocabularies/{slug}"
    assert f"{path}/terms/new" in links(organiser.get(path).text)
    mine = links(visitor.get(path).text)
    assert "/vocabularies" in mine and f"{path}/terms/new" not in mine


def test_a_vocabulary_leads_to_its_loads_and_its_service(organiser: Visitor) -> None:
    found = links(organiser.get("/vocabularies/aat").text)
    assert {"/vocabularies/aat/loads", "/reconcile#aat"} <= set(found)
    services = html.fromstring(organiser.get("/reconcile", headers={"Accept": "text/html"}).text)
    assert services.xpath("//tr[@id='aat']//a/@href") == ["/vocabularies/aat"]


def test_a_load_that_nobody_named_is_named_by_its_file(organiser: Visitor, tmp_path: Path) -> None:
    file = write(tmp_path / "Old Ships.v2.ttl", concept(1, "one"))
    report = finished(organiser, send(organiser, file))
    assert report.startswith("/vocabularies/old-ships/loads/")
    assert organiser.submit(f"{report}/discard").headers["Location"] == "/vocabularies"


def test_a_name_that_stands_is_never_taken_unasked(organiser: Visitor, tmp_path: Path) -> None:
    file = write(tmp_path / "standing-by.ttl", concept(1, "one"))
    bring_in(organiser, file)
    for fields in ({}, {"title": "Standing by"}):
        answer = send(organiser, file, **fields)
        assert answer.status_code == 422 and "stands already" in answer.text
    report = finished(organiser, send(organiser, file, slug="standing-by"))
    left = organiser.submit(f"{report}/discard")
    assert left.headers["Location"] == "/vocabularies/standing-by"


@pytest.mark.parametrize("url", ["http://[bad", "http://127.0.0.1:1/%00", "x" * 3_000, "///"])
def test_an_odd_address_is_no_name(organiser: Visitor, url: str) -> None:
    assert send(organiser, url=url).status_code in (303, 422)


def test_a_load_that_waits_is_found_again(
    organiser: Visitor, visitor: Visitor, tmp_path: Path
) -> None:
    file = write(tmp_path / "waits.ttl", concept(1, "a <b>bold</b> one"), concept(2, "two"))
    report = finished(organiser, send(organiser, file))
    page = organiser.get(report).text
    assert "a &lt;b&gt;bold&lt;/b&gt; one" in page and "<b>bold" not in page
    assert report in links(organiser.get("/vocabularies").text)
    assert report not in visitor.get("/vocabularies").text
    organiser.submit(f"{report}/discard")
    assert report not in organiser.get("/vocabularies").text


def test_fields_say_which_sources_have_them(organiser: Visitor) -> None:
    form = html.fromstring(organiser.get("/vocabularies/load").text)
    for name, sources in (
        ("countries", {"geonames"}),
        ("query", {"wikidata"}),
        ("languages", {"geonames", "wikidata"}),
        ("url", {"skos"}),
        ("base", {"csv"}),
    ):
        (frame,) = form.xpath(f"//*[@id='{name}']/ancestor::div[contains(@class, 'only')]/@class")
        assert set(frame.split()) == {"only", *sources}
    assert not form.xpath("//*[@id='files']/ancestor::div[contains(@class, 'only')]")


@pytest.mark.parametrize("path", ["/vocabularies/nothing", "/terms?iri=http://nobody.example/x"])
def test_what_is_not_found_among_vocabularies_leads_back_to_them(
    visitor: Visitor, path: str
) -> None:
    page = visitor.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 404 and "/vocabularies" in links(page.text)


def test_a_search_in_all_vocabularies_names_that_of_each_term(visitor: Visitor) -> None:
    everywhere = html.fromstring(visitor.get("/terms", params={"q": "farms"}).text)
    assert "Art & Architecture Thesaurus" in everywhere.xpath("string(//main//li[1])")
    nothing = visitor.get("/terms", params={"q": "xqzw", "vocabulary": "aat"}).text
    assert "/terms?q=xqzw" in links(nothing)


@pytest.mark.parametrize("path", ["/terms?q=farms", "/reconcile", "/vocabularies/aat"])
def test_the_pages_of_terms_stand_under_vocabularies(visitor: Visitor, path: str) -> None:
    page = visitor.get(path, headers={"Accept": "text/html"}).text
    assert re.search(r'href="/vocabularies" aria-current="true"', page)


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        ("http://creativecommons.org/licenses/by-sa/3.0/igo/", "CC BY-SA 3.0 IGO"),
        ("https://creativecommons.org/licenses/by-nc-nd/4.0", "CC BY-NC-ND 4.0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("https://creativecommons.org/licenses/by/9.9/", None),
        ("https://example.org/creativecommons.org/licenses/by/4.0/", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_a_usual_licence_has_its_usual_name(iri: str, name: str | None) -> None:
    assert licence_name(iri) == (iri if name is None else name)
