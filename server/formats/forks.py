"""A part of the work in a fork of this process, with the same limits, on another core."""

import os
import pickle
import sys
from collections.abc import Callable
from typing import Any

from server import sandbox
from server.errors import Malformed
from server.i18n import _


def may_fork() -> bool:
    """Whether another core is there to make use of."""
    return (
        hasattr(os, "fork")
        and hasattr(os, "sched_getaffinity")
        and (len(os.sched_getaffinity(0)) > 1)
    )


class Fork:
    """Runs `work` in a fork; what it returns, or raises, comes out of `result`. Call `end`."""

    def __init__(self, work: Callable[[], Any]) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        reads, writes = os.pipe()
        self._pid: int = os.fork()
        if self._pid == 0:
            os.close(reads)
            _work(work, writes)
        os.close(writes)
        self._pipe = os.fdopen(reads, "rb")

    def result(self) -> Any:
        data = self._pipe.read()
        if not data:
            raise Malformed(_("The file cannot be read: reading it made the reader crash."))
        returned, raised = pickle.loads(data)  # from ourselves
        if raised is not None:
            raise raised
        return returned

    def end(self) -> None:
        self._pipe.close()
        os.kill(self._pid, 9)
        os.waitpid(self._pid, 0)


def _work(work: Callable[[], Any], pipe: int) -> None:
    """Never returns."""
    try:
        sandbox.die_with_parent()
        try:
            answer = pickle.dumps((work(), None))
        except Exception as error:
            answer = pickle.dumps((None, error))
        with open(pipe, "wb") as file:
            file.write(answer)
    finally:
        os._exit(0)
