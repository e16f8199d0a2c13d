"""Noticing damage: Oxigraph's table files never change once written, so their digests must hold.

A damaged table is an error only when its block is read, and an aggregate over it may grow without
bound; so the files are compared before the store is opened. The digests stand in the store's own
directory, which comes, goes and is moved as a whole.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

_MANIFEST = "digests.json"


def record(store: Path, backup: Callable[[Path], None]) -> None:
    """Remember the digest of each table file that is new since the last time.

    The files are looked at in a copy made by `backup` (hard links): the directory itself may hold
    tables that a compaction is still writing.
    """
    with tempfile.TemporaryDirectory(dir=store.parent, prefix=f".{store.name}-") as folder:
        copy = Path(folder, "copy")
        backup(copy)
        _record(store, copy)


def record_closed(store: Path) -> None:
    """The same for a store that is closed; nothing where this process still has it open."""
    handles = Path("/proc/self/fd")
    if handles.is_dir() and not any(_points_into(store, handle) for handle in handles.iterdir()):
        _record(store, store)


def _record(store: Path, folder: Path) -> None:
    known = _known(store)
    files = {path.name: path for path in folder.glob("*.sst")}
    if files.keys() != known.keys():
        _write(store, {name: known.get(name) or _digest(path) for name, path in files.items()})


def _points_into(store: Path, handle: Path) -> bool:
    try:
        return handle.readlink().parent == store.resolve()
    except OSError:  # closed meanwhile
        return False


def damaged(store: Path) -> list[str]:
    """The names of table files that no longer hold what was recorded."""
    return [
        name
        for name, digest in _known(store).items()
        # one that is missing was compacted away, else opening the store says so
        if (store / name).exists() and _digest(store / name) != digest
    ]


def remove_leftovers(store: Path) -> None:
    """Remove copies that a killed process left."""
    for folder in store.parent.glob(f".{store.name}-*"):
        shutil.rmtree(folder, ignore_errors=True)


def _write(store: Path, digests: dict[str, str]) -> None:
    partial = store / f"{_MANIFEST}.partial"
    partial.write_text(json.dumps(digests))
    partial.replace(store / _MANIFEST)


def _known(store: Path) -> dict[str, str]:
    try:
        found = json.loads((store / _MANIFEST).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()[:32]
