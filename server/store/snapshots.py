"""Numbered copies (hard links) of the public store, made for the query workers as it moves."""

import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One copy: `sequence` is the state of the store that it holds at least."""

    number: int
    path: Path
    sequence: int


class Snapshots:
    """The newest snapshot, and those that a worker still has open.

    `backup` copies the store into a path that does not exist yet (same file system); `sequence` is
    the number of the last entry in the store. Both are called on the thread that calls `refresh`.
    """

    def __init__(
        self,
        directory: Path,
        backup: Callable[[Path], None],
        sequence: Callable[[], int],
        max_age: float = 2.0,
    ) -> None:
        self.directory = directory
        self._backup, self._sequence = backup, sequence
        self._max_age = max_age
        self._current: Snapshot | None = None
        self._made = 0.0
        self._number = 0
        self._uses: Counter[Snapshot] = Counter()
        self._lock = threading.Lock()  # of the counts
        self._refreshing = threading.Lock()  # of the copying
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)

    def refresh(self) -> Snapshot:
        """The newest snapshot; a new one where the store moved and the last is `max_age` s old."""
        with self._refreshing:
            if self._current is None or self._is_due(self._current):
                self._replace()
            assert self._current is not None
            return self._current

    def acquire(self) -> Snapshot:
        """The newest snapshot, kept until `release`."""
        with self._lock:
            if self._current is not None:
                self._uses[self._current] += 1
                return self._current
        self.refresh()
        return self.acquire()

    def release(self, snapshot: Snapshot) -> None:
        """No longer needed by the one who acquired it; removed when no longer needed by anybody."""
        with self._lock:
            self._uses[snapshot] -= 1
            self._remove_unused()

    @property
    def is_empty(self) -> bool:
        return self._current is None

    def is_current(self, snapshot: Snapshot) -> bool:
        return snapshot == self._current

    def _is_due(self, last: Snapshot) -> bool:
        return time.monotonic() - self._made >= self._max_age and self._sequence() > last.sequence

    def _replace(self) -> None:
        # Read first: entries written meanwhile may be in the copy, and then cost one more copy.
        sequence = self._sequence()
        self._number += 1
        path = self.directory / f"{self._number:08d}"
        try:
            self._backup(path)
        except BaseException:  # a disk that is full, say
            shutil.rmtree(path, ignore_errors=True)
            raise
        with self._lock:
            old, self._current = self._current, Snapshot(self._number, path, sequence)
            self._made = time.monotonic()
            if old is not None:
                self._uses[old] += 0  # known from now on, so removed as soon as nobody uses it
            self._remove_unused()

    def _remove_unused(self) -> None:
        for snapshot in [s for s, uses in self._uses.items() if uses <= 0]:
            if snapshot != self._current:
                del self._uses[snapshot]
                shutil.rmtree(snapshot.path, ignore_errors=True)
