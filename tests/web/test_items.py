"""The public page of an item."""

import re
from html import unescape

import pytest
from pyoxigraph import Literal, NamedNode

from server.domain import graph_states
from server.names import DC, DCTERMS, EDM, ORE, RDF, SKOS
from tests import worlds
from tests.web.campaign_site import FARMS, World
from tests.web.visitors import Visitor

ITEM = "http://items.example.org/described"
TITLE = 'A "title" with <script>alert(1)</script> & more'


@pytest.fixture(scope="module")
def described(world: World) -> str:
    """The `{id}` of an item with much metadata, some of it hostile."""
    me, aggregation, place = (NamedNode(f"{ITEM}{part}") for part in ("", "#agg", "#place"))
    statements = [
        (me, RDF.type, EDM.ProvidedCHO),
        (me, DC.title, Literal(TITLE, language="en")),
        (me, DC.title, Literal("Ein Titel", language="de")),
        (me, DC.creator, Literal("x\" } UNION { ' onload=alert(1)")),
        (me, DC.subject, NamedNode(FARMS)),
        (me, DC.relation, NamedNode("javascript:alert(1)")),
        (me, DC.source, Literal("javascript:alert(2)")),
        (me, DCTERMS.spatial, place),
        (place, RDF.type, EDM.Place),
        (place, SKOS.prefLabel, Literal("Αθήνα", language="el")),
        (place, SKOS.prefLabel, Literal("Athens", language="en")),
        (aggregation, RDF.type, ORE.Aggregation),
        (aggregation, EDM.aggregatedCHO, me),
        (aggregation, EDM.isShownAt, NamedNode("https://museum.example.org/7")),
        (aggregation, EDM.rights, NamedNode("http://creativecommons.org/licenses/by/4.0/")),
        (aggregation, EDM.dataProvider, Literal("A museum")),
        (aggregation, EDM.provider, Literal("An aggregator")),
    ]
    lines = [f"{s} {p} {o}" for s, p, o in statements]
    graph = world.desk.names.graph("collection", "described")
    prepared = graph_states.prepare(world.desk, "public", graph, lines)
    worlds.commit_bulk(world.desk, world.people["olga"], "described", prepared.bulk)
    return world.desk.names.item_id(ITEM)


def test_an_item_is_shown_with_labels_instead_of_iris(visitor: Visitor, described: str) -> None:
    page = unescape(visitor.get(f"/items/{described}").text)
    for text in ("Subject", "farms", "Athens", "CC BY 4.0", "A museum", "An aggregator"):
        assert text in page
    assert 'href="https://museum.example.org/7"' in page
    assert f'<span lang="de">{"Ein Titel"}</span>' in page


def test_the_readers_language_comes_first(visitor: Visitor, described: str) -> None:
    greek = visitor.get(f"/items/{described}", headers={"Accept-Language": "el"}).text
    assert '<html lang="el">' in greek
    assert "Αθήνα" in greek
    german = visitor.get(f"/items/{described}", headers={"Accept-Language": "de"}).text
    assert "<h1>Ein Titel</h1>" in german


def test_metadata_is_never_active(visitor: Visitor, described: str) -> None:
    answer = visitor.get(f"/items/{described}")
    assert "<script>alert" not in answer.text
    assert TITLE in unescape(answer.text)
    assert not re.search(r'(?:href|src)="\s*javascript:', answer.text)
    assert not re.search(r"<[^>]+ onload=", answer.text)


def test_an_item_says_in_which_campaigns_it_can_be_tagged(world: World, visitor: Visitor) -> None:
    page = visitor.get(f"/items/{world.item(6)}").text
    assert 'action="/campaigns/subjects/start"' in page
    assert 'href="/campaigns/done"' in page
    assert "Hidden" not in page
    assert 'action="/campaigns/hidden/start"' not in page


def test_an_enrichment_says_why_it_is_there(world: World, visitor: Visitor) -> None:
    made = world.publish(world.campaign(), 8, FARMS)
    page = visitor.get(f"/items/{world.item(8)}").text
    assert f'href="/why/{made}">Why is this here?' in page
    why = visitor.get(f"/why/{made}").text
    for text in ("farms", "Print 8", "accepted it", "people approve", "CC0 1.0"):
        assert text in why
    assert "Ada" not in why and "Ben" not in why


def test_a_tombstone_says_that_the_item_is_gone(world: World, visitor: Visitor) -> None:
    answer = visitor.get(f"/items/{world.desk.names.item_id(worlds.item('lost'))}")
    assert answer.status_code == 410
    assert "no longer has this object" in answer.text
