"""Annotations in the form that Europeana's Annotations API takes, and what it would refuse.

https://europeana.atlassian.net/wiki/spaces/EF/pages/2385870851 (the API), and the EDM Annotations
Profile (the scenarios): the W3C's Web Annotation Data Model with some additions.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from server.formats.europeana_items import ITEM

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
ENTITY = "http://www.europeana.eu/schemas/context/entity.jsonld"
EDM = "http://www.europeana.eu/schemas/context/edm.jsonld"
LONGEST_TAG = 64  # UTF-16 code units, as the API counts
TEXTS = ("transcribing", "translating", "subtitling", "captioning")
MOTIVATIONS = ("tagging", "linking", "describing", *TEXTS, "linkForContributing")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://|www\.", re.IGNORECASE)
_LICENCE = re.compile(r"http://creativecommons\.org/(?:licenses|publicdomain)/[a-z-]+/\d\.\d/")
Json = dict[str, Any]


class Unsendable(Exception):
    """It has no form that the API takes; `code` says why, `detail` what it is about."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Draft:
    """What is said of which item of Europeana; a body of None goes with several targets."""

    motivation: str
    body: Any
    target: Any

    @property
    def item(self) -> str:
        """The item that it is about, by which it can be looked up."""
        first = self.target[0] if isinstance(self.target, list) else self.target
        return str(first["scope"] if isinstance(first, dict) else first)


def target(item: str, picture: str = "") -> Any:
    """The item as a whole, or one of its pictures (a web resource of its record)."""
    return {"scope": item, "source": picture} if picture else item


def tag(value: str, language: str) -> Json:
    """Raises Unsendable for what is too long or an address."""
    text = _unquoted(value)
    if not text:
        raise Unsendable("empty")
    if len(text.encode("utf-16-le")) // 2 > LONGEST_TAG:
        raise Unsendable("long", text)
    if _ADDRESS.match(text):
        raise Unsendable("address", text)
    return _tagged({"type": "TextualBody", "value": text}, language)


def semantic_tag(iri: str) -> str:
    """The IRI of a term, which has to be an address of the web."""
    if not iri.startswith(("http://", "https://")):
        raise Unsendable("no web", iri)
    return iri


def place(latitude: str, longitude: str) -> Json:
    return {"@context": ENTITY, "type": "Place", "lat": latitude, "long": longitude}


def description(value: str, language: str) -> Json:
    _require_words(value, language)
    return {"type": "TextualBody", "value": value, "language": language}


def full_text(value: str, language: str, rights: str) -> Json:
    """A transcription or a translation; `rights` as Europeana writes licences, by http."""
    _require_words(value, language)
    licence = "http://" + rights.partition("://")[2]
    if not _LICENCE.fullmatch(licence):
        raise Unsendable("rights", rights)
    return {
        "type": "FullTextResource", "language": language, "format": "text/plain",
        "value": value, "edmRights": licence,
    }  # fmt: skip


def similar(item: str, other: str) -> Json:
    """That an item is like something else on the web (`edm:isSimilarTo`)."""
    return {"@graph": {"@context": EDM, "id": item, "isSimilarTo": semantic_tag(other)}}


def check(draft: Draft) -> Draft:
    """What holds for all: a motivation that the API knows, items of Europeana as targets."""
    if draft.motivation not in MOTIVATIONS:
        raise Unsendable("motivation", draft.motivation)
    targets = draft.target if isinstance(draft.target, list) else [draft.target]
    for each in targets:
        if not str(each["scope"] if isinstance(each, dict) else each).startswith(ITEM):
            raise Unsendable("item")
    if draft.body is None and len(targets) < 2:
        raise Unsendable("empty")
    return draft


def annotation(draft: Draft, about: Json) -> Json:
    """The whole request body; `about` has who, when and our own address of it."""
    check(draft)
    said = {} if draft.body is None else {"body": draft.body}
    return {
        "@context": CONTEXT, "type": "Annotation", "motivation": draft.motivation, **about,
        **said, "target": draft.target,
    }  # fmt: skip


def digest(made: Json) -> str:
    """By which a change shows."""
    return hashlib.sha256(orjson.dumps(made, option=orjson.OPT_SORT_KEYS)).hexdigest()


def sameness(draft: Draft) -> str:
    """Equal for what the API takes for duplicates: motivation, target and body."""
    body = draft.body
    if isinstance(body, dict) and draft.motivation == "tagging" and "value" in body:
        body = {**body, "value": body["value"].casefold()}
    return digest({"motivation": draft.motivation, "target": draft.target, "body": body})


def page(items: Sequence[Json]) -> Json:
    return {"@context": CONTEXT, "type": "AnnotationPage", "items": list(items)}


def page_pieces(items: Iterator[Json]) -> Iterator[bytes]:
    """The same of any number, piece by piece."""
    yield b'{"@context":"%s","type":"AnnotationPage","items":[' % CONTEXT.encode()
    for number, each in enumerate(items):
        yield (b",\n" if number else b"\n") + orjson.dumps(each)
    yield b"\n]}\n"


def lines(items: Iterator[Json]) -> Iterator[bytes]:
    for each in items:
        yield orjson.dumps(each) + b"\n"


def _unquoted(text: str) -> str:
    """As the API takes simple tags: without the space and the quotation marks around them."""
    return text.strip().removeprefix('"').strip().removesuffix('"').strip()


def _require_words(value: str, language: str) -> None:
    if not value.strip():
        raise Unsendable("empty")
    if not language:
        raise Unsendable("language")


def _tagged(body: Json, language: str) -> Json:
    return {**body, "language": language} if language else body
