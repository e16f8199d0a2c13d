"""The terms of a vocabulary on their way into a new file: on disk, by the order of their labels."""

import marshal
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from server.index.term_rows import LONGEST_ORDER, WRITTEN, TermRow, label_rows, place_row
from server.index.vocabulary_writes import columns, note_words

_PIECE = 500  # labels of one order, or terms, that are written at once


class Spool:
    """Terms on their way, in a folder; `number` of so `many` processes that spool there.

    Each IRI comes once, in the order of IRIs if that can be (the file is smaller then).
    """

    def __init__(self, folder: Path, number: int = 0, many: int = 1) -> None:
        self._folder, self._number, self._many = folder, number, many
        self._terms: list[tuple[Any, ...]] = []
        self._labels: list[list[tuple[Any, ...]]] = [[] for _ in range(LONGEST_ORDER + 1)]
        self._files: dict[str, BinaryIO] = {}
        self._next = 0
        self.count = 0

    def add(self, term: TermRow) -> None:
        self._next += 1
        number = self._next * self._many + self._number
        self._terms.append(
            (number, term.iri, columns(term), term.broader, term.classes, term.notations,
             note_words(term.notes), place_row(term))
        )  # fmt: skip
        if len(self._terms) >= _PIECE:
            self._terms = self._write("terms", self._terms)
        offered = int(term.offered)
        for order, text, lang, kind, folded, variant in label_rows(term):
            piece = self._labels[order]
            piece.append((number, text, lang, kind, folded, variant, offered))
            self.count += variant == WRITTEN
            if len(piece) >= _PIECE:
                self._labels[order] = self._write(f"labels-{order}", piece)

    def _write(self, name: str, piece: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        if name not in self._files:
            self._files[name] = (self._folder / f"{name}.{self._number}").open("wb", 1 << 13)
        data = marshal.dumps(piece)
        self._files[name].write(len(data).to_bytes(4, "little") + data)
        return []

    def close(self) -> None:
        self._write("terms", self._terms)
        for order, piece in enumerate(self._labels):
            if piece:
                self._write(f"labels-{order}", piece)
        for file in self._files.values():
            file.close()


def pieces(folder: Path, name: str) -> Iterator[Any]:
    for path in sorted(folder.glob(f"{name}.*")):
        with path.open("rb") as file:
            while size := file.read(4):
                yield from marshal.loads(file.read(int.from_bytes(size, "little")))


def labels(folder: Path) -> Iterator[tuple[int, Any]]:
    """(id, row) of every label, by id."""
    for order in range(LONGEST_ORDER + 1):
        for running, row in enumerate(pieces(folder, f"labels-{order}"), 1):
            yield order << 32 | running, row
