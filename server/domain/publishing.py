"""Deciding on proposals, publishing what was accepted, and taking it back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from server.commit import Desk
from server.domain import (
    annotation_rows,
    annotation_statements,
    annotations,
    blindness,
    campaigns,
    permissions,
    publications,
    shapes,
)
from server.domain.acceptance import Status
from server.domain.accounts import Person
from server.domain.annotations import Annotation
from server.domain.campaigns import Campaign
from server.errors import Conflict, Invalid, NotFound, Problem
from server.i18n import _
from server.index import items, queues
from server.names import CH, DCTERMS, RDF, time_literal, value_of
from server.patches import Patch, bound, on

#: Annotations in one entry: about 25 quads each, so that the writer is held for milliseconds.
PAGE = 50


def decide(
    desk: Desk, organiser: Person, iri: str, verdict: str | None, reason: str, *, now: datetime
) -> Annotation:
    """An organiser's word over the rule's; None takes it back. A rejection unpublishes."""
    if verdict not in ("accept", "reject", None):
        raise Invalid(
            _("That is not a decision."), (Problem("verdict", _("Choose accept or reject.")),)
        )

    def decision(desk: Desk) -> tuple[Patch, Annotation]:
        standing = blindness.get_shown(desk, organiser, iri)
        permissions.require(organiser, "moderate", _campaign(desk, organiser, standing.campaign))
        graph = desk.names.graph("annotations", standing.campaign)
        node = NamedNode(f"{iri}#decision")
        before = annotation_statements.standing_part(desk, node, graph)
        if verdict is None:
            return on("work", remove=before), standing
        said: list[tuple[Any, NamedNode, Any]] = [
            (node, RDF.type, CH.Decision),
            (node, CH.annotation, NamedNode(iri)),
            (node, CH.verdict, CH.Accept if verdict == "accept" else CH.Reject),
            *([(node, CH.reason, Literal(reason))] if reason else []),
            (node, DCTERMS.creator, organiser.agent),
            (node, DCTERMS.created, time_literal(now)),
        ]
        shapes.check("decision", said)
        patch = on("work", remove=before, add=bound(graph, *said))
        if verdict == "reject":
            patch += on("public", remove=sorted(publications.standing(desk, standing), key=str))
        return patch, standing

    return desk.commit(decision, by=organiser.agent.value, action="decide", now=now)


def publish(
    desk: Desk, organiser: Person, slug: str, *, now: datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> int:  # fmt: skip
    """Publish what the rule or an organiser accepted; returns how many annotations that were.

    Each page of annotations is one entry, so an interrupted run is gone on with by calling again.
    """
    done = 0
    while True:
        page = queues.annotations_by_status(desk.index.read(), slug, Status.ACCEPTED, limit=PAGE)
        published = desk.commit(
            lambda desk, page=page: _publish_page(desk, organiser, slug, page, now),  # type: ignore[misc]
            by=organiser.agent.value, action="publish", now=now,
        )  # fmt: skip
        done += published
        progress(done)
        if not published:
            return done


def _publish_page(
    desk: Desk, organiser: Person, slug: str, page: list[Any], now: datetime
) -> tuple[Patch, int]:
    campaign = _campaign(desk, organiser, slug)
    permissions.require(organiser, "publish", campaign)
    if campaign.dataset != "public":
        raise Conflict(_("Open the campaign before you publish from it."))
    blindness.require_publishable(campaign)
    added, count = set(), 0
    for row in page:
        annotation = annotations.get(desk, row.iri)
        item = items.current_item(desk.index.write, annotation.item)
        if annotation_rows.status(desk, annotation, item) == Status.ACCEPTED:
            licence, issued = campaign.licence, time_literal(now)
            added |= publications.publication(desk, annotation, licence, issued)
            count += 1
    return on("public", add=sorted(added, key=str)), count


def unpublish(
    desk: Desk, organiser: Person, slug: str, *, now: datetime, iri: str | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> int:  # fmt: skip
    """Take one annotation, or all of a campaign, out of the public dataset."""
    done = 0
    while True:
        page = [iri] if iri else _published(desk, slug)
        removed = desk.commit(
            lambda desk, page=page: _unpublish_page(desk, organiser, slug, page),  # type: ignore[misc]
            by=organiser.agent.value, action="unpublish", now=now,
        )  # fmt: skip
        done += removed
        progress(done)
        if iri or not removed:
            return done


def _published(desk: Desk, slug: str) -> list[str]:
    """Those of a campaign that stand in public, also where their item is gone by now."""
    graph = desk.names.graph("published", slug)
    rows = desk.select("published_annotations", graph=graph, limit=PAGE)
    return [row["annotation"].value for row in rows]


def _unpublish_page(desk: Desk, organiser: Person, slug: str, page: list[str]) -> tuple[Patch, int]:
    """The first that is still published: what two of a page share goes with the last of them."""
    permissions.require(organiser, "publish", _campaign(desk, organiser, slug))
    for iri in page:
        removed = publications.standing(desk, annotations.get(desk, iri))
        if removed:
            return on("public", remove=sorted(removed, key=str)), 1
    return Patch(), 0


def refreshed(desk: Desk, before: Annotation, after: Annotation) -> Patch:
    """What changes in public when votes on a published annotation change; withdrawn ones go."""
    own = publications.standing(desk, before)
    if not own:
        return Patch()
    if not after.claims:
        return on("public", remove=sorted(own, key=str))
    licence = next(value_of(q.object) for q in own if q.predicate == DCTERMS.license)
    issued = publications.issued_at(own)
    assert issued is not None
    wanted = publications.publication(desk, after, licence, issued)
    mine = {quad for quad in wanted if _is_of(before.iri, quad)}
    old = {quad for quad in own if _is_of(before.iri, quad)}
    return on("public", remove=sorted(old - mine, key=str), add=sorted(mine - old, key=str))


def _is_of(iri: str, quad: Quad) -> bool:
    """Whether it is said of the annotation itself or of a part of it."""
    subject = value_of(quad.subject)
    return subject == iri or subject.startswith(f"{iri}#")


def _campaign(desk: Desk, organiser: Person, slug: str) -> Campaign:
    """Raises NotFound, for a draft also when the person may not see it."""
    campaign = campaigns.find_standing(desk, slug)
    if campaign is None or not campaigns.sees(organiser, campaign):
        raise NotFound(_("There is no such campaign."))
    return campaign
