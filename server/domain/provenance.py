"""“Why is this here?”, of what is published: for people, and as PROV-O.

Only what everybody may read: people as opaque agents, by name where they let it be shown; how many
voted and how, never who or why; that an organiser decided, not with which words.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from pyoxigraph import NamedNode, Triple

from server import i18n
from server.commit import Desk
from server.domain import (
    accounts,
    annotations,
    campaigns,
    descriptions,
    links,
    provenance_rules,
    publications,
    software,
    statements,
    texts,
)
from server.domain.acceptance import Acceptance
from server.domain.annotations import Annotation
from server.domain.campaigns import Campaign
from server.domain.software import Software
from server.errors import Gone, NotFound
from server.formats import prov
from server.formats.prov import Lineage, Maker, Place, Vocabulary
from server.i18n import _
from server.index import changes, histories, queues, term_lookups
from server.index.contributions import AnnotationRow
from server.journal import europeana
from server.names import CH, DCTERMS, OWL
from server.viewers import PUBLIC


def get_row(desk: Desk, annotation_id: str) -> AnnotationRow:
    """Of a published annotation. Raises NotFound, or Gone for what was published once."""
    iri = desk.names.annotation(annotation_id).value
    row = queues.find_annotation(desk.index.read(), iri)
    if row is not None and publications.is_public(desk, iri):
        return row
    if histories.last(desk.index.read(), iri, "publish"):
        raise Gone(_("This annotation was withdrawn."))
    raise NotFound(_("There is no such annotation."))


@dataclass(frozen=True, slots=True)
class Stated:
    """A published annotation with the rule by which it was accepted; `licence` is an IRI."""

    row: AnnotationRow
    campaign: Campaign
    annotation: Annotation
    rule: Acceptance
    licence: str
    lineage: Lineage


def get(desk: Desk, annotation_id: str) -> Stated:
    """Raises NotFound or Gone."""
    row = get_row(desk, annotation_id)
    campaign = campaigns.get_campaign(desk, PUBLIC, row.campaign)
    annotation = annotations.get(desk, row.iri)
    mark = histories.last(desk.index.read(), row.iri, "publish")
    rule = provenance_rules.at(desk, campaign, mark.seq) if mark else campaign.acceptance
    said = statements.about(desk, "public", NamedNode(row.iri))
    issued = statements.first(said, DCTERMS.issued) or (mark.at if mark else row.created)
    licence = statements.first(said, DCTERMS.license) or campaign.licence
    publisher = _person(desk, mark.agent) if mark else None
    lineage = _lineage(desk, annotation_id, row, annotation, rule, issued, publisher)
    return Stated(row, campaign, annotation, rule, licence, lineage)


def describe(desk: Desk, annotation_id: str) -> list[Triple]:
    """As PROV-O, with its document. Raises NotFound or Gone."""
    told = get(desk, annotation_id).lineage
    document = descriptions.document(desk, f"why/{annotation_id}", prov.what(told))
    return [*document, *prov.triples(told)]


def _lineage(
    desk: Desk, annotation_id: str, row: AnnotationRow, annotation: Annotation, rule: Acceptance,
    issued: str, publisher: Maker | None,
) -> Lineage:  # fmt: skip
    value, counts, word = publications.enriching(annotation), annotation.counts, annotation.decision
    return Lineage(
        iri=desk.names.path(f"why/{annotation_id}").value,
        annotation=row.iri,
        subject=desk.names.proxy(row.item).value if value is not None else "",
        field=annotation.field if value is not None else "",
        value=value,
        published=issued,
        publisher=publisher,
        makers=tuple(_makers(desk, annotation)),
        approvals=counts.approvals,
        rejections=counts.rejections,
        unsure=counts.unsure,
        rule=_rule_values(rule),
        sentence=_in_english(rule.sentence),
        decided=word.created if word and word.verdict == "accept" else "",
        vocabulary=_vocabulary(desk, annotation.body),
        term=annotation.body,
        places=tuple(_places(desk, annotation_id, row)),
    )


def _in_english(say: Callable[[], str]) -> str:
    """The same data for everybody, whatever they read."""
    before = i18n.language.set("en")
    try:
        return say()
    finally:
        i18n.language.reset(before)


def _rule_values(rule: Acceptance) -> tuple[tuple[NamedNode, object], ...]:
    found: list[tuple[NamedNode, object]] = [
        (CH.minimumApprovals, prov.integer(rule.minimum_approvals)),
        (CH.signedInApprovals, prov.integer(rule.signed_in_approvals)),
    ]
    if rule.minimum_score is not None:
        found.append((CH.minimumScore, prov.integer(rule.minimum_score)))
    if rule.minimum_share is not None:
        found.append((CH.minimumShare, prov.decimal(rule.minimum_share)))
    return tuple(found)


# --- who and what --------------------------------------------------------------------------------


def _makers(desk: Desk, annotation: Annotation) -> Iterator[Maker]:
    for claim in annotation.claims:
        if claim.confidence is None:
            yield _person(desk, claim.agent)
        else:
            program = software.find(desk, claim.agent) or Software("", "", claim.agent)
            yield Maker(claim.agent, program.name, True, program.version, claim.confidence)


def _person(desk: Desk, agent: str) -> Maker:
    """By name where they let it be shown; the server itself is software."""
    agent_id = desk.names.local(agent, "agent") or ""
    if agent_id == accounts.SYSTEM:
        return Maker(agent, software=True)
    return Maker(agent, accounts.shown_names(desk, [agent_id]).get(agent_id, ""))


def _vocabulary(desk: Desk, term: str) -> Vocabulary | None:
    """The one that has the term, as everybody may read it."""
    if not term:
        return None
    try:
        slug = term_lookups.get_term(PUBLIC, desk.index, term, "en").vocabulary
    except NotFound:
        return None
    node = desk.names.vocabulary(slug)
    said = statements.about(desk, "public", node)
    title = texts.choose(texts.collect(said.get(DCTERMS.title, [])), "en", slug)
    version, modified = (
        statements.first(said, each) for each in (OWL.versionInfo, DCTERMS.modified)
    )
    return Vocabulary(node.value, slug, title, version, modified)


def _places(desk: Desk, annotation_id: str, row: AnnotationRow) -> Iterator[Place]:
    """Where harvesters find it, and Europeana's own annotation where it was sent there."""
    record = changes.find(desk.index.read(), "item", desk.names.item_id(row.item))
    if record is not None and not record.deleted:
        host = (urlsplit(desk.names.base).hostname or "localhost").replace(":", "-")
        asked = f"verb=GetRecord&metadataPrefix=edm&identifier={quote(f'oai:{host}:{record.id}')}"
        yield Place("oai", desk.names.path(f"oai?{asked}").value, record.at)
    engine = europeana.create_tables(desk.accounts)
    with engine.connect() as connection:
        sent = europeana.find(connection, [annotation_id]).get(annotation_id)
    if sent is not None and sent.sent and links.address(sent.remote) and sent.state != "deleted":
        yield Place("europeana", sent.remote, sent.sent)
