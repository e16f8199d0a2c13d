"""The vocabularies that somebody may see, opened for one question."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from server.index.database import Database
from server.index.recent_suggestions import Recent
from server.index.term_rows import primary_language
from server.index.vocabulary_files import Gone
from server.viewers import Viewer

_ATTEMPTS = 5
_NODES = 20_000  # broader terms that are remembered for each state of a vocabulary


#: (IRI, `shown`, number of the preferred broader term); no names where a term is not there.
Node = tuple[str, str, int | None]


@dataclass(slots=True)
class Facts:
    """What is remembered of one state of a vocabulary: primary languages, how many labels it has,
    and terms that stood in breadcrumbs, by their number."""

    languages: frozenset[str]
    labels: int
    nodes: dict[int, Node] = field(default_factory=dict)

    def remember(self, nodes: dict[int, Node]) -> None:
        if len(self.nodes) >= _NODES:
            self.nodes.clear()
        self.nodes.update(nodes)


@dataclass(frozen=True)
class Source:
    """A vocabulary in one of its states; all that is read from `connection` is of this state."""

    slug: str
    state: tuple[str, int]
    connection: sqlite3.Connection

    @cached_property
    def facts(self) -> Facts:
        found = _facts.get(self.state)
        if found is None:
            found = self._read_facts()
            _facts.put(self.state, found)
        return found

    def _read_facts(self) -> Facts:
        tags = self.connection.execute("SELECT tag FROM language WHERE labels > 0")
        number = self.connection.execute("SELECT value FROM about WHERE name = 'labels'")
        languages = frozenset(primary_language(tag) for (tag,) in tags)
        return Facts(languages, int(number.fetchone()[0]))


_facts: Recent[Facts] = Recent(64)


@contextmanager
def reading(
    viewer: Viewer, index: Database, slugs: Iterable[str] | None = None
) -> Iterator[list[Source]]:
    """The vocabularies that the viewer may see, by name; of these slugs only where some are given.

    Each stays as it is until the end, whatever is written meanwhile.
    """
    with ExitStack() as stack:
        yield _open(stack, viewer, index, None if slugs is None else frozenset(slugs))


def _open(
    stack: ExitStack, viewer: Viewer, index: Database, slugs: frozenset[str] | None
) -> list[Source]:
    for _attempt in range(_ATTEMPTS):
        found = index.read().execute("SELECT slug, dataset, file FROM term_vocabulary").fetchall()
        try:
            return [
                _source(stack, slug, file, index.vocabularies.read(file))
                for slug, dataset, file in found
                if dataset in viewer.datasets and (slugs is None or slug in slugs)
            ]
        except Gone:
            stack.close()  # and look again where it is now
    return []


def _source(stack: ExitStack, slug: str, file: str, connection: sqlite3.Connection) -> Source:
    if not connection.in_transaction:
        connection.execute("BEGIN")
        stack.callback(connection.rollback)
    stamp = connection.execute("SELECT value FROM about WHERE name = 'stamp'").fetchone()[0]
    return Source(slug, (file, stamp), connection)
