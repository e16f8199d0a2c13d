"""What runs in the process that writes a dump (`python -m server.domain.dump_child`).

It has the memory that it is given, no network, and less claim to a core than those who wait for
an answer. A server that holds Python's lock for its readers is not slowed down by it.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import IO, Any

from server import i18n
from server.domain import dump_snapshots, dumps
from server.domain.dump_plans import Plan
from server.domain.vocabulary_forks import in_words
from server.formats import children
from server.formats.outputs import replacing
from server.names import Names
from server.resources import folder
from server.store import queries

Job = dict[str, Any]
_SELDOM = 0.2  # seconds


def main(job: Job, send: Callable[[Job], None]) -> None:
    i18n.language.set(job["language"])
    os.nice(10)
    plan = Plan.from_json(job["plan"])
    state = dump_snapshots.opened(
        Names(job["base"]), Path(job["snapshot"]), queries.load(folder("queries"))
    )
    told = _Seldom(send)
    try:
        with replacing(Path(job["target"])) as file:
            out = _Hashed(file, _unheard if plan.form == "edm" else told)
            records = dumps.write(state, plan, out, told)  # type: ignore[arg-type]
    except OSError as error:
        raise in_words(error) from error
    send({"done": {"size": out.size, "sha256": out.digest.hexdigest(), "records": records}})


def _unheard(_done: int, _total: int) -> None:
    """Records are told of, not bytes."""


class _Seldom:
    """Progress, not more often than anybody looks."""

    def __init__(self, send: Callable[[Job], None]) -> None:
        self._send = send
        self._next = 0.0

    def __call__(self, done: int, total: int) -> None:
        if monotonic() >= self._next:
            self._next = monotonic() + _SELDOM
            self._send({"told": [done, total]})


class _Hashed:
    """A file that knows its size and checksum; it only goes forward."""

    def __init__(self, file: IO[bytes], told: Callable[[int, int], None]) -> None:
        self._file = file
        self._told = told
        self.size = 0
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.size += len(data)
        self._told(self.size, 0)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()


if __name__ == "__main__":
    children.serve(main)
