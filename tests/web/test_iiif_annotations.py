"""IIIF: manifests of items, and published annotations per canvas.

https://iiif.io/api/presentation/3.0/
"""

from collections.abc import Iterator

import httpx
import pytest

from server.domain import contributing, publishing
from tests import worlds
from tests.web import visual_site
from tests.web.annotation_client import client, path
from tests.web.campaign_site import FARMS, World, now
from tests.web.visual_site import SIZE, answer, campaign, colour_task, region_task

CONTEXT = "http://iiif.io/api/presentation/3/context.json"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with visual_site.serve(tmp_path_factory.mktemp("iiif") / "data") as made:
        yield made


@pytest.fixture(scope="module")
def stranger(site: World) -> Iterator[httpx.Client]:
    with client(site) as made:
        yield made


@pytest.fixture(scope="module")
def published(site: World) -> str:
    """A painting with a rectangle, a polygon and a colour, and one region that is pending."""
    slug = campaign(site, region_task(1), colour_task(2))
    ada, ben = (site.visitor(name).start(slug) for name in ("ada", "ben"))
    box = {
        "selector_x": "120",
        "selector_y": "80",
        "selector_width": "240",
        "selector_height": "160",
    }
    points = "100,100 300,100 200,250"
    answer(site, ada, slug, "painting", term=FARMS, **box)
    answer(site, ada, slug, "painting", selector_shape="polygon", selector_points=points,
           tag="a dog", tag_lang="en")  # fmt: skip
    answer(site, ada, slug, "painting", task="2", colour=visual_site.RED)
    for each in visual_site.stored(site, slug, "painting"):
        contributing.vote(site.desk, site.people["ben"], each.iri, "approve", now=now())
    publishing.publish(site.desk, site.people["olga"], slug, now=now())
    answer(site, ben, slug, "painting", tag="CanaryPendingZq", tag_lang="en", **box)
    return site.desk.names.item_id(worlds.item("painting"))


def test_a_manifest_has_a_canvas_for_each_picture(site: World, stranger: httpx.Client) -> None:
    book = site.desk.names.item_id(worlds.item("book"))
    answer_ = stranger.get(f"/iiif/{book}/manifest")
    assert answer_.headers["Content-Type"] == f'application/ld+json;profile="{CONTEXT}"'
    assert answer_.headers["Access-Control-Allow-Origin"] == "*"
    found = answer_.json()
    assert (found["@context"], found["type"]) == (CONTEXT, "Manifest")
    assert path(site, found["id"]) == f"/iiif/{book}/manifest"
    assert found["label"] == {"en": ["Work book"]}
    sizes = [(each["type"], each["width"], each["height"]) for each in found["items"]]
    assert sizes == [("Canvas", 600, 800)] * 2
    for canvas in found["items"]:
        painting = canvas["items"][0]["items"][0]
        assert (painting["motivation"], painting["target"]) == ("painting", canvas["id"])
        assert stranger.get(path(site, painting["body"]["id"])).status_code == 200
        listed = stranger.get(path(site, canvas["annotations"][0]["id"])).json()
        assert (listed["type"], listed["items"]) == ("AnnotationPage", [])
        assert stranger.get(path(site, canvas["id"])).status_code == 303


def test_regions_stand_on_their_canvas(site: World, stranger: httpx.Client, published: str) -> None:
    found = stranger.get(f"/iiif/{published}/annotations/1").json()
    canvas = f"{site.desk.names.base}iiif/{published}/canvas/1"
    assert stranger.get(f"/iiif/{published}/manifest").json()["items"][0]["width"] == SIZE[0]
    box, polygon = sorted(found["items"], key=lambda each: isinstance(each["target"], dict))
    assert box["target"] == f"{canvas}#xywh=120,80,240,160"
    assert box["motivation"] == "tagging"
    assert [each["type"] for each in box["body"]] == ["TextualBody", "SpecificResource"]
    assert box["body"][0]["value"] == "farms"
    assert box["body"][1]["source"] == FARMS
    assert polygon["target"]["source"] == canvas
    assert 'points="100,100 300,100 200,250"' in polygon["target"]["selector"]["value"]
    assert (polygon["body"]["value"], polygon["body"]["language"]) == ("a dog", "en")
    assert "CanaryPendingZq" not in str(found)


def test_what_is_said_of_the_object_stands_on_the_manifest(
    site: World, stranger: httpx.Client, published: str
) -> None:
    manifest = stranger.get(f"/iiif/{published}/manifest").json()
    found = stranger.get(path(site, manifest["annotations"][0]["id"])).json()
    assert [each["target"] for each in found["items"]] == [manifest["id"]]
    assert found["items"][0]["body"][1]["source"] == visual_site.RED


def test_it_is_not_sent_again(stranger: httpx.Client, published: str) -> None:
    for address in (f"/iiif/{published}/manifest", f"/iiif/{published}/annotations/1"):
        tag = stranger.get(address).headers["ETag"]
        assert stranger.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_what_is_not_there_is_not_found(
    site: World, stranger: httpx.Client, published: str
) -> None:
    for address in (
        "nothing/manifest", f"{published}/annotations/2", f"{published}/annotations/x",
        f"{published}/annotations/%F0", f"{published}/canvas/x", "nothing/annotations/1",
        f"{published}/annotations/00001", f"{published}/annotations/{'1' * 200}",
    ):  # fmt: skip
        assert stranger.get(f"/iiif/{address}").status_code == 404, address
    assert (
        stranger.get(f"/iiif/{site.desk.names.item_id(worlds.item('lost'))}/manifest").status_code
        == 410
    )
