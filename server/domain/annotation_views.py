"""“Why is this here?”: one annotation, the votes on it, and what happened to it."""

from dataclasses import dataclass
from datetime import datetime

from server.commit import Desk
from server.domain import annotations, campaign_views, campaigns, fields, items, term_views, texts
from server.domain.accounts import Person
from server.domain.campaign_views import Named
from server.domain.contribution_views import made_by, may_see, task_of
from server.domain.items import Picture, Rights
from server.domain.term_views import TermView
from server.errors import Gone, NotFound
from server.i18n import _
from server.index import items as item_index
from server.index import queues
from server.viewers import Viewer


@dataclass(frozen=True, slots=True)
class ItemLine:
    id: str
    title: str
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class AnnotationPage:
    id: str
    iri: str
    term: TermView
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
    by: str
    created: datetime
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Entry:
    when: datetime
    text: str


def get_page(
    desk: Desk, viewer: Viewer, person: Person | None, annotation_id: str, language: str
) -> tuple[AnnotationPage, list[Entry]]:
    """Raises NotFound for what is not there or not public, Gone for what was withdrawn."""
    iri = desk.names.annotation(annotation_id).value
    connection = desk.index.read()
    row = queues.find_annotation(connection, iri)
    history = queues.history(connection, iri)
    if row is None or not may_see(row.status, person):
        if any(action == "publish" for _seq, _at, _agent, action in history):
            raise Gone(_("This annotation was withdrawn."))
        raise NotFound(_("There is no such annotation."))
    annotation = annotations.get(desk, iri)
    campaign = campaigns.get_campaign(desk, viewer, annotation.campaign)
    item = item_index.find_item_by_iri(viewer, connection, row.item)
    title = item.title(language) if item else row.item
    published = [at for _seq, at, _agent, action in history if action == "publish"]
    view = AnnotationPage(
        id=annotation_id,
        iri=iri,
        term=term_views.view(desk, viewer, row.body, language),
        item=ItemLine(item.id if item else "", title, items.picture(item, title) if item else None),
        campaign=Named(campaign.slug, texts.choose(campaign.title, language)),
        question=texts.choose(task_of(desk, campaign, row).question, language),
        field_label=fields.label(row.field),
        status=row.status,
        approvals=row.approvals,
        rejections=row.rejections,
        unsure=row.unsure,
        rule=campaign.acceptance.sentence(),
        licence=campaign_views.licence(campaign.licence),
        by=made_by(annotation, person.agent.value if person else ""),
        created=datetime.fromisoformat(row.created),
        published=datetime.fromisoformat(published[-1])
        if published and row.status == "published"
        else None,
    )
    return view, [
        Entry(datetime.fromisoformat(at), _told(action, number == 0))
        for number, (_s, at, _a, action) in enumerate(history)
    ]


def _told(action: str, is_first: bool) -> str:
    if action == "reopen" and is_first:
        return _("Software proposed it in place of a term that changed in the vocabulary")
    return {
        "propose": _("Somebody proposed it"),
        "vote": _("Somebody voted"),
        "withdraw": _("Somebody took their proposal back"),
        "decide": _("An organiser decided"),
        "publish": _("It was published"),
        "unpublish": _("It was taken out of the public data"),
        "reopen": _("It was reopened, since its term changed in the vocabulary"),
    }.get(action, action)
