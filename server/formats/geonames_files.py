"""The files of GeoNames' export: which one is which, and their rows, each checked for its layout.

Layouts: https://download.geonames.org/export/dump/readme.txt
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, cast

from server.errors import Malformed
from server.formats import archives
from server.formats.archives import Member
from server.formats.limited_streams import Limits
from server.formats.vocabularies import Reading
from server.i18n import _

PLACES, NAMES, HIERARCHY = "places", "names", "hierarchy"
ADMIN1, ADMIN2, COUNTRIES, FEATURES = "admin1", "admin2", "countries", "features"
#: How many columns each has; the names had 8 before periods were added to them.
_WIDTHS = {
    PLACES: (19,), NAMES: (10, 8), HIERARCHY: (3, 2), ADMIN1: (4,), ADMIN2: (4,),
    COUNTRIES: (19, 18), FEATURES: (3, 2),
}  # fmt: skip
_BY_NAME = (
    (re.compile(r"alternate_?names(?:v2)?", re.I), NAMES),
    (re.compile(r"hierarchy", re.I), HIERARCHY),
    (re.compile(r"admin1codesascii", re.I), ADMIN1),
    (re.compile(r"admin2codes", re.I), ADMIN2),
    (re.compile(r"countryinfo", re.I), COUNTRIES),
    (re.compile(r"featurecodes_\w\w", re.I), FEATURES),
    (re.compile(r"allcountries|cities\d+|no-country|[A-Z]{2}", re.I), PLACES),
)
_CODES = re.compile(r"[A-Z]{2}\.[^.\s]+(\.[^\s]+)?")
_FEATURE = re.compile(r"[AHLPRSTUV]\.\w+")
_LIMITS = Limits(members=10_000, member=20_000_000_000, total=80_000_000_000)
_LONGEST_LINE = 100_000  # bytes; the longest real ones have 17,000
_MARK = b"\xef\xbb\xbf"  # of UTF-8
_PEEKED = 1 << 15
_TOLD = 50_000  # lines between two reports of progress


class Row(NamedTuple):
    """A row with as many cells as its kind has."""

    file: str
    line: int
    cells: list[str]


class Dump:
    """The files that were given, by kind; they are opened anew for each pass over them."""

    def __init__(self, paths: Sequence[Path], reading: Reading) -> None:
        self._paths, self._reading = tuple(paths), reading
        self._kinds = [self._kind(member) for member in self._members()]
        self._done, self._total = 0, sum(_size(path) for path in self._paths)
        if PLACES not in self._kinds:
            raise Malformed(
                _("There are no places in it: name allCountries.txt or the file of a country.")
            )

    def has(self, kind: str) -> bool:
        return kind in self._kinds

    def rows(self, kind: str, again: bool = False, parity: int | None = None) -> Iterator[Row]:
        """The rows of all files of a kind; `again` tells no faults, for they were told before.

        With a parity (0 or 1), those of places with even or odd identifiers alone.
        """
        for number, member in enumerate(self._members()):
            if self._kinds[number] == kind:
                lines: Iterator[tuple[int, bytes]] = enumerate(self._told(member), 1)
                if parity is not None:
                    column = 1 if kind == NAMES else 0
                    lines = (line for line in lines if _parity(line[1], column) == parity)
                yield from self._rows(member.name, lines, _WIDTHS[kind], again)

    def _members(self) -> Iterator[Member]:
        for member in archives.members(self._paths, _LIMITS):
            if not isinstance(member, Member):
                raise Malformed(f"{member.file}: {member.reason}")
            yield member

    def _kind(self, member: Member) -> str:
        start = cast(io.BufferedReader, member.stream).peek(_PEEKED)[:_PEEKED]
        if start.startswith((b"\xff\xfe", b"\xfe\xff")):
            message = _("{name} is UTF-16; GeoNames' files are UTF-8.", name=member.name)
            raise Malformed(message)
        kind = _by_shape(start.removeprefix(_MARK)) or _by_name(member.name)
        if not kind:
            self._reading.leave_out(_("files that are none of GeoNames' or are not needed"))
        return kind

    def _told(self, member: Member) -> Iterator[bytes]:
        """The lines, with reports of progress."""
        for number, line in enumerate(_lines(member), 1):
            if number % _TOLD == 0:
                self._reading.progress(min(self._done, self._total), self._total)
            self._done += len(line)
            yield line

    def _rows(
        self, name: str, lines: Iterator[tuple[int, bytes]], widths: tuple[int, ...], again: bool
    ) -> Iterator[Row]:
        for number, line in lines:
            if number == 1:
                line = line.removeprefix(_MARK)
            row = _cells(line, widths) if number > 1 or not _is_header(line) else []
            if not isinstance(row, str):
                if row:
                    yield Row(name, number, row)
            elif not again:
                self._reading.fault(name, number, row)


def _parity(line: bytes, column: int) -> int:
    """Of the last digit of the number in this column; of what is none, the one or the other."""
    start = line.find(b"\t") + 1 if column else 0
    end = line.find(b"\t", start)
    return line[end - 1] & 1 if end > start else 0


def _lines(member: Member) -> Iterator[bytes]:
    """The lines, of which none is endless: of a longer one the beginning."""
    read = member.stream.readline
    while line := read(_LONGEST_LINE + 1):
        end = line
        while len(end) > _LONGEST_LINE and not end.endswith(b"\n"):
            end = read(_LONGEST_LINE + 1)
        yield line


def _cells(line: bytes, widths: tuple[int, ...]) -> list[str] | str:
    """The cells, none for an empty line or a comment; else what is wrong with it, in words."""
    if len(line) > _LONGEST_LINE:
        return _("The line is longer than {size} bytes.", size=_LONGEST_LINE)
    if b"\0" in line:
        return _("There are NUL characters in it: this is no text.")
    try:
        text = line.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        return _("It is not UTF-8.")
    if not text or text.startswith("#"):
        return []
    cells = text.split("\t")
    if len(cells) in widths:
        return cells
    return _("It has {count} columns instead of {wanted}.", count=len(cells), wanted=widths[0])


def _is_header(line: bytes) -> bool:
    return b"geonameid" in line.lower() or line.startswith(b"parentId")


def _by_shape(start: bytes) -> str:
    """The kind that at least half of the first lines look like; "" where there is none."""
    lines = start.decode(errors="replace").splitlines()[:50]
    kinds = [_shape(line.split("\t")) for line in lines if line and not line.startswith("#")]
    best = max(_WIDTHS, key=kinds.count)
    return best if kinds and kinds.count(best) * 2 >= len(kinds) else ""


def _shape(cells: list[str]) -> str:
    width, ids = len(cells), [cell.isdecimal() for cell in cells]
    if width in _WIDTHS[COUNTRIES] and re.fullmatch("[A-Z]{2}", cells[0]):
        return COUNTRIES
    if width == 19 and ids[0]:
        return PLACES
    if width == 4 and ids[3] and (found := _CODES.fullmatch(cells[0])):
        return ADMIN2 if found[1] else ADMIN1
    if width in _WIDTHS[NAMES] and ids[0] and ids[1]:
        return NAMES
    if width in _WIDTHS[HIERARCHY] and ids[0] and ids[1]:
        return HIERARCHY
    return FEATURES if width in _WIDTHS[FEATURES] and _FEATURE.fullmatch(cells[0]) else ""


def _by_name(name: str) -> str:
    stem = re.sub(r"(?:\.(?:txt|tsv|zip|gz))+$", "", name.rpartition("/")[2], flags=re.I)
    return next((kind for pattern, kind in _BY_NAME if pattern.fullmatch(stem)), "")


def _size(path: Path) -> int:
    """About how many bytes a source holds unpacked; the places are read twice."""
    if path.is_dir():
        return sum(_size(inside) for inside in path.rglob("*") if inside.is_file())
    if not zipfile.is_zipfile(path):
        size = path.stat().st_size * (4 if path.suffix == ".gz" else 1)
    else:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    return size * (2 if _by_name(path.name) == PLACES else 1)
