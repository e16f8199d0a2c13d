"""Terms with a colour: those of some scopes, for a palette to choose from."""

from collections.abc import Iterable
from dataclasses import dataclass

from server.index.database import Database
from server.index.recent_suggestions import Recent
from server.index.term_names import name_in
from server.index.term_rows import wanted_languages
from server.index.term_scopes import Scope, holds
from server.index.vocabulary_readers import Source, reading
from server.viewers import Viewer

MOST = 200  # more is no palette that somebody chooses from


@dataclass(frozen=True, slots=True)
class Colour:
    """A term (an IRI) with its colour (#rrggbb), named in the language `lang`."""

    iri: str
    label: str
    lang: str
    hex: str


_known: Recent[tuple[Colour, ...]] = Recent(200)


def of_scopes(
    viewer: Viewer, index: Database, scopes: Iterable[Scope], lang: str
) -> tuple[Colour, ...]:
    """Each colour once, by vocabulary and weight; at most MOST. Remembered until terms change."""
    wanted, found = list(scopes), dict[str, Colour]()
    with reading(viewer, index, {scope.vocabulary for scope in wanted}) as sources:
        by_slug = {source.slug: source for source in sources}
        for scope in wanted:
            if scope.vocabulary in by_slug:
                for colour in _of_scope(by_slug[scope.vocabulary], scope, lang):
                    found.setdefault(colour.iri, colour)
    return tuple(found.values())[:MOST]


def _of_scope(source: Source, scope: Scope, lang: str) -> tuple[Colour, ...]:
    key = (source.state, scope, lang)
    known = _known.get(key)
    if known is None:
        known = _read(source, scope, lang)
        _known.put(key, known)
    return known


def _read(source: Source, scope: Scope, lang: str) -> tuple[Colour, ...]:
    rows = source.connection.execute(
        "SELECT id, iri, shown, hex FROM term WHERE stands AND hex IS NOT NULL"
        " AND NOT guide AND NOT deprecated ORDER BY rank DESC, iri"
    )
    found = []
    for number, iri, shown, hex_ in rows:
        if scope.whole or holds(source, scope, number):
            _place, label, tag = name_in(shown, wanted_languages(lang)) or (0, iri, "")
            found.append(Colour(iri, label, tag, hex_))
            if len(found) == MOST:
                break
    return tuple(found)
