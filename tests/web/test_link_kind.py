"""Links: to another item that one may see, or to the web, with what the one is to the other."""

from typing import Any
from urllib.parse import quote

import pytest
from pyoxigraph import NamedNode

from server.domain import annotations
from server.domain.campaigns import Task
from server.index import items, queues
from server.names import CH, DCTERMS, EDM, OA, OWL
from server.viewers import Viewer
from tests import worlds
from tests.web.campaign_site import World
from tests.web.test_accessibility import problems
from tests.web.visitors import Visitor, proposals

JSON = {"Accept": "application/json"}
WEB = "https://www.example.org/painting?id=7&lang=en#top"
PART = DCTERMS.isPartOf.value


@pytest.fixture
def slug(world: World) -> str:
    task = Task(1, "", {"en": "What belongs together?"}, kind=CH.Link.value)
    return world.campaign(tasks=(task,))


@pytest.fixture
def ada(world: World, slug: str) -> Visitor:
    return world.visitor("ada").start(slug)


def found(visitor: Visitor, q: str, **more: str) -> list[str]:
    query = "&".join(f"{name}={quote(value)}" for name, value in {"q": q, **more}.items())
    answer = visitor.get(f"/items/suggest?{query}", headers=JSON)
    assert answer.status_code == 200, answer.text
    return [each["iri"] for each in answer.json()]


def link(visitor: Visitor, world: World, slug: str, other: str, **fields: str) -> Any:
    path = f"/campaigns/{slug}/items/{world.item(0)}/annotations"
    return visitor.submit(
        path, htmx=True, **{"task": "1", "relation": PART, "link": other, **fields}
    )


def stored(world: World, slug: str) -> list[annotations.Annotation]:
    rows = queues.annotations_of_item(world.desk.index.read(), worlds.item(0), slug)
    return [annotations.get(world.desk, row.iri) for row in rows]


# --- suggestions ---------------------------------------------------------------------------------


def test_items_are_found_by_the_words_of_their_titles(world: World, visitor: Visitor) -> None:
    assert found(visitor, "print 7") == [worlds.item(7)]
    assert worlds.item("map") in found(visitor, "MAP")
    assert found(visitor, "lost map") == []  # a tombstone
    assert found(visitor, "xyzzy") == [] and found(visitor, "  ") == []
    assert len(found(visitor, "print", limit="3")) == 3
    assert worlds.item(7) not in found(visitor, "print 7", without=world.item(7))


@pytest.mark.parametrize("address", ["/items/{}", "http://127.0.0.1:8000/items/{}?x=1#task-1"])
def test_items_are_found_by_their_address(world: World, visitor: Visitor, address: str) -> None:
    assert found(visitor, address.format(world.item(3))) == [worlds.item(3)]
    assert found(visitor, worlds.item(3)) == [worlds.item(3)]
    page = visitor.get(f"/items/suggest?q={quote(WEB, safe='')}").text
    assert "A page on the web" in page and "id=7&amp;lang=en#top" in page


def test_what_one_may_not_see_is_never_found(world: World, visitor: Visitor) -> None:
    """The draft's own items stand in the other dataset."""
    desk = world.desk
    row = items.find_item_by_iri(Viewer(), desk.index.read(), worlds.item(1))
    assert row is not None
    for number in range(700):  # more than are looked at
        items.put_item(desk.index.write, _hidden(row, number))
    items.put_collection(desk.index.write, "secret", "work", "Secret", "")
    desk.index.write.commit()
    try:
        assert found(visitor, "print 1", limit="50") and "hidden" not in str(found(visitor, "p"))
        assert found(visitor, "http://hidden.example.org/1") == []
        assert found(world.visitor("olga"), "hidden 699") == ["http://hidden.example.org/699"]
    finally:
        for number in range(700):
            items.remove_item(desk.index.write, f"http://hidden.example.org/{number}")
        items.remove_collection(desk.index.write, "secret")
        desk.index.write.commit()


def _hidden(row: items.ItemRow, number: int) -> items.ItemRow:
    return items.ItemRow(
        f"http://hidden.example.org/{number}", f"hidden{number}", "work", "secret",
        {"en": f"print hidden {number}"},
    )  # fmt: skip


@pytest.mark.parametrize("q", ['x" } UNION {', "<scripts>", '"*', "NEAR(", "\x00", "a" * 5000, "-"])
def test_hostile_words_find_nothing_and_do_nothing(visitor: Visitor, q: str) -> None:
    page = visitor.get(f"/items/suggest?q={quote(q)}&without={quote(q)}")
    assert page.status_code == 200
    assert "<script" not in page.text and "<li" not in page.text


# --- answers -------------------------------------------------------------------------------------


def test_a_link_to_an_item_shows_its_title_and_picture(
    world: World, slug: str, ada: Visitor
) -> None:
    page = link(ada, world, slug, worlds.item(3), **{"link-q": "Print 3"})
    assert page.status_code == 200, page.text
    shown = page.text.partition('class="proposal"')[2]
    assert "is part of" in shown and ">Print 3<" in shown
    assert f'href="/items/{world.item(3)}"' in shown
    assert f'src="/images/{world.item(3)}' in shown
    (made,) = stored(world, slug)
    assert made.body == worlds.item(3)
    assert made.content.value(CH.relation) == DCTERMS.isPartOf
    assert made.content.value(OA.motivatedBy) == OA.linking
    assert made.field == ""


def test_an_address_that_is_pasted_is_the_item_that_it_means(
    world: World, slug: str, ada: Visitor
) -> None:
    for typed in (f"/items/{world.item(3)}", f"{world.address}/items/{world.item(3)}#main"):
        page = link(ada, world, slug, "", **{"link-q": typed})
        assert page.status_code == 200, page.text
    assert [each.body for each in stored(world, slug)] == [worlds.item(3)]


def test_a_link_may_lead_to_the_web(world: World, slug: str, ada: Visitor) -> None:
    page = link(ada, world, slug, "", **{"link-q": WEB, "relation": OWL.sameAs.value})
    assert page.status_code == 200, page.text
    assert 'href="https://www.example.org/painting?id=7&amp;lang=en#top"' in page.text
    assert 'rel="external nofollow ugc"' in page.text
    (made,) = stored(world, slug)
    assert (made.body, made.content.value(CH.relation)) == (WEB, OWL.sameAs)


def test_the_same_link_by_two_people_is_one_and_another_relation_another(
    world: World, slug: str, ada: Visitor
) -> None:
    ben = world.visitor("ben").start(slug)
    for visitor in (ada, ben):
        assert link(visitor, world, slug, WEB).status_code == 200
    assert [len(each.claims) for each in stored(world, slug)] == [2]
    similar = {"relation": EDM.isSimilarTo.value}
    assert link(ben, world, slug, WEB, **similar).status_code == 200
    assert sorted(len(each.claims) for each in stored(world, slug)) == [1, 2]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "JaVaScRiPt://%0aalert(1)", "data:text/html,<script>", "urn:x:y",
        "file:///etc/passwd", "ftp://example.org/", "//example.org/", "example.org", 'x" } UNION {',
        "<script>alert(1)</script>", "https://example.org/\u202e", "https://example.org/a b",
        'https://example.org/"><script>', "https://example.org/" + "a" * 2048, "http://", "nothing",
        "https://example.org/{a}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", ["link", "link-q"])
def test_what_is_no_address_of_the_web_is_refused_beside_the_field(
    world: World, slug: str, ada: Visitor, field: str, address: str
) -> None:
    last = world.last()
    page = link(ada, world, slug, "", **{field: address})
    assert page.status_code == 422, page.text
    words = page.text.partition('id="task-1-link-error"')[2].partition("</p>")[0]
    assert "begins with https:// or http://" in words
    assert world.last() == last and stored(world, slug) == []
    assert "<script>alert" not in page.text and 'href="javascript' not in page.text.lower()


@pytest.mark.parametrize(
    "itself", ["{iri}", "/items/{id}", "http://127.0.0.1:8000/items/{id}", "{address}/items/{id}"]
)
def test_nothing_is_linked_to_itself(world: World, slug: str, ada: Visitor, itself: str) -> None:
    last = world.last()
    names = {"iri": worlds.item(0), "id": world.item(0), "address": world.address}
    page = link(ada, world, slug, itself.format(**names))
    assert page.status_code == 422 and "this object itself" in page.text
    assert world.last() == last


def test_a_page_here_that_is_no_item_is_no_link(world: World, slug: str, ada: Visitor) -> None:
    last = world.last()
    for address in ("/items/" + "a" * 26, "http://127.0.0.1:8000/items/" + "b" * 26, "/items/"):
        page = link(ada, world, slug, address)
        assert page.status_code == 422 and "no such object here" in page.text
    assert world.last() == last


@pytest.mark.parametrize(
    "relation", ["", "http://purl.org/dc/terms/title", "javascript:alert(1)", 'x" } UNION {']
)
def test_a_relation_is_one_of_the_list(
    world: World, slug: str, ada: Visitor, relation: str
) -> None:
    last = world.last()
    page = link(ada, world, slug, WEB, relation=relation)
    assert page.status_code == 422, page.text
    assert 'id="task-1-relation-error"' in page.text
    assert world.last() == last


def test_without_a_script_words_of_a_title_come_back_with_the_items_they_may_mean(
    world: World, slug: str, ada: Visitor
) -> None:
    page = link(ada, world, slug, "", **{"link-q": "print 3"})
    assert page.status_code == 422
    assert f'name="link-chosen" value="{worlds.item(3)}"' in page.text
    chosen = {"link-q": "print 3", "link-chosen": worlds.item(3)}
    assert link(ada, world, slug, "", **chosen).status_code == 200
    assert [each.body for each in stored(world, slug)] == [worlds.item(3)]


def test_ones_own_link_can_be_changed(world: World, slug: str, ada: Visitor) -> None:
    (mine,) = proposals(link(ada, world, slug, worlds.item(3)))
    form = ada.get(f"/annotation/{mine}/edit").text
    assert f'<option value="{PART}" selected>is part of</option>' in form
    assert 'name="link-q" value="Print 3"' in form
    same = {"link-q": "Print 3", "relation": DCTERMS.hasPart.value, "replaces": mine}
    assert link(ada, world, slug, worlds.item(3), **same).status_code == 200
    typed_anew = {"link-q": WEB, "relation": DCTERMS.hasPart.value}
    assert link(ada, world, slug, worlds.item(3), **typed_anew).status_code == 200
    rows = queues.annotations_of_item(world.desk.index.read(), worlds.item(0), slug)
    standing = {row.body for row in rows if row.status != "withdrawn"}
    assert standing == {worlds.item(3), WEB}
    assert NamedNode(PART) not in {
        each.content.value(CH.relation) for each in stored(world, slug) if each.claims
    }


def test_a_screen_reader_finds_a_name_for_everything(world: World, slug: str, ada: Visitor) -> None:
    link(ada, world, slug, worlds.item(3))
    link(ada, world, slug, WEB)
    path = f"/campaigns/{slug}/items/{world.item(0)}"
    assert problems(ada.get(path).text) == []
    refused = ada.submit(f"{path}/annotations", task="1", relation="x", **{"link-q": "print 3"})
    assert refused.status_code == 422 and problems(refused.text) == []
