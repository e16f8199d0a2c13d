"""Vocabularies in the browser: the whole way of a load, what it changes, reopening, permissions."""

import re
import time
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, parse

from server.resources import folder
from tests.domain.vocabulary_files import SCHEME, concept, write
from tests.web import campaign_site
from tests.web.campaign_site import FARMS, RESORTS, World
from tests.web.visitors import REFUSED, Visitor

LEADS = re.compile(r'href="(/vocabularies/[^"/]+/loads[^"]*)">')


def send(visitor: Visitor, *files: Path, **fields: str) -> httpx.Response:
    """Upload as the form does."""
    return visitor.post(
        "/vocabularies/load",
        data={"csrf": visitor.token(), "source": "skos", **fields},
        files=[("files", (path.name, path.read_bytes())) for path in files],
        headers=visitor.origin,
    )


def finished(visitor: Visitor, answer: httpx.Response) -> str:
    """Where a job leads to when it is done."""
    text = ended(visitor, answer)
    found = LEADS.search(text)
    assert found is not None, text
    return found[1]


def ended(visitor: Visitor, answer: httpx.Response) -> str:
    """The last state of a job."""
    assert answer.status_code == 303, answer.text
    for _attempt in range(1200):
        text = visitor.get(answer.headers["Location"], headers={"HX-Request": "true"}).text
        if "hx-get" not in text:
            return text
        time.sleep(0.05)
    raise AssertionError(text)


def bring_in(visitor: Visitor, *files: Path, **fields: str) -> str:
    report = finished(visitor, send(visitor, *files, **fields))
    assert finished(visitor, visitor.submit(f"{report}/apply")) == report
    return report


def test_an_organiser_loads_looks_applies_and_takes_back(
    organiser: Visitor, tmp_path: Path
) -> None:
    file = write(tmp_path / "a.ttl", concept(1, "one"), concept(2, "two"))
    report = finished(organiser, send(organiser, file, slug="web-things"))
    assert organiser.get("/vocabularies/web-things").status_code == 404
    text = organiser.get(report).text
    assert f'action="{report}/apply"' in text and "Ready to load" in text
    assert finished(organiser, organiser.submit(f"{report}/apply")) == report
    assert organiser.get("/vocabularies/web-things").status_code == 200
    loads = organiser.get("/vocabularies/web-things/loads").text
    assert report in loads and "/vocabularies/web-things/undo" in loads
    assert finished(organiser, organiser.submit("/vocabularies/web-things/undo"))
    assert organiser.get("/vocabularies/web-things").status_code == 404
    assert "Taken back" in organiser.get(report).text


def test_a_newer_release_is_shown_term_by_term_and_left(organiser: Visitor, tmp_path: Path) -> None:
    bring_in(
        organiser, write(tmp_path / "a.ttl", concept(1, "one"), concept(2, "<b>two</b>")),
        slug="releases",
    )  # fmt: skip
    newer = write(tmp_path / "b.ttl", concept(1, "uno"), concept(3, "three"))
    report = finished(organiser, send(organiser, newer, slug="releases"))
    gone = organiser.get(report, params={"kind": "gone"}).text
    assert "&lt;b&gt;two" in gone and "<b>two" not in gone
    renamed = organiser.get(report, params={"kind": "relabelled", "q": "UNO"}).text
    assert "uno" in renamed and ">one<" in renamed
    assert "None of these fit" in organiser.get(report, params={"kind": "added", "q": "xx"}).text
    table = organiser.get(f"{report}/changes.csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert f"{SCHEME}3,added" in table.text
    assert organiser.submit(f"{report}/discard").status_code == 303
    assert organiser.get(report).status_code == 404
    assert "releases" in organiser.get("/vocabularies/load?slug=releases").text


@pytest.mark.parametrize("path", ["?kind=nothing", "/../report", "?kind=gone&at=99999999999999"])
def test_odd_addresses_of_a_load_do_no_harm(organiser: Visitor, tmp_path: Path, path: str) -> None:
    name = f"odd-{abs(hash(path)) % 10_000}"
    report = finished(
        organiser, send(organiser, write(tmp_path / "a.ttl", concept(1, "one")), slug=name)
    )
    assert organiser.get(f"{report}{path}").status_code in (200, *REFUSED)


def test_what_is_wrong_with_a_form_is_said_beside_its_field(
    organiser: Visitor, tmp_path: Path
) -> None:
    file = write(tmp_path / "a.ttl", concept(1, "one"))
    for fields, words in (
        ({"slug": "Not A Slug"}, "small letters"),
        ({"slug": "load"}, "small letters"),
        ({"slug": "x", "source": "nothing"}, "Choose what it is"),
        ({"slug": "x", "source": "geonames", "min_population": "many"}, "Write a number"),
    ):
        answer = send(organiser, file, **fields)
        assert answer.status_code == 422, fields
        assert words in answer.text
    nothing = organiser.submit("/vocabularies/load", source="skos", slug="x")
    assert nothing.status_code == 422 and "Choose at least one file" in nothing.text


def test_what_cannot_be_read_fails_in_words(organiser: Visitor, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("this is no Turtle")
    text = ended(organiser, send(organiser, broken, slug="broken"))
    assert 'role="alert"' in text and "broken.ttl" in text
    assert "/vocabularies/load?slug=broken" in text
    assert organiser.get("/vocabularies/broken").status_code == 404


def test_an_address_in_a_private_network_is_not_fetched(organiser: Visitor, world: World) -> None:
    answer = send(organiser, slug="inside", url=f"{world.address}/vocabularies/aat/terms.ttl")
    assert 'role="alert"' in ended(organiser, answer)


def test_another_vocabulary_does_not_take_a_name_by_mistake(
    organiser: Visitor, tmp_path: Path
) -> None:
    bring_in(organiser, write(tmp_path / "a.ttl", concept(1, "one")), slug="taken")
    other = write(tmp_path / "b.ttl", concept(1, "eins"), scheme="http://other.example.org/")
    assert "http://other.example.org/" in ended(organiser, send(organiser, other, slug="taken"))
    bring_in(organiser, other, slug="taken", replace="1")


@pytest.mark.parametrize("who", ["", "ada"])
def test_only_organisers_load_look_and_reopen(
    world: World, organiser: Visitor, tmp_path: Path, who: str
) -> None:
    report = bring_in(
        organiser, write(tmp_path / "a.ttl", concept(1, "one")), slug=f"closed-{who or 'x'}"
    )
    visitor = world.visitor(who)
    for path in ("/vocabularies/load", report, f"{report}/changes.csv", report.rpartition("/")[0]):
        assert visitor.get(path).status_code in (303, *REFUSED), path
    before = world.last()
    for path in (
        "/vocabularies/load", f"{report}/apply", f"{report}/discard", f"{report}/reopen",
        "/vocabularies/aat/undo",
    ):  # fmt: skip
        assert visitor.submit(path, kind="gone").status_code in (303, *REFUSED), path
    assert world.last() == before


def test_annotations_of_changed_terms_are_reopened(
    world: World, organiser: Visitor, tmp_path: Path
) -> None:
    """In a site of its own: the vocabulary that others use is changed."""
    with campaign_site.serve(tmp_path / "data") as site:
        olga = site.visitor("olga")
        slug = site.campaign()
        mine, other = site.publish(slug, 3, FARMS), site.publish(slug, 4, RESORTS)
        file = _without(FARMS, tmp_path / "aat.ttl")
        report = bring_in(olga, file, slug="aat", title="AAT", replace="1")
        text = olga.get(report, params={"kind": "gone"}).text
        assert f'action="{report}/reopen"' in text and f'value="{FARMS}"' in text
        assert olga.submit(f"{report}/reopen").status_code == 422
        done = ended(olga, olga.submit(f"{report}/reopen", kind="gone"))
        assert "were reopened" in done or "was reopened" in done
        assert (site.row(mine).status, site.row(other).status) == ("pending", "published")
        assert "Reopened" in olga.get(f"/annotation/{mine}").text
        assert site.visitor().get(f"/annotation/{mine}").status_code == 410


def test_a_term_that_is_gone_keeps_its_page_and_its_name_on_annotations(tmp_path: Path) -> None:
    with campaign_site.serve(tmp_path / "data") as site:
        olga, anybody = site.visitor("olga"), site.visitor()
        mine = site.publish(site.campaign(), 3, FARMS)
        report = bring_in(
            olga, _without(FARMS, tmp_path / "aat.ttl"), slug="aat", title="AAT", replace="1"
        )
        assert "farms" in olga.get(report, params={"kind": "gone"}).text
        page = anybody.get("/terms", params={"iri": FARMS})
        assert page.status_code == 200
        assert "farms" in page.text and "has been retired" in page.text
        assert "farms" in anybody.get(f"/annotation/{mine}").text
        offered = anybody.get("/terms/suggest", params={"q": "farms", "vocabulary": "aat"})
        assert offered.status_code == 200 and FARMS not in offered.text
        assert "farms" in anybody.get("/vocabularies/aat/terms.ttl").text
        assert finished(olga, olga.submit("/vocabularies/aat/undo"))
        page = anybody.get("/terms", params={"iri": FARMS})
        assert page.status_code == 200 and "has been retired" not in page.text


def _without(term: str, path: Path) -> Path:
    """The starter vocabulary without a term."""
    triples = parse(path=folder("vocabularies") / "aat-starter.ttl", format=RdfFormat.TURTLE)
    lines = [str(quad.triple) for quad in triples if term not in str(quad.triple)]
    path.write_text("".join(f"{line} .\n" for line in lines), encoding="utf-8")
    return path
