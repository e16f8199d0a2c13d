"""Judging annotations anew whose term changed in a load of its vocabulary.

An annotation gets a part `#reopening`; claims, votes and decisions from before no longer count, so
that it is pending again. What was published is taken out of public by the same entry. Where the
load names a replacement, software proposes that one beside it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from server.commit import Desk
from server.domain import (
    annotation_rows,
    annotation_statements,
    annotations,
    campaigns,
    permissions,
    publications,
    replacements,
    shapes,
    vocabulary_lists,
)
from server.domain.acceptance import Status
from server.domain.accounts import Person
from server.domain.annotations import Annotation
from server.domain.vocabulary_changes import Change as TermChange
from server.domain.vocabulary_reports import Report
from server.errors import Conflict, Invalid, Problem, Unavailable
from server.i18n import _
from server.index import items, touched_annotations
from server.names import CH, DCTERMS, RDF, SOA, time_literal
from server.patches import Change, Patch, bound, on

#: Changes for which annotations may be reopened: what a person said yes to may be another thing.
KINDS = ("merged", "deprecated", "gone", "relabelled", "moved")
#: What people said no to stays refused; nothing is asked again of what was withdrawn.
STATUSES = (Status.PENDING, Status.ACCEPTED, Status.CONTESTED, Status.PUBLISHED)
PAGE = 50
_TERMS = 500
Case = tuple[str, TermChange]


@dataclass(slots=True)
class Reopened:
    """How many annotations were reopened, and how many replacements proposed.

    `left` counts those, by campaign, that are for that campaign's own organiser to reopen.
    """

    annotations: int = 0
    proposals: int = 0
    left: Counter[str] = field(default_factory=Counter)


def reopen(
    desk: Desk, organiser: Person, report: Report, kinds: Iterable[str], *, now: datetime,
    term: str = "", progress: Callable[[int], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Reopened:  # fmt: skip
    """Reopen the annotations whose terms changed in one of these ways; of one term where it is
    named. Each page is one entry, and what is done is left out when this is called again.

    Raises Conflict where the load does not stand, Unavailable when `stop` says so.
    """
    permissions.require(organiser, "import")
    chosen = require_kinds(kinds)
    if report.state != "applied":
        raise Conflict(_("This load does not stand; there is nothing to reopen for it."))
    done = Reopened()
    for page in _pages(_cases(desk, organiser, report, chosen, term, done)):
        if stop():
            raise Unavailable(_("The work was stopped."))
        reopened, proposed = desk.commit(
            lambda desk, page=page: _reopen_page(desk, organiser, report, page, now),  # type: ignore[misc]
            by=organiser.agent.value, action="reopen", now=now,
        )  # fmt: skip
        done.annotations += reopened
        done.proposals += proposed
        progress(done.annotations)
    return done


def require_kinds(given: Iterable[str]) -> tuple[str, ...]:
    """Those for which annotations may be reopened. Raises Invalid where there is none."""
    wanted = set(given)
    chosen = tuple(kind for kind in KINDS if kind in wanted)
    if not chosen:
        message = _("Choose at least one kind of change.")
        raise Invalid(message, (Problem("kind", message),))
    return chosen


def load_iri(desk: Desk, report: Report) -> NamedNode:
    return NamedNode(f"{desk.names.vocabulary(report.slug).value}#load-{report.id}")


def _cases(
    desk: Desk, organiser: Person, report: Report, kinds: tuple[str, ...], term: str, done: Reopened
) -> Iterator[tuple[str, str, TermChange]]:
    """(annotation, status, what became of its term): those that this person may reopen."""
    allowed: dict[str, bool] = {}
    found = vocabulary_lists.changes(desk.settings.data, report, kinds)
    for some in _batches(change for change in found if not term or change.iri == term):
        of = {change.iri: change for change in some}
        for row in touched_annotations.rows_with(desk.index.read(), of):
            if row.status not in STATUSES:
                continue
            if row.campaign not in allowed:
                allowed[row.campaign] = may_reopen(desk, organiser, row.campaign)
            if allowed[row.campaign]:
                yield row.iri, row.status, of[row.body]
            else:
                done.left[row.campaign] += 1


def may_reopen(desk: Desk, person: Person, campaign: str) -> bool:
    standing = campaigns.find_standing(desk, campaign)
    return standing is not None and permissions.may(person, "moderate", standing)


def _batches(changes: Iterable[TermChange]) -> Iterator[list[TermChange]]:
    batch: list[TermChange] = []
    for change in changes:
        batch.append(change)
        if len(batch) == _TERMS:
            yield batch
            batch = []
    if batch:
        yield batch


def _pages(cases: Iterable[tuple[str, str, TermChange]]) -> Iterator[list[Case]]:
    """Some at once, of the published ones one at a time: what two of a page share in public goes
    with the last of them, which is only known one after the other."""
    page: list[Case] = []
    for iri, status, change in cases:
        page.append((iri, change))
        if len(page) == PAGE or status == Status.PUBLISHED:
            yield page
            page = []
    if page:
        yield page


def _reopen_page(
    desk: Desk, organiser: Person, report: Report, page: list[Case], now: datetime
) -> tuple[Patch, tuple[int, int]]:
    patch, reopened = Patch(), 0
    proposed: set[Quad] = set()
    for iri, change in page:
        standing = annotations.get(desk, iri)
        if not _is_due(desk, organiser, report, standing):
            continue
        patch += _reopening(desk, organiser, report, standing, change, now)
        reopened += 1
        if change.replacement:
            beside = replacements.proposal(
                desk, standing, change.replacement[0], report.slug, load_iri(desk, report), now
            )
            patch += beside
            proposed |= {quad for quad in beside.work.add if quad.predicate == SOA.confidence}
    return Patch(_once(patch.public), _once(patch.work)), (reopened, len(proposed))


def _once(change: Change) -> Change:
    """Two terms may have one replacement, and so one proposal."""
    return Change(tuple(dict.fromkeys(change.remove)), tuple(dict.fromkeys(change.add)))


def _is_due(desk: Desk, organiser: Person, report: Report, standing: Annotation) -> bool:
    """Whether it was not yet reopened for this load, or a later one of the same vocabulary."""
    start = f"{desk.names.vocabulary(report.slug).value}#load-"
    before = standing.reopening
    if before and before.load.startswith(start) and before.load[len(start) :] >= report.id:
        return False
    item = items.current_item(desk.index.write, standing.item)
    status = annotation_rows.status(desk, standing, item)
    return status in STATUSES and may_reopen(desk, organiser, standing.campaign)


def _reopening(
    desk: Desk, organiser: Person, report: Report, standing: Annotation, change: TermChange,
    now: datetime,
) -> Patch:  # fmt: skip
    graph = desk.names.graph("annotations", standing.campaign)
    node = NamedNode(f"{standing.iri}#reopening")
    said: list[tuple[Any, NamedNode, Any]] = [
        (node, RDF.type, CH.Reopening),
        (node, CH.annotation, NamedNode(standing.iri)),
        (node, CH.reason, Literal(next(kind for kind in KINDS if kind in change.kinds))),
        (node, CH.load, load_iri(desk, report)),
        (node, DCTERMS.creator, organiser.agent),
        (node, DCTERMS.created, time_literal(now)),
    ]
    if change.replacement:
        said.append((node, DCTERMS.isReplacedBy, NamedNode(change.replacement[0])))
    shapes.check("reopening", said)
    before = annotation_statements.standing_part(desk, node, graph)
    public = sorted(publications.standing(desk, standing), key=str)
    return on("work", remove=before, add=bound(graph, *said)) + on("public", remove=public)
