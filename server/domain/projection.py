"""Index rows from what the stores hold.

A patch says which subjects it touched; each is read anew and its rows written whole. So applying
an entry twice, or many at once, or in another order, gives the same rows.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from pyoxigraph import NamedNode

from server.commit import Desk, Step
from server.domain import (
    annotation_rows,
    batches,
    campaigns,
    change_rows,
    document_dates,
    gold_rows,
    item_identifiers,
    item_rows,
    provider_merges,
    published_rows,
    routing_rows,
    statements,
    texts,
    vocabulary_rows,
)
from server.index import contributions, items
from server.index.contributions import CampaignRow
from server.journal.entries import Entry
from server.names import CH, DCTERMS, sortable, value_of
from server.patches import DATASETS, Bulk, Patch
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)


@dataclass(frozen=True, slots=True, order=True)
class Touched:
    """Something whose rows have to be written anew: `scope` is a slug, `subject` an IRI or ""."""

    kind: str
    scope: str
    subject: str


class Projection:
    """See `commit.Projection`."""

    def entry(self, desk: Desk, entry: Entry, patch: Patch) -> None:
        touched = touches(desk, patch)
        for each in sorted(touched):
            _PROJECTIONS[each.kind](desk, each)
        _note_history(desk, entry, touched)
        change_rows.project_annotations(
            desk, change_rows.published(desk, patch), entry.seq, entry.at
        )

    def bulk(self, desk: Desk, bulk: Bulk, entry: Entry) -> Iterator[Step]:
        """A collection comes in pages of items, a vocabulary in pages of terms or as a whole, what
        is published in pages of annotations."""
        kind, slug = _graph_kind(desk, bulk.graph)
        if kind == "collection":
            yield from item_rows.project_bulk(desk, slug, bulk, entry)
        elif kind == "vocabulary":
            yield from vocabulary_rows.project_bulk(desk, slug, bulk)
        elif kind == "published":
            yield from published_rows.project_bulk(desk, bulk, entry)
        elif kind == "provider":
            yield from provider_merges.project_bulk(desk, slug, bulk, entry)

    def replay(self, desk: Desk, after: int) -> Iterator[Step]:
        touched: set[Touched] = set()
        published: list[tuple[set[str], int, str]] = []
        for entry in desk.journal.entries(after):
            patch = Patch.from_json(entry.patch)
            found = touches(desk, patch)
            touched |= found
            _note_history(desk, entry, found)
            if iris := change_rows.published(desk, patch):
                published.append((iris, entry.seq, entry.at))
        for each in sorted(touched):
            yield lambda t=each: _PROJECTIONS[t.kind](desk, t)  # type: ignore[misc]
        for change in published:
            yield lambda c=change: change_rows.project_annotations(desk, *c)  # type: ignore[misc]


def touches(desk: Desk, patch: Patch) -> set[Touched]:
    """What a patch is about, by the kinds of its graphs."""
    found: set[Touched] = set()
    for dataset in DATASETS:
        change = patch.change(dataset)
        for quad in (*change.remove, *change.add):
            kind, slug = _graph_kind(desk, value_of(quad.graph_name))
            if kind in ("annotations", "published"):
                found |= _about_annotation(desk, slug, value_of(quad.subject))
            elif kind in ("terms", "gold", "matches") and isinstance(quad.subject, NamedNode):
                found.add(Touched(kind, slug, quad.subject.value))
            elif kind in _PROJECTIONS:
                found.add(Touched(kind, slug, ""))
    return found


def _about_annotation(desk: Desk, slug: str, subject: str) -> set[Touched]:
    whole, _, fragment = subject.partition("#")
    if desk.names.local(whole, "annotation"):
        return {Touched("annotation", slug, whole)}
    kind = fragment.partition("-")[0]
    return {Touched(kind, slug, subject)} if kind in ("visit", "agreement", "batch") else set()


def _graph_kind(desk: Desk, graph: str) -> tuple[str, str]:
    kind, _, slug = (desk.names.local(graph, "graph") or "").partition("/")
    return kind, slug


def _note_history(desk: Desk, entry: Entry, touched: set[Touched]) -> None:
    if any(each.kind == "terms" for each in touched):
        desk.index.mark(document_dates.TERMS, entry.seq)
    for each in touched:
        if each.kind in ("agreement", "batch", "gold", "matches"):
            continue
        subject = each.subject or desk.names.path(f"{each.kind}/{each.scope}").value
        contributions.put_history(
            desk.index.write, subject, entry.seq, entry.at, entry.agent, entry.action
        )


def _part(desk: Desk, subject: str) -> dict[str, str]:
    said = statements.pairs(desk, "work", NamedNode(subject))
    return {property_.value: value_of(value) for property_, value in said}


def _project_visit(desk: Desk, touched: Touched) -> None:
    said = _part(desk, touched.subject)
    if not said:
        _forget_visit(desk, touched)
        return
    outcome = "finished" if said[CH.outcome.value] == CH.Finished.value else "skipped"
    contributions.put_visit(
        desk.index.write, touched.scope, said[CH.agent.value], said[CH.item.value], outcome,
        sortable(said[DCTERMS.modified.value]),
    )  # fmt: skip


def _forget_visit(desk: Desk, touched: Touched) -> None:
    """It was undone: nothing stands any more but its name, `#visit-{agent}-{item}`."""
    person, _dash, item_id = touched.subject.partition("#visit-")[2].rpartition("-")
    row = items.find_item(_ALL, desk.index.write, item_id)
    if row is not None:
        agent = desk.names.agent(person).value
        contributions.remove_visit(desk.index.write, touched.scope, agent, row.iri)


def _project_agreement(desk: Desk, touched: Touched) -> None:
    said = _part(desk, touched.subject)
    agent = desk.names.agent(touched.subject.partition("#agreement-")[2]).value
    licence, at = said.get(DCTERMS.license.value), said.get(DCTERMS.created.value, "")
    contributions.put_agreement(desk.index.write, touched.scope, agent, licence, at)


def _project_campaign(desk: Desk, touched: Touched) -> None:
    slug, connection = touched.scope, desk.index.write
    campaign = campaigns.find_standing(desk, slug)
    if campaign is None:
        contributions.remove_campaign(connection, slug)
        return
    before, rule = contributions.campaign_rule(connection, slug), asdict(campaign.acceptance)
    row = CampaignRow(
        slug, campaign.dataset, campaign.state, texts.choose(campaign.title, "en"),
        campaign.created, json.dumps(rule),
    )  # fmt: skip
    routing_rows.project(desk, campaign, lambda: contributions.put_campaign(
        connection, row, campaign.collections
    ))  # fmt: skip
    if before != row.rule:
        annotation_rows.project_campaign(desk, slug)


def _project_collection(desk: Desk, touched: Touched) -> None:
    node = desk.names.collection(touched.scope)
    for dataset in DATASETS:
        if said := statements.about(desk, dataset, node):
            title, description = (
                texts.choose(texts.collect(said.get(property_, [])), "en")
                for property_ in (DCTERMS["title"], DCTERMS.description)
            )
            items.put_collection(desk.index.write, touched.scope, dataset, title, description)
            return
    items.remove_collection(desk.index.write, touched.scope)


_PROJECTIONS: dict[str, Callable[[Desk, Touched], None]] = {
    "annotation": lambda desk, touched: annotation_rows.project(desk, touched.subject),
    "visit": _project_visit,
    "agreement": _project_agreement,
    "batch": lambda desk, touched: batches.project(desk, touched.scope, touched.subject),
    "campaign": _project_campaign,
    "collection": _project_collection,
    "matches": lambda desk, touched: item_identifiers.project_matches(desk, touched.subject),
    "gold": lambda desk, touched: gold_rows.project(desk, touched.scope, touched.subject),
    "terms": lambda desk, touched: vocabulary_rows.project_term(
        desk, touched.scope, touched.subject
    ),
}
