"""Museums: their pages, that two are one, and objects found by whatever they are called."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape

import pytest
from pyoxigraph import Literal, NamedNode
from rdflib import Graph, URIRef
from rdflib.namespace import FOAF, OWL, RDF, SKOS

from server.domain import graph_states
from server.index import changes, providers
from server.index.changes import Among
from server.names import DC, EDM
from server.patches import Patch, bound, on
from server.viewers import PUBLIC
from tests import worlds
from tests.web import campaign_site
from tests.web.campaign_site import FARMS, RESORTS, World
from tests.web.visitors import Visitor
from tests.worlds import Thing

HOSTILE = "Ὁ \"Museum\" } <script>alert('x')</script> %s"
CANARY = "CanaryHouse of Nowhere"


@dataclass(frozen=True)
class Held(Thing):
    """A thing with a provider, and what else it is known by."""

    by: str = "A museum"
    known: tuple[tuple[NamedNode, object], ...] = ()

    def lines(self) -> Iterator[str]:
        for line in super().lines():
            yield line.replace(str(Literal("A museum")), str(Literal(self.by)))
        me, aggregation = NamedNode(self.iri), NamedNode(f"{self.iri}#aggregation")
        for property_, value in self.known:
            of = aggregation if property_ in (EDM.isShownAt, EDM.landingPage) else me
            yield f"{of} {property_} {value}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with campaign_site.serve(tmp_path_factory.mktemp("museums") / "data") as world:
        desk, olga = world.desk, world.people["olga"]
        spellings = ("Musée du Lac", "MUSEE  DU LAC", "musée du lac ")
        things = [
            Held(f"lac-{n}", f"Lake {n:02}", by=spellings[n % 3],
                 known=((DC.identifier, Literal(f"MdL {n}")),))
            for n in range(60)
        ]  # fmt: skip
        worlds.import_things(desk, olga, "lakes", things)
        named = (
            (DC.identifier, Literal("INV 12.3")),
            (EDM.isShownAt, NamedNode("https://museum.example.org/obj?id=9")),
            (NamedNode("http://www.w3.org/2002/07/owl#sameAs"),
             NamedNode("http://data.europeana.eu/item/9200/lake_9")),
        )  # fmt: skip
        others = [
            Held("see-1", "Sea", by="See-Museum", known=named),
            Held("see-2", "Sea again", by="See-Museum", known=((DC.identifier, Literal("MdL 1")),)),
            Held("bad", "Bad", by=HOSTILE),
        ]
        worlds.import_things(desk, olga, "seas", others)
        _private(world)
        yield world


def _private(world: World) -> None:
    desk = world.desk
    thing = Held("hidden", "Hidden", by=CANARY, known=((DC.identifier, Literal("SECRET 1")),))
    graph = desk.names.graph("collection", "hidden-things")
    prepared = graph_states.prepare(desk, "work", graph, list(thing.lines()))
    desk.commit(
        lambda _desk: (Patch(bulk=(prepared.bulk,)), None), by=world.people["olga"].agent.value,
        action="import", now=datetime.now(UTC),
    )  # fmt: skip
    desk.run_bulk()


def parsed(visitor: Visitor, path: str) -> Graph:
    answer = visitor.get(path, headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return Graph().parse(data=answer.text, format="turtle")


# --- pages ----------------------------------------------------------------------------------------


def test_spellings_of_a_museum_are_one_page(site: World) -> None:
    page = site.visitor().get("/providers/musee-du-lac")
    assert page.status_code == 200
    text = unescape(page.text)
    assert "MUSEE  DU LAC" in text and "Musée du Lac" in text
    assert 'class="num">60<' in text.replace("</dd>", "<") or ">60<" in text


def test_the_list_has_all_museums_and_no_hidden_one(site: World) -> None:
    visitor = site.visitor()
    page = visitor.get("/providers").text
    for key in ("a-museum", "musee-du-lac", "see-museum"):
        assert f'href="/providers/{key}"' in page
    assert "CanaryHouse" not in page
    assert "CanaryHouse" in site.visitor("olga").get("/providers").text
    assert "<script>alert" not in page
    found = visitor.get("/providers?q=musee").text
    assert "musee-du-lac" in found and "see-museum" not in found
    assert visitor.get("/providers?page=99999&q=%00%22%3Cx").status_code < 500


def test_its_items_come_in_pages_that_neither_skip_nor_repeat(site: World) -> None:
    visitor, seen, address = site.visitor(), list[str](), "/providers/musee-du-lac"
    while True:
        text = visitor.get(address).text
        seen += [part.partition('"')[0] for part in text.split('<li><a href="/items/')[1:]]
        following = text.partition('rel="next" href="')[2].partition('"')[0]
        if not following:
            break
        address = f"/providers/musee-du-lac{following}"
    lakes = {site.desk.names.item_id(worlds.item(f"lac-{n}")) for n in range(60)}
    assert sorted(seen) == sorted(lakes)
    back = text.partition('rel="prev" href="')[2].partition('"')[0]
    assert visitor.get(f"/providers/musee-du-lac{back}").text.count('<li><a href="/items/') == 48
    for odd in ("?after=nothing", "?before=%22", "?after=x&before=y"):
        assert visitor.get(f"/providers/musee-du-lac{odd}").status_code == 200


def test_what_its_items_gained_is_counted_by_field_and_campaign(site: World) -> None:
    slug = site.campaign(collections=("lakes",))
    before = site.visitor().get("/providers/musee-du-lac").text
    assert slug not in before
    site.publish(slug, "lac-1", FARMS)  # type: ignore[arg-type]
    site.publish(slug, "lac-2", RESORTS)  # type: ignore[arg-type]
    page = site.visitor().get("/providers/musee-du-lac").text
    assert f'<a href="/campaigns/{slug}">' in page
    assert ">Subject</th><td" in page
    site.visitor("olga").submit(f"/campaigns/{slug}/unpublish")
    assert f'<a href="/campaigns/{slug}">' not in site.visitor().get("/providers/musee-du-lac").text


def test_an_items_page_leads_to_its_museum(site: World) -> None:
    page = site.visitor().get(f"/items/{site.desk.names.item_id(worlds.item('see-1'))}").text
    assert '<a href="/providers/see-museum">See-Museum</a>' in page


def test_a_page_leads_to_its_set_container_downloads_and_query(site: World) -> None:
    visitor = site.visitor()
    page = unescape(visitor.get("/providers/see-museum").text)
    places = [part.partition('"')[0] for part in page.split('<li><a href="')[1:]]
    oai, container, dumps, query = (
        next(each for each in places if each.startswith(start))
        for start in ("/oai?", "/annotations/", "/dumps/", "/sparql?")
    )
    harvest = visitor.get(oai).text
    assert worlds.item("see-1") in harvest and worlds.item("lac-1") not in harvest
    assert visitor.get(container, headers={"Accept": "application/ld+json"}).status_code == 200
    assert visitor.get(dumps).status_code == 200
    asked = visitor.get(query, headers={"Accept": "application/sparql-results+json"})
    assert asked.status_code == 200, asked.text
    assert asked.json()["head"]["vars"] == ["item", "field", "value", "annotation"]


def test_no_name_gets_out_of_its_place(site: World) -> None:
    visitor = site.visitor()
    key = next(
        row.key for row in providers.providers(PUBLIC, site.desk.index.read())
        if row.label == HOSTILE
    )  # fmt: skip
    page = visitor.get(f"/providers/{key}")
    assert page.status_code == 200 and "<script>alert" not in page.text
    graph = parsed(visitor, f"/providers/{key}.ttl")
    assert HOSTILE in {str(label) for label in graph.objects(None, SKOS.prefLabel)}
    query = unescape(page.text).partition('href="/sparql?')[2].partition('"')[0]
    asked = visitor.get(f"/sparql?{query}", headers={"Accept": "application/sparql-results+json"})
    assert asked.status_code == 200, asked.text


def test_a_museum_is_an_organisation_in_rdf(site: World) -> None:
    graph = parsed(site.visitor(), "/providers/see-museum")
    me = URIRef(site.desk.names.provider("see-museum").value)
    assert (me, RDF.type, FOAF.Organization) in graph
    assert (me, RDF.type, URIRef(EDM.Agent.value)) in graph
    assert [str(label) for label in graph.objects(me, SKOS.prefLabel)] == ["See-Museum"]
    listed = parsed(site.visitor(), "/providers?format=.ttl")
    assert (me, RDF.type, FOAF.Organization) in listed
    assert "CanaryHouse" not in listed.serialize()


@pytest.mark.parametrize("suffix", ["", ".ttl", ".html"])
def test_a_museum_of_what_is_private_is_not_there(site: World, suffix: str) -> None:
    key = providers.provider_key(CANARY)
    assert site.visitor().get(f"/providers/{key}{suffix}").status_code == 404
    assert site.visitor("olga").get(f"/providers/{key}").status_code == 200


# --- two are one ----------------------------------------------------------------------------------


def test_two_museums_become_one_and_come_apart_again(site: World) -> None:
    olga, visitor, desk = site.visitor("olga"), site.visitor(), site.desk
    answer = olga.submit("/providers/see-museum/same", same="Musée du Lac", links="")
    assert answer.status_code == 303, answer.text
    site.desk.run_bulk()  # what the job in the background does, or is at
    moved = visitor.get("/providers/see-museum.ttl")
    assert (moved.status_code, moved.headers["Location"]) == (303, "/providers/musee-du-lac.ttl")
    item = desk.names.item_id(worlds.item("see-1"))
    assert '<a href="/providers/musee-du-lac">See-Museum</a>' in visitor.get(f"/items/{item}").text
    # whoever harvests the set hears of it
    entry = desk.journal.last()
    among = Among("item", provider="musee-du-lac", first_seq=entry)
    found = changes.page(desk.index.read(), among, as_of=entry, limit=10)
    assert {each.id for each in found} >= {item}
    graph = parsed(visitor, "/providers/musee-du-lac")
    same = set(graph.objects(URIRef(desk.names.provider("musee-du-lac").value), OWL.sameAs))
    assert URIRef(desk.names.provider("see-museum").value) in same
    # what is imported later follows
    worlds.import_things(desk, site.people["olga"], "more", [Held("see-9", "S", by="SEE MUSEUM")])
    row = desk.index.read().execute(
        "SELECT provider_key FROM item WHERE iri = ?", (worlds.item("see-9"),)
    )
    assert row.fetchone()[0] == "musee-du-lac"
    # nothing is the same as itself, in however many steps
    circle = olga.submit("/providers/musee-du-lac/same", same="see-museum", links="")
    assert circle.status_code == 422
    apart = olga.submit("/providers/see-museum/same", same="", links="")
    assert apart.status_code == 303
    site.desk.run_bulk()  # what the job in the background does, or is at
    assert visitor.get("/providers/see-museum").status_code == 200
    found = providers.find_provider(PUBLIC, desk.index.read(), "see-museum")
    assert found is not None and found.items == 3


def test_all_of_it_follows_from_the_journal(site: World, tmp_path_factory: object) -> None:
    folder = tmp_path_factory.mktemp("again")  # type: ignore[attr-defined]
    worlds.assert_equals_rebuild(site.desk, folder)


def test_it_is_known_elsewhere_too(site: World) -> None:
    olga = site.visitor("olga")
    wikidata = "http://www.wikidata.org/entity/Q190804"
    olga.submit("/providers/musee-du-lac/same", same="", links=f"{wikidata}\n")
    site.desk.run_bulk()  # what the job in the background does, or is at
    graph = parsed(site.visitor(), "/providers/musee-du-lac")
    me = URIRef(site.desk.names.provider("musee-du-lac").value)
    assert (me, OWL.sameAs, URIRef(wikidata)) in graph
    assert f'href="{wikidata}"' in site.visitor().get("/providers/musee-du-lac").text


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("links", "javascript:alert(1)"), ("links", "http://x\u202egnp.exe"), ("links", "x" * 3000),
        ("links", " ".join(f"http://x.example/{n}" for n in range(11))),
        ("same", 'x" } UNION {'), ("same", "No such museum"), ("same", "see-museum"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_beside_its_field(
    site: World, field: str, text: str
) -> None:
    before = site.desk.journal.last()
    fields = {"same": "", "links": ""} | {field: text}
    answer = site.visitor("olga").submit("/providers/see-museum/same", **fields)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert site.desk.journal.last() == before


def test_only_organisers_say_that_two_are_one(site: World) -> None:
    before = site.desk.journal.last()
    assert "/same" not in site.visitor("ada").get("/providers/see-museum").text
    fields = {"same": "a-museum", "links": ""}
    for name, status in (("", 401), ("ada", 403)):
        answer = site.visitor(name).submit("/providers/see-museum/same", **fields)
        assert answer.status_code == status
    olga = site.visitor("olga").submit("/providers/nothing/same", **fields)
    assert olga.status_code == 404
    assert site.desk.journal.last() == before


# --- objects by what they are called --------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        worlds.item("see-1"), worlds.item("see-1").replace("http:", "https:"),
        f"{worlds.item('see-1')}/", "INV 12.3", " inv  12.3 ",
        "https://museum.example.org/obj?id=9", "http://museum.example.org/obj?id=9",
        "http://data.europeana.eu/item/9200/lake_9", "https://www.europeana.eu/item/9200/lake_9",
        "https://www.europeana.eu/de/item/9200/lake_9?q=x", "/9200/lake_9",
        f"{worlds.item('see-1')}#aggregation",
    ],
)  # fmt: skip
def test_an_object_is_found_by_what_else_it_is_called(site: World, asked: str) -> None:
    expected = f"/items/{site.desk.names.item_id(worlds.item('see-1'))}"
    for accept in ("text/html", "text/turtle", "application/json"):
        answer = site.visitor().get("/items", params={"iri": asked}, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["Location"]) == (303, expected)


@pytest.mark.parametrize("kind", ["items", "proxy", "aggregation"])
def test_an_object_is_found_by_our_own_addresses_of_it(site: World, kind: str) -> None:
    item = site.desk.names.item_id(worlds.item("see-1"))
    iri = site.desk.names.path(f"{kind}/{item}").value
    answer = site.visitor().get("/items", params={"iri": iri})
    assert answer.headers["Location"] == f"/items/{item}"


def test_several_of_the_same_name_are_listed(site: World) -> None:
    answer = site.visitor().get("/items", params={"iri": "MdL 1"})
    assert answer.status_code == 300
    ids = {site.desk.names.item_id(worlds.item(each)) for each in ("lac-1", "see-2")}
    assert all(f'href="/items/{each}"' in answer.text for each in ids)
    told = site.visitor().get(
        "/items", params={"iri": "MdL 1"}, headers={"Accept": "application/json"}
    )
    assert told.status_code == 300
    assert {each["id"] for each in told.json()["items"]} == ids


@pytest.mark.parametrize(
    "asked",
    ["nothing", "http://nowhere.example/", 'x" } UNION {', "javascript:alert(1)", "\u202ex",
     "'); DROP TABLE item; --", "%", "_", "x" * 5000, "<script>alert(1)</script>", "SECRET 1",
     worlds.item("hidden")],
)  # fmt: skip
def test_what_nothing_is_called_is_not_found(site: World, asked: str) -> None:
    for accept in ("text/html", "application/json"):
        answer = site.visitor().get("/items", params={"iri": asked}, headers={"Accept": accept})
        assert answer.status_code == 404, answer.headers
        assert "<script>alert" not in answer.text and "Hidden" not in answer.text


def test_organisers_find_what_is_private(site: World) -> None:
    for asked in ("SECRET 1", worlds.item("hidden")):
        answer = site.visitor("olga").get("/items", params={"iri": asked})
        assert answer.status_code == 303


def test_an_object_is_found_by_a_former_identifier_and_by_a_confirmed_match(site: World) -> None:
    desk, olga = site.desk, site.people["olga"]
    worlds.import_things(
        desk, olga, "newer", [Held("newer", "N", replaces=(worlds.item("older"),))]
    )
    item = desk.names.item_id(worlds.item("newer"))
    assert site.visitor().get("/items", params={"iri": worlds.item("older")}).headers[
        "Location"
    ] == f"/items/{item}"  # fmt: skip
    graph, europeana = desk.names.graph("matches", "newer"), "http://data.europeana.eu/item/1/n"
    same = (NamedNode(worlds.item("newer")), NamedNode(str(OWL.sameAs)), NamedNode(europeana))
    asked = {"iri": "https://www.europeana.eu/item/1/n"}
    for change, status in (("add", 303), ("remove", 404)):
        patch = on("public", **{change: bound(graph, same)})
        desk.commit(
            lambda _desk, p=patch: (p, None), by=olga.agent.value, action="match",  # type: ignore[misc]
            now=datetime.now(UTC),
        )  # fmt: skip
        assert site.visitor().get("/items", params=asked).status_code == status


def test_an_item_that_goes_takes_its_names_along(site: World) -> None:
    desk, olga = site.desk, site.people["olga"]
    named = ((DC.identifier, Literal("FLEETING")),)
    worlds.import_things(desk, olga, "fleeting", [Held("fleeting", "F", known=named)])
    assert site.visitor().get("/items?iri=fleeting").status_code == 303
    worlds.import_things(desk, olga, "fleeting", [Held("fleeting", "F")])
    assert site.visitor().get("/items?iri=fleeting").status_code == 404
    worlds.import_things(desk, olga, "fleeting", [])
    path = f"/items/{desk.names.item_id(worlds.item('fleeting'))}"
    for accept in ("text/html", "text/turtle"):
        assert site.visitor().get(path, headers={"Accept": accept}).status_code == 410
