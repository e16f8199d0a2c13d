"""A collection as a table for its museum's own system: its rows, and beside them what was added.

The first sheet has the imported columns unchanged, where the collection came as a spreadsheet, and
for each field two new ones, with labels and IRIs. The second has each statement with its votes, the
third says where all this is from.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import server
from server.commit import Desk
from server.domain import (
    collections,
    permissions,
    texts,
)
from server.domain.accounts import Person
from server.domain.collection_rows import STATUSES, Progress, Table, Wish, campaigns_over
from server.errors import Invalid, NotFound, Problem, StorageFull
from server.formats import sheet_writing
from server.formats.sheet_writing import Cell
from server.i18n import _
from server.names import is_slug, new_id, timestamp

KEPT = 20  # tables of one collection


@dataclass(frozen=True, slots=True)
class Made:
    """A finished table: `sequence` is the entry that it is as of, `cut` counts shortened cells."""

    id: str
    wish: Wish
    name: str
    at: str
    sequence: int
    items: int
    statements: int
    cut: int
    size: int

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.at)


def make(
    desk: Desk, organiser: Person, wish: Wish, *, now: datetime,
    progress: Progress = lambda *_: None, stop: Callable[[], bool] = lambda: False,
) -> Made:  # fmt: skip
    """Write the table and keep it; the newest `KEPT` of a collection stay.

    Raises Forbidden, NotFound, Invalid, StorageFull; Unavailable when it is stopped.
    """
    permissions.require(organiser, "see work")
    check(desk, wish)
    if shutil.disk_usage(desk.settings.data).free < 2 * desk.settings.min_free:
        raise StorageFull(_("There is no room for the table on the disk."))
    made_id = new_id()
    place = _folder(desk, wish.collection) / made_id
    place.mkdir(parents=True)
    try:
        made = _write(desk, wish, place, made_id, now, progress, stop)
        (place / "table.json").write_text(json.dumps(asdict(made)), encoding="utf-8")
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    for old in find_made(desk, wish.collection)[KEPT:]:
        shutil.rmtree(_folder(desk, wish.collection) / old.id, ignore_errors=True)
    return made


def write_file(
    desk: Desk, organiser: Person, wish: Wish, target: Path, *, now: datetime,
    progress: Progress = lambda *_: None,
) -> Made:  # fmt: skip
    """As `make`, into a file that appears when it is whole, and is not kept."""
    permissions.require(organiser, "see work")
    check(desk, wish)
    part = target.with_name(f".{target.name}-{new_id()}")
    part.mkdir()
    try:
        made = _write(desk, wish, part, new_id(), now, progress, lambda: False)
        (part / made.name).replace(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return made


def find_made(desk: Desk, collection: str) -> list[Made]:
    """The tables that are kept of a collection, newest first."""
    found = sorted(_folder(desk, collection).glob("*/table.json"), reverse=True)
    return [_read(path) for path in found]


def get_made(desk: Desk, collection: str, made_id: str) -> tuple[Made, Path]:
    """A table and its file. Raises NotFound."""
    place = _folder(desk, collection) / made_id
    if not is_slug(made_id) or not (place / "table.json").is_file():
        raise NotFound(_("There is no such table; perhaps it was replaced by newer ones."))
    made = _read(place / "table.json")
    return made, place / made.name


def _read(path: Path) -> Made:
    said = json.loads(path.read_text(encoding="utf-8"))
    wish = said.pop("wish")
    wish["campaigns"] = tuple(wish["campaigns"])
    return Made(wish=Wish(**wish), **said)


def _folder(desk: Desk, collection: str) -> Path:
    if not is_slug(collection):
        raise NotFound(_("There is no such collection."))
    return desk.settings.data / "tables" / collection


def check(desk: Desk, wish: Wish) -> None:
    """Raises NotFound, or Invalid naming the field of the wish."""
    if collections.standing_in(desk, wish.collection) is None:
        raise NotFound(_("There is no such collection."))
    if wish.form not in sheet_writing.FORMS or wish.status not in STATUSES:
        message = _("Choose one of what is offered.")
        raise Invalid(message, (Problem("form", message),))
    known = {campaign.slug for campaign in campaigns_over(desk, wish.collection)}
    for slug in wish.campaigns:
        if slug not in known:
            message = _("The campaign “{slug}” is not about this collection.", slug=slug[:100])
            raise Invalid(message, (Problem("campaign", message),))
    if not 0 <= wish.since <= desk.journal.last():
        message = _("Nothing was changed at that number yet.")
        raise Invalid(message, (Problem("since", message),))


def _write(
    desk: Desk, wish: Wish, place: Path, made_id: str, now: datetime, progress: Progress,
    stop: Callable[[], bool],
) -> Made:  # fmt: skip
    sequence = desk.journal.last()
    name = f"{wish.collection}-{timestamp(now)[:10]}{sheet_writing.SUFFIXES[wish.form]}"
    with sheet_writing.open_workbook(place / name, wish.form) as book:
        table = Table(desk, wish, book, progress, stop)
        table.write()
        for line in _about(desk, wish, now, sequence, book.cut):
            book.add(_("About"), line)
        cut = book.cut
    with (place / name).open("rb") as file:
        os.fsync(file.fileno())
    size = (place / name).stat().st_size
    return Made(
        made_id, wish, name, timestamp(now), sequence, table.items, table.statements, cut, size
    )


def _about(desk: Desk, wish: Wish, now: datetime, sequence: int, cut: int) -> Iterator[list[Cell]]:
    found: list[tuple[str, Any]] = [
        (_("Collection"), desk.names.collection(wish.collection).value),
        (_("Made on"), timestamp(now)),
        (_("As of entry"), sequence),
        (_("Changed since entry"), wish.since or ""),
        (_("Statements that were"), wish.status),
        (_("Made with"), f"CrowdHeritage {server.__version__}"),
        (_("Cells that were shortened"), cut),
    ]
    for campaign in campaigns_over(desk, wish.collection):
        if not wish.campaigns or campaign.slug in wish.campaigns:
            title = texts.choose(campaign.title, wish.language)
            found.append((_("Campaign"), f"{title} <{desk.names.campaign(campaign.slug).value}>"))
            found.append((_("Licence of contributions"), campaign.licence))
    yield from ([name, value] for name, value in found)
