"""What people with bad intentions write into the forms of vocabularies, and ask about terms."""

import contextlib
import json
import time
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.routing import Route

from server.domain import vocabulary_loads
from server.domain.remote_addresses import Listed
from server.domain.remote_queries import Asking, pull
from server.errors import Malformed
from server.formats.sparql_queries import ClassQuery
from server.web.routes import routes
from tests.domain.vocabulary_files import concept, write
from tests.remote_server import Answer, remote_server
from tests.web.campaign_site import FARMS, World
from tests.web.test_vocabulary_loads import bring_in, finished, send
from tests.web.visitors import REFUSED, Visitor

_NUMBERS = count(1)


@pytest.fixture
def slug() -> str:
    """A short name that nothing has."""
    return f"hostile-terms-{next(_NUMBERS)}"


# --- forms ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["guest", "ada", ""])
def test_only_organisers_write_vocabularies(world: World, who: str) -> None:
    person = world.visitor().start("subjects") if who == "guest" else world.visitor(who)
    forms = [
        each.path for each in routes
        if isinstance(each, Route) and "POST" in (each.methods or ())
        and each.path.startswith("/vocabularies")
    ]  # fmt: skip
    assert len(forms) > 10
    reports = vocabulary_loads.find_reports(world.desk, "aat")
    person.token()
    before = world.last()
    for form in forms:
        path = form.replace("{slug}", "aat").replace("{id}", reports[0].id)
        answer = person.submit(path, iri=FARMS, slug="aat", title="x", iris=FARMS, kind="gone")
        assert answer.status_code in (401, 403), path
    assert world.last() == before
    assert vocabulary_loads.find_reports(world.desk, "aat") == reports


@pytest.mark.parametrize("field", ["latitude", "longitude"])
@pytest.mark.parametrize(
    "text", ["1e-999999999", "1E+9", "NaN", "-Infinity", "0." + "1" * 9999, "x"]
)
def test_a_coordinate_is_a_number_as_people_write_it(
    organiser: Visitor, field: str, text: str
) -> None:
    sent = {"label-1-text": "x", "latitude": "1", "longitude": "1", field: text}
    answer = organiser.submit("/vocabularies/aat/terms/new", **sent)
    assert answer.status_code == 422 and "must be a number" in answer.text


@pytest.mark.parametrize("text", ["not an iri", "javascript:alert(1)", "http://[", "<", '"'])
def test_what_replaces_a_term_is_a_term(organiser: Visitor, slug: str, text: str) -> None:
    organiser.submit("/vocabularies/new", title="x", slug=slug)
    made = organiser.submit(f"/vocabularies/{slug}/terms/new", **{"label-1-text": "mole"})
    term = httpx.URL(made.headers["Location"]).params["iri"]
    sent = {"iri": term, "replacement": text}
    answer = organiser.submit(f"/vocabularies/{slug}/terms/retire", **sent)
    assert answer.status_code == 422
    assert "<script>" not in answer.text


def test_a_thousand_labels_in_a_form_are_refused_or_cut(organiser: Visitor, slug: str) -> None:
    organiser.submit("/vocabularies/new", title="x", slug=slug)
    address = f"/vocabularies/{slug}/terms/new"
    rows = {f"other-{n}-text": f"name {n}" for n in range(990)}
    answer = organiser.submit(address, **{"label-1-text": "x", **rows})
    assert answer.status_code in (303, 422)
    rows = {f"other-{n}-text": "a" for n in range(2_000)}
    assert organiser.submit(address, **rows).status_code == 400
    long = organiser.submit(address, **{"label-1-text": "a" * 1_000_000})
    assert long.status_code == 422 and "more than 2" in long.text


@pytest.mark.parametrize("language", ["<b>", "en\u202e", "x" * 5_000, "en-" * 400, "'", "e n"])
def test_the_language_of_texts_is_a_language(organiser: Visitor, slug: str, language: str) -> None:
    for path in ("/vocabularies/new", "/vocabularies/aat/edit"):
        answer = organiser.submit(path, title="x", slug=slug, language=language)
        assert answer.status_code == 422 and "is no language" in answer.text


def table(organiser: Visitor, slug: str, text: str, **fields: str) -> Any:
    return organiser.post(
        f"/vocabularies/{slug}/terms/add", data={"csrf": organiser.token(), **fields},
        files={"file": ("a.csv", text.encode())}, headers=organiser.origin,
    )  # fmt: skip


def test_a_long_chain_of_terms_is_looked_through_and_its_end_may_not_be_its_start(
    organiser: Visitor, slug: str
) -> None:
    organiser.submit("/vocabularies/new", title="x", slug=slug)
    rows = [f"http://c.example/{n},c{n},http://c.example/{n + 1}" for n in range(300)]
    chain = "iri,label@en,broader\n" + "\n".join(rows)
    whole = f"{chain}\nhttp://c.example/300,c300,\n"
    ring = f"{chain}\nhttp://c.example/300,c300,http://c.example/0\n"
    refused = table(organiser, slug, ring)
    assert refused.status_code == 422 and "below itself" in refused.text
    assert table(organiser, slug, whole).status_code == 303


def test_a_table_may_be_larger_than_a_form(organiser: Visitor, world: World, slug: str) -> None:
    organiser.submit("/vocabularies/new", title="x", slug=slug)
    text = "iri,label@en\n" + "not an iri,x\n" * 200_000
    assert len(text) > world.desk.settings.max_body
    answer = table(organiser, slug, text)
    assert answer.status_code == 303
    for _attempt in range(1200):
        page = organiser.get(answer.headers["Location"], headers={"HX-Request": "true"}).text
        if 'role="alert"' in page:
            break
        time.sleep(0.05)
    assert 'role="alert"' in page
    with contextlib.suppress(httpx.TransportError):  # hung up on somebody who went on sending
        assert table(world.visitor("ada"), slug, text).status_code in (403, 413)


# --- questions ------------------------------------------------------------------------------------

NUMBERS = ("9e99", "-1", "0", "١٢", "9" * 30, "9" * 5_000, "1.5", "NaN", "", "%00", "0x1")


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number[:10])
@pytest.mark.parametrize(
    "path",
    [
        f"/terms?iri={FARMS}&narrower=", f"/terms?iri={FARMS}&items=", f"/terms?iri={FARMS}&own=",
        "/vocabularies/aat/tree?offset=", "/vocabularies/aat/tree?end=",
        "/vocabularies/aat/tree?level=", "/vocabularies/aat/index?start=a%0A",
        "/vocabularies/aat/terms?page=", "/terms/suggest?q=farm&limit=",
        "/reconcile/aat/suggest/entity?prefix=a&cursor=", "/reconcile/aat/properties?limit=",
    ],
)  # fmt: skip
def test_numbers_in_addresses_are_passed_over(organiser: Visitor, path: str, number: str) -> None:
    assert organiser.get(path + number).status_code == 200


@pytest.mark.parametrize("at", ["1", "17", "100", "999999999999999", "-1", "x"])
def test_a_list_of_changes_begins_with_a_whole_change(
    organiser: Visitor, tmp_path: Path, at: str
) -> None:
    name = f"hostile-changes-{at.strip('-')}"
    bring_in(organiser, write(tmp_path / "a.ttl", concept(1, "one")), slug=name)
    newer = write(tmp_path / "b.ttl", concept(2, "zwei"), concept(3, "drei"))
    report = finished(organiser, send(organiser, newer, slug=name))
    answer = organiser.get(report, params={"kind": "added", "at": at})
    assert answer.status_code == 200
    first = organiser.get(report, params={"kind": "added"}).text
    assert "zwei" in first and "drei" in first


@pytest.mark.parametrize("name", ["%22", "a%20b", "%5B", "%00", "..", "%3Cscript%3E", "a" * 5_000])
def test_a_name_that_no_vocabulary_can_have_is_not_found(visitor: Visitor, name: str) -> None:
    for path in (
        "/terms?q=a&vocabulary={}", "/vocabularies/{}/tree", "/vocabularies/{}/terms.ttl",
        "/vocabularies/{}/terms.csv", "/vocabularies/{}/index", "/reconcile/{}/preview?id=x",
    ):  # fmt: skip
        assert visitor.get(path.format(name)).status_code in (307, *REFUSED), path


def test_a_language_of_any_length_is_no_language(visitor: Visitor) -> None:
    plain = visitor.get("/terms/suggest?q=farm", headers={"Accept": "application/json"})
    for odd in ("x" * 20_000, "%00", "en-" * 900, '"'):
        path = f"/terms/suggest?q=farm&lang={odd}"
        answer = visitor.get(path, headers={"Accept": "application/json"})
        assert answer.json() == plain.json()


def conditions(number: int, values: int) -> list[dict[str, Any]]:
    return [
        {"pid": "broader", "v": [f"term {n} {each}" for each in range(values)]}
        for n in range(number)
    ]


def test_a_batch_of_queries_asks_for_so_much_and_no_more(visitor: Visitor) -> None:
    wide = {"q": {"query": "farm", "properties": conditions(1_000, 1)}}
    deep = {f"q{n}": {"query": "farm", "properties": conditions(20, 20)} for n in range(50)}
    typed = {"q": {"query": "farm", "type": [f"http://t.example/{n}" for n in range(1_000)]}}
    statuses = [
        visitor.post("/reconcile/aat", data={"queries": json.dumps(each)}).status_code
        for each in (wide, deep, typed)
    ]
    assert statuses == [422, 413, 422]
    long = {"q": {"query": "farm " * 100_000, "properties": [{"pid": "prefLabel", "v": "x" * 9}]}}
    assert visitor.post("/reconcile/aat", data={"queries": json.dumps(long)}).status_code == 200


# --- endpoints ------------------------------------------------------------------------------------


def rows(*items: str | None) -> bytes:
    label = {"type": "literal", "value": "x"}
    found = [
        {"label": label} | ({"item": {"type": "uri", "value": each}} if each else {})
        for each in items
    ]
    return json.dumps({"head": {}, "results": {"bindings": found}}).encode()


@pytest.mark.parametrize(
    "body",
    [rows("http://www.wikidata.org/entity/Q1"), rows(None), rows("not an iri"), rows('x"> . <y')],
    ids=["the same again", "no item", "no IRI", "markup"],
)
def test_an_endpoint_that_does_not_go_on_is_left(
    tmp_path: Path, organiser: Visitor, body: bytes
) -> None:
    with remote_server(lambda _asked: Answer(body)) as remote:
        asking = Asking(Listed.parse(remote.host), pause=lambda _seconds: None)
        with pytest.raises(Malformed):
            pull(remote.address("/"), ClassQuery(["Q1"]), tmp_path, asking)
        assert len(remote.asked) <= 2
