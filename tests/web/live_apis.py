"""Wikidata, the Getty and GeoNames as their documentation describes them, on a loopback port.

Identifiers as on wikidata.org, vocab.getty.edu and geonames.org; what is said is shortened.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from tests.remote_server import Answer, Asked

WD, AAT, PLACES = (
    "http://www.wikidata.org/entity/", "http://vocab.getty.edu/aat/", "https://sws.geonames.org/",
)  # fmt: skip
POSTER, WATERCOLOUR, ATHENS = f"{WD}Q429785", f"{AAT}300078925", f"{PLACES}264371/"
PRINT, PAINTINGS = f"{WD}Q11060274", f"{AAT}300033618"
GREECE = f"{PLACES}390903/"


def as_json(value: Any, status: int = 200, **headers: str) -> Answer:
    body = json.dumps(value).encode()
    return Answer(body, status, {"Content-Type": "application/json", **headers})


def apis(asked: Asked) -> Answer:
    """What each address answers to a right question."""
    answer: Callable[[dict[str, str]], Any] | None = {
        "/w/api.php": wikidata, "/sparql.json": getty, "/searchJSON": places, "/getJSON": place,
    }.get(asked.path)  # fmt: skip
    return Answer(b"nothing here", 404) if answer is None else as_json(answer(asked.query))


def wikidata(query: dict[str, str]) -> Any:
    if query["action"] == "wbsearchentities":
        return {"searchinfo": {"search": query["search"]}, "success": 1, "search": [
            hit for hit in (wikidata_hit(query["language"]),) if "post" in query["search"].lower()
            or "plak" in query["search"].lower()
        ]}  # fmt: skip
    return {"entities": {query["ids"]: wikidata_entity(query["ids"])}, "success": 1}


def wikidata_hit(lang: str = "en") -> dict[str, Any]:
    label = {"de": "Plakat"}.get(lang, "poster")
    return {
        "id": "Q429785", "title": "Q429785", "pageid": 405551, "concepturi": POSTER,
        "repository": "wikidata", "url": "//www.wikidata.org/wiki/Q429785", "label": label,
        "description": "printed sheet for public display",
        "display": {"label": {"value": label, "language": lang if lang == "de" else "en"},
                    "description": {"value": "printed sheet for public display", "language": "en"}},
        "match": {"type": "alias", "language": "en", "text": "posters"}, "aliases": ["posters"],
    }  # fmt: skip


def wikidata_entity(name: str = "Q429785") -> dict[str, Any]:
    def link(number: int) -> dict[str, Any]:
        value = {"entity-type": "item", "numeric-id": number, "id": f"Q{number}"}
        snak = {"snaktype": "value", "property": "P279", "datavalue": {"value": value}}
        return {"mainsnak": snak, "type": "statement", "rank": "normal"}

    labels = {"en": "poster", "de": "Plakat", "el": "αφίσα", "ja": "ポスター"}
    return {
        "pageid": 405551, "ns": 0, "title": "Q429785", "type": "item", "id": name,
        "labels": {lang: {"language": lang, "value": text} for lang, text in labels.items()},
        "descriptions": {"en": {"language": "en", "value": "printed sheet for public display"}},
        "aliases": {"en": [{"language": "en", "value": "posters"}]},
        "claims": {"P279": [link(11060274), link(999)]},
    }  # fmt: skip


def getty(query: dict[str, str]) -> Any:
    text = query["query"]
    if "luc:term" in text:
        words = re.search(r'luc:term "([^"]*)"', text)
        rows = [getty_hit()] if words and words[1].startswith("water") else []
    else:
        rows = getty_rows() if f"<{WATERCOLOUR}>" in text else []
    return {"head": {"vars": []}, "results": {"bindings": rows}}


def literal(text: str, lang: str = "") -> dict[str, str]:
    return {"type": "literal", "value": text, **({"xml:lang": lang} if lang else {})}


def node(iri: str) -> dict[str, str]:
    return {"type": "uri", "value": iri}


def getty_hit() -> dict[str, Any]:
    return {
        "item": node(WATERCOLOUR), "label": literal("watercolors (paintings)", "en"),
        "parents": literal("paintings by medium, paintings, ... Visual Works"),
        "note": literal("Paintings made with water-based paint.", "en"),
    }  # fmt: skip


def getty_rows() -> list[dict[str, Any]]:
    item = {"item": node(WATERCOLOUR)}
    return [
        {**item, "label": literal("watercolors (paintings)", "en")},
        {**item, "label": literal("aquarellen", "nl")},
        {**item, "label": literal("水彩畫", "zh-hant")},
        {**item, "alt": literal("watercolor", "en")},
        {**item, "note": literal("Paintings made with water-based paint.", "en")},
        {**item, "broader": node(PAINTINGS)},
    ]


def places(query: dict[str, str]) -> Any:
    if not query.get("username"):
        return {"status": {"message": "Please add a username to each call", "value": 10}}
    rows = [place_row(query["lang"])] if query["q"].casefold()[:3] in ("ath", "αθή") else []
    return {"totalResultsCount": len(rows), "geonames": rows}


def place_row(lang: str = "en") -> dict[str, Any]:
    return {
        "geonameId": 264371, "name": {"el": "Αθήνα"}.get(lang, "Athens"), "toponymName": "Athens",
        "lat": "37.98376", "lng": "23.72784", "fcl": "P", "fcode": "PPLC",
        "fcodeName": "capital of a political entity", "countryCode": "GR", "countryId": "390903",
        "countryName": "Greece", "adminName1": "Attica", "adminId1": "6692632",
    }  # fmt: skip


def place(query: dict[str, str]) -> Any:
    names = [
        {"name": "Αθήνα", "lang": "el", "isPreferredName": True},
        {"name": "Atene", "lang": "it"},
        {"name": "Athen", "lang": "de"},
        {"name": "https://en.wikipedia.org/wiki/Athens", "lang": "link"},
        {"name": "アテネ", "lang": "ja"},
    ]
    return {**place_row(), "geonameId": int(query["geonameId"]), "alternateNames": names}
