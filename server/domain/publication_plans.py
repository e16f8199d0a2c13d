"""What publishing, or taking back, would change: figures, examples, and the quads themselves.

Worked out without holding anybody up: what people say meanwhile is worked in when it is written
(`publication_writing`).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Quad

from server.commit import Desk
from server.domain import publication_entities, publication_items, publications, rejections
from server.domain.publication_checks import Reason, Refusal
from server.domain.publication_entities import CLASSES
from server.domain.publication_items import ItemPlan
from server.domain.publication_selections import About, Order, about_items
from server.errors import Unavailable
from server.i18n import _
from server.names import RDF, SKOS
from server.sorting import Spool

Progress = Callable[[int], None]
_EXAMPLES = 10  # of each list
_IN_MEMORY = 20_000  # quads


@dataclass(slots=True)
class Quads:
    """Some thousand in memory, the rest on disk."""

    folder: object
    lines: list[str] = field(default_factory=list)
    spool: Spool | None = None

    def put(self, quads: Iterable[Quad]) -> None:
        self.lines += [f"{quad} ." for quad in quads]
        if len(self.lines) > _IN_MEMORY:
            self.spool = self.spool or Spool(self.folder)  # type: ignore[arg-type]
            self.spool.write_texts(self.lines)
            self.lines = []

    def __len__(self) -> int:
        return len(self.lines) + (self.spool.count if self.spool else 0)

    def __iter__(self) -> Iterator[str]:
        """The N-Quads lines, without their ends."""
        for block in self.spool.texts() if self.spool else ():
            yield from block
        yield from self.lines


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of annotations by what becomes of them, and of the items that they are about.

    `rejections` are negative statements that come, `rejections_gone` those that go.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    stays: int = 0
    left_out: int = 0
    refused: int = 0
    items: int = 0
    rejections: int = 0
    rejections_gone: int = 0

    @property
    def changes_something(self) -> bool:
        return bool(
            self.added or self.changed or self.removed or self.rejections or self.rejections_gone
        )


@dataclass(slots=True)
class Plan:
    """`since` is the last entry before it was begun. Examples are IRIs of annotations."""

    order: Order
    since: int
    add: dict[str, Quads]
    remove: dict[str, Quads]
    figures: Figures = Figures()
    refused: Counter[Reason] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    refusals: dict[Reason, list[Refusal]] = field(default_factory=lambda: defaultdict(list))

    @property
    def quads(self) -> int:
        return sum(len(each) for each in (*self.add.values(), *self.remove.values()))


def make(
    desk: Desk, order: Order, *, progress: Progress = lambda _: None,
    stop: Callable[[], bool] = lambda: False, pages: Iterable[list[About]] | None = None,
) -> Plan:  # fmt: skip
    """Go through the items of the selection (or through these); `progress` is told how many were.

    Raises Unavailable when it is stopped.
    """
    making = _Making(desk, order)
    done = 0
    for page in about_items(desk, order) if pages is None else pages:
        if stop() or desk.stopping.is_set():
            raise Unavailable(_("It was stopped."))
        for about in page:
            making.take(publication_items.plan(desk, order, about))
            making.take_rejections(about)
        done += len(page)
        progress(done)
    return making.finished()


class _Making:
    def __init__(self, desk: Desk, order: Order) -> None:
        self.desk, self.order = desk, order
        self.counts: Counter[str] = Counter()
        slug = order.campaign.slug
        self.graph = desk.names.graph("published", slug)
        self.rejected = desk.names.graph("rejections", slug)
        graphs = (self.graph.value, self.rejected.value)
        self.plan = Plan(
            order, desk.journal.last(),
            {each: Quads(desk.bulk_folder) for each in graphs},
            {each: Quads(desk.bulk_folder) for each in graphs},
        )  # fmt: skip
        self.said: dict[str, set[str]] = defaultdict(set)
        self.dropped: Counter[str] = Counter()

    def take(self, found: ItemPlan) -> None:
        self._put(self.graph, found.add, found.remove)
        for name in ("added", "changed", "removed", "stays", "left_out"):
            iris = getattr(found, name)
            self.counts[name] += len(iris)
            examples = self.plan.examples[name]
            examples += iris[: _EXAMPLES - len(examples)]
        for refusal in found.refused:
            self.plan.refused[refusal.reason] += 1
            if len(self.plan.refusals[refusal.reason]) < _EXAMPLES:
                self.plan.refusals[refusal.reason].append(refusal)
        self.counts["items"] += bool(found.added or found.changed or found.removed)
        for term, field_ in found.said:
            self.said[term].add(field_)
        self.dropped.update(found.dropped)

    def take_rejections(self, about: About) -> None:
        if self.order.deed == "level":
            return
        add, remove = rejections.plan(self.desk, self.order, about)
        self._put(self.rejected, add, remove)
        gone, new = rejections.subjects(remove), rejections.subjects(add)
        self.counts["rejections"] += len(new - gone)
        self.counts["rejections_gone"] += len(gone - new)

    def _put(self, graph: NamedNode, add: Iterable[Quad], remove: Iterable[Quad]) -> None:
        self.plan.add[graph.value].put(sorted(add, key=str))
        self.plan.remove[graph.value].put(sorted(remove, key=str))

    def finished(self) -> Plan:
        for term in sorted(self.said.keys() | self.dropped.keys()):
            self._put(self.graph, *self._of_term(term))
        counts = {name: self.counts[name] for name in Figures.__slots__}
        self.plan.figures = Figures(**counts | {"refused": self.plan.refused.total()})
        return self.plan

    def _of_term(self, term: str) -> tuple[set[Quad], set[Quad]]:
        """What comes and goes of the words about a term, which all its annotations share."""
        node = NamedNode(term)
        standing = publications.standing_term(self.desk, self.graph, term)
        if term not in self.said:
            return set(), set() if self._is_used_elsewhere(node) else standing
        said = publication_entities.entity(
            node, self.order.described(self.desk, term), self.said[term]
        )
        wanted = {Quad(s, p, o, self.graph) for s, p, o in said}
        if not wanted:  # its vocabulary is gone: its names stay
            return set(), set()
        classes = (*CLASSES, SKOS.Concept)
        others = {q for q in standing if q.predicate == RDF.type and q.object in classes}
        return wanted - standing, standing - wanted - others

    def _is_used_elsewhere(self, term: NamedNode) -> bool:
        most = self.dropped[term.value] + 1
        rows = self.desk.select("published_with_term", graph=self.graph, term=term, limit=most)
        return len(rows) == most
