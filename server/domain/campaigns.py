"""Campaigns: what is asked of the public, about which collections, and when it counts as true."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from weakref import WeakKeyDictionary

from pyoxigraph import Literal, NamedNode, Quad

from server.commit import Desk
from server.domain import permissions, texts
from server.domain.acceptance import Acceptance
from server.domain.accounts import Person
from server.domain.texts import Texts
from server.errors import Conflict, Invalid, NotFound, Problem
from server.i18n import _
from server.index import items, queues
from server.names import CH, DCTERMS, RDF, RDFS, SCHEMA, SH, XSD, Names, time_literal, timestamp
from server.patches import Dataset, Patch, on
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
LICENCES = {
    CC0: "CC0 1.0",
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
    "https://creativecommons.org/licenses/by-sa/4.0/": "CC BY-SA 4.0",
}
STATES = {CH.Draft.value: "draft", CH.Open.value: "open", CH.Closed.value: "closed"}


@dataclass(frozen=True, slots=True)
class Task:
    """One question about each item: which field it fills, from which vocabularies (slugs)."""

    number: int
    field: str
    question: Texts
    vocabularies: tuple[str, ...]
    hint: Texts = dataclasses.field(default_factory=dict)
    kind: str = CH.SemanticTag.value


@dataclass(frozen=True, slots=True)
class Campaign:
    """`collections` are slugs, `target` a number of contributions, `creator` an agent's IRI."""

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

    @property
    def dataset(self) -> Dataset:
        return "work" if self.state == "draft" else "public"

    def is_open(self, today: date) -> bool:
        return (
            self.state == "open"
            and (self.starts is None or self.starts <= today)
            and (self.ends is None or today <= self.ends)
        )

    def task(self, number: int) -> Task:
        for task in self.tasks:
            if task.number == number:
                return task
        raise NotFound(_("This campaign has no such task."))


def get_campaign(desk: Desk, viewer: Viewer, slug: str) -> Campaign:
    """Raises NotFound, for a draft also when the viewer may not see it."""
    row = queues.find_campaign(viewer, desk.index.read(), slug)
    if row is None:
        raise NotFound(_("There is no such campaign."))
    seq = queues.last_entry(desk.index.read(), desk.names.campaign(slug).value)
    kept = _read_before.setdefault(desk, {})
    if slug in kept and kept[slug][0] == seq:
        return kept[slug][1]
    campaign = _read(desk, slug, "work" if row.dataset == "work" else "public")
    if campaign.title:  # else it is just going from one dataset to the other
        kept[slug] = seq, campaign
    return campaign


#: By slug what was read, and the last entry about it then: contributions need it all the time.
_read_before: WeakKeyDictionary[Desk, dict[str, tuple[int, Campaign]]] = WeakKeyDictionary()


def find_standing(desk: Desk, slug: str) -> Campaign | None:
    """As the stores hold it right now, whatever the index says; for decisions about it."""
    for dataset in ("public", "work"):
        if desk.ask("campaign_exists", dataset, campaign=desk.names.campaign(slug)):
            return _read(desk, slug, dataset)
    return None


def create(desk: Desk, organiser: Person, campaign: Campaign, *, now: datetime) -> Campaign:
    """Make a new campaign. Raises Conflict where the short name is taken."""
    permissions.require(organiser, "create campaign")
    made = replace(campaign, creator=organiser.agent.value, created=timestamp(now))

    def decide(desk: Desk) -> tuple[Patch, Campaign]:
        if find_standing(desk, campaign.slug):
            raise Conflict(_("There is a campaign of that short name already."))
        _require_public_items(desk, made)
        return on(made.dataset, add=quads(desk.names, made)), made

    return desk.commit(decide, by=organiser.agent.value, action="create campaign", now=now)


def edit(desk: Desk, organiser: Person, campaign: Campaign, *, now: datetime) -> Campaign:
    """Replace what a campaign says, its state included; opening it makes it public."""

    def decide(desk: Desk) -> tuple[Patch, Campaign]:
        before = find_standing(desk, campaign.slug)
        if before is None or not sees(organiser, before):
            raise NotFound(_("There is no such campaign."))
        permissions.require(organiser, "edit campaign", before)
        after = replace(campaign, creator=before.creator, created=before.created)
        _require_nothing_published(desk, before, after)
        _require_public_items(desk, after)
        return _difference(desk.names, before, after), after

    return desk.commit(decide, by=organiser.agent.value, action="edit campaign", now=now)


def set_state(desk: Desk, organiser: Person, slug: str, state: str, *, now: datetime) -> Campaign:
    """Open, close, or take back to draft."""
    standing = find_standing(desk, slug)
    if standing is None:
        raise NotFound(_("There is no such campaign."))
    return edit(desk, organiser, replace(standing, state=state), now=now)


def sees(person: Person, campaign: Campaign) -> bool:
    """A draft is for organisers."""
    return campaign.dataset == "public" or permissions.may(person, "see work")


def _require_public_items(desk: Desk, campaign: Campaign) -> None:
    """People must see what they are asked about, and nothing private may be published with it."""
    if campaign.dataset == "work":
        return
    found = {slug: items.find_collection(_ALL, desk.index.read(), slug)
             for slug in campaign.collections}  # fmt: skip
    problems = tuple(
        Problem("collection", _("The collection “{slug}” is private: make it public before the "
                                "campaign opens.", slug=slug))
        for slug, row in found.items() if row is not None and row.dataset == "work"
    )  # fmt: skip
    if problems:
        raise Invalid(problems[0].message, problems)


def _require_nothing_published(desk: Desk, before: Campaign, after: Campaign) -> None:
    """A draft is nobody's to see, and neither may be what was published from it."""
    if (before.dataset, after.dataset) != ("public", "work"):
        return
    if queues.progress(desk.index.read(), after.slug).by_status.get("published"):
        raise Conflict(_("Take back what is published before the campaign becomes a draft."))


def _difference(names: Names, before: Campaign, after: Campaign) -> Patch:
    old, new = set(quads(names, before)), set(quads(names, after))
    if before.dataset == after.dataset:
        return on(after.dataset, remove=_sorted(old - new), add=_sorted(new - old))
    return on(before.dataset, remove=_sorted(old)) + on(after.dataset, add=_sorted(new))


def _sorted(quads_: Iterable[Quad]) -> list[Quad]:
    return sorted(quads_, key=str)


def _read(desk: Desk, slug: str, dataset: Dataset) -> Campaign:
    rows = desk.select("campaign_statements", dataset, graph=desk.names.graph("campaign", slug))
    return from_statements(desk.names, slug, [(row["s"], row["p"], row["o"]) for row in rows])


def from_statements(
    names: Names, slug: str, statements: Sequence[tuple[Any, NamedNode, Any]]
) -> Campaign:
    """A campaign from the triples of its graph, which its shape has checked."""
    about: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for s, p, o in statements:
        about[s.value][p.value].append(o)
    me = about[names.campaign(slug).value]
    rule = about[me[CH.acceptance.value][0].value] if me[CH.acceptance.value] else {}
    return Campaign(
        slug=slug,
        title=texts.collect(me[DCTERMS.title.value]),
        description=texts.collect(me[DCTERMS.description.value]),
        instructions=texts.collect(me[CH.instructions.value]),
        collections=_slugs(names, "collection", me[CH.collection.value]),
        tasks=tuple(sorted((_task(names, about[node.value]) for node in me[CH.task.value]),
                           key=lambda task: task.number)),
        target=int(_value(me, CH.target, "0")),
        acceptance=_acceptance(rule),
        starts=_date(_value(me, SCHEMA.startDate)),
        ends=_date(_value(me, SCHEMA.endDate)),
        guests=_value(me, CH.guests, "true") in ("true", "1"),
        licence=_value(me, DCTERMS.license, CC0) or CC0,
        state=STATES.get(_value(me, CH.state, "") or "", "draft"),
        creator=_value(me, DCTERMS.creator, "") or "",
        created=_value(me, DCTERMS.created, "") or "",
    )  # fmt: skip


def _task(names: Names, about: dict[str, list[Any]]) -> Task:
    return Task(
        number=int(_value(about, SH.order, "1")),
        field=_value(about, CH.field, "") or "",
        question=texts.collect(about[CH.question.value]),
        hint=texts.collect(about[RDFS.comment.value]),
        vocabularies=_slugs(names, "vocabulary", about[CH.vocabulary.value]),
        kind=_value(about, CH.kind, CH.SemanticTag.value) or "",
    )


def _acceptance(about: dict[str, list[Any]]) -> Acceptance:
    if not about:
        return Acceptance()
    score, share = _value(about, CH.minimumScore), _value(about, CH.minimumShare)
    return Acceptance(
        minimum_approvals=int(_value(about, CH.minimumApprovals, "2")),
        minimum_score=int(score) if score is not None else None,
        minimum_share=float(share) if share is not None else None,
        signed_in_approvals=int(_value(about, CH.signedInApprovals, "1")),
    )


def _value(about: dict[str, list[Any]], property_: NamedNode, default: Any = None) -> Any:
    found = about.get(property_.value)
    return found[0].value if found else default


def _slugs(names: Names, kind: str, nodes: Iterable[Any]) -> tuple[str, ...]:
    return tuple(sorted(slug for node in nodes if (slug := names.local(node.value, kind))))


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def quads(names: Names, campaign: Campaign) -> tuple[Quad, ...]:
    """The campaign as it stands in its graph."""
    me = names.campaign(campaign.slug)
    rule = NamedNode(f"{me.value}#acceptance")
    statements: list[tuple[NamedNode, NamedNode, Any]] = [
        (me, RDF.type, CH.Campaign),
        *((me, DCTERMS.title, text) for text in texts.literals(campaign.title)),
        *((me, DCTERMS.description, text) for text in texts.literals(campaign.description)),
        *((me, CH.instructions, text) for text in texts.literals(campaign.instructions)),
        *((me, CH.collection, names.collection(slug)) for slug in campaign.collections),
        (me, CH.target, _integer(campaign.target)),
        (me, CH.guests, Literal(campaign.guests)),
        (me, DCTERMS.license, NamedNode(campaign.licence)),
        (me, CH.state, {label: NamedNode(iri) for iri, label in STATES.items()}[campaign.state]),
        (me, CH.acceptance, rule),
        *_rule_statements(rule, campaign.acceptance),
    ]
    for bound, property_ in ((campaign.starts, SCHEMA.startDate), (campaign.ends, SCHEMA.endDate)):
        if bound:
            statements.append((me, property_, Literal(bound.isoformat(), datatype=XSD.date)))
    if campaign.creator:
        statements.append((me, DCTERMS.creator, NamedNode(campaign.creator)))
    if campaign.created:
        created = datetime.fromisoformat(campaign.created)
        statements.append((me, DCTERMS.created, time_literal(created)))
    for task in campaign.tasks:
        statements += _task_statements(names, me, task)
    graph = names.graph("campaign", campaign.slug)
    return tuple(Quad(s, p, o, graph) for s, p, o in statements)


def _task_statements(
    names: Names, me: NamedNode, task: Task
) -> list[tuple[NamedNode, NamedNode, Any]]:
    node = NamedNode(f"{me.value}#task-{task.number}")
    return [
        (me, CH.task, node),
        (node, RDF.type, CH.Task),
        (node, SH.order, _integer(task.number)),
        (node, CH.kind, NamedNode(task.kind)),
        (node, CH.field, NamedNode(task.field)),
        *((node, CH.question, text) for text in texts.literals(task.question)),
        *((node, RDFS.comment, text) for text in texts.literals(task.hint)),
        *((node, CH.vocabulary, names.vocabulary(slug)) for slug in task.vocabularies),
    ]


def _rule_statements(
    rule: NamedNode, acceptance: Acceptance
) -> list[tuple[NamedNode, NamedNode, Any]]:
    found: list[tuple[NamedNode, NamedNode, Any]] = [
        (rule, RDF.type, CH.AcceptanceRule),
        (rule, CH.minimumApprovals, _integer(acceptance.minimum_approvals)),
        (rule, CH.signedInApprovals, _integer(acceptance.signed_in_approvals)),
    ]
    if acceptance.minimum_score is not None:
        found.append((rule, CH.minimumScore, _integer(acceptance.minimum_score)))
    if acceptance.minimum_share is not None:
        share = Literal(str(acceptance.minimum_share), datatype=XSD.decimal)
        found.append((rule, CH.minimumShare, share))
    return found


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.integer)
