"""Making, replacing and withdrawing annotations by the Web Annotation Protocol (5.).

What is sent is mapped to an answer to a question of a campaign, and goes the way of the forms: the
same permissions, shapes and blindness.
"""

from collections.abc import Iterable
from datetime import datetime

from pyoxigraph import Triple

from server.commit import Desk
from server.domain import (
    annotation_documents,
    annotations,
    contributing,
    given_items,
    kinds,
    participation,
    permissions,
    sent_annotations,
    sent_targets,
)
from server.domain.accounts import Person
from server.domain.annotation_containers import Container
from server.domain.annotation_documents import Document
from server.domain.annotations import Annotation
from server.domain.answered_tasks import task_of
from server.domain.campaigns import Campaign
from server.domain.contributing import Proposal
from server.domain.kinds import OF_CLAIM
from server.domain.sent_annotations import Answer
from server.domain.sent_targets import Aim
from server.domain.widgets import Asked
from server.errors import Conflict, Forbidden, Invalid, NotFound
from server.formats import webanno_graphs
from server.formats.webanno_graphs import Sent, wrong
from server.i18n import _, language
from server.index import queues
from server.names import CH, DCTERMS, OA, sortable, value_of
from server.patches import Patch


class Stale(Conflict):
    """It changed since its state was read that the client means."""


def create(
    desk: Desk, person: Person, container: Container, triples: Iterable[Triple], *, now: datetime,
    key: str | None = None,
) -> str:  # fmt: skip
    """Propose what an annotation says; returns its IRI. Raises what `contributing.propose` does."""
    sent = webanno_graphs.read(triples)
    campaign = _campaign(desk, person, container, sent)
    aim = sent_targets.resolve(desk, permissions.viewer(person), sent, container.item)
    found = sent_annotations.answer(_asked(desk, person, campaign, aim), sent, aim)
    kind, number = found.asked.kind, found.asked.task.number
    proposal = Proposal(
        campaign.slug, aim.item.iri, number, found.values, origin=found.origin
    )  # fmt: skip
    try:
        return contributing.propose(desk, person, proposal, now=now, key=key)
    except Invalid as error:
        raise sent_annotations.named(kind, error) from error


def replace(
    desk: Desk, person: Person, iri: str, state: str, triples: Iterable[Triple], *, now: datetime
) -> None:
    """Say one's own anew. What it says of which item stays: only what one says of it oneself may
    change. Raises Conflict for anything else; Stale where it is not in that state any more."""
    sent = webanno_graphs.read(triples)

    def decide(desk: Desk) -> tuple[Patch, None]:
        document = annotation_documents.get(desk, person, iri)
        if document.state != state:
            raise Stale(_("This has changed meanwhile."))
        standing = _own(desk, person, iri)
        campaign = participation.open_campaign(desk, person, standing.campaign, now)
        participation.require_agreement(desk, campaign, person)
        found = _same(desk, person, campaign, standing, document, sent)
        given_items.require(desk, campaign, person, found.asked.item.iri, now)
        written = found.written.on_claim(found.origin)
        return contributing.claim(found.asked, person, written, iri, now), None

    desk.commit(decide, by=person.agent.value, action="propose", now=now)


def withdraw(desk: Desk, person: Person, iri: str, state: str, *, now: datetime) -> None:
    """Take one's own back. Raises Forbidden, Conflict where others voted on it, Stale, NotFound."""
    document = annotation_documents.get(desk, person, iri)
    if document.state != state:
        raise Stale(_("This has changed meanwhile."))
    contributing.withdraw(desk, person, iri, now=now)


def _campaign(desk: Desk, person: Person, container: Container, sent: Sent) -> Campaign:
    """That of the container, or the one that the annotation names."""
    slug = desk.names.local(sent.iri("", CH.campaign), "campaign") or ""
    if container.campaign and slug not in ("", container.campaign):
        raise wrong("campaign", _("This container is for annotations of another campaign."))
    slug = container.campaign or slug
    if not slug:
        raise wrong("campaign", _("Name the campaign, or send it to the campaign's container."))
    try:
        return participation.visible_campaign(desk, person, slug)
    except NotFound as error:
        raise wrong("campaign", str(error)) from error


def _asked(desk: Desk, person: Person, campaign: Campaign, aim: Aim) -> Asked:
    """The first question; which one is answered is found later."""
    if not queues.in_queue(desk.index.read(), campaign.slug, aim.item.iri):
        raise wrong("target.source", _("This item is not part of the campaign."))
    task, viewer = campaign.tasks[0], permissions.viewer(person)
    kind = kinds.get(desk, task.kind)
    return Asked(desk, viewer, campaign, task, kind, aim.item, person, language.get())


def _own(desk: Desk, person: Person, iri: str) -> Annotation:
    standing = annotations.get(desk, iri)
    if standing.claim_of(person.agent.value) is None:
        raise Forbidden(_("Only your own proposals can be changed."))
    return standing


def _same(
    desk: Desk, person: Person, campaign: Campaign, standing: Annotation, document: Document,
    sent: Sent,
) -> Answer:  # fmt: skip
    """The answer that says the same as what stands. Raises Conflict where it says another thing."""
    _require_managed(standing, document, sent)
    row = queues.find_annotation(desk.index.read(), standing.iri)
    assert row is not None
    viewer = permissions.viewer(person)
    aim = sent_targets.resolve(desk, viewer, sent, "")
    task = task_of(desk, campaign, row)
    kind = kinds.get(desk, standing.kind)
    asked = Asked(desk, viewer, campaign, task, kind, aim.item, person, language.get())
    name = desk.names.local(standing.iri, "annotation") or ""
    found = sent_annotations.of_task(asked, sent, aim, name)
    now, then = found.written.content, standing.content
    if (aim.item.iri, now.selector, now.key) != (row.item, then.selector, then.key):
        raise Conflict(
            _("An annotation is what it says of what: to say another thing, delete it and make "
              "a new one.")
        )  # fmt: skip
    return found


def _require_managed(standing: Annotation, document: Document, sent: Sent) -> None:
    """What the server says of it is not to be changed, nor where it came from."""
    if sent.root not in ("", standing.iri):
        raise Conflict(_("The id is that of another annotation."))
    for property_ in (DCTERMS.created, DCTERMS.creator, CH.campaign):
        told = {_plain(value_of(t.object)) for t in document.triples if t.predicate == property_}
        if any(_plain(getattr(each, "value", "")) not in told for each in sent.all("", property_)):
            raise Conflict(_("Who made it, when and where is not to be changed."))
    claims = [each.content for each in standing.claims]
    for property_ in (OA.canonical, OA.via):
        told = {each.value for claim in claims for each in claim.of(OF_CLAIM).get(property_, ())}
        sent_now = {getattr(each, "value", "") for each in sent.all("", property_)}
        if told and sent_now and sent_now != told:
            raise Conflict(_("The IRIs that it has elsewhere are not to be changed."))


def _plain(text: str) -> str:
    """Times of ours as they are compared: stores leave zeros out."""
    return sortable(text) if text.endswith("Z") else text
