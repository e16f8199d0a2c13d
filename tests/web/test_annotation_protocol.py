"""The Web Annotation Protocol, section by section (https://www.w3.org/TR/annotation-protocol/)."""

import json
from collections.abc import Iterator

import httpx
import pyoxigraph as ox
import pytest

from server.domain import contributing, participation, publishing
from server.domain.contributing import Proposal
from server.names import sortable
from tests import worlds
from tests.web.annotation_client import (
    ANNO,
    LDP,
    OA,
    PROFILE,
    Json,
    client,
    path,
    post,
    prefer,
    said,
    tag,
    walk,
)
from tests.web.campaign_site import COMPLEXES, FARMS, ITEMS, RESORTS, VINEYARDS, World, now

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
TERMS = (FARMS, VINEYARDS, RESORTS, COMPLEXES, "http://vocab.getty.edu/aat/300000641")
MINIMAL = f"{LDP}PreferMinimalContainer"
IRIS, DESCRIPTIONS = f"{OA}PreferContainedIRIs", f"{OA}PreferContainedDescriptions"


@pytest.fixture(scope="module")
def stranger(world: World) -> Iterator[httpx.Client]:
    with client(world) as made:
        yield made


@pytest.fixture(scope="module")
def ada(world: World) -> Iterator[httpx.Client]:
    with client(world, "ada") as made:
        yield made


@pytest.fixture(scope="module")
def ben(world: World) -> Iterator[httpx.Client]:
    with client(world, "ben") as made:
        yield made


def opened(world: World, **changes: object) -> str:
    """A campaign in which Ada and Ben take part."""
    slug = world.campaign(**changes)  # type: ignore[arg-type]
    for name in ("ada", "ben"):
        participation.agree(world.desk, world.people[name], slug, now=now())
    return slug


@pytest.fixture(scope="module")
def full(world: World) -> str:
    """A campaign with more published annotations than stand on a page, of 60."""
    slug = opened(world)
    for item in range(ITEMS):
        for term in TERMS:
            _said(world, slug, item, term)
    publishing.publish(world.desk, world.people["olga"], slug, now=now())
    return slug


def _said(world: World, slug: str, item: int, term: str) -> None:
    ada, ben = world.people["ada"], world.people["ben"]
    proposal = Proposal.of_term(slug, worlds.item(item), 1, term)
    for person in (ada, ben):
        contributing.propose(world.desk, person, proposal, now=now())


@pytest.fixture(scope="module")
def published(world: World) -> str:
    """The path of an annotation that everybody may read."""
    return f"/annotation/{world.publish(opened(world), 3)}"


# --- 3. Annotation Retrieval ---------------------------------------------------------------------


def test_3_an_annotation_is_json_ld_in_the_profile_for_who_names_nothing(
    world: World, published: str
) -> None:
    for accept in (None, "*/*", "application/ld+json", PROFILE, "application/*"):
        request = httpx.Request("GET", world.address + published)
        request.headers.pop("Accept", None)
        if accept:
            request.headers["Accept"] = accept
        with httpx.Client(verify=False) as bare:
            answer = bare.send(request)
        assert answer.headers["Content-Type"] == PROFILE
        assert answer.json()["@context"][0] == ANNO
        assert answer.json()["id"] == world.desk.names.base[:-1] + published


def test_3_every_answer_has_the_headers_of_the_protocol(
    stranger: httpx.Client, published: str
) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        answer = stranger.request(method, published)
        assert f'<{LDP}Resource>; rel="type"' in answer.headers["Link"]
        assert f'<{OA}Annotation>; rel="type"' in answer.headers["Link"]
        assert set(answer.headers["Allow"].split(", ")) >= {"GET", "HEAD", "OPTIONS"}
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        if method != "OPTIONS":
            assert answer.headers["ETag"].startswith('"')
            assert "Accept" in answer.headers["Vary"]
            assert answer.headers["Last-Modified"]


def test_3_all_forms_say_the_same(world: World, stranger: httpx.Client, published: str) -> None:
    wanted = said(stranger.get(published).json(), world.desk.names)
    forms = {
        "text/turtle": ox.RdfFormat.TURTLE, "application/n-triples": ox.RdfFormat.N_TRIPLES,
        "application/rdf+xml": ox.RdfFormat.RDF_XML,
    }  # fmt: skip
    tags = set()
    for media_type, form in forms.items():
        answer = stranger.get(published, headers={"Accept": media_type})
        assert answer.headers["Content-Type"].startswith(media_type)
        assert {str(quad.triple) for quad in ox.parse(answer.content, form)} == wanted
        tags.add(answer.headers["ETag"])
    assert len(tags) == len(forms)


def test_3_browsers_get_the_page(stranger: httpx.Client, published: str) -> None:
    answer = stranger.get(published, headers={"Accept": BROWSER})
    assert answer.headers["Content-Type"].startswith("text/html")
    assert stranger.get(f"{published}.html").headers["Content-Type"].startswith("text/html")
    assert stranger.get(f"{published}.jsonld").headers["Content-Type"] == PROFILE


def test_3_what_is_known_is_not_sent_again(stranger: httpx.Client, published: str) -> None:
    tag = stranger.get(published).headers["ETag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        assert stranger.get(published, headers={"If-None-Match": known}).status_code == 304
    assert stranger.get(published, headers={"If-None-Match": '"other"'}).status_code == 200


def test_3_the_same_question_gets_the_same_bytes(stranger: httpx.Client, published: str) -> None:
    assert stranger.get(published).content == stranger.get(published).content


# --- 4. Annotation Containers --------------------------------------------------------------------


def containers(world: World, slug: str) -> dict[str, str]:
    return {
        "/annotations/": "BasicContainer",
        f"/annotations/{slug}/": "DirectContainer",
        f"/annotations/items/{world.item(0)}/": "DirectContainer",
        "/annotations/providers/a-museum/": "BasicContainer",
    }


def test_4_1_every_container_tells_what_it_is(
    world: World, stranger: httpx.Client, full: str
) -> None:
    for address, kind in containers(world, full).items():
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = stranger.request(method, address)
            assert answer.status_code in (200, 204)
            assert f'<{LDP}{kind}>; rel="type"' in answer.headers["Link"]
            constrained = f'<http://www.w3.org/TR/annotation-protocol/>; rel="{LDP}constrainedBy"'
            assert constrained in answer.headers["Link"]
            assert "GET" in answer.headers["Allow"]
            if "POST" in answer.headers["Allow"]:
                assert PROFILE in answer.headers["Accept-Post"]
                assert "text/turtle" in answer.headers["Accept-Post"]
        got = stranger.get(address)
        assert got.headers["ETag"]
        assert {"Accept", "Prefer"} <= set(got.headers["Vary"].replace(" ", "").split(","))
        assert got.json()["type"] == [kind, "AnnotationCollection"]


def test_4_1_a_container_without_its_slash_leads_to_it(stranger: httpx.Client) -> None:
    answer = stranger.get("/annotations")
    assert answer.status_code == 307
    assert answer.headers["Location"].endswith("/annotations/")


def test_4_2_no_preference_is_for_descriptions(stranger: httpx.Client, full: str) -> None:
    found = stranger.get(f"/annotations/{full}/").json()
    assert found["total"] == 60
    assert found["first"]["type"] == "AnnotationPage"
    assert {each["type"] for each in found["first"]["items"]} == {"Annotation"}
    assert found["last"].startswith("http")


def test_4_2_the_address_tells_iris_from_descriptions(
    world: World, stranger: httpx.Client, full: str
) -> None:
    plain = stranger.get(f"/annotations/{full}/")
    iris = stranger.get(f"/annotations/{full}/", headers=prefer(IRIS))
    assert plain.headers["Content-Location"] == plain.json()["id"]
    assert iris.headers["Content-Location"] == iris.json()["id"] != plain.json()["id"]
    assert iris.headers["Preference-Applied"] == "return=representation"
    assert plain.headers["ETag"] != iris.headers["ETag"]
    again = stranger.get(path(world, iris.json()["id"]))
    assert again.json() == iris.json()


def test_4_2_1_a_minimal_container_has_no_annotations(stranger: httpx.Client, full: str) -> None:
    for more in ((), (IRIS,), (DESCRIPTIONS,)):
        answer = stranger.get(f"/annotations/{full}/", headers=prefer(MINIMAL, *more))
        found = answer.json()
        assert isinstance(found["first"], str)
        assert ("iris=1" in found["first"]) == (more == (IRIS,))
        assert "/annotation/" not in answer.text
        turtle = stranger.get(
            f"/annotations/{full}/", headers=prefer(MINIMAL, *more) | {"Accept": "text/turtle"}
        )
        assert "contains" not in turtle.text


def test_4_2_2_iris_are_all_that_a_page_of_iris_has(stranger: httpx.Client, full: str) -> None:
    found = stranger.get(f"/annotations/{full}/", headers=prefer(IRIS)).json()
    assert len(found["first"]["items"]) == 60
    assert all(isinstance(each, str) for each in found["first"]["items"])


def test_4_2_both_preferences_cannot_be_honoured(stranger: httpx.Client, full: str) -> None:
    found = stranger.get(f"/annotations/{full}/", headers=prefer(IRIS, DESCRIPTIONS)).json()
    assert isinstance(found["first"]["items"][0], dict)


def test_4_3_pages_hold_everything_once_in_order(
    world: World, stranger: httpx.Client, full: str
) -> None:
    iris = walk(stranger, world, f"/annotations/{full}/?iris=1")
    whole = walk(stranger, world, f"/annotations/{full}/")
    assert [each["id"] for each in whole] == iris
    assert len(set(iris)) == 60
    assert whole == sorted(whole, key=lambda each: (sortable(each["created"]), each["id"]))


def test_4_3_pages_link_forwards_and_backwards(
    world: World, stranger: httpx.Client, full: str
) -> None:
    container = stranger.get(f"/annotations/{full}/").json()
    first = stranger.get(path(world, container["first"]["id"])).json()
    second = stranger.get(path(world, first["next"])).json()
    last = stranger.get(path(world, container["last"])).json()
    back = stranger.get(path(world, second["prev"])).json()
    assert (first["startIndex"], second["startIndex"]) == (0, len(first["items"]))
    assert "prev" not in first
    assert "next" not in second
    assert "next" not in last
    assert back["items"] == first["items"]
    assert "prev" not in back
    assert last["items"][-1] == second["items"][-1]
    assert last["startIndex"] + len(last["items"]) == 60
    for page in (first, second, last):
        assert page["partOf"]["id"] == container["id"]
        assert page["partOf"]["total"] == 60


def test_4_3_what_is_withdrawn_meanwhile_makes_nothing_come_twice_or_be_missing(
    world: World, stranger: httpx.Client
) -> None:
    slug = opened(world)
    for item in range(ITEMS):
        for term in TERMS:
            _said(world, slug, item, term)
    olga = world.people["olga"]
    publishing.publish(world.desk, olga, slug, now=now())
    before = stranger.get(f"/annotations/{slug}/").json()["first"]
    seen = [each["id"] for each in before["items"]]
    publishing.unpublish(world.desk, olga, slug, now=now(), iri=seen[-1])
    publishing.unpublish(world.desk, olga, slug, now=now(), iri=seen[0])
    rest = stranger.get(path(world, before["next"])).json()
    assert not set(seen) & {each["id"] for each in rest["items"]}
    assert len(rest["items"]) == 60 - len(seen)


def test_4_an_empty_container_has_no_pages(world: World, stranger: httpx.Client) -> None:
    found = stranger.get(f"/annotations/{world.campaign()}/").json()
    assert found["total"] == 0
    assert not {"first", "last"} & set(found)


def test_4_the_turtle_of_containers_and_pages_says_what_the_json_ld_does(
    world: World, stranger: httpx.Client, full: str
) -> None:
    addresses = [*containers(world, full), f"/annotations/{full}/?iris=1&page=last"]
    for address in addresses:
        wanted = said(stranger.get(address).json(), world.desk.names)
        turtle = stranger.get(address, headers={"Accept": "text/turtle"})
        found = [quad.triple for quad in ox.parse(turtle.content, ox.RdfFormat.TURTLE)]
        assert len(found) == len(wanted)
        named = {each for each in wanted if "_:" not in each}
        assert named <= {str(each) for each in found}


def test_4_a_direct_container_names_what_it_is_about(
    world: World, stranger: httpx.Client, full: str
) -> None:
    names = world.desk.names
    of_campaign = said(stranger.get(f"/annotations/{full}/").json(), names)
    me = f"<{names.base}annotations/{full}/?iris=0>"
    assert f"{me} <{LDP}membershipResource> {names.campaign(full)}" in of_campaign
    relation = next(each.split()[2] for each in of_campaign if "isMemberOfRelation" in each)
    members = [each for each in of_campaign if f" {relation} {names.campaign(full)}" in each]
    assert len(members) == 50


@pytest.mark.parametrize("query", [
    "page=second", "page=after", "page=after&at=x", "page=before&at=~", "page=",
    "page=first&at=a~b", "page=after&at=%00~%00", "page=first&at=%00~%00",
    "page=after&at=2026~%0a", "page=before&at=x~http://a b", "page=before&at=x~..%2F",
    "colour=red", "target=x", "body=javascript:alert(1)", "creator=%00", "campaign=../x",
    "status=secret", "field=%E2%80%AE", "motivation=x", "kind=no such", "from=yesterday",
    "to=2026-13-40", "from=10000-01-01", "generator=%20%00x",
])  # fmt: skip
def test_4_what_no_page_or_filter_is_called_is_refused(stranger: httpx.Client, query: str) -> None:
    answer = stranger.get(f"/annotations/?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("query", [
    "page=after&at=x~y", "page=before&at=%F0%9F%98%80~..", "page=last&start=99999999999999",
    "page=after&at=x~y&start=-1", "iris=x", "iris=1&iris=0", "q=%00%00", "q=%22%20OR%201",
    "q=" + "a" * 5000,
    "from=2026-11-22T10:00:00+02:00", "to=2026-11-22",
])  # fmt: skip
def test_4_odd_values_find_what_they_find(stranger: httpx.Client, query: str) -> None:
    assert stranger.get(f"/annotations/?{query}").status_code == 200


def test_4_there_is_a_page_for_people(stranger: httpx.Client, full: str) -> None:
    first = stranger.get(f"/annotations/{full}/", headers={"Accept": BROWSER})
    assert first.headers["Content-Type"].startswith("text/html")
    assert first.text.count('href="/annotation/') == 50
    following = first.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    second = stranger.get(
        f"/annotations/{full}/{following.replace('&amp;', '&')}", headers={"Accept": BROWSER}
    )
    assert second.text.count('href="/annotation/') == 10


# --- searches ------------------------------------------------------------------------------------


def test_annotations_are_found_by_each_filter_and_by_several(
    world: World, stranger: httpx.Client, full: str
) -> None:
    names, ada = world.desk.names, world.people["ada"]
    every = {
        f"body={FARMS}": 12, f"target={worlds.item(2)}": 5,
        f"target={names.base}items/{world.item(2)}": 5,
        "field=dc:subject": 60, "motivation=tagging": 60, "motivation=commenting": 0,
        "kind=semantic-tag": 60, "kind=ch:FreeTag": 0, f"creator={ada.agent.value}": 60,
        f"creator={ada.id}": 60, f"creator={world.people['olga'].id}": 0, "generator=nobody": 0,
        f"campaign={full}": 60, "campaign=done": 0, "q=farms": 12, "q=FARM": 0,
        "q=nothing at all": 0,
        "from=2020-01-01": 60, "to=2020-01-01": 0, "status=published": 60,
        f"body={FARMS}&target={worlds.item(2)}": 1, f"body={FARMS}&q=resorts": 0,
    }  # fmt: skip
    for query, count in every.items():
        found = walk(stranger, world, f"/annotations/{full}/?iris=1&{query}")
        assert len(found) == count, query


def test_a_search_of_one_filter_tells_its_total(stranger: httpx.Client, full: str) -> None:
    found = stranger.get(f"/annotations/?campaign={full}&iris=1").json()
    assert found["total"] == 60
    assert "total" not in stranger.get(f"/annotations/{full}/?q=farms&iris=1").json()


def test_what_is_not_public_is_found_by_who_said_it_and_who_moderates(
    world: World, stranger: httpx.Client, ada: httpx.Client, ben: httpx.Client
) -> None:
    slug = opened(world)
    made = post(ada, f"/annotations/{slug}/", tag(1)).headers["Location"]
    query = f"/annotations/?status=pending&campaign={slug}&iris=1"
    assert walk(ada, world, query) == [made]
    assert walk(ada, world, query + "&creator=me") == [made]
    answer = ada.get("/annotations/?creator=me")
    assert answer.headers["Cache-Control"] == "private, no-store"  # of what is public, too
    assert walk(ben, world, query) == []
    assert stranger.get(query).status_code == 401
    with client(world, "olga") as olga, client(world, "otto") as otto:
        assert walk(olga, world, query) == [made]
        assert walk(otto, world, query) == []
    assert "no-store" in ada.get(query).headers["Cache-Control"]


# --- 5.1 Create ----------------------------------------------------------------------------------


def test_5_1_what_is_posted_is_proposed_under_our_iri(
    world: World, ada: httpx.Client, stranger: httpx.Client
) -> None:
    slug = opened(world)
    made = post(ada, f"/annotations/{slug}/", tag(4), Slug='"my_first_annotation"')
    assert made.status_code == 201
    assert made.headers["Content-Type"] == PROFILE
    assert made.headers["Location"] == made.json()["id"]
    assert made.headers["Location"].startswith(f"{world.desk.names.base}annotation/")
    assert made.json()["creator"] == world.people["ada"].agent.value
    row = world.row(made.headers["Location"].rpartition("/")[2])
    assert (row.campaign, row.item, row.body, row.status) == (
        slug, worlds.item(4), FARMS, "pending"
    )  # fmt: skip
    address = path(world, made.headers["Location"])
    again = ada.get(address)
    assert again.json() == made.json()
    assert again.headers["ETag"] == made.headers["ETag"]
    assert "no-store" in again.headers["Cache-Control"]
    assert stranger.get(address).status_code == 404


def test_5_1_nobody_else_can_tell_that_it_is_there(
    world: World, ada: httpx.Client, ben: httpx.Client, stranger: httpx.Client
) -> None:
    made = post(ada, f"/annotations/{opened(world)}/", tag(4)).headers["Location"]
    address, nothing = path(world, made), "/annotation/" + "a" * 26
    for who in (ben, stranger):
        for accept in (PROFILE, "text/turtle"):
            real = who.get(address, headers={"Accept": accept})
            none = who.get(nothing, headers={"Accept": accept})
            assert (real.status_code, real.text) == (none.status_code, none.text)
        for method in ("PUT", "DELETE"):
            real, none = (
                who.request(
                    method, each, content="{}", headers={"Content-Type": PROFILE, "If-Match": '"x"'}
                )
                for each in (address, nothing)
            )
            assert (real.status_code, real.text) == (none.status_code, none.text)


def test_5_1_two_who_say_the_same_make_one_annotation(
    world: World, ada: httpx.Client, ben: httpx.Client
) -> None:
    slug = opened(world)
    one, other = (post(who, f"/annotations/{slug}/", tag(2)) for who in (ada, ben))
    assert one.headers["Location"] == other.headers["Location"]
    assert (one.status_code, other.status_code) == (201, 201)


def test_5_1_turtle_does_as_well(world: World, ada: httpx.Client) -> None:
    slug = opened(world)
    text = f"[] a <{OA}Annotation> ; <{OA}hasBody> <{FARMS}> ; <{OA}hasTarget> <{worlds.item(5)}> ."
    made = ada.post(
        f"/annotations/{slug}/", content=text,
        headers={"Content-Type": "text/turtle", "Accept": "text/turtle"},
    )  # fmt: skip
    assert made.status_code == 201, made.text
    assert made.headers["Content-Type"].startswith("text/turtle")


def test_5_1_the_container_of_everything_and_of_an_item_take_what_names_its_campaign(
    world: World, ada: httpx.Client
) -> None:
    slug = opened(world)
    ours = [ANNO, f"{world.desk.names.base}annotations/context.jsonld"]
    named = {"@context": ours, "campaign": world.desk.names.campaign(slug).value}
    assert post(ada, "/annotations/", tag(6) | named).status_code == 201
    of_item = f"/annotations/items/{world.item(7)}/"
    assert post(ada, of_item, tag(7) | named).status_code == 201
    elsewhere = post(ada, of_item, tag(6) | named)
    assert (elsewhere.status_code, elsewhere.json()["errors"][0]["field"]) == (
        422,
        "target.source",
    )
    nameless = post(ada, "/annotations/", tag(6))
    assert (nameless.status_code, nameless.json()["errors"][0]["field"]) == (422, "campaign")


def test_5_1_the_iris_that_it_has_elsewhere_are_kept(world: World, ada: httpx.Client) -> None:
    slug = opened(world)
    made = post(ada, f"/annotations/{slug}/", tag(
        8, id="https://elsewhere.example/1",
        canonical="urn:uuid:dbfb1861-0ecf-41ad-be94-a584e5c4f1df",
    ))  # fmt: skip
    assert made.status_code == 201, made.text
    assert made.json()["via"] == "https://elsewhere.example/1"
    assert made.json()["canonical"] == "urn:uuid:dbfb1861-0ecf-41ad-be94-a584e5c4f1df"
    changed = made.json() | {"canonical": "urn:uuid:00000000-0ecf-41ad-be94-a584e5c4f1df"}
    address = path(world, made.headers["Location"])
    answer = put(ada, address, changed, made.headers["ETag"])
    assert answer.status_code == 409
    ben, olga = world.people["ben"], world.people["olga"]
    contributing.vote(world.desk, ben, made.headers["Location"], "approve", now=now())
    publishing.publish(world.desk, olga, slug, now=now())
    with client(world) as nobody:
        public = nobody.get(address).json()
    assert (public["canonical"], public["via"]) == (made.json()["canonical"], made.json()["via"])


def test_5_1_the_same_request_twice_makes_one(world: World, ada: httpx.Client) -> None:
    slug = opened(world)
    one, other = (
        post(ada, f"/annotations/{slug}/", tag(9), **{"Idempotency-Key": f"key-{slug}"})
        for _ in range(2)
    )
    assert (one.status_code, other.status_code) == (201, 201)
    assert one.headers["Location"] == other.headers["Location"]


def test_5_1_the_rules_of_the_forms_hold(world: World, ada: httpx.Client) -> None:
    slug, before = opened(world), world.last()
    with client(world) as nobody, client(world, "otto") as otto:
        assert post(nobody, f"/annotations/{slug}/", tag(1)).status_code == 401
        assert post(otto, f"/annotations/{slug}/", tag(1)).status_code == 403  # the licence
    assert post(ada, "/annotations/hidden/", tag(1)).status_code == 404
    assert post(ada, "/annotations/done/", tag(1)).status_code == 409  # closed
    assert post(ada, "/annotations/providers/a-museum/", tag(1)).status_code == 405
    assert post(ada, f"/annotations/{slug}/?page=first", tag(1)).status_code == 405
    assert world.last() == before


def test_5_1_in_a_blind_campaign_nothing_is_told_of_others(
    world: World, ada: httpx.Client, ben: httpx.Client
) -> None:
    slug = opened(world, blind=True)
    first = post(ada, f"/annotations/{slug}/", tag(1))
    second = post(ben, f"/annotations/{slug}/", tag(1))
    assert second.json()["creator"] == world.people["ben"].agent.value
    assert "status" not in second.json()
    assert first.json()["created"] != second.json()["created"]
    assert ada.get(path(world, first.headers["Location"])).headers["ETag"] == first.headers["ETag"]
    query = f"/annotations/{slug}/?status=accepted&iris=1"
    assert walk(ada, world, query) == []
    with client(world, "olga") as olga:
        assert walk(olga, world, query) == [first.headers["Location"]]


def test_5_1_a_session_needs_the_token_of_a_form(world: World) -> None:
    slug, ada = opened(world), world.visitor("ada")
    headers = {"Content-Type": PROFILE, **ada.origin}
    body = json.dumps(tag(3))
    assert ada.post(f"/annotations/{slug}/", content=body, headers=headers).status_code == 403
    told = headers | {"X-CSRF-Token": ada.token(), "Accept": PROFILE}
    assert ada.post(f"/annotations/{slug}/", content=body, headers=told).status_code == 201


WRONG: dict[str, tuple[Json, str]] = {
    "no target": ({"target": []}, "target"),
    "two targets": ({"target": ["http://a.example/", worlds.item(1)]}, "target"),
    "an unknown target": ({"target": "http://items.example.org/nowhere"}, "target.source"),
    "a target without a source": ({"target": {"type": "SpecificResource"}}, "target.source"),
    "a picture of another": (
        {"target": {"source": worlds.item(2) + ".jpg", "scope": worlds.item(1)}}, "target.source"
    ),
    "an unknown term": ({"body": "http://terms.example.org/none"}, "body"),
    "two bodies": ({"body": [FARMS, RESORTS]}, "body"),
    "a text": ({"body": {"type": "TextualBody", "value": "x", "language": "en"}}, "body"),
    "a bodyValue": ({"body": [], "bodyValue": "a word"}, "body"),
    "no body": ({"body": []}, "body"),
    "a script": ({"body": "javascript:alert(1)"}, "body"),
    "a hidden sign": ({"body": "http://vocab.getty.edu/aat/\u202e300000206"}, "body"),
    "a region": ({"target": {"source": worlds.item(1), "selector": {
        "type": "FragmentSelector", "value": "xywh=1,2,3,4"}}}, "target.source"),
    "words": ({"target": {"source": worlds.item(1), "selector": {
        "type": "TextQuoteSelector", "exact": "Print"}}}, "target.selector"),
    "another motivation": ({"motivation": "commenting"}, "kind"),
    "another language": ({"body": {"value": "x", "language": "not a language"}}, "body.language"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_5_1_what_is_wrong_is_named_by_its_field(
    world: World, ada: httpx.Client, full: str, name: str
) -> None:
    change, field = WRONG[name]
    before = world.last()
    answer = post(ada, f"/annotations/{full}/", tag(1) | change)
    assert answer.status_code == 422, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert field in {each["field"] for each in answer.json()["errors"]}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert world.last() == before


def deep(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


BODIES: dict[str, tuple[str, bytes | str, int]] = {
    "nothing": (PROFILE, "", 400),
    "no JSON": (PROFILE, "{", 400),
    "a number": (PROFILE, "1", 400),
    "not a number": (PROFILE, '{"a": NaN}', 400),
    "broken UTF-8": (PROFILE, b'{"a": "\xff"}', 400),
    "half a character": (PROFILE, '{"a": "\\ud800"}', 400),
    "an array": (PROFILE, "[]", 415),
    "no annotation": (PROFILE, json.dumps({"@context": ANNO, "type": "Dataset"}), 415),
    "without a context": (PROFILE, json.dumps({"type": "Annotation"}), 415),
    "a remote context": (PROFILE, json.dumps(tag(1) | {"@context": "http://127.0.0.1:9/x"}), 415),
    "a file as context": (PROFILE, json.dumps(tag(1) | {"@context": "file:///etc/passwd"}), 415),
    "a context that imports": (
        PROFILE, json.dumps(tag(1) | {"@context": [ANNO, {"@import": "http://127.0.0.1:9/x"}]}), 415
    ),
    "a context within": (
        PROFILE,
        json.dumps(tag(1) | {"body": {"@context": "http://127.0.0.1:9/x", "value": "x"}}), 415,
    ),
    "many contexts": (PROFILE, json.dumps(tag(1) | {"@context": [ANNO] * 4_000}), 400),
    "many contexts within": (
        PROFILE, json.dumps(tag(1) | {"body": [{"@context": ANNO, "value": "x"}] * 1_000}), 400
    ),
    "lists of contexts": (PROFILE, json.dumps(tag(1) | {"@context": [[ANNO] * 4_000]}), 400),
    "5,000 levels": (PROFILE, deep(5_000), 400),
    "100 levels": (PROFILE, deep(100), 400),
    "100 lists": (PROFILE, "[" * 100 + "]" * 100, 400),
    "too many values": (PROFILE, json.dumps(tag(1) | {"body": ["a:b"] * 6_000}), 400),
    "too large": (PROFILE, json.dumps(tag(1) | {"label": "x" * 300_000}), 413),
    "a form": ("application/x-www-form-urlencoded", "a=b", 415),
    "plain JSON": ("application/json", json.dumps(tag(1)), 415),
    "RDF/XML": ("application/rdf+xml", "<x/>", 415),
    "no type": ("", json.dumps(tag(1)), 415),
    "no Turtle": ("text/turtle", "<a> <b>", 400),
    "an empty Turtle": ("text/turtle", "# nothing", 415),
    "nested Turtle": ("text/turtle", "<<( <http://a/> <http://b/> " * 7_000, 400),
    "long Turtle": (
        "text/turtle", "<http://a/> <http://b/> " + ", ".join(map(str, range(9_000))) + " .", 400
    ),
    "many parts": (
        "text/turtle",
        f"[] a <{OA}Annotation> ; <{OA}hasTarget> "
        + f"[ <{OA}refinedBy> " * 900 + "1" + "]" * 900 + " .", 422,
    ),
    "two annotations": (
        "text/turtle", f"<http://a/1> a <{OA}Annotation> . <http://a/2> a <{OA}Annotation> .", 422
    ),
    "a circle": (
        "text/turtle",
        f"<http://a/1> a <{OA}Annotation> ; <{OA}hasTarget> _:t ; <{OA}hasBody> _:t . "
        f"_:t <{OA}hasSource> _:t ; <{OA}hasSelector> _:t .", 422,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_6_bodies_that_cannot_be_taken_are_refused(
    world: World, ada: httpx.Client, full: str, name: str
) -> None:
    kind, body, status = BODIES[name]
    before = world.last()
    content = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    headers = {"Content-Type": kind} if kind else {}
    answer = ada.post(f"/annotations/{full}/", content=content, headers=headers)
    assert answer.status_code == status, answer.text
    if status == 415:
        assert PROFILE in answer.headers["Accept-Post"]
    assert world.last() == before


def test_6_a_packed_body_is_refused(ada: httpx.Client, full: str) -> None:
    answer = post(ada, f"/annotations/{full}/", tag(1), **{"Content-Encoding": "gzip"})
    assert answer.status_code == 415


def test_6_a_form_that_does_not_exist_is_not_acceptable(
    stranger: httpx.Client, full: str, published: str
) -> None:
    for address in (published, f"/annotations/{full}/", f"/annotations/{full}/?page=first"):
        answer = stranger.get(address, headers={"Accept": "image/png"})
        assert answer.status_code == 406
        assert "Link" in answer.headers or "page" in address


def test_6_other_methods_are_not_allowed(stranger: httpx.Client, full: str, published: str) -> None:
    for address in (published, f"/annotations/{full}/", "/annotations/context.jsonld"):
        answer = stranger.request("PATCH", address, headers={"Content-Type": PROFILE})
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]


def test_6_what_is_not_there_is_not_found(stranger: httpx.Client) -> None:
    for address in (
        "/annotation/nothing", "/annotation/" + "a" * 300, "/annotations/nothing/",
        "/annotations/hidden/", "/annotations/items/nothing/", "/annotations/providers/nobody/",
        "/annotations/items/nothing", "/annotations/a%00b/", "/annotations/%E2%80%AE/",
    ):  # fmt: skip
        assert stranger.get(address, follow_redirects=True).status_code == 404, address


# --- 5.3 Update, 5.4 Delete ----------------------------------------------------------------------


def put(who: httpx.Client, address: str, document: object, etag: str = "") -> httpx.Response:
    headers = {"Content-Type": PROFILE} | ({"If-Match": etag} if etag else {})
    return who.put(address, content=json.dumps(document), headers=headers)


@pytest.fixture
def own(world: World, ada: httpx.Client) -> tuple[str, httpx.Response]:
    """An annotation of Ada's that is pending: its path, and the answer that made it."""
    made = post(ada, f"/annotations/{opened(world)}/", tag(2))
    assert made.status_code == 201, made.text
    return path(world, made.headers["Location"]), made


def test_5_3_the_same_again_is_taken(ada: httpx.Client, own: tuple[str, httpx.Response]) -> None:
    address, made = own
    for document in (made.json(), tag(2)):
        answer = put(ada, address, document, made.headers["ETag"])
        assert answer.status_code == 200, answer.text
        assert answer.json() == made.json()
        assert answer.headers["ETag"] == made.headers["ETag"]


def test_5_3_what_it_says_cannot_be_changed(
    world: World, ada: httpx.Client, own: tuple[str, httpx.Response]
) -> None:
    address, made = own
    before = world.last()
    for change in (
        {"body": RESORTS}, {"target": worlds.item(3)}, {"created": "2020-01-01T00:00:00Z"},
        {"creator": world.people["ben"].agent.value}, {"id": "https://other.example/1"},
    ):  # fmt: skip
        answer = put(ada, address, made.json() | change, made.headers["ETag"])
        assert answer.status_code == 409, (change, answer.text)
    assert world.last() == before


def test_5_3_the_state_that_is_meant_must_be_named_and_be_this(
    ada: httpx.Client, own: tuple[str, httpx.Response]
) -> None:
    address, made = own
    for method in ("PUT", "DELETE"):
        for tag_, status in (("", 428), ('"stale"', 412), (f"W/{made.headers['ETag']}", 412)):
            headers = {"Content-Type": PROFILE} | ({"If-Match": tag_} if tag_ else {})
            answer = ada.request(method, address, content=made.content, headers=headers)
            assert answer.status_code == status, (method, tag_)
    assert put(ada, address, made.json(), "*").status_code == 200
    assert put(ada, address, made.json(), f'"x", {made.headers["ETag"]}').status_code == 200


def test_5_4_what_is_deleted_is_gone(
    world: World, ada: httpx.Client, stranger: httpx.Client, own: tuple[str, httpx.Response]
) -> None:
    address, made = own
    assert ada.delete(address, headers={"If-Match": made.headers["ETag"]}).status_code == 204
    assert ada.get(address).status_code == 410
    assert stranger.get(address).status_code == 404
    slug = world.row(address.rpartition("/")[2]).campaign
    assert walk(ada, world, f"/annotations/{slug}/?status=pending&iris=1") == []


def test_5_4_what_was_public_and_withdrawn_is_gone_for_everybody(
    world: World, stranger: httpx.Client
) -> None:
    slug = opened(world)
    made = world.publish(slug, 5)
    publishing.unpublish(world.desk, world.people["olga"], slug, now=now())
    answer = stranger.get(f"/annotation/{made}")
    assert answer.status_code == 410
    assert "Link" in answer.headers


def test_5_4_only_ones_own_can_be_deleted_while_nobody_voted(
    world: World, ada: httpx.Client, ben: httpx.Client
) -> None:
    made = f"/annotation/{world.publish(opened(world), 6)}"
    with client(world) as nobody:
        tag_ = nobody.get(made).headers["ETag"]
        assert nobody.delete(made, headers={"If-Match": tag_}).status_code == 401
    assert ben.delete(made, headers={"If-Match": tag_}).status_code == 403
    assert ada.delete(made, headers={"If-Match": tag_}).status_code == 409
    document = ada.get(made).json()
    assert put(ben, made, document, tag_).status_code == 403
    assert put(ada, made, document, tag_).status_code == 200


def test_pages_elsewhere_may_ask_first(stranger: httpx.Client, full: str, published: str) -> None:
    """CORS: https://fetch.spec.whatwg.org/#cors-preflight-request."""
    for address, method in ((published, "DELETE"), (f"/annotations/{full}/", "POST")):
        answer = stranger.options(
            address,
            headers={"Origin": "https://viewer.example", "Access-Control-Request-Method": method},
        )
        assert answer.status_code == 204
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert method in answer.headers["Access-Control-Allow-Methods"]
        for name in ("Authorization", "Content-Type", "If-Match", "Prefer", "Slug"):
            assert name in answer.headers["Access-Control-Allow-Headers"]


def test_our_context_is_there_for_everybody(stranger: httpx.Client) -> None:
    answer = stranger.get("/annotations/context.jsonld")
    assert answer.headers["Content-Type"] == "application/ld+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json()["@context"]["confidence"]["@id"] == "soa:confidence"


def test_an_item_names_its_container(world: World, stranger: httpx.Client) -> None:
    """4.4, Discovery of Annotation Containers."""
    item = f"/items/{world.item(0)}"
    wanted = f'</annotations{item}/>; rel="{OA}annotationService"'
    for accept in ("text/html", "text/turtle"):
        assert wanted in stranger.get(item, headers={"Accept": accept}).headers["Link"]
