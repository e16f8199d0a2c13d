"""/dumps/: what there is, whole files that follow the data, their tags, and an item's EDM."""

import base64
import contextlib
import gzip
import hashlib
import io
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest
from pyoxigraph import RdfFormat, parse
from starlette.applications import Starlette
from starlette.middleware import Middleware

from server.domain import contributing, opening, publishing
from server.names import EDM
from server.web import dumps, templates
from server.web.problems import Problems, exception_handlers
from server.web.security import SecurityHeaders
from tests import worlds
from tests.web.loopback import serve
from tests.worlds import Thing, World


@dataclass
class Site:
    client: httpx.Client
    world: World

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(path, headers=headers)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Tests add to it, so each says what it expects of its own."""
    with contextlib.ExitStack() as stack:
        folder = tmp_path_factory.mktemp("dumps") / "data"
        desk = stack.enter_context(opening.opened(worlds.create(folder)))
        world = worlds.furnish(desk)
        app = Starlette(
            routes=dumps.routes,
            middleware=[Middleware(SecurityHeaders), Middleware(Problems)],
            exception_handlers=exception_handlers,
        )
        app.state.desk, app.state.templates = desk, templates
        address = stack.enter_context(serve(app))
        client = stack.enter_context(httpx.Client(base_url=f"http://{address}", timeout=30))
        yield Site(client, world)


def whole(site: Site, path: str, **headers: str) -> httpx.Response:
    """Asking again as long as it is being made."""
    while (answer := site.get(path, **headers)).status_code == 503:
        time.sleep(0.1)
    return answer


def listed(site: Site, path: str = "/dumps/") -> dict[str, Any]:
    answer = site.get(path, Accept="application/json")
    assert answer.headers["vary"] == "Accept"
    found: dict[str, Any] = answer.json()
    return found


def test_the_list_says_what_there_is_and_of_what_has_been_made_all_about_it(site: Site) -> None:
    told = listed(site)
    assert {scope["href"] for scope in told["scopes"]} == {
        "/dumps/all/", "/dumps/collections/prints/", "/dumps/campaigns/subjects/",
        "/dumps/providers/a-museum/",
    }  # fmt: skip
    names = {each["href"] for each in told["dumps"]}
    assert {"/dumps/all/enriched.nq.gz", "/dumps/all/plain.edm.zip"} < names
    answer = whole(site, "/dumps/all/enrichments.jsonld.zst")
    (told,) = (e for e in listed(site)["dumps"] if e["href"].endswith("enrichments.jsonld.zst"))
    assert told["state"] == "ready" and told["size"] == len(answer.content)
    assert told["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert told["sequence"] > 0 and datetime.fromisoformat(told["modified"]).tzinfo


@pytest.mark.parametrize(
    "path", ["/dumps/", "/dumps/all/", "/dumps/collections/prints/", "/dumps/campaigns/subjects/",
             "/dumps/providers/a-museum/"],
)  # fmt: skip
def test_every_scope_has_a_page_and_a_list(site: Site, path: str) -> None:
    page = site.get(path, Accept="text/html")
    assert page.headers["content-type"].startswith("text/html")
    for each in listed(site, path)["dumps"]:
        assert f'href="{each["href"]}"' in page.text


def test_whole_files_come_with_their_checksum_and_date(site: Site) -> None:
    path = "/dumps/collections/prints/plain.edm.zip"
    answer = whole(site, path)
    digest = hashlib.sha256(answer.content)
    value = f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    assert answer.headers["repr-digest"] == answer.headers["content-digest"] == value
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert "prints-plain.edm.zip" in answer.headers["content-disposition"]
    assert answer.headers["content-type"] == "application/zip"
    parsedate_to_datetime(answer.headers["last-modified"])
    line = site.get(f"{path}.sha256").text
    assert line == f"{digest.hexdigest()}  dump-prints-plain.edm.zip\n"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert len(archive.namelist()) == 6
        data = archive.read(archive.namelist()[0])
        assert any(quad.object == EDM.ProvidedCHO for quad in parse(data, RdfFormat.RDF_XML))


def test_who_knows_a_file_is_not_sent_it_again(site: Site) -> None:
    path = "/dumps/collections/prints/plain.nq.gz"
    first = whole(site, path)
    etag, date = first.headers["etag"], first.headers["last-modified"]
    for known in (
        {"If-None-Match": etag}, {"If-None-Match": f'"x", W/{etag}'}, {"If-None-Match": "*"},
        {"If-Modified-Since": date},
    ):  # fmt: skip
        answer = site.get(path, **known)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == etag
    for other in (
        {"If-None-Match": '"x"'}, {"If-None-Match": '"x"', "If-Modified-Since": date},
        {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"}, {"If-Modified-Since": "yesterday"},
    ):  # fmt: skip
        assert site.get(path, **other).status_code == 200
    head = site.client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == first.headers["content-length"]


def test_part_of_a_file_can_be_asked_for(site: Site) -> None:
    path = "/dumps/collections/prints/plain.nq.gz"
    first = whole(site, path)
    part = site.get(path, Range="bytes=10-19")
    assert (part.status_code, part.content) == (206, first.content[10:20])
    assert "content-digest" not in part.headers
    assert part.headers["repr-digest"] == first.headers["repr-digest"]
    given = {"Range": "bytes=10-19", "If-Range": first.headers["etag"]}
    assert site.get(path, **given).status_code == 206
    assert site.get(path, **given | {"If-Range": '"other"'}).status_code == 200
    assert site.get(path, Range="bytes=99999999-").status_code == 416


def test_a_file_holds_the_public_dataset_and_follows_it(site: Site) -> None:
    first = whole(site, "/dumps/all/enriched.nq.gz")
    found = set(parse(gzip.decompress(first.content), RdfFormat.N_QUADS))
    assert found == set(site.world.desk.datasets["public"].store)
    things = [Thing("vase", "A vase")]
    worlds.import_things(site.world.desk, site.world.organiser, "vases", things)
    assert listed(site)["dumps"][0]["state"] in ("none", "outdated")
    tag = {"If-None-Match": first.headers["etag"]}
    second = whole(site, "/dumps/all/enriched.nq.gz", **tag)
    assert second.status_code == 200
    assert second.headers["etag"] != first.headers["etag"]
    assert worlds.item("vase").encode() in gzip.decompress(second.content)


def test_names_of_before_lead_to_those_of_now(site: Site) -> None:
    answer = site.get("/dumps/edm.zip")
    assert answer.status_code == 308
    assert answer.headers["location"] == "/dumps/all/enriched.edm.zip"


@pytest.mark.parametrize(
    "path",
    ["all.nq", "unknown.gz", "..%2fjournal.sqlite", ".all.nq.gz", "all/all.nq.gz", "all/",
     "all/plain.nq", "all/plain.nq.gz.sha1", "all/..%2f..%2fjournal.sqlite", "secret/x/plain.nq.gz",
     "collections/none/", "collections/none/plain.nq.gz", "collections/..%2fall/plain.nq.gz",
     "collections//plain.nq.gz", "campaigns/%00/plain.nq.gz", "providers/%C3%A9/plain.nq.gz",
     "collections/prints/000000000001.plain.nq.gz", "collections/prints/plain.nq.gz.json"],
)  # fmt: skip
def test_other_names_are_not_found(site: Site, path: str) -> None:
    assert site.get(f"/dumps/{path}").status_code == (200 if path == "all/" else 404)


def test_no_dump_is_made_while_a_collection_is_updated(site: Site) -> None:
    site.world.desk._bulk_running.set()
    response = site.get("/dumps/all/plain.ttl.zst")
    site.world.desk._bulk_running.clear()
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    assert whole(site, "/dumps/all/plain.ttl.zst").status_code == 200


# --- the EDM of an item --------------------------------------------------------------------------


def edm(site: Site, item: str, query: str = "", **headers: str) -> httpx.Response:
    item_id = site.world.desk.names.item_id(item)
    return site.get(f"/items/{item_id}/edm{query}", **headers)


def test_the_edm_of_an_item_is_as_it_came_or_enriched(site: Site) -> None:
    world, item = site.world, worlds.item(0)
    before = edm(site, item)
    iri = world.propose(world.people[1], item, worlds.term(2))
    for voter in (world.organiser, world.people[2]):
        contributing.vote(world.desk, voter, iri, "approve", now=worlds.now())
    assert edm(site, item, "?content=enrichments").status_code == 404
    publishing.publish(world.desk, world.organiser, world.campaign, now=worlds.now())
    enriched = edm(site, item)
    assert enriched.headers["content-type"].startswith("application/rdf+xml")
    assert worlds.term(2) in enriched.text and worlds.term(2) not in before.text
    assert edm(site, item, "?content=plain").text == before.text
    only = edm(site, item, "?content=enrichments").text
    assert worlds.term(2) in only and "Print 0" not in only
    etag = enriched.headers["etag"]
    assert etag != before.headers["etag"]
    assert edm(site, item, "", **{"If-None-Match": etag}).status_code == 304
    since = {"If-Modified-Since": enriched.headers["last-modified"]}
    assert edm(site, item, "", **since).status_code == 304


def test_there_is_no_edm_of_what_is_not_there(site: Site) -> None:
    assert edm(site, worlds.item("none")).status_code == 404
    assert edm(site, worlds.item(1), "?content=all").status_code == 422
    things = [Thing(number, f"Print {number}", gone=number == 5) for number in range(6)]
    worlds.import_things(site.world.desk, site.world.organiser, "prints", things)
    assert edm(site, worlds.item(5)).status_code == 410
