"""The pages of the kinds of contribution: all that a shape says, as its file has it."""

import html
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from server.domain import kinds
from server.names import CH
from server.resources import folder
from tests.web.campaign_site import World

FILES = sorted((folder("shapes") / "annotation").glob("*.ttl"))


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def file(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_the_index_names_every_kind(world: World) -> None:
    page = world.visitor().get("/kinds")
    assert page.status_code == 200
    for file in FILES:
        assert f'href="/kinds/{file.stem}"' in page.text


def test_a_page_has_every_field_with_its_help(world: World, file: Path) -> None:
    page = world.visitor().get(f"/kinds/{file.stem}").text
    fields = kinds.read(file).editable
    assert fields
    for field in fields:
        assert f'<code class="small">{field.name}</code>' in page
    stated = ox.Store()
    stated.bulk_load(path=file, format=ox.RdfFormat.TURTLE)
    found = stated.query(
        "SELECT ?text { ?field <http://datashapes.org/dash#editor> [] ; "
        "<http://www.w3.org/ns/shacl#name>|<http://www.w3.org/ns/shacl#description> ?text }"
    )
    assert isinstance(found, ox.QuerySolutions)
    for row in found:
        assert row["text"].value in page


def test_the_shape_is_given_as_its_file_has_it(world: World, file: Path) -> None:
    answer = world.visitor().get(f"/kinds/{file.stem}", headers={"Accept": "text/turtle"})
    assert answer.headers["Content-Type"].startswith("text/turtle")
    assert isomorphic(Graph().parse(data=answer.text), Graph().parse(file))
    assert world.visitor().get(f"/kinds/{file.stem}.ttl").text.count("sh:") > 10


def test_every_kind_has_an_example_that_is_an_annotation_of_it(world: World, file: Path) -> None:
    page = world.visitor().get(f"/kinds/{file.stem}")
    shown = re.search(r"<pre><code>(.*?)</code></pre>", page.text, re.DOTALL)
    assert shown
    quads = list(ox.parse(html.unescape(shown[1]), ox.RdfFormat.TURTLE))
    kind = kinds.read(file)
    assert [quad.object.value for quad in quads if quad.predicate == CH.kind] == [kind.iri]
    kind.check((quad.subject, quad.predicate, quad.object) for quad in quads)


def test_a_kind_that_is_not_there_is_not_found(world: World) -> None:
    for path in ("/kinds/nothing", "/kinds/nothing.ttl", "/kinds/..%2Fvote"):
        assert world.visitor().get(path).status_code == 404, path
