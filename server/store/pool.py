"""Strangers' queries in worker processes: first in first out, one at a time per client."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from server.errors import Malformed, TooLarge, TooMany, Unavailable
from server.i18n import _
from server.settings import Settings
from server.store import worker as protocol
from server.store.processes import Died, Worker
from server.store.snapshots import Snapshots

MAX_WAITING = 200
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Graph IRIs that the protocol names; `union` is off where the query has FROM clauses."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    union: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    media_type: str
    body: bytes


class QueryPool:
    """`async with QueryPool(settings, snapshots) as pool: await pool.run(query, accept=…, …)`.

    It runs what it is given: `guard.check` belongs in front of it.
    """

    def __init__(self, settings: Settings, snapshots: Snapshots) -> None:
        self._settings, self._snapshots = settings, snapshots
        self._base = settings.base_iri or f"http://{settings.host}:{settings.port}/"
        self._free: list[Worker] = []
        self._all: set[Worker] = set()
        self._waiting: deque[asyncio.Future[Worker]] = deque()
        self._clients: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def __aenter__(self) -> "QueryPool":
        try:
            for _number in range(self._settings.sparql_workers):
                await self._start_worker()
        except Unavailable:  # a large change is on its way: no snapshot until it is whole
            for _number in range(self._settings.sparql_workers - len(self._all)):
                self._background(self._keep_starting())
        except BaseException:
            await self.close()
            raise
        self._background(self._follow_store())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Kill every worker; who still waits is told that the server stops."""
        self._closed = True
        for future in self._waiting:
            if not future.done():
                future.set_exception(Unavailable(_("The server is stopping.")))
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*[worker.kill() for worker in self._all])
        self._free.clear()
        self._all.clear()

    async def run(
        self, query: str, *, accept: str, client: str, dataset: Dataset | None = None
    ) -> Answer:
        """The whole result in the media type `accept`.

        Raises Malformed for a syntax error, TooMany while the client's last query runs, TooLarge
        over `sparql_result` bytes, Unavailable past `sparql_seconds` or when the worker died.
        Cancelling it frees the worker.
        """
        if client in self._clients:
            raise TooMany(_("Your last query is still running: one at a time, please."))
        self._clients.add(client)
        try:
            body = await self._run(self._request(query, accept, dataset or Dataset()))
        finally:
            self._clients.discard(client)
        return Answer(accept, body)

    def _request(self, query: str, accept: str, dataset: Dataset) -> dict[str, Any]:
        return {
            "query": query,
            "accept": accept,
            "cap": self._settings.sparql_result,
            "base": self._base,
            "default": dataset.default,
            "named": dataset.named,
            "union": dataset.union,
        }

    async def _run(self, request: dict[str, Any]) -> bytes:
        seconds = self._settings.sparql_seconds
        worker = await self._take()
        intact = False
        try:
            async with asyncio.timeout(seconds):
                kind, content = await worker.ask(request)
            intact = True
        except TimeoutError:
            raise Unavailable(
                _("The query took longer than {seconds} seconds and was stopped.", seconds=seconds)
            ) from None
        except Died:
            raise Unavailable(
                _("The query needed more memory or nesting than a query may have.")
            ) from None
        finally:
            self._put_back(worker, intact)
        return self._outcome(kind, content)

    def _outcome(self, kind: bytes, content: bytes) -> bytes:
        if kind == protocol.END:
            return content
        if kind == protocol.LARGE:
            limit = self._settings.sparql_result
            raise TooLarge(_("The result is larger than {limit} bytes: use LIMIT.", limit=limit))
        reason = content.decode(errors="replace")[:1000]
        if kind == protocol.SYNTAX:
            # where, without the paragraph of tokens that could have stood there
            reason = reason.partition(" expected one of")[0].rstrip(":")
            raise Malformed(_("The query is not valid SPARQL: {reason}", reason=reason))
        _log.warning("a query failed: %s", reason)
        raise Unavailable(_("The query failed: {reason}", reason=reason))

    async def _take(self) -> Worker:
        if self._closed or len(self._waiting) >= MAX_WAITING:
            raise Unavailable(_("Too many queries are waiting; try again shortly."))
        if self._free and not self._waiting:
            return self._free.pop()
        future: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            async with asyncio.timeout(self._settings.sparql_seconds):
                return await future
        except BaseException as error:
            if future.done() and not future.cancelled() and future.exception() is None:
                self._give(future.result())  # it came in the moment that we stopped waiting
            if isinstance(error, TimeoutError):
                raise Unavailable(_("All query workers are busy; try again shortly.")) from None
            raise
        finally:
            with contextlib.suppress(ValueError):
                self._waiting.remove(future)

    def _give(self, worker: Worker) -> None:
        """To the one who waits longest, else to the free ones."""
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(worker)
                return
        self._free.append(worker)

    def _put_back(self, worker: Worker, intact: bool) -> None:
        if intact and not worker.is_outdated:
            self._give(worker)
        elif not self._closed:
            self._background(self._renew(worker) if intact else self._replace(worker))

    async def _renew(self, worker: Worker) -> None:
        """Open the newest snapshot; a worker that cannot is replaced."""
        try:
            async with asyncio.timeout(self._settings.sparql_seconds):
                await worker.open_newest()
        except (Died, OSError, TimeoutError) as error:
            _log.warning("a query worker could not open a snapshot: %r", error)
            await self._replace(worker)
        else:
            self._give(worker)

    async def _replace(self, worker: Worker) -> None:
        await worker.kill()
        self._all.discard(worker)
        await self._keep_starting()

    async def _keep_starting(self) -> None:
        pause = 0.1
        while True:
            try:
                return await self._start_worker()
            except (Died, OSError, Unavailable) as error:
                _log.warning("a query worker does not start yet: %r", error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5)

    async def _start_worker(self) -> None:
        if self._snapshots.is_empty:
            await asyncio.to_thread(self._snapshots.refresh)
        worker = await Worker.start(self._snapshots, self._settings.sparql_memory)
        self._all.add(worker)
        self._give(worker)

    async def _follow_store(self) -> None:
        """Make snapshots as the store moves, and have the free workers open them."""
        while True:
            await asyncio.sleep(min(0.5, self._settings.snapshot_seconds / 2))
            try:
                await asyncio.to_thread(self._snapshots.refresh)
            except Unavailable as error:
                _log.debug("no new snapshot of the public store yet: %s", error)
            except Exception:  # the disk may be full: the workers go on with what they have
                _log.exception("no new snapshot of the public store")
            for worker in [worker for worker in self._free if worker.is_outdated]:
                if worker in self._free:
                    self._free.remove(worker)
                    await self._renew(worker)

    def _background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
