"""What people rejected, as data: negative statements in a graph of their own.

Only where the campaign allows it. They say which value was proposed for which field of an item, how
people voted, and for which of the campaign's reasons; no comments, and nobody by name but software.
Each is a `ch:RejectedAnnotation` beside the annotation, never an `oa:Annotation`, so that nobody
takes it for one that is true.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Store

from server.commit import Desk
from server.domain import (
    annotations,
    campaigns,
    publication_checks,
    publications,
    software,
    texts,
)
from server.domain.acceptance import Status
from server.domain.annotation_contents import Part
from server.domain.annotations import Annotation
from server.domain.campaigns import Campaign
from server.domain.publication_selections import About, Order
from server.names import CH, DC, DCTERMS, RDF, WGS84, XSD, Names, time_literal, value_of
from server.patches import Patch, on
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)
_NAME = "rejection"


def plan(desk: Desk, order: Order, about: About) -> tuple[set[Quad], set[Quad]]:
    """(what comes, what goes) of the selected annotations about an item."""
    add: set[Quad] = set()
    remove: set[Quad] = set()
    if not order.campaign.publish_rejections:
        return add, remove
    today = order.now.date()
    kept_back = publication_checks.about_item(desk, order.campaign, about.row, about.item, today)
    for row in about.annotations:
        if not order.selection.has(row):
            continue
        stands = standing(desk, row.iri, order.campaign.slug)
        wanted: set[Quad] = set()
        if order.deed == "publish" and row.status == Status.REJECTED and not kept_back:
            annotation = annotations.get(desk, row.iri)
            wanted = _quads(desk, order.campaign, annotation, about.item, stands, order.now)
        add |= wanted - stands
        remove |= stands - wanted
    return add, remove


def refreshed(desk: Desk, after: Annotation, now: datetime | None = None) -> Patch:
    """In a decision: what changes of a rejection that is published when people say more, or the
    organiser decides; it goes when it is none any more."""
    if desk.names.graph("rejections", after.campaign).value in desk.owed:
        return Patch()
    if not desk.about("public", NamedNode(f"{after.iri}#{_NAME}")):  # most are not
        return Patch()
    return leveled(desk, campaigns.get_campaign(desk, _ALL, after.campaign), after, now)


def leveled(
    desk: Desk, campaign: Campaign, after: Annotation, now: datetime | None = None
) -> Patch:
    """The same, also while files of the campaign are being worked in."""
    stands = standing(desk, after.iri, after.campaign)
    if not stands:
        return Patch()
    wanted: set[Quad] = set()
    if is_rejected(campaign, after):
        item = value_of(publications.one_of(stands, CH.item))
        wanted = _quads(desk, campaign, after, item, stands, now)
    return on(
        "public", remove=sorted(stands - wanted, key=str), add=sorted(wanted - stands, key=str)
    )


def is_rejected(campaign: Campaign, annotation: Annotation) -> bool:
    """By the rule, or by an organiser; what nobody claims any more is withdrawn, not rejected."""
    if not annotation.claims:
        return False
    if annotation.decision:
        return annotation.decision.verdict == "reject"
    return campaign.acceptance.status(annotation.counts) == Status.REJECTED


def standing(desk: Desk, iri: str, slug: str) -> set[Quad]:
    """The public quads of one rejection; empty where none is."""
    graph, me = desk.names.graph("rejections", slug), NamedNode(f"{iri}#{_NAME}")
    found = {Quad(me, p, o, graph) for p, o in desk.about("public", me)}
    for quad in tuple(found):
        if quad.predicate == CH.reasonCount and isinstance(quad.object, NamedNode):
            part = quad.object
            found |= {Quad(part, p, o, graph) for p, o in desk.about("public", part)}
    return found


def subjects(quads: Iterable[Quad]) -> set[str]:
    """The rejections that quads are about."""
    found = (value_of(quad.subject) for quad in quads)
    return {iri for iri in found if iri.endswith(f"#{_NAME}")}


def _quads(
    desk: Desk, campaign: Campaign, annotation: Annotation, item: str, standing: set[Quad],
    now: datetime | None,
) -> set[Quad]:  # fmt: skip
    if not (annotation.field or annotation.body):
        return set()  # a comment is no claim about the item's metadata
    graph = desk.names.graph("rejections", campaign.slug)
    issued = publications.one_of(standing, DCTERMS.issued) or (now and time_literal(now))
    said = _statements(desk, campaign, annotation, item)
    if issued:
        said.append((NamedNode(f"{annotation.iri}#{_NAME}"), DCTERMS.issued, issued))
    store = Store()  # numbers as the public store writes them
    store.extend([Quad(s, p, o, graph) for s, p, o in said])
    return set(store)


def _statements(
    desk: Desk, campaign: Campaign, annotation: Annotation, item: str
) -> list[tuple[NamedNode, NamedNode, Any]]:
    me, counts, names = NamedNode(f"{annotation.iri}#{_NAME}"), annotation.counts, desk.names
    return [
        (me, RDF.type, CH.RejectedAnnotation),
        (me, CH.annotation, NamedNode(annotation.iri)),
        (me, CH.campaign, names.campaign(campaign.slug)),
        (me, CH.item, NamedNode(item)),
        (me, CH.kind, NamedNode(annotation.kind)),
        *([(me, CH.field, NamedNode(annotation.field))] if annotation.field else []),
        *((me, p, o) for p, o in _value(annotation)),
        (me, CH.approvals, _integer(counts.approvals)),
        (me, CH.rejections, _integer(counts.rejections)),
        (me, CH.unsure, _integer(counts.unsure)),
        (me, DCTERMS.license, NamedNode(campaign.licence)),
        *((me, p, o) for p, o in _software(desk, annotation)),
        *_reasons(names, campaign, annotation),
    ]


def _software(desk: Desk, annotation: Annotation) -> Iterator[tuple[NamedNode, Any]]:
    """The programs that proposed it, by IRI and by name and version."""
    for claim in annotation.claims:
        if claim.confidence is not None:
            program = software.find(desk, claim.agent)
            yield DCTERMS.creator, NamedNode(claim.agent)
            yield DC.creator, Literal(program.title if program else claim.agent)


def _value(annotation: Annotation) -> list[tuple[NamedNode, Any]]:
    """What was proposed; of a point on the map its position."""
    value = annotation.content.body_value
    if isinstance(value, Part):
        about = annotation.content.of(value.name)
        return [(p, o) for p in (WGS84.lat, WGS84.long) for o in about.get(p, ())]
    return [(RDF.value, value)] if value is not None else []


def _reasons(
    names: Names, campaign: Campaign, annotation: Annotation
) -> list[tuple[NamedNode, NamedNode, Any]]:
    """How often each of the campaign's own reasons was given; what people wrote themselves is not
    among them."""
    known = {texts.choose(each, "en"): n for n, each in enumerate(campaign.reasons, 1)}
    votes = [vote for vote in annotation.votes if vote.verdict == "reject"]
    given = [vote.reason for vote in votes if annotation.is_after(vote)]
    counts = Counter(known[reason] for reason in given if reason in known)
    me, found = NamedNode(f"{annotation.iri}#{_NAME}"), []
    for number, times in sorted(counts.items()):
        part = NamedNode(f"{annotation.iri}#{_NAME}-reason-{number}")
        code = NamedNode(f"{names.campaign(campaign.slug).value}#reason-{number}")
        found += [
            (me, CH.reasonCount, part),
            (part, RDF.type, CH.ReasonCount),
            (part, CH.reasonCode, code),
            (part, CH.rejections, _integer(times)),
        ]
    return found


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.integer)
