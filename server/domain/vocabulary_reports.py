"""What a load of a vocabulary did or would do: counts and lists, kept on disk.

`data/vocabularies/{slug}/{load}/` holds `report.json` (this), `changes/{kind}.jsonl`, of those that
annotations name `changes/{kind}-used.jsonl`, and `faults.jsonl`. Until the load is applied, the
new state and the difference (`full.nq`, `add.nq`, `remove.nq`) are there as well.
"""

import json
import os
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from server.errors import NotFound
from server.i18n import _
from server.names import is_slug

State = Literal["waiting", "applied", "undone", "empty"]
#: Annotations by campaign and status.
Touched = dict[str, dict[str, int]]
_WORKING = ("full.nq", "add.nq", "remove.nq", "tombstones.nq", "used.txt")


@dataclass(slots=True)
class Report:
    """`terms` and `statements` are those of the new state, `kinds` counts terms by what becomes of
    them, `used` those of them that annotations name, `touched` these annotations by kind.

    `since` is the number of the bulk entry that it starts from, `files` what the child wrote;
    `left_out` counts by reason, `retired` the terms that the source declares so.
    """

    id: str
    slug: str
    source: str
    names: list[str]
    options: dict[str, Any]
    title: str
    created: str
    state: State = "waiting"
    since: int = 0
    scheme: str = ""
    terms: int = 0
    statements: int = 0
    retired: int = 0
    faults: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    touched: dict[str, Touched] = field(default_factory=dict)
    metadata: list[tuple[str, str]] = field(default_factory=list)
    files: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.created)

    @property
    def changes_something(self) -> bool:
        return bool(self.files.get("add") or self.files.get("remove"))

    @property
    def is_first(self) -> bool:
        """Whether nothing stood before."""
        return self.files.get("add") == self.files.get("full") and not self.files.get("remove")

    @property
    def changed(self) -> int:
        """How many statements come or go."""
        return sum(file["quads"] for name in ("add", "remove") if (file := self.files.get(name)))

    @property
    def version(self) -> str:
        """What the source calls its version, as it was loaded."""
        said = (text for property_, text in self.metadata if property_.endswith("#versionInfo"))
        return next(said, "").rpartition('"')[0].strip('"')


def folder(data: Path, slug: str, load: str = "") -> Path:
    """Where a load's files are; NotFound for names that are none."""
    if not is_slug(slug) or (load and not is_slug(load)):
        raise NotFound(_("There is no such load."))
    return data / "vocabularies" / slug / load


def save(data: Path, report: Report) -> None:
    place = folder(data, report.slug, report.id)
    part = place / ".report.json"
    part.write_text(json.dumps(asdict(report), ensure_ascii=False), encoding="utf-8")
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(place / "report.json")


def get(data: Path, slug: str, load: str) -> Report:
    """Raises NotFound."""
    path = folder(data, slug, load) / "report.json"
    if not load or not path.is_file():
        raise NotFound(_("There is no such load."))
    return _read(path)


def find_all(data: Path, slug: str) -> list[Report]:
    """The loads of a vocabulary, newest first; those that never ended are left out."""
    return [_read(path) for path in sorted(folder(data, slug).glob("*/report.json"), reverse=True)]


def slugs(data: Path) -> list[str]:
    """The vocabularies that were loaded once, or that a load waits for."""
    return sorted(place.name for place in (data / "vocabularies").glob("*/") if is_slug(place.name))


def _read(path: Path) -> Report:
    return Report(**json.loads(path.read_text(encoding="utf-8")))


def sweep(data: Path) -> None:
    """Remove what loads left that were killed before they had a report."""
    for place in (data / "vocabularies").glob("*/*/"):
        if not (place / "report.json").exists():
            remove(place)


def remove(place: Path) -> None:
    """A load's folder, and the vocabulary's where that was the only one."""
    shutil.rmtree(place, ignore_errors=True)
    with suppress(OSError):
        place.parent.rmdir()


def tidy(data: Path, report: Report) -> None:
    """The bulk folder has the statements now; the lists stay."""
    for name in _WORKING:
        (folder(data, report.slug, report.id) / name).unlink(missing_ok=True)
