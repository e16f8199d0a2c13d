"""“Why is this here?” as its pages tell it."""

from dataclasses import dataclass
from datetime import datetime

from server.commit import Desk
from server.domain import (
    annotation_bodies,
    annotations,
    answered_tasks,
    campaign_views,
    campaigns,
    fields,
    items,
    provenance,
    provenance_rules,
    publication_rules,
    texts,
)
from server.domain.acceptance import Counts
from server.domain.annotation_bodies import BodyView
from server.domain.campaign_views import Named
from server.domain.items import Picture, Rights
from server.domain.provenance_rules import Condition
from server.formats.prov import Lineage, Maker
from server.index import items as item_index
from server.index import term_lookups
from server.viewers import PUBLIC


@dataclass(frozen=True, slots=True)
class Why:
    """All that a page tells. `conditions` are those of the rule at publication; `unchanged`: it is
    the campaign's rule still. `chosen` says how the campaign picks among what was accepted."""

    id: str
    lineage: Lineage
    item_id: str
    item_title: str
    picture: Picture | None
    body: BodyView
    question: str
    field_label: str
    campaign: Named
    counts: Counts
    conditions: list[Condition]
    met: bool
    unchanged: bool
    chosen: str
    licence: Rights
    proposed: datetime
    published: datetime
    decided: datetime | None
    vocabulary_modified: datetime | None
    places: list[tuple[str, str, datetime]]

    @property
    def people(self) -> list[Maker]:
        return [maker for maker in self.lineage.makers if not maker.software]

    @property
    def software(self) -> list[Maker]:
        return [maker for maker in self.lineage.makers if maker.software]


@dataclass(frozen=True, slots=True)
class Line:
    """A published annotation in a list."""

    id: str
    body: BodyView
    field_label: str
    campaign: Named


def get(desk: Desk, annotation_id: str, language: str) -> Why:
    """Raises NotFound or Gone."""
    stated = provenance.get(desk, annotation_id)
    row, campaign, annotation = stated.row, stated.campaign, stated.annotation
    rule, told = stated.rule, stated.lineage
    item = item_index.find_item_by_iri(PUBLIC, desk.index.read(), row.item)
    title = item.title(language) if item else row.item
    task = answered_tasks.task_of(desk, campaign, row)
    tie_breaker = _label(desk, task.publication.beats_ties, language)
    return Why(
        id=annotation_id,
        lineage=told,
        item_id=item.id if item else "",
        item_title=title,
        picture=items.picture(item, title, veiled=campaign.sensitive) if item else None,
        body=annotation_bodies.view(desk, PUBLIC, annotation, language),
        question=texts.choose(task.question, language),
        field_label=fields.label(row.field) if row.field else "",
        campaign=Named(campaign.slug, texts.choose(campaign.title, language)),
        counts=annotation.counts,
        conditions=provenance_rules.conditions(rule, annotation.counts),
        met=rule.accepts(annotation.counts),
        unchanged=rule == campaign.acceptance,
        chosen=publication_rules.sentence(task.publication, tie_breaker),
        licence=campaign_views.licence(stated.licence),
        proposed=datetime.fromisoformat(row.created),
        published=datetime.fromisoformat(told.published),
        decided=datetime.fromisoformat(told.decided) if told.decided else None,
        vocabulary_modified=_when(told.vocabulary.modified if told.vocabulary else ""),
        places=[(each.kind, each.iri, datetime.fromisoformat(each.at)) for each in told.places],
    )


def _when(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _label(desk: Desk, iri: str, language: str) -> str:
    line = term_lookups.find_line(PUBLIC, desk.index, iri, language) if iri else None
    return line.label if line else iri


def line(desk: Desk, annotation_id: str, language: str) -> Line:
    row = provenance.get_row(desk, annotation_id)
    campaign = campaigns.get_campaign(desk, PUBLIC, row.campaign)
    annotation = annotations.get(desk, row.iri)
    return Line(
        annotation_id,
        annotation_bodies.view(desk, PUBLIC, annotation, language),
        fields.label(row.field) if row.field else "",
        Named(campaign.slug, texts.choose(campaign.title, language)),
    )
