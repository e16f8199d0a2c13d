"""Tables of terms (CSV, .xlsx) as SKOS: a column of IRIs, or columns for labels in languages.

The columns are those of `term_columns`. A label without language stays without language: nobody
knows what it is in.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from server.errors import Malformed
from server.formats import sheets
from server.formats.sheets import Row, Table
from server.formats.term_columns import Column, by_place, columns, values
from server.formats.term_rows import Rows
from server.formats.vocabularies import Reading, VocabularyData
from server.i18n import _

_MOST_ROWS = 1_000_000
_TOLD = 5_000  # rows between two reports of progress


@dataclass(frozen=True, slots=True)
class Options:
    """`base` is the beginning of the IRIs of rows that have none, `scheme` the concept scheme.

    With `keep_retired` terms that are marked so stay, as owl:deprecated.
    """

    base: str = ""
    scheme: str = ""
    keep_retired: bool = False


class _Sheet:
    """One table with its columns understood."""

    def __init__(self, table: Table) -> None:
        self.name = table.name
        first = by_place(table.header)
        self.columns = first or columns(table.header)
        self._rows = chain([Row(1, table.header)] if first else [], table)
        if not any(self.columns):
            raise Malformed(
                _("{name} has no column of terms: name one “iri” or “label”.", name=self.name)
            )

    def rows(self, reading: Reading | None) -> Iterator[tuple[int, list[tuple[Column, list[str]]]]]:
        """Line and values of each sound row; faults are told where `reading` is given."""
        for row in self._rows:
            if not row.problem:
                yield row.line, list(self._values(row))
            elif reading is not None:
                reading.fault(self.name, row.line, row.problem)

    def _values(self, row: Row) -> Iterator[tuple[Column, list[str]]]:
        for column, cell in zip(self.columns, row.cells, strict=False):
            if column is not None and (found := list(values(column, cell))):
                yield column, found


def read(paths: Sequence[Path], options: Options, reading: Reading) -> VocabularyData:
    """The terms of the tables; rows of one IRI are put together.

    Raises Malformed where a file is no table of terms, TooLarge where it is too long.
    """
    rows = Rows(options.base, options.scheme, options.keep_retired, reading)
    for path in paths:
        with _opened(path) as sheet:
            for line, found in sheet.rows(reading):
                rows.survey(sheet.name, line, found)
    if rows.count == 0:
        raise Malformed(_first_fault(reading) or _("There are no terms in it."))
    return VocabularyData(options.scheme or None, (), _statements(paths, rows, reading))


def columns_of(path: Path) -> list[Column]:
    """The columns of a table that were understood."""
    with _opened(path) as sheet:
        return [column for column in sheet.columns if column is not None]


def _first_fault(reading: Reading) -> str:
    if not reading.faults:
        return ""
    fault = reading.faults[0]
    return _("Line {line}: {reason}", line=fault.line, reason=fault.reason)


def _statements(paths: Sequence[Path], rows: Rows, reading: Reading) -> Iterator[str]:
    done, total = 0, sum(path.stat().st_size for path in paths)
    for path in paths:
        with _opened(path) as sheet:
            for number, (line, found) in enumerate(sheet.rows(None)):
                yield from rows.statements(sheet.name, line, found)
                if number % _TOLD == 0:
                    reading.progress(done, total)
        done += path.stat().st_size


@contextmanager
def _opened(path: Path) -> Iterator[_Sheet]:
    with path.open("rb") as stream:
        yield _Sheet(sheets.read_table(stream, path.name, _MOST_ROWS))
