"""Files on disk that can be made again: the oldest go where there is no room."""

import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

_BETWEEN = 200  # files, after which it is measured how much there is


class Shelf:
    """A folder; `most` are the bytes that it may hold, 0 for as many as the disk has room for."""

    def __init__(self, folder: Path, *, min_free: int, most: int = 0) -> None:
        self.folder = folder
        self._min_free, self._most = min_free, most
        self._since = _BETWEEN

    def find(self, name: str) -> Path | None:
        path = self.folder / name
        return path if path.is_file() else None

    def put(self, files: Mapping[str, bytes]) -> None:
        """Each appears whole."""
        for name, data in files.items():
            self.make(name, lambda part, data=data: part.write_bytes(data))  # type: ignore[misc]

    def make(self, name: str, write: Callable[[Path], object]) -> None:
        """A file that appears when it was written whole, not at all where that fails."""
        self.folder.mkdir(exist_ok=True)
        self._make_room()
        part = self.folder / f".{name}.{os.getpid()}"
        try:
            write(part)
            part.replace(self.folder / name)
        finally:
            part.unlink(missing_ok=True)

    def _make_room(self) -> None:
        """Let the oldest tenth go when it is too full: what people write comes first."""
        if shutil.disk_usage(self.folder).free <= 5 * self._min_free:
            self._drop_oldest(0.1)
        self._since += 1
        if self._most and self._since >= _BETWEEN:
            self._since = 0
            self._keep_within()

    def _keep_within(self) -> None:
        size = sum(entry.stat().st_size for entry in os.scandir(self.folder))
        if size > self._most:
            self._drop_oldest(1.1 - self._most / size)

    def _drop_oldest(self, share: float) -> None:
        aged = sorted((entry.stat().st_mtime, entry.path) for entry in os.scandir(self.folder))
        for _age, path in aged[: int(len(aged) * share) + 1]:
            with suppress(FileNotFoundError):
                os.unlink(path)
