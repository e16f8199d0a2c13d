"""What a published annotation is found by: the facets of its rows in the index."""

from collections.abc import Iterator
from itertools import islice

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain.acceptance import Status
from server.domain.annotations import Annotation
from server.index import items, published_annotations
from server.index.contributions import AnnotationRow
from server.index.folding import fold
from server.names import OA
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)
_MOST_WORDS = 100  # of one text


def project(desk: Desk, annotation: Annotation, row: AnnotationRow) -> None:
    """Write them anew; none for what is not published."""
    found = set(_facets(desk, annotation, row)) if row.status == Status.PUBLISHED else set()
    published_annotations.put(desk.index.write, row.iri, row.created, found)


def project_item(desk: Desk, item: str) -> None:
    """After a change of an item's metadata: somebody else may provide it by now."""
    row = items.find_item_by_iri(_ALL, desk.index.write, item)
    published_annotations.provide(desk.index.write, item, row.provider_key if row else "")


def _facets(desk: Desk, annotation: Annotation, row: AnnotationRow) -> Iterator[str]:
    content, item = annotation.content, items.find_item_by_iri(_ALL, desk.index.write, row.item)
    yield published_annotations.EVERY
    yield f"campaign:{row.campaign}"
    yield f"item:{row.item}"
    yield f"kind:{row.kind}"
    if item and item.provider_key:
        yield f"provider:{item.provider_key}"
    if row.field:
        yield f"field:{row.field}"
    for name, property_ in (("body", OA.hasBody), ("motivation", OA.motivatedBy)):
        named = [each for each in content.values(property_) if isinstance(each, NamedNode)]
        yield from (f"{name}:{each.value}" for each in named)
    source = content.text(OA.hasTarget, OA.hasSource)
    if source not in ("", row.item):
        yield f"target:{source}"
    for claim in annotation.claims:
        yield f"{'creator' if claim.confidence is None else 'generator'}:{claim.agent}"
    words = dict.fromkeys(fold(content.body_text).split())
    yield from (f"word:{word}" for word in islice(words, _MOST_WORDS))
