"""Entities as Wikidata's JSON has them: a dump of an entity on each line, or single documents.

The layout is described at https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import orjson

from server.formats.vocabularies import Reading
from server.formats.wikidata_lines import INSTANCE, SAME, SUBCLASS
from server.formats.wikidata_numbers import LARGEST
from server.formats.wikidata_sources import Source, blocks, first_and_rest, pieces
from server.formats.wikidata_terms import Terms, number_of
from server.i18n import _

Entity = dict[str, Any]
_DOCUMENT = 16_000_000
_EARTH = ("http://www.wikidata.org/entity/Q2", "https://www.wikidata.org/entity/Q2")
_FILE = "http://commons.wikimedia.org/wiki/Special:FilePath/"
#: Codes that its RDF writes as standard tags (Wikibase, MediaWiki's LanguageCode).
_TAGS = {
    "simple": "en-simple", "be-x-old": "be-tarask", "no": "nb", "als": "gsw", "bat-smg": "sgs",
    "fiu-vro": "vro", "roa-rup": "rup", "zh-classical": "lzh", "zh-min-nan": "nan",
    "zh-yue": "yue",
}  # fmt: skip
#: What a stranger's JSON raises where it has another shape than it should.
_MISSHAPEN = (KeyError, TypeError, ValueError, AttributeError, IndexError)


def links(
    source: Source, reading: Reading, moved: Callable[[int], None]
) -> Iterator[tuple[int, int, int]]:
    """(SUBCLASS | INSTANCE | SAME, from, to) as truthy statements have them."""
    for line, entity in _entities(source, reading, moved):
        try:
            yield from links_of(entity)
        except _MISSHAPEN:
            reading.fault(source.name, line, _("It is no entity of Wikidata."))


def statements(
    source: Source,
    terms: Terms,
    is_wanted: Callable[[int], bool],
    reading: Reading,
    moved: Callable[[int], None],
) -> Iterator[str]:
    """What `terms` makes of the labels, descriptions, images and places of wanted items."""
    silent = Reading(most_faults=reading.most_faults * 10)  # its faults are known by now
    for line, entity in _entities(source, silent, moved):
        try:
            item = number(entity)
            if item and is_wanted(item):
                yield from terms.turn_to(item)
                take(terms, entity, reading)
        except _MISSHAPEN:
            reading.fault(source.name, line, _("It is no entity of Wikidata."))


def _entities(
    source: Source, reading: Reading, moved: Callable[[int], None]
) -> Iterator[tuple[int, Entity]]:
    start, rest = first_and_rest(pieces(source.path, lambda _: None), _DOCUMENT)
    if rest is None:
        try:
            document = orjson.loads(start.removeprefix(b"\xef\xbb\xbf"))
        except ValueError:
            pass
        else:
            moved(source.path.stat().st_size)
            yield from ((1, entity) for entity in _of_document(document))
            return
    for number, block in blocks(source, reading, moved):
        for place, line in enumerate(block.split(b"\n"), number):
            text = line.strip().removesuffix(b",")
            if text in (b"", b"[", b"]"):
                continue
            try:
                entity = orjson.loads(text)
            except ValueError:
                reading.fault(source.name, place, _("It is no JSON."))
                continue
            yield from ((place, one) for one in _of_document(entity))


def _of_document(document: Any) -> Iterator[Entity]:
    """An entity, a list of them, or the answer of Special:EntityData or wbgetentities."""
    if isinstance(document, list):
        yield from (entity for entity in document if isinstance(entity, dict))
    elif isinstance(document, dict) and isinstance(document.get("entities"), dict):
        yield from (entity for entity in document["entities"].values() if isinstance(entity, dict))
    elif isinstance(document, dict):
        yield document


def number(entity: Entity) -> int | None:
    """None for properties, lexemes, and what is missing."""
    if entity.get("type", "item") != "item" or "missing" in entity:
        return None
    return number_of(entity["id"])


def links_of(entity: Entity) -> Iterator[tuple[int, int, int]]:
    """As `links` gives them, of one entity. Raises one of the errors of a wrong shape."""
    item = number(entity)
    if item is None:
        return
    claims = _map(entity.get("claims"))
    for kind in (SUBCLASS, INSTANCE):
        for value in _best(claims.get(f"P{kind}", ())):
            other = value.get("numeric-id") or number_of(value["id"])
            if isinstance(other, int) and 0 < other <= LARGEST:
                yield kind, item, other
    if redirect := entity.get("redirects"):
        old, new = number_of(redirect["from"]), number_of(redirect["to"])
        if old and new:
            yield SAME, old, new


def take(terms: Terms, entity: Entity, reading: Reading) -> None:
    """What is said of one entity. Raises one of the errors of a wrong shape."""
    for label in _map(entity.get("labels")).values():
        terms.label(label["value"], _tag(label))
    for aliases in _map(entity.get("aliases")).values():
        for alias in aliases:
            terms.alias(alias["value"], _tag(alias))
    for description in _map(entity.get("descriptions")).values():
        terms.description(description["value"], _tag(description))
    claims = _map(entity.get("claims"))
    for image in _best(claims.get("P18", ())):
        terms.image(_FILE + quote(image, safe=""))
    for place in _best(claims.get("P625", ())):
        if place.get("globe", _EARTH[0]) in _EARTH:
            terms.place(place["latitude"], place["longitude"])
        else:
            reading.leave_out(_("coordinates that are not on earth"))


def _best(claims: Any) -> list[Any]:
    """The values of the preferred statements, or of the normal ones: what "truthy" means."""
    found: dict[str, list[Any]] = {}
    for claim in claims:
        snak = claim["mainsnak"]
        if snak.get("snaktype") == "value":
            value = snak["datavalue"]["value"]
            found.setdefault(claim.get("rank", "normal"), []).append(value)
        else:
            found.setdefault(claim.get("rank", "normal"), [])
    return found["preferred"] if "preferred" in found else found.get("normal", [])


def _tag(text: Entity) -> str:
    tag = str(text["language"])
    return _TAGS.get(tag, tag)


def _map(value: Any) -> dict[str, Any]:
    """An empty map is written as an empty list by PHP."""
    return value if isinstance(value, dict) else {}
