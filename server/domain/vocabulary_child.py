"""What runs in a vocabulary's limited child process (`python -m server.domain.vocabulary_child`).

The reader runs here, and a fork of this process sorts what it reads, so that two cores work.
"""

import errno
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from server import i18n, sandbox
from server.domain import vocabulary_sources
from server.domain.import_states import Written
from server.domain.vocabulary_building import Place, build, seldom
from server.domain.vocabulary_files import Sorter
from server.errors import CrowdHeritageError, StorageFull, Unavailable
from server.formats import children
from server.formats.vocabularies import Reading
from server.i18n import _

Job = dict[str, Any]
Send = Callable[[Job], None]
_OUT_OF_MEMORY = 77
_PIECE = 1 << 20


def main(job: Job, send: Send) -> None:
    i18n.language.set(job["language"])
    try:
        send({"done": load(job, send)})
    except OSError as error:
        raise _in_words(error) from error


def load(job: Job, send: Send) -> Job:
    """Everything that a load needs to know, in files of its folder."""
    folder = Path(job["folder"])
    tell = seldom(lambda what, done, total: send({"told": [what, done, total]}))
    reading = Reading(folder, lambda done, total: tell("read", done, total))
    sorter = ForkedSorter(folder, job["spare"], tell)
    try:
        paths = [Path(path) for path in job["paths"]]
        data = vocabulary_sources.read(job["source"], paths, job["options"], reading)
        send({"scheme": data.scheme or ""})
        place = Place(
            folder, job["graph"], job["base"], _path(job["old"]), _path(job["used"]),
            job["language"],
        )  # fmt: skip
        return build(data, reading, place, sorter, tell)
    finally:
        sorter.end()


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _in_words(error: OSError) -> CrowdHeritageError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull(_("The disk is full. Nothing was stored."))
    return Unavailable(_("The file cannot be read: {reason}", reason=error))


class ForkedSorter:
    """A `Sorter` in a process of its own, with the same limits; lines go to it through a pipe."""

    def __init__(self, folder: Path, spare: int, tell: Callable[[str, int, int], None]) -> None:
        self._answer = folder / "sorted.json"
        sys.stdout.flush()
        reads, self._pipe = os.pipe()
        self._pid: int | None = os.fork()
        if self._pid == 0:
            os.close(self._pipe)
            self._sort(folder, spare, reads, tell)
        os.close(reads)

    def add(self, lines: bytes) -> None:
        rest = memoryview(lines)
        try:
            while rest:
                rest = rest[os.write(self._pipe, rest) :]
        except BrokenPipeError:
            self._wait()  # raises what ended it
            raise

    def finish(self, path: Path, progress: Callable[[int, int], None]) -> Written:
        """`progress` is what the fork was given."""
        os.close(self._pipe)
        self._pipe = -1
        self._wait()
        Path(path.parent / "sorted.nq").replace(path)
        found = json.loads(self._answer.read_text())
        self._answer.unlink()
        return Written(**found)

    def end(self) -> None:
        """Let it go, whatever it was doing."""
        if self._pipe >= 0:
            os.close(self._pipe)
        if self._pid:
            os.kill(self._pid, 9)
            os.waitpid(self._pid, 0)
            self._pid = None

    def _wait(self) -> None:
        assert self._pid
        _pid, status = os.waitpid(self._pid, 0)
        self._pid = None
        code = os.waitstatus_to_exitcode(status)
        if code == _OUT_OF_MEMORY:
            raise MemoryError
        if code < 0:  # killed by a signal: end the same way, so that the parent knows why
            os.kill(os.getpid(), -code)
        if code and self._answer.exists():
            raise StorageFull(self._answer.read_text())
        if code:
            os._exit(code)

    def _sort(
        self, folder: Path, spare: int, pipe: int, tell: Callable[[str, int, int], None]
    ) -> None:
        """In the fork, which never returns."""
        status = 1
        try:
            sandbox.die_with_parent()
            written = self._sorted(folder, spare, pipe, tell)
            self._answer.write_text(json.dumps(asdict(written)))
            status = 0
        except MemoryError:
            status = _OUT_OF_MEMORY
        except (OSError, StorageFull) as error:
            self._answer.write_text(
                str(error if isinstance(error, StorageFull) else _in_words(error))
            )
        finally:
            os._exit(status)

    def _sorted(
        self, folder: Path, spare: int, pipe: int, tell: Callable[[str, int, int], None]
    ) -> Written:
        sorter, rest = Sorter(folder, spare), b""
        while data := os.read(pipe, _PIECE):
            whole, end, rest = (rest + data).rpartition(b"\n")
            sorter.add(whole + end)
        return sorter.finish(folder / "sorted.nq", lambda done, total: tell("sort", done, total))


if __name__ == "__main__":
    children.serve(main)
