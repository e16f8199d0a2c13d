"""Answers of web interfaces, right ones and hostile ones."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

from server.errors import Malformed
from server.formats import live_geonames, live_getty, live_wikidata
from server.formats.live_answers import Hit, LiveTerm
from server.names import GN, SKOS, WGS84, XSD
from tests.web import live_apis
from tests.web.live_apis import AAT, ATHENS, GREECE, PAINTINGS, POSTER, PRINT, WATERCOLOUR, WD

LANGUAGES = ("en", "el", "de", "it", "nl")


def answer(value: Any) -> bytes:
    return json.dumps(value).encode()


def wikidata(**changes: Any) -> list[Hit]:
    return live_wikidata.hits(answer({"search": [{**live_apis.wikidata_hit(), **changes}]}))


def labels(term: LiveTerm, property_: NamedNode = SKOS.prefLabel) -> set[tuple[str, str | None]]:
    return {
        (value.value, value.language)
        for each, value in term.said
        if each == property_ and isinstance(value, Literal)
    }


def test_hits_of_wikidata() -> None:
    (hit,) = wikidata()
    assert hit == Hit(
        POSTER, "poster", "en", "printed sheet for public display", (), "posters", "en"
    )


def test_hits_of_the_getty() -> None:
    data = answer({"results": {"bindings": [live_apis.getty_hit()]}})
    (hit,) = live_getty.hits(data, AAT)
    assert (hit.iri, hit.label, hit.lang) == (WATERCOLOUR, "watercolors (paintings)", "en")
    assert hit.breadcrumb[-1] == "paintings by medium"


def test_hits_of_geonames() -> None:
    data = answer({"geonames": [live_apis.place_row("el")]})
    (hit,) = live_geonames.hits(data, "el")
    assert (hit.iri, hit.label, hit.lang, hit.matched) == (ATHENS, "Αθήνα", "el", "Athens")
    assert hit.breadcrumb == ("Greece", "Attica")


def test_a_term_of_wikidata_has_the_languages_asked_for() -> None:
    data = answer({"entities": {"Q429785": live_apis.wikidata_entity()}})
    term = live_wikidata.term(data, POSTER, LANGUAGES)
    assert labels(term) == {("poster", "en"), ("Plakat", "de"), ("αφίσα", "el")}
    assert labels(term, SKOS.altLabel) == {("posters", "en")}
    assert (SKOS.notation, Literal("Q429785")) in term.said
    assert term.broader == [PRINT, f"{WD}Q999"]


def test_a_term_of_the_getty_has_notes_and_what_is_broader() -> None:
    data = answer({"results": {"bindings": live_apis.getty_rows()}})
    term = live_getty.term(data, WATERCOLOUR, LANGUAGES)
    assert labels(term) == {("watercolors (paintings)", "en"), ("aquarellen", "nl")}
    assert labels(term, SKOS.scopeNote) == {("Paintings made with water-based paint.", "en")}
    assert term.broader == [PAINTINGS]


def test_a_place_has_names_coordinates_and_what_it_lies_in() -> None:
    term = live_geonames.term(answer(live_apis.place({"geonameId": "264371"})), ATHENS, LANGUAGES)
    assert labels(term) == {
        ("Athens", None), ("Αθήνα", "el"), ("Atene", "it"), ("Athen", "de"),
    }  # fmt: skip
    assert (WGS84.lat, Literal("37.98376", datatype=XSD.decimal)) in term.said
    assert (GN.countryCode, Literal("GR")) in term.said
    assert (GN.featureCode, NamedNode("https://www.geonames.org/ontology#P.PPLC")) in term.said
    assert term.broader[-1] == GREECE


def test_an_item_that_was_merged_comes_under_its_new_number() -> None:
    entity = live_apis.wikidata_entity() | {"redirects": {"from": "Q7", "to": "Q429785"}}
    term = live_wikidata.term(answer({"entities": {"Q429785": entity}}), f"{WD}Q7", LANGUAGES)
    assert term.iri == POSTER


Read = Callable[[bytes], object]
READERS: dict[str, Read] = {
    "wikidata hits": live_wikidata.hits,
    "getty hits": lambda data: live_getty.hits(data, AAT),
    "geonames hits": lambda data: live_geonames.hits(data, "en"),
    "wikidata term": lambda data: live_wikidata.term(data, POSTER, LANGUAGES),
    "getty term": lambda data: live_getty.term(data, WATERCOLOUR, LANGUAGES),
    "geonames term": lambda data: live_geonames.term(data, ATHENS, LANGUAGES),
}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS.keys())
@pytest.mark.parametrize("data", [
    b"", b"<html>", b"\xff\xfe", b"null", b"[]", b"5", b'"x"', b"{}", b"[" * 100_000,
    b'{"search": null}', b'{"search": 5}', b'{"search": {}}', b'{"results": []}',
    b'{"results": {"bindings": {}}}', b'{"geonames": "x"}', b'{"entities": []}',
    b'{"entities": {"Q1": []}}', b'{"entities": {"Q429785": {"id": 5}}}',
    b'{"error": {"code": "maxlag", "info": "Waiting"}}',
    b'{"status": {"message": "the hourly limit has been exceeded", "value": 19}}',
    b'{"results": {"bindings": [{"item": {}}]}, "geonameId": "x"}', b'{"geonameId": -1}',
    b'{"geonameId": 264371, "name": null, "alternateNames": [5]}',
    b'{"geonameId": 264371, "name": "x", "alternateNames": {"a": 1}}',
])  # fmt: skip
def test_what_is_misshapen_is_refused_or_nothing(read: Read, data: bytes) -> None:
    try:
        assert read(data) == []
    except Malformed as error:
        assert "cannot be read" in str(error)


def test_odd_hits_are_left_out_and_others_stay() -> None:
    good = live_apis.wikidata_hit()
    rows = [5, None, {}, {"id": "P31"}, {"id": "Q1; DROP"}, good, good, {**good, "id": "../Q5"}]
    assert [hit.iri for hit in live_wikidata.hits(answer({"search": rows}))] == [POSTER]
    hit = live_apis.getty_hit()
    odd = [hit | {"item": live_apis.node(iri)} for iri in (
        "javascript:alert(1)", f"{AAT}300/../1", f"{AAT}x", "http://evil.example/aat/1", AAT,
    )]  # fmt: skip
    data = answer({"results": {"bindings": [*odd, hit]}})
    assert [found.iri for found in live_getty.hits(data, AAT)] == [WATERCOLOUR]


def test_texts_are_cleaned_and_cut() -> None:
    display = {"label": {"value": "po\x00st\x1ber\n\u0085", "language": "no tag!"}}
    (hit,) = wikidata(display=display, description="x" * 100_000)
    assert (hit.label, hit.lang) == ("poster", "")
    assert len(hit.note) == 300
    (html,) = wikidata(display={"label": {"value": "<script>alert(1)</script>", "language": "en"}})
    assert html.label == "<script>alert(1)</script>"  # text; pages escape it
    assert (
        wikidata(display={"label": {"value": "x" * 100_000, "language": "en"}})[0].label[-1] == "…"
    )


def test_a_flood_of_labels_is_cut() -> None:
    entity = live_apis.wikidata_entity()
    entity["aliases"] = {"en": [{"language": "en", "value": f"name {n}"} for n in range(20_000)]}
    term = live_wikidata.term(answer({"entities": {"Q429785": entity}}), POSTER, LANGUAGES)
    assert len(term.said) <= 501


@pytest.mark.parametrize("other", ["Q1", "P31", "Q429785x"])
def test_another_item_than_asked_for_is_refused(other: str) -> None:
    data = answer({"entities": {"Q429785": live_apis.wikidata_entity(other)}})
    with pytest.raises(Malformed):
        live_wikidata.term(data, POSTER, LANGUAGES)


def test_another_term_or_place_than_asked_for_is_refused() -> None:
    rows = live_apis.getty_rows()
    rows.append({"item": live_apis.node(PAINTINGS), "label": live_apis.literal("prints", "en")})
    with pytest.raises(Malformed):
        live_getty.term(answer({"results": {"bindings": rows}}), WATERCOLOUR, LANGUAGES)
    with pytest.raises(Malformed):
        live_geonames.term(answer(live_apis.place({"geonameId": "1"})), ATHENS, LANGUAGES)


def test_a_term_without_a_label_in_these_languages_is_refused() -> None:
    data = answer({"entities": {"Q429785": live_apis.wikidata_entity()}})
    with pytest.raises(Malformed):
        live_wikidata.term(data, POSTER, ("pl",))
