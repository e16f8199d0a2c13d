"""Looking after a data directory: checking, backing up, restoring."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from server.commit import Desk
from server.errors import Conflict, Damaged, NotFound
from server.i18n import _
from server.journal import bulk_files
from server.patches import Patch
from server.settings import Settings

Progress = Callable[[str, int, int], None]
#: What a backup copies beside the journal; the stores and the index follow from these.
_FOLDERS = ("bulk", "media", "sources", "releases")


def check(desk: Desk, progress: Progress) -> list[str]:
    """What is wrong, in words: set-aside entries, lagging projections, missing or damaged files."""
    found = [
        _("entry {seq} was refused by {name}: {error}", seq=seq, name=name, error=error)
        for seq, name, error in desk.journal.set_aside_entries()
    ]
    found += [_("{name} lags behind the journal", name=name) for name in sorted(desk.behind)]
    sequences = desk.journal.bulk_sequences()
    for number, seq in enumerate(sequences, 1):
        progress("bulk files", number, len(sequences))
        found += _damaged_files(desk, seq)
    return found


def _damaged_files(desk: Desk, seq: int) -> list[str]:
    found = []
    for bulk in Patch.from_json(desk.journal.get(seq).patch).bulk:
        for file in (bulk.add, bulk.remove, bulk.full):
            try:
                if file is not None:
                    bulk_files.path(desk.bulk_folder, file)
            except Damaged as error:
                found.append(_("entry {seq}: {error}", seq=seq, error=error))
    return found


def backup(desk: Desk, target: Path, progress: Progress) -> None:
    """A consistent copy while the instance is open. Raises Conflict where the target exists."""
    if target.exists():
        raise Conflict(_("{path} exists already.", path=target))
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    data = desk.settings.data
    with sqlite3.connect(data / "journal.sqlite") as source:
        copy = sqlite3.connect(partial / "journal.sqlite")
        source.backup(copy)
        copy.close()
    for number, name in enumerate(_FOLDERS, 1):
        progress(name, number, len(_FOLDERS))
        if (data / name).exists():
            shutil.copytree(data / name, partial / name)
    partial.rename(target)


def restore(source: Path, settings: Settings) -> None:
    """Raises Conflict where the data directory exists, NotFound where there is no backup."""
    if not (source / "journal.sqlite").is_file():
        raise NotFound(_("There is no backup at {path}.", path=source))
    if settings.data.exists() and any(settings.data.iterdir()):
        raise Conflict(_("{path} exists already.", path=settings.data))
    shutil.copytree(source, settings.data, dirs_exist_ok=True)
