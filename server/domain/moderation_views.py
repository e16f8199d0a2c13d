"""What organisers see of a campaign's annotations: rows to decide on, by status."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from server.commit import Desk
from server.domain import annotation_bodies, annotations, paging, texts
from server.domain.acceptance import Status
from server.domain.annotation_bodies import BodyView
from server.domain.annotation_parts import Decision
from server.domain.answered_tasks import task_of
from server.domain.campaigns import Campaign
from server.domain.makers import made_by
from server.domain.paging import Pages
from server.errors import NotFound
from server.i18n import _
from server.index import items, queues
from server.index.contributions import AnnotationRow
from server.viewers import Viewer

PAGE = 50
_SHOWN = (
    Status.CONTESTED, Status.PENDING, Status.ACCEPTED, Status.REJECTED, Status.PUBLISHED,
    Status.ORPHANED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ModerationRow:
    id: str
    body: BodyView
    item_id: str
    item_title: str
    question: str
    by: str
    approvals: int
    rejections: int
    unsure: int
    status: str
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a list one is: the page's number, and the last row seen (`created iri`)."""

    number: int = 1
    after: str = ""


def page(
    desk: Desk, viewer: Viewer, campaign: Campaign, status: str, place: Place, language: str
) -> dict[str, Any]:
    """The context of the moderation page: a page of one status, or of all that stand ("")."""
    connection = desk.index.read()
    counts = queues.progress(connection, campaign.slug).by_status
    shown = {key: counts.get(key, 0) for key in _SHOWN}
    if status and status not in shown:
        raise NotFound(_("There is no such status."))
    rows = queues.annotations_by_status(
        connection, campaign.slug, status, limit=PAGE + 1, after=place.after
    )
    total = counts.get(status, 0) if status else sum(shown.values())
    return {
        "counts": {key.value: count for key, count in shown.items()},
        "status": status,
        "rows": [row_view(desk, viewer, campaign, row, language) for row in rows[:PAGE]],
        "pages": _pages(status, place, total, rows),
        "accepted": shown[Status.ACCEPTED],
        "published": shown[Status.PUBLISHED],
    }


def _pages(status: str, place: Place, total: int, rows: list[AnnotationRow]) -> Pages:
    """Only forward: the place is the last row seen, so pages cost the same however far one is."""
    last = paging.pages_of(total, PAGE)
    if len(rows) <= PAGE:
        return Pages(min(place.number, last), last)
    seen = rows[PAGE - 1]
    after = f"{seen.created} {seen.iri}"
    query = urlencode({"status": status, "after": after, "page": place.number + 1})
    return Pages(place.number, last, next=f"?{query}")


def row_view(
    desk: Desk, viewer: Viewer, campaign: Campaign, row: AnnotationRow, language: str
) -> ModerationRow:
    annotation = annotations.get(desk, row.iri)
    item = items.find_item_by_iri(viewer, desk.index.read(), row.item)
    question = task_of(desk, campaign, row).question
    return ModerationRow(
        id=desk.names.local(row.iri, "annotation") or "",
        body=annotation_bodies.view(desk, viewer, annotation, language),
        item_id=item.id if item else "",
        item_title=item.title(language) if item else row.item,
        question=texts.choose(question, language),
        by=made_by(desk, annotation, ""),
        approvals=row.approvals,
        rejections=row.rejections,
        unsure=row.unsure,
        status=row.status,
        decision=annotation.decision,
    )
