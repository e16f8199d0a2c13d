"""The inverse of what an entry of the journal did in somebody's own words."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from pyoxigraph import NamedNode, Quad, Store

from server.commit import Desk
from server.domain import (
    annotation_parts,
    annotation_statements,
    annotations,
    campaigns,
    contributing,
    entry_readings,
    participation,
    permissions,
    publications,
    publishing,
)
from server.domain.accounts import Person
from server.domain.annotations import Annotation
from server.errors import Conflict
from server.i18n import _
from server.journal.entries import Entry
from server.names import value_of
from server.patches import Change, Patch, on
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)


def of(desk: Desk, person: Person, entry: Entry, now: datetime) -> Patch:
    """In a decision: what takes back this person's own words of the entry.

    Raises Conflict where they are no longer as it left them, or others built on them.
    """
    done = Patch.from_json(entry.patch).work
    patch = Patch()
    for subject, change in _own_parts(person, done):
        slug = (desk.names.local(change.graphs().pop(), "graph") or "").partition("/")[2]
        if entry.action == "decide":
            patch += _decision(desk, person, subject, change)
            continue
        participation.open_campaign(desk, person, slug, now)
        if desk.names.local(subject, "annotation"):
            patch += _contribution(desk, person, subject, change)
        else:
            patch += on("work", remove=_standing(desk, change), add=change.remove)
    if not patch:
        raise Conflict(_changed())
    return patch


def _own_parts(person: Person, done: Change) -> Iterator[tuple[str, Change]]:
    """What the entry changed in words of this person, by annotation (or campaign, of a visit)."""
    own = tuple(f"{kind}-{person.id}" for kind in ("by", "vote", "visit"))

    def is_own(quad: Quad) -> bool:
        name = value_of(quad.subject).partition("#")[2]
        return name == "decision" or name.startswith(own)

    found = {
        value_of(quad.subject).partition("#")[0]
        for quad in (*done.remove, *done.add) if is_own(quad)
    }  # fmt: skip
    for subject in sorted(found):
        yield subject, Change(*(
            tuple(quad for quad in quads
                  if is_own(quad) and value_of(quad.subject).startswith(f"{subject}#"))
            for quads in (done.remove, done.add)
        ))  # fmt: skip


def _contribution(desk: Desk, person: Person, iri: str, done: Change) -> Patch:
    """One's claim and vote as they were before. What the annotation says stays, for its history."""
    standing = annotations.get(desk, iri)
    patch = on("work", remove=_standing(desk, done), add=done.remove)
    after = _as_before(person, standing, done)
    _require_unchanged_by_others(person, standing, after)
    return patch + publishing.refreshed(desk, standing, after)


def _standing(desk: Desk, done: Change) -> list[Quad]:
    """What stands of these parts, to be removed. Raises Conflict unless all is as it was left."""
    parts = {(quad.subject, quad.graph_name) for quad in (*done.remove, *done.add)}
    found = [
        quad for subject, graph in parts
        if isinstance(subject, NamedNode) and isinstance(graph, NamedNode)
        for quad in annotation_statements.standing_part(desk, subject, graph)
    ]  # fmt: skip
    if set(found) != _as_stored(done.add):
        raise Conflict(_changed())
    return sorted(found, key=str)


def _as_stored(quads: Iterable[Quad]) -> set[Quad]:
    """The store writes numbers and times its own way: 12:00:00.000 is 12:00:00."""
    store = Store()
    store.extend(quads)
    return set(store)


def _as_before(person: Person, standing: Annotation, done: Change) -> Annotation:
    """With this person's words as they were before the entry."""
    agent = person.agent.value
    was = annotation_parts.read(standing.iri, entry_readings.triples(done.remove))
    now = annotation_parts.read(standing.iri, entry_readings.triples(done.add))
    claims, votes = standing.claims, standing.votes
    if was.claims or now.claims:
        claims = (*(each for each in claims if each.agent != agent), *was.claims)
    if was.votes or now.votes:
        votes = (*(each for each in votes if each.agent != agent), *was.votes)
    return replace(standing, claims=claims, votes=votes)


def _require_unchanged_by_others(person: Person, standing: Annotation, after: Annotation) -> None:
    """The rules of withdrawing and of voting hold for what comes back as well."""
    agent = person.agent.value
    goes = standing.claim_of(agent) and not after.claim_of(agent)
    if goes and not contributing.may_take_back(standing, person):
        raise Conflict(_("Others have voted on this, so it can no longer be changed."))
    if after.vote_of(agent) and not after.claims:
        raise Conflict(_("This proposal was withdrawn."))
    if after.vote_of(agent) and after.claim_of(agent):
        raise Conflict(_changed())


def _decision(desk: Desk, person: Person, iri: str, done: Change) -> Patch:
    """An organiser's word. What it took out of public stays out until it is published again."""
    standing = annotations.get(desk, iri)
    campaign = campaigns.get_campaign(desk, _ALL, standing.campaign)
    permissions.require(person, "moderate", campaign)
    if publications.standing(desk, standing):
        raise Conflict(_("It was published since; take that back first."))
    return on("work", remove=_standing(desk, done), add=done.remove)


def _changed() -> str:
    return _("This has changed since, so it can no longer be taken back.")
