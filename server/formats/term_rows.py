"""Rows of a table of terms as statements, after all rows have been looked at once."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from server.formats.sheet_names import fold
from server.formats.statement_texts import LONGEST_LABEL, LONGEST_NOTE, clean, literal
from server.formats.term_columns import (
    DEPRECATED,
    IRI,
    LABELS,
    LINKS,
    NOTES,
    REPLACED_BY,
    VALUES,
    Column,
)  # fmt: skip
from server.formats.term_iris import normal
from server.formats.vocabularies import Reading
from server.i18n import _
from server.names import CH, DCTERMS, OWL, RDF, SKOS, XSD, is_safe_iri, short_hash

Values = Iterable[tuple[Column, list[str]]]
_TRUE, _FALSE = ("true", "1", "yes", "x"), ("false", "0", "no")
_HEX = re.compile("#?([0-9A-Fa-f]{6})")
_NUMBER = re.compile(r"-?\d{1,3}(?:[.,]\d{1,12})?")
_FLAGS = {"guide": CH.guideTerm, DEPRECATED: OWL.deprecated}
_MOST = {"lat": 90, "long": 180}
_BY_NAME = ("broader", "related", REPLACED_BY)  # these may name a term by its label


@dataclass(slots=True)
class Rows:
    """What the rows say. First all are surveyed: each gets its IRI, so that rows may name others.

    In memory stand the IRIs, labels and notations of the terms.
    """

    base: str
    scheme: str
    keep_retired: bool
    reading: Reading
    count: int = 0
    _iris: dict[tuple[str, int], str] = field(default_factory=dict)
    _named: dict[str, str] = field(default_factory=dict)
    _preferred: dict[str, frozenset[str]] = field(default_factory=dict)

    def survey(self, file: str, line: int, found: Values) -> None:
        """Give the row its IRI, or tell why it has none."""
        said: dict[str, str] = {}
        for column, texts in found:
            said.setdefault(column.name, texts[0])
        iri = self._iri(said, file, line)
        if iri is None:
            return
        if iri in self._preferred:
            self.reading.leave_out(_("rows put together with an earlier one of the same term"))
        else:
            self.count += 1
            self._preferred[iri] = frozenset()
        self._iris[file, line] = iri
        for column, texts in found:
            if column.name in ("prefLabel", "notation"):
                for text in texts:
                    self._named.setdefault(fold(text), iri)

    def statements(self, file: str, line: int, found: Values) -> Iterator[str]:
        """What the row says; cells that say nothing sound are told as faults."""
        iri = self._iris.get((file, line))
        if iri is None:
            return
        said = _Row(self, iri, file, line)
        if self._retire(said, found):
            return
        yield f"<{iri}> {RDF.type} {SKOS.Concept}"
        if self.scheme:
            yield f"<{iri}> {SKOS.inScheme} <{self.scheme}>"
        for column, texts in found:
            for statement in said.of(column, texts):
                yield f"<{iri}> {statement}"

    def _iri(self, said: dict[str, str], file: str, line: int) -> str | None:
        given = said.get(IRI)
        text = said.get("notation") or said.get("prefLabel")
        if given and is_safe_iri(iri := normal(given)):
            return iri
        if not given and text and self.base:
            return self._minted(text)
        if given:
            reason = _("“{text}” is no IRI.", text=given[:80])
        elif text:
            reason = _("The row has no IRI.")
        else:
            reason = _("The row has neither an IRI nor a label.")
        self.fault(file, line, reason)
        return None

    def _minted(self, text: str) -> str:
        """An IRI that no other row has been given, the same whenever the table is read."""
        slug = slug_of(text)
        iri, number = f"{self.base}{slug}", 1
        while iri in self._preferred:
            number += 1
            iri = f"{self.base}{slug}-{number}"
        return iri

    def _retire(self, said: "_Row", found: Values) -> bool:
        """Whether the row is of a retired term that stays out."""
        cells = {column.name: texts for column, texts in found}
        if self.keep_retired or cells.get(DEPRECATED, [""])[0].lower() not in _TRUE:
            return False
        replacement = next(said.links(REPLACED_BY, cells.get(REPLACED_BY, [])), None)
        self.reading.retired[said.iri] = replacement
        return True

    def fault(self, file: str, line: int, reason: str) -> None:
        self.reading.fault(file, line, reason)

    def find(self, text: str) -> str | None:
        """The IRI of the row that has this label or notation."""
        return self._named.get(fold(text))

    def first_in(self, iri: str, language: str) -> bool:
        """Whether this is the first preferred label of the term in its language; remembers it."""
        before = self._preferred[iri]
        self._preferred[iri] = before | {language}
        return language not in before


@dataclass(frozen=True, slots=True)
class _Row:
    rows: Rows
    iri: str
    file: str
    line: int

    def of(self, column: Column, texts: list[str]) -> Iterator[str]:
        name = column.name
        if name in LABELS or name in NOTES:
            yield from self._texts(column, texts)
        elif name in LINKS:
            yield from (f"{LINKS[name]} <{iri}>" for iri in self.links(name, texts))
        elif name == REPLACED_BY:
            yield from (f"{DCTERMS.isReplacedBy} <{iri}>" for iri in self.links(name, texts))
        elif name != IRI:
            yield from (said for text in texts if (said := self._value(name, text)))

    def links(self, name: str, texts: list[str]) -> Iterator[str]:
        for text in texts:
            iri = normal(text)
            if not is_safe_iri(iri):
                iri = self.rows.find(text) or "" if name in _BY_NAME else ""
            if iri and iri != self.iri:
                yield iri
            else:
                self._fault(name, text)

    def _texts(self, column: Column, texts: list[str]) -> Iterator[str]:
        longest = LONGEST_NOTE if column.name in NOTES else LONGEST_LABEL
        for text in filter(None, (clean(text, self.rows.reading, longest) for text in texts)):
            property_ = column.property
            if column.name == "prefLabel" and not self.rows.first_in(self.iri, column.language):
                property_ = SKOS.altLabel
            yield f"{property_} {literal(text, column.language)}"

    def _value(self, name: str, text: str) -> str | None:
        if name == "notation":
            kept = clean(text, self.rows.reading)
            return f"{SKOS.notation} {literal(kept)}" if kept else None
        if name == "hex" and (found := _HEX.fullmatch(text)):
            return f"{CH.hex} {literal('#' + found[1].upper())}"
        if name in _FLAGS and text.lower() in (*_TRUE, *_FALSE):
            true = literal("true", datatype=XSD.boolean)
            return f"{_FLAGS[name]} {true}" if text.lower() in _TRUE else None
        if name in _MOST and _NUMBER.fullmatch(text):
            number = Decimal(text.replace(",", "."))
            if abs(number) <= _MOST[name]:
                return f"{VALUES[name]} {literal(f'{number:f}', datatype=XSD.decimal)}"
        self._fault(name, text)
        return None

    def _fault(self, column: str, text: str) -> None:
        reason = _("{column}: “{text}” is not understood.", column=column, text=text[:80])
        self.rows.fault(self.file, self.line, reason)


def slug_of(text: str) -> str:
    """Small letters, digits and hyphens for the end of an IRI; a hash where none are left."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].strip("-")
    return slug or short_hash(text)[:12]
