"""How many triples the graphs of the public dataset have: counted while nobody waits for it."""

import threading
from weakref import WeakKeyDictionary

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import graph_states
from server.domain.background import Background

_of: WeakKeyDictionary[Desk, Background[dict[str, int]]] = WeakKeyDictionary()
_lock = threading.Lock()


def of(desk: Desk) -> Background[dict[str, int]]:
    """By the graphs' IRIs; one for each desk. Nothing is known at first."""
    with _lock:
        if desk not in _of:
            _of[desk] = Background(desk, counted, {})
        return _of[desk]


def counted(desk: Desk) -> dict[str, int]:
    """Of every graph; what came as a file is known by it, as that may be very large."""
    return {
        graph.value: _count(desk, graph) for graph in graphs(desk) if not desk.stopping.is_set()
    }


def graphs(desk: Desk) -> list[NamedNode]:
    """Those in which anything stands."""
    return [row["graph"] for row in desk.select("graphs_all")]


def _count(desk: Desk, graph: NamedNode) -> int:
    _since, file = graph_states.standing(desk, "public", graph)
    if file is None:
        return int(desk.select("graph_triples", graph=graph)[0]["count"].value)
    # Beside the file there is only what was said of the collection or vocabulary as such.
    kind, _slash, slug = graph.value.rpartition("/")
    me = desk.names.path(f"{kind.rpartition('/')[2]}/{slug}")
    return file.quads + len(desk.about("public", me))
