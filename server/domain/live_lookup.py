"""Live look-up: terms of vocabularies that are too large to hold, asked for at their source.

Off unless the setting `live_lookup` names a source. A vocabulary has one by its concept scheme.
Choosing a hit copies that term into our vocabulary, among those that were made here.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime

from pyoxigraph import NamedNode

from server import i18n
from server.commit import Desk
from server.domain import live_sources, made_terms, participation, statements
from server.domain.accounts import Person
from server.domain.campaign_tasks import Task
from server.domain.live_searches import named
from server.domain.live_sources import Source
from server.domain.remote_addresses import Listed, Question, agent, answered, body, check_status
from server.errors import Invalid, Malformed, NotFound, Problem, Unavailable
from server.formats.live_answers import LiveTerm
from server.i18n import _
from server.index import labels
from server.names import CH, DCTERMS, SKOS
from server.patches import Patch
from server.viewers import Viewer

SECONDS = 5.0  # for a term
_MOST_BYTES = 5_000_000
_ALL = Viewer(sees_work=True)


def find_sources(desk: Desk, slugs: Iterable[str]) -> list[tuple[str, Source]]:
    """(slug, source) of the vocabularies that have one; each source and scheme once."""
    if not desk.settings.live_lookup:
        return []
    found: dict[str, tuple[str, Source]] = {}
    for slug in slugs:
        source = find_source(desk, slug)
        if source is not None:
            found.setdefault(source.iris.pattern, (slug, source))
    return list(found.values())


def find_source(desk: Desk, slug: str) -> Source | None:
    """By the concept scheme; a vocabulary that was made here has none, but may name its source."""
    said = statements.about(desk, "public", desk.names.vocabulary(slug))
    scheme = statements.first(said, CH.scheme) or statements.first(said, DCTERMS.source)
    return live_sources.find(desk.settings, scheme)


def open_vocabularies(task: Task, group: int = 0) -> list[str]:
    """Those of which a task takes any term: what is in a branch, only a loaded tree can tell."""
    groups = [task.group(group)] if group else task.term_groups
    wide = [each for each in groups if not (each.branches or each.classes)]
    return list(dict.fromkeys(slug for each in wide for slug in each.vocabularies))


def is_offered(desk: Desk, task: Task) -> bool:
    """Whether sources elsewhere may be asked for terms that answer this task."""
    return bool(find_sources(desk, open_vocabularies(task)))


def adopt(
    desk: Desk, person: Person, campaign: str, slug: str, iri: str, *, now: datetime,
    languages: Sequence[str] = (),
) -> str:  # fmt: skip
    """Copy a term from its source into our vocabulary; returns its IRI, another one if merged.

    A term that is here already is left as it is. Raises Invalid for what is no term of the
    vocabulary's source, Unreachable where the source does not answer, and as
    `contributing.taking_part` does for who may not contribute.
    """
    source = _require(desk, person, campaign, slug, iri, now)
    if is_here(desk, slug, iri):
        return iri
    wanted = tuple(dict.fromkeys(tag.lower() for tag in (*languages, *i18n.LANGUAGES)))
    term = _fetched(desk, source, iri, wanted)
    if not source.iris.fullmatch(term.iri):
        raise _no_term()

    def decide(desk: Desk) -> tuple[Patch, str]:
        _require(desk, person, campaign, slug, iri, now)
        if is_here(desk, slug, term.iri):
            return Patch(), term.iri
        above = [each for each in term.broader if is_here(desk, slug, each)][:1]
        said = term.said | {(SKOS.broader, NamedNode(each)) for each in above}
        return made_terms.patch(desk, slug, term.iri, set(), said, now), term.iri

    return desk.commit(decide, by=person.agent.value, action="adopt term", now=now)


def is_here(desk: Desk, slug: str, iri: str) -> bool:
    """Whether the vocabulary has the term, made here or loaded."""
    if made_terms.standing(desk, slug, [iri]):
        return True
    try:
        labels.get_term(_ALL, desk.index, iri, "en", slug)
    except NotFound:
        return False
    return True


def _require(
    desk: Desk, person: Person, slug_of_campaign: str, slug: str, iri: str, now: datetime
) -> Source:
    campaign = participation.taking_part(desk, person, slug_of_campaign, now=now)
    if slug not in [each for task in campaign.tasks for each in open_vocabularies(task)]:
        raise _no_term()
    source = find_source(desk, slug)
    if source is None or source.iris.fullmatch(iri) is None:
        raise _no_term()
    return source


def _no_term() -> Invalid:
    message = _("Please choose one of the suggested terms.")
    return Invalid(message, (Problem("body", message),))


def _fetched(desk: Desk, source: Source, iri: str, languages: Sequence[str]) -> LiveTerm:
    question = named(source.fetch(iri, languages), agent(desk.names.base))
    try:
        data = asyncio.run(_fetch(question, Listed.parse(desk.settings.remote_hosts)))
        return source.term(data, iri, languages)
    except (Unavailable, Malformed) as error:
        message = _("{source} did not give this term. Please try again.", source=source.name)
        raise Invalid(message, (Problem("body", message),)) from error


async def _fetch(question: Question, listed: Listed) -> bytes:
    async with answered(question, listed, seconds=SECONDS) as response:
        check_status(response)
        return await body(response, _MOST_BYTES)
