"""What comes in on its way to an import: standard input and uploads, in folders of their own."""

import json
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from server.errors import Invalid, NotFound, Problem
from server.i18n import _
from server.names import is_slug, new_id

_PIECE = 1 << 20
_PATIENCE = 7 * 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Upload:
    """Files that wait to be imported, below `data/uploads/{id}`: what was said with them too."""

    id: str
    slug: str
    title: str
    description: str = ""
    private: bool = False
    strict: bool = False

    def folder(self, data: Path) -> Path:
        return data / "uploads" / self.id

    def sources(self, data: Path) -> tuple[Path, ...]:
        return tuple(sorted((self.folder(data) / "files").iterdir()))

    def images(self, data: Path) -> Path | None:
        """A zip of them, or the folder that they are in; None where there are none."""
        folder = self.folder(data) / "images"
        found = sorted(folder.iterdir()) if folder.is_dir() else []
        if not found:
            return None
        return found[0] if len(found) == 1 and found[0].suffix.lower() == ".zip" else folder


def receive(
    data: Path,
    upload: Upload,
    files: list[tuple[str, BinaryIO]],
    images: list[tuple[str, BinaryIO]],
) -> None:
    """Keep what was uploaded, each file under its own name. Raises Invalid where it is nothing."""
    if not files:
        message = _("Choose at least one file.")
        raise Invalid(message, (Problem("files", message),))
    _sweep(data / "uploads")
    for kind, streams in (("files", files), ("images", images)):
        folder = upload.folder(data) / kind
        folder.mkdir(parents=True)
        for number, (name, stream) in enumerate(streams):
            target = folder / _plain(name, number)
            if target.exists():
                target = folder / f"{number}-{target.name}"
            with target.open("wb") as file:
                shutil.copyfileobj(stream, file, _PIECE)
    text = json.dumps(asdict(upload), ensure_ascii=False)
    (upload.folder(data) / "upload.json").write_text(text, encoding="utf-8")


def _sweep(folder: Path) -> None:
    """Forget what nobody went on with."""
    for one in folder.iterdir() if folder.is_dir() else ():
        if one.stat().st_mtime < time.time() - _PATIENCE:
            shutil.rmtree(one, ignore_errors=True)


def get(data: Path, upload_id: str) -> Upload:
    """Raises NotFound."""
    path = data / "uploads" / upload_id / "upload.json"
    if not is_slug(upload_id) or not path.is_file():
        raise NotFound(_("This upload is no longer there. Please begin anew."))
    return Upload(**json.loads(path.read_text(encoding="utf-8")))


def forget(data: Path, upload_id: str) -> None:
    if is_slug(upload_id):
        shutil.rmtree(data / "uploads" / upload_id, ignore_errors=True)


def _plain(name: str, number: int) -> str:
    """A file name without path or control characters; its ending stays."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(sign for sign in last if sign.isprintable())[-120:].lstrip(".")
    return kept or f"file-{number}"


@contextmanager
def stored(data: Path, paths: tuple[str, ...]) -> Iterator[tuple[Path, ...]]:
    """The paths; standard input (`-`) as a file that is gone afterwards."""
    if "-" not in paths:
        yield tuple(map(Path, paths))
        return
    folder = data / "uploads" / new_id()
    folder.mkdir(parents=True)
    try:
        kept = folder / "standard-input"
        with kept.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file, _PIECE)
        yield tuple(kept if path == "-" else Path(path) for path in paths)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
