"""Bulk files: fsynced N-Quads in the data directory, named by their content, never changed."""

import errno
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from server.errors import Damaged, StorageFull
from server.i18n import _
from server.patches import BulkFile

_PARTIAL = ".partial"
_MOST_DIGESTS = 10_000
_digests: dict[tuple[int, int, int, int], str] = {}


def write(folder: Path, lines: Iterable[str]) -> BulkFile | None:
    """Keep the N-Quads lines (each ending in a newline); None when there are none.

    Raises StorageFull; then nothing is left behind.
    """
    partial = folder / f"{os.getpid()}-{id(lines)}{_PARTIAL}"
    try:
        digest, quads = _fill(partial, lines)
        if not quads:
            return None
        name = f"{digest[:40]}.nq"
        partial.replace(folder / name)
        _sync_folder(folder)
        return BulkFile(name, digest, quads)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(_("The disk is full. Nothing was stored.")) from error
        raise
    finally:
        partial.unlink(missing_ok=True)


def _fill(partial: Path, lines: Iterable[str]) -> tuple[str, int]:
    digest, quads = hashlib.sha256(), 0
    with partial.open("wb") as file:
        for line in lines:
            data = line.encode()
            digest.update(data)
            file.write(data)
            quads += 1
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), quads


def remove_leftovers(folder: Path) -> None:
    """Remove what a killed process was writing."""
    for found in folder.glob(f"*{_PARTIAL}"):
        found.unlink()


def path(folder: Path, file: BulkFile) -> Path:
    """Where it lies; raises Damaged when it is missing or holds something else."""
    found = folder / file.name
    if not found.is_file():
        raise Damaged(_("The file {name} is missing from the data directory.", name=file.name))
    if digest(found) != file.sha256:
        raise Damaged(_("The file {name} is damaged.", name=file.name))
    return found


def digest(path: Path) -> str:
    """The SHA-256 of a file; of one that has not changed since this process read it, at once."""
    with path.open("rb") as stream:
        state = os.fstat(stream.fileno())
        key = (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns)
        if key not in _digests:
            if len(_digests) >= _MOST_DIGESTS:
                _digests.clear()
            _digests[key] = hashlib.file_digest(stream, "sha256").hexdigest()
        return _digests[key]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
