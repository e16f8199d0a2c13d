"""Spreadsheets as people have them: .xlsx and CSV as rows of text, whatever the dialect."""

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

from server.errors import Malformed, TooLarge
from server.i18n import _

MAX_ROWS = 200_000
MAX_COLUMNS = 300
MAX_CELL = 65_536  # characters
MAX_ROW = 4_000_000  # characters; a quotation mark that is never closed ends here
_CHUNK = 1 << 18
_DELIMITERS = (",", ";", "\t")


class Row(NamedTuple):
    """A row of the file: where it begins, its cells, and what makes it unreadable, if anything."""

    line: int
    cells: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Dialect:
    kind: str  # "csv" or "xlsx"
    encoding: str = "utf-8"
    delimiter: str = ""
    sheet: str = ""


@dataclass(slots=True)
class Table:
    """A header and the rows below it, read once, as they are asked for."""

    name: str
    header: tuple[str, ...]
    rows: Iterator[Row]
    dialect: Dialect
    _ahead: list[Row] = field(default_factory=list)

    def sample(self, count: int = 200) -> list[Row]:
        """The first rows, which stay in `rows`."""
        self._ahead += islice(self.rows, max(0, count - len(self._ahead)))
        return self._ahead[:count]

    def __iter__(self) -> Iterator[Row]:
        ahead, self._ahead = self._ahead, []
        return chain(ahead, self.rows)


def read_table(stream: BinaryIO, name: str, most_rows: int | None = None) -> Table:
    """The table in a seekable file; formulas are their stored text, nothing is calculated.

    Raises Malformed when it is no spreadsheet, and TooLarge over a limit (also while the rows
    are read); a row that alone is wrong carries its `problem`.
    """
    from server.formats import sheets_xlsx  # openpyxl is slow to load, and CSV needs none of it

    start = stream.read(8)
    stream.seek(0)
    if start.startswith(b"PK"):
        rows, dialect = sheets_xlsx.read(stream)
    elif start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Malformed(_("Please save the old Excel file as .xlsx or CSV first."))
    else:
        rows, dialect = _read_csv(stream)
    counted = _limited(rows, MAX_ROWS if most_rows is None else most_rows)
    header = next(counted, None)
    if header is None or header.problem:
        raise Malformed(header.problem if header else _("The table is empty."))
    return Table(name, tuple(cell.strip() for cell in header.cells), counted, dialect)


def escape_cell(text: str) -> str:
    """The text for a cell of a CSV export, so that no spreadsheet takes it for a formula.

    OWASP, "CSV Injection": also after a tab or a carriage return.
    """
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _limited(rows: Iterator[Row], most: int) -> Iterator[Row]:
    """The rows that hold something, each checked; TooLarge after the last that is allowed."""
    count = 0
    for row in rows:
        if not any(cell.strip() for cell in row.cells):
            continue
        count += 1
        if count > most + 1:  # one is the header
            raise TooLarge(_("The table has more than {limit} rows.", limit=most))
        yield _checked(row)


def _checked(row: Row) -> Row:
    cells = list(row.cells)
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > MAX_COLUMNS:
        problem = _("It has more than {limit} columns.", limit=MAX_COLUMNS)
    elif any(len(cell) > MAX_CELL for cell in cells):
        problem = _("A cell holds more than {limit} characters.", limit=MAX_CELL)
    elif any("\0" in cell for cell in cells):
        problem = _("A cell holds NUL characters: this is no text.")
    elif any("\ufffd" in cell for cell in cells):
        problem = _("A cell holds characters that are not in the file's encoding.")
    else:
        return Row(row.line, tuple(cells))
    return Row(row.line, tuple(cell[:100] for cell in cells[:MAX_COLUMNS]), problem)


def _read_csv(stream: BinaryIO) -> tuple[Iterator[Row], Dialect]:
    encoding = _encoding(stream)
    text = io.TextIOWrapper(stream, encoding, errors="replace", newline="")
    sample = text.read(_CHUNK)
    if sample.count("\0") > len(sample) // 10:
        text.detach()
        raise Malformed(_("This is neither a spreadsheet nor text."))
    text.seek(0)
    told = sample[:5].lower()
    skipped = 0
    if told.startswith("sep=") and len(told) == 5:  # Excel's own hint, on a line of its own
        delimiter, skipped = sample[4], 1
        text.readline()
    else:
        delimiter = max(_DELIMITERS, key=lambda mark: _fit(sample, mark))
    return _csv_rows(text, delimiter, skipped), Dialect("csv", encoding, delimiter)


def _encoding(stream: BinaryIO) -> str:
    """UTF-16 by its mark; UTF-8 when it (nearly) is; else Windows-1252."""
    start = stream.read(4)
    stream.seek(0)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
    wrong = right = 0
    while chunk := stream.read(_CHUNK):
        if chunk.isascii():
            continue
        text = decoder.decode(chunk)
        bad = text.count("\ufffd") - chunk.count(b"\xef\xbf\xbd")  # less those that stand there
        wrong += bad
        right += sum(character > "\x7f" for character in text) - bad
    stream.seek(0)
    # A few wrong bytes among many right ones are damage; the rows that hold them are reported.
    return "utf-8-sig" if wrong * 10 <= right else "cp1252"


def _fit(sample: str, delimiter: str) -> tuple[bool, float, int]:
    """How well a delimiter explains a sample: several columns, the same number in each row."""
    lines = sample.splitlines(keepends=True)[:200]
    widths: list[int] = []
    try:
        widths += (len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
    except csv.Error:
        return False, 0.0, 0
    if not widths:
        return False, 0.0, 0
    same = sum(width == widths[0] for width in widths) / len(widths)
    return widths[0] > 1, round(same, 1), widths[0]


def _csv_rows(text: io.TextIOWrapper, delimiter: str, skipped: int) -> Iterator[Row]:
    # The limit is the whole process's; it must not end a row before ours says why.
    csv.field_size_limit(max(csv.field_size_limit(), 2 * MAX_ROW))
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter)
    before = 0
    try:
        for cells in reader:
            yield Row(before + 1 + skipped, tuple(cells))
            before, lines.taken = reader.line_num, 0
    except csv.Error as error:
        line = before + 1 + skipped
        raise Malformed(_("Line {line} cannot be read: {error}", line=line, error=error)) from error
    finally:
        with suppress(ValueError):  # it is closed already
            text.detach()  # the stream is the caller's to close


class _Lines:
    """The lines of a text, none endless, and not too many in one row."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        while line := self.text.readline(MAX_ROW + 1):
            self.taken += len(line)
            if self.taken > MAX_ROW:
                raise TooLarge(
                    _("A row is larger than 4 MB: perhaps a quotation mark is never closed.")
                )
            yield line
