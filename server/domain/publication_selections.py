"""Which of a campaign's annotations are to be published or taken back, and how."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import publication_entities
from server.domain.acceptance import Status
from server.domain.annotations import Annotation
from server.domain.campaigns import Campaign
from server.domain.publication_entities import Said
from server.index import items, queues
from server.index.contributions import AnnotationRow
from server.index.items import ItemRow
from server.viewers import Viewer

#: `level` works in what people said of published annotations while these were being written.
Deed = Literal["publish", "withdraw", "level"]
#: Of annotations that may be published, or are; those that lost their item may be.
STATUSES = (Status.ACCEPTED, Status.PUBLISHED, Status.ORPHANED)
PAGE = 200
_ALL = Viewer(sees_work=True)


@dataclass(frozen=True, slots=True)
class Selection:
    """All that is in one of `fields`, of one of `kinds`, and one of `annotations` (all IRIs);
    an empty one selects nothing away."""

    fields: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    annotations: tuple[str, ...] = ()

    def has(self, row: AnnotationRow) -> bool:
        return (
            (not self.fields or row.field in self.fields)
            and (not self.kinds or row.kind in self.kinds)
            and (not self.annotations or row.iri in self.annotations)
        )

    def __bool__(self) -> bool:
        return bool(self.fields or self.kinds or self.annotations)


EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done in a campaign; `take_out`: what is published and no longer accepted goes.

    `now` is when it is done: the time that new annotations are published at.
    """

    campaign: Campaign
    now: datetime
    deed: Deed = "publish"
    selection: Selection = EVERYTHING
    take_out: bool = False
    #: what vocabularies say of terms, looked up once
    terms: dict[str, Said] = field(default_factory=dict)

    def described(self, desk: Desk, term: str) -> Said:
        if term not in self.terms:
            self.terms[term] = publication_entities.describe(desk, NamedNode(term))
        return self.terms[term]

    def accepts(self, annotation: Annotation) -> bool:
        """Whether it would be accepted now, by the rule or by an organiser."""
        if not annotation.claims:
            return False
        if annotation.decision:
            return annotation.decision.verdict == "accept"
        return self.campaign.acceptance.status(annotation.counts) == Status.ACCEPTED


@dataclass(frozen=True, slots=True)
class About:
    """One item (an IRI) with its row, and all that people said of it in a campaign."""

    item: str
    row: ItemRow | None
    annotations: tuple[AnnotationRow, ...]


def about_items(desk: Desk, order: Order) -> Iterator[list[About]]:
    """In pages: each item of which something selected may be published, or is."""
    wanted = _items(desk, order)
    for start in range(0, len(wanted), PAGE):
        yield about(desk, order.campaign.slug, wanted[start : start + PAGE])


def about(desk: Desk, slug: str, iris: list[str]) -> list[About]:
    """These items, with all that people said of them in the campaign."""
    connection = desk.index.read()
    rows = queues.annotations_of_items(connection, iris, (slug,))
    standing = {row.iri: row for row in items.find_items(_ALL, connection, iris)}
    return [About(iri, standing.get(iri), tuple(rows.get(iri, ()))) for iri in iris]


def _items(desk: Desk, order: Order) -> list[str]:
    found: dict[str, None] = {}
    for row in _rows(desk, order):
        if order.selection.has(row):
            found[row.item] = None
    return sorted(found)


def _rows(desk: Desk, order: Order) -> Iterator[AnnotationRow]:
    connection = desk.index.read()
    rejected = (Status.REJECTED,) if order.campaign.publish_rejections else ()
    if order.selection.annotations:
        for iri in order.selection.annotations:
            row = queues.find_annotation(connection, iri)
            if row is not None and row.campaign == order.campaign.slug:
                yield row
        return
    for status in (*STATUSES, *rejected):
        after = ""
        while page := queues.annotations_by_status(
            connection, order.campaign.slug, status, limit=PAGE, after=after
        ):
            yield from page
            after = f"{page[-1].created} {page[-1].iri}"


def count(desk: Desk, slug: str) -> int:
    """How many annotations there may be to be looked at."""
    counts = queues.progress(desk.index.read(), slug).by_status
    return sum(counts.get(status, 0) for status in STATUSES)


def by_task(rows: tuple[AnnotationRow, ...]) -> dict[tuple[int, str, str], list[AnnotationRow]]:
    """The answers by the question that they answer."""
    found: dict[tuple[int, str, str], list[AnnotationRow]] = defaultdict(list)
    for row in rows:
        found[row.task, row.kind, row.field].append(row)
    return found
