"""The dumps that there are, on disk.

dumps/{scope}/{entry}.{name}         the file
dumps/{scope}/{entry}.{name}.json    its size, checksum and date; there is no dump without it
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from server.commit import Desk
from server.domain import dump_offers
from server.domain.dump_offers import ALL, Offer, Scope
from server.domain.dump_snapshots import folder

_KEPT = 2  # of each, as somebody may be downloading the one before
_FILE = re.compile(r"(\d{12})\.([a-z]+\.[a-z.]+)\.json")


@dataclass(frozen=True, slots=True)
class Dump:
    """A file; `sequence` is the last entry that what it holds was changed by; sizes in bytes.

    `at` is when it was made, `collections` (slugs) which were public then.
    """

    offer: Offer
    path: Path
    sequence: int
    size: int
    sha256: str
    at: datetime
    seconds: float
    records: int
    collections: frozenset[str]


def newest(desk: Desk, offer: Offer) -> Dump | None:
    found = standing(desk, offer)
    return found[-1] if found else None


def standing(desk: Desk, offer: Offer) -> list[Dump]:
    """The files of a dump, oldest first."""
    found = []
    for path in sorted(place(desk, offer.scope).glob(f"[0-9]*.{offer.name}.json")):
        match = _FILE.fullmatch(path.name)
        if match and match[2] == offer.name:
            with suppress(FileNotFoundError):
                found.append(_read(offer, path, int(match[1])))
    return [dump for dump in found if dump.path.exists()]


def prune(desk: Desk, made: Offer) -> None:
    """Older ones of what was made, those of what is public no more, and the least asked for."""
    for old in standing(desk, made)[:-_KEPT]:
        _remove(old.path)
    root = folder(desk.settings.data)
    for scope in list(_scopes_on_disk(root)):
        if dump_offers.title(desk, scope) is None:
            shutil.rmtree(place(desk, scope), ignore_errors=True)
    _limit(root, desk.settings.dump_cache, place(desk, made.scope), made.name)


def remove_partial(root: Path) -> None:
    """What a process that was killed left behind, or an earlier version."""
    for path in root.glob(".*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in [path for path in root.rglob("*") if path.is_file()]:
        if path.suffix != ".json" and not _about(path).exists():
            path.unlink()


def used(dump: Dump) -> None:
    """Somebody wants it: those that nobody wants go first."""
    with suppress(OSError):
        os.utime(_about(dump.path))


def _read(offer: Offer, about: Path, sequence: int) -> Dump:
    said = json.loads(about.read_text(encoding="utf-8"))
    return Dump(
        offer, about.with_suffix(""), sequence, said["size"], said["sha256"],
        datetime.fromisoformat(said["at"]), said["seconds"], said["records"],
        frozenset(said["collections"]),
    )  # fmt: skip


def describe(path: Path, said: dict[str, Any]) -> None:
    part = path.with_name(f".{path.name}.json")
    part.write_text(json.dumps(said), encoding="utf-8")
    part.replace(_about(path))


def _about(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def place(desk: Desk, scope: Scope) -> Path:
    return folder(desk.settings.data) / scope.path


def _scopes_on_disk(root: Path) -> Iterator[Scope]:
    for kind in root.iterdir():
        if kind.is_dir() and kind.name != ALL and not kind.name.startswith("."):
            yield from (Scope(kind.name, each.name) for each in kind.iterdir())


def _limit(root: Path, most: int, here: Path, but: str) -> None:
    """Remove those that were asked for longest ago until the rest has room; never the new one."""
    found = []
    for about in root.rglob("*.json"):
        with suppress(FileNotFoundError):
            path = about.with_suffix("")
            found.append((about.stat().st_mtime, path, path.stat().st_size))
    room = most - sum(size for _at, _path, size in found)
    for _at, path, size in sorted(found):
        if room < 0 and not (path.parent == here and path.name.endswith(f".{but}")):
            _remove(path)
            room += size


def _remove(path: Path) -> None:
    _about(path).unlink(missing_ok=True)
    path.unlink(missing_ok=True)
