"""Work on strangers' files in a child process that has limits and may die without harm."""

import gc
import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import monotonic
from typing import Any

from server import sandbox
from server.errors import CrowdHeritageError, Malformed, StorageFull, TooLarge, Unavailable
from server.i18n import _

Message = dict[str, Any]
_OUT_OF_MEMORY = 77
_POLL = 0.1
_ERRORS: dict[str, type[CrowdHeritageError]] = {
    "Malformed": Malformed,
    "TooLarge": TooLarge,
    "StorageFull": StorageFull,
    "Unavailable": Unavailable,
}


def run_child(
    target_module: str,
    job: Message,
    *,
    memory: int,
    seconds: float,
    on_message: Callable[[Message], None],
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Run `python -m target_module` (which calls `serve`) on a job; returns how many messages came.

    `memory` is in bytes, `seconds` of the clock. Malformed where the child crashes, TooLarge where
    its memory does not suffice, Unavailable at the deadline or when `stop` says so; what the job
    itself raises comes out as the same error.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path or "." for path in sys.path)}
    child = subprocess.Popen(
        [sys.executable, "-m", target_module],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
    )  # fmt: skip
    try:
        _send_job(child, {"memory": memory, "seconds": seconds, "job": job})
        count = 0
        for message in _messages(child, monotonic() + seconds, stop):
            if "error" in message and set(message) == {"error", "reason"}:
                raise _ERRORS.get(message["error"], Malformed)(message["reason"])
            on_message(message)
            count += 1
        _check(child.wait())
        return count
    finally:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def serve(main: Callable[[Message, Callable[[Message], None]], None]) -> None:
    """What a target module calls: confine this process, then `main(job, send)`."""
    sandbox.die_with_parent()
    order = json.loads(sys.stdin.buffer.read())
    output = sys.stdout.buffer

    def send(message: Message) -> None:
        output.write(json.dumps(message).encode() + b"\n")
        output.flush()

    seconds = int(order["seconds"]) + 1
    sandbox.confine(memory=order["memory"], cpu_seconds=seconds, write_files=True)
    gc.set_threshold(200_000, 20, 100)  # millions of strings live on: looking for cycles is in vain
    try:
        main(order["job"], send)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    except CrowdHeritageError as error:
        kinds = [kind.__name__ for kind in type(error).__mro__ if kind.__name__ in _ERRORS]
        send({"error": kinds[0] if kinds else "Malformed", "reason": str(error)})


def _send_job(child: subprocess.Popen[bytes], order: Message) -> None:
    assert child.stdin is not None
    with suppress(BrokenPipeError):
        child.stdin.write(json.dumps(order).encode())
        child.stdin.close()


def _messages(
    child: subprocess.Popen[bytes], deadline: float, stop: Callable[[], bool]
) -> Iterator[Message]:
    assert child.stdout is not None
    pipe, rest = child.stdout.fileno(), b""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            if stop():
                raise Unavailable(_("The work was stopped."))
            if monotonic() > deadline:
                raise Unavailable(_("The file takes too long to read; the work was stopped."))
            if not selector.select(_POLL):
                continue
            data = os.read(pipe, 1 << 16)
            if not data:
                return
            *lines, rest = (rest + data).split(b"\n")
            yield from map(json.loads, lines)


def _check(status: int) -> None:
    if status == 0:
        return
    if status in (_OUT_OF_MEMORY, -signal.SIGABRT):
        raise TooLarge(_("The file needs more memory than a file may take."))
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Unavailable(_("The file takes too long to read; the work was stopped."))
    raise Malformed(_("The file cannot be read: reading it made the reader crash."))
