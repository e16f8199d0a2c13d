"""A large file of lines in pieces that are read as files of their own."""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def pieces(path: Path, size: int) -> Iterator["FilePiece"]:
    """Pieces of about so many bytes that end where a line ends; none of an empty file."""
    with path.open("rb") as file:
        start, end = 0, file.seek(0, os.SEEK_END)
        while start < end:
            file.seek(min(start + size, end))
            file.readline()
            stop = file.tell()
            yield FilePiece(path, start, stop)
            start = stop


class FilePiece(io.RawIOBase):
    """The bytes of a file from `start` to `stop`; opened by the first reading."""

    def __init__(self, path: Path, start: int, stop: int) -> None:
        self._path, self._place, self._stop = path, start, stop
        self._file: io.FileIO | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._file is None:
            self._file = self._path.open("rb", buffering=0)
            self._file.seek(self._place)
        view = memoryview(buffer).cast("B")
        read = self._file.readinto(view[: max(self._stop - self._place, 0)])
        self._place += read or 0
        return read or 0

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()
