"""A campaign as a Turtle file: read, checked by `shapes/campaign.ttl`, and written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from server.commit import Desk
from server.domain import campaign_kinds, campaigns, shapes, term_scopes, vocabularies
from server.domain.campaigns import CC0, Campaign, TermGroup
from server.errors import Invalid, Malformed, NotFound, Problem
from server.i18n import _
from server.index import items
from server.names import (
    CH,
    DCTERMS,
    PREFIXES,
    RDF,
    Names,
    is_safe_iri,
    is_slug,
    time_literal,
    value_of,
)
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)
_Has = Callable[[Desk, str, tuple[str, ...]], bool]
_LARGEST = 200_000
_MOST_NAMED = 50  # each costs a look-up
_TAKEN = ("new",)  # /campaigns/new


def read(names: Names, text: str, *, now: datetime) -> Campaign:
    """The campaign that a Turtle text describes; its IRIs may be relative to the base IRI.

    Raises Malformed for what is no Turtle, Invalid with what the shape says, in words.
    """
    triples = _parse(names, text)
    slug = _only_campaign(names, triples)
    completed = _complete(names, slug, triples, now)
    problems = shapes.problems(shapes.load("campaign").validate(completed))
    if problems:
        raise Invalid(_("This campaign is not complete yet."), problems)
    statements = [(t.subject, t.predicate, t.object) for t in completed]
    return campaigns.from_statements(names, slug, statements)


def check(desk: Desk, campaign: Campaign) -> None:
    """Raises Invalid: what its shape says, and collections or vocabularies that are not there.

    The problems of a question are about `task-1-question`, `task-1-vocabulary` and so on.
    """
    problems = _unknown(desk, campaign)
    if not problems:  # else what is named may not even make an IRI
        triples = [quad.triple for quad in campaigns.quads(desk.names, campaign)]
        found = shapes.load("campaign").validate(triples)
        problems = list(dict.fromkeys(_placed(result) for result in found))
    if problems:
        raise Invalid(_("This campaign is not complete yet."), tuple(problems))


def _unknown(desk: Desk, campaign: Campaign) -> list[Problem]:
    """What a campaign names that there is not."""
    problems = [
        Problem("collection", _("There is no collection “{slug}”.", slug=slug))
        for slug in campaign.collections
        if items.find_collection(_ALL, desk.index.read(), slug) is None
    ]
    for task in campaign.tasks:
        place = f"task-{task.number}"
        for group in task.term_groups:
            part = f"{place}-group-{group.number}" if group.number else place
            problems += [Problem(f"{part}-{field}", text) for field, text in _missing(desk, group)]
        problems += [
            Problem(f"{place}-{field}", text) for field, text in campaign_kinds.problems(desk, task)
        ]
    if not is_slug(campaign.slug):
        message = _("A short name has small letters, digits and hyphens only.")
        problems.append(Problem("slug", message))
    if campaign.slug in _TAKEN:
        problems.append(Problem("slug", _("This short name is taken by a page of ours.")))
    return problems


def _placed(result: shapes.Result) -> Problem:
    found = shapes.problem(result)
    part = value_of(result.focus).rpartition("#")[2] if result.focus else ""
    if "-choice-" in part:
        return replace(found, field=f"{part.partition('-choice-')[0]}-choice")
    if part.startswith("embargo-"):
        return replace(found, field="embargo")
    if part.endswith("-publication"):
        return replace(found, field=f"{part.removesuffix('-publication')}-{found.field}")
    if part.startswith("reason-"):
        return replace(found, field="rejectionReason")
    return replace(found, field=f"{part}-{found.field}") if part.startswith("task-") else found


def turtle(names: Names, campaign: Campaign) -> str:
    """The campaign as a file; its IRIs are relative, so that another instance can read it too."""
    base = f"urn:uuid:{uuid4()}/"  # stands in no text, so it can be cut out of the whole
    triples = campaigns.quads(replace(names, base=base), replace(campaign, creator=""))
    data = serialize((quad.triple for quad in triples), format=RdfFormat.TURTLE, prefixes=PREFIXES)
    assert data is not None
    return data.decode().replace(f"<{base}", "<")


def _missing(desk: Desk, group: TermGroup) -> Iterator[tuple[str, str]]:
    """(field, what is wrong) of each vocabulary, branch and class that there is not."""
    named = (*group.vocabularies, *group.branches, *group.classes)
    if len(named) > _MOST_NAMED:
        yield "vocabulary", _("Name at most {most} vocabularies, branches and classes together.",
                              most=_MOST_NAMED)  # fmt: skip
        return
    missing = [slug for slug in group.vocabularies if not _has_vocabulary(desk, slug)]
    for slug in missing:
        yield "vocabulary", _("There is no vocabulary “{slug}”.", slug=slug)
    slugs = () if missing else group.vocabularies
    for iri in group.branches:
        if not _any_has(desk, term_scopes.has_branch, slugs, iri):
            yield "branch", _("None of the chosen vocabularies has the term {iri}.", iri=iri)
    for iri in group.classes:
        if not _any_has(desk, term_scopes.has_class, slugs, iri):
            words = _("None of the chosen vocabularies has terms of the class {iri}.", iri=iri)
            yield "termClass", words


def _any_has(desk: Desk, has: _Has, slugs: Sequence[str], iri: str) -> bool:
    """Without vocabularies, which is a problem of its own: whether it is an IRI at all."""
    if not is_safe_iri(iri):
        return False
    return not slugs or any(has(desk, slug, (iri,)) for slug in slugs)


def _has_vocabulary(desk: Desk, slug: str) -> bool:
    if not is_slug(slug):
        return False
    try:
        vocabularies.get_vocabulary(desk, _ALL, slug)
    except NotFound:
        return False
    return True


def _parse(names: Names, text: str) -> list[Triple]:
    if len(text) > _LARGEST:
        raise Malformed(_("This is too large for a campaign."))
    try:
        quads: list[Quad] = list(parse(text, RdfFormat.TURTLE, base_iri=names.base))
    except SyntaxError as error:
        raise Malformed(_("This is not Turtle: {error}", error=error)) from error
    if any(isinstance(q.subject, BlankNode) or isinstance(q.object, BlankNode) for q in quads):
        raise Invalid(_("Please give every part an IRI, such as <campaign/x#task-1>."))
    return [quad.triple for quad in quads]


def _only_campaign(names: Names, triples: list[Triple]) -> str:
    found = {
        value_of(t.subject) for t in triples if t.predicate == RDF.type and t.object == CH.Campaign
    }
    slugs = [names.local(iri, "campaign") for iri in found]
    if len(slugs) != 1 or slugs[0] is None:
        raise Invalid(_("The file must describe one campaign, as <campaign/short-name>."))
    return slugs[0]


def _complete(names: Names, slug: str, triples: list[Triple], now: datetime) -> list[Triple]:
    """With the defaults for what the file does not say: a draft, under CC0, made now."""
    me = names.campaign(slug)
    said = {t.predicate for t in triples if t.subject == me}
    defaults: dict[NamedNode, object] = {
        CH.state: CH.Draft,
        DCTERMS.license: NamedNode(CC0),
        DCTERMS.created: time_literal(now),
    }
    missing = [Triple(me, p, o) for p, o in defaults.items() if p not in said]  # type: ignore[arg-type]
    return [*triples, *missing]
