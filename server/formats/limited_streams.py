"""Streams that count what is actually read, and stop at a limit: bombs are caught here."""

import gzip
import io
import tarfile
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO

from server.errors import Malformed, TooLarge
from server.i18n import _

#: What the decompressors raise on damaged data.
DAMAGE = (EOFError, zlib.error, zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile)


def damaged(name: str) -> Malformed:
    return Malformed(_("{name} is damaged: its compressed data ends or breaks.", name=name))


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken: sizes in bytes, uncompressed; `ratio` holds from `ratio_from` bytes on."""

    members: int = 250_000
    member: int = 500_000_000
    total: int = 4_000_000_000
    ratio: int = 200
    ratio_from: int = 10_000_000


class Budget:
    """What one walk may still read."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.count = 0
        self.total = 0

    def open(self) -> None:
        self.count += 1
        if self.count > self.limits.members:
            raise TooLarge(_("There are more than {count} files in it.", count=self.limits.members))

    def spend(self, size: int) -> None:
        self.total += size
        if self.total > self.limits.total:
            raise TooLarge(_("It holds more than {size} MB.", size=self.limits.total // 1_000_000))


class Counted(io.RawIOBase):
    """A stream that stops at the limits of its walk; `packed` says what came in compressed."""

    def __init__(
        self, stream: IO[bytes], name: str, budget: Budget, packed: "Tally | int | None"
    ) -> None:
        self._stream, self._name, self._budget, self._packed = stream, name, budget, packed
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except DAMAGE as error:
            raise damaged(self._name) from error
        buffer[: len(data)] = data
        self._count(len(data))
        return len(data)

    def _count(self, size: int) -> None:
        self._size += size
        self._budget.spend(size)
        limits = self._budget.limits
        if self._size > limits.member:
            message = _(
                "{name} is larger than {size} MB.", name=self._name, size=limits.member // 1_000_000
            )
            raise TooLarge(message)
        packed = self._packed.size if isinstance(self._packed, Tally) else self._packed
        if packed is not None and self._size > max(limits.ratio_from, limits.ratio * packed):
            raise TooLarge(_("{name} is compressed beyond reason, like a bomb.", name=self._name))


class Tally(io.RawIOBase):
    """Counts the compressed bytes that a decompressor takes."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self.size += len(data)
        return len(data)
