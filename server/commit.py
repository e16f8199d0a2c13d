"""The one write path: journal, then stores, then index; and how they are brought level at start.

    decide(desk) -> Patch        one at a time, so that two windows cannot both win
    journal.append               durable from here on; the caller's answer cannot be lost
    stores, index                projections: each knows which entry it holds, and catches up

A bulk entry (a collection, a vocabulary) is journalled like any other; its files are then applied
by a job in chunks between which contributions go through (`bulk_jobs`). What lags behind the
journal catches up by `replays`.
"""

import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from pyoxigraph import NamedNode
from sqlalchemy.engine import Engine

from server import bulk_jobs, replays
from server.errors import StorageFull, Unavailable
from server.i18n import _
from server.index.database import Database
from server.journal.entries import Entry, Journal, RepeatedKey
from server.names import CH, Names
from server.patches import DATASETS, Bulk, Dataset, Patch
from server.settings import Settings
from server.store.datasets import OxigraphDataset, Row
from server.store.queries import NamedQuery, Value
from server.turns import Turns

T = TypeVar("T")
logger = logging.getLogger(__name__)
Step = Callable[[], None]
Progress = Callable[[str, int, int], None]
Projected = Literal["public", "work", "index"]
PROJECTED: tuple[Projected, ...] = ("public", "work", "index")


class Projection(Protocol):
    """What makes index rows of what the stores hold. Each step is small and repeatable."""

    def entry(self, desk: "Desk", entry: Entry, patch: Patch) -> None: ...

    def bulk(self, desk: "Desk", bulk: Bulk, entry: Entry) -> Iterator[Step]: ...

    def replay(self, desk: "Desk", after: int) -> Iterator[Step]: ...


class Desk:
    """The open journal, stores and index as one value, handed down as an argument."""

    def __init__(
        self, settings: Settings, names: Names, journal: Journal,
        datasets: dict[Dataset, OxigraphDataset], index: Database, queries: dict[str, NamedQuery],
        projection: Projection,
    ) -> None:  # fmt: skip
        self.settings = settings
        self.names = names
        self.journal = journal
        self.datasets = datasets
        self.index = index
        self.queries = queries
        self.projection = projection
        #: what lags behind the journal: public, work, index, or a bulk entry
        self.behind: set[str] = set()
        #: graphs (IRIs) of bulk changes that stand between patches and are not in yet: no patch
        #: may touch these, and what people said meanwhile is worked in afterwards
        self.owed: set[str] = set()
        self._turns = Turns()
        self._closed = False
        self._bulk_lock = threading.RLock()
        self._bulk_running = threading.Event()
        self.stopping = threading.Event()

    @property
    def accounts(self) -> Engine:
        """The account tables stand beside the journal, never in RDF."""
        return self.journal.engine

    # --- reading ---------------------------------------------------------------------------

    def select(
        self, name: str, dataset: Dataset | None = None, *, limit: int | None = None,
        offset: int = 0, **values: Value,
    ) -> list[Row]:  # fmt: skip
        """The solutions of a named query, from the dataset that its header names."""
        query = self.queries[name]
        return self._dataset(query, dataset).select(query, values, limit, offset)

    def ask(self, name: str, dataset: Dataset | None = None, **values: Value) -> bool:
        query = self.queries[name]
        return self._dataset(query, dataset).ask(query, values)

    def construct(self, name: str, dataset: Dataset | None = None, **values: Value) -> list[Any]:
        query = self.queries[name]
        return self._dataset(query, dataset).construct(query, values)

    def about(self, dataset: Dataset, node: NamedNode) -> list[tuple[NamedNode, Any]]:
        """(property, value) of each statement about one node; empty where nothing is said."""
        return self.datasets[dataset].about(node)

    def pointing(self, dataset: Dataset, property_: NamedNode, node: NamedNode) -> list[NamedNode]:
        """What has this node as a value of a property."""
        return self.datasets[dataset].pointing(property_, node)

    def _dataset(self, query: NamedQuery, asked: Dataset | None) -> OxigraphDataset:
        if query.dataset == "either":
            if asked is None:
                raise TypeError(f"{query.name} needs a dataset")
            return self.datasets[asked]
        return self.datasets["public" if query.dataset == "public" else "work"]

    # --- writing ---------------------------------------------------------------------------

    def commit(
        self, decide: Callable[["Desk"], tuple[Patch, T]], *, by: str, action: str, now: datetime,
        key: str | None = None,
    ) -> T:  # fmt: skip
        """Let `decide` read what stands and say what changes; make that durable and visible.

        Returns the value that `decide` returned. An empty patch writes nothing.
        Raises what `decide` raises, RepeatedKey for an idempotency key that was used,
        StorageFull or Unavailable when the journal cannot be written; nothing is stored then.
        """
        return self.write(lambda: self._commit(decide, by, action, now, key))

    def _commit(
        self, decide: Callable[["Desk"], tuple[Patch, T]], by: str, action: str, now: datetime,
        key: str | None,
    ) -> T:  # fmt: skip
        if key is not None and (seen := self.journal.find_key(key)) is not None:
            raise RepeatedKey(seen)  # before deciding, which would find what it did the first time
        self._refuse_when_full()
        self._require_level()
        patch, value = decide(self)
        if patch:
            entry = self.journal.append(patch.to_json(), agent=by, action=action, now=now, key=key)
            self.owe(patch)
            self._project(entry, patch)
        return value

    def owe(self, patch: Patch) -> None:
        """Remember the graphs that no patch may touch until the bulk changes of this one are in."""
        self.owed |= {bulk.graph for bulk in patch.bulk if bulk.in_order}

    def write(self, work: Callable[[], T]) -> T:
        """Do this when it is our turn to write. Raises Unavailable once we are stopping.

        On the caller's thread: handing the work to one writer thread instead, and waiting for it,
        cost a third of the median contribution (measured) and the language of its messages.
        """
        if not self.stopping.is_set():
            with self._turns:
                if not self._closed:
                    return work()
        raise Unavailable(_("The server is stopping. Please try again in a moment."))

    def _refuse_when_full(self) -> None:
        if shutil.disk_usage(self.settings.data).free < self.settings.min_free:
            raise StorageFull(_("The disk is nearly full. Nothing was stored."))

    def _require_level(self) -> None:
        """Nothing is decided on projections that lag: they show the past."""
        if not self.level():
            raise Unavailable(
                _("What was stored last is still being worked in. Please try again in a moment.")
            )

    def _project(self, entry: Entry, patch: Patch) -> None:
        """Make an entry visible; where that fails it stays in the journal and is caught up with."""
        failing: Projected = "index"
        try:
            for dataset in DATASETS:
                failing = dataset
                if patch.change(dataset):
                    self.datasets[dataset].apply(patch.change(dataset), entry.seq)
            failing = "index"
            self.project_index(entry, patch)
        except Exception:
            logger.exception("entry %s is saved, but %s lags behind", entry.seq, failing)
            # Those after it were not reached; an index made from a store that lags would be wrong.
            self.behind |= {*PROJECTED[PROJECTED.index(failing) :]}
            self.level()

    def project_index(self, entry: Entry, patch: Patch) -> None:
        """The index rows of one entry, and the mark that says they are in."""
        with self.index.write:
            self.projection.entry(self, entry, patch)
            self.index.mark("sequence", entry.seq)

    # --- bulk and bringing level -----------------------------------------------------------

    def run_bulk(self, progress: Progress = lambda *_: None) -> None:
        """Apply every bulk entry that a projection lacks, in order; the caller waits.

        `progress` is told (what, done, total) in quads. Contributions go through between chunks.
        """
        with self._bulk_lock:
            self._bulk_running.set()
            try:
                bulk_jobs.run(self, progress)
            except BaseException:
                self.behind.add("bulk")
                raise
            finally:
                self._bulk_running.clear()
            self.behind.discard("bulk")

    @property
    def updating(self) -> bool:
        """Whether a bulk change is half done: pages say "being updated", and snapshots wait."""
        return self._bulk_running.is_set() or "bulk" in self.behind or bool(self.owed)

    @property
    def bulk_folder(self) -> Path:
        return self.settings.data / "bulk"

    def level(self) -> bool:
        """In our turn to write: bring what lags level with the journal; whether nothing lags."""
        try:
            for projection in PROJECTED:
                if projection in self.behind:
                    replays.catch_up(self, projection)
                    self.behind.discard(projection)
        except Exception:
            logger.exception("%s still lags behind", projection)
            return False
        return True

    def catch_up(self) -> None:
        """Bring every projection level with the journal; called at start, before serving.

        What a projection refuses twice is set aside; one that cannot be written stays `behind`.
        """
        self.behind |= {*DATASETS}
        self.write(self.level)
        with self._bulk_lock:
            bulk_jobs.mend(self)
        self.behind.add("index")
        self.write(self.level)

    # --- the rest --------------------------------------------------------------------------

    def snapshot(self, target: Path) -> None:
        """A copy of the public dataset, taken between two entries."""
        self.write(lambda: self._snapshot(target))

    def _snapshot(self, target: Path) -> None:
        if self.updating or "public" in self.behind:
            raise Unavailable(_("A collection is being updated."))
        self.datasets["public"].backup(target)

    def public_sequence(self) -> int:
        """The number of the last entry that the public dataset holds."""
        public = self.datasets["public"]
        return max(public.sequence(), public.sequence(CH.bulkSequence))

    def record_digests(self) -> None:
        for dataset in self.datasets.values():
            dataset.record_digests()

    def close(self) -> None:
        """Finish what was accepted, then let go of every file.

        A bulk job stops after its chunk, and goes on at the next start.
        """
        self.stopping.set()
        with self._bulk_lock, self._turns:
            self._closed = True
        self.index.close()
        for dataset in self.datasets.values():
            dataset.close()
        self.journal.close()
