"""What people write in queries over this data: the prefixes, classes and properties in it.

Read from some statements of each graph, in the background, where the data has changed: to look at
all of them would take longer than anybody waits.
"""

import re
import threading
from collections import Counter
from functools import cache
from weakref import WeakKeyDictionary

import orjson
from pyoxigraph import NamedNode, parse

from server.commit import Desk
from server.domain import catalogue_graphs
from server.domain.background import Background
from server.names import CH, PREFIXES, RDFS
from server.resources import folder

_SAMPLE = 4_000  # statements of a graph
_MOST_GRAPHS = 400
_MOST_WORDS = 2_000
_PARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_-]")


_of: WeakKeyDictionary[Desk, Background[bytes]] = WeakKeyDictionary()
_lock = threading.Lock()


def of(desk: Desk) -> Background[bytes]:
    """As JSON; one for each desk. The prefixes are known at once."""
    with _lock:
        if desk not in _of:
            _of[desk] = Background(desk, _written, orjson.dumps(_told(Counter(), Counter())))
        return _of[desk]


def _written(desk: Desk) -> bytes:
    return orjson.dumps(_found(desk))


def _found(desk: Desk) -> dict[str, object]:
    properties: Counter[str] = Counter()
    classes: Counter[str] = Counter()
    for named in catalogue_graphs.named(desk)[:_MOST_GRAPHS]:
        for row in desk.select("graph_sample", limit=_SAMPLE, graph=named.iri):
            properties[row["property"].value] += 1
            if isinstance(row["class"], NamedNode):
                classes[row["class"].value] += 1
    return _told(properties, classes)


def _told(properties: Counter[str], classes: Counter[str]) -> dict[str, object]:
    """`prefixes`, `classes` and `properties`: [IRI, its name in words], the most used first."""
    labels = _labels()
    return {
        "prefixes": PREFIXES,
        "properties": _listed(properties, labels),
        "classes": _listed(classes, labels),
    }


def _listed(counts: Counter[str], labels: dict[str, str]) -> list[tuple[str, str]]:
    return [(iri, labels.get(iri) or _spelled(iri)) for iri, _n in counts.most_common(_MOST_WORDS)]


def _spelled(iri: str) -> str:
    """`…#isShownBy` is “is shown by”."""
    local = re.split(r"[#/]", iri.rstrip("/#"))[-1]
    return " ".join(part for part in _PARTS.split(local) if part).lower()


@cache
def _labels() -> dict[str, str]:
    """The names of our own terms, from the ontology."""
    found = parse(path=folder("vocabularies") / "crowdheritage.ttl")
    return {
        str(quad.subject.value): str(quad.object.value)
        for quad in found
        if quad.predicate == RDFS.label and str(quad.subject).startswith(f"<{CH}")
    }
