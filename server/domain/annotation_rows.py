"""The index rows of an annotation: its status by the campaign's rule, and who contributed."""

import json
from collections.abc import Iterator

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import annotations
from server.domain.acceptance import Acceptance, Status
from server.domain.annotations import Annotation
from server.index import contributions, items, queues
from server.index.contributions import AnnotationRow, ContributionRow
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)


def project(desk: Desk, iri: str) -> None:
    """Write the rows of one annotation from what the stores say of it."""
    annotation = annotations.find(desk, iri)
    if annotation is None:
        contributions.remove_annotation(desk.index.write, iri)
        return
    item = items.current_item(desk.index.write, annotation.item)
    counts = annotation.counts
    row = AnnotationRow(
        iri, annotation.campaign, item, annotation.field, annotation.body,
        status(desk, annotation, item), counts.approvals, counts.rejections, counts.unsure,
        annotation.created,
    )  # fmt: skip
    contributions.put_annotation(desk.index.write, row, _contributions(annotation, item))


def project_items(desk: Desk, iris: list[str]) -> None:
    """After items came, went or were renamed: their annotations point elsewhere now."""
    for iri in iris:
        for annotation in queues.annotation_iris(desk.index.write, item=iri):
            project(desk, annotation)


def project_campaign(desk: Desk, slug: str) -> None:
    """After a change of the rule."""
    for annotation in queues.annotation_iris(desk.index.write, campaign=slug):
        project(desk, annotation)


def status(desk: Desk, annotation: Annotation, item: str) -> Status:
    """Where an annotation stands; an organiser's decision overrides the rule."""
    if not annotation.claims:
        return Status.WITHDRAWN
    row = items.find_item_by_iri(_ALL, desk.index.write, item)
    if row is None or row.gone:
        return Status.ORPHANED
    if desk.ask("published_exists", annotation=NamedNode(annotation.iri)):
        return Status.PUBLISHED
    if annotation.decision:
        accepted = annotation.decision.verdict == "accept"
        return Status.ACCEPTED if accepted else Status.REJECTED
    return _rule(desk, annotation.campaign).status(annotation.counts)


def _rule(desk: Desk, campaign: str) -> Acceptance:
    text = contributions.campaign_rule(desk.index.write, campaign)
    return Acceptance(**json.loads(text)) if text else Acceptance()


def _contributions(annotation: Annotation, item: str) -> Iterator[ContributionRow]:
    for claim in annotation.claims:
        if claim.confidence is None:  # people's: software is on no list of contributors
            yield ContributionRow(
                annotation.iri, claim.agent, "claim", annotation.campaign, item, None, claim.created
            )
    for vote in annotation.votes:
        yield ContributionRow(
            annotation.iri, vote.agent, "vote", annotation.campaign, item, vote.verdict,
            vote.created,
        )  # fmt: skip
