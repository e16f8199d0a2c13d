"""Writing what publishing or taking back changes: one entry of the journal, whatever its size.

Little is worked out and written in one turn. Much is worked out beforehand and written as files
(`Bulk.in_order`), between which contributions go through. Until these are in no patch touches the
campaign's published graphs, and snapshots wait; what people said in the meantime is worked in
before that ends (`_level`), also after a restart (`finish`).
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

from pyoxigraph import Quad, RdfFormat, parse

from server.commit import Desk
from server.domain import accounts, annotations, campaigns, publication_plans, rejections
from server.domain.campaigns import Campaign
from server.domain.publication_plans import Figures, Plan, Quads
from server.domain.publication_selections import Order, Selection, about, count
from server.errors import Conflict, Unavailable
from server.i18n import _
from server.index import queues
from server.journal import bulk_files
from server.patches import Bulk, BulkFile, Patch, on
from server.sorting import sorted_lines

#: Annotations that are worked out and written in one turn: about 25 quads and 2 ms each.
SMALL = 50
_ROUNDS = 3
_LEVELLED = "levelled"  # the fact that names the last entry whose files were levelled
_FILES = ("published", "rejections")
Decide = Callable[[Desk], Order]
Told = Callable[[str, int, int], None]


class _Stale(Exception):
    """The campaign was changed while the plan was made."""


@dataclass(frozen=True, slots=True)
class Job:
    """Whose order it is (an agent's IRI), what the journal calls it, and under which key."""

    by: str
    action: str
    now: datetime
    key: str | None = None


def write(
    desk: Desk, slug: str, decide: Decide, job: Job, *, told: Told = lambda *_: None,
    stop: Callable[[], bool] = lambda: False, small: int | None = None,
) -> Figures:  # fmt: skip
    """Carry out the order that `decide` gives, which checks each time whether it may be given.

    `told` is told how many items were gone through of how many annotations there are, then how
    many quads are in. Raises what `decide` raises, and Conflict while another is being carried out.
    """
    with _alone(desk, slug):
        order = decide(desk)
        if _size(desk, order) <= (SMALL if small is None else small):
            return desk.commit(
                lambda desk: _in_one_turn(desk, decide(desk)),
                by=job.by, action=job.action, now=job.now, key=job.key,
            )  # fmt: skip
        for _round in range(_ROUNDS):
            try:
                return _in_files(desk, slug, decide, job, told, stop)
            except _Stale:
                continue
        raise Conflict(_("The campaign was changed meanwhile. Please look again."))


def _size(desk: Desk, order: Order) -> int:
    chosen = order.selection.annotations
    rejected = 0
    if order.campaign.publish_rejections:
        counts = queues.progress(desk.index.read(), order.campaign.slug).by_status
        rejected = counts.get("rejected", 0)
    return len(chosen) if chosen else count(desk, order.campaign.slug) + rejected


def _in_one_turn(desk: Desk, order: Order) -> tuple[Patch, Figures]:
    _require_settled(desk, order.campaign.slug)
    plan = publication_plans.make(desk, order)
    return _patch(plan), plan.figures


def _patch(plan: Plan) -> Patch:
    patch = Patch()
    for graph in plan.add:
        add, remove = (_parsed(each[graph]) for each in (plan.add, plan.remove))
        patch += on("public", remove=remove, add=add)
    return patch


def _parsed(quads: Quads) -> list[Quad]:
    return list(parse("\n".join([*quads, ""]), RdfFormat.N_QUADS))


# --- files -------------------------------------------------------------------------------------


def _in_files(
    desk: Desk, slug: str, decide: Decide, job: Job, told: Told, stop: Callable[[], bool]
) -> Figures:
    order = decide(desk)
    many = _size(desk, order)
    plan = publication_plans.make(
        desk, order, stop=stop,
        progress=lambda done: told("read", done, max(many, done)),
    )  # fmt: skip
    files = tuple(_bulks(desk, plan))

    def decided(desk: Desk) -> tuple[Patch, bool]:
        _require_settled(desk, slug)
        if decide(desk).campaign != order.campaign:
            raise _Stale
        return Patch(bulk=files), bool(files)

    if desk.commit(decided, by=job.by, action=job.action, now=job.now, key=job.key):
        work_in(desk, told)
    return plan.figures


def _bulks(desk: Desk, plan: Plan) -> Iterator[Bulk]:
    for graph in plan.add:
        add, remove = (_file(desk, each[graph]) for each in (plan.add, plan.remove))
        if add or remove:
            yield Bulk("public", graph, add=add, remove=remove, since=plan.since)


def _file(desk: Desk, quads: Quads) -> BulkFile | None:
    lines = (f"{line}\n" for line in quads)
    return bulk_files.write(desk.bulk_folder, sorted_lines(lines, desk.bulk_folder))


def _require_settled(desk: Desk, slug: str) -> None:
    """In a decision. Raises Unavailable while files of the campaign are being worked in."""
    if any(desk.names.graph(kind, slug).value in desk.owed for kind in _FILES):
        raise Unavailable(_("This campaign is being published right now."))


def work_in(desk: Desk, told: Told = lambda *_: None) -> None:
    """Apply the files that were journalled, and what people said since they were worked out."""
    desk.run_bulk(told)
    finish(desk)


# --- what people said meanwhile --------------------------------------------------------------


def finish(desk: Desk) -> None:
    """Bring every publication level whose files are in, and was not yet; at start too."""
    levelled = int(desk.journal.fact(_LEVELLED) or 0)
    applied = desk.index.marked("bulk")
    for seq in desk.journal.bulk_sequences(levelled):
        if seq > applied:
            return
        entry = desk.journal.get(seq)
        for bulk in Patch.from_json(entry.patch).bulk:
            if bulk.in_order:
                _level(desk, bulk)
    if applied > levelled:
        desk.write(lambda: _note_levelled(desk, applied))


def _note_levelled(desk: Desk, applied: int) -> None:
    if not desk.owed:
        desk.journal.set_fact(_LEVELLED, str(applied))


def _level(desk: Desk, bulk: Bulk) -> None:
    """What people said of annotations of the campaign since the files were worked out."""
    kind, _slash, slug = (desk.names.local(bulk.graph, "graph") or "").partition("/")
    after, pending = bulk.since or 0, set[str]()
    by = desk.names.agent(accounts.SYSTEM).value
    while True:
        found, after = _touched(desk, slug, after)
        pending |= found
        if not pending:
            if desk.write(lambda seq=after: _settle(desk, bulk.graph, slug, seq)):  # type: ignore[misc]
                return
            continue
        page = sorted(pending)[:SMALL]
        desk.commit(
            lambda desk, page=page: (_levelled(desk, kind, slug, page), None),  # type: ignore[misc]
            by=by, action="level", now=datetime.now(UTC),
        )  # fmt: skip
        pending -= set(page)


def _touched(desk: Desk, slug: str, after: int) -> tuple[set[str], int]:
    """The annotations of a campaign about which people said something since an entry."""
    graph = str(desk.names.graph("annotations", slug))
    found: set[str] = set()
    for entry in desk.journal.entries(after):
        after = entry.seq
        work = entry.patch.get("work", {})
        for line in (*work.get("remove", ()), *work.get("add", ())):
            if line.endswith(graph):
                found.add(line[1 : line.index(">")].partition("#")[0])
    return {iri for iri in found if desk.names.local(iri, "annotation")}, after


def _settle(desk: Desk, graph: str, slug: str, after: int) -> bool:
    """In our turn: from here on patches touch the graph again, if nobody said more."""
    found, _last = _touched(desk, slug, after)
    if not found:
        desk.owed.discard(graph)
    return not found


def _levelled(desk: Desk, kind: str, slug: str, iris: list[str]) -> Patch:
    campaign = campaigns.find_standing(desk, slug)
    if campaign is None:
        return Patch()
    if kind == "rejections":
        return _levelled_rejections(desk, campaign, iris)
    order = Order(campaign, datetime.now(UTC), "level", Selection(annotations=tuple(iris)))
    rows = (queues.find_annotation(desk.index.read(), iri) for iri in iris)
    items = sorted({row.item for row in rows if row is not None})
    return _patch(publication_plans.make(desk, order, pages=[about(desk, slug, items)]))


def _levelled_rejections(desk: Desk, campaign: Campaign, iris: list[str]) -> Patch:
    patch = Patch()
    for annotation in annotations.find_all(desk, iris).values():
        patch += rejections.leveled(desk, campaign, annotation)
    return patch


# --- one at a time -------------------------------------------------------------------------------

_under_way: "WeakKeyDictionary[Desk, set[str]]" = WeakKeyDictionary()
_guard = threading.Lock()


@contextmanager
def _alone(desk: Desk, slug: str) -> Iterator[None]:
    with _guard:
        running = _under_way.setdefault(desk, set())
        if slug in running:
            raise Conflict(
                _("Somebody is publishing this campaign right now. Please wait until it is done.")
            )
        running.add(slug)
    try:
        yield
    finally:
        with _guard:
            running.discard(slug)


def is_under_way(desk: Desk, slug: str | None = None) -> bool:
    """Whether this campaign, or any, is being published or taken back."""
    with _guard:
        running = _under_way.get(desk, set())
        return bool(running) if slug is None else slug in running
