"""What is worked out in the background when the public data has moved on, and shown meanwhile."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from server.commit import Desk

T = TypeVar("T")
logger = logging.getLogger(__name__)
#: Seconds between two times, and how many times as long as it took: a busy day costs no more.
PAUSE, TIMES = 60.0, 100.0
#: Seconds that who asks first may wait for it: most instances are small.
FIRST = 1.0


class Background(Generic[T]):
    """`find` is done again, in a thread of its own, after the public dataset has changed."""

    def __init__(self, desk: Desk, find: Callable[[Desk], T], at_first: T) -> None:
        self._desk, self._find = desk, find
        self._value = at_first
        self._sequence = -1
        self._not_before = 0.0
        self._patience_until = time.monotonic() + FIRST
        self._lock = threading.Lock()
        self._running: threading.Thread | None = None

    def known(self) -> T:
        """What was found last, at once; the first time after a moment, if there is anything."""
        with self._lock:
            if self._is_due():
                self._running = threading.Thread(target=self.refresh, daemon=True)
                self._running.start()
            first = self._running if self._sequence < 0 else None
        if first is not None:
            first.join(max(0.0, self._patience_until - time.monotonic()))
        return self._value

    def refresh(self) -> T:
        """Find it now, and wait for it."""
        began, sequence = time.monotonic(), self._desk.public_sequence()
        try:
            self._value = self._find(self._desk)
            self._sequence = sequence
        except Exception:  # such as a server that is being stopped: there is the last value
            logger.exception("%s failed, and is tried again", self._find.__name__)
        took = time.monotonic() - began
        self._not_before = time.monotonic() + max(PAUSE, TIMES * took)
        return self._value

    def _is_due(self) -> bool:
        if self._running is not None and self._running.is_alive():
            return False
        moved = self._sequence != self._desk.public_sequence()
        return moved and time.monotonic() >= self._not_before and not self._desk.stopping.is_set()
