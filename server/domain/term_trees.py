"""The tree of a vocabulary: branches that open a page at a time, and the way to one term."""

from dataclasses import dataclass

from server.commit import Desk
from server.domain import term_views
from server.errors import NotFound
from server.index import labels
from server.index.labels import Narrower
from server.viewers import Viewer

PAGE = 100  # nodes of a branch that come at once
_FURTHEST = 5_000  # siblings among which the place of a term is looked for
_BEFORE = 20  # siblings that are shown before it
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Node:
    """A term in the tree; `place` counts from 1, and is 0 where nobody knows it.

    `branch` is what is unfolded below it.
    """

    iri: str
    label: str
    lang: str
    hex: str | None
    guide: bool
    narrower: int
    place: int
    current: bool = False
    branch: "Branch | None" = None


@dataclass(frozen=True, slots=True)
class Branch:
    """What stands below the term `under`, or at the top where it is empty.

    `level` counts from 1, `siblings` is -1 where unknown. `earlier` and `later` are the places
    (from 0) before which and from which there is more.
    """

    vocabulary: str
    under: str
    level: int
    nodes: list[Node]
    siblings: int
    earlier: int = 0
    later: int = 0


@dataclass(frozen=True, slots=True)
class _Trees:
    """One vocabulary as one viewer reads it in one language."""

    desk: Desk
    viewer: Viewer
    vocabulary: str
    language: str

    def size(self, under: str) -> int:
        """How many terms stand below one. Raises NotFound."""
        if not under:
            return -1
        return self.term(under).narrower

    def term(self, iri: str) -> labels.Term:
        return labels.get_term(
            self.viewer, self.desk.index, iri, self.language, vocabulary=self.vocabulary
        )

    def rows(self, under: str, offset: int, limit: int) -> list[Narrower]:
        index, at = self.desk.index, {"limit": limit, "offset": offset}
        if under:
            return labels.children(self.viewer, index, under, self.vocabulary, self.language, **at)
        return labels.tops(self.viewer, index, self.vocabulary, self.language, **at)


def branch(
    desk: Desk, viewer: Viewer, vocabulary: str, language: str, under: str = "",
    *, offset: int = 0, end: int = 0, level: int = 1,
) -> Branch:  # fmt: skip
    """A page of a branch from `offset` on, or the page before `end`. Raises NotFound."""
    trees = _Trees(desk, viewer, vocabulary, language)
    start = max(end - PAGE, 0) if end else offset
    rows = trees.rows(under, start, (end - start if end else PAGE) + 1)
    page = rows[: end - start] if end else rows[:PAGE]
    more = not end and len(rows) > len(page)
    return Branch(
        vocabulary, under, level,
        [_node(row, start + number) for number, row in enumerate(page, 1)],
        _siblings(trees.size(under), start + len(page), more),
        earlier=start if end else 0,
        later=start + len(page) if more else 0,
    )  # fmt: skip


def _siblings(known: int, seen: int, more: bool) -> int:
    """As the index counts them; at the top, where it does not, as many as are seen to the end."""
    if known >= 0:
        return max(known, seen)
    return -1 if more else seen


def _node(row: Narrower, place: int) -> Node:
    label = term_views.crumb(row.label)
    return Node(row.iri, label, row.lang, row.hex, row.guide, row.narrower, place)


def opened(desk: Desk, viewer: Viewer, vocabulary: str, language: str, iri: str) -> Branch:
    """The tree unfolded on the way to a term, with what stands around and below it.

    Raises NotFound.
    """
    trees = _Trees(desk, viewer, vocabulary, language)
    found = trees.term(iri)
    way = [*(up for up, _label in found.breadcrumb[-_DEEPEST:]), iri]
    below = _below(trees, found, len(way) + 1)
    for level in range(len(way), 0, -1):
        under = way[level - 2] if level > 1 else ""
        below = _around(trees, under, way[level - 1], level, below, current=level == len(way))
    assert below is not None
    return below


def _below(trees: _Trees, found: labels.Term, level: int) -> Branch | None:
    if not found.narrower:
        return None
    return branch(
        trees.desk, trees.viewer, trees.vocabulary, trees.language, found.iri, level=level
    )


def _around(
    trees: _Trees, under: str, wanted: str, level: int, below: Branch | None, *, current: bool
) -> Branch:
    """The page of siblings that has the wanted term, which gets what is unfolded below it."""
    start, rows, more = _window(trees, under, wanted)
    nodes = [_node(row, start + number) for number, row in enumerate(rows, 1)]
    if all(node.iri != wanted for node in nodes):  # a lost parent, a cycle, or too many siblings
        nodes.append(_lost(trees, wanted))
    shown = [
        node if node.iri != wanted else _unfold(node, below, current=current) for node in nodes
    ]
    return Branch(
        trees.vocabulary, under, level, shown,
        _siblings(trees.size(under), start + len(nodes), more),
        earlier=start,
        later=start + len(rows) if more else 0,
    )  # fmt: skip


def _window(trees: _Trees, under: str, wanted: str) -> tuple[int, list[Narrower], bool]:
    """(place of the first, siblings around the wanted one, whether more follow)."""
    rows = trees.rows(under, 0, PAGE + 1)
    if len(rows) <= PAGE or any(row.iri == wanted for row in rows[:PAGE]):
        return 0, rows[:PAGE], len(rows) > PAGE
    rows = trees.rows(under, 0, _FURTHEST)
    place = next((number for number, row in enumerate(rows) if row.iri == wanted), 0)
    start = max(place - _BEFORE, 0)
    return start, rows[start : start + PAGE], len(rows) > start + PAGE


def _unfold(node: Node, below: Branch | None, *, current: bool) -> Node:
    return Node(
        node.iri, node.label, node.lang, node.hex, node.guide, node.narrower, node.place,
        current, below,
    )  # fmt: skip


def _lost(trees: _Trees, iri: str) -> Node:
    try:
        found = trees.term(iri)
    except NotFound:
        return Node(iri, iri, "", None, True, 0, 0)
    label = term_views.crumb(found.label)
    return Node(iri, label, found.lang, found.hex, found.guide, found.narrower, 0)
