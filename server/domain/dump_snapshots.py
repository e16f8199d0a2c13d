"""The public dataset of one moment, to write dumps from while contributions go on."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, QueryResultsFormat, Store

from server.commit import Desk
from server.errors import NotFound
from server.i18n import _
from server.names import CH, EDM, RDF, Names, new_id
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

    def solutions(self, name: str, **values: Any) -> Iterator[Any]:
        """As `rows`, each as the store gives it: by position, faster."""
        found: Iterator[Any] = self._asked(name, values)
        return found

    def about(self, node: NamedNode) -> Iterator[tuple[NamedNode, Any]]:
        """(property, value) of each statement about one node."""
        found: Any = self.store.quads_for_pattern(node, None, None, None)
        yield from ((quad.predicate, quad.object) for quad in found)

    def graph_of(self, item: NamedNode) -> NamedNode | None:
        """The graph that says it is an item."""
        found: Any = self.store.quads_for_pattern(item, RDF.type, EDM.ProvidedCHO, None)
        return next((quad.graph_name for quad in found), None)

    def is_item(self, node: NamedNode) -> bool:
        return self.graph_of(node) is not None

    def rows(self, name: str, **values: Any) -> Iterator[dict[str, Any]]:
        """The solutions of a named query, as they are found."""
        outputs = self.queries[name].outputs
        for row in self._asked(name, values):
            yield {output: row[output] for output in outputs}

    def table(self, name: str, **values: Any) -> bytes:
        """The solutions of a named query as tab-separated values, the names in the first line.

        https://www.w3.org/TR/sparql11-results-csv-tsv/
        """
        written: bytes = self._asked(name, values).serialize(format=QueryResultsFormat.TSV)
        return written

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

    def campaigns(self) -> dict[str, set[str]]:
        """Slug → those of the collections that it is over."""
        found: dict[str, set[str]] = {}
        for row in self.rows("dump_campaigns"):
            slug = self.names.local(row["campaign"].value, "campaign") or ""
            over = self.names.local(row["collection"].value, "collection") or ""
            found.setdefault(slug, set()).add(over)
        return found

    def graphs(self, kind: str = "") -> list[NamedNode]:
        """All by name, or those of a kind (collection, published, …)."""
        begin = self.names.path(f"graph/{kind}/").value if kind else ""
        present = (graph for graph in self.store.named_graphs() if isinstance(graph, NamedNode))
        return sorted((one for one in present if one.value.startswith(begin)), key=str)


def live(desk: Desk) -> Snapshot:
    """The public dataset as it stands, for answers that read little of it at a time."""
    return Snapshot(desk.names, desk.datasets["public"].store, desk.queries)


@contextmanager
def copied(desk: Desk) -> Iterator[Path]:
    """A folder that lasts as long as the context, with a copy by hard links in it (`store`).

    Raises Unavailable in an update.
    """
    path = folder(desk.settings.data) / f".snapshot-{new_id()}"
    path.mkdir()
    try:
        desk.snapshot(path / "store")
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def opened(names: Names, path: Path, queries: dict[str, NamedQuery]) -> Snapshot:
    """What was copied there."""
    return Snapshot(names, Store.read_only(str(path / "store")), queries)


@contextmanager
def snapshot(desk: Desk) -> Iterator[Snapshot]:
    """A copy that lasts as long as the context. Raises Unavailable in an update."""
    with copied(desk) as path:
        yield opened(desk.names, path, desk.queries)


def folder(data: Path) -> Path:
    """Where dumps are kept, and their snapshots while they are made (on the store's disk)."""
    found = data / "dumps"
    found.mkdir(exist_ok=True)
    return found
