"""What is common to the answers of web interfaces elsewhere: hits, and single terms.

All of it is a stranger's: what is misshapen, unsafe or too long is left out.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from pyoxigraph import Literal, NamedNode

from server.errors import Malformed
from server.formats.statement_texts import LONGEST_NOTE, clean, language
from server.formats.vocabularies import Reading
from server.formats.wikidata_terms import point
from server.i18n import _
from server.names import SKOS, WGS84, XSD

_SHOWN = 300  # letters of a note in a list
_MOST = 10  # hits
MOST_STATEMENTS = 500
_MISSHAPEN = (KeyError, TypeError, ValueError, AttributeError, IndexError)
Statement = tuple[NamedNode, NamedNode | Literal]


@dataclass(frozen=True, slots=True)
class Hit:
    """A term that a search found; `matched` is the other name that fits."""

    iri: str
    label: str
    lang: str = ""
    note: str = ""
    breadcrumb: tuple[str, ...] = ()
    matched: str = ""
    matched_lang: str = ""


@dataclass(slots=True)
class LiveTerm:
    """A term as its source gives it; `iri` is another one than asked for where it was merged.

    `broader` are candidates, the preferred one first: those that are here may be linked to.
    """

    iri: str
    said: set[Statement] = field(default_factory=set)
    broader: list[str] = field(default_factory=list)

    def add(self, property_: NamedNode, text: str, tag: str, longest: int) -> None:
        lang = language(tag) if tag else ""
        value = clean(text, Reading(), longest)
        if value and lang is not None and len(self.said) < MOST_STATEMENTS:
            self.said.add((property_, Literal(value, language=lang) if lang else Literal(value)))

    def place(self, latitude: object, longitude: object) -> None:
        if found := point(latitude, longitude):
            for property_, text in zip((WGS84.lat, WGS84.long), found, strict=True):
                self.said.add((property_, Literal(text.split('"')[1], datatype=XSD.decimal)))


def guarded(data: bytes, read: Callable[[Any], Any]) -> Any:
    """What `read` makes of JSON. Raises Malformed where that has another shape."""
    try:
        return read(orjson.loads(data))
    except _MISSHAPEN as error:
        raise Malformed(_("The source's answer cannot be read.")) from error


def listed(rows: Any, read: Callable[[Any], Hit | None]) -> list[Hit]:
    """Those that can be read, each IRI once."""
    if not isinstance(rows, list):
        raise TypeError
    found: dict[str, Hit] = {}
    for row in rows[: 10 * _MOST]:
        try:
            hit = read(row)
        except _MISSHAPEN:
            continue
        if hit is not None and hit.label:
            found.setdefault(hit.iri, hit)
    return list(found.values())[:_MOST]


def short(text: object) -> str:
    """One line, as a list shows it."""
    plain = " ".join(clean(str(text or "")[:LONGEST_NOTE], Reading(), LONGEST_NOTE).split())
    return plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN - 1]}…"


def labelled(term: LiveTerm) -> LiveTerm:
    """ValueError where it has no label in any of the languages."""
    if not any(property_ == SKOS.prefLabel for property_, _value in term.said):
        raise ValueError
    return term
