"""The files of a Wikidata dump: told apart by their beginning, unpacked as they are read."""

import bz2
import gzip
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Any, cast

from server.errors import Malformed, NotFound
from server.formats.limited_streams import DAMAGE, damaged
from server.formats.vocabularies import Reading
from server.i18n import _

#: A line longer than this is passed over; the longest entities have some 5 MB.
LONGEST_LINE = 32_000_000
_PIECE = 1 << 20
_PACKED = re.compile(r"\.(?:gz|bz2)$", re.IGNORECASE)
_TURTLE = re.compile(rb"(?:#[^\n]*\s+)*(?:@prefix|@base|prefix|base)\s", re.IGNORECASE)
_LINES = re.compile(rb"(?:#[^\n]*\s+)*(?:<[a-z][a-z0-9+.-]*:|_:)", re.IGNORECASE)


@dataclass(slots=True)
class Source:
    """One file; `kind` is lines (N-Triples), turtle or entities (JSON).

    `plain` is true once all lines were found to be written as Wikidata writes them.
    """

    name: str
    path: Path
    kind: str
    plain: bool = False


def sources(paths: Sequence[Path]) -> list[Source]:
    """What kind of dump each file is; folders stand for the files in them.

    Raises NotFound where there is none, Malformed where one is no dump.
    """
    files = []
    for path in paths:
        if not path.exists():
            raise NotFound(_("There is no file {name}.", name=path.name))
        found = path.rglob("*") if path.is_dir() else [path]
        files += sorted(file for file in found if file.is_file() and file.name[0] != ".")
    if not files:
        raise Malformed(_("There is no file to read."))
    return [Source(file.name, file, _kind(file)) for file in files]


def size(found: Sequence[Source]) -> int:
    """In bytes, as they lie on the disk."""
    return sum(source.path.stat().st_size for source in found)


def blocks(
    source: Source, reading: Reading, moved: Callable[[int], None]
) -> Iterator[tuple[int, bytes]]:
    """Whole lines, some 10,000 at a time, with the number of the first.

    `moved` is told how many packed bytes were read since the last time.
    """
    number, rest, dropping = 1, b"", False
    for piece in pieces(source.path, moved):
        cut = piece.rfind(b"\n") + 1
        if not cut:
            rest = b"" if dropping else rest + piece
            if len(rest) > LONGEST_LINE:
                reading.fault(source.name, number, _("The line is too long."))
                rest, dropping = b"", True
            continue
        if dropping:
            start = piece.find(b"\n") + 1
            number, dropping = number + 1, False
        else:
            start = 0
        block = rest + piece[start:cut]
        rest = piece[cut:]
        if block:
            yield number, block
            number += block.count(b"\n")
    if rest and not dropping:
        yield number, rest + b"\n"


def pieces(path: Path, moved: Callable[[int], None]) -> Iterator[bytes]:
    """The content of a file, gzipped or bzipped or neither. Malformed where it is cut off."""
    with path.open("rb") as file:
        start = file.read(3)
        file.seek(0)
        if start[:2] == b"\x1f\x8b":
            found = _gunzipped(file)
        elif start == b"BZh":
            found = _read(cast(IO[bytes], bz2.BZ2File(file)))
        else:
            found = _read(file)
        try:
            last = 0
            for piece in found:
                yield piece
                moved(file.tell() - last)
                last = file.tell()
        except (*DAMAGE, OSError) as error:
            raise damaged(path.name) from error


def opened(path: Path) -> IO[Any]:
    """A stream of the unpacked content, for parsers that take one."""
    with path.open("rb") as file:
        start = file.read(3)
    if start[:2] == b"\x1f\x8b":
        return cast(IO[Any], gzip.open(path))
    return cast(IO[Any], bz2.open(path)) if start == b"BZh" else path.open("rb")


def _read(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _gunzipped(file: IO[bytes]) -> Iterator[bytes]:
    """Three times as fast as the gzip module, which reads by 8 kB."""
    machine, data = zlib.decompressobj(31), file.read(_PIECE)
    while data:
        if piece := machine.decompress(data, 4 * _PIECE):
            yield piece
        data = machine.unconsumed_tail
        if machine.eof:  # another member may follow, or padding (RFC 1952, 2.2)
            data = (machine.unused_data or file.read(_PIECE)).lstrip(b"\0")
            machine = zlib.decompressobj(31) if data else machine
        data = data or file.read(_PIECE)
    if not machine.eof:
        raise EOFError


def _kind(path: Path) -> str:
    start = next(pieces(path, lambda _: None), b"")[:65_536]
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in (b"{", b"["):
        return "entities"
    if _TURTLE.match(start) or (start[:1] == b"<" and _is_turtle(path)):
        return "turtle"
    if _LINES.match(start):
        return "lines"
    raise Malformed(
        _("{name} is no dump of Wikidata: neither N-Triples nor Turtle nor JSON.", name=path.name)
    )


def _is_turtle(path: Path) -> bool:
    return _PACKED.sub("", path.name).lower().endswith(".ttl")


def first_and_rest(found: Iterator[bytes], most: int) -> tuple[bytes, Iterator[bytes] | None]:
    """The content where it is small, and None; else its beginning and what follows."""
    start = b""
    for piece in found:
        start += piece
        if len(start) > most:
            return start, chain([start], found)
    return start, None
