"""What a contributor does: agree, propose, vote, withdraw, finish; each one commit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyoxigraph import NamedNode, Quad

from server.commit import Desk
from server.domain import annotations, campaigns, permissions, publishing, shapes, term_scopes
from server.domain.accounts import Person
from server.domain.annotations import Annotation
from server.domain.campaigns import Campaign, Task
from server.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from server.i18n import _
from server.index import items, queues
from server.names import CH, DCTERMS, RDF, is_safe_iri, time_literal, timestamp
from server.patches import Patch, bound, on

Statements = list[tuple[Any, NamedNode, Any]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes: a term for the field of a task, on an item (an IRI)."""

    campaign: str
    item: str
    task: int
    term: str


def agree(desk: Desk, person: Person, slug: str, *, now: datetime) -> None:
    """Keep that this person gives their contributions to the campaign under its licence."""

    def decide(desk: Desk) -> tuple[Patch, None]:
        campaign = _open_campaign(desk, person, slug, now)
        if queues.agreed_licence(desk.index.read(), slug, person.agent.value) == campaign.licence:
            return Patch(), None
        me = desk.names.campaign(slug).value
        node = NamedNode(f"{me}#agreement-{person.id}")
        graph = desk.names.graph("annotations", slug)
        statements: Statements = [
            (node, RDF.type, CH.Agreement),
            (node, CH.campaign, desk.names.campaign(slug)),
            (node, CH.agent, person.agent),
            (node, DCTERMS.license, NamedNode(campaign.licence)),
            (node, DCTERMS.created, time_literal(now)),
        ]
        before = annotations.standing_part(desk, node, graph)
        return on("work", remove=before, add=bound(graph, *statements)), None

    desk.commit(decide, by=person.agent.value, action="agree", now=now)


def propose(
    desk: Desk, person: Person, proposal: Proposal, *, now: datetime, key: str | None = None
) -> str:
    """Claim that the item's field has this value; returns the annotation's IRI.

    Proposing what stands adds one's part and so one's approval; doing so twice changes nothing.
    Raises Invalid for a term outside of the task's vocabularies, Forbidden, Conflict when the
    campaign is not open, NotFound for an item outside of its collections.
    """

    def decide(desk: Desk) -> tuple[Patch, str]:
        campaign = _open_campaign(desk, person, proposal.campaign, now)
        _require_agreement(desk, campaign, person)
        _require_item(desk, proposal.campaign, proposal.item)
        task = campaign.task(proposal.task)
        _require_term(desk, task, proposal.term)
        iri = _identify(desk, campaign, task, proposal)
        return _claim(desk, person, campaign, task, proposal, iri, now), iri

    return desk.commit(decide, by=person.agent.value, action="propose", now=now, key=key)


def _identify(desk: Desk, campaign: Campaign, task: Task, proposal: Proposal) -> str:
    """The claim's IRI; where it stands under a former identifier of the item, that one's."""
    former = items.former_items(desk.index.read(), proposal.item)
    for item in former:
        iri = annotations.identify(desk.names, campaign.slug, item, task.field, proposal.term)
        if queues.find_annotation(desk.index.read(), iri.value):
            return iri.value
    return annotations.identify(
        desk.names, campaign.slug, proposal.item, task.field, proposal.term
    ).value


def _claim(
    desk: Desk, person: Person, campaign: Campaign, task: Task, proposal: Proposal, iri: str,
    now: datetime,
) -> Patch:  # fmt: skip
    graph = desk.names.graph("annotations", campaign.slug)
    standing = annotations.find(desk, iri)
    earlier = standing.claim_of(person.agent.value) if standing else None
    if standing and earlier and standing.is_after(earlier):
        return Patch()
    made = standing or Annotation(
        iri, campaign.slug, proposal.item, task.field, proposal.term, timestamp(now), task.kind
    )
    claim = annotations.claim_statements(desk.names, made)
    by = annotations.by_statements(iri, person, now)
    shapes.check("annotation/semantic-tag", [*claim, *by])
    voted = standing is not None and standing.vote_of(person.agent.value)
    part = annotations.part(iri, "vote", person)
    before = annotations.standing_part(desk, part, graph) if voted else []
    if standing and earlier:  # it was reopened since: the same claim made anew
        before += annotations.standing_part(desk, annotations.part(iri, "by", person), graph)
        standing = standing.without_claim(person.agent.value)
    patch = on("work", remove=before, add=bound(graph, *(by if standing else [*claim, *by])))
    if standing is None:
        return patch
    return patch + publishing.refreshed(desk, standing, standing.with_claim(person, now))


def withdraw(desk: Desk, person: Person, iri: str, *, now: datetime) -> Annotation:
    """Take one's own claim back; a claim that nobody makes any more counts as withdrawn."""

    def decide(desk: Desk) -> tuple[Patch, Annotation]:
        standing = annotations.get(desk, iri)
        _visible_campaign(desk, person, standing.campaign)
        if standing.claim_of(person.agent.value) is None:
            raise Forbidden(_("You can only take back what you proposed yourself."))
        graph = desk.names.graph("annotations", standing.campaign)
        mine = annotations.standing_part(desk, annotations.part(iri, "by", person), graph)
        after = standing.without_claim(person.agent.value)
        return on("work", remove=mine) + publishing.refreshed(desk, standing, after), after

    return desk.commit(decide, by=person.agent.value, action="withdraw", now=now)


def vote(
    desk: Desk, person: Person, iri: str, verdict: str | None, *, now: datetime, reason: str = "",
    comment: str = "", key: str | None = None,
) -> Annotation:  # fmt: skip
    """One verdict per person and annotation, replacing an earlier one; None takes it back.

    Nobody votes on what they proposed (Conflict), or on what was withdrawn (Conflict).
    """
    if verdict is not None and verdict not in annotations.VERDICTS:
        raise Invalid(
            _("That is not an answer."), (Problem("verdict", _("Choose yes, no or not sure.")),)
        )

    def decide(desk: Desk) -> tuple[Patch, Annotation]:
        standing = annotations.get(desk, iri)
        campaign = _open_campaign(desk, person, standing.campaign, now)
        _require_agreement(desk, campaign, person)
        _require_votable(standing, person)
        before = standing.vote_of(person.agent.value)
        if standing.verdict_of(person.agent.value) == verdict and not (reason or comment):
            return Patch(), standing
        graph = desk.names.graph("annotations", standing.campaign)
        node = annotations.part(iri, "vote", person)
        removed = annotations.standing_part(desk, node, graph) if before else []
        added: tuple[Quad, ...] = ()
        if verdict is not None:
            said = annotations.vote_statements(iri, person, verdict, reason, comment, now)
            shapes.check("vote", said)
            added = bound(graph, *said)
        after = standing.with_vote(person, verdict, now)
        patch = on("work", remove=removed, add=added)
        return patch + publishing.refreshed(desk, standing, after), after

    return desk.commit(decide, by=person.agent.value, action="vote", now=now, key=key)


def visit(desk: Desk, person: Person, slug: str, item: str, outcome: str, *, now: datetime) -> None:
    """Say that one is done with an item (finished), or that it shall come back later (skipped)."""
    outcomes = {"finished": CH.Finished, "skipped": CH.Skipped}

    def decide(desk: Desk) -> tuple[Patch, None]:
        _open_campaign(desk, person, slug, now)
        _require_item(desk, slug, item)
        me = desk.names.campaign(slug).value
        node = NamedNode(f"{me}#visit-{person.id}-{desk.names.item_id(item)}")
        graph = desk.names.graph("annotations", slug)
        statements: Statements = [
            (node, RDF.type, CH.Visit),
            (node, CH.campaign, desk.names.campaign(slug)),
            (node, CH.agent, person.agent),
            (node, CH.item, NamedNode(item)),
            (node, CH.outcome, outcomes[outcome]),
            (node, DCTERMS.modified, time_literal(now)),
        ]
        before = annotations.standing_part(desk, node, graph)
        if any(quad.object == CH.Finished for quad in before):
            return Patch(), None
        return on("work", remove=before, add=bound(graph, *statements)), None

    desk.commit(decide, by=person.agent.value, action=outcome, now=now)


def taking_part(desk: Desk, person: Person, slug: str, *, now: datetime) -> Campaign:
    """The open campaign, to which this person may contribute and has agreed to its licence.

    Raises NotFound, NotSignedIn, Forbidden, or Conflict where it is not open.
    """
    campaign = _open_campaign(desk, person, slug, now)
    _require_agreement(desk, campaign, person)
    return campaign


def _open_campaign(desk: Desk, person: Person, slug: str, now: datetime) -> Campaign:
    campaign = _visible_campaign(desk, person, slug)
    permissions.require(person, "contribute", campaign)
    if not campaign.is_open(now.date()):
        raise Conflict(_("This campaign is not open for contributions."))
    return campaign


def _visible_campaign(desk: Desk, person: Person, slug: str) -> Campaign:
    """The index is level in a decision. Raises NotFound for a draft that this person cannot see."""
    return campaigns.get_campaign(desk, permissions.viewer(person), slug)


def _require_agreement(desk: Desk, campaign: Campaign, person: Person) -> None:
    agreed = queues.agreed_licence(desk.index.read(), campaign.slug, person.agent.value)
    if agreed != campaign.licence:
        raise Forbidden(_("Please agree to the licence of contributions first."))


def _require_item(desk: Desk, slug: str, item: str) -> None:
    if not queues.in_queue(desk.index.read(), slug, item):
        raise NotFound(_("This item is not part of the campaign."))


def _require_term(desk: Desk, task: Task, term: str) -> None:
    message = _("Please choose one of the suggested terms.")
    if not is_safe_iri(term) or not term_scopes.offers(desk, task, term):
        raise Invalid(message, (Problem("body", message),))


def _require_votable(annotation: Annotation, person: Person) -> None:
    if not annotation.claims:
        raise Conflict(_("This proposal was withdrawn."))
    if annotation.claim_of(person.agent.value):
        raise Conflict(_("You proposed this yourself; others decide on it."))
