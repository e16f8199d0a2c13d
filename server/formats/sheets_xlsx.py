"""Excel's .xlsx as rows of text: the first visible sheet, values as they were stored."""

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO

from openpyxl import load_workbook

from server.errors import CrowdHeritageError, Malformed, TooLarge
from server.formats.sheets import Dialect, Row
from server.i18n import _

MAX_UNPACKED = 500_000_000  # bytes
MAX_STRINGS = 150_000_000  # bytes of the one part that is held in memory
MAX_RATIO = 200
_SMALL = 5_000_000  # bytes; below this, any ratio is harmless
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}


def read(stream: BinaryIO) -> tuple[Iterator[Row], Dialect]:
    """The rows and the dialect; raises Malformed and TooLarge."""
    _refuse_bombs(stream)
    stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that we don't need
            book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        sheet = visible[0]
        sheet.reset_dimensions()  # what a file says about its size is often wrong
    except CrowdHeritageError:
        raise
    except Exception as error:  # a damaged file makes openpyxl raise nearly anything
        raise Malformed(_("The Excel file is damaged, or is none.")) from error
    return _rows(sheet), Dialect("xlsx", sheet=sheet.title)


def _refuse_bombs(stream: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            total = sum(part.file_size for part in parts)
            strings = sum(p.file_size for p in parts if p.filename.endswith("sharedStrings.xml"))
            if total > MAX_UNPACKED or strings > MAX_STRINGS or any(map(_is_bomb, parts)):
                raise TooLarge(_("The Excel file is far larger unpacked than it may be."))
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _refuse_dtd(archive, part)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise Malformed(_("The Excel file is damaged, or is none.")) from error


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _SMALL and part.file_size > MAX_RATIO * max(1, part.compress_size)


def _refuse_dtd(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with archive.open(part) as opened:
        start = opened.read(65_536).replace(b"\0", b"")  # also in UTF-16
    if b"<!DOCTYPE" in start:
        raise Malformed(_("The Excel file holds a document type, which no real one does."))


def _rows(sheet: Any) -> Iterator[Row]:
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            yield Row(number, tuple(map(_text, cells)))
    except CrowdHeritageError:
        raise
    except Exception as error:  # as above, further into the file
        raise Malformed(_("The Excel file is damaged, or is none.")) from error


def _text(value: object) -> str:
    """A cell as a person sees it; dates as ISO 8601, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    text = str(value)
    return "" if text in _ERRORS else text
