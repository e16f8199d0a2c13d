"""The API: what it says of itself, what it takes and gives, and what it refuses."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.definitions import OPENAPI_31
from starlette.routing import Route

from server.domain import tokens
from server.domain.accounts import SCOPES
from server.web import (
    api_browsers,
    api_checks,
    api_contributions,
    api_document,
    api_schemas,
    token_scopes,
)
from server.web.api_operations import Operation
from server.web.routes import routes
from tests.web.campaign_site import FARMS, RESORTS, VINEYARDS, World
from tests.web.test_hostile_requests import filled

JSON = {"Accept": "application/json"}
PATHS = {route.path for route in routes if isinstance(route, Route)}
DESCRIBED = [(route.path, method) for route, method, _what in api_document.operations(routes)]
POSTS = sorted(
    {each.path for each in routes if isinstance(each, Route) and "POST" in (each.methods or ())}
)


def program(world: World, name: str = "", *scopes: str, **more: object) -> httpx.Client:
    """A client with a token of that person, good for everything where no scopes are named."""
    headers = dict(JSON)
    if name:
        chosen = scopes or SCOPES
        secret = tokens.create_token(
            world.desk, world.people[name], "test", now=datetime.now(UTC), scopes=chosen
        )
        headers["Authorization"] = f"Bearer {secret}"
    made = httpx.Client(base_url=world.address, headers=headers | more, verify=False)  # type: ignore[arg-type]
    return world.visitors.enter_context(made)


@pytest.fixture(scope="module")
def stranger(world: World) -> httpx.Client:
    return program(world)


@pytest.fixture(scope="module")
def ada(world: World) -> httpx.Client:
    return program(world, "ada", "contribute")


@pytest.fixture(scope="module")
def slug(world: World, ada: httpx.Client) -> str:
    slug = world.campaign()
    assert ada.post(f"/campaigns/{slug}/start", json={}).status_code == 200
    return slug


# --- the description ------------------------------------------------------------------------------


def test_every_address_is_described_or_listed_with_a_reason() -> None:
    described = {path for path, _method in DESCRIBED}
    assert described | set(api_browsers.ADDRESSES) == PATHS, (
        "describe a new address by @described beside its handler, or say in web/api_browsers.py "
        "why programs need no description of it"
    )
    assert not described & set(api_browsers.ADDRESSES)


def test_the_description_is_valid(stranger: httpx.Client) -> None:
    document = stranger.get("/api/openapi.json").json()
    jsonschema.Draft202012Validator(OPENAPI_31).validate(document)
    names = [each["operationId"] for path in document["paths"].values() for each in path.values()]
    assert len(set(names)) == len(names) == len(DESCRIBED)
    for name, schema in document["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert name


def test_the_page_for_people_names_every_operation(world: World) -> None:
    page = world.visitor().get("/api").text
    for path, _method in DESCRIBED:
        assert f"<code>{path.replace(':number', '').replace(':path', '')}</code>" in page


BODIES = [
    operation.body for _route, _method, operation in api_document.operations(routes)
    if operation.body is not None
]  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 1200) | st.floats(-2, 200) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(BODIES), st.data())
def test_what_is_sent_is_judged_as_by_a_library(body: type, data: st.DataObject) -> None:
    schema = api_schemas.body(body)
    names = st.sampled_from([*schema["properties"], "other"])
    known = st.sampled_from(["approve", "reject", "none", "accept", 1, 3, "a1", True, []])
    sent = data.draw(st.dictionaries(names, VALUES | known, max_size=5))
    expected = jsonschema.Draft202012Validator(schema).is_valid(sent)
    assert (not list(api_checks.problems(schema, sent))) is expected


# --- lists ----------------------------------------------------------------------------------------


def test_a_list_is_gone_through_page_by_page_without_gaps(stranger: httpx.Client) -> None:
    for address, name in (
        ("/campaigns?limit=1", "campaigns"),
        ("/collections?limit=1", "collections"),
        ("/collections/prints/items?limit=5", "items"),
        ("/campaigns/done/items?limit=5&sort=title", "items"),
        ("/vocabularies?limit=1", "vocabularies"),
    ):
        whole = stranger.get(
            address.replace("limit=1", "limit=100").replace("limit=5", "limit=100")
        )
        found, following = [], address
        while following:
            answer = stranger.get(following)
            found += answer.json()[name]
            following = answer.json()["next"]
            assert (answer.links.get("next", {}).get("url")) == following
        assert found == whole.json()[name]
        assert len(found) > 0


def test_a_search_finds_items_of_a_collection(stranger: httpx.Client) -> None:
    found = stranger.get("/collections/prints/items?q=print 11").json()
    assert [each["title"] for each in found["items"]] == ["Print 11"]
    assert stranger.get("/collections/nothing/items").status_code == 404
    assert stranger.get("/collections/prints/items?after=nothing").status_code == 404


def test_what_is_known_is_not_sent_again(stranger: httpx.Client, ada: httpx.Client) -> None:
    for client, kept in ((stranger, "no-cache"), (ada, "private, no-cache")):
        first = client.get("/campaigns/done")
        assert first.headers["Cache-Control"] == kept
        known = {"If-None-Match": first.headers["ETag"]}
        assert client.get("/campaigns/done", headers=known).status_code == 304
    assert "Accept" in first.headers["Vary"]


def test_browsers_and_linked_data_get_what_they_did(world: World, stranger: httpx.Client) -> None:
    for path in (f"/items/{world.item(0)}", "/campaigns/done", "/collections/prints"):
        for accept, kind in (
            ("text/html,*/*;q=0.8", "text/html"), ("text/turtle", "text/turtle"),
            ("application/ld+json, application/json;q=0.9", "application/ld+json"),
            ("*/*", "text/html"),
        ):  # fmt: skip
            answer = stranger.get(path, headers={"Accept": accept})
            assert answer.headers["Content-Type"].startswith(kind), (path, accept)
        suffixed = stranger.get(f"{path}.ttl")
        assert suffixed.headers["Content-Type"].startswith("text/turtle")


def test_a_private_collection_and_a_draft_are_nobodys(stranger: httpx.Client) -> None:
    assert stranger.get("/campaigns/hidden").status_code == 404
    assert "hidden" not in stranger.get("/campaigns?limit=100").text


# --- contributing ---------------------------------------------------------------------------------


def test_a_program_goes_from_the_next_item_to_a_proposal(
    world: World, ada: httpx.Client, slug: str
) -> None:
    found = ada.get(f"/campaigns/{slug}/next").json()
    told = ada.get(found["href"]).json()
    assert (told["campaign"], told["item"]["id"]) == (slug, found["item"])
    assert (told["tasks"][0]["kind"], told["tasks"][0]["fields"]) == ("semantic-tag", ["body"])
    path, sent = found["href"] + "/annotations", {"task": 1, "body": FARMS}
    first = ada.post(path, json=sent, headers={"Idempotency-Key": "one"})
    assert (first.status_code, first.json()["status"], first.json()["mine"]) == (
        201,
        "pending",
        True,
    )
    assert first.headers["Location"] == f"/annotation/{first.json()['id']}"
    before = world.last()
    again = ada.post(path, json=sent, headers={"Idempotency-Key": "one"})
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    assert world.last() == before
    assert ada.get(found["href"]).json()["tasks"][0]["proposals"][0]["body"]["iri"] == FARMS
    assert ada.post(found["href"] + "/finish", json={}).status_code == 204
    assert ada.get(f"/campaigns/{slug}/next").json()["item"] != found["item"]


def test_votes_are_given_and_taken_back_by_json(world: World, slug: str) -> None:
    made = world.visitor("olga").start(slug).proposed(slug, world.item(7), RESORTS)
    ben = program(world, "ben", "contribute")
    ben.post(f"/campaigns/{slug}/start", json={})
    voted = ben.post(f"/annotation/{made}/vote", json={"verdict": "approve"}).json()
    assert (voted["my_verdict"], voted["approvals"], voted["status"]) == ("approve", 2, "accepted")
    taken = ben.post(f"/annotation/{made}/vote", json={"verdict": "none"}).json()
    assert (taken["my_verdict"], taken["approvals"]) == (None, 1)
    assert ben.post(f"/annotation/{made}/withdraw", json={}).status_code == 403


def test_ones_own_proposal_is_taken_back(world: World, ada: httpx.Client, slug: str) -> None:
    path = f"/campaigns/{slug}/items/{world.item(8)}/annotations"
    made = ada.post(path, json={"task": 1, "body": VINEYARDS}).json()["id"]
    assert ada.post(f"/annotation/{made}/withdraw", json={}).status_code == 204
    assert world.row(made).status == "withdrawn"


def test_proposals_to_judge_come_as_described(world: World, slug: str) -> None:
    world.visitor("olga").start(slug).proposed(slug, world.item(9), RESORTS)
    ben = program(world, "ben", "contribute")
    ben.post(f"/campaigns/{slug}/start", json={})
    (one,) = ben.get(f"/campaigns/{slug}/validate").json()["proposals"]
    answer = ben.post(
        f"/campaigns/{slug}/validate", json={"annotation": one["id"], "verdict": "unsure"}
    )
    assert (answer.status_code, answer.json()["annotation"]) == (200, one["id"])


def test_publishing_goes_by_json(world: World) -> None:
    slug = world.campaign()
    made = world.visitor("ada").start(slug).proposed(slug, world.item(4), FARMS)
    world.visitor("ben").start(slug).vote(made, "approve")
    olga = program(world, "olga", "publish")
    preview = olga.get(f"/campaigns/{slug}/publish").json()
    assert preview["publishable"] is True
    sent = {"seen": preview["edition"]}
    done = olga.post(f"/campaigns/{slug}/publish", json=sent)
    assert (done.status_code, done.json()["state"]) == (200, "done")
    assert world.row(made).status == "published"
    late = olga.post(f"/campaigns/{slug}/publish", json=sent)
    assert late.status_code == 409


def test_in_a_blind_campaign_an_answer_shows_ones_own_alone(world: World) -> None:
    slug = world.campaign(blind=True)
    world.visitor("ben").start(slug).proposed(slug, world.item(0), FARMS)
    ada = program(world, "ada", "contribute")
    ada.post(f"/campaigns/{slug}/start", json={})
    item = f"/campaigns/{slug}/items/{world.item(0)}"
    told = ada.get(item).json()
    assert (told["tasks"][0]["hidden"], told["tasks"][0]["proposals"]) == (True, [])
    campaign = ada.get(f"/campaigns/{slug}").json()
    assert (campaign["contributions"], campaign["people"], campaign["progress"]) == (None,) * 3
    made = ada.post(f"{item}/annotations", json={"task": 1, "body": FARMS}).json()
    assert (made["approvals"], [each["kind"] for each in made["by"]]) == (1, ["you"])


# --- what is refused ------------------------------------------------------------------------------

BAD = {
    "no object": "[1, 2]", "twice": '{"task": 1, "task": 2}', "NaN": '{"task": NaN}',
    "infinite": '{"task": 1e999}', "huge": '{"task": ' + "9" * 5000 + "}",
    "deep": '{"body": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested": '{"body": {"a": 1}}',
    "cut": '{"task": 1', "empty": "", "half a character": '{"body": "\\ud800"}',
    "NUL": '{"body": "a\\u0000b"}', "control": '{"body": "a\nb"}', "comment": "{} // no",
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_bad_json_is_told_and_stores_nothing(
    world: World, ada: httpx.Client, slug: str, kind: str
) -> None:
    before, headers = world.last(), {"Content-Type": "application/json"}
    for path in (f"/campaigns/{slug}/items/{world.item(1)}/annotations", "/annotation/x/vote"):
        answer = ada.post(path, content=BAD[kind].encode(), headers=headers)
        assert answer.status_code in (400, 422), answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
    bytes_ = ada.post(path, content=b'{"body": "\xff"}', headers=headers)
    assert bytes_.status_code == 400
    assert world.last() == before


WRONG: list[tuple[dict[str, object], set[str]]] = [
    ({}, {"task"}), ({"task": "1"}, {"task"}), ({"task": 1.5}, {"task"}),
    ({"task": True}, {"task"}), ({"task": None}, {"task"}), ({"task": 0}, {"task"}),
    ({"task": 10**15}, {"task"}),
    ({"task": 1, "body": 7}, {"body"}), ({"task": 1, "body": ["a"]}, {"body"}),
    ({"task": 1, "body": "x" * 3000}, {"body"}), ({"task": 1, "key": "k" * 101}, {"key"}),
    ({"task": 1, "replaces": "../x", "body": 1}, {"body", "replaces"}),
]  # fmt: skip


@pytest.mark.parametrize("sent, fields", WRONG, ids=[json.dumps(each)[:40] for each, _f in WRONG])
def test_each_member_that_is_wrong_is_named(
    world: World, ada: httpx.Client, slug: str, sent: dict[str, object], fields: set[str]
) -> None:
    answer = ada.post(f"/campaigns/{slug}/items/{world.item(1)}/annotations", json=sent)
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["errors"]} == fields


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=1e3", "limit=٣", "limit=1&limit=2", "limit=", "limit=-1"],
)
def test_a_wrong_parameter_is_named(stranger: httpx.Client, query: str) -> None:
    answer = stranger.get(f"/campaigns?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "limit")


def test_other_types_of_body_are_refused(ada: httpx.Client, slug: str, world: World) -> None:
    path = f"/campaigns/{slug}/items/{world.item(1)}/annotations"
    for kind in ("text/plain", "application/xml", "application/ld+json", "image/png", "x"):
        answer = ada.post(path, content=b'{"task": 1}', headers={"Content-Type": kind})
        assert answer.status_code == 400, kind


def test_json_from_elsewhere_is_refused_where_a_cookie_counts(world: World, slug: str) -> None:
    browser, before = world.visitor("ada"), world.last()
    path = f"/campaigns/{slug}/items/{world.item(1)}/annotations"
    for headers in ({}, {"Origin": "https://evil.example"}, browser.origin):
        answer = browser.post(path, json={"task": 1, "body": FARMS, "csrf": "x"}, headers=headers)
        assert answer.status_code == 403
    assert world.last() == before


def test_an_address_of_several_routes_names_all_its_methods(ada: httpx.Client) -> None:
    answer = ada.request("DELETE", "/campaigns/done/validate")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_the_rate_is_told_to_programs_that_write(ada: httpx.Client, stranger: httpx.Client) -> None:
    for path in ("/campaigns/done/start", "/nothing"):
        answer = ada.post(path, json={})
        assert re.fullmatch(r'"write";q=\d+;w=60', answer.headers["RateLimit-Policy"])
        assert re.fullmatch(r'"write";r=\d+;t=\d+', answer.headers["RateLimit"])
    assert "RateLimit" not in stranger.get("/campaigns").headers


# --- tokens ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", POSTS)
def test_a_token_for_reading_changes_nothing_anywhere(world: World, path: str) -> None:
    scope = token_scopes.needed(path)
    if scope == "read":
        return
    client, before = _reader(world), world.last()
    answer = client.post(filled(world, path, "subjects", "x"), json={})
    assert answer.status_code == 403, answer.text
    assert world.last() == before
    assert answer.json().get("scope") == scope
    if scope:
        challenge = answer.headers["WWW-Authenticate"]
        assert challenge.endswith(f'error="insufficient_scope", scope="{scope}"')


_readers: dict[str, httpx.Client] = {}


def _reader(world: World) -> httpx.Client:
    """Of an administrator, who may do everything themselves."""
    if world.address not in _readers:
        _readers[world.address] = program(world, "max", "read")
    return _readers[world.address]


def test_the_domain_asks_for_scopes_too(world: World) -> None:
    """Where the table of addresses would let something through."""
    olga = program(world, "olga", "contribute")
    assert olga.get("/campaigns/done/moderate").status_code == 403
    assert olga.get("/campaigns/hidden").status_code == 200  # she may read it
    assert olga.get("/campaigns/done/publish").json()["scope"] == "publish"
    assert program(world, "ada").get("/campaigns/hidden").status_code == 404


def test_a_token_is_no_more_than_its_person(world: World) -> None:
    ada = program(world, "ada")
    assert ada.post("/campaigns/subjects/close", json={}).status_code == 403
    assert ada.get("/jobs/x").status_code == 403


def test_expired_revoked_and_made_up_tokens_are_refused(world: World) -> None:
    person, now = world.people["ben"], datetime.now(UTC)
    secret = tokens.create_token(world.desk, person, "old", now=now - timedelta(days=2), days=1)
    revoked = tokens.create_token(world.desk, person, "gone", now=now)
    kept = next(t for t in tokens.tokens(world.desk, person, now=now) if t.label == "gone")
    tokens.revoke_token(world.desk, person, kept.id)
    for wrong in (secret, revoked, "ch_nonsense", "x" * 5000):
        answer = httpx.get(
            f"{world.address}/account/export", headers=JSON | {"Authorization": f"Bearer {wrong}"}
        )
        assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_token_makes_and_revokes_no_tokens(world: World) -> None:
    client = program(world, "ada")
    kept = tokens.tokens(world.desk, world.people["ada"], now=datetime.now(UTC))
    for path in ("/account/tokens", f"/account/tokens/{kept[0].id}/revoke", "/account/erase"):
        assert client.post(path, data={"label": "x", "confirm": "1"}).status_code == 403
    after = tokens.tokens(world.desk, world.people["ada"], now=datetime.now(UTC))
    assert [each.id for each in after] == [each.id for each in kept]


def test_people_see_what_their_tokens_are_good_for(world: World) -> None:
    browser = world.visitor("otto")
    made = browser.submit("/account/tokens", label="Nightly", scope=["publish"], expires="30")
    assert re.search(r"<code>ch_[\w-]{20,}</code>", made.text)
    page = browser.get("/account").text
    assert "Nightly" in page and "good for: read, publish" in page and "never used" in page
    for field, wrong in (
        ("expires", "soon"),
        ("expires", "0"),
        ("expires", "99999"),
        ("label", ""),
    ):
        answer = browser.submit("/account/tokens", **{"label": "x", "expires": "", field: wrong})
        assert answer.status_code == 422, (field, wrong)
    refused = browser.submit("/account/tokens", label="x", scope=["everything"])
    assert refused.status_code == 422 and "everything" not in refused.text


# --- the examples ---------------------------------------------------------------------------------

DOCS = Path(__file__).parents[2] / "docs" / "api.md"


def blocks() -> Iterator[tuple[str, str]]:
    for found in re.finditer(r"```(bash|python)\n(.*?)```", DOCS.read_text("utf-8"), re.S):
        yield found[1], found[2]


def _operation(path: str, method: str) -> Operation:
    found = {(r.path, m): o for r, m, o in api_document.operations(routes)}
    return found[path, method]


def test_what_a_proposal_needs_is_described() -> None:
    assert _operation("/annotation/{id}/vote", "POST").body is api_contributions.VoteBody
