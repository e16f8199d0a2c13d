"""Spreadsheets as people open them: .xlsx with several sheets, or a zip of CSV files.

Rows go out as they come: however long a table is, little of it is in memory.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, Protocol

from server.formats.sheets import escape_cell

Form = Literal["xlsx", "csv"]
FORMS: tuple[Form, ...] = ("xlsx", "csv")
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "application/zip",
}
SUFFIXES = {"xlsx": ".xlsx", "csv": ".zip"}
Cell = str | int | float | None
#: What a sheet of Excel holds ("Excel specifications and limits"): characters in a cell, rows.
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576
_DATE = (1980, 1, 1, 0, 0, 0)  # in a zip: the same rows give the same file
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


class Workbook(Protocol):
    """Sheets by their titles, made when the first row goes in; `cut` counts shortened cells.

    The first `given` cells of a row are the museum's own, and go back as they came.
    """

    cut: int

    def add(self, sheet: str, cells: Sequence[Cell], *, given: int = 0) -> None: ...


def open_workbook(path: Path, form: Form) -> AbstractContextManager[Workbook]:
    """A workbook to be written at `path` when its context ends without an error."""
    return _Xlsx(path) if form == "xlsx" else _Csv(path)


class _Xlsx:
    """Texts are stored as texts, so that nothing in them is ever calculated."""

    def __init__(self, path: Path) -> None:
        from openpyxl import Workbook as Book  # slow to load, and CSV needs none of it

        self.cut = 0
        self._path = path
        self._book = Book(write_only=True)
        self._rows: dict[str, int] = {}
        self._sheets: dict[str, tuple[object, Callable[[list[object]], None]]] = {}

    def add(self, sheet: str, cells: Sequence[Cell], *, given: int = 0) -> None:
        if sheet not in self._sheets:
            made = self._book.create_sheet(sheet)
            made.freeze_panes = "A2"
            self._sheets[sheet] = (made, made.append)
        self._rows[sheet] = self._rows.get(sheet, 0) + 1
        if self._rows[sheet] > MOST_ROWS:
            self.cut += 1
            return
        made, append = self._sheets[sheet]
        append([self._cell(made, value) for value in cells])

    def _cell(self, sheet: object, value: Cell) -> object:
        if not isinstance(value, str):
            return value
        from openpyxl.cell import WriteOnlyCell

        text = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", value)
        if len(text) > LONGEST_CELL:
            self.cut += 1
            text = text[: LONGEST_CELL - 1] + "…"
        cell = WriteOnlyCell(sheet, text)
        cell.data_type = "s"  # also where it begins with "="
        return cell

    def __enter__(self) -> "_Xlsx":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None:
            self._book.save(self._path)
            return
        for sheet, _append in self._sheets.values():  # they keep their rows in temporary files
            with suppress(Exception):
                sheet.close()  # type: ignore[attr-defined]
                sheet._writer.cleanup()  # type: ignore[attr-defined]


class _Csv:
    """A file for each sheet. What others wrote is kept from being taken for a formula."""

    def __init__(self, path: Path) -> None:
        self.cut = 0
        self._path = path
        self._folder = TemporaryDirectory(dir=path.parent)
        self._files: dict[str, tuple[io.TextIOWrapper, Callable[[Sequence[Cell]], object]]] = {}

    def add(self, sheet: str, cells: Sequence[Cell], *, given: int = 0) -> None:
        if sheet not in self._files:
            place = Path(self._folder.name) / str(len(self._files))
            # with a byte order mark, by which Excel knows that it is UTF-8
            file = place.open("w", encoding="utf-8-sig", newline="", errors="replace")
            self._files[sheet] = (file, csv.writer(file).writerow)
        _file, write = self._files[sheet]
        write([*cells[:given], *map(_harmless, cells[given:])])

    def __enter__(self) -> "_Csv":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        for file, _write in self._files.values():
            file.close()
        if kind is None:
            with zipfile.ZipFile(self._path, "w", zipfile.ZIP_DEFLATED) as archive:
                for sheet, (file, _write) in self._files.items():
                    member = zipfile.ZipInfo(f"{sheet}.csv", _DATE)
                    member.compress_type = zipfile.ZIP_DEFLATED
                    with archive.open(member, "w") as out, open(file.name, "rb") as source:
                        while piece := source.read(1 << 20):
                            out.write(piece)
        self._folder.cleanup()


def _harmless(cell: Cell) -> Cell:
    if not isinstance(cell, str) or _NUMBER.fullmatch(cell):
        return cell
    return escape_cell(cell)
