"""Answers of a SPARQL endpoint, kept as pages in a folder, as plain SKOS.

A SELECT says one thing of an item in each column (`sparql_queries.COLUMNS`); each triple of a
CONSTRUCT is read like a row with one column.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from server.errors import Malformed, NotFound
from server.formats import wikidata_read
from server.formats.sparql_rows import NODE, Row, Value, rows
from server.formats.statement_texts import (
    LONGEST_LABEL,
    LONGEST_NOTE,
    clean,
    iri,
    language,
    literal,
)
from server.formats.vocabularies import Reading, VocabularyData
from server.formats.wikidata_numbers import Pairs, closing
from server.formats.wikidata_terms import ENTITY, number_of, point
from server.i18n import _
from server.names import FOAF, RDF, SKOS, WGS84

_LINKS = {
    "image": FOAF.depiction, "related": SKOS.related, "exactMatch": SKOS.exactMatch,
    "closeMatch": SKOS.closeMatch,
}  # fmt: skip
_POINT = re.compile(r"Point\(([-+.0-9eE]+) ([-+.0-9eE]+)\)", re.I)
_MOST_ITEMS = 1_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """There is nothing to choose: the query chose."""


def read(paths: Sequence[Path], options: Options, reading: Reading) -> VocabularyData:
    """The answers in folders that `domain.remote_queries.pull` has filled.

    Raises Malformed where they are not complete, and where nothing in them has a label.
    """
    pages = [page for path in paths for page in _pages(path)]
    first = next((row for page in pages for row in rows(page, Reading())), None)
    if first is None:
        raise Malformed(_("The query found nothing with an address as ?item."))
    is_wikidata = number_of(first["item"][0]) is not None
    scheme, metadata = (wikidata_read.SCHEME, wikidata_read.METADATA) if is_wikidata else (None, ())
    return VocabularyData(scheme, metadata, _statements(pages, scheme, reading))


def _pages(folder: Path) -> list[Path]:
    try:
        state = json.loads((folder / "state.json").read_bytes())
    except (OSError, ValueError) as error:
        raise NotFound(
            _("There is no answer of an endpoint in {name}.", name=folder.name)
        ) from error
    if not state["done"]:
        raise Malformed(_("The endpoint's answer is not complete yet."))
    return sorted(folder.glob("page-*"))[: state["pages"]]


def _statements(pages: list[Path], scheme: str | None, reading: Reading) -> Iterator[str]:
    with TemporaryDirectory(dir=reading.folder, prefix="sparql-") as folder:
        items = _Items(scheme, reading, Pairs(Path(folder) / "broader"))
        total, done = sum(page.stat().st_size for page in pages), 0
        for page in pages:
            for row in rows(page, reading):
                items.take(row)
            yield from items.turn()
            done += page.stat().st_size
            reading.progress(done, total)
        if not items.labelled:
            raise Malformed(_("Nothing that the query found has a label."))
        yield from items.hierarchy(Path(folder))


@dataclass(slots=True)
class _Items:
    """What is said of items; those of the last page, of which the next may say more, stay."""

    scheme: str | None
    reading: Reading
    above: Pairs
    numbers: dict[str, int] = field(default_factory=dict)
    labelled: set[int] = field(default_factory=set)
    names: dict[tuple[int, str], str] = field(default_factory=dict)
    said: dict[str, None] = field(default_factory=dict)

    def take(self, row: Row) -> None:
        subject = self._node(row["item"])
        if subject is None:
            return
        number = self._number(subject)
        for column, value in row.items():
            if column in ("label", "alt"):
                self._label(subject, number, column, value)
            elif column == "description":
                if text := self._literal(value, LONGEST_NOTE):
                    self._say(f"{subject} {SKOS.definition} {text[1]}")
            elif column == "broader":
                if node := self._node(value):
                    self.above.add(number, self._number(node))
            elif column == "notation":
                self._say(f"{subject} {SKOS.notation} {literal(value[0][:200])}")
            elif column in _LINKS and (node := self._node(value)):
                self._say(f"{subject} {_LINKS[column]} {node}")
        self._place(subject, row)

    def turn(self) -> Iterator[str]:
        """The statements of a page."""
        yield from self.said
        self.said.clear()

    def hierarchy(self, folder: Path) -> Iterator[str]:
        """Broader terms among those that have a label."""
        name = {number: text for text, number in self.numbers.items()}
        known = {pair for pair in self.above if self.labelled.issuperset(pair)}
        left_out = closing(sorted(known), folder)
        if left_out:
            self.reading.leave_out(_("broader terms that close a circle"), len(left_out))
        for narrower, broader in sorted(known - left_out):
            yield f"{name[narrower]} {SKOS.broader} {name[broader]}"

    def _number(self, node: str) -> int:
        if len(self.numbers) >= _MOST_ITEMS and node not in self.numbers:
            raise Malformed(
                _(
                    "The query finds more than {count} items: load a dump instead.",
                    count=_MOST_ITEMS,
                )
            )
        return self.numbers.setdefault(node, len(self.numbers) + 1)

    def _label(self, subject: str, number: int, column: str, value: Value) -> None:
        found = self._literal(value, LONGEST_LABEL)
        if found is None or value == (subject.rpartition("/")[2][:-1], ""):
            return  # the label service gives the Q-id where there is no label
        lang, text = found
        if column == "label" and self.names.setdefault((number, lang), text) == text:
            if number not in self.labelled:
                self.labelled.add(number)
                self._concept(subject)
            self._say(f"{subject} {SKOS.prefLabel} {text}")
        else:
            self._say(f"{subject} {SKOS.altLabel} {text}")

    def _concept(self, subject: str) -> None:
        self._say(f"{subject} {RDF.type} {SKOS.Concept}")
        if self.scheme:
            self._say(f"{subject} {SKOS.inScheme} <{self.scheme}>")
        if number := number_of(subject[1:-1]):
            self._say(f'{subject} {SKOS.notation} "Q{number}"')

    def _place(self, subject: str, row: Row) -> None:
        if "coordinates" in row and (found := _POINT.fullmatch(row["coordinates"][0].strip())):
            place = point(found[2], found[1])
        elif "lat" in row and "long" in row:
            place = point(row["lat"][0], row["long"][0])
        elif alone := next((name for name in ("lat", "long") if name in row), None):
            text = row[alone][0]
            place = point(text, 0) if alone == "lat" else point(0, text)
            if place:
                self._say(f"{subject} {WGS84[alone]} {place[alone == 'long']}")
            return
        else:
            return
        if place is None:
            self.reading.leave_out(_("coordinates that are not on earth"))
            return
        self._say(f"{subject} {WGS84.lat} {place[0]}")
        self._say(f"{subject} {WGS84.long} {place[1]}")

    def _literal(self, value: Value, longest: int) -> tuple[str, str] | None:
        tag = language(value[1]) if value[1] else ""
        if tag is None or value[1] == NODE:
            self.reading.leave_out(_("texts in an unknown language"))
            return None
        text = clean(value[0], self.reading, longest)
        return (tag, literal(text, tag)) if text else None

    def _node(self, value: Value) -> str | None:
        if value[1] != NODE:
            return None
        number = number_of(value[0])
        node = f"<{ENTITY}Q{number}>" if number else iri(value[0])
        if node is None:
            self.reading.leave_out(_("unsafe addresses"))
        return node

    def _say(self, statement: str) -> None:
        self.said[statement] = None
