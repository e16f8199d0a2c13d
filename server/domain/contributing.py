"""What a contributor does: propose, vote, withdraw, finish; each one commit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import (
    annotation_forms,
    annotation_statements,
    annotation_votes,
    annotations,
    blindness,
    given_items,
    kinds,
    participation,
    permissions,
    publishing,
    texts,
)
from server.domain.accounts import Person
from server.domain.annotation_contents import Content, Said
from server.domain.annotation_forms import Written
from server.domain.annotations import Annotation
from server.domain.campaigns import Campaign
from server.domain.widgets import Asked, Values
from server.errors import Conflict, Forbidden, NotFound
from server.i18n import _, language
from server.index import items, queues
from server.names import CH, DCTERMS, RDF, new_id, time_literal, timestamp
from server.patches import Patch, bound, on
from server.viewers import Viewer

Statements = list[tuple[Any, NamedNode, Any]]
_ALL = Viewer(sees_work=True)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The answer to a task about an item (an IRI): the values of the form of the task's kind.

    `replaces` is one's own annotation that it is the better version of, "" for none; `origin` what
    one's claim says of where it comes from.
    """

    campaign: str
    item: str
    task: int
    values: Values
    replaces: str = ""
    origin: tuple[Said, ...] = ()

    @staticmethod
    def of_term(campaign: str, item: str, task: int, term: str) -> "Proposal":
        """A term (an IRI) for the field of a task."""
        return Proposal(campaign, item, task, {"body": [term]})


def propose(
    desk: Desk, person: Person, proposal: Proposal, *, now: datetime, key: str | None = None
) -> str:
    """Claim what the form says of the item; returns the annotation's IRI.

    Proposing what stands adds one's part and so one's approval; doing so twice changes nothing.
    Raises Invalid with a problem for each field that is wrong, Forbidden, Conflict when the
    campaign is not open, NotFound for an item outside of its collections.
    """

    def decide(desk: Desk) -> tuple[Patch, str]:
        campaign = participation.open_campaign(desk, person, proposal.campaign, now)
        participation.require_agreement(desk, campaign, person)
        asked = asking(desk, person, campaign, proposal)
        given_items.require(desk, campaign, person, proposal.item, now)
        written = annotation_forms.compose(asked, proposal.values).on_claim(proposal.origin)
        iri = identify(asked, written.content)
        patch = claim(asked, person, written, iri, now)
        if proposal.replaces and proposal.replaces != iri:
            patch = _without(desk, person, proposal, now) + patch
        return patch, iri

    return desk.commit(decide, by=person.agent.value, action="propose", now=now, key=key)


def asking(desk: Desk, person: Person, campaign: Campaign, proposal: Proposal) -> Asked:
    """Which question about which item a proposal answers. Raises NotFound."""
    _require_item(desk, campaign.slug, proposal.item)
    task, viewer = campaign.task(proposal.task), permissions.viewer(person)
    item = items.find_item_by_iri(_ALL, desk.index.read(), proposal.item)
    assert item is not None
    kind = kinds.get(desk, task.kind)
    return Asked(desk, viewer, campaign, task, kind, item, person, language.get())


def identify(asked: Asked, content: Content) -> str:
    """The claim's IRI; where it stands under a former identifier of the item, that one's.

    What nobody else could mean to say, such as a comment, gets an IRI of its own.
    """
    desk, kind = asked.desk, asked.kind
    if not kind.joins:
        return desk.names.annotation(new_id()).value
    for former in items.former_items(desk.index.read(), asked.item.iri):
        iri = annotations.identify(
            desk.names, asked.campaign.slug, kind.iri, content.about(former)
        ).value
        if queues.find_annotation(desk.index.read(), iri):
            return iri
    return annotations.identify(desk.names, asked.campaign.slug, kind.iri, content).value


def claim(
    asked: Asked, person: Person, written: Written, iri: str, now: datetime, batch: str = ""
) -> Patch:
    """In a decision: this person's claim of the annotation, which is made where nobody made it yet.

    `batch` is the IRI of what it is a part of, "" where it stands alone.
    """
    desk = asked.desk
    graph = desk.names.graph("annotations", asked.campaign.slug)
    standing = annotations.find(desk, iri)
    earlier = standing.claim_of(person.agent.value) if standing else None
    if standing and earlier and standing.is_after(earlier) and earlier.content == written.claim:
        return Patch()
    said = annotation_statements.content_statements(iri, written.content, timestamp(now))
    by = annotation_statements.by_statements(iri, person, now, written.claim)
    if batch:
        by.append((annotation_statements.part(iri, "by", person), CH.batch, NamedNode(batch)))
    asked.kind.check([*said, *by])
    voted = standing is not None and standing.vote_of(person.agent.value)
    part = annotation_statements.part(iri, "vote", person)
    before = annotation_statements.standing_part(desk, part, graph) if voted else []
    if standing and earlier:  # it was reopened since, or one says more of it oneself
        mine = annotation_statements.part(iri, "by", person)
        before += annotation_statements.standing_claim(desk, mine, graph)
        standing = standing.without_claim(person.agent.value)
    patch = on("work", remove=before, add=bound(graph, *(by if standing else [*said, *by])))
    if standing is None:
        return patch
    after = standing.with_claim(person, now, written.claim)
    return patch + publishing.refreshed(desk, standing, after)


def _without(desk: Desk, person: Person, proposal: Proposal, now: datetime) -> Patch:
    """One's own earlier version goes, in the same entry."""
    earlier = blindness.get_shown(desk, person, proposal.replaces)
    item = items.current_item(desk.index.write, earlier.item)
    if earlier.campaign != proposal.campaign or item != proposal.item:
        raise NotFound(_("There is no such annotation."))
    return _withdrawal(desk, person, earlier)[0]


def withdraw(desk: Desk, person: Person, iri: str, *, now: datetime) -> Annotation:
    """Take one's claim back; a claim that nobody makes any more is withdrawn.

    Raises Forbidden where one makes no such claim, Conflict where others have voted on it since.
    """

    def decide(desk: Desk) -> tuple[Patch, Annotation]:
        standing = blindness.get_shown(desk, person, iri)
        participation.open_campaign(desk, person, standing.campaign, now)
        return _withdrawal(desk, person, standing)

    return desk.commit(decide, by=person.agent.value, action="withdraw", now=now)


def _withdrawal(desk: Desk, person: Person, standing: Annotation) -> tuple[Patch, Annotation]:
    if standing.claim_of(person.agent.value) is None:
        raise Forbidden(_("Only your own proposals can be taken back."))
    if not may_take_back(standing, person):
        raise Conflict(_("Others have voted on this, so it can no longer be changed."))
    graph = desk.names.graph("annotations", standing.campaign)
    node = annotation_statements.part(standing.iri, "by", person)
    mine = annotation_statements.standing_claim(desk, node, graph)
    after = standing.without_claim(person.agent.value)
    return on("work", remove=mine) + publishing.refreshed(desk, standing, after), after


def may_take_back(annotation: Annotation, person: Person | None) -> bool:
    """Whether somebody's proposal is theirs alone to change: while nobody else voted on it."""
    agent = person.agent.value if person else ""
    if annotation.claim_of(agent) is None:
        return False
    others = any(claim.agent != agent for claim in annotation.claims)
    return others or not annotation.votes


def vote(
    desk: Desk, person: Person, iri: str, verdict: str | None, *, now: datetime, reason: str = "",
    comment: str = "", rating: int | None = None, key: str | None = None,
) -> Annotation:  # fmt: skip
    """One verdict per person and annotation, replacing an earlier one; None takes it back.

    Nobody votes on what they proposed (Conflict), or on what was withdrawn (Conflict).
    """
    annotation_votes.require_verdict(verdict)
    said = annotation_votes.Said(verdict, reason, comment, rating)

    def decide(desk: Desk) -> tuple[Patch, Annotation]:
        standing = blindness.get_shown(desk, person, iri, now)
        campaign = participation.open_campaign(desk, person, standing.campaign, now)
        participation.require_agreement(desk, campaign, person)
        offered = {texts.choose(each, "en") for each in campaign.reasons}
        annotation_votes.require_words(said, offered)
        annotation_votes.require_votable(standing, person)
        given_items.require_proposal(desk, campaign, person, iri, now)
        return annotation_votes.cast(desk, person, standing, said, now)

    return desk.commit(decide, by=person.agent.value, action="vote", now=now, key=key)


def visit(desk: Desk, person: Person, slug: str, item: str, outcome: str, *, now: datetime) -> None:
    """Say that one is done with an item (finished), or that it shall come back later (skipped)."""
    outcomes = {"finished": CH.Finished, "skipped": CH.Skipped}

    def decide(desk: Desk) -> tuple[Patch, None]:
        campaign = participation.open_campaign(desk, person, slug, now)
        _require_item(desk, slug, item)
        given_items.require(desk, campaign, person, item, now)
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
        before = annotation_statements.standing_part(desk, node, graph)
        if any(quad.object == CH.Finished for quad in before):
            return Patch(), None
        return on("work", remove=before, add=bound(graph, *statements)), None

    desk.commit(decide, by=person.agent.value, action=outcome, now=now)
    given_items.release(desk, slug, person, item)


def _require_item(desk: Desk, slug: str, item: str) -> None:
    if not queues.in_queue(desk.index.read(), slug, item):
        raise NotFound(_("This item is not part of the campaign."))
