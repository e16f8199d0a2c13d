"""The index rows of an annotation: its status by the campaign's rule, and who contributed."""

import json
from collections.abc import Iterator

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import annotation_facets, annotations, comparison_rows, value_selectors
from server.domain.acceptance import Acceptance, Status
from server.domain.annotation_contents import Content
from server.domain.annotations import Annotation
from server.index import comparisons, contributions, items, published_annotations, queues
from server.index.contributions import AnnotationRow, ContributionRow
from server.index.items import ItemRow
from server.names import CH, OA, RDF
from server.patches import Dataset
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)
_LONGEST = 500  # characters of a text, for lists


def project(desk: Desk, iri: str) -> None:
    """Write the rows of one annotation from what the stores say of it."""
    annotation = annotations.find(desk, iri)
    if annotation is None:
        contributions.remove_annotation(desk.index.write, iri)
        comparisons.remove(desk.index.write, iri)
        published_annotations.put(desk.index.write, iri, "", ())
        return
    item = items.current_item(desk.index.write, annotation.item)
    counts = annotation.counts
    content = annotation.content
    row = AnnotationRow(
        iri=iri,
        campaign=annotation.campaign,
        item=item,
        kind=annotation.kind,
        task=_task(content),
        field=annotation.field,
        selector=content.selector,
        body=annotation.body,
        text=content.body_text[:_LONGEST],
        status=status(desk, annotation, item),
        approvals=counts.approvals,
        rejections=counts.rejections,
        unsure=counts.unsure,
        created=annotation.created,
    )
    contributions.put_annotation(desk.index.write, row, _contributions(annotation, item))
    comparison_rows.project(desk, annotation, item, row.task)
    annotation_facets.project(desk, annotation, row)


def _task(content: Content) -> int:
    """The number of the question that it answers, 0 where it names none."""
    number = content.text(CH.task).rpartition("#task-")[2]
    return int(number) if number.isdecimal() else 0


def project_items(desk: Desk, iris: list[str]) -> None:
    """After items came, went or were renamed: their annotations point elsewhere now."""
    for iri in iris:
        for annotation in queues.annotation_iris(desk.index.write, item=iri):
            project(desk, annotation)


def project_selecting(desk: Desk, item: str) -> None:
    """After a change of an item's metadata: what was said of a value that is another by now."""
    for annotation in queues.selecting_iris(desk.index.write, item):
        project(desk, annotation)
    annotation_facets.project_item(desk, item)


def project_campaign(desk: Desk, slug: str) -> None:
    """After a change of the rule."""
    for annotation in queues.annotation_iris(desk.index.write, campaign=slug):
        project(desk, annotation)


def status(desk: Desk, annotation: Annotation, item: str) -> Status:
    """Where an annotation stands; an organiser's decision overrides the rule."""
    if not annotation.claims:
        return Status.WITHDRAWN
    row = items.find_item_by_iri(_ALL, desk.index.write, item)
    if row is None or row.gone or not _has_value(desk, row, annotation.content):
        return Status.ORPHANED
    if (RDF.type, OA.Annotation) in desk.about("public", NamedNode(annotation.iri)):
        return Status.PUBLISHED
    if annotation.decision:
        accepted = annotation.decision.verdict == "accept"
        return Status.ACCEPTED if accepted else Status.REJECTED
    return _rule(desk, annotation.campaign).status(annotation.counts)


def _has_value(desk: Desk, row: ItemRow, content: Content) -> bool:
    """Whether the item still has the value, or the words of it, that the annotation is about."""
    about = value_selectors.meant(content)
    dataset: Dataset = "work" if row.dataset == "work" else "public"
    return about is None or value_selectors.find(desk, dataset, row.iri, about) is not None


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
