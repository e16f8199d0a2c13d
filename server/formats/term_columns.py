"""The columns of a table of terms: what their headers mean, and how values stand in a cell."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from server.formats.sheet_names import fold, split_language
from server.formats.sheets import escape_cell
from server.formats.statement_texts import language
from server.names import CH, FOAF, OWL, SKOS, WGS84

IRI, DEPRECATED, REPLACED_BY = "iri", "deprecated", "replacedBy"
#: Columns of texts that may have a language.
LABELS = {
    "prefLabel": SKOS.prefLabel, "altLabel": SKOS.altLabel, "hiddenLabel": SKOS.hiddenLabel,
}  # fmt: skip
NOTES = {"note": SKOS.scopeNote, "definition": SKOS.definition, "comment": SKOS.note}
#: Columns of IRIs; a broader or related term may be named by its label or notation too.
LINKS = {
    "broader": SKOS.broader, "related": SKOS.related, "exactMatch": SKOS.exactMatch,
    "closeMatch": SKOS.closeMatch, "broadMatch": SKOS.broadMatch,
    "narrowMatch": SKOS.narrowMatch, "relatedMatch": SKOS.relatedMatch, "image": FOAF.depiction,
}  # fmt: skip
VALUES = {
    "notation": SKOS.notation, "hex": CH.hex, "lat": WGS84.lat, "long": WGS84.long,
    "guide": CH.guideTerm, DEPRECATED: OWL.deprecated,
}  # fmt: skip
PROPERTIES: dict[str, NamedNode] = {**LABELS, **NOTES, **LINKS, **VALUES}
#: One value in a cell, which may hold a vertical bar.
SINGLE = {IRI, REPLACED_BY, "prefLabel", *NOTES, "hex", "lat", "long", "guide", DEPRECATED}
_OTHER_NAMES = {
    "uri": IRI, "id": IRI, "link": IRI, "url": IRI, "term": IRI, "concept": IRI, "subject": IRI,
    "label": "prefLabel", "preferred label": "prefLabel", "name": "prefLabel",
    "title": "prefLabel", "alternative label": "altLabel", "alternative": "altLabel",
    "alt": "altLabel", "synonym": "altLabel", "synonyms": "altLabel", "hidden": "hiddenLabel",
    "description": "note", "scope note": "note", "notes": "note", "parent": "broader",
    "broader term": "broader", "related term": "related", "code": "notation",
    "identifier": "notation", "colour": "hex", "color": "hex", "latitude": "lat",
    "longitude": "long", "lon": "long", "lng": "long", "retired": DEPRECATED,
    "is replaced by": REPLACED_BY, "depiction": "image", "guide term": "guide",
}  # fmt: skip
_NAMES = {fold(name): name for name in (IRI, REPLACED_BY, *PROPERTIES)} | _OTHER_NAMES
_PREFIX = re.compile(r"(?:skos|rdfs|dcterms|dc|owl|wgs84|geo|ch):", re.I)
_TAGGED = re.compile(r"(.+?)\s*@\s*(\S+)")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"-\d+(?:\.\d+)?")
_BAR = re.compile(r"\\\||\|")


@dataclass(frozen=True, slots=True)
class Column:
    """`header` is as it stands in the table; `language` is "" where it names none."""

    header: str
    name: str
    language: str = ""

    @property
    def property(self) -> NamedNode:
        return PROPERTIES[self.name]


def columns(header: tuple[str, ...]) -> tuple[Column | None, ...]:
    """What each header means, None where it means nothing known."""
    return tuple(map(_column, header))


def by_place(header: tuple[str, ...]) -> tuple[Column | None, ...] | None:
    """The columns of a table whose first row is no header: IRI, label, description."""
    if not is_address(header[0]):
        return None
    names = (IRI, "prefLabel", "note")[: len(header)]
    return (*(Column(name, name) for name in names), *[None] * (len(header) - len(names)))


def is_address(cell: str) -> bool:
    """Whether a cell was meant as an IRI, be it a good one or not."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*:\S", cell.strip()) is not None


def values(column: Column, cell: str) -> Iterator[str]:
    """The values in a cell, trimmed; a bar within one is written `\\|`."""
    plain = cell[1:] if _ESCAPED.match(cell) else cell
    if column.name in SINGLE:
        yield from filter(None, (plain.strip(),))
        return
    parts = _BAR.sub(lambda found: "|" if found[0] == "\\|" else "\0", plain).split("\0")
    yield from (text for part in parts if (text := part.strip()))


def cell_of(column: Column, texts: list[str]) -> str:
    """The reverse of `values`, and no formula for a spreadsheet."""
    if column.name in SINGLE:
        cell = texts[0] if texts else ""
    else:
        cell = "|".join(text.replace("|", "\\|") for text in texts)
    if _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}" if _ESCAPED.match(cell) else escape_cell(cell)


def _column(header: str) -> Column | None:
    text = _PREFIX.sub("", header.strip())
    if name := _NAMES.get(fold(text)):
        return Column(header, name)
    if found := _TAGGED.fullmatch(text):
        text, tag = found[1], language(found[2]) or ""
    else:
        text, tag = split_language(text)
    name = _NAMES.get(fold(text))
    return Column(header, name, tag) if name in (*LABELS, *NOTES) and tag else None
