"""What publishing, or taking back, changes in public about one item.

An item is worked out as a whole: the values on its proxy come from several annotations, and a rule
may choose among these. What is not selected stays as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import NamedNode, Quad, Store

from server.commit import Desk
from server.domain import annotations, publication_checks, publication_rules, publications
from server.domain.acceptance import Status
from server.domain.annotations import Annotation
from server.domain.answered_tasks import task_of
from server.domain.campaigns import Campaign
from server.domain.publication_checks import Reason, Refusal
from server.domain.publication_rules import Candidate
from server.domain.publication_selections import About, Order, by_task
from server.index.contributions import AnnotationRow
from server.names import CH, DCTERMS, PROV, sortable, time_literal, value_of

Statements = publications.Statements


@dataclass(slots=True)
class ItemPlan:
    """`add` and `remove` are quads; the rest are annotations (IRIs) by what becomes of them.

    `left_out` is what the rule of a question does not choose. `said` are (term, field) of what is
    selected and public afterwards, `dropped` the terms of what is not any more.
    """

    item: str
    add: set[Quad] = field(default_factory=set)
    remove: set[Quad] = field(default_factory=set)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    said: set[tuple[str, str]] = field(default_factory=set)
    dropped: list[str] = field(default_factory=list)


def plan(desk: Desk, order: Order, about: About) -> ItemPlan:
    """What is to be done about one item."""
    return _Planning(desk, order, about).run()


class _Planning:
    def __init__(self, desk: Desk, order: Order, about: About) -> None:
        self.desk, self.order, self.about = desk, order, about
        self.graph = desk.names.graph("published", order.campaign.slug)
        self.found = ItemPlan(about.item)
        self.public = {
            row.iri for row in about.annotations
            if row.status not in (Status.ACCEPTED, Status.PENDING, Status.REJECTED)
            and publications.is_public(desk, row.iri)
        }  # fmt: skip
        #: what is public afterwards of what is selected
        self.wanted: dict[str, Annotation] = {}

    def run(self) -> ItemPlan:
        refusal = publication_checks.about_item(
            self.desk, self.order.campaign, self.about.row, self.about.item, self.order.now.date()
        )
        chosen = self._chosen() if self.order.deed == "publish" else set()
        for row in self.about.annotations:
            if self.order.selection.has(row) and self._is_candidate(row):
                self._judge(row, refusal, chosen)
        if self.wanted or self.found.removed:
            self._work_out()
        return self.found

    def _is_candidate(self, row: AnnotationRow) -> bool:
        may = (Status.ACCEPTED, Status.ORPHANED) if self.order.deed == "publish" else ()
        return row.iri in self.public or row.status in may

    def _chosen(self) -> set[str]:
        """What the rules of the questions choose; all of those that have none."""
        found = set()
        for rows in by_task(self.about.annotations).values():
            open_ = [row for row in rows if row.iri in self.public or row.status == Status.ACCEPTED]
            task = task_of(self.desk, self.order.campaign, rows[0]) if open_ else None
            if task is None or not task.publication.chooses:
                found |= {row.iri for row in rows}
                continue
            gone = (Status.WITHDRAWN, Status.ORPHANED)
            votes = sum(row.approvals for row in rows if row.status not in gone)
            candidates = [self._candidate(row) for row in open_]
            found |= publication_rules.chosen(task.publication, candidates, votes)
        return found

    def _candidate(self, row: AnnotationRow) -> Candidate:
        claims = annotations.get(self.desk, row.iri).claims
        shares = [int(text) for claim in claims if (text := claim.content.text(CH.share))]
        seen = sum(shares) / len(shares) if shares else 0.0
        return Candidate(row.iri, row.body, row.approvals, row.rejections, seen, row.created)

    def _judge(self, row: AnnotationRow, refusal: Reason | None, chosen: set[str]) -> None:
        """Whether it is to be public, and why not."""
        annotation = annotations.get(self.desk, row.iri)
        if self.order.deed != "publish":
            self._keep(
                annotation, self.order.deed == "level" and _is_level(annotation, self._own(row.iri))
            )
            return
        reason: Reason | None = "gone" if row.status == Status.ORPHANED else refusal
        accepted = self.order.accepts(annotation)
        if row.iri in self.public:
            leaves = reason == "embargo" or row.iri not in chosen
            self._keep(
                annotation, not leaves and (not self.order.take_out or (accepted and not reason))
            )
        elif not accepted:
            return
        elif words := self._refused(annotation, reason):
            self.found.refused.append(words)
        elif row.iri not in chosen:
            self.found.left_out.append(row.iri)
        else:
            self.wanted[row.iri] = annotation
            self.found.added.append(row.iri)

    def _keep(self, annotation: Annotation, keep: bool) -> None:
        if keep:
            self.wanted[annotation.iri] = annotation
        else:
            self.found.removed.append(annotation.iri)
            self.found.dropped += [annotation.body] if annotation.body else []

    def _refused(self, annotation: Annotation, reason: Reason | None) -> Refusal | None:
        item = self.about.item
        described = self.order.described(self.desk, annotation.body) if annotation.body else []
        reason = reason or publication_checks.about_value(annotation, described)
        if reason:
            return Refusal(annotation.iri, item, reason)
        said = [*self._say(annotation), *publications.enrichment(self.desk, item, [annotation])]
        wrong = publication_checks.about_statements(said)
        return Refusal(annotation.iri, item, "shape", wrong) if wrong else None

    # --- statements ---------------------------------------------------------------------------

    def _own(self, iri: str) -> set[Quad]:
        return publications.standing_own(self.desk, iri, self.graph)

    def _say(self, annotation: Annotation, standing: Iterable[Quad] = ()) -> Statements:
        """Published before, it keeps its licence and the time when it was."""
        licence = publications.one_of(standing, DCTERMS.license)
        issued = publications.one_of(standing, DCTERMS.issued) or time_literal(self.order.now)
        return publications.own(
            annotation, licence.value if licence else self.order.campaign.licence, issued,
            ratings=with_ratings(self.order.campaign, annotation),
        )  # fmt: skip

    def _work_out(self) -> None:
        remove: set[Quad] = set()
        said: list[Any] = []
        before: dict[str, set[Quad]] = {}
        for iri, annotation in self.wanted.items():
            before[iri] = self._own(iri) if iri in self.public else set()
            said += self._say(annotation, before[iri])
            remove |= before[iri]
            if annotation.body:
                self.found.said.add((annotation.body, annotation.field))
        for iri in self.found.removed:
            remove |= self._own(iri)
        said += publications.enrichment(self.desk, self.about.item, self._enriching())
        wanted = _as_stored(Quad(s, p, o, self.graph) for s, p, o in said)
        remove |= self._proxies()
        self.found.add, self.found.remove = wanted - remove, remove - wanted
        self._note_changes(before)

    def _enriching(self) -> list[Annotation]:
        """All that is public about the item afterwards, also of what is not selected."""
        others = self.public - set(self.wanted) - set(self.found.removed)
        kept = [annotations.get(self.desk, iri) for iri in sorted(others)]
        return [*self.wanted.values(), *kept]

    def _proxies(self) -> set[Quad]:
        """What stands on our proxies of the item, also under a name that it had before."""
        found = {self.desk.names.proxy(self.about.item).value}
        for iri in self.public:
            for node in self.desk.pointing("public", PROV.wasDerivedFrom, NamedNode(iri)):
                found.add(node.value)
        return publications.standing_proxies(self.desk, self.graph, sorted(found))

    def _note_changes(self, before: dict[str, set[Quad]]) -> None:
        moved = self.found.add | self.found.remove
        of_proxies = any("/annotation/" not in value_of(quad.subject) for quad in moved)
        new = set(self.found.added) | set(self.found.removed)
        for iri in before:
            if iri in new:
                continue
            own = any(publications.is_of(iri, quad) for quad in moved)
            (self.found.changed if own or (of_proxies and not new) else self.found.stays).append(
                iri
            )


def with_ratings(campaign: Campaign, annotation: Annotation) -> bool:
    """Whether the rule of its question wants ratings published."""
    number = annotation.content.text(CH.task).rpartition("#task-")[2]
    tasks = [task for task in campaign.tasks if str(task.number) == number]
    tasks = tasks or [task for task in campaign.tasks if task.kind == annotation.kind]
    return any(task.publication.ratings for task in tasks)


def _is_level(annotation: Annotation, standing: Iterable[Quad]) -> bool:
    """Whether something that was published meanwhile may stay."""
    decision, reopening = annotation.decision, annotation.reopening
    rejected = decision is not None and decision.verdict == "reject"
    issued = publications.one_of(standing, DCTERMS.issued)
    published = sortable(issued.value) if issued else ""
    reopened = reopening is not None and published < reopening.created
    return bool(annotation.claims) and not rejected and not reopened


def _as_stored(quads: Iterable[Quad]) -> set[Quad]:
    """The store writes numbers and times its own way: 12:00:00.000 is 12:00:00."""
    store = Store()
    store.extend(quads)
    return set(store)
