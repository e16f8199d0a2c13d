"""What somebody wants imported, and how a table would be understood."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.domain.collections import Said
from server.formats.edm_read import FORMS
from server.formats.sheet_mapping import Mapping

Progress = Callable[[str, int, int], None]
FORMATS = ("auto", *FORMS, "sheet")
TABLES = (".xlsx", ".xlsm", ".csv", ".tsv", ".tab")


@dataclass(frozen=True, slots=True)
class Options:
    """What is imported, and how. Without sources the kept ones are read again.

    `mapping` makes it a spreadsheet; `images` is a folder or a zip; `strict` refuses whatever is
    not as it should be.
    """

    said: Said
    sources: tuple[Path, ...] = ()
    images: Path | None = None
    form: str = "auto"
    mapping: Mapping | None = None
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """A table as it is, and as it would be understood: the first ten rows of `total`."""

    name: str
    header: tuple[str, ...]
    rows: list[list[str]]
    total: int
    mapping: Mapping
    previews: list[dict[str, Any]]  # of sheet_fields.Preview


def is_table(options: Options) -> bool:
    """Whether the sources are spreadsheets, going by the format asked for or by their names."""
    if options.form == "auto":
        return bool(options.sources) and all(
            path.suffix.lower() in TABLES for path in options.sources
        )
    return options.form == "sheet"
