"""The index rows that say which public records an entry changed, and how these stand now.

An item's record changes when its collection's does, and when something is published about it or
withdrawn; an annotation's when it is published, withdrawn, or its public statements change.
"""

from collections.abc import Iterable, Sequence

from pyoxigraph import NamedNode

from server.commit import Desk
from server.index import changes, items, queues
from server.index.changes import State
from server.index.contributions import AnnotationRow
from server.index.items import ItemRow
from server.names import OA, RDF
from server.patches import Patch
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)


def published(desk: Desk, patch: Patch) -> set[str]:
    """The annotations of which a patch changes what is public."""
    found = set()
    for quad in (*patch.public.remove, *patch.public.add):
        graph = desk.names.local(quad.graph_name.value, "graph") or ""  # type: ignore[union-attr]
        whole = str(quad.subject)[1:-1].partition("#")[0]
        if graph.startswith("published/") and desk.names.local(whole, "annotation"):
            found.add(whole)
    return found


def project_annotations(desk: Desk, iris: Iterable[str], seq: int, at: str) -> None:
    """After their own rows were written: they, and the items that they are about, changed."""
    connection = desk.index.write
    rows = [row for iri in sorted(iris) if (row := queues.find_annotation(connection, iri))]
    about: dict[str, set[str]] = {}
    for row in rows:
        about.setdefault(row.item, set()).add(row.campaign)
    found = {row.iri: row for row in items.find_items(_ALL, connection, list(about))}
    known = changes.states(connection, [row.id for row in found.values()])
    of_items = {
        iri: _item(row, known.get(row.id), about[iri])
        for iri, row in found.items()
        if row.dataset == "public"
    }
    annotated = [_annotation(desk, row, of_items[row.item]) for row in rows if row.item in of_items]
    changes.put(connection, seq, at, [*of_items.values(), *annotated])


def project_items(desk: Desk, slug: str, iris: Sequence[str], seq: int, at: str) -> None:
    """After their own rows were written: what a public collection says of these items changed."""
    found = {row.iri: row for row in items.find_items(_ALL, desk.index.write, list(iris))}
    known = changes.states(desk.index.write, [desk.names.item_id(iri) for iri in iris])
    states = []
    for iri in iris:
        row, before = found.get(iri), known.get(desk.names.item_id(iri))
        if row is not None and row.dataset == "public":
            states.append(_item(row, before))
        elif before is not None or row is not None:
            states.append(_gone(desk, slug, iri, before))
    changes.put(desk.index.write, seq, at, states)


def project_rows(desk: Desk, rows: Sequence[ItemRow], seq: int, at: str) -> None:
    """As `project_items`, of items whose rows are at hand."""
    known = changes.states(desk.index.write, [row.id for row in rows])
    changes.put(desk.index.write, seq, at, [_item(row, known.get(row.id)) for row in rows])


def _annotation(desk: Desk, row: AnnotationRow, item: State) -> State:
    node = NamedNode(row.iri)
    standing = (RDF.type, OA.Annotation) in desk.about("public", node)
    sets = (item.collection, item.provider, (row.campaign,))
    identifier = desk.names.local(row.iri, "annotation") or ""
    return State(identifier, "annotation", row.iri, not standing, item.id, *sets)


def _item(row: ItemRow, before: State | None, campaigns: Iterable[str] = ()) -> State:
    """It stays in the set of a campaign that once enriched it, to tell that it changed; and a
    tombstone, which names no provider, stays where it was."""
    provider = before.provider if before and row.gone else row.provider_key
    kept = before.campaigns if before else ()
    sets = (row.collection, provider, tuple(sorted({*campaigns, *kept})))
    return State(row.id, "item", row.iri, row.gone, row.id, *sets)


def _gone(desk: Desk, slug: str, iri: str, before: State | None) -> State:
    """It left, or is not public any more; its sets are told that it did."""
    item_id = desk.names.item_id(iri)
    sets = (before.collection, before.provider, before.campaigns) if before else (slug, "", ())
    return State(item_id, "item", iri, True, item_id, *sets)
