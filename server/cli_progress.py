"""Progress of work on large files: amounts in megabytes, with rate and time left."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import click

from server.console import progress

Tell = Callable[[str, int, int], None]
#: What is counted in bytes.
IN_BYTES = frozenset(("fetch", "read", "sort", "compare"))
_PAUSE = 10.0  # seconds between two lines where there is no terminal


@contextmanager
def telling(title: str) -> Iterator[Tell]:
    """A bar on a terminal, a line now and then otherwise; called with (what, done, total or 0)."""
    with progress(title) as bar:
        tell, pace = bar if sys.stderr.isatty() else _lines(title), Pace()

        def told(what: str, done: int, total: int) -> None:
            if what not in IN_BYTES:
                bar(what, done, total)
                return
            rate, left = pace.of(what, done, total)
            words = f"{what}, {rate / 1e6:.1f} MB/s" + (f", {left} left" if left else "")
            tell(words, done // 1_000_000, total // 1_000_000)

        yield told


class Pace:
    """How fast each phase of some work goes."""

    def __init__(self) -> None:
        self._phase, self._began = "", 0.0

    def of(self, phase: str, done: int, total: int) -> tuple[float, str]:
        """(bytes in a second, time left as minutes and seconds; empty where that is not known)."""
        if phase != self._phase:
            self._phase, self._began = phase, monotonic()
        rate = done / max(monotonic() - self._began, 0.001)
        if not total or not done or done > total:
            return rate, ""
        minutes, seconds = divmod(int((total - done) / rate), 60)
        return rate, f"{minutes}:{seconds:02}"


def _lines(title: str) -> Tell:
    due = monotonic() + _PAUSE

    def told(words: str, done: int, total: int) -> None:
        nonlocal due
        if monotonic() >= due:
            due = monotonic() + _PAUSE
            of = f" of {total}" if total else ""
            click.echo(f"{title}: {words}, {done}{of} MB", err=True)

    return told
