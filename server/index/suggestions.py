"""Suggestions from several vocabularies as one list, the best first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import orjson

from server.index import familiar_terms, substrings, typos, usage
from server.index.database import Database
from server.index.familiar_terms import Asked, Familiar, familiar
from server.index.identifiers import Pasted
from server.index.questions import Question, understand
from server.index.recent_suggestions import Recent
from server.index.term_names import name_in, note_in
from server.index.term_rows import primary_language, wanted_languages
from server.index.term_scopes import Part, Scope, holds, part
from server.index.term_searches import (
    EXACT,
    IDENTIFIER,
    MATCHES,
    NOTE,
    TYPO,
    Allowed,
    Hit,
    Query,
    find,
)
from server.index.term_trees import count_narrower, crumbs, number_of
from server.index.vocabulary_readers import Source, reading
from server.viewers import Viewer

_REMEMBERED = 1_000  # lists; ten terms with their notes are some 5 KB
_WHOLE = 200  # terms of scopes that are shown at once
_SCORES = (1.0, 1.0, 0.9, 0.7, 0.5, 0.6, 0.3)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A term that was found; `matched` is the label that matched, where it is not the one shown.

    `breadcrumb` holds the labels of the broader terms, from the top to the nearest. `used` counts
    annotations of the campaign, or published ones overall where none was named. `match` says how
    the label fits (`term_searches.MATCHES`), `score` how well, 0..1; `narrower` counts the terms
    right below.
    """

    iri: str
    label: str
    lang: str
    matched: str | None
    matched_lang: str | None
    breadcrumb: tuple[str, ...]
    note: str | None
    vocabulary: str
    hex: str | None
    used: int = 0
    match: str = "prefix"
    score: float = 0.0
    classes: tuple[str, ...] = ()
    narrower: int = 0


#: As tuples, which nobody can change: the same list is handed to many.
_recent: Recent[tuple[Suggestion, ...]] = Recent(_REMEMBERED)
#: (match, distance, minus use in the campaign, minus use overall, language, order, depth)
_Rank = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Found:
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
        self._places = {language: place for place, language in enumerate(languages) if language}
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
        """Whatever is called just so is no misspelling of something else."""
        if len(best) >= self._limit or not self._question.may_be_misspelled:
            return False
        return not best or best[0].hit.match > EXACT

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
        place = self._places.get(primary_language(hit.lang), len(self._places))
        rank = (hit.match, hit.distance, -used, -overall, place, hit.order)
        return _Found(rank, source, hit, used if self._asked.campaign else overall)

    def _shown(self, best: list[_Found]) -> list[Suggestion]:
        """Of what ranks alike, what stands higher in its tree first."""
        found: dict[str, tuple[_Rank, Suggestion]] = {}
        for each in best:
            suggestion = _suggestion(each, self._languages)
            rank = (*each.rank, len(suggestion.breadcrumb))
            if suggestion.iri not in found:
                found[suggestion.iri] = (rank, suggestion)
            if len(found) == self._limit:
                break
        return [suggestion for _rank, suggestion in sorted(found.values(), key=lambda f: f[0])]


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
    numbers = [number_of(source, iri) for iri in wanted.iris]
    if wanted.notation and wanted.slug in ("", source.slug):
        rows = source.connection.execute(
            "SELECT term FROM notation WHERE text = ? LIMIT 20", (wanted.notation,)
        )
        numbers += [number for (number,) in rows]
    for number in dict.fromkeys(numbers):
        if number is not None and holds(source, scope, number):
            yield Hit(number, IDENTIFIER, 0, 0, "", "", "")


def _suggestion(found: _Found, languages: tuple[str, ...]) -> Suggestion:
    source, hit = found.source, found.hit
    row = source.connection.execute("SELECT * FROM term WHERE id = ?", (hit.term,)).fetchone()
    _place, label, lang = name_in(row["shown"], languages) or (0, row["iri"], "")
    other = hit.text != label and hit.match not in (IDENTIFIER, NOTE)
    return Suggestion(
        iri=row["iri"],
        label=label,
        lang=lang,
        matched=hit.text if other else None,
        matched_lang=hit.lang if other else None,
        breadcrumb=tuple(text for _iri, text in crumbs(source, hit.term, languages)),
        note=note_in(row["notes"], languages),
        vocabulary=source.slug,
        hex=row["hex"],
        used=found.used,
        match=MATCHES[hit.match],
        score=_score(hit),
        classes=tuple(orjson.loads(row["classes"])),
        narrower=count_narrower(source, hit.term),
    )


def _score(hit: Hit) -> float:
    """How well the label fits, 0..1: by the kind of match, less for each edit."""
    return _SCORES[hit.match] - (0.05 * hit.distance if hit.match == TYPO else 0)


def most_used(
    viewer: Viewer, index: Database, campaign: str, scopes: Sequence[Scope], lang: str, limit: int,
    standing: bool,
) -> list[Suggestion]:  # fmt: skip
    """What a campaign uses most of the scopes, for an empty box."""
    found: list[Suggestion] = []
    slugs = {scope.vocabulary for scope in scopes} if scopes else None
    with reading(viewer, index, slugs) as sources:
        for iri, used in usage.most(index.read(), campaign, standing, 20 * limit):
            if len(found) == limit:
                break
            found += _one(sources, scopes, iri, used, lang)[:1]
    return found


def _one(
    sources: list[Source], scopes: Sequence[Scope], iri: str, used: int, lang: str
) -> list[Suggestion]:
    return [
        _listed(source, number, used, lang)
        for source in sources
        if (number := number_of(source, iri)) is not None
        and any(
            holds(source, scope, number)
            for scope in (scopes or [Scope(source.slug)])
            if scope.vocabulary == source.slug
        )
    ]


def _listed(source: Source, number: int, used: int, lang: str) -> Suggestion:
    hit = Hit(number, IDENTIFIER, 0, 0, "", "", "")
    found = _suggestion(_Found((), source, hit, used), wanted_languages(lang))
    return found


def whole(
    viewer: Viewer, index: Database, scopes: Sequence[Scope], lang: str
) -> list[Suggestion] | None:
    """All terms of the scopes by label; None where they hold more than 200."""
    found: dict[str, Suggestion] = {}
    slugs = {scope.vocabulary for scope in scopes} if scopes else None
    with reading(viewer, index, slugs) as sources:
        for source in sources:
            for scope in scopes or [Scope(source.slug)]:
                numbers = _all_of(source, scope) if scope.vocabulary == source.slug else []
                if numbers is None or len(found) + len(numbers) > 2 * _WHOLE:
                    return None
                for number in numbers:
                    each = _listed(source, number, 0, lang)
                    found.setdefault(each.iri, each)
    by_label: Callable[[Suggestion], tuple[str, str]] = lambda each: (each.label.lower(), each.iri)  # noqa: E731
    return sorted(found.values(), key=by_label) if len(found) <= _WHOLE else None


def _all_of(source: Source, scope: Scope) -> list[int] | None:
    if not scope.whole:
        chosen = part(source, scope)
        if chosen.text is None or len(chosen.text.terms) > 2 * _WHOLE:
            return None
        return [number for number in chosen.text.terms if holds(source, scope, number)]
    terms = source.connection.execute("SELECT value FROM about WHERE name = 'terms'").fetchone()[0]
    if terms > 10 * _WHOLE:
        return None
    rows = source.connection.execute(
        "SELECT id FROM term WHERE stands AND NOT guide AND NOT deprecated LIMIT ?", (_WHOLE + 1,)
    )
    found = [number for (number,) in rows]
    return found if len(found) <= _WHOLE else None
