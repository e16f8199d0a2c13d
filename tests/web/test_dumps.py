"""/dumps/: what there is, whole files that follow the data, and their tags."""

import contextlib
import gzip
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, parse
from starlette.applications import Starlette
from starlette.middleware import Middleware

from server.domain import opening
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


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with contextlib.ExitStack() as stack:
        desk = stack.enter_context(opening.opened(worlds.create(tmp_path / "data")))
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


def test_everything_on_the_list_can_be_downloaded(site: Site) -> None:
    listed = site.get("/dumps/", Accept="application/json").json()
    assert {each["href"] for each in listed} >= {"/dumps/all.nq.gz", "/dumps/edm.zip"}
    for each in listed:
        response = site.get(each["href"])
        assert response.status_code == 200
        name = each["href"].rpartition("/")[2]
        assert name in response.headers["content-disposition"]
        assert len(response.content) == int(response.headers["content-length"]) > 0


def test_people_get_the_page_about_data(site: Site) -> None:
    response = site.get("/dumps/", Accept="text/html")
    assert response.headers["content-type"].startswith("text/html")
    assert "/dumps/edm.zip" in response.text


def test_a_file_holds_the_public_dataset_and_follows_it(site: Site) -> None:
    first = site.get("/dumps/all.nq.gz")
    found = set(parse(gzip.decompress(first.content), RdfFormat.N_QUADS))
    assert found == set(site.world.desk.datasets["public"].store)
    tag = {"If-None-Match": first.headers["etag"]}
    assert site.get("/dumps/all.nq.gz", **tag).status_code == 304
    things = [Thing("vase", "A vase")]
    worlds.import_things(site.world.desk, site.world.organiser, "vases", things)
    second = site.get("/dumps/all.nq.gz", **tag)
    assert second.status_code == 200
    assert second.headers["etag"] != first.headers["etag"]
    assert worlds.item("vase").encode() in gzip.decompress(second.content)


def test_work_is_in_no_download(site: Site) -> None:
    annotation = site.world.propose(site.world.people[1], worlds.item(1), worlds.term(1))
    for each in site.get("/dumps/", Accept="application/json").json():
        content = site.get(each["href"]).content
        if each["href"].endswith(".gz"):
            assert annotation.encode() not in gzip.decompress(content)


def test_each_record_is_a_file_in_the_zip(site: Site) -> None:
    with zipfile.ZipFile(io.BytesIO(site.get("/dumps/edm.zip").content)) as archive:
        assert len(archive.namelist()) == 6
        data = archive.read(archive.namelist()[0])
        assert any(quad.object == EDM.ProvidedCHO for quad in parse(data, RdfFormat.RDF_XML))


def test_part_of_a_file_can_be_asked_for(site: Site) -> None:
    whole = site.get("/dumps/all.nq.gz").content
    part = site.get("/dumps/all.nq.gz", Range="bytes=10-19")
    assert (part.status_code, part.content) == (206, whole[10:20])


@pytest.mark.parametrize("name", ["all.nq", "unknown.gz", "..%2fjournal.sqlite", ".all.nq.gz"])
def test_other_names_are_not_found(site: Site, name: str) -> None:
    assert site.get(f"/dumps/{name}").status_code == 404


def test_no_dump_is_made_while_a_collection_is_updated(site: Site) -> None:
    site.world.desk._bulk_running.set()
    response = site.get("/dumps/all.nq.gz")
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    site.world.desk._bulk_running.clear()
    assert site.get("/dumps/all.nq.gz").status_code == 200
