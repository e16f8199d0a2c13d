"""A file that a child process wrote becomes a bulk file: fsynced, and named by its content."""

import os
from pathlib import Path

from server.errors import Damaged
from server.i18n import _
from server.journal import bulk_files
from server.patches import BulkFile


def adopt(folder: Path, source: Path, sha256: str, quads: int) -> BulkFile:
    """Make a finished N-Quads file part of the folder of bulk files; repeating changes nothing.

    The source stays where it is. Raises Damaged where it does not hold what it should.
    """
    if bulk_files.digest(source) != sha256:
        raise Damaged(_("The file {name} is damaged.", name=source.name))
    with source.open("rb") as stream:
        os.fsync(stream.fileno())
    name = f"{sha256[:40]}.nq"
    if not (folder / name).exists():
        os.link(source, folder / name)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return BulkFile(name, sha256, quads)
