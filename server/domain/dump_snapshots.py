"""The public dataset of one moment, to write dumps from while contributions go on."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Store, Triple

from server.commit import Desk
from server.errors import NotFound
from server.i18n import _
from server.names import CH, Names, new_id
from server.store.queries import NamedQuery


@dataclass(frozen=True, slots=True)
class Snapshot:
    names: Names
    store: Store
    queries: dict[str, NamedQuery]

    @property
    def sequence(self) -> int:
        """The number of the last entry that it holds."""
        data = self.names.data
        found: list[Any] = [
            quad.object
            for mark in (CH.sequence, CH.bulkSequence)
            for quad in self.store.quads_for_pattern(data, mark, None, data)
        ]
        return max((int(number.value) for number in found), default=0)

    def rows(self, name: str, **values: Any) -> Iterator[dict[str, Any]]:
        """The solutions of a named query, as they are found."""
        outputs = self.queries[name].outputs
        for row in self._asked(name, values):
            yield {output: row[output] for output in outputs}

    def triples(self, name: str, **values: Any) -> Iterator[Triple]:
        """The triples of a named query that constructs them."""
        found: Iterator[Triple] = self._asked(name, values)
        return found

    def _asked(self, name: str, values: dict[str, Any]) -> Any:
        text = self.queries[name].bind(values, None, 0)
        return self.store.query(text, use_default_graph_as_union=True)

    def collections(self, slugs: Sequence[str]) -> dict[str, NamedNode]:
        """Slug → graph of those asked for, or of all. Raises NotFound for an unknown one."""
        found = {
            slug: row["graph"]
            for row in self.rows("dump_collections")
            if (slug := self.names.local(row["collection"].value, "collection"))
        }
        for slug in slugs:
            if slug not in found:
                raise NotFound(_("There is no public collection “{slug}”.", slug=slug))
        return {slug: found[slug] for slug in dict.fromkeys(slugs)} if slugs else found

    def graphs(self, slugs: Sequence[str]) -> list[NamedNode]:
        """All by name; or those of the collections, and of the campaigns over them."""
        present = {graph for graph in self.store.named_graphs() if isinstance(graph, NamedNode)}
        if slugs:
            present &= set(self._graphs_of(self.collections(slugs)))
        return sorted(present, key=str)

    def _graphs_of(self, collections: dict[str, NamedNode]) -> Iterator[NamedNode]:
        yield from collections.values()
        nodes = [self.names.collection(slug) for slug in collections]
        for row in self.rows("dump_campaigns", collections=nodes):
            slug = self.names.local(row["campaign"].value, "campaign") or ""
            yield from (self.names.graph(kind, slug) for kind in ("campaign", "published"))


@contextmanager
def snapshot(desk: Desk) -> Iterator[Snapshot]:
    """A copy by hard links that lasts as long as the context. Raises Unavailable in an update."""
    path = folder(desk.settings.data) / f".snapshot-{new_id()}"
    try:
        desk.snapshot(path)
        yield Snapshot(desk.names, Store.read_only(str(path)), desk.queries)
    finally:
        shutil.rmtree(path, ignore_errors=True)


def folder(data: Path) -> Path:
    """Where dumps are kept, and their snapshots while they are made (on the store's disk)."""
    found = data / "dumps"
    found.mkdir(exist_ok=True)
    return found
