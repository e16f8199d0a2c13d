"""One query worker as seen from the server: started, asked over pipes, killed."""

import asyncio
import contextlib
import json
import os
import struct
import sys
from pathlib import Path
from typing import Any

from server.store import worker
from server.store.snapshots import Snapshot, Snapshots

_PROJECT = Path(__file__).resolve().parents[2]


class Died(Exception):
    """The worker's process ended: out of memory, a native crash, or killed from outside."""


class Worker:
    def __init__(self, process: asyncio.subprocess.Process, snapshots: Snapshots) -> None:
        self.process = process
        self._snapshots = snapshots
        self.snapshot: Snapshot | None = None

    @classmethod
    async def start(cls, snapshots: Snapshots, memory: int) -> "Worker":
        """A new process with the newest snapshot open; OSError or Died if that fails."""
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", worker.__name__, str(memory)),
            stdin=pipe,
            stdout=pipe,
            stderr=asyncio.subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,  # Ctrl-C in a terminal is the server's to handle
        )
        self = cls(process, snapshots)
        try:
            await self.open_newest()
        except BaseException:
            await self.kill()
            raise
        return self

    async def open_newest(self) -> None:
        """Swap the snapshot; only between queries."""
        newest = self._snapshots.acquire()
        old, self.snapshot = self.snapshot, newest
        try:
            await self._send({"open": str(newest.path)})
            await self._frame()
        finally:
            if old is not None:
                await asyncio.to_thread(self._snapshots.release, old)

    @property
    def is_outdated(self) -> bool:
        return self.snapshot is None or not self._snapshots.is_current(self.snapshot)

    async def ask(self, request: dict[str, Any]) -> tuple[bytes, bytes]:
        """The kind of the last frame, and the result or the message. Raises Died."""
        await self._send(request)
        parts: list[bytes] = []
        while (frame := await self._frame())[0] == worker.DATA:
            parts.append(frame[1])
        kind, message = frame
        return (kind, b"".join(parts)) if kind == worker.END else (kind, message)

    async def kill(self) -> None:
        """End the process at once, and give its snapshot back."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()
        held, self.snapshot = self.snapshot, None
        if held is not None:
            await asyncio.to_thread(self._snapshots.release, held)

    async def _send(self, request: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        data = json.dumps(request).encode()
        try:
            self.process.stdin.write(struct.pack("<I", len(data)) + data)
            await self.process.stdin.drain()
        except OSError as error:
            raise Died from error

    async def _frame(self) -> tuple[bytes, bytes]:
        assert self.process.stdout is not None
        try:
            head = await self.process.stdout.readexactly(5)
            kind, length = struct.unpack("<cI", head)
            return kind, await self.process.stdout.readexactly(length)
        except (asyncio.IncompleteReadError, OSError) as error:
            raise Died from error


def _environment() -> dict[str, str]:
    """No secrets of the server's; one malloc arena, as each reserves much of the address space."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(_PROJECT), "MALLOC_ARENA_MAX": "1"}
