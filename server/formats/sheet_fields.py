"""The cells of a row, understood by a column mapping."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from server.errors import Malformed
from server.formats.edm_order import Element, Kind, expand
from server.formats.sheet_mapping import ITEM_ORDER, Column, Defaults, Mapping
from server.formats.sheets import Row, Table
from server.i18n import _
from server.names import is_safe_iri

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
#: What is written in words, and so in the table's language where the column names none.
_IN_WORDS = {
    "dc:title", "dc:description", "dc:subject", "dc:type", "dc:format", "dcterms:medium",
    "dcterms:alternative", "dcterms:tableOfContents", "dcterms:provenance",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a row as it was understood."""

    property: str
    value: str
    language: str = ""
    iri: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """A row as it would go in: its line, its values, and why it would not, if so."""

    line: int
    fields: tuple[Field, ...]
    problem: str = ""


def preview(table: Table, mapping: Mapping, rows: int = 10) -> list[Preview]:
    """The first rows as they are understood; the table can still be read from its start."""
    bound = bind(table.header, mapping)
    shown = []
    for row in table.sample(rows):
        understood = fields_of(row, bound, mapping.defaults)
        shown.append(Preview(row.line, understood, row.problem or problem_of(understood)))
    return shown


def bind(header: Iterable[str], mapping: Mapping) -> list[tuple[int, Column]]:
    """Each mapped column with its place in this file: by name, equal names in their order."""
    waiting = [column for column in mapping.columns if column.property]
    bound = []
    for place, name in enumerate(header):
        for column in waiting:
            if column.header == name:
                waiting.remove(column)
                bound.append((place, column))
                break
    if not bound:
        raise Malformed(_("None of the mapped columns is in the table."))
    return bound


def fields_of(
    row: Row, bound: Iterable[tuple[int, Column]], defaults: Defaults
) -> tuple[Field, ...]:
    """The values of a row, cells with several of them taken apart."""
    return tuple(_fields(row, bound, defaults))


def _fields(row: Row, bound: Iterable[tuple[int, Column]], defaults: Defaults) -> Iterator[Field]:
    for place, column in bound:
        cell = row.cells[place] if place < len(row.cells) else ""
        parts = cell.split(column.separator) if column.separator else [cell]
        for part in parts:
            value = _CONTROL.sub("", part).strip()
            if value:
                yield _understood(value, column, defaults)


def _understood(value: str, column: Column, defaults: Defaults) -> Field:
    name = column.property
    element = ITEM_ORDER.elements.get(expand(name)) if ":" in name else None
    linked = element is None or element.kind in (Kind.BOTH, Kind.RESOURCE)
    iri = linked and column.iri is not False and is_node(value)
    language = column.language or (defaults.language if name in _IN_WORDS else "")
    return Field(name, value, "" if iri or (element and _wordless(element)) else language, iri)


def _wordless(element: Element) -> bool:
    return element.kind not in (Kind.BOTH, Kind.LITERAL) or element.name == "dc:language"


def is_node(text: str) -> bool:
    """True for an IRI that is safe, and well-formed by RFC 3987."""
    try:
        return is_safe_iri(text) and bool(NamedNode(text))
    except ValueError:
        return False


def first(fields: Iterable[Field], name: str) -> str:
    """The first value of a property, else an empty text."""
    return next((f.value for f in fields if f.property == name), "")


def problem_of(fields: Iterable[Field]) -> str:
    """Why a row cannot be an item; empty where it can."""
    if any(f.property in ("dc:title", "dc:description") and not f.iri for f in fields):
        return ""
    return _("It has neither a title nor a description.")
