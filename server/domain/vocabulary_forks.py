"""Sorting in a fork of this process, so that two cores work."""

import errno
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from server import sandbox
from server.domain.import_states import Written
from server.domain.vocabulary_files import Sorter
from server.errors import CrowdHeritageError, StorageFull, Unavailable
from server.i18n import _

_OUT_OF_MEMORY = 77
_PIECE = 1 << 20


def in_words(error: OSError) -> CrowdHeritageError:
    """What a file that cannot be read or written comes to."""
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

    def finish(self, path: Path) -> Written:
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
                str(error if isinstance(error, StorageFull) else in_words(error))
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
