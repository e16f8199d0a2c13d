"""What Europeana's APIs answer: strangers' bytes, of which only what is understood is taken."""

import re
from dataclasses import dataclass, field
from typing import Any

import orjson

from server.errors import Malformed
from server.formats.europeana_items import item_iri
from server.i18n import _

_REMOTE = re.compile(r"https?://data\.europeana\.eu/annotation/(?:[a-z]{1,20}/)?(\d{1,18})")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]+")
_ETAG = re.compile(r'(?:W/)?"?[\x21\x23-\x7e]{0,200}"?')
_LONGEST_REASON = 300
_MOST_HITS = 100


@dataclass(frozen=True, slots=True)
class Remote:
    """An annotation over there: its IRI, its entity tag, and the addresses that it came from."""

    iri: str
    etag: str = ""
    via: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """What stands in its address below the API."""
        return self.iri.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that a search found."""

    iri: str
    titles: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    shown_at: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a search in the annotations: `total` of all pages."""

    total: int
    items: list[Remote] = field(default_factory=list)


def remote(data: bytes, etag: str = "") -> Remote:
    """The annotation of an answer. Raises Malformed."""
    return _remote(_object(data), etag)


def remotes(data: bytes) -> Found:
    """The annotations of a page. Raises Malformed; items that are none are left out."""
    said = _object(data)
    items = said.get("items", [])
    part_of = said.get("partOf")
    total = part_of.get("total", 0) if isinstance(part_of, dict) else 0
    if not isinstance(items, list):
        raise _strange()
    found = []
    for each in items[:1000]:
        try:
            found.append(_remote(each, ""))
        except Malformed:
            continue
    return Found(total if isinstance(total, int) else 0, found)


def hits(data: bytes) -> list[Hit]:
    """The items of an answer of the Search API. Raises Malformed."""
    said = _object(data)
    items = said.get("items", [])
    if said.get("success") is False or not isinstance(items, list):
        raise _strange()
    found = [_hit(each) for each in items[:_MOST_HITS] if isinstance(each, dict)]
    return [each for each in found if each is not None]


def reason(data: bytes) -> str:
    """Why something was refused, in the API's words: one short line, "" where it says nothing."""
    try:
        said = _object(data)
    except Malformed:
        return ""
    found = [said[name] for name in ("error", "message") if isinstance(said.get(name), str)]
    return clean(" – ".join(dict.fromkeys(found)))


def clean(text: str) -> str:
    """Somebody else's text as one line that can be shown."""
    line = " ".join(_UNSEEN.sub(" ", text).split())
    return line if len(line) <= _LONGEST_REASON else line[: _LONGEST_REASON - 1] + "…"


def token(data: bytes) -> tuple[str, float]:
    """The access token of an answer (RFC 6749, 5.1), and for how many seconds it holds."""
    said = _object(data)
    found, seconds = said.get("access_token"), said.get("expires_in", 60)
    if not isinstance(found, str) or not re.fullmatch(r"[\x21-\x7e]{1,10000}", found):
        raise _strange()
    return found, float(seconds) if isinstance(seconds, int | float) else 60.0


def entity_tag(text: str) -> str:
    """What may be sent back in a header; "" for what may not."""
    return text if _ETAG.fullmatch(text) else ""


def _remote(said: Any, etag: str) -> Remote:
    iri = said if isinstance(said, str) else said.get("id") if isinstance(said, dict) else None
    match = _REMOTE.fullmatch(iri) if isinstance(iri, str) else None
    if match is None:
        raise _strange()
    via = said.get("via", []) if isinstance(said, dict) else []
    canonical = said.get("canonical") if isinstance(said, dict) else None
    sources = [*(via if isinstance(via, list) else [via]), canonical]
    named = tuple(each for each in sources if isinstance(each, str))
    return Remote(f"http://data.europeana.eu/annotation/{match[1]}", entity_tag(etag), named)


def _hit(said: dict[str, Any]) -> Hit | None:
    iri = item_iri(str(said.get("id", "")))
    if iri is None:
        return None
    titles = [*_texts(said.get("title")), *_by_language(said.get("dcTitleLangAware"))]
    kind = said.get("type")
    return Hit(
        iri,
        tuple(dict.fromkeys(titles)),
        _texts(said.get("dataProvider")),
        _texts(said.get("edmIsShownAt")),
        _texts(said.get("dcIdentifier")),
        clean(kind) if isinstance(kind, str) else "",
    )


def _texts(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(clean(each) for each in values[:20] if isinstance(each, str))


def _by_language(value: Any) -> tuple[str, ...]:
    if not isinstance(value, dict):
        return ()
    return tuple(text for each in list(value.values())[:30] for text in _texts(each))


def _object(data: bytes) -> dict[str, Any]:
    try:
        said = orjson.loads(data)
    except ValueError as error:
        raise _strange() from error
    if not isinstance(said, dict):
        raise _strange()
    return said


def _strange() -> Malformed:
    return Malformed(_("Europeana's answer cannot be understood."))
