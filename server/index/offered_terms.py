"""Terms for a box in which nothing was typed yet: all of a small scope, or the most used."""

from collections.abc import Sequence

from server.index import usage
from server.index.database import Database
from server.index.suggested_terms import Suggestion, suggested
from server.index.term_rows import wanted_languages
from server.index.term_scopes import Scope, holds, part
from server.index.term_searches import IDENTIFIER, Hit
from server.index.term_trees import number_of
from server.index.vocabulary_readers import Source, reading
from server.viewers import Viewer

_WHOLE = 200  # terms of scopes that are shown at once


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
        each
        for source in sources
        if (number := number_of(source, iri)) is not None
        and any(
            holds(source, scope, number)
            for scope in (scopes or [Scope(source.slug)])
            if scope.vocabulary == source.slug
        )
        for each in _listed(source, {number: used}, lang)
    ]


def _listed(source: Source, used: dict[int, int], lang: str) -> list[Suggestion]:
    chosen = [(Hit(number, IDENTIFIER, 0, 0, "", "", ""), used[number]) for number in used]
    return suggested(source, chosen, wanted_languages(lang))


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
                for each in _listed(source, dict.fromkeys(numbers, 0), lang):
                    found.setdefault(each.iri, each)
    return sorted(found.values(), key=_by_label) if len(found) <= _WHOLE else None


def _by_label(each: Suggestion) -> tuple[str, str]:
    return each.label.lower(), each.iri


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
