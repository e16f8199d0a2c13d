"""A patch: the quads to remove from and to add to each dataset, as one journal entry holds them."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

Dataset = Literal["public", "work"]
DATASETS: tuple[Dataset, ...] = ("public", "work")


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one dataset: removals first, then additions."""

    remove: tuple[Quad, ...] = ()
    add: tuple[Quad, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.remove or self.add)

    def __add__(self, other: "Change") -> "Change":
        return Change(self.remove + other.remove, self.add + other.add)

    def graphs(self) -> set[str]:
        return {str(quad.graph_name)[1:-1] for quad in (*self.remove, *self.add)}


@dataclass(frozen=True, slots=True)
class BulkFile:
    """A fsynced, sanitised, skolemised N-Quads file in the data directory's `bulk` folder."""

    name: str
    sha256: str
    quads: int


@dataclass(frozen=True, slots=True)
class Bulk:
    """A change too large for a patch: the sorted difference between two states of one graph.

    `full` is the graph's whole new state, from which the next difference is made. `since` says of
    a graph that patches change as well (a publication) after which entry the change was worked out:
    such a change is applied in the order of the entries.
    """

    dataset: Dataset
    graph: str
    add: BulkFile | None = None
    remove: BulkFile | None = None
    full: BulkFile | None = None
    since: int | None = None

    @property
    def in_order(self) -> bool:
        return self.since is not None


@dataclass(frozen=True, slots=True)
class Patch:
    public: Change = field(default_factory=Change)
    work: Change = field(default_factory=Change)
    bulk: tuple[Bulk, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.public or self.work or self.bulk)

    def __add__(self, other: "Patch") -> "Patch":
        return Patch(self.public + other.public, self.work + other.work, (*self.bulk, *other.bulk))

    def change(self, dataset: Dataset) -> Change:
        return self.public if dataset == "public" else self.work

    def touches(self, dataset: Dataset) -> bool:
        return bool(self.change(dataset)) or any(bulk.dataset == dataset for bulk in self.bulk)

    def to_json(self) -> dict[str, Any]:
        """As the journal keeps it: statements are N-Quads lines."""
        text: dict[str, Any] = {}
        for dataset in DATASETS:
            if change := self.change(dataset):
                text[dataset] = {
                    "remove": [str(quad) for quad in change.remove],
                    "add": [str(quad) for quad in change.add],
                }
        if self.bulk:
            text["bulk"] = [asdict(bulk) for bulk in self.bulk]
        return text

    @staticmethod
    def from_json(text: dict[str, Any]) -> "Patch":
        public, work = (_change(text.get(name, {})) for name in DATASETS)
        return Patch(public, work, tuple(_bulk(values) for values in text.get("bulk", ())))


def _change(values: dict[str, list[str]]) -> Change:
    return Change(*(tuple(_quads(values.get(kind, []))) for kind in ("remove", "add")))


def _quads(lines: list[str]) -> Iterator[Quad]:
    if lines:
        yield from parse(" .\n".join([*lines, ""]), RdfFormat.N_QUADS)


def _bulk(values: dict[str, Any]) -> Bulk:
    files = {
        name: BulkFile(**values[name]) if values[name] else None
        for name in ("add", "remove", "full")
    }
    return Bulk(values["dataset"], values["graph"], since=values.get("since"), **files)


def on(dataset: Dataset, *, remove: Iterable[Quad] = (), add: Iterable[Quad] = ()) -> Patch:
    """A patch of one dataset."""
    change = Change(tuple(remove), tuple(add))
    return Patch(public=change) if dataset == "public" else Patch(work=change)


def bound(graph: NamedNode, *triples: tuple[Any, NamedNode, Any]) -> tuple[Quad, ...]:
    """The triples as quads of one graph."""
    return tuple(Quad(s, p, o, graph) for s, p, o in triples)
