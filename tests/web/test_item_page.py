"""The page of an item: metadata in words, who proposes what, reasons, shortcuts that are kept."""

import json
import re
from html import unescape

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from server.domain import graph_states
from server.names import AS, CH, DC, DCTERMS, EDM, ORE, RDF, SCHEMA, SKOS, SOA, WGS84, XSD
from server.patches import on
from tests import worlds
from tests.web import campaign_site
from tests.web.campaign_site import FARMS, RESORTS, VINEYARDS, World
from tests.web.visitors import Visitor

ITEM = "http://items.example.org/telling"
LONG = (
    "A poster with a boat. " * 40
    + "More at https://museum.example.org/poster, and javascript:alert(3)"
)
REASONS = ({"en": "Too general", "de": "Zu allgemein"}, {"en": "Wrong", "de": "Falsch"})


@pytest.fixture(scope="module")
def telling(world: World) -> str:
    """The `{id}` of an item whose metadata wants some understanding."""
    me, aggregation, place, span = (
        NamedNode(ITEM + each) for each in ("", "#a", "#place", "#span")
    )
    unnamed = NamedNode("http://terms.example.org/subjects/Sailing_boats")
    numbered = NamedNode("http://numbers.example.org/4711")
    statements = [
        (me, RDF.type, EDM.ProvidedCHO),
        (me, DC.title, Literal("Riviera", language="en")),
        (me, DC.title, Literal("An der Riviera", language="de")),
        (me, DC.description, Literal(LONG, language="en")),
        (me, DC.description, Literal("Ein Plakat", language="de")),
        (me, DC.date, Literal("1890~")),
        (me, DC.identifier, Literal("1890-05")),
        (me, DC.language, Literal("it")),
        (me, DCTERMS.issued, Literal("1891-05-14", datatype=XSD.date)),
        (me, DCTERMS.temporal, span),
        (span, RDF.type, EDM.TimeSpan),
        (span, EDM.begin, Literal("1919")),
        (span, EDM.end, Literal("1939")),
        (me, DC.subject, unnamed),
        (me, DC.relation, numbered),
        (me, DCTERMS.spatial, place),
        (place, SKOS.prefLabel, Literal("Liguria", language="en")),
        (place, WGS84.lat, Literal("44.3")),
        (place, WGS84.long, Literal("8.9")),
        (aggregation, RDF.type, ORE.Aggregation),
        (aggregation, EDM.aggregatedCHO, me),
        (aggregation, EDM.dataProvider, Literal("A museum")),
    ]
    graph = world.desk.names.graph("collection", "telling")
    lines = [f"{s} {p} {o}" for s, p, o in statements]
    prepared = graph_states.prepare(world.desk, "public", graph, lines)
    worlds.commit_bulk(world.desk, world.people["olga"], "telling", prepared.bulk)
    return world.desk.names.item_id(ITEM)


def page(visitor: Visitor, item: str, query: str = "", **headers: str) -> str:
    return visitor.get(f"/items/{item}{query}", headers=headers).text


def seen(text: str) -> list[str]:
    """The values that are not hidden, in words."""
    values = re.findall(r"<dd(?! [^>]*hidden)[^>]*>(.*?)</dd>", text, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", value)).split()) for value in values]


# --- metadata --------------------------------------------------------------------------------


def test_dates_are_said_in_words_and_the_record_s_own_is_told(
    visitor: Visitor, telling: str
) -> None:
    text = page(visitor, telling)
    for said in ("about 1890", "14 May 1891", "1919–1939"):
        assert said in seen(text)
    assert "In the record: 1890~" in text
    german = page(visitor, telling, **{"Accept-Language": "de"})
    assert "14. Mai 1891" in seen(german)


def test_what_is_no_date_is_not_taken_for_one(visitor: Visitor, telling: str) -> None:
    assert "1890-05" in seen(page(visitor, telling))


def test_an_iri_without_a_name_is_read_by_its_end(visitor: Visitor, telling: str) -> None:
    found = seen(page(visitor, telling))
    assert "Sailing boats" in found
    assert "numbers.example.org 4711" in found
    assert "Italian" in found


def test_metadata_is_read_in_the_readers_language_or_the_chosen_one(
    world: World, telling: str
) -> None:
    visitor = world.visitor()
    assert "Riviera" in seen(page(visitor, telling))
    assert "An der Riviera de" not in seen(page(visitor, telling))
    assert "An der Riviera de" in seen(page(visitor, telling, "?metadata=de"))
    both = seen(page(visitor, telling, "?metadata=all"))
    assert {"Riviera", "An der Riviera de"} <= set(both)
    visitor.cookies.set("metadata-language", "de")
    assert "Ein Plakat de" in seen(page(visitor, telling))
    visitor.cookies.set("metadata-language", '"><script>alert(1)</script>')
    assert "<script>alert" not in page(visitor, telling)


def test_what_stands_in_one_language_only_is_never_hidden(visitor: Visitor, telling: str) -> None:
    assert "Liguria" in seen(page(visitor, telling, "?metadata=de"))


def test_a_long_text_is_folded_and_its_addresses_can_be_followed(
    visitor: Visitor, telling: str
) -> None:
    text = page(visitor, telling)
    folded = re.search(r'<details class="rest">(.*?)</details>', text, re.DOTALL)
    assert folded is not None
    assert 'href="https://museum.example.org/poster"' in folded[1]
    assert 'href="javascript' not in text


def test_a_place_with_coordinates_has_a_map(visitor: Visitor, telling: str) -> None:
    text = page(visitor, telling)
    assert 'data-lat="44.3" data-long="8.9"' in text
    assert 'aria-label="Map of Liguria"' in text
    assert "js/map.js" in text


def test_what_people_added_is_told_from_the_record_in_words(world: World, visitor: Visitor) -> None:
    text = page(visitor, world.item(0))
    value = next(each for each in seen(text) if each.startswith("farms"))
    assert value == "farms added by people here Why is this here?"


def test_what_is_only_proposed_is_shown_to_those_who_take_part(world: World) -> None:
    slug = world.campaign()
    world.visitor("ada").start(slug).proposed(slug, world.item(2), VINEYARDS)
    address = f"/campaigns/{slug}/items/{world.item(2)}"
    assert "proposed, not decided: vineyards" in seen(world.visitor("ben").get(address).text)
    assert "vineyards" not in world.visitor().get(address).text
    assert "vineyards" not in page(world.visitor("ben"), world.item(2))


# --- proposals -------------------------------------------------------------------------------


def claimed_by_software(world: World, slug: str, iri: str, confidence: str) -> None:
    """A program says the same, as an import would write it."""
    graph = world.desk.names.graph("annotations", slug)
    agent, claim = NamedNode("http://tagger.example.org/2"), NamedNode(f"{iri}#by-tagger")
    statements = [
        (agent, RDF.type, AS.Application),
        (agent, AS.name, Literal("Tagger <b>")),
        (agent, SCHEMA.softwareVersion, Literal("2.1")),
        (claim, RDF.type, CH.Claim),
        (claim, CH.annotation, NamedNode(iri)),
        (claim, DCTERMS.creator, agent),
        (claim, DCTERMS.created, Literal("2026-11-22T10:00:00.000Z", datatype=XSD.dateTime)),
        (claim, SOA.confidence, Literal(confidence, datatype=XSD.double)),
    ]
    patch = on("work", add=[Quad(s, p, o, graph) for s, p, o in statements])
    world.desk.commit(
        lambda _desk: (patch, None), by=agent.value, action="propose", now=campaign_site.now()
    )


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        ("0.95", "very sure (95%)"),
        ("0.7", "fairly sure (70%)"),
        ("0.41", "not very sure (41%)"),
        ("0", "unsure (0%)"),
    ],
)
def test_a_program_is_told_by_name_version_and_how_sure_it_is(
    world: World, confidence: str, words: str
) -> None:
    slug = world.campaign()
    made = world.visitor("ada").start(slug).proposed(slug, world.item(3), FARMS)
    claimed_by_software(world, slug, world.iri(made), confidence)
    ben = world.visitor("ben").start(slug)
    text = ben.get(f"/campaigns/{slug}/items/{world.item(3)}").text
    who = re.search(r'<div class="who">(.*?)</div>', text, re.DOTALL)
    assert who is not None
    said = " ".join(unescape(re.sub(r"<[^>]+>", " ", who[1])).split())
    assert said.startswith("by one person")
    assert f"Tagger <b> 2.1, {words}" in said
    assert "<b>" not in who[1]


def test_why_something_was_rejected_is_kept_in_the_campaigns_own_words(world: World) -> None:
    slug = world.campaign(reasons=REASONS)
    made = world.visitor("ada").start(slug).proposed(slug, world.item(4), FARMS)
    ben = world.visitor("ben").start(slug)
    answer = ben.vote(made, "reject")
    assert "Too general" in answer.text and 'value="Too general" checked' not in answer.text
    assert "Too general" not in ben.vote(made, "approve").text
    german = ben.submit(
        f"/annotation/{made}/vote", htmx=True, verdict="reject", reason="Too general",
        comment="Weingut wäre besser", headers={"Accept-Language": "de"},
    )  # fmt: skip
    assert german.status_code == 200
    again = ben.get(f"/campaigns/{slug}/items/{world.item(4)}").text
    assert 'value="Too general" checked' in again
    assert 'value="Weingut wäre besser"' in again


def test_without_reasons_of_the_campaign_one_may_give_ones_own(world: World) -> None:
    slug = world.campaign()
    made = world.visitor("ada").start(slug).proposed(slug, world.item(4), RESORTS)
    ben = world.visitor("ben").start(slug)
    ben.vote(made, "reject", reason='<script>alert(1)</script>"')
    text = ben.get(f"/campaigns/{slug}/items/{world.item(4)}").text
    assert "<script>alert" not in text
    assert 'name="reason" value="&lt;script&gt;alert(1)&lt;/script&gt;&#34;"' in text


def test_what_comes_first_is_the_campaigns_choice(world: World) -> None:
    item = world.item(0)
    pages = {
        layout: world.visitor().get(f"/campaigns/{world.campaign(layout=layout)}/items/{item}").text
        for layout in ("image", "metadata")
    }
    first, second = pages["image"], pages["metadata"]
    assert first.index('class="stage"') < first.index('id="task-1"') < first.index("dl class")
    assert second.index("dl class") < second.index('id="task-1"') < second.index('class="stage"')


def test_instructions_stand_in_the_page(world: World) -> None:
    told = world.campaign(instructions={"en": "Name what you see.\n\n<b>Only</b> that."})
    text = world.visitor().get(f"/campaigns/{told}/items/{world.item(0)}").text
    assert "<p>Name what you see.</p>" in text and "&lt;b&gt;Only" in text
    assert f'href="/campaigns/{told}#instructions"' in text
    silent = world.visitor().get(f"/campaigns/{world.campaign()}/items/{world.item(0)}").text
    assert 'id="instructions"' not in silent


# --- shortcuts -------------------------------------------------------------------------------

KEPT = {"off": False, "keys": {"next": ["x"], "question-1": ["g,5"]}}


def kept(text: str) -> object:
    found = re.search(r'data-kept="([^"]*)"', text)
    return json.loads(unescape(found[1])) if found else None


def test_shortcuts_are_kept_with_the_account(world: World) -> None:
    ben = world.visitor("ben")
    assert ben.submit("/account/shortcuts", shortcuts=json.dumps(KEPT)).status_code == 204
    address = f"/campaigns/subjects/items/{world.item(0)}"
    assert kept(world.visitor("ben").get(address).text) == KEPT
    assert kept(world.visitor("ada").get(address).text) is None
    assert kept(world.visitor().get(address).text) is None
    assert "shortcuts" in ben.get("/account/export").json()["preferences"]


def test_the_account_page_switches_them_off_and_puts_them_back(world: World) -> None:
    ben = world.visitor("ben")
    ben.submit("/account/shortcuts", shortcuts=json.dumps(KEPT))
    assert ben.submit("/account/shortcuts").status_code == 303
    address = f"/items/{world.item(0)}"
    assert kept(ben.get(address).text) == {**KEPT, "off": True}
    ben.submit("/account/shortcuts", on="1", reset="1")
    assert kept(ben.get(address).text) == {"off": False, "keys": {}}


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "null", "{", '{"keys": []}', '{"keys": {"next": "x"}}', '{"keys": {"next": [1]}}',
        '{"keys": {"": ["x"]}}', '{"keys": {"next": [""]}}', '{"keys": {"next": ["\\u202e"]}}',
        json.dumps({"keys": {"next": ["x"] * 6}}), json.dumps({"keys": {"n" * 61: ["x"]}}),
        json.dumps({"keys": {str(n): ["x"] for n in range(101)}}), "[" * 9_999,
    ],
)  # fmt: skip
def test_what_could_not_be_shortcuts_is_refused(world: World, text: str) -> None:
    ada = world.visitor("ada")
    assert ada.submit("/account/shortcuts", shortcuts=text).status_code == 422
    assert kept(ada.get(f"/items/{world.item(0)}").text) is None


def test_only_accounts_keep_shortcuts_here(world: World) -> None:
    guest = world.visitor().start("subjects")
    assert guest.submit("/account/shortcuts", shortcuts=json.dumps(KEPT)).status_code == 401


def test_a_stranger_is_offered_nothing_to_keep(world: World) -> None:
    answer = world.visitor().get(f"/items/{world.item(6)}")
    assert 'id="shortcuts"' in answer.text
    assert "data-save" not in answer.text and "data-csrf" not in answer.text
