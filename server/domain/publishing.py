"""Deciding on proposals, publishing what was accepted, and taking it back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from server.commit import Desk
from server.domain import (
    annotation_statements,
    blindness,
    campaigns,
    permissions,
    publication_items,
    publication_outcomes,
    publication_writing,
    publications,
    rejections,
    shapes,
)
from server.domain.accounts import Person
from server.domain.annotations import Annotation
from server.domain.campaigns import Campaign
from server.domain.publication_plans import Figures
from server.domain.publication_selections import EVERYTHING, Deed, Order, Selection
from server.domain.publication_writing import Job, Told
from server.errors import Conflict, Invalid, NotFound, Problem
from server.i18n import _
from server.names import CH, DCTERMS, RDF, time_literal
from server.patches import Patch, bound, on
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)


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
            after = standing.with_decision(None)
            return on("work", remove=before) + rejections.refreshed(desk, after), standing
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
        patch += rejections.refreshed(desk, standing.with_decision(verdict))
        if verdict == "reject":
            patch += on("public", remove=sorted(publications.standing(desk, standing), key=str))
        return patch, standing

    return desk.commit(decision, by=organiser.agent.value, action="decide", now=now)


def publish(
    desk: Desk, organiser: Person, slug: str, *, now: datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> int:  # fmt: skip
    """Publish what the rule or an organiser accepted; returns how many annotations are new."""
    told: Told = lambda _what, done, _total: progress(done)  # noqa: E731
    return carry_out(desk, organiser, slug, "publish", now=now, told=told).added


def unpublish(
    desk: Desk, organiser: Person, slug: str, *, now: datetime, iri: str | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> int:  # fmt: skip
    """Take one annotation, or all of a campaign, out of the public dataset."""
    told: Told = lambda _what, done, _total: progress(done)  # noqa: E731
    selection = Selection(annotations=(iri,)) if iri else EVERYTHING
    found = carry_out(desk, organiser, slug, "withdraw", selection, now=now, told=told)
    return found.removed


def carry_out(
    desk: Desk, organiser: Person, slug: str, deed: Deed, selection: Selection = EVERYTHING, *,
    now: datetime, take_out: bool = False, key: str | None = None, told: Told = lambda *_: None,
    stop: Callable[[], bool] = lambda: False, small: int | None = None, seen: str | None = None,
) -> Figures:  # fmt: skip
    """Publish or withdraw what is selected, as one entry; `take_out`: what is published and no
    longer accepted goes.

    `seen` is the edition of the preview that somebody looked at. Raises NotFound, Forbidden; and
    Conflict for a draft, in an open blind campaign, under embargo, while somebody else publishes
    the campaign, and where it is not as it was seen.
    """

    def decided(desk: Desk) -> Order:
        if seen is not None and seen != publication_outcomes.edition(desk, slug):
            raise Conflict(_("This has changed since you looked. Please look again."))
        return order(desk, organiser, slug, deed, selection, now=now, take_out=take_out)

    job = Job(organiser.agent.value, "publish" if deed == "publish" else "unpublish", now, key)
    found = publication_writing.write(desk, slug, decided, job, told=told, stop=stop, small=small)
    publication_outcomes.note(desk, slug, deed, found, job)
    return found


def order(
    desk: Desk, organiser: Person, slug: str, deed: Deed, selection: Selection = EVERYTHING, *,
    now: datetime, take_out: bool = False,
) -> Order:  # fmt: skip
    """What is to be done, if it may be done now. Raises as `carry_out` does."""
    campaign = _campaign(desk, organiser, slug)
    permissions.require(organiser, "publish", campaign)
    if deed == "publish":
        require_publishable(campaign, now)
    return Order(campaign, now, deed, selection, take_out)


def require_publishable(campaign: Campaign, now: datetime) -> None:
    """Raises Conflict for a draft, for a blind campaign that is not closed, and for an embargo."""
    if campaign.dataset != "public":
        raise Conflict(_("Open the campaign before you publish from it."))
    blindness.require_publishable(campaign)
    if campaign.is_embargoed(now.date()):
        raise Conflict(_("This campaign is under embargo until {day}.", day=campaign.embargo))


def refreshed(desk: Desk, before: Annotation, after: Annotation) -> Patch:
    """What changes in public when votes on a published annotation change; withdrawn ones go."""
    patch = rejections.refreshed(desk, after)
    graph = desk.names.graph("published", before.campaign)
    if graph.value in desk.owed or not publications.is_public(desk, before.iri):
        return patch
    if not after.claims:
        gone = publications.standing(desk, before)
        return patch + on("public", remove=sorted(gone, key=str))
    old = publications.standing_own(desk, before.iri, graph)
    campaign = campaigns.get_campaign(desk, _ALL, before.campaign)
    said = publications.own(
        after, publications.one_of(old, DCTERMS.license).value,
        publications.one_of(old, DCTERMS.issued),
        ratings=publication_items.with_ratings(campaign, after),
    )  # fmt: skip
    new = {Quad(s, p, o, graph) for s, p, o in said}
    return patch + on("public", remove=sorted(old - new, key=str), add=sorted(new - old, key=str))


def _campaign(desk: Desk, organiser: Person, slug: str) -> Campaign:
    """Raises NotFound, for a draft also when the person may not see it."""
    campaign = campaigns.find_standing(desk, slug)
    if campaign is None or not campaigns.sees(organiser, campaign):
        raise NotFound(_("There is no such campaign."))
    return campaign
