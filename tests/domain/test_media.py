"""All media of an item: which, in what order, of what kind, and whose."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import items, media, opening
from server.domain.import_reading import own_statements
from server.domain.media import Medium
from server.domain.media_kinds import iiif_service, kind_of
from server.formats import edm_read
from server.formats.records import Record
from server.index.items import ItemRow
from server.viewers import PUBLIC
from tests import worlds
from tests.web.picture_site import AGGREGATION, Site

EBU = "ebucore:"
BASE = "http://m.example.org/"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opening.opened(worlds.create(tmp_path / "data")) as found:
        yield found


def row_of(desk: Desk, turtle: str) -> ItemRow:
    """The row of a new item of which the Turtle tells."""
    address = Site(None, desk).described(turtle)  # type: ignore[arg-type]
    return items.get_row(desk, PUBLIC, address.rpartition("/")[2])


def media_of(desk: Desk, turtle: str) -> tuple[Medium, ...]:
    return media.of_item(desk, PUBLIC, row_of(desk, turtle))


def shown(desk: Desk, turtle: str) -> list[str]:
    return [medium.iri.removeprefix(BASE) for medium in media_of(desk, turtle)]


def test_what_it_is_shown_by_comes_first_then_views_as_people_count(desk: Desk) -> None:
    found = shown(
        desk,
        f"""{AGGREGATION} <agg> edm:isShownBy <{BASE}z.jpg> ;
          edm:hasView <{BASE}p10.jpg> , <{BASE}p9.jpg> , <{BASE}z.jpg> , <{BASE}p1.jpg> ;
          edm:object <{BASE}thumb.jpg> .""",
    )
    assert found == ["z.jpg", "p1.jpg", "p9.jpg", "p10.jpg"]


def test_the_order_is_the_one_that_the_record_gives(desk: Desk) -> None:
    """EDM: edm:isNextInSequence relates a resource to the one that it follows."""
    found = shown(
        desk,
        f"""{AGGREGATION} <agg> edm:isShownBy <{BASE}a.jpg> ;
          edm:hasView <{BASE}b.jpg> , <{BASE}c.jpg> , <{BASE}d.jpg> .
        <{BASE}d.jpg> edm:isNextInSequence <{BASE}a.jpg> .
        <{BASE}b.jpg> edm:isNextInSequence <{BASE}d.jpg> .
        <{BASE}c.jpg> edm:isNextInSequence <{BASE}b.jpg> .""",
    )
    assert found == ["a.jpg", "d.jpg", "b.jpg", "c.jpg"]


def test_a_sequence_that_goes_round_ends(desk: Desk) -> None:
    found = shown(
        desk,
        f"""{AGGREGATION} <agg> edm:hasView <{BASE}a.jpg> , <{BASE}b.jpg> .
        <{BASE}a.jpg> edm:isNextInSequence <{BASE}b.jpg> , <{BASE}a.jpg> .
        <{BASE}b.jpg> edm:isNextInSequence <{BASE}a.jpg> .""",
    )
    assert sorted(found) == ["a.jpg", "b.jpg"]


def test_the_preview_stands_in_only_where_there_is_no_picture(desk: Desk) -> None:
    film, poster = media_of(
        desk,
        f"""{AGGREGATION} <me> edm:type "VIDEO" .
        <agg> edm:isShownBy <{BASE}film> ; edm:object <{BASE}poster.jpg> .""",
    )
    assert (film.kind, film.number, film.src) == ("video", 1, f"/media/{film.src[7:-2]}/1")
    assert (poster.kind, poster.number) == ("image", 2)
    row = items.get_row(desk, PUBLIC, film.src.split("/")[2])
    assert row.picture == f"{BASE}poster.jpg" and (row.width, row.height) == (None, None)
    assert poster.src == f"/images/{row.id}"


@pytest.mark.parametrize(
    ("address", "mime", "item_type", "kind"),
    [
        ("http://a/b.JPG", "", "", "image"), ("http://a/b.mp3?x=1", "", "IMAGE", "audio"),
        ("http://a/b", "", "SOUND", "audio"), ("http://a/b", "video/webm", "IMAGE", "video"),
        ("http://a/b.pdf", "", "TEXT", "text"), ("http://a/b", "application/pdf", "", "text"),
        ("http://a/b.jpg", "text/html; charset=utf-8", "", "other"), ("http://a/b", "", "3D", "3d"),
        ("http://a/b.html", "", "IMAGE", "other"), ("http://a/b", "", "", "image"),
        ("http://a/x/full/max/0/default.jpg", "", "TEXT", "image"),
        ("http://[bad", "", "", "image"),
    ],
)  # fmt: skip
def test_the_kind_of_a_medium(address: str, mime: str, item_type: str, kind: str) -> None:
    assert kind_of(address, mime, item_type) == kind


@pytest.mark.parametrize(
    ("address", "service"),
    [
        # the examples of the IIIF Image API 3.0, 4.7 and 2.1, 4.7
        ("https://example.org/id1/full/max/0/default.jpg", "https://example.org/id1"),
        ("http://www.example.org/image-service/abcd1234/full/full/0/default.jpg",
         "http://www.example.org/image-service/abcd1234"),
        ("http://www.example.org/image-service/abcd1234/0,10,600,890/200,/!90.5/gray.png",
         "http://www.example.org/image-service/abcd1234"),
        ("https://example.org/a%2Fb/pct:10,10,50,50/!200,200/0/default.webp",
         "https://example.org/a%2Fb"),
        ("https://example.org/id1/info.json", ""),
        ("https://example.org/id1/full/max/0/default.exe", ""),
        ("ftp://example.org/id1/full/max/0/default.jpg", ""),
    ],
)  # fmt: skip
def test_an_address_that_asks_an_image_service(address: str, service: str) -> None:
    assert iiif_service(address) == service


def test_what_the_record_says_of_a_picture(desk: Desk) -> None:
    (found,) = media_of(
        desk,
        f"""{AGGREGATION} <agg> edm:isShownBy <{BASE}a> .
        <{BASE}a> ebucore:hasMimeType "image/jpeg" ; ebucore:width 4000 ; ebucore:height 3000 ;
          edm:componentColor "#AABBCC" ; dc:description "Page 2"@en , "Seite 2"@de ;
          dc:rights "© A museum" ; dc:creator "A scanner" .""",
    )
    assert (found.width, found.height, found.colour) == (4000, 3000, "#aabbcc")
    assert (found.label, found.attribution, found.mime) == ("Page 2", "© A museum", "image/jpeg")
    assert found.maker == found.maker_label == "A scanner"


@pytest.mark.parametrize("property_", ["dc:creator", "dcterms:creator", "prov:wasAttributedTo"])
def test_the_algorithms_that_made_pictures_are_told_apart(desk: Desk, property_: str) -> None:
    found = media_of(
        desk,
        f"""{AGGREGATION} <agg> edm:hasView <{BASE}a.png> , <{BASE}b.png> .
        <{BASE}a.png> {property_} <http://algorithms.example.org/one> .
        <{BASE}b.png> {property_} <http://algorithms.example.org/two> .
        <http://algorithms.example.org/one> rdfs:label "The first"@en .""",
    )
    assert [each.maker for each in found] == [
        "http://algorithms.example.org/one", "http://algorithms.example.org/two",
    ]  # fmt: skip
    assert [each.maker_label for each in found] == ["The first", "two"]


@pytest.mark.parametrize(
    ("said", "value"),
    [("ebucore:width", '"-5"'), ("ebucore:width", '"12345678901234567890"'),
     ("ebucore:width", "<http://a/b>"), ("edm:componentColor", '"url(http://evil)"')],
)  # fmt: skip
def test_what_cannot_be_of_a_picture_is_not_known(desk: Desk, said: str, value: str) -> None:
    (found,) = media_of(
        desk, f"{AGGREGATION} <agg> edm:isShownBy <{BASE}a.png> . <{BASE}a.png> {said} {value} ."
    )
    assert (found.width, found.colour) == (None, None)


def test_a_text_is_a_link_to_where_it_is(desk: Desk) -> None:
    text, script = media_of(
        desk,
        f"""{AGGREGATION} <agg> edm:hasView <{BASE}a.pdf> , <urn:x-script:b.pdf> .""",
    )
    assert (text.kind, text.src, text.href) == ("text", "", f"{BASE}a.pdf")
    assert (script.kind, script.href) == ("text", "")


def test_europeanas_example_of_iiif_keeps_its_services(desk: Desk, shared_data: Path) -> None:
    source = shared_data / "edm" / "europeana" / "rdf_with_iiif_sample.xml"
    (record,) = edm_read.read([source], base="http://x.example/", local="http://x.example/o/")
    assert isinstance(record, Record)
    row = imported(desk, record)
    first, second = media.of_item(desk, PUBLIC, row)
    service = "https://stacks.stanford.edu/image/iiif/zw031pj2507/zw031pj2507_000"
    assert (first.service, second.service) == (f"{service}1", f"{service}2")
    assert (first.kind, second.kind, second.label) == ("image", "image", "Page 2")
    assert [first.src, second.src] == [f"/images/{row.id}", f"/images/{row.id}/2"]


def imported(desk: Desk, record: Record) -> ItemRow:
    turtle = "\n".join(record.lines).replace(record.item, worlds.item("1"))
    return row_of(desk, turtle)


def test_a_tombstone_and_an_item_without_media_have_none(desk: Desk) -> None:
    assert media_of(desk, "") == ()


def test_a_book_of_a_thousand_pages_is_cut_short(desk: Desk) -> None:
    views = " , ".join(f"<{BASE}{number}.jpg>" for number in range(media.MOST + 20))
    assert len(media_of(desk, f"{AGGREGATION} <agg> edm:hasView {views} .")) == media.MOST


@pytest.mark.parametrize(
    ("said", "sensitive"),
    [
        ("<me> ch:sensitive true .", True),
        ('<me> ch:sensitive "1" .', True),
        ("<me> ch:sensitive false .", False),
        ("<me> schema:isFamilyFriendly false .", True),
        ("<me> schema:isFamilyFriendly true .", False),
        ('<me> schema:contentRating "Adult" .', True),
        ('<me> schema:contentRating "MPAA PG-13" .', False),
        (f"<{BASE}a.jpg> <https://schema.org/isFamilyFriendly> false .", True),
        ("<proxy> ore:proxyFor <me> ; ch:sensitive true .", True),
        ("", False),
    ],
)
def test_a_record_can_say_that_it_is_sensitive(desk: Desk, said: str, sensitive: bool) -> None:
    said = said.replace("<proxy>", f"<{BASE}proxy>")
    row = row_of(desk, f"{AGGREGATION} <agg> edm:isShownBy <{BASE}a.jpg> . {said}")
    assert row.sensitive is sensitive
    picture = items.picture(row, "a")
    assert picture is not None and picture.sensitive is sensitive
    item = items.get_item(desk, PUBLIC, row.id, "en")
    assert not {field.name for field in item.fields} & {"ch:sensitive", "schema:contentRating"}
    assert NamedNode(row.iri)


def test_a_reimported_item_is_read_anew(desk: Desk) -> None:
    site = Site(None, desk)  # type: ignore[arg-type]
    for name in ("a.jpg", "b.jpg"):
        address = site.described(f"{AGGREGATION} <agg> edm:isShownBy <{BASE}{name}> .")
        row = items.get_row(desk, PUBLIC, address.rpartition("/")[2])
        for _again in range(2):
            assert media.get(desk, PUBLIC, row, 1, ("image",)).iri == f"{BASE}{name}"


@pytest.mark.parametrize("subject", ["<me>", "<agg>"])
def test_a_file_says_no_more_of_ours_than_that_it_is_sensitive(subject: str) -> None:
    ours = "https://w3id.org/crowdheritage/ns#"
    said = f'{subject} <{ours}sensitive> "true" .'
    tricky = f'{subject} <{ours}verdict> "a <{ours}sensitive> b" .'
    campaign = f'<{BASE}campaign/x> <{ours}sensitive> "false" .'
    assert own_statements([said, tricky, campaign], BASE)[0] == [said]
