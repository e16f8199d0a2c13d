"""Reading a table of terms: an upload in a folder of its own, read in a limited child process."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from server import i18n
from server.commit import Desk
from server.domain import made_vocabularies, permissions
from server.domain.accounts import Person
from server.domain.made_terms import Statement
from server.formats.children import run_child
from server.formats.term_columns import LABELS, NOTES, PROPERTIES, REPLACED_BY
from server.names import DCTERMS, new_id

_CHILD = "server.domain.term_child"
_MEMORY = 1_000_000_000
_SECONDS = 600.0
Progress = Callable[[str, int, int], None]
Term = tuple[str, set[Statement]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the child wrote it; `columns` are (name, language), `faults` (line, reason)."""

    folder: Path
    terms: int
    columns: tuple[tuple[str, str], ...]
    faults: tuple[tuple[int, str], ...]
    faulty: int

    def __iter__(self) -> Iterator[Term]:
        """Each term with what the table says of it."""
        with (self.folder / "terms.nt").open("rb") as file:
            triples = parse(file, RdfFormat.N_TRIPLES, lenient=True)
            for subject, same in groupby(triples, lambda triple: triple.subject):
                said = {(triple.predicate, triple.object) for triple in same}
                yield subject.value, said

    def replaces(self, statement: Statement) -> bool:
        """Whether a column of the table speaks of such a statement."""
        property_, value = statement
        tag = (value.language or "") if isinstance(value, Literal) else ""
        return any(
            _property(name) == property_ and (tag == said or name not in (*LABELS, *NOTES))
            for name, said in self.columns
        )

    def close(self) -> None:
        """Forget it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _property(name: str) -> NamedNode | None:
    return DCTERMS.isReplacedBy if name == REPLACED_BY else PROPERTIES.get(name)


def keep(desk: Desk, name: str, stream: BinaryIO) -> Path:
    """The uploaded file in a folder of its own."""
    folder = desk.settings.data / "uploads" / new_id()
    folder.mkdir(parents=True)
    path = folder / ("table.xlsx" if name.lower().endswith(".xlsx") else "table.csv")
    with path.open("wb") as file:
        shutil.copyfileobj(stream, file)
    return path


def read(
    desk: Desk, organiser: Person, slug: str, path: Path, *,
    progress: Progress = lambda *_: None, stop: Callable[[], bool] = lambda: False,
) -> Table:  # fmt: skip
    """Raises Malformed, TooLarge or Unavailable; then nothing of it is kept."""
    permissions.require(organiser, "import")
    made_vocabularies.require(desk, slug)
    job = {
        "folder": str(path.parent), "path": str(path), "language": i18n.language.get(),
        "base": desk.names.path(f"term/{slug}/").value,
    }  # fmt: skip
    said: dict[str, Any] = {}

    def on_message(message: dict[str, Any]) -> None:
        said.update(message.get("done", {}))
        if "told" in message:
            progress("read", *message["told"])

    try:
        run_child(_CHILD, job, memory=_MEMORY, seconds=_SECONDS, on_message=on_message, stop=stop)
    except BaseException:
        shutil.rmtree(path.parent, ignore_errors=True)
        raise
    return Table(
        path.parent, said["terms"], tuple((name, tag) for name, tag in said["columns"]),
        tuple((line, reason) for line, reason in said["faults"]), said["faulty"],
    )  # fmt: skip
