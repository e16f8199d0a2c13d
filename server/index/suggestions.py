"""Suggestions from several vocabularies as one list, the best first."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from server.index import familiar_terms, substrings, typos
from server.index.database import Database
from server.index.familiar_terms import Asked, Familiar, familiar
from server.index.identifiers import Pasted
from server.index.questions import Question, understand
from server.index.recent_suggestions import Recent
from server.index.suggested_terms import Suggestion, suggested
from server.index.term_names import place_of
from server.index.term_rows import wanted_languages
from server.index.term_scopes import Part, Scope, holds, part
from server.index.term_searches import (
    EXACT,
    IDENTIFIER,
    Allowed,
    Hit,
    Query,
    find,
)
from server.index.term_trees import number_of
from server.index.vocabulary_readers import Source, reading
from server.viewers import Viewer

_PLAINLY_MEANT = 2  # terms that fit a single word
_REMEMBERED = 1_000  # lists; ten terms with their notes are some 5 KB

#: As tuples, which nobody can change: the same list is handed to many.
_recent: Recent[tuple[Suggestion, ...]] = Recent(_REMEMBERED)
#: (match, distance, minus use in the campaign, minus use overall, language, order, depth)
_Rank = tuple[int, ...]


class _Found(NamedTuple):
    rank: _Rank
    source: Source
    hit: Hit
    used: int


def suggest(
    viewer: Viewer, index: Database, text: str, *, scopes: Sequence[Scope] = (), lang: str = "en",
    fallbacks: Sequence[str] = (), limit: int = 10, campaign: str = "", standing: bool = False,
) -> list[Suggestion]:  # fmt: skip
    """The terms that fit the text best, each once.

    Only of these scopes; of all vocabularies that the viewer may see where none are given. What a
    campaign uses comes first among what fits alike; `standing` counts what is proposed there, too,
    for those who may see it. `fallbacks` are languages that the reader prefers after `lang`.
    """
    question = understand(text)
    if question is None or limit < 1:
        return []
    languages = wanted_languages(lang, tuple(fallbacks))
    slugs = {scope.vocabulary for scope in scopes} if scopes else None
    with reading(viewer, index, slugs) as sources:
        asked = familiar_terms.asked(index, campaign, standing)
        states = tuple((source.slug, source.state) for source in sources)
        key = (states, tuple(scopes), question, languages, limit, asked)
        found = _recent.get(key)
        if found is None:
            search = _Search(index, question, languages, limit, asked)
            found = tuple(search.run(sources, scopes))
            _recent.put(key, found)
        return list(found)


class _Search:
    """One question to several vocabularies."""

    def __init__(
        self, index: Database, question: Question, languages: tuple[str, ...], limit: int,
        asked: Asked,
    ) -> None:  # fmt: skip
        self._index, self._question, self._asked = index, question, asked
        self._languages, self._limit = languages, limit
        self._queries = [Query(list(words), languages, limit) for words in question.words]

    def run(self, sources: list[Source], scopes: Sequence[Scope]) -> list[Suggestion]:
        asked = [
            (source, scope)
            for source in sources
            for scope in (scopes or [Scope(source.slug)])
            if scope.vocabulary == source.slug
        ]
        found = [each for source, scope in asked for each in self._in(source, scope)]
        best = _best_of_each(found)
        if self._may_be_misspelled(best):
            thorough = not best
            for source, scope in asked:
                found += self._misspelled(source, scope, thorough)
            best = _best_of_each(found)
        return self._shown(best)

    def _may_be_misspelled(self, best: list[_Found]) -> bool:
        """What something is called, or several words that fit together, is no misspelling."""
        if not self._question.may_be_misspelled or not best:
            return self._question.may_be_misspelled
        several = any(len(words) > 1 for words in self._question.words)
        return not several and len(best) < _PLAINLY_MEANT and best[0].hit.match > EXACT

    def _in(self, source: Source, scope: Scope) -> Iterator[_Found]:
        chosen = None if scope.whole else part(source, scope)
        known = familiar(self._index, source, self._asked)
        for hit in self._hits(source, scope, chosen, known):
            yield self._ranked(source, hit, known)

    def _hits(
        self, source: Source, scope: Scope, chosen: Part | None, known: Familiar
    ) -> Iterator[Hit]:
        question = self._question
        within = _within(source, chosen)
        if question.pasted is not None:
            yield from _identified(source, scope, question.pasted)
        if question.inside:
            yield from substrings.inside(source, question.inside, chosen, within, self._limit)
        allowed: Allowed | None = None
        if question.notes:
            noted = substrings.with_notes(source, question.notes)
            allowed = noted.__contains__
            if not self._queries:
                yield from substrings.by_notes(source, question.notes, within, self._limit)
        for query in self._queries:
            yield from find(source, query, chosen, allowed)
            for number, term, text, lang, folded in known.labels:
                if (
                    (match := query.fit(folded)) is not None
                    and (within is None or within(term))
                    and (allowed is None or allowed(term))
                ):
                    yield Hit(term, match, 0, number >> 32, text, lang, folded)

    def _misspelled(self, source: Source, scope: Scope, thorough: bool) -> Iterator[_Found]:
        within = None if scope.whole else _within(source, part(source, scope))
        known = familiar(self._index, source, self._asked)
        for query in self._queries[:1]:
            for hit in typos.mended(source, query, within, thorough=thorough):
                yield self._ranked(source, hit, known)

    def _ranked(self, source: Source, hit: Hit, known: Familiar) -> _Found:
        used, overall = known.of_campaign.get(hit.term, 0), known.overall.get(hit.term, 0)
        place = place_of(self._languages, hit.lang)
        rank = (hit.match, hit.distance, -used, -overall, place, hit.order)
        return _Found(rank, source, hit, used if self._asked.campaign else overall)

    def _shown(self, best: list[_Found]) -> list[Suggestion]:
        """Of what ranks alike, what stands higher in its tree first."""
        found: dict[str, tuple[_Rank, Suggestion]] = {}
        for first in range(0, len(best), self._limit):
            some = best[first : first + self._limit]
            for each, suggestion in zip(some, self._suggested(some), strict=True):
                rank = (*each.rank, len(suggestion.breadcrumb))
                if len(found) < self._limit:
                    found.setdefault(suggestion.iri, (rank, suggestion))
            if len(found) == self._limit:
                break
        return [suggestion for _rank, suggestion in sorted(found.values(), key=lambda f: f[0])]

    def _suggested(self, some: list[_Found]) -> list[Suggestion]:
        read: dict[int, Suggestion] = {}
        for source in {each.source.slug: each.source for each in some}.values():
            chosen = [(n, each) for n, each in enumerate(some) if each.source is source]
            hits = [(each.hit, each.used) for _n, each in chosen]
            terms = suggested(source, hits, self._languages)
            read.update((n, term) for (n, _each), term in zip(chosen, terms, strict=True))
        return [read[n] for n in range(len(some))]


def _within(source: Source, chosen: Part | None) -> Allowed | None:
    return None if chosen is None else partial(_contains, source, chosen)


def _contains(source: Source, chosen: Part, number: int) -> bool:
    return (source, number) in chosen


def _best_of_each(found: list[_Found]) -> list[_Found]:
    """Each term of a vocabulary once, the best first."""
    best: dict[tuple[str, int], _Found] = {}
    for each in sorted(found, key=lambda one: one.rank):
        best.setdefault((each.source.slug, each.hit.term), each)
    return list(best.values())


def _identified(source: Source, scope: Scope, wanted: Pasted) -> Iterator[Hit]:
    if wanted.slug and not f"{source.slug}-".startswith(f"{wanted.slug}-"):
        return
    numbers = [number_of(source, iri) for iri in wanted.iris]
    if wanted.notation:
        rows = source.connection.execute(
            "SELECT term FROM notation WHERE text = ? LIMIT 20", (wanted.notation,)
        )
        numbers += [number for (number,) in rows]
    for number in dict.fromkeys(numbers):
        if number is not None and holds(source, scope, number):
            yield Hit(number, IDENTIFIER, 0, 0, "", "", "")
