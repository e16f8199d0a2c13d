"""“Why is this here?”: one annotation, who made it, the votes on it, and what happened to it."""

from dataclasses import dataclass
from datetime import datetime

from server.commit import Desk
from server.domain import (
    annotation_bodies,
    annotation_histories,
    annotations,
    blindness,
    campaign_views,
    campaigns,
    fields,
    items,
    makers,
    texts,
)
from server.domain.accounts import Person
from server.domain.annotation_bodies import BodyView
from server.domain.annotation_histories import History
from server.domain.answered_tasks import task_of
from server.domain.campaign_views import Named
from server.domain.campaigns import Campaign
from server.domain.contribution_views import may_see
from server.domain.items import Picture, Rights
from server.domain.makers import Maker
from server.errors import Gone, NotFound
from server.i18n import _
from server.index import histories, queues
from server.index import items as item_index
from server.index.contributions import AnnotationRow
from server.viewers import Viewer

_LATEST = 8  # entries of the history that its page shows


@dataclass(frozen=True, slots=True)
class ItemLine:
    id: str
    title: str
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class AnnotationPage:
    """`makers` and `by` say in words who and what made it."""

    id: str
    iri: str
    body: BodyView
    item: ItemLine
    campaign: Named
    question: str
    field_label: str
    status: str
    approvals: int
    rejections: int
    unsure: int
    rule: str
    licence: Rights
    makers: list[Maker]
    by: str
    created: datetime
    published: datetime | None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    id: str
    iri: str
    label: str
    item: ItemLine
    campaign: Named
    history: History


def get_page(
    desk: Desk, viewer: Viewer, person: Person | None, annotation_id: str, language: str
) -> tuple[AnnotationPage, History]:
    """It, and the latest of its history.

    Raises NotFound for what is not there or not for this person to see, Gone for what was
    withdrawn after it had been public.
    """
    row, campaign = _seen(desk, viewer, person, annotation_id)
    annotation = annotations.get(desk, row.iri)
    agent = person.agent.value if person else ""
    view = AnnotationPage(
        id=annotation_id,
        iri=row.iri,
        body=annotation_bodies.view(desk, viewer, annotation, language),
        item=_item(desk, viewer, row, language),
        campaign=Named(campaign.slug, texts.choose(campaign.title, language)),
        question=texts.choose(task_of(desk, campaign, row).question, language),
        field_label=fields.label(row.field) if row.field else "",
        status=row.status,
        approvals=row.approvals,
        rejections=row.rejections,
        unsure=row.unsure,
        rule=campaign.acceptance.sentence(),
        licence=campaign_views.licence(campaign.licence),
        makers=makers.of(desk, annotation, agent),
        by=makers.made_by(desk, annotation, agent),
        created=datetime.fromisoformat(row.created),
        published=_published(desk, row),
    )
    return view, annotation_histories.read(
        desk, viewer, campaign, annotation, person, language, limit=_LATEST
    )


def get_history(
    desk: Desk, viewer: Viewer, person: Person | None, annotation_id: str, language: str,
    before: int = histories.NEWEST,
) -> HistoryPage:  # fmt: skip
    """A page of its history; raises as `get_page` does."""
    row, campaign = _seen(desk, viewer, person, annotation_id)
    annotation = annotations.get(desk, row.iri)
    return HistoryPage(
        id=annotation_id,
        iri=row.iri,
        label=annotation_bodies.view(desk, viewer, annotation, language).label,
        item=_item(desk, viewer, row, language),
        campaign=Named(campaign.slug, texts.choose(campaign.title, language)),
        history=annotation_histories.read(
            desk, viewer, campaign, annotation, person, language, before=before
        ),
    )


def _seen(
    desk: Desk, viewer: Viewer, person: Person | None, annotation_id: str
) -> tuple[AnnotationRow, Campaign]:
    """The same words for all that somebody may not see, whether it is there or not."""
    iri = desk.names.annotation(annotation_id).value
    row = queues.find_annotation(desk.index.read(), iri)
    if row is None or not may_see(row.status, person):
        if histories.last(desk.index.read(), iri, "publish"):
            raise Gone(_("This annotation was withdrawn."))
        raise NotFound(_("There is no such annotation."))
    campaign = campaigns.get_campaign(desk, viewer, row.campaign)
    if blindness.hides_annotation(desk, campaign, person, row):
        raise NotFound(_("There is no such annotation."))
    return row, campaign


def _item(desk: Desk, viewer: Viewer, row: AnnotationRow, language: str) -> ItemLine:
    item = item_index.find_item_by_iri(viewer, desk.index.read(), row.item)
    title = item.title(language) if item else row.item
    return ItemLine(item.id if item else "", title, items.picture(item, title) if item else None)


def _published(desk: Desk, row: AnnotationRow) -> datetime | None:
    if row.status != "published":
        return None
    mark = histories.last(desk.index.read(), row.iri, "publish")
    return datetime.fromisoformat(mark.at) if mark else None
