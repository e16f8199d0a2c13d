"""A campaign as a value, and as the statements of its graph."""

import dataclasses
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from server.domain import campaign_options, campaign_tasks, routing_rules, texts
from server.domain.acceptance import Acceptance
from server.domain.campaign_nodes import About, Statements, integer, slugs, value, values
from server.domain.campaign_options import Feedback, Layout, Purpose
from server.domain.campaign_tasks import Task
from server.domain.publication_options import Embargoes, Every
from server.domain.routing_rules import Routing
from server.domain.texts import Texts
from server.errors import NotFound
from server.i18n import _
from server.names import CH, DCTERMS, RDF, SCHEMA, XSD, Names, time_literal
from server.patches import Dataset

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
LICENCES = {
    CC0: "CC0 1.0",
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
    "https://creativecommons.org/licenses/by-sa/4.0/": "CC BY-SA 4.0",
}
STATES = {CH.Draft.value: "draft", CH.Open.value: "open", CH.Closed.value: "closed"}


@dataclass(frozen=True, slots=True)
class Campaign:
    """`collections` are slugs, `target` a number of contributions, `creator` an agent's IRI.

    `blind`: nobody sees others' answers before their own. `reasons` are those that a rejection may
    have; `sensitive`: pictures are blurred until asked for. Nothing of it is public before
    `embargo`, nor of items (IRIs) before the day in `embargoes`. `to_europeana`: it
    goes there by itself.
    """

    slug: str
    title: Texts
    description: Texts
    collections: tuple[str, ...]
    tasks: tuple[Task, ...]
    target: int
    acceptance: Acceptance = Acceptance()
    instructions: Texts = dataclasses.field(default_factory=dict)
    starts: date | None = None
    ends: date | None = None
    guests: bool = True
    licence: str = CC0
    state: str = "draft"
    creator: str = ""
    created: str = ""
    routing: Routing = Routing()
    blind: bool = False
    random_order: bool = False
    layout: Layout = "image"
    feedback: Feedback = "vote"
    reasons: tuple[Texts, ...] = ()
    sensitive: bool = False
    purpose: Purpose = "both"
    publish_rejections: bool = False
    publish_at: datetime | None = None
    publish_every: Every = ""
    embargo: date | None = None
    embargoes: Embargoes = ()
    to_europeana: bool = False

    @property
    def dataset(self) -> Dataset:
        return "work" if self.state == "draft" else "public"

    def is_open(self, today: date) -> bool:
        return (
            self.state == "open"
            and (self.starts is None or self.starts <= today)
            and (self.ends is None or today <= self.ends)
        )

    def is_embargoed(self, today: date) -> bool:
        """Whether nothing of it may be public yet."""
        return self.embargo is not None and today < self.embargo

    def task(self, number: int) -> Task:
        for task in self.tasks:
            if task.number == number:
                return task
        raise NotFound(_("This campaign has no such task."))


def from_statements(
    names: Names, slug: str, statements: Sequence[tuple[Any, NamedNode, Any]]
) -> Campaign:
    """A campaign from the triples of its graph, which its shape has checked."""
    about: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for s, p, o in statements:
        about[s.value][p.value].append(o)
    me = about[names.campaign(slug).value]
    rule = about[me[CH.acceptance.value][0].value] if me[CH.acceptance.value] else {}
    rules = me[CH.routing.value]
    tasks = [campaign_tasks.read(names, about, node) for node in me[CH.task.value]]
    return Campaign(
        slug=slug,
        title=texts.collect(values(me, DCTERMS.title)),
        description=texts.collect(values(me, DCTERMS.description)),
        instructions=texts.collect(values(me, CH.instructions)),
        collections=slugs(names, "collection", values(me, CH.collection)),
        tasks=tuple(sorted(tasks, key=lambda task: task.number)),
        target=int(value(me, CH.target, "0")),
        acceptance=_acceptance(rule),
        starts=_date(value(me, SCHEMA.startDate)),
        ends=_date(value(me, SCHEMA.endDate)),
        guests=value(me, CH.guests, "true") in ("true", "1"),
        licence=value(me, DCTERMS.license, CC0) or CC0,
        state=STATES.get(value(me, CH.state, "") or "", "draft"),
        creator=value(me, DCTERMS.creator, "") or "",
        created=value(me, DCTERMS.created, "") or "",
        routing=routing_rules.read(names, about, rules[0]) if rules else Routing(),
        **campaign_options.read(about, me),
    )


def _acceptance(about: About) -> Acceptance:
    if not about:
        return Acceptance()
    score, share = value(about, CH.minimumScore), value(about, CH.minimumShare)
    return Acceptance(
        minimum_approvals=int(value(about, CH.minimumApprovals, "2")),
        minimum_score=int(score) if score is not None else None,
        minimum_share=float(share) if share is not None else None,
        signed_in_approvals=int(value(about, CH.signedInApprovals, "1")),
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def quads(names: Names, campaign: Campaign) -> tuple[Quad, ...]:
    """The campaign as it stands in its graph."""
    me = names.campaign(campaign.slug)
    rule = NamedNode(f"{me.value}#acceptance")
    statements: Statements = [
        (me, RDF.type, CH.Campaign),
        *((me, DCTERMS.title, text) for text in texts.literals(campaign.title)),
        *((me, DCTERMS.description, text) for text in texts.literals(campaign.description)),
        *((me, CH.instructions, text) for text in texts.literals(campaign.instructions)),
        *((me, CH.collection, names.collection(slug)) for slug in campaign.collections),
        (me, CH.target, integer(campaign.target)),
        (me, CH.guests, Literal(campaign.guests)),
        (me, DCTERMS.license, NamedNode(campaign.licence)),
        (me, CH.state, {label: NamedNode(iri) for iri, label in STATES.items()}[campaign.state]),
        (me, CH.acceptance, rule),
        *_rule_statements(rule, campaign.acceptance),
        *_maker_and_dates(me, campaign),
        *routing_rules.statements(names, me, campaign.routing),
        *campaign_options.statements(me, campaign),
    ]
    for task in campaign.tasks:
        statements += campaign_tasks.statements(names, me, task)
    graph = names.graph("campaign", campaign.slug)
    return tuple(Quad(s, p, o, graph) for s, p, o in statements)


def _maker_and_dates(me: NamedNode, campaign: Campaign) -> Statements:
    """What a campaign may be without."""
    found: Statements = []
    for bound, property_ in ((campaign.starts, SCHEMA.startDate), (campaign.ends, SCHEMA.endDate)):
        if bound:
            found.append((me, property_, Literal(bound.isoformat(), datatype=XSD.date)))
    if campaign.creator:
        found.append((me, DCTERMS.creator, NamedNode(campaign.creator)))
    if campaign.created:
        created = datetime.fromisoformat(campaign.created)
        found.append((me, DCTERMS.created, time_literal(created)))
    return found


def _rule_statements(rule: NamedNode, acceptance: Acceptance) -> Statements:
    found: Statements = [
        (rule, RDF.type, CH.AcceptanceRule),
        (rule, CH.minimumApprovals, integer(acceptance.minimum_approvals)),
        (rule, CH.signedInApprovals, integer(acceptance.signed_in_approvals)),
    ]
    if acceptance.minimum_score is not None:
        found.append((rule, CH.minimumScore, integer(acceptance.minimum_score)))
    if acceptance.minimum_share is not None:
        share = Literal(str(acceptance.minimum_share), datatype=XSD.decimal)
        found.append((rule, CH.minimumShare, share))
    return found
