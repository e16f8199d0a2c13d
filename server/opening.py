"""Opening a data directory: the lock, the journal, and projections that are mended or rebuilt."""

import fcntl
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from server.commit import Desk, Projection
from server.errors import Conflict, Damaged, Locked, NotFound
from server.i18n import _
from server.index.database import Database
from server.journal import accounts, bulk_files
from server.journal.entries import Journal, open_engine
from server.names import CH, Names
from server.patches import DATASETS, Dataset
from server.resources import folder
from server.settings import Settings
from server.store import queries
from server.store.datasets import OxigraphDataset

logger = logging.getLogger(__name__)
DEFAULT_BASE_IRI = "http://127.0.0.1:8000/"


def create(settings: Settings) -> None:
    """An empty data directory whose identity is the base IRI. Raises Conflict where one is."""
    base = settings.base_iri or _address(settings)
    if not base.endswith("/"):
        base += "/"
    for name in ("bulk", "media", "sources", "thumbnails"):
        (settings.data / name).mkdir(parents=True, exist_ok=True)
    journal = Journal(open_engine(settings.data / "journal.sqlite"))
    try:
        if (standing := journal.fact("base_iri")) not in (None, base):
            raise Conflict(
                _("This data directory belongs to {base}, which cannot change.", base=standing)
            )
        journal.set_fact("base_iri", base)
    finally:
        journal.close()


def _address(settings: Settings) -> str:
    """Where this computer's own browser will find it."""
    if settings.host not in ("127.0.0.1", "localhost") or not settings.port:
        return DEFAULT_BASE_IRI
    return f"http://{settings.host}:{settings.port}/"


def exists(settings: Settings) -> bool:
    return (settings.data / "journal.sqlite").is_file()


@contextmanager
def opened(settings: Settings, projection: Projection, schemas: tuple[str, ...]) -> Iterator[Desk]:
    """The desk of an existing data directory, level with its journal.

    Raises NotFound where there is none, Locked while another process has it, Conflict when
    another base IRI is asked for.
    """
    if not exists(settings):
        raise NotFound(_("There is no data directory at {path}.", path=settings.data))
    with _locked(settings.data):
        desk = _open(settings, projection, schemas)
        try:
            desk.catch_up()
            yield desk
        finally:
            desk.close()


def _open(settings: Settings, projection: Projection, schemas: tuple[str, ...]) -> Desk:
    journal = Journal(open_engine(settings.data / "journal.sqlite"))
    with ExitStack() as opened_so_far:
        opened_so_far.callback(journal.close)
        base = journal.fact("base_iri") or DEFAULT_BASE_IRI
        if settings.base_iri and settings.base_iri.rstrip("/") != base.rstrip("/"):
            raise Conflict(
                _("This data directory belongs to {base}, which cannot change.", base=base)
            )
        accounts.create_tables(journal.engine)
        bulk_files.remove_leftovers(settings.data / "bulk")
        names, last = Names(base), journal.last()
        datasets: dict[Dataset, OxigraphDataset] = {}
        for name in DATASETS:
            datasets[name] = _dataset(settings.data / name, names, last)
            opened_so_far.callback(datasets[name].close)
        index = _index(settings.data / "index.sqlite", schemas, last)
        opened_so_far.pop_all()
    return Desk(
        settings, names, journal, datasets, index, queries.load(folder("queries")), projection
    )


def _dataset(path: Path, names: Names, last: int) -> OxigraphDataset:
    try:
        return _known_dataset(path, names, last)
    except Damaged as error:
        reason = str(error)
    # Outside of the handler, whose traceback could keep a handle on the directory.
    logger.warning("%s is damaged and is rebuilt from the journal: %s", path.name, reason)
    _move_aside(path)
    return OxigraphDataset(path, names.data)


def _known_dataset(path: Path, names: Names, last: int) -> OxigraphDataset:
    """Raises Damaged for one that holds more than the journal (an older one was put back)."""
    dataset = OxigraphDataset(path, names.data)
    found = max(dataset.sequence(), dataset.sequence(CH.bulkSequence))
    if found > last:
        dataset.close()
        raise Damaged(f"{path.name} is at entry {found}, the journal at {last}")
    return dataset


def _index(path: Path, schemas: tuple[str, ...], last: int) -> Database:
    try:
        return _known_index(path, schemas, last)
    except (sqlite3.DatabaseError, Damaged) as error:
        logger.warning("the index is of no use and is rebuilt: %s", error)
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    return Database(path, schemas)


def _known_index(path: Path, schemas: tuple[str, ...], last: int) -> Database:
    index = Database(path, schemas)
    found = max(index.marked("sequence"), index.marked("bulk"))
    if found > last:
        index.close()
        raise Damaged(f"the index is at entry {found}, the journal at {last}")
    return index


def forget(settings: Settings, names: tuple[str, ...]) -> None:
    """Remove what can be made anew from the journal. Raises Locked while it is in use."""
    with _locked(settings.data):
        for name in names:
            path = settings.data / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def _move_aside(path: Path) -> None:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    shutil.move(path, path.with_name(f"{path.name}.damaged-{stamp}"))


@contextmanager
def _locked(data: Path) -> Iterator[None]:
    """One process at a time; the kernel lets go of the lock however the process ends."""
    with (data / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise Locked(
                _(
                    "Another process ({pid}) has this data directory open. "
                    "While the server runs, do this from its pages.",
                    pid=file.read().strip() or "?",
                )
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
