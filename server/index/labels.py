"""The box for terms: suggestions for what somebody types, from the labels of the vocabularies.

The best first: labels that are what was typed, then those that begin with it, then those with words
that begin with each word typed; within each the reader's language first, then shorter ones.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from server.index.folding import fold
from server.index.label_rows import (
    SCHEMA,
    TermRow,
    primary_language,
    put_terms,
    remove_terms,
    remove_vocabulary,
    replace_vocabulary,
)
from server.index.recent_suggestions import Recent
from server.index.term_lookups import (
    Size,
    Term,
    children,
    count,
    find_line,
    get_term,
    labels_of,
    languages,
    line,
    offers,
    samples,
    tops,
    with_broader,
)
from server.viewers import Viewer

__all__ = [
    "SCHEMA", "Size", "Suggestion", "Term", "TermRow", "children", "count", "find_line", "get_term",
    "labels_of", "languages", "offers", "put_terms", "remove_terms", "remove_vocabulary",
    "replace_vocabulary", "samples", "suggest", "tops",
]  # fmt: skip

_LONGEST_TEXT = 200  # letters of a query that count
_MOST_WORDS = 8
_ENOUGH = 400  # labels of one step that are looked at: a place can have a hundred alike
_SHORT = 3  # letters that fit so many labels that it is better to look for them step by step
_FEW = 60  # labels that are better put in order here than by a step for each order
_REMEMBERED = 1_000  # lists; ten terms with their notes are some 5 KB


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A term that was found; `matched` is the label that matched, where it is not the one shown.

    `breadcrumb` holds the labels of the broader terms, from the top to the nearest.
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


#: As tuples, which nobody can change: the same list is handed to many.
_recent: Recent[tuple[Suggestion, ...]] = Recent(_REMEMBERED)


def suggest(
    viewer: Viewer,
    connection: sqlite3.Connection,
    text: str,
    *,
    vocabularies: Sequence[str] = (),
    lang: str = "en",
    limit: int = 10,
) -> list[Suggestion]:
    """The terms whose labels fit the text best, each once.

    Only of these vocabularies; of all that the viewer may see where none are given.
    """
    words = fold(text[:_LONGEST_TEXT]).split()[:_MOST_WORDS]
    if not words:
        return []
    with _one_view(connection):
        stamps, are_all = _scope(viewer, connection, vocabularies)
        if not stamps:
            return []
        key = (*stamps.items(), *words, primary_language(lang), limit)
        found = _recent.get(key)
        if found is None:
            scope = None if are_all else list(stamps)
            found = tuple(_find(connection, words, scope, lang, limit))
            _recent.put(key, found)
        return list(found)


def _scope(
    viewer: Viewer, connection: sqlite3.Connection, vocabularies: Sequence[str]
) -> tuple[dict[str, int], bool]:
    """The vocabularies to search with the stamps of their states; whether there are no others."""
    found = connection.execute("SELECT slug, dataset, stamp FROM term_vocabulary").fetchall()
    chosen = {
        slug: stamp
        for slug, dataset, stamp in found
        if dataset in viewer.datasets and (slug in vocabularies or not vocabularies)
    }
    return chosen, len(chosen) == len(found)


def _find(
    connection: sqlite3.Connection, words: list[str], scope: list[str] | None, lang: str, limit: int
) -> list[Suggestion]:
    """Of these vocabularies; None for all that there are."""
    hits: dict[str, sqlite3.Row] = {}
    for row in _labels(connection, words, scope, primary_language(lang)):
        hits.setdefault(row["term"], row)
        if len(hits) == limit:
            break
    return _suggestions(connection, hits, lang) if hits else []


@contextmanager
def _one_view(connection: sqlite3.Connection) -> Iterator[None]:
    """All statements see the same state, whatever is written meanwhile."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.rollback()


def _labels(
    connection: sqlite3.Connection, words: list[str], scope: list[str] | None, lang: str
) -> Iterator[sqlite3.Row]:
    """Labels that fit, the best first: lazily, since most often the first steps are enough."""
    head = " ".join(words)
    yield from _exact(connection, head, scope, lang)
    begins = f'folded : ^ "{head}" *'
    contains = " AND ".join(f'folded : "{word}" *' for word in words)
    if len(head) > _SHORT:
        found = list(_search(connection, f"({contains})", scope, _FEW))
        if len(found) < _FEW:  # these are all
            yield from sorted(found, key=lambda row: _order(row, head, lang))
            return
    for match in (begins, contains):
        if lang:
            yield from _search(connection, f'({match}) AND scope : "l_{lang}"', scope)
        yield from _search(connection, f"({match})", scope)


def _order(row: sqlite3.Row, head: str, lang: str) -> tuple[bool, bool]:
    return not row["folded"].startswith(head), primary_language(row["lang"]) != lang


def _exact(
    connection: sqlite3.Connection, head: str, scope: list[str] | None, lang: str
) -> list[sqlite3.Row]:
    found = connection.execute(
        "SELECT term, vocabulary, text, lang FROM label WHERE head = ? AND scope <> ''"
        " AND (? OR vocabulary IN (SELECT value FROM json_each(?))) ORDER BY id LIMIT ?",
        (head, scope is None, json.dumps(scope or []), _ENOUGH),
    )
    return sorted(found, key=lambda row: primary_language(row["lang"]) != lang)


def _search(
    connection: sqlite3.Connection, match: str, scope: list[str] | None, most: int = _ENOUGH
) -> Iterator[sqlite3.Row]:
    if scope is not None:
        match += " AND scope : ({})".format(" OR ".join(f'"v_{slug}"' for slug in scope))
    return islice(
        connection.execute(
            "SELECT term, vocabulary, text, lang, label.folded FROM label_search JOIN label"
            " ON label.id = label_search.rowid WHERE label_search MATCH ?"
            " ORDER BY label_search.rowid",
            (match,),
        ),
        most,
    )


def _suggestions(
    connection: sqlite3.Connection, hits: dict[str, sqlite3.Row], lang: str
) -> list[Suggestion]:
    terms = with_broader(connection, [(iri, hit["vocabulary"]) for iri, hit in hits.items()])
    suggestions = []
    for iri, hit in hits.items():
        found = line(terms, iri, hit["vocabulary"], lang)
        other = hit["text"] != found.label
        suggestions.append(
            Suggestion(
                iri=iri,
                label=found.label,
                lang=found.lang,
                matched=hit["text"] if other else None,
                matched_lang=hit["lang"] if other else None,
                breadcrumb=found.breadcrumb,
                note=found.note,
                vocabulary=hit["vocabulary"],
                hex=found.hex,
            )
        )
    return suggestions
