"""The files inside of folders, .zip, .tar.gz, .tgz, .tar, .gz and standard input, one stream each.

Nothing is extracted to disk under a name from an archive. Bombs are stopped by what is actually
read, never by what an archive says of itself.
"""

import gzip
import io
import os
import re
import stat
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from server.errors import Malformed, NotFound, TooLarge
from server.formats.limited_streams import DAMAGE, Budget, Counted, Limits, Tally, damaged
from server.formats.records import Unreadable
from server.i18n import _

_OFFICE = (".xlsx", ".xlsm", ".ods", ".docx", ".odt", ".epub")  # zips that are one document
_NOISE = re.compile(r"(?:^|/)(?:\.(?!\.?/)|__MACOSX/|Thumbs\.db$|desktop\.ini$)")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_IN_MEMORY = 16_000_000


@dataclass(frozen=True, slots=True)
class Member:
    """One file, named for a person (`pictures.zip/1.jpg`); read it before asking for the next."""

    name: str
    stream: BinaryIO


def members(
    sources: Iterable[str | Path], limits: Limits | None = None, stdin: BinaryIO | None = None
) -> Iterator[Member | Unreadable]:
    """Every file in the sources (`-` is standard input), in the order of their names.

    Archives in archives are opened one level deep. NotFound for a source that is not there;
    TooLarge beyond a limit; a damaged or locked archive is an Unreadable, and the rest goes on.
    """
    budget = Budget(limits or Limits())
    for source in sources:
        if str(source) == "-":
            raw: IO[bytes] = stdin or sys.stdin.buffer
            yield from _guarded(io.BufferedReader(Tally(raw)), "-", budget, 1)
        else:
            yield from _path(Path(source), budget)


def _path(path: Path, budget: Budget) -> Iterator[Member | Unreadable]:
    if not path.exists():
        raise NotFound(_("There is no file {name}.", name=_shown(str(path))))
    if not path.is_dir():
        yield from _file(path, path.name, budget)
        return
    for folder, folders, files in os.walk(path):
        folders.sort()
        for name in sorted(files):
            inside = Path(folder, name)
            if not _NOISE.search(name) and stat.S_ISREG(inside.stat().st_mode):
                yield from _file(inside, str(inside.relative_to(path)), budget)


def _file(path: Path, name: str, budget: Budget) -> Iterator[Member | Unreadable]:
    with path.open("rb") as stream:
        yield from _guarded(stream, _shown(name), budget, 1)


def _guarded(
    stream: IO[bytes], name: str, budget: Budget, depth: int
) -> Iterator[Member | Unreadable]:
    try:
        yield from _open(stream, name, budget, depth, None)
    except Malformed as error:
        yield Unreadable(name, None, str(error))


def _open(
    stream: IO[bytes], name: str, budget: Budget, depth: int, packed: Tally | int | None
) -> Iterator[Member | Unreadable]:
    """Look at the first bytes, and give the file or what is in it; depth 1 may open an archive."""
    buffered = _buffered(stream)
    start = buffered.peek(512)[:512]
    is_zip = start[:4] == b"PK\x03\x04" and not name.lower().endswith(_OFFICE)
    is_gzip = start[:2] == b"\x1f\x8b"
    is_tar = start[257:262] == b"ustar"
    if not (is_zip or is_gzip or is_tar):
        budget.open()
        counted = Counted(buffered, name, budget, packed)
        yield Member(name, io.BufferedReader(counted, 1 << 18))
    elif depth < 0:
        yield Unreadable(
            name, None, _("An archive within an archive within an archive is not opened.")
        )
    elif is_gzip:
        tally = Tally(buffered)
        plain = re.sub(r"\.gz$", "", re.sub(r"\.tgz$", ".tar", name, flags=re.I), flags=re.I)
        unpacked = gzip.GzipFile(fileobj=io.BufferedReader(tally))
        yield from _open(
            _peekable(unpacked, name), plain, budget, depth - (not plain.endswith(".tar")), tally
        )
    elif is_zip:
        yield from _zip(buffered, name, budget, depth)
    else:
        yield from _tar(buffered, name, budget, depth, packed)


def _buffered(stream: IO[bytes]) -> "io.BufferedReader[Any]":
    if isinstance(stream, io.BufferedReader):
        return stream
    return io.BufferedReader(cast(Any, stream))


def _peekable(unpacked: gzip.GzipFile, name: str) -> "io.BufferedReader[Any]":
    reader = _buffered(cast(IO[bytes], unpacked))
    try:
        reader.peek(1)
    except (*DAMAGE, OSError) as error:
        raise damaged(name) from error
    return reader


def _zip(
    stream: "io.BufferedReader[Any]", name: str, budget: Budget, depth: int
) -> Iterator[Member | Unreadable]:
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
        whole = (
            stream if isinstance(stream.raw, io.FileIO) else _spooled(stream, spool, name, budget)
        )
        try:
            archive = zipfile.ZipFile(whole)
            entries = sorted(archive.infolist(), key=lambda entry: entry.filename)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise Malformed(_("{name} is no complete zip file.", name=name)) from error
        if len(entries) > budget.limits.members:
            raise TooLarge(
                _("There are more than {count} files in it.", count=budget.limits.members)
            )
        for entry in entries:
            inside = f"{name}/{_shown(entry.filename)}"
            if entry.is_dir() or _NOISE.search(entry.filename):
                continue
            try:
                with archive.open(entry) as member:
                    yield from _open(member, inside, budget, depth - 1, entry.compress_size)
            except (
                zipfile.BadZipFile,
                NotImplementedError,
                RuntimeError,
                zlib.error,
                Malformed,
            ) as error:
                yield Unreadable(inside, None, _zip_fault(error))


def _zip_fault(error: Exception) -> str:
    if isinstance(error, Malformed):
        return str(error)
    if isinstance(error, NotImplementedError):
        return _("It is compressed by a method that is not known here.")
    if "password" in str(error):
        return _("It is locked by a password.")
    return _("It is damaged in the archive.")


def _tar(
    stream: "io.BufferedReader[Any]",
    name: str,
    budget: Budget,
    depth: int,
    packed: Tally | int | None,
) -> Iterator[Member | Unreadable]:
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for entry in archive:
                inside = f"{name}/{_shown(entry.name)}"
                if entry.isdir() or _NOISE.search(entry.name):
                    continue
                member = archive.extractfile(entry) if entry.isreg() else None
                if member is None:
                    yield Unreadable(inside, None, _("It is a link or a device, no file."))
                    continue
                yield from _open(member, inside, budget, depth - 1, packed)
    except DAMAGE as error:
        raise Malformed(_("{name} is no complete tar file.", name=name)) from error


def _spooled(
    stream: "io.BufferedReader[Any]", spool: IO[bytes], name: str, budget: Budget
) -> IO[bytes]:
    size = 0
    while data := stream.read(1 << 20):
        size += len(data)
        if size > budget.limits.member:
            raise TooLarge(
                _(
                    "{name} is larger than {size} MB.",
                    name=name,
                    size=budget.limits.member // 1_000_000,
                )
            )
        spool.write(data)
    spool.seek(0)
    return spool


def _shown(name: str) -> str:
    """A file name that is safe to show: without control or direction characters."""
    return _CONTROL.sub("�", name.encode("utf-8", "replace").decode())
