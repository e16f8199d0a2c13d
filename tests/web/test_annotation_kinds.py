"""Each kind of annotation by the Web Annotation Protocol: out as the W3C's schemas want, and in."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import jsonschema
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from server.domain import contributing, publishing
from server.domain.kinds import Kind
from server.names import CH
from tests.web import kind_site
from tests.web.annotation_client import Json, client, path, post, said
from tests.web.campaign_site import World, now
from tests.web.kind_site import KINDS

MUSTS = "annotations/annotationMusts.test"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with kind_site.serve(tmp_path_factory.mktemp("kinds") / "data") as made:
        yield made


@pytest.fixture(scope="module")
def ben(site: World) -> Iterator[httpx.Client]:
    with client(site, "ben") as made:
        yield made


@pytest.fixture(scope="module")
def published(site: World) -> dict[str, str]:
    """By kind: the path of an annotation that Ada made with a form, and Olga published."""
    found = {}
    ada, ben, olga = (site.people[name] for name in ("ada", "ben", "olga"))
    for kind in KINDS:
        visitor = site.visitor("ada").start(kind.name)
        site.visitor("ben").start(kind.name)
        form = kind_site.good(site, visitor, kind, kind.editable[-1])
        made = kind_site.made(site, visitor, kind, "ada", form)
        contributing.vote(site.desk, ben, site.iri(made), "approve", now=now())
        publishing.publish(site.desk, olga, kind.name, now=now())
        found[kind.name] = f"/annotation/{made}"
    assert ada
    return found


def checks(shared_data: Path, listed: str) -> list[jsonschema.Draft4Validator]:
    """The schemas that a list of the W3C's tests names, which refer to each other by file."""
    schemas = shared_data / "webanno" / "schemas"
    registry: Registry = Registry().with_resources(
        (file.name, Resource(contents=json.loads(file.read_text()), specification=DRAFT4))
        for file in (schemas / "definitions").glob("*.json")
    )
    names = json.loads((schemas / listed).read_text())["assertions"]
    found = []
    for name in names:
        schema = json.loads((schemas / name).read_text())
        schema.pop("id", None)
        found.append(jsonschema.Draft4Validator(schema, registry=registry))
    return found


def refusals(schemas: list[jsonschema.Draft4Validator], document: Json) -> list[str]:
    return [
        f"{schema.schema['title']}: {schema.schema.get('expectedResult')}"
        for schema in schemas
        if schema.is_valid(document) != (schema.schema.get("expectedResult", "valid") == "valid")
    ]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_published_annotation_has_all_musts_of_the_model(
    site: World, published: dict[str, str], shared_data: Path, kind: Kind
) -> None:
    with client(site) as stranger:
        document = stranger.get(published[kind.name]).json()
    assert refusals(checks(shared_data, MUSTS), document) == []


def test_containers_and_pages_have_all_musts_of_the_model(
    site: World, published: dict[str, str], shared_data: Path
) -> None:
    assert published
    with client(site) as stranger:
        collection = stranger.get("/annotations/").json()
        page = stranger.get(path(site, collection["first"]["id"])).json()
        iris = stranger.get("/annotations/?iris=1&page=last").json()
    assert refusals(checks(shared_data, "collections/collectionMusts.test"), collection) == []
    (listed,) = (shared_data / "webanno/schemas/collections/pages").glob("*usts*.test")
    schemas = checks(shared_data, f"collections/pages/{listed.name}")
    assert refusals(schemas, page) == []
    assert refusals(schemas, iris) == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_json_ld_and_turtle_say_the_same(
    site: World, published: dict[str, str], kind: Kind
) -> None:
    with client(site) as stranger:
        document = stranger.get(published[kind.name])
        lines = stranger.get(published[kind.name], headers={"Accept": "application/n-triples"})
    wanted = {line.removesuffix(" .") for line in lines.text.splitlines() if line}
    assert said(document.json(), site.desk.names) == wanted


#: What the server says of an annotation.
MANAGED = {
    "id", "created", "creator", "generated", "license", "status", "approvals", "rejections",
    "unsure", "confidence", "meanRating", "raters",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_was_read_can_be_sent_by_somebody_else(
    site: World, published: dict[str, str], kind: Kind
) -> None:
    """And what two people can say at once is one annotation then."""
    with client(site) as stranger:
        read = stranger.get(published[kind.name]).json()
    document = {name: value for name, value in read.items() if name not in MANAGED}
    with client(site, "otto") as otto:
        site.visitor("otto").start(kind.name)
        answer = post(otto, f"/annotations/{kind.name}/", document)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["id"] == read["id"]) == kind.joins
    for name in ("motivation", "kind", "field", "bodyValue"):
        assert answer.json().get(name) == read.get(name)
    assert bare(answer.json()["target"]) == bare(read["target"])
    assert bare(answer.json().get("body")) == bare(read.get("body"))


def bare(value: object) -> object:
    """Without the IRIs of its own parts."""
    if isinstance(value, list):
        return [bare(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {k: bare(v) for k, v in value.items() if k != "id" or "#" not in str(v)}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_was_made_by_a_form_can_be_put_again(
    site: World, published: dict[str, str], kind: Kind
) -> None:
    with client(site, "ada") as ada:
        read = ada.get(published[kind.name])
        headers = {"If-Match": read.headers["ETag"], "Content-Type": "application/ld+json"}
        answer = ada.put(published[kind.name], content=read.content, headers=headers)
    assert answer.status_code == 200, answer.text


# --- regions, as viewers send them ----------------------------------------------------------------


def region(site: World, selector: object, **more: object) -> Json:
    item = kind_site.item(site)
    source = {"source": f"{site.desk.names.base}iiif/{item}/canvas/1", "selector": selector}
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld", "type": "Annotation",
        "motivation": "tagging", "target": source,
        "body": {"type": "TextualBody", "value": "a dog", "language": "en", "purpose": "tagging"},
        **more,
    }  # fmt: skip


def test_a_rectangle_on_a_canvas_is_one_of_its_picture(site: World, ben: httpx.Client) -> None:
    site.visitor("ben").start("region")
    selector = {"type": "FragmentSelector", "value": "xywh=100,200,300,400"}
    answer = post(ben, "/annotations/region/", region(site, selector))
    assert answer.status_code == 201, answer.text
    target = answer.json()["target"]
    assert target["source"].endswith(".png")
    # Its size is not known yet: the canvas has a thousand by a thousand.
    assert target["selector"]["value"] == "xywh=percent:10,20,30,40"
    as_one = region(site, selector, target=f"{site.desk.names.base}iiif/{kind_site.item(site)}"
                                           "/canvas/1#xywh=100,200,300,400")  # fmt: skip
    again = post(ben, "/annotations/region/", as_one)
    assert bare(again.json()["target"]) == bare(target)


def test_a_polygon_is_drawn_anew_from_its_numbers(site: World, ben: httpx.Client) -> None:
    site.visitor("ben").start("region")
    drawn = (
        '<svg:svg xmlns:svg="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000" onload="x()">'
        '<svg:polygon points="100 100 500,100, 300 400"></svg:polygon></svg:svg>'
    )
    answer = post(
        ben, "/annotations/region/", region(site, {"type": "SvgSelector", "value": drawn})
    )
    assert answer.status_code == 201, answer.text
    value = answer.json()["target"]["selector"]["value"]
    assert 'points="10,10 50,10 30,40"' in value
    assert "onload" not in value


@pytest.mark.parametrize("selector", [
    {"type": "FragmentSelector", "value": "xywh=1,2,3"},
    {"type": "FragmentSelector", "value": "xywh=1,2,0,4"},
    {"type": "FragmentSelector", "value": "xywh=percent:90,90,20,20"},
    {"type": "FragmentSelector", "value": "t=1,2"},
    {"type": "FragmentSelector", "value": "xywh=" + "9" * 5000 + ",1,1,1"},
    {"type": "SvgSelector", "value": "<svg><script>alert(1)</script></svg>"},
    {"type": "SvgSelector", "value": '<svg><polygon points="1,1 2,2 3,3"/></svg>'},
    {"type": "SvgSelector",
     "value": '<svg viewBox="0 0 0 0"><polygon points="1,1 2,2 3,1"/></svg>'},
    {"type": "SvgSelector", "value": '<svg><polygon points="1,1 2,"/></svg>'},
    {"type": "SvgSelector", "value": "<!DOCTYPE x [<!ENTITY a 'b'>]><svg>&a;</svg>"},
    {"type": "CssSelector", "value": "#x"},
    {"type": "XPathSelector"},
    "http://selector.example/1",
])  # fmt: skip
def test_other_selectors_are_refused_by_name(
    site: World, ben: httpx.Client, selector: object
) -> None:
    site.visitor("ben").start("region")
    before = site.last()
    answer = post(ben, "/annotations/region/", region(site, selector))
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"].startswith("target.selector"), answer.text
    assert site.last() == before


def test_a_campaign_with_several_fitting_questions_wants_the_task_named(site: World) -> None:
    (tag,) = (kind for kind in KINDS if kind.iri == CH.FreeTag.value)
    tasks = (kind_site.task(tag, 1), kind_site.task(tag, 2))
    slug = site.campaign(collections=("works",), tasks=tasks)
    site.visitor("ada").start(slug)
    ours = ["http://www.w3.org/ns/anno.jsonld", f"{site.desk.names.base}annotations/context.jsonld"]
    document = {
        "@context": ours, "type": "Annotation", "target": f"/items/{kind_site.item(site)}",
        "body": {"type": "TextualBody", "value": "a dog", "language": "en"},
    }  # fmt: skip
    with client(site, "ada") as ada:
        vague = post(ada, f"/annotations/{slug}/", document)
        assert (vague.status_code, vague.json()["errors"][0]["field"]) == (422, "task")
        named = document | {"task": f"{site.desk.names.campaign(slug).value}#task-2"}
        made = post(ada, f"/annotations/{slug}/", named)
    assert made.status_code == 201, made.text
    assert made.json()["task"].endswith("#task-2")
