"""Counters of what clients do in a window of time, kept in memory."""

import threading
import time

from limits.storage.base import Storage


class Counters(Storage):
    """What limits' fixed windows count by. Its own storage in memory starts a thread at nearly
    every hit, to sweep; here those that ended go once a minute, when another hit comes."""

    STORAGE_SCHEME = None
    _SWEEP_SECONDS = 60.0

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._swept = time.time()
        self._standing: dict[str, tuple[int, float]] = {}  # the number, and when its window ends

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        now = time.time()
        with self._lock:
            self._sweep(now)
            count, end = self._at(key, now)
            self._standing[key] = count + amount, end or now + expiry
            return count + amount

    def decr(self, key: str, amount: int = 1) -> int:
        with self._lock:
            count, end = self._at(key, time.time())
            if end:
                self._standing[key] = max(0, count - amount), end
            return max(0, count - amount)

    def get(self, key: str) -> int:
        return self._at(key, time.time())[0]

    def get_expiry(self, key: str) -> float:
        now = time.time()
        return self._at(key, now)[1] or now

    def clear(self, key: str) -> None:
        self._standing.pop(key, None)

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        with self._lock:
            count = len(self._standing)
            self._standing.clear()
        return count

    def _at(self, key: str, now: float) -> tuple[int, float]:
        """Nothing, once its window has ended."""
        count, end = self._standing.get(key, (0, 0.0))
        return (count, end) if end > now else (0, 0.0)

    def _sweep(self, now: float) -> None:
        if now - self._swept > self._SWEEP_SECONDS:
            self._swept = now
            ended = [key for key, (_count, end) in self._standing.items() if end <= now]
            for key in ended:
                del self._standing[key]
