"""Which terms may answer a task: its groups, as scopes of the index."""

from collections.abc import Iterable

from server.commit import Desk
from server.domain.campaign_tasks import Task, TermGroup
from server.errors import NotFound
from server.index import labels
from server.index.labels import Scope
from server.index.recent_suggestions import Recent
from server.index.vocabulary_readers import reading
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)
#: What groups came to, by the state of their vocabularies: the box asks with each key pressed.
_known: Recent[tuple[Scope, ...]] = Recent(1_000)


def of_task(desk: Desk, task: Task) -> list[Scope]:
    return [scope for group in task.term_groups for scope in of_group(desk, group)]


def of_group(desk: Desk, group: TermGroup) -> tuple[Scope, ...]:
    """A scope for each vocabulary, narrowed to the branches and classes where it has them.

    Where no vocabulary has them any more, nothing is offered: never more than was meant.
    """
    if len(group.vocabularies) == 1 or not (group.branches or group.classes):
        return tuple(Scope(slug, group.branches, group.classes) for slug in group.vocabularies)
    key = (
        group.vocabularies,
        group.branches,
        group.classes,
        *states(desk, _ALL, group.vocabularies),
    )
    found = _known.get(key)
    if found is None:
        found = _narrowed(desk, group)
        _known.put(key, found)
    return found


def states(desk: Desk, viewer: Viewer, slugs: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """What changes with the terms of these vocabularies, for what is remembered of them."""
    with reading(viewer, desk.index, slugs) as sources:
        return tuple(source.state for source in sources)


def _narrowed(desk: Desk, group: TermGroup) -> tuple[Scope, ...]:
    slugs = group.vocabularies
    branched = {slug for slug in slugs if has_branch(desk, slug, group.branches)} or {*slugs}
    classed = {slug for slug in slugs if has_class(desk, slug, group.classes)} or {*slugs}
    return tuple(
        Scope(
            slug,
            group.branches if slug in branched else (),
            group.classes if slug in classed else (),
        )
        for slug in slugs
    )


def has_branch(desk: Desk, slug: str, branches: tuple[str, ...]) -> bool:
    """Whether the vocabulary has one of these terms, guide terms too."""
    return any(_has_term(desk, slug, iri) for iri in branches)


def _has_term(desk: Desk, slug: str, iri: str) -> bool:
    try:
        labels.get_term(_ALL, desk.index, iri, "en", slug)
    except NotFound:
        return False
    return True


def has_class(desk: Desk, slug: str, classes: tuple[str, ...]) -> bool:
    """Whether the vocabulary offers a term of one of these classes."""
    return labels.whole(_ALL, desk.index, [Scope(slug, (), classes)], "en") != []


def offers(desk: Desk, task: Task, term: str) -> bool:
    """Whether this term (an IRI) may answer the task."""
    return labels.offers(_ALL, desk.index, term, of_task(desk, task))
