"""A kind of contribution is a file: one more in the data directory, and everything follows."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from server.app import create_app
from server.domain import annotations, campaign_files, kinds, opening
from server.domain.campaigns import Campaign, Task
from server.errors import Damaged, Invalid
from server.names import SCHEMA
from server.settings import Settings
from tests.web import campaign_site, loopback
from tests.web.campaign_site import World

SMELL = "https://museum.example.org/kinds#Smell"
SHAPE = """
@prefix : <https://museum.example.org/shapes/smell#> .
@prefix ch: <https://w3id.org/crowdheritage/ns#> .
@prefix dash: <http://datashapes.org/dash#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <http://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://museum.example.org/kinds#Smell> a ch:Kind ;
  rdfs:label "Smell"@en , "Geruch"@de ;
  rdfs:comment "What it smells of."@en ;
  ch:joins true .

:Annotation a sh:NodeShape ; sh:targetClass oa:Annotation ;
  sh:property :smell , :strength , :since , :pleasant , :type , :kind , :motivation .
:smell a sh:PropertyShape ; sh:path ( oa:hasBody rdf:value ) ; sh:order 1 ;
  sh:name "Smells of"@en , "Riecht nach"@de ; sh:message "Say in a word what it smells of."@en ;
  dash:editor dash:TextFieldWithLangEditor ; dash:viewer dash:LangStringViewer ;
  sh:minCount 1 ; sh:maxCount 1 ; sh:datatype rdf:langString ; sh:maxLength 30 .
:strength a sh:PropertyShape ; sh:path ( oa:hasBody schema:ratingValue ) ; sh:order 2 ;
  sh:name "Strength"@en ; sh:message "From 1 to 5."@en ;
  dash:editor dash:TextFieldEditor ; dash:viewer dash:LiteralViewer ;
  sh:maxCount 1 ; sh:datatype xsd:integer ; sh:minInclusive 1 ; sh:maxInclusive 5 .
:since a sh:PropertyShape ; sh:path schema:temporalCoverage ; sh:order 3 ;
  sh:name "Since"@en ; dash:editor dash:DatePickerEditor ; sh:maxCount 1 ; sh:datatype xsd:date .
:pleasant a sh:PropertyShape ; sh:path schema:valueReference ; sh:order 4 ;
  sh:name "How it is"@en ; dash:editor dash:EnumSelectEditor ; sh:maxCount 1 ;
  sh:in ( "pleasant" "neither" "unpleasant" ) .
:type a sh:PropertyShape ; sh:path ( oa:hasBody rdf:type ) ; sh:hasValue oa:TextualBody .
:kind a sh:PropertyShape ; sh:path ch:kind ;
  sh:hasValue <https://museum.example.org/kinds#Smell> .
:motivation a sh:PropertyShape ; sh:path oa:motivatedBy ; sh:hasValue oa:describing .
"""
GOOD = {"smell": "tar", "smell-lang": "en", "strength": "4", "pleasant": "pleasant"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    data = tmp_path_factory.mktemp("own-kinds") / "data"
    settings = Settings(data=data, rate=1_000_000, login_attempts=10_000, min_free=0)
    opening.create(settings)
    (data / "kinds").mkdir()
    (data / "kinds" / "smell.ttl").write_text(SHAPE, encoding="utf-8")
    app = create_app(settings)
    with loopback.serve(app) as address, ExitStack() as visitors:
        made = World(f"http://{address}", app.state.desk, visitors=visitors)
        campaign_site.furnish(made)
        yield made


@pytest.fixture(scope="module")
def slug(world: World) -> str:
    return world.campaign(tasks=(Task(1, "", {"en": "What does it smell of?"}, kind=SMELL),))


def send(world: World, slug: str, name: str = "ada", **values: str):  # type: ignore[no-untyped-def]
    path = f"/campaigns/{slug}/items/{world.item(0)}/annotations"
    return world.visitor(name).start(slug).submit(path, htmx=True, task="1", **values)


def test_the_form_has_a_field_for_each_value_of_the_shape(world: World, slug: str) -> None:
    page = world.visitor("ada").start(slug).get(f"/campaigns/{slug}/items/{world.item(0)}").text
    for name in ("smell", "smell-lang", "strength", "since", "pleasant"):
        assert f'name="{name}"' in page
    assert "Smells of" in page


def test_labels_are_in_the_readers_language(world: World, slug: str) -> None:
    headers = {"Accept-Language": "de"}
    visitor = world.visitor("ada").start(slug)
    page = visitor.get(f"/campaigns/{slug}/items/{world.item(0)}", headers=headers).text
    assert "Riecht nach" in page


def test_what_is_answered_is_stored_as_the_shape_says_and_shown(world: World, slug: str) -> None:
    answer = send(world, slug, **GOOD)
    assert answer.status_code == 200
    assert "tar" in answer.text
    (row,) = world.desk.index.read().execute(
        "SELECT iri, kind, text FROM annotation WHERE campaign = ?", (slug,)
    )
    assert (row["kind"], row["text"]) == (SMELL, "tar")
    content = annotations.get(world.desk, row["iri"]).content
    assert content.of("body")[SCHEMA.ratingValue] == [
        Literal("4", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    ]
    assert content.of("")[SCHEMA.valueReference] == [Literal("pleasant")]


def test_two_people_who_say_the_same_make_one_claim(world: World, slug: str) -> None:
    for name in ("ada", "ben"):
        assert send(world, slug, name, **GOOD).status_code == 200
    found = world.desk.index.read().execute(
        "SELECT approvals FROM annotation WHERE campaign = ? AND status <> 'withdrawn'", (slug,)
    )
    assert [row["approvals"] for row in found] == [2]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"smell": ""}, "Please fill this in."),
        ({"smell": "x" * 31}, "Use at most 30 characters."),
        ({"strength": "6"}, "From 1 to 5."),
        ({"strength": "much"}, "From 1 to 5."),
        ({"pleasant": "awful"}, "Please choose one from the list."),
        ({"smell": "a\u202eb"}, "There are characters in it that cannot be shown."),
        ({"smell-lang": "x y"}, "Please name the language by its code"),
        ({"since": "yesterday"}, "since"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    world: World, slug: str, wrong: dict[str, str], words: str
) -> None:
    world.visitor("ada").start(slug)
    before = world.last()
    answer = send(world, slug, **(GOOD | wrong))
    assert answer.status_code == 422
    field = next(iter(wrong)).removesuffix("-lang")
    beside = answer.text.split(f'id="task-1-{field}-error"')[1].split("</p>")[0]
    assert words.lower() in beside.lower()
    assert 'value="4"' in answer.text or "strength" in wrong  # nothing that was typed is lost
    assert world.last() == before


def test_a_campaign_may_ask_for_it_only_where_the_kind_is_known(world: World) -> None:
    task = Task(1, "", {"en": "?"}, kind="https://museum.example.org/kinds#Sound")
    asked = Campaign("sounds", {"en": "S"}, {"en": "S"}, ("prints",), (task,), 1)
    with pytest.raises(Invalid) as caught:
        campaign_files.check(world.desk, asked)
    assert [each.field for each in caught.value.problems] == ["task-1-kind"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("sh:maxLength 30", "sh:maxLength 30 ; sh:sparql []"),
        ("sh:datatype xsd:date", "sh:datatype"),
        ("a ch:Kind", "a ch:Kin"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "smell.ttl"
    path.write_text(SHAPE.replace(old, new), encoding="utf-8")
    with pytest.raises(Damaged, match="smell"):
        kinds.read(path)
