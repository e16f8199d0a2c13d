"""What was harvested, kept page by page: the records as they stand, ready to be imported.

    pages/000001.xml.gz   records in the envelope that they came in
    ids/000001            their identifiers, a line each; `-` before one that was deleted, else `+`
    state.json            how far it is, and from when on to ask the next time

What comes later replaces what came before: `fold` takes superseded and deleted records out of the
older pages, and no page is read that has none of them.
"""

import gzip
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from server.formats import oai_reading, outputs
from server.formats.oai_reading import Delivered

_LEVEL = 4


@dataclass(slots=True)
class State:
    """How far a harvest is.

    A list is `running` that asked for records `since` (all where that is empty), first answered at
    `begun`: `token` goes on with it, `complete` says that it has come. Pages up to `former` are
    from before. `next_from` is what the next harvest asks from; `fresh`: what has come is not
    imported yet. `mark` is the hash of a token of this list, to notice going round in circles.
    """

    pages: int = 0
    former: int = 0
    running: bool = False
    complete: bool = False
    since: str = ""
    begun: str = ""
    token: str = ""
    mark: str = ""
    answers: int = 0
    records: int = 0
    next_from: str = ""
    fresh: bool = False


class Pages:
    """The folder of one harvest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files, self._lists = folder / "pages", folder / "ids"
        for each in (self.files, self._lists):
            each.mkdir(parents=True, exist_ok=True)
        self.state = self._read()

    def _read(self) -> State:
        try:
            return State(**json.loads((self.folder / "state.json").read_bytes()))
        except (OSError, ValueError, TypeError):
            return State()

    def save(self) -> None:
        with outputs.replacing(self.folder / "state.json") as file:
            file.write(json.dumps(asdict(self.state)).encode())

    def add(self, records: Iterable[Delivered]) -> None:
        """One page more; written again under the same name where it was interrupted."""
        found = list(records)
        if found:
            self.state.pages += 1
            self._write(self.state.pages, {each.identifier: each for each in found})
            self.state.records += len(found)
            self.state.fresh = True

    def forget(self, first: int, last: int) -> None:
        """Take pages away, both included."""
        for folder in (self.files, self._lists):
            for path in folder.glob("[0-9]*"):
                if first <= int(path.name.partition(".")[0]) <= last:
                    path.unlink()

    def fold(self) -> None:
        """Leave each record in the newest page that has it; deleted ones in none.

        Older pages go first, so that when it is interrupted the newer ones still know better.
        """
        seen: set[str] = set()
        superseded: dict[int, set[str]] = {}
        for number in sorted(self._numbers(), reverse=True):
            ids = self._ids(number)
            deleted = {one[1:] for one in ids if one.startswith("-")}
            named = {one[1:] for one in ids}
            if drop := (named & seen) | deleted:
                superseded[number] = drop
            seen |= named
        for number in sorted(superseded):
            self._without(number, superseded[number])

    def _numbers(self) -> list[int]:
        return [int(path.name) for path in self._lists.glob("[0-9]*")]

    def _ids(self, number: int) -> list[str]:
        return self._list(number).read_text(encoding="utf-8").splitlines()

    def _without(self, number: int, drop: set[str]) -> None:
        kept = oai_reading.read_records(gzip.decompress(self._page(number).read_bytes())).records
        self._write(number, {one.identifier: one for one in kept if one.identifier not in drop})

    def _write(self, number: int, records: dict[str, Delivered]) -> None:
        """The records go first: what is not named in the list is not there."""
        if not records:
            self._list(number).unlink(missing_ok=True)
            self._page(number).unlink(missing_ok=True)
            return
        standing = [one for one in records.values() if not one.deleted]
        with outputs.replacing(self._page(number)) as file:
            file.write(gzip.compress(oai_reading.page(standing), _LEVEL, mtime=0))
        lines = [f"{'-' if one.deleted else '+'}{one.identifier}\n" for one in records.values()]
        with outputs.replacing(self._list(number)) as file:
            file.write("".join(lines).encode())

    def _page(self, number: int) -> Path:
        return self.files / f"{number:06d}.xml.gz"

    def _list(self, number: int) -> Path:
        return self._lists / f"{number:06d}"
