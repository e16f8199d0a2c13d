"""Work that many wait for and that is done once; a failure is remembered for a while."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from server.domain.remote_addresses import Unreachable
from server.errors import CrowdHeritageError, Unavailable
from server.i18n import _

WAITING = 500
FAILURE_SECONDS = 600.0
_REMEMBERED = 10_000
_Failure = tuple[float, CrowdHeritageError]


class Flights:
    """On one event loop."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[None]] = {}
        self._failures: dict[str, _Failure] = {}

    async def once(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Have the work of that name done, however many ask at the same time.

        Raises what it raises; Unreachable for ten minutes without trying again; Unavailable
        where too much is under way.
        """
        self._refuse_failed(name)
        task = self._running.get(name)
        if task is None:
            if len(self._running) >= WAITING:
                raise Unavailable(_("Too many pictures are being fetched. Please try again."))
            task = self._running[name] = asyncio.ensure_future(_run(work))
            task.add_done_callback(lambda done: self._finished(name, done))
        await asyncio.shield(task)  # one who leaves does not end it for the others

    def _finished(self, name: str, task: asyncio.Task[None]) -> None:
        del self._running[name]
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Unreachable):
            while len(self._failures) >= _REMEMBERED:
                del self._failures[next(iter(self._failures))]
            self._failures[name] = (time.monotonic() + FAILURE_SECONDS, error)

    def _refuse_failed(self, name: str) -> None:
        until, error = self._failures.get(name, (0.0, None))
        if error is not None and time.monotonic() < until:
            raise type(error)(str(error))
        self._failures.pop(name, None)


async def _run(work: Callable[[], Awaitable[None]]) -> None:
    await work()
