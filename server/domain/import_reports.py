"""What an import did or would do: counts and lists, kept beside its sources.

`data/sources/{slug}/{import}/` holds `report.json` (this), `files/` (the sources), `images.json`
(which image had which name) and the lists `mends.jsonl`, `problems.jsonl`, `warnings.jsonl`,
`gone.txt`. Until the import is applied, `full.nq` and the difference are there as well.
"""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from server.errors import NotFound
from server.i18n import _
from server.names import is_slug
from server.patches import Dataset

State = Literal["waiting", "applied", "undone", "empty"]
LISTS = ("problems", "warnings", "mends")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to tell about a record: where it stands, and what is with it."""

    file: str
    line: int | None
    record: str | None
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.record, self.message) if part)


@dataclass(slots=True)
class Report:
    """`records` were read; `added`, `changed`, `gone` count items, `annotations` those touched.

    `problems` (left out), `warnings`, `mends` count lines of the lists; `since` is the number of
    the bulk entry that it starts from, `files` what the child wrote.
    """

    id: str
    slug: str
    dataset: str
    title: str
    description: str
    language: str
    form: str
    mapping: str | None
    created: str
    state: State = "waiting"
    since: int = 0
    records: int = 0
    problems: int = 0
    warnings: int = 0
    mends: int = 0
    added: int = 0
    changed: int = 0
    gone: int = 0
    annotations: int = 0
    files: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def store(self) -> Dataset:
        """The dataset that it goes into."""
        return "work" if self.dataset == "work" else "public"

    @property
    def changes_something(self) -> bool:
        return bool(self.files.get("add") or self.files.get("remove"))


def folder(data: Path, slug: str, import_id: str = "") -> Path:
    """Where an import's files are; NotFound for names that are none."""
    if not is_slug(slug) or (import_id and not is_slug(import_id)):
        raise NotFound(_("There is no such import."))
    return data / "sources" / slug / import_id


def save(data: Path, report: Report) -> None:
    place = folder(data, report.slug, report.id)
    part = place / ".report.json"
    part.write_text(json.dumps(asdict(report), ensure_ascii=False), encoding="utf-8")
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(place / "report.json")


def get(data: Path, slug: str, import_id: str) -> Report:
    """Raises NotFound."""
    path = folder(data, slug, import_id) / "report.json"
    if not import_id or not path.is_file():
        raise NotFound(_("There is no such import."))
    return Report(**json.loads(path.read_text(encoding="utf-8")))


def find_all(data: Path, slug: str) -> list[Report]:
    """The imports of a collection, newest first; those that never ended are left out."""
    found = sorted(folder(data, slug).glob("*/report.json"), reverse=True)
    return [Report(**json.loads(path.read_text(encoding="utf-8"))) for path in found]


def sweep(data: Path) -> None:
    """Remove what imports left that were killed before they had a report."""
    for place in (data / "sources").glob("*/*/"):
        if not (place / "report.json").exists():
            shutil.rmtree(place)


def find_last(data: Path, slug: str) -> Report | None:
    """The last import that stands."""
    return next((one for one in find_all(data, slug) if one.state in ("applied", "empty")), None)


def lines(data: Path, report: Report, kind: str, limit: int = 200) -> list[Line]:
    """The first lines of `problems`, `warnings` or `mends`."""
    return list(islice(_lines(folder(data, report.slug, report.id) / f"{kind}.jsonl"), limit))


def _lines(path: Path) -> Iterator[Line]:
    if path.exists():
        with path.open(encoding="utf-8") as file:
            for text in file:
                yield Line(*json.loads(text))


def listed(data: Path, report: Report, name: str) -> Iterator[str]:
    """The item IRIs of `items`, `gone` or `touched`."""
    path = folder(data, report.slug, report.id) / f"{name}.txt"
    if path.exists():
        with path.open(encoding="utf-8") as file:
            yield from (line.rstrip("\n") for line in file)
